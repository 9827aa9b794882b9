//! One digest of all business rows (规范摘要), the same on both engines and after a killed and resumed run.
//!
//! SM3 over every table of [`tables`] in the order of its key. A row is its columns, each as a tag and its bytes with their
//! length, so that no two different tables read alike. Left out are columns that a clock, chance, a key or the way of working
//! decides; `docs/canonical-digest.md` lists them with the reason.

use core_case::digest::Digest;
use shell_store::Store;
use shell_store::db::{DbError, Query, Registered, Value};
use shell_store::verify_queries::CANONICAL;
use shell_vault::{Hasher, Suite};

/// Rows read at once.
const BATCH: usize = 4_096;

/// The tables under the digest, with the statement that reads each.
pub fn tables() -> &'static [Registered] {
    CANONICAL
}

/// The canonical digest (规范摘要) of a centre, over one snapshot.
///
/// # Errors
/// When the database does not answer.
pub async fn canonical_digest(store: &Store) -> Result<Digest, DbError> {
    let mut snapshot = store.db.snapshot().await?;
    let mut digest = Suite::National.hasher();
    let mut bytes = Vec::with_capacity(1 << 20);
    for Registered { name, sql } in CANONICAL {
        push(&mut bytes, b'T', name.as_bytes());
        let mut stream = snapshot.stream(Query::new(*sql, []), BATCH).await?;
        while let Some(rows) = stream.next().await? {
            for row in rows {
                bytes.push(b'R');
                row.values().iter().for_each(|value| cell(&mut bytes, value));
            }
            flush(&mut digest, &mut bytes);
        }
    }
    flush(&mut digest, &mut bytes);
    Ok(Digest(digest.finish()))
}

fn flush(digest: &mut Hasher, bytes: &mut Vec<u8>) {
    digest.update(bytes);
    bytes.clear();
}

/// A tag, the length, the bytes.
fn push(bytes: &mut Vec<u8>, tag: u8, content: &[u8]) {
    bytes.push(tag);
    bytes.extend_from_slice(&(content.len() as u64).to_be_bytes());
    bytes.extend_from_slice(content);
}

/// A cell, in the one form both engines can give: SQLite keeps days as text and flags as 0 and 1.
fn cell(bytes: &mut Vec<u8>, value: &Value) {
    let number = |bytes: &mut Vec<u8>, n: i64| {
        bytes.push(b'i');
        bytes.extend_from_slice(&n.to_be_bytes());
    };
    match value {
        Value::Null => bytes.push(b'-'),
        Value::Int(n) => number(bytes, *n),
        Value::Flag(flag) => number(bytes, i64::from(*flag)),
        Value::Text(text) => push(bytes, b't', text.as_bytes()),
        Value::Day(day) => push(bytes, b't', day.to_string().as_bytes()),
        Value::Bytes(content) => push(bytes, b'b', content),
        // Lists are bound, never read.
        Value::Ints(_) | Value::Texts(_) | Value::ByteLists(_) => bytes.push(b'?'),
    }
}
