//! What belongs to one engine: groups and turns of the SQLite writer, deadlocks and lost connections of PostgreSQL.

use std::path::Path;
use std::time::{Duration, Instant};

use shell_store::db::{Batch, Db, DbError, Expect, Kind, Outcome, Query, Unit};
use testkit::pg::TestPg;

use crate::bed::{Bed, CENTRE};

const KEY: &str = "INSERT INTO command (key) VALUES ($1)";

fn key(key: impl Into<String>) -> Unit {
    Unit::small().sql(KEY, [key.into().into()], Expect::Exactly(1))
}

/// Keeps the file locked by another connection while `work` runs.
async fn locked<T>(bed: &Bed, work: impl AsyncFnOnce() -> T) -> T {
    let other = rusqlite::Connection::open(bed.folder.as_ref().unwrap().file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let result = work().await;
    other.execute_batch("ROLLBACK").unwrap();
    result
}

/// Commits in a write-ahead log: frames that carry the size of the database.
fn commits_in_log(file: &Path) -> usize {
    let log = std::fs::read(format!("{}-wal", file.display())).unwrap();
    let number = |at: usize| u32::from_be_bytes(log[at..at + 4].try_into().unwrap());
    let (page, salt) = (number(8) as usize, &log[16..24]);
    let frames = log[32..].chunks_exact(24 + page);
    frames.filter(|frame| frame[8..16] == *salt && frame[4..8] != [0; 4]).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_waits_shares_one_commit_and_fails_alone() {
    let bed = Bed::sqlite().await;
    bed.must(key("taken")).await;
    let file = bed.folder.as_ref().unwrap().file();
    let before = commits_in_log(&file);
    let waiting = locked(&bed, async || {
        let waiting: Vec<_> = (0..64)
            .map(|n| {
                let (db, name) = (bed.db.clone(), if n == 30 { "taken".to_owned() } else { format!("command {n}") });
                tokio::spawn(async move { db.commit(key(name)).await })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(100)).await;
        waiting
    })
    .await;
    for (n, unit) in waiting.into_iter().enumerate() {
        match unit.await.unwrap() {
            Outcome::Done(_) => assert_ne!(n, 30),
            Outcome::Refused { constraint, step: 0 } => assert!(n == 30 && constraint.is("command_pkey")),
            other => panic!("{other:?}"),
        }
    }
    let commits = commits_in_log(&file) - before;
    assert!(commits <= 4, "{commits} commits for 64 units that waited together");
    assert_eq!(bed.number("SELECT count(*) AS n FROM command").await, 64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn small_units_go_before_bulk_chunks() {
    let bed = Bed::sqlite().await;
    let mark = |mark: String, mut unit: Unit| {
        unit = unit.sql("INSERT INTO trail (n, mark) SELECT COALESCE(MAX(n), 0) + 1, $1 FROM trail", [mark.into()], Expect::Exactly(1));
        unit
    };
    let waiting = locked(&bed, async || {
        let mut waiting = Vec::new();
        // Each has its place in the queue before the next one comes.
        for (name, unit) in [("bulk 1", Unit::bulk()), ("bulk 2", Unit::bulk()), ("small 1", Unit::small()), ("small 2", Unit::small())] {
            let (db, unit) = (bed.db.clone(), mark(name.to_owned(), unit));
            waiting.push(tokio::spawn(async move { db.commit(unit).await }));
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        waiting
    })
    .await;
    for unit in waiting {
        unit.await.unwrap().done().unwrap();
    }
    let marks: Vec<String> = bed.rows("SELECT mark FROM trail ORDER BY n", []).await.iter().map(|row| row.get(0).unwrap()).collect();
    // The first bulk chunk stood at the head when nobody else was there.
    assert_eq!(marks, ["bulk 1", "small 1", "small 2", "bulk 2"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_file_held_by_another_process_is_a_retry() {
    let bed = Bed::sqlite().await;
    bed.must(Unit::small().returning("PRAGMA busy_timeout = 20", [], Expect::Any)).await;
    let outcome = locked(&bed, async || bed.db.commit(key("one")).await).await;
    assert!(matches!(outcome, Outcome::Retry(_)), "{outcome:?}");
    bed.must(key("one")).await;
}

/// The limit of pages stands for a full disk.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_full_disk_loses_nothing_that_was_committed() {
    let bed = Bed::sqlite().await;
    bed.must(key("one")).await;
    bed.must(Unit::small().returning("PRAGMA max_page_count = 1", [], Expect::Any)).await;
    let mut rows = Batch::new(&[("key", Kind::Text)]);
    (0..2_000).for_each(|n| rows.push([format!("{n} {}", "x".repeat(200)).into()]));
    let outcome = bed.db.commit(Unit::bulk().insert("command", rows.clone())).await;
    assert!(matches!(outcome, Outcome::Failed(_) | Outcome::Unknown(_)), "{outcome:?}");
    assert_eq!(bed.number("SELECT count(*) AS n FROM command").await, 1);
    bed.must(Unit::small().returning("PRAGMA max_page_count = 100000", [], Expect::Any)).await;
    bed.must(Unit::bulk().insert("command", rows)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_accepted_is_committed_before_the_file_is_closed() {
    let bed = Bed::sqlite().await;
    let mut waiting = Vec::new();
    for n in 0..200 {
        let mut commit = Box::pin({
            let db = bed.db.clone();
            async move { db.commit(key(format!("command {n}"))).await }
        });
        // Polled once, it is in the queue; then nobody waits for it.
        let _ = tokio::time::timeout(Duration::ZERO, &mut commit).await;
        waiting.push(commit);
    }
    drop(waiting);
    let Bed { db, address, folder } = bed;
    drop(db);
    let bed = Bed { db: Db::open(&address, CENTRE).await.unwrap(), address, folder };
    assert_eq!(bed.number("SELECT count(*) AS n FROM command").await, 200);
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_readable_to_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let bed = Bed::sqlite().await;
    let file = bed.folder.as_ref().unwrap().file();
    for name in [file.display().to_string(), format!("{}-wal", file.display())] {
        assert_eq!(std::fs::metadata(name).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

fn database(bed: &Bed) -> &str {
    bed.address.rsplit('/').next().unwrap()
}

/// Waits until a statement that contains `marker` runs, and gives the pid of its backend.
async fn backend(bed: &Bed, marker: &str) -> String {
    let sql = format!(
        "SELECT pid FROM pg_stat_activity WHERE datname = '{}' AND query LIKE '%{marker}%' AND wait_event = 'PgSleep' AND pid <> pg_backend_pid()",
        database(bed)
    );
    let started = Instant::now();
    loop {
        let pid = TestPg::start().sql("postgres", &sql);
        if !pid.is_empty() {
            return pid;
        }
        assert!(started.elapsed() < Duration::from_secs(20), "no backend sleeps in {marker}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_deadlock_is_a_retry_for_one_and_nothing_for_the_other() {
    let bed = Bed::postgres().await;
    bed.accounts(2).await;
    bed.raw(&format!("ALTER DATABASE {} SET deadlock_timeout = '50ms'", database(&bed))).unwrap();
    let db = Db::open(&bed.address, CENTRE).await.unwrap();
    let crossing = |ids: [i64; 2]| {
        let db = db.clone();
        let post = "UPDATE account SET balance = balance + 1 WHERE id = $1";
        let unit = Unit::small().sql(post, [ids[0].into()], Expect::Exactly(1)).sql("SELECT pg_sleep(0.2)", [], Expect::Any).sql(
            post,
            [ids[1].into()],
            Expect::Exactly(1),
        );
        tokio::spawn(async move { db.commit(unit).await })
    };
    let (one, two) = (crossing([1, 2]), crossing([2, 1]));
    match (one.await.unwrap(), two.await.unwrap()) {
        (Outcome::Done(_), Outcome::Retry(DbError::Sql { code, .. })) | (Outcome::Retry(DbError::Sql { code, .. }), Outcome::Done(_)) => {
            assert_eq!(code, "40P01");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(bed.number("SELECT CAST(SUM(balance) AS bigint) AS n FROM account").await, 2_002);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_connection_lost_before_commit_is_a_retry() {
    let bed = Bed::postgres().await;
    let unit = key("one").sql("SELECT pg_sleep(30)", [], Expect::Any);
    let db = bed.db.clone();
    let commit = tokio::spawn(async move { db.commit(unit).await });
    let pid = backend(&bed, "pg_sleep(30)").await;
    TestPg::start().sql("postgres", &format!("SELECT pg_terminate_backend({pid})"));
    let outcome = commit.await.unwrap();
    assert!(matches!(outcome, Outcome::Retry(_)), "{outcome:?}");
    assert_eq!(bed.number("SELECT count(*) AS n FROM command").await, 0);
    bed.must(key("one")).await;
}

/// A trigger that sleeps at COMMIT holds it there long enough to be killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_connection_lost_at_commit_is_unknown() {
    let bed = Bed::postgres().await;
    bed.raw(
        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(30); RETURN NULL; END'; \
         CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON command DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slow()",
    )
    .unwrap();
    let db = bed.db.clone();
    let commit = tokio::spawn(async move { db.commit(key("one")).await });
    let pid = backend(&bed, "COMMIT").await;
    TestPg::start().sql("postgres", &format!("SELECT pg_terminate_backend({pid})"));
    let outcome = commit.await.unwrap();
    assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
    assert_eq!(bed.number("SELECT count(*) AS n FROM command").await, 0);
}

/// The server rolls back by itself what it can no longer answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_dropped_future_leaves_no_transaction_on_the_server() {
    let bed = Bed::postgres().await;
    let commit = bed.db.commit(key("one").sql("SELECT pg_sleep(0.2)", [], Expect::Any));
    let _ = tokio::time::timeout(Duration::from_millis(50), commit).await;
    let idle = format!("SELECT count(*) FROM pg_stat_activity WHERE datname = '{}' AND xact_start IS NOT NULL", database(&bed));
    let started = Instant::now();
    while TestPg::start().sql("postgres", &idle) != "0" {
        assert!(started.elapsed() < Duration::from_secs(20), "a transaction stays open");
    }
    assert_eq!(bed.number("SELECT count(*) AS n FROM command").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_changed_column_type_does_not_disturb_prepared_statements() {
    let bed = Bed::postgres().await;
    bed.accounts(1).await;
    let name = async || bed.rows("SELECT name FROM account WHERE id = $1", [1.into()]).await[0].get::<String>(0).unwrap();
    let rename =
        || Unit::small().returning("UPDATE account SET seq = seq + 1 WHERE id = $1 RETURNING name", [1.into()], Expect::Exactly(1));
    assert_eq!(name().await, "account 1");
    bed.must(rename()).await;
    bed.raw("ALTER TABLE account ALTER COLUMN name TYPE varchar(40)").unwrap();
    bed.must(rename()).await;
    assert_eq!(name().await, "account 1");
}

#[tokio::test]
async fn durability_is_read_back_and_weakness_named() {
    let lite = Bed::sqlite().await.db.durability().await.unwrap();
    assert!(lite.engine.starts_with("SQLite 3."), "{}", lite.engine);
    assert!(lite.settings.contains(&("journal_mode".to_owned(), "wal".to_owned())));
    assert!(lite.settings.contains(&("synchronous".to_owned(), "2".to_owned())));
    assert_eq!(lite.weakened, Vec::<String>::new());

    let bed = Bed::postgres().await;
    let strong = bed.db.durability().await.unwrap();
    assert!(strong.engine.starts_with("PostgreSQL "), "{}", strong.engine);
    assert!(strong.settings.contains(&("fsync".to_owned(), "on".to_owned())));
    assert_eq!(strong.weakened, Vec::<String>::new());
    bed.raw(&format!("ALTER DATABASE {} SET synchronous_commit = off", database(&bed))).unwrap();
    let weak = Db::open(&bed.address, CENTRE).await.unwrap().durability().await.unwrap();
    assert_eq!(weak.weakened, ["synchronous_commit"]);
}

#[tokio::test]
async fn a_server_that_is_away_is_an_outage() {
    let error = Db::open("postgres://postgres@127.0.0.1:1/none", CENTRE).await.err().unwrap();
    assert!(error.is_outage(), "{error}");
    let error = Db::open("/proc/nowhere/", CENTRE).await.err().unwrap();
    assert!(error.is_outage(), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_sum_over_many_readers_is_answered_while_bulk_is_written() {
    let bed = Bed::sqlite().await;
    bed.accounts(500).await;
    let reads = (0..32).map(|_| {
        let db = bed.db.clone();
        tokio::spawn(async move {
            db.read(vec![Query::new("SELECT count(*) AS n FROM account", [])]).await.unwrap()[0][0].get::<i64>(0).unwrap()
        })
    });
    for read in reads.collect::<Vec<_>>() {
        assert_eq!(read.await.unwrap(), 500);
    }
}
