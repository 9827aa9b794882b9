//! Lists paid (分摊入账): oldest month first, then list number; never in part, none overtakes (handbook 17 §5).

use core_case::effect::{Change, Effects, Source, ValueDay};
use core_case::nouns::{EmployerFacts, ListHead};
use core_case::state::EmployerState;
use core_money::Money;

/// An employer whose lists are paid in this case.
pub struct Payer<'a> {
    employer: &'a EmployerFacts,
    state: EmployerState,
}

impl<'a> Payer<'a> {
    /// Before anything is paid.
    pub fn new(employer: &'a EmployerFacts) -> Payer<'a> {
        Payer { employer, state: employer.state }
    }

    /// Posts a list; the first one posted makes an employer normal (handbook 02 §1.15).
    pub fn post(&mut self, then: &mut Effects, list: &ListHead, source: Source, value: ValueDay) {
        then.post_list(list.binding, source, value);
        if self.state == EmployerState::Opening {
            then.state(Change::Employer(self.employer.id, EmployerState::Opening, EmployerState::Normal));
            self.state = EmployerState::Normal;
        }
    }

    /// Posts awaiting lists, oldest first, while `suspense` covers the next of them; returns what is left.
    ///
    /// Call it last in an action that lets suspense grow or adds a list: the money is then in the books of the same case.
    pub fn settle(&mut self, then: &mut Effects, awaiting: &[ListHead], mut suspense: Money) -> Money {
        for list in awaiting {
            if list.binding.sum > suspense {
                break;
            }
            self.post(then, list, Source::Suspense, ValueDay::Commit);
            suspense -= list.binding.sum;
        }
        suspense
    }
}
