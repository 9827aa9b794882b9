//! States of a case and of the things it is about, with distinct codes and a way out of each.

use core_case_derive::Choice;
use serde::{Deserialize, Serialize};

/// State of a case (业务状态). Rejected by a person, failed in posting, withdrawn, expired and done are different states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Choice)]
#[serde(rename_all = "snake_case")]
pub enum CaseState {
    /// Waits for the next review. Ways out: approve, return, withdraw, expire.
    #[choice("waiting", "待复核")]
    Waiting,
    /// Sent back to its maker: by a reviewer, or because the facts moved. Ways out: submit again, withdraw, expire.
    #[choice("returned", "退回补正")]
    Returned,
    /// Committed.
    #[choice("done", "已办结")]
    Done,
    /// The rules said no when it was submitted; kept for the record.
    #[choice("refused", "不予受理")]
    Refused,
    /// A reviewer rejected it.
    #[choice("rejected", "复核不同意")]
    Rejected,
    /// The maker withdrew it.
    #[choice("withdrawn", "已撤回")]
    Withdrawn,
    /// Nobody acted within its term.
    #[choice("expired", "已过期")]
    Expired,
    /// The commit failed for a technical reason; on the retry list. Ways out: retry, void by two persons.
    #[choice("failed", "入账失败")]
    Failed,
    /// Given up after a technical failure.
    #[choice("voided", "已作废")]
    Voided,
}

impl CaseState {
    /// The states that may follow; none for a final state.
    pub const fn ways_out(self) -> &'static [CaseState] {
        use CaseState::*;
        match self {
            Waiting => &[Waiting, Returned, Done, Rejected, Withdrawn, Expired, Failed],
            Returned => &[Waiting, Done, Withdrawn, Expired],
            Failed => &[Done, Voided],
            Done | Refused | Rejected | Withdrawn | Expired | Voided => &[],
        }
    }
    /// Whether it still holds its conflicts, claims and reservations.
    pub const fn in_flight(self) -> bool {
        matches!(self, CaseState::Waiting | CaseState::Returned | CaseState::Failed)
    }
}

/// State of a remittance list (清册状态, handbook 17 §5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Choice)]
#[serde(rename_all = "snake_case")]
pub enum ListState {
    /// Amount due fixed; shows received and missing. Ways out: posted, expired, voided, posting_failed.
    #[choice("awaiting_money", "待入账")]
    AwaitingMoney,
    /// Ways out: reversed.
    #[choice("posted", "已入账分摊")]
    Posted,
    /// Reason kept, on the retry list. Ways out: posted, voided by two persons.
    #[choice("posting_failed", "入账失败")]
    PostingFailed,
    /// Way out: confirm the month again, the amount due is computed anew.
    #[choice("expired", "已过期")]
    Expired,
    /// Final; the month may be listed again.
    #[choice("voided", "已作废")]
    Voided,
    /// Final; the month may be listed again.
    #[choice("reversed", "已冲正")]
    Reversed,
}

impl ListState {
    /// The states that may follow.
    pub const fn ways_out(self) -> &'static [ListState] {
        use ListState::*;
        match self {
            AwaitingMoney => &[Posted, PostingFailed, Expired, Voided],
            PostingFailed => &[Posted, Voided],
            Posted => &[Reversed],
            Expired | Voided | Reversed => &[],
        }
    }
    /// Whether the month is taken by this list.
    pub const fn live(self) -> bool {
        matches!(self, ListState::AwaitingMoney | ListState::Posted | ListState::PostingFailed)
    }
}

/// State of an employer account (单位账户状态, JGJ/T 320 A.4; handbook 02 §1.15).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Choice)]
#[serde(rename_all = "snake_case")]
pub enum EmployerState {
    /// First list posted.
    #[choice("01", "正常")]
    Normal,
    /// Registered, nothing posted yet.
    #[choice("02", "开户")]
    Opening,
    /// An approved deferral is in force.
    #[choice("03", "缓缴")]
    Deferred,
    /// Final.
    #[choice("04", "销户")]
    Closed,
    /// Sealed; no member may be unsealed meanwhile.
    #[choice("05", "封存")]
    Sealed,
}

impl EmployerState {
    /// The states that may follow (handbook 02 §1.15).
    pub const fn ways_out(self) -> &'static [EmployerState] {
        use EmployerState::*;
        match self {
            Opening => &[Normal, Closed],
            Normal => &[Deferred, Sealed, Closed],
            Deferred => &[Normal, Sealed],
            Sealed => &[Normal, Closed],
            Closed => &[],
        }
    }
}

/// State of a member's savings account (个人账户状态, JGJ/T 320 A.6; handbook 02 §1.15).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Choice)]
#[serde(rename_all = "snake_case")]
pub enum SavingsState {
    /// Paid for by an employer.
    #[choice("01", "正常")]
    Normal,
    /// A seal is in force.
    #[choice("02", "封存")]
    Sealed,
    /// Final.
    #[choice("03", "合并销户")]
    ClosedByMerger,
    /// Final.
    #[choice("04", "外部转出销户")]
    ClosedByTransfer,
    /// May be opened again (handbook 02 §1.3.6).
    #[choice("05", "提取销户")]
    ClosedByWithdrawal,
}

impl SavingsState {
    /// Whether it still takes money.
    pub const fn open(self) -> bool {
        matches!(self, SavingsState::Normal | SavingsState::Sealed)
    }
}

/// State of a bank receipt (收款状态).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Choice)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptState {
    /// Paid a list directly (E-A1).
    #[choice("posted", "已入账")]
    Posted,
    /// In an employer's suspense (E-A21).
    #[choice("suspense", "单位未分摊")]
    Suspense,
    /// No owner known (E-A2). Ways out: to an employer, to a list, back to the payer, by split.
    #[choice("unknown", "暂收待认领")]
    Unknown,
    /// Unknown once, since given to its owner.
    #[choice("allocated", "暂收已认领")]
    Allocated,
    /// Sent back to its payer (E-A24).
    #[choice("returned", "已退回")]
    SentBack,
    /// Money out, shown only (money that left for a refund is matched to it).
    #[choice("outgoing", "支出流水")]
    Outgoing,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Choice;

    #[test]
    fn every_state_that_is_not_final_has_a_way_out_and_codes_are_distinct() {
        for state in [CaseState::Waiting, CaseState::Returned, CaseState::Failed] {
            assert!(!state.ways_out().is_empty() && state.in_flight(), "{state:?}");
        }
        assert!(!ListState::AwaitingMoney.ways_out().is_empty() && !ListState::PostingFailed.ways_out().is_empty());
        for codes in [CaseState::CHOICES, ListState::CHOICES, EmployerState::CHOICES, SavingsState::CHOICES, ReceiptState::CHOICES] {
            for (i, (code, words)) in codes.iter().enumerate() {
                assert!(codes[i + 1..].iter().all(|(c, w)| c != code && w != words), "{code} {words}");
            }
        }
    }
}
