//! What becomes of a unit: done, refused by name, stale, retried, unknown; and never half.

use std::time::Duration;

use shell_store::db::{Batch, DbError, Expect, Fault, Kind, Outcome, Unit, Update, Value};

use crate::bed::{ACCOUNT, Bed, account, on_both_engines};

on_both_engines! {
    a_unit_is_stored_whole_with_its_counts_and_rows
    a_stale_step_is_named_and_nothing_is_stored
    every_rule_refuses_by_its_name
    the_first_step_that_stops_is_the_one_reported
    a_condition_is_a_step
    the_same_command_twice_is_refused_by_its_key
    one_of_many_wins_a_guard
    sixty_four_at_once_are_all_stored
    an_update_without_expectation_is_not_sent
    a_statement_that_does_not_parse_fails_alone
    a_dropped_commit_leaves_nothing_open
    an_unanswered_commit_is_unknown
}

const POST: &str = "UPDATE account SET balance = balance + $2, seq = seq + 1 WHERE id = $1";
const KEY: &str = "INSERT INTO command (key) VALUES ($1)";

async fn a_unit_is_stored_whole_with_its_counts_and_rows(bed: Bed) {
    bed.accounts(3).await;
    let unit = Unit::small()
        .sql(KEY, ["one".into()], Expect::Exactly(1))
        .returning("UPDATE account SET balance = balance + $1 WHERE id < 3 RETURNING id, balance", [5.into()], Expect::Exactly(2))
        .sql("SELECT id FROM account WHERE balance > $1", [1_000.into()], Expect::AtLeast(1))
        .returning("SELECT balance FROM account WHERE id = 3", [], Expect::Exactly(1));
    let done = bed.must(unit).await;
    assert_eq!(done.counts, [1, 2, 2, 1]);
    let mut back: Vec<(i64, i64)> = done.rows[1].iter().map(|row| (row.get(0).unwrap(), row.get(1).unwrap())).collect();
    back.sort_unstable();
    assert_eq!(back, [(1, 1_005), (2, 1_005)]);
    assert_eq!(done.rows[3][0].get::<i64>(0).unwrap(), 1_000);
    assert!(done.rows[0].is_empty() && done.rows[2].is_empty());
}

async fn a_stale_step_is_named_and_nothing_is_stored(bed: Bed) {
    bed.accounts(2).await;
    let unit = Unit::small().sql(KEY, ["one".into()], Expect::Exactly(1)).sql(POST, [1.into(), 5.into()], Expect::Exactly(1)).sql(
        "UPDATE account SET seq = 1 WHERE id = 2 AND seq = 7",
        [],
        Expect::Exactly(1),
    );
    assert!(matches!(bed.db.commit(unit).await, Outcome::Stale { step: 2, found: 0 }));
    let mut rows = Batch::new(&[("id", Kind::Int)]);
    (1..=3).for_each(|id| rows.push([id.into()]));
    let update = Update { table: "account", rows, key: &["id"], guard: &[], set: &["seq = seq + 1"], returning: &[] };
    assert!(matches!(bed.db.commit(Unit::bulk().update(update)).await, Outcome::Stale { step: 0, found: 2 }));
    assert_eq!(bed.number("SELECT count(*) AS n FROM command").await, 0);
    assert_eq!(bed.number("SELECT CAST(SUM(balance + seq) AS bigint) AS n FROM account").await, 2_000);
}

async fn every_rule_refuses_by_its_name(bed: Bed) {
    bed.accounts(3).await;
    let setup = Unit::small()
        .sql("UPDATE account SET hash = $1 WHERE id = 1", [vec![1_u8].into()], Expect::Exactly(1))
        .sql("INSERT INTO entry (account, seq, amount, day) VALUES (1, 1, 5, '2026-01-01')", [], Expect::Exactly(1))
        .sql("INSERT INTO counter (name, last, ceiling) VALUES ('voucher', 9, 9)", [], Expect::Exactly(1))
        .sql("INSERT INTO holder (id, account) VALUES (1, 1)", [], Expect::Exactly(1));
    bed.must(setup).await;
    let table: &[(&'static str, &str)] = &[
        ("INSERT INTO account (id, name, balance, seq, sealed) VALUES (1, 'x', 0, 0, false)", "account_pkey"),
        ("INSERT INTO account (id, name, balance, seq, sealed) VALUES (9, 'account 2', 0, 0, false)", "account_name"),
        ("UPDATE account SET hash = (SELECT hash FROM account WHERE id = 1) WHERE id = 2", "account_open_hash"),
        ("INSERT INTO entry (account, seq, amount, day) VALUES (1, 1, 5, '2026-01-01')", "entry_pkey"),
        ("UPDATE account SET balance = -1 WHERE id = 1", "account_not_negative"),
        ("UPDATE counter SET last = last + 1 WHERE name = 'voucher'", "counter_used_up"),
        ("INSERT INTO account (id, balance, seq, sealed) VALUES (9, 0, 0, false)", "account_name_not_null"),
        ("UPDATE entry SET amount = 6", "append_only_entry"),
        ("DELETE FROM entry", "append_only_entry"),
        ("INSERT INTO holder (id, account) VALUES (2, 77)", "holder_account"),
        ("INSERT INTO holder (id, account, spouse) VALUES (2, 1, 77)", "holder_spouse"),
        ("DELETE FROM account WHERE id = 1", "holder_account"),
    ];
    for &(sql, name) in table {
        let unit = Unit::small().sql(KEY, ["kept?".into()], Expect::Exactly(1)).sql(sql, [], Expect::Exactly(1));
        match bed.db.commit(unit).await {
            Outcome::Refused { constraint, step: 1 } => assert!(constraint.is(name), "{constraint} for {name}"),
            other => panic!("{name}: {other:?}"),
        }
    }
    // A row among many, too.
    let mut rows = Batch::new(ACCOUNT);
    (3..=4).for_each(|id| rows.push(account(id, 0)));
    match bed.db.commit(Unit::bulk().insert("account", rows)).await {
        Outcome::Refused { constraint, step: 0 } => assert!(constraint.is("account_pkey"), "{constraint}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(bed.number("SELECT count(*) AS n FROM command").await, 0);
    // Foreign keys still hold for whoever comes after.
    let unit = Unit::small().sql("INSERT INTO holder (id, account) VALUES (3, 78)", [], Expect::Exactly(1));
    assert!(matches!(bed.db.commit(unit).await, Outcome::Refused { step: 0, .. }));
}

async fn the_first_step_that_stops_is_the_one_reported(bed: Bed) {
    bed.accounts(1).await;
    let unit = Unit::small().sql(POST, [9.into(), 5.into()], Expect::Exactly(1)).sql(
        "INSERT INTO account (id, name, balance, seq, sealed) VALUES (1, 'x', 0, 0, false)",
        [],
        Expect::Exactly(1),
    );
    assert!(matches!(bed.db.commit(unit).await, Outcome::Stale { step: 0, found: 0 }));
    let unit = Unit::small().sql("UPDATE account SET balance = -1 WHERE id = 1", [], Expect::Exactly(1)).sql(
        POST,
        [9.into(), 5.into()],
        Expect::Exactly(1),
    );
    assert!(matches!(bed.db.commit(unit).await, Outcome::Refused { step: 0, .. }));
}

async fn a_condition_is_a_step(bed: Bed) {
    bed.accounts(2).await;
    let unless_poor = |limit: i64| {
        Unit::small().sql("SELECT id FROM account WHERE balance < $1", [limit.into()], Expect::Exactly(0)).sql(
            POST,
            [1.into(), (-500).into()],
            Expect::Exactly(1),
        )
    };
    bed.must(unless_poor(1_000)).await;
    assert!(matches!(bed.db.commit(unless_poor(1_000)).await, Outcome::Stale { step: 0, found: 1 }));
}

async fn the_same_command_twice_is_refused_by_its_key(bed: Bed) {
    bed.accounts(1).await;
    let unit = || Unit::small().sql(KEY, ["command 1".into()], Expect::Exactly(1)).sql(POST, [1.into(), 5.into()], Expect::Exactly(1));
    bed.must(unit()).await;
    match bed.db.commit(unit()).await {
        Outcome::Refused { constraint, step: 0 } => assert!(constraint.is("command_pkey")),
        other => panic!("{other:?}"),
    }
    assert_eq!(bed.number("SELECT balance FROM account").await, 1_005);
}

async fn one_of_many_wins_a_guard(bed: Bed) {
    bed.must(Unit::small().sql("INSERT INTO guard (key, version) VALUES ('home', 1)", [], Expect::Exactly(1))).await;
    let racers = (0..24).map(|_| {
        let db = bed.db.clone();
        tokio::spawn(async move {
            let sql = "UPDATE guard SET version = version + 1 WHERE key = $1 AND version = $2";
            db.commit(Unit::small().sql(sql, ["home".into(), 1.into()], Expect::Exactly(1))).await
        })
    });
    let (mut done, mut stale) = (0, 0);
    for racer in racers.collect::<Vec<_>>() {
        match racer.await.unwrap() {
            Outcome::Done(_) => done += 1,
            Outcome::Stale { step: 0, found: 0 } => stale += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((done, stale), (1, 23));
    assert_eq!(bed.number("SELECT version FROM guard").await, 2);
}

async fn sixty_four_at_once_are_all_stored(bed: Bed) {
    bed.accounts(4).await;
    let clients = (0..64_i64).map(|n| {
        let db = bed.db.clone();
        tokio::spawn(async move {
            let unit = Unit::small().sql(KEY, [format!("command {n}").into()], Expect::Exactly(1)).returning(
                "UPDATE account SET balance = balance + 1, seq = seq + 1 WHERE id = $1 RETURNING seq",
                [(n % 4 + 1).into()],
                Expect::Exactly(1),
            );
            db.commit(unit).await.done().unwrap().rows[1][0].get::<i64>(0).unwrap()
        })
    });
    let mut numbers = Vec::new();
    for client in clients.collect::<Vec<_>>() {
        numbers.push(client.await.unwrap());
    }
    numbers.sort_unstable();
    // Four accounts, sixteen numbers each, none given twice.
    assert_eq!(numbers, (1..=16).flat_map(|n| [n; 4]).collect::<Vec<i64>>());
    assert_eq!(bed.number("SELECT CAST(SUM(balance) AS bigint) AS n FROM account").await, 4_064);
    assert_eq!(bed.number("SELECT count(*) AS n FROM command").await, 64);
}

async fn an_update_without_expectation_is_not_sent(bed: Bed) {
    bed.accounts(1).await;
    let unit = Unit::small().sql("DELETE FROM account", [], Expect::Any);
    assert!(matches!(bed.db.commit(unit).await, Outcome::Failed(DbError::BadUnit(_))));
    assert_eq!(bed.number("SELECT count(*) AS n FROM account").await, 1);
}

async fn a_statement_that_does_not_parse_fails_alone(bed: Bed) {
    let unit = Unit::small().sql(KEY, ["one".into()], Expect::Exactly(1)).sql("INSERT INTO nowhere (a) VALUES (1)", [], Expect::Any);
    match bed.db.commit(unit).await {
        Outcome::Failed(DbError::Sql { sql, message, .. }) => {
            assert!(sql.starts_with("INSERT INTO nowhere") && message.contains("nowhere"), "{message}");
        }
        other => panic!("{other:?}"),
    }
    bed.must(Unit::small().sql(KEY, ["one".into()], Expect::Exactly(1))).await;
}

/// Every length of life is tried: dropped before it is sent, while it waits, while it runs.
async fn a_dropped_commit_leaves_nothing_open(bed: Bed) {
    bed.accounts(1).await;
    for n in 0..60_u64 {
        let unit =
            Unit::small().sql(KEY, [format!("command {n}").into()], Expect::Exactly(1)).sql(POST, [1.into(), 1.into()], Expect::Exactly(1));
        let _ = tokio::time::timeout(Duration::from_micros(n * 50), bed.db.commit(unit)).await;
        let query = shell_store::db::Query::new("SELECT balance FROM account", []);
        let _ = tokio::time::timeout(Duration::from_micros(n * 20), bed.db.read(vec![query.clone(), query])).await;
    }
    // A later unit goes through, and each earlier one is there whole or not at all.
    bed.must(Unit::small().sql(POST, [1.into(), 1_000.into()], Expect::Exactly(1))).await;
    let settled = "SELECT (SELECT count(*) FROM command) + 2000 - balance AS difference FROM account";
    assert_eq!(bed.number(settled).await, 0);
    // Nobody holds a lock: another process can change the same row at once.
    bed.raw("UPDATE account SET balance = 1 WHERE id = 1").unwrap();
}

async fn an_unanswered_commit_is_unknown(bed: Bed) {
    let commit = async |key: &str| bed.db.commit(Unit::small().sql(KEY, [Value::from(key)], Expect::Exactly(1))).await;
    let stored = async |key: &str| bed.rows("SELECT key FROM command WHERE key = $1", [key.into()]).await.len();
    for (fault, key, there) in [(Fault::BeforeCommit, "before", 0), (Fault::AfterCommit, "after", 1)] {
        bed.db.fail_next_commit(fault);
        assert!(matches!(commit(key).await, Outcome::Unknown(DbError::Lost(_))), "{key}");
        assert_eq!(stored(key).await, there, "{key}");
        // Asked again with the same key, the command comes to be stored once.
        match (there, commit(key).await) {
            (0, Outcome::Done(_)) => {}
            (1, Outcome::Refused { constraint, step: 0 }) => assert!(constraint.is("command_pkey")),
            (_, other) => panic!("{key}: {other:?}"),
        }
        assert_eq!(stored(key).await, 1, "{key}");
    }
}
