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

/// How near two cases come before they exclude one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// On the very same account.
    Account,
    /// On the same subject, or on one within the other.
    Around,
}

/// Pairs that exclude one another (handbook 02 §1.6.11: no remittance, base, rate or member change in flight while a list is made).
/// People of one employer are opened, sealed and moved side by side: a person is protected by the registers of persons and not by
/// the employer (handbook 02 §1.3.5). Read both ways.
pub const CONFLICTS: &[(Class, Class, Reach)] = &[
    (Class::Employer, Class::Employer, Reach::Around),
    (Class::Employer, Class::Remittance, Reach::Around),
    (Class::Employer, Class::Member, Reach::Around),
    (Class::Member, Class::Member, Reach::Account),
    (Class::Member, Class::Remittance, Reach::Around),
    (Class::Base, Class::Base, Reach::Around),
    (Class::Base, Class::Remittance, Reach::Around),
    (Class::Remittance, Class::Remittance, Reach::Around),
    (Class::Remittance, Class::Reversal, Reach::Around),
    (Class::Reversal, Class::Reversal, Reach::Around),
    (Class::Reversal, Class::Member, Reach::Around),
    (Class::Reversal, Class::Base, Reach::Around),
    (Class::Money, Class::Money, Reach::Around),
    (Class::Money, Class::Reversal, Reach::Around),
    (Class::Period, Class::Period, Reach::Around),
    (Class::User, Class::User, Reach::Around),
    (Class::Policy, Class::Policy, Reach::Around),
    (Class::Opening, Class::Opening, Reach::Around),
];

/// How near two classes exclude one another; none where they go side by side.
pub fn conflict(a: Class, b: Class) -> Option<Reach> {
    CONFLICTS.iter().find(|&&(x, y, _)| (x, y) == (a, b) || (y, x) == (a, b)).map(|&(_, _, reach)| reach)
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
            let both = (conflict(Class::Remittance, class), conflict(class, Class::Remittance));
            assert_eq!(both, (Some(Reach::Around), Some(Reach::Around)), "{class:?}");
        }
        assert_eq!(conflict(Class::Remittance, Class::Money), None);
        assert_eq!(conflict(Class::Member, Class::Member), Some(Reach::Account));
    }
}
