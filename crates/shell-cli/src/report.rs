//! `anju report …`: figures on the terminal or as JSON (报表).

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use core_calendar::{Day, FundYear};
use core_ledger::Side;
use core_money::Money;
use serde_json::{Value, json};
use shell_pipeline::Centre;
use shell_store::{bootstrap, registers, reports};

use crate::exit;
use crate::failure::Failure;
use crate::place::Place;
use crate::sheet::Sheet;
use crate::terminal::Terminal;

/// Options of `anju report`.
#[derive(Args, Debug)]
#[command(override_usage = "anju report <报表> [选项]", subcommand_help_heading = "报表", disable_help_subcommand = true)]
pub struct Options {
    /// Which report.
    #[command(subcommand)]
    pub report: Report,
}

/// Where, and how it is told.
#[derive(Args, Debug)]
pub struct Common {
    /// Which centre.
    #[command(flatten)]
    pub place: Place,
    /// JSON instead of text.
    #[arg(long, help = "输出 JSON")]
    pub json: bool,
}

/// The reports.
#[derive(Subcommand, Debug)]
pub enum Report {
    /// Trial balance.
    #[command(name = "trial-balance", about = "试算平衡：期初、本期、期末，逐科目", help_template = crate::cli::HELP, override_usage = "anju report trial-balance [--from 日期] [--on 日期] [选项]")]
    TrialBalance {
        /// First day.
        #[arg(long, value_name = "日期", help = "本期第一天；不给则为公积金年度的第一天")]
        from: Option<Day>,
        /// Last day.
        #[arg(long, value_name = "日期", help = "截止日；不给则为营业日")]
        on: Option<Day>,
        /// Where.
        #[command(flatten)]
        common: Common,
    },
    /// Employers' money without a list.
    #[command(about = "单位未分摊（2190402）", help_template = crate::cli::HELP, override_usage = "anju report suspense [选项]")]
    Suspense {
        /// Where.
        #[command(flatten)]
        common: Common,
    },
    /// Receipts without owner.
    #[command(about = "暂收待认领（2190401）", help_template = crate::cli::HELP, override_usage = "anju report unknown [选项]")]
    Unknown {
        /// Where.
        #[command(flatten)]
        common: Common,
    },
    /// Lists that wait for money.
    #[command(about = "待入账的汇缴清册", help_template = crate::cli::HELP, override_usage = "anju report awaiting [选项]")]
    Awaiting {
        /// Where.
        #[command(flatten)]
        common: Common,
    },
}

/// Prints a report.
///
/// # Errors
/// When debits and credits differ (exit code 1), or the centre does not answer.
pub async fn run(options: Options, terminal: &mut Terminal) -> Result<(), Failure> {
    match options.report {
        Report::TrialBalance { from, on, common } => {
            let centre = common.place.open().await?;
            let on = on.unwrap_or_else(|| centre.day());
            let from = from.unwrap_or_else(|| FundYear::of(on).first_day());
            trial_balance(&centre, from, on, common.json, terminal).await
        }
        Report::Suspense { common } => {
            let centre = common.place.open().await?;
            let all = reports::suspense(&centre.store).await?;
            let total: Money = all.iter().map(|l| l.suspense).sum();
            let rows = all.iter().map(|l| {
                let told = json!({ "employer": l.employer.to_string(), "name": l.name, "suspense": l.suspense });
                (told, vec![l.employer.to_string(), l.name.clone(), l.suspense.grouped()])
            });
            register("单位未分摊", &["单位账号", "单位名称", "余额"], 2, rows, total, common.json, terminal)
        }
        Report::Unknown { common } => {
            let centre = common.place.open().await?;
            let banks: BTreeMap<i64, String> = bootstrap::banks(&centre.store).await?.into_iter().map(|b| (b.id, b.bank)).collect();
            let all = registers::unknown(&centre.store).await?;
            let total: Money = all.iter().map(|l| l.amount).sum();
            let today = centre.day();
            let rows = all.iter().map(|l| {
                let days = l.day.days_until(today);
                let bank = banks.get(&l.bank).cloned().unwrap_or_default();
                let told = json!({
                    "receipt": l.receipt.to_string(), "bank_account": l.bank, "day": l.day.to_string(), "payer": l.payer, "amount": l.amount, "days": days,
                });
                (told, vec![l.receipt.to_string(), l.day.to_string(), bank, l.payer.clone(), format!("{days} 天"), l.amount.grouped()])
            });
            register("暂收待认领", &["收款编号", "到账日", "银行", "付款人", "已挂", "金额"], 4, rows, total, common.json, terminal)
        }
        Report::Awaiting { common } => {
            let centre = common.place.open().await?;
            let names: BTreeMap<i64, String> = registers::employers(&centre.store).await?.into_iter().map(|e| (e.id.0, e.name)).collect();
            let all = registers::awaiting(&centre.store).await?;
            let total: Money = all.iter().map(|l| l.due).sum();
            let rows = all.iter().map(|l| {
                let name = names.get(&l.employer.0).cloned().unwrap_or_default();
                let told = json!({
                    "list": l.list.to_string(), "employer": l.employer.to_string(), "name": name, "month": l.month.to_string(),
                    "people": l.people, "due": l.due, "confirmed": l.confirmed.to_string(),
                });
                let row = vec![
                    l.list.to_string(),
                    l.employer.to_string(),
                    name,
                    l.month.to_string(),
                    l.confirmed.to_string(),
                    l.people.to_string(),
                    l.due.grouped(),
                ];
                (told, row)
            });
            register(
                "待入账清册",
                &["清册号", "单位账号", "单位名称", "年月", "确认日", "人数", "应缴"],
                5,
                rows,
                total,
                common.json,
                terminal,
            )
        }
    }
}

/// Prints rows with their total.
fn register(
    title: &str,
    headings: &[&str],
    words: usize,
    rows: impl Iterator<Item = (Value, Vec<String>)>,
    total: Money,
    as_json: bool,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let (told, rows): (Vec<Value>, Vec<Vec<String>>) = rows.unzip();
    if as_json {
        return terminal.json(&json!({ "rows": told, "total": total }));
    }
    let mut sheet = Sheet::new(words, headings.len() - words);
    sheet.row(headings);
    let count = rows.len();
    for row in rows {
        sheet.row(row);
    }
    terminal.say(format!(
        "{title} {count} 笔，合计 {} 元\n{}",
        total.grouped(),
        if count == 0 { String::new() } else { format!("\n{sheet}") }
    ))
}

/// Prints the trial balance (试算平衡) from a day to another.
pub(crate) async fn trial_balance(centre: &Centre, from: Day, on: Day, as_json: bool, terminal: &mut Terminal) -> Result<(), Failure> {
    if from > on {
        return Err(Failure::Usage(format!("--from {from} 在截止日 {on} 之后。")));
    }
    let sums = reports::trial_balance(&centre.store, from, on).await?;
    let chart = centre.chart(on).await?;
    let (mut debit, mut credit) = (Money::ZERO, Money::ZERO);
    let mut balances = (Money::ZERO, Money::ZERO);
    let mut told = Vec::new();
    let mut sheet = Sheet::new(3, 4);
    sheet.row(["科目", "名称", "方向", "期初余额", "本期借方", "本期贷方", "期末余额"]);
    for s in &sums {
        let account = chart.get(s.account).map_err(|e| Failure::File(e.to_string()))?;
        let side = account.class.normal_side();
        let balance = |d: Money, c: Money| if side == Side::Debit { d - c } else { c - d };
        let opening = balance(s.debit_before, s.credit_before);
        let closing = opening + balance(s.debit, s.credit);
        debit += s.debit;
        credit += s.credit;
        match side {
            Side::Debit => balances.0 += closing,
            Side::Credit => balances.1 += closing,
        }
        told.push(json!({
            "account": s.account.to_string(), "name": &account.name, "side": side.short(), "opening": opening,
            "debit": s.debit, "credit": s.credit, "closing": closing,
        }));
        sheet.row([
            s.account.to_string(),
            account.name.clone(),
            side.word().to_owned(),
            opening.grouped(),
            s.debit.grouped(),
            s.credit.grouped(),
            closing.grouped(),
        ]);
    }
    let balanced = debit == credit && balances.0 == balances.1;
    if as_json {
        terminal.json(&json!({
            "from": from.to_string(), "on": on.to_string(), "accounts": told, "debit": debit, "credit": credit,
            "debit_balances": balances.0, "credit_balances": balances.1, "balanced": balanced,
        }))?;
    } else {
        let word = if balanced { "借贷平衡" } else { "借贷不平，运行 anju verify 查明" };
        terminal.say(format!(
            "试算平衡 {from} 至 {on}\n\n{sheet}\n本期发生额 借方 {}、贷方 {}；期末余额 借方 {}、贷方 {}。{word}。",
            debit.grouped(),
            credit.grouped(),
            balances.0.grouped(),
            balances.1.grouped()
        ))?;
    }
    if balanced { Ok(()) } else { Err(Failure::Told(exit::REFUSED)) }
}
