//! Both factors, replayed codes, locks per account and per address.

use area_administration::roles::Scope;
use shell_pipeline::people::PeopleError;

use crate::bed::{Bed, NOW, PASSWORD, at, from, on_both_engines};

on_both_engines! {
    neither_factor_is_enough_alone_and_no_answer_tells_which_was_wrong
    a_code_opens_one_session_only
    five_failures_lock_the_account_for_thirty_minutes_from_everywhere
    a_name_of_nobody_is_answered_like_any_other
    an_address_is_locked_by_five_names_but_not_by_one_clerk
    the_record_tells_the_auditor_what_was_wrong_and_keeps_no_secret
}

async fn neither_factor_is_enough_alone_and_no_answer_tells_which_was_wrong(bed: Bed) {
    let code = bed.code("lin", 0).await;
    let refused = [("lin", PASSWORD, ""), ("lin", PASSWORD, "12345"), ("lin", "", code.as_str()), ("nobody", PASSWORD, code.as_str())];
    for (login, password, code) in refused {
        let said = bed.centre.sign_in(&at(0), login, password, code, "test").await.unwrap_err();
        assert!(matches!(said, PeopleError::Wrong), "{said:?}");
        assert_eq!(said.to_string(), "登录名、密码或动态口令不正确。连续不正确会暂时锁定。");
    }
    let signed_in = bed.centre.sign_in(&at(1), " lin ", PASSWORD, &code, "test").await.unwrap();
    assert_eq!(signed_in.session.actor, *bed.actor("lin"));
    assert!(!signed_in.session.restricted());
    assert_eq!(signed_in.session.actor.may("collection.member.open"), Some(Scope::Branch));
    assert_eq!(signed_in.session.actor.may("administration.user.roles"), None);
}

async fn a_code_opens_one_session_only(bed: Bed) {
    let code = bed.code("lin", 0).await;
    let try_it = |seconds| {
        let (bed, code) = (&bed, &code);
        async move { bed.centre.sign_in(&at(seconds), "lin", PASSWORD, code, "test").await }
    };
    let (one, two) = tokio::join!(try_it(0), try_it(0));
    assert!(one.is_ok() != two.is_ok(), "of two at once with one code one gets in");
    assert!(matches!(try_it(1).await, Err(PeopleError::Wrong)), "seen over the shoulder");
    assert!(bed.sign_in("lin", &at(2)).await.is_ok(), "the next code");
    assert_eq!(bed.centre.demonstration_code("lin", NOW + 2).await.unwrap().wait, 28, "two used up: half a minute to wait");
    assert!(bed.sign_in("lin", &at(30)).await.is_ok());
}

async fn five_failures_lock_the_account_for_thirty_minutes_from_everywhere(bed: Bed) {
    for n in 0..4 {
        assert!(matches!(bed.slip("lin", &at(n)).await, PeopleError::Wrong));
    }
    assert!(bed.sign_in("lin", &at(10)).await.is_ok(), "four are not five, and success forgets them");
    for n in 20..24 {
        assert!(matches!(bed.slip("lin", &from(&format!("10.0.0.{n}"), n)).await, PeopleError::Wrong));
    }
    assert!(matches!(bed.slip("lin", &at(60)).await, PeopleError::Locked { minutes: 30 }));
    for (seconds, left) in [(61, 30), (60 + 1_740, 1), (60 + 1_799, 1)] {
        match bed.sign_in("lin", &from("10.9.9.9", seconds)).await {
            Err(PeopleError::Locked { minutes }) => assert_eq!(minutes, left, "at {seconds}"),
            other => panic!("at {seconds}: {other:?}"),
        }
    }
    assert!(bed.sign_in("wu", &at(61)).await.is_ok(), "only this account");
    assert!(bed.sign_in("lin", &at(60 + 1_800)).await.is_ok());
}

async fn a_name_of_nobody_is_answered_like_any_other(bed: Bed) {
    let mut answers = Vec::new();
    for login in ["lin", "nobody"] {
        let mut said = Vec::new();
        for n in 0..6 {
            said.push(bed.slip(login, &from(&format!("10.1.{}.{n}", login.len()), n)).await.to_string());
        }
        answers.push(said);
    }
    assert_eq!(answers[0], answers[1]);
    assert!(answers[0][5].contains("锁定"));
}

async fn an_address_is_locked_by_five_names_but_not_by_one_clerk(bed: Bed) {
    for n in 0..6 {
        let _ = bed.slip("lin", &from("branch", n)).await;
    }
    assert!(bed.sign_in("wu", &from("branch", 10)).await.is_ok(), "the neighbour works on");
    for (n, login) in ["a", "b", "c", "d"].into_iter().enumerate() {
        assert!(matches!(bed.slip(login, &from("outside", n as i64)).await, PeopleError::Wrong), "{login}");
    }
    assert!(matches!(bed.slip("e", &from("outside", 60)).await, PeopleError::Locked { .. }));
    assert!(matches!(bed.sign_in("wu", &from("outside", 60 + 1_799)).await, Err(PeopleError::Locked { .. })), "its whole time");
    assert!(bed.sign_in("wu", &from("branch", 90)).await.is_ok());
    assert!(bed.sign_in("wu", &from("outside", 60 + 1_800)).await.is_ok());
}

async fn the_record_tells_the_auditor_what_was_wrong_and_keeps_no_secret(bed: Bed) {
    let code = bed.code("lin", 0).await;
    let _ = bed.centre.sign_in(&at(0), PASSWORD, PASSWORD, &code, "test").await;
    let _ = bed.centre.sign_in(&at(0), "lin", "Wrong-0000-wrong", &code, "test").await;
    let _ = bed.centre.sign_in(&at(0), "lin", PASSWORD, "", "test").await;
    bed.centre.sign_in(&at(0), "lin", PASSWORD, &code, "test").await.unwrap();
    let _ = bed.centre.sign_in(&at(0), "lin", PASSWORD, &code, "test").await;
    let records = bed.audit().await;
    assert_eq!(
        records,
        [
            r#"sign-in refused 0 user:unknown {"because":"name","failures":1,"locked":false}"#,
            r#"sign-in refused 1 user:1 {"because":"password","failures":1,"locked":false}"#,
            r#"sign-in refused 1 user:1 {"because":"code","failures":2,"locked":false}"#,
            r#"sign-in done 1 user:1 {}"#,
            r#"sign-in refused 1 user:1 {"because":"code used before","failures":1,"locked":false}"#,
        ]
    );
    assert!(records.iter().all(|r| !r.contains(PASSWORD) && !r.contains(&code)));
}
