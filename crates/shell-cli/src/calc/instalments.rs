//! `anju calc instalments`: repayment schedule of a loan (还款计划).

use std::fmt::Write as _;

use area_lending::{Method, Schedule, TermsError, schedule};
use clap::Args;
use core_calendar::Day;
use core_money::{Money, Rate, Rounding};
use core_policy::On;
use serde::Serialize;

use super::failure::{Failure, Options, one_of, parsed};
use super::grounds::Grounds;
use crate::sheet::Sheet;

/// Options of `anju calc instalments`. Texts, so that all that is wrong with them is told at once.
#[derive(Debug, Default, Args)]
#[command(
    help_template = super::TEMPLATE,
    override_usage = "anju calc instalments --principal 元 --rate 百分数 --periods 期数 --method 方式 [--json]",
    next_help_heading = "选项",
    disable_help_flag = true
)]
pub struct InstalmentsArgs {
    /// Principal (贷款金额).
    #[arg(long, value_name = "元", allow_hyphen_values = true, help = "贷款金额，如 1000000.00")]
    pub principal: Option<String>,
    /// Rate a year (年利率), per cent.
    #[arg(long, value_name = "百分数", allow_hyphen_values = true, help = "年利率，如 2.6")]
    pub rate: Option<String>,
    /// Number of months (期数).
    #[arg(long, value_name = "期数", allow_hyphen_values = true, help = "按月的期数，1 至 9999")]
    pub periods: Option<String>,
    /// Key of a repayment method (还款方式).
    #[arg(
        long,
        value_name = "方式",
        allow_hyphen_values = true,
        help = "还款方式：equal-instalment 等额本息、equal-principal 等额本金、bullet 利随本清"
    )]
    pub method: Option<String>,
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
    total_interest: Money,
}

#[derive(Serialize)]
struct Row {
    period: u32,
    payment: Money,
    principal: Money,
    interest: Money,
    balance: Money,
}

const COMMAND: &str = "instalments";

/// The text to print.
pub(super) fn answer(args: &InstalmentsArgs) -> Result<String, Failure> {
    let mut options = Options::default();
    let principal = options.required("--principal", args.principal.as_deref(), |text| match parsed::<Money>(text)? {
        principal if principal.is_positive() => Ok(principal),
        _ => Err(TermsError::NoPrincipal.to_string()),
    });
    let rate = options.required("--rate", args.rate.as_deref(), parsed::<Rate>);
    let periods = options.required("--periods", args.periods.as_deref(), |text| match text.parse::<u32>() {
        Ok(periods) if (1..=9_999).contains(&periods) => Ok(periods),
        _ => Err(TermsError::Periods.to_string()),
    });
    let method = options.required("--method", args.method.as_deref(), |text| one_of(&Method::ALL, Method::key, text));
    let (Some(principal), Some(rate), Some(periods), Some(method)) = (principal, rate, periods, method) else {
        return Err(options.failed(COMMAND));
    };
    // The command has no date: the newest rounding on record.
    let mut grounds = Grounds::shipped();
    let rounding = grounds
        .in_force::<Rounding>("lending.instalment_rounding", On::Day(Day::MAX))
        .map_err(|why| Failure::Refused(vec![why.to_string()]))?
        .value;
    let plan =
        schedule(principal, rate, periods, method, rounding).map_err(|why| Failure::Usage(COMMAND, vec![format!("--principal：{why}")]))?;
    if args.json { super::json(&of(&plan)) } else { Ok(show(&plan, principal, rate, periods, method, rounding, &grounds)) }
}

fn of(plan: &Schedule) -> Answer {
    let rows = plan.rows.iter().map(|row| Row {
        period: row.period,
        payment: row.payment,
        principal: row.principal,
        interest: row.interest,
        balance: row.balance,
    });
    Answer { rows: rows.collect(), total_interest: plan.total_interest }
}

fn show(plan: &Schedule, principal: Money, rate: Rate, periods: u32, method: Method, rounding: Rounding, grounds: &Grounds) -> String {
    let mut facts = Sheet::new(2, 0);
    facts.row(["贷款金额".to_owned(), format!("{} 元", principal.grouped())]);
    facts.row(["年利率".to_owned(), format!("{rate} %")]);
    facts.row(["期数".to_owned(), format!("{periods} 期（按月）")]);
    facts.row(["还款方式".to_owned(), method.term().to_owned()]);
    facts.row(["取整方式".to_owned(), format!("{}，最后一期结清本金", rounding.term())]);
    let mut sheet = Sheet::new(0, 5);
    sheet.row(["期次", "还款额（元）", "本金（元）", "利息（元）", "剩余本金（元）"]);
    for row in &plan.rows {
        let amounts = [row.payment, row.principal, row.interest, row.balance].map(Money::grouped);
        sheet.row(std::iter::once(row.period.to_string()).chain(amounts));
    }
    // Principals add up to the loan; with the interest that may be beyond an amount only where the schedule itself was refused.
    let total = principal.checked_add(plan.total_interest).map_or_else(String::new, Money::grouped);
    sheet.row(["合计".to_owned(), total, principal.grouped(), plan.total_interest.grouped(), String::new()]);
    let mut text = String::new();
    // A string takes every write.
    let _ = write!(text, "{facts}\n{sheet}");
    grounds.show(&mut text);
    text
}
