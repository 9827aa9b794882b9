//! 缴存基数调整 Base adjustment: once a fund-year, for many members in one case.
//!
//! Law: Reg. 16; handbook 02 §1.4.6 (yearly, clamped), §1.4.9 (by effective month, sealed members left out), R-A11.
//! Left out: the limits of a month are applied when the list is made, so a base left alone stays legal when the floor rises.

use std::collections::{BTreeSet, HashMap};

use core_case::prelude::*;

/// 缴存基数调整
#[derive(Form, Clone, Debug)]
pub struct BaseAdjust {
    /// 从哪个月起执行
    /// 年度调整为 7 月
    pub from: Month,
    /// 职工
    pub lines: Vec<BaseLine>,
}

/// 基数调整明细
#[derive(Form, Clone, Debug)]
pub struct BaseLine {
    /// 个人账号
    pub savings: SavingsId,
    /// 调整后基数
    pub base: Money,
}

facts! { BaseAdjust, |it, at| {
    accounts: each Savings(line.savings) for line in &it.lines,
} }
rules! { BaseAdjust, |it, at| {
    once:    Holds          = "case.row_once"         by Day(at.accepted),
    live:    Holds          = "collection.member.open"             by Day(at.accepted),
    sealed:  Holds          = "collection.base.not_sealed"    by Day(at.accepted),
    no_list: Holds          = "collection.remittance.no_change_in_flight" by Day(at.accepted),
    unpaid:  Holds          = "collection.base.effective_month"       by Day(at.accepted),
    yearly:  Holds          = "collection.base.once_a_fund_year"        by Day(at.accepted),
    cap:     InForce<Money> = "collection.base_cap"                by Month(it.from),
    floor:   InForce<Money> = "collection.base_floor"              by Month(it.from),
} }
because! { BaseAdjust {
    NOTHING    "没有要调整的职工";
    TWICE      "同一账号重复";
    NO_ACCOUNT "没有这个个人账号或已销户";
    SEALED     "账户已封存，不参加调整";
    ON_LIST    "此人在待入账的清册上";
    MONTH_PAID "执行月份已经缴存";
    NOT_ONCE   "本公积金年度已经调整过基数";
    BASE_HIGH  "缴存基数高于上限";
    BASE_LOW   "缴存基数低于下限";
} }

impl Action for BaseAdjust {
    const NAME: &'static str = "collection.base.adjust";
    const SHORT: &'static str = "js";
    const FLOWS: Flows = Flows::ByChannel { counter: "case.review.base_change", hall: "case.review.officer_list" };

    fn concerns(&self) -> Vec<Concern> {
        let accounts: BTreeSet<SavingsId> = self.lines.iter().map(|l| l.savings).collect();
        accounts.into_iter().map(|a| Concern::of(Subject::Savings(a), Class::Base)).collect()
    }

    fn summary(&self) -> String {
        format!("{} 人，{} 起", self.lines.len(), self.from)
    }

    fn decide(&self, _at: &At, f: &Facts, r: &Rules, mut no: Checks) -> Outcome {
        no.need(!self.lines.is_empty(), &r.once, &NOTHING).at(BaseAdjust::LINES).tell("填写至少一人");
        let fund_year = FundYear::of_month(self.from);
        let mut seen = HashMap::new();
        for (i, (line, account)) in self.lines.iter().zip(&f.accounts).enumerate() {
            no.line(BaseAdjust::LINES, i, |no| {
                let before = seen.insert(line.savings, i);
                no.need(before.is_none(), &r.once, &TWICE)
                    .at(BaseLine::SAVINGS)
                    .found(before.map_or(String::new(), |b| format!("与第 {} 行相同", b + 1)))
                    .tell("保留一行");
                let live = account.as_ref().filter(|a| a.state.open());
                no.need(live.is_some(), &r.live, &NO_ACCOUNT).at(BaseLine::SAVINGS).found(line.savings).tell("核对账号");
                let Some(account) = live else { return };
                no.need(account.sealed_from.is_none_or(|m| m > self.from), &r.sealed, &SEALED)
                    .at(BaseLine::SAVINGS)
                    .tell("从清单中移出，启封后再调整");
                no.need(!account.on_awaiting_list, &r.no_list, &ON_LIST).at(BaseLine::SAVINGS).tell("待清册入账或作废后再办");
                no.need(account.paid_to.is_none_or(|paid| self.from > paid), &r.unpaid, &MONTH_PAID)
                    .at(BaseLine::SAVINGS)
                    .found(self.from)
                    .required(account.paid_to.map_or(String::new(), |m| format!("晚于 {m}")))
                    .tell("改为未缴的月份；已缴月份的差额另办补缴");
                // The base of an opening, of a transfer in or of the take-over is no adjustment.
                let begun = account.first_month.max(account.member_from);
                let this_year = account.bases.last().filter(|(from, _)| FundYear::of_month(*from) == fund_year && *from > begun);
                no.need(this_year.is_none(), &r.yearly, &NOT_ONCE)
                    .at(BaseLine::BASE)
                    .found(this_year.map_or(String::new(), |(from, base)| format!("{from} 起 {base}")))
                    .tell("下一公积金年度再调整；确有差错的按错账调整办理");
                no.at_most(line.base, &r.cap, &BASE_HIGH).at(BaseLine::BASE).remedy(Remedy::AtMost(r.cap.value));
                no.at_least(line.base, &r.floor, &BASE_LOW).at(BaseLine::BASE).remedy(Remedy::AtLeast(r.floor.value));
            });
        }
        let mut then = no.pass()?;
        for (line, account) in self.lines.iter().zip(&f.accounts) {
            if let Some(account) = account {
                then.begin(Subject::Savings(line.savings), account.employer, self.from, Record::Base(line.base));
            }
        }
        then.done()
    }
}
