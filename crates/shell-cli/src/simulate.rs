//! `anju simulate`: random business on a throw-away centre, every step compared with an independent auditor (模拟核对).
//!
//! The tries come from a seed. Where the books differ from the auditor's, the seed is printed with the shortest history that still
//! fails: first the failing prefix, then whatever can be left out of it. The centre lies in a temporary folder; on PostgreSQL each
//! history makes a schema `centre_game_…`, so give it a database that is thrown away.

use std::path::PathBuf;

use clap::Args;
use core_calendar::{Day, Month};
use core_case::ids::{CaseId, EmployerId, SavingsId};
use core_case::nouns::{self, Answer as Fact, Ask, Noun};
use core_case::state::ListState;
use shell_pipeline::{Answer, Approved, Centre, Command, Origin, PipelineError, ended};
use shell_store::views::lists;
use shell_store::{facts, registers, reports};
use sim::auditor::{Fate, Moon};
use sim::{Broken, Desk, Driver, Game, Given, Order, Score, Seen, Signed, Step, Told, Try, Who};

use crate::demo::{self, local::Local};
use crate::exit;
use crate::failure::Failure;
use crate::place::Place;
use crate::terminal::Terminal;

/// Options of `anju simulate`.
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "中心建立在临时目录里，用完即删；给 PostgreSQL 时用可以丢弃的库。发现不符时打印种子和最短的步骤，退出码 1。",
    override_usage = "anju simulate [--seed 种子] [--operations 步数] [选项]"
)]
pub struct Options {
    /// Seed.
    #[arg(long, value_name = "种子", default_value_t = 1, help = "随机种子；同一种子得到同样的步骤")]
    pub seed: u64,
    /// How many tries.
    #[arg(long, value_name = "步数", default_value_t = 2_000, help = "步数")]
    pub operations: usize,
    /// PostgreSQL.
    #[arg(long, value_name = "地址", help = "PostgreSQL 地址；不给则用 SQLite")]
    pub database: Option<String>,
}

/// So many histories are played to make a failing one short.
const SHORTENING: usize = 120;

/// Plays a seed.
///
/// # Errors
/// When the books and the auditor differ (told with the shortest history found), or no centre can be made.
pub async fn run(options: Options, terminal: &mut Terminal) -> Result<(), Failure> {
    let all = sim::tries(options.seed, options.operations);
    let ground = Ground::new(&options)?;
    let broken = match ground.play(&all, 0).await? {
        Ok(score) => return terminal.say(happened(&options, &score)),
        Err(broken) => broken,
    };
    terminal.remark(format!("种子 {}，第 {} 步：{}\n正在缩短……", options.seed, broken.after, broken.what));
    let broken = shorten(&ground, &all[..broken.after], broken).await?;
    terminal.say(format!("种子 {}，{} 步可以重现：\n{broken}", options.seed, broken.story.len()))?;
    Err(Failure::Told(exit::REFUSED))
}

fn happened(options: &Options, score: &Score) -> String {
    let done: u32 = score.done.values().sum();
    let mut out = format!(
        "种子 {}，{} 步，每一步都与独立审计模型相符：办结 {done} 笔，不予受理 {} 笔，复核时内容已变 {} 次，无事可做 {} 步。\n",
        options.seed, options.operations, score.refused, score.differed, score.idle
    );
    for (action, count) in &score.done {
        out += &format!("  {action:<34}{count:>6}\n");
    }
    out
}

/// Leaves out ever smaller parts while what is left still fails.
async fn shorten(ground: &Ground<'_>, failing: &[Try], broken: Broken) -> Result<Broken, Failure> {
    let (mut short, mut broken) = (failing.to_vec(), broken);
    let (mut part, mut games) = (short.len() / 2, 0);
    while part > 0 && games < SHORTENING {
        let mut at = 0;
        while at < short.len() && games < SHORTENING {
            games += 1;
            let mut less = short.clone();
            less.drain(at..(at + part).min(short.len()));
            match ground.play(&less, games).await? {
                Err(still) => {
                    less.truncate(still.after);
                    (short, broken) = (less, still);
                }
                Ok(_) => at += part,
            }
        }
        part /= 2;
    }
    Ok(broken)
}

/// Where histories are played.
struct Ground<'o> {
    options: &'o Options,
    folder: PathBuf,
}

impl Drop for Ground<'_> {
    fn drop(&mut self) {
        // A folder that stays behind does no harm.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl<'o> Ground<'o> {
    fn new(options: &'o Options) -> Result<Ground<'o>, Failure> {
        let engine = if options.database.is_some() { "pg" } else { "lite" };
        let folder = std::env::temp_dir().join(format!("anju-simulate-{}-{}-{engine}", std::process::id(), options.seed));
        std::fs::create_dir_all(&folder)?;
        Ok(Ground { options, folder })
    }

    /// Plays tries on a new centre.
    async fn play(&self, tries: &[Try], game: usize) -> Result<Result<Score, Broken>, Failure> {
        let code = format!("game_{}_{game}", self.options.seed);
        let place = Place { data: self.folder.join(&code), database: self.options.database.clone(), centre: Some(code.clone()) };
        let (opens, _) = sim::year::span(1);
        let centre = demo::create(&place, &code, opens).await?;
        let staff = demo::staff(&centre).await?;
        let Some(scale) = sim::Scale::parse("0.001") else { return Err(Failure::Outage("规模".into())) };
        let mut world = sim::World::invent(scale, self.options.seed, opens);
        let mut desk = Counter { local: Local::new(&centre, staff), origin: Origin::local("simulation"), centre: &centre };
        let outage = |e: Given| Failure::Outage(e.to_string());
        let calendar = centre.calendar();
        sim::Year::new(&mut world, &calendar).open(&mut desk.local, &mut |_| {}).await.map_err(outage)?;
        let numbers = desk.local.employers().await.map_err(outage)?;
        let mut played = Game::new(&mut world, &numbers).play(&mut desk, tries).await;
        if played.is_ok() {
            let policy = centre.policy();
            let basis = shell_verify::Basis { policy: &policy, place: &centre.place };
            let report = shell_verify::verify(&centre.store, basis, &mut |_| {}).await.map_err(crate::verify::of_verify)?;
            if !report.holds() {
                let what = crate::verify::show(&report);
                played = Err(Broken { after: tries.len(), story: vec!["verify".into()], what });
            }
        }
        drop(desk);
        drop(centre);
        let _ = std::fs::remove_dir_all(&place.data);
        Ok(played)
    }
}

/// The counters of a centre in this process, one command at a time.
struct Counter<'c> {
    local: Local<'c>,
    centre: &'c Centre,
    origin: Origin,
}

fn given(e: impl std::fmt::Display) -> Given {
    Given(e.to_string())
}

/// What the pipeline says about a request that it does not take; anything else is an outage.
fn denied(e: PipelineError) -> Result<String, Given> {
    match e {
        PipelineError::Centre(_) | PipelineError::Write(_) | PipelineError::Constraint(_) | PipelineError::Busy => Err(given(e)),
        told => Ok(told.to_string()),
    }
}

fn moon(m: Month) -> Moon {
    m.year() * 12 + m.month() as i32 - 1
}

impl Desk for Counter<'_> {
    async fn submit(&mut self, order: &Order) -> Result<Told, Given> {
        let actor = self.local.actor(order.who)?;
        let command = Command::new(order.action, order.form.clone(), order.key.clone());
        Ok(match self.centre.submit(actor, &self.origin, &command).await {
            Ok(Answer::Done(_)) => Told::Done,
            Ok(Answer::Waiting(waiting)) => Told::Waiting(waiting.case.0),
            Ok(Answer::Refused { refusals, .. }) => Told::Refused(refusals.iter().map(|r| r.line_of_text()).collect::<Vec<_>>().join("; ")),
            Ok(Answer::Fields(errors)) => {
                return Err(Given(errors.into_iter().map(|e| format!("{} {}", e.path, e.message)).collect::<Vec<_>>().join("；")));
            }
            Ok(Answer::Ended { case, state }) => Told::Refused(ended(case, state)),
            Ok(Answer::Conflict { sentence }) => Told::Refused(sentence),
            Err(e) => Told::Refused(denied(e)?),
        })
    }

    async fn sign(&mut self, who: Who, case: i64, first_shown: bool) -> Result<Signed, Given> {
        let whole = self.centre.case(CaseId(case)).await.map_err(given)?;
        let shown = whole.case.digest.ok_or_else(|| Given(format!("业务 {case} 没有可签的内容")))?;
        let first = whole.steps.iter().find_map(|s| core_case::digest::Digest::parse(s.digest.as_deref()?));
        let digest = if first_shown { first.unwrap_or(shown) } else { shown };
        Ok(match self.centre.approve(self.local.actor(who)?, &self.origin, CaseId(case), digest).await {
            Ok(Approved::Committed(_)) => Signed::Done,
            Ok(Approved::Next(..)) => Signed::Next,
            Ok(Approved::Differs { .. }) => Signed::Differs,
            Ok(Approved::Refused(..)) => Signed::Refused,
            Err(e) => Signed::Denied(denied(e)?),
        })
    }

    async fn step(&mut self, who: Who, case: i64, step: Step) -> Result<bool, Given> {
        let (actor, id, why) = (self.local.actor(who)?, CaseId(case), "模拟");
        let taken = match step {
            Step::Return => self.centre.send_back(actor, &self.origin, id, why).await,
            Step::Reject => self.centre.reject(actor, &self.origin, id, why).await,
            Step::Withdraw => self.centre.withdraw(actor, &self.origin, id, why).await,
            Step::Resubmit => match self.centre.resubmit(actor, &self.origin, id).await {
                Ok(Approved::Refused(..)) => return Ok(false),
                other => other.map(drop),
            },
        };
        match taken {
            Ok(()) => Ok(true),
            Err(e) => denied(e).map(|_| false),
        }
    }

    async fn night(&mut self, next: Day) -> Result<(), Given> {
        self.local.day_end(next).await
    }

    async fn look(&mut self, members: &[i64]) -> Result<Seen, Given> {
        let store = &self.centre.store;
        let employers: Vec<EmployerId> = registers::employers(store).await.map_err(given)?.into_iter().map(|e| e.id).collect();
        let mut savings: Vec<SavingsId> = members.iter().map(|id| SavingsId(*id)).collect();
        let mut seen = Seen::default();
        for employer in &employers {
            savings.extend(registers::savings_of(store, *employer).await.map_err(given)?);
            let all = lists::of_employer(store, *employer, Month::of(self.centre.day()) + 1_200, 10_000).await.map_err(given)?;
            seen.lists.extend(all.into_iter().map(|l| (l.id.0, (l.employer.0, moon(l.month), fate(l.state), l.total.fen()))));
        }
        savings.sort_unstable();
        savings.dedup();
        let mut asks: Vec<Ask> = employers.iter().map(|e| nouns::Employer(*e).ask()).collect();
        asks.extend(savings.iter().map(|s| nouns::Savings(*s).ask()));
        for fact in facts::load(store, &asks).await.map_err(given)?.answers {
            match fact {
                Fact::Employer(Some(e)) => drop(seen.firms.insert(e.id.0, (e.suspense.fen(), e.paid_to.map(moon)))),
                Fact::Savings(Some(s)) => drop(seen.savers.insert(s.id.0, (s.balance.fen(), s.paid_to.map(moon)))),
                _ => {}
            }
        }
        seen.strays = registers::unknown(store).await.map_err(given)?.into_iter().map(|u| (u.receipt.0, u.amount.fen())).collect();
        for sums in reports::trial_balance(store, self.centre.about.opened, self.centre.day()).await.map_err(given)? {
            let net = (sums.debit_before + sums.debit - sums.credit_before - sums.credit).fen();
            let code: u32 = sums.account.to_string().parse().map_err(given)?;
            if net != 0 {
                seen.ledger.insert(code, net);
            }
        }
        Ok(seen)
    }
}

fn fate(state: ListState) -> Fate {
    match state {
        ListState::AwaitingMoney => Fate::Awaiting,
        ListState::Posted => Fate::Posted,
        _ => Fate::Over,
    }
}
