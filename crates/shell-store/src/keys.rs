//! Where sealed columns lie and how personal keys are found: the store's only use of the key ring.

use std::sync::{Arc, RwLock};

use core_case::guard::{Guard, Register};
use shell_vault::sealed::Sealer;
use shell_vault::{Entropy, KeyRing, KeyVersion, Place, Purpose, Search, SystemEntropy, VaultError, blind_index, mac, sealed};

/// The key ring shared by everything that seals or searches; replaced as a whole when keys are rotated.
#[derive(Clone)]
pub struct Keys {
    ring: Arc<RwLock<Arc<KeyRing>>>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys")
    }
}

impl Keys {
    /// Keys from a ring.
    pub fn new(ring: KeyRing) -> Keys {
        Keys { ring: Arc::new(RwLock::new(Arc::new(ring))) }
    }

    /// The ring in use now.
    pub fn ring(&self) -> Arc<KeyRing> {
        self.ring.read().unwrap_or_else(|p| p.into_inner()).clone()
    }

    /// Uses another ring from now on.
    pub fn replace(&self, ring: KeyRing) {
        *self.ring.write().unwrap_or_else(|p| p.into_inner()) = Arc::new(ring);
    }

    /// Version new rows are sealed under.
    pub fn version(&self) -> i64 {
        i64::from(self.ring().active().number())
    }

    /// Seals a value for one cell.
    ///
    /// # Errors
    /// When the system has no random bytes.
    pub fn seal(&self, table: &str, column: &str, row: impl std::fmt::Display, value: &[u8]) -> Result<Vec<u8>, VaultError> {
        let row = row.to_string();
        let mut entropy = SystemEntropy::new();
        sealed::seal(&self.ring(), &Place { table, column, row: &row }, value, &mut entropy)
    }

    /// Opens the value of one cell.
    ///
    /// # Errors
    /// When the cell was altered, moved from another row, or sealed under a key this ring does not hold.
    pub fn open(&self, table: &str, column: &str, row: impl std::fmt::Display, stored: &[u8]) -> Result<String, VaultError> {
        let row = row.to_string();
        let bytes = sealed::open(&self.ring(), &Place { table, column, row: &row }, stored)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Key of a register as stored: a keyed hash where it is personal, SM3 where it is not.
    pub fn register_key(&self, register: Register, key: &str) -> Vec<u8> {
        self.register_key_under(self.ring().active(), register, key)
    }

    /// The same under a named version of the key, for rotation.
    pub fn register_key_under(&self, version: KeyVersion, register: Register, key: &str) -> Vec<u8> {
        if !register.personal() {
            // A bank writes a name in either width; （ and ( are the same name (handbook 02 §1.6.12).
            let folded = if register == Register::EmployerName { core_identity::fold_width(key) } else { key.to_owned() };
            return core_case::digest::Digest::of(folded.as_bytes()).0.to_vec();
        }
        match blind_index(&self.ring(), version, Search::Whole, register.key(), key) {
            Ok(Some(index)) => index.as_bytes().to_vec(),
            // Nothing to search by: an empty key never meets another.
            _ => Vec::new(),
        }
    }

    /// Search key of the last six characters of an identity number.
    pub fn last_six(&self, number: &str) -> Vec<u8> {
        match blind_index(&self.ring(), self.ring().active(), Search::LastSix, Register::PersonDocument.key(), number) {
            Ok(Some(index)) => index.as_bytes().to_vec(),
            _ => Vec::new(),
        }
    }

    /// Row key of a guard. A personal key's hash is short enough to be guessed from a list of numbers, so it is keyed too.
    pub fn guard_key(&self, guard: &Guard) -> String {
        let text = guard.to_string();
        match guard {
            Guard::Key(register, _) if register.personal() => {
                let code = mac(&self.ring(), Purpose::IndexWhole, text.as_bytes()).to_string();
                format!("key:{}:{}", register.key(), code.chars().filter(char::is_ascii_hexdigit).take(32).collect::<String>())
            }
            _ => text,
        }
    }

    /// A sealer for many cells of one column.
    pub fn sealer<'r>(ring: &'r KeyRing, table: &'r str, column: &'r str) -> Sealer<'r> {
        Sealer::new(ring, table, column)
    }
}

/// Random bytes for seals.
pub fn entropy() -> impl Entropy {
    SystemEntropy::new()
}
