//! The things that effects open: employers, savings accounts, lists, receipts, users. Plain data, printable with masks.

use std::fmt;

use core_calendar::{Day, Month};
use core_money::{Money, Rate};

use crate::digest::Digest;
use crate::effect::ListBinding;
use crate::form::{Card, Choice, IdNumber, Mobile};
use crate::ids::{BankAccountId, EmployerId, ListId, ReceiptId, SavingsId, UnitId, UserId};
use crate::state::{ReceiptState, SavingsState};

/// Identity document (证件): kind by JGJ/T 320 A.1 and number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdDocument {
    /// 01 身份证 … 99 其他.
    pub kind: String,
    /// Normalised number.
    pub number: IdNumber,
}

impl IdDocument {
    /// Key in the register of persons: kind and number.
    pub fn key(&self) -> String {
        format!("{}:{}", self.kind, self.number.reveal())
    }
}

/// An employer to open (单位开户, fields of handbook 02 §1.2).
#[derive(Clone, Debug)]
pub struct EmployerThing {
    /// Number, new or taken over.
    pub id: EmployerId,
    /// 单位名称
    pub name: String,
    /// 统一社会信用代码, if it has one.
    pub credit_code: Option<String>,
    /// 单位地址
    pub address: String,
    /// 法定代表人
    pub representative: String,
    /// Document of the representative.
    pub representative_document: IdDocument,
    /// 单位性质
    pub nature: String,
    /// 经济类型, GB/T 12402.
    pub economic_type: String,
    /// 所属行业, GB/T 4754.
    pub industry: String,
    /// 隶属关系, GB/T 12404.
    pub affiliation: Option<String>,
    /// 管理部
    pub branch: UnitId,
    /// 成立日期
    pub established: Day,
    /// 发薪日, 1 to 31.
    pub pay_day: u8,
    /// 首次汇缴年月
    pub first_month: Month,
    /// 单位缴存比例、个人缴存比例
    pub rates: (Rate, Rate),
    /// 经办人
    pub handler: String,
    /// Document of the handler.
    pub handler_document: IdDocument,
    /// Mobile of the handler.
    pub handler_mobile: Mobile,
    /// 受托银行
    pub entrusted_bank: String,
    /// 发薪账户
    pub payroll_account: Option<Card>,
    /// Paid by finance (财政) or by itself (自筹).
    pub fiscal: bool,
}

/// All that will be written, because what is signed is what is posted; identifiers masked.
impl fmt::Display for EmployerThing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "employer {} {} code {} branch {} established {} first month {} pay day {} rates {} + {} representative {} {} {} handler {} {} {} {} \
             nature {} economy {} industry {} affiliation {} bank {} payroll {} {} address {}",
            self.id,
            self.name,
            self.credit_code.as_deref().unwrap_or("-"),
            self.branch,
            self.established,
            self.first_month,
            self.pay_day,
            self.rates.0,
            self.rates.1,
            core_identity::mask_name(&self.representative),
            self.representative_document.kind,
            self.representative_document.number.masked(),
            core_identity::mask_name(&self.handler),
            self.handler_document.kind,
            self.handler_document.number.masked(),
            self.handler_mobile.masked(),
            self.nature,
            self.economic_type,
            self.industry,
            self.affiliation.as_deref().unwrap_or("-"),
            self.entrusted_bank,
            self.payroll_account.as_ref().map_or("-".to_owned(), Card::masked),
            if self.fiscal { "fiscal" } else { "own" },
            self.address,
        )
    }
}

/// A savings account to open (个人开户), with what it brings when taken over at the opening.
#[derive(Clone, Debug)]
pub struct SavingsThing {
    /// Number, new or taken over.
    pub id: SavingsId,
    /// 单位账号
    pub employer: EmployerId,
    /// 姓名
    pub name: String,
    /// 证件
    pub document: IdDocument,
    /// 手机号码
    pub mobile: Option<Mobile>,
    /// 银行卡号
    pub card: Option<Card>,
    /// 开户银行
    pub card_bank: Option<String>,
    /// 首次汇缴年月
    pub first_month: Month,
    /// 缴存基数
    pub base: Money,
    /// State and, for accounts taken over, what they bring; none for a new account.
    pub taken_over: Option<TakenOver>,
}

/// What an account taken over at the opening brings (期初余额).
#[derive(Clone, Debug)]
pub struct TakenOver {
    /// 期初日期: from which the balance earns interest with us.
    pub day: Day,
    /// 账户状态
    pub state: SavingsState,
    /// 开户日期
    pub opened: Day,
    /// 缴至年月
    pub paid_to: Option<Month>,
    /// 上年结转余额
    pub carried_over: Money,
    /// 当年归集余额
    pub current_year: Money,
    /// Months paid before, as a bitmap text of the import, kept as history.
    pub paid_months: Option<String>,
}

impl fmt::Display for SavingsThing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "savings {} of {} {} {} at employer {} first month {} base {}",
            self.id,
            core_identity::mask_name(&self.name),
            self.document.kind,
            self.document.number.masked(),
            self.employer,
            self.first_month,
            self.base
        )?;
        if let Some(mobile) = &self.mobile {
            write!(f, " mobile {}", mobile.masked())?;
        }
        if let Some(card) = &self.card {
            write!(f, " card {} {}", card.masked(), self.card_bank.as_deref().unwrap_or("-"))?;
        }
        if let Some(t) = &self.taken_over {
            write!(f, " taken over state {} opened {} balance {} + {}", t.state.code(), t.opened, t.carried_over, t.current_year)?;
            if let Some(m) = t.paid_to {
                write!(f, " paid to {m}")?;
            }
        }
        Ok(())
    }
}

/// Kind of a list (清册种类): regular, or supplementary for late hires and differences (handbook 02 §1.6.18).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Deserialize, core_case_derive::Choice)]
#[serde(rename_all = "snake_case")]
pub enum ListKind {
    /// 汇缴
    #[choice("1", "汇缴清册")]
    Regular,
    /// 补充清册: full supplement.
    #[choice("2", "补充清册")]
    Supplementary,
}

/// What changed for a person against last month (变更类型, handbook 02 §1.16).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Deserialize, core_case_derive::Choice)]
#[serde(rename_all = "snake_case")]
pub enum LineChange {
    /// Nothing.
    #[choice("0", "无变更")]
    None,
    /// Opened.
    #[choice("1", "新增")]
    New,
    /// Unsealed.
    #[choice("2", "启封")]
    Unseal,
    /// Moved in from another employer.
    #[choice("3", "转入")]
    TransferIn,
    /// Base changed.
    #[choice("8", "基数调整")]
    Base,
    /// Rate changed.
    #[choice("9", "比例调整")]
    Rate,
}

/// A line of a list (清册明细).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListLine {
    /// 个人账号
    pub savings: SavingsId,
    /// 缴存基数 applied, inside floor and cap of the month.
    pub base: Money,
    /// 单位月缴存额
    pub employer_amount: Money,
    /// 个人月缴存额
    pub member_amount: Money,
    /// Against last month.
    pub change: LineChange,
}

impl ListLine {
    /// Both sides together.
    pub fn total(&self) -> Money {
        self.employer_amount + self.member_amount
    }
}

/// A remittance list to open (汇缴清册).
#[derive(Clone, Debug)]
pub struct ListThing {
    /// Number, given at commit.
    pub id: ListId,
    /// 单位账号
    pub employer: EmployerId,
    /// 汇缴年月
    pub month: Month,
    /// 清册种类
    pub kind: ListKind,
    /// 单位缴存比例、个人缴存比例
    pub rates: (Rate, Rate),
    /// In the order of account numbers.
    pub lines: Vec<ListLine>,
    /// Sum of the lines: the amount due.
    pub sum: Money,
    /// People and sum of last month's list, for the comparison (handbook 02 §1.6.15).
    pub last_month: (u32, Money),
    /// Paid by the first day after which it expires.
    pub expires: Day,
}

impl ListThing {
    /// Digest over the lines: account, base and both amounts.
    pub fn digest(&self) -> Digest {
        let mut bytes = Vec::with_capacity(self.lines.len() * 32);
        for l in &self.lines {
            for n in [l.savings.0, l.base.fen(), l.employer_amount.fen(), l.member_amount.fen()] {
                bytes.extend_from_slice(&n.to_be_bytes());
            }
        }
        Digest::of(&bytes)
    }
    /// What binds it in effects.
    pub fn binding(&self) -> ListBinding {
        ListBinding {
            list: self.id,
            employer: self.employer,
            month: self.month,
            count: self.lines.len() as u32,
            sum: self.sum,
            digest: self.digest(),
        }
    }
}

/// A bank receipt to open (收款), from one line of a notice file (handbook 17 §8).
#[derive(Clone, Debug)]
pub struct ReceiptThing {
    /// Number, given at commit.
    pub id: ReceiptId,
    /// The fund account it came to.
    pub bank: BankAccountId,
    /// 银行主机流水号
    pub host_serial: String,
    /// Positive: money in.
    pub amount: Money,
    /// 记账日期 of the bank.
    pub day: Day,
    /// 对方账号, sealed.
    pub payer_account: Option<Card>,
    /// 对方户名
    pub payer_name: String,
    /// 摘要 and 备注 as they came, sealed: people write identity numbers there.
    pub summary: String,
    /// 备注
    pub remark: String,
    /// Where it went.
    pub state: ReceiptState,
    /// Whose it is, if known.
    pub employer: Option<EmployerId>,
    /// How it was recognised, in words.
    pub matched_by: &'static str,
}

impl fmt::Display for ReceiptThing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "receipt {} bank {} serial {} {} on {} {}",
            self.id,
            self.bank,
            self.host_serial,
            self.amount,
            self.day,
            self.state.code()
        )?;
        if let Some(e) = self.employer {
            write!(f, " employer {e} by {}", self.matched_by)?;
        }
        Ok(())
    }
}

/// Kind of user; three administrators hold no business right and exclude one another (handbook 12 §1 point 10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Deserialize, core_case_derive::Choice)]
#[serde(rename_all = "snake_case")]
pub enum UserKind {
    /// 业务人员
    #[choice("business", "业务人员")]
    Business,
    /// 单位专办员: acts for one employer in the online hall.
    #[choice("officer", "单位专办员")]
    Officer,
    /// 系统管理员
    #[choice("system", "系统管理员")]
    System,
    /// 安全管理员
    #[choice("security", "安全管理员")]
    Security,
    /// 审计管理员
    #[choice("audit", "审计管理员")]
    Audit,
}

/// A user to open (用户).
#[derive(Clone, Debug)]
pub struct UserThing {
    /// Number, given at commit.
    pub id: UserId,
    /// 登录名
    pub login: String,
    /// 姓名
    pub name: String,
    /// Kind.
    pub kind: UserKind,
    /// Where the user works.
    pub unit: UnitId,
    /// For an officer, the employer.
    pub employer: Option<EmployerId>,
}

impl fmt::Display for UserThing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "user {} {} {} {} unit {}", self.id, self.login, core_identity::mask_name(&self.name), self.kind.code(), self.unit)?;
        if let Some(e) = self.employer {
            write!(f, " officer of employer {e}")?;
        }
        Ok(())
    }
}
