//! A window (批): the next commands of a run, whose facts and cases in flight are asked together while others are decided.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use core_case::guard::Guard;
use core_case::nouns::{Answer as Fact, Ask};
use shell_store::cases::{self, InFlight};
use shell_store::db::DbError;
use shell_store::facts::{self, Loaded};
use shell_store::keys::Keys;
use tokio::task::JoinHandle;

use super::{BulkAnswer, Order};
use crate::centre::Centre;
use crate::command::PipelineError;
use crate::submit::{Intake, around, containers};

/// The next commands of a run.
pub(super) struct Window {
    /// Place of its first command among those to do.
    pub(super) from: usize,
    /// How many of those to do it covers.
    pub(super) taken: usize,
    /// Commands to decide: place among those to do, the order's own place, the command read, its questions.
    pub(super) reading: Vec<(usize, usize, Intake, Vec<Ask>)>,
    /// Orders whose form does not hold, or that nobody may give.
    pub(super) failed: Vec<(usize, BulkAnswer)>,
    /// Its first command waits for review: it goes the single way, and nothing was asked for it.
    pub(super) single: bool,
    /// Guards bumped by units that were not committed yet when the facts were asked, or came later: what was read under them
    /// may have moved.
    pub(super) moved: BTreeSet<String>,
    seen: Option<JoinHandle<Result<Seen, DbError>>>,
}

/// What a window's commands are decided on.
pub(super) struct Seen {
    answers: std::vec::IntoIter<Fact>,
    guards: BTreeMap<String, i64>,
    /// Cases in flight about anything these commands concern.
    pub(super) flying: Vec<InFlight>,
    flight_guards: BTreeMap<String, i64>,
}

impl Window {
    /// Takes the next commands, at most `ahead`, up to one that waits for review, and begins to ask.
    pub(super) fn begin(centre: &Centre, orders: &[Order<'_>], todo: &[usize], from: usize, ahead: usize) -> Result<Window, PipelineError> {
        let mut window =
            Window { from, taken: 0, reading: Vec::new(), failed: Vec::new(), single: false, moved: BTreeSet::new(), seen: None };
        for (place, &i) in todo.iter().enumerate().skip(from).take(ahead) {
            match centre.intake(orders[i].actor, &orders[i].command) {
                Ok(Ok(intake)) => {
                    if !centre.flow(&intake)?.is_empty() {
                        window.single = window.taken == 0;
                        break;
                    }
                    let asks = intake.prepared.asks(&intake.at);
                    window.reading.push((place, i, intake, asks));
                }
                Ok(Err(errors)) => {
                    let words: Vec<String> = errors.into_iter().map(|e| format!("{} {}", e.path, e.message)).collect();
                    window.failed.push((i, BulkAnswer::Failed(words.join("；"))));
                }
                Err(e) => window.failed.push((i, BulkAnswer::Failed(e.to_string()))),
            }
            window.taken += 1;
        }
        if !window.reading.is_empty() {
            let asks: Vec<Vec<Ask>> = window.reading.iter().map(|(_, _, _, asks)| asks.clone()).collect();
            let concerns: Vec<_> = window.reading.iter().map(|(_, _, intake, _)| intake.prepared.concerns()).collect();
            let store = centre.store.clone();
            window.seen = Some(tokio::spawn(async move {
                let all: Vec<Ask> = asks.iter().flatten().cloned().collect();
                let Loaded { answers, guards } = facts::load(&store, &all).await?;
                let mut at = 0;
                let subjects: Vec<_> = concerns
                    .into_iter()
                    .zip(&asks)
                    .flat_map(|(concerns, asks)| {
                        let own = &answers[at..at + asks.len()];
                        at += asks.len();
                        around(&containers(concerns, own))
                    })
                    .collect();
                let (flying, flight_guards) = cases::in_flight(&store, &subjects).await?;
                Ok(Seen { answers: answers.into_iter(), guards, flying, flight_guards })
            }));
        }
        Ok(window)
    }

    /// Waits for what was asked; none when nothing was.
    pub(super) async fn seen(&mut self) -> Result<Option<Seen>, PipelineError> {
        match self.seen.take() {
            None => Ok(None),
            Some(asked) => Ok(Some(asked.await.map_err(|stopped| DbError::Lost(stopped.to_string()))??)),
        }
    }
}

impl Seen {
    /// The next command's facts, with the guards they stand under.
    pub(super) fn next(&mut self, keys: &Keys, asks: &[Ask]) -> Loaded {
        let answers: Vec<Fact> = self.answers.by_ref().take(asks.len()).collect();
        let mut guards: Vec<Guard> = asks.iter().flat_map(Ask::guards).collect();
        guards.extend(answers.iter().filter_map(Fact::guards));
        let versions =
            guards.iter().map(|g| keys.guard_key(g)).filter_map(|key| self.guards.get(&key).map(|version| (key.clone(), *version)));
        let guards = versions.collect();
        Loaded { answers, guards }
    }

    /// Versions under which it was seen what is in flight about these subjects.
    pub(super) fn flight_guards(&self, subjects: &[core_case::effect::Subject]) -> HashMap<String, i64> {
        let versions = subjects.iter().map(cases::flight_guard);
        versions.filter_map(|key| self.flight_guards.get(&key).map(|version| (key.clone(), *version))).collect()
    }
}
