//! The key ring: versioned master secrets, and one derived key for each purpose.

use crate::entropy::{Entropy, draw};
use crate::error::VaultError;
use crate::hex;
use crate::suite::{CipherKey, Digest, MacKey, Suite};
use jiff::civil::Date;
use std::num::NonZeroU8;
use zeroize::Zeroizing;

/// The version of a key (密钥版本), 1 to 255. It is the first byte of every stored value, so that a value names the key that
/// opens or proves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyVersion(NonZeroU8);

impl KeyVersion {
    /// The version a new ring starts with.
    pub const FIRST: KeyVersion = KeyVersion(NonZeroU8::MIN);

    /// The version of a stored number; 0 is no version.
    #[must_use]
    pub fn of(number: u8) -> Option<KeyVersion> {
        NonZeroU8::new(number).map(KeyVersion)
    }

    /// The number to store.
    #[must_use]
    pub fn number(self) -> u8 {
        self.0.get()
    }

    fn next(self) -> Option<KeyVersion> {
        self.0.checked_add(1).map(KeyVersion)
    }
}

impl std::fmt::Display for KeyVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// What a key is for (密钥用途). Each purpose has a key of its own, so that a code made for one proves nothing for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Blind index of a whole value.
    IndexWhole,
    /// Blind index of the last six characters.
    IndexLastSix,
    /// Code of one audit record.
    Audit,
    /// Head of a seal over audit records.
    AuditSeal,
    /// Code of a row whose integrity is proved at rest: balances, ledger, rights (handbook 12 §1, no. 30).
    Row,
    /// Verification codes of documents.
    Document,
    /// Code of an exported or exchanged file.
    Export,
    /// Form tokens and other values that a browser keeps for us.
    Session,
}

impl Purpose {
    const ALL: [Purpose; 8] = [
        Purpose::IndexWhole,
        Purpose::IndexLastSix,
        Purpose::Audit,
        Purpose::AuditSeal,
        Purpose::Row,
        Purpose::Document,
        Purpose::Export,
        Purpose::Session,
    ];

    /// The label in the derivation. Never change one: all codes under it would fail.
    const fn label(self) -> &'static [u8] {
        match self {
            Purpose::IndexWhole => b"index whole",
            Purpose::IndexLastSix => b"index last six",
            Purpose::Audit => b"audit",
            Purpose::AuditSeal => b"audit seal",
            Purpose::Row => b"row",
            Purpose::Document => b"document",
            Purpose::Export => b"export",
            Purpose::Session => b"session",
        }
    }
}

/// Salt of the derivation; fixed, since the master secrets are random already (RFC 5869 §3.1 asks for no more).
const SALT: &[u8] = b"anju key ring 1";

/// One master secret with the keys that follow from it.
pub(crate) struct Master {
    pub(crate) version: KeyVersion,
    pub(crate) created: Date,
    pub(crate) suite: Suite,
    pub(crate) secret: Zeroizing<[u8; 32]>,
    cipher: CipherKey,
    macs: [MacKey; Purpose::ALL.len()],
}

impl Master {
    pub(crate) fn new(version: KeyVersion, created: Date, suite: Suite, secret: Zeroizing<[u8; 32]>) -> Self {
        let info = |label: &'static [u8]| [label, &[0], std::slice::from_ref(&VERSIONS[usize::from(version.number())])];
        let mut sixteen = Zeroizing::new([0u8; 16]);
        suite.derive(SALT, &secret, &info(b"seal"), sixteen.as_mut_slice());
        let macs = Purpose::ALL.map(|purpose| {
            let mut key = Zeroizing::new([0u8; 32]);
            suite.derive(SALT, &secret, &info(purpose.label()), key.as_mut_slice());
            suite.mac_key(&key)
        });
        Master { version, created, suite, cipher: suite.cipher_key(&sixteen), macs, secret }
    }

    pub(crate) fn sign(&self, purpose: Purpose, pieces: &[&[u8]]) -> Digest {
        self.macs[purpose as usize].sign(pieces)
    }

    /// Eight hexadecimal digits that tell secrets apart without telling the secret.
    pub(crate) fn fingerprint(&self) -> String {
        let mut four = [0u8; 4];
        self.suite.derive(SALT, &self.secret, &[b"fingerprint"], &mut four);
        hex::text(&four)
    }
}

/// The bytes 0 to 255, so that a version can be borrowed as a slice.
const VERSIONS: [u8; 256] = {
    let mut all = [0u8; 256];
    let mut i = 0;
    while i < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "i is below 256")]
        {
            all[i] = i as u8;
        }
        i += 1;
    }
    all
};

/// The key ring (密钥环): master secrets by version, the newest active, the older ones for what they sealed.
///
/// Keys stand outside the database, are versioned, rotated by a command and never logged (handbook 12 §1, no. 33): the ring lives
/// in a file (`keys.json`) that only its owner may read, is wiped from memory when dropped, and prints no key. Older versions
/// are never removed, because audit records are not rewritten and their proof needs the key of their day.
///
/// **Whoever loses the file loses every sealed field.** It is backed up apart from the database, on paper or a second medium,
/// by two persons; the fingerprint is what they compare.
///
/// Left out: locking the memory against swapping (needs unsafe code: encrypt the swap), splitting the secret among persons, and
/// a hardware module.
pub struct KeyRing {
    /// By ascending version, without gaps, never empty.
    masters: Vec<Master>,
}

impl KeyRing {
    /// A ring in memory with one version. [`KeyRing::create_file`] is what a centre uses.
    ///
    /// # Errors
    /// [`VaultError::NoEntropy`].
    pub fn generate(created: Date, entropy: &mut dyn Entropy) -> Result<KeyRing, VaultError> {
        let secret = draw::<32>(entropy)?;
        Ok(KeyRing { masters: vec![Master::new(KeyVersion::FIRST, created, Suite::National, secret)] })
    }

    /// The ring of masters as the file lists them, or what is wrong with the list.
    pub(crate) fn of(masters: Vec<Master>) -> Result<KeyRing, &'static str> {
        let mut expected = Some(KeyVersion::FIRST);
        for master in &masters {
            if expected != Some(master.version) {
                return Err("密钥版本不连续");
            }
            expected = master.version.next();
        }
        if masters.is_empty() { Err("没有任何密钥") } else { Ok(KeyRing { masters }) }
    }

    /// All versions, oldest first.
    pub(crate) fn masters(&self) -> &[Master] {
        &self.masters
    }

    /// Adds a version and makes it the active one (更换密钥). In memory only: [`KeyRing::rotate_file`] is what a centre uses.
    ///
    /// From here on new values are sealed under the new version and old ones stay readable. What follows is the store's: fill the
    /// second index column ([`crate::side_by_side`]), reseal old fields ([`crate::sealed::reseal`]), switch.
    ///
    /// # Errors
    /// [`VaultError::NoVersionLeft`] after 255 versions, [`VaultError::NoEntropy`].
    pub fn rotate(&mut self, created: Date, entropy: &mut dyn Entropy) -> Result<KeyVersion, VaultError> {
        let version = self.active().next().ok_or(VaultError::NoVersionLeft)?;
        self.masters.push(Master::new(version, created, Suite::National, draw::<32>(entropy)?));
        Ok(version)
    }

    /// The version under which new values are sealed.
    #[must_use]
    pub fn active(&self) -> KeyVersion {
        self.newest().version
    }

    /// All versions with the day each was made, oldest first.
    pub fn versions(&self) -> impl Iterator<Item = (KeyVersion, Date)> {
        self.masters.iter().map(|master| (master.version, master.created))
    }

    /// Eight hexadecimal digits that name the secret of a version (密钥指纹): two servers, a paper copy, or a database
    /// and its key file are compared by it. It gives nothing of the secret away.
    ///
    /// # Errors
    /// [`VaultError::UnknownKeyVersion`].
    pub fn fingerprint(&self, version: KeyVersion) -> Result<String, VaultError> {
        Ok(self.master(version.number())?.fingerprint())
    }

    pub(crate) fn cipher(&self, version: u8) -> Result<&CipherKey, VaultError> {
        Ok(&self.master(version)?.cipher)
    }

    /// The active version and its sealing key.
    pub(crate) fn active_cipher(&self) -> (KeyVersion, &CipherKey) {
        let newest = self.newest();
        (newest.version, &newest.cipher)
    }

    /// The code over the pieces, as if they were one text, under one version.
    pub(crate) fn sign(&self, version: KeyVersion, purpose: Purpose, pieces: &[&[u8]]) -> Result<Digest, VaultError> {
        Ok(self.master(version.number())?.sign(purpose, pieces))
    }

    /// As [`KeyRing::sign`], under the active version.
    pub(crate) fn sign_active(&self, purpose: Purpose, pieces: &[&[u8]]) -> (KeyVersion, Digest) {
        let newest = self.newest();
        (newest.version, newest.sign(purpose, pieces))
    }

    fn newest(&self) -> &Master {
        // Every constructor puts at least one master in, nothing takes one out.
        &self.masters[self.masters.len() - 1]
    }

    fn master(&self, version: u8) -> Result<&Master, VaultError> {
        let place = usize::from(version).wrapping_sub(1); // versions have no gaps and start with 1
        self.masters.get(place).ok_or(VaultError::UnknownKeyVersion { version })
    }
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyRing {{ active: {}, versions: {} }}", self.active(), self.masters.len())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;
    use jiff::civil::date;

    pub(crate) fn ring() -> KeyRing {
        KeyRing::generate(date(2026, 11, 24), &mut SeededEntropy::new(1)).expect("a seed never fails")
    }

    pub(crate) fn rotated() -> KeyRing {
        let mut ring = ring();
        ring.rotate(date(2027, 1, 4), &mut SeededEntropy::new(2)).expect("a seed never fails");
        ring
    }

    #[test]
    fn every_purpose_and_every_version_has_a_key_of_its_own() {
        let ring = rotated();
        let mut seen = std::collections::HashSet::new();
        for (version, _) in ring.versions() {
            for purpose in Purpose::ALL {
                assert!(seen.insert(ring.sign(version, purpose, &[b"same"]).expect("known version")));
            }
        }
        assert_eq!(seen.len(), 16);
    }

    #[test]
    fn the_table_of_purposes_stands_in_the_order_of_the_enum() {
        for (place, purpose) in Purpose::ALL.into_iter().enumerate() {
            assert_eq!(purpose as usize, place);
        }
    }

    #[test]
    fn rotation_keeps_old_keys_and_ends_after_255_versions() {
        let mut ring = ring();
        let before = ring.sign(KeyVersion::FIRST, Purpose::Audit, &[b"x"]).expect("known version");
        let mut entropy = SeededEntropy::new(3);
        for expected in 2..=255u8 {
            let version = ring.rotate(date(2027, 1, 4), &mut entropy).expect("versions left");
            assert_eq!(version.number(), expected);
        }
        assert!(matches!(ring.rotate(date(2027, 1, 4), &mut entropy), Err(VaultError::NoVersionLeft)));
        assert_eq!(ring.sign(KeyVersion::FIRST, Purpose::Audit, &[b"x"]).expect("known version"), before);
    }

    #[test]
    fn an_unknown_version_is_an_error_with_its_number() {
        let ring = ring();
        for version in [0, 2, 255] {
            assert!(matches!(ring.cipher(version), Err(VaultError::UnknownKeyVersion { version: v }) if v == version));
        }
    }

    #[test]
    fn the_debug_form_holds_no_key() {
        assert_eq!(format!("{:?}", rotated()), "KeyRing { active: 2, versions: 2 }");
    }
}
