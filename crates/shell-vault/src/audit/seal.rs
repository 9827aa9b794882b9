//! A seal over a run of audit records, chained to the seal before.

use crate::canonical::Canonical;
use crate::error::VaultError;
use crate::mac::{Mac, mac, verify_mac};
use crate::ring::{KeyRing, Purpose};
use crate::suite::{Digest, Hasher, Suite};

/// Bytes of each record's code that a seal keeps, so that a record signed anew, or exchanged with another, has a name.
pub(super) const MARK: usize = 4;

/// The first bytes of a record's code, as a seal keeps them.
pub(super) type Mark = [u8; MARK];

/// One seal (审计封签), a row of its own beside the audit records it covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditSeal {
    /// Number of the seal, 1, 2, 3 … without gaps.
    pub number: i64,
    /// Business date (业务日期) of the sealing, as text.
    pub day: String,
    /// Lowest record id covered.
    pub first: i64,
    /// Highest record id covered. All ids between the last of the previous seal and this one belong to this seal.
    pub last: i64,
    /// How many records.
    pub count: i64,
    /// The record ids and the first four bytes of their codes, for naming: for each record the distance to the id before (the
    /// first to 0) as LEB128, then the four bytes. About five bytes a record.
    pub marks: Vec<u8>,
    /// Digest over all ids and whole codes, in order.
    pub root: Digest,
    /// Head of the previous seal; `None` for seal 1.
    pub previous: Option<Mac>,
    /// Keyed code over all of the above.
    pub head: Mac,
}

impl AuditSeal {
    /// What the next seal, a printed day-end and an exported proof need of this one.
    #[must_use]
    pub fn link(&self) -> SealLink {
        SealLink { number: self.number, last: self.last, head: self.head }
    }

    /// Whether the head is the code of the other columns, under the key version it names.
    ///
    /// # Errors
    /// [`VaultError::UnknownKeyVersion`].
    pub fn is_sound(&self, ring: &KeyRing) -> Result<bool, VaultError> {
        verify_mac(ring, Purpose::AuditSeal, &self.canonical(), &self.head)
    }

    /// The ids and marks of the covered records, in order; `None` when the column does not hold that.
    pub(super) fn entries(&self) -> Option<Vec<(i64, Mark)>> {
        let mut rest = self.marks.as_slice();
        let mut entries = Vec::with_capacity(usize::try_from(self.count).ok()?.min(rest.len()));
        let mut id = 0i64;
        while !rest.is_empty() {
            let distance = read_leb128(&mut rest)?;
            id = id.checked_add(i64::try_from(distance).ok()?)?;
            let (mark, after) = rest.split_first_chunk::<MARK>()?;
            entries.push((id, *mark));
            rest = after;
        }
        Some(entries)
    }

    fn canonical(&self) -> Vec<u8> {
        Canonical::new("audit seal.1")
            .int("number", self.number)
            .text("day", &self.day)
            .int("first", self.first)
            .int("last", self.last)
            .int("count", self.count)
            .bytes("marks", Some(&self.marks))
            .bytes("root", Some(&self.root))
            .bytes("previous", self.previous.map(Mac::to_bytes).as_ref().map(<[u8; Mac::LENGTH]>::as_slice))
            .finish()
    }
}

/// The end of a chain of seals (封签链头): what day-end prints, and what a later proof is measured by.
///
/// Printed as `number/last record/version:code`, read back by `parse`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealLink {
    /// Number of the seal.
    pub number: i64,
    /// Highest record id it covers.
    pub last: i64,
    /// Its head.
    pub head: Mac,
}

impl std::fmt::Display for SealLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}/{}", self.number, self.last, self.head)
    }
}

impl std::str::FromStr for SealLink {
    type Err = VaultError;

    fn from_str(text: &str) -> Result<Self, VaultError> {
        let mut parts = text.trim().splitn(3, '/');
        let mut next = || parts.next().ok_or(VaultError::Malformed { what: "封签链头" });
        let whole = |part: &str| part.parse::<i64>().map_err(|_| VaultError::Malformed { what: "封签链头" });
        Ok(SealLink { number: whole(next()?)?, last: whole(next()?)?, head: next()?.parse()? })
    }
}

/// Collects the records of the next seal (封签汇总).
///
/// The sealer takes the records above the last sealed id, up to an id below which no transaction can still commit a record: one
/// that appeared later would be reported as slipped in. About a thousand records make a good seal.
pub struct SealRoot {
    after: i64,
    first: Option<i64>,
    last: i64,
    count: i64,
    marks: Vec<u8>,
    root: Hasher,
    previous: Option<SealLink>,
}

impl SealRoot {
    /// A seal that follows `previous`; `None` begins the chain.
    #[must_use]
    pub fn after(previous: Option<SealLink>) -> Self {
        let after = previous.map_or(0, |link| link.last);
        SealRoot { after, first: None, last: after, count: 0, marks: Vec::new(), root: root_hasher(), previous }
    }

    /// Takes the next record, by ascending id.
    ///
    /// # Errors
    /// [`VaultError::SealOutOfOrder`] when the id is not above the last one, or not positive.
    pub fn add(&mut self, id: i64, code: &Mac) -> Result<(), VaultError> {
        if id <= self.last {
            return Err(VaultError::SealOutOfOrder { after: self.last, found: id });
        }
        // The first distance of a seal is counted from 0, so that a seal is read without the one before.
        let from = if self.first.is_none() { 0 } else { self.last };
        push_leb128(&mut self.marks, id.abs_diff(from));
        self.marks.extend_from_slice(&mark(code));
        add_to_root(&mut self.root, id, code);
        self.first.get_or_insert(id);
        self.last = id;
        self.count += 1;
        Ok(())
    }

    /// How many records were taken.
    #[must_use]
    pub fn count(&self) -> i64 {
        self.count
    }

    /// The seal over the taken records, chained to the previous one, under the active key. `day` is the business date.
    ///
    /// # Errors
    /// [`VaultError::SealOutOfOrder`] when no record was taken: an empty seal proves nothing.
    pub fn chain(self, ring: &KeyRing, day: &str) -> Result<AuditSeal, VaultError> {
        let Some(first) = self.first else {
            return Err(VaultError::SealOutOfOrder { after: self.after, found: self.after });
        };
        let mut seal = AuditSeal {
            number: self.previous.map_or(1, |link| link.number + 1),
            day: day.to_owned(),
            first,
            last: self.last,
            count: self.count,
            marks: self.marks,
            root: self.root.finish(),
            previous: self.previous.map(|link| link.head),
            // Not under the code, so anything will do until it is known.
            head: Mac { version: ring.active(), code: [0; 32] },
        };
        seal.head = mac(ring, Purpose::AuditSeal, &seal.canonical());
        Ok(seal)
    }
}

impl std::fmt::Debug for SealRoot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealRoot {{ after: {}, count: {} }}", self.after, self.count)
    }
}

/// The four bytes of a code that a seal keeps.
pub(super) fn mark(code: &Mac) -> Mark {
    let c = &code.code;
    [c[0], c[1], c[2], c[3]]
}

/// The root's digest before its first record.
pub(super) fn root_hasher() -> Hasher {
    let mut root = Suite::National.hasher();
    root.update(b"audit root.1");
    root
}

/// Takes one record into a root; all parts have fixed lengths, so none needs one written.
pub(super) fn add_to_root(root: &mut Hasher, id: i64, code: &Mac) {
    root.update(&id.to_be_bytes());
    root.update(&code.to_bytes());
}

fn push_leb128(bytes: &mut Vec<u8>, mut value: u64) {
    loop {
        let seven = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            bytes.push(seven);
            return;
        }
        bytes.push(seven | 0x80);
    }
}

fn read_leb128(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0u64;
    for shift in (0..63).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None // more than 63 bits is no distance between two ids
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ring::KeyVersion;
    use crate::ring::tests::ring;
    use proptest::prelude::*;

    fn code(byte: u8) -> Mac {
        Mac { version: KeyVersion::FIRST, code: [byte; 32] }
    }

    #[test]
    fn seals_number_and_chain_themselves_and_every_column_is_under_the_head() {
        let ring = ring();
        let mut one = SealRoot::after(None);
        one.add(3, &code(1)).expect("ascending");
        one.add(9, &code(2)).expect("ascending");
        let one = one.chain(&ring, "2026-11-24").expect("two records");
        assert_eq!((one.number, one.first, one.last, one.count, one.previous), (1, 3, 9, 2, None));
        assert_eq!(one.entries(), Some(vec![(3, [1; 4]), (9, [2; 4])]));
        let mut two = SealRoot::after(Some(one.link()));
        two.add(10, &code(3)).expect("ascending");
        let two = two.chain(&ring, "2026-11-24").expect("one record");
        assert_eq!((two.number, two.previous), (2, Some(one.head)));
        assert!(two.is_sound(&ring).expect("known version"));
        for (column, spoiled) in [
            ("number", AuditSeal { number: 3, ..two.clone() }),
            ("first", AuditSeal { first: 9, ..two.clone() }),
            ("last", AuditSeal { last: 11, ..two.clone() }),
            ("count", AuditSeal { count: 2, ..two.clone() }),
            ("marks", AuditSeal { marks: one.marks.clone(), ..two.clone() }),
            ("root", AuditSeal { root: one.root, ..two.clone() }),
            ("previous", AuditSeal { previous: None, ..two.clone() }),
            ("head", AuditSeal { head: one.head, ..two.clone() }),
        ] {
            assert!(!spoiled.is_sound(&ring).expect("known version"), "{column}");
        }
    }

    #[test]
    fn records_out_of_order_and_empty_seals_are_refused() {
        let ring = ring();
        assert!(matches!(SealRoot::after(None).chain(&ring, "2026-11-24"), Err(VaultError::SealOutOfOrder { after: 0, found: 0 })));
        let mut root = SealRoot::after(None);
        assert!(root.add(0, &code(1)).is_err(), "ids are positive");
        root.add(5, &code(1)).expect("ascending");
        for found in [5, 4, -1, i64::MIN] {
            assert!(root.add(found, &code(1)).is_err(), "{found} after 5");
        }
        let link = root.chain(&ring, "2026-11-24").expect("one record").link();
        assert!(SealRoot::after(Some(link)).add(5, &code(1)).is_err(), "sealed already");
    }

    #[test]
    fn a_printed_link_comes_back_and_other_texts_are_refused() {
        let mut root = SealRoot::after(None);
        root.add(5, &code(1)).expect("ascending");
        let link = root.chain(&ring(), "2026-11-24").expect("one record").link();
        assert_eq!(format!(" {link}\n").parse::<SealLink>().expect("our own form"), link);
        for bad in ["", "1/5", "1/5/", "1/x/1:00", &link.to_string()[1..]] {
            assert!(bad.parse::<SealLink>().is_err(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn any_ascending_ids_come_back_from_the_marks(ids in proptest::collection::btree_set(1..=i64::MAX, 1..20)) {
            let mut root = SealRoot::after(None);
            for id in &ids {
                root.add(*id, &code(7)).expect("ascending");
            }
            let seal = root.chain(&ring(), "2026-11-24").expect("not empty");
            let back: Vec<i64> = seal.entries().expect("our own form").into_iter().map(|(id, _)| id).collect();
            prop_assert_eq!(back, ids.into_iter().collect::<Vec<_>>());
        }

        #[test]
        fn arbitrary_marks_never_crash(marks in proptest::collection::vec(any::<u8>(), 0..40)) {
            let seal = AuditSeal {
                number: 1, day: String::new(), first: 1, last: 1, count: i64::MAX, marks, root: [0; 32], previous: None, head: code(0),
            };
            let _ = seal.entries();
        }
    }
}
