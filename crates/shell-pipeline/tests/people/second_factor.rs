//! Enrolling, confirming and losing the second factor.

use shell_pipeline::people::PeopleError;
use shell_vault::totp::Totp;

use crate::bed::{Bed, NOW, PASSWORD, at, on_both_engines};

on_both_engines! {
    a_lost_factor_is_taken_away_by_one_and_enrolled_by_another
    nothing_is_enrolled_over_a_confirmed_factor
}

async fn a_lost_factor_is_taken_away_by_one_and_enrolled_by_another(bed: Bed) {
    let lin = bed.actor("lin").user;
    assert!(matches!(bed.centre.reset_totp(bed.actor("zhao"), &at(0), lin).await, Err(PeopleError::Denied(_))));
    let own = bed.centre.reset_totp(bed.actor("qian"), &at(0), bed.actor("qian").user).await;
    assert!(matches!(own, Err(PeopleError::Denied(_))));
    bed.centre.reset_totp(bed.actor("qian"), &at(0), lin).await.unwrap();

    let signed_in = bed.centre.sign_in(&at(1), "lin", PASSWORD, "", "test").await.unwrap();
    assert!(signed_in.session.must_enrol_totp && signed_in.session.actor.roles.is_empty());
    let early = bed.centre.confirm_totp(&at(2), &signed_in.token, "123456").await;
    assert!(matches!(early, Err(PeopleError::NotEnrolled)));
    let first = bed.centre.enrol_totp(&at(2), &signed_in.token).await.unwrap();
    let second = bed.centre.enrol_totp(&at(3), &signed_in.token).await.unwrap();
    assert_ne!(*first.secret, *second.secret);
    assert!(second.uri.starts_with("otpauth://totp/") && second.uri.contains(":lin?secret="));
    let code_of = |secret: &str, seconds: i64| Totp::from_base32(secret).unwrap().code_at((NOW + seconds) as u64);
    let stale = bed.centre.confirm_totp(&at(4), &signed_in.token, &code_of(&first.secret, 4)).await;
    assert!(matches!(stale, Err(PeopleError::WrongCode)), "the first secret is forgotten");
    let session = bed.centre.confirm_totp(&at(4), &signed_in.token, &code_of(&second.secret, 4)).await.unwrap();
    assert!(session.actor.may("collection.member.open").is_some());

    let replay = bed.centre.sign_in(&at(5), "lin", PASSWORD, &code_of(&second.secret, 5), "test").await;
    assert!(matches!(replay, Err(PeopleError::Wrong)), "the confirming code is used up");
    assert!(matches!(bed.centre.sign_in(&at(6), "lin", PASSWORD, "", "test").await, Err(PeopleError::Wrong)));
    assert!(bed.centre.sign_in(&at(36), "lin", PASSWORD, &code_of(&second.secret, 36), "test").await.is_ok());
}

async fn nothing_is_enrolled_over_a_confirmed_factor(bed: Bed) {
    let token = bed.sign_in("lin", &at(0)).await.unwrap().token;
    assert!(matches!(bed.centre.enrol_totp(&at(1), &token).await, Err(PeopleError::Enrolled)));
    assert!(matches!(bed.centre.confirm_totp(&at(1), &token, "123456").await, Err(PeopleError::Enrolled)));
}
