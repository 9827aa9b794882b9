//! The shipped policy files load without a problem.

use core_policy::{PolicySet, Problems, Source};
use std::path::Path;

fn shipped() -> Vec<Source> {
    Source::read_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy")).unwrap()
}

#[test]
fn every_problem_of_every_file_is_listed_and_there_is_none() {
    let (_, problems) = PolicySet::examine(shipped());
    assert!(problems.is_empty(), "{}", Problems(problems));
}
