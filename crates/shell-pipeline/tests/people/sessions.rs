//! How sessions end: idle, too long, by leaving, by a security administrator.

use shell_pipeline::people::{Ended, PeopleError, Session};

use crate::bed::{Bed, NOW, at, on_both_engines};

on_both_engines! {
    a_session_ends_after_thirty_minutes_without_use
    a_session_in_use_ends_after_twelve_hours
    a_token_opens_nothing_after_leaving
    a_security_administrator_ends_a_session_and_nobody_else_does
    a_user_disabled_meanwhile_is_out
}

fn ended(answer: Result<Session, PeopleError>) -> Ended {
    match answer {
        Err(PeopleError::NoSession(why)) => why,
        other => panic!("{other:?}"),
    }
}

async fn a_session_ends_after_thirty_minutes_without_use(bed: Bed) {
    let token = bed.sign_in("lin", &at(0)).await.unwrap().token;
    let used = bed.centre.session(&at(1_790), &token).await.unwrap();
    assert_eq!((used.opened, used.ends, used.address.as_str()), (NOW, NOW + 43_200, "10.0.0.7"));
    assert!(bed.centre.session(&at(1_790 + 1_799), &token).await.is_ok(), "use counts");
    let why = ended(bed.centre.session(&at(1_790 + 1_799 + 1_800), &token).await);
    assert_eq!(why.to_string(), "30 分钟没有操作，会话已结束，请重新登录。");
    assert_eq!(ended(bed.centre.session(&at(0), &token).await), Ended::By("空闲超时".into()), "for good");
    assert_eq!(bed.audit().await[1], r#"session-end done 1 user:1 {"session":1,"why":"空闲超时"}"#);
}

async fn a_session_in_use_ends_after_twelve_hours(bed: Bed) {
    let token = bed.sign_in("lin", &at(0)).await.unwrap().token;
    for minutes in (20..720).step_by(20) {
        assert!(bed.centre.session(&at(minutes * 60), &token).await.is_ok(), "{minutes}");
    }
    assert!(bed.centre.session(&at(43_199), &token).await.is_ok());
    assert_eq!(ended(bed.centre.session(&at(43_200), &token).await), Ended::Absolute { hours: 12 });
}

async fn a_token_opens_nothing_after_leaving(bed: Bed) {
    let token = bed.sign_in("lin", &at(0)).await.unwrap().token;
    bed.centre.sign_out(&at(5), &token).await.unwrap();
    assert_eq!(ended(bed.centre.session(&at(6), &token).await), Ended::By("退出".into()));
    assert!(matches!(bed.centre.sign_out(&at(7), &token).await, Err(PeopleError::NoSession(_))));
    for unknown in ["", "0", &"0".repeat(64)] {
        assert_eq!(ended(bed.centre.session(&at(6), unknown).await), Ended::Unknown);
    }
}

async fn a_security_administrator_ends_a_session_and_nobody_else_does(bed: Bed) {
    let token = bed.sign_in("lin", &at(0)).await.unwrap().token;
    bed.sign_in("wu", &at(100)).await.unwrap();
    let open = bed.centre.list_sessions(bed.actor("qian"), &at(200)).await.unwrap();
    assert_eq!(open.iter().map(|o| (o.login.as_str(), o.name.as_str())).collect::<Vec<_>>(), [("wu", "吴二"), ("lin", "林一")]);
    let lins = open[1].session.id;
    for other in ["lin", "zhao", "li"] {
        assert!(matches!(bed.centre.list_sessions(bed.actor(other), &at(200)).await, Err(PeopleError::Denied(_))));
        assert!(matches!(bed.centre.end_session(bed.actor(other), &at(200), lins).await, Err(PeopleError::Denied(_))));
    }
    bed.centre.end_session(bed.actor("qian"), &at(201), lins).await.unwrap();
    assert_eq!(ended(bed.centre.session(&at(202), &token).await), Ended::By("强制下线".into()));
    assert!(matches!(bed.centre.end_session(bed.actor("qian"), &at(203), lins).await, Err(PeopleError::NotFound(_))));
    let denied = bed.audit().await.iter().filter(|r| r.contains(" denied ")).count();
    assert_eq!(denied, 6, "refusals are recorded");
}

async fn a_user_disabled_meanwhile_is_out(bed: Bed) {
    use shell_store::db::{Expect, Unit};
    let token = bed.sign_in("lin", &at(0)).await.unwrap().token;
    let disable = Unit::small().sql("UPDATE app_user SET enabled = false WHERE login = 'lin'", [], Expect::Exactly(1));
    bed.centre.store.db.commit(disable).await.done().unwrap();
    assert_eq!(ended(bed.centre.session(&at(1), &token).await), Ended::Disabled);
    assert!(matches!(bed.sign_in("lin", &at(60)).await, Err(PeopleError::Wrong)));
}
