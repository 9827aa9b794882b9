//! Bulk: many commands through the same decide code, chunk by chunk, each chunk its own transaction.
//!
//! A chunk is whole commands until about a thousand rows of detail. Facts are read for a window of several chunks in one
//! snapshot, and those of the next window while this one is decided; one chunk commits while the next is decided, never two at
//! once, so that numbers stay without gaps whenever a run is killed. A command whose guards a chunk bumps that was not committed
//! when its facts were read begins the next window. Every guard, those of cases in flight too, is checked at the commit: a chunk
//! that meets moved facts is done command by command, so a conflict sends its document to the list of its own, not the chunk.
//! What is done is known by its idempotency key: a killed run is started again and goes on where it stands.

mod window;

use std::collections::BTreeSet;

use core_case::ids::CaseId;
use core_case::refusal::Refusal;
use core_case::state::CaseState;
use core_case::stored;
use shell_store::cases;
use shell_store::db::{DbError, Outcome};
use shell_store::effects::{CaseRow, Writer};
use shell_store::numbers::Lease;
use tokio::task::JoinHandle;

use crate::actor::Actor;
use crate::centre::Centre;
use crate::command::{Answer, Command, Origin, PipelineError, ended};
use crate::submit::{around, in_the_way, moment};
use window::Window;

/// Rows of detail in a chunk.
const CHUNK: usize = 2_000;
/// Commands of the first window of a run, and the most of any.
const AHEAD: usize = 200;
/// Rows of detail in a window, about: several chunks, so that facts are asked for many commands at once, and not so many that
/// they fill the memory.
const WINDOW: usize = 8_000;

/// What became of one command of a run.
#[derive(Clone, Debug)]
pub enum BulkAnswer {
    /// Carried out now.
    Done(CaseId),
    /// Had been done before.
    Unchanged(CaseId),
    /// Waits for review.
    Waiting(CaseId),
    /// Not carried out.
    Refused(Vec<Refusal>),
    /// Not decided.
    Failed(String),
}

/// A command with who gives it.
#[derive(Clone, Debug)]
pub struct Order<'a> {
    /// Who acts.
    pub actor: &'a Actor,
    /// What.
    pub command: Command,
}

impl Centre {
    /// Submits many commands of one actor in their order. `seen` is told how many are through, for progress.
    ///
    /// # Errors
    /// When the database does not answer; what is committed stays, and the same commands may be given again.
    pub async fn submit_many(
        &self,
        actor: &Actor,
        origin: &Origin,
        commands: &[Command],
        seen: impl FnMut(usize),
    ) -> Result<Vec<BulkAnswer>, PipelineError> {
        let orders: Vec<Order<'_>> = commands.iter().map(|c| Order { actor, command: c.clone() }).collect();
        self.submit_orders(origin, &orders, seen).await
    }

    /// Submits many commands, each by its own actor, in their order.
    ///
    /// # Errors
    /// As [`Centre::submit_many`].
    pub async fn submit_orders(
        &self,
        origin: &Origin,
        orders: &[Order<'_>],
        seen: impl FnMut(usize),
    ) -> Result<Vec<BulkAnswer>, PipelineError> {
        let _held = self.hold_day();
        let mut answers: Vec<Option<BulkAnswer>> = vec![None; orders.len()];
        let known = self.known_keys(orders).await?;
        let mut todo: Vec<usize> = Vec::new();
        for (i, order) in orders.iter().enumerate() {
            match known.get(&order.command.key) {
                Some((case, CaseState::Done)) => answers[i] = Some(BulkAnswer::Unchanged(*case)),
                // Refused, waiting or ended: the same is told again.
                Some(_) => answers[i] = Some(self.one(order.actor, origin, &order.command).await?),
                None => todo.push(i),
            }
        }
        let mut run = Run { centre: self, origin, orders, todo: &todo, answers, flight: None, next: None, ahead: AHEAD };
        run.all(seen).await?;
        Ok(run.answers.into_iter().map(|a| a.unwrap_or(BulkAnswer::Failed("没有办理".into()))).collect())
    }

    /// One command the single way.
    async fn one(&self, actor: &Actor, origin: &Origin, command: &Command) -> Result<BulkAnswer, PipelineError> {
        Ok(match self.submit(actor, origin, command).await {
            Ok(Answer::Done(done)) if done.repeated => BulkAnswer::Unchanged(done.case),
            Ok(Answer::Done(done)) => BulkAnswer::Done(done.case),
            Ok(Answer::Waiting(waiting)) => BulkAnswer::Waiting(waiting.case),
            Ok(Answer::Refused { refusals, .. }) => BulkAnswer::Refused(refusals),
            Ok(Answer::Fields(errors)) => {
                BulkAnswer::Failed(errors.into_iter().map(|e| format!("{} {}", e.path, e.message)).collect::<Vec<_>>().join("；"))
            }
            Ok(Answer::Ended { case, state }) => BulkAnswer::Failed(ended(case, state)),
            Ok(Answer::Conflict { sentence }) => BulkAnswer::Failed(sentence),
            Err(PipelineError::Centre(e)) => return Err(PipelineError::Centre(e)),
            Err(e) => BulkAnswer::Failed(e.to_string()),
        })
    }

    /// Keys that have an answer already, with what became of their cases.
    async fn known_keys(&self, orders: &[Order<'_>]) -> Result<std::collections::HashMap<String, (CaseId, CaseState)>, PipelineError> {
        let mut known = std::collections::HashMap::new();
        for some in orders.chunks(5_000) {
            let keys: Vec<String> = some.iter().map(|o| o.command.key.clone()).collect();
            known.extend(cases::answered_many(&self.store, keys).await?);
        }
        Ok(known)
    }
}

/// A run under way.
struct Run<'a, 'o> {
    centre: &'a Centre,
    origin: &'a Origin,
    orders: &'a [Order<'o>],
    /// Places of the orders to be done.
    todo: &'a [usize],
    answers: Vec<Option<BulkAnswer>>,
    /// The chunk that is being committed.
    flight: Option<Flight>,
    /// The window that is being read.
    next: Option<Window>,
    /// Commands of a window.
    ahead: usize,
}

/// A chunk that is being committed.
struct Flight {
    outcome: JoinHandle<Outcome>,
    lease: Lease,
    bumps: BTreeSet<String>,
    chunk: Chunk,
}

/// What a chunk holds.
#[derive(Default)]
struct Chunk {
    written: Vec<(usize, CaseId)>,
    /// Where the run goes on after it.
    until: usize,
}

/// Where a window ended.
enum Ended {
    /// The next window begins here.
    At(usize),
    /// This command goes the single way.
    Single(usize, usize),
    /// A chunk met moved facts and was done command by command; the run goes on here, on facts read anew.
    Again(usize),
}

impl<'a> Run<'a, '_> {
    async fn all(&mut self, mut seen: impl FnMut(usize)) -> Result<(), PipelineError> {
        let before = self.orders.len() - self.todo.len();
        let mut at = 0;
        while at < self.todo.len() {
            let mut window = match self.next.take().filter(|w| w.from == at) {
                Some(window) => window,
                None => self.window(at)?,
            };
            at = match self.one_window(&mut window).await? {
                Ended::At(at) => at,
                Ended::Single(at, i) => match self.landed(None).await? {
                    Some(again) => again,
                    None => {
                        self.answers[i] = Some(self.centre.one(self.orders[i].actor, self.origin, &self.orders[i].command).await?);
                        // What the next commands were shown is what was before this one.
                        self.next = None;
                        at + 1
                    }
                },
                Ended::Again(at) => at,
            };
            if at >= self.todo.len()
                && let Some(again) = self.landed(None).await?
            {
                at = again;
            }
            seen(before + at);
        }
        Ok(())
    }

    /// A window from a place on; what is being committed may move its facts.
    fn window(&self, from: usize) -> Result<Window, PipelineError> {
        let mut window = Window::begin(self.centre, self.orders, self.todo, from, self.ahead)?;
        window.moved.extend(self.flight.iter().flat_map(|flight| flight.bumps.iter().cloned()));
        Ok(window)
    }

    async fn one_window(&mut self, window: &mut Window) -> Result<Ended, PipelineError> {
        let end = window.from + window.taken;
        for (i, answer) in window.failed.drain(..) {
            self.answers[i] = Some(answer);
        }
        if window.single {
            return Ok(Ended::Single(window.from, self.todo[window.from]));
        }
        let Some(mut seen) = window.seen().await? else { return Ok(Ended::At(end)) };
        if end < self.todo.len() {
            self.next = Some(self.window(end)?);
        }
        let centre = self.centre;
        let day = centre.day();
        centre.store.numbers.prime(&centre.store.db, &Writer::ranges(day)).await?;
        let policy = centre.policy_digest();
        let (mut writer, mut chunk) = (None, Chunk::default());
        let mut weight = 0;
        for (place, i, intake, asks) in &window.reading {
            let Order { actor, command } = &self.orders[*i];
            let loaded = seen.next(&centre.store.keys, asks);
            if writer.as_ref().is_some_and(|w: &Writer<'_>| w.weight() >= CHUNK) {
                weight += writer.as_ref().map_or(0, Writer::weight);
                if let Some(again) = self.commit(&mut writer, &mut chunk, &mut window.moved).await? {
                    return Ok(Ended::Again(again));
                }
            }
            let moved = loaded.guards.keys().any(|g| window.moved.contains(g));
            if moved || writer.as_ref().is_some_and(|w| !w.independent_of(&loaded.guards)) {
                let ended = self.commit(&mut writer, &mut chunk, &mut window.moved).await?.map_or(Ended::At(*place), Ended::Again);
                self.next = None;
                self.ahead = ((place - window.from) * 2).clamp(AHEAD / 10, AHEAD * 2);
                return match ended {
                    // The facts are read anew when what moves them is committed.
                    Ended::At(at) => Ok(self.landed(None).await?.map_or(Ended::At(at), Ended::Again)),
                    ended => Ok(ended),
                };
            }
            let mut decided = match centre.decide_on(actor, intake, asks, loaded) {
                Ok(decided) => decided,
                Err(e) => {
                    self.answers[*i] = Some(BulkAnswer::Failed(e.to_string()));
                    continue;
                }
            };
            // What was seen in flight must still stand at the commit, so that two cases cannot both miss one another.
            decided.guards.extend(seen.flight_guards(&around(&decided.containers)));
            let free = in_the_way(&decided.containers, &seen.flying, None).is_none();
            let (Ok(decision), true) = (&decided.outcome, free) else {
                // Refusals and conflicts go the single way, where they are recorded one by one, in order.
                return match self.commit(&mut writer, &mut chunk, &mut window.moved).await? {
                    Some(again) => Ok(Ended::Again(again)),
                    None => Ok(Ended::Single(*place, *i)),
                };
            };
            let form = stored::write(&*intake.prepared);
            let row = CaseRow {
                action: intake.entry.name,
                version: intake.entry.version,
                state: CaseState::Done,
                channel: intake.at.channel,
                accepted: intake.at.accepted,
                promised: None,
                maker: actor.user,
                branch: actor.unit,
                summary: intake.prepared.summary(),
                amount: intake.prepared.amount(),
                form: &form,
                flow: &[],
                policy: &policy,
                refusals: &[],
            };
            let writer = writer.get_or_insert_with(|| Writer::new(&centre.store, moment(day, actor, self.origin)));
            writer.acting(actor.user);
            let numbers = writer.new_case(intake.entry.name)?;
            writer.idempotency(&command.key, &command.digest(), numbers.0);
            writer.read_guards(decided.guards);
            writer.commit_new(numbers, &intake.at, &row, decision)?;
            chunk.written.push((*i, numbers.0));
            chunk.until = place + 1;
        }
        weight += writer.as_ref().map_or(0, Writer::weight);
        // Small documents are asked for by the hundred, large ones a few at a time.
        self.ahead = (window.taken * WINDOW / weight.max(1)).clamp(AHEAD / 10, AHEAD * 2);
        Ok(self.commit(&mut writer, &mut chunk, &mut window.moved).await?.map_or(Ended::At(end), Ended::Again))
    }

    /// Sends a chunk on its way once the one before it has landed; says where to go on when that one met moved facts.
    async fn commit(
        &mut self,
        writer: &mut Option<Writer<'a>>,
        chunk: &mut Chunk,
        moved: &mut BTreeSet<String>,
    ) -> Result<Option<usize>, PipelineError> {
        let Some(writer) = writer.take() else { return Ok(None) };
        let chunk = std::mem::take(chunk);
        let bumps = writer.bumps().clone();
        let (unit, mut lease) = writer.finish();
        if let Some(again) = self.landed(Some(&mut lease)).await? {
            return Ok(Some(again));
        }
        moved.extend(bumps.iter().cloned());
        if let Some(next) = &mut self.next {
            next.moved.extend(bumps.iter().cloned());
        }
        let db = self.centre.store.db.clone();
        let outcome = tokio::spawn(async move { db.commit(unit).await });
        self.flight = Some(Flight { outcome, lease, bumps, chunk });
        Ok(None)
    }

    /// Waits for the chunk that is being committed. When it met moved facts, or its answer was lost, each of its commands is done
    /// by itself (a key that is there already tells what went through), and the run goes on after them on facts read anew; the
    /// numbers of a chunk decided meanwhile are given back first.
    async fn landed(&mut self, decided_meanwhile: Option<&mut Lease>) -> Result<Option<usize>, PipelineError> {
        let Some(Flight { outcome, lease, chunk, .. }) = self.flight.take() else { return Ok(None) };
        let outcome = outcome.await.unwrap_or_else(|stopped| Outcome::Unknown(DbError::Lost(stopped.to_string())));
        match outcome {
            Outcome::Done(_) => {
                for (i, case) in chunk.written {
                    self.answers[i] = Some(BulkAnswer::Done(case));
                }
                Ok(None)
            }
            other => {
                if let Some(lease) = decided_meanwhile {
                    self.centre.store.numbers.give_back(std::mem::take(lease));
                }
                self.centre.store.numbers.not_committed(&other, lease);
                if let Outcome::Failed(e) = other {
                    return Err(e.into());
                }
                self.next = None;
                for (i, _) in chunk.written {
                    self.answers[i] = Some(self.centre.one(self.orders[i].actor, self.origin, &self.orders[i].command).await?);
                }
                Ok(Some(chunk.until))
            }
        }
    }
}
