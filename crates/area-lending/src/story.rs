//! The story of a loan (贷款推演): its periods and events played in order of day.

use core_calendar::Day;
use core_money::Money;

use crate::convention::actual_days;
use crate::loan::{Loan, Paid, PrepaymentChoice, StepError, Terms};

/// Something that happens to a loan besides its instalments being paid on time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub on: Day,
    /// What.
    pub what: What,
}

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The period due on this day is not paid (未还).
    Miss,
    /// What is owed, or this much of it, is paid (还款). On a due day it stands in the place of the instalment.
    Pay(Option<Money>),
    /// Part of the loan is repaid early (部分提前还款).
    Prepay(Money, PrepaymentChoice),
    /// Settlement (结清).
    Settle,
}

impl What {
    /// Key in commands and JSON.
    pub const fn key(self) -> &'static str {
        match self {
            What::Miss => "miss",
            What::Pay(_) => "pay",
            What::Prepay(..) => "prepay",
            What::Settle => "settle",
        }
    }

    /// Name on screens.
    pub const fn term(self) -> &'static str {
        match self {
            What::Miss => "未还",
            What::Pay(_) => "还款",
            What::Prepay(..) => "提前还款",
            What::Settle => "结清",
        }
    }
}

/// A row of the story: a period or an event, with what was paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoryRow {
    /// The event; none for a period.
    pub event: Option<What>,
    /// The period, or the last one that had fallen due.
    pub period: u32,
    /// Due day of the period, or day of the event.
    pub day: Day,
    /// Days that bore interest; of a payment, days the oldest period was late.
    pub days: u32,
    /// What was paid.
    pub paid: Paid,
    /// Principal still owed after it (贷款余额).
    pub balance: Money,
    /// Overdue principal and interest after it (逾期本息).
    pub overdue: Money,
}

/// A story told to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// Periods and events in order of day; on one day the period first.
    pub rows: Vec<StoryRow>,
    /// Everything paid.
    pub paid: Paid,
    /// Periods that fell due.
    pub periods: u32,
}

/// Why a story cannot be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stuck {
    /// Index of the event; none where the terms themselves are at fault.
    pub event: Option<usize>,
    /// Why.
    pub why: StuckError,
}

/// What the story is stuck at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StuckError {
    /// Not after the disbursement.
    #[error("应晚于放款日 {0}")]
    TooEarly(Day),
    /// A miss on a day nothing falls due.
    #[error("当日没有到期的期次")]
    NotDue,
    /// The step itself.
    #[error(transparent)]
    Step(#[from] StepError),
}

/// Plays the loan from its disbursement: each period is paid on its due day, with all arrears, unless an event of that day says
/// otherwise. Events may come in any order of the list; those of one day happen in theirs.
///
/// Errors: the first event that cannot happen, or the terms.
pub fn story(terms: Terms, events: &[Event]) -> Result<Story, Stuck> {
    let start = terms.disbursed_on;
    let at = |event: usize| move |why: StepError| Stuck { event: Some(event), why: why.into() };
    let mut order: Vec<usize> = (0..events.len()).collect();
    order.sort_by_key(|event| events[*event].on);
    if let Some(early) = order.iter().copied().find(|event| events[*event].on <= start) {
        return Err(Stuck { event: Some(early), why: StuckError::TooEarly(start) });
    }
    let mut loan = Loan::disbursed(terms).map_err(|why| Stuck { event: None, why: why.into() })?;
    let mut told = Story { rows: Vec::new(), paid: Paid::default(), periods: 0 };
    let mut order = order.into_iter().peekable();
    loop {
        let next = loan.next();
        let event = order.next_if(|event| next.is_none_or(|(_, due)| events[*event].on < due));
        if let Some(event) = event {
            let Event { on, what } = events[event];
            let days = days_of(&loan, on, what);
            let paid = match what {
                What::Miss => return Err(Stuck { event: Some(event), why: StuckError::NotDue }),
                What::Pay(amount) => loan.pay(on, amount),
                What::Prepay(amount, choice) => loan.prepay(on, amount, choice),
                What::Settle => loan.settle(on),
            };
            told.row(&loan, Some(what), on, days, paid.map_err(at(event))?);
            continue;
        }
        let Some((_, due)) = next else { break };
        let days = actual_days(loan.counted_to(), due);
        loan.fall_due().map_err(|why| Stuck { event: None, why: why.into() })?;
        told.periods += 1;
        let today = |event: &usize| events[*event].on == due;
        let replaced = order.peek().filter(|event| today(event)).map(|event| events[*event].what);
        let paid = match replaced {
            Some(What::Miss | What::Pay(_)) => Paid::default(),
            _ if loan.arrears().is_empty() => Paid::default(),
            _ => loan.pay(due, None).map_err(|why| Stuck { event: None, why: why.into() })?,
        };
        told.row(&loan, None, due, days, paid);
        if let Some(event) = order.next_if(|event| today(event) && events[*event].what == What::Miss) {
            told.row(&loan, Some(events[event].what), due, 0, Paid::default());
        }
    }
    Ok(told)
}

/// Days of an event: late ones of a payment, else those since the last due day.
fn days_of(loan: &Loan, on: Day, what: What) -> u32 {
    match what {
        What::Pay(_) => loan.arrears().first().map_or(0, |arrear| actual_days(arrear.due, on)),
        _ => actual_days(loan.counted_to(), on),
    }
}

impl Story {
    fn row(&mut self, loan: &Loan, event: Option<What>, day: Day, days: u32, paid: Paid) {
        self.paid.principal += paid.principal;
        self.paid.interest += paid.interest;
        self.paid.penalty += paid.penalty;
        self.rows.push(StoryRow { event, period: loan.period(), day, days, paid, balance: loan.balance(), overdue: loan.overdue() });
    }
}
