//! Paper (纸): what a program under test wrote, for those who read it afterwards.

use std::io::{Result, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// A writer whose copies write on the same sheet.
#[derive(Clone, Debug, Default)]
pub struct Paper(Arc<Mutex<Vec<u8>>>);

impl Paper {
    /// What was written, as bytes.
    pub fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What was written.
    ///
    /// # Panics
    /// When it is no UTF-8.
    pub fn text(&self) -> String {
        String::from_utf8(self.bytes()).expect("programs write UTF-8")
    }
}

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}
