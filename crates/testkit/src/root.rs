//! Where the workspace lies.

use std::path::{Path, PathBuf};

/// The root of the workspace: the nearest folder above the crate under test whose `Cargo.toml` has a `[workspace]` table.
///
/// Panics when there is none: the tests were started outside a checkout.
pub fn workspace_root() -> PathBuf {
    // At run time the crate under test, so that a checkout may be moved after it was built.
    let start = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    let is_root = |folder: &&Path| {
        std::fs::read_to_string(folder.join("Cargo.toml")).is_ok_and(|manifest| manifest.lines().any(|line| line.trim() == "[workspace]"))
    };
    match start.ancestors().find(is_root) {
        Some(root) => root.to_owned(),
        None => panic!("no workspace above {}", start.display()),
    }
}

/// Whether expectations are to be rewritten instead of compared: `ANJU_BLESS=1`, which `cargo xtask bless` sets.
pub(crate) fn blessing() -> bool {
    std::env::var_os("ANJU_BLESS").is_some_and(|value| value == "1")
}
