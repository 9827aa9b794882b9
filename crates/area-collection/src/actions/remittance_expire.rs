//! 汇缴清册过期 Expiry of a list that was not fully paid within its term; a step of the day-end.
//!
//! Law: handbook 17 §1 (60 days), §5 (awaiting_money → expired; money received stays in suspense).

use core_case::prelude::*;

use crate::terms::ListTerm;

/// 汇缴清册过期
#[derive(Form, Clone, Debug)]
pub struct RemittanceExpire {
    /// 清册号
    pub list: ListId,
}

facts! { RemittanceExpire, |it, at| {
    list: List(it.list),
} }
rules! { RemittanceExpire, |it, at| {
    exists: Holds              = "collection.remittance.state_allows" by Day(at.accepted),
    term:   InForce<ListTerm> = "collection.list_expiry"    by Day(at.accepted),
} }
because! { RemittanceExpire {
    NO_LIST      "没有这份清册";
    NOT_AWAITING "清册不在待入账状态";
    NOT_YET      "清册还没有到期";
} }

impl Action for RemittanceExpire {
    const NAME: &'static str = "collection.remittance.expire";
    const SHORT: &'static str = "gq";
    const FLOWS: Flows = Flows::Same("case.review.remittance");

    fn concerns(&self) -> Vec<Concern> {
        vec![Concern::of(Subject::List(self.list), Class::Remittance)]
    }

    fn summary(&self) -> String {
        format!("清册 {}", self.list)
    }

    fn decide(&self, at: &At, f: &Facts, r: &Rules, mut no: Checks) -> Outcome {
        let Some(list) = no.some(&f.list, &r.exists, &NO_LIST, RemittanceExpire::LIST) else { return no.stop() };
        no.need(list.head.state == ListState::AwaitingMoney, &r.exists, &NOT_AWAITING)
            .at(RemittanceExpire::LIST)
            .found(list.head.state.words())
            .tell("无需处理");
        no.need(at.today > list.head.expires, &r.term, &NOT_YET)
            .at(RemittanceExpire::LIST)
            .found(at.today)
            .required(format!("晚于 {}", list.head.expires))
            .tell("到期后由日终处理");
        let mut then = no.pass()?;
        let b = list.head.binding;
        then.state(Change::List(b.list, b.employer, b.month, ListState::AwaitingMoney, ListState::Expired));
        then.done()
    }
}
