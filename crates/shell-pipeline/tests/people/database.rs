//! What the database itself refuses, tried through statements of our own; and that both engines know our statements.

use shell_store::db::{Expect, Outcome, Unit, disagreements};
use shell_store::people;

use crate::bed::{Bed, on_both_engines};

on_both_engines! {
    a_security_administrator_is_refused_a_business_role_by_the_database
    the_kinds_of_administrators_exclude_one_another_in_the_database
}

/// The rule that refuses a statement.
async fn refused_by(bed: &Bed, sql: &'static str) -> String {
    match bed.centre.store.db.commit(Unit::small().sql(sql, [], Expect::Exactly(1))).await {
        Outcome::Refused { constraint, .. } => constraint.name().to_owned(),
        other => panic!("{sql}: {other:?}"),
    }
}

async fn a_security_administrator_is_refused_a_business_role_by_the_database(bed: Bed) {
    assert_eq!((bed.actor("qian").user.0, bed.actor("lin").user.0), (5, 1));
    let honest = "INSERT INTO user_role (user_id, user_kind, role, role_kind, unit) VALUES (5, 'security', 'clerk', 'business', 1)";
    assert!(refused_by(&bed, honest).await.ends_with("user_role_same_kind"));
    let lying_user = "INSERT INTO user_role (user_id, user_kind, role, role_kind, unit) VALUES (5, 'business', 'clerk', 'business', 1)";
    refused_by(&bed, lying_user).await;
    let lying_role = "INSERT INTO user_role (user_id, user_kind, role, role_kind, unit) VALUES (5, 'security', 'clerk', 'security', 1)";
    refused_by(&bed, lying_role).await;
    refused_by(&bed, "UPDATE user_role SET role = 'clerk' WHERE user_id = 5").await;
    refused_by(&bed, "UPDATE app_user SET kind = 'business' WHERE id = 5").await;
    refused_by(&bed, "UPDATE role SET kind = 'security' WHERE code = 'clerk'").await;
}

async fn the_kinds_of_administrators_exclude_one_another_in_the_database(bed: Bed) {
    for sql in [
        "INSERT INTO user_role (user_id, user_kind, role, role_kind, unit) VALUES (5, 'security', 'system_administrator', 'system', 1)",
        "INSERT INTO user_role (user_id, user_kind, role, role_kind, unit) VALUES (5, 'security', 'audit_administrator', 'audit', 1)",
        "INSERT INTO user_role (user_id, user_kind, role, role_kind, unit) VALUES (4, 'system', 'security_administrator', 'security', 1)",
        "INSERT INTO user_role (user_id, user_kind, role, role_kind, unit) VALUES (7, 'audit', 'system_administrator', 'system', 1)",
        "INSERT INTO user_role (user_id, user_kind, role, role_kind, unit) VALUES (1, 'business', 'audit_administrator', 'audit', 1)",
    ] {
        assert!(refused_by(&bed, sql).await.ends_with("user_role_same_kind"), "{sql}");
    }
}

#[tokio::test]
async fn both_engines_know_every_statement_about_people() {
    let (lite, pg) = (Bed::sqlite(false).await, Bed::postgres(false).await);
    for statements in people::QUERIES {
        let lines = disagreements(&lite.centre.store.db, &pg.centre.store.db, statements).await.unwrap();
        assert!(lines.is_empty(), "{}", lines.join("\n"));
    }
}
