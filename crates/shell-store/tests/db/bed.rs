//! A fresh centre for a test, and a way round the layer into its database.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use shell_store::db::{Batch, Db, Kind, Migrations, Outcome, Query, Row, Unit, Value, migrate};
use testkit::pg::TestPg;

/// The centre of the tests.
pub const CENTRE: &str = "5399";

/// Runs each case once on SQLite and once on PostgreSQL.
macro_rules! on_both_engines {
    ($($case:ident)*) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                async fn $case() {
                    super::$case(crate::bed::Bed::sqlite().await).await;
                }
            )*
        }
        mod postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                async fn $case() {
                    super::$case(crate::bed::Bed::postgres().await).await;
                }
            )*
        }
    };
}
pub(crate) use on_both_engines;

/// A folder that goes with the value.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Folder {
        static SERIAL: AtomicU32 = AtomicU32::new(0);
        let name = format!("anju-store-{}-{}", std::process::id(), SERIAL.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    pub fn address(&self) -> String {
        format!("{}/", self.0.display())
    }

    pub fn file(&self) -> PathBuf {
        self.0.join(format!("centre_{CENTRE}.db"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A migrated centre.
pub struct Bed {
    pub db: Db,
    pub address: String,
    pub folder: Option<Folder>,
}

pub fn migrations() -> Migrations {
    Migrations::of_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/migrations")).unwrap()
}

impl Bed {
    pub async fn sqlite() -> Bed {
        let folder = Folder::new();
        Bed::open(folder.address(), Some(folder)).await
    }

    pub async fn postgres() -> Bed {
        Bed::open(TestPg::database(), None).await
    }

    async fn open(address: String, folder: Option<Folder>) -> Bed {
        migrate(&address, CENTRE, &migrations()).await.unwrap();
        let db = Db::open(&address, CENTRE).await.unwrap();
        Bed { db, address, folder }
    }

    /// Runs statements through a connection of its own, as the owner of the tables.
    pub fn raw(&self, sql: &str) -> Result<(), String> {
        match &self.folder {
            Some(folder) => {
                let db = rusqlite::Connection::open(folder.file()).unwrap();
                db.execute_batch(sql).map_err(|error| error.to_string())
            }
            None => {
                let database = self.address.rsplit('/').next().unwrap();
                TestPg::start().try_sql(database, &format!("SET search_path TO centre_{CENTRE}; {sql}")).map(drop)
            }
        }
    }

    pub async fn rows(&self, sql: &'static str, values: impl IntoIterator<Item = Value>) -> Vec<Row> {
        self.db.read(vec![Query::new(sql, values)]).await.unwrap().remove(0)
    }

    /// One number.
    pub async fn number(&self, sql: &'static str) -> i64 {
        self.rows(sql, []).await[0].get(0).unwrap()
    }

    /// Opens accounts 1 to `n` with 1,000 fen each.
    pub async fn accounts(&self, n: i64) {
        let mut rows = Batch::new(ACCOUNT);
        (1..=n).for_each(|id| rows.push(account(id, 1_000)));
        self.must(Unit::bulk().insert("account", rows)).await;
    }

    pub async fn must(&self, unit: Unit) -> shell_store::db::Done {
        match self.db.commit(unit).await {
            Outcome::Done(done) => done,
            other => panic!("not done: {other:?}"),
        }
    }
}

pub const ACCOUNT: &[(&str, Kind)] =
    &[("id", Kind::Int), ("name", Kind::Text), ("balance", Kind::Int), ("seq", Kind::Int), ("sealed", Kind::Flag)];

pub fn account(id: i64, balance: i64) -> [Value; 5] {
    [id.into(), format!("account {id}").into(), balance.into(), 0.into(), false.into()]
}
