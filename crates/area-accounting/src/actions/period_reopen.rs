//! 取消结账 Cancelling the close of the latest closed period, with who and why kept.
//!
//! Law: handbook 06 §2 (cancel of a close), levels 17 §7 (two more persons). Only the latest closed period.

use core_case::prelude::*;

/// 取消结账
#[derive(Form, Clone, Debug)]
pub struct PeriodReopen {
    /// 会计期间
    pub month: Month,
    /// 取消原因
    pub reason: String,
}

facts! { PeriodReopen, |it, at| {
    period: Period(it.month),
} }
rules! { PeriodReopen, |it, at| {
    order: Holds = "accounting.periods_in_order" by Day(at.accepted),
} }
because! { PeriodReopen {
    NOT_CLOSED "该期间没有结账";
    NOT_LATEST "之后的期间已经结账";
} }

impl Action for PeriodReopen {
    const NAME: &'static str = "accounting.period.reopen";
    const SHORT: &'static str = "qx";
    const FLOWS: Flows = Flows::Same("case.review.period_reopen");

    fn concerns(&self) -> Vec<Concern> {
        vec![Concern::of(Subject::Centre, Class::Period)]
    }

    fn summary(&self) -> String {
        self.month.to_string()
    }

    fn decide(&self, _at: &At, f: &Facts, r: &Rules, mut no: Checks) -> Outcome {
        no.need(f.period.closed, &r.order, &NOT_CLOSED).at(PeriodReopen::MONTH).found(self.month).tell("无需取消");
        no.need(!f.period.later_closed, &r.order, &NOT_LATEST).at(PeriodReopen::MONTH).found(self.month).tell("从最近结账的期间开始取消");
        let mut then = no.pass()?;
        then.state(Change::Period(self.month, true, false));
        then.done()
    }
}
