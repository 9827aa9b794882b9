//! Lists paid from suspense (未分摊汇补缴): oldest month first, then list number; never in part, none overtakes (handbook 17 §5).

use core_case::effect::{Change, Effects, Source, ValueDay};
use core_case::nouns::{EmployerFacts, ListHead};
use core_case::state::EmployerState;
use core_money::Money;

/// Posts the employer's awaiting lists while `suspense` covers the oldest of them; returns what is left.
///
/// Call it last in an action that lets suspense grow or adds a list: the money is then in the books of the same case.
pub fn settle_from_suspense(then: &mut Effects, employer: &EmployerFacts, awaiting: &[ListHead], mut suspense: Money) -> Money {
    let mut state = employer.state;
    for list in awaiting {
        if list.binding.sum > suspense {
            break;
        }
        then.post_list(list.binding, Source::Suspense, ValueDay::Commit);
        suspense -= list.binding.sum;
        first_posting(then, employer, &mut state);
    }
    suspense
}

/// The first list posted makes an employer normal (handbook 02 §1.15).
pub fn first_posting(then: &mut Effects, employer: &EmployerFacts, state: &mut EmployerState) {
    if *state == EmployerState::Opening {
        then.state(Change::Employer(employer.id, EmployerState::Opening, EmployerState::Normal));
        *state = EmployerState::Normal;
    }
}
