//! The driver of a simulation for a centre in this process: orders go through the pipeline in bulk.

use std::collections::HashMap;

use core_calendar::Day;
use core_case::flow::Channel;
use core_case::ids::CaseId;
use shell_pipeline::{Actor, Approved, BulkAnswer, Centre, Command, Origin};
use shell_store::registers;
use sim::{Awaiting, Driver, Given, Order, Told, Unclaimed, Who};

/// A centre in this process; clones give orders beside one another.
#[derive(Clone)]
pub struct Local<'c> {
    centre: &'c Centre,
    origin: Origin,
    actors: HashMap<Who, Actor>,
}

impl<'c> Local<'c> {
    /// A driver whose staff is known; officers come later.
    pub fn new(centre: &'c Centre, staff: HashMap<Who, Actor>) -> Local<'c> {
        Local { centre, origin: Origin::local("simulation"), actors: staff }
    }

    /// Adds or replaces actors.
    pub fn enrol(&mut self, actors: impl IntoIterator<Item = (Who, Actor)>) {
        self.actors.extend(actors);
    }

    /// Who acts.
    pub(crate) fn actor(&self, who: Who) -> Result<&Actor, Given> {
        self.actors.get(&who).ok_or_else(|| Given(format!("没有 {who:?} 这位人员")))
    }
}

fn given(e: impl std::fmt::Display) -> Given {
    Given(e.to_string())
}

impl Driver for Local<'_> {
    async fn orders(&mut self, orders: Vec<Order>, told: &mut dyn FnMut(usize)) -> Result<Vec<Told>, Given> {
        let mut given_orders = Vec::with_capacity(orders.len());
        for o in orders {
            let channel = match o.who {
                Who::Officer(_) => Channel::Hall,
                Who::Batch => Channel::Bank,
                _ => Channel::Counter,
            };
            let actor = self.actor(o.who)?;
            given_orders.push(shell_pipeline::Order { actor, command: Command::new(o.action, o.form, o.key).by(channel) });
        }
        let answers = self.centre.submit_orders(&self.origin, &given_orders, told).await.map_err(given)?;
        Ok(answers
            .into_iter()
            .map(|a| match a {
                BulkAnswer::Done(_) | BulkAnswer::Unchanged(_) => Told::Done,
                BulkAnswer::Waiting(case) => Told::Waiting(case.0),
                BulkAnswer::Refused(refusals) => {
                    Told::Refused(refusals.iter().take(5).map(|r| r.line_of_text()).collect::<Vec<_>>().join("; "))
                }
                BulkAnswer::Failed(why) => Told::Refused(why),
            })
            .collect())
    }

    async fn approve(&mut self, who: &[Who], case: i64) -> Result<(), Given> {
        let id = CaseId(case);
        for who in who {
            let whole = self.centre.case(id).await.map_err(given)?;
            if whole.case.state == core_case::state::CaseState::Done {
                return Ok(());
            }
            let digest = whole.case.digest.ok_or_else(|| Given(format!("业务 {id} 没有可签的内容")))?;
            match self.centre.approve(self.actor(*who)?, &self.origin, id, digest).await.map_err(given)? {
                Approved::Committed(_) | Approved::Next(..) => {}
                Approved::Differs { .. } => return Err(Given(format!("业务 {id} 的内容已变"))),
                Approved::Refused(_, refusals) => {
                    return Err(Given(format!("业务 {id}：{}", refusals.first().map(|r| r.line_of_text()).unwrap_or_default())));
                }
            }
        }
        Ok(())
    }

    async fn day_end(&mut self, next: Day) -> Result<(), Given> {
        self.centre.day_end(&self.origin, Some(next), |_, _| {}).await.map(drop).map_err(given)
    }

    async fn employers(&mut self) -> Result<Vec<(i64, String)>, Given> {
        let all = registers::employers(&self.centre.store).await.map_err(given)?;
        Ok(all.into_iter().map(|e| (e.id.0, e.name)).collect())
    }

    async fn awaiting(&mut self) -> Result<Vec<Awaiting>, Given> {
        let all = registers::awaiting(&self.centre.store).await.map_err(given)?;
        Ok(all.into_iter().map(|a| Awaiting { list: a.list.0, employer: a.employer.0, month: a.month, due: a.due }).collect())
    }

    async fn unclaimed(&mut self) -> Result<Vec<Unclaimed>, Given> {
        let all = registers::unknown(&self.centre.store).await.map_err(given)?;
        Ok(all.into_iter().map(|u| Unclaimed { receipt: u.receipt.0, payer: u.payer }).collect())
    }

    async fn officers(&mut self, of: &[(usize, i64)]) -> Result<(), Given> {
        let actors = super::officers(self.centre, of).await?;
        self.enrol(of.iter().zip(actors).map(|((index, _), actor)| (Who::Officer(*index), actor)));
        Ok(())
    }
}
