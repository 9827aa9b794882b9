//! Where blows fall: every phase of the script by its share, the moment within it by chance.

use std::collections::BTreeMap;

use crate::script::Piece;

/// What is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Blow {
    /// The process that works.
    Process,
    /// The server's processes for its connections, then it.
    Backend,
    /// The whole server, then it.
    Server,
}

impl Blow {
    pub fn words(self) -> &'static str {
        match self {
            Blow::Process => "the process",
            Blow::Backend => "the server's processes for its connections",
            Blow::Server => "the server",
        }
    }
}

/// A moment and a blow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point {
    /// Piece of the script.
    pub piece: usize,
    /// Commits of the piece seen before.
    pub commits: u32,
    /// Then so long.
    pub micros: u64,
    /// What is killed.
    pub blow: Blow,
}

/// Blows on the process by phase, as [`Piece::words`] names them; day-ends by their steps: those of every day, those that expire
/// lists and carry the fund-year over.
const SHARES: [(&str, usize); 11] = [
    ("employers imported", 2),
    ("a case approved", 3),
    ("officers opened", 1),
    ("opening balances imported", 2),
    ("bases adjusted", 2),
    ("people sealed, opened, back", 3),
    ("lists confirmed", 4),
    ("receipts recorded, lists posted", 6),
    ("an unknown receipt claimed", 1),
    ("the day ended", 7),
    ("last days", 3),
];

/// Points of a script, sorted; the same seed gives the same ones.
pub fn points(pieces: &[Piece], seed: u64, times: usize) -> Vec<Point> {
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut phases: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (n, piece) in pieces.iter().enumerate() {
        let phase = if n + 2 >= pieces.len() { "last days" } else { piece.words() };
        phases.entry(phase).or_default().push(n);
    }
    let mut found = Vec::new();
    let mut point = |phase: &str, blow: Blow, rng: &mut fastrand::Rng| {
        let of = phases.get(phase).unwrap_or_else(|| panic!("the script has no piece of: {phase}"));
        let piece = of[rng.usize(..of.len())];
        // A day-end commits step by step, the others a chunk at a time.
        let commits = if phase == "the day ended" || phase == "last days" { rng.u32(0..=3) } else { rng.u32(0..=1) };
        // At once after a commit, so that its answer is still on the way, or a little later; before the first commit the work
        // itself takes a while.
        let micros = if commits > 0 && rng.bool() { 0 } else { rng.u64(0..3_000) };
        found.push(Point { piece, commits, micros, blow });
    };
    for (phase, share) in SHARES {
        (0..share * times).for_each(|_| point(phase, Blow::Process, &mut rng));
    }
    for _ in 0..times {
        for (phase, blow) in [
            ("lists confirmed", Blow::Backend),
            ("receipts recorded, lists posted", Blow::Backend),
            ("receipts recorded, lists posted", Blow::Server),
            ("the day ended", Blow::Server),
        ] {
            point(phase, blow, &mut rng);
        }
    }
    found.sort();
    found
}
