//! `anju calc interest`: interest on a member's money (存款利息) from a file of movements.

mod input;

use std::path::PathBuf;
use std::sync::Arc;

use area_collection::interest::{BadFigures, Convention, InterestPeriod, Layer, LayerOrder, NoPeriod, Product, Settlement};
use clap::Args;
use core_calendar::{Day, DayCount};
use core_money::{Money, Rate, Rounding};
use core_policy::{Cite, NoRule, On};
use serde::Serialize;

use self::input::Input;
use super::failure::{Failure, Options};
use super::grounds::Grounds;
use super::input::{Problem, in_file};
use crate::sheet::Sheet;

/// Options of `anju calc interest`.
#[derive(Debug, Default, Args)]
#[command(
    after_help = "输入文件的写法见 anju calc --help",
    help_template = super::TEMPLATE,
    override_usage = "anju calc interest --file 文件 [--json]",
    next_help_heading = "选项",
    disable_help_flag = true
)]
pub struct InterestArgs {
    /// Input file.
    #[arg(
        long,
        value_name = "文件",
        help = "输入文件（JSON）：{from, to, opening | {carried_over, current_year}, movements: [{value_date, amount}], day_count?, rounding?}"
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
    product: String,
    interest: Money,
    balance: Money,
    segments: Vec<Segment>,
    under: Vec<Arc<Cite>>,
}

#[derive(Serialize)]
struct Segment {
    layer: &'static str,
    from: Day,
    to: Day,
    days: u32,
    balance: Money,
    rate: Rate,
    product: String,
    interest: String,
}

/// Decimals of the interest of a segment, which is not rounded.
const EXACT: u32 = 6;

/// The text to print.
pub(super) fn answer(args: &InterestArgs) -> Result<String, Failure> {
    let Some(path) = &args.file else {
        let mut options = Options::default();
        options.wrong("--file", "必填");
        return Err(options.failed("interest"));
    };
    let input = input::read(path).map_err(|problems| in_file(path, problems))?;
    let mut grounds = Grounds::shipped();
    let settled = settle(&input, &mut grounds).map_err(|problems| in_file(path, problems))?;
    if args.json { super::json(&of(&settled, &grounds)) } else { Ok(show(&input, &settled, &grounds)) }
}

/// An answer and the conventions it was counted by.
struct Settled {
    settlement: Settlement,
    convention: Convention,
}

fn settle(input: &Input, grounds: &mut Grounds) -> Result<Settled, Vec<Problem>> {
    let no_rule = |why: NoRule| vec![Problem::at("/from", why.to_string())];
    let period = InterestPeriod::of(grounds.rules(), input.from, input.to, grounds.place()).map_err(|why| match why {
        NoPeriod::Backwards { .. } => vec![Problem::at("/to", why.to_string())],
        NoPeriod::NoRule(why) => no_rule(why),
    })?;
    // The last day that earns picks the conventions: one settlement is counted by one.
    let last = if input.to > input.from { input.to.pred() } else { input.from };
    for day in [input.from, last] {
        grounds.in_force::<()>("collection.interest.from_day_in_account", On::Day(day)).map_err(no_rule)?;
    }
    for span in period.spans() {
        grounds.rests_on(&span.rates.carried_over);
        grounds.rests_on(&span.rates.current_year);
    }
    let day_count = match input.day_count {
        Some(day_count) => day_count,
        None => grounds.in_force::<DayCount>("collection.interest.day_count", On::Day(last)).map_err(no_rule)?.value,
    };
    let rounding = match input.rounding {
        Some(rounding) => rounding,
        None => grounds.in_force::<Rounding>("collection.interest.rounding", On::Day(last)).map_err(no_rule)?.value,
    };
    let layer_order = if input.movements.iter().any(|movement| movement.amount.is_negative()) {
        grounds.in_force::<LayerOrder>("collection.interest.layer_order", On::Day(last)).map_err(no_rule)?.value
    } else {
        LayerOrder::CurrentYearFirst
    };
    let convention = Convention { day_count, rounding, layer_order };
    let settlement = period.settle(input.opening, &input.movements, convention).map_err(|wrong| {
        let problem = |wrong: BadFigures| {
            let pointer = match wrong {
                BadFigures::NegativeOpening(layer) => input.opening_at(layer).to_owned(),
                BadFigures::Outside { at, .. } => format!("/movements/{at}/value_date"),
                BadFigures::Overdrawn { .. } => "/movements".to_owned(),
                BadFigures::TooLarge => String::new(),
            };
            Problem { pointer, message: wrong.to_string() }
        };
        wrong.into_iter().map(problem).collect::<Vec<_>>()
    })?;
    Ok(Settled { settlement, convention })
}

fn of(settled: &Settled, grounds: &Grounds) -> Answer {
    let settlement = &settled.settlement;
    let segments = settlement.segments.iter().map(|segment| Segment {
        layer: segment.layer.key(),
        from: segment.from,
        to: segment.to,
        days: segment.days,
        balance: segment.balance,
        rate: segment.rate,
        product: segment.product.to_string(),
        interest: segment.interest.to_decimal(EXACT),
    });
    Answer {
        product: settlement.product.to_string(),
        interest: settlement.interest,
        balance: settlement.balance.total(),
        segments: segments.collect(),
        under: grounds.under(),
    }
}

/// A product with separators, for people; one beyond any amount stands without.
fn grouped(product: Product) -> String {
    i64::try_from(product.fen_days()).map_or_else(|_| product.to_string(), |fen_days| Money::from_fen(fen_days).grouped())
}

fn show(input: &Input, settled: &Settled, grounds: &Grounds) -> String {
    let Settled { settlement, convention } = settled;
    let mut facts = Sheet::new(2, 0);
    facts.row(["计息期".to_owned(), format!("{} 至 {}（不含）", input.from, input.to)]);
    facts.row(["计息天数基准", convention.day_count.term()]);
    facts.row(["取整方式".to_owned(), format!("{}，同一利率取整一次", convention.rounding.term())]);

    if settlement.parts.windows(2).any(|pair| pair[0].settled_on != pair[1].settled_on) {
        facts.row(["跨过结息日", "按各年度的利率分别计算，期间的利息未并入本金"]);
    }

    let mut segments = Sheet::new(3, 5);
    segments.row(["部分", "起日", "止日（不含）", "天数", "余额（元）", "年利率", "积数（元·天）", "利息（元）"]);
    for s in &settlement.segments {
        segments.row([
            s.layer.term().to_owned(),
            s.from.to_string(),
            s.to.to_string(),
            s.days.to_string(),
            s.balance.grouped(),
            format!("{} %", s.rate),
            grouped(s.product),
            s.interest.to_decimal(EXACT),
        ]);
    }

    let mut parts = Sheet::new(2, 2);
    parts.row(["结息日", "年利率", "积数（元·天）", "利息（元）"]);
    for part in &settlement.parts {
        parts.row([part.settled_on.to_string(), format!("{} %", part.rate), grouped(part.product), part.interest.grouped()]);
    }
    parts.row(["合计".to_owned(), String::new(), grouped(settlement.product), settlement.interest.grouped()]);

    let balance = settlement.balance;
    let mut totals = Sheet::new(1, 1);
    for layer in Layer::ALL {
        totals.row([format!("其中{}（元）", layer.term()), balance.of(layer).grouped()]);
    }
    totals.row(["计息前余额（元）".to_owned(), balance.total().grouped()]);
    totals.row(["利息（元）".to_owned(), settlement.interest.grouped()]);
    if let Some(sum) = balance.total().checked_add(settlement.interest) {
        totals.row(["本息合计（元）".to_owned(), sum.grouped()]);
    }
    let mut text = format!("{facts}\n{segments}\n{parts}\n{totals}");
    grounds.show(&mut text);
    text
}
