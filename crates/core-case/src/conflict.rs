//! In-flight conflicts (在途互斥), declared once as a table and checked in one place.
//!
//! A case names what it concerns and in which class. An account lies within its employer: a case about the account meets
//! cases about the employer and the other way round.

use crate::effect::Subject;

/// Class of business, for conflicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, core_case_derive::Choice)]
pub enum Class {
    /// Employer's registration, state or closing.
    #[choice("employer", "单位变更")]
    Employer,
    /// Opening and moving of members.
    #[choice("member", "人员变更")]
    Member,
    /// Base or rate.
    #[choice("base", "基数比例")]
    Base,
    /// A remittance list.
    #[choice("remittance", "汇缴")]
    Remittance,
    /// Allocation, split, move or refund of money.
    #[choice("money", "资金分摊")]
    Money,
    /// Reversal.
    #[choice("reversal", "冲正")]
    Reversal,
    /// Period close.
    #[choice("period", "结账")]
    Period,
    /// Users and roles.
    #[choice("user", "用户授权")]
    User,
    /// Policy values.
    #[choice("policy", "参数")]
    Policy,
    /// Opening balances.
    #[choice("opening", "期初")]
    Opening,
}

/// Pairs that exclude one another on the same subject or on one within the other (handbook 02 §1.6.11: no remittance, base,
/// rate or member change in flight while a list is made). Read both ways.
pub const CONFLICTS: &[(Class, Class)] = &[
    (Class::Employer, Class::Employer),
    (Class::Employer, Class::Remittance),
    (Class::Employer, Class::Member),
    (Class::Member, Class::Member),
    (Class::Member, Class::Remittance),
    (Class::Base, Class::Base),
    (Class::Base, Class::Remittance),
    (Class::Remittance, Class::Remittance),
    (Class::Remittance, Class::Reversal),
    (Class::Reversal, Class::Reversal),
    (Class::Reversal, Class::Member),
    (Class::Reversal, Class::Base),
    (Class::Money, Class::Money),
    (Class::Money, Class::Reversal),
    (Class::Period, Class::Period),
    (Class::User, Class::User),
    (Class::Policy, Class::Policy),
    (Class::Opening, Class::Opening),
];

/// Whether two classes exclude one another.
pub fn conflict(a: Class, b: Class) -> bool {
    CONFLICTS.iter().any(|&(x, y)| (x, y) == (a, b) || (y, x) == (a, b))
}

/// Whether two classes exclude one another on the very same account only: people of one employer are opened, sealed and moved side by
/// side, since a person is protected by the registers of persons and not by the employer (handbook 02 §1.3.5).
pub fn on_one_account(a: Class, b: Class) -> bool {
    (a, b) == (Class::Member, Class::Member)
}

/// What a case concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Concern {
    /// About what.
    pub subject: Subject,
    /// In which class.
    pub class: Class,
}

impl Concern {
    /// A concern.
    pub fn of(subject: Subject, class: Class) -> Concern {
        Concern { subject, class }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_meets_changes_of_members_bases_and_reversals_but_money_may_arrive() {
        for class in [Class::Member, Class::Base, Class::Reversal, Class::Employer, Class::Remittance] {
            assert!(conflict(Class::Remittance, class) && conflict(class, Class::Remittance), "{class:?}");
        }
        assert!(!conflict(Class::Remittance, Class::Money));
        assert!(on_one_account(Class::Member, Class::Member) && !on_one_account(Class::Member, Class::Remittance));
    }
}
