//! Review flows (审批流程) as dated policy: who signs after the one who enters, by amount.

use std::fmt;
use std::sync::Arc;

use core_money::Money;

/// From this amount on these persons sign, in this order. An empty list posts unattended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tier {
    /// Lowest amount of the tier, inclusive.
    pub from: Money,
    /// Roles of the reviewers in signing order, one person each: `reviewer` 复核, `approver` 审批.
    pub reviewers: Arc<[Arc<str>]>,
}

/// Review flow (审批流程) of a business (handbook 17 §7): levels are persons after the one who enters. Nobody reviews what he
/// entered and reviewers of one case differ; those two rules are families of their own and hold for every flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewFlow {
    tiers: Vec<Tier>,
}

impl ReviewFlow {
    /// One tier for all amounts: role words separated by spaces, or `unattended`.
    pub(crate) fn of_words(words: &str) -> Result<ReviewFlow, String> {
        Ok(ReviewFlow { tiers: vec![Tier { from: Money::ZERO, reviewers: roles(words)? }] })
    }

    /// Tiers from rows of amount and role words; the first starts at 0 and each needs at least the persons of the one before.
    pub(crate) fn of_rows(rows: &[Vec<String>]) -> Result<ReviewFlow, String> {
        let mut tiers: Vec<Tier> = Vec::with_capacity(rows.len());
        for row in rows {
            let [from, words] = row.as_slice() else {
                return Err("审批流程每行写金额和角色两格".to_owned());
            };
            let from = Money::parse(from).map_err(|_| format!("“{from}”不是金额"))?;
            let reviewers = roles(words)?;
            match tiers.last() {
                None if !from.is_zero() => return Err("审批流程第一行从 0.00 起".to_owned()),
                Some(before) if before.from >= from => {
                    return Err("审批流程的金额要逐行增大".to_owned());
                }
                Some(before) if before.reviewers.len() > reviewers.len() => {
                    return Err("金额更大时审批人不能更少".to_owned());
                }
                _ => tiers.push(Tier { from, reviewers }),
            }
        }
        if tiers.is_empty() { Err("审批流程至少一行".to_owned()) } else { Ok(ReviewFlow { tiers }) }
    }

    /// The tier of an amount; the sign does not matter, a red entry is reviewed as what it undoes.
    pub fn tier(&self, amount: Money) -> &Tier {
        let amount = amount.abs();
        let at = self.tiers.partition_point(|t| t.from <= amount);
        // The first tier starts at 0, so `at` is at least 1.
        &self.tiers[at.saturating_sub(1)]
    }

    /// Roles that sign for this amount, in order.
    pub fn reviewers(&self, amount: Money) -> &[Arc<str>] {
        &self.tier(amount).reviewers
    }

    /// All tiers from the lowest.
    pub fn tiers(&self) -> &[Tier] {
        &self.tiers
    }
}

fn roles(words: &str) -> Result<Arc<[Arc<str>]>, String> {
    if words == "unattended" {
        return Ok(Arc::new([]));
    }
    let roles: Vec<Arc<str>> = words.split(' ').map(Arc::from).collect();
    let well_formed = |r: &Arc<str>| !r.is_empty() && r.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    if roles.iter().all(well_formed) {
        Ok(roles.into())
    } else {
        Err(format!("应为空格分开的角色，或 unattended，写的是“{words}”"))
    }
}

impl fmt::Display for ReviewFlow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, tier) in self.tiers.iter().enumerate() {
            if i > 0 {
                write!(f, "; from {} ", tier.from)?;
            }
            f.write_str(&if tier.reviewers.is_empty() { "unattended".to_owned() } else { tier.reviewers.join(" ") })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn larger_amounts_take_more_persons() {
        let rows = [["0.00", "reviewer"], ["50000.01", "reviewer approver"]].map(|r| r.map(str::to_owned).to_vec());
        let flow = ReviewFlow::of_rows(&rows).unwrap();
        let levels = |yuan| flow.reviewers(Money::parse(yuan).unwrap()).len();
        assert_eq!([levels("0.00"), levels("50000.00"), levels("50000.01"), levels("-50000.01")], [1, 1, 2, 2]);
        assert_eq!(flow.to_string(), "reviewer; from 50000.01 reviewer approver");
        assert!(ReviewFlow::of_words("unattended").unwrap().reviewers(Money::ZERO).is_empty());
        for wrong in ["", "Reviewer", "reviewer  approver"] {
            assert!(ReviewFlow::of_words(wrong).is_err(), "{wrong:?}");
        }
        assert!(ReviewFlow::of_rows(&rows[1..]).is_err(), "starts above 0");
        assert!(ReviewFlow::of_rows(&[rows[1].clone(), rows[0].clone()]).is_err(), "descending");
        assert!(ReviewFlow::of_rows(&[]).is_err());
    }
}
