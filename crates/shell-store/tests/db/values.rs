//! Values go in and come out as they were, the awkward ones too.

use core_calendar::Day;
use shell_store::db::{Batch, DbError, Expect, Insert, Kind, Outcome, Query, Step, Unit, Update, Value};

use crate::bed::{ACCOUNT, Bed, account, on_both_engines};

on_both_engines! {
    every_kind_comes_back_as_it_went_in
    nulls_come_back_as_none
    a_list_is_one_parameter
    bulk_rows_are_the_same_as_single_ones
    thousands_of_rows_are_the_same_as_few
    what_only_one_engine_could_store_is_refused
    raw_values_of_a_wrong_type_do_not_get_in
    a_wrong_number_of_values_is_an_error
    floating_and_unbounded_numbers_are_not_read
    a_sum_beyond_the_range_is_an_error
    on_conflict_counts_alike
}

const ALL: &str = "SELECT id, name, balance, sealed, since, note, hash FROM account ORDER BY id";
const INSERT: &str = "INSERT INTO account (id, name, balance, seq, sealed, since, note, hash) VALUES ($1, $2, $3, 0, $4, $5, $6, $7)";

type Account = (i64, String, i64, bool, Option<Day>, Option<String>, Option<Vec<u8>>);

async fn accounts(bed: &Bed) -> Vec<Account> {
    let read = |row: shell_store::db::Row| -> Result<Account, DbError> {
        let mut cells = row.cells();
        let account = (cells.next()?, cells.next()?, cells.next()?, cells.next()?, cells.next()?, cells.next()?, cells.next()?);
        cells.end()?;
        Ok(account)
    };
    bed.rows(ALL, []).await.into_iter().map(|row| read(row).unwrap()).collect()
}

fn awkward() -> Vec<Account> {
    let day = |text| Some(Day::parse(text).unwrap());
    vec![
        (i64::MIN, String::new(), 0, false, Some(Day::MIN), Some("{\"b\": 1,  \"a\":2}".to_owned()), Some(Vec::new())),
        (-1, "𠮷田 ' \" \\ $1 ?1 %".to_owned(), 1, true, day("1969-12-31"), Some("\"\\u0000\"".to_owned()), Some(vec![0, 255])),
        (0, "O'Neil; --".to_owned(), 2, true, day("2000-02-29"), Some("[]".to_owned()), Some(vec![1])),
        (i64::MAX, "汉字".to_owned(), i64::MAX, false, Some(Day::MAX), Some("null".to_owned()), Some(vec![2; 3000])),
    ]
}

fn values(account: &Account) -> [Value; 7] {
    let (id, name, balance, sealed, since, note, hash) = account.clone();
    [id.into(), name.into(), balance.into(), sealed.into(), since.into(), note.into(), hash.into()]
}

async fn every_kind_comes_back_as_it_went_in(bed: Bed) {
    let mut unit = Unit::small();
    for account in awkward() {
        unit = unit.sql(INSERT, values(&account), Expect::Exactly(1));
    }
    bed.must(unit).await;
    assert_eq!(accounts(&bed).await, awkward());
    // And is found again by each of its values.
    for (id, name, _, sealed, since, _, hash) in awkward() {
        let sql = "SELECT id FROM account WHERE name = $1 AND sealed = $2 AND since = $3 AND hash = $4";
        let found = bed.rows(sql, [name.into(), sealed.into(), since.into(), hash.into()]).await;
        assert_eq!(found.iter().map(|row| row.get(0).unwrap()).collect::<Vec<i64>>(), [id]);
    }
    assert_eq!(bed.number("SELECT count(*) AS n FROM account WHERE sealed").await, 2);
    assert_eq!(bed.number("SELECT count(*) AS n FROM account WHERE NOT sealed AND since < '2000-01-01'").await, 1);
}

async fn nulls_come_back_as_none(bed: Bed) {
    let nulls = [1.into(), "none".into(), 0.into(), false.into(), Value::Null, Value::Null, Value::Null];
    bed.must(Unit::small().sql(INSERT, nulls, Expect::Exactly(1))).await;
    assert_eq!(accounts(&bed).await, [(1, "none".to_owned(), 0, false, None, None, None)]);
    let error = bed.rows("SELECT since FROM account", []).await[0].get::<Day>(0).unwrap_err();
    assert_eq!(error.to_string(), "column since: expected a day, found null");
}

async fn a_list_is_one_parameter(bed: Bed) {
    bed.accounts(9).await;
    let count = async |sql, list: Value| bed.rows(sql, [list]).await[0].get::<i64>(0).unwrap();
    assert_eq!(count("SELECT count(*) AS n FROM account WHERE id = ANY($1)", vec![2_i64, 4, 400].into()).await, 2);
    assert_eq!(count("SELECT count(*) AS n FROM account WHERE id <> ALL($1)", vec![2_i64, 4, 400].into()).await, 7);
    assert_eq!(count("SELECT count(*) AS n FROM account WHERE id = ANY($1)", Value::Ints(Vec::new())).await, 0);
    let names = vec!["account 3".to_owned(), "account '".to_owned()];
    assert_eq!(count("SELECT count(*) AS n FROM account WHERE name = ANY($1)", names.into()).await, 1);
    bed.must(Unit::small().sql("UPDATE account SET hash = $1 WHERE id = 5", [vec![7_u8].into()], Expect::Exactly(1))).await;
    assert_eq!(count("SELECT count(*) AS n FROM account WHERE hash = ANY($1)", vec![vec![7_u8], vec![8]].into()).await, 1);
    let sql = "UPDATE account SET sealed = true WHERE id = ANY($1)";
    bed.must(Unit::small().sql(sql, [vec![1_i64, 2, 3].into()], Expect::Exactly(3))).await;
}

async fn bulk_rows_are_the_same_as_single_ones(bed: Bed) {
    let columns = [
        ("id", Kind::Int),
        ("name", Kind::Text),
        ("balance", Kind::Int),
        ("sealed", Kind::Flag),
        ("since", Kind::Day),
        ("note", Kind::Json),
        ("hash", Kind::Bytes),
        ("seq", Kind::Int),
    ];
    let mut rows = Batch::new(&columns);
    let seven = (7, "seven".to_owned(), 0, false, None, None, None);
    for account in awkward().iter().chain([&seven]) {
        rows.push(values(account).into_iter().chain([0.into()]));
    }
    let done = bed.must(Unit::bulk().insert("account", rows)).await;
    assert_eq!(done.counts, [5]);
    let mut expected = awkward();
    expected.insert(3, seven);
    assert_eq!(accounts(&bed).await, expected);

    let mut rows = Batch::new(&[("id", Kind::Int), ("seq", Kind::Int), ("more", Kind::Int), ("since", Kind::Day), ("unused", Kind::Int)]);
    rows.push([0.into(), 0.into(), 5.into(), Value::Null, 1.into()]);
    rows.push([7.into(), 0.into(), 6.into(), Day::MAX.into(), 1.into()]);
    let update = Update {
        table: "account",
        rows,
        key: &["id"],
        guard: &["seq = :seq", "balance + :more >= 0"],
        set: &["balance = balance + :more", "seq = seq + 1", "since = :since"],
        returning: &["id", "balance", "since"],
    };
    let done = bed.must(Unit::bulk().update(update.clone())).await;
    let mut back: Vec<(i64, i64, Option<Day>)> =
        done.rows[0].iter().map(|row| (row.get(0).unwrap(), row.get(1).unwrap(), row.get(2).unwrap())).collect();
    back.sort_unstable_by_key(|row| row.0);
    assert_eq!(back, [(0, 7, None), (7, 6, Some(Day::MAX))]);
    // The versions have moved: the same update finds nothing.
    assert!(matches!(bed.db.commit(Unit::bulk().update(update)).await, Outcome::Stale { step: 0, found: 0 }));
}

/// PostgreSQL takes so many by another road (COPY), between statements that travel together.
async fn thousands_of_rows_are_the_same_as_few(bed: Bed) {
    const ROWS: i64 = 7_000;
    let columns = [("id", Kind::Int), ("name", Kind::Text), ("balance", Kind::Int), ("seq", Kind::Int), ("sealed", Kind::Flag)];
    let columns = [columns.as_slice(), &[("since", Kind::Day), ("note", Kind::Json), ("hash", Kind::Bytes)]].concat();
    let expected: Vec<Account> = (0..ROWS)
        .map(|id| {
            let (some, day) = (id % 3 > 0, Day::from_number(id as i32 * 5));
            let note = format!("{{\"第\": {id}}}");
            (id, format!("户{id}"), id * 7, id % 2 == 0, some.then_some(day), some.then_some(note), some.then(|| id.to_be_bytes().to_vec()))
        })
        .collect();
    let unit = |key: &'static str, twice: bool| {
        let mut rows = Batch::with_capacity(&columns, ROWS as usize);
        for account in &expected {
            let [id, name, balance, sealed, since, note, hash] = values(account);
            rows.push([id, name, balance, 0.into(), sealed, since, note, hash]);
        }
        if twice {
            rows.push([6_999.into(), "twice".into(), 0.into(), 0.into(), false.into(), Value::Null, Value::Null, Value::Null]);
        }
        let sql = "UPDATE account SET seq = 1 WHERE id < 2";
        Unit::bulk().sql("INSERT INTO command (key) VALUES ($1)", [key.into()], Expect::Exactly(1)).insert("account", rows).sql(
            sql,
            [],
            Expect::Exactly(2),
        )
    };
    match bed.db.commit(unit("one", true)).await {
        Outcome::Refused { constraint, step: 1 } => assert!(constraint.is("account_pkey"), "{constraint}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(bed.number("SELECT count(*) AS n FROM command").await, 0);
    assert_eq!(bed.must(unit("one", false)).await.counts, [1, 7_000, 2]);
    assert_eq!(accounts(&bed).await, expected);
    match bed.db.commit(unit("one", false)).await {
        Outcome::Refused { constraint, step: 0 } => assert!(constraint.is("command_pkey"), "{constraint}"),
        other => panic!("{other:?}"),
    }
}

async fn what_only_one_engine_could_store_is_refused(bed: Bed) {
    for value in [Value::from("a\0b"), (Day::MAX + 1).into(), (Day::MIN + -1).into(), Value::Texts(vec!["\0".to_owned()])] {
        let unit = Unit::small().sql("INSERT INTO command (key) VALUES ($1)", [value.clone()], Expect::Exactly(1));
        assert!(matches!(bed.db.commit(unit).await, Outcome::Failed(DbError::BadValue(_))));
        let query = Query::new("SELECT key FROM command WHERE key = $1", [value]);
        assert!(matches!(bed.db.read(vec![query]).await, Err(DbError::BadValue(_))));
    }
    let mut rows = Batch::new(&[("key", Kind::Text)]);
    rows.push([3.into()]);
    assert!(matches!(bed.db.commit(Unit::small().insert("command", rows)).await, Outcome::Failed(DbError::BadValue(_))));
}

/// Not even a raw connection gets in what the type words promise not to be there.
async fn raw_values_of_a_wrong_type_do_not_get_in(bed: Bed) {
    let insert =
        |cells: &str| bed.raw(&format!("INSERT INTO account (id, name, balance, seq, sealed, since, note) VALUES (1, 'a', {cells})"));
    for wrong in [
        "'much', 0, false, NULL, NULL",
        "1, 0, 2, NULL, NULL",
        "1, 0, NULL, NULL, NULL",
        "1, 0, false, '2026-02-30', NULL",
        "1, 0, false, 'yesterday-ish', NULL",
        "1, 0, false, NULL, '{'",
    ] {
        assert!(insert(wrong).is_err(), "{wrong}");
    }
    insert("1, 0, false, '2026-02-28', '{}'").unwrap();
}

async fn a_wrong_number_of_values_is_an_error(bed: Bed) {
    for values in [Vec::new(), vec![1.into(), 2.into()]] {
        let query = Query::new("SELECT name FROM account WHERE id = $1", values.clone());
        assert!(matches!(bed.db.read(vec![query]).await, Err(DbError::BadValue(_))));
        let unit = Unit::small().sql("UPDATE account SET seq = 1 WHERE id = $1", values, Expect::Exactly(1));
        assert!(matches!(bed.db.commit(unit).await, Outcome::Failed(DbError::BadValue(_))));
    }
    bed.accounts(1).await;
}

async fn floating_and_unbounded_numbers_are_not_read(bed: Bed) {
    bed.accounts(2).await;
    let query = Query::new("SELECT avg(balance) AS mean FROM account", []);
    let error = bed.db.read(vec![query]).await.unwrap_err().to_string();
    assert!(error.contains("mean"), "{error}");
    assert_eq!(bed.number("SELECT CAST(SUM(balance) AS bigint) AS total FROM account").await, 2_000);
}

async fn a_sum_beyond_the_range_is_an_error(bed: Bed) {
    let mut rows = Batch::new(ACCOUNT);
    rows.push(account(1, i64::MAX));
    bed.must(Unit::small().insert("account", rows)).await;
    let unit = Unit::small().sql("UPDATE account SET balance = balance + $1 WHERE id = 1", [1.into()], Expect::Exactly(1));
    assert!(matches!(bed.db.commit(unit).await, Outcome::Failed(DbError::Sql { .. })));
    assert_eq!(bed.number("SELECT balance FROM account").await, i64::MAX);
}

async fn on_conflict_counts_alike(bed: Bed) {
    let bump = |keys: &[&str], clause, expect| {
        let mut rows = Batch::new(&[("key", Kind::Text), ("version", Kind::Int)]);
        keys.iter().for_each(|&key| rows.push([key.into(), 1.into()]));
        Unit::small().step(Step::Insert(Insert { on_conflict: Some(clause), expect, ..Insert::new("guard", rows) }))
    };
    let up = "(key) DO UPDATE SET version = guard.version + 1";
    assert_eq!(bed.must(bump(&["a", "b"], up, Expect::Exactly(2))).await.counts, [2]);
    assert_eq!(bed.must(bump(&["b", "c"], up, Expect::Exactly(2))).await.counts, [2]);
    assert_eq!(bed.must(bump(&["a", "d"], "DO NOTHING", Expect::Any)).await.counts, [1]);
    let versions: Vec<i64> = bed.rows("SELECT version FROM guard ORDER BY key", []).await.iter().map(|row| row.get(0).unwrap()).collect();
    assert_eq!(versions, [1, 2, 1, 1]);
}
