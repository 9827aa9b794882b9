//! A changed answer under an unchanged guard fails: after every commit of the story every question asked so far is asked again.
//!
//! Every action of the catalogue is carried out, and asks its questions as its form does; which commits changed which noun's
//! answer is kept in `docs/proof-asked.md`. What no guard protects is named in [`HELD_OTHERWISE`] with what does.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use core_calendar::Month;
use core_case::action::At;
use core_case::flow::Channel;
use core_case::ids::{EmployerId, ListId, ReceiptId, SavingsId};
use core_case::nouns::{self, Ask, NOUNS, Noun};
use serde_json::{Value, json};
use shell_pipeline::{Centre, catalogue};
use shell_store::db::{Expect, Query, Unit};
use shell_store::facts;

use crate::town::{self, Town};

/// Fields whose change no guard tells (the whole answer where none is named), and what holds instead.
const HELD_OTHERWISE: &[(&str, &str, &str)] = &[
    ("Registered", "", "whoever relies on silence claims the key in the same unit, and a claim stands once (claim_pkey)"),
    ("Incoming", "rates", "nobody who asks reads them: the amounts of a list were fixed when it was confirmed"),
    ("Period", "vouchers", "a voucher of a closed period is refused by the database (voucher_in_closed_period)"),
    ("Period", "entries", "the same"),
    ("Period", "income_or_expense", "the same"),
    ("Period", "business_day", "it only moves on"),
];

/// A question, its answer, and the versions it stood under.
struct Question {
    ask: Ask,
    answer: String,
    guards: BTreeMap<String, i64>,
}

/// What was asked so far.
#[derive(Default)]
pub struct Asked {
    questions: Vec<Question>,
    /// Actions carried out.
    done: BTreeSet<String>,
    /// Noun, and the commit that changed its answer.
    changed: BTreeSet<(&'static str, String)>,
    wrong: Vec<String>,
}

/// An answer as text, without what is held otherwise.
async fn answer(centre: &Centre, ask: &Ask) -> (String, BTreeMap<String, i64>) {
    let loaded = facts::load(&centre.store, std::slice::from_ref(ask)).await.unwrap();
    let mut text = format!("{:#?}", loaded.answers[0]);
    for (_, field, _) in HELD_OTHERWISE.iter().filter(|(noun, field, _)| *noun == ask.name() && !field.is_empty()) {
        text = without(&text, &format!("{field}: "));
    }
    (text, loaded.guards)
}

/// A printed answer without a field: its line, and what is deeper below it.
fn without(text: &str, field: &str) -> String {
    let depth = |line: &str| line.len() - line.trim_start().len();
    let mut kept = Vec::new();
    let mut inside = None;
    for line in text.lines() {
        match inside {
            Some(at) if depth(line) > at => continue,
            // The bracket that closes it.
            Some(at) if depth(line) == at && line.trim_start().starts_with([')', ']', '}']) => inside = None,
            _ if line.trim_start().starts_with(field) => inside = Some(depth(line)),
            _ => {
                inside = None;
                kept.push(line);
            }
        }
    }
    kept.join("\n")
}

impl Asked {
    /// The questions of a command, before it is given.
    pub async fn ask(&mut self, centre: &Centre, action: &str, form: &Value) {
        let prepared = (catalogue::action(action).unwrap().read)(form).unwrap_or_else(|e| panic!("{action}: {e:?}"));
        let at = At { accepted: centre.day(), today: centre.day(), channel: Channel::Counter };
        for ask in prepared.asks(&at) {
            self.note(centre, ask).await;
        }
    }

    async fn note(&mut self, centre: &Centre, ask: Ask) {
        if self.questions.iter().all(|q| q.ask != ask) {
            let (answer, guards) = answer(centre, &ask).await;
            self.questions.push(Question { ask, answer, guards });
        }
    }

    /// Whatever exists is asked about, also what no command has asked yet.
    async fn whole(&mut self, centre: &Centre) {
        let queries = ["employer", "savings", "remittance_list", "receipt"].map(|table| Query::new(format!("SELECT id FROM {table}"), []));
        let rows = centre.store.db.read(queries.to_vec()).await.unwrap();
        let ids = |table: usize| rows[table].iter().map(|row| row.get::<i64>(0).unwrap()).collect::<Vec<_>>();
        let month = |text: &str| Month::parse(text).unwrap();
        let mut asks = vec![nouns::Period(month("2025-07")).ask(), nouns::Period(month("2025-08")).ask()];
        for id in ids(0).into_iter().map(EmployerId) {
            asks.push(nouns::Employer(id).ask());
            asks.extend(["2025-08", "2025-09", "2026-07", "2026-08", "2026-09"].map(|m| nouns::EmployerMonth(id, month(m)).ask()));
        }
        asks.extend(ids(1).into_iter().map(|id| nouns::Savings(SavingsId(id)).ask()));
        asks.extend(ids(2).into_iter().map(|id| nouns::List(ListId(id)).ask()));
        asks.extend(ids(3).into_iter().map(|id| nouns::Receipt(ReceiptId(id)).ask()));
        for ask in asks {
            self.note(centre, ask).await;
        }
    }

    /// Everything again, after a commit.
    pub async fn again(&mut self, centre: &Centre, action: &str) {
        self.done.insert(action.to_owned());
        for question in &mut self.questions {
            let (now, guards) = answer(centre, &question.ask).await;
            if now != question.answer {
                self.changed.insert((question.ask.name(), action.to_owned()));
                // Guards may have joined; those it stood under must tell.
                let otherwise = HELD_OTHERWISE.iter().any(|(noun, field, _)| *noun == question.ask.name() && field.is_empty());
                if !otherwise && question.guards.iter().all(|(key, version)| guards.get(key).is_none_or(|now| now == version)) {
                    let lines: BTreeSet<&str> = question.answer.lines().collect();
                    let new: Vec<&str> = now.lines().filter(|line| !lines.contains(line)).map(str::trim).collect();
                    self.wrong.push(format!("{action} changed {:?} under {:?}: {}", question.ask, question.guards, new.join(" ")));
                }
            }
            (question.answer, question.guards) = (now, guards);
        }
        self.whole(centre).await;
    }
}

/// What the story of the town leaves out, so that every action is carried out.
async fn rest(t: &mut Town) {
    let open = t.number("SELECT MAX(id) AS id FROM business_case WHERE state = 'waiting'").await;
    t.withdraw(open).await;
    let a = t.number("SELECT MIN(id) AS id FROM employer").await;
    let b = t.number("SELECT MAX(id) AS id FROM employer").await;
    let id = |n: i64| format!("{n:015}");
    let list = t.number("SELECT id FROM remittance_list WHERE state = 'awaiting_money'").await;
    t.give("collection.remittance.void", json!({"list": id(list), "reason": "重报"})).await;
    t.give(
        "collection.rate.change",
        json!({"employer": id(b), "from": "2026-08", "employer_rate": "8", "member_rate": "8", "decision": "职代会决议"}),
    )
    .await;
    t.give("collection.base.adjust", json!({"from": "2026-07", "lines": [{"savings": "990001", "base": "9000.00"}]})).await;
    t.give("collection.member.unseal", json!({"savings": "990002", "from": "2026-07"})).await;
    t.give("collection.member.seal", json!({"savings": "990001", "from": "2026-08", "reason": "2"})).await;
    t.give("collection.member.transfer", json!({"savings": "990001", "employer": id(b), "from": "2026-09", "base": "9000.00"})).await;
    let line = |n: u32| {
        json!({
            "employer": id(b), "name": "样戊", "id_kind": "01", "id_number": town::citizen(n), "mobile": format!("1370000{n:04}"), "base": "5000.00",
            "first_month": "2026-08", "card": town::card(n), "card_bank": "建设银行",
        })
    };
    t.give("collection.member.import", json!({"lines": [line(31), line(32)]})).await;
    let employer = |n: u32, name: &str| {
        json!({
            "name": name, "address": "样例路 2 号", "representative": "样甲", "representative_kind": "01", "representative_number": town::citizen(700 + n),
            "nature": "企业", "economic_type": "110", "industry": "A", "branch": "2", "established": "2010-01-04", "pay_day": "10",
            "first_month": "2026-07", "employer_rate": "7", "member_rate": "7", "handler": "样乙", "handler_kind": "01",
            "handler_number": town::citizen(750 + n), "handler_mobile": format!("1360000{n:04}"), "entrusted_bank": "建设银行",
        })
    };
    t.give("collection.employer.import", json!({"lines": [employer(1, "样例丙有限公司"), employer(2, "样例丁有限公司")]})).await;
    t.receipt("T1", "100.00", "2026-07-02", "某财政局", "").await;
    let receipt = t.receipt_of("T1").await;
    let split = |e: i64, amount: &str| json!({"employer": id(e), "month": "2026-07", "amount": amount});
    t.give("collection.receipt.split", json!({"receipt": receipt.to_string(), "lines": [split(a, "60.00"), split(b, "40.00")]})).await;
    t.give("collection.suspense.move", json!({"from": id(a), "to": id(b), "amount": "10.00", "reason": "职工调动"})).await;
    t.give("collection.suspense.refund", json!({"employer": id(b), "bank": "1", "amount": "10.00", "reason": "退款"})).await;
    t.give("accounting.period.close", json!({"month": "2025-07"})).await;
    t.give("accounting.period.close", json!({"month": "2025-08"})).await;
    t.give("accounting.period.reopen", json!({"month": "2025-08", "reason": "补记"})).await;
    let manual =
        json!({"summary": "计提归集手续费", "lines": [{"account": "41102", "debit": "10.00"}, {"account": "21902", "credit": "10.00"}]});
    t.give("accounting.voucher.manual", manual).await;
    t.give(
        "administration.policy.value",
        json!({"family": "collection.base_cap", "from": "2026-08-01", "value": "26800.00", "instrument": "管委会决议"}),
    )
    .await;
    // The town's people are nobody's users; a role to give is written by hand.
    let role = "INSERT INTO role (code, name, kind) VALUES ('clerk', '经办', 'business')";
    t.centre.store.db.commit(Unit::small().sql(role, [], Expect::Exactly(1))).await.done().unwrap();
    t.give("administration.user.open", json!({"login": "wang.min", "name": "王敏", "kind": "business", "unit": "2"})).await;
    let user = t.number("SELECT MAX(id) AS id FROM app_user").await.to_string();
    t.give("administration.user.roles", json!({"user": user, "reason": "到岗", "roles": [{"role": "clerk", "unit": "2"}]})).await;
    t.give("administration.user.state", json!({"user": user, "enabled": false, "reason": "调离"})).await;
    // A list nobody pays expires.
    t.confirm(b, "2025-09").await;
    t.end_day("2026-08-31").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_changes_under_an_unchanged_guard() {
    let folder = town::folder("asked");
    let mut t = Town::found(&folder).await;
    t.asked = Some(Asked::default());
    t.live().await;
    rest(&mut t).await;
    assert!(t.verify().await.holds());
    let asked = t.asked.take().unwrap();
    assert!(asked.wrong.is_empty(), "{} answers changed unseen:\n{}", asked.wrong.len(), asked.wrong.join("\n"));

    // Expiry is a step of the day-end.
    let undone: Vec<&str> = catalogue::actions()
        .map(|a| a.name)
        .filter(|name| !asked.done.contains(*name) && *name != "collection.remittance.expire")
        .collect();
    assert!(undone.is_empty(), "never carried out: {undone:?}");
    let mut page = String::from(
        "# Which commits changed which answer\n\nAfter every commit of a story that carries out every action, every question asked so far, and one about whatever exists, was asked again. Where the \
         answer had changed, a guard it stood under had\nbeen bumped. Written by the test `asked` of `shell-verify`; an action not carried out, or a noun not asked, fails it.\n\n\
         | noun | its answer was changed by |\n|---|---|\n",
    );
    for noun in NOUNS {
        assert!(asked.questions.iter().any(|q| q.ask.name() == *noun), "nobody asked {noun}");
        let by: Vec<&str> = asked.changed.iter().filter(|(n, _)| n == noun).map(|(_, action)| action.as_str()).collect();
        let by = if by.is_empty() { "nothing: it changes only by `init`".to_owned() } else { by.join(", ") };
        writeln!(page, "| {noun} | {by} |").unwrap();
    }
    page += "\nNo guard tells of these; what holds instead:\n\n| noun | field | held by |\n|---|---|---|\n";
    for (noun, field, held) in HELD_OTHERWISE {
        writeln!(page, "| {noun} | {} | {held} |", if field.is_empty() { "all" } else { field }).unwrap();
    }
    testkit::golden::check("docs/proof-asked.md", &page);
    std::fs::remove_dir_all(&folder).unwrap();
}
