//! Every table and column of the schema is under the canonical digest, or named with the reason why not.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::town::{self, Town};
use shell_store::db::schema;
use shell_verify::digest::tables;

const CLOCK: &str = "a clock decides it";
const KEYS: &str = "sealed, or made with a key";
const WAY: &str = "the way of working decides it: chunks, retries, who asked how often";

/// Tables left out whole.
const NO_TABLES: &[(&str, &str)] = &[
    ("api_token", KEYS),
    ("attachment", CLOCK),
    ("audit_record", "clock, address and request stand in it, and reads of personal data; the audit chain proves it"),
    ("audit_seal", KEYS),
    ("guard", WAY),
    ("idempotency", "clients choose the keys"),
    ("migration", "the release decides it"),
    ("password_history", KEYS),
    ("reason_set", "texts shared by cases, which name them by digest"),
    ("run_chunk", WAY),
    ("session", CLOCK),
    ("sign_in_failure", CLOCK),
    ("sign_in_lock", CLOCK),
];

/// Columns left out of a table that is under the digest.
const NO_COLUMNS: &[(&str, &str, &str)] = &[
    ("app_user", "failures", WAY),
    ("app_user", "last_seen_day", WAY),
    ("app_user", "locked_until", CLOCK),
    ("app_user", "must_change", WAY),
    ("app_user", "password", KEYS),
    ("app_user", "password_day", WAY),
    ("app_user", "totp", KEYS),
    ("app_user", "totp_step", CLOCK),
    ("business_case", "channel", "the same order may come by another channel"),
    ("business_case", "form", KEYS),
    ("case_former", "form", KEYS),
    ("case_step", "at", CLOCK),
    ("centre", "demonstration", "a demonstration and its twin are compared"),
    ("claim", "key_hash", KEYS),
    ("document", "code", KEYS),
    ("document", "copies", WAY),
    ("employer", "handler_mobile", KEYS),
    ("employer", "handler_number", KEYS),
    ("employer", "key_version", KEYS),
    ("employer", "payroll_account", KEYS),
    ("employer", "representative_number", KEYS),
    ("person", "card", KEYS),
    ("person", "id_hash", KEYS),
    ("person", "id_number", KEYS),
    ("person", "id_six", KEYS),
    ("person", "key_version", KEYS),
    ("person", "mobile", KEYS),
    ("receipt", "key_version", KEYS),
    ("receipt", "note", KEYS),
    ("receipt", "payer_account", KEYS),
    ("voucher", "audit", "numbers of audit records depend on who read what"),
];

/// Columns that the statement of a table reads.
fn read(sql: &str) -> Vec<String> {
    let list = sql.trim_start_matches("SELECT ").split(" FROM ").next().unwrap();
    list.split(',').map(|c| c.trim().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_column_is_under_the_digest_or_left_out_with_a_reason() {
    let folder = town::folder("canonical");
    let town = Town::found(&folder).await;
    let text = schema(&town.centre.store.db).await.unwrap();
    let mut columns: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut table = "";
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("table ") {
            table = name;
            columns.insert(name, Vec::new());
            continue;
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        let is_column = matches!(words.get(1), Some(&("int" | "text" | "bytes" | "flag" | "day" | "json")));
        if is_column && !matches!(words[0], "key" | "unique" | "index" | "check" | "foreign" | "guard") {
            columns.get_mut(table).unwrap().push(words[0]);
        }
    }
    let mut page = String::from(
        "# The canonical digest\n\nSM3 over the rows of these tables, in the order of their keys, as \
         `crates/shell-verify/src/digest.rs` encodes them. The same on SQLite\nand PostgreSQL, and after a run that was killed and \
         resumed. Written by the test `canonical` of `shell-verify`; a column that stands nowhere\nfails it.\n\n| table | columns under the digest | left out |\n|---|---|---|\n",
    );
    let mut wrong = Vec::new();
    for (table, columns) in &columns {
        if let Some((_, why)) = NO_TABLES.iter().find(|(t, _)| t == table) {
            writeln!(page, "| {table} | | whole: {why} |").unwrap();
            continue;
        }
        let Some(under) = tables().iter().find(|t| t.name == *table).map(|t| read(t.sql)) else {
            wrong.push(format!("table {table} stands nowhere"));
            continue;
        };
        let mut out = Vec::new();
        for column in columns.iter().filter(|c| !under.iter().any(|u| u == *c)) {
            match NO_COLUMNS.iter().find(|(t, c, _)| t == table && c == column) {
                Some((_, _, why)) => out.push(format!("{column}: {why}")),
                None => wrong.push(format!("column {table}.{column} stands nowhere")),
            }
        }
        writeln!(page, "| {table} | {} | {} |", under.join(", "), out.join("; ")).unwrap();
    }
    for (table, column, _) in NO_COLUMNS {
        let there = columns.get(table).is_some_and(|c| c.contains(column));
        if !there || tables().iter().any(|t| t.name == *table && read(t.sql).iter().any(|c| c == column)) {
            wrong.push(format!("column {table}.{column} is left out, and is under the digest or does not exist"));
        }
    }
    wrong.extend(NO_TABLES.iter().filter(|(t, _)| !columns.contains_key(t)).map(|(t, _)| format!("table {t} does not exist")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    testkit::golden::check("docs/canonical-digest.md", &page);
    std::fs::remove_dir_all(&folder).unwrap();
}
