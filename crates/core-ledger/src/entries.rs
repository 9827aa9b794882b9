//! The entries (分录) of handbook 06 §1.3 that live actions use, as voucher templates. The next area adds its block here.

use crate::code::{LedgerCode, Side};

/// Which party stands beside a leg (辅助核算): it names the sub-ledger that the same effect writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Analytic {
    /// A special account (专户), a bank account of the fund; its own leaf below the root is the account posted.
    Bank,
    /// A member's savings account (个人账户): one entry (明细) with balance after.
    Member,
    /// Every line of a remittance list: one entry a member, one voucher line in sum.
    MembersOfList,
    /// An employer's suspense (未分摊): one suspense entry with balance after.
    EmployerSuspense,
    /// An unknown receipt (暂收): open, without owner.
    UnknownReceipt,
    /// Only the ledger account itself.
    Plain,
}

/// Where a leg posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// This leaf.
    Leaf(LedgerCode),
    /// The leaf of the bank account named as party, which must lie below this account.
    BankUnder(LedgerCode),
}

/// A leg: side, account, party.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leg {
    /// 借 or 贷.
    pub side: Side,
    /// Where it posts.
    pub root: Root,
    /// Whose sub-ledger it writes.
    pub analytic: Analytic,
}

/// Voucher template (凭证模板): an entry of handbook 06 with its legs.
#[derive(Debug, PartialEq, Eq)]
pub struct Template {
    /// Id in the handbook, `E-A1`.
    pub id: &'static str,
    /// Summary (摘要) on the voucher.
    pub term: &'static str,
    /// The legs in printing order, debits first.
    pub legs: &'static [Leg],
}

const FUND_DEPOSITS: Root = Root::BankUnder(LedgerCode::of(101));
const fn leaf(code: u32) -> Root {
    Root::Leaf(LedgerCode::of(code))
}
const fn dr(root: Root, analytic: Analytic) -> Leg {
    Leg { side: Side::Debit, root, analytic }
}
const fn cr(root: Root, analytic: Analytic) -> Leg {
    Leg { side: Side::Credit, root, analytic }
}

/// 201 住房公积金: members' money.
pub const MEMBERS: LedgerCode = LedgerCode::of(201);
/// 2190401 暂收: receipts without owner.
pub const UNKNOWN: LedgerCode = LedgerCode::of(2_190_401);
/// 2190402 未分摊: suspense by employer.
pub const SUSPENSE: LedgerCode = LedgerCode::of(2_190_402);
/// 101 住房公积金存款: the fund's bank accounts lie below it.
pub const DEPOSITS: LedgerCode = LedgerCode::of(101);

/// 汇缴入账: money and list match (handbook 06 §1.3 E-A1).
pub static E_A1: Template =
    Template { id: "E-A1", term: "汇缴入账", legs: &[dr(FUND_DEPOSITS, Analytic::Bank), cr(leaf(201), Analytic::MembersOfList)] };
/// 收到暂收款: money arrives, no owner known (handbook 06 §1.3 E-A2).
pub static E_A2: Template =
    Template {
        id: "E-A2", term: "收到暂收款", legs: &[dr(FUND_DEPOSITS, Analytic::Bank), cr(leaf(2_190_401), Analytic::UnknownReceipt)]
    };
/// 暂收分摊到单位: an unknown receipt gets its employer (handbook 06 §1.3 E-A3).
pub static E_A3: Template = Template {
    id: "E-A3",
    term: "暂收款认领到单位",
    legs: &[dr(leaf(2_190_401), Analytic::UnknownReceipt), cr(leaf(2_190_402), Analytic::EmployerSuspense)],
};
/// 多缴退款: suspense paid back to the employer (second half of handbook 06 §1.3 E-A5).
pub static E_A5_REFUND: Template = Template {
    id: "E-A5",
    term: "未分摊款退回单位",
    legs: &[dr(leaf(2_190_402), Analytic::EmployerSuspense), cr(FUND_DEPOSITS, Analytic::Bank)],
};
/// 暂收直接分摊到职工: an unknown receipt pays a list (handbook 06 §1.3 E-A18).
pub static E_A18: Template = Template {
    id: "E-A18",
    term: "暂收款分摊入账",
    legs: &[dr(leaf(2_190_401), Analytic::UnknownReceipt), cr(leaf(201), Analytic::MembersOfList)],
};
/// 未分摊汇补缴: a list paid from suspense (handbook 06 §1.3 E-A19).
pub static E_A19: Template = Template {
    id: "E-A19",
    term: "未分摊款汇缴入账",
    legs: &[dr(leaf(2_190_402), Analytic::EmployerSuspense), cr(leaf(201), Analytic::MembersOfList)],
};
/// 未分摊转移: suspense moved between employers (handbook 06 §1.3 E-A20).
pub static E_A20: Template = Template {
    id: "E-A20",
    term: "未分摊款转移",
    legs: &[dr(leaf(2_190_402), Analytic::EmployerSuspense), cr(leaf(2_190_402), Analytic::EmployerSuspense)],
};
/// 收到单位款未分摊: employer known, but no list, too little or too much (handbook 06 §1.3 E-A21).
pub static E_A21: Template = Template {
    id: "E-A21",
    term: "收到单位款待分摊",
    legs: &[dr(FUND_DEPOSITS, Analytic::Bank), cr(leaf(2_190_402), Analytic::EmployerSuspense)],
};
/// 暂收退回: an unknown receipt sent back to its payer (handbook 06 §1.3 E-A24).
pub static E_A24: Template = Template {
    id: "E-A24",
    term: "暂收款退回付款人",
    legs: &[dr(leaf(2_190_401), Analytic::UnknownReceipt), cr(FUND_DEPOSITS, Analytic::Bank)],
};

/// Every template; a test compares ids with the handbook.
pub static ALL: &[&Template] = &[&E_A1, &E_A2, &E_A3, &E_A5_REFUND, &E_A18, &E_A19, &E_A20, &E_A21, &E_A24];

/// The template with this id.
pub fn by_id(id: &str) -> Option<&'static Template> {
    ALL.iter().copied().find(|t| t.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_has_both_sides_debits_first_and_an_id_of_its_own() {
        for (i, t) in ALL.iter().enumerate() {
            assert!(t.legs.iter().any(|l| l.side == Side::Debit) && t.legs.iter().any(|l| l.side == Side::Credit), "{}", t.id);
            assert!(t.legs.is_sorted_by_key(|l| l.side), "{}: debits first", t.id);
            assert!(ALL[i + 1..].iter().all(|o| o.id != t.id), "{} twice", t.id);
            assert_eq!(by_id(t.id), Some(*t));
        }
    }

    #[test]
    fn every_template_stands_in_the_handbook() {
        let handbook = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/handbook/06-accounting.md")).unwrap();
        for t in ALL {
            assert!(handbook.contains(&format!("| {} |", t.id)), "{} is not an entry of handbook 06", t.id);
        }
    }
}
