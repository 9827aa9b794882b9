//! Open cases (待办): what waits for somebody, over the partial index of open cases.

use core_calendar::Day;
use core_case::flow::Channel;
use core_case::ids::{CaseId, UnitId, UserId};
use core_case::state::CaseState;
use core_money::Money;

use crate::db::{DbError, Query, Row};
use crate::facts::choice;
use crate::store::Store;

crate::statements! {
    OPEN = "SELECT id, action, state, channel, accepted, promised, maker, branch, summary, amount, flow, level FROM business_case \
        WHERE state IN ('waiting', 'returned', 'failed') ORDER BY promised, id LIMIT 500";
}

/// A case in a list, without its form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseLine {
    /// 业务流水号
    pub id: CaseId,
    /// Name of the action.
    pub action: String,
    /// State.
    pub state: CaseState,
    /// Channel.
    pub channel: Channel,
    /// Accepted.
    pub accepted: Day,
    /// Promised by.
    pub promised: Option<Day>,
    /// Who entered it.
    pub maker: UserId,
    /// Accepting branch.
    pub branch: UnitId,
    /// Title.
    pub summary: String,
    /// Amount.
    pub amount: Option<Money>,
    /// Roles of its review levels.
    pub flow: Vec<String>,
    /// Levels approved so far.
    pub level: usize,
}

impl CaseLine {
    /// The role whose review it waits for.
    pub fn next(&self) -> Option<&str> {
        self.flow.get(self.level).map(String::as_str).filter(|_| self.state == CaseState::Waiting)
    }
}

pub(crate) fn line(row: Row) -> Result<CaseLine, DbError> {
    let mut c = row.cells();
    let (id, action, state, channel): (i64, String, String, String) = (c.next()?, c.next()?, c.next()?, c.next()?);
    let (accepted, promised): (Day, Option<Day>) = (c.next()?, c.next()?);
    let (maker, branch, summary, amount): (i64, i64, String, Option<i64>) = (c.next()?, c.next()?, c.next()?, c.next()?);
    let (flow, level): (String, usize) = (c.next()?, c.next()?);
    c.end()?;
    Ok(CaseLine {
        id: CaseId(id),
        action,
        state: choice(&state)?,
        channel: choice(&channel)?,
        accepted,
        promised,
        maker: UserId(maker),
        branch: UnitId(branch),
        summary,
        amount: amount.map(Money::from_fen),
        flow: flow.split_whitespace().map(str::to_owned).collect(),
        level,
    })
}

/// Cases that are not over, by promised day: at most five hundred, more than a centre keeps open.
///
/// # Errors
/// When the database does not answer.
pub async fn open_cases(store: &Store) -> Result<Vec<CaseLine>, DbError> {
    let rows = store.db.read(vec![Query::new(OPEN, [])]).await?;
    rows.into_iter().flatten().map(line).collect()
}
