//! One personal value in the clear: by whom, for what, recorded first.

use core_case::effect::Subject;
use core_case::ids::{CaseId, EmployerId, SavingsId};
use shell_pipeline::people::{PeopleError, PersonalField, Why};
use shell_store::db::{Batch, Kind, Unit, Value};

use crate::bed::{Bed, PASSWORD, at, on_both_engines};

/// An invented member of an employer at branch 2.
const MEMBER: Subject = Subject::Savings(SavingsId(990_000_000_000_001));
const EMPLOYER: Subject = Subject::Employer(EmployerId(980_000_000_000_001));
const ID_NUMBER: &str = "532301199001011231";
const MOBILE: &str = "13900001234";

on_both_engines! {
    a_look_needs_permission_branch_and_reason_and_is_recorded_before_it_is_given
    a_value_moved_to_another_row_is_not_shown
}

fn because(reason: &str) -> Why {
    Why::Reason(reason.to_owned())
}

/// Writes rows as the effects would; columns not named stay empty where they may.
async fn people(bed: &Bed) {
    let keys = &bed.centre.store.keys;
    let seal = |table: &str, column: &str, row: i64, clear: &str| Value::from(keys.seal(table, column, row, clear.as_bytes()).unwrap());
    let row = |columns: &[(&'static str, Kind, Value)]| {
        let mut batch = Batch::new(&columns.iter().map(|(name, kind, _)| (*name, *kind)).collect::<Vec<_>>());
        batch.push(columns.iter().map(|(_, _, value)| value.clone()));
        batch
    };
    let day = || Value::from(core_calendar::Day::ymd(2026, 6, 29).unwrap());
    let text = |t: &str| Value::from(t);
    let (employer, savings) = (980_000_000_000_001i64, 990_000_000_000_001i64);
    use Kind::{Bytes, Day, Flag, Int, Text};
    let employer = row(&[
        ("id", Int, employer.into()),
        ("name", Text, text("样例一厂")),
        ("address", Text, text("样例路 1 号")),
        ("representative", Text, text("周某")),
        ("representative_kind", Text, text("01")),
        ("representative_number", Bytes, seal("employer", "representative_number", employer, ID_NUMBER)),
        ("nature", Text, text("")),
        ("economic_type", Text, text("")),
        ("industry", Text, text("")),
        ("branch", Int, 2.into()),
        ("established", Day, day()),
        ("pay_day", Int, 10.into()),
        ("first_month", Int, 202_606.into()),
        ("entrusted_bank", Text, text("")),
        ("fiscal", Flag, false.into()),
        ("handler", Text, text("郑某")),
        ("handler_kind", Text, text("01")),
        ("handler_number", Bytes, seal("employer", "handler_number", employer, ID_NUMBER)),
        ("handler_mobile", Bytes, seal("employer", "handler_mobile", employer, MOBILE)),
        ("state", Text, text("01")),
        ("opened", Day, day()),
        ("key_version", Int, 1.into()),
        ("case_id", Int, 1.into()),
    ]);
    let person = row(&[
        ("id", Int, 1.into()),
        ("name", Text, text("王某")),
        ("id_kind", Text, text("01")),
        ("id_number", Bytes, seal("person", "id_number", 1, ID_NUMBER)),
        ("id_hash", Bytes, vec![1u8].into()),
        ("id_six", Bytes, vec![1u8].into()),
        ("mobile", Bytes, seal("person", "mobile", 1, MOBILE)),
        ("key_version", Int, 1.into()),
    ]);
    let savings = row(&[
        ("id", Int, savings.into()),
        ("person", Int, 1.into()),
        ("state", Text, text("01")),
        ("employer", Int, 980_000_000_000_001i64.into()),
        ("opened", Day, day()),
        ("first_month", Int, 202_606.into()),
        ("case_id", Int, 1.into()),
    ]);
    let unit = Unit::small().insert("employer", employer).insert("person", person).insert("savings", savings);
    bed.centre.store.db.commit(unit).await.done().unwrap();
}

async fn a_look_needs_permission_branch_and_reason_and_is_recorded_before_it_is_given(bed: Bed) {
    people(&bed).await;
    let (centre, lin) = (&bed.centre, bed.actor("lin"));
    for other in ["kuai", "zhao", "qian", "li"] {
        let said = centre.unmask(bed.actor(other), &at(0), MEMBER, PersonalField::Mobile, &because("电话核实")).await;
        assert!(matches!(said, Err(PeopleError::Denied(_))), "{other} has no such permission");
    }
    let elsewhere = centre.unmask(bed.actor("wu"), &at(0), MEMBER, PersonalField::Mobile, &because("电话核实")).await;
    assert!(matches!(elsewhere, Err(PeopleError::Denied(_))), "another branch");
    for why in [because(""), because("  核实 "), because("核实号码13900001234"), Why::Case(CaseId(7))] {
        let said = centre.unmask(lin, &at(0), MEMBER, PersonalField::Mobile, &why).await;
        assert!(matches!(said, Err(PeopleError::NoReason(_))), "{why:?}");
    }
    assert!(matches!(centre.unmask(lin, &at(0), MEMBER, PersonalField::Card, &because("电话核实")).await, Err(PeopleError::NotFound(_))));
    let given = bed.audit().await.iter().filter(|r| r.contains(" done ")).count();
    assert_eq!(given, 0);

    let mobile = centre.unmask(lin, &at(1), MEMBER, PersonalField::Mobile, &because("电话核实")).await.unwrap();
    assert_eq!((mobile.expose(), format!("{mobile:?}").as_str()), (MOBILE, "‹sealed›"));
    let number = centre.unmask(lin, &at(2), EMPLOYER, PersonalField::HandlerNumber, &because("更换专办员")).await.unwrap();
    assert_eq!(number.expose(), ID_NUMBER);
    let records = bed.audit().await;
    let done: Vec<&String> = records.iter().filter(|r| r.contains(" done ")).collect();
    assert_eq!(
        done,
        [
            r#"unmask done 1 savings:990000000000001 {"column":"mobile","reason":"电话核实"}"#,
            r#"unmask done 1 employer:980000000000001 {"column":"handler_number","reason":"更换专办员"}"#,
        ]
    );
    assert_eq!(records.iter().filter(|r| r.starts_with("unmask denied ")).count(), 5);
    assert!(records.iter().all(|r| !r.contains(MOBILE) && !r.contains(ID_NUMBER)));
}

async fn a_value_moved_to_another_row_is_not_shown(bed: Bed) {
    people(&bed).await;
    use shell_store::db::Expect;
    let moved = "UPDATE person SET mobile = (SELECT handler_mobile FROM employer WHERE id = 980000000000001) WHERE id = 1";
    bed.centre.store.db.commit(Unit::small().sql(moved, [], Expect::Exactly(1))).await.done().unwrap();
    let said = bed.centre.unmask(bed.actor("lin"), &at(0), MEMBER, PersonalField::Mobile, &because("电话核实")).await;
    assert!(matches!(said, Err(PeopleError::Vault(_))), "{said:?}");
}

#[tokio::test]
async fn no_secret_stands_in_the_clear_in_the_files() {
    let bed = Bed::sqlite(true).await;
    people(&bed).await;
    let lin = bed.actor("lin");
    let signed_in = bed.sign_in("lin", &at(0)).await.unwrap();
    let mobile = bed.centre.unmask(lin, &at(1), MEMBER, PersonalField::Mobile, &because("电话核实")).await.unwrap();
    let _ = bed.centre.sign_in(&at(2), PASSWORD, PASSWORD, "", "test").await;
    bed.centre.reset_totp(bed.actor("qian"), &at(3), lin.user).await.unwrap();
    let anew = bed.centre.sign_in(&at(4), "lin", PASSWORD, "", "test").await.unwrap();
    let enrolment = bed.centre.enrol_totp(&at(5), &anew.token).await.unwrap();
    let once = bed.centre.one_time_password(bed.actor("zhao"), &at(6), bed.actor("wu").user).await.unwrap();
    let machine = bed.centre.create_token(bed.actor("zhao"), &at(7), bed.actor("wu").user, "银行前置").await.unwrap();
    let files = bed.files();
    let has = |text: &[u8]| files.windows(text.len()).any(|w| w == text);
    assert!(has("电话核实".as_bytes()), "the search finds what is there");
    let tokens = [&signed_in.token, &anew.token, &machine.token];
    let raw = |token: &str| (0..32).map(|i| u8::from_str_radix(&token[i * 2..i * 2 + 2], 16).unwrap()).collect::<Vec<u8>>();
    for token in tokens {
        assert!(!has(token.as_bytes()) && !has(&raw(token)), "a token");
    }
    for secret in [PASSWORD, &enrolment.secret, &once, mobile.expose(), ID_NUMBER] {
        assert!(!has(secret.as_bytes()), "{secret}");
    }
}
