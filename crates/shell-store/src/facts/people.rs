//! Registers of unique keys, units and users.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use core_case::effect::Subject;
use core_case::guard::Register;
use core_case::ids::{CaseId, EmployerId, ReceiptId, SavingsId, UnitId, UserId};
use core_case::nouns::{Holder, UnitFacts, UserFacts};

use super::{At, Plan, Rows, choice};
use crate::db::{DbError, Registered};
use crate::store::Store;

pub(crate) static QUERIES: &[Registered] = &[
    Registered { name: "facts.claims", sql: CLAIMS },
    Registered { name: "facts.units", sql: UNITS },
    Registered { name: "facts.users", sql: USERS },
    Registered { name: "facts.user_roles", sql: USER_ROLES },
];

const CLAIMS: &str = "SELECT key_hash, holder, words, in_flight, case_id FROM claim WHERE register = $1 AND key_hash = ANY($2)";
const UNITS: &str = "SELECT id, name, kind FROM unit";
const USERS: &str = "SELECT id, login, kind, enabled, unit FROM app_user WHERE id = ANY($1)";
const USER_ROLES: &str = "SELECT user_id, role, unit FROM user_role WHERE user_id = ANY($1) ORDER BY user_id, role, unit";

pub(crate) struct ClaimsAt(Vec<(Register, At)>);

/// Claims found, by register and key hash.
#[derive(Default)]
pub(crate) struct Claims(HashMap<(Register, Vec<u8>), Holder>);

impl Claims {
    pub(crate) fn get(&self, store: &Store, register: Register, key: &str) -> Option<Holder> {
        if key.is_empty() {
            return None;
        }
        self.0.get(&(register, store.keys.register_key(register, key))).cloned()
    }
    /// The receipt that a bank line is booked as.
    pub(crate) fn receipt(&self, store: &Store, line_key: &str) -> Option<ReceiptId> {
        match self.get(store, Register::BankLine, line_key)?.by {
            Subject::Receipt(id) => Some(id),
            _ => None,
        }
    }
}

pub(crate) fn ask_claims(store: &Store, plan: &mut Plan, keys: &[(Register, &str)]) -> ClaimsAt {
    let mut by_register: BTreeMap<Register, Vec<Vec<u8>>> = BTreeMap::new();
    for (register, key) in keys {
        by_register.entry(*register).or_default().push(store.keys.register_key(*register, key));
    }
    ClaimsAt(by_register.into_iter().map(|(r, hashes)| (r, plan.add(CLAIMS, [r.key().into(), hashes.into()]))).collect())
}

/// The claims found; those that the case `own` holds while it is in flight are nobody's to that case itself.
pub(crate) fn read_claims(rows: &mut Rows, at: ClaimsAt, own: Option<CaseId>) -> Result<Claims, DbError> {
    let mut claims = Claims::default();
    for (register, at) in at.0 {
        for row in rows.take(at) {
            if row.get::<bool>(3)? && own == Some(CaseId(row.get(4)?)) {
                continue;
            }
            let holder: String = row.get(1)?;
            let by = subject(&holder)?;
            claims.0.insert((register, row.get(0)?), Holder { by, words: row.get(2)?, in_flight: row.get(3)? });
        }
    }
    Ok(claims)
}

/// A subject from its stored key.
pub(crate) fn subject(key: &str) -> Result<Subject, DbError> {
    let wrong = || DbError::BadValue(format!("{key} is no subject"));
    if key == "centre" {
        return Ok(Subject::Centre);
    }
    let (kind, id) = key.split_once(':').ok_or_else(wrong)?;
    if kind == "period" {
        return core_calendar::Month::parse(id).map(Subject::Period).map_err(|_| wrong());
    }
    let id: i64 = id.parse().map_err(|_| wrong())?;
    Ok(match kind {
        "employer" => Subject::Employer(EmployerId(id)),
        "savings" => Subject::Savings(SavingsId(id)),
        "list" => Subject::List(core_case::ids::ListId(id)),
        "receipt" => Subject::Receipt(ReceiptId(id)),
        "user" => Subject::User(UserId(id)),
        _ => return Err(wrong()),
    })
}

pub(crate) fn ask_units(plan: &mut Plan) -> At {
    plan.add(UNITS, [])
}

pub(crate) fn read_units(rows: &mut Rows, at: At) -> Result<BTreeMap<i64, UnitFacts>, DbError> {
    let mut found = BTreeMap::new();
    for row in rows.take(at) {
        let (id, kind): (i64, String) = (row.get(0)?, row.get(2)?);
        found.insert(id, UnitFacts { id: UnitId(id), name: row.get(1)?, branch: kind == "branch" });
    }
    Ok(found)
}

pub(crate) fn ask_users(plan: &mut Plan, ids: &BTreeSet<i64>) -> Option<(At, At)> {
    let keys = || ids.iter().copied().collect::<Vec<i64>>();
    (!ids.is_empty()).then(|| (plan.add(USERS, [keys().into()]), plan.add(USER_ROLES, [keys().into()])))
}

pub(crate) fn read_users(rows: &mut Rows, at: Option<(At, At)>) -> Result<BTreeMap<i64, UserFacts>, DbError> {
    let mut found = BTreeMap::new();
    let Some((users, roles)) = at else { return Ok(found) };
    for row in rows.take(users) {
        let (id, kind): (i64, String) = (row.get(0)?, row.get(2)?);
        let facts = UserFacts {
            id: UserId(id),
            login: row.get(1)?,
            kind: choice(&kind)?,
            enabled: row.get(3)?,
            unit: UnitId(row.get(4)?),
            roles: Vec::new(),
        };
        found.insert(id, facts);
    }
    for row in rows.take(roles) {
        if let Some(user) = found.get_mut(&row.get::<i64>(0)?) {
            user.roles.push((row.get(1)?, UnitId(row.get(2)?)));
        }
    }
    Ok(found)
}
