//! The content of one audit record, and the bytes its code is made over.

use crate::canonical::Canonical;
use crate::mac::{Mac, mac};
use crate::ring::{KeyRing, Purpose};
use crate::suite::Digest;

/// What one audit record says (审计记录内容), as handbook 12 §1 no. 16 lists it, with the digest of the effects it wrote: one
/// field for each column of the table, so that no column stands outside the code.
///
/// Personal values stand in it as ciphertext or mask, never clear. Texts go in as they are stored; the store must read back the
/// same bytes (dates as text, JSON as the written text).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditContent<'a> {
    /// Number of the record (记录号), ascending within the centre; positive.
    pub id: i64,
    /// Time (时间), in the unit the store keeps (seconds since 1970, UTC).
    pub at: i64,
    /// Business date (业务日期), as text.
    pub day: &'a str,
    /// Who acted (用户): id of the user, 0 for a batch step.
    pub actor: i64,
    /// Source address or channel (来源地址).
    pub address: &'a str,
    /// Kind of event (类型): the action's name, `login`, `read`, `export` …
    pub kind: &'a str,
    /// What it was about (对象): table and key, or case.
    pub object: &'a str,
    /// State before and after (变更前后), as the written text.
    pub detail: &'a str,
    /// Result (结果): done, refused, failed, with its reason code.
    pub result: &'a str,
    /// Request or idempotency key (请求编号).
    pub request: &'a str,
    /// Digest of the effects that were written (效果摘要), as text; empty when there were none.
    pub effects: &'a str,
}

impl AuditContent<'_> {
    /// The canonical bytes (规范编码): kind `audit.1`, then every field in the order of the struct, see [`Canonical`].
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        Canonical::new("audit.1")
            .int("id", self.id)
            .int("at", self.at)
            .text("day", self.day)
            .int("actor", self.actor)
            .text("address", self.address)
            .text("kind", self.kind)
            .text("object", self.object)
            .text("detail", self.detail)
            .text("result", self.result)
            .text("request", self.request)
            .text("effects", self.effects)
            .finish()
    }

    /// The digest of the canonical bytes, without a key.
    #[must_use]
    pub fn digest(&self) -> Digest {
        crate::suite::Suite::National.hash(&self.canonical())
    }

    /// The code to store beside the record (审计校验码), under the active key.
    #[must_use]
    pub fn mac(&self, ring: &KeyRing) -> Mac {
        mac(ring, Purpose::Audit, &self.canonical())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mac::verify_mac;
    use crate::ring::tests::ring;

    #[test]
    fn every_field_is_under_the_code() {
        let base = AuditContent {
            id: 7,
            at: 1_795_483_800,
            day: "2026-11-24",
            actor: 3,
            address: "10.0.0.3",
            kind: "collection.seal",
            object: "case 012611240000007",
            detail: "normal -> sealed",
            result: "done",
            request: "r-1",
            effects: "",
        };
        let ring = ring();
        let code = base.mac(&ring);
        let holds = |c: &AuditContent<'_>| verify_mac(&ring, Purpose::Audit, &c.canonical(), &code).expect("known");
        assert!(holds(&base));
        for (field, changed) in [
            ("id", AuditContent { id: 8, ..base }),
            ("at", AuditContent { at: 1_795_483_801, ..base }),
            ("day", AuditContent { day: "2026-11-25", ..base }),
            ("actor", AuditContent { actor: 4, ..base }),
            ("address", AuditContent { address: "", ..base }),
            ("kind", AuditContent { kind: "collection.unseal", ..base }),
            ("object", AuditContent { object: "case 012611240000008", ..base }),
            ("detail", AuditContent { detail: "", ..base }),
            ("result", AuditContent { result: "refused", ..base }),
            ("request", AuditContent { request: "r-2", ..base }),
            ("effects", AuditContent { effects: "0", ..base }),
        ] {
            assert!(!holds(&changed), "{field}");
            assert_ne!(changed.digest(), base.digest(), "{field}");
        }
    }
}
