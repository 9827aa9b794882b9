//! Personal entries (明细) and balances of savings accounts, account by account.
//!
//! Handbook 06 §3 no. 6 and 7 (balance after, sums), 08 R-A14 (no month twice), 17 §4 (value day not after the posting),
//! 02 §1.11.3 (reversal in red). On the way it keeps what lists, employers and vouchers are compared with.

use std::collections::{BTreeMap, HashMap};

use core_calendar::Day;
use core_money::Money;
use shell_store::db::{DbError, Query, Value};
use shell_store::verify_queries::*;

use super::lists::{Heads, Print};
use super::products::{self, Settled};
use super::terms::{Rules, Running};
use super::{Basis, Subject, VerifyError};
use crate::proof::{BATCH, Finding, Proof, Shown};

/// Entries of an account are numbered 1, 2, 3 …
pub static SEQUENCE: Subject = Subject { name: "entries.sequence", term: "职工明细连号" };
/// Balance after each entry.
pub static RUNNING: Subject = Subject { name: "entries.running_balance", term: "职工明细逐笔余额相符" };
/// A value day is never after the posting.
pub static VALUE_DAY: Subject = Subject { name: "entries.value_day", term: "起息日不晚于记账日" };
/// No person twice in one month.
pub static MONTH_ONCE: Subject = Subject { name: "entries.month_once", term: "同一职工同一月份只入账一次" };
/// A red entry is the mirror of the blue one of its list.
pub static REVERSED: Subject = Subject { name: "entries.reversed", term: "红字明细与原明细相符" };
/// The balance is that of the last entry.
pub static LAST: Subject = Subject { name: "balances.last_entry", term: "职工余额与最后一笔明细相符" };

/// Something that does not hold: subject, table, key, expected, found.
pub(super) type Wrong = (&'static Subject, &'static str, String, String, String);

/// An entry, as far as layers and products need it.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    pub(super) day: Day,
    pub(super) value_day: Day,
    /// Posting day that decides the layer: a reversal's is that of what it reverses.
    pub(super) layer_day: Day,
    pub(super) amount: i64,
    opening: bool,
    list: Option<i64>,
    month: Option<i64>,
    red: bool,
}

impl Entry {
    pub(super) fn is_opening(&self) -> bool {
        self.opening
    }
}

/// A balance row.
pub(super) struct Balance {
    pub(super) savings: i64,
    pub(super) balance: i64,
    pub(super) carried_over: i64,
    pub(super) current_year: i64,
    pub(super) carried_product: i64,
    pub(super) current_product: i64,
    pub(super) fund_year: i64,
    pub(super) seq: i64,
}

/// What the entries add up to, for whom.
#[derive(Default)]
pub(super) struct Kept {
    /// All balances.
    pub(super) balances: i64,
    /// All entries.
    pub(super) entries: i64,
    /// By employer, openings aside: these have no employer in the ledger.
    pub(super) by_employer: BTreeMap<i64, i64>,
    /// By voucher.
    pub(super) by_voucher: HashMap<i64, i64>,
    /// By list, blue and red.
    pub(super) by_list: HashMap<(i64, bool), Print>,
    /// Bases in force by dated history of the lines of each posted list.
    pub(super) bases: HashMap<i64, Print>,
}

/// An account being followed.
struct Open {
    savings: i64,
    balance: Option<Balance>,
    run: Running,
    entries: Vec<Entry>,
}

/// The accounts of a page with what stands beside them.
struct Page {
    accounts: Vec<(i64, Option<Balance>)>,
    bases: HashMap<i64, Vec<(i64, i64)>>,
    settled: HashMap<i64, Vec<Settled>>,
}

pub(super) async fn run(proof: &mut Proof<'_>, basis: Basis<'_>, heads: &Heads) -> Result<Kept, VerifyError> {
    let of = proof.number(COUNT_SAVINGS).await?.unsigned_abs();
    let mut all = Reading { basis, heads, rules: Rules::default(), kept: Kept::default(), wrong: Vec::new(), counts: Counts::default() };
    let (mut after, mut done) = (i64::MIN, 0u64);
    loop {
        proof.tell("职工明细", done, Some(of));
        let mut page = read_accounts(proof, after).await?;
        let last = page.accounts.last().map(|(id, _)| *id);
        // The last page takes whatever lies behind: entries of no account are found there.
        let until = last.unwrap_or(i64::MAX);
        read_beside(proof, &mut page, after, until).await?;
        done += page.accounts.len() as u64;
        all.page(proof, page, after, until).await?;
        let Some(last) = last else { break };
        after = last;
    }
    let Reading { kept, wrong, counts, .. } = all;
    for subject in [&SEQUENCE, &RUNNING, &VALUE_DAY] {
        proof.compared(subject, counts.entries);
    }
    proof.compared(&MONTH_ONCE, counts.of_lists);
    proof.compared(&REVERSED, counts.red);
    for subject in [&LAST, &products::LAYERS, &products::PRODUCTS] {
        proof.compared(subject, counts.accounts);
    }
    proof.compared(&products::SETTLED, counts.settled);
    for (subject, table, key, expected, found) in wrong {
        proof.broken(subject, table, key, expected, found);
    }
    proof.find(&Finding { of: &LAST, table: "savings_balance", find: FIND_BALANCE_OF_NOTHING, shown: Shown::Plain }).await?;
    Ok(kept)
}

async fn read_accounts(proof: &mut Proof<'_>, after: i64) -> Result<Page, DbError> {
    let mut accounts = Vec::new();
    for row in proof.read(SAVINGS_ROWS, [after.into()]).await? {
        let mut c = row.cells();
        let savings: i64 = c.next()?;
        let columns: [Option<i64>; 7] = [c.next()?, c.next()?, c.next()?, c.next()?, c.next()?, c.next()?, c.next()?];
        c.end()?;
        let balance = match columns {
            [Some(balance), Some(carried_over), Some(current_year), Some(carried), Some(current), Some(fund_year), Some(seq)] => {
                Some(Balance {
                    savings,
                    balance,
                    carried_over,
                    current_year,
                    carried_product: carried,
                    current_product: current,
                    fund_year,
                    seq,
                })
            }
            _ => None,
        };
        accounts.push((savings, balance));
    }
    Ok(Page { accounts, bases: HashMap::new(), settled: HashMap::new() })
}

async fn read_beside(proof: &mut Proof<'_>, page: &mut Page, after: i64, until: i64) -> Result<(), DbError> {
    let span = || -> [Value; 2] { [after.into(), until.into()] };
    for row in proof.read(BASE_ROWS, span()).await? {
        page.bases.entry(row.get(0)?).or_default().push((row.get(1)?, row.get(2)?));
    }
    for row in proof.read(SETTLED_ROWS, span()).await? {
        let settled = Settled { savings: row.get(0)?, fund_year: row.get(1)?, carried_product: row.get(2)?, current_product: row.get(3)? };
        page.settled.entry(settled.savings).or_default().push(settled);
    }
    Ok(())
}

#[derive(Default)]
struct Counts {
    accounts: u64,
    entries: u64,
    of_lists: u64,
    red: u64,
    settled: u64,
}

/// All that is carried from page to page.
struct Reading<'a> {
    basis: Basis<'a>,
    heads: &'a Heads,
    rules: Rules,
    kept: Kept,
    wrong: Vec<Wrong>,
    counts: Counts,
}

impl Reading<'_> {
    async fn page(&mut self, proof: &mut Proof<'_>, page: Page, after: i64, until: i64) -> Result<(), VerifyError> {
        let Page { accounts, bases, mut settled } = page;
        let mut accounts = accounts.into_iter().peekable();
        let mut open: Option<Open> = None;
        let mut stream = proof.snapshot().stream(Query::new(ENTRY_ROWS, [after.into(), until.into()]), BATCH).await?;
        while let Some(rows) = stream.next().await? {
            for row in rows {
                let mut c = row.cells();
                let (savings, seq): (i64, i64) = (c.next()?, c.next()?);
                let (day, value_day): (Day, Day) = (c.next()?, c.next()?);
                let kind: String = c.next()?;
                let (month, amount, balance_after): (Option<i64>, i64, i64) = (c.next()?, c.next()?, c.next()?);
                let (employer, list): (i64, Option<i64>) = (c.next()?, c.next()?);
                let (red, voucher): (bool, i64) = (c.next()?, c.next()?);
                c.end()?;
                if open.as_ref().is_none_or(|o| o.savings != savings) {
                    self.close(open.take(), &mut settled);
                    // Accounts without entries on the way.
                    while let Some((id, balance)) = accounts.next_if(|(id, _)| *id < savings) {
                        self.close(Some(Open::new(id, balance)), &mut settled);
                    }
                    let own = accounts.next_if(|(id, _)| *id == savings);
                    if own.is_none() {
                        self.wrong.push((&LAST, "entry", format!("{savings}/{seq}"), "个人账户".to_owned(), "无".to_owned()));
                    }
                    open = Some(Open::new(savings, own.and_then(|(_, balance)| balance)));
                }
                let Some(open) = &mut open else { continue };
                let kept = &mut self.kept;
                self.counts.entries += 1;
                kept.entries = kept.entries.wrapping_add(amount);
                *kept.by_voucher.entry(voucher).or_default() += amount;
                let entry = Entry { day, value_day, layer_day: day, amount, opening: kind == "99", list, month, red };
                if !entry.opening {
                    *kept.by_employer.entry(employer).or_default() += amount;
                }
                if let Some(list) = list {
                    self.counts.of_lists += 1;
                    kept.by_list.entry((list, red)).or_default().add(savings, amount);
                    if let Some(head) = self.heads.of(list) {
                        if head.posted_now() && !red {
                            let rules = self.rules.of(self.basis, head.month)?;
                            let dated = bases.get(&savings).and_then(|b| b.iter().rev().find(|(from, _)| *from <= head.month));
                            let applied = dated.zip(rules).map_or(-1, |((_, base), rules)| rules.applied(*base));
                            self.kept.bases.entry(list).or_default().add(savings, applied);
                        }
                        head.compare(savings, seq, (month, employer, voucher, day), red, &mut self.wrong);
                    }
                }
                self.wrong.extend(open.entry(seq, balance_after, entry, &mut self.counts));
            }
        }
        self.close(open.take(), &mut settled);
        for (id, balance) in accounts {
            self.close(Some(Open::new(id, balance)), &mut settled);
        }
        Ok(())
    }

    /// An account whose entries are all read.
    fn close(&mut self, open: Option<Open>, settled: &mut HashMap<i64, Vec<Settled>>) {
        let Some(open) = open else { return };
        self.counts.accounts += 1;
        let expected = format!("{}，第 {} 笔后", Money::from_fen(open.run.after), open.run.seq);
        let Some(balance) = &open.balance else {
            self.wrong.push((&LAST, "savings_balance", open.savings.to_string(), expected, "无".to_owned()));
            return;
        };
        self.kept.balances = self.kept.balances.wrapping_add(balance.balance);
        if (balance.balance, balance.seq) != (open.run.after, open.run.seq) {
            let found = format!("{}，第 {} 笔后", Money::from_fen(balance.balance), balance.seq);
            self.wrong.push((&LAST, "savings_balance", open.savings.to_string(), expected, found));
        }
        products::balance(balance, &open.entries, &mut self.wrong);
        for year in settled.remove(&open.savings).unwrap_or_default() {
            self.counts.settled += 1;
            products::settled(&year, &open.entries, &mut self.wrong);
        }
    }
}

impl Open {
    fn new(savings: i64, balance: Option<Balance>) -> Open {
        Open { savings, balance, run: Running::default(), entries: Vec::new() }
    }

    /// Takes the next entry and says what is wrong with it.
    fn entry(&mut self, seq: i64, after: i64, mut e: Entry, counts: &mut Counts) -> Vec<Wrong> {
        let mut wrong: Vec<Wrong> = Vec::new();
        let mut say = |of, expected: String, found: String| wrong.push((of, "entry", format!("{}/{seq}", self.savings), expected, found));
        let (number, balance) = self.run.step(seq, e.amount, after);
        if let Some(expected) = number {
            say(&SEQUENCE, expected.to_string(), seq.to_string());
        }
        if let Some(expected) = balance {
            say(&RUNNING, Money::from_fen(expected).to_string(), Money::from_fen(after).to_string());
        }
        if e.value_day > e.day {
            say(&VALUE_DAY, format!("不晚于 {}", e.day), e.value_day.to_string());
        }
        if e.red {
            counts.red += 1;
            let blue = self.entries.iter().find(|b| !b.red && b.list == e.list);
            match blue {
                Some(blue) if blue.amount == -e.amount && blue.value_day == e.value_day && blue.month == e.month => e.layer_day = blue.day,
                Some(blue) => {
                    e.layer_day = blue.day;
                    let text =
                        |amount, day: Day, month: Option<i64>| format!("{}，{}，起息日 {day}", Money::from_fen(amount), month.unwrap_or(0));
                    say(&REVERSED, text(-blue.amount, blue.value_day, blue.month), text(e.amount, e.value_day, e.month));
                }
                None => say(&REVERSED, "原蓝字明细".to_owned(), "无".to_owned()),
            }
        } else if e.list.is_some() && e.month.is_some() {
            // Blue entries of the month, less those reversed since.
            let same = |b: &&Entry| b.month == e.month && b.list.is_some();
            let (red, blue): (Vec<&Entry>, Vec<&Entry>) = self.entries.iter().filter(same).partition(|b| b.red);
            if blue.len() > red.len() {
                say(&MONTH_ONCE, "该月一笔".to_owned(), format!("{} 笔，{}", blue.len() - red.len() + 1, e.month.unwrap_or(0)));
            }
        }
        self.entries.push(e);
        wrong
    }
}
