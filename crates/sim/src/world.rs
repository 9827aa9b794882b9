//! The invented world: employers of many sizes, their people, what each earns and has saved. Pure from a seed.

use core_calendar::{Day, Month};
use core_identity::{BankCard, CitizenNumber, CreditCode};
use core_money::Money;
use fastrand::Rng;

use crate::names::{self, BRANCHES, Nature};

/// How large: 1 is 3,300 employers and 135,000 members with 86.4 亿元 (handbook 15 §1).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// In thousandths of the full size.
    pub thousandths: u32,
}

impl Scale {
    /// From a decimal text such as `0.1`; none below 0.001 or above 10.
    pub fn parse(text: &str) -> Option<Scale> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        if whole.is_empty() || whole.len() > 2 || part.len() > 3 || !format!("{whole}{part}").bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let thousandths = whole.parse::<u32>().ok()? * 1_000 + format!("{part:0<3}").parse::<u32>().ok()?;
        (1..=10_000).contains(&thousandths).then_some(Scale { thousandths })
    }

    fn of(self, full: u64) -> usize {
        usize::try_from((full * u64::from(self.thousandths) + 500) / 1_000).unwrap_or(usize::MAX).max(1)
    }

    /// Employers.
    pub fn employers(self) -> usize {
        self.of(3_300).max(10)
    }
    /// Members who are paid for.
    pub fn members(self) -> usize {
        self.of(135_000).max(self.employers())
    }
    /// Members' money at the opening.
    pub fn balance(self) -> Money {
        Money::from_yuan(8_640_000 * i64::from(self.thousandths))
    }
}

/// A person.
#[derive(Clone, Debug)]
pub struct Person {
    /// Number taken over from the old core.
    pub savings: i64,
    /// Name.
    pub name: String,
    /// Identity number, invented, with a right check digit.
    pub id_number: String,
    /// Mobile, invented.
    pub mobile: String,
    /// Card, invented.
    pub card: String,
    /// Base.
    pub base: Money,
    /// Balance at the opening.
    pub balance: Money,
    /// Sealed at the opening.
    pub sealed: bool,
    /// Opened.
    pub opened: Day,
}

/// How an employer pays, drawn once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Habit {
    /// Exactly, with the business number in the remark.
    Number,
    /// Exactly, with its own account number in the summary, in full-width digits.
    FullWidth,
    /// Exactly, with nothing but its name as payer.
    NameOnly,
    /// In two parts.
    TwoParts,
    /// Short first, topped up days later.
    ShortFirst,
    /// Rounded up to the next hundred.
    Over,
    /// From a payer nobody knows, without any number.
    Stranger,
}

/// An employer.
#[derive(Clone, Debug)]
pub struct Employer {
    /// Place in the world.
    pub index: usize,
    /// Name.
    pub name: String,
    /// Credit code, invented, with a right check digit.
    pub code: String,
    /// Branch, 0 to 9.
    pub branch: usize,
    /// Kind.
    pub nature: Nature,
    /// Rate of each side in percent.
    pub rate: u32,
    /// Pay day.
    pub pay_day: u32,
    /// Working day of the month on which it reports, from 1.
    pub reports_on: u32,
    /// How it pays.
    pub habit: Habit,
    /// Fund bank account it pays to, 1 to 4.
    pub bank: i64,
    /// Paid by finance.
    pub fiscal: bool,
    /// Its people.
    pub people: Vec<Person>,
    /// Handler's name, identity number and mobile.
    pub handler: (String, String, String),
    /// Representative's name and identity number.
    pub representative: (String, String),
}

/// The world.
#[derive(Clone, Debug)]
pub struct World {
    /// From which seed.
    pub seed: u64,
    /// How large.
    pub scale: Scale,
    /// Opening day.
    pub opens: Day,
    /// Employers.
    pub employers: Vec<Employer>,
    serial: u32,
}

impl World {
    /// Invents a world that opens on a day.
    pub fn invent(scale: Scale, seed: u64, opens: Day) -> World {
        let mut rng = Rng::with_seed(seed ^ 0x05EE_D0FA_4A11);
        let mut world = World { seed, scale, opens, employers: Vec::new(), serial: 0 };
        let sizes = sizes(&mut rng, scale.employers(), scale.members());
        for (index, size) in sizes.into_iter().enumerate() {
            let employer = world.employer(&mut rng, index, size);
            world.employers.push(employer);
        }
        world.share_balance(&mut rng);
        world
    }

    /// Employers for so many members, whose people are not invented yet, and how many each will have: a month of a million lines
    /// does not fit into memory as people.
    pub fn of_employers(members: usize, seed: u64, opens: Day) -> (World, Vec<usize>) {
        let mut rng = Rng::with_seed(seed ^ 0x05EE_D0FA_4A12);
        let mut world = World { seed, scale: Scale { thousandths: 1 }, opens, employers: Vec::new(), serial: 0 };
        // As many to an employer as at scale 1.
        let sizes = sizes(&mut rng, (members * 3_300 / 135_000).max(1), members);
        for index in 0..sizes.len() {
            let employer = world.employer(&mut rng, index, 0);
            world.employers.push(employer);
        }
        (world, sizes)
    }

    fn employer(&mut self, rng: &mut Rng, index: usize, size: usize) -> Employer {
        let branch = weighted(rng, &BRANCHES.map(|(_, _, w)| w));
        let nature = [Nature::State, Nature::StateFirm, Nature::Private][weighted(rng, &[50, 20, 30])];
        let place = BRANCHES[branch].0.trim_end_matches("管理部");
        let rate = match nature {
            Nature::State => 12,
            Nature::StateFirm => [10, 12][weighted(rng, &[40, 60])],
            Nature::Private => [5, 6, 7, 8, 10, 12][weighted(rng, &[30, 10, 10, 20, 20, 10])],
        };
        let habit = [Habit::Number, Habit::FullWidth, Habit::NameOnly, Habit::TwoParts, Habit::ShortFirst, Habit::Over, Habit::Stranger]
            [weighted(rng, &[820, 60, 50, 15, 20, 25, 10])];
        // One in three accounts is sealed (handbook 15 §3): for two people paid for there is another account kept.
        let sealed = size * 45 / 100;
        let people = (0..size + sealed).map(|i| self.person(rng, nature, i >= size)).collect();
        let (handler, handler_id) = (names::person(rng), self.identity(rng, 25, 55));
        let (chief, chief_id) = (names::person(rng), self.identity(rng, 35, 60));
        Employer {
            index,
            name: names::employer(rng, nature, place, index + 1),
            code: credit_code(rng, nature, BRANCHES[branch].1, index),
            branch,
            nature,
            rate,
            pay_day: rng.u32(5..=20),
            reports_on: rng.u32(3..=12),
            habit,
            bank: rng.i64(1..=4),
            fiscal: nature == Nature::State,
            people,
            handler: (handler, handler_id, mobile(90_000_000 + index as u32)),
            representative: (chief, chief_id),
        }
    }

    /// A person; wages follow the kind of employer.
    pub fn person(&mut self, rng: &mut Rng, nature: Nature, sealed: bool) -> Person {
        self.serial += 1;
        let serial = self.serial;
        let middle = match nature {
            Nature::State => 8_200,
            Nature::StateFirm => 7_800,
            Nature::Private => 5_200,
        };
        // Three draws make wages cluster around the middle with a long tail above.
        let spread = (rng.i64(40..=160) + rng.i64(60..=140) + rng.i64(70..=130)) / 3;
        let base = (middle * spread / 100).clamp(1_900, 25_000);
        let opened = self.opens + -rng.i32(200..=9_000);
        Person {
            savings: 990_000_000_000_000 + i64::from(serial),
            name: names::person(rng),
            id_number: self.identity(rng, 20, 59),
            mobile: mobile(serial),
            card: BankCard::with_check_digit(&format!("62100000{serial:010}")).map(|c| c.reveal().to_owned()).unwrap_or_default(),
            base: Money::from_yuan(base),
            balance: Money::ZERO,
            sealed,
            opened,
        }
    }

    fn identity(&mut self, rng: &mut Rng, youngest: i32, oldest: i32) -> String {
        self.serial += 1;
        let years = rng.i32(youngest..=oldest);
        let birth = self.opens + -(years * 365 + rng.i32(0..365));
        // The sequence repeats every thousand people of one birth day and place, so places vary with the serial.
        let place = 530_000 + (self.serial / 1_000) % 3_400 * 7 % 3_400;
        let digits = format!("{place:06}{}{:03}", birth.compact(), self.serial % 1_000);
        CitizenNumber::with_check_digit(&digits).map(|n| n.reveal().to_owned()).unwrap_or(digits)
    }

    /// Shares the opening balance by wages and years, to the fen; what is left goes to the last.
    fn share_balance(&mut self, rng: &mut Rng) {
        let opens = self.opens;
        let weight = |p: &Person, draw: i64| {
            let days = i64::from(p.opened.days_until(opens));
            p.base.fen() / 1_000 * days.min(4_000) * draw / if p.sealed { 400 } else { 100 }
        };
        let draws: Vec<i64> = self.employers.iter().flat_map(|e| &e.people).map(|p| weight(p, rng.i64(40..=160)).max(1)).collect();
        let all: i128 = draws.iter().map(|d| i128::from(*d)).sum();
        let total = self.scale.balance();
        let mut left = total;
        let last = draws.len() - 1;
        for (i, (person, draw)) in self.employers.iter_mut().flat_map(|e| &mut e.people).zip(&draws).enumerate() {
            let share = i64::try_from(i128::from(total.fen()) * i128::from(*draw) / all).unwrap_or(0);
            person.balance = if i == last { left } else { Money::from_fen(share) };
            left -= person.balance;
        }
    }

    /// People paid for at the opening.
    pub fn members(&self) -> usize {
        self.employers.iter().flat_map(|e| &e.people).filter(|p| !p.sealed).count()
    }

    /// The month before the opening: paid to then.
    pub fn paid_to(&self) -> Month {
        Month::of(self.opens).pred()
    }
}

/// Sizes of employers: many small, few large, in sum the members.
fn sizes(rng: &mut Rng, employers: usize, members: usize) -> Vec<usize> {
    let weights: Vec<u64> = (0..employers)
        .map(|_| {
            let draw = rng.u64(1..=1_000);
            // A long tail: one in fifty is twenty times the middle.
            match draw {
                981.. => rng.u64(400..=1_200),
                801.. => rng.u64(80..=300),
                401.. => rng.u64(25..=80),
                _ => rng.u64(5..=25),
            }
        })
        .collect();
    let all: u64 = weights.iter().sum();
    let mut sizes: Vec<usize> = weights.iter().map(|w| ((w * members as u64) / all).max(1) as usize).collect();
    let mut sum: usize = sizes.iter().sum();
    let mut at = 0;
    while sum != members {
        let i = at % employers;
        if sum < members {
            sizes[i] += 1;
            sum += 1;
        } else if sizes[i] > 1 {
            sizes[i] -= 1;
            sum -= 1;
        }
        at += 1;
    }
    sizes
}

fn weighted(rng: &mut Rng, weights: &[u32]) -> usize {
    let mut draw = rng.u32(0..weights.iter().sum());
    for (i, w) in weights.iter().enumerate() {
        if draw < *w {
            return i;
        }
        draw -= w;
    }
    weights.len() - 1
}

/// A mobile number of an invented series, different for every serial below a hundred million.
fn mobile(serial: u32) -> String {
    format!("199{serial:08}")
}

fn credit_code(rng: &mut Rng, nature: Nature, division: &str, index: usize) -> String {
    let kind = match nature {
        Nature::State => ["11", "12"][rng.usize(0..2)],
        _ => "91",
    };
    let organisation = core_identity::OrganisationCode::with_check_digit(&format!("X{index:07}")).map(|o| o.as_str().to_owned());
    let body = format!("{kind}{division}{}", organisation.unwrap_or_else(|_| format!("X{index:07}0")));
    CreditCode::with_check_digit(&body).map(|c| c.as_str().to_owned()).unwrap_or(body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn a_world_is_the_same_from_the_same_seed_and_its_numbers_are_unique() {
        let opens = Day::parse("2025-07-01").unwrap();
        let scale = Scale::parse("0.02").unwrap();
        let (a, b) = (World::invent(scale, 7, opens), World::invent(scale, 7, opens));
        assert_eq!((a.employers.len(), a.members()), (66, 2_700));
        let ids = |w: &World| w.employers.iter().flat_map(|e| &e.people).map(|p| p.id_number.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&a), ids(&b));
        assert_eq!(ids(&a).iter().collect::<HashSet<_>>().len(), ids(&a).len());
        let people = || a.employers.iter().flat_map(|e| &e.people);
        assert_eq!(people().map(|p| p.balance).sum::<Money>(), scale.balance());
        assert!(people().all(|p| CitizenNumber::parse(&p.id_number).is_ok() && !p.balance.is_negative()));
        assert!(a.employers.iter().all(|e| CreditCode::parse(&e.code).is_ok()));
        assert_eq!(a.employers.iter().map(|e| &e.name).collect::<HashSet<_>>().len(), 66);
    }

    #[test]
    fn scales_are_read_as_written() {
        assert_eq!(Scale::parse("1").unwrap().members(), 135_000);
        assert_eq!(Scale::parse("0.1").unwrap().employers(), 330);
        assert_eq!(Scale::parse("0.1").unwrap().balance(), Money::from_yuan(864_000_000));
        for wrong in ["", "0", "-1", "0.0001", "11", "a", ".5", "1e1"] {
            assert_eq!(Scale::parse(wrong), None, "{wrong}");
        }
    }
}
