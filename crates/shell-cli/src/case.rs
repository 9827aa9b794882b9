//! `anju case …`: business as on a page (业务): a form goes in, a case comes out, its flow decides.
//!
//! `anju case ACTION --form FILE` submits, `--dry-run` only decides; `tasks` lists what waits
//! for somebody, `show`, `approve`, `return`, `reject`, `withdraw` and `resubmit` take a case's number; `form` prints the fields of an action as JSON to fill in; `--list` is the catalogue.

mod form;
mod show;

use clap::Args;
use core_case::digest::Digest;
use core_case::form::Choice;
use core_case::ids::{CaseId, UserId};
use core_case::state::CaseState;
use serde_json::{Value, json};
use shell_pipeline::{Actor, Answer, Approved, Centre, Command as Order, catalogue, ended};
use shell_store::views::work;

use crate::exit;
use crate::failure::{self, Failure};
use crate::place::Place;
use crate::sheet::Sheet;
use crate::terminal::Terminal;
use crate::who::{self, Who};

const AFTER: &str = "\
例：
  anju case --list                                  全部业务
  anju case form collection.employer.open           表单的栏位，填好后提交
  anju case collection.employer.open --form f.json --as 经办
  anju case tasks --as 复核                         等我办理的业务
  anju case show 022507010000001 --as 复核
  anju case approve 022507010000001 --as 复核 --digest 摘要
  anju case return|reject|withdraw 022507010000001 --why 原因 --as 登录名
  anju case resubmit 022507010000001 --as 经办
--digest 是 show 显示的摘要：同意的就是当时看到的内容，内容变了就不会入账。不给则先显示内容，再按显示的签。
--key 相同的同一张表单只办一次；不给则每次提交都是新的一笔。
JSON：{case, action, state, next, promised, digest, effects, refusals, errors, repeated}";

/// Options of `anju case`.
#[derive(Args, Debug)]
#[command(after_help = AFTER, override_usage = "anju case <业务|tasks|show|approve|return|reject|withdraw|resubmit|form> [流水号] [选项]")]
pub struct Options {
    /// An action, or what to do with a case.
    #[arg(value_name = "业务或动作", help = "业务名称，或 tasks、show、approve、return、reject、withdraw、resubmit、form")]
    pub what: Option<String>,
    /// A case, or of `form` an action.
    #[arg(value_name = "流水号", help = "业务流水号；form 后面写业务名称")]
    pub which: Option<String>,
    /// The form.
    #[arg(long, value_name = "文件", help = "表单的 JSON 文件，- 为标准输入")]
    pub form: Option<String>,
    /// Idempotency key.
    #[arg(long, value_name = "键", help = "幂等键")]
    pub key: Option<String>,
    /// Digest signed.
    #[arg(long, value_name = "摘要", help = "同意时所签的摘要")]
    pub digest: Option<String>,
    /// Reason.
    #[arg(long, value_name = "原因", help = "退回、否决、撤回的原因")]
    pub why: Option<String>,
    /// Decide only.
    #[arg(long, help = "只试算，不留记录")]
    pub dry_run: bool,
    /// The catalogue.
    #[arg(long, help = "列出全部业务")]
    pub list: bool,
    /// JSON instead of text.
    #[arg(long, help = "输出 JSON")]
    pub json: bool,
    /// Which centre.
    #[command(flatten)]
    pub place: Place,
    /// Who acts.
    #[command(flatten)]
    pub who: Who,
}

/// Runs a command about cases.
///
/// # Errors
/// When the rules or permissions say no, the form is wrong (exit code 3), or the centre does not answer.
pub async fn run(options: Options, terminal: &mut Terminal) -> Result<(), Failure> {
    if options.list {
        return form::list(options.json, terminal);
    }
    let what = options.what.clone().ok_or_else(|| Failure::Usage("写明业务或动作。anju case --list 列出全部业务。".into()))?;
    match what.as_str() {
        "form" => {
            let action = options.which.as_deref().ok_or_else(|| Failure::Usage("写明业务：anju case form 业务。".into()))?;
            form::skeleton(action, terminal)
        }
        "tasks" => tasks(&options, terminal).await,
        "show" | "approve" | "return" | "reject" | "withdraw" | "resubmit" => of_case(&what, &options, terminal).await,
        action => submit(action, &options, terminal).await,
    }
}

async fn submit(action: &str, options: &Options, terminal: &mut Terminal) -> Result<(), Failure> {
    let entry = catalogue::action(action).ok_or_else(|| {
        let near: Vec<&str> = catalogue::actions().map(|a| a.name).filter(|n| n.ends_with(action) || n.contains(action)).take(3).collect();
        let near = if near.is_empty() { String::new() } else { format!("是不是 {}？", near.join("、")) };
        Failure::Usage(format!("没有“{action}”这项业务。{near}anju case --list 列出全部业务。"))
    })?;
    if options.which.is_some() {
        return Err(Failure::Usage(format!("提交业务不写流水号：anju case {action} --form 文件。")));
    }
    let file = options.form.as_deref().ok_or_else(|| Failure::Usage(format!("缺少 --form 文件。栏位见 anju case form {action}。")))?;
    let bytes = terminal.read(file)?;
    let form: Value = serde_json::from_slice(strip_mark(&bytes))
        .map_err(|e| Failure::File(format!("{file} 第 {} 行第 {} 列不是 JSON：{}", e.line(), e.column(), kind_of(&e))))?;
    let form = form::without_help(form);
    let centre = options.place.open().await?;
    let actor = options.who.actor(&options.place, &centre, terminal).await?;
    let key = options.key.clone().unwrap_or_else(|| key_of(action, &form, actor.user, (terminal.clock)()));
    let order = Order::new(entry.name, form, key);
    let answer =
        if options.dry_run { centre.preview(&actor, &order).await? } else { centre.submit(&actor, &who::origin(terminal), &order).await? };
    if options.dry_run {
        return preview(entry.term, entry.name, &answer, options.json, terminal);
    }
    tell(entry.name, &answer, options.json, terminal)
}

/// Some editors begin a file with a byte order mark.
fn strip_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

fn kind_of(e: &serde_json::Error) -> &'static str {
    match e.classify() {
        serde_json::error::Category::Eof => "内容没有写完",
        _ => "格式不对",
    }
}

/// A key for a form that came without one: another second is another case.
pub(crate) fn key_of(action: &str, form: &Value, by: UserId, now: i64) -> String {
    format!("cli:{}", Digest::of(format!("{action}\n{form}\n{by}\n{now}").as_bytes()))
}

/// The JSON of an answer.
fn answer_json(action: &str, answer: &Answer) -> Value {
    let empty: [Value; 0] = [];
    let of = |state: &str, case: Option<CaseId>| {
        json!({
            "case": case.filter(|c| c.0 != 0).map(|c| c.to_string()), "action": action, "state": state, "next": null, "promised": null,
            "digest": null, "effects": empty, "refusals": empty, "errors": empty, "repeated": false,
        })
    };
    match answer {
        Answer::Done(d) => {
            let mut out = of(CaseState::Done.code(), Some(d.case));
            out["digest"] = json!(d.digest.map(|d| d.to_string()));
            out["effects"] = json!(d.effects);
            out["repeated"] = json!(d.repeated);
            out
        }
        Answer::Waiting(w) => {
            let mut out = of(CaseState::Waiting.code(), Some(w.case));
            out["next"] = json!(Some(&w.next).filter(|n| !n.is_empty()));
            out["promised"] = json!(w.promised.map(|p| p.to_string()));
            out["digest"] = json!(w.digest.map(|d| d.to_string()));
            out["effects"] = json!(w.effects);
            out["repeated"] = json!(w.repeated);
            out
        }
        Answer::Refused { case, refusals } => {
            let mut out = of(CaseState::Refused.code(), *case);
            out["refusals"] = json!(refusals);
            out
        }
        Answer::Fields(errors) => {
            let mut out = of("fields", None);
            out["errors"] = json!(errors);
            out
        }
        Answer::Ended { case, state } => {
            let mut out = of(state.code(), Some(*case));
            out["repeated"] = json!(true);
            out
        }
        Answer::Conflict { sentence } => {
            let mut out = of("conflict", None);
            out["conflict"] = json!(sentence);
            out
        }
    }
}

/// Exit code of an answer.
fn end(answer: &Answer) -> Result<(), Failure> {
    match answer {
        Answer::Done(_) | Answer::Waiting(_) => Ok(()),
        Answer::Refused { .. } | Answer::Ended { .. } | Answer::Conflict { .. } => Err(Failure::Told(exit::REFUSED)),
        Answer::Fields(_) => Err(Failure::Told(exit::BAD_FILE)),
    }
}

/// Tells what became of a command.
pub(crate) fn tell(action: &str, answer: &Answer, as_json: bool, terminal: &mut Terminal) -> Result<(), Failure> {
    if as_json {
        terminal.json(&answer_json(action, answer))?;
        return end(answer);
    }
    let term = catalogue::action(action).map_or(action, |a| a.term);
    let again = |repeated: bool| if repeated { "（此前已提交）" } else { "" };
    match answer {
        Answer::Done(d) => {
            terminal.say(format!("{term} {} 已办结{}\n{}", d.case, again(d.repeated), show::lines(&d.effects)))?;
        }
        Answer::Waiting(w) => {
            let role = role_name(&w.next);
            let by = w.promised.map(|p| format!("，承诺 {p} 前办结")).unwrap_or_default();
            terminal.say(format!(
                "{term} {} 待“{role}”复核{by}{}\n{}下一步：anju case approve {} --as {role}{}",
                w.case,
                again(w.repeated),
                show::lines(&w.effects),
                w.case,
                w.digest.map(|d| format!(" --digest {d}")).unwrap_or_default()
            ))?;
        }
        Answer::Refused { case, refusals } => {
            let head = format!("{term}{}", case.map(|c| format!(" {c}")).unwrap_or_default());
            terminal.say(failure::refusals(&head, refusals))?;
        }
        Answer::Fields(errors) => terminal.say(failure::fields(term, errors))?,
        Answer::Ended { case, state } => terminal.say(format!("{term} 没有办理\n  {}", ended(*case, *state)))?,
        Answer::Conflict { sentence } => terminal.say(format!("{term} 现在不能办理\n  {sentence}"))?,
    }
    end(answer)
}

fn preview(term: &str, action: &str, answer: &Answer, as_json: bool, terminal: &mut Terminal) -> Result<(), Failure> {
    if as_json {
        let mut out = answer_json(action, answer);
        if let Answer::Waiting(_) = answer {
            out["state"] = json!("preview");
        }
        terminal.json(&out)?;
        return end(answer);
    }
    match answer {
        Answer::Done(_) | Answer::Waiting(_) => {
            let effects = match answer {
                Answer::Waiting(w) => &w.effects,
                Answer::Done(d) => &d.effects,
                _ => return Ok(()),
            };
            terminal.say(format!("{term} 可以办理（试算，未留记录）\n{}", show::lines(effects)))?;
        }
        Answer::Refused { refusals, .. } => terminal.say(failure::refusals(term, refusals))?,
        Answer::Fields(errors) => terminal.say(failure::fields(term, errors))?,
        Answer::Ended { case, state } => terminal.say(format!("{term} 没有办理\n  {}", ended(*case, *state)))?,
        Answer::Conflict { sentence } => terminal.say(format!("{term} 现在不能办理\n  {sentence}"))?,
    }
    end(answer)
}

pub(crate) fn role_name(code: &str) -> &str {
    area_administration::roles::role(code).map_or(code, |r| r.name)
}

/// What waits for the actor: reviews that the actor may sign, and own cases that came back.
async fn tasks(options: &Options, terminal: &mut Terminal) -> Result<(), Failure> {
    let centre = options.place.open().await?;
    let actor = options.who.actor(&options.place, &centre, terminal).await?;
    let open = work::open_cases(&centre.store).await?;
    let mine: Vec<_> = open.iter().filter(|c| shell_web::tasks::is_mine(&actor, c)).collect();
    if options.json {
        let all: Vec<Value> = mine
            .iter()
            .map(|c| {
                json!({
                    "case": c.id.to_string(), "action": c.action, "state": c.state.code(), "next": c.next(), "accepted": c.accepted.to_string(),
                    "promised": c.promised.map(|p| p.to_string()), "summary": c.summary, "amount": c.amount.map(|a| a.to_string()),
                })
            })
            .collect();
        return terminal.json(&json!({ "cases": all }));
    }
    let mut sheet = Sheet::new(5, 1);
    sheet.row(["业务流水号", "业务", "摘要", "状态", "承诺办结", "金额"]);
    for c in &mine {
        let term = catalogue::action(&c.action).map_or(c.action.as_str(), |a| a.term);
        let promised = c.promised.map(|p| p.to_string()).unwrap_or_default();
        let amount = c.amount.map(|a| a.grouped()).unwrap_or_default();
        sheet.row([c.id.to_string(), term.to_owned(), c.summary.clone(), c.state.words().to_owned(), promised, amount]);
    }
    let rows = if mine.is_empty() { String::new() } else { format!("\n{sheet}") };
    terminal.say(format!("{} 待办 {} 笔\n{rows}", actor.name, mine.len()))
}

async fn of_case(what: &str, options: &Options, terminal: &mut Terminal) -> Result<(), Failure> {
    let text = options.which.as_deref().ok_or_else(|| Failure::Usage(format!("写明业务流水号：anju case {what} 流水号。")))?;
    let id = CaseId::parse(text).ok_or_else(|| Failure::Usage(format!("业务流水号“{text}”应是数字。")))?;
    let why = || {
        let why = options.why.as_deref().map(str::trim).filter(|w| !w.is_empty());
        why.ok_or_else(|| Failure::Usage("写明原因：--why 原因。".into()))
    };
    if matches!(what, "return" | "reject" | "withdraw") {
        why()?;
    }
    let digest =
        options.digest.as_deref().map(|d| Digest::parse(d).ok_or_else(|| Failure::Usage("--digest 应是 64 位十六进制摘要。".into())));
    let digest = digest.transpose()?;
    let centre = options.place.open().await?;
    let actor = options.who.actor(&options.place, &centre, terminal).await?;
    let origin = who::origin(terminal);
    match what {
        "show" => show::show(&centre, &actor, id, options.json, terminal).await,
        "approve" => approve(&centre, &actor, id, digest, options.json, terminal).await,
        "return" => {
            centre.send_back(&actor, &origin, id, why()?).await?;
            moved(id, "returned", format!("业务 {id} 已退回经办补正。"), options.json, terminal)
        }
        "reject" => {
            centre.reject(&actor, &origin, id, why()?).await?;
            moved(id, "rejected", format!("业务 {id} 复核不同意，已办结为不同意。"), options.json, terminal)
        }
        "withdraw" => {
            centre.withdraw(&actor, &origin, id, why()?).await?;
            moved(id, "withdrawn", format!("业务 {id} 已撤回。"), options.json, terminal)
        }
        _ => {
            let answer = centre.resubmit(&actor, &origin, id).await?;
            approved(&answer, options.json, terminal)
        }
    }
}

fn moved(id: CaseId, state: &str, text: String, as_json: bool, terminal: &mut Terminal) -> Result<(), Failure> {
    if as_json { terminal.json(&json!({ "case": id.to_string(), "state": state })) } else { terminal.say(text) }
}

async fn approve(
    centre: &Centre,
    actor: &Actor,
    id: CaseId,
    digest: Option<Digest>,
    as_json: bool,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let signed = match digest {
        Some(digest) => digest,
        None => {
            let whole = centre.case(id).await?;
            // What is signed is seen first.
            let shown = format!("业务 {id} {}\n{}", whole.case.summary, show::lines(&whole.case.effects));
            if terminal.interactive {
                terminal.remark(shown);
                let yes = terminal.ask("同意以上内容？[y/N] ")?.unwrap_or_default();
                if !matches!(yes.as_str(), "y" | "Y" | "是") {
                    return Err(Failure::Refused("没有同意，业务仍待复核。".into()));
                }
            } else {
                terminal.remark(shown);
            }
            whole.case.digest.unwrap_or_default()
        }
    };
    let answer = centre.approve(actor, &who::origin(terminal), id, signed).await?;
    approved(&answer, as_json, terminal)
}

/// Tells what became of an approval or a new submission.
fn approved(answer: &Approved, as_json: bool, terminal: &mut Terminal) -> Result<(), Failure> {
    let refused = matches!(answer, Approved::Differs { .. } | Approved::Refused(..));
    if as_json {
        let told = match answer {
            Approved::Committed(id) => json!({ "case": id.to_string(), "state": "done" }),
            Approved::Next(id, role) => json!({ "case": id.to_string(), "state": "waiting", "next": role }),
            Approved::Differs { case, shown, now, digest } => {
                json!({ "case": case.to_string(), "state": "differs", "shown": shown, "now": now, "digest": digest.to_string() })
            }
            Approved::Refused(id, refusals) => json!({ "case": id.to_string(), "state": "returned", "refusals": refusals }),
        };
        terminal.json(&told)?;
    } else {
        let text = match answer {
            Approved::Committed(id) => format!("业务 {id} 已办结。"),
            Approved::Next(id, role) => {
                let role = role_name(role);
                format!("业务 {id} 待“{role}”复核。下一步：anju case approve {id} --as {role}")
            }
            Approved::Differs { case, shown, now, digest } => format!(
                "业务 {case} 的内容已经变化，没有入账，重新复核。\n{}下一步：核对后 anju case approve {case} --digest {digest}",
                show::difference(shown, now)
            ),
            Approved::Refused(id, refusals) => failure::refusals(&format!("业务 {id} 退回经办："), refusals),
        };
        terminal.say(text)?;
    }
    if refused { Err(Failure::Told(exit::REFUSED)) } else { Ok(()) }
}
