//! SIGKILL to a process that writes: every unit is there whole or not at all, and what it was told is done is there.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use shell_store::db::{Batch, Db, Expect, Kind, Unit};

use crate::bed::{Bed, CENTRE, on_both_engines};

on_both_engines! {
    a_killed_writer_leaves_whole_units_only
}

/// Address that tells the test below to be the one who is killed.
const ADDRESS: &str = "ANJU_STORE_KILLED";
const ROWS: i64 = 400;

fn chunk(n: i64) -> Unit {
    let mut rows = Batch::new(&[("account", Kind::Int), ("seq", Kind::Int), ("amount", Kind::Int), ("day", Kind::Day)]);
    (0..ROWS).for_each(|seq| rows.push([n.into(), seq.into(), 1.into(), core_calendar::Day::from_number(20_000).into()]));
    Unit::bulk().sql("INSERT INTO command (key) VALUES ($1)", [format!("chunk {n:06}").into()], Expect::Exactly(1)).insert("entry", rows)
}

/// Writes chunk after chunk and says which are done. Run by itself it has nothing to do; the tests below start it as a process.
#[tokio::test]
async fn writes_until_killed() {
    let Ok(address) = std::env::var(ADDRESS) else { return };
    let db = Db::open(&address, CENTRE).await.unwrap();
    let from =
        db.read(vec![shell_store::db::Query::new("SELECT count(*) AS n FROM command", [])]).await.unwrap()[0][0].get::<i64>(0).unwrap();
    for n in from.. {
        db.commit(chunk(n)).await.done().unwrap();
        println!("done {n}");
    }
}

async fn a_killed_writer_leaves_whole_units_only(bed: Bed) {
    let mut seen = 0;
    for round in 1..=5_u64 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "killed::writes_until_killed", "--nocapture", "--test-threads=1"])
            .env(ADDRESS, &bed.address)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut last = -1;
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // After a few chunks and a different part of the next one.
        for line in lines.by_ref() {
            let line = line.unwrap();
            let Some(n) = line.split("done ").nth(1) else { continue };
            last = n.parse::<i64>().unwrap();
            if last >= seen + 3 {
                break;
            }
        }
        tokio::time::sleep(std::time::Duration::from_micros(round * 700)).await;
        child.kill().unwrap();
        child.wait().unwrap();
        for line in lines {
            if let Some(n) = line.unwrap().split("done ").nth(1).and_then(|n| n.parse().ok()) {
                last = n;
            }
        }
        assert!(last >= 0, "the writer wrote nothing");
        // PostgreSQL may need a moment to notice that the client is gone; what it had received it ends, one way or the other.
        let done = settled(&bed).await;
        assert!(done > last, "chunk {last} was reported done, {done} chunks are there");
        assert_eq!(bed.number("SELECT count(*) AS n FROM entry").await, done * ROWS);
        assert_eq!(
            bed.number("SELECT count(*) AS n FROM (SELECT account FROM entry GROUP BY account HAVING count(*) <> 400) AS part").await,
            0
        );
        seen = done;
    }
    // The file is sound and goes on being written.
    bed.must(chunk(seen)).await;
}

/// Chunks there once nobody but us works on the database.
async fn settled(bed: &Bed) -> i64 {
    if bed.folder.is_none() {
        let database = bed.address.rsplit('/').next().unwrap();
        let busy =
            format!("SELECT count(*) FROM pg_stat_activity WHERE datname = '{database}' AND state <> 'idle' AND pid <> pg_backend_pid()");
        while testkit::pg::TestPg::start().sql("postgres", &busy) != "0" {}
    }
    bed.number("SELECT count(*) AS n FROM command").await
}
