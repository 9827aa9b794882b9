//! Guards at the commit: versions read must still stand, versions of what changes are bumped.

use core_case::guard::Guard;
use core_case::ids::{EmployerId, ListId, ReceiptId, SavingsId, UserId};

use super::{Context, Writer};
use crate::db::{Batch, Expect, Insert, Kind, Step, Update};

const KEY: &[(&str, Kind)] = &[("key", Kind::Text), ("version", Kind::Int)];

impl Writer<'_> {
    /// A guard whose new things have their numbers; things opened later in the case keep their ordinal, which nobody reads.
    pub(crate) fn resolved_guard(&self, context: &Context, guard: Guard) -> Guard {
        let id = |id: i64| if id < 0 { context.new.get(&-id).copied().unwrap_or(context.case.0) } else { id };
        match guard {
            Guard::Employer(e) => Guard::Employer(EmployerId(id(e.0))),
            Guard::Money(e) => Guard::Money(EmployerId(id(e.0))),
            Guard::EmployerMonth(e, m) => Guard::EmployerMonth(EmployerId(id(e.0)), m),
            Guard::Savings(s) => Guard::Savings(SavingsId(id(s.0))),
            Guard::List(l) => Guard::List(ListId(id(l.0))),
            Guard::Receipt(r) => Guard::Receipt(ReceiptId(id(r.0))),
            Guard::User(u) => Guard::User(UserId(id(u.0))),
            other => other,
        }
    }

    /// Steps that check and bump. Keys go in order, so that two writers cannot wait for one another.
    pub(super) fn guard_steps(&mut self) -> Vec<Step> {
        let (mut fresh, mut unread, mut known) =
            (Batch::new(KEY), Batch::new(KEY), Batch::new(&[("key", Kind::Text), ("version", Kind::Int), ("next", Kind::Int)]));
        let mut absent = Vec::new();
        for (key, version) in &self.reads {
            let bumped = self.bumps.contains(key);
            match (*version, bumped) {
                // Read as absent and changed: the row must not have come meanwhile.
                (0, true) => fresh.push([key.as_str().into(), 1.into()]),
                (0, false) => absent.push(key.clone()),
                // The same row is taken even when it is only read: else two cases could each change what the other relied on.
                (version, bumped) => known.push([key.as_str().into(), version.into(), (version + i64::from(bumped)).into()]),
            }
        }
        for key in self.bumps.iter().filter(|k| !self.reads.contains_key(*k)) {
            unread.push([key.as_str().into(), 1.into()]);
        }
        let mut steps = Vec::new();
        if !fresh.is_empty() {
            steps.push(Step::Insert(Insert::new("guard", fresh)));
        }
        if !known.is_empty() {
            steps.push(Step::Update(Update {
                table: "guard",
                rows: known,
                key: &["key"],
                guard: &["version = :version"],
                set: &["version = :next"],
                returning: &[],
            }));
        }
        if !absent.is_empty() {
            steps.push(Step::Sql { sql: ABSENT.into(), values: vec![absent.into()], expect: Expect::Exactly(0) });
        }
        if !unread.is_empty() {
            let mut insert = Insert::new("guard", unread);
            insert.on_conflict = Some("(key) DO UPDATE SET version = guard.version + 1");
            steps.push(Step::Insert(insert));
        }
        steps
    }
}

const ABSENT: &str = "SELECT key FROM guard WHERE key = ANY($1)";
