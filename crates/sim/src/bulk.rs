//! A month of a benchmark: as many members as wanted, each on one list, each list paid exactly once.
//!
//! People are invented employer by employer and forgotten when they have their account, so that a million of them need no room.
//! Parts are asked for one after the other by whoever measures: open, hire, confirm, pay.

use core_calendar::{Day, Month as CalendarMonth};
use core_money::Money;
use fastrand::Rng;
use serde_json::json;

use crate::driver::{Driver, Given, Order, Told, Who};
use crate::world::World;
use crate::year::{bank_number, employer_form, number};

/// Employers opened, or officers enrolled, by one order.
const AT_ONCE: usize = 500;

/// A month of lists to be confirmed and paid.
pub struct Month {
    world: World,
    sizes: Vec<usize>,
    numbers: Vec<i64>,
    rng: Rng,
}

impl Month {
    /// A month of so many members, in a centre that opens on a day.
    pub fn of(members: usize, seed: u64, opens: Day) -> Month {
        let (world, sizes) = World::of_employers(members, seed, opens);
        Month { world, sizes, numbers: Vec::new(), rng: Rng::with_seed(seed ^ 0x0B0B_0B0B) }
    }

    /// Employers, and so lists.
    pub fn employers(&self) -> usize {
        self.sizes.len()
    }

    fn month(&self) -> CalendarMonth {
        CalendarMonth::of(self.world.opens)
    }

    fn key(&self, what: &str) -> String {
        format!("month:{}:{what}", self.world.seed)
    }

    /// Opens the employers and their officers; `told` hears how many there are.
    ///
    /// # Errors
    /// When the centre cannot be asked, or refuses.
    pub async fn open<D: Driver>(&mut self, driver: &mut D, told: &mut dyn FnMut(usize)) -> Result<(), Given> {
        let first = self.month();
        let mut done = 0;
        for branch in 0..crate::names::BRANCHES.len() {
            let forms: Vec<_> = self.world.employers.iter().filter(|e| e.branch == branch).map(|e| employer_form(e, first)).collect();
            for (n, lines) in forms.chunks(AT_ONCE).enumerate() {
                let order = Order {
                    who: Who::Clerk(branch),
                    action: "collection.employer.import",
                    form: json!({ "lines": lines }),
                    key: self.key(&format!("open:{branch}:{n}")),
                };
                match driver.orders(vec![order], &mut |_| {}).await?.pop() {
                    Some(Told::Waiting(case)) => driver.approve(&[Who::Reviewer(branch)], case).await?,
                    other => return Err(Given(format!("{other:?}"))),
                }
                done += lines.len();
                told(done);
            }
        }
        let known = driver.employers().await?;
        let numbers: std::collections::HashMap<String, i64> = known.into_iter().map(|(id, name)| (name, id)).collect();
        self.numbers = self.world.employers.iter().map(|e| numbers.get(&e.name).copied().unwrap_or(0)).collect();
        let officers: Vec<(usize, i64)> = self.numbers.iter().copied().enumerate().collect();
        for some in officers.chunks(AT_ONCE) {
            driver.officers(some).await?;
        }
        Ok(())
    }

    /// Opens an account for every member; `told` hears how many have theirs.
    ///
    /// # Errors
    /// As [`Month::open`].
    pub async fn hire<D: Driver>(&mut self, driver: &mut D, told: &mut dyn FnMut(usize)) -> Result<(), Given> {
        let month = self.month();
        let (mut orders, mut people, mut done) = (Vec::new(), 0, 0);
        for i in 0..self.sizes.len() {
            let nature = self.world.employers[i].nature;
            let mut lines = Vec::with_capacity(self.sizes[i]);
            for _ in 0..self.sizes[i] {
                let p = self.world.person(&mut self.rng, nature, false);
                lines.push(json!({
                    "employer": number(self.numbers[i]), "name": p.name, "id_kind": "01", "id_number": p.id_number, "mobile": p.mobile,
                    "base": p.base.max(Money::from_yuan(2_100)).to_string(), "first_month": month.to_string(), "card": p.card,
                    "card_bank": "青岚农商银行",
                }));
            }
            people += lines.len();
            let key = self.key(&format!("hire:{i}"));
            orders.push(Order { who: Who::Officer(i), action: "collection.member.import", form: json!({ "lines": lines }), key });
            if people >= 10_000 || i + 1 == self.sizes.len() {
                given(driver, std::mem::take(&mut orders)).await?;
                done += std::mem::take(&mut people);
                told(done);
            }
        }
        Ok(())
    }

    /// The orders by which some employers confirm their lists, in the order of their places.
    pub fn confirmations(&self, of: std::ops::Range<usize>) -> Vec<Order> {
        let month = self.month();
        of.map(|i| Order {
            who: Who::Officer(i),
            action: "collection.remittance.confirm",
            form: json!({ "employer": number(self.numbers[i]), "month": month.to_string() }),
            key: self.key(&format!("list:{i}")),
        })
        .collect()
    }

    /// The bank's lines that pay all lists exactly, as six in seven employers pay: with the business number in the remark.
    ///
    /// # Errors
    /// When the centre cannot be asked.
    pub async fn payments<D: Driver>(&self, driver: &mut D) -> Result<Vec<Order>, Given> {
        let place: std::collections::HashMap<i64, usize> = self.numbers.iter().enumerate().map(|(i, n)| (*n, i)).collect();
        let day = self.world.opens;
        let awaiting = driver.awaiting().await?;
        let pay = awaiting.iter().enumerate().filter_map(|(n, a)| {
            let e = &self.world.employers[*place.get(&a.employer)?];
            let line = json!({
                "account": bank_number(e.bank), "host_serial": format!("HS{n:012}"), "amount": a.due.to_string(),
                "day": day.to_string(), "payer_account": format!("6200000000{:06}", n % 1_000_000),
                "payer_name": e.name, "summary": "代发单位汇缴", "remark": format!("汇缴 {}", number(a.list)),
            });
            let key = self.key(&format!("receipt:{n}"));
            Some(Order { who: Who::Batch, action: "collection.receipt.record", form: line, key })
        });
        Ok(pay.collect())
    }
}

/// Gives orders that must all be carried out.
///
/// # Errors
/// The first one that is not, with its reason.
pub async fn given<D: Driver>(driver: &mut D, orders: Vec<Order>) -> Result<(), Given> {
    let answers = driver.orders(orders, &mut |_| {}).await?;
    match answers.into_iter().find(|answer| *answer != Told::Done) {
        None => Ok(()),
        Some(other) => Err(Given(format!("{other:?}"))),
    }
}
