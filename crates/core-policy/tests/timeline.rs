//! Timeline golden: a changed date or value is seen in review as a changed line.

use core_policy::PolicySet;

#[test]
fn the_timeline_is_the_one_that_was_reviewed() {
    testkit::golden::check("crates/core-policy/tests/goldens/timeline.txt", &PolicySet::shipped().timeline(""));
}
