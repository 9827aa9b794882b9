//! 手工凭证 Manual voucher: maker, checker and poster differ; only accounts without a sub-ledger of ours.
//!
//! Law: handbook 06 E-H3 (three persons), E-H4 (balanced), §1.2 (leaves only). Accounts that a sub-ledger explains (101 by bank
//! lines, 201 by members, 2190401 and 2190402) are posted by business only, or sub-ledger and general ledger would part.

use std::sync::Arc;

use core_case::prelude::*;
use core_ledger::{LedgerCode, Side};
use core_policy::Table;

/// 手工凭证
#[derive(Form, Clone, Debug)]
pub struct VoucherManual {
    /// 摘要
    #[form(max = 100)]
    pub summary: String,
    /// 分录
    pub lines: Vec<ManualLine>,
}

/// 分录
#[derive(Form, Clone, Debug)]
pub struct ManualLine {
    /// 科目编号
    #[form(max = 7)]
    pub account: String,
    /// 借方金额
    pub debit: Option<Money>,
    /// 贷方金额
    pub credit: Option<Money>,
}

facts! { VoucherManual, |it, at| {
    period: Period(Month::of(at.today)),
} }
rules! { VoucherManual, |it, at| {
    open:     Holds = "accounting.period_open"      by Day(at.accepted),
    balanced: Holds = "accounting.balanced"         by Day(at.accepted),
    leaf:     Holds = "accounting.leaf_only"        by Day(at.accepted),
    levels:   Holds = "accounting.three_levels_agree" by Day(at.accepted),
    persons:  Holds = "accounting.three_persons"    by Day(at.accepted),
    level_one:   InForce<Arc<Table>> = "accounting.chart.first_level"  by Day(at.today),
    subordinate: InForce<Arc<Table>> = "accounting.chart.sub_accounts" by Day(at.today),
    bonds:       InForce<Arc<Table>> = "accounting.chart.bonds"        by Day(at.today),
} }
because! { VoucherManual {
    PERIOD_CLOSED "本期间已经结账";
    NO_LINES      "至少要有一借一贷";
    BAD_ACCOUNT   "不是末级科目";
    BY_BUSINESS   "该科目只由业务记账";
    ONE_SIDE      "每行只填借方或贷方，且大于零";
    NOT_BALANCED  "借贷不平";
} }

/// Accounts explained by a sub-ledger.
const BY_BUSINESS_ONLY: [LedgerCode; 4] =
    [core_ledger::entries::DEPOSITS, core_ledger::entries::MEMBERS, core_ledger::entries::UNKNOWN, core_ledger::entries::SUSPENSE];

impl Action for VoucherManual {
    const NAME: &'static str = "accounting.voucher.manual";
    const SHORT: &'static str = "pz";
    const FLOWS: Flows = Flows::Same("case.review.manual_voucher");

    fn concerns(&self) -> Vec<Concern> {
        Vec::new()
    }

    fn summary(&self) -> String {
        self.summary.clone()
    }

    fn decide(&self, _at: &At, f: &Facts, r: &Rules, mut no: Checks) -> Outcome {
        no.need(!f.period.closed, &r.open, &PERIOD_CLOSED).tell("在未结账的期间记账");
        no.need(self.lines.len() >= 2, &r.balanced, &NO_LINES).at(VoucherManual::LINES).found(self.lines.len()).tell("补充分录");
        let chart: Vec<&Table> = [&r.level_one, &r.subordinate, &r.bonds].map(|t| &*t.value).into();
        let mut postings = Vec::new();
        for (i, l) in self.lines.iter().enumerate() {
            no.line(VoucherManual::LINES, i, |no| {
                let account: Option<LedgerCode> = l.account.parse().ok();
                no.need(account.is_some_and(|code| core_case::chart::is_leaf(code, &chart)), &r.leaf, &BAD_ACCOUNT)
                    .at(ManualLine::ACCOUNT)
                    .found(&l.account)
                    .tell("填写末级科目编号");
                let by_business = account.is_some_and(|a| BY_BUSINESS_ONLY.iter().any(|root| a.within(*root)));
                no.need(!by_business, &r.levels, &BY_BUSINESS).at(ManualLine::ACCOUNT).found(&l.account).tell("通过相应业务记账或冲正");
                let sides = [(Side::Debit, l.debit), (Side::Credit, l.credit)];
                let filled: Vec<(Side, Money)> = sides.iter().filter_map(|(s, m)| m.filter(|m| !m.is_zero()).map(|m| (*s, m))).collect();
                let one = filled.len() == 1 && filled.iter().all(|(_, m)| !m.is_negative());
                no.need(one, &r.balanced, &ONE_SIDE).at(ManualLine::DEBIT).tell("借方、贷方只填一个");
                if let (Some(account), Some((side, amount))) = (account, filled.first()) {
                    postings.push(FreePosting { account, side: *side, amount: *amount });
                }
            });
        }
        // Of what was written, so that an account refused above is not told a second time as a difference; wide enough for any.
        let sum = |side: fn(&ManualLine) -> Option<Money>| self.lines.iter().filter_map(side).map(|m| i128::from(m.fen())).sum::<i128>();
        let (debit, credit) = (sum(|l| l.debit), sum(|l| l.credit));
        let words = |fen: i128| i64::try_from(fen).map_or("过大".to_owned(), |fen| Money::from_fen(fen).to_string());
        no.need(debit == credit, &r.balanced, &NOT_BALANCED)
            .at(VoucherManual::LINES)
            .found(format!("借 {}，贷 {}", words(debit), words(credit)))
            .tell("核对各行金额");
        no.under(&r.persons);
        let mut then = no.pass()?;
        then.add(Effect::Voucher { entry: "E-H3", term: "手工凭证", postings });
        then.done()
    }
}
