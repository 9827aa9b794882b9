//! Reading cases: the row with its form opened, its reviews, what is in flight, and which case answered a key.

use std::collections::BTreeMap;

use core_calendar::Day;
use core_case::action::{Entry, Reading};
use core_case::digest::Digest;
use core_case::effect::Subject;
use core_case::flow::Channel;
use core_case::ids::{CaseId, UnitId, UserId};
use core_case::refusal::Refusal;
use core_case::state::CaseState;
use core_case::stored::StoredForm;
use core_money::Money;

use crate::db::{DbError, Query, Registered, Row};
use crate::facts::choice;
use crate::store::Store;

/// The statements of this module.
pub(crate) static QUERIES: &[Registered] = &[
    Registered { name: "cases.one", sql: ONE },
    Registered { name: "cases.reviews", sql: REVIEWS },
    Registered { name: "cases.steps", sql: STEPS },
    Registered { name: "cases.formers", sql: FORMERS },
    Registered { name: "cases.key", sql: KEY },
    Registered { name: "cases.in_flight", sql: IN_FLIGHT },
    Registered { name: "cases.reasons", sql: REASONS },
    Registered { name: "cases.waiting_lists", sql: EXPIRED_LISTS },
];

const ONE: &str = "SELECT id, action, version, state, channel, accepted, promised, maker, branch, summary, amount, form, effects, \
    effect_count, digest, flow, level, policy, reasons, refusals, done_day FROM business_case WHERE id = $1";
const REVIEWS: &str = "SELECT round, level, reviewer FROM case_review WHERE case_id = $1 ORDER BY round, level";
const STEPS: &str = "SELECT seq, kind, by_user, at, day, digest, note FROM case_step WHERE case_id = $1 ORDER BY seq";
const FORMERS: &str = "SELECT seq, version, summary, form FROM case_former WHERE case_id = $1 ORDER BY seq";
const KEY: &str = "SELECT command, case_id FROM idempotency WHERE key = $1";
const IN_FLIGHT: &str = "SELECT case_id, subject, container, class FROM case_concern WHERE subject = ANY($1) OR container = ANY($1)";
const REASONS: &str = "SELECT reasons FROM reason_set WHERE hash = $1";
const EXPIRED_LISTS: &str = "SELECT id FROM remittance_list WHERE state = 'awaiting_money' AND expires < $1 ORDER BY id";

/// A case as stored.
#[derive(Clone, Debug)]
pub struct StoredCase {
    /// 业务流水号
    pub id: CaseId,
    /// Name of the action.
    pub action: String,
    /// Version of the form.
    pub version: usize,
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
    /// Sealed form; [`StoredCase::form`] opens it.
    sealed_form: Vec<u8>,
    /// Effect lines kept.
    pub effects: Vec<String>,
    /// Number of effects.
    pub effect_count: u64,
    /// Digest shown.
    pub digest: Option<Digest>,
    /// Roles of the review levels.
    pub flow: Vec<String>,
    /// Levels approved so far.
    pub level: usize,
    /// Digest of the policy set it was entered under.
    pub policy: String,
    /// Hash of its reasons.
    pub reasons: Option<Vec<u8>>,
    /// Refusals as JSON.
    pub refusals: Option<String>,
    /// Day it was done.
    pub done_day: Option<Day>,
}

impl StoredCase {
    /// The form as it was entered.
    ///
    /// # Errors
    /// When the ciphertext was altered or moved, or its key is missing.
    pub fn form(&self, store: &Store) -> Result<StoredForm, DbError> {
        self.form_text(store).map(StoredForm::new).map_err(|e| DbError::BadValue(e.to_string()))
    }

    /// The form as its text, to be sealed elsewhere.
    pub(crate) fn form_text(&self, store: &Store) -> Result<String, shell_vault::VaultError> {
        store.keys.open("business_case", "form", self.id.0, &self.sealed_form)
    }

    /// The form read again in its present shape.
    ///
    /// # Errors
    /// As [`StoredCase::form`], and when it is no text of a form.
    pub fn read_form(&self, store: &Store, entry: &Entry) -> Result<Reading, DbError> {
        self.form(store)?.read(entry, self.version).map_err(|e| self.bad_form(&e))
    }

    /// The form as JSON with at most so many lines of each table, and how many there are of each.
    ///
    /// # Errors
    /// As [`StoredCase::read_form`].
    pub fn shown_form(&self, store: &Store, most: usize) -> Result<(serde_json::Value, Vec<(String, usize)>), DbError> {
        let form = self.form(store)?;
        let counts = form.counts().into_iter().map(|(table, n)| (table.to_owned(), n)).collect();
        Ok((form.value(most).map_err(|e| self.bad_form(&e))?, counts))
    }

    fn bad_form(&self, e: &serde_json::Error) -> DbError {
        DbError::BadValue(format!("form of case {}: {e}", self.id))
    }

    /// Why it was refused, as it was said then; empty for a case that was not.
    ///
    /// # Errors
    /// When what is stored is not what this or an earlier version wrote.
    pub fn refused(&self) -> Result<Vec<Refusal>, DbError> {
        let Some(text) = &self.refusals else { return Ok(Vec::new()) };
        serde_json::from_str(text).map_err(|e| DbError::BadValue(format!("refusals of case {}: {e}", self.id)))
    }
}

/// A step as stored.
#[derive(Clone, Debug)]
pub struct StoredStep {
    /// Number, from 1.
    pub seq: i64,
    /// Kind code.
    pub kind: String,
    /// Who.
    pub by: UserId,
    /// Seconds since 1970.
    pub at: i64,
    /// Business day.
    pub day: Day,
    /// Digest seen.
    pub digest: Option<String>,
    /// Remark.
    pub note: String,
}

/// A review as stored.
#[derive(Clone, Copy, Debug)]
pub struct StoredReview {
    /// Round: a new one begins whenever a case is shown anew.
    pub round: i64,
    /// Level, from 1.
    pub level: i64,
    /// Who.
    pub reviewer: UserId,
}

/// A case with its steps and reviews.
#[derive(Clone, Debug)]
pub struct WholeCase {
    /// The row.
    pub case: StoredCase,
    /// Its steps.
    pub steps: Vec<StoredStep>,
    /// Its reviews.
    pub reviews: Vec<StoredReview>,
}

impl WholeCase {
    /// The round of reviews under way.
    pub fn round(&self) -> i64 {
        let anew = |kind: &str| matches!(kind, "differs" | "resubmitted" | "corrected");
        1 + self.steps.iter().filter(|s| anew(&s.kind)).count() as i64
    }
    /// Number of the next step.
    pub fn next_seq(&self) -> i64 {
        self.steps.last().map_or(1, |s| s.seq + 1)
    }
}

/// What a case said before it was corrected (更正前的申请).
#[derive(Clone, Debug)]
pub struct Former {
    /// Number of the step that replaced it.
    pub seq: i64,
    /// Version of its form.
    pub version: usize,
    /// Title.
    pub summary: String,
    /// The form as it was entered.
    pub form: serde_json::Value,
}

/// The forms that a case had before, oldest first, with at most so many lines of each table.
///
/// # Errors
/// When the database does not answer, or a ciphertext was altered or moved.
pub async fn formers(store: &Store, case: CaseId, most: usize) -> Result<Vec<Former>, DbError> {
    let rows = store.db.read(vec![Query::new(FORMERS, [case.0.into()])]).await?;
    let read = |row: &Row| {
        let (seq, version, sealed): (i64, i64, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(3)?);
        let place = crate::effects::former_row(case, seq);
        let text = store.keys.open("case_former", "form", &place, &sealed).map_err(|e| DbError::BadValue(e.to_string()))?;
        let form = StoredForm::new(text).value(most).map_err(|e| DbError::BadValue(format!("former form of case {case}: {e}")))?;
        Ok(Former { seq, version: version as usize, summary: row.get(2)?, form })
    };
    rows[0].iter().map(read).collect()
}

/// What another case in flight concerns.
#[derive(Clone, Debug)]
pub struct InFlight {
    /// Which case.
    pub case: CaseId,
    /// About what.
    pub subject: String,
    /// Within what.
    pub container: String,
    /// Class code.
    pub class: String,
}

/// Reads a case with its steps and reviews.
///
/// # Errors
/// When the database does not answer.
pub async fn whole(store: &Store, id: CaseId) -> Result<Option<WholeCase>, DbError> {
    let by = || [id.0.into()];
    let rows = store.db.read(vec![Query::new(ONE, by()), Query::new(STEPS, by()), Query::new(REVIEWS, by())]).await?;
    let Some(row) = rows[0].first() else { return Ok(None) };
    let mut steps = Vec::new();
    for row in &rows[1] {
        steps.push(StoredStep {
            seq: row.get(0)?,
            kind: row.get(1)?,
            by: UserId(row.get(2)?),
            at: row.get(3)?,
            day: row.get(4)?,
            digest: row.get(5)?,
            note: row.get(6)?,
        });
    }
    let mut reviews = Vec::new();
    for row in &rows[2] {
        reviews.push(StoredReview { round: row.get(0)?, level: row.get(1)?, reviewer: UserId(row.get(2)?) });
    }
    Ok(Some(WholeCase { case: read_case(row.clone())?, steps, reviews }))
}

fn read_case(row: Row) -> Result<StoredCase, DbError> {
    let mut c = row.cells();
    let (id, action): (i64, String) = (c.next()?, c.next()?);
    let (version, state, channel): (i64, String, String) = (c.next()?, c.next()?, c.next()?);
    let (accepted, promised) = (c.next()?, c.next()?);
    let (maker, branch): (i64, i64) = (c.next()?, c.next()?);
    let (summary, amount, sealed_form): (String, Option<i64>, Vec<u8>) = (c.next()?, c.next()?, c.next()?);
    let (effects, effect_count): (String, u64) = (c.next()?, c.next()?);
    let (digest, flow, level): (Option<String>, String, usize) = (c.next()?, c.next()?, c.next()?);
    let (policy, reasons, refusals, done_day) = (c.next()?, c.next()?, c.next()?, c.next()?);
    c.end()?;
    Ok(StoredCase {
        id: CaseId(id),
        action,
        version: version as usize,
        state: choice(&state)?,
        channel: choice(&channel)?,
        accepted,
        promised,
        maker: UserId(maker),
        branch: UnitId(branch),
        summary,
        amount: amount.map(Money::from_fen),
        sealed_form,
        effects: effects.lines().map(str::to_owned).collect(),
        effect_count,
        digest: digest.as_deref().and_then(Digest::parse),
        flow: flow.split_whitespace().map(str::to_owned).collect(),
        level,
        policy,
        reasons,
        refusals,
        done_day,
    })
}

/// The case that answered an idempotency key, with the digest of the command it answered.
///
/// # Errors
/// When the database does not answer.
pub async fn answered(store: &Store, key: &str) -> Result<Option<(Vec<u8>, CaseId)>, DbError> {
    let rows = store.db.read(vec![Query::new(KEY, [key.into()])]).await?;
    match rows[0].first() {
        Some(row) => Ok(Some((row.get(0)?, CaseId(row.get(1)?)))),
        None => Ok(None),
    }
}

/// Key of the guard of cases in flight about a subject: whoever registers a case bumps it, whoever asks reads it.
pub fn flight_guard(subject: &Subject) -> String {
    format!("flight:{}", subject.key())
}

/// Cases in flight about any of these subjects, or about something within them, and the guard versions that answer stands
/// under (absent rows as version 0), from one snapshot.
///
/// # Errors
/// When the database does not answer.
pub async fn in_flight(store: &Store, subjects: &[Subject]) -> Result<(Vec<InFlight>, BTreeMap<String, i64>), DbError> {
    let mut guards: BTreeMap<String, i64> = subjects.iter().map(|s| (flight_guard(s), 0)).collect();
    if subjects.is_empty() {
        return Ok((Vec::new(), guards));
    }
    let keys: Vec<String> = subjects.iter().map(Subject::key).collect();
    let asked: Vec<String> = guards.keys().cloned().collect();
    let rows = store.db.read(vec![Query::new(IN_FLIGHT, [keys.into()]), Query::new(crate::facts::GUARDS, [asked.into()])]).await?;
    for row in &rows[1] {
        guards.insert(row.get(0)?, row.get(1)?);
    }
    let cases = rows[0]
        .iter()
        .map(|row| Ok(InFlight { case: CaseId(row.get(0)?), subject: row.get(1)?, container: row.get(2)?, class: row.get(3)? }))
        .collect::<Result<Vec<_>, DbError>>()?;
    Ok((cases, guards))
}

/// The reasons of a case as JSON, empty where it has none.
///
/// # Errors
/// When the database does not answer.
pub async fn reasons(store: &Store, case: &StoredCase) -> Result<String, DbError> {
    let Some(hash) = &case.reasons else { return Ok("[]".into()) };
    let rows = store.db.read(vec![Query::new(REASONS, [hash.clone().into()])]).await?;
    rows[0].first().map_or(Ok("[]".into()), |row| row.get(0))
}

/// Lists whose term to be paid is over.
///
/// # Errors
/// When the database does not answer.
pub async fn expired_lists(store: &Store, today: Day) -> Result<Vec<i64>, DbError> {
    let rows = store.db.read(vec![Query::new(EXPIRED_LISTS, [today.into()])]).await?;
    rows[0].iter().map(|row| row.get(0)).collect()
}

const KEYS: &str = "SELECT i.key, i.case_id, c.state FROM idempotency i JOIN business_case c ON c.id = i.case_id WHERE i.key = ANY($1)";

/// The statement of [`answered_many`].
pub(crate) static KEY_QUERIES: &[Registered] = &[Registered { name: "cases.keys", sql: KEYS }];

/// Cases that answered any of these keys, and their states.
///
/// # Errors
/// When the database does not answer.
pub async fn answered_many(store: &Store, keys: Vec<String>) -> Result<Vec<(String, (CaseId, CaseState))>, DbError> {
    let rows = store.db.read(vec![Query::new(KEYS, [keys.into()])]).await?;
    rows[0].iter().map(|r| Ok((r.get(0)?, (CaseId(r.get(1)?), choice(&r.get::<String>(2)?)?)))).collect()
}
