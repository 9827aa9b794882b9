//! Migrations: forward, once, known by their digest; the same schema on both engines; rights of the application's role.

use std::fs;

use shell_store::db::{Db, DbError, Grants, Migrations, grant, migrate, schema};
use testkit::pg::TestPg;

use crate::bed::{Bed, CENTRE, Folder, migrations, on_both_engines};

on_both_engines! {
    applied_once_and_never_again
    an_older_database_goes_forward
    two_who_migrate_at_once_wait_for_each_other
    a_changed_migration_is_refused
    a_database_newer_than_the_program_is_refused
    a_failing_migration_leaves_no_trace
}

/// An address on the same engine without anything in it.
fn empty(bed: &Bed) -> (String, Option<Folder>) {
    match &bed.folder {
        Some(_) => {
            let folder = Folder::new();
            (folder.address(), Some(folder))
        }
        None => (TestPg::database(), None),
    }
}

async fn applied_once_and_never_again(bed: Bed) {
    bed.accounts(1).await;
    assert!(migrate(&bed.address, CENTRE, &migrations()).await.unwrap().is_empty());
    let rows = bed.rows("SELECT number, name, digest FROM migration ORDER BY number", []).await;
    let found: Vec<(u32, String, String)> =
        rows.iter().map(|row| (row.get(0).unwrap(), row.get(1).unwrap(), row.get(2).unwrap())).collect();
    let expected: Vec<_> = migrations().iter().map(|one| (one.number, one.name.clone(), one.digest())).collect();
    assert_eq!(found, expected);
}

async fn an_older_database_goes_forward(bed: Bed) {
    let (address, _folder) = empty(&bed);
    let all = migrations();
    assert_eq!(migrate(&address, CENTRE, &all.first(1)).await.unwrap(), ["0001-accounts"]);
    assert_eq!(migrate(&address, CENTRE, &all).await.unwrap(), ["0002-guards", "0003-holders"]);
    let forward = schema(&Db::open(&address, CENTRE).await.unwrap()).await.unwrap();
    assert_eq!(forward, schema(&bed.db).await.unwrap());
}

async fn two_who_migrate_at_once_wait_for_each_other(bed: Bed) {
    let (address, _folder) = empty(&bed);
    let all = (migrations(), migrations());
    let (one, two) = tokio::join!(migrate(&address, CENTRE, &all.0), migrate(&address, CENTRE, &all.1));
    let mut applied = [one.unwrap(), two.unwrap()].concat();
    applied.sort_unstable();
    assert_eq!(applied, ["0001-accounts", "0002-guards", "0003-holders"]);
}

/// The fixtures with one file more or otherwise.
fn altered(folder: &str, text: &str) -> Migrations {
    let copy = Folder::new();
    let root = std::path::PathBuf::from(copy.address());
    let fixtures = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/migrations");
    for entry in fs::read_dir(fixtures).unwrap() {
        let from = entry.unwrap().path();
        let to = root.join(from.file_name().unwrap());
        fs::create_dir(&to).unwrap();
        for file in fs::read_dir(from).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), to.join(file.file_name())).unwrap();
        }
    }
    fs::create_dir_all(root.join(folder)).unwrap();
    fs::write(root.join(folder).join("up.sql"), text).unwrap();
    Migrations::of_folder(&root).unwrap()
}

async fn a_changed_migration_is_refused(bed: Bed) {
    let message = migrate(&bed.address, CENTRE, &altered("0003-holders", "CREATE TABLE other (id @int NOT NULL PRIMARY KEY);")).await;
    let message = message.unwrap_err().to_string();
    assert!(message.starts_with("migration 0003-holders: its text was changed after it was applied"), "{message}");
}

async fn a_database_newer_than_the_program_is_refused(bed: Bed) {
    let message = migrate(&bed.address, CENTRE, &migrations().first(2)).await.unwrap_err().to_string();
    assert_eq!(message, "the database is newer than this program: it has migration 0003-holders");
}

async fn a_failing_migration_leaves_no_trace(bed: Bed) {
    let before = schema(&bed.db).await.unwrap();
    let broken = altered("0004-broken", "CREATE TABLE half (id @int NOT NULL PRIMARY KEY);\nCREATE TABLE half (id @int);");
    let error = migrate(&bed.address, CENTRE, &broken).await.unwrap_err();
    assert!(
        matches!(&error, DbError::Migration(message) if message.starts_with("migration 0004-broken: ") && message.contains("half")),
        "{error}"
    );
    assert_eq!(schema(&bed.db).await.unwrap(), before);
    let mended = altered("0004-broken", "CREATE TABLE half (id @int NOT NULL PRIMARY KEY);");
    assert_eq!(migrate(&bed.address, CENTRE, &mended).await.unwrap(), ["0004-broken"]);
}

const SCHEMA: &str = "\
table account
  id int not null
  name text not null
  balance int not null
  seq int not null
  sealed flag not null
  since day
  note json
  hash bytes
  key (id)
  check account_not_negative
  index account_since (since, id)
  unique account_name (name)
  unique account_open_hash (hash) partial
table command
  key text not null
  key (key)
table counter
  name text not null
  last int not null
  ceiling int not null
  key (name)
  check counter_used_up
table entry
  account int not null
  seq int not null
  amount int not null
  day day not null
  key (account, seq)
  guard append_only_entry
table guard
  key text not null
  version int not null
  key (key)
table holder
  id int not null
  account int not null
  spouse int
  key (id)
  foreign holder_account (account) -> account (id)
  foreign holder_spouse (spouse) -> holder (id)
table migration
  number int not null
  name text not null
  digest text not null
  key (number)
table trail
  n int not null
  mark text not null
  key (n)
";

#[tokio::test]
async fn both_engines_have_the_same_schema_in_one_notation() {
    assert_eq!(schema(&Bed::sqlite().await.db).await.unwrap(), SCHEMA);
    assert_eq!(schema(&Bed::postgres().await.db).await.unwrap(), SCHEMA);
}

#[tokio::test]
async fn shipped_migrations_give_both_engines_the_same_schema() {
    let shipped = Migrations::shipped().unwrap();
    let folder = Folder::new();
    let (mut schemas, mut dbs) = (Vec::new(), Vec::new());
    for address in [folder.address(), TestPg::database()] {
        migrate(&address, CENTRE, &shipped).await.unwrap();
        let db = Db::open(&address, CENTRE).await.unwrap();
        schemas.push(schema(&db).await.unwrap());
        dbs.push(db);
    }
    assert_eq!(schemas[0], schemas[1]);
    testkit::golden::check("crates/shell-store/tests/goldens/schema.txt", &schemas[0]);
    // And every statement of the store is understood alike by both.
    let mut found = Vec::new();
    for statements in shell_store::statements::all() {
        found.extend(shell_store::db::disagreements(&dbs[0], &dbs[1], statements).await.unwrap());
    }
    assert_eq!(found, Vec::<String>::new());
}

#[tokio::test]
async fn indexes_that_sqlite_cannot_tell_apart_are_refused() {
    let folder = Folder::new();
    let twice = altered("0004-twice", "CREATE UNIQUE INDEX account_sealed_name ON account (name) WHERE sealed;");
    let message = migrate(&folder.address(), CENTRE, &twice).await.unwrap_err().to_string();
    assert!(message.contains("account_name") && message.contains("account_sealed_name"), "{message}");
}

#[tokio::test]
async fn the_applications_role_cannot_change_what_is_append_only() {
    let bed = Bed::postgres().await;
    bed.accounts(1).await;
    let role = format!("anju_app_{}", std::process::id());
    let server = TestPg::start();
    let database = bed.address.rsplit('/').next().unwrap();
    server.sql(database, &format!("CREATE ROLE {role} LOGIN"));
    let grants = Grants { role: &role, append_only: &["entry"], deletable: &["trail"] };
    grant(&bed.address, CENTRE, &grants).await.unwrap();
    // Granting again is no error.
    grant(&bed.address, CENTRE, &grants).await.unwrap();
    let as_role = |sql: &str| server.try_sql(database, &format!("SET ROLE {role}; SET search_path TO centre_{CENTRE}; {sql}"));
    for allowed in [
        "INSERT INTO entry (account, seq, amount, day) VALUES (1, 1, 5, '2026-01-01')",
        "UPDATE account SET balance = 2",
        "DELETE FROM trail",
        "SELECT count(*) FROM migration",
    ] {
        as_role(allowed).unwrap();
    }
    for refused in [
        "UPDATE entry SET amount = 6",
        "DELETE FROM entry",
        "TRUNCATE entry",
        "DELETE FROM account",
        "UPDATE migration SET name = 'x'",
        "INSERT INTO migration (number, name, digest) VALUES (9, 'x', 'x')",
        "CREATE TABLE other (id bigint)",
        "ALTER TABLE entry DISABLE TRIGGER ALL",
    ] {
        let message = as_role(refused).unwrap_err();
        assert!(message.contains("permission denied") || message.contains("must be owner"), "{refused}: {message}");
    }
    let wrong = Grants { role: "a; DROP TABLE entry", ..grants };
    assert!(grant(&bed.address, CENTRE, &wrong).await.is_err());
    server.sql(database, &format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}

#[tokio::test]
async fn on_sqlite_the_guard_triggers_hold_a_raw_connection() {
    let bed = Bed::sqlite().await;
    bed.raw("INSERT INTO entry (account, seq, amount, day) VALUES (1, 1, 5, '2026-01-01')").unwrap();
    for sql in ["UPDATE entry SET amount = 6", "DELETE FROM entry"] {
        assert_eq!(bed.raw(sql).unwrap_err(), "guard:append_only_entry");
    }
}
