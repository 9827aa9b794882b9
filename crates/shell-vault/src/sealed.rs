//! Personal identifiers: a clear value that cannot leave by accident, and its ciphertext bound to one place.

use crate::canonical::push;
use crate::entropy::Entropy;
use crate::error::VaultError;
use crate::ring::{KeyRing, KeyVersion};
use crate::suite::{CipherKey, NONCE, TAG};
use std::marker::PhantomData;
use std::str::FromStr;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// Bytes that a ciphertext is longer than its text: key version, nonce and tag.
pub const OVERHEAD: usize = 1 + NONCE + TAG;

/// The one place where a ciphertext is valid (密文位置): it does not open in another table, column or row, so nobody can give
/// one person the number of another by copying bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// Table, as in the schema.
    pub table: &'a str,
    /// Column, as in the schema.
    pub column: &'a str,
    /// Key of the row, as text; never a personal value itself, because errors print it.
    pub row: &'a str,
}

/// A personal value in the clear (敏感个人信息), such as an identity number, a mobile number or a bank card number.
///
/// Identity number, bank account and mobile number are stored encrypted (handbook 12 §1, no. 32). This type holds one in memory:
/// it has no `Display` and no `Serialize`, its debug form is `‹sealed›`, and it is wiped when dropped, so the value reaches a
/// page, a log, a stored command or an export only by somebody writing [`Sealed::expose`], which a reviewer finds by its name.
/// `T` says what kind of value it is, so that a mobile number is not taken for an identity number; it may be a parsed type
/// ([`Sealed::parse`]) or a mere marker.
///
/// Left out: masks (they stand in `core-identity`) and normalisation; the value is stored as it is given.
pub struct Sealed<T> {
    clear: Zeroizing<String>,
    kind: PhantomData<fn() -> T>,
}

impl<T> Sealed<T> {
    /// Takes a clear value in. The caller's own text is moved, not copied, so that no second copy stays.
    #[must_use]
    pub fn new(clear: String) -> Self {
        Sealed { clear: Zeroizing::new(clear), kind: PhantomData }
    }

    /// The clear value. Each use stands where a value is compared, masked, indexed, or shown to someone whose reading is recorded.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.clear
    }

    /// The clear value as its parsed type.
    ///
    /// # Errors
    /// What the parsing of `T` says.
    pub fn parse(&self) -> Result<T, T::Err>
    where
        T: FromStr,
    {
        self.clear.parse()
    }

    /// The ciphertext for one place (加密); see [`seal`].
    ///
    /// # Errors
    /// As [`seal`].
    pub fn seal(&self, ring: &KeyRing, place: &Place<'_>, entropy: &mut dyn Entropy) -> Result<Vec<u8>, VaultError> {
        seal(ring, place, self.clear.as_bytes(), entropy)
    }

    /// The clear value of a ciphertext from its place (解密); see [`open`].
    ///
    /// # Errors
    /// As [`open`]; [`VaultError::Malformed`] when the content is not text.
    pub fn open(ring: &KeyRing, place: &Place<'_>, stored: &[u8]) -> Result<Self, VaultError> {
        let bytes = open(ring, place, stored)?;
        match std::str::from_utf8(&bytes) {
            Ok(text) => Ok(Sealed::new(text.to_owned())),
            Err(_) => Err(VaultError::Malformed { what: "加密的文本" }),
        }
    }
}

impl<T> Clone for Sealed<T> {
    fn clone(&self) -> Self {
        Sealed { clear: self.clear.clone(), kind: PhantomData }
    }
}

/// Compares in constant time for equal lengths.
impl<T> PartialEq for Sealed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.clear.as_bytes().ct_eq(other.clear.as_bytes()).into()
    }
}

impl<T> Eq for Sealed<T> {}

impl<T> std::fmt::Debug for Sealed<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("‹sealed›")
    }
}

/// Encrypts `text` for `place` under the active key (加密字段).
///
/// Result: key version (1 byte), nonce (12), ciphertext (as long as the text), tag (16). The tag also covers table, column,
/// row and key version, each with its length. The nonce is random; random nonces of 96 bits allow 2³² seals a key version
/// (NIST SP 800-38D §8.3), a thousand times what a city of a million members seals between two rotations.
///
/// # Errors
/// [`VaultError::NoEntropy`]: nothing is ever sealed under a nonce that is not random.
pub fn seal(ring: &KeyRing, place: &Place<'_>, text: &[u8], entropy: &mut dyn Entropy) -> Result<Vec<u8>, VaultError> {
    Sealer::new(ring, place.table, place.column).seal(place.row, text, entropy)
}

/// Decrypts what [`seal`] made, if it stands where it was made for (解密字段). The text is wiped when dropped.
///
/// # Errors
/// [`VaultError::Malformed`] when it is too short, [`VaultError::UnknownKeyVersion`], [`VaultError::NotAuthentic`] when it was altered or
/// moved.
pub fn open(ring: &KeyRing, place: &Place<'_>, stored: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let malformed = || VaultError::Malformed { what: "加密字段" };
    let (&version, rest) = stored.split_first().ok_or_else(malformed)?;
    let (nonce, rest) = rest.split_first_chunk::<NONCE>().ok_or_else(malformed)?;
    let (cipher, tag) = rest.split_last_chunk::<TAG>().ok_or_else(malformed)?;
    let key = ring.cipher(version)?;
    let mut aad = column_aad(place.table, place.column, version);
    push(&mut aad, place.row.as_bytes());
    let mut text = Zeroizing::new(cipher.to_vec());
    if key.open(nonce, &aad, &mut text, tag) {
        Ok(text)
    } else {
        Err(VaultError::NotAuthentic { table: place.table.into(), column: place.column.into(), row: place.row.into() })
    }
}

/// The key version of a stored ciphertext; `None` when it is empty or names version 0.
#[must_use]
pub fn version_of(stored: &[u8]) -> Option<KeyVersion> {
    stored.first().copied().and_then(KeyVersion::of)
}

/// The same value under the active key (重新加密), for the run after a rotation; `None` when it is under it already.
///
/// # Errors
/// As [`open`] and [`seal`].
pub fn reseal(ring: &KeyRing, place: &Place<'_>, stored: &[u8], entropy: &mut dyn Entropy) -> Result<Option<Vec<u8>>, VaultError> {
    if version_of(stored) == Some(ring.active()) {
        return Ok(None);
    }
    let text = open(ring, place, stored)?;
    seal(ring, place, &text, entropy).map(Some)
}

/// Seals many rows of one column (批量加密): key and place are prepared once, and one buffer serves all rows.
pub struct Sealer<'r> {
    key: &'r CipherKey,
    version: u8,
    aad: Vec<u8>,
    column: usize,
}

impl<'r> Sealer<'r> {
    /// A sealer for one column under the active key.
    #[must_use]
    pub fn new(ring: &'r KeyRing, table: &str, column: &str) -> Sealer<'r> {
        let (version, key) = ring.active_cipher();
        let version = version.number();
        let aad = column_aad(table, column, version);
        Sealer { key, version, column: aad.len(), aad }
    }

    /// The ciphertext of one row; the same bytes as [`seal`] would give.
    ///
    /// # Errors
    /// As [`seal`].
    pub fn seal(&mut self, row: &str, text: &[u8], entropy: &mut dyn Entropy) -> Result<Vec<u8>, VaultError> {
        self.aad.truncate(self.column);
        push(&mut self.aad, row.as_bytes());
        let mut nonce = [0u8; NONCE];
        entropy.fill(&mut nonce)?;
        let mut out = Vec::with_capacity(text.len() + OVERHEAD);
        out.push(self.version);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(text);
        let tag = self.key.seal(&nonce, &self.aad, &mut out[1 + NONCE..])?;
        out.extend_from_slice(&tag);
        Ok(out)
    }
}

impl std::fmt::Debug for Sealer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer")
    }
}

/// What the tag covers, up to the row: table, column and version, each behind its length.
fn column_aad(table: &str, column: &str, version: u8) -> Vec<u8> {
    let mut aad = Vec::with_capacity(96);
    push(&mut aad, table.as_bytes());
    push(&mut aad, column.as_bytes());
    push(&mut aad, &[version]);
    aad
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;
    use crate::ring::tests::{ring, rotated};
    use proptest::prelude::*;

    struct IdNumber;

    const PLACE: Place<'_> = Place { table: "member", column: "id_number", row: "4127" };
    const TEXT: &str = "532301199001011234";

    fn sealed(ring: &KeyRing) -> Vec<u8> {
        Sealed::<IdNumber>::new(TEXT.into()).seal(ring, &PLACE, &mut SeededEntropy::new(5)).expect("a seed never fails")
    }

    #[test]
    fn a_sealed_value_opens_in_its_place_and_hides_everywhere_else() {
        let ring = ring();
        let stored = sealed(&ring);
        assert_eq!(stored.len(), TEXT.len() + OVERHEAD);
        assert!(!stored.windows(6).any(|w| TEXT.as_bytes().windows(6).any(|t| t == w)), "no clear text in it");
        let opened = Sealed::<IdNumber>::open(&ring, &PLACE, &stored).expect("its place");
        assert_eq!(opened.expose(), TEXT);
        assert_eq!(format!("{opened:?}"), "‹sealed›");
        for elsewhere in [
            Place { table: "borrower", ..PLACE },
            Place { column: "mobile", ..PLACE },
            Place { row: "4128", ..PLACE },
            Place { table: "memberid", column: "_number", row: "4127" },
        ] {
            let said = Sealed::<IdNumber>::open(&ring, &elsewhere, &stored).expect_err("moved");
            assert!(matches!(said, VaultError::NotAuthentic { .. }), "{elsewhere:?}");
            assert!(!said.to_string().contains(TEXT));
        }
    }

    #[test]
    fn equal_values_give_different_ciphertexts() {
        let (ring, mut entropy) = (ring(), SeededEntropy::new(5));
        let value = Sealed::<IdNumber>::new(TEXT.into());
        let one = value.seal(&ring, &PLACE, &mut entropy).expect("a seed never fails");
        let two = value.seal(&ring, &PLACE, &mut entropy).expect("a seed never fails");
        assert_ne!(one, two);
    }

    #[test]
    fn every_altered_bit_and_every_cut_is_found() {
        let ring = rotated();
        let stored = sealed(&ring);
        for bit in 0..stored.len() * 8 {
            let mut spoiled = stored.clone();
            spoiled[bit / 8] ^= 1 << (bit % 8);
            assert!(open(&ring, &PLACE, &spoiled).is_err(), "bit {bit}");
        }
        for length in 0..stored.len() {
            assert!(open(&ring, &PLACE, &stored[..length]).is_err(), "length {length}");
        }
    }

    #[test]
    fn after_a_rotation_old_values_open_and_are_resealed_once() {
        let old = sealed(&ring());
        let (ring, mut entropy) = (rotated(), SeededEntropy::new(6));
        assert_eq!(version_of(&old).map(KeyVersion::number), Some(1));
        let new = reseal(&ring, &PLACE, &old, &mut entropy).expect("opens").expect("was under version 1");
        assert_eq!(version_of(&new), Some(ring.active()));
        assert_eq!(Sealed::<IdNumber>::open(&ring, &PLACE, &new).expect("its place").expose(), TEXT);
        assert_eq!(reseal(&ring, &PLACE, &new, &mut entropy).expect("nothing to do"), None);
        let mut claimed = old.clone();
        claimed[0] = 2;
        assert!(open(&ring, &PLACE, &claimed).is_err(), "a version cannot be claimed");
    }

    #[test]
    fn a_batch_gives_the_same_bytes_as_one_by_one() {
        let ring = ring();
        let (mut one, mut many) = (SeededEntropy::new(7), SeededEntropy::new(7));
        let mut sealer = Sealer::new(&ring, "member", "mobile");
        for row in ["1", "22", "333"] {
            let place = Place { table: "member", column: "mobile", row };
            let single = seal(&ring, &place, b"13800000000", &mut one).expect("a seed never fails");
            assert_eq!(sealer.seal(row, b"13800000000", &mut many).expect("a seed never fails"), single);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_text_in_any_place_comes_back(text in ".{0,60}", table in ".{0,8}", column in ".{0,8}", row in ".{0,8}") {
            let ring = ring();
            let place = Place { table: &table, column: &column, row: &row };
            let value = Sealed::<IdNumber>::new(text);
            let stored = value.seal(&ring, &place, &mut SeededEntropy::new(8)).expect("a seed never fails");
            prop_assert_eq!(Sealed::<IdNumber>::open(&ring, &place, &stored).expect("its place"), value);
        }
    }
}
