//! Rules of passwords, one-time passwords, unlocking.

use shell_pipeline::people::PeopleError;
use shell_vault::password::Problem;

use crate::bed::{Bed, PASSWORD, at, on_both_engines};

on_both_engines! {
    a_new_password_obeys_every_rule_and_ends_all_sessions
    none_of_the_last_five_comes_again
    guessing_the_present_password_locks_too
    a_one_time_password_lets_nothing_be_done_before_it_is_changed
    a_security_administrator_forgives_failures
    a_password_is_changed_after_ninety_days
}

async fn a_new_password_obeys_every_rule_and_ends_all_sessions(bed: Bed) {
    let other = bed.sign_in("lin", &at(0)).await.unwrap().token;
    let token = bed.sign_in("lin", &at(1)).await.unwrap().token;
    let refused = |answer| match answer {
        Err(PeopleError::Password(problems)) => problems,
        other => panic!("{other:?}"),
    };
    let short = refused(bed.centre.change_password(&at(2), &token, PASSWORD, "short").await);
    assert_eq!(short, [Problem::TooShort { required: 12, found: 5 }, Problem::TooFewClasses { required: 3, found: 1 }]);
    let named = refused(bed.centre.change_password(&at(2), &token, PASSWORD, "Lin-qingfeng-52").await);
    assert_eq!(named, [Problem::ContainsLogin]);
    let same = refused(bed.centre.change_password(&at(2), &token, PASSWORD, PASSWORD).await);
    assert_eq!(same, [Problem::Reused { history: 5 }]);
    let wrong = bed.centre.change_password(&at(2), &token, "Wrong-0000-wrong", "Qingfeng-52-dong").await.unwrap_err();
    assert!(matches!(wrong, PeopleError::WrongPassword));
    let fresh = bed.centre.change_password(&at(3), &token, PASSWORD, "Qingfeng-52-dong").await.unwrap();
    assert!(bed.centre.session(&at(4), &fresh.token).await.is_ok());
    for old in [&token, &other] {
        assert!(matches!(bed.centre.session(&at(4), old).await, Err(PeopleError::NoSession(_))));
    }
    assert!(matches!(bed.sign_in("lin", &at(60)).await, Err(PeopleError::Wrong)), "the old one");
    let code = bed.code("lin", 90).await;
    assert!(bed.centre.sign_in(&at(90), "lin", "Qingfeng-52-dong", &code, "test").await.is_ok());
}

async fn none_of_the_last_five_comes_again(bed: Bed) {
    let mut token = bed.sign_in("lin", &at(0)).await.unwrap().token;
    let mut current = PASSWORD.to_owned();
    for n in 1..=5 {
        let next = format!("Qingfeng-{n}{n}-dong");
        let first_again = bed.centre.change_password(&at(n), &token, &current, PASSWORD).await;
        assert!(matches!(first_again, Err(PeopleError::Password(_))), "after {n}");
        token = bed.centre.change_password(&at(n), &token, &current, &next).await.unwrap().token;
        current = next;
    }
    assert!(bed.centre.change_password(&at(9), &token, &current, PASSWORD).await.is_ok(), "the sixth last may");
}

async fn guessing_the_present_password_locks_too(bed: Bed) {
    let token = bed.sign_in("lin", &at(0)).await.unwrap().token;
    for n in 1..=4 {
        let said = bed.centre.change_password(&at(n), &token, "Wrong-0000-wrong", "Qingfeng-52-dong").await;
        assert!(matches!(said, Err(PeopleError::WrongPassword)));
    }
    for n in 5..=6 {
        let said = bed.centre.change_password(&at(n), &token, PASSWORD, "Qingfeng-52-dong").await;
        if n == 5 {
            assert!(said.is_ok(), "the right one forgives");
        } else {
            assert!(matches!(said, Err(PeopleError::NoSession(_))), "its session is over");
        }
    }
    let token = bed.centre.sign_in(&at(60), "lin", "Qingfeng-52-dong", &bed.code("lin", 60).await, "test").await.unwrap().token;
    for n in 61..=65 {
        let _ = bed.centre.change_password(&at(n), &token, "Wrong-0000-wrong", "Qingfeng-77-dong").await;
    }
    let said = bed.centre.change_password(&at(66), &token, "Qingfeng-52-dong", "Qingfeng-77-dong").await;
    assert!(matches!(said, Err(PeopleError::Locked { .. })));
}

async fn a_one_time_password_lets_nothing_be_done_before_it_is_changed(bed: Bed) {
    let lin = bed.actor("lin").user;
    let held = bed.sign_in("lin", &at(0)).await.unwrap().token;
    for other in ["qian", "li", "wu"] {
        let said = bed.centre.one_time_password(bed.actor(other), &at(1), lin).await;
        assert!(matches!(said, Err(PeopleError::Denied(_))), "{other}");
    }
    let own = bed.centre.one_time_password(bed.actor("zhao"), &at(1), bed.actor("zhao").user).await;
    assert!(matches!(own, Err(PeopleError::Denied(_))), "not for oneself");
    let once = bed.centre.one_time_password(bed.actor("zhao"), &at(2), lin).await.unwrap();
    assert!(matches!(bed.centre.session(&at(3), &held).await, Err(PeopleError::NoSession(_))));
    let alone = bed.centre.sign_in(&at(30), "lin", &once, "", "test").await;
    assert!(matches!(alone, Err(PeopleError::Wrong)), "whoever gave it lacks the second factor");
    let code = bed.code("lin", 30).await;
    let signed_in = bed.centre.sign_in(&at(30), "lin", &once, &code, "test").await.unwrap();
    assert!(signed_in.session.must_change_password && !signed_in.session.must_enrol_totp);
    assert_eq!(signed_in.session.actor.may("collection.member.open"), None, "no right yet");
    let again = bed.centre.change_password(&at(31), &signed_in.token, &once, &once).await;
    assert!(matches!(again, Err(PeopleError::Password(_))));
    let changed = bed.centre.change_password(&at(31), &signed_in.token, &once, "Qingfeng-52-dong").await.unwrap();
    assert!(changed.session.actor.may("collection.member.open").is_some());
}

async fn a_security_administrator_forgives_failures(bed: Bed) {
    for n in 0..5 {
        let _ = bed.slip("lin", &at(n)).await;
    }
    let lin = bed.actor("lin").user;
    assert!(matches!(bed.sign_in("lin", &at(10)).await, Err(PeopleError::Locked { .. })));
    assert!(matches!(bed.centre.unlock(bed.actor("zhao"), &at(11), lin).await, Err(PeopleError::Denied(_))));
    bed.centre.unlock(bed.actor("qian"), &at(12), lin).await.unwrap();
    assert!(bed.sign_in("lin", &at(13)).await.is_ok());
}

async fn a_password_is_changed_after_ninety_days(bed: Bed) {
    use core_calendar::Day;
    use shell_store::db::{Expect, Unit};
    // The business day is 2026-06-29.
    for (seconds, set, old) in [(0, Day::ymd(2026, 3, 31).unwrap(), false), (60, Day::ymd(2026, 3, 30).unwrap(), true)] {
        let unit = Unit::small().sql("UPDATE app_user SET password_day = $1 WHERE login = 'lin'", [set.into()], Expect::Exactly(1));
        bed.centre.store.db.commit(unit).await.done().unwrap();
        let session = bed.sign_in("lin", &at(seconds)).await.unwrap().session;
        assert_eq!((session.must_change_password, session.actor.roles.is_empty()), (old, old), "set on {set}");
    }
}
