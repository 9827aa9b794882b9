//! Many at once through the real server: the same command by several clients is one case, and of two branches that race for one
//! thing exactly one gets it. On both engines; afterwards books and audit hold.
//!
//! `ANJU_LONG=1` runs ten times as many rounds, from `ANJU_SEED`; a failure prints the seed and the round.

mod bed;

use bed::{Bed, Sent, at_once, withdraw};
use core_money::Money;
use core_policy::PolicySet;
use serde_json::{Value, json};
use shell_pipeline::Origin;
use shell_verify::{Basis, audit_verify, verify};
use sim::world::Person;

/// Rounds of races an engine.
const ROUNDS: usize = 100;
/// Rounds of one command from many clients.
const DOUBLE: usize = 12;
/// Clients of one command.
const CLIENTS: usize = 8;

fn seed() -> u64 {
    std::env::var("ANJU_SEED").map_or(20_250_701, |text| text.parse().expect("ANJU_SEED is a number"))
}

fn times() -> usize {
    if std::env::var_os("ANJU_LONG").is_some() { 10 } else { 1 }
}

#[test]
fn at_once_on_sqlite() {
    all(Bed::open("lite", None));
}

#[test]
fn at_once_on_postgresql() {
    all(Bed::open("pg", Some(testkit::pg::TestPg::database())));
}

fn all(mut bed: Bed) {
    println!("ANJU_SEED={}", seed());
    let mut rng = fastrand::Rng::with_seed(seed());
    double_submissions(&mut bed, &mut rng);
    races(&mut bed, &mut rng);
    reviews(&mut bed, &mut rng);
    postings_while_the_day_ends(&mut bed);
    assert_eq!(bed.number("SELECT count(*) AS n FROM case_concern"), 0, "nothing is in flight any more");
    assert_eq!(bed.number("SELECT count(*) AS n FROM claim WHERE in_flight"), 0, "nor held for an application");
    bed.runtime.block_on(async {
        let basis = Basis { policy: PolicySet::shipped(), place: &bed.centre.place };
        let report = verify(&bed.centre.store, basis, &mut |_| {}).await.expect("the proof is led to its end");
        assert!(report.holds(), "{:#?}", report.breaks);
        let chain = audit_verify(&bed.centre.store, None).await.expect("the audit chain is read");
        assert!(chain.holds(), "{:?}", chain.first());
    });
}

fn number(n: i64) -> String {
    format!("{n:015}")
}

/// A person nobody knows yet.
fn person(bed: &mut Bed, rng: &mut fastrand::Rng) -> Person {
    let nature = bed.world.employers[0].nature;
    bed.world.person(rng, nature, false)
}

fn clerk(bed: &Bed, employer: usize) -> String {
    format!("clerk{:02}", bed.world.employers[employer].branch + 1)
}

fn reviewer(bed: &Bed, employer: usize) -> String {
    format!("reviewer{:02}", bed.world.employers[employer].branch + 1)
}

/// Two employers of different branches.
fn two_branches(bed: &Bed, rng: &mut fastrand::Rng) -> (usize, usize) {
    loop {
        let (a, b) = (rng.usize(..bed.employers.len()), rng.usize(..bed.employers.len()));
        if bed.world.employers[a].branch != bed.world.employers[b].branch {
            return (a, b);
        }
    }
}

fn opening(bed: &Bed, employer: usize, p: &Person) -> Value {
    json!({
        "employer": number(bed.employers[employer]), "name": p.name, "id_kind": "01", "id_number": p.id_number, "mobile": p.mobile,
        "base": p.base.max(Money::from_yuan(2_100)).to_string(), "first_month": "2025-07", "card": p.card, "card_bank": "青岚农商银行",
    })
}

fn line(bed: &Bed, serial: &str, amount: &str, payer: &str) -> Value {
    json!({
        "account": sim::year::bank_number(1), "host_serial": serial, "amount": amount, "day": bed.centre.day().to_string(), "payer_name": payer,
    })
}

/// An account sealed at the opening, and its employer.
fn sealed(bed: &Bed, rng: &mut fastrand::Rng) -> (i64, usize) {
    loop {
        let employer = rng.usize(..bed.employers.len());
        let sealed: Vec<i64> = bed.world.employers[employer].people.iter().filter(|p| p.sealed).map(|p| p.savings).collect();
        if let Some(savings) = rng.choice(&sealed) {
            return (*savings, employer);
        }
    }
}

fn won(answer: &(u16, Value)) -> bool {
    matches!(answer.0, 200 | 202)
}

/// What a loser may hear: refused with reasons, or that another case is in flight or has the key. Not: try again later.
fn lost(answer: &(u16, Value)) -> bool {
    matches!((answer.0, answer.1["state"].as_str()), (422, Some("refused")) | (409, _))
}

/// One command from several clients with one key is one case and one answer; the key takes no other content.
fn double_submissions(bed: &mut Bed, rng: &mut fastrand::Rng) {
    for round in 0..DOUBLE * times() {
        let employer = rng.usize(..bed.employers.len());
        let p = person(bed, rng);
        let (action, form, status) = match round % 4 {
            0 => ("collection.receipt.record", line(bed, &format!("DOUBLE{round}"), "12.00", "无名氏"), 200),
            1 => ("collection.member.open", opening(bed, employer, &p), 202),
            2 => ("collection.member.seal", json!({ "savings": "1", "from": "2025-07", "reason": "6" }), 422),
            _ => ("collection.member.seal", json!({ "savings": "x" }), 422),
        };
        let before = bed.number("SELECT count(*) AS n FROM business_case");
        let sent = Sent::command(clerk(bed, employer), action, format!("double:{round}"), form);
        let answers = at_once(bed, &vec![sent.clone(); CLIENTS]);
        let plain = |(status, body): &(u16, Value)| {
            let mut body = body.clone();
            // Whether it was the first is all that may differ.
            if let Some(whole) = body.as_object_mut() {
                whole.remove("repeated");
            }
            (*status, body)
        };
        for answer in &answers {
            assert_eq!(plain(answer), plain(&answers[0]), "round {round}: {action}");
        }
        assert_eq!(answers[0].0, status, "round {round}: {action}: {}", answers[0].1);
        let cases = bed.number("SELECT count(*) AS n FROM business_case") - before;
        let fields = answers[0].1["state"] == "fields";
        assert_eq!(cases, i64::from(!fields), "round {round}: {action}");
        if !fields {
            let repeated = answers.iter().filter(|a| a.1["repeated"] == true).count();
            assert!(answers[0].1["repeated"].is_null() || repeated == CLIENTS - 1, "round {round}: {repeated} were repetitions");
            let mut other = sent.clone();
            other.body["proof"] = json!("another content");
            let (status, body) = other.by(&mut bed.client(&sent.login));
            assert_eq!((status, body["error"]["code"].as_str()), (409, Some("key_reused")), "round {round}: {body}");
        }
        withdraw(bed, &sent.login, &answers[0].1);
    }
}

/// Two branches want the same thing; exactly one gets it.
fn races(bed: &mut Bed, rng: &mut fastrand::Rng) {
    for round in 0..ROUNDS * times() {
        let (a, b) = two_branches(bed, rng);
        let send = |bed: &Bed, side: usize, employer: usize, action: &str, form: Value| {
            Sent::command(clerk(bed, employer), action, format!("race:{round}:{side}"), form)
        };
        let kind = round % 5;
        let pair = match kind {
            // One person, two employers.
            0 => {
                let p = person(bed, rng);
                [(0, a), (1, b)].map(|(side, e)| send(bed, side, e, "collection.member.open", opening(bed, e, &p)))
            }
            // One sealed account, two new employers.
            1 => {
                let (savings, home) = sealed(bed, rng);
                let (c, d) = if home == a || home == b { two_other(bed, rng, home) } else { (a, b) };
                let form = |bed: &Bed, e: usize| json!({ "savings": number(savings), "employer": number(bed.employers[e]), "from": "2025-12", "base": "5000.00" });
                [(0, c), (1, d)].map(|(side, e)| send(bed, side, e, "collection.member.transfer", form(bed, e)))
            }
            // One line of the bank, notified twice.
            2 => {
                let form = line(bed, &format!("RACE{round}"), "10.00", "某某");
                [(0, a), (1, b)].map(|(side, e)| send(bed, side, e, "collection.receipt.record", form.clone()))
            }
            // One unknown receipt, claimed for two employers.
            3 => {
                let form = line(bed, &format!("CLAIM{round}"), "30.00", "某某");
                let recorded = Sent::command(clerk(bed, a), "collection.receipt.record", format!("claim:{round}"), form);
                assert_eq!(recorded.by(&mut bed.client(&recorded.login)).0, 200);
                let receipt = bed.number("SELECT MAX(id) AS id FROM receipt").to_string();
                let form = |bed: &Bed, e: usize| json!({ "receipt": receipt, "employer": number(bed.employers[e]), "proof": "单位来函" });
                [(0, a), (1, b)].map(|(side, e)| send(bed, side, e, "collection.receipt.allocate", form(bed, e)))
            }
            // A sealed account: its own employer takes it back, another takes it over. Different guards of rows; in flight they
            // exclude one another.
            _ => {
                let (savings, home) = sealed(bed, rng);
                let other = two_other(bed, rng, home).0;
                let over =
                    json!({ "savings": number(savings), "employer": number(bed.employers[other]), "from": "2025-12", "base": "5000.00" });
                let back = json!({ "savings": number(savings), "from": "2025-12" });
                [send(bed, 0, other, "collection.member.transfer", over), send(bed, 1, home, "collection.member.unseal", back)]
            }
        };
        let answers = at_once(bed, &pair);
        let winners = answers.iter().filter(|a| won(a)).count();
        assert_eq!(winners, 1, "ANJU_SEED={} round {round} kind {kind}: {answers:#?}", seed());
        for (answer, sent) in answers.iter().zip(&pair) {
            assert!(won(answer) || lost(answer), "ANJU_SEED={} round {round} kind {kind}: {answer:?}", seed());
            withdraw(bed, &sent.login, &answer.1);
        }
    }
}

/// Two employers of different branches, both other than this one.
fn two_other(bed: &Bed, rng: &mut fastrand::Rng, home: usize) -> (usize, usize) {
    loop {
        let (a, b) = two_branches(bed, rng);
        if a != home && b != home {
            return (a, b);
        }
    }
}

/// A waiting case is approved twice at once, or approved while its maker withdraws it: one of both happens.
fn reviews(bed: &mut Bed, rng: &mut fastrand::Rng) {
    for round in 0..ROUNDS / 5 * times() {
        let employer = rng.usize(..bed.employers.len());
        let p = person(bed, rng);
        let (maker, by) = (clerk(bed, employer), reviewer(bed, employer));
        let form = opening(bed, employer, &p);
        let sent = Sent::command(maker.clone(), "collection.member.open", format!("review:{round}"), form);
        let (status, waiting) = sent.by(&mut bed.client(&maker));
        assert_eq!(status, 202, "{waiting}");
        let case = waiting["case"].as_str().expect("a case").to_owned();
        let approve = Sent::step(by, &case, "approve", json!({ "digest": waiting["digest"] }));
        let other = match round % 2 {
            0 => approve.clone(),
            _ => Sent::step(maker, &case, "withdraw", json!({ "reason": "不办了" })),
        };
        let answers = at_once(bed, &[approve, other]);
        let winners = answers.iter().filter(|a| won(a)).count();
        assert_eq!(winners, 1, "ANJU_SEED={} round {round}: {answers:#?}", seed());
        assert!(answers.iter().all(|a| won(a) || lost(a)), "ANJU_SEED={} round {round}: {answers:#?}", seed());
    }
}

/// The day ends while money is recorded: each posting is in the sums of the day it stands on.
fn postings_while_the_day_ends(bed: &mut Bed) {
    for day in 0..3 * times() {
        let next = bed.centre.day().succ();
        let sends: Vec<Sent> = (0..CLIENTS)
            .map(|n| {
                let form = line(bed, &format!("NIGHT{day}-{n}"), "1.00", "夜间来款");
                Sent::command(clerk(bed, n % bed.employers.len()), "collection.receipt.record", format!("night:{day}:{n}"), form)
            })
            .collect();
        std::thread::scope(|scope| {
            let bed = &*bed;
            let ending = scope.spawn(|| {
                // Somewhere among the postings.
                std::thread::sleep(std::time::Duration::from_millis(day as u64 * 2));
                bed.runtime.block_on(bed.centre.day_end(&Origin::local("test"), Some(next), |_, _| {}))
            });
            for answer in at_once(bed, &sends) {
                assert_eq!(answer.0, 200, "{}", answer.1);
            }
            ending.join().expect("the day-end").expect("the day-end is led to its end");
        });
    }
}
