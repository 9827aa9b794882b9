//! The centre's own policy values: what was confirmed holds when the centre is opened again, and what does not fit its family is
//! refused when it is entered.

use core_calendar::Month;
use core_money::Money;
use core_policy::On;
use serde_json::json;
use shell_pipeline::{Answer, Centre};

use crate::town::{self, Town};

fn value(family: &str, from: &str, value: &str) -> serde_json::Value {
    json!({"family": family, "from": from, "value": value, "instrument": "管委会决议"})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_by_month_holds_after_the_centre_is_opened_again() {
    let folder = town::folder("own-policy");
    let mut t = Town::found(&folder).await;
    for (from, cap) in [("2026-07-01", "26800.00"), ("2026-07-01", "26900.00"), ("2027-07-01", "27000.00")] {
        t.give("administration.policy.value", value("collection.base_cap", from, cap)).await;
    }
    let code = t.centre.about.code.clone();
    drop(t);
    let again = Centre::open(&folder, &code, town::ring(), None).await.unwrap();
    let cap = |month: &str| {
        let on = On::Month(Month::parse(month).unwrap());
        again.policy().in_force::<Money>("collection.base_cap", on, &again.place).unwrap().value.to_string()
    };
    assert_eq!(["2026-07", "2027-07"].map(cap), ["26900.00", "27000.00"]);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_would_not_load_is_refused() {
    for (family, text, code) in [("collection.no_such_family", "1", "NO_FAMILY"), ("collection.base_cap", "viel", "UNREADABLE")] {
        let folder = town::folder(code);
        let t = Town::found(&folder).await;
        let told = t.submit("administration.policy.value", value(family, "2026-07-01", text)).await;
        let Ok(Answer::Refused { refusals, .. }) = told else { panic!("{told:?}") };
        assert_eq!(refusals.iter().map(|r| &*r.code).collect::<Vec<_>>(), [code]);
        assert_eq!(t.number("SELECT count(*) AS n FROM policy_override").await, 0);
        drop(t);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
