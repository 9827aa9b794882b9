//! `anju calc loan`: the story of a loan (贷款推演) from a file of terms, rates and events.

mod input;

use std::fmt::Write as _;
use std::path::PathBuf;

use area_lending::{Method, Paid, StepError, Story, StoryRow, StuckError, Terms, TermsError, story};
use clap::Args;
use core_calendar::Day;
use core_case::form::Choice as _;
use core_money::Money;
use serde::Serialize;

use super::failure::{Failure, Options};
use super::grounds::Grounds;
use super::input::{Problem, in_file};
use crate::sheet::Sheet;

/// Options of `anju calc loan`.
#[derive(Debug, Default, Args)]
#[command(
    after_help = "输入文件的写法见 anju calc --help",
    help_template = super::TEMPLATE,
    override_usage = "anju calc loan --file 文件 [--json]",
    next_help_heading = "选项",
    disable_help_flag = true
)]
pub struct LoanArgs {
    /// Input file.
    #[arg(
        long,
        value_name = "文件",
        help = "输入文件（JSON）：{principal, method, periods, disbursed_on, due_day, rates: [{from, rate}], conventions?, events?}"
    )]
    pub file: Option<PathBuf>,
    /// JSON instead of a table.
    #[arg(long, help = "输出 JSON")]
    pub json: bool,

    /// Help.
    #[arg(short, long, action = clap::ArgAction::Help, help = "显示帮助")]
    help: Option<bool>,
}

/// The JSON answer.
#[derive(Serialize)]
struct Answer {
    rows: Vec<Row>,
    totals: Totals,
}

#[derive(Serialize)]
struct Row {
    kind: &'static str,
    period: u32,
    due: Day,
    days: u32,
    payment: Money,
    principal: Money,
    interest: Money,
    penalty: Money,
    balance: Money,
    overdue: Money,
}

#[derive(Serialize)]
struct Totals {
    payment: Money,
    principal: Money,
    interest: Money,
    penalty: Money,
    periods: u32,
}

const COMMAND: &str = "loan";

/// The text to print.
pub(super) fn answer(args: &LoanArgs) -> Result<String, Failure> {
    let Some(path) = &args.file else {
        let mut options = Options::default();
        options.wrong("--file", "必填");
        return Err(options.failed(COMMAND));
    };
    let mut grounds = Grounds::shipped();
    let input = input::read(path, &mut grounds).map_err(|problems| in_file(path, problems))?;
    let told = story(input.terms.clone(), &input.events).map_err(|stuck| {
        let pointer = match (stuck.event, &stuck.why) {
            (Some(event), StuckError::TooEarly(_) | StuckError::NotDue) => format!("/events/{event}/on"),
            (Some(event), _) => format!("/events/{event}"),
            (None, StuckError::Step(StepError::Terms(TermsError::Periods))) => "/periods".to_owned(),
            (None, _) => "/principal".to_owned(),
        };
        let message = match stuck.event {
            Some(event) => format!("{}：{}", input.events[event].on, stuck.why),
            None => stuck.why.to_string(),
        };
        in_file(path, vec![Problem::at(pointer, message)])
    })?;
    if args.json { super::json(&of(&told)) } else { Ok(show(&told, &input.terms, &grounds)) }
}

fn of(told: &Story) -> Answer {
    let Paid { principal, interest, penalty } = told.paid;
    let rows = told.rows.iter().map(|row| Row {
        kind: row.event.map_or("period", |event| event.key()),
        period: row.period,
        due: row.day,
        days: row.days,
        payment: row.paid.total(),
        principal: row.paid.principal,
        interest: row.paid.interest,
        penalty: row.paid.penalty,
        balance: row.balance,
        overdue: row.overdue,
    });
    Answer { rows: rows.collect(), totals: Totals { payment: told.paid.total(), principal, interest, penalty, periods: told.periods } }
}

fn show(told: &Story, terms: &Terms, grounds: &Grounds) -> String {
    let conventions = &terms.conventions;
    let mut facts = Sheet::new(2, 0);
    facts.row(["贷款金额".to_owned(), format!("{} 元", terms.principal.grouped())]);
    facts.row(["放款日".to_owned(), terms.disbursed_on.to_string()]);
    facts.row(["期数".to_owned(), format!("{} 期（按月）", terms.periods)]);
    facts.row(["还款方式".to_owned(), terms.method.term().to_owned()]);
    if terms.method != Method::Bullet {
        facts.row(["还款日".to_owned(), format!("每月 {} 日，当月无此日的为月末", terms.due_day)]);
    }
    facts.row(["每期利息".to_owned(), conventions.month_rate.words().to_owned()]);
    facts.row(["首期利息".to_owned(), format!("不足或超过一个月的{}", conventions.first_period.words())]);
    let multiple = core_money::Rate::from_units(conventions.penalty_factor.units() / 100);
    facts.row([
        "罚息".to_owned(),
        format!("{}，合同利率的 {multiple} 倍，{}", conventions.penalty_base.words(), conventions.penalty_days.words()),
    ]);
    let mut sheet = Sheet::new(3, 7);
    sheet.row(["日期", "期次", "事项", "天数", "实还（元）", "本金（元）", "利息（元）", "罚息（元）", "贷款余额（元）", "逾期本息（元）"]);
    for StoryRow { event, period, day, days, paid, balance, overdue } in &told.rows {
        let what = event.map_or("到期", |event| event.term());
        let amounts = [paid.total(), paid.principal, paid.interest, paid.penalty, *balance, *overdue].map(Money::grouped);
        let head = [day.to_string(), period.to_string(), what.to_owned(), days.to_string()];
        sheet.row(head.into_iter().chain(amounts));
    }
    let paid = told.paid;
    let sums = [paid.total(), paid.principal, paid.interest, paid.penalty].map(Money::grouped);
    let head = ["合计".to_owned(), told.periods.to_string(), String::new(), String::new()];
    sheet.row(head.into_iter().chain(sums).chain([String::new(), String::new()]));
    let mut text = String::new();
    // A string takes every write.
    let _ = write!(text, "{facts}\n{sheet}");
    grounds.show(&mut text);
    text
}
