//! `anju calc contribution`: monthly amounts of both sides (月缴存额).

use std::sync::Arc;

use area_collection::terms::applied_base;
use clap::Args;
use core_calendar::{Day, FundYear, Month};
use core_money::{Money, Rate, Reading, Rounding};
use core_policy::{Cite, InForce, NoRule, On};
use serde::Serialize;

use super::failure::{Failure, Options, not_negative, one_of, parsed};
use super::grounds::Grounds;
use crate::sheet::Sheet;

/// Options of `anju calc contribution`. Texts, so that all that is wrong with them is told at once.
#[derive(Debug, Default, Args)]
#[command(
    help_template = super::TEMPLATE,
    override_usage = "anju calc contribution --base 元 --employer-rate 百分数 --member-rate 百分数 --on 日期 [选项]",
    next_help_heading = "选项",
    disable_help_flag = true
)]
pub struct ContributionArgs {
    /// Contribution base (缴存基数), the monthly wage before cap and floor.
    #[arg(long, value_name = "元", allow_hyphen_values = true, help = "缴存基数（上年月平均工资），如 37302.00")]
    pub base: Option<String>,
    /// Employer rate (单位缴存比例), per cent.
    #[arg(long, value_name = "百分数", allow_hyphen_values = true, help = "单位缴存比例，如 7")]
    pub employer_rate: Option<String>,
    /// Member rate (个人缴存比例), per cent.
    #[arg(long, value_name = "百分数", allow_hyphen_values = true, help = "个人缴存比例，如 7")]
    pub member_rate: Option<String>,
    /// Day whose rules hold.
    #[arg(long, value_name = "日期", allow_hyphen_values = true, help = "按哪一天的规定，如 2025-07-01")]
    pub on: Option<String>,
    /// Base cap (缴存基数上限) in place of the policy's.
    #[arg(long, value_name = "元", allow_hyphen_values = true, help = "缴存基数上限；不给则取 --on 所在公积金年度 7 月的规定")]
    pub cap: Option<String>,
    /// Base floor (缴存基数下限) in place of the policy's.
    #[arg(long, value_name = "元", allow_hyphen_values = true, help = "缴存基数下限；不给则取 --on 当月的规定")]
    pub floor: Option<String>,
    /// Key of a rounding mode in place of the policy's.
    #[arg(long, value_name = "方式", allow_hyphen_values = true, help = "取整方式，如 half_up_yuan；不给则取 --on 当月的规定")]
    pub rounding: Option<String>,
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
    base: Money,
    base_applied: Money,
    cap: Money,
    floor: Money,
    employer_rate: Rate,
    member_rate: Rate,
    employer_amount: Money,
    member_amount: Money,
    total: Money,
    rounding: Rounding,
    on: Day,
    under: Vec<Arc<Cite>>,
}

const COMMAND: &str = "contribution";

/// The text to print. Rates outside the limits of the day are refused (handbook 02 §1.5.1, §1.5.2).
pub(super) fn answer(args: &ContributionArgs) -> Result<String, Failure> {
    let mut options = Options::default();
    let base = options.required("--base", args.base.as_deref(), not_negative);
    let employer_rate = options.required("--employer-rate", args.employer_rate.as_deref(), parsed::<Rate>);
    let member_rate = options.required("--member-rate", args.member_rate.as_deref(), parsed::<Rate>);
    let on = options.required("--on", args.on.as_deref(), parsed::<Day>);
    let cap = options.optional("--cap", args.cap.as_deref(), not_negative);
    let floor = options.optional("--floor", args.floor.as_deref(), not_negative);
    let rounding = options.optional("--rounding", args.rounding.as_deref(), |text| one_of(&Rounding::ALL, Rounding::key, text));
    let (Some(base), Some(employer_rate), Some(member_rate), Some(on)) = (base, employer_rate, member_rate, on) else {
        return Err(options.failed(COMMAND));
    };

    let mut grounds = Grounds::shipped();
    let month = On::Month(Month::of(on));
    // A cap works with the yearly adjustment in July, a floor from its own month (handbook 17 §1).
    let cap = given(cap, "--cap", &mut options, || grounds.in_force("collection.base_cap", On::Month(FundYear::of(on).first_month())));
    let floor = given(floor, "--floor", &mut options, || grounds.in_force("collection.base_floor", month));
    let rounding = given(rounding, "--rounding", &mut options, || grounds.in_force("collection.rounding", month));
    let refused = options.rule("--on", limits(&mut grounds, on, [("单位", employer_rate), ("个人", member_rate)]));
    let reading = options.rule("--on", reading(&mut grounds, rounding, month));
    let (Some(cap), Some(floor), Some(rounding), Some(refused), Some(reading)) = (cap, floor, rounding, refused, reading) else {
        return Err(options.failed(COMMAND));
    };
    if cap < floor {
        options.wrong("--cap", &format!("上限 {} 元低于下限 {} 元", cap.grouped(), floor.grouped()));
    }
    options.finish(COMMAND)?;
    if !refused.is_empty() {
        return Err(Failure::Refused(refused));
    }

    let base_applied = applied_base(base, floor, cap);
    let side = |rate: Rate| rate.of(base_applied).round_in(rounding, reading);
    let (employer_amount, member_amount) = (side(employer_rate), side(member_rate));
    let answer = Answer {
        base,
        base_applied,
        cap,
        floor,
        employer_rate,
        member_rate,
        employer_amount,
        member_amount,
        total: employer_amount + member_amount,
        rounding,
        on,
        under: grounds.under(),
    };
    if args.json { super::json(&answer) } else { Ok(show(&answer, &grounds)) }
}

/// The option's value, or else the policy's; what is missing becomes a problem of the option that could give it.
fn given<T>(option: Option<T>, name: &str, options: &mut Options, policy: impl FnOnce() -> Result<InForce<T>, NoRule>) -> Option<T> {
    if option.is_some() {
        return option;
    }
    match policy() {
        Ok(found) => Some(found.value),
        Err(why) => {
            options.wrong(name, &format!("{why}；请用 {name} 给出"));
            None
        }
    }
}

/// The sentences that refuse rates outside the limits of the day.
fn limits(grounds: &mut Grounds, on: Day, sides: [(&str, Rate); 2]) -> Result<Vec<String>, NoRule> {
    let least = grounds.in_force::<Rate>("collection.rate_min", On::Day(on))?;
    let most = grounds.in_force::<Rate>("collection.rate_max", On::Day(on))?;
    let mut refused = Vec::new();
    for (side, rate) in sides {
        let (word, limit, remedy) = if rate < least.value {
            ("低于下限", &least, "；确有困难的，经批准后方可低于下限")
        } else if rate > most.value {
            ("高于上限", &most, "")
        } else {
            continue;
        };
        refused.push(format!(
            "{side}缴存比例 {rate} %，{word} {} %，依据{}。请改为 {} % 至 {} %{remedy}。",
            limit.value, limit.under, least.value, most.value
        ));
    }
    Ok(refused)
}

/// The reading of a mode that raises; no other mode needs one, so no other rests on it.
fn reading(grounds: &mut Grounds, rounding: Option<Rounding>, month: On) -> Result<Reading, NoRule> {
    match rounding {
        Some(Rounding::JiaoUpToYuan | Rounding::FenUpToJiao | Rounding::JiaoFenUpToYuan) => {
            grounds.in_force("collection.rounding_reading", month).map(|reading| reading.value)
        }
        _ => Ok(Reading::default()),
    }
}

fn show(answer: &Answer, grounds: &Grounds) -> String {
    let percent = |rate: Rate| format!("{rate} %");
    let total_rate = Rate::from_units(answer.employer_rate.units() + answer.member_rate.units());
    let mut sides = Sheet::new(1, 3);
    sides.row(["", "单位", "个人", "合计"]);
    sides.row(["缴存比例".to_owned(), percent(answer.employer_rate), percent(answer.member_rate), percent(total_rate)]);
    sides.row(["月缴存额（元）".to_owned(), answer.employer_amount.grouped(), answer.member_amount.grouped(), answer.total.grouped()]);
    let why = match answer.base_applied {
        applied if applied < answer.base => "，高于上限，按上限计算",
        applied if applied > answer.base => "，低于下限，按下限计算",
        _ => "",
    };
    let mut facts = Sheet::new(2, 0);
    facts.row(["规定日期".to_owned(), answer.on.to_string()]);
    facts.row(["缴存基数".to_owned(), format!("{} 元{why}", answer.base.grouped())]);
    facts.row(["基数上下限".to_owned(), format!("{} 元至 {} 元", answer.floor.grouped(), answer.cap.grouped())]);
    facts.row(["取整方式".to_owned(), format!("{}，单位与个人分别取整后相加", answer.rounding.term())]);
    let mut text = format!("{facts}\n{sides}");
    grounds.show(&mut text);
    text
}
