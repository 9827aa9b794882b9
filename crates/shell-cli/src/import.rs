//! `anju import KIND FILE`: a file becomes one case, or every error of every row (导入).
//!
//! Exit code 3 whenever there is an error, also when the good rows were taken in: a script must look.

use clap::Args;
use core_calendar::{Day, Month};
use core_case::form::Choice;
use core_case::ids::{CaseId, EmployerId};
use core_case::state::CaseState;
use shell_pipeline::Centre;
use shell_pipeline::import::{self, Encoding, ImportAnswer, Kind};

use crate::case::role_name;
use crate::exit;
use crate::failure::Failure;
use crate::place::Place;
use crate::terminal::Terminal;
use crate::who::{self, Who};

const AFTER: &str = "\
种类：opening 期初余额（一个工作簿，工作表 职工、科目、暂存）、employers 单位开户、members 个人开户、remittance 汇缴清册、
      base 基数调整、receipts 银行到账文件、split 一笔多单位
文件：.xlsx、.xls、CSV（UTF-8 或 GBK）；模板见 anju export template 种类。
有任何一行有错，整份文件都不导入；--accept-good-rows 只导入无误的行，并说明哪些行没有导入。
JSON：{rows, accepted, unchanged, case, errors: [{sheet, row, column, code, found, message, remedy}], notes}";

/// Options of `anju import`.
#[derive(Args, Debug)]
#[command(after_help = AFTER, override_usage = "anju import <种类> <文件> --as 登录名 [选项]")]
pub struct Options {
    /// Kind.
    #[arg(value_name = "种类", value_parser = kind, help = "导入的种类，见下")]
    pub kind: Kind,
    /// The file.
    #[arg(value_name = "文件", help = "文件名，- 为标准输入")]
    pub file: String,
    /// Writes nothing.
    #[arg(long, help = "试导入：只检查，不写入")]
    pub dry_run: bool,
    /// Good rows only.
    #[arg(long, help = "只导入无误的行")]
    pub accept_good_rows: bool,
    /// Encoding of a receipt file.
    #[arg(long, value_name = "编码", value_parser = encoding, help = "到账文件的编码：utf-8、gbk；不给则自动识别")]
    pub encoding: Option<Encoding>,
    /// Day of the opening balances.
    #[arg(long, value_name = "日期", help = "期初日期；不给则为中心的第一个营业日")]
    pub day: Option<Day>,
    /// Employer of a list.
    #[arg(long, value_name = "单位账号", value_parser = employer, help = "汇缴清册里没有写单位账号时")]
    pub employer: Option<EmployerId>,
    /// Month of a list.
    #[arg(long, value_name = "年月", help = "汇缴清册里没有写年月时；基数调整从哪个月起执行")]
    pub month: Option<Month>,
    /// A supplementary list.
    #[arg(long, help = "这是补充清册")]
    pub supplementary: bool,
    /// Which centre.
    #[command(flatten)]
    pub place: Place,
    /// Who acts.
    #[command(flatten)]
    pub who: Who,
    /// JSON instead of text.
    #[arg(long, help = "输出 JSON")]
    pub json: bool,
}

pub(crate) fn kind(text: &str) -> Result<Kind, String> {
    let list = || Kind::ALL.iter().map(|k| format!("{} {}", k.name(), k.term())).collect::<Vec<_>>().join("、");
    Kind::from_name(text).ok_or_else(|| format!("可用：{}", list()))
}

fn encoding(text: &str) -> Result<Encoding, String> {
    Encoding::from_name(text).ok_or_else(|| "可用：utf-8、gbk、gb18030".into())
}

pub(crate) fn employer(text: &str) -> Result<EmployerId, String> {
    EmployerId::parse(text).ok_or_else(|| "单位账号应是数字".into())
}

/// Errors shown to a person; the JSON holds all.
const SHOWN: usize = 200;

/// Imports a file.
///
/// # Errors
/// When the file has an error (exit code 3), the actor may not, or the centre does not answer.
pub async fn run(options: Options, terminal: &mut Terminal) -> Result<(), Failure> {
    let bytes = terminal.read(&options.file)?;
    let centre = options.place.open().await?;
    let actor = options.who.actor(&options.place, &centre, terminal).await?;
    let name = std::path::Path::new(&options.file).file_name().map_or_else(|| options.file.clone(), |n| n.to_string_lossy().into_owned());
    let how = import::Options {
        dry_run: options.dry_run,
        accept_good_rows: options.accept_good_rows,
        encoding: options.encoding,
        day: options.day,
        employer: options.employer,
        month: options.month,
        supplementary: options.supplementary,
    };
    let bar = terminal.bar();
    let mut progress = |p: import::Progress| {
        bar.set_message(p.stage);
        bar.set_length(p.total as u64);
        bar.set_position(p.done as u64);
    };
    let origin = who::origin(terminal);
    let answer = import::import(&centre, &actor, &origin, options.kind, &bytes, &name, how, &mut progress).await?;
    bar.finish_and_clear();
    if options.json {
        terminal.json(&answer)?;
    } else {
        let told = show(&centre, &options, &name, &answer).await?;
        terminal.say(told)?;
    }
    if answer.errors.is_empty() { Ok(()) } else { Err(Failure::Told(exit::BAD_FILE)) }
}

async fn show(centre: &Centre, options: &Options, name: &str, answer: &ImportAnswer) -> Result<String, Failure> {
    let trial = if options.dry_run { "（试导入，未写入）" } else { "" };
    let mut out = format!("{} {name}{trial}\n", options.kind.term());
    out += &format!("  共 {} 行，接受 {} 行，已有 {} 行", answer.rows, answer.accepted, answer.unchanged);
    out += &if answer.errors.is_empty() { "\n".to_owned() } else { format!("，错误 {} 处\n", answer.errors.len()) };
    for e in answer.errors.iter().take(SHOWN) {
        let row = if e.row > 0 { format!(" 第 {} 行", e.row) } else { String::new() };
        let column = if e.column.is_empty() { String::new() } else { format!(" {}", e.column) };
        let found = if e.found.is_empty() { String::new() } else { format!("“{}”", e.found) };
        out += &format!("  {}{row}{column}{found}：{}{}（{}）\n", e.sheet, e.message, e.remedy, e.code);
    }
    if answer.errors.len() > SHOWN {
        out += &format!("  另有 {} 处错误，用 --json 查看全部。\n", answer.errors.len() - SHOWN);
    }
    for note in &answer.notes {
        out += &format!("  {note}\n");
    }
    let id = answer.case.as_deref().and_then(CaseId::parse);
    match id {
        Some(id) => {
            let case = centre.case(id).await?.case;
            out += &match case.state {
                CaseState::Waiting => {
                    let role = case.flow.get(case.level).map_or("", |r| role_name(r));
                    format!("业务 {id} 待“{role}”复核。下一步：anju case show {id} --as {role}\n")
                }
                state => format!("业务 {id} {}\n", state.words()),
            };
        }
        None if !answer.errors.is_empty() && !options.accept_good_rows => {
            out += "没有导入。改正后重新导入，或用 --accept-good-rows 只导入无误的行。\n";
        }
        None => {}
    }
    Ok(out)
}
