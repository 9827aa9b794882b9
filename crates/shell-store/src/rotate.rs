//! Key rotation (密钥轮换): every sealed cell is opened and sealed again under the active key, every keyed hash is filled anew.
//!
//! Rule: handbook 12 §1 (keys are exchanged in use). The ring keeps old keys, so that audit codes of their time still prove; what
//! this module moves is what the centre reads and searches by every day: persons, employers, receipts, forms of cases and what
//! they were before, second factors, and the claims of personal keys and of bank lines. It goes by number, a few hundred rows a
//! unit, and passes over what is done, so a killed run is simply started again. A rotation that ended leaves an audit record; until then [`left`] says so and the
//! commands refuse to work, because a search under the new key does not meet a row under the old one.
//!
//! Left out: failures of sign-ins, whose keyed names last half an hour; versions of guards of personal keys, which begin anew.

use std::collections::BTreeMap;

use core_case::form::Choice;
use core_case::guard::Register;
use core_case::ids::{CaseId, UserId};
use core_case::nouns::IncomingKey;
use core_case::state::CaseState;
use core_case::stored::StoredForm;
use core_identity::CitizenNumber;
use core_money::Money;
use shell_vault::{KeyVersion, sealed};

use crate::db::{Batch, DbError, Expect, Kind, Query, Step, Unit, Update, Value};
use crate::effects::{AuditEntry, Moment, WriteError, Writer, former_row};
use crate::numbers::Range;
use crate::store::Store;

crate::statements! {
    ENDED = "SELECT COUNT(*) AS n FROM audit_record WHERE object = $1 AND kind = 'key-rotation' AND result = 'done'";
    COUNT_ALL = "SELECT (SELECT COUNT(*) FROM person) + (SELECT COUNT(*) FROM employer) + (SELECT COUNT(*) FROM receipt) \
        + (SELECT COUNT(*) FROM business_case) + (SELECT COUNT(*) FROM case_former) + (SELECT COUNT(*) FROM app_user) AS n";
    PERSONS = "SELECT id, id_kind, id_number, mobile, card, key_version FROM person WHERE id > $1 ORDER BY id LIMIT 400";
    EMPLOYERS = "SELECT id, representative_number, payroll_account, handler_number, handler_mobile, key_version FROM employer \
        WHERE id > $1 ORDER BY id LIMIT 400";
    RECEIPTS = "SELECT r.id, r.payer_account, r.note, r.key_version, b.number, r.host_serial, r.amount, r.payer_name FROM receipt r \
        JOIN bank_account b ON b.id = r.bank_account WHERE r.id > $1 ORDER BY r.id LIMIT 400";
    CASES = "SELECT id, state, form FROM business_case WHERE id > $1 ORDER BY id LIMIT 200";
    // A case is never cut in two.
    FORMERS = "SELECT case_id, seq, form FROM case_former WHERE case_id IN \
        (SELECT DISTINCT case_id FROM case_former WHERE case_id > $1 ORDER BY case_id LIMIT 50) ORDER BY case_id, seq";
    FACTORS = "SELECT id, totp FROM app_user WHERE id > $1 ORDER BY id LIMIT 400";
    HELD = "SELECT register, key_hash FROM claim WHERE case_id = $1 AND in_flight ORDER BY register, key_hash";
    MOVE_CLAIM = "UPDATE claim SET key_hash = $3 WHERE register = $1 AND key_hash = $2";
    FORM = "UPDATE business_case SET form = $2 WHERE id = $1";
    FORMER = "UPDATE case_former SET form = $3 WHERE case_id = $1 AND seq = $2";
    FACTOR = "UPDATE app_user SET totp = $2 WHERE id = $1";
}

/// What a rotation did (轮换结果).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rotated {
    /// Rows sealed again, by table.
    pub rows: BTreeMap<&'static str, u64>,
    /// Claims found under their new key.
    pub claims: u64,
}

/// Key of the audit record that ends a rotation.
fn mark(store: &Store) -> String {
    format!("key:{}", store.keys.version())
}

/// Rows that may still lie under an older key: none when the rotation to the active version ended.
///
/// # Errors
/// When the database does not answer.
pub async fn left(store: &Store) -> Result<u64, DbError> {
    if store.keys.ring().active() == KeyVersion::FIRST {
        return Ok(0);
    }
    let rows = store.db.read(vec![Query::new(ENDED, [mark(store).into()]), Query::new(COUNT_ALL, [])]).await?;
    let ended: i64 = rows[0].first().map_or(Ok(0), |row| row.get(0))?;
    if ended > 0 { Ok(0) } else { rows[1].first().map_or(Ok(0), |row| row.get(0)) }
}

/// Moves everything to the active key (密钥轮换), as the user who asked for it. `seen` is told how many rows were looked at and
/// how many there are. Nobody else may write meanwhile.
///
/// # Errors
/// When a cell cannot be opened, which names its row; when the database does not answer. What is done stays done.
pub async fn rotate(store: &Store, moment: Moment, seen: &mut (dyn FnMut(u64, u64) + Send)) -> Result<Rotated, RotateError> {
    let rows = store.db.read(vec![Query::new(COUNT_ALL, [])]).await?;
    let all: u64 = rows[0].first().map_or(Ok(0), |row| row.get(0))?;
    let mut at = Way { store, done: Rotated::default(), looked: 0, all, seen };
    at.persons().await?;
    at.employers().await?;
    at.receipts().await?;
    at.cases().await?;
    at.formers().await?;
    at.factors().await?;
    let done = at.done;
    store.numbers.prime(&store.db, &[Range::Audit]).await?;
    let mut writer = Writer::new(store, moment);
    let detail = serde_json::json!({ "version": store.keys.version(), "rows": &done.rows, "claims": done.claims });
    writer.audit(AuditEntry {
        kind: "key-rotation".into(),
        object: mark(store),
        detail: detail.to_string(),
        result: "done".into(),
        effects: String::new(),
    })?;
    let (unit, _) = writer.finish();
    store.db.commit(unit).await.done()?;
    Ok(done)
}

/// Why a rotation stopped.
#[derive(Debug, thiserror::Error)]
pub enum RotateError {
    /// A cell.
    #[error(transparent)]
    Vault(#[from] shell_vault::VaultError),
    /// A claim of a case in flight that its form does not explain.
    #[error("业务 {0:015} 的登记占用无法换算。先把它办结或撤回，再轮换密钥。")]
    Claim(i64),
    /// The audit record.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// A rotation on its way.
struct Way<'a> {
    store: &'a Store,
    done: Rotated,
    looked: u64,
    all: u64,
    seen: &'a mut (dyn FnMut(u64, u64) + Send),
}

impl Way<'_> {
    async fn chunk(&mut self, sql: &'static str, after: i64) -> Result<Vec<crate::db::Row>, DbError> {
        let mut rows = self.store.db.read(vec![Query::new(sql, [after.into()])]).await?;
        let rows = rows.pop().unwrap_or_default();
        self.looked += rows.len() as u64;
        (self.seen)(self.looked, self.all.max(self.looked));
        Ok(rows)
    }

    async fn commit(&mut self, table: &'static str, rows: u64, unit: Unit) -> Result<(), DbError> {
        if rows > 0 {
            let is_claim = |step: &Step| matches!(step, Step::Sql { sql, .. } if *sql == MOVE_CLAIM);
            let claims: Vec<usize> = unit.steps.iter().enumerate().filter(|(_, step)| is_claim(step)).map(|(at, _)| at).collect();
            let done = self.store.db.commit(unit).await.done()?;
            self.done.claims += claims.iter().filter_map(|at| done.counts.get(*at)).sum::<u64>();
            *self.done.rows.entry(table).or_default() += rows;
        }
        Ok(())
    }

    /// A cell under the active key; none when it is there already.
    fn again(&self, table: &str, column: &str, row: impl std::fmt::Display, cell: &[u8]) -> Result<Option<Vec<u8>>, RotateError> {
        let row = row.to_string();
        let place = shell_vault::Place { table, column, row: &row };
        Ok(sealed::reseal(&self.store.keys.ring(), &place, cell, &mut crate::keys::entropy())?)
    }

    /// The same for a batch: a cell that is there already goes back as it is.
    fn cell(&self, table: &str, column: &str, row: i64, cell: Vec<u8>) -> Result<Value, RotateError> {
        Ok(self.again(table, column, row, &cell)?.unwrap_or(cell).into())
    }

    fn maybe(&self, table: &str, column: &str, row: i64, cell: Option<Vec<u8>>) -> Result<Value, RotateError> {
        cell.map_or(Ok(Value::Null), |cell| self.cell(table, column, row, cell))
    }

    fn old(&self, version: i64) -> Option<KeyVersion> {
        let version = u8::try_from(version).ok().and_then(KeyVersion::of)?;
        (version != self.store.keys.ring().active()).then_some(version)
    }

    /// Moves the claim of a personal key from the old hash to the new one; a key that was let go has none.
    fn claim(&self, unit: Unit, old: KeyVersion, register: Register, key: &str) -> Unit {
        let (before, after) = (self.store.keys.register_key_under(old, register, key), self.store.keys.register_key(register, key));
        unit.sql(MOVE_CLAIM, [register.key().into(), before.into(), after.into()], Expect::AtMost(1))
    }

    async fn persons(&mut self) -> Result<(), RotateError> {
        let mut after = 0;
        loop {
            let rows = self.chunk(PERSONS, after).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.get(0)?;
            let mut batch = Batch::new(&[
                ("id", Kind::Int),
                ("id_number", Kind::Bytes),
                ("id_hash", Kind::Bytes),
                ("id_six", Kind::Bytes),
                ("mobile", Kind::Bytes),
                ("card", Kind::Bytes),
                ("key_version", Kind::Int),
            ]);
            let mut unit = Unit::bulk();
            for row in &rows {
                let (id, kind, number): (i64, String, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
                let (mobile, card): (Option<Vec<u8>>, Option<Vec<u8>>) = (row.get(3)?, row.get(4)?);
                let Some(old) = self.old(row.get(5)?) else { continue };
                let keys = &self.store.keys;
                let clear = keys.open("person", "id_number", id, &number)?;
                let document = format!("{kind}:{clear}");
                unit = self.claim(unit, old, Register::PersonDocument, &document);
                if let Some(mobile) = &mobile {
                    unit = self.claim(unit, old, Register::Mobile, &keys.open("person", "mobile", id, mobile)?);
                }
                if let Some(card) = &card {
                    unit = self.claim(unit, old, Register::Card, &keys.open("person", "card", id, card)?);
                }
                batch.push([
                    id.into(),
                    self.cell("person", "id_number", id, number)?,
                    keys.register_key(Register::PersonDocument, &document).into(),
                    keys.last_six(&clear).into(),
                    self.maybe("person", "mobile", id, mobile)?,
                    self.maybe("person", "card", id, card)?,
                    keys.version().into(),
                ]);
            }
            let count = batch.len() as u64;
            let set: &[&str] = &[
                "id_number = :id_number",
                "id_hash = :id_hash",
                "id_six = :id_six",
                "mobile = :mobile",
                "card = :card",
                "key_version = :key_version",
            ];
            self.commit("person", count, unit.step(changed("person", batch, set))).await?;
        }
    }

    async fn employers(&mut self) -> Result<(), RotateError> {
        let mut after = 0;
        loop {
            let rows = self.chunk(EMPLOYERS, after).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.get(0)?;
            let mut batch = Batch::new(&[
                ("id", Kind::Int),
                ("representative_number", Kind::Bytes),
                ("payroll_account", Kind::Bytes),
                ("handler_number", Kind::Bytes),
                ("handler_mobile", Kind::Bytes),
                ("key_version", Kind::Int),
            ]);
            for row in &rows {
                let id: i64 = row.get(0)?;
                if self.old(row.get(5)?).is_none() {
                    continue;
                }
                batch.push([
                    id.into(),
                    self.cell("employer", "representative_number", id, row.get(1)?)?,
                    self.maybe("employer", "payroll_account", id, row.get(2)?)?,
                    self.cell("employer", "handler_number", id, row.get(3)?)?,
                    self.cell("employer", "handler_mobile", id, row.get(4)?)?,
                    self.store.keys.version().into(),
                ]);
            }
            let count = batch.len() as u64;
            let set: &[&str] = &[
                "representative_number = :representative_number",
                "payroll_account = :payroll_account",
                "handler_number = :handler_number",
                "handler_mobile = :handler_mobile",
                "key_version = :key_version",
            ];
            self.commit("employer", count, Unit::bulk().step(changed("employer", batch, set))).await?;
        }
    }

    async fn receipts(&mut self) -> Result<(), RotateError> {
        let mut after = 0;
        loop {
            let rows = self.chunk(RECEIPTS, after).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.get(0)?;
            let columns = [("id", Kind::Int), ("payer_account", Kind::Bytes), ("note", Kind::Bytes), ("key_version", Kind::Int)];
            let mut batch = Batch::new(&columns);
            let mut unit = Unit::bulk();
            for row in &rows {
                let id: i64 = row.get(0)?;
                let Some(old) = self.old(row.get(3)?) else { continue };
                let (account, serial, payer): (String, String, String) = (row.get(4)?, row.get(5)?, row.get(7)?);
                let line = IncomingKey::of_line(&account, &serial, Money::from_fen(row.get(6)?), &payer);
                unit = self.claim(unit, old, Register::BankLine, &line.line_key());
                batch.push([
                    id.into(),
                    self.maybe("receipt", "payer_account", id, row.get(1)?)?,
                    self.cell("receipt", "note", id, row.get(2)?)?,
                    self.store.keys.version().into(),
                ]);
            }
            let count = batch.len() as u64;
            let set: &[&str] = &["payer_account = :payer_account", "note = :note", "key_version = :key_version"];
            self.commit("receipt", count, unit.step(changed("receipt", batch, set))).await?;
        }
    }

    async fn cases(&mut self) -> Result<(), RotateError> {
        let mut after = 0;
        loop {
            let rows = self.chunk(CASES, after).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.get(0)?;
            let mut unit = Unit::bulk();
            let mut count = 0;
            for row in &rows {
                let (id, state, form): (i64, String, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
                let old = sealed::version_of(&form);
                let Some(new) = self.again("business_case", "form", id, &form)? else { continue };
                if CaseState::from_code(&state).is_some_and(CaseState::in_flight)
                    && let Some(old) = old
                {
                    unit = self.held(unit, id, old, &form).await?;
                }
                unit = unit.sql(FORM, [id.into(), new.into()], Expect::Exactly(1));
                count += 1;
            }
            self.commit("business_case", count, unit).await?;
        }
    }

    /// Moves the claims that a case in flight holds: their clear keys stand in its form.
    async fn held(&mut self, mut unit: Unit, case: i64, old: KeyVersion, form: &[u8]) -> Result<Unit, RotateError> {
        let rows = self.store.db.read(vec![Query::new(HELD, [case.into()])]).await?;
        let mut wanted: Vec<(Register, Vec<u8>)> = Vec::new();
        for row in &rows[0] {
            let key: String = row.get(0)?;
            let personal =
                [Register::PersonDocument, Register::Mobile, Register::Card, Register::BankLine].into_iter().find(|r| r.key() == key);
            if let Some(register) = personal {
                wanted.push((register, row.get(1)?));
            }
        }
        if wanted.is_empty() {
            return Ok(unit);
        }
        let form = StoredForm::new(self.store.keys.open("business_case", "form", case, form)?)
            .value(usize::MAX)
            .map_err(|e| DbError::BadValue(format!("form of case {case}: {e}")))?;
        let mut texts = Vec::new();
        gather(&form, &mut texts);
        let mut known: BTreeMap<(&'static str, Vec<u8>), String> = BTreeMap::new();
        for text in &texts {
            for (register, key) in candidates(text) {
                known.insert((register.key(), self.store.keys.register_key_under(old, register, &key)), key);
            }
        }
        if let Some(key) = bank_line(&form) {
            known.insert((Register::BankLine.key(), self.store.keys.register_key_under(old, Register::BankLine, &key)), key);
        }
        for (register, hash) in wanted {
            let key = known.get(&(register.key(), hash)).ok_or(RotateError::Claim(case))?;
            unit = self.claim(unit, old, register, key);
        }
        Ok(unit)
    }

    async fn formers(&mut self) -> Result<(), RotateError> {
        let mut after = 0;
        loop {
            let rows = self.chunk(FORMERS, after).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.get(0)?;
            let mut unit = Unit::bulk();
            let mut count = 0;
            for row in &rows {
                let (case, seq, form): (i64, i64, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
                if let Some(new) = self.again("case_former", "form", former_row(CaseId(case), seq), &form)? {
                    unit = unit.sql(FORMER, [case.into(), seq.into(), new.into()], Expect::Exactly(1));
                    count += 1;
                }
            }
            self.commit("case_former", count, unit).await?;
        }
    }

    async fn factors(&mut self) -> Result<(), RotateError> {
        let mut after = 0;
        loop {
            let rows = self.chunk(FACTORS, after).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.get(0)?;
            let mut unit = Unit::bulk();
            let mut count = 0;
            for row in &rows {
                let (id, secret): (i64, Option<Vec<u8>>) = (row.get(0)?, row.get(1)?);
                let Some(secret) = secret else { continue };
                if let Some(new) = self.again("app_user", "totp", id, &secret)? {
                    unit = unit.sql(FACTOR, [id.into(), new.into()], Expect::Exactly(1));
                    count += 1;
                }
            }
            self.commit("app_user", count, unit).await?;
        }
    }
}

fn changed(table: &'static str, rows: Batch, set: &'static [&'static str]) -> Step {
    Step::Update(Update { table, rows, key: &["id"], guard: &[], set, returning: &[] })
}

/// The bank line that a form records, if it records one.
fn bank_line(form: &serde_json::Value) -> Option<String> {
    let text = |field: &str| form.get(field).and_then(serde_json::Value::as_str);
    let amount = Money::parse(text("amount")?).ok()?;
    Some(IncomingKey::of_line(text("account")?, text("host_serial")?, amount, text("payer_name").unwrap_or("")).line_key())
}

/// Every text of a form, however deep.
fn gather<'v>(value: &'v serde_json::Value, texts: &mut Vec<&'v str>) {
    match value {
        serde_json::Value::String(text) => texts.push(text),
        serde_json::Value::Array(items) => items.iter().for_each(|item| gather(item, texts)),
        serde_json::Value::Object(fields) => fields.values().for_each(|field| gather(field, texts)),
        _ => {}
    }
}

/// Keys that a text of a form can stand for. A document is registered with its kind, a 15-digit one as its 18 digits.
fn candidates(text: &str) -> Vec<(Register, String)> {
    /// Kinds of identity documents (证件类型, JGJ/T 320 A.1; handbook 10 §7).
    const KINDS: [&str; 5] = ["01", "02", "03", "04", "99"];
    if !(4..=30).contains(&text.len()) {
        return Vec::new();
    }
    let mut keys = vec![(Register::Mobile, text.to_owned()), (Register::Card, text.to_owned())];
    keys.extend(KINDS.map(|kind| (Register::PersonDocument, format!("{kind}:{text}"))));
    if let Ok(number) = CitizenNumber::parse(text) {
        keys.push((Register::PersonDocument, format!("01:{}", number.reveal())));
    }
    keys
}

/// Who asked for a rotation, for its audit record.
pub fn moment(day: core_calendar::Day, now: i64, actor: UserId) -> Moment {
    Moment { day, now, actor, address: "cli".to_owned(), request: String::new() }
}
