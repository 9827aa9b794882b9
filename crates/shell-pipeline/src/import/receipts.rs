//! 到账通知 (`handbook 17 §8`): each line of money in is one `collection.receipt.record`, keyed by its bank line.
//!
//! A notice that came before, or stands twice in the file, is unchanged. Money out and the bank's own reversals are told and
//! left to the payments.

use std::collections::{BTreeMap, HashMap, HashSet};

use core_case::flow::Channel;
use core_case::form::{Card, Choice, FieldError};
use core_case::guard::Register;
use core_case::ids::{CaseId, ReceiptId};
use core_case::nouns::{self, Answer as Fact, Ask, IncomingKey, Noun};
use core_case::refusal::Refusal;
use core_case::state::{CaseState, ReceiptState};
use core_money::Money;
use serde_json::{Map, Value};
use shell_files::mask;
use shell_files::problem::RowError;
use shell_files::receipt::{self, NoticeLine};
use shell_store::facts::{self, Loaded};
use shell_store::{cases, imports};

use super::{Errand, FAILED, ImportAnswer, code_of, refused_file};
use crate::bulk::BulkAnswer;
use crate::command::{Command, PipelineError};

/// Lines whose facts are read at once.
const AHEAD: usize = 500;

/// A line on its way in.
struct Incoming {
    line: u32,
    key: IncomingKey,
    command: Command,
}

/// Imports a receipt file.
pub(super) async fn import(at: &mut Errand<'_>, bytes: &[u8], file_name: &str) -> Result<ImportAnswer, PipelineError> {
    let notices = match receipt::read_notices(bytes, at.options.encoding) {
        Ok(notices) => notices,
        Err(e) => return Ok(refused_file(&e, file_name)),
    };
    let mut answer = ImportAnswer { rows: notices.rows, errors: notices.errors, ..ImportAnswer::default() };
    let (mut out, mut reversed, mut cards) = (0, 0, 0);
    let mut incoming: Vec<Incoming> = Vec::new();
    let mut seen = HashSet::new();
    for line in &notices.lines {
        if line.reversal {
            reversed += 1;
        } else if line.amount.is_negative() {
            out += 1;
        } else {
            let (one, left_out_card) = command(at, line);
            cards += usize::from(left_out_card);
            if seen.insert(one.command.key.clone()) {
                incoming.push(one);
            } else {
                answer.unchanged += 1;
            }
        }
    }
    if answer.unchanged > 0 {
        answer.notes.push(format!("文件内有 {} 行重复通知，只登记一次。", answer.unchanged));
    }
    for (count, words) in [
        (out, "行支出流水，由付款业务核销，没有登记"),
        (reversed, "行银行冲正流水，由付款业务处理，没有登记"),
        (cards, "行的对方账号不是数字账号，没有登记对方账号"),
    ] {
        if count > 0 {
            answer.notes.push(format!("有 {count} {words}。"));
        }
    }

    let total = incoming.len();
    let mut good = Vec::new();
    let mut booked: Vec<(u32, ReceiptId)> = Vec::new();
    let mut by_line: BTreeMap<u32, CaseId> = BTreeMap::new();
    for some in incoming.chunks(AHEAD) {
        at.tell("核对", good.len() + answer.unchanged, total);
        for (one, judged) in some.iter().zip(judge(at, some).await?) {
            match judged {
                Judged::Good => good.push(one),
                Judged::Seen(receipt) => {
                    answer.unchanged += 1;
                    booked.extend(receipt.map(|id| (one.line, id)));
                }
                Judged::Wrong(errors) => answer.errors.extend(errors),
            }
        }
    }
    if !answer.errors.is_empty() {
        if at.options.accept_good_rows {
            let lines: HashSet<u32> = answer.errors.iter().map(|e| e.row).collect();
            answer.notes.push(format!("有 {} 行没有登记，见错误清单。", lines.len()));
        } else {
            good.clear();
        }
    }
    answer.accepted = good.len();
    let of_receipts = imports::receipt_cases(&at.centre.store, booked.iter().map(|(_, id)| *id)).await?;
    by_line.extend(booked.iter().filter_map(|(line, id)| Some((*line, *of_receipts.get(id)?))));
    if good.is_empty() || at.options.dry_run {
        answer.case = by_line.values().next_back().map(CaseId::to_string);
        answer.errors.sort_by_key(|e| e.row);
        return Ok(answer);
    }

    let mut commands: Vec<Command> = good.iter().map(|g| g.command.clone()).collect();
    free_keys(at, &mut commands).await?;
    let progress = &mut *at.progress;
    let done = at
        .centre
        .submit_many(at.actor, at.origin, &commands, |done| {
            progress(super::Progress { stage: "登记", done, total: commands.len() });
        })
        .await?;
    for (one, became) in good.iter().zip(done) {
        let wrong = match became {
            BulkAnswer::Done(case) | BulkAnswer::Waiting(case) => {
                by_line.insert(one.line, case);
                continue;
            }
            BulkAnswer::Unchanged(case) => {
                by_line.insert(one.line, case);
                answer.unchanged += 1;
                Vec::new()
            }
            BulkAnswer::Refused(refusals) => refusals.iter().map(|r| refused(one.line, &one.command, r)).collect(),
            BulkAnswer::Failed(sentence) => {
                vec![error(one.line, "", FAILED, String::new(), format!("没有登记：{sentence}"), "稍后重新导入。")]
            }
        };
        answer.accepted -= 1;
        answer.errors.extend(wrong);
    }
    answer.case = by_line.values().next_back().map(CaseId::to_string);
    answer.errors.sort_by_key(|e| e.row);
    where_they_went(at, &good, &mut answer).await?;
    Ok(answer)
}

/// The command of a line; whether the payer's account had to be left out because it is no number.
fn command(at: &Errand<'_>, line: &NoticeLine) -> (Incoming, bool) {
    let key = IncomingKey::of_line(&line.account, &line.host_serial, line.amount, &line.counter_name);
    let card = Card::parse(&line.counter_account).is_some();
    let mut form = Map::new();
    let mut put = |field: &str, text: &str| {
        if !text.is_empty() {
            form.insert(field.to_owned(), Value::String(text.to_owned()));
        }
    };
    put("account", &line.account);
    put("host_serial", &line.host_serial);
    put("amount", &line.amount.to_string());
    put("day", &line.date.to_string());
    if card {
        put("payer_account", &line.counter_account);
    }
    put("payer_name", &line.counter_name);
    put("summary", &line.summary);
    put("remark", &line.remark);
    // The line names its payer: as in the register, only its keyed hash is kept.
    let hash = at.centre.store.keys.register_key(Register::BankLine, &key.line_key());
    let hash: String = hash.iter().map(|b| format!("{b:02x}")).collect();
    let command = Command::new("collection.receipt.record", Value::Object(form), format!("receipt:{hash}")).by(Channel::Bank);
    (Incoming { line: line.line, key, command }, !card && !line.counter_account.is_empty())
}

/// Gives a command another key where an earlier case under its key ended without booking the line: it may come again.
async fn free_keys(at: &Errand<'_>, commands: &mut [Command]) -> Result<(), PipelineError> {
    loop {
        let keys = commands.iter().map(|c| c.key.clone()).collect();
        let known: HashMap<String, (CaseId, CaseState)> = cases::answered_many(&at.centre.store, keys).await?.into_iter().collect();
        let mut moved = false;
        for command in commands.iter_mut() {
            let Some((case, state)) = known.get(&command.key) else { continue };
            if !state.in_flight() && *state != CaseState::Done {
                command.key = format!("{}:{case}", command.key);
                moved = true;
            }
        }
        if !moved {
            return Ok(());
        }
    }
}

/// What the rules say of a line before it is submitted.
enum Judged {
    Good,
    /// In the books as this receipt, or held by a case that waits.
    Seen(Option<ReceiptId>),
    Wrong(Vec<RowError>),
}

/// Decides some lines on one reading of their facts; nothing is recorded.
async fn judge(at: &Errand<'_>, some: &[Incoming]) -> Result<Vec<Judged>, PipelineError> {
    let mut intakes = Vec::with_capacity(some.len());
    for one in some {
        intakes.push(at.centre.intake(at.actor, &one.command)?);
    }
    let asks: Vec<Vec<Ask>> = intakes.iter().map(|i| i.as_ref().map_or_else(|_| Vec::new(), |i| i.prepared.asks(&i.at))).collect();
    let all: Vec<Ask> = asks.iter().flatten().cloned().collect();
    let mut answers = facts::load(&at.centre.store, &all).await?.answers.into_iter();
    let mut judged = Vec::with_capacity(some.len());
    for ((one, intake), asks) in some.iter().zip(&intakes).zip(&asks) {
        let intake = match intake {
            Ok(intake) => intake,
            Err(errors) => {
                judged.push(Judged::Wrong(errors.iter().map(|e| malformed(one.line, e)).collect()));
                continue;
            }
        };
        let own: Vec<Fact> = answers.by_ref().take(asks.len()).collect();
        let seen = own.iter().find_map(|fact| if let Fact::Incoming(i) = fact { i.seen } else { None });
        let own = Loaded { answers: own, guards: Default::default() };
        judged.push(match at.centre.decide_on(at.actor, intake, asks, own)?.outcome {
            Ok(_) => Judged::Good,
            // A duplicate notice is no error: banks send them (handbook 17 §5).
            Err(refusals) if refusals.iter().any(|r| r.code == "SEEN") => Judged::Seen(seen),
            Err(refusals) => Judged::Wrong(refusals.iter().map(|r| refused(one.line, &one.command, r)).collect()),
        });
    }
    Ok(judged)
}

/// Field of the form, name of the field in the file.
const FIELDS: &[(&str, &str)] = &[
    ("account", "账号"),
    ("host_serial", "银行流水号"),
    ("amount", "金额"),
    ("day", "日期"),
    ("payer_account", "对方账号"),
    ("payer_name", "对方户名"),
    ("summary", "摘要"),
    ("remark", "备注"),
];

fn column(field: &str) -> &'static str {
    FIELDS.iter().find(|(name, _)| *name == field).map_or("", |(_, column)| *column)
}

fn error(row: u32, column: &str, code: &'static str, found: String, message: String, remedy: impl Into<String>) -> RowError {
    RowError { sheet: "到账通知".into(), row, column: column.into(), code, found, message, remedy: remedy.into() }
}

fn malformed(line: u32, e: &FieldError) -> RowError {
    error(line, column(&e.path), e.code, mask::digits(&e.found), e.message.clone(), e.remedy.clone())
}

fn refused(line: u32, command: &Command, refusal: &Refusal) -> RowError {
    let field = refusal.field.as_deref().unwrap_or("");
    let found = command.form.get(field).and_then(Value::as_str).map(mask::digits).unwrap_or_default();
    let required = refusal.required.as_ref().map_or(String::new(), |r| format!("：要求 {r}"));
    let remedy = refusal.remedy.as_ref().map_or(String::new(), |r| format!("{}。", r.sentence()));
    error(line, column(field), code_of(&command.action, refusal), found, format!("{}{required}。", refusal.words), remedy)
}

/// How many receipts went to lists, to suspense and to the unknown, as the books have them now.
async fn where_they_went(at: &Errand<'_>, good: &[&Incoming], answer: &mut ImportAnswer) -> Result<(), PipelineError> {
    let mut sums: HashMap<ReceiptState, (usize, Money)> = HashMap::new();
    for some in good.chunks(AHEAD) {
        let asks: Vec<Ask> = some.iter().map(|one| nouns::Incoming(one.key.clone()).ask()).collect();
        let lines = facts::load(&at.centre.store, &asks).await?.answers;
        let ids = lines.into_iter().filter_map(|a| if let Fact::Incoming(i) = a { i.seen } else { None });
        let asks: Vec<Ask> = ids.map(|id| nouns::Receipt(id).ask()).collect();
        for fact in facts::load(&at.centre.store, &asks).await?.answers {
            if let Fact::Receipt(Some(receipt)) = fact {
                let sum = sums.entry(receipt.state).or_default();
                sum.0 += 1;
                sum.1 = Money::from_fen(sum.1.fen().saturating_add(receipt.amount.fen()));
            }
        }
    }
    for state in [ReceiptState::Posted, ReceiptState::Suspense, ReceiptState::Unknown] {
        if let Some((count, sum)) = sums.get(&state) {
            answer.notes.push(format!("{} {count} 笔，{} 元。", state.words(), sum.grouped()));
        }
    }
    Ok(())
}
