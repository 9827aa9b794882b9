//! The one small effect language, shared by all areas: specific enough to leave no choice, printable, harmless when applied twice.
//!
//! What a reviewer signs is the digest of the printed lines. No effect holds today: value days are symbolic until the commit.
//! [`Effect::guards`] beside the verbs says which guards each verb bumps.

use std::fmt;
use std::sync::Arc;

use core_calendar::{Day, Month};
use core_ledger::{LedgerCode, Side, Template};
use core_money::{Money, Rate};
use serde::Deserialize;

use crate::digest::Digest;
use crate::form::Choice;
use crate::guard::{Guard, KeyHash, Register};
use crate::ids::{BankAccountId, EmployerId, ListId, ReceiptId, SavingsId, UnitId, UserId, VoucherId};
use crate::refusal::Reason;
use crate::state::{EmployerState, ListState, ReceiptState};
use crate::things::{EmployerThing, ListThing, ReceiptThing, SavingsThing, UserKind, UserThing};

/// What an effect or a concern is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// An employer.
    Employer(EmployerId),
    /// A savings account.
    Savings(SavingsId),
    /// A remittance list.
    List(ListId),
    /// A bank receipt.
    Receipt(ReceiptId),
    /// A user.
    User(UserId),
    /// An accounting period.
    Period(Month),
    /// The whole centre.
    Centre,
}

impl Subject {
    /// Stable text key, as stored.
    pub fn key(&self) -> String {
        match self {
            Subject::Employer(id) => format!("employer:{}", id.0),
            Subject::Savings(id) => format!("savings:{}", id.0),
            Subject::List(id) => format!("list:{}", id.0),
            Subject::Receipt(id) => format!("receipt:{}", id.0),
            Subject::User(id) => format!("user:{}", id.0),
            Subject::Period(m) => format!("period:{m}"),
            Subject::Centre => "centre".into(),
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Employer(id) => write!(f, "employer {id}"),
            Subject::Savings(id) => write!(f, "savings {id}"),
            Subject::List(id) => write!(f, "list {id}"),
            Subject::Receipt(id) => write!(f, "receipt {id}"),
            Subject::User(id) => write!(f, "user {id}"),
            Subject::Period(m) => write!(f, "period {m}"),
            Subject::Centre => f.write_str("centre"),
        }
    }
}

/// A typed new thing; a new kind of thing needs a table and so a migration.
#[derive(Clone, Debug)]
pub enum Thing {
    /// Employer account (单位账户).
    Employer(Box<EmployerThing>),
    /// Savings account (个人账户).
    Savings(Box<SavingsThing>),
    /// Remittance list (汇缴清册) with its lines.
    List(Arc<ListThing>),
    /// Bank receipt (收款).
    Receipt(Box<ReceiptThing>),
    /// User (用户).
    User(Box<UserThing>),
}

/// A dated record beside a subject: who, when, why, from which month (design §2, state is a record).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// The account is paid by this employer (单位归属).
    Membership(EmployerId),
    /// Contribution base (缴存基数).
    Base(Money),
    /// Contribution rates of employer and member (缴存比例).
    Rates(Rate, Rate),
    /// Seal (封存) with its reason.
    Seal(SealReason),
}

/// Kind of a dated record, for ending it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RecordKind {
    /// 单位归属
    Membership,
    /// 缴存基数
    Base,
    /// 缴存比例
    Rates,
    /// 封存
    Seal,
}

impl RecordKind {
    /// Name in effect lines.
    pub const fn name(self) -> &'static str {
        match self {
            RecordKind::Membership => "membership",
            RecordKind::Base => "base",
            RecordKind::Rates => "rates",
            RecordKind::Seal => "seal",
        }
    }
}

/// Reason of a seal (封存原因, handbook 02 §1.9.6; codes handbook 10 §7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, core_case_derive::Choice)]
pub enum SealReason {
    /// Ordinary.
    #[choice("2", "通常封存")]
    Ordinary,
    /// Laid off.
    #[choice("3", "下岗")]
    LaidOff,
    /// Early retirement.
    #[choice("4", "提前退养")]
    EarlyRetirement,
    /// Retired.
    #[choice("5", "退休")]
    Retired,
    /// Contract ended.
    #[choice("6", "终止合同")]
    ContractEnded,
    /// Death.
    #[choice("7", "死亡")]
    Death,
    /// Moved out of the city.
    #[choice("8", "调出")]
    MovedOut,
}

/// State change of a thing, from one code to the next; the commit fails if the thing is not in `from` any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Of a list.
    List(ListId, EmployerId, Month, ListState, ListState),
    /// Of an employer.
    Employer(EmployerId, EmployerState, EmployerState),
    /// Of a receipt.
    Receipt(ReceiptId, ReceiptState, ReceiptState),
    /// Of an accounting period: open (false) to closed (true) or back.
    Period(Month, bool, bool),
    /// Of a user: enabled or not.
    User(UserId, bool, bool),
}

/// Who stands beside a leg of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// A fund bank account.
    Bank(BankAccountId),
    /// A savings account.
    Savings(SavingsId),
    /// An employer's suspense.
    Employer(EmployerId),
    /// A receipt without owner.
    Receipt(ReceiptId),
    /// All lines of a list.
    List(ListId),
    /// Only the ledger account.
    Nobody,
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Party::Bank(id) => write!(f, "bank {id}"),
            Party::Savings(id) => write!(f, "savings {id}"),
            Party::Employer(id) => write!(f, "employer {id}"),
            Party::Receipt(id) => write!(f, "receipt {id}"),
            Party::List(id) => write!(f, "list {id}"),
            Party::Nobody => f.write_str("-"),
        }
    }
}

/// Value date (起息日) of a posting; symbolic where it depends on the day of the commit (handbook 17 §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueDay {
    /// A day known now: the bank's accounting date, the confirmation.
    On(Day),
    /// The business day of the commit.
    Commit,
}

impl ValueDay {
    /// The day, once the business day of the commit is known.
    pub fn on(self, commit: Day) -> Day {
        match self {
            ValueDay::On(day) => day.min(commit),
            ValueDay::Commit => commit,
        }
    }
}

impl fmt::Display for ValueDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ValueDay::On(day) => write!(f, "{day}"),
            ValueDay::Commit => f.write_str("commit-day"),
        }
    }
}

/// Where the money of a list comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A receipt that pays exactly this list, on its bank account (E-A1).
    Receipt(ReceiptId, BankAccountId),
    /// The employer's suspense (E-A19).
    Suspense,
    /// An unknown receipt that its owner claims for this list (E-A18).
    Unknown(ReceiptId),
}

impl Source {
    /// The template that a list paid from here uses.
    pub fn template(self) -> &'static Template {
        match self {
            Source::Receipt(..) => &core_ledger::entries::E_A1,
            Source::Suspense => &core_ledger::entries::E_A19,
            Source::Unknown(_) => &core_ledger::entries::E_A18,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Receipt(r, b) => write!(f, "receipt {r} bank {b}"),
            Source::Suspense => f.write_str("suspense"),
            Source::Unknown(r) => write!(f, "unknown receipt {r}"),
        }
    }
}

/// What binds a list in an effect: count, sum and digest of its lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListBinding {
    /// The list.
    pub list: ListId,
    /// Its employer.
    pub employer: EmployerId,
    /// Its month.
    pub month: Month,
    /// Lines.
    pub count: u32,
    /// Sum of all lines.
    pub sum: Money,
    /// Digest of the lines.
    #[serde(default)]
    pub digest: Digest,
}

impl fmt::Display for ListBinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} employer {} month {} lines {} sum {} digest {}",
            self.list,
            self.employer,
            self.month,
            self.count,
            self.sum,
            self.digest.short()
        )
    }
}

/// A posting of a voucher whose accounts are chosen by hand (opening, manual voucher).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreePosting {
    /// A leaf.
    pub account: LedgerCode,
    /// 借 or 贷.
    pub side: Side,
    /// Fen.
    pub amount: Money,
}

/// An effect (后果): what will happen, and nothing else.
#[expect(missing_docs, reason = "the sentence of each verb names its fields")]
#[derive(Clone, Debug)]
pub enum Effect {
    /// Opens a thing.
    Open(Thing),
    /// Moves a thing to its next state.
    State(Change),
    /// Begins a dated record; an older one of the kind ends the month before.
    Begin { of: Subject, within: EmployerId, from: Month, record: Record },
    /// Ends a dated record after this month.
    End { of: Subject, within: EmployerId, kind: RecordKind, until: Month },
    /// Posts money: voucher and sub-ledger entries from one template.
    Post { template: &'static Template, amount: Money, parties: Vec<Party>, value: ValueDay },
    /// Posts a list to its members, one entry a line, one voucher. Condition: every account is open, as many as lines.
    PostList { list: ListBinding, source: Source, value: ValueDay },
    /// Reverses a posted list in red; the money returns to the employer's suspense. Condition: every line is still available.
    ReverseList { list: ListBinding, source: Source, voucher: VoucherId, posted: Day, value_day: Day },
    /// Writes a voucher of free postings, balanced.
    Voucher { entry: &'static str, term: &'static str, postings: Vec<FreePosting> },
    /// Suspense and paid-to month of an employer taken over at the opening; the ledger side stands in the opening voucher.
    TakeOver { employer: EmployerId, suspense: Money, paid_to: Option<Month> },
    /// Claims a unique key of a register for a subject.
    Claim { register: Register, key: String, by: Subject },
    /// Frees a claimed key.
    Free { register: Register, key: String },
    /// Sends one of the seventeen kinds of message (12329) after the commit.
    Send { message: u8, to: Subject },
    /// Makes a document available for printing.
    Print { document: Document, of: Subject },
    /// Marks the opening balances as taken over, once per centre.
    OpeningDone,
    /// Gives a user exactly these roles.
    Roles { user: UserId, kind: UserKind, roles: Vec<(String, UnitId)> },
    /// A policy value of the centre from a day on.
    PolicyValue { family: String, from: Day, value: String, instrument: String },
}

/// Printed documents (单据).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, core_case_derive::Choice)]
pub enum Document {
    /// Payment notice.
    #[choice("notice", "汇缴书")]
    PaymentNotice,
    /// Receipt of a posted list.
    #[choice("receipt", "汇缴凭证")]
    Receipt,
}

impl Effect {
    /// The guards whose versions this effect bumps: all that could change an answer.
    pub fn guards(&self) -> Vec<Guard> {
        let of_subject = |s: &Subject| match s {
            Subject::Employer(e) => vec![Guard::Employer(*e)],
            Subject::Savings(s) => vec![Guard::Savings(*s)],
            Subject::User(u) => vec![Guard::User(*u)],
            Subject::List(l) => vec![Guard::List(*l)],
            Subject::Receipt(r) => vec![Guard::Receipt(*r)],
            Subject::Period(m) => vec![Guard::Period(*m)],
            Subject::Centre => vec![Guard::Policy],
        };
        match self {
            Effect::Open(Thing::Employer(_)) => vec![],
            // An account of an employer changes the employer's people, and so every list not confirmed yet.
            Effect::Open(Thing::Savings(s)) => vec![Guard::Employer(s.employer)],
            Effect::Open(Thing::List(l)) => vec![Guard::EmployerMonth(l.employer, l.month), Guard::Money(l.employer)],
            Effect::Open(Thing::Receipt(_) | Thing::User(_)) => vec![],
            Effect::State(change) => match change {
                Change::List(l, e, m, ..) => vec![Guard::List(*l), Guard::EmployerMonth(*e, *m), Guard::Money(*e)],
                // Lists, accounts and payments tell the state of their employer, and stand under its money.
                Change::Employer(e, ..) => vec![Guard::Employer(*e), Guard::Money(*e)],
                Change::Receipt(r, ..) => vec![Guard::Receipt(*r)],
                Change::Period(m, ..) => vec![Guard::Period(*m)],
                Change::User(u, ..) => vec![Guard::User(*u)],
            },
            Effect::Begin { of, within, .. } | Effect::End { of, within, .. } => {
                let mut guards = of_subject(of);
                if within.0 != 0 && !guards.contains(&Guard::Employer(*within)) {
                    guards.push(Guard::Employer(*within));
                }
                guards
            }
            Effect::Post { parties, .. } => parties
                .iter()
                .filter_map(|p| match p {
                    Party::Employer(e) => Some(Guard::Money(*e)),
                    Party::Receipt(r) => Some(Guard::Receipt(*r)),
                    // A plain posting bumps only the balance row, or bulk would touch a guard a line.
                    Party::Bank(_) | Party::Savings(_) | Party::List(_) | Party::Nobody => None,
                })
                .collect(),
            Effect::PostList { list, .. } | Effect::ReverseList { list, .. } => {
                vec![Guard::List(list.list), Guard::EmployerMonth(list.employer, list.month), Guard::Money(list.employer)]
            }
            Effect::Claim { register, key, .. } | Effect::Free { register, key } => vec![Guard::Key(*register, KeyHash::of(key))],
            Effect::TakeOver { employer, .. } => vec![Guard::Money(*employer)],
            Effect::OpeningDone => vec![Guard::Opening],
            Effect::Roles { user, .. } => vec![Guard::User(*user)],
            Effect::PolicyValue { .. } => vec![Guard::Policy],
            Effect::Voucher { .. } | Effect::Send { .. } | Effect::Print { .. } => vec![],
        }
    }

    /// How many rows of detail this effect writes: what bulk counts to size a chunk.
    pub fn weight(&self) -> usize {
        match self {
            Effect::Open(Thing::List(l)) => l.lines.len(),
            Effect::PostList { list, .. } | Effect::ReverseList { list, .. } => list.count as usize,
            _ => 1,
        }
    }
}

/// Masks the key of a personal register; others are shown.
fn shown_key(register: Register, key: &str) -> String {
    match register {
        Register::PersonDocument => core_identity::mask_id_number(key.rsplit(':').next().unwrap_or(key)),
        Register::Mobile => core_identity::mask_mobile(key),
        Register::Card => core_identity::mask_card(key),
        // The payer may be a person: only the serial is shown.
        Register::BankLine => key.rsplit('|').next().unwrap_or_default().to_owned(),
        _ => key.to_owned(),
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Effect::Open(Thing::Employer(e)) => write!(f, "open {e}"),
            Effect::Open(Thing::Savings(s)) => write!(f, "open {s}"),
            Effect::Open(Thing::List(l)) => write!(f, "open list {} due {}", l.binding(), l.sum),
            Effect::Open(Thing::Receipt(r)) => write!(f, "open {r}"),
            Effect::Open(Thing::User(u)) => write!(f, "open {u}"),
            Effect::State(change) => match change {
                Change::List(id, _, _, from, to) => write!(f, "state list {id} {} -> {}", from.code(), to.code()),
                Change::Employer(id, from, to) => write!(f, "state employer {id} {} -> {}", from.code(), to.code()),
                Change::Receipt(id, from, to) => write!(f, "state receipt {id} {} -> {}", from.code(), to.code()),
                Change::Period(m, _, closed) => write!(f, "state period {m} {}", if *closed { "closed" } else { "open" }),
                Change::User(id, _, on) => write!(f, "state user {id} {}", if *on { "enabled" } else { "disabled" }),
            },
            Effect::Begin { of, from, record, .. } => {
                write!(f, "begin ")?;
                match record {
                    Record::Membership(e) => write!(f, "membership of {of} at employer {e}")?,
                    Record::Base(base) => write!(f, "base of {of} {base}")?,
                    Record::Rates(e, m) => write!(f, "rates of {of} {e} + {m}")?,
                    Record::Seal(reason) => write!(f, "seal of {of} reason {}", reason.code())?,
                }
                write!(f, " from {from}")
            }
            Effect::End { of, kind, until, .. } => write!(f, "end {} of {of} after {until}", kind.name()),
            Effect::Post { template, amount, parties, value } => {
                write!(f, "post {}", template.id)?;
                for (leg, party) in template.legs.iter().zip(parties) {
                    let root = match leg.root {
                        core_ledger::Root::Leaf(code) | core_ledger::Root::BankUnder(code) => code,
                    };
                    write!(f, " {} {root} {amount} ({party})", leg.side.short())?;
                }
                write!(f, " value {value}")
            }
            Effect::PostList { list, source, value } => {
                write!(f, "post {} list {list} from {source} value {value}", source.template().id)
            }
            Effect::ReverseList { list, source, voucher, .. } => write!(
                f,
                "reverse voucher {voucher} of list {list} paid by {} in red, money to suspense of employer {}, each line available",
                source.template().id,
                list.employer
            ),
            Effect::Voucher { entry, postings, .. } => {
                write!(f, "voucher {entry}")?;
                postings.iter().try_for_each(|p| write!(f, " {} {} {}", p.side.short(), p.account, p.amount))
            }
            Effect::TakeOver { employer, suspense, paid_to } => {
                write!(f, "take over employer {employer} suspense {suspense} paid to {}", paid_to.map_or("-".into(), |m| m.to_string()))
            }
            Effect::Claim { register, key, by } => write!(f, "claim {} {} for {by}", register.key(), shown_key(*register, key)),
            Effect::Free { register, key } => write!(f, "free {} {}", register.key(), shown_key(*register, key)),
            Effect::Send { message, to } => write!(f, "send message {message} to {to}"),
            Effect::Print { document, of } => write!(f, "print {} of {of}", document.code()),
            Effect::OpeningDone => f.write_str("opening done"),
            Effect::Roles { user, roles, .. } => {
                write!(f, "roles of user {user}:")?;
                roles.iter().try_for_each(|(role, unit)| write!(f, " {role} at unit {unit}"))
            }
            Effect::PolicyValue { family, from, value, instrument } => {
                write!(f, "policy {family} from {from} = {value} under {instrument}")
            }
        }
    }
}

/// A decision: effects and the reasons that carried it.
#[derive(Clone, Debug)]
pub struct Decision {
    /// In the order they are applied.
    pub effects: Vec<Effect>,
    /// Which rules held.
    pub reasons: Vec<Reason>,
}

impl Decision {
    /// The lines a reviewer reads.
    pub fn lines(&self) -> impl Iterator<Item = String> + '_ {
        self.effects.iter().map(ToString::to_string)
    }
    /// The digest a reviewer signs.
    pub fn digest(&self) -> Digest {
        Digest::of_lines(self.lines())
    }
    /// Every guard its effects bump, each once.
    pub fn bumps(&self) -> Vec<Guard> {
        let mut guards: Vec<Guard> = self.effects.iter().flat_map(Effect::guards).collect();
        guards.sort_unstable();
        guards.dedup();
        guards
    }
    /// Rows of detail it writes.
    pub fn weight(&self) -> usize {
        self.effects.iter().map(Effect::weight).sum()
    }
}

/// Builds the effects of a decision, after every check has passed.
#[derive(Debug)]
pub struct Effects {
    effects: Vec<Effect>,
    reasons: Vec<Reason>,
    opened: i64,
}

impl Effects {
    pub(crate) fn because_of(reasons: Vec<Reason>) -> Effects {
        Effects { effects: Vec::new(), reasons, opened: 0 }
    }

    /// The number of the next new thing of this case.
    pub fn next_new(&mut self) -> i64 {
        self.opened += 1;
        self.opened
    }

    /// Adds any effect.
    pub fn add(&mut self, effect: Effect) -> &mut Self {
        self.effects.push(effect);
        self
    }

    /// Opens an employer.
    pub fn open_employer(&mut self, mut thing: EmployerThing) -> EmployerId {
        let id = EmployerId::new_in_case(self.next_new());
        thing.id = id;
        self.add(Effect::Open(Thing::Employer(Box::new(thing))));
        id
    }

    /// Opens a savings account under a new number.
    pub fn open_savings(&mut self, mut thing: SavingsThing) -> SavingsId {
        let id = SavingsId::new_in_case(self.next_new());
        thing.id = id;
        self.add(Effect::Open(Thing::Savings(Box::new(thing))));
        id
    }

    /// Opens a list under a new number and returns what binds it.
    pub fn open_list(&mut self, mut thing: ListThing) -> ListBinding {
        thing.id = ListId::new_in_case(self.next_new());
        let binding = thing.binding();
        self.add(Effect::Open(Thing::List(Arc::new(thing))));
        binding
    }

    /// Opens a receipt.
    pub fn open_receipt(&mut self, mut thing: ReceiptThing) -> ReceiptId {
        let id = ReceiptId::new_in_case(self.next_new());
        thing.id = id;
        self.add(Effect::Open(Thing::Receipt(Box::new(thing))));
        id
    }

    /// Claims a unique key.
    pub fn claim(&mut self, register: Register, key: impl Into<String>, by: Subject) -> &mut Self {
        self.add(Effect::Claim { register, key: key.into(), by })
    }

    /// Frees a unique key.
    pub fn free(&mut self, register: Register, key: impl Into<String>) -> &mut Self {
        self.add(Effect::Free { register, key: key.into() })
    }

    /// Begins a dated record of an employer or of an account at an employer.
    pub fn begin(&mut self, of: Subject, within: EmployerId, from: Month, record: Record) -> &mut Self {
        self.add(Effect::Begin { of, within, from, record })
    }

    /// Ends a dated record after a month.
    pub fn end(&mut self, of: Subject, within: EmployerId, kind: RecordKind, until: Month) -> &mut Self {
        self.add(Effect::End { of, within, kind, until })
    }

    /// Moves a thing to its next state.
    pub fn state(&mut self, change: Change) -> &mut Self {
        self.add(Effect::State(change))
    }

    /// Posts an amount through a template; one party a leg.
    pub fn post<const N: usize>(&mut self, template: &'static Template, amount: Money, parties: [Party; N], value: ValueDay) -> &mut Self {
        assert_eq!(template.legs.len(), N, "{} has {} legs", template.id, template.legs.len());
        assert!(!amount.is_negative() && !amount.is_zero(), "an amount to post is positive");
        self.add(Effect::Post { template, amount, parties: parties.to_vec(), value })
    }

    /// Posts a list.
    pub fn post_list(&mut self, list: ListBinding, source: Source, value: ValueDay) -> &mut Self {
        self.add(Effect::PostList { list, source, value })
    }

    /// Sends a message after the commit.
    pub fn send(&mut self, message: u8, to: Subject) -> &mut Self {
        self.add(Effect::Send { message, to })
    }

    /// Makes a document available.
    pub fn print(&mut self, document: Document, of: Subject) -> &mut Self {
        self.add(Effect::Print { document, of })
    }

    /// The decision.
    pub fn done(self) -> crate::action::Outcome {
        Ok(Decision { effects: self.effects, reasons: self.reasons })
    }
}
