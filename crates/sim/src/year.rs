//! The life of the world, day by day: reports, payments of seven habits, hires and leavers, bases in July, unknown money claimed.

use std::collections::{BTreeMap, HashMap};

use core_calendar::{Day, FundYear, Month, WorkCalendar};
use core_money::Money;
use fastrand::Rng;
use serde_json::{Value, json};

use crate::driver::{Awaiting, Driver, Given, Order, Told, Who};
use crate::names::BRANCHES;
use crate::world::{Employer, Habit, World};

/// Told while the year passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress<'a> {
    /// A part began: its name and size.
    Part(&'a str, u64),
    /// So much of the part is done.
    At(u64),
    /// The part is over.
    Over,
}

/// What the year did, for the summary.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Business days.
    pub days: u32,
    /// Lists confirmed.
    pub lists: u32,
    /// Receipts recorded.
    pub receipts: u32,
    /// Lines posted are counted by the store; orders given here.
    pub orders: u64,
    /// Orders refused, with the first few reasons.
    pub refused: u32,
    /// Reasons of the first refusals.
    pub reasons: Vec<String>,
}

/// The life of a world.
pub struct Year<'w> {
    world: &'w mut World,
    calendar: &'w WorkCalendar,
    rng: Rng,
    numbers: Vec<i64>,
    by_number: HashMap<i64, usize>,
    /// Receipts that arrive later: day, line.
    to_come: BTreeMap<Day, Vec<Value>>,
    paid: HashMap<i64, ()>,
    serial: u64,
    leavers: Vec<(usize, i64, Month)>,
    tally: Tally,
}

impl<'w> Year<'w> {
    /// A life that has not begun.
    pub fn new(world: &'w mut World, calendar: &'w WorkCalendar) -> Year<'w> {
        let rng = Rng::with_seed(world.seed ^ 0x0BAD_C0DE_2025);
        Year {
            world,
            calendar,
            rng,
            numbers: Vec::new(),
            by_number: HashMap::new(),
            to_come: BTreeMap::new(),
            paid: HashMap::new(),
            serial: 0,
            leavers: Vec::new(),
            tally: Tally::default(),
        }
    }

    /// Opens employers and takes over balances, each entered by one person and confirmed by another.
    ///
    /// # Errors
    /// When the centre cannot be asked, or refuses what a world never should be refused.
    pub async fn open<D: Driver>(&mut self, driver: &mut D, told: &mut dyn FnMut(Progress<'_>)) -> Result<(), Given> {
        told(Progress::Part("单位开户", BRANCHES.len() as u64));
        for branch in 0..BRANCHES.len() {
            let first = self.world.paid_to().pred();
            let lines: Vec<Value> = self.world.employers.iter().filter(|e| e.branch == branch).map(|e| employer_form(e, first)).collect();
            if !lines.is_empty() {
                let order =
                    self.order(Who::Clerk(branch), "collection.employer.import", json!({ "lines": lines }), format!("open:{branch}"));
                self.reviewed(driver, order, &[Who::Reviewer(branch)]).await?;
            }
            told(Progress::At(branch as u64 + 1));
        }
        told(Progress::Over);
        let numbers: HashMap<String, i64> = driver.employers().await?.into_iter().map(|(id, name)| (name, id)).collect();
        self.numbers = self.world.employers.iter().map(|e| numbers.get(&e.name).copied().unwrap_or(0)).collect();
        self.by_number = self.numbers.iter().enumerate().map(|(i, n)| (*n, i)).collect();
        let officers: Vec<(usize, i64)> = self.numbers.iter().copied().enumerate().collect();
        driver.officers(&officers).await?;

        told(Progress::Part("期初余额", 2));
        let form = self.opening_form();
        let order = self.order(Who::Clerk(0), "collection.opening.import", form, "opening".into());
        told(Progress::At(1));
        self.reviewed(driver, order, &[Who::Reviewer(0)]).await?;
        told(Progress::Over);
        Ok(())
    }

    /// Lives from the day after the opening until a day, that day included.
    ///
    /// # Errors
    /// When the centre cannot be asked.
    pub async fn live<D: Driver>(&mut self, driver: &mut D, until: Day, told: &mut dyn FnMut(Progress<'_>)) -> Result<Tally, Given> {
        let mut day = self.world.opens;
        told(Progress::Part("逐日运行", u64::from(day.days_until(until).unsigned_abs()) + 1));
        while day <= until {
            if self.calendar.is_working_day(day).map_err(|e| Given(e.to_string()))? {
                self.working_day(driver, day).await?;
            }
            if day < until {
                driver.day_end(day.succ()).await?;
            }
            self.tally.days += 1;
            told(Progress::At(u64::from(self.tally.days)));
            day = day.succ();
        }
        told(Progress::Over);
        Ok(self.tally.clone())
    }

    async fn working_day<D: Driver>(&mut self, driver: &mut D, day: Day) -> Result<(), Given> {
        let month = Month::of(day);
        let nth = self.calendar.working_days_between(month.first_day().pred(), day).map_err(|e| Given(e.to_string()))?;
        if nth == 1 {
            self.bases(driver, month).await?;
        }
        if nth == 2 {
            self.people_move(driver, month).await?;
        }
        self.report(driver, month, nth).await?;
        self.pay(driver, day, nth).await?;
        if nth == 14 {
            self.claim(driver).await?;
        }
        Ok(())
    }

    /// In July officers adjust the bases of their people, once a fund-year (handbook 02 §1.4.6).
    async fn bases<D: Driver>(&mut self, driver: &mut D, month: Month) -> Result<(), Given> {
        if month.month() != 7 {
            return Ok(());
        }
        let mut orders = Vec::new();
        for i in 0..self.world.employers.len() {
            // Three in five hand in a file; the others keep their bases, which stay inside the new limits.
            if self.rng.u32(0..5) >= 3 {
                continue;
            }
            let mut lines = Vec::new();
            for p in self.world.employers[i].people.iter_mut().filter(|p| !p.sealed && p.savings > 0) {
                let grown = p.base.fen() / 100 * i64::from(self.rng.u32(100..=108)) / 100;
                let base = Money::from_yuan(grown.clamp(2_100, 25_000));
                if base != p.base && p.opened < month.first_day() {
                    p.base = base;
                    lines.push(json!({ "savings": number(p.savings), "base": base.to_string() }));
                }
            }
            if !lines.is_empty() {
                let form = json!({ "from": month.to_string(), "lines": lines });
                orders.push(self.order(Who::Officer(i), "collection.base.adjust", form, format!("base:{i}:{month}")));
            }
        }
        self.give(driver, orders).await.map(drop)
    }

    /// Hires and leavers, by the officers' lists.
    async fn people_move<D: Driver>(&mut self, driver: &mut D, month: Month) -> Result<(), Given> {
        let mut orders = Vec::new();
        let due: Vec<(usize, i64, Month)> = self.leavers.extract_if(.., |(_, _, back)| *back == month).collect();
        for (i, savings, _) in due {
            let form = json!({ "savings": number(savings), "from": month.to_string() });
            orders.push(self.order(Who::Officer(i), "collection.member.unseal", form, format!("unseal:{savings}:{month}")));
        }
        for i in 0..self.world.employers.len() {
            let size = self.world.employers[i].people.iter().filter(|p| !p.sealed).count();
            // About one in a hundred leaves a month, a little more come.
            if size > 3 && self.rng.usize(0..100) < size.min(100) {
                let at = self.rng.usize(0..self.world.employers[i].people.len());
                let p = &mut self.world.employers[i].people[at];
                if !p.sealed && p.savings > 0 && p.opened < month.first_day() {
                    p.sealed = true;
                    let savings = p.savings;
                    if self.rng.u32(0..4) == 0 {
                        self.leavers.push((i, savings, month + 3));
                    }
                    let form = json!({ "savings": number(savings), "from": month.to_string(), "reason": "6" });
                    orders.push(self.order(Who::Officer(i), "collection.member.seal", form, format!("seal:{savings}:{month}")));
                }
            }
            if self.rng.usize(0..100) < (size * 6 / 5).min(100) {
                let nature = self.world.employers[i].nature;
                let mut rng = self.rng.fork();
                let mut p = self.world.person(&mut rng, nature, false);
                p.opened = month.first_day();
                let form = json!({ "lines": [{
                    "employer": number(self.numbers[i]), "name": p.name, "id_kind": "01", "id_number": p.id_number, "mobile": p.mobile,
                    "base": p.base.max(Money::from_yuan(2_100)).to_string(), "first_month": month.to_string(), "card": p.card, "card_bank": "青岚农商银行",
                }] });
                let key = format!("hire:{}:{month}", p.savings);
                orders.push(self.order(Who::Officer(i), "collection.member.import", form, key));
                // Its number is given by the centre; the world does not move this person again.
                p.savings = 0;
                self.world.employers[i].people.push(p);
            }
        }
        self.give(driver, orders).await.map(drop)
    }

    /// Employers whose day it is confirm the month's list.
    async fn report<D: Driver>(&mut self, driver: &mut D, month: Month, nth: i32) -> Result<(), Given> {
        let mut orders = Vec::new();
        for i in 0..self.world.employers.len() {
            if self.world.employers[i].reports_on as i32 == nth {
                let form = json!({ "employer": number(self.numbers[i]), "month": month.to_string() });
                orders.push(self.order(Who::Officer(i), "collection.remittance.confirm", form, format!("list:{i}:{month}")));
            }
        }
        self.tally.lists += orders.len() as u32;
        self.give(driver, orders).await.map(drop)
    }

    /// Money arrives: for lists confirmed before today, each by its employer's habit, and what was to come.
    async fn pay<D: Driver>(&mut self, driver: &mut D, day: Day, _nth: i32) -> Result<(), Given> {
        let awaiting = driver.awaiting().await?;
        for a in awaiting {
            if self.paid.insert(a.list, ()).is_none() {
                self.payments_of(&a, day);
            }
        }
        let due: Vec<Day> = self.to_come.range(..=day).map(|(d, _)| *d).collect();
        let mut orders = Vec::new();
        for d in due {
            for mut line in self.to_come.remove(&d).unwrap_or_default() {
                line["day"] = json!(day.to_string());
                let key = format!("receipt:{}", line["host_serial"].as_str().unwrap_or(""));
                orders.push(self.order(Who::Batch, "collection.receipt.record", line, key));
            }
        }
        self.tally.receipts += orders.len() as u32;
        self.give(driver, orders).await.map(drop)
    }

    /// How an employer pays a list.
    fn payments_of(&mut self, a: &Awaiting, day: Day) {
        let Some(&i) = self.by_number.get(&a.employer) else { return };
        let e = &self.world.employers[i];
        let (name, bank, habit) = (e.name.clone(), e.bank, e.habit);
        let wait = if self.rng.u32(0..100) < 4 { self.rng.i32(20..=35) } else { self.rng.i32(0..=2) };
        let first = day + wait;
        let by_number = format!("汇缴 {}", number(a.list));
        match habit {
            Habit::Number => self.later(first, bank, a.due, &name, "代发单位汇缴", &by_number),
            Habit::FullWidth => {
                let digits: String = number(a.list).chars().map(|c| char::from_u32(c as u32 + 0xFEE0).unwrap_or(c)).collect();
                self.later(first, bank, a.due, &name, &format!("公积金{digits}"), "");
            }
            Habit::NameOnly => self.later(first, bank, a.due, &name, "公积金", ""),
            Habit::TwoParts => {
                let half = Money::from_fen(a.due.fen() / 2);
                self.later(first, bank, half, &name, "公积金一", &by_number);
                self.later(first + 1, bank, a.due - half, &name, "公积金二", &by_number);
            }
            Habit::ShortFirst => {
                let short = Money::from_fen((a.due.fen() / 100).clamp(1, 50_000)).min(a.due - Money::FEN);
                self.later(first, bank, a.due - short, &name, "公积金", &by_number);
                self.later(first + 5, bank, short, &name, "公积金补差", &by_number);
            }
            Habit::Over => {
                let up = Money::from_fen((a.due.fen() + 9_999) / 10_000 * 10_000);
                self.later(first, bank, up, &name, "公积金", &by_number);
            }
            Habit::Stranger => {
                let payer = format!("{}代付户", &name.chars().take(4).collect::<String>());
                self.later(first, bank, a.due, &format!("{payer}{i}"), "往来款", "");
            }
        }
    }

    fn later(&mut self, day: Day, bank: i64, amount: Money, payer: &str, summary: &str, remark: &str) {
        self.serial += 1;
        let line = json!({
            "account": bank_number(bank), "host_serial": format!("HS{:012}", self.serial), "amount": amount.to_string(),
            "day": day.to_string(), "payer_account": format!("6200000000{:06}", self.serial % 1_000_000),
            "payer_name": payer, "summary": summary, "remark": remark,
        });
        self.to_come.entry(day).or_default().push(line);
    }

    /// In the middle of the month unknown receipts are claimed by the branch whose employer paid through a stranger.
    async fn claim<D: Driver>(&mut self, driver: &mut D) -> Result<(), Given> {
        for u in driver.unclaimed().await? {
            let digits: String = u.payer.chars().rev().take_while(char::is_ascii_digit).collect();
            let index: Option<usize> = digits.chars().rev().collect::<String>().parse().ok();
            let Some(i) = index.filter(|i| *i < self.numbers.len()) else { continue };
            let form = json!({ "receipt": u.receipt.to_string(), "employer": number(self.numbers[i]), "proof": "单位来函说明" });
            let branch = self.world.employers[i].branch;
            let order = self.order(Who::Clerk(branch), "collection.receipt.allocate", form, format!("claim:{}", u.receipt));
            self.reviewed(driver, order, &[Who::Reviewer(branch)]).await?;
        }
        Ok(())
    }

    fn order(&self, who: Who, action: &'static str, form: Value, key: String) -> Order {
        Order { who, action, form, key: format!("sim:{}:{key}", self.world.seed) }
    }

    async fn give<D: Driver>(&mut self, driver: &mut D, orders: Vec<Order>) -> Result<Vec<Told>, Given> {
        if orders.is_empty() {
            return Ok(Vec::new());
        }
        self.tally.orders += orders.len() as u64;
        let names: Vec<String> = orders.iter().map(|o| format!("{} {}", o.action, o.key)).collect();
        let answers = driver.orders(orders, &mut |_| {}).await?;
        for (answer, name) in answers.iter().zip(names) {
            if let Told::Refused(why) = answer {
                self.tally.refused += 1;
                if self.tally.reasons.len() < 20 {
                    self.tally.reasons.push(format!("{name}: {why}"));
                }
            }
        }
        Ok(answers)
    }

    /// Gives one order that needs reviews, and approves it.
    async fn reviewed<D: Driver>(&mut self, driver: &mut D, order: Order, by: &[Who]) -> Result<(), Given> {
        let name = format!("{} {}", order.action, order.key);
        match self.give(driver, vec![order]).await?.pop() {
            Some(Told::Waiting(case)) => driver.approve(by, case).await,
            Some(Told::Done) => Ok(()),
            Some(Told::Refused(why)) => Err(Given(format!("{name} 未受理：{why}"))),
            None => Err(Given(format!("{name} 没有回答"))),
        }
    }

    fn opening_form(&self) -> Value {
        let day = self.world.opens;
        let paid_to = self.world.paid_to();
        let mut members = Vec::new();
        let mut banks = [Money::ZERO; 4];
        let mut suspense = Vec::new();
        for (e, number_) in self.world.employers.iter().zip(&self.numbers) {
            for p in &e.people {
                banks[(e.bank - 1) as usize] += p.balance;
                let first = Month::of(p.opened);
                members.push(json!({
                    "savings": number(p.savings), "employer": number(*number_), "name": p.name, "id_kind": "01", "id_number": p.id_number,
                    "mobile": p.mobile, "state": if p.sealed { "02" } else { "01" }, "opened": p.opened.to_string(),
                    "first_month": first.to_string(), "paid_to": paid_to.to_string(), "base": p.base.to_string(),
                    "carried_over": p.balance.to_string(), "current_year": "0.00", "card": p.card, "card_bank": "青岚农商银行",
                }));
            }
            suspense.push(json!({ "employer": number(*number_), "suspense": "0.00", "paid_to": paid_to.to_string() }));
        }
        let total: Money = banks.iter().sum();
        let mut ledger: Vec<Value> = banks
            .iter()
            .enumerate()
            .filter(|(_, b)| !b.is_zero())
            .map(|(i, b)| json!({ "account": (1_010_101 + i).to_string(), "debit": b.to_string() }))
            .collect();
        ledger.push(json!({ "account": "201", "credit": total.to_string() }));
        json!({ "day": day.to_string(), "members": members, "ledger": ledger, "suspense": suspense })
    }
}

/// The form by which an employer opens, paying from a month on.
pub(crate) fn employer_form(e: &Employer, first: Month) -> Value {
    json!({
        "name": e.name, "credit_code": e.code, "address": format!("{}路 {} 号", BRANCHES[e.branch].0, e.index + 1),
        "representative": e.representative.0, "representative_kind": "01", "representative_number": e.representative.1,
        "nature": match e.nature { crate::names::Nature::State => "101", crate::names::Nature::StateFirm => "102", crate::names::Nature::Private => "105" },
        "economic_type": "110", "industry": "S", "branch": (e.branch + 2).to_string(), "established": "2010-01-01",
        "pay_day": e.pay_day.to_string(), "first_month": first.to_string(), "employer_rate": e.rate.to_string(),
        "member_rate": e.rate.to_string(), "handler": e.handler.0, "handler_kind": "01", "handler_number": e.handler.1,
        "handler_mobile": e.handler.2, "entrusted_bank": crate::names::BANKS[(e.bank - 1) as usize], "fiscal": e.fiscal,
    })
}

/// Number of the n-th fund bank account, invented.
pub fn bank_number(n: i64) -> String {
    format!("5323000000{n:04}")
}

pub(crate) fn number(n: i64) -> String {
    format!("{n:015}")
}

/// The fund-years that a demonstration of so many years covers: the last ends on 2026-06-30.
pub fn span(years: u32) -> (Day, Day) {
    let last = FundYear::beginning(2025).map(|y| (y, y.last_day()));
    let (mut first, end) = last.unwrap_or_else(|| panic!("2025 is a fund-year"));
    for _ in 1..years {
        first = first.pred();
    }
    (first.first_day(), end)
}
