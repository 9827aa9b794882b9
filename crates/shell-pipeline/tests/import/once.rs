//! A dry run writes nothing; the same rows twice are one case; good rows go alone when they are wanted.

use core_case::state::CaseState;
use shell_pipeline::import::{ImportAnswer, Kind, Options};
use shell_pipeline::{Answer, BulkAnswer, Command, Origin};
use shell_store::db::Query;
use shell_store::{registers, rotate};

use crate::bed::{BANK, Bed, EMPLOYERS, MEMBERS, clerk, csv, employer, key_ring, member, on_both_engines, opening, reviewer, short};

on_both_engines! {
    a_dry_run_writes_nothing
    the_same_rows_twice_are_one_case
    good_rows_go_alone_when_they_are_wanted
    rejected_rows_may_come_again
    a_duplicate_notice_is_unchanged
    a_bank_line_is_registered_under_a_key
    a_refused_command_repeats_its_reasons
    a_case_that_ended_is_told_as_it_ended
}

const DRY: Options =
    Options { dry_run: true, accept_good_rows: false, encoding: None, day: None, employer: None, month: None, supplementary: false };

async fn a_dry_run_writes_nothing(bed: Bed) {
    let (bed, [first, _]) = bed.with_employers().await;
    let before = bed.row_counts().await;
    let notice = format!("1|{BANK}|HS1|||某校|10.00|20250701|||||156|||||||||0||\n");
    for (kind, file, rows) in [
        (Kind::Employers, csv(EMPLOYERS, &[employer(5)]), 1),
        (Kind::Members, csv(MEMBERS, &[member(first, 1), member(first, 2)]), 2),
        (Kind::Opening, opening(first, 1..3, "50"), 6),
        (Kind::Receipts, notice.into_bytes(), 1),
    ] {
        let answer = bed.import(&clerk(), kind, &file, DRY).await;
        assert_eq!((short(&answer), answer.rows, answer.accepted, &answer.case), (vec![], rows, rows, &None), "{kind:?}");
        assert_eq!(bed.row_counts().await, before, "{kind:?} in a dry run");
    }
}

async fn the_same_rows_twice_are_one_case(bed: Bed) {
    let (bed, [first, _]) = bed.with_employers().await;
    for (kind, file) in
        [(Kind::Members, csv(MEMBERS, &[member(first, 101), member(first, 102)])), (Kind::Opening, opening(first, 1..4, "50"))]
    {
        let once = bed.import(&clerk(), kind, &file, Options::default()).await;
        assert_eq!((short(&once), once.accepted), (vec![], once.rows));
        let before = bed.row_counts().await;
        let waiting = bed.import(&clerk(), kind, &file, Options::default()).await;
        let as_before = ImportAnswer { accepted: 0, unchanged: once.rows, ..once.clone() };
        assert_eq!(waiting, as_before, "{kind:?} while it waits");
        bed.approve(&once).await;
        assert_eq!(bed.import(&clerk(), kind, &file, DRY).await, as_before, "{kind:?} once it is done");
        assert_eq!(bed.row_counts().await[0], before[0], "no further case");
    }
    // Another spelling of the same rows, in another order of columns, is the same file.
    let mut turned: Vec<Vec<String>> = [member(first, 101), member(first, 102)].into();
    turned.iter_mut().for_each(|row| {
        row.reverse();
        row[3] = row[3].replace(".00", "").replace("61", "6,1");
    });
    let headings: Vec<&str> = MEMBERS.split(',').rev().collect();
    let answer = bed.import(&clerk(), Kind::Members, &csv(&headings.join(","), &turned), Options::default()).await;
    assert_eq!((short(&answer), answer.unchanged), (vec![], 2));
}

async fn good_rows_go_alone_when_they_are_wanted(bed: Bed) {
    let (bed, [first, _]) = bed.with_employers().await;
    let mut rows = vec![member(first, 1), member(first, 2), member(first, 3), member(first, 4)];
    rows[1][5] = "1.00".into();
    rows[2][2] = "学生证".into();
    let file = csv(MEMBERS, &rows);
    let options = Options { accept_good_rows: true, ..Options::default() };
    let dry = bed.import(&clerk(), Kind::Members, &file, Options { dry_run: true, ..options }).await;
    assert_eq!((dry.accepted, dry.case.clone()), (2, None));
    let once = bed.import(&clerk(), Kind::Members, &file, options).await;
    assert_eq!(short(&once), [(3, "缴存基数", "BASE_LOW"), (4, "证件类型", "file.not_in_list")]);
    assert_eq!((once.rows, once.accepted), (4, 2));
    assert!(once.notes.iter().any(|n| n.contains("第 3、4 行")), "it says which rows stayed out: {:?}", once.notes);
    bed.approve(&once).await;
    let again = bed.import(&clerk(), Kind::Members, &file, options).await;
    assert_eq!((again.accepted, again.unchanged, &again.case), (0, 2, &once.case));
    assert_eq!(short(&again), short(&once), "what stayed out is told again");
    assert_eq!(registers::savings_of(&bed.centre.store, first).await.unwrap().len(), 2);
}

async fn rejected_rows_may_come_again(bed: Bed) {
    let (bed, [first, _]) = bed.with_employers().await;
    let file = csv(MEMBERS, &[member(first, 1)]);
    let once = bed.import(&clerk(), Kind::Members, &file, Options::default()).await;
    let id = core_case::ids::CaseId::parse(once.case.as_deref().unwrap()).unwrap();
    bed.centre.reject(&reviewer(), &shell_pipeline::Origin::local("test"), id, "单位来电要求撤销").await.unwrap();
    let again = bed.import(&clerk(), Kind::Members, &file, Options::default()).await;
    assert_eq!((short(&again), again.accepted, again.unchanged), (vec![], 1, 0));
    assert_ne!(again.case, once.case);
    bed.approve(&again).await;
    assert_eq!(bed.number("SELECT COUNT(*) AS n FROM savings").await, 1);
}

async fn a_duplicate_notice_is_unchanged(bed: Bed) {
    let (bed, _) = bed.with_employers().await;
    let line = |serial: &str, remark: &str| format!("1|{BANK}|{serial}|||某校|10.00|20250701||||{remark}|156|||||||||0||\n");
    let file = [line("HS1", "学费"), line("HS2", ""), line("HS1", "学费 重发")].concat();
    let once = bed.import(&clerk(), Kind::Receipts, file.as_bytes(), Options::default()).await;
    assert_eq!((short(&once), once.rows, once.accepted, once.unchanged), (vec![], 3, 2, 1));
    assert!(once.notes.iter().any(|n| n == "暂收待认领 2 笔，20.00 元。"), "{:?}", once.notes);
    let again = bed.import(&clerk(), Kind::Receipts, file.as_bytes(), Options::default()).await;
    let as_before = ImportAnswer { accepted: 0, unchanged: 3, case: once.case.clone(), notes: again.notes.clone(), ..once.clone() };
    assert_eq!(again, as_before, "the same shape, with the case that booked the last line");
    assert_eq!(bed.import(&clerk(), Kind::Receipts, file.as_bytes(), DRY).await.case, once.case);
    assert_eq!(bed.number("SELECT COUNT(*) AS n FROM receipt").await, 2);
}

/// The register keeps the keyed hash of a line, which names its payer, and finds it again after the key was changed.
async fn a_bank_line_is_registered_under_a_key(bed: Bed) {
    let (bed, _) = bed.with_employers().await;
    let file = format!("1|{BANK}|HS1|||某校|10.00|20250701|||||156|||||||||0||\n");
    bed.import(&clerk(), Kind::Receipts, file.as_bytes(), Options::default()).await;
    let line = core_case::nouns::IncomingKey::of_line(BANK, "HS1", "10.00".parse().unwrap(), "某校").line_key();
    let held = Query::new("SELECT key_hash FROM claim WHERE register = 'bank-line'", []);
    let hash: Vec<u8> = bed.centre.store.db.read(vec![held]).await.unwrap()[0][0].get(0).unwrap();
    assert_ne!(hash, core_case::digest::Digest::of(line.as_bytes()).0.to_vec(), "guessed by whoever knows names and amounts");

    let mut ring = key_ring();
    ring.rotate(jiff::civil::date(2025, 7, 2), &mut shell_vault::SystemEntropy::new()).unwrap();
    bed.centre.store.keys.replace(ring);
    let moment = rotate::moment(bed.centre.day(), 1_751_333_800, core_case::ids::UserId(1));
    rotate::rotate(&bed.centre.store, moment, &mut |_, _| {}).await.unwrap();
    let again = bed.import(&clerk(), Kind::Receipts, file.as_bytes(), Options::default()).await;
    assert_eq!((again.accepted, again.unchanged), (0, 1));
}

/// Why a command was refused is told to whoever sends it again under its key, word by word.
async fn a_refused_command_repeats_its_reasons(bed: Bed) {
    let (bed, [first, _]) = bed.with_employers().await;
    let form = serde_json::json!({ "employer": first.to_string(), "month": "2025-07", "kind": "1" });
    let command = Command::new("collection.remittance.confirm", form, "key-1");
    let origin = Origin::local("test");
    let Answer::Refused { case, refusals } = bed.centre.submit(&clerk(), &origin, &command).await.unwrap() else {
        panic!("nobody to list")
    };
    assert!(!refusals.is_empty());
    let Answer::Refused { case: again, refusals: repeated } = bed.centre.submit(&clerk(), &origin, &command).await.unwrap() else {
        panic!("one answer a key")
    };
    let told = |all: &[core_case::refusal::Refusal]| serde_json::to_value(all).unwrap();
    assert_eq!((again, told(&repeated)), (case, told(&refusals)));
}

/// Whoever sends a command again is told what its case is now, one by one and in bulk.
async fn a_case_that_ended_is_told_as_it_ended(bed: Bed) {
    let (bed, [first, second]) = bed.with_employers().await;
    let origin = Origin::local("test");
    let form = serde_json::json!({ "employer": second.to_string(), "month": "2025-07", "kind": "1" });
    let refused = Command::new("collection.remittance.confirm", form, "key-1");
    let refund = |key: &str| {
        let form = serde_json::json!({ "employer": first.to_string(), "bank": "1", "amount": "5.00", "reason": "多缴" });
        Command::new("collection.suspense.refund", form, key)
    };
    bed.approve(&bed.import(&clerk(), Kind::Opening, &opening(first, 1..2, "50"), Options::default()).await).await;
    let mut ended = Vec::new();
    for (key, state) in [("key-2", CaseState::Rejected), ("key-3", CaseState::Withdrawn)] {
        let command = refund(key);
        let Answer::Waiting(waiting) = bed.centre.submit(&clerk(), &origin, &command).await.unwrap() else { panic!("waits") };
        match bed.centre.submit(&clerk(), &origin, &command).await.unwrap() {
            Answer::Waiting(again) => assert_eq!((again.case, again.repeated), (waiting.case, true)),
            other => panic!("{other:?}"),
        }
        match state {
            CaseState::Rejected => bed.centre.reject(&reviewer(), &origin, waiting.case, "单位来电").await.unwrap(),
            _ => bed.centre.withdraw(&clerk(), &origin, waiting.case, "单位来电").await.unwrap(),
        }
        match bed.centre.submit(&clerk(), &origin, &command).await.unwrap() {
            Answer::Ended { case, state: told } => assert_eq!((case, told), (waiting.case, state)),
            other => panic!("{other:?}"),
        }
        ended.push((command, waiting.case));
    }
    let Answer::Refused { .. } = bed.centre.submit(&clerk(), &origin, &refused).await.unwrap() else { panic!("nobody to list") };
    let orders: Vec<Command> = ended.iter().map(|(c, _)| c.clone()).chain([refused]).collect();
    let told = bed.centre.submit_many(&clerk(), &origin, &orders, |_| {}).await.unwrap();
    for ((_, case), one) in ended.iter().zip(&told) {
        assert!(matches!(one, BulkAnswer::Failed(sentence) if sentence.contains(&case.to_string())), "{one:?}");
    }
    assert!(matches!(&told[2], BulkAnswer::Refused(list) if !list.is_empty()), "{:?}", told[2]);
}
