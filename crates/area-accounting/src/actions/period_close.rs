//! 月末结账 Period close: month by month, the period over, its vouchers complete; afterwards the database refuses to post in it.
//!
//! Law: handbook 06 §2 (month), mandatory vouchers 17 §1. The period before must be closed.
//! Left out: E-G1 to E-G4 are made by actions of the year's closing; while there is income or expense, the close demands them.

use std::sync::Arc;

use core_case::prelude::*;
use core_policy::Table;

/// 月末结账
#[derive(Form, Clone, Debug)]
pub struct PeriodClose {
    /// 会计期间
    pub month: Month,
}

facts! { PeriodClose, |it, at| {
    period: Period(it.month),
} }
rules! { PeriodClose, |it, at| {
    order:     Holds               = "accounting.periods_in_order" by Day(at.accepted),
    mandatory: InForce<Arc<Table>> = "accounting.close_vouchers"   by Day(at.accepted),
} }
because! { PeriodClose {
    CLOSED      "该期间已经结账";
    NOT_OVER    "该期间还没有结束";
    BEFORE_OPEN "上一期间还没有结账";
    MISSING     "缺少结账必须的凭证";
} }

/// Whether the closing of a month with income or expense demands entries of this row of the policy table.
///
/// Income and expense are known together, not apart, so the rows of either are demanded of both. Accruals (E-B1, E-C4) are
/// not live in any month yet: the areas that will accrue bring the fact with them.
fn demanded(when: &str, month: Month) -> bool {
    match when {
        "always" | "income" | "expense" | "income_or_expense" => true,
        "december" => month.month() == 12,
        _ => false,
    }
}

impl Action for PeriodClose {
    const NAME: &'static str = "accounting.period.close";
    const SHORT: &'static str = "jz";
    const FLOWS: Flows = Flows::Same("case.review.period_close");

    fn concerns(&self) -> Vec<Concern> {
        vec![Concern::of(Subject::Centre, Class::Period)]
    }

    fn summary(&self) -> String {
        self.month.to_string()
    }

    fn decide(&self, at: &At, f: &Facts, r: &Rules, mut no: Checks) -> Outcome {
        no.need(!f.period.closed, &r.order, &CLOSED).at(PeriodClose::MONTH).found(self.month).tell("无需再次结账");
        let business_day = f.period.business_day.unwrap_or(at.today);
        no.need(business_day > self.month.last_day(), &r.order, &NOT_OVER)
            .at(PeriodClose::MONTH)
            .found(business_day)
            .required(format!("晚于 {}", self.month.last_day()))
            .tell("下月再结账");
        no.need(f.period.previous_closed, &r.order, &BEFORE_OPEN)
            .at(PeriodClose::MONTH)
            .found(self.month.pred())
            .tell(format!("先结 {} 的账", self.month.pred()));
        // A month without income and expense has nothing to carry over (handbook 17 §1).
        if f.period.income_or_expense {
            for row in r.mandatory.value.rows() {
                let cells = (row.get::<String>("entry"), row.get::<String>("when"));
                let (Ok(entry), Ok(when)) = cells else { continue };
                if demanded(&when, self.month) {
                    no.need(f.period.entries.contains(&entry), &r.mandatory, &MISSING)
                        .at(PeriodClose::MONTH)
                        .found(&entry)
                        .tell(format!("先办理 {entry} 的结转"));
                }
            }
        }
        let mut then = no.pass()?;
        then.state(Change::Period(self.month, false, true));
        then.done()
    }
}
