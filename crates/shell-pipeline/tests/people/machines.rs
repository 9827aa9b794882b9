//! Bearer tokens of machines.

use shell_pipeline::people::PeopleError;

use crate::bed::{Bed, at, on_both_engines};

on_both_engines! {
    a_token_acts_as_its_user_until_it_ends_or_is_revoked
}

async fn a_token_acts_as_its_user_until_it_ends_or_is_revoked(bed: Bed) {
    let (zhao, wu) = (bed.actor("zhao"), bed.actor("wu").user);
    assert!(matches!(bed.centre.create_token(bed.actor("qian"), &at(0), wu, "行政审批平台").await, Err(PeopleError::Denied(_))));
    assert!(matches!(bed.centre.create_token(zhao, &at(0), wu, "  ").await, Err(PeopleError::NotFound(_))));
    let one = bed.centre.create_token(zhao, &at(0), wu, "行政审批平台").await.unwrap();
    let two = bed.centre.create_token(zhao, &at(0), wu, "银行前置").await.unwrap();
    assert_eq!(bed.centre.machine(&at(1), &one.token).await.unwrap(), *bed.actor("wu"));
    assert!(matches!(bed.centre.machine(&at(1), &"0".repeat(64)).await, Err(PeopleError::NoToken)));
    assert!(matches!(bed.centre.session(&at(1), &one.token).await, Err(PeopleError::NoSession(_))), "a token is no session");

    bed.centre.revoke_token(bed.actor("qian"), &at(2), wu, "行政审批平台").await.unwrap();
    assert!(matches!(bed.centre.machine(&at(3), &one.token).await, Err(PeopleError::NoToken)));
    assert!(matches!(bed.centre.revoke_token(zhao, &at(3), wu, "行政审批平台").await, Err(PeopleError::NotFound(_))));
    assert!(bed.centre.machine(&at(90 * 86_400 - 1), &two.token).await.is_ok(), "the other lives");
    assert!(matches!(bed.centre.machine(&at(90 * 86_400), &two.token).await, Err(PeopleError::NoToken)), "ninety days");
}
