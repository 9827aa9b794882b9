//! An independent auditor (独立审计模型): the books of a small centre in plain maps, kept beside the real ones and compared.
//!
//! Written from the handbook (02 §1.4–§1.11, 06, 17 §1, §2, §5), with arithmetic of its own: fen as `i64`, months as year × 12 + month.
//! It shares no code with areas and shells. Told which command was carried out, it predicts balances, suspense, paid-to months and
//! the ledger; where it is cheap it also predicts whether a command is accepted. Left out: interest products, which `verify` counts
//! again, and rules about persons (documents, mobiles), which the orders keep by construction.

use std::collections::{BTreeMap, BTreeSet};

use core_calendar::Day;

use crate::deeds::Deed;

/// A month as year × 12 + month − 1, so that neighbours differ by one.
pub type Moon = i32;

/// The month of a day.
pub fn moon(day: Day) -> Moon {
    day.year() * 12 + day.month() as i32 - 1
}

/// A month as text.
pub fn moon_text(m: Moon) -> String {
    format!("{:04}-{:02}", m.div_euclid(12), m.rem_euclid(12) + 1)
}

/// Ledger accounts of handbook 06 that collection moves: deposits, unknown receipts, suspense of employers.
const DEPOSITS: u32 = 201;
const UNKNOWN: u32 = 2_190_401;
const SUSPENSE: u32 = 2_190_402;

/// The leaf of a fund bank account.
fn leaf(bank: i64) -> u32 {
    1_010_100 + bank as u32
}

/// An employer in the auditor's books.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Firm {
    /// First month.
    pub first: Moon,
    /// Taken over as paid to.
    pub taken_to: Option<Moon>,
    /// Percent of each side, from a month on.
    pub rates: BTreeMap<Moon, i64>,
    /// Suspense in fen.
    pub suspense: i64,
}

/// A member in the auditor's books.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Saver {
    /// Employer, from a month on.
    pub firms: BTreeMap<Moon, i64>,
    /// Base in fen, from a month on.
    pub bases: BTreeMap<Moon, i64>,
    /// Seal in force, from a month on.
    pub sealed: Option<Moon>,
    /// Seals that ended: first and last month.
    pub seals: Vec<(Moon, Moon)>,
    /// Taken over as paid to.
    pub taken_to: Option<Moon>,
    /// Balance in fen.
    pub balance: i64,
}

impl Saver {
    /// The employer of the latest membership.
    pub fn firm(&self) -> i64 {
        self.firms.values().next_back().copied().unwrap_or(0)
    }

    fn on<T: Copy>(dated: &BTreeMap<Moon, T>, m: Moon) -> Option<T> {
        dated.range(..=m).next_back().map(|(_, v)| *v)
    }

    /// Whether the employer pays for the member in a month.
    fn due(&self, firm: i64, m: Moon) -> bool {
        let sealed = self.sealed.is_some_and(|from| from <= m) || self.seals.iter().any(|(from, to)| (*from..=*to).contains(&m));
        Saver::on(&self.firms, m) == Some(firm) && !sealed
    }
}

/// What became of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Waits for money.
    Awaiting,
    /// Posted.
    Posted,
    /// Voided, expired or reversed.
    Over,
}

/// A remittance list in the auditor's books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Employer.
    pub firm: i64,
    /// Month.
    pub month: Moon,
    /// Regular, or supplementary.
    pub regular: bool,
    /// Members with their amounts in fen.
    pub lines: BTreeMap<i64, i64>,
    /// What became of it.
    pub fate: Fate,
    /// Last day of its term.
    pub expires: Day,
}

impl Sheet {
    /// Amount due.
    pub fn sum(&self) -> i64 {
        self.lines.values().sum()
    }
}

/// A receipt without owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stray {
    /// Fund bank account.
    pub bank: i64,
    /// Fen.
    pub amount: i64,
    /// Whether it still waits.
    pub open: bool,
}

/// The auditor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Auditor {
    /// Business day; none before the opening.
    pub today: Option<Day>,
    /// Employers.
    pub firms: BTreeMap<i64, Firm>,
    /// Members.
    pub savers: BTreeMap<i64, Saver>,
    /// Lists.
    pub lists: BTreeMap<i64, Sheet>,
    /// Receipts without owner.
    pub strays: BTreeMap<i64, Stray>,
    /// Debit less credit of each ledger account, in fen.
    pub ledger: BTreeMap<u32, i64>,
    /// Bank lines seen.
    pub serials: BTreeSet<String>,
}

/// Floor of the base in a month (17 §1), in fen.
fn floor(m: Moon) -> i64 {
    match m {
        m if m >= 2026 * 12 => 202_000,
        m if m >= 2024 * 12 + 9 => 190_000,
        _ => 175_000,
    }
}

/// Cap of the base in the fund-year of a month (17 §1), in fen.
fn cap(m: Moon) -> i64 {
    let july = m - (m.rem_euclid(12) - 6).rem_euclid(12);
    match july {
        j if j >= 2025 * 12 + 6 => 2_550_000,
        j if j >= 2024 * 12 + 6 => 2_460_000,
        _ => 2_400_000,
    }
}

/// Both sides of a month: each is base × percent, rounded half up to the yuan (02 §1.5.7).
fn both_sides(base: i64, percent: i64) -> i64 {
    2 * ((base * percent + 5_000) / 10_000 * 100)
}

impl Auditor {
    fn book(&mut self, debit: u32, credit: u32, fen: i64) {
        *self.ledger.entry(debit).or_default() += fen;
        *self.ledger.entry(credit).or_default() -= fen;
    }

    /// Takes over a member with a balance.
    pub fn take_over(&mut self, id: i64, saver: Saver, bank: i64) {
        self.book(leaf(bank), DEPOSITS, saver.balance);
        self.savers.insert(id, saver);
    }

    fn moon(&self) -> Moon {
        self.today.map_or(0, moon)
    }

    /// The latest month an employer paid by a regular list.
    pub fn firm_paid_to(&self, firm: i64) -> Option<Moon> {
        let posted = self.lists.values().filter(|l| l.firm == firm && l.regular && l.fate == Fate::Posted).map(|l| l.month).max();
        posted.max(self.firms.get(&firm).and_then(|f| f.taken_to))
    }

    /// The latest month paid for a member.
    pub fn saver_paid_to(&self, saver: i64) -> Option<Moon> {
        let posted = self.lists.values().filter(|l| l.fate == Fate::Posted && l.lines.contains_key(&saver)).map(|l| l.month).max();
        posted.max(self.savers.get(&saver).and_then(|s| s.taken_to))
    }

    fn next_due(&self, firm: i64) -> Moon {
        self.firm_paid_to(firm).map_or(self.firms.get(&firm).map_or(0, |f| f.first), |m| m + 1)
    }

    /// Lists of an employer that wait for money, oldest month first, then by number.
    pub fn awaiting(&self, firm: i64) -> Vec<(i64, i64)> {
        let mut all: Vec<(Moon, i64, i64)> =
            self.lists.iter().filter(|(_, l)| l.firm == firm && l.fate == Fate::Awaiting).map(|(id, l)| (l.month, *id, l.sum())).collect();
        all.sort_unstable();
        all.into_iter().map(|(_, id, sum)| (id, sum)).collect()
    }

    fn live(&self, firm: i64, month: Moon) -> impl Iterator<Item = &Sheet> {
        self.lists.values().filter(move |l| l.firm == firm && l.month == month && l.fate != Fate::Over)
    }

    /// The lines of a list confirmed now: who is due in the month and stands on no live list of it.
    fn lines(&self, firm: i64, month: Moon) -> BTreeMap<i64, i64> {
        let listed: BTreeSet<i64> = self.live(firm, month).flat_map(|l| l.lines.keys().copied()).collect();
        let percent = self.firms.get(&firm).and_then(|f| Saver::on(&f.rates, month)).unwrap_or(0);
        self.savers
            .iter()
            .filter(|(id, s)| s.due(firm, month) && !listed.contains(id))
            .filter_map(|(id, s)| Saver::on(&s.bases, month).map(|base| (*id, base)))
            .map(|(id, base)| (id, both_sides(base.max(floor(month)).min(cap(month)), percent)))
            .collect()
    }

    fn on_awaiting(&self, saver: i64) -> bool {
        self.lists.values().any(|l| l.fate == Fate::Awaiting && l.lines.contains_key(&saver))
    }

    /// Whether a command is accepted now, as far as that is cheap to say; other cases in flight are not looked at.
    pub fn foresee(&self, deed: &Deed) -> Option<bool> {
        let unpaid = |saver: i64, from: Moon| self.saver_paid_to(saver).is_none_or(|paid| from > paid);
        Some(match deed {
            Deed::Confirm { firm, month, supplementary: false } => {
                // The first month due that has no live list.
                let listed = |m: Moon| self.live(*firm, m).any(|l| l.regular);
                let next = (self.next_due(*firm)..).find(|m| !listed(*m));
                next == Some(*month) && *month <= self.moon() && !self.lines(*firm, *month).is_empty()
            }
            Deed::Confirm { firm, month, supplementary: true } => {
                self.live(*firm, *month).any(|l| l.regular) && *month <= self.moon() && !self.lines(*firm, *month).is_empty()
            }
            Deed::Void { list } => {
                let Some(l) = self.lists.get(list) else { return Some(false) };
                l.fate == Fate::Awaiting && (!l.regular || !self.live(l.firm, l.month).any(|o| !o.regular))
            }
            Deed::Reverse { list } => {
                let Some(l) = self.lists.get(list) else { return Some(false) };
                let later = self.lists.values().any(|o| o.firm == l.firm && o.regular && o.fate == Fate::Posted && o.month > l.month);
                let supplements = self.live(l.firm, l.month).any(|o| !o.regular);
                l.fate == Fate::Posted && (!l.regular || (!later && !supplements))
            }
            Deed::Receipt { serial, .. } => !self.serials.contains(serial),
            Deed::Allocate { receipt, .. } | Deed::SendBack { receipt } => self.strays.get(receipt).is_some_and(|s| s.open),
            Deed::Split { receipt, lines } => self.strays.get(receipt).is_some_and(|s| {
                s.open && s.amount == lines.iter().map(|(_, fen)| fen).sum::<i64>() && lines.iter().all(|(_, fen)| *fen > 0)
            }),
            Deed::Refund { firm, amount, .. } => *amount > 0 && self.firms.get(firm).is_some_and(|f| f.suspense >= *amount),
            Deed::Move { from, to, amount } => from != to && *amount > 0 && self.firms.get(from).is_some_and(|f| f.suspense >= *amount),
            Deed::Seal { saver, from } => self.savers.get(saver)?.sealed.is_none() && !self.on_awaiting(*saver) && unpaid(*saver, *from),
            Deed::Unseal { saver, from } => self.savers.get(saver)?.sealed.is_some_and(|sealed| *from >= sealed) && unpaid(*saver, *from),
            Deed::Rate { firm, from, percent } => {
                let listed = self.lists.values().any(|l| l.firm == *firm && l.fate == Fate::Awaiting && l.month >= *from);
                let now = self.firms.get(firm).and_then(|f| Saver::on(&f.rates, *from));
                *from >= self.next_due(*firm) && !listed && now != Some(*percent) && (5..=12).contains(percent)
            }
            Deed::Base { .. } | Deed::OpenMember { .. } | Deed::Transfer { .. } => return None,
        })
    }

    /// Books a command that was carried out. `new` is the number of what it opened: an account, a list, a receipt without owner.
    ///
    /// # Errors
    /// A sentence, when what it opened is not what the auditor expects.
    pub fn enter(&mut self, deed: &Deed, new: Option<i64>) -> Result<(), String> {
        match deed {
            Deed::OpenMember { firm, base, first, .. } => {
                let id = new.ok_or("no new account")?;
                let saver = Saver { firms: [(*first, *firm)].into(), bases: [(*first, *base)].into(), ..Saver::default() };
                self.savers.insert(id, saver);
            }
            Deed::Seal { saver, from } => self.saver(*saver)?.sealed = Some(*from),
            Deed::Unseal { saver, from } => self.saver(*saver)?.unseal(*from),
            Deed::Transfer { saver, to, from, base } => {
                let saver = self.saver(*saver)?;
                saver.unseal(*from);
                saver.firms.insert(*from, *to);
                saver.bases.insert(*from, *base);
            }
            Deed::Base { lines, from } => {
                for (saver, base) in lines {
                    self.saver(*saver)?.bases.insert(*from, *base);
                }
            }
            Deed::Rate { firm, from, percent } => drop(self.firm(*firm)?.rates.insert(*from, *percent)),
            Deed::Confirm { firm, month, supplementary } => {
                let (id, today) = (new.ok_or("no new list")?, self.today.ok_or("no day")?);
                let lines = self.lines(*firm, *month);
                let sheet = Sheet { firm: *firm, month: *month, regular: !supplementary, lines, fate: Fate::Awaiting, expires: today + 60 };
                self.lists.insert(id, sheet);
                self.settle(*firm)?;
            }
            Deed::Void { list } => self.lists.get_mut(list).ok_or("no such list")?.fate = Fate::Over,
            Deed::Reverse { list } => {
                let sheet = self.lists.get_mut(list).ok_or("no such list")?;
                sheet.fate = Fate::Over;
                let sheet = sheet.clone();
                for (saver, fen) in &sheet.lines {
                    self.saver(*saver)?.balance -= fen;
                }
                self.firm(sheet.firm)?.suspense += sheet.sum();
                self.book(DEPOSITS, SUSPENSE, sheet.sum());
            }
            Deed::Receipt { serial, bank, amount, owner, named_list, .. } => {
                self.serials.insert(serial.clone());
                match owner {
                    Some(firm) => self.receive(*firm, *bank, *amount, *named_list)?,
                    None => {
                        let id = new.ok_or("no new receipt")?;
                        self.strays.insert(id, Stray { bank: *bank, amount: *amount, open: true });
                        self.book(leaf(*bank), UNKNOWN, *amount);
                    }
                }
            }
            Deed::Allocate { receipt, firm } => {
                let amount = self.close_stray(*receipt)?.amount;
                self.assign(*firm, amount)?;
                self.settle(*firm)?;
            }
            Deed::Split { receipt, lines } => {
                self.close_stray(*receipt)?;
                for (firm, amount) in lines {
                    self.assign(*firm, *amount)?;
                }
                let firms: BTreeSet<i64> = lines.iter().map(|(firm, _)| *firm).collect();
                firms.into_iter().try_for_each(|firm| self.settle(firm))?;
            }
            Deed::SendBack { receipt } => {
                let stray = self.close_stray(*receipt)?;
                self.book(UNKNOWN, leaf(stray.bank), stray.amount);
            }
            Deed::Refund { firm, bank, amount } => {
                self.firm(*firm)?.suspense -= amount;
                self.book(SUSPENSE, leaf(*bank), *amount);
            }
            Deed::Move { from, to, amount } => {
                self.firm(*from)?.suspense -= amount;
                self.firm(*to)?.suspense += amount;
                self.settle(*to)?;
            }
        }
        Ok(())
    }

    /// The next business day: lists past their term are over.
    pub fn next_day(&mut self, today: Day) {
        self.today = Some(today);
        for l in self.lists.values_mut().filter(|l| l.fate == Fate::Awaiting && l.expires < today) {
            l.fate = Fate::Over;
        }
    }

    fn firm(&mut self, id: i64) -> Result<&mut Firm, String> {
        self.firms.get_mut(&id).ok_or_else(|| format!("no employer {id}"))
    }

    fn saver(&mut self, id: i64) -> Result<&mut Saver, String> {
        self.savers.get_mut(&id).ok_or_else(|| format!("no member {id}"))
    }

    fn close_stray(&mut self, id: i64) -> Result<Stray, String> {
        let stray = self.strays.get_mut(&id).ok_or_else(|| format!("no receipt {id}"))?;
        stray.open = false;
        Ok(*stray)
    }

    /// Unknown money finds its employer.
    fn assign(&mut self, firm: i64, amount: i64) -> Result<(), String> {
        self.book(UNKNOWN, SUSPENSE, amount);
        self.firm(firm)?.suspense += amount;
        Ok(())
    }

    /// Money of a known employer: exactly the oldest list, unless another was named, else to suspense and from there.
    fn receive(&mut self, firm: i64, bank: i64, amount: i64, named: Option<i64>) -> Result<(), String> {
        match self.awaiting(firm).first() {
            Some((list, sum)) if *sum == amount && named.is_none_or(|n| n == *list) && self.is_due(*list) => {
                self.book(leaf(bank), DEPOSITS, amount);
                self.post(*list)?;
            }
            _ => {
                self.book(leaf(bank), SUSPENSE, amount);
                self.firm(firm)?.suspense += amount;
            }
        }
        self.settle(firm)
    }

    /// No month is left out (02 §1.6.5): a regular list posts in the next month due, a supplementary one after its month.
    fn is_due(&self, list: i64) -> bool {
        self.lists.get(&list).is_some_and(|l| if l.regular { l.month == self.next_due(l.firm) } else { l.month < self.next_due(l.firm) })
    }

    fn post(&mut self, list: i64) -> Result<(), String> {
        let sheet = self.lists.get_mut(&list).ok_or_else(|| format!("no list {list}"))?;
        sheet.fate = Fate::Posted;
        for (saver, fen) in sheet.lines.clone() {
            self.saver(saver)?.balance += fen;
        }
        Ok(())
    }

    /// Whole lists from suspense, oldest first, none overtakes (17 §5).
    fn settle(&mut self, firm: i64) -> Result<(), String> {
        for (list, sum) in self.awaiting(firm) {
            if self.firm(firm)?.suspense < sum || !self.is_due(list) {
                break;
            }
            self.firm(firm)?.suspense -= sum;
            self.book(SUSPENSE, DEPOSITS, sum);
            self.post(list)?;
        }
        Ok(())
    }
}

impl Saver {
    fn unseal(&mut self, from: Moon) {
        if let Some(sealed) = self.sealed.take() {
            self.seals.push((sealed, from - 1));
        }
    }
}
