//! The worked examples of lending: `examples/lending/*.txt`.

use area_lending::{
    Instalment, Method, Schedule, days_interest, penalty_interest, period_interest, schedule, schedule_paying, shortest_term,
};
use core_calendar::Day;
use core_money::{Money, Rate, Rounding};
use testkit::table::{self, Row};

const HALF_UP: Rounding = Rounding::HalfUpFen;

fn instalment(row: &Row) -> Instalment {
    Instalment::of(row.value("principal"), row.value("rate"), row.value("periods")).expect("terms of a loan")
}

#[test]
fn instalments_agree_with_published_payments() {
    table::check("examples/lending/instalment.txt", |row| instalment(row).round(HALF_UP).expect("an amount").to_string());
}

#[test]
fn exact_instalments_agree_to_ten_decimals() {
    table::check("examples/lending/exact.txt", |row| instalment(row).to_decimal(10));
}

#[test]
fn totals_are_published_from_the_unrounded_payment() {
    // X-A2-5: 360 times the exact payment is 626,697.0995.
    let exact = Instalment::of(Money::from_yuan(400_000), "3.25".parse().unwrap(), 360).unwrap();
    let payment: i128 = exact.to_decimal(18).replace('.', "").parse().unwrap();
    let (total, ten_thousandth) = (payment * 360, 10_i128.pow(14));
    assert_eq!((total + ten_thousandth / 2) / ten_thousandth, 6_266_970_995);
    // X-A1-2: what a cut of the rate saves is published from rounded payments.
    let payment = |rate: &str| Instalment::of(Money::from_yuan(800_000), rate.parse().unwrap(), 360).unwrap().round(HALF_UP).unwrap();
    let saved = payment("3.50") - payment("3.25");
    assert_eq!((saved.to_string(), (saved * 360).to_string()), ("110.71".to_owned(), "39855.60".to_owned()));
}

#[test]
fn schedules_agree_with_the_handbook_row_by_row() {
    table::check("examples/lending/schedules.txt", |row| {
        let method = Method::from_key(row.text("method")).expect("a method");
        match schedule(row.value("principal"), row.value("rate"), row.value("periods"), method, HALF_UP) {
            Ok(plan) => show(&plan, row.text("show")),
            Err(error) => error.to_string(),
        }
    });
}

fn show(plan: &Schedule, what: &str) -> String {
    let (first, last) = (&plan.rows[0], &plan.rows[plan.rows.len() - 1]);
    match what {
        "first" => {
            let falls = first.payment - plan.rows[1].payment;
            format!("{} = {} + {}, falls {falls}", first.payment, first.principal, first.interest)
        }
        "summary" => format!(
            "half {}\npayments {} {} {}\nfirst {} {}\ntotal interest {}",
            plan.rows[plan.rows.len() / 2 - 1].balance,
            first.payment,
            plan.rows[1].payment,
            last.payment,
            first.principal,
            first.interest,
            plan.total_interest
        ),
        _ => {
            let wanted = |period: u32| what == "all" || what.split(' ').any(|p| p == period.to_string());
            let mut text = String::new();
            for row in plan.rows.iter().filter(|row| wanted(row.period)) {
                text += &format!("{} {} {} {} {}\n", row.period, row.principal, row.interest, row.payment, row.balance);
            }
            text + &format!("total interest {}", plan.total_interest)
        }
    }
}

/// A loan on its way, as a clerk would follow it with the calculator.
struct Loan {
    plan: Schedule,
    paid: usize,
    balance: Money,
    rate: Rate,
    periods: usize,
    interest: Money,
}

impl Loan {
    fn instalment(&self) -> Money {
        self.plan.rows[0].payment
    }

    fn level(&mut self) {
        let left = u32::try_from(self.periods).unwrap();
        self.plan = schedule(self.balance, self.rate, left, Method::EqualInstalment, HALF_UP).expect("terms of a loan");
        self.paid = 0;
    }

    fn step(&mut self, step: &str) -> String {
        let (verb, figure) = step.split_once(' ').unwrap_or((step, ""));
        let what = match verb {
            "pay" => {
                let until = self.paid + figure.parse::<usize>().unwrap();
                self.interest += self.plan.rows[self.paid..until].iter().map(|row| row.interest).sum();
                let last = self.plan.rows[until - 1];
                (self.balance, self.periods, self.paid) = (last.balance, self.periods - (until - self.paid), until);
                match figure {
                    "1" => format!("balance {}, last {} + {}", self.balance, last.principal, last.interest),
                    _ if self.balance.is_zero() => {
                        format!("balance {}, last {}\ntotal interest {}", self.balance, last.payment, self.interest)
                    }
                    _ => format!("balance {}", self.balance),
                }
            }
            "rate" => {
                self.rate = figure.parse().unwrap();
                self.level();
                format!("instalment {}", self.instalment())
            }
            "prepay" => {
                self.balance -= figure.parse().unwrap();
                format!("balance {}", self.balance)
            }
            "level" => {
                self.level();
                format!("{} left, instalment {}", self.periods, self.instalment())
            }
            "keep" => {
                self.plan = schedule_paying(self.balance, self.rate, self.instalment(), HALF_UP).expect("an end");
                (self.periods, self.paid) = (self.plan.rows.len(), 0);
                let last = self.plan.rows[self.periods - 1];
                format!("{} left, last {}", self.periods, last.payment)
            }
            "shorten" => {
                self.periods = shortest_term(self.balance, self.rate, self.instalment(), HALF_UP).expect("an end") as usize;
                self.level();
                format!("{} left, instalment {}", self.periods, self.instalment())
            }
            "off" => {
                let interest = days_interest(self.balance, self.rate, figure.parse().unwrap(), 360).round(HALF_UP);
                format!("interest {interest}, total {}", self.balance + interest)
            }
            other => panic!("no step {other}"),
        };
        format!("{step}: {what}")
    }
}

#[test]
fn resets_and_early_repayments_agree_with_the_handbook() {
    table::check("examples/lending/events.txt", |row| {
        let (principal, rate, periods) = (row.value("principal"), row.value("rate"), row.value("periods"));
        let plan = schedule(principal, rate, periods, Method::EqualInstalment, HALF_UP).expect("terms of a loan");
        let mut loan = Loan { plan, paid: 0, balance: principal, rate, periods: periods as usize, interest: Money::ZERO };
        let mut lines = vec![format!("instalment {}", loan.instalment())];
        lines.extend(row.text("steps").split("; ").map(|step| loan.step(step)));
        lines.join("\n")
    });
}

#[test]
fn broken_days_and_penalty_agree_with_the_handbook() {
    table::check("examples/lending/days.txt", |row| {
        let days = match row.get("days") {
            Some(days) => days.parse().unwrap(),
            None => u32::try_from(row.value::<Day>("from").days_until(row.value("until"))).unwrap(),
        };
        let (amount, rate) = (row.value("amount"), row.value("rate"));
        let exact = match row.text("kind") {
            "penalty" => penalty_interest(amount, rate, Rate::from_percent(150), days, 360),
            _ => days_interest(amount, rate, days, 360),
        };
        format!("{days} days {}", exact.round(HALF_UP))
    });
}

#[test]
fn a_whole_period_bears_a_twelfth() {
    let interest = period_interest(Money::from_yuan(600_000), "2.6".parse().unwrap());
    assert_eq!(interest.round(HALF_UP), Money::from_yuan(1_300));
}

#[test]
fn a_payment_below_the_first_interest_has_no_end() {
    use area_lending::TermsError::TooSmall;
    let (principal, rate) = (Money::from_yuan(600_000), "2.6".parse().unwrap());
    for payment in [Money::ZERO, Money::from_yuan(1_300)] {
        assert_eq!(schedule_paying(principal, rate, payment, HALF_UP), Err(TooSmall));
        assert_eq!(shortest_term(principal, rate, payment, HALF_UP), Err(TooSmall));
    }
}

#[test]
fn a_schedule_is_strings_of_yuan_in_json() {
    let plan = schedule(Money::from_yuan(10_000), "4.14".parse().unwrap(), 7, Method::Bullet, HALF_UP).unwrap();
    let json = r#"{"rows":[{"period":7,"payment":"10241.50","principal":"10000.00","interest":"241.50","balance":"0.00"}],"total_interest":"241.50"}"#;
    assert_eq!(serde_json::to_string(&plan).unwrap(), json);
}
