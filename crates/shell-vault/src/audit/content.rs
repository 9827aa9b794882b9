//! The content of one audit record, and the bytes its code is made over.

use crate::canonical::Canonical;
use crate::mac::{Mac, mac};
use crate::ring::{KeyRing, Purpose};
use crate::suite::Digest;

/// What one audit record says (审计记录内容), as handbook 12 §1 no. 16 lists it, with the digest of the effects it wrote.
///
/// Personal values stand in it as ciphertext or mask, never clear. Texts go in as they are stored; the store must read back the
/// same bytes (times as text, JSON as the written text).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditContent<'a> {
    /// Number of the record (记录号), ascending within the centre; positive.
    pub id: i64,
    /// Wall-clock time (时间), as stored.
    pub at: &'a str,
    /// Business date (业务日期), as stored.
    pub business_date: &'a str,
    /// Who acted (用户): the login, or the name of a batch step.
    pub user: &'a str,
    /// Source address or channel (来源地址).
    pub source: &'a str,
    /// Kind of event (类型): the action's name, `login`, `read`, `export` …
    pub kind: &'a str,
    /// What it was about (对象): table and key, or case.
    pub object: &'a str,
    /// State before (变更前), when there was one.
    pub before: Option<&'a str>,
    /// State after (变更后), when there is one.
    pub after: Option<&'a str>,
    /// Result (结果): done, refused, failed, with its reason code.
    pub result: &'a str,
    /// Request or idempotency key (请求编号).
    pub request: &'a str,
    /// Digest of the effects that were written (效果摘要), when there were any.
    pub effects: Option<&'a [u8]>,
}

impl AuditContent<'_> {
    /// The canonical bytes (规范编码): kind `audit.1`, then every field in the order of the struct, see [`Canonical`].
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        Canonical::new("audit.1")
            .int("id", self.id)
            .text("at", self.at)
            .text("business_date", self.business_date)
            .text("user", self.user)
            .text("source", self.source)
            .text("kind", self.kind)
            .text("object", self.object)
            .optional("before", self.before)
            .optional("after", self.after)
            .text("result", self.result)
            .text("request", self.request)
            .bytes("effects", self.effects)
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
            at: "2026-11-24T09:30:00.000",
            business_date: "2026-11-24",
            user: "jb03",
            source: "10.0.0.3",
            kind: "collection.seal",
            object: "case 012611240000007",
            before: None,
            after: Some("sealed"),
            result: "done",
            request: "r-1",
            effects: None,
        };
        let ring = ring();
        let code = base.mac(&ring);
        let holds = |c: &AuditContent<'_>| {
            verify_mac(&ring, Purpose::Audit, &c.canonical(), &code).expect("known")
        };
        assert!(holds(&base));
        for (field, changed) in [
            ("id", AuditContent { id: 8, ..base }),
            (
                "at",
                AuditContent {
                    at: "2026-11-24T09:30:00.001",
                    ..base
                },
            ),
            (
                "business_date",
                AuditContent {
                    business_date: "2026-11-25",
                    ..base
                },
            ),
            (
                "user",
                AuditContent {
                    user: "jb04",
                    ..base
                },
            ),
            ("source", AuditContent { source: "", ..base }),
            (
                "kind",
                AuditContent {
                    kind: "collection.unseal",
                    ..base
                },
            ),
            (
                "object",
                AuditContent {
                    object: "case 012611240000008",
                    ..base
                },
            ),
            (
                "before",
                AuditContent {
                    before: Some(""),
                    ..base
                },
            ),
            (
                "after",
                AuditContent {
                    after: None,
                    ..base
                },
            ),
            (
                "result",
                AuditContent {
                    result: "refused",
                    ..base
                },
            ),
            (
                "request",
                AuditContent {
                    request: "r-2",
                    ..base
                },
            ),
            (
                "effects",
                AuditContent {
                    effects: Some(&[0; 32]),
                    ..base
                },
            ),
        ] {
            assert!(!holds(&changed), "{field}");
            assert_ne!(changed.digest(), base.digest(), "{field}");
        }
    }
}
