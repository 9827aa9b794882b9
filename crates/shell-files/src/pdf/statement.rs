//! Statements (明细): what happened on an account in a period, with the balance after each line.

use core_identity::mask_id_number;
use core_money::Money;

use super::PdfError;
use super::fonts::Fonts;
use super::grid::{Emphasis, Field};
use super::parts::{Letterhead, Printing, Verification};
use super::table::{Align, TableCell, TableColumn, TableDocument};

/// A line of a member's statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberLine {
    /// Posting date (记账日期), `2026-11-24`.
    pub day: String,
    /// Kind of action (业务), such as 汇缴, 年度结息, 部分提取, 冲正.
    pub kind: String,
    /// Month that was paid (所属年月), `2026-11`; empty for other business.
    pub month: String,
    /// The employer's part; nothing for business without one.
    pub employer_part: Option<Money>,
    /// The member's part; nothing for business without one.
    pub member_part: Option<Money>,
    /// What the balance changed by; negative for money out and red entries.
    pub amount: Money,
    /// Balance after the line.
    pub balance: Money,
    /// Employer or remark.
    pub remark: String,
}

/// Statement of a member's savings account (个人缴存明细), `handbook 14 §3.1`.
///
/// The id number is printed masked unless [`full_identifiers`](Self::full_identifiers) is set, which is for certificates
/// that the member asked for; the amounts of the lines are added up and carried from page to page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberStatement {
    /// Who issues it.
    pub head: Letterhead,
    /// Account of the member (个人账号).
    pub account: String,
    /// Name of the member (姓名).
    pub name: String,
    /// Id number (证件号码) of the identity document.
    pub id_number: String,
    /// Whether the id number is printed in full.
    pub full_identifiers: bool,
    /// Employer (缴存单位).
    pub employer: String,
    /// State of the account with freezes (账户状态), such as `正常` or `正常，部分冻结`.
    pub state: String,
    /// Paid-to month (缴至年月), `2026 年 11 月`.
    pub paid_to: String,
    /// Base and monthly amount (缴存基数、月缴存额).
    pub base: Money,
    /// Monthly amount of both sides together.
    pub monthly_amount: Money,
    /// First and last day of the statement, `2026-07-01` and `2026-11-30`.
    pub period: (String, String),
    /// Balance before the first line.
    pub opening: Money,
    /// Balance after the last line.
    pub closing: Money,
    /// The lines, oldest first.
    pub lines: Vec<MemberLine>,
    /// How to check the document.
    pub verification: Verification,
    /// Who made and printed it.
    pub printing: Printing,
}

fn or_blank(amount: Option<Money>) -> TableCell {
    amount.map_or(TableCell::Blank, TableCell::Money)
}

impl MemberStatement {
    /// Lays the statement out as a PDF of A4 pages.
    ///
    /// # Errors
    /// As [`TableDocument::render`].
    pub fn render(&self, fonts: &Fonts) -> Result<Vec<u8>, PdfError> {
        let id = if self.full_identifiers { self.id_number.clone() } else { mask_id_number(&self.id_number) };
        let table = TableDocument {
            head: self.head.clone(),
            title: "住房公积金个人缴存明细".to_owned(),
            pairs: vec![
                ("个人账号".to_owned(), self.account.clone()),
                ("起止日期".to_owned(), format!("{} 至 {}", self.period.0, self.period.1)),
            ],
            fields: vec![
                Field::new("姓名", &self.name).as_(Emphasis::Strong),
                Field::new("账户状态", &self.state),
                Field::new("证件号码", id),
                Field::new("缴存单位", &self.employer).over(2),
                Field::new("缴至年月", &self.paid_to),
                Field::new("缴存基数", self.base.grouped()).as_(Emphasis::Amount),
                Field::new("月缴存额", self.monthly_amount.grouped()).as_(Emphasis::Amount),
                Field::new("期末余额", self.closing.grouped()).as_(Emphasis::GrandAmount),
            ],
            columns: vec![
                TableColumn::new("记账日期", 58, Align::Left),
                TableColumn::new("业务", 54, Align::Left),
                TableColumn::new("所属年月", 46, Align::Left),
                TableColumn::summed("单位部分", 62),
                TableColumn::summed("个人部分", 62),
                TableColumn::summed("发生额", 70),
                TableColumn::new("余额", 72, Align::Right),
                TableColumn::new("单位或备注", 100, Align::Left),
            ],
            rows: self
                .lines
                .iter()
                .map(|line| {
                    vec![
                        line.day.as_str().into(),
                        line.kind.as_str().into(),
                        line.month.as_str().into(),
                        or_blank(line.employer_part),
                        or_blank(line.member_part),
                        line.amount.into(),
                        line.balance.into(),
                        line.remark.as_str().into(),
                    ]
                })
                .collect(),
            empty: "这段时间没有发生业务。".to_owned(),
            notes: vec![format!(
                "期初余额 {} 元，期末余额 {} 元（人民币{}）。单位：元；负数为转出或冲正。",
                self.opening.grouped(),
                self.closing.grouped(),
                self.closing.to_words()
            )],
            landscape: false,
            verification: Some(self.verification.clone()),
            printing: self.printing.clone(),
        };
        table.render(fonts)
    }
}

/// A line of an employer's statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmployerLine {
    /// Posting date (记账日期), `2026-11-24`.
    pub day: String,
    /// Kind of action (业务).
    pub kind: String,
    /// Month that was paid (汇补缴年月), `2026-11`; empty for other business.
    pub month: String,
    /// People (人数); nothing for business without people.
    pub people: Option<u32>,
    /// What the sum of the members' balances changed by.
    pub amount: Money,
    /// What the suspense of the employer changed by (未分摊).
    pub suspense: Money,
    /// Suspense after the line.
    pub suspense_balance: Money,
    /// Voucher number (凭证号).
    pub voucher: String,
    /// Remark, such as the bank serial.
    pub remark: String,
}

/// Statement of an employer's account (单位缴存明细): remittances and the suspense, line by line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmployerStatement {
    /// Who issues it.
    pub head: Letterhead,
    /// Account of the employer (单位账号).
    pub account: String,
    /// Name of the employer (单位名称).
    pub name: String,
    /// State of the account (账户状态).
    pub state: String,
    /// Paid-to month (缴至年月).
    pub paid_to: String,
    /// Active members (缴存人数) and sealed members (封存人数).
    pub people: (u32, u32),
    /// First and last day of the statement.
    pub period: (String, String),
    /// Sum of the members' balances at the end.
    pub balance: Money,
    /// Suspense at the end (未分摊余额).
    pub suspense: Money,
    /// The lines, oldest first.
    pub lines: Vec<EmployerLine>,
    /// How to check the document.
    pub verification: Verification,
    /// Who made and printed it.
    pub printing: Printing,
}

impl EmployerStatement {
    /// Lays the statement out as a PDF of A4 pages.
    ///
    /// # Errors
    /// As [`TableDocument::render`].
    pub fn render(&self, fonts: &Fonts) -> Result<Vec<u8>, PdfError> {
        let table = TableDocument {
            head: self.head.clone(),
            title: "住房公积金单位缴存明细".to_owned(),
            pairs: vec![
                ("单位账号".to_owned(), self.account.clone()),
                ("起止日期".to_owned(), format!("{} 至 {}", self.period.0, self.period.1)),
            ],
            fields: vec![
                Field::new("单位名称", &self.name).over(2).as_(Emphasis::Strong),
                Field::new("账户状态", &self.state),
                Field::new("缴存人数", format!("{} 人", self.people.0)),
                Field::new("封存人数", format!("{} 人", self.people.1)),
                Field::new("缴至年月", &self.paid_to),
                Field::new("未分摊余额", self.suspense.grouped()).as_(Emphasis::Amount).over(2),
                Field::new("账户余额", self.balance.grouped()).as_(Emphasis::GrandAmount),
            ],
            columns: vec![
                TableColumn::new("记账日期", 58, Align::Left),
                TableColumn::new("业务", 46, Align::Left),
                TableColumn::new("所属年月", 44, Align::Left),
                TableColumn::new("人数", 30, Align::Right),
                TableColumn::summed("发生额", 76),
                TableColumn::summed("未分摊增减", 72),
                TableColumn::new("未分摊余额", 70, Align::Right),
                TableColumn::new("凭证号", 80, Align::Left),
                TableColumn::new("备注", 84, Align::Left),
            ],
            rows: self
                .lines
                .iter()
                .map(|line| {
                    vec![
                        line.day.as_str().into(),
                        line.kind.as_str().into(),
                        line.month.as_str().into(),
                        line.people.map_or(TableCell::Blank, |people| people.to_string().into()),
                        or_blank((!line.amount.is_zero()).then_some(line.amount)),
                        or_blank((!line.suspense.is_zero()).then_some(line.suspense)),
                        line.suspense_balance.into(),
                        line.voucher.as_str().into(),
                        line.remark.as_str().into(),
                    ]
                })
                .collect(),
            empty: "这段时间没有发生业务。".to_owned(),
            notes: vec!["单位：元；负数为减少或冲正。账户余额为全部职工余额之和，含封存职工。".to_owned()],
            landscape: false,
            verification: Some(self.verification.clone()),
            printing: self.printing.clone(),
        };
        table.render(fonts)
    }
}
