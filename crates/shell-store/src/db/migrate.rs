//! Migrations (数据库升级): numbered folders, forward only, each applied once and known by its digest.
//!
//! `migrations/NNNN-name/up.sql` is one text for both engines, its types in words (`@money`, `@day` …); `up.pg.sql` and
//! `up.sqlite.sql` follow it where an engine needs more. There is no way down: a mistake is mended by the next number.

use std::fmt::Write;
use std::path::Path;

use sha2::{Digest, Sha256};
use tokio_postgres::NoTls;

use crate::db::error::DbError;
use crate::db::words::expand;
use crate::db::{Engine, Place, lite, pg};

/// What was applied: number, name, digest. In the centre's own schema, so each centre is at its own number.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS migration (number @int NOT NULL PRIMARY KEY, name @text NOT NULL, digest @text NOT NULL)";

static SHIPPED: &[(&str, [Option<&str>; 3])] = include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// One migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// Its number, from 1.
    pub number: u32,
    /// Its name, the folder's without the number.
    pub name: String,
    up: Option<String>,
    up_pg: Option<String>,
    up_sqlite: Option<String>,
}

impl Migration {
    fn new(folder: &str, [up, up_pg, up_sqlite]: [Option<String>; 3]) -> Result<Migration, DbError> {
        let wrong = || DbError::Migration(format!("migrations/{folder}: the folder's name is not NNNN-name"));
        let (number, name) = folder.split_once('-').ok_or_else(wrong)?;
        if number.len() != 4 || name.is_empty() {
            return Err(wrong());
        }
        let number = number.parse().map_err(|_| wrong())?;
        if up.is_none() && (up_pg.is_none() || up_sqlite.is_none()) {
            return Err(DbError::Migration(format!("migrations/{folder}: without up.sql it needs up.pg.sql and up.sqlite.sql")));
        }
        Ok(Migration { number, name: name.to_owned(), up, up_pg, up_sqlite })
    }

    /// The statements for an engine.
    ///
    /// # Errors
    /// [`DbError::Migration`] for an unknown type word.
    pub fn text(&self, engine: Engine) -> Result<String, DbError> {
        let own = match engine {
            Engine::Sqlite => &self.up_sqlite,
            Engine::Postgres => &self.up_pg,
        };
        let both = [&self.up, own].into_iter().flatten().map(|text| expand(text, engine));
        let texts = both.collect::<Result<Vec<_>, _>>().map_err(|error| self.error(error))?;
        Ok(texts.join("\n"))
    }

    /// SHA-256 of all its texts as they are written, the same on both engines.
    pub fn digest(&self) -> String {
        let mut digest = Sha256::new();
        for text in [&self.up, &self.up_pg, &self.up_sqlite] {
            let text = text.as_deref().unwrap_or("");
            digest.update((text.len() as u64).to_be_bytes());
            digest.update(text);
        }
        digest.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }

    fn error(&self, error: impl std::fmt::Display) -> DbError {
        DbError::Migration(format!("migration {:04}-{}: {error}", self.number, self.name))
    }
}

/// All migrations, numbered without gaps from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migrations(Vec<Migration>);

impl Migrations {
    /// Those built into this program.
    ///
    /// # Errors
    /// [`DbError::Migration`] for a folder of a wrong name or a gap in the numbers.
    pub fn shipped() -> Result<Migrations, DbError> {
        let each = SHIPPED.iter().map(|(folder, texts)| Migration::new(folder, texts.map(|text| text.map(str::to_owned))));
        Migrations::numbered(each.collect::<Result<_, _>>()?)
    }

    /// Those of a folder on disk.
    ///
    /// # Errors
    /// As [`Migrations::shipped`], or when the folder cannot be read.
    pub fn of_folder(path: &Path) -> Result<Migrations, DbError> {
        let unreadable = |error: std::io::Error| DbError::Migration(format!("{}: {error}", path.display()));
        let mut all = Vec::new();
        for entry in std::fs::read_dir(path).map_err(unreadable)? {
            let folder = entry.map_err(unreadable)?.path();
            let Some(name) = folder.file_name().and_then(|name| name.to_str()) else { continue };
            if !folder.is_dir() {
                continue;
            }
            let text = |file: &str| match std::fs::read_to_string(folder.join(file)) {
                Ok(text) => Ok(Some(text)),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(unreadable(error)),
            };
            all.push(Migration::new(name, [text("up.sql")?, text("up.pg.sql")?, text("up.sqlite.sql")?])?);
        }
        Migrations::numbered(all)
    }

    fn numbered(mut all: Vec<Migration>) -> Result<Migrations, DbError> {
        all.sort_by_key(|migration| migration.number);
        for (migration, expected) in all.iter().zip(1..) {
            if migration.number != expected {
                return Err(migration.error(format!("number {expected:04} is missing or used twice before it")));
            }
        }
        Ok(Migrations(all))
    }

    /// In order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &Migration> {
        self.0.iter()
    }

    /// The first `n` of them: what an older release had.
    pub fn first(&self, n: usize) -> Migrations {
        Migrations(self.0.iter().take(n).cloned().collect())
    }

    /// Those still to be applied after the ones found in a database.
    fn pending(&self, applied: &[(i64, String, String)]) -> Result<&[Migration], DbError> {
        if let Some((number, name, _)) = applied.get(self.0.len()) {
            return Err(DbError::Migration(format!("the database is newer than this program: it has migration {number:04}-{name}")));
        }
        for ((number, name, digest), migration) in applied.iter().zip(&self.0) {
            if *number != i64::from(migration.number) || *name != migration.name {
                return Err(migration.error(format!("the database has {number:04}-{name} in its place")));
            }
            if *digest != migration.digest() {
                return Err(migration.error("its text was changed after it was applied; mend things with a further migration"));
            }
        }
        Ok(&self.0[applied.len()..])
    }
}

/// Brings a centre's database to the last migration; the names of those applied now come back.
///
/// Each migration is its own transaction: what is interrupted goes on at the next call, and two who migrate at once wait for
/// one another. On PostgreSQL the address is that of the schema's owner, and a missing schema is created.
///
/// # Errors
/// [`DbError::Migration`] for a changed, missing or failing migration, or a database newer than the program.
pub async fn migrate(address: &str, centre: &str, migrations: &Migrations) -> Result<Vec<String>, DbError> {
    match Place::of(address, centre)? {
        Place::Lite(path) => {
            let migrations = migrations.clone();
            let work = move || migrate_lite(&path, &migrations);
            tokio::task::spawn_blocking(work).await.map_err(|stopped| DbError::Lost(stopped.to_string()))?
        }
        Place::Pg { url, schema } => migrate_pg(&url, &schema, migrations).await,
    }
}

fn migrate_lite(path: &Path, migrations: &Migrations) -> Result<Vec<String>, DbError> {
    let mut db = lite::open_for_migration(path)?;
    let plain = |error: rusqlite::Error| DbError::Migration(error.to_string());
    let mut done = Vec::new();
    loop {
        let step = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(plain)?;
        step.execute_batch(&expand(TABLE, Engine::Sqlite)?).map_err(plain)?;
        let applied = {
            let mut rows = step.prepare("SELECT number, name, digest FROM migration ORDER BY number").map_err(plain)?;
            let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).map_err(plain)?;
            rows.collect::<Result<Vec<_>, _>>().map_err(plain)?
        };
        let Some(next) = migrations.pending(&applied)?.first() else {
            step.commit().map_err(plain)?;
            lite::check_names(&db)?;
            return Ok(done);
        };
        step.execute_batch(&next.text(Engine::Sqlite)?).map_err(|error| next.error(error))?;
        let insert = "INSERT INTO migration (number, name, digest) VALUES (?1, ?2, ?3)";
        step.execute(insert, (next.number, &next.name, next.digest())).map_err(plain)?;
        step.commit().map_err(plain)?;
        done.push(format!("{:04}-{}", next.number, next.name));
    }
}

/// A connection of its own, outside the pool: the owner's.
async fn connect(url: &str) -> Result<tokio_postgres::Client, DbError> {
    let (client, connection) = pg::config(url)?.connect(NoTls).await.map_err(|error| DbError::Unreachable(pg::chain(&error)))?;
    tokio::spawn(async move { drop(connection.await) });
    Ok(client)
}

async fn migrate_pg(url: &str, schema: &str, migrations: &Migrations) -> Result<Vec<String>, DbError> {
    let plain = |error: tokio_postgres::Error| DbError::Migration(pg::chain(&error));
    let mut client = connect(url).await?;
    let exists = client.query_opt("SELECT 1 FROM pg_namespace WHERE nspname = $1", &[&schema]).await.map_err(plain)?;
    if exists.is_none() {
        let created = client.batch_execute(&format!("CREATE SCHEMA {schema}")).await;
        // Somebody else may have created it just now.
        let twice = |error: &tokio_postgres::Error| error.code().is_some_and(|code| ["42P06", "23505"].contains(&code.code()));
        created.or_else(|error| if twice(&error) { Ok(()) } else { Err(plain(error)) })?;
    }
    client.batch_execute(&format!("SET search_path TO {schema}; SET client_min_messages TO warning")).await.map_err(plain)?;
    let create = client.batch_execute(&expand(TABLE, Engine::Postgres)?).await;
    let twice = |error: &tokio_postgres::Error| error.code().is_some_and(|code| ["42P07", "23505", "42710"].contains(&code.code()));
    create.or_else(|error| if twice(&error) { Ok(()) } else { Err(plain(error)) })?;
    let mut done = Vec::new();
    loop {
        let step = client.transaction().await.map_err(plain)?;
        step.batch_execute("LOCK TABLE migration IN EXCLUSIVE MODE").await.map_err(plain)?;
        let rows = step.query("SELECT number, name, digest FROM migration ORDER BY number", &[]).await.map_err(plain)?;
        let applied: Vec<(i64, String, String)> = rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
        let Some(next) = migrations.pending(&applied)?.first() else { return Ok(done) };
        step.batch_execute(&next.text(Engine::Postgres)?).await.map_err(|error| next.error(pg::chain(&error)))?;
        let insert = "INSERT INTO migration (number, name, digest) VALUES ($1, $2, $3)";
        step.execute(insert, &[&i64::from(next.number), &next.name, &next.digest()]).await.map_err(plain)?;
        step.commit().await.map_err(plain)?;
        done.push(format!("{:04}-{}", next.number, next.name));
    }
}

/// What the application's own role may do, besides reading everything and writing new rows.
#[derive(Clone, Copy, Debug)]
pub struct Grants<'a> {
    /// The role; it must exist.
    pub role: &'a str,
    /// Tables whose rows are never changed: no UPDATE.
    pub append_only: &'a [&'a str],
    /// The few tables whose rows may go: DELETE. No other table grants it.
    pub deletable: &'a [&'a str],
}

/// Gives the application's role its rights on a centre's schema, and takes all others from it. Run it after each migration.
///
/// SQLite has no roles: nothing happens there, and its guard triggers are what holds.
///
/// # Errors
/// [`DbError::Migration`] when the role or a table does not exist, or the address is not the owner's.
pub async fn grant(address: &str, centre: &str, grants: &Grants<'_>) -> Result<(), DbError> {
    let Place::Pg { url, schema } = Place::of(address, centre)? else { return Ok(()) };
    let named = |name: &&str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    let names = [grants.role].into_iter().chain(grants.append_only.iter().chain(grants.deletable).copied());
    if let Some(wrong) = names.into_iter().find(|name| !named(name)) {
        return Err(DbError::Migration(format!("{wrong:?} is no name: lower-case letters, digits and _ only")));
    }
    let (role, mut sql) = (grants.role, String::from("BEGIN; "));
    let _ = write!(
        sql,
        "REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role}; GRANT USAGE ON SCHEMA {schema} TO {role}; \
         GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA {schema} TO {role}; \
         REVOKE INSERT, UPDATE ON {schema}.migration FROM {role}; "
    );
    for table in grants.append_only {
        let _ = write!(sql, "REVOKE UPDATE ON {schema}.{table} FROM {role}; ");
    }
    for table in grants.deletable {
        let _ = write!(sql, "GRANT DELETE ON {schema}.{table} TO {role}; ");
    }
    sql.push_str("COMMIT");
    let client = connect(&url).await?;
    client.batch_execute(&sql).await.map_err(|error| DbError::Migration(format!("rights of {role}: {}", pg::chain(&error))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn migration(folder: &str) -> Result<Migration, DbError> {
        Migration::new(folder, [Some("CREATE TABLE t (a @int)".to_owned()), None, None])
    }

    #[test]
    fn numbers_have_no_gaps() {
        let all = ["0002-two", "0001-one"].map(|folder| migration(folder).unwrap());
        assert_eq!(Migrations::numbered(all.to_vec()).unwrap().0.len(), 2);
        let gap = ["0001-one", "0003-three"].map(|folder| migration(folder).unwrap());
        let message = Migrations::numbered(gap.to_vec()).unwrap_err().to_string();
        assert_eq!(message, "migration 0003-three: number 0002 is missing or used twice before it");
        assert!(migration("1-one").is_err());
        assert!(migration("0001").is_err());
    }

    #[test]
    fn the_digest_tells_the_texts_apart() {
        let only = |texts: [Option<&str>; 3]| Migration::new("0001-one", texts.map(|text| text.map(str::to_owned))).unwrap().digest();
        assert_eq!(only([Some("a"), None, None]), only([Some("a"), None, None]));
        assert_ne!(only([Some("a"), Some("b"), None]), only([Some("a"), None, Some("b")]));
        assert_ne!(only([Some("ab"), None, None]), only([Some("a"), Some("b"), None]));
    }

    #[test]
    fn shipped_migrations_are_numbered_and_readable_on_both_engines() {
        for migration in Migrations::shipped().unwrap().iter() {
            migration.text(Engine::Sqlite).unwrap();
            migration.text(Engine::Postgres).unwrap();
        }
    }
}
