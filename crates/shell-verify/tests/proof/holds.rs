//! A valid centre holds, on both engines alike, and the two give one digest.

use crate::town::{self, Town};
use shell_store::db::disagreements;
use shell_verify::{audit_verify, canonical_digest};

#[tokio::test(flavor = "multi_thread")]
async fn a_centre_that_lived_holds_on_both_engines_and_has_one_digest() {
    let folder = town::folder("holds");
    let lite = Town::lived(&folder).await;
    let pg = Town::lived(&testkit::pg::TestPg::database()).await;
    for town in [&lite, &pg] {
        let report = town.verify().await;
        assert!(report.holds(), "{:#?}", report.breaks);
        for check in &report.checks {
            assert!(check.compared > 0, "{} compared nothing", check.name);
        }
        let chain = audit_verify(&town.centre.store, None).await.unwrap();
        assert!(chain.holds() && chain.seals > 0, "{:?}", chain.first());
    }
    assert_eq!(lite.verify().await, pg.verify().await);
    let digests = (canonical_digest(&lite.centre.store).await.unwrap(), canonical_digest(&pg.centre.store).await.unwrap());
    assert_eq!(digests.0, digests.1);

    let (lite, pg) = (&lite.centre.store.db, &pg.centre.store.db);
    for statements in [shell_store::verify_queries::STATEMENTS, shell_store::verify_queries::CANONICAL] {
        assert_eq!(disagreements(lite, pg, statements).await.unwrap(), Vec::<String>::new());
    }
}

/// A transfer ends one membership and begins the next in one unit: the one begun must not be ended with it.
#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_ends_only_the_membership_before_it() {
    for address in [town::folder("transfer"), testkit::pg::TestPg::database()] {
        let mut town = Town::lived(&address).await;
        let new = town.number("SELECT MAX(id) AS id FROM employer").await;
        let form = serde_json::json!({"savings": "990003", "employer": format!("{new:015}"), "from": "2026-07", "base": "5000.00"});
        town.give("collection.member.transfer", form).await;
        assert_eq!(town.number("SELECT employer FROM membership WHERE savings = 990003 AND until_month IS NULL").await, new);
        assert_eq!(town.number("SELECT until_month FROM membership WHERE savings = 990003 AND from_month < 202607").await, 202_606);
        let report = town.verify().await;
        assert!(report.holds(), "{:#?}", report.breaks);
    }
}

/// A seal ended from its own month on covered nothing; the month may be sealed again, and January is the month after December.
#[tokio::test(flavor = "multi_thread")]
async fn a_month_may_be_sealed_again() {
    for address in [town::folder("again"), testkit::pg::TestPg::database()] {
        let mut town = Town::lived(&address).await;
        let of = |savings: &str, from: &str| serde_json::json!({"savings": savings, "from": from, "reason": "6"});
        let normal = format!("{:015}", town.number("SELECT MAX(id) AS id FROM savings").await);
        for (savings, from) in [("990003", "2025-07"), (normal.as_str(), "2027-01")] {
            if savings == normal {
                town.give("collection.member.seal", of(savings, from)).await;
            }
            town.give("collection.member.unseal", serde_json::json!({"savings": savings, "from": from})).await;
            let report = town.verify().await;
            assert!(report.holds(), "{:#?}", report.breaks);
            town.give("collection.member.seal", of(savings, from)).await;
        }
        assert_eq!(town.number("SELECT COUNT(*) AS n FROM seal WHERE until_month IS NULL AND from_month IN (202507, 202701)").await, 2);
        // Over months that were sealed before: from the same month, from the middle, from before.
        for (unsealed, sealed) in [("2025-10", "2025-07"), ("2025-10", "2025-09"), ("2025-12", "2025-08"), ("2026-03", "2026-01")] {
            town.give("collection.member.unseal", serde_json::json!({"savings": "990003", "from": unsealed})).await;
            town.give("collection.member.seal", of("990003", sealed)).await;
            let report = town.verify().await;
            assert!(report.holds(), "{unsealed} {sealed}: {:#?}", report.breaks);
        }
        let report = town.verify().await;
        assert!(report.holds(), "{:#?}", report.breaks);
    }
}

/// A seal and an unseal of a later month wait for it: the day-end into that month lets them begin.
#[tokio::test(flavor = "multi_thread")]
async fn a_state_follows_its_month() {
    use core_calendar::Month;
    for address in [town::folder("follows"), testkit::pg::TestPg::database()] {
        let mut town = Town::lived(&address).await;
        let savings = town.number("SELECT MAX(id) AS id FROM savings WHERE state = '01'").await;
        let this = Month::of(town.centre.day());
        let [next, after] = [this.succ(), this.succ().succ()];
        let sealed = async |town: &Town, expected: bool, when: &str| {
            let sealed = town.number("SELECT COUNT(*) AS n FROM savings WHERE state = '02' AND id = (SELECT MAX(savings) FROM seal)").await;
            assert_eq!(sealed == 1, expected, "{when}");
            let report = town.verify().await;
            assert!(report.holds(), "{when}: {:#?}", report.breaks);
        };
        let unseal = serde_json::json!({"savings": format!("{savings:015}"), "from": after.to_string()});
        // Another employer's officer reaches an account when it is sealed, not when it will be.
        let reached = async |town: &Town| {
            let command = shell_pipeline::Command::new("collection.member.unseal", unseal.clone(), "stranger");
            !matches!(town.centre.preview(&town::stranger(), &command).await, Err(shell_pipeline::PipelineError::Denied(_)))
        };
        let seal = serde_json::json!({"savings": format!("{savings:015}"), "from": next.to_string(), "reason": "2"});
        town.give("collection.member.seal", seal).await;
        sealed(&town, false, "before its month").await;
        assert!(!reached(&town).await, "still its employer's");
        town.end_day(&next.first_day().to_string()).await;
        sealed(&town, true, "in its month").await;
        assert!(reached(&town).await, "may be taken over");
        town.give("collection.member.unseal", unseal.clone()).await;
        sealed(&town, true, "until the month before").await;
        town.end_day(&after.first_day().to_string()).await;
        sealed(&town, false, "from that month on").await;
    }
}

/// Numbers of a commit that was never answered are looked up: lost ones are given again, also by the process after this one;
/// used ones are not.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_commit_leaves_no_hole_in_the_vouchers() {
    use shell_store::numbers::{Lease, Range};
    const LAST: &str = "SELECT MAX(id) AS id FROM voucher";
    for address in [town::folder("lost"), testkit::pg::TestPg::database()] {
        let mut town = Town::lived(&address).await;
        let employer = town.employer(8, "回声县图书馆").await;
        let range = Range::Voucher(core_calendar::Month::of(town.centre.day()));
        let numbered = |report: &shell_verify::Report| !report.breaks.iter().any(|b| b.check == "vouchers.numbered");
        let mut serial = 0;
        let mut pay = async |town: &mut Town| {
            serial += 1;
            let day = town.centre.day().to_string();
            town.receipt(&format!("LOST{serial}"), "10.00", &day, "", &format!("{employer:015}")).await;
        };
        pay(&mut town).await;
        let first = town.number(LAST).await;

        // The unit with this number is lost, and its process knows that it got no answer; so does the unit that was committed.
        let mut lost = Lease::default();
        assert_eq!(town.centre.store.numbers.give(range, &mut lost).unwrap(), first + 1);
        town.centre.store.numbers.doubt(lost);
        pay(&mut town).await;
        assert_eq!(town.number(LAST).await, first + 1);

        // The process dies before it knows, after another unit went through: a hole.
        let mut lost = Lease::default();
        town.centre.store.numbers.give(range, &mut lost).unwrap();
        pay(&mut town).await;
        assert!(!numbered(&town.verify().await), "the hole is named until it is filled");
        town.restart(&address).await;
        pay(&mut town).await;
        assert_eq!(town.number(LAST).await, first + 3, "the hole was filled, nothing was added behind");
        pay(&mut town).await;
        let report = town.verify().await;
        assert!(report.holds(), "{:#?}", report.breaks);

        // An unanswered commit that came through keeps its number.
        let mut used = Lease::default();
        let number = town.centre.store.numbers.give(range, &mut used).unwrap();
        town.restart(&address).await;
        pay(&mut town).await;
        assert_eq!(town.number(LAST).await, number);
        town.centre.store.numbers.doubt(used);
        pay(&mut town).await;
        let report = town.verify().await;
        assert!(report.holds(), "{:#?}", report.breaks);
    }
}
