//! A command (指令) on its way in and what comes back.

use core_calendar::Day;
use core_case::digest::Digest;
use core_case::effect::Decision;
use core_case::flow::Channel;
use core_case::form::{Choice, FieldError};
use core_case::ids::CaseId;
use core_case::refusal::Refusal;
use core_case::state::CaseState;
use serde_json::Value;

/// A command: which action, with what, under which key.
#[derive(Clone, Debug)]
pub struct Command {
    /// Name of the action.
    pub action: String,
    /// The form as JSON.
    pub form: Value,
    /// Idempotency key; the same key with the same command is answered by the same case.
    pub key: String,
    /// Channel.
    pub channel: Channel,
}

impl Command {
    /// A command at the counter.
    pub fn new(action: &str, form: Value, key: impl Into<String>) -> Command {
        Command { action: action.to_owned(), form, key: key.into(), channel: Channel::Counter }
    }

    /// The same by another channel.
    #[must_use]
    pub fn by(mut self, channel: Channel) -> Command {
        self.channel = channel;
        self
    }

    /// What the key stands for: action, channel and form.
    pub(crate) fn digest(&self) -> Digest {
        Digest::of(format!("{}\n{}\n{}", self.action, self.channel.code(), self.form).as_bytes())
    }
}

/// From where a request came, for audit.
#[derive(Clone, Debug)]
pub struct Origin {
    /// Seconds since 1970.
    pub now: i64,
    /// Address or `cli`, `batch`.
    pub address: String,
    /// Request id.
    pub request: String,
}

impl Origin {
    /// An origin on this machine, now.
    pub fn local(address: &str) -> Origin {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_secs() as i64);
        Origin { now, address: address.to_owned(), request: String::new() }
    }
}

/// What became of a command.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Carried out.
    Done(Done),
    /// Waits for its first review.
    Waiting(Waiting),
    /// The rules said no; kept under this case where it was recorded.
    Refused {
        /// The case, none where nothing was recorded (a dry run).
        case: Option<CaseId>,
        /// All refusals.
        refusals: Vec<Refusal>,
    },
    /// The form has errors; nothing was recorded.
    Fields(Vec<FieldError>),
    /// The case of this key ended without being carried out: rejected, withdrawn, expired or voided.
    Ended {
        /// The case.
        case: CaseId,
        /// How it ended.
        state: CaseState,
    },
    /// Another case in flight stands in the way.
    Conflict {
        /// Sentence for the person.
        sentence: String,
    },
}

/// What is told of a case that ended, to whoever sends its command again.
pub fn ended(case: CaseId, state: CaseState) -> String {
    format!("业务 {case} {}，没有办理。要再办，请重新提交一笔（换一个幂等键）。", state.words())
}

/// Carried out.
#[derive(Clone, Debug)]
pub struct Done {
    /// The case.
    pub case: CaseId,
    /// Effect lines, as many as are kept.
    pub effects: Vec<String>,
    /// Digest of all effects.
    pub digest: Option<Digest>,
    /// Whether it had been done before under the same key.
    pub repeated: bool,
}

/// Waits for review.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The case.
    pub case: CaseId,
    /// Effect lines that the reviewer sees.
    pub effects: Vec<String>,
    /// Digest to sign.
    pub digest: Option<Digest>,
    /// Role of the next review.
    pub next: String,
    /// Promised by.
    pub promised: Option<Day>,
    /// Whether it had been entered before under the same key.
    pub repeated: bool,
}

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// No such action.
    #[error("没有“{0}”这项业务。用 anju case --list 查看全部业务。")]
    NoAction(String),
    /// No such case.
    #[error("没有业务流水号 {0}。")]
    NoCase(CaseId),
    /// The actor may not do this; recorded.
    #[error("{0}")]
    Denied(String),
    /// The key was used for another command.
    #[error("幂等键 {0} 已用于另一条指令。换一个键再提交。")]
    KeyReused(String),
    /// The case is not in a state for this.
    #[error("业务 {case} 现在是“{state}”，不能{what}。")]
    WrongState {
        /// The case.
        case: CaseId,
        /// Its state in words.
        state: &'static str,
        /// What was wanted.
        what: &'static str,
    },
    /// The digest signed is not the one shown now.
    #[error("显示的内容已经变化，请重新打开业务 {0} 再签。")]
    Stale(CaseId),
    /// Policy has nothing for a date of the case.
    #[error("{0}")]
    NoRule(String),
    /// The facts kept moving; nothing was recorded.
    #[error("数据正在变化，请稍后再试。")]
    Busy,
    /// A named rule of the database refused a row: a bug unless its sentence says otherwise.
    #[error("数据库拒绝：{0}")]
    Constraint(String),
    /// The centre or its database.
    #[error(transparent)]
    Centre(#[from] crate::centre::CentreError),
    /// Writing.
    #[error(transparent)]
    Write(#[from] shell_store::effects::WriteError),
}

impl From<shell_store::db::DbError> for PipelineError {
    fn from(e: shell_store::db::DbError) -> PipelineError {
        PipelineError::Centre(e.into())
    }
}

/// Effect lines of a decision, as many as people read.
pub(crate) fn lines(decision: &Decision) -> Vec<String> {
    decision.lines().take(400).collect()
}
