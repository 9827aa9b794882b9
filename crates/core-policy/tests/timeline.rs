//! Timeline golden: a changed date or value is seen in review as a changed line.

use std::path::Path;

use core_policy::PolicySet;

#[test]
fn the_timeline_is_the_one_that_was_reviewed() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens/timeline.txt");
    let now = PolicySet::shipped().timeline("");
    if std::env::var_os("ANJU_BLESS").is_some() {
        std::fs::write(&golden, &now).unwrap();
    }
    let reviewed = std::fs::read_to_string(&golden).unwrap();
    let changed: Vec<&str> = now.lines().filter(|l| !reviewed.lines().any(|r| r == *l)).collect();
    assert!(reviewed == now, "the timeline changed; look at these lines, then bless with ANJU_BLESS=1:\n{}", changed.join("\n"));
}
