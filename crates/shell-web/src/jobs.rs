//! Files being read (导入作业): each upload is tried first, shows its errors, and is imported when its person says so.
//!
//! A job lives in memory only, with its file: what people send holds identity numbers and does not belong on a disk of ours. It
//! is seen by nobody but the person who began it, and the oldest ones make room for new ones.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use core_case::digest::Digest;
use core_case::ids::UserId;
use shell_pipeline::import::{self, ImportAnswer, Kind, Options, Progress};
use shell_pipeline::{Actor, Centre, Origin};
use tokio::sync::watch;

/// Jobs that are kept.
const KEPT: usize = 48;

/// Bytes of files that are kept, together.
const BYTES: usize = 256 * 1024 * 1024;

/// How far a job is (进度).
#[derive(Clone, Debug)]
pub(crate) enum Stage {
    /// Being tried, or being imported.
    Running(bool, Progress),
    /// Tried: nothing has changed.
    Tried(Arc<ImportAnswer>),
    /// Imported.
    Done(Arc<ImportAnswer>),
    /// Not done, with a sentence for the person.
    Failed(String),
}

impl Stage {
    /// Whether nothing is running.
    pub(crate) fn rests(&self) -> bool {
        !matches!(self, Stage::Running(..))
    }
}

/// One upload.
#[derive(Debug)]
pub(crate) struct Job {
    /// Names it in addresses.
    pub(crate) id: String,
    /// Who sent it.
    pub(crate) by: UserId,
    /// What it is.
    pub(crate) kind: Kind,
    /// Name of the file.
    pub(crate) name: String,
    /// The file.
    bytes: Bytes,
    /// Options it is tried and imported with.
    pub(crate) options: Options,
    /// Seconds since 1970.
    pub(crate) began: i64,
    stage: watch::Sender<Stage>,
}

impl Job {
    /// How far it is.
    pub(crate) fn stage(&self) -> Stage {
        self.stage.borrow().clone()
    }

    /// Follows it.
    pub(crate) fn follow(&self) -> watch::Receiver<Stage> {
        self.stage.subscribe()
    }

    /// Imports what was tried; says nothing and does nothing while it runs or once it is done, so that a second press is harmless.
    pub(crate) fn import(self: &Arc<Job>, centre: Arc<Centre>, actor: Actor, origin: Origin, good_rows: bool) {
        let began = self.stage.send_if_modified(|stage| match stage {
            Stage::Tried(_) => {
                *stage = Stage::Running(true, Progress { stage: "登记", done: 0, total: 1 });
                true
            }
            _ => false,
        });
        if began {
            let options = Options { dry_run: false, accept_good_rows: good_rows, ..self.options };
            self.run(centre, actor, origin, options);
        }
    }

    fn run(self: &Arc<Job>, centre: Arc<Centre>, actor: Actor, origin: Origin, options: Options) {
        let job = self.clone();
        let runtime = tokio::runtime::Handle::current();
        // Reading a workbook takes the processor for a while: not on the threads that answer requests.
        tokio::task::spawn_blocking(move || {
            let importing = !options.dry_run;
            let mut told = |progress: Progress| {
                job.stage.send_replace(Stage::Running(importing, progress));
            };
            let work = import::import(&centre, &actor, &origin, job.kind, &job.bytes, &job.name, options, &mut told);
            let outcome = runtime.block_on(work);
            job.stage.send_replace(match outcome {
                Ok(answer) if importing => Stage::Done(Arc::new(answer)),
                Ok(answer) => Stage::Tried(Arc::new(answer)),
                Err(shell_pipeline::PipelineError::Centre(e)) => {
                    tracing::error!("import {}: {e}", job.id);
                    Stage::Failed("暂时连不上账务库，没有导入。过一会儿再试，不会重复。".into())
                }
                Err(e) => Stage::Failed(e.to_string()),
            });
        });
    }
}

/// The jobs of this process.
#[derive(Debug, Default)]
pub(crate) struct Jobs(Mutex<VecDeque<Arc<Job>>>);

impl Jobs {
    /// Begins to try a file.
    pub(crate) fn begin(
        &self,
        centre: Arc<Centre>,
        actor: &Actor,
        origin: &Origin,
        kind: Kind,
        (name, bytes): (String, Bytes),
        options: Options,
    ) -> Arc<Job> {
        let id = Digest::of(format!("job\n{}\n{}\n{name}", origin.request, actor.user.0).as_bytes()).to_string();
        let (stage, _) = watch::channel(Stage::Running(false, Progress { stage: "读取", done: 0, total: 1 }));
        let job = Arc::new(Job {
            id: id.chars().filter(char::is_ascii_hexdigit).take(20).collect(),
            by: actor.user,
            kind,
            name,
            bytes,
            options,
            began: origin.now,
            stage,
        });
        job.run(centre, actor.clone(), origin.clone(), Options { dry_run: true, ..options });
        let mut jobs = self.0.lock().unwrap_or_else(|p| p.into_inner());
        jobs.push_back(job.clone());
        let size = |jobs: &VecDeque<Arc<Job>>| jobs.iter().map(|j| j.bytes.len()).sum::<usize>();
        while jobs.len() > KEPT || (jobs.len() > 1 && size(&jobs) > BYTES) {
            jobs.pop_front();
        }
        job
    }

    /// A job of this person.
    pub(crate) fn find(&self, id: &str, by: UserId) -> Option<Arc<Job>> {
        let jobs = self.0.lock().unwrap_or_else(|p| p.into_inner());
        jobs.iter().find(|job| job.id == id && job.by == by).cloned()
    }

    /// Takes a job away with its file.
    pub(crate) fn drop_one(&self, id: &str, by: UserId) {
        let mut jobs = self.0.lock().unwrap_or_else(|p| p.into_inner());
        jobs.retain(|job| job.id != id || job.by != by);
    }

    /// Jobs of this person and kind, newest first.
    pub(crate) fn of(&self, kind: Kind, by: UserId) -> Vec<Arc<Job>> {
        let jobs = self.0.lock().unwrap_or_else(|p| p.into_inner());
        jobs.iter().rev().filter(|job| job.kind == kind && job.by == by).cloned().collect()
    }
}
