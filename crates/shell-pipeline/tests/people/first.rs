//! The first start of a real centre, and what only a demonstration does.

use core_case::things::UserKind;
use shell_pipeline::people::{FIRST_USERS, FirstUser, PeopleError};
use shell_vault::totp::Totp;

use crate::bed::{Bed, NOW, at, on_both_engines};

fn first() -> Vec<FirstUser> {
    FIRST_USERS.iter().map(|(login, name, kind)| FirstUser { login: (*login).into(), name: (*name).into(), kind: *kind }).collect()
}

#[tokio::test]
async fn a_real_centre_begins_with_four_administrators_and_their_passwords_shown_once_sqlite() {
    a_real_centre_begins(Bed::sqlite(false).await).await;
}

#[tokio::test]
async fn a_real_centre_begins_with_four_administrators_and_their_passwords_shown_once_postgres() {
    a_real_centre_begins(Bed::postgres(false).await).await;
}

async fn a_real_centre_begins(bed: Bed) {
    let centre = &bed.centre;
    let mut one_security = first();
    one_security[2].kind = UserKind::Business;
    for wrong in [Vec::new(), one_security, first()[..3].to_vec()] {
        assert!(matches!(centre.first_users(&at(0), &wrong).await, Err(PeopleError::FirstUsers(_))));
    }
    let given = centre.first_users(&at(0), &first()).await.unwrap();
    assert_eq!(given.iter().map(|g| g.login.as_str()).collect::<Vec<_>>(), ["system", "security-1", "security-2", "audit"]);
    assert!(matches!(centre.first_users(&at(0), &first()).await, Err(PeopleError::FirstUsers(_))), "once");
    assert_eq!(centre.weak_passwords().await.unwrap(), Vec::<String>::new());

    let guess = centre.sign_in(&at(1), "system", "system", "", "test").await;
    assert!(matches!(guess, Err(PeopleError::Wrong)), "no default password");
    let signed_in = centre.sign_in(&at(1), "system", &given[0].password, "", "test").await.unwrap();
    assert!(signed_in.session.must_change_password && signed_in.session.must_enrol_totp && signed_in.session.actor.roles.is_empty());
    let changed = centre.change_password(&at(2), &signed_in.token, &given[0].password, "Qingfeng-52-dong").await.unwrap();
    assert!(changed.session.actor.roles.is_empty(), "the second factor is still missing");
    let enrolment = centre.enrol_totp(&at(3), &changed.token).await.unwrap();
    let code = Totp::from_base32(&enrolment.secret).unwrap().code_at((NOW + 3) as u64);
    let session = centre.confirm_totp(&at(3), &changed.token, &code).await.unwrap();
    assert!(session.actor.may("administration.user.open").is_some());
    assert_eq!(session.actor.may("collection.member.open"), None, "no business right");

    assert!(matches!(centre.demonstration_code("system", NOW).await, Err(PeopleError::NotDemonstration)));
    assert!(matches!(centre.demonstration_users(&at(0), &[], "x").await, Err(PeopleError::NotDemonstration)));
}

on_both_engines! {
    unused_accounts_are_reported_and_disabled_but_the_demonstration_staff_is_not
}

async fn unused_accounts_are_reported_and_disabled_but_the_demonstration_staff_is_not(bed: Bed) {
    use core_calendar::Day;
    use shell_store::db::{Expect, Unit};
    let last_seen = |login: &'static str, day: Day| {
        let unit =
            Unit::small().sql("UPDATE app_user SET last_seen_day = $2 WHERE login = $1", [login.into(), day.into()], Expect::Exactly(1));
        let db = bed.centre.store.db.clone();
        async move { db.commit(unit).await.done().map(drop).unwrap() }
    };
    assert!(bed.centre.unused_accounts().await.unwrap().is_empty(), "their passwords do not age");
    // The business day is 2026-06-29; ninety days before is 2026-03-31.
    last_seen("lin", Day::ymd(2026, 3, 30).unwrap()).await;
    last_seen("wu", Day::ymd(2026, 3, 31).unwrap()).await;
    let found = bed.centre.unused_accounts().await.unwrap();
    assert_eq!(found.iter().map(|u| u.login.as_str()).collect::<Vec<_>>(), ["lin"]);
    assert_eq!(bed.centre.disable_unused(&at(0)).await.unwrap(), 1);
    assert_eq!(bed.centre.disable_unused(&at(1)).await.unwrap(), 0);
    assert!(matches!(bed.sign_in("lin", &at(2)).await, Err(PeopleError::Wrong)));
    assert_eq!(bed.audit().await[0], r#"user-disabled done 0 user:1 {"because":"unused"}"#);
    // The next day the other one is ninety-one days away: the day-end does it, but not in a demonstration.
    let mut bed = bed;
    bed.centre.about.demonstration = false;
    let night = bed.centre.day_end(&at(3), None, |_, _| {}).await.unwrap();
    let did = night.steps.iter().find(|(step, _)| *step == shell_pipeline::DayStep::DisableUnused).map(|(_, did)| did.as_str());
    assert_eq!(did, Some("1 个账号"));
}
