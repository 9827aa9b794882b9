//! Lists paid (分摊入账): oldest month first, then list number; never in part, none overtakes (handbook 17 §5), and no month is left
//! out: a list waits for the months before it also when their lists expired, were voided or reversed (handbook 02 §1.6.5).

use core_calendar::Month;
use core_case::effect::{Change, Effects, Source, ValueDay};
use core_case::nouns::{EmployerFacts, ListHead};
use core_case::state::EmployerState;
use core_case::things::ListKind;
use core_money::Money;

/// An employer whose lists are paid in this case.
pub struct Payer<'a> {
    employer: &'a EmployerFacts,
    state: EmployerState,
    /// The next month due.
    next: Month,
}

impl<'a> Payer<'a> {
    /// Before anything is paid.
    pub fn new(employer: &'a EmployerFacts) -> Payer<'a> {
        Payer { employer, state: employer.state, next: employer.next_month() }
    }

    /// Whether it is a list's turn: a regular list's in the next month due, a supplementary one's once its month is paid.
    pub fn is_due(&self, list: &ListHead) -> bool {
        match list.kind {
            ListKind::Regular => list.binding.month == self.next,
            ListKind::Supplementary => list.binding.month < self.next,
        }
    }

    /// Posts a list; the first one posted makes an employer normal (handbook 02 §1.15).
    pub fn post(&mut self, then: &mut Effects, list: &ListHead, source: Source, value: ValueDay) {
        then.post_list(list.binding, source, value);
        if list.kind == ListKind::Regular {
            self.next = list.binding.month.succ();
        }
        if self.state == EmployerState::Opening {
            then.state(Change::Employer(self.employer.id, EmployerState::Opening, EmployerState::Normal));
            self.state = EmployerState::Normal;
        }
    }

    /// Posts awaiting lists, oldest first, while it is their turn and `suspense` covers the next of them; returns what is left.
    ///
    /// Call it last in an action that lets suspense grow or adds a list: the money is then in the books of the same case.
    pub fn settle(&mut self, then: &mut Effects, awaiting: &[ListHead], mut suspense: Money) -> Money {
        for list in awaiting {
            if list.binding.sum > suspense || !self.is_due(list) {
                break;
            }
            self.post(then, list, Source::Suspense, ValueDay::Commit);
            suspense -= list.binding.sum;
        }
        suspense
    }
}
