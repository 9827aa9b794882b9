//! 汇缴清册作废 Voiding a list that waits for money; its month may be listed again.
//!
//! Law: handbook 17 §5 (awaiting_money → voided). Left out: a posted list is reversed, not voided.

use core_case::prelude::*;

/// 汇缴清册作废
#[derive(Form, Clone, Debug)]
pub struct RemittanceVoid {
    /// 清册号
    pub list: ListId,
    /// 作废原因
    pub reason: String,
}

facts! { RemittanceVoid, |it, at| {
    list: List(it.list),
} }
rules! { RemittanceVoid, |it, at| {
    exists:   Holds = "collection.remittance.state_allows"       by Day(at.accepted),
    awaiting: Holds = "collection.remittance.drop_before_money"  by Day(at.accepted),
} }
because! { RemittanceVoid {
    NO_LIST      "没有这份清册";
    NOT_AWAITING "只有待入账的清册可以作废";
    SUPPLEMENTS  "该月还有补充清册";
} }

impl Action for RemittanceVoid {
    const NAME: &'static str = "collection.remittance.void";
    const SHORT: &'static str = "zf";
    const FLOWS: Flows = Flows::Same("case.review.remittance");

    fn concerns(&self) -> Vec<Concern> {
        vec![Concern::of(Subject::List(self.list), Class::Remittance)]
    }

    fn summary(&self) -> String {
        format!("清册 {}", self.list)
    }

    fn decide(&self, _at: &At, f: &Facts, r: &Rules, mut no: Checks) -> Outcome {
        let Some(list) = no.some(&f.list, &r.exists, &NO_LIST, RemittanceVoid::LIST) else { return no.stop() };
        no.need(list.head.state == ListState::AwaitingMoney, &r.awaiting, &NOT_AWAITING)
            .at(RemittanceVoid::LIST)
            .found(list.head.state.words())
            .remedy(match list.head.state {
                ListState::Posted => Remedy::first("collection.remittance.reverse", "汇缴冲正"),
                _ => Remedy::Do("无需处理".into()),
            });
        let regular = list.head.kind == ListKind::Regular;
        no.need(!regular || list.supplements == 0, &r.awaiting, &SUPPLEMENTS)
            .at(RemittanceVoid::LIST)
            .found(format!("{} 份", list.supplements))
            .tell("先作废补充清册");
        let mut then = no.pass()?;
        let b = list.head.binding;
        then.state(Change::List(b.list, b.employer, b.month, ListState::AwaitingMoney, ListState::Voided));
        then.done()
    }
}
