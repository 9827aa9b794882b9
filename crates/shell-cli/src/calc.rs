//! Calculators (计算器) for staff and members: `anju calc contribution | interest | instalments | loan`. They need no centre and no clock.
//!
//! Everything is computed by the areas with the rules that travel inside the program; here are only the options, the input file,
//! the JSON shapes and the tables for people.

mod contribution;
mod failure;
mod grounds;
mod input;
mod instalments;
mod interest;
mod loan;

use std::io::{self, Write};

use clap::{Args, Subcommand};

pub use contribution::ContributionArgs;
pub use instalments::InstalmentsArgs;
pub use interest::InterestArgs;
pub use loan::LoanArgs;

use crate::exit;
use failure::Failure;

/// Layout of the help pages: in Chinese, as everything a person reads here.
const TEMPLATE: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

/// One line in the list of commands.
pub(crate) const ABOUT: &str = "计算月缴存额、存款利息、还款计划，不需要数据库";

/// `anju calc --help` tells everything; each calculator tells its own part again.
const ABOUT_ALL: &str = "\
金额都是以元为单位的十进制字符串（37302.00），利率、比例都是百分数字符串（1.5），不带 %。
加 --json 输出一行 JSON，不加则输出表格。JSON 中的 under 是所依据的规定：
  [{instrument, edition, place, from, seen_in?}]，文号未知的写 unknown。
退出码：0 完成；1 按规定不予计算；2 命令写错；3 输入文件有错；4 系统故障。

月缴存额  anju calc contribution --base 37302.00 --employer-rate 7 --member-rate 7 --on 2025-07-01
    缴存基数先按上下限取定，单位与个人两部分分别乘比例、分别取整，再相加。
    上限取 --on 所在公积金年度 7 月的，下限、取整方式取 --on 当月的；--cap、--floor、--rounding 另给则从其所给。
    比例应在上下限之内；是否只取整数、两边是否一致由各中心规定，这里不查。
    --rounding 可取：half_up_yuan 四舍五入到元、half_up_jiao 四舍五入到角、half_up_fen 四舍五入到分、
      cut_yuan 舍去到元、cut_jiao 舍去到角、cut_fen 舍去到分、jiao_up_to_yuan 见角进元、fen_up_to_jiao 见分进角、
      jiao_fen_up_to_yuan 见角分进元、li_up_to_fen 见厘进分
    JSON：{base, base_applied, cap, floor, employer_rate, member_rate, employer_amount, member_amount, total,
      rounding, on, under}

存款利息  anju calc interest --file movements.json
    输入文件：{from, to, opening | {carried_over, current_year}, movements: [{value_date, amount}],
      day_count?: actual/360 | actual/365 | months, rounding?}
    计息期自 from 起至 to 止，不含 to：一个年度写 2025-07-01 至 2026-07-01。opening 全部算作上年结转；
    2016-02-21 以前两部分利率不同，应分别给出 carried_over（上年结转）与 current_year（当年归集）。
    movements 自起息日 value_date 起计息，提取写负数；起息日等于 to 的只计入余额，不计息。
    积数 = 余额 × 天数，同一利率的积数合并计息、取整一次。months 按月：整月内的最低余额计一个月，积数按每月 30 天折算。
    计息期跨过结息日的，按各年度的利率分别计算，期间的利息不并入本金；要复利，把利息作为 7 月 1 日的发生额写入。
    JSON：{product, interest, balance, segments: [{layer, from, to, days, balance, rate, product, interest}], under}；
      product 的单位是元·天，balance 是计息前余额，layer 是 carried_over 或 current_year，分段利息取六位小数

还款计划  anju calc instalments --principal 1000000.00 --rate 2.6 --periods 360 --method equal-instalment
    每期利息 = 剩余本金 × 年利率 ÷ 12，四舍五入到分；最后一期结清本金。
    --method 可取：equal-instalment 等额本息、equal-principal 等额本金、bullet 利随本清（到期一次还本付息，只有末期一行）
    JSON：{rows: [{period, payment, principal, interest, balance}], total_interest}

贷款推演  anju calc loan --file story.json
    输入文件：{principal, method: equal-instalment | equal-principal | bullet, periods, disbursed_on, due_day,
      rates: [{from, rate}], conventions?: {first_period: all-days | month-plus-days | thirty-day,
      month_rate: twelfth | actual-360 | actual-365, penalty_factor, penalty_base: principal | both,
      penalty_days: actual | thirty, shorten: whole-periods | keep-instalment},
      events: [{on, kind: pay | prepay | settle | miss, amount?, choice?: shorten | lower}]}
    没有写的 conventions 取放款日执行的规定。首期在放款次月的还款日到期；恰为一整月的首期按普通一期计息，
    否则本金同整期，利息按 first_period。利率取放款日当日的，以后的调整自次年 1 月 1 日（当日执行的自当日）起用于
    整期；一年以内的贷款不调整。每期到期日扣款，连同此前逾期的本息和罚息；events 写与此不同的事：
      miss 该到期日未还；pay 归还逾期（写 amount 只还这么多；写在到期日则代替当期扣款）；
      prepay 部分提前还款，choice 选缩短期限 shorten 或减少月供 lower；settle 结清。
    还款先还最早一期，每期依次为罚息、利息、本金；罚息不再计罚息。
    JSON：{rows: [{kind, period, due, days, payment, principal, interest, penalty, balance, overdue}],
      totals: {payment, principal, interest, penalty, periods}}；kind 为 period（到期）或事件的名称，
      due 是到期日或事件日，金额都是实际归还的，balance 是贷款余额（含逾期本金），overdue 是逾期本息
";

/// Options of `anju calc`.
#[derive(Debug, Args)]
#[command(
    about = ABOUT,
    after_long_help = ABOUT_ALL,
    help_template = TEMPLATE,
    override_usage = "anju calc <contribution|interest|instalments|loan> [选项]",
    subcommand_help_heading = "计算",
    next_help_heading = "选项",
    disable_help_subcommand = true,
    disable_help_flag = true
)]
pub struct CalcArgs {
    /// Which calculator.
    #[command(subcommand)]
    pub calculator: Calculator,

    /// Help.
    #[arg(short, long, action = clap::ArgAction::Help, help = "显示帮助；--help 说明全部选项和 JSON")]
    help: Option<bool>,
}

/// The calculators.
#[derive(Debug, Subcommand)]
pub enum Calculator {
    /// Monthly amounts of both sides (月缴存额).
    #[command(about = "月缴存额：缴存基数 × 缴存比例，单位与个人分别取整后相加")]
    Contribution(ContributionArgs),
    /// Interest on members' money (存款利息).
    #[command(about = "存款利息：按积数计算一个账户在一个计息期内的利息")]
    Interest(InterestArgs),
    /// Repayment schedule (还款计划).
    #[command(about = "还款计划：各期还款额、本金、利息和剩余本金，最后一期结清")]
    Instalments(InstalmentsArgs),
    /// Story of a loan (贷款推演).
    #[command(about = "贷款推演：从放款到结清，含利率调整、逾期罚息、提前还款")]
    Loan(LoanArgs),
}

/// Runs a calculator; the answer goes to `out`, problems to standard error. Returns the exit code.
pub fn run(args: CalcArgs, out: &mut dyn Write) -> u8 {
    run_with(args, out, &mut io::stderr().lock())
}

/// The same with problems written to `err`: exit code 1 when the rules refuse, 2 for the command line, 3 for the input file, 4
/// when the answer cannot be written.
pub fn run_with(args: CalcArgs, out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    let answer = match args.calculator {
        Calculator::Contribution(args) => contribution::answer(&args),
        Calculator::Interest(args) => interest::answer(&args),
        Calculator::Instalments(args) => instalments::answer(&args),
        Calculator::Loan(args) => loan::answer(&args),
    };
    match answer {
        Ok(text) => match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Ok(()) => exit::DONE,
            Err(why) => tell(err, &format!("结果写不出去：{why}\n"), exit::OUTAGE),
        },
        Err(failure) => tell(err, &failure.to_string(), failure.code()),
    }
}

/// Tells the problem. When even that cannot be written the exit code still says what happened.
fn tell(err: &mut dyn Write, text: &str, code: u8) -> u8 {
    let _ = err.write_all(text.as_bytes());
    code
}

/// One line of JSON.
fn json(answer: &impl serde::Serialize) -> Result<String, Failure> {
    serde_json::to_string(answer).map(|line| line + "\n").map_err(|why| Failure::Outage(why.to_string()))
}
