//! What the database itself refuses, tried on both engines through connections of our own. Kept in `docs/guards.md`.
//!
//! On PostgreSQL each attack is made twice: by the owner of the schema, whom only constraints and triggers stop, and by the
//! application's own role, whose rights are taken away as well. SQLite has no roles.

use std::fmt::Write;

use crate::town::{self, Town};
use shell_store::db::{Db, DbError, Expect, Grants, Outcome, Unit, grant};
use testkit::pg::TestPg;

/// A rule, what is tried, the guard that must refuse it, the statement.
struct Attack(&'static str, &'static str, &'static str, String);

const ROLE: &str = "anju_guard_test";
const APPEND_ONLY: [&str; 8] = ["audit_record", "audit_seal", "case_review", "case_step", "entry", "posting", "suspense_entry", "voucher"];
const DELETABLE: [&str; 3] = ["case_concern", "claim", "user_role"];

fn attacks() -> Vec<Attack> {
    let columns = [
        ("audit_record", "detail = ''"),
        ("audit_seal", "records = 0"),
        ("case_review", "digest = ''"),
        ("case_step", "note = ''"),
        ("entry", "amount = amount + 1"),
        ("posting", "amount = amount + 1"),
        ("suspense_entry", "amount = amount + 1"),
        ("voucher", "total = total + 1"),
    ];
    let mut all = Vec::new();
    for (table, set) in columns {
        let guard = Box::leak(format!("append_only_{table}").into_boxed_str());
        all.push(Attack("rows that are only added", "change", guard, format!("UPDATE {table} SET {set}")));
        all.push(Attack("rows that are only added", "delete", guard, format!("DELETE FROM {table}")));
    }
    let one = |rule, what, guard, sql: &str| Attack(rule, what, guard, sql.to_owned());
    all.extend([
        one(
            "a closed period stays as it is",
            "a voucher of a closed period",
            "voucher_in_closed_period",
            "INSERT INTO voucher (id, day, period, entry, term, kind, total, case_id, audit) \
             SELECT 20250699999999, MIN(day), 202506, 'E-A2', 'x', 'blue', 0, 1, 1 FROM voucher",
        ),
        one(
            "nobody reviews his own case",
            "a review by its maker",
            "case_review_not_maker",
            "INSERT INTO case_review (case_id, round, level, maker, reviewer, digest) \
             SELECT id, 9, 1, maker, maker, 'x' FROM business_case WHERE id = (SELECT MIN(id) FROM business_case)",
        ),
        one(
            "nobody reviews his own case",
            "a review that names another maker",
            "case_review_of_maker",
            "INSERT INTO case_review (case_id, round, level, maker, reviewer, digest) \
             SELECT id, 9, 1, maker + 100, maker, 'x' FROM business_case WHERE id = (SELECT MIN(id) FROM business_case)",
        ),
        one(
            "reviewers of one case differ",
            "the same reviewer on two levels",
            "case_review_once",
            "INSERT INTO case_review (case_id, round, level, maker, reviewer, digest) \
             SELECT case_id, round, 9, maker, reviewer, 'x' FROM case_review WHERE level = 1 AND case_id = (SELECT MIN(case_id) FROM case_review)",
        ),
        one(
            "administrators hold no business right",
            "a business role for a security administrator",
            "user_role_same_kind",
            "INSERT INTO user_role (user_id, user_kind, role, role_kind, unit) VALUES (901, 'security', 'clerk', 'business', 1)",
        ),
        one(
            "administrators hold no business right",
            "a role under a kind the user has not",
            "user_role_user",
            "INSERT INTO user_role (user_id, user_kind, role, role_kind, unit) VALUES (901, 'business', 'clerk', 'business', 1)",
        ),
        one(
            "administrators hold no business right",
            "a role under a kind the role has not",
            "user_role_role",
            "INSERT INTO user_role (user_id, user_kind, role, role_kind, unit) VALUES (901, 'security', 'clerk', 'security', 1)",
        ),
        one(
            "one person, one open account",
            "a second open account of a person",
            "savings_one_open",
            "INSERT INTO savings (id, person, state, employer, opened, first_month, case_id) \
             SELECT 1, person, '01', employer, opened, first_month, case_id FROM savings WHERE id = 990001",
        ),
        one(
            "one person, one document",
            "a second person with the same document",
            "person_document",
            "INSERT INTO person (id, name, id_kind, id_number, id_hash, id_six, key_version) \
             SELECT 99999, name, id_kind, id_number, id_hash, id_six, key_version FROM person WHERE id = (SELECT MIN(id) FROM person)",
        ),
        one(
            "one live list of an employer and month",
            "a second regular list of a month",
            "remittance_list_month",
            "INSERT INTO remittance_list (id, employer, month, kind, state, people, total, digest, employer_rate, member_rate, last_people, \
             last_total, confirmed, expires, case_id) SELECT 1, employer, month, kind, 'awaiting_money', people, total, digest, employer_rate, \
             member_rate, last_people, last_total, confirmed, expires, case_id FROM remittance_list WHERE state = 'posted' AND kind = '1' \
             AND id = (SELECT MIN(id) FROM remittance_list WHERE state = 'posted')",
        ),
        one(
            "a person's line of a list is posted once",
            "the entry of a line again",
            "entry_once",
            "INSERT INTO entry (savings, seq, day, value_day, kind, month, amount, balance_after, employer, list, red, voucher) \
             SELECT savings, 900, day, value_day, kind, month, amount, balance_after, employer, list, red, voucher FROM entry \
             WHERE savings = 990001 AND seq = 2",
        ),
        one(
            "a voucher is reversed once",
            "a second red voucher of one",
            "voucher_reversed_once",
            "INSERT INTO voucher (id, day, period, entry, term, kind, total, reverses, case_id, audit) \
             SELECT 99999999, day, period, entry, term, kind, total, reverses, case_id, audit FROM voucher WHERE kind = 'red'",
        ),
        one("no balance below zero", "a balance of less than nothing", "savings_balance_not_negative", "UPDATE savings_balance SET balance = -1, carried_over = -1, current_year = 0 WHERE savings = 990003"),
        one("no balance below zero", "suspense of less than nothing", "employer_money_not_negative", "UPDATE employer_money SET suspense = -1"),
        one("a balance is its two layers", "a balance without its layer", "savings_balance_layers", "UPDATE savings_balance SET balance = balance + 1 WHERE savings = 990001"),
        one("nothing is claimed twice", "a claim of a claimed key", "claim_pkey", "INSERT INTO claim SELECT * FROM claim"),
        one("opening balances are taken over once", "a second opening", "opening_once", "INSERT INTO opening (id, day, case_id) SELECT 2, day, case_id FROM opening"),
        one("states have codes that exist", "a list in no known state", "remittance_list_state", "UPDATE remittance_list SET state = 'lost' WHERE state = 'awaiting_money'"),
        one("a posted list has its voucher", "a list called posted", "remittance_list_posted", "UPDATE remittance_list SET state = 'posted' WHERE state = 'awaiting_money'"),
    ]);
    all
}

/// What a database says to a statement.
async fn answer(db: &Db, sql: &str) -> String {
    match db.commit(Unit::small().sql(sql.to_owned(), [], Expect::AtLeast(0))).await {
        Outcome::Refused { constraint, .. } => constraint.to_string(),
        Outcome::Failed(DbError::Sql { code, .. }) if code == "42501" => "no right".to_owned(),
        other => format!("{other:?}"),
    }
}

/// The rows that some attacks need: an administrator, a role, a closed period.
async fn prepare(town: &Town) {
    let unit = Unit::small()
        .sql("INSERT INTO role (code, name, kind) VALUES ('clerk', '经办', 'business')", [], Expect::Exactly(1))
        .sql(
            "INSERT INTO app_user (id, login, name, kind, unit, enabled, must_change, failures, totp_step) \
             VALUES (901, 'security1', '安全', 'security', 1, $1, $1, 0, 0)",
            [true.into()],
            Expect::Exactly(1),
        )
        .sql("INSERT INTO period (month, closed) VALUES (202506, $1)", [true.into()], Expect::Exactly(1));
    town.centre.store.db.commit(unit).await.done().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_guard_refuses_on_both_engines() {
    let folder = town::folder("guards");
    let lite = Town::lived(&folder).await;
    let address = TestPg::database();
    let pg = Town::lived(&address).await;
    prepare(&lite).await;
    prepare(&pg).await;
    let role = format!("DO $$ BEGIN CREATE ROLE {ROLE} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
    TestPg::start().sql("postgres", &role);
    grant(&address, "town", &Grants { role: ROLE, append_only: &APPEND_ONLY, deletable: &DELETABLE }).await.unwrap();
    let (scheme, rest) = address.split_once("://").unwrap();
    let host = rest.split_once('@').map_or(rest, |(_, host)| host);
    let own = Db::open(&format!("{scheme}://{ROLE}@{host}"), "town").await.unwrap();

    let mut page = String::from(
        "# What the database itself refuses\n\nEach was tried through a connection of its own, on both engines; the cell is what \
         refused. `no right` is the application's role without the right,\nwhich SQLite does not know: there the trigger alone holds. \
         Written by the test `guards` of `shell-verify`.\n\n| rule | tried | SQLite | PostgreSQL, owner | PostgreSQL, application |\n|---|---|---|---|---|\n",
    );
    let mut wrong = Vec::new();
    for Attack(rule, what, guard, sql) in attacks() {
        let said = [answer(&lite.centre.store.db, &sql).await, answer(&pg.centre.store.db, &sql).await, answer(&own, &sql).await];
        let table = sql.split_whitespace().find(|w| APPEND_ONLY.contains(w)).filter(|_| guard.starts_with("append_only"));
        let expected = [guard, guard, if table.is_some() { "no right" } else { guard }];
        if said != expected {
            wrong.push(format!("{rule}: {what}: {said:?} instead of {expected:?}"));
        }
        let what = table.map_or(what.to_owned(), |table| format!("{what} `{table}`"));
        writeln!(page, "| {rule} | {what} | {} | {} | {} |", said[0], said[1], said[2]).unwrap();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(lite.verify().await.holds(), "nothing was stored");
    assert!(pg.verify().await.holds(), "nothing was stored");
    testkit::golden::check("docs/guards.md", &page);
    std::fs::remove_dir_all(&folder).unwrap();
}
