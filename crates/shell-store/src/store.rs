//! An open store: database, keys, numbers and the bank accounts' leaves.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use core_ledger::LedgerCode;
use shell_vault::KeyRing;

use crate::db::{Db, DbError, Query, Registered};
use crate::facts::ledger_code;
use crate::keys::Keys;
use crate::numbers::Numbers;

const BANK_LEAVES: &str = "SELECT id, leaf FROM bank_account";

/// The statements of this module.
pub(crate) static QUERIES: &[Registered] = &[Registered { name: "store.bank_leaves", sql: BANK_LEAVES }];

/// A centre's store (存储). Clones are handles to the same one.
#[derive(Clone)]
pub struct Store {
    /// The database.
    pub db: Db,
    /// The keys.
    pub keys: Keys,
    /// The numbers.
    pub numbers: Arc<Numbers>,
    bank_leaves: Arc<RwLock<HashMap<i64, LedgerCode>>>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}

impl Store {
    /// A store over an opened, migrated database.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn open(db: Db, ring: KeyRing) -> Result<Store, DbError> {
        let store = Store { db, keys: Keys::new(ring), numbers: Arc::default(), bank_leaves: Arc::default() };
        store.read_bank_leaves().await?;
        Ok(store)
    }

    /// Reads the leaves of the fund bank accounts again, after one was registered.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn read_bank_leaves(&self) -> Result<(), DbError> {
        let rows = self.db.read(vec![Query::new(BANK_LEAVES, [])]).await?;
        let mut leaves = HashMap::new();
        for row in &rows[0] {
            leaves.insert(row.get(0)?, ledger_code(row.get(1)?)?);
        }
        *self.bank_leaves.write().unwrap_or_else(|p| p.into_inner()) = leaves;
        Ok(())
    }

    /// Leaf of a fund bank account.
    pub(crate) fn bank_leaf(&self, bank: i64) -> Option<LedgerCode> {
        self.bank_leaves.read().unwrap_or_else(|p| p.into_inner()).get(&bank).copied()
    }
}
