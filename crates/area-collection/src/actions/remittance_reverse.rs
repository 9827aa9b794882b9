//! 汇缴冲正 Reversal of a posted list: a red voucher; the bank money is real, so it becomes suspense in the same transaction.
//!
//! Law: handbook 02 §1.11.3 (red entry that names the original), 17 §5 (refused while the money was used), entries 06 E-H1
//! with E-A21. The latest month first, so that paid-to months stay without gaps (02 §1.6.5).
//! Left out: a single member's line is put right by correction, a later action.

use core_case::prelude::*;

/// 汇缴冲正
#[derive(Form, Clone, Debug)]
pub struct RemittanceReverse {
    /// 清册号
    pub list: ListId,
    /// 冲正原因
    pub reason: String,
}

facts! { RemittanceReverse, |it, at| {
    list: List(it.list),
} }
rules! { RemittanceReverse, |it, at| {
    posted:  Holds = "collection.reverse.posted"             by Day(at.accepted),
    latest:  Holds = "collection.reverse.latest_first" by Day(at.accepted),
    unused:  Holds = "collection.reverse.money_unused" by Day(at.accepted),
    red:     Holds = "collection.reverse.red_entry"    by Day(at.accepted),
    freed:   Holds = "collection.reverse.money_to_suspense" by Day(at.accepted),
} }
because! { RemittanceReverse {
    NO_LIST      "没有这份清册";
    NOT_POSTED   "清册没有入账，不能冲正";
    NOT_LATEST   "之后的月份已经入账，应先冲正最近的月份";
    SUPPLEMENTS  "该月还有补充清册，应先冲正补充清册";
    MONEY_USED   "部分职工的缴存额已被使用";
} }

impl Action for RemittanceReverse {
    const NAME: &'static str = "collection.remittance.reverse";
    const SHORT: &'static str = "cz";
    const FLOWS: Flows = Flows::Same("case.review.reversal");

    fn concerns(&self) -> Vec<Concern> {
        vec![Concern::of(Subject::List(self.list), Class::Reversal)]
    }

    fn summary(&self) -> String {
        format!("清册 {}", self.list)
    }

    fn decide(&self, _at: &At, f: &Facts, r: &Rules, mut no: Checks) -> Outcome {
        let Some(list) = no.some(&f.list, &r.posted, &NO_LIST, RemittanceReverse::LIST) else { return no.stop() };
        let posting = (list.source, list.voucher, list.posted);
        no.need(list.head.state == ListState::Posted && matches!(posting, (Some(_), Some(_), Some(_))), &r.posted, &NOT_POSTED)
            .at(RemittanceReverse::LIST)
            .found(list.head.state.words())
            .remedy(match list.head.state {
                ListState::AwaitingMoney => Remedy::first("collection.remittance.void", "汇缴清册作废"),
                _ => Remedy::Do("无需冲正".into()),
            });
        let regular = list.head.kind == ListKind::Regular;
        no.need(!regular || list.later_posted.is_none(), &r.latest, &NOT_LATEST)
            .at(RemittanceReverse::LIST)
            .found(list.later_posted.map_or(String::new(), |m| m.to_string()))
            .tell("从最近的月份开始逐月冲正");
        no.need(!regular || list.supplements == 0, &r.latest, &SUPPLEMENTS)
            .at(RemittanceReverse::LIST)
            .found(format!("{} 份", list.supplements))
            .tell("先冲正或作废补充清册");
        no.need(list.used_lines == 0, &r.unused, &MONEY_USED)
            .at(RemittanceReverse::LIST)
            .found(format!("{} 人", list.used_lines))
            .tell("对这些职工按错账调整办理");
        let (Some(source), Some(voucher), Some(posted)) = posting else { return no.stop() };
        no.under(&r.red);
        no.under(&r.freed);
        let mut then = no.pass()?;
        then.add(Effect::ReverseList { list: list.head.binding, source, voucher, posted, value_day: list.value_day.unwrap_or(posted) });
        then.done()
    }
}
