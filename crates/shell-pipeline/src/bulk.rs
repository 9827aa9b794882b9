//! Bulk: many commands through the same decide code, chunk by chunk, each chunk its own transaction.
//!
//! A chunk is whole commands until about a thousand rows of detail. Facts of a chunk are read in one snapshot; a command whose
//! guards an earlier one of the chunk bumps begins the next chunk. A chunk that meets moved facts is done command by command,
//! so a conflict sends its document to the list of its own, not the chunk. What is done is known by its idempotency key: a
//! killed run is started again and goes on where it stands.

use core_case::ids::CaseId;
use core_case::refusal::Refusal;
use core_case::state::CaseState;
use core_case::stored;
use shell_store::cases;
use shell_store::db::Outcome;
use shell_store::effects::{CaseRow, Writer};
use shell_store::facts;

use crate::actor::Actor;
use crate::centre::Centre;
use crate::command::{Answer, Command, Origin, PipelineError};
use crate::submit::{Intake, moment};

/// Rows of detail in a chunk.
const CHUNK: usize = 1_000;
/// Commands whose facts are read at once.
const AHEAD: usize = 200;

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
        mut seen: impl FnMut(usize),
    ) -> Result<Vec<BulkAnswer>, PipelineError> {
        let _held = self.hold_day();
        let mut answers: Vec<Option<BulkAnswer>> = vec![None; orders.len()];
        let known = self.known_keys(orders).await?;
        let mut todo: Vec<usize> = Vec::new();
        for (i, order) in orders.iter().enumerate() {
            match known.get(&order.command.key) {
                Some(case) => answers[i] = Some(BulkAnswer::Unchanged(*case)),
                None => todo.push(i),
            }
        }
        let mut at = 0;
        while at < todo.len() {
            at += self.chunk(origin, orders, &todo[at..], &mut answers).await?;
            seen(orders.len() - todo.len() + at);
        }
        Ok(answers.into_iter().map(|a| a.unwrap_or(BulkAnswer::Failed("没有办理".into()))).collect())
    }

    /// Does one chunk; returns how many commands it took.
    async fn chunk(
        &self,
        origin: &Origin,
        orders: &[Order<'_>],
        todo: &[usize],
        answers: &mut [Option<BulkAnswer>],
    ) -> Result<usize, PipelineError> {
        let mut intakes: Vec<(usize, Intake)> = Vec::new();
        for &i in todo.iter().take(AHEAD) {
            match self.intake(orders[i].actor, &orders[i].command) {
                Ok(Ok(intake)) => intakes.push((i, intake)),
                Ok(Err(errors)) => {
                    let words: Vec<String> = errors.into_iter().map(|e| format!("{} {}", e.path, e.message)).collect();
                    answers[i] = Some(BulkAnswer::Failed(words.join("；")));
                }
                Err(e) => answers[i] = Some(BulkAnswer::Failed(e.to_string())),
            }
        }
        let ahead = todo.len().min(AHEAD);
        if intakes.is_empty() {
            return Ok(ahead);
        }
        let asks: Vec<Vec<core_case::nouns::Ask>> = intakes.iter().map(|(_, n)| n.prepared.asks(&n.at)).collect();
        let all: Vec<core_case::nouns::Ask> = asks.iter().flatten().cloned().collect();
        let loaded = facts::load(&self.store, &all).await?;
        let mut facts_left = loaded.answers.into_iter();
        let day = self.day();
        self.store.numbers.prime(&self.store.db, &Writer::ranges(day)).await?;
        let policy = self.policy_digest();
        let mut writer = Writer::new(&self.store, moment(day, orders[intakes[0].0].actor, origin));
        let mut written: Vec<(usize, BulkAnswer)> = Vec::new();
        let mut single: Option<usize> = None;
        let mut taken = ahead;
        for ((i, intake), asks) in intakes.iter().zip(&asks) {
            let Order { actor, command } = &orders[*i];
            writer.acting(actor.user);
            let own: Vec<core_case::nouns::Answer> = facts_left.by_ref().take(asks.len()).collect();
            let guards = self.guards_of(asks, &own, &loaded.guards);
            if writer.weight() >= CHUNK || !writer.independent_of(&guards) {
                taken = todo.iter().position(|t| t == i).unwrap_or(ahead);
                break;
            }
            let mut decided = match self.decide_on(actor, intake, asks, facts::Loaded { answers: own, guards }) {
                Ok(decided) => decided,
                Err(e) => {
                    answers[*i] = Some(BulkAnswer::Failed(e.to_string()));
                    continue;
                }
            };
            let flow = self.flow(intake)?;
            let free = self.conflict(&mut decided, None).await?.is_none();
            match &decided.outcome {
                Ok(decision) if flow.is_empty() && free => {
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
                        flow: &flow,
                        policy: &policy,
                        refusals: &[],
                    };
                    let numbers = writer.new_case(intake.entry.name)?;
                    writer.idempotency(&command.key, &command.digest(), numbers.0);
                    writer.read_guards(decided.guards.clone());
                    writer.commit_new(numbers, &intake.at, &row, decision)?;
                    written.push((*i, BulkAnswer::Done(numbers.0)));
                }
                // Refusals, reviews and conflicts go the single way, where they are recorded one by one, in order.
                _ => {
                    if written.is_empty() {
                        single = Some(*i);
                        taken = todo.iter().position(|t| t == i).unwrap_or(ahead) + 1;
                    } else {
                        taken = todo.iter().position(|t| t == i).unwrap_or(ahead);
                    }
                    break;
                }
            }
        }
        if let Some(i) = single {
            answers[i] = Some(self.one(orders[i].actor, origin, &orders[i].command).await?);
            return Ok(taken);
        }
        if written.is_empty() {
            return Ok(taken);
        }
        let (unit, lease) = writer.finish();
        match self.store.db.commit(unit).await {
            Outcome::Done(_) => {
                for (i, answer) in written {
                    answers[i] = Some(answer);
                }
            }
            Outcome::Failed(e) => return Err(e.into()),
            // Facts moved, or the answer was lost: each by itself; a key that is there already tells what went through.
            other => {
                self.not_committed(&other, lease);
                for (i, _) in written {
                    answers[i] = Some(self.one(orders[i].actor, origin, &orders[i].command).await?);
                }
            }
        }
        Ok(taken)
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
            Ok(Answer::Conflict { sentence }) => BulkAnswer::Failed(sentence),
            Err(PipelineError::Centre(e)) => return Err(PipelineError::Centre(e)),
            Err(e) => BulkAnswer::Failed(e.to_string()),
        })
    }

    /// The guards one command's facts stand under, out of those read for all.
    fn guards_of(
        &self,
        asks: &[core_case::nouns::Ask],
        facts: &[core_case::nouns::Answer],
        all: &std::collections::BTreeMap<String, i64>,
    ) -> std::collections::BTreeMap<String, i64> {
        use core_case::guard::Guard;
        let mut guards: Vec<Guard> = asks.iter().flat_map(core_case::nouns::Ask::guards).collect();
        guards.extend(facts.iter().filter_map(core_case::nouns::Answer::guards));
        guards.iter().map(|g| self.store.keys.guard_key(g)).filter_map(|key| all.get(&key).map(|version| (key.clone(), *version))).collect()
    }

    /// Keys that have an answer already.
    async fn known_keys(&self, orders: &[Order<'_>]) -> Result<std::collections::HashMap<String, CaseId>, PipelineError> {
        let mut known = std::collections::HashMap::new();
        for some in orders.chunks(5_000) {
            let keys: Vec<String> = some.iter().map(|o| o.command.key.clone()).collect();
            known.extend(cases::answered_many(&self.store, keys).await?);
        }
        Ok(known)
    }
}
