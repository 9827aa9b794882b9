//! Canonical text of a set and its SM3 digest (参数集摘要).

use std::fmt::Write as _;

use sm3::{Digest, Sm3};

use crate::family::Family;

/// SM3 over one block of text a family, in order of their names.
pub(crate) fn of<'f>(families: impl Iterator<Item = &'f Family>) -> [u8; 32] {
    let mut hash = Sm3::new();
    for family in families {
        hash.update(canonical(family).as_bytes());
    }
    hash.finalize().into()
}

/// What a decision can depend on, and nothing else. Free text is quoted, so that no text can imitate a line.
fn canonical(family: &Family) -> String {
    let mut text = format!("{} {} {:?}\n", family.rule, family.selected_by.key(), family.unit.to_string());
    for layer in &family.layers {
        for step in &layer.steps {
            let until = step.until.map_or_else(|| "-".to_owned(), |u| u.to_string());
            let value = step.value.as_ref().map_or_else(|| "ended".to_owned(), |v| format!("{:?}", v.text()));
            let cite = &step.under;
            let part = |p: &Option<std::sync::Arc<str>>| format!("{:?}", p.as_deref().unwrap_or_default());
            let (edition, place, seen_in) = (part(&cite.edition), part(&cite.place), part(&cite.seen_in));
            // Writing to a string cannot fail.
            let _ = writeln!(text, " {} {} {until} {value} {:?} {edition} {place} {seen_in}", layer.scope, step.from, cite.instrument);
        }
    }
    text
}
