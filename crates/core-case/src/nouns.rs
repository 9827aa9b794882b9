//! Facts (事实): named, composite nouns, one noun per thing looked at, read in one snapshot with the guards that protect them.
//!
//! An action declares its nouns with `facts!`; only those exist in `decide`. A noun's answer is silent (`None`) where the
//! world says nothing, never zero.
//!
//! Answers can be told as JSON ([`Ask::told`]): worked examples give their facts that way. A field that is not told says nothing;
//! one that no answer has is an error.

use core_calendar::{Day, Month};
use core_identity::fold_width;
use core_money::{Money, Rate};
use serde::Deserialize;

use crate::effect::{ListBinding, Source, Subject};
use crate::guard::{Guard, KeyHash, Register};
use crate::ids::{BankAccountId, EmployerId, ListId, ReceiptId, SavingsId, UnitId, UserId, VoucherId};
use crate::state::{EmployerState, ListState, ReceiptState, SavingsState};
use crate::things::{LineChange, ListKind, UserKind};

/// A noun: what must be known. Its answer's type, its question for the loader, its way back from the loader's answer.
pub trait Noun {
    /// What it answers.
    type Answer;
    /// The question for the loader.
    fn ask(self) -> Ask;
    /// Takes the loader's answer back; none if it answers another noun, which is a bug of the loader.
    fn take(answer: Answer) -> Option<Self::Answer>;
}

macro_rules! nouns {
    ($($(#[$doc:meta])* $name:ident($($arg:ident: $type:ty),*) -> $answer:ty;)+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Eq, Hash)]
            pub struct $name($(pub $type),*);

            impl Noun for $name {
                type Answer = $answer;
                fn ask(self) -> Ask { Ask::$name(self) }
                fn take(answer: Answer) -> Option<$answer> {
                    match answer { Answer::$name(found) => Some(found), _ => None }
                }
            }
        )+

        /// A question for the loader, any noun.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum Ask {
            $($(#[$doc])* $name($name),)+
        }

        /// An answer of the loader, any noun.
        #[derive(Clone, Debug)]
        pub enum Answer {
            $($(#[$doc])* $name($answer),)+
        }

        impl Ask {
            /// Name of the noun, for the tidy check and for messages.
            pub const fn name(&self) -> &'static str {
                match self { $(Ask::$name(_) => stringify!($name),)+ }
            }
            /// The answer of a world that knows nothing.
            pub fn silent(&self) -> Answer {
                match self { $(Ask::$name(_) => Answer::$name(<$answer>::default()),)+ }
            }
            /// The answer told as JSON.
            ///
            /// # Errors
            /// What does not fit the noun's answer, in words of the JSON reader.
            pub fn told(&self, json: serde_json::Value) -> Result<Answer, serde_json::Error> {
                Ok(match self { $(Ask::$name(_) => Answer::$name(serde_json::from_value::<$answer>(json)?),)+ })
            }
        }

        /// Every noun's name.
        pub const NOUNS: &[&str] = &[$(stringify!($name)),+];
    };
}

nouns! {
    /// An employer with rates, money that waits and paid-to month (单位). Protected by its guards Employer and Money.
    Employer(id: EmployerId) -> Option<EmployerFacts>;
    /// A month of an employer: its lists, the people to pay for, last month's list. Guards Employer, EmployerMonth.
    EmployerMonth(employer: EmployerId, month: Month) -> MonthFacts;
    /// Who holds a unique key of a register, applications in flight included. Guard: the key.
    Registered(register: Register, key: String) -> Option<Holder>;
    /// A savings account with its dated records (个人账户). Guards Savings, and Money of its employer, under which its months are
    /// listed and paid.
    Savings(id: SavingsId) -> Option<SavingsFacts>;
    /// A remittance list (清册). Guards List and Money of its employer.
    List(id: ListId) -> Option<ListFacts>;
    /// Whom an incoming payment may belong to, looked up in the handbook's order. Guards: its bank line key, Money of the employer found.
    Incoming(payment: IncomingKey) -> IncomingFacts;
    /// A receipt in our books. Guard Receipt.
    Receipt(id: ReceiptId) -> Option<ReceiptFacts>;
    /// A special account (专户), a bank account of the fund. Guard BankAccount.
    BankAccount(id: BankAccountId) -> Option<BankAccountFacts>;
    /// An accounting period with what its closing demands. Guards Period, its own and those of its neighbours.
    Period(month: Month) -> PeriodFacts;
    /// Whether opening balances were taken over. Guard Opening.
    OpeningTaken() -> bool;
    /// A unit of the centre: section or branch. Units change only by init, so no guard.
    Unit(id: UnitId) -> Option<UnitFacts>;
    /// A user with roles. Guard User.
    User(id: UserId) -> Option<UserFacts>;
}

impl Ask {
    /// The guards known from the question alone; those that depend on the answer (`Incoming`, `List`) come with it.
    pub fn guards(&self) -> Vec<Guard> {
        match self {
            Ask::Employer(Employer(e)) => vec![Guard::Employer(*e), Guard::Money(*e)],
            Ask::EmployerMonth(EmployerMonth(e, m)) => {
                vec![Guard::Employer(*e), Guard::EmployerMonth(*e, *m), Guard::EmployerMonth(*e, m.pred())]
            }
            Ask::Registered(Registered(register, key)) => vec![Guard::Key(*register, KeyHash::of(key))],
            Ask::Savings(Savings(id)) => vec![Guard::Savings(*id)],
            Ask::List(List(id)) => vec![Guard::List(*id)],
            Ask::Incoming(Incoming(key)) => vec![Guard::Key(Register::BankLine, KeyHash::of(&key.line_key()))],
            Ask::Receipt(Receipt(id)) => vec![Guard::Receipt(*id)],
            Ask::BankAccount(BankAccount(id)) => vec![Guard::BankAccount(*id)],
            // Whether its neighbours are closed is part of the answer.
            Ask::Period(Period(month)) => [month.pred(), *month, month.succ()].map(Guard::Period).to_vec(),
            Ask::OpeningTaken(_) => vec![Guard::Opening],
            Ask::Unit(_) => vec![],
            Ask::User(User(id)) => vec![Guard::User(*id)],
        }
    }
}

impl Answer {
    /// The guards that depend on the answer, beside those of [`Ask::guards`].
    pub fn guards(&self) -> Option<Guard> {
        match self {
            Answer::Incoming(found) => found.employer.as_ref().map(|e| Guard::Money(e.id)),
            Answer::List(list) => list.as_ref().map(|l| Guard::Money(l.head.binding.employer)),
            Answer::Savings(account) => account.as_ref().map(|s| Guard::Money(s.employer)),
            _ => None,
        }
    }
}

/// Dated values of one kind, oldest first: (from, value). Months before the first have none.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Dated<T>(pub Vec<(Month, T)>);

impl<T> Default for Dated<T> {
    fn default() -> Self {
        Dated(Vec::new())
    }
}

impl<T: Copy> Dated<T> {
    /// The value in force in a month.
    pub fn on(&self, month: Month) -> Option<T> {
        self.0.iter().rev().find(|(from, _)| *from <= month).map(|(_, v)| *v)
    }
    /// The latest step.
    pub fn last(&self) -> Option<(Month, T)> {
        self.0.last().copied()
    }
}

/// What is known of an employer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmployerFacts {
    /// Number.
    pub id: EmployerId,
    /// 单位名称
    pub name: String,
    /// 账户状态
    pub state: EmployerState,
    /// 管理部
    pub branch: UnitId,
    /// 首次汇缴年月
    pub first_month: Month,
    /// 缴存比例 by month: employer, member.
    #[serde(default)]
    pub rates: Dated<(Rate, Rate)>,
    /// 缴至年月: the latest month posted by a regular list, or as taken over.
    #[serde(default)]
    pub paid_to: Option<Month>,
    /// 未分摊余额
    #[serde(default)]
    pub suspense: Money,
    /// Lists that wait for money, oldest month first, then list number.
    #[serde(default)]
    pub awaiting: Vec<ListHead>,
}

impl EmployerFacts {
    /// The next month due: after the paid-to month, or the first month.
    pub fn next_month(&self) -> Month {
        self.paid_to.map_or(self.first_month, Month::succ)
    }
}

/// Head of a list.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListHead {
    /// What binds it.
    pub binding: ListBinding,
    /// Kind.
    #[serde(default = "regular")]
    pub kind: ListKind,
    /// State.
    #[serde(default = "awaiting")]
    pub state: ListState,
    /// Day of confirmation.
    pub confirmed: Day,
    /// Last day on which money is taken.
    pub expires: Day,
}

/// A month of an employer.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MonthFacts {
    /// Lists of the month in any state, oldest first.
    pub lists: Vec<ListHead>,
    /// The people to pay for, by account number: derived from dated membership, seals and bases.
    pub people: Vec<Payable>,
    /// Last month's live regular list: people and sum.
    pub last_month: Option<(u32, Money)>,
    /// Accounts already on a live list of this month.
    pub listed: Vec<SavingsId>,
}

impl MonthFacts {
    /// The live regular list, if there is one.
    pub fn regular(&self) -> Option<&ListHead> {
        self.lists.iter().find(|l| l.kind == ListKind::Regular && l.state.live())
    }
}

/// A person to pay for in a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payable {
    /// Account.
    pub savings: SavingsId,
    /// Base in force in the month, before floor and cap.
    pub base: Money,
    /// What changed against last month.
    #[serde(default = "unchanged")]
    pub change: LineChange,
}

/// Who holds a unique key.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holder {
    /// By whom.
    pub by: Subject,
    /// Whether the holder is still an application in flight.
    #[serde(default)]
    pub in_flight: bool,
    /// Words for the refusal: account number, name.
    #[serde(default)]
    pub words: String,
}

/// What is known of a savings account.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavingsFacts {
    /// Number.
    pub id: SavingsId,
    /// Masked name.
    #[serde(default)]
    pub name: String,
    /// State.
    pub state: SavingsState,
    /// Employer of the membership in force.
    pub employer: EmployerId,
    /// State of that employer.
    pub employer_state: EmployerState,
    /// From which month that membership.
    pub member_from: Month,
    /// 首次汇缴年月
    pub first_month: Month,
    /// Base by month.
    #[serde(default)]
    pub bases: Dated<Money>,
    /// Seal in force: from which month.
    #[serde(default)]
    pub sealed_from: Option<Month>,
    /// Latest month paid.
    #[serde(default)]
    pub paid_to: Option<Month>,
    /// Balance.
    #[serde(default)]
    pub balance: Money,
    /// Waiting for the bank.
    #[serde(default)]
    pub reserved: Money,
    /// Whether a live list that waits for money holds it.
    #[serde(default)]
    pub on_awaiting_list: bool,
}

/// What is known of a list.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListFacts {
    /// Head.
    pub head: ListHead,
    /// State of its employer.
    pub employer_state: EmployerState,
    /// Where its money came from, once posted.
    #[serde(default)]
    pub source: Option<Source>,
    /// Day posted.
    #[serde(default)]
    pub posted: Option<Day>,
    /// Value day of its entries, once posted.
    #[serde(default)]
    pub value_day: Option<Day>,
    /// Voucher that posted it.
    #[serde(default)]
    pub voucher: Option<VoucherId>,
    /// A later regular list of the employer that is posted: its month.
    #[serde(default)]
    pub later_posted: Option<Month>,
    /// Supplementary lists of the same month that are live.
    #[serde(default)]
    pub supplements: u32,
    /// Lines whose available balance is below the line: they were used.
    #[serde(default)]
    pub used_lines: u32,
    /// Suspense of the employer.
    #[serde(default)]
    pub suspense: Money,
}

/// An incoming payment, folded to half width.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IncomingKey {
    /// Number of the fund account it came to.
    pub account: String,
    /// 银行主机流水号
    pub host_serial: String,
    /// Amount in fen.
    pub amount: Money,
    /// 对方户名
    pub payer_name: String,
    /// Business numbers in remark, then summary, then payer name; each once.
    pub numbers: Vec<i64>,
    /// Employer numbers in the same order.
    pub employers: Vec<i64>,
}

impl IncomingKey {
    /// What tells a bank line from every other, folded as banks write it in either width; without what its texts name.
    pub fn of_line(account: &str, host_serial: &str, amount: Money, payer_name: &str) -> IncomingKey {
        IncomingKey {
            account: fold_width(account),
            host_serial: fold_width(host_serial),
            amount,
            payer_name: fold_width(payer_name).trim().to_owned(),
            numbers: Vec::new(),
            employers: Vec::new(),
        }
    }

    /// Key of the register of bank lines: account, amount, payer, host serial (handbook 17 §5, duplicate notice).
    pub fn line_key(&self) -> String {
        format!("{}|{}|{}|{}", self.account, self.amount, self.payer_name, self.host_serial)
    }
}

/// A word known when the program was built; by another name, because serde would borrow a `&str` from its input.
pub type Word = &'static str;

/// How an incoming payment was recognised, first match in the handbook's order (handbook 02 §1.6.12).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IncomingFacts {
    /// The fund account, if it is registered.
    pub account: Option<BankAccountFacts>,
    /// Already in our books: a duplicate notice.
    pub seen: Option<ReceiptId>,
    /// The list whose business number stands in it.
    pub list: Option<ListHead>,
    /// The employer found by list, number or exact name, closed ones only by number.
    pub employer: Option<EmployerFacts>,
    /// How: `list`, `number`, `name`.
    #[serde(deserialize_with = "how")]
    pub by: Word,
}

/// How a payment was recognised, from its word.
fn how<'de, D: serde::Deserializer<'de>>(from: D) -> Result<&'static str, D::Error> {
    let word = String::deserialize(from)?;
    let known = ["", "list", "number", "name"].into_iter().find(|known| **known == *word);
    known.ok_or_else(|| serde::de::Error::unknown_variant(&word, &["list", "number", "name"]))
}

const fn regular() -> ListKind {
    ListKind::Regular
}

const fn awaiting() -> ListState {
    ListState::AwaitingMoney
}

const fn unchanged() -> LineChange {
    LineChange::None
}

/// What is known of a receipt.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptFacts {
    /// Number.
    pub id: ReceiptId,
    /// State.
    pub state: ReceiptState,
    /// Amount.
    pub amount: Money,
    /// Fund account.
    pub bank: BankAccountId,
    /// Bank's day.
    pub day: Day,
    /// Payer.
    #[serde(default)]
    pub payer_name: String,
    /// Owner, once known.
    #[serde(default)]
    pub employer: Option<EmployerId>,
}

/// A registered fund account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BankAccountFacts {
    /// Number in order of registration.
    pub id: BankAccountId,
    /// Account number.
    pub number: String,
    /// Its leaf of the chart.
    pub leaf: core_ledger::LedgerCode,
    /// Words.
    pub name: String,
}

/// What is known of an accounting period.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PeriodFacts {
    /// Closed already.
    pub closed: bool,
    /// The period before is closed, or is before the opening.
    pub previous_closed: bool,
    /// A later period is closed.
    pub later_closed: bool,
    /// Vouchers in it.
    pub vouchers: u32,
    /// Entry ids of vouchers in it.
    pub entries: Vec<String>,
    /// Whether income or expense was posted in it.
    pub income_or_expense: bool,
    /// The business day.
    pub business_day: Option<Day>,
}

/// A unit of the centre.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitFacts {
    /// Number.
    pub id: UnitId,
    /// Name.
    pub name: String,
    /// Whether it is a branch (管理部).
    pub branch: bool,
}

/// What is known of a user.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserFacts {
    /// Number.
    pub id: UserId,
    /// Login.
    pub login: String,
    /// Kind.
    pub kind: UserKind,
    /// Enabled.
    pub enabled: bool,
    /// Unit.
    pub unit: UnitId,
    /// Roles held: role and unit.
    #[serde(default)]
    pub roles: Vec<(String, UnitId)>,
}
