//! Audit records (审计记录) in the business transaction, each with a keyed MAC over its canonical content.

use core_case::ids::UserId;
use shell_vault::audit::AuditContent;

use super::{WriteError, Writer};
use crate::numbers::Range;

/// What an audit record says; who, when and from where come with the unit.
#[derive(Clone, Debug)]
pub struct AuditEntry {
    /// What happened: an action's name, `sign-in`, `unmask` …
    pub kind: String,
    /// About what: a subject key, never a personal identifier.
    pub object: String,
    /// Before and after or other particulars, as JSON without personal identifiers.
    pub detail: String,
    /// done, waiting, refused …
    pub result: String,
    /// Digest of the effects written, empty where there are none.
    pub effects: String,
}

impl Writer<'_> {
    /// Writes an audit record under a number already given.
    pub fn audit_as(&mut self, id: i64, entry: AuditEntry) {
        let day = self.at.day.to_string();
        let content = AuditContent {
            id,
            at: self.at.now,
            day: &day,
            actor: self.at.actor.0,
            address: &self.at.address,
            kind: &entry.kind,
            object: &entry.object,
            detail: &entry.detail,
            result: &entry.result,
            request: &self.at.request,
            effects: &entry.effects,
        };
        let mac = content.mac(&self.store.keys.ring()).to_bytes();
        self.rows.audit_record.push([
            id.into(),
            self.at.now.into(),
            self.at.day.into(),
            self.at.actor.0.into(),
            self.at.address.as_str().into(),
            entry.kind.into(),
            entry.object.into(),
            entry.detail.into(),
            entry.result.into(),
            self.at.request.as_str().into(),
            entry.effects.into(),
            mac.to_vec().into(),
        ]);
    }

    /// Gives a number and writes an audit record.
    ///
    /// # Errors
    /// When the numbers are used up.
    pub fn audit(&mut self, entry: AuditEntry) -> Result<i64, WriteError> {
        let id = self.store.numbers.give(Range::Audit, &mut self.lease)?;
        self.audit_as(id, entry);
        Ok(id)
    }

    /// Writes on from another moment: a group of recorded looks holds those of several people.
    pub fn moment(&mut self, moment: super::Moment) {
        self.at = moment;
    }

    /// Acts as another user from here on: a chunk may hold commands of several.
    pub fn acting(&mut self, actor: UserId) {
        self.at.actor = actor;
    }
}
