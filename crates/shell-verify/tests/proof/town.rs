//! A small centre that lived through everything the proof looks at, by its own pipeline: openings, lists paid exactly, from
//! suspense and by an owner found late, a reversal in red, a payment posted across the fund-year, a seal, reviews, sealed audit records.

use crate::asked::Asked;
use core_calendar::Day;
use core_case::ids::{CaseId, EmployerId, UnitId, UserId};
use core_case::things::UserKind;
use serde_json::{Value, json};
use shell_pipeline::{Actor, Answer, Approved, Centre, Command, Origin, PipelineError};
use shell_store::bootstrap::{NewBank, NewCentre, NewUnit};
use shell_store::db::Query;
use shell_vault::{KeyRing, SeededEntropy};
use shell_verify::{Basis, Report, verify};

/// The fund bank account that receives.
pub const BANK: &str = "53001234567890123456";

pub struct Town {
    pub centre: Centre,
    /// What was asked so far, where a test wants to know.
    pub asked: Option<Asked>,
    orders: u32,
}

/// A new folder of its own for a test's database.
pub fn folder(name: &str) -> String {
    let folder = std::env::temp_dir().join(format!("anju-verify-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    format!("{}/", folder.display())
}

fn actor(user: i64, roles: &[&str]) -> Actor {
    Actor {
        user: UserId(user),
        login: format!("user{user}"),
        name: "测试".into(),
        kind: UserKind::Business,
        unit: UnitId(2),
        employer: None,
        roles: roles.iter().map(|r| ((*r).to_owned(), UnitId(2))).collect(),
    }
}

/// The officer of an employer that has no people.
pub fn stranger() -> Actor {
    Actor { kind: UserKind::Officer, employer: Some(EmployerId(1)), ..actor(77, &["officer"]) }
}

fn administrator(user: i64, kind: UserKind) -> Actor {
    let role = if kind == UserKind::System { "system_administrator" } else { "security_administrator" };
    Actor { kind, roles: vec![(role.into(), UnitId(1))], unit: UnitId(1), ..actor(user, &[]) }
}

/// Who enters an action.
fn maker(action: &str) -> Actor {
    match action.split('.').take(2).collect::<Vec<_>>()[..] {
        ["accounting", _] => actor(2, &["accountant"]),
        ["administration", "policy"] => actor(2, &["policy_keeper"]),
        ["administration", "user"] if action == "administration.user.roles" => administrator(5, UserKind::Security),
        ["administration", "user"] => administrator(5, UserKind::System),
        _ => actor(2, &["clerk"]),
    }
}

fn origin() -> Origin {
    Origin { now: 1_751_328_000, address: "10.0.0.3".into(), request: "r".into() }
}

pub fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// An invented citizen number with a right check digit.
pub fn citizen(n: u32) -> String {
    let body = format!("11010119900307{n:03}");
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.bytes().zip(weights).map(|(b, w)| u32::from(b - b'0') * w).sum();
    format!("{body}{}", b"10X98765432"[(sum % 11) as usize] as char)
}

/// An invented card with a right last digit.
pub fn card(n: u32) -> String {
    let body = format!("622202000000{n:06}");
    let doubled = |d: u32| if d * 2 > 9 { d * 2 - 9 } else { d * 2 };
    let sum: u32 =
        body.bytes().rev().enumerate().map(|(i, b)| if i % 2 == 0 { doubled(u32::from(b - b'0')) } else { u32::from(b - b'0') }).sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

pub fn ring() -> KeyRing {
    KeyRing::generate(jiff::civil::date(2025, 7, 1), &mut SeededEntropy::new(7)).unwrap()
}

impl Town {
    /// Opens a centre without anything but two bank accounts.
    pub async fn found(address: &str) -> Town {
        let unit = |id, kind: &str, name: &str| NewUnit { id, kind: kind.into(), name: name.into(), division: "532300".into() };
        let bank =
            |id, number: &str, name: &str, leaf| NewBank {
                id, number: number.into(), bank: "建设银行".into(), name: name.into(), leaf
            };
        let new = NewCentre {
            code: "town".into(),
            name: "样例中心".into(),
            division: "532300".into(),
            opened: day("2025-07-01"),
            demonstration: true,
            units: vec![unit(1, "centre", "中心"), unit(2, "branch", "管理部")],
            banks: vec![bank(1, BANK, "归集户", 1_010_101), bank(2, "53009999888877776666", "备用户", 1_010_102)],
        };
        Town { centre: Centre::create(address, ring(), &new).await.unwrap(), asked: None, orders: 0 }
    }

    /// Another process takes the centre over: nothing is known but what is in the database.
    pub async fn restart(&mut self, address: &str) {
        self.centre = Centre::open(address, "town", ring(), None).await.unwrap();
    }

    /// Gives an order and lets every review approve it; the number of its case.
    pub async fn give(&mut self, action: &str, form: Value) -> i64 {
        let who = maker(action);
        self.give_as(&who, action, form, true).await
    }

    /// What a command is told by itself.
    pub async fn submit(&self, action: &str, form: Value) -> Result<Answer, PipelineError> {
        self.centre.submit(&maker(action), &origin(), &Command::new(action, form, format!("{action}-alone"))).await
    }

    async fn give_as(&mut self, who: &Actor, action: &str, form: Value, approve: bool) -> i64 {
        self.orders += 1;
        if let Some(asked) = &mut self.asked {
            asked.ask(&self.centre, action, &form).await;
        }
        let command = Command::new(action, form, format!("order-{}", self.orders));
        let answer = self.centre.submit(who, &origin(), &command).await;
        let (case, mut next) = match answer.unwrap_or_else(|e| panic!("{action}: {e}")) {
            Answer::Done(done) => {
                self.look(action).await;
                return done.case.0;
            }
            Answer::Waiting(waiting) => (waiting.case, Some(waiting.next)),
            other => panic!("{action}: {other:?}"),
        };
        self.look(action).await;
        while let Some(role) = next.take().filter(|_| approve) {
            let digest = self.centre.case(case).await.unwrap().case.digest.unwrap();
            let by = match role.as_str() {
                "security_administrator" => administrator(6, UserKind::Security),
                _ => actor(if role == "reviewer" { 3 } else { 4 }, &[&role]),
            };
            match self.centre.approve(&by, &origin(), case, digest).await.unwrap_or_else(|e| panic!("{action}: {e}")) {
                Approved::Committed(_) => {}
                Approved::Next(_, role) => next = Some(role),
                other => panic!("{action}: {other:?}"),
            }
            self.look(action).await;
        }
        let CaseId(number) = case;
        number
    }

    /// Takes a waiting case back, as its maker.
    pub async fn withdraw(&mut self, case: i64) {
        self.centre.withdraw(&actor(2, &["clerk"]), &origin(), CaseId(case), "不办了").await.unwrap();
        self.look("withdrawal").await;
    }

    /// After a commit: everything asked so far is asked again.
    async fn look(&mut self, action: &str) {
        if let Some(asked) = &mut self.asked {
            asked.again(&self.centre, action).await;
        }
    }

    /// A bank notice.
    pub async fn receipt(&mut self, serial: &str, amount: &str, on: &str, payer: &str, remark: &str) {
        let form = json!({"account": BANK, "host_serial": serial, "amount": amount, "day": on, "payer_name": payer, "remark": remark});
        self.give_as(&Actor::batch(), "collection.receipt.record", form, false).await;
    }

    /// Confirms a list; its number.
    pub async fn confirm(&mut self, employer: i64, month: &str) -> i64 {
        self.give("collection.remittance.confirm", json!({"employer": format!("{employer:015}"), "month": month, "lines": []})).await
    }

    pub async fn end_day(&mut self, next: &str) {
        self.centre.day_end(&origin(), Some(day(next)), |_, _| {}).await.unwrap();
        self.look("day-end").await;
    }

    /// The one number a statement gives.
    pub async fn number(&self, sql: &'static str) -> i64 {
        self.centre.store.db.read(vec![Query::new(sql, [])]).await.unwrap()[0][0].get(0).unwrap()
    }

    pub async fn employer(&mut self, n: u32, name: &str) -> i64 {
        self.give(
            "collection.employer.open",
            json!({
                "name": name, "address": "样例路 1 号", "representative": "样甲", "representative_kind": "01",
                "representative_number": citizen(900 + n), "nature": "企业", "economic_type": "110", "industry": "A", "branch": "2",
                "established": "2010-01-04", "pay_day": "10", "first_month": "2025-07", "employer_rate": "7", "member_rate": "7",
                "handler": "样乙", "handler_kind": "01", "handler_number": citizen(950 + n), "handler_mobile": format!("1380000{n:04}"),
                "entrusted_bank": "建设银行",
            }),
        )
        .await;
        self.number("SELECT MAX(id) AS id FROM employer").await
    }

    pub async fn member(&mut self, n: u32, employer: i64, base: &str) -> i64 {
        self.give(
            "collection.member.open",
            json!({
                "employer": format!("{employer:015}"), "name": "样丙", "id_kind": "01", "id_number": citizen(n),
                "mobile": format!("1390000{n:04}"), "base": base, "first_month": "2025-07", "card": card(n), "card_bank": "建设银行",
            }),
        )
        .await;
        self.number("SELECT MAX(id) AS id FROM savings").await
    }

    /// A town after the whole story.
    pub async fn lived(address: &str) -> Town {
        let mut t = Town::found(address).await;
        t.live().await;
        t
    }

    /// The whole story.
    pub async fn live(&mut self) {
        let t = self;
        let a = t.employer(1, "样例甲有限公司").await;
        let b = t.employer(2, "样例乙有限公司").await;
        let opening = |n: u32, savings: i64, carried: &str, current: &str, state: &str| {
            json!({
                "savings": savings.to_string(), "employer": format!("{a:015}"), "name": "样丁", "id_kind": "01", "id_number": citizen(n),
                "state": state, "opened": "2015-03-02", "first_month": "2015-03", "paid_to": "2025-06", "base": "8000.00",
                "carried_over": carried, "current_year": current,
            })
        };
        t.give(
            "collection.opening.import",
            json!({
                "day": "2025-07-01",
                "members": [
                    opening(1, 990_001, "12000.00", "3360.00", "01"), opening(2, 990_002, "800.55", "0.00", "01"),
                    opening(3, 990_003, "50.00", "0.00", "02"),
                ],
                "ledger": [
                    {"account": "1010101", "debit": "16510.55"}, {"account": "201", "credit": "16210.55"},
                    {"account": "2190402", "credit": "300.00"},
                ],
                "suspense": [{"employer": format!("{a:015}"), "paid_to": "2025-06"}, {"employer": format!("{b:015}"), "suspense": "300.00"}],
            }),
        )
        .await;
        t.member(11, b, "6000.00").await;
        t.member(12, b, "25500.00").await;
        t.end_day("2025-07-10").await;

        // Exact, the bank's day before the posting.
        let list = t.confirm(a, "2025-07").await;
        t.end_day("2025-07-12").await;
        t.receipt("S1", "2240.00", "2025-07-11", "样例甲有限公司", &format!("{list:015}")).await;
        // Short, then topped up: from suspense.
        t.confirm(b, "2025-07").await;
        t.receipt("S2", "4000.00", "2025-07-12", "样例乙有限公司", "").await;
        t.receipt("S3", "600.00", "2025-07-12", "样例乙有限公司", "").await;
        // Nobody's: one claimed, one sent back, one still open.
        t.receipt("S4", "500.00", "2025-07-12", "某人", "").await;
        t.receipt("S5", "77.00", "2025-07-12", "某人", "").await;
        t.receipt("S6", "88.00", "2025-07-12", "某人", "").await;
        let (s4, s5) = (t.receipt_of("S4").await, t.receipt_of("S5").await);
        t.give("collection.receipt.allocate", json!({"receipt": s4.to_string(), "employer": format!("{b:015}"), "proof": "说明"})).await;
        t.give("collection.receipt.send-back", json!({"receipt": s5.to_string(), "reason": "不明来款"})).await;
        t.end_day("2025-08-11").await;

        // Paid, reversed inside the fund-year, listed again and paid from the suspense that the reversal left.
        let list = t.confirm(a, "2025-08").await;
        t.receipt("S7", "2240.00", "2025-08-11", "样例甲有限公司", &format!("{list:015}")).await;
        t.give("collection.remittance.reverse", json!({"list": format!("{list:015}"), "reason": "错缴"})).await;
        t.confirm(a, "2025-08").await;
        let late = t.confirm(b, "2025-08").await;
        t.receipt("S8", "4410.00", "2025-08-11", "样例乙有限公司", &format!("{late:015}")).await;
        t.give("collection.member.seal", json!({"savings": "990002", "from": "2025-09", "reason": "2"})).await;
        t.end_day("2026-06-30").await;

        // A payment of the old fund-year that is posted in the new one.
        let list = t.confirm(a, "2025-09").await;
        t.end_day("2026-07-01").await;
        t.receipt("S9", "1120.00", "2026-06-30", "样例甲有限公司", &format!("{list:015}")).await;
        t.end_day("2026-07-02").await;
        // In flight: a list that waits for money, a case that waits for its review.
        t.confirm(a, "2025-10").await;
        let form = json!({"employer": format!("{b:015}"), "bank": "1", "amount": "10.00", "reason": "退款"});
        t.give_as(&actor(2, &["clerk"]), "collection.suspense.refund", form, false).await;
    }

    pub async fn receipt_of(&self, serial: &str) -> i64 {
        let query = Query::new("SELECT id FROM receipt WHERE host_serial = $1", [serial.into()]);
        self.centre.store.db.read(vec![query]).await.unwrap()[0][0].get(0).unwrap()
    }

    /// Proves it.
    pub async fn verify(&self) -> Report {
        let policy = self.centre.policy();
        verify(&self.centre.store, Basis { policy: &policy, place: &self.centre.place }, &mut |_| {}).await.unwrap()
    }
}
