//! Remittance lists (清册): their lines, what the lines were computed from, and what was posted of them.
//!
//! Handbook 02 §1.4.3, §1.4.4, §1.5.6, §1.5.7 (amounts), §1.6.11 (lists); 08 R-A08 to R-A10, R-A19.

use std::collections::{BTreeMap, HashMap};

use core_calendar::Day;
use core_money::Money;
use shell_store::db::{DbError, Query};
use shell_store::verify_queries::*;
use shell_vault::{Hasher, Suite};

use super::savings::{Kept, Wrong};
use super::terms::Rules;
use super::{Basis, Subject, VerifyError};
use crate::proof::{BATCH, Finding, Proof, Shown};

/// People, sum and digest of a list are those of its lines.
pub static LINES: Subject = Subject { name: "lists.lines", term: "清册人数、金额、摘要与明细行相符" };
/// Each side of a line is base × rate, rounded by the rule of the month, its base inside floor and cap.
pub static AMOUNTS: Subject = Subject { name: "lists.amounts", term: "清册逐行月缴存额相符" };
/// Bases of a posted list are those in force by dated history.
pub static BASES: Subject = Subject { name: "lists.bases", term: "已入账清册的基数与历史记录相符" };
/// Rates of a posted list are those in force by dated history.
pub static RATES: Subject = Subject { name: "lists.rates", term: "已入账清册的比例与历史记录相符" };
/// Entries of a posted list are its lines; a list that is not posted has none.
pub static ENTRIES: Subject = Subject { name: "lists.entries", term: "已入账清册与职工明细逐行相符" };
/// One voucher for each posted list, with its sum, and the entries of each voucher are its part of 201.
pub static VOUCHERS: Subject = Subject { name: "lists.vouchers", term: "清册与凭证一一对应" };
/// A list says reversed when, and only when, its voucher is.
pub static STATES: Subject = Subject { name: "lists.reversed", term: "清册冲正状态与红字凭证相符" };

/// Rows of one list as a number that does not depend on their order: count, sum and a mixed sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Print {
    pub(super) count: u64,
    pub(super) sum: i64,
    mixed: u64,
}

impl Print {
    /// Adds an account with an amount.
    pub(super) fn add(&mut self, savings: i64, amount: i64) {
        self.count += 1;
        self.sum = self.sum.wrapping_add(amount);
        // Steps of splitmix64, so that two differences do not cancel by chance.
        let mut z = savings.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ amount.cast_unsigned();
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        self.mixed = self.mixed.wrapping_add(z ^ (z >> 31));
    }

    fn reversed_of(self, amounts: Print) -> bool {
        self.count == amounts.count && self.sum == amounts.sum.wrapping_neg()
    }
}

/// Head of a list.
pub(super) struct Head {
    employer: i64,
    pub(super) month: i64,
    state: String,
    people: i64,
    total: i64,
    digest: String,
    rates: (i64, i64),
    posted: Option<Day>,
    voucher: Option<i64>,
}

impl Head {
    /// Whether its money stands in its members' accounts.
    pub(super) fn posted_now(&self) -> bool {
        self.state == "posted"
    }

    /// Compares an entry with what the list says.
    pub(super) fn compare(
        &self,
        savings: i64,
        seq: i64,
        (month, employer, voucher, day): (Option<i64>, i64, i64, Day),
        red: bool,
        wrong: &mut Vec<Wrong>,
    ) {
        let blue_differs = !red && (Some(voucher), Some(day)) != (self.voucher, self.posted);
        if (month, employer) != (Some(self.month), self.employer) || blue_differs {
            let text = |month: Option<i64>, employer, voucher: Option<i64>, day: Option<Day>| {
                let (month, voucher) = (month.unwrap_or(0), voucher.unwrap_or(0));
                format!("{month} 单位 {employer} 凭证 {voucher} 记账日 {}", day.map_or("-".to_owned(), |d| d.to_string()))
            };
            let expected = text(Some(self.month), self.employer, self.voucher, self.posted);
            wrong.push((&ENTRIES, "entry", format!("{savings}/{seq}"), expected, text(month, employer, Some(voucher), Some(day))));
        }
    }
}

/// Heads of all lists, by number.
pub(super) struct Heads(HashMap<i64, Head>);

impl Heads {
    pub(super) fn of(&self, list: i64) -> Option<&Head> {
        self.0.get(&list)
    }
}

pub(super) async fn heads(proof: &mut Proof<'_>) -> Result<Heads, DbError> {
    let mut heads = HashMap::new();
    for row in proof.read(LIST_ROWS, []).await? {
        let mut c = row.cells();
        let (id, employer, month): (i64, i64, i64) = (c.next()?, c.next()?, c.next()?);
        let (_kind, state): (String, String) = (c.next()?, c.next()?);
        let (people, total, digest): (i64, i64, String) = (c.next()?, c.next()?, c.next()?);
        let rates = (c.next()?, c.next()?);
        let (posted, voucher) = (c.next()?, c.next()?);
        c.end()?;
        heads.insert(id, Head { employer, month, state, people, total, digest, rates, posted, voucher });
    }
    Ok(Heads(heads))
}

/// Lines of one list being added up.
struct Open {
    list: i64,
    amounts: Print,
    bases: Print,
    digest: Hasher,
}

impl Open {
    fn new(list: i64) -> Open {
        Open { list, amounts: Print::default(), bases: Print::default(), digest: Suite::National.hasher() }
    }
}

/// What the lines of one list came to.
struct Sums {
    amounts: Print,
    bases: Print,
}

pub(super) async fn run(proof: &mut Proof<'_>, basis: Basis<'_>, heads: &Heads, kept: &Kept) -> Result<(), VerifyError> {
    let sums = lines(proof, basis, heads).await?;
    entries(proof, heads, kept, &sums).await?;
    bases(proof, basis, heads, kept, &sums).await?;
    rates(proof, heads).await?;
    vouchers(proof, heads, kept).await?;
    for (of, find) in [(&VOUCHERS, FIND_SHARED_VOUCHER), (&STATES, FIND_REVERSED_LISTS)] {
        proof.find(&Finding { of, table: "remittance_list", find, shown: Shown::Plain }).await?;
    }
    proof.count(&STATES, COUNT_LISTS).await?;
    Ok(())
}

/// Reads all lines: amounts of each, then people, sum and digest of each list.
async fn lines(proof: &mut Proof<'_>, basis: Basis<'_>, heads: &Heads) -> Result<HashMap<i64, Sums>, VerifyError> {
    let of: i64 = heads.0.values().map(|h| h.people).sum();
    let of = Some(of.unsigned_abs());
    let (mut wrong, mut sums, mut rules, mut read) = (Vec::<Wrong>::new(), HashMap::new(), Rules::default(), 0u64);
    proof.tell("清册明细", 0, of);
    let mut open: Option<Open> = None;
    let mut stream = proof.snapshot().stream(Query::new(LINE_ROWS, []), BATCH).await?;
    while let Some(rows) = stream.next().await? {
        for row in rows {
            let mut c = row.cells();
            let (list, savings, base): (i64, i64, i64) = (c.next()?, c.next()?, c.next()?);
            let (employer, member): (i64, i64) = (c.next()?, c.next()?);
            c.end()?;
            read += 1;
            if open.as_ref().is_none_or(|o| o.list != list) {
                close(open.replace(Open::new(list)), heads, &mut sums, &mut wrong);
                if heads.of(list).is_none() {
                    wrong.push((&LINES, "list_line", format!("{list}/{savings}"), "清册".to_owned(), "无".to_owned()));
                }
            }
            if let Some(open) = &mut open {
                open.amounts.add(savings, employer.wrapping_add(member));
                open.bases.add(savings, base);
                for n in [savings, base, employer, member] {
                    open.digest.update(&n.to_be_bytes());
                }
            }
            let Some(head) = heads.of(list) else { continue };
            let Some(rules) = rules.of(basis, head.month)? else {
                wrong.push((&AMOUNTS, "remittance_list", list.to_string(), "年月".to_owned(), head.month.to_string()));
                continue;
            };
            let yuan = |base: i64, sides: (Option<i64>, Option<i64>)| {
                let side = |s: Option<i64>| s.map_or("-".to_owned(), |fen| Money::from_fen(fen).to_string());
                format!("基数 {}，{} + {}", Money::from_fen(base), side(sides.0), side(sides.1))
            };
            let applied = rules.applied(base);
            let expected = (applied, (rules.side(base, head.rates.0), rules.side(base, head.rates.1)));
            let found = (base, (Some(employer), Some(member)));
            if expected != found {
                wrong.push((&AMOUNTS, "list_line", format!("{list}/{savings}"), yuan(expected.0, expected.1), yuan(found.0, found.1)));
            }
        }
    }
    close(open, heads, &mut sums, &mut wrong);
    drop(stream);
    proof.tell("清册明细", read, of);
    for (id, head) in &heads.0 {
        if !sums.contains_key(id) && head.people != 0 {
            wrong.push((&LINES, "remittance_list", id.to_string(), "0 人".to_owned(), format!("{} 人", head.people)));
        }
    }
    proof.compared(&LINES, heads.0.len() as u64);
    proof.compared(&AMOUNTS, read);
    for (subject, table, key, expected, found) in wrong {
        proof.broken(subject, table, key, expected, found);
    }
    Ok(sums)
}

fn close(open: Option<Open>, heads: &Heads, sums: &mut HashMap<i64, Sums>, wrong: &mut Vec<Wrong>) {
    let Some(Open { list, amounts, bases, digest }) = open else { return };
    sums.insert(list, Sums { amounts, bases });
    let Some(head) = heads.of(list) else { return };
    let digest = core_case::digest::Digest(digest.finish()).to_string();
    let text = |people: i64, sum: i64, digest: &str| format!("{people} 人 {} 摘要 {digest}", Money::from_fen(sum));
    let expected = text(amounts.count.cast_signed(), amounts.sum, &digest);
    let found = text(head.people, head.total, &head.digest);
    if expected != found {
        wrong.push((&LINES, "remittance_list", list.to_string(), expected, found));
    }
}

/// So many lists are looked into line by line when they differ.
const LOOKED_INTO: usize = 50;

/// Blue entries of a list are its lines while it is posted or reversed; red ones their mirror once it is reversed.
async fn entries(proof: &mut Proof<'_>, heads: &Heads, kept: &Kept, sums: &HashMap<i64, Sums>) -> Result<(), VerifyError> {
    let mut differing = Vec::new();
    let mut ids: Vec<i64> = heads.0.keys().copied().collect();
    ids.extend(kept.by_list.keys().map(|(list, _)| *list).filter(|list| heads.of(*list).is_none()));
    ids.sort_unstable();
    ids.dedup();
    for id in ids {
        let state = heads.of(id).map_or("", |h| h.state.as_str());
        let lines = sums.get(&id).map(|s| s.amounts).unwrap_or_default();
        let of = |red| kept.by_list.get(&(id, red)).copied().unwrap_or_default();
        let (blue, red) = (of(false), of(true));
        proof.compared(&ENTRIES, blue.count + red.count);
        let due = if matches!(state, "posted" | "reversed") { lines } else { Print::default() };
        if blue != due {
            differing.push((id, false, due.count > 0));
        }
        let red_due = if state == "reversed" { lines } else { Print::default() };
        if !red.reversed_of(red_due) {
            differing.push((id, true, red_due.count > 0));
        }
    }
    for (at, (list, red, due)) in differing.into_iter().enumerate() {
        if at >= LOOKED_INTO {
            proof.broken(&ENTRIES, "remittance_list", list, "明细与清册行相同", "不同");
            continue;
        }
        let sign = if red { -1 } else { 1 };
        let mut lines: BTreeMap<i64, i64> = BTreeMap::new();
        if due {
            for row in proof.read(LINES_OF_LIST, [list.into()]).await? {
                lines.insert(row.get(0)?, row.get::<i64>(2)? * sign);
            }
        }
        for row in proof.read(ENTRIES_OF_LIST, [list.into(), red.into()]).await? {
            let (savings, seq, amount): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let line = lines.remove(&savings);
            if line != Some(amount) {
                let expected = line.map_or("清册中无此行".to_owned(), |l| Money::from_fen(l).to_string());
                proof.broken(&ENTRIES, "entry", format!("{savings}/{seq}"), expected, Money::from_fen(amount));
            }
        }
        for (savings, amount) in lines {
            proof.broken(&ENTRIES, "list_line", format!("{list}/{savings}"), Money::from_fen(amount), "无明细");
        }
    }
    Ok(())
}

/// Bases applied in posted lists against dated history.
async fn bases(proof: &mut Proof<'_>, basis: Basis<'_>, heads: &Heads, kept: &Kept, sums: &HashMap<i64, Sums>) -> Result<(), VerifyError> {
    let mut rules = Rules::default();
    let mut differing = Vec::new();
    for (id, head) in heads.0.iter().filter(|(_, h)| h.posted_now()) {
        let lines = sums.get(id).map(|s| s.bases).unwrap_or_default();
        proof.compared(&BASES, lines.count);
        if kept.bases.get(id).copied().unwrap_or_default() != lines {
            differing.push((*id, head.month));
        }
    }
    differing.sort_unstable();
    for (list, month) in differing.into_iter().take(LOOKED_INTO) {
        let rules = rules.of(basis, month)?;
        for row in proof.read(BASES_OF_LIST, [list.into(), month.into()]).await? {
            let (savings, base, dated): (i64, i64, Option<i64>) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let applied = dated.zip(rules).map(|(dated, rules)| rules.applied(dated));
            if applied != Some(base) {
                let expected = applied.map_or("没有生效的基数".to_owned(), |b| Money::from_fen(b).to_string());
                proof.broken(&BASES, "list_line", format!("{list}/{savings}"), expected, Money::from_fen(base));
            }
        }
    }
    Ok(())
}

/// First month of some rates, and the rates of employer and member.
type DatedRates = (i64, (i64, i64));

/// Rates of posted lists against dated history.
async fn rates(proof: &mut Proof<'_>, heads: &Heads) -> Result<(), VerifyError> {
    let mut dated: HashMap<i64, Vec<DatedRates>> = HashMap::new();
    for row in proof.read(RATE_ROWS, []).await? {
        dated.entry(row.get(0)?).or_default().push((row.get(1)?, (row.get(2)?, row.get(3)?)));
    }
    let percent = |(employer, member): (i64, i64)| {
        let rate = core_money::Rate::from_units;
        format!("{} + {}", rate(employer), rate(member))
    };
    let mut ids: Vec<(&i64, &Head)> = heads.0.iter().filter(|(_, h)| h.posted_now()).collect();
    ids.sort_unstable_by_key(|(id, _)| **id);
    for (id, head) in ids {
        let in_force = dated.get(&head.employer).and_then(|d| d.iter().rev().find(|(from, _)| *from <= head.month));
        let expected = in_force.map_or("没有生效的比例".to_owned(), |(_, rates)| percent(*rates));
        proof.same(&RATES, "remittance_list", id, expected, percent(head.rates));
    }
    Ok(())
}

/// The voucher of a list carries its sum; entries of a voucher are its part of 201.
async fn vouchers(proof: &mut Proof<'_>, heads: &Heads, kept: &Kept) -> Result<(), VerifyError> {
    let mut posted: BTreeMap<i64, i64> = BTreeMap::new();
    for row in proof.read(MEMBERS_BY_VOUCHER, []).await? {
        posted.insert(row.get(0)?, row.get(1)?);
    }
    let mut ids: Vec<(&i64, &Head)> = heads.0.iter().filter(|(_, h)| h.voucher.is_some()).collect();
    ids.sort_unstable_by_key(|(id, _)| **id);
    for (id, head) in ids {
        let found = head
            .voucher
            .and_then(|v| posted.get(&v))
            .map_or("没有科目 201 的凭证".to_owned(), |fen| Money::from_fen(*fen).to_string());
        proof.same(&VOUCHERS, "remittance_list", id, Money::from_fen(head.total).to_string(), found);
    }
    let mut entries = kept.by_voucher.clone();
    for (voucher, fen) in posted {
        let found = entries.remove(&voucher).unwrap_or(0);
        proof.same(&VOUCHERS, "voucher", voucher, Money::from_fen(fen), Money::from_fen(found));
    }
    let mut rest: Vec<(i64, i64)> = entries.into_iter().collect();
    rest.sort_unstable();
    for (voucher, fen) in rest {
        proof.same(&VOUCHERS, "voucher", voucher, Money::ZERO, Money::from_fen(fen));
    }
    Ok(())
}
