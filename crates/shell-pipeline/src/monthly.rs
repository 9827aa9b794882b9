//! 当月清册 The list that an employer's dated history makes for a month, before anybody confirms it.
//!
//! The same amounts as `collection.remittance.confirm` computes; whoever stands on a live list of the month already is left out
//! (handbook 02 §1.6.15, §1.6.18). Shown on the desk beside last month; nothing here decides whether it may be confirmed.

use std::collections::HashSet;

use core_calendar::Month;
use core_case::ids::{EmployerId, SavingsId};
use core_case::nouns::{self, Answer, EmployerFacts, MonthFacts, Noun};
use core_money::{Money, Rate};
use shell_store::facts;
use shell_store::views::lists::LineRow;

use crate::centre::Centre;
use crate::command::PipelineError;
use crate::import::amounts::Amounts;

/// A month of an employer as its history makes it.
#[derive(Clone, Debug)]
pub struct Monthly {
    /// The employer.
    pub employer: EmployerFacts,
    /// Rates in force in the month; none before the first.
    pub rates: Option<(Rate, Rate)>,
    /// Who is to be paid for and stands on no live list yet, by account number.
    pub lines: Vec<LineRow>,
    /// The lists, people and last month that were read.
    pub month: MonthFacts,
}

impl Monthly {
    /// The amount that confirming would make due.
    pub fn due(&self) -> Money {
        self.lines.iter().map(LineRow::total).sum()
    }
}

impl Centre {
    /// The list that a month's dated history makes; none when there is no such employer.
    ///
    /// # Errors
    /// When policy has no rule for the month, or the database does not answer.
    pub async fn monthly(&self, employer: EmployerId, of: Month) -> Result<Option<Monthly>, PipelineError> {
        let asks = [nouns::Employer(employer).ask(), nouns::EmployerMonth(employer, of).ask()];
        let mut answers = facts::load(&self.store, &asks).await?.answers.into_iter();
        let (Some(Answer::Employer(Some(employer))), Some(Answer::EmployerMonth(month))) = (answers.next(), answers.next()) else {
            return Ok(None);
        };
        let rates = employer.rates.on(of);
        let listed: HashSet<SavingsId> = month.listed.iter().copied().collect();
        let mut lines = Vec::with_capacity(month.people.len());
        if let Some(rates) = rates
            && !month.people.is_empty()
        {
            let amounts = Amounts::of(self, of)?;
            for person in month.people.iter().filter(|p| !listed.contains(&p.savings)) {
                let (employer_amount, member_amount) = amounts.sides(person.base, rates);
                let base = amounts.base(person.base);
                lines.push(LineRow { savings: person.savings, base, employer_amount, member_amount, change: person.change });
            }
        }
        lines.sort_by_key(|line| line.savings);
        Ok(Some(Monthly { employer, rates, lines, month }))
    }
}
