//! Day-end (日终): the next business day opens before the old one closes, so counters never stop; then ordered steps.
//!
//! Steps are data with an order; each may be run again and does nothing twice. Later areas add theirs to the list.

use core_calendar::{Day, FundYear, Month};
use shell_store::{audit, bootstrap, cases};

use crate::actor::Actor;
use crate::bulk::BulkAnswer;
use crate::centre::{Centre, CentreError};
use crate::command::{Command, Origin, PipelineError};
use crate::people::PeopleError;

/// The permission to end the business day: who keeps the books, or who runs the machine.
pub const DAY_END: &str = "operation.day-end";

/// A step of the day-end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayStep {
    /// 开新营业日
    OpenNextDay,
    /// 结转公积金年度: only when the next day begins a fund-year.
    RollFundYear,
    /// 清册过期
    ExpireLists,
    /// 停用久未使用的账号
    DisableUnused,
    /// 封存启封生效: only when the next day begins a month.
    FollowSeals,
    /// 汇总科目发生额
    RollLedger,
    /// 封存审计记录
    SealAudit,
    /// 关闭营业日
    CloseDay,
}

impl DayStep {
    /// The steps in their order.
    pub const ORDER: [DayStep; 8] = [
        DayStep::OpenNextDay,
        DayStep::RollFundYear,
        DayStep::ExpireLists,
        DayStep::DisableUnused,
        DayStep::FollowSeals,
        DayStep::RollLedger,
        DayStep::SealAudit,
        DayStep::CloseDay,
    ];

    /// Words.
    pub const fn words(self) -> &'static str {
        match self {
            DayStep::OpenNextDay => "打开下一营业日",
            DayStep::RollFundYear => "结转公积金年度",
            DayStep::ExpireLists => "清册过期",
            DayStep::DisableUnused => "停用久未使用的账号",
            DayStep::FollowSeals => "封存启封生效",
            DayStep::RollLedger => "汇总科目发生额",
            DayStep::SealAudit => "封存审计记录",
            DayStep::CloseDay => "关闭营业日",
        }
    }
}

/// What a day-end did.
#[derive(Clone, Debug)]
pub struct DayEnd {
    /// The day that closed.
    pub closed: Day,
    /// The day that is open now.
    pub open: Day,
    /// Each step with what it did.
    pub steps: Vec<(DayStep, String)>,
}

impl Centre {
    /// Ends the business day; `next` is the day to open, by default the next calendar day. A run that was killed is simply
    /// started again.
    ///
    /// # Errors
    /// When a step fails; those before it stay done.
    pub async fn day_end(&self, origin: &Origin, next: Option<Day>, mut told: impl FnMut(DayStep, &str)) -> Result<DayEnd, PipelineError> {
        let days = bootstrap::open_days(&self.store).await?;
        let closing = days.iter().find(|(_, state)| state == "closing").map(|(day, _)| *day);
        let open = days.iter().rev().find(|(_, state)| state == "open").map(|(day, _)| *day).ok_or(CentreError::NoDay)?;
        let (old, new) = match closing {
            // A day-end that was interrupted goes on with the day it began to close.
            Some(day) => (day, open),
            None => (open, next.filter(|n| *n > open).unwrap_or_else(|| open.succ())),
        };
        let mut steps = Vec::new();
        for step in DayStep::ORDER {
            let did = match step {
                DayStep::OpenNextDay => {
                    if closing.is_none() {
                        bootstrap::open_next_day(&self.store, old, new).await?;
                        self.read_day().await?;
                    }
                    format!("营业日 {new}")
                }
                DayStep::RollFundYear => self.roll_fund_year(old, new).await?,
                DayStep::ExpireLists => self.expire_lists(origin, new).await?,
                DayStep::DisableUnused => self.disable_all_unused(origin).await?,
                DayStep::FollowSeals => {
                    // Who read a command on the old day may still be writing on it: from here on nobody does.
                    self.day_is_written(old).await;
                    self.follow_seals(old, new).await?
                }
                DayStep::RollLedger => {
                    bootstrap::roll_ledger(&self.store, old).await?;
                    format!("{old}")
                }
                DayStep::SealAudit => match audit::seal(&self.store, old).await? {
                    Some(head) => format!("封签 {head}"),
                    None => "没有新记录".into(),
                },
                DayStep::CloseDay => {
                    bootstrap::close_day(&self.store, old).await?;
                    format!("{old}")
                }
            };
            told(step, &did);
            steps.push((step, did));
        }
        Ok(DayEnd { closed: old, open: new, steps })
    }

    /// Ends one business day after another until `to` is open and the day before it is closed; a day-end that was interrupted is
    /// finished first. Called again it does nothing, so whoever does not know how far it came simply calls it again.
    ///
    /// # Errors
    /// When a step fails; what was done before stays done.
    pub async fn day_ends_to(&self, origin: &Origin, to: Day, mut told: impl FnMut(DayStep, &str)) -> Result<Vec<DayEnd>, PipelineError> {
        let mut ended = Vec::new();
        while self.day() < to || bootstrap::open_days(&self.store).await?.iter().any(|(_, state)| state == "closing") {
            ended.push(self.day_end(origin, None, &mut told).await?);
        }
        Ok(ended)
    }

    /// Nobody works in the demonstration for months of its calendar: its people stay as they are.
    async fn disable_all_unused(&self, origin: &Origin) -> Result<String, PipelineError> {
        if self.about.demonstration {
            return Ok("演示中心不停用".into());
        }
        let disabled = self.disable_unused(origin).await.map_err(|e| match e {
            PeopleError::Centre(e) => PipelineError::Centre(e),
            PeopleError::Write(e) => PipelineError::Write(e),
            other => PipelineError::Constraint(other.to_string()),
        })?;
        Ok(format!("{disabled} 个账号"))
    }

    async fn roll_fund_year(&self, old: Day, new: Day) -> Result<String, PipelineError> {
        let (before, after) = (FundYear::of(old), FundYear::of(new));
        if before == after {
            return Ok("不在年度交替日".into());
        }
        let days = i64::from(after.first_day().days_until(after.end_exclusive()));
        let mut last = 0;
        while let Some(moved) = bootstrap::roll_fund_year(&self.store, before.year(), days, last).await? {
            last = moved;
        }
        Ok(format!("{before} 年度结转到 {after} 年度"))
    }

    async fn follow_seals(&self, old: Day, new: Day) -> Result<String, PipelineError> {
        let month = Month::of(new);
        if Month::of(old) == month {
            return Ok("不在月份交替日".into());
        }
        let changed = bootstrap::follow_seals(&self.store, month).await?;
        Ok(format!("{month} 起 {changed} 个账户封存或启封"))
    }

    async fn expire_lists(&self, origin: &Origin, today: Day) -> Result<String, PipelineError> {
        let lists = cases::expired_lists(&self.store, today).await?;
        let commands: Vec<Command> = lists
            .iter()
            .map(|id| {
                let form = serde_json::json!({ "list": format!("{id:015}") });
                Command::new("collection.remittance.expire", form, format!("expire:{id}"))
            })
            .collect();
        let answers = self.submit_many(&Actor::batch(), origin, &commands, |_| {}).await?;
        let done = answers.iter().filter(|a| matches!(a, BulkAnswer::Done(_))).count();
        Ok(format!("{done} 份清册过期"))
    }
}
