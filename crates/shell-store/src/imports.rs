//! What imports and exports look up beside the facts: receipts by the bank's serial, people of a list with masks.

use std::collections::{HashMap, HashSet};

use core_case::ids::{CaseId, ReceiptId, SavingsId};
use core_identity::{mask_id_number, mask_name};

use crate::db::{DbError, Query, Registered};
use crate::store::Store;

/// The statements of this module.
pub static QUERIES: &[Registered] = &[
    Registered { name: "imports.unknown_receipts", sql: UNKNOWN_BY_SERIAL },
    Registered { name: "imports.receipts", sql: BY_SERIAL },
    Registered { name: "imports.people", sql: PEOPLE },
    Registered { name: "imports.receipt_cases", sql: RECEIPT_CASES },
    Registered { name: "imports.savings_taken", sql: SAVINGS_TAKEN },
];

// The receipts that still look for an owner have a short index; the others are looked through only to tell what became of one.
const UNKNOWN_BY_SERIAL: &str = "SELECT id FROM receipt WHERE state = 'unknown' AND host_serial = $1 ORDER BY id";
const BY_SERIAL: &str = "SELECT id FROM receipt WHERE host_serial = $1 ORDER BY id";
const RECEIPT_CASES: &str = "SELECT id, case_id FROM receipt WHERE id = ANY($1)";
const SAVINGS_TAKEN: &str = "SELECT id FROM savings WHERE id = ANY($1)";
const PEOPLE: &str =
    "SELECT s.id, p.id AS person, p.name, p.id_number FROM savings s JOIN person p ON p.id = s.person WHERE s.id = ANY($1)";

/// A person as a list shows him or her: name and number masked (脱敏).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaskedPerson {
    /// 个人账号
    pub savings: SavingsId,
    /// 姓名, `赵*岚`.
    pub name: String,
    /// 证件号码, `532***********2046`.
    pub id_number: String,
}

/// Receipts with a bank serial (银行流水号): those that look for an owner, or, when there are none, all of them.
///
/// # Errors
/// When the database does not answer.
pub async fn receipts_by_serial(store: &Store, serial: &str) -> Result<Vec<ReceiptId>, DbError> {
    for sql in [UNKNOWN_BY_SERIAL, BY_SERIAL] {
        let rows = store.db.read(vec![Query::new(sql, [serial.into()])]).await?;
        if !rows[0].is_empty() {
            return rows[0].iter().map(|row| Ok(ReceiptId(row.get(0)?))).collect();
        }
    }
    Ok(Vec::new())
}

/// The cases that booked some receipts.
///
/// # Errors
/// When the database does not answer.
pub async fn receipt_cases(store: &Store, receipts: impl IntoIterator<Item = ReceiptId>) -> Result<HashMap<ReceiptId, CaseId>, DbError> {
    let ids: Vec<i64> = receipts.into_iter().map(|r| r.0).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = store.db.read(vec![Query::new(RECEIPT_CASES, [ids.into()])]).await?;
    rows[0].iter().map(|row| Ok((ReceiptId(row.get(0)?), CaseId(row.get(1)?)))).collect()
}

/// The people of some accounts, masked, by account number.
///
/// # Errors
/// When the database does not answer, or a number cannot be opened with the keys at hand.
pub async fn masked_people(store: &Store, savings: &[SavingsId]) -> Result<Vec<MaskedPerson>, DbError> {
    let ids: Vec<i64> = savings.iter().map(|s| s.0).collect();
    let rows = store.db.read(vec![Query::new(PEOPLE, [ids.into()])]).await?;
    let mut people = Vec::with_capacity(rows[0].len());
    for row in &rows[0] {
        let (person, name, sealed): (i64, String, Vec<u8>) = (row.get(1)?, row.get(2)?, row.get(3)?);
        let number = store.keys.open("person", "id_number", person, &sealed).map_err(|e| DbError::BadValue(e.to_string()))?;
        people.push(MaskedPerson { savings: SavingsId(row.get(0)?), name: mask_name(&name), id_number: mask_id_number(&number) });
    }
    people.sort_by_key(|p| p.savings);
    Ok(people)
}

/// Which of these account numbers are given already.
///
/// # Errors
/// When the database does not answer.
pub async fn savings_taken(store: &Store, savings: &[SavingsId]) -> Result<HashSet<SavingsId>, DbError> {
    let ids: Vec<i64> = savings.iter().map(|s| s.0).collect();
    let rows = store.db.read(vec![Query::new(SAVINGS_TAKEN, [ids.into()])]).await?;
    rows[0].iter().map(|row| Ok(SavingsId(row.get(0)?))).collect()
}
