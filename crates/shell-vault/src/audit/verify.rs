//! The proof: reads seals and records again and names what was touched.

use super::seal::{AuditSeal, Mark, SealLink, add_to_root, mark, root_hasher};
use crate::error::VaultError;
use crate::mac::{Mac, verify_mac};
use crate::ring::{KeyRing, Purpose};
use crate::suite::{Digest, Hasher};

/// One record as the store reads it (待核对的记录).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    /// Number of the record.
    pub id: i64,
    /// [`super::AuditContent::canonical`] of its columns.
    pub canonical: Vec<u8>,
    /// The code stored beside it; `None` when the column holds no code.
    pub mac: Option<Mac>,
}

/// Something that does not hold (审计异常), each with the record or seal it is about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Break {
    /// The content of a record is not what its code was made over.
    #[error("审计记录 {id} 被改动：内容与校验码不符")]
    Altered {
        /// The record.
        id: i64,
    },
    /// A record carries the code of another one of its seal.
    #[error("审计记录 {id} 与 {with} 被调换")]
    Swapped {
        /// The record.
        id: i64,
        /// Whose code it carries.
        with: i64,
    },
    /// A record that a seal covers is gone.
    #[error("审计记录 {id} 缺失（封签 {seal} 中有它）")]
    Missing {
        /// The record.
        id: i64,
        /// The seal that covers it.
        seal: i64,
    },
    /// A record stands in a sealed range that its seal does not cover.
    #[error("审计记录 {id} 是封签之后插入的")]
    Inserted {
        /// The record.
        id: i64,
    },
    /// Content and code of a record agree, yet the code is not the sealed one: somebody with the key wrote it anew.
    #[error("审计记录 {id} 在封签之后被重新签过：持有密钥的人改动过它")]
    Recomputed {
        /// The record.
        id: i64,
    },
    /// A record or seal names a key version that the ring does not have.
    #[error("第 {version} 版密钥不在密钥环中，无法核对{what} {id}")]
    KeyUnknown {
        /// Whether a record (记录) or a seal (封签).
        what: &'static str,
        /// Its number.
        id: i64,
        /// The version.
        version: u8,
    },
    /// The columns of a seal are not what its head was made over.
    #[error("封签 {number} 被改动")]
    SealAltered {
        /// The seal.
        number: i64,
    },
    /// The numbers of seals have a gap.
    #[error("封签 {number} 缺失")]
    SealMissing {
        /// The first number that is not there.
        number: i64,
    },
    /// A seal is sound in itself but does not follow the one before it.
    #[error("封签 {number} 与前一个封签不相接")]
    ChainBroken {
        /// The seal.
        number: i64,
    },
    /// All records agree with their marks, yet not with the root.
    #[error("封签 {number} 的汇总值不符")]
    RootDiffers {
        /// The seal.
        number: i64,
    },
    /// The head printed earlier belongs to a seal that is no longer there.
    #[error("封签链被截断：留存的链头是第 {expected} 号，现在只到第 {found} 号")]
    CutOff {
        /// Number of the printed head.
        expected: i64,
        /// Number of the last seal found.
        found: i64,
    },
    /// The seal of the printed head has another head now.
    #[error("封签 {number} 与留存的链头不符：这个封签及之前的记录曾被整体重写")]
    HeadDiffers {
        /// The seal.
        number: i64,
    },
}

/// What a proof found (核对结果).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditReport {
    /// Records read.
    pub records: u64,
    /// Seals read.
    pub seals: u64,
    /// The end of the chain, to print and keep outside.
    pub head: Option<SealLink>,
    /// What does not hold, in the order met; at most a thousand are kept.
    pub breaks: Vec<Break>,
    /// How many do not hold, also beyond those kept.
    pub broken: u64,
}

impl AuditReport {
    /// Whether everything holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.broken == 0
    }

    /// The first that does not hold.
    #[must_use]
    pub fn first(&self) -> Option<&Break> {
        self.breaks.first()
    }
}

/// The most breaks that a report keeps; a wholly spoiled table needs no longer list.
const KEPT: usize = 1_000;

/// What a sound seal says about the records that come next.
struct Covered {
    number: i64,
    first: i64,
    root: Digest,
    entries: Vec<(i64, Mark)>,
    /// How many of the entries have been met or missed.
    met: usize,
    hasher: Hasher,
    breaks_before: u64,
}

/// The proof of a chain, fed by the store (审计核对), which so may read asynchronously and in any portions:
///
/// ```text
/// for each seal by number:   if verifier.seal(&seal) { feed records with cursor < id ≤ seal.last, ascending; cursor = seal.last }
/// at the end:                feed records with id > cursor; verifier.finish()
/// ```
///
/// When [`Verifier::seal`] answers `false` the seal is not sound and says nothing about its range: feed nothing for it; its
/// records come with the next sound seal, and are then proved by their own codes.
pub struct Verifier<'r> {
    ring: &'r KeyRing,
    trusted: Option<SealLink>,
    previous: Option<SealLink>,
    /// The range before the next sound seal is explained by no sound seal: its records are not held to be slipped in.
    gap: bool,
    /// The previous seal is sound, so that the next has to name its head.
    chained: bool,
    last_id: i64,
    /// `None` when no sound seal covers the records that come next: each is proved by its own code.
    covered: Option<Covered>,
    report: AuditReport,
}

impl<'r> Verifier<'r> {
    /// A proof under `ring`. `trusted` is a head printed and kept outside earlier (留存的链头); without it, nobody can tell a chain
    /// whose end was cut off from a shorter one.
    #[must_use]
    pub fn new(ring: &'r KeyRing, trusted: Option<SealLink>) -> Self {
        Verifier {
            ring,
            trusted,
            previous: None,
            gap: false,
            chained: true,
            last_id: i64::MIN,
            covered: None,
            report: AuditReport::default(),
        }
    }

    /// Takes the next seal, by ascending number; whether it is sound, so that its range may be read.
    pub fn seal(&mut self, seal: &AuditSeal) -> bool {
        self.close();
        self.report.seals += 1;
        let number = seal.number;
        let expected = self.previous.map_or(1, |link| link.number + 1);
        let follows = number == expected;
        if number > expected {
            self.found(Break::SealMissing { number: expected });
            self.gap = true;
        }
        let sound = match seal.is_sound(self.ring) {
            Ok(true) => true,
            Ok(false) => {
                self.found(Break::SealAltered { number });
                false
            }
            Err(_) => {
                self.found(Break::KeyUnknown { what: "封签", id: number, version: seal.head.version.number() });
                false
            }
        };
        let entries = seal.entries().filter(|_| sound);
        let Some(entries) = entries else {
            self.gap = true;
            self.chained = false;
            self.previous = Some(SealLink { number: number.max(expected), ..seal.link() });
            return false;
        };
        if let Some(trusted) = self.trusted
            && trusted.number == number
            && trusted.head != seal.head
        {
            self.found(Break::HeadDiffers { number });
        }
        // After a missing or altered seal the difference is explained, and named already.
        let meets = self.previous.map(|link| link.head) == seal.previous;
        if number < expected || follows && self.chained && !meets {
            self.found(Break::ChainBroken { number });
        }
        self.chained = true;
        self.previous = Some(seal.link());
        self.covered = Some(Covered {
            number,
            first: seal.first,
            root: seal.root,
            entries,
            met: 0,
            hasher: root_hasher(),
            breaks_before: self.report.broken,
        });
        true
    }

    /// Takes the next record, by ascending id.
    pub fn record(&mut self, record: &AuditRecord) {
        self.report.records += 1;
        let id = record.id;
        if id <= self.last_id {
            // The key of the table makes this impossible; a second record under one number is one too many.
            self.found(Break::Inserted { id });
            return;
        }
        self.last_id = id;
        let own = self.own_code(record);
        let Some(covered) = self.covered.as_mut().filter(|c| !self.gap || id >= c.first) else {
            own.into_iter().for_each(|found| self.found(found));
            return;
        };
        let number = covered.number;
        let mut breaks = Vec::new();
        while let Some(&(missing, _)) = covered.entries.get(covered.met)
            && missing < id
        {
            covered.met += 1;
            breaks.push(Break::Missing { id: missing, seal: number });
        }
        match covered.entries.get(covered.met).copied() {
            Some((sealed, sealed_mark)) if sealed == id => {
                covered.met += 1;
                let carried = record.mac.map(|code| {
                    add_to_root(&mut covered.hasher, id, &code);
                    mark(&code)
                });
                breaks.extend(match (carried, own) {
                    (Some(carried), own) if carried == sealed_mark => own,
                    (Some(_), None) => Some(Break::Recomputed { id }),
                    (Some(carried), Some(own)) => {
                        let other = covered.entries.iter().find(|(_, m)| *m == carried);
                        Some(other.map_or(own, |&(with, _)| Break::Swapped { id, with }))
                    }
                    (None, own) => own,
                });
            }
            _ => breaks.push(Break::Inserted { id }),
        }
        breaks.into_iter().for_each(|found| self.found(found));
    }

    /// Takes records by ascending id.
    pub fn records<'a>(&mut self, records: impl IntoIterator<Item = &'a AuditRecord>) {
        for record in records {
            self.record(record);
        }
    }

    /// The end of the chain is reached and only records younger than its last seal follow; call it before feeding them.
    pub fn tail(&mut self) {
        self.close();
    }

    /// Ends the proof.
    #[must_use]
    pub fn finish(mut self) -> AuditReport {
        self.tail();
        let found = self.previous.map_or(0, |link| link.number);
        if let Some(trusted) = self.trusted
            && trusted.number > found
        {
            self.found(Break::CutOff { expected: trusted.number, found });
        }
        self.report.head = self.previous;
        self.report
    }

    /// What a record's own code says: nothing, altered, or unknown.
    fn own_code(&self, record: &AuditRecord) -> Option<Break> {
        let Some(code) = record.mac else {
            return Some(Break::Altered { id: record.id });
        };
        match verify_mac(self.ring, Purpose::Audit, &record.canonical, &code) {
            Ok(true) => None,
            Ok(false) => Some(Break::Altered { id: record.id }),
            Err(VaultError::UnknownKeyVersion { version }) => Some(Break::KeyUnknown { what: "记录", id: record.id, version }),
            Err(_) => Some(Break::Altered { id: record.id }),
        }
    }

    /// Ends the range of the current seal: what it still expects is missing, and its root must have come out.
    fn close(&mut self) {
        let Some(covered) = self.covered.take() else {
            return;
        };
        for &(id, _) in &covered.entries[covered.met..] {
            self.found(Break::Missing { id, seal: covered.number });
        }
        // A break inside explains a different root.
        if self.report.broken == covered.breaks_before && covered.hasher.finish() != covered.root {
            self.found(Break::RootDiffers { number: covered.number });
        }
        self.gap = false;
    }

    fn found(&mut self, found: Break) {
        self.report.broken += 1;
        if self.report.breaks.len() < KEPT {
            self.report.breaks.push(found);
        }
    }
}

impl std::fmt::Debug for Verifier<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Verifier {{ records: {}, broken: {} }}", self.report.records, self.report.broken)
    }
}

/// Proves a chain from two iterators (核对整条链): seals by number, records by id. The same as feeding a [`Verifier`] by hand.
#[must_use]
pub fn verify_chain(
    ring: &KeyRing,
    trusted: Option<SealLink>,
    seals: impl IntoIterator<Item = AuditSeal>,
    records: impl IntoIterator<Item = AuditRecord>,
) -> AuditReport {
    let mut verifier = Verifier::new(ring, trusted);
    let mut records = records.into_iter().peekable();
    for seal in seals {
        if verifier.seal(&seal) {
            while let Some(record) = records.next_if(|record| record.id <= seal.last) {
                verifier.record(&record);
            }
        }
    }
    verifier.tail();
    for record in records {
        verifier.record(&record);
    }
    verifier.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{AuditContent, SealRoot};
    use crate::entropy::SeededEntropy;
    use crate::ring::tests::ring;
    use jiff::civil::date;

    /// Twelve records with gaps in their numbers (10, 20 … 120): three seals of three, three records younger than the last seal.
    /// The key rotates after the first seal.
    struct Centre {
        ring: KeyRing,
        seals: Vec<AuditSeal>,
        records: Vec<AuditRecord>,
    }

    const DAY: &str = "2026-11-24";

    fn content(id: i64, actor: i64) -> Vec<u8> {
        AuditContent {
            id,
            at: 1_795_483_800,
            day: "2026-11-24",
            actor,
            address: "10.0.0.3",
            kind: "collection.seal",
            object: "case",
            detail: "",
            result: "done",
            request: "r",
            effects: "",
        }
        .canonical()
    }

    fn signed(ring: &KeyRing, id: i64, actor: i64) -> AuditRecord {
        let canonical = content(id, actor);
        let mac = crate::mac::mac(ring, Purpose::Audit, &canonical);
        AuditRecord { id, canonical, mac: Some(mac) }
    }

    fn centre() -> Centre {
        let mut ring = ring();
        let (mut seals, mut records) = (Vec::<AuditSeal>::new(), Vec::new());
        for group in 0..3 {
            let mut root = SealRoot::after(seals.last().map(AuditSeal::link));
            for place in 1..=3 {
                let record = signed(&ring, (group * 3 + place) * 10, 3);
                root.add(record.id, &record.mac.expect("signed")).expect("ascending");
                records.push(record);
            }
            seals.push(root.chain(&ring, DAY).expect("three records"));
            if group == 0 {
                ring.rotate(date(2027, 1, 4), &mut SeededEntropy::new(2)).expect("a seed never fails");
            }
        }
        records.extend([100, 110, 120].map(|id| signed(&ring, id, 3)));
        Centre { ring, seals, records }
    }

    impl Centre {
        fn at(&mut self, id: i64) -> &mut AuditRecord {
            self.records.iter_mut().find(|r| r.id == id).expect("there")
        }

        fn prove(&self, trusted: Option<SealLink>) -> AuditReport {
            verify_chain(&self.ring, trusted, self.seals.clone(), self.records.clone())
        }
    }

    /// Spoils a fresh centre and compares the breaks with what is expected: exactly those, no more.
    fn check(name: &str, spoil: impl FnOnce(&mut Centre), expected: &[Break]) {
        let mut centre = centre();
        let printed = centre.seals.last().map(AuditSeal::link);
        spoil(&mut centre);
        let report = centre.prove(printed);
        assert_eq!(report.breaks, expected, "{name}");
        assert_eq!(report.broken, expected.len() as u64, "{name}");
    }

    #[test]
    fn an_untouched_chain_holds_with_and_without_a_printed_head() {
        let centre = centre();
        let head = centre.seals.last().map(AuditSeal::link);
        for trusted in [None, head, Some(centre.seals[0].link())] {
            let report = centre.prove(trusted);
            assert!(report.holds(), "{:?}", report.first());
            assert_eq!((report.records, report.seals, report.head), (12, 3, head));
        }
        let empty = verify_chain(&centre.ring, None, [], []);
        assert!(empty.holds() && empty.head.is_none());
    }

    #[test]
    fn one_touched_record_is_named_and_nothing_else() {
        check("altered", |c| c.at(50).canonical = content(50, 4), &[Break::Altered { id: 50 }]);
        check("altered in the tail", |c| c.at(110).canonical = content(110, 4), &[Break::Altered { id: 110 }]);
        check("code emptied", |c| c.at(20).mac = None, &[Break::Altered { id: 20 }]);
        check("code spoiled", |c| c.at(20).mac.as_mut().expect("signed").code[31] ^= 1, &[Break::Altered { id: 20 }]);
        check("first missing", |c| c.records.retain(|r| r.id != 10), &[Break::Missing { id: 10, seal: 1 }]);
        check("last of a seal missing", |c| c.records.retain(|r| r.id != 60), &[Break::Missing { id: 60, seal: 2 }]);
        let ring = ring();
        check("slipped in", |c| c.records.insert(4, signed(&ring, 45, 3)), &[Break::Inserted { id: 45 }]);
        check("slipped in before all", |c| c.records.insert(0, signed(&ring, 5, 3)), &[Break::Inserted { id: 5 }]);
    }

    #[test]
    fn exchanged_records_are_both_named() {
        check(
            "with codes",
            |c| {
                let (a, b) = (c.at(40).clone(), c.at(60).clone());
                *c.at(40) = AuditRecord { id: 40, ..b };
                *c.at(60) = AuditRecord { id: 60, ..a };
                // The store builds the canonical bytes from the columns, so each has the number of its row.
                c.at(40).canonical = content(40, 3);
                c.at(60).canonical = content(60, 3);
            },
            &[Break::Swapped { id: 40, with: 60 }, Break::Swapped { id: 60, with: 40 }],
        );
        check(
            "contents only",
            |c| {
                c.at(40).canonical = content(40, 11);
                c.at(60).canonical = content(60, 12);
            },
            &[Break::Altered { id: 40 }, Break::Altered { id: 60 }],
        );
    }

    #[test]
    fn a_record_written_anew_with_the_key_is_named() {
        check(
            "recomputed",
            |c| {
                let anew = signed(&c.ring, 70, 4);
                *c.at(70) = anew;
            },
            &[Break::Recomputed { id: 70 }],
        );
        check(
            "beyond the mark",
            |c| {
                // Nobody can do this; but if the marks agreed by chance, the root still would not.
                let code = c.at(70).mac.expect("signed");
                let mut root = SealRoot::after(Some(c.seals[1].link()));
                for id in [70, 80, 90] {
                    let mut other = c.at(id).mac.expect("signed");
                    other.code[31] ^= u8::from(code == other);
                    root.add(id, &other).expect("ascending");
                }
                c.seals[2] = root.chain(&c.ring, DAY).expect("three records");
            },
            &[Break::HeadDiffers { number: 3 }, Break::RootDiffers { number: 3 }],
        );
    }

    #[test]
    fn one_touched_seal_is_named_and_nothing_else() {
        check("altered", |c| c.seals[1].count = 4, &[Break::SealAltered { number: 2 }]);
        check("range widened", |c| c.seals[1].last = 80, &[Break::SealAltered { number: 2 }]);
        check("range narrowed", |c| c.seals[1].last = 50, &[Break::SealAltered { number: 2 }]);
        check("marks spoiled", |c| c.seals[1].marks.clear(), &[Break::SealAltered { number: 2 }]);
        check("first missing", |c| drop(c.seals.remove(0)), &[Break::SealMissing { number: 1 }]);
        check("middle missing", |c| drop(c.seals.remove(1)), &[Break::SealMissing { number: 2 }]);
        check("last missing", |c| drop(c.seals.pop()), &[Break::CutOff { expected: 3, found: 2 }]);
        check("all missing", |c| c.seals.clear(), &[Break::CutOff { expected: 3, found: 0 }]);
        check(
            "key of a seal unknown",
            |c| c.seals[0].head.version = crate::ring::KeyVersion::of(9).expect("not 0"),
            &[Break::KeyUnknown { what: "封签", id: 1, version: 9 }],
        );
        check("head altered", |c| c.seals[1].head.code[0] ^= 1, &[Break::SealAltered { number: 2 }]);
        check("newest head altered", |c| c.seals[2].head.code[0] ^= 1, &[Break::SealAltered { number: 3 }]);
    }

    #[test]
    fn a_tail_cut_off_with_its_records_is_found_by_the_printed_head_only() {
        let mut centre = centre();
        let printed = centre.seals[2].link();
        centre.seals.truncate(2);
        centre.records.retain(|r| r.id <= 60);
        assert!(centre.prove(None).holds(), "nothing inside the database can tell");
        assert_eq!(centre.prove(Some(printed)).breaks, [Break::CutOff { expected: 3, found: 2 }]);
    }

    #[test]
    fn a_chain_written_anew_with_the_key_is_found_by_the_printed_head() {
        check(
            "rewritten",
            |c| {
                let mut root = SealRoot::after(Some(c.seals[1].link()));
                for id in [70, 80, 90] {
                    let anew = signed(&c.ring, id, 4);
                    root.add(id, &anew.mac.expect("signed")).expect("ascending");
                    *c.at(id) = anew;
                }
                c.seals[2] = root.chain(&c.ring, DAY).expect("three records");
            },
            &[Break::HeadDiffers { number: 3 }],
        );
        check(
            "another seal 2 under the old seal 3",
            |c| {
                let mut root = SealRoot::after(Some(c.seals[0].link()));
                for id in [40, 50, 60] {
                    let anew = signed(&c.ring, id, 4);
                    root.add(id, &anew.mac.expect("signed")).expect("ascending");
                    *c.at(id) = anew;
                }
                c.seals[1] = root.chain(&c.ring, DAY).expect("three records");
            },
            &[Break::ChainBroken { number: 3 }],
        );
    }

    #[test]
    fn a_wholly_spoiled_table_keeps_a_bounded_list_and_the_whole_count() {
        let ring = ring();
        let records = (1..=1_500).map(|id| AuditRecord { id, canonical: vec![1], mac: None });
        let report = verify_chain(&ring, None, [], records);
        assert_eq!((report.breaks.len(), report.broken), (1_000, 1_500));
    }
}
