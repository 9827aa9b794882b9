//! Authentication codes: who does not have the key can neither make nor change one.

use crate::error::VaultError;
use crate::hex;
use crate::ring::{KeyRing, KeyVersion, Purpose};
use crate::suite::Digest;
use subtle::ConstantTimeEq as _;

/// A keyed authentication code with the version of its key (校验码). Stored as 33 bytes: version, code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mac {
    /// The key version that made it.
    pub version: KeyVersion,
    /// The code.
    pub code: Digest,
}

impl Mac {
    /// Length of the stored form.
    pub const LENGTH: usize = 33;

    /// The stored form.
    #[must_use]
    pub fn to_bytes(self) -> [u8; Mac::LENGTH] {
        let mut bytes = [self.version.number(); Mac::LENGTH];
        bytes[1..].copy_from_slice(&self.code);
        bytes
    }

    /// The code of a stored form; `None` when the length is not 33 or the version is 0.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Mac> {
        let (&version, code) = bytes.split_first()?;
        Some(Mac { version: KeyVersion::of(version)?, code: code.try_into().ok()? })
    }
}

/// Version, a colon and 64 hexadecimal digits: `1:9f…`.
impl std::fmt::Display for Mac {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.version, hex::text(&self.code))
    }
}

impl std::str::FromStr for Mac {
    type Err = VaultError;

    fn from_str(text: &str) -> Result<Self, VaultError> {
        let parsed = text
            .split_once(':')
            .and_then(|(version, code)| Some(Mac { version: KeyVersion::of(version.parse().ok()?)?, code: *hex::read::<32>(code)? }));
        parsed.ok_or(VaultError::Malformed { what: "校验码" })
    }
}

/// The code of `content` under the active key (计算校验码). For content of several values use [`crate::Canonical`].
#[must_use]
pub fn mac(ring: &KeyRing, purpose: Purpose, content: &[u8]) -> Mac {
    let (version, code) = ring.sign_active(purpose, &[content]);
    Mac { version, code }
}

/// Whether `stored` is the code of `content` (核对校验码), under the key version it names; compared in constant time.
///
/// # Errors
/// [`VaultError::UnknownKeyVersion`].
pub fn verify_mac(ring: &KeyRing, purpose: Purpose, content: &[u8], stored: &Mac) -> Result<bool, VaultError> {
    let expected = ring.sign(stored.version, purpose, &[content])?;
    Ok(expected.ct_eq(&stored.code).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ring::tests::{ring, rotated};

    #[test]
    fn a_code_holds_for_its_content_purpose_and_version_only() {
        let old = mac(&ring(), Purpose::Row, b"balance 100");
        let ring = rotated();
        assert!(verify_mac(&ring, Purpose::Row, b"balance 100", &old).expect("known version"), "also after a rotation");
        assert!(!verify_mac(&ring, Purpose::Row, b"balance 101", &old).expect("known version"));
        assert!(!verify_mac(&ring, Purpose::Audit, b"balance 100", &old).expect("known version"));
        let claimed = Mac { version: ring.active(), ..old };
        assert!(!verify_mac(&ring, Purpose::Row, b"balance 100", &claimed).expect("known version"));
    }

    #[test]
    fn stored_and_printed_forms_come_back_and_others_are_refused() {
        let code = mac(&rotated(), Purpose::Row, b"x");
        assert_eq!(Mac::from_bytes(&code.to_bytes()), Some(code));
        assert_eq!(code.to_string().parse::<Mac>().expect("our own form"), code);
        assert_eq!(Mac::from_bytes(&[0; 33]), None);
        assert_eq!(Mac::from_bytes(&[1; 32]), None);
        for bad in ["", "1", "1:", "0:00", "2:zz"] {
            assert!(bad.parse::<Mac>().is_err(), "{bad:?}");
        }
    }
}
