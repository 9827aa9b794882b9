//! The register: statements that both engines take alike, and those they do not.

use shell_store::db::{Registered, disagreements};

use crate::bed::Bed;

mod good {
    shell_store::statements! {
        /// Entries of some accounts.
        pub ENTRIES = "SELECT account, seq, amount, day FROM entry WHERE account = ANY($1) AND day >= $2 ORDER BY account, seq";
        /// Every type at once.
        pub ACCOUNT = "SELECT id, name, sealed, since, note, hash FROM account WHERE hash = $1";
        /// A sum.
        pub TOTAL = "SELECT CAST(SUM(amount) AS bigint) AS total, count(*) AS n FROM entry WHERE day < $1 AND account <> ALL($2)";
        /// A counter.
        pub NEXT = "UPDATE counter SET last = last + 1 WHERE name = $1 RETURNING last";
    }
}

#[tokio::test]
async fn one_text_is_prepared_on_both_engines() {
    let (sqlite, postgres) = (Bed::sqlite().await, Bed::postgres().await);
    let found = disagreements(&sqlite.db, &postgres.db, good::STATEMENTS).await.unwrap();
    assert_eq!(found, Vec::<String>::new());
    assert_eq!(good::STATEMENTS[3], Registered { name: concat!(module_path!(), "::good::NEXT"), sql: good::NEXT });
}

#[tokio::test]
async fn what_parts_the_engines_is_found() {
    let (sqlite, postgres) = (Bed::sqlite().await, Bed::postgres().await);
    let table = [
        ("flag as number", "SELECT id FROM account WHERE sealed = 1", "PostgreSQL refuses it: 42883"),
        ("unbounded", "SELECT SUM(amount) AS total FROM entry", "column total has a type on PostgreSQL that we do not read"),
        ("no alias", "SELECT count(*) FROM entry", "columns (count(*)) on SQLite, (count) on PostgreSQL"),
        ("lock", "SELECT id FROM account FOR UPDATE", "SQLite refuses it"),
        ("ilike", "SELECT id FROM account WHERE name ILIKE $1", "SQLite refuses it"),
        ("unknown", "SELECT id, colour FROM account", "SQLite refuses it"),
        ("unbound", "SELECT id FROM account WHERE CAST($1 AS numeric) = 1", "parameter $1 has a type on PostgreSQL that we do not bind"),
        ("gap", "SELECT id FROM account WHERE id = $2", "PostgreSQL refuses it: 42P18"),
    ];
    for (name, sql, expected) in table {
        let found = disagreements(&sqlite.db, &postgres.db, &[Registered { name, sql }]).await.unwrap();
        assert!(found.iter().any(|line| line.starts_with(&format!("{name}: {expected}"))), "{name}: {found:?}");
    }
}
