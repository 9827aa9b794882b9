//! Search by keyed hash: a sealed value is found without being readable.

use crate::canonical;
use crate::error::VaultError;
use crate::ring::{KeyRing, KeyVersion, Purpose};

/// What is searched for (检索方式).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Search {
    /// The whole value, unique for a person.
    Whole,
    /// The last six characters, as a clerk types them (尾号六位).
    LastSix,
}

/// A keyed hash to search by (盲索引): key version and 16 bytes of code, 17 bytes in the database.
///
/// 128 bits: among a thousand million values two unequal ones meet with probability below 10⁻²⁰, so a unique index on it means
/// "one person". Without the key nobody can try all identity numbers against it. What it does not hide: that two rows hold the
/// same value, and for the last six how often a tail occurs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlindIndex([u8; BlindIndex::LENGTH]);

impl BlindIndex {
    /// Length of the stored form.
    pub const LENGTH: usize = 17;

    /// The stored form.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; BlindIndex::LENGTH] {
        &self.0
    }
}

impl std::fmt::Debug for BlindIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BlindIndex(version {})", self.0[0])
    }
}

/// The index of `value` under one key version.
///
/// `kind` keeps values of different meaning apart (`id_number`, `mobile`, `card`): equal digits of two kinds do not meet.
/// `value` must be in its normal form (upper case, half width, no spaces), which `core-identity` makes; the hash knows no
/// similarity. For [`Search::LastSix`] give the whole value or just its six last characters. The result is `None` when there
/// is nothing to search by: an empty value, or less than six characters for the last six.
///
/// # Errors
/// [`VaultError::UnknownKeyVersion`].
pub fn blind_index(ring: &KeyRing, version: KeyVersion, search: Search, kind: &str, value: &str) -> Result<Option<BlindIndex>, VaultError> {
    let (purpose, part) = match search {
        Search::Whole => (Purpose::IndexWhole, (!value.is_empty()).then_some(value)),
        Search::LastSix => {
            let start = value.char_indices().rev().nth(5).map(|(at, _)| at);
            (Purpose::IndexLastSix, start.map(|at| &value[at..]))
        }
    };
    let Some(part) = part else { return Ok(None) };
    let code = ring.sign(version, purpose, &[&canonical::join(&[kind, part])])?;
    let mut bytes = [version.number(); BlindIndex::LENGTH];
    bytes[1..].copy_from_slice(&code[..BlindIndex::LENGTH - 1]);
    Ok(Some(BlindIndex(bytes)))
}

/// The two hashes of a value while a rotation is under way (新旧并行): one to search by, one to fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SideBySide {
    /// Under the version that the search column is filled with; searches and the unique index use it.
    pub search: BlindIndex,
    /// Under the active version, for the second column; `None` when the search column is under it already.
    pub fill: Option<BlindIndex>,
}

/// The hashes to write beside a value (同时写两列). `searching` is the version of the search column, which the store keeps as a
/// row of its own; after a rotation it stays the old one until every row's second column is filled, then the store switches it
/// in one transaction.
///
/// # Errors
/// [`VaultError::UnknownKeyVersion`].
pub fn side_by_side(
    ring: &KeyRing,
    searching: KeyVersion,
    search: Search,
    kind: &str,
    value: &str,
) -> Result<Option<SideBySide>, VaultError> {
    let Some(found) = blind_index(ring, searching, search, kind, value)? else {
        return Ok(None);
    };
    let fill = if searching == ring.active() { None } else { blind_index(ring, ring.active(), search, kind, value)? };
    Ok(Some(SideBySide { search: found, fill }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ring::tests::{ring, rotated};

    const ID: &str = "53230119900101123X";

    fn of(ring: &KeyRing, search: Search, kind: &str, value: &str) -> Option<BlindIndex> {
        blind_index(ring, KeyVersion::FIRST, search, kind, value).expect("known version")
    }

    #[test]
    fn equal_values_meet_and_kinds_values_and_searches_do_not() {
        let ring = ring();
        let index = of(&ring, Search::Whole, "id_number", ID);
        assert!(index.is_some());
        assert_eq!(index, of(&ring, Search::Whole, "id_number", ID));
        for other in [
            of(&ring, Search::Whole, "card", ID),
            of(&ring, Search::Whole, "id_number", "532301199001011231"),
            of(&ring, Search::LastSix, "id_number", ID),
            of(&ring, Search::Whole, "id_numbe", &format!("r{ID}")),
        ] {
            assert_ne!(index, other);
        }
    }

    #[test]
    fn the_last_six_are_found_from_the_whole_and_from_what_a_clerk_types() {
        let ring = ring();
        let whole = of(&ring, Search::LastSix, "id_number", ID);
        assert_eq!(whole, of(&ring, Search::LastSix, "id_number", "01123X"));
        assert_eq!(of(&ring, Search::LastSix, "name", "一二三四五六七"), of(&ring, Search::LastSix, "name", "二三四五六七"));
        for nothing in ["", "1123X", "二三四五六"] {
            assert_eq!(of(&ring, Search::LastSix, "id_number", nothing), None);
        }
        assert_eq!(of(&ring, Search::Whole, "id_number", ""), None);
    }

    #[test]
    fn a_rotation_searches_by_the_old_hash_and_fills_the_new_one() {
        let ring = rotated();
        let during = side_by_side(&ring, KeyVersion::FIRST, Search::Whole, "id_number", ID).expect("known").expect("a value");
        assert_eq!(during.search.as_bytes()[0], 1);
        let fill = during.fill.expect("a rotation is under way");
        assert_eq!(fill.as_bytes()[0], 2);
        let after = side_by_side(&ring, ring.active(), Search::Whole, "id_number", ID).expect("known").expect("a value");
        assert_eq!(after, SideBySide { search: fill, fill: None });
    }

    #[test]
    fn the_debug_form_holds_no_code() {
        assert_eq!(format!("{:?}", of(&ring(), Search::Whole, "id_number", ID)), "Some(BlindIndex(version 1))");
    }
}
