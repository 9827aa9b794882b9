//! A folder for a test that goes when the test is over.

use std::path::PathBuf;

/// A folder that is removed with the value.
#[derive(Debug)]
pub struct Folder(pub PathBuf);

impl Folder {
    /// A new one below the temporary folder, by name and process.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("anju-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("the temporary folder is writable");
        Folder(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
