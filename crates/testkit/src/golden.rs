//! Goldens: whole texts kept in the repository, seen in review when they change.

use crate::diff;
use crate::root::{blessing, workspace_root};

/// Compares a text with the file at this path from the workspace root. `ANJU_BLESS=1` writes the file instead.
///
/// Panics with the lines that differ, or when there is no such file yet.
pub fn check(path: &str, found: &str) {
    let file = workspace_root().join(path);
    let expected = std::fs::read_to_string(&file);
    if blessing() {
        if expected.as_deref().ok() != Some(found) {
            let folder = file.parent().unwrap_or(&file);
            std::fs::create_dir_all(folder)
                .and_then(|()| std::fs::write(&file, found))
                .unwrap_or_else(|error| panic!("{path} cannot be written: {error}"));
        }
        return;
    }
    match expected {
        Err(error) => panic!("{path} cannot be read ({error}); ANJU_BLESS=1 makes it"),
        Ok(expected) => {
            if let Some(difference) = diff::lines(&expected, found) {
                panic!("{path} differs (- kept, + found now); when the change is meant, ANJU_BLESS=1 rewrites it:\n{difference}");
            }
        }
    }
}
