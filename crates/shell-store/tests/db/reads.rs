//! One snapshot for all questions of a read; long snapshots; big answers in batches.

use shell_store::db::{Db, DbError, Expect, Query, Unit};

use crate::bed::{Bed, CENTRE, on_both_engines};

on_both_engines! {
    a_read_is_one_snapshot
    a_snapshot_stays_where_it_began
    a_big_answer_comes_in_batches
    a_stream_dropped_half_way_harms_nobody
    a_stream_that_fails_says_so
    a_read_cannot_write
    text_sorts_by_bytes
    centres_do_not_see_each_other
}

const BALANCE: &str = "SELECT balance FROM account WHERE id = $1";

/// Money moves between two accounts all the while; no read ever sees it in neither or in both.
async fn a_read_is_one_snapshot(bed: Bed) {
    bed.accounts(2).await;
    let mover = {
        let db = bed.db.clone();
        tokio::spawn(async move {
            for n in 0..150_i64 {
                let amount = if n % 2 == 0 { 700 } else { -700 };
                let sql = "UPDATE account SET balance = balance + $2 WHERE id = $1";
                let unit = Unit::small().sql(sql, [1.into(), (-amount).into()], Expect::Exactly(1)).sql(
                    sql,
                    [2.into(), amount.into()],
                    Expect::Exactly(1),
                );
                db.commit(unit).await.done().unwrap();
            }
        })
    };
    let mut seen = std::collections::BTreeSet::new();
    while !mover.is_finished() {
        let queries = vec![Query::new(BALANCE, [1.into()]), Query::new(BALANCE, [2.into()])];
        let answer = bed.db.read(queries).await.unwrap();
        let [one, two] = [0, 1].map(|n: usize| answer[n][0].get::<i64>(0).unwrap());
        assert_eq!(one + two, 2_000);
        seen.insert(one);
    }
    mover.await.unwrap();
    assert!(seen.is_subset(&[300, 1_000].into()));
}

async fn a_snapshot_stays_where_it_began(bed: Bed) {
    bed.accounts(1).await;
    let mut snapshot = bed.db.snapshot().await.unwrap();
    bed.must(Unit::small().sql("UPDATE account SET balance = 7 WHERE id = 1", [], Expect::Exactly(1))).await;
    for _ in 0..2 {
        let rows = snapshot.read(Query::new(BALANCE, [1.into()])).await.unwrap();
        assert_eq!(rows[0].get::<i64>(0).unwrap(), 1_000);
    }
    drop(snapshot);
    assert_eq!(bed.number("SELECT balance FROM account").await, 7);
}

async fn a_big_answer_comes_in_batches(bed: Bed) {
    bed.accounts(2_500).await;
    let mut stream = bed.db.stream(Query::new("SELECT id FROM account ORDER BY id", []), 1_000).await.unwrap();
    let (mut sizes, mut ids) = (Vec::new(), Vec::new());
    while let Some(rows) = stream.next().await.unwrap() {
        sizes.push(rows.len());
        ids.extend(rows.iter().map(|row| row.get::<i64>(0).unwrap()));
    }
    assert_eq!(sizes, [1_000, 1_000, 500]);
    assert_eq!(ids, (1..=2_500).collect::<Vec<_>>());
    assert!(stream.next().await.unwrap().is_none());
    let mut empty = bed.db.stream(Query::new("SELECT id FROM account WHERE id < 0", []), 10).await.unwrap();
    assert!(empty.next().await.unwrap().is_none());
}

async fn a_stream_dropped_half_way_harms_nobody(bed: Bed) {
    bed.accounts(3_000).await;
    for _ in 0..30 {
        let mut stream = bed.db.stream(Query::new("SELECT id, name FROM account", []), 10).await.unwrap();
        assert_eq!(stream.next().await.unwrap().unwrap().len(), 10);
    }
    assert_eq!(bed.number("SELECT count(*) AS n FROM account").await, 3_000);
}

async fn a_stream_that_fails_says_so(bed: Bed) {
    let mut stream = bed.db.stream(Query::new("SELECT nothing FROM nowhere", []), 10).await.unwrap();
    assert!(matches!(stream.next().await, Err(DbError::Sql { .. })));
    let mut snapshot = bed.db.snapshot().await.unwrap();
    assert!(matches!(snapshot.read(Query::new(BALANCE, [])).await, Err(DbError::BadValue(_))));
}

async fn a_read_cannot_write(bed: Bed) {
    bed.accounts(1).await;
    let delete = Query::new("DELETE FROM account", []);
    let count = Query::new("SELECT count(*) AS n FROM account", []);
    assert!(bed.db.read(vec![delete.clone()]).await.is_err());
    assert!(bed.db.read(vec![count, delete.clone()]).await.is_err());
    assert!(bed.db.snapshot().await.unwrap().read(delete).await.is_err());
    assert_eq!(bed.number("SELECT count(*) AS n FROM account").await, 1);
}

async fn text_sorts_by_bytes(bed: Bed) {
    for key in ["b", "B", "a", "é", "一", "Z", "_"] {
        bed.must(Unit::small().sql("INSERT INTO command (key) VALUES ($1)", [key.into()], Expect::Exactly(1))).await;
    }
    let keys: Vec<String> = bed.rows("SELECT key FROM command ORDER BY key", []).await.iter().map(|row| row.get(0).unwrap()).collect();
    assert_eq!(keys, ["B", "Z", "_", "a", "b", "é", "一"]);
    assert_eq!(bed.number("SELECT count(*) AS n FROM command WHERE key < 'a'").await, 3);
}

async fn centres_do_not_see_each_other(bed: Bed) {
    shell_store::db::migrate(&bed.address, "5398", &crate::bed::migrations()).await.unwrap();
    let sibling = bed.db.sibling("5398").await.unwrap();
    bed.accounts(2).await;
    let insert = "INSERT INTO command (key) VALUES ('theirs')";
    sibling.commit(Unit::small().sql(insert, [], Expect::Exactly(1))).await.done().unwrap();
    // The same connections and the same statements, each time another schema.
    for _ in 0..3 {
        for (db, expected) in [(&bed.db, [2, 0]), (&sibling, [0, 1])] {
            let queries = ["SELECT count(*) AS n FROM account", "SELECT count(*) AS n FROM command"].map(|sql| Query::new(sql, []));
            let answer = db.read(queries.into()).await.unwrap();
            assert_eq!([0, 1].map(|n: usize| answer[n][0].get::<i64>(0).unwrap()), expected);
        }
    }
    assert!(Db::open(&bed.address, "5398; DROP TABLE account").await.is_err());
    assert!(Db::open(&bed.address, CENTRE).await.is_ok());
}
