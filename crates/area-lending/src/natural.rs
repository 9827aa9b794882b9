//! Whole numbers of any length, just enough for the exact instalment.

use std::cmp::Ordering;

/// A natural number: limbs of 64 bits, the lowest first, none on top that is zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Natural(Vec<u64>);

impl Natural {
    pub(crate) fn one() -> Natural {
        Natural(vec![1])
    }

    pub(crate) fn times(mut self, factor: u64) -> Natural {
        let mut carry = 0_u128;
        for limb in &mut self.0 {
            let product = u128::from(*limb) * u128::from(factor) + carry;
            *limb = product as u64;
            carry = product >> 64;
        }
        self.0.push(carry as u64);
        self.trimmed()
    }

    pub(crate) fn zero() -> Natural {
        Natural(Vec::new())
    }

    pub(crate) fn plus(mut self, other: &Natural) -> Natural {
        self.0.resize(self.0.len().max(other.0.len()) + 1, 0);
        let mut carry = false;
        for (at, limb) in self.0.iter_mut().enumerate() {
            let (more, first) = limb.overflowing_add(other.0.get(at).copied().unwrap_or(0));
            let (more, second) = more.overflowing_add(u64::from(carry));
            *limb = more;
            carry = first || second;
        }
        self.trimmed()
    }

    /// The difference; the other must not be larger.
    pub(crate) fn minus(mut self, other: &Natural) -> Natural {
        let mut borrow = false;
        for (at, limb) in self.0.iter_mut().enumerate() {
            let (less, first) = limb.overflowing_sub(other.0.get(at).copied().unwrap_or(0));
            let (less, second) = less.overflowing_sub(u64::from(borrow));
            *limb = less;
            borrow = first || second;
        }
        assert!(!borrow && other.0.len() <= self.0.len(), "a natural number cannot fall below zero");
        self.trimmed()
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    /// Quotient and rest; none when the quotient needs more than 64 bits. The divisor is above zero.
    pub(crate) fn divide(self, divisor: &Natural) -> Option<(u64, Natural)> {
        // One product a bit of the quotient: the numbers are a few hundred limbs, so this costs microseconds, and there is no
        // estimate of a digit to get wrong.
        let mut quotient = 0_u64;
        for bit in (0..64).rev() {
            let candidate = quotient | 1 << bit;
            if divisor.clone().times(candidate) <= self {
                quotient = candidate;
            }
        }
        let rest = self.minus(&divisor.clone().times(quotient));
        (rest < *divisor).then_some((quotient, rest))
    }

    fn trimmed(mut self) -> Natural {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
        self
    }
}

impl PartialOrd for Natural {
    fn partial_cmp(&self, other: &Natural) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Natural {
    fn cmp(&self, other: &Natural) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

#[cfg(test)]
mod tests {
    use super::Natural;

    fn natural(n: u128) -> Natural {
        Natural(vec![n as u64, (n >> 64) as u64]).trimmed()
    }

    proptest::proptest! {
        #[test]
        fn it_counts_as_wide_integers_do(a: u64, b: u64, c in 1_u64..) {
            let product = u128::from(a) * u128::from(b);
            proptest::prop_assert_eq!(natural(u128::from(a)).times(b), natural(product));
            proptest::prop_assert_eq!(natural(product).cmp(&natural(u128::from(c))), product.cmp(&u128::from(c)));
            proptest::prop_assert_eq!(natural(product >> 1).plus(&natural(u128::from(c))), natural((product >> 1) + u128::from(c)));
            let (less, more) = (product.min(u128::from(c)), product.max(u128::from(c)));
            proptest::prop_assert_eq!(natural(more).minus(&natural(less)), natural(more - less));
            let expected = u64::try_from(product / u128::from(c)).ok().map(|q| (q, natural(product % u128::from(c))));
            proptest::prop_assert_eq!(natural(product).divide(&natural(u128::from(c))), expected);
        }
    }

    #[test]
    fn a_power_fills_many_limbs() {
        let power = |exponent: u32| (0..exponent).fold(Natural::one(), |power, _| power.times(u64::MAX));
        assert_eq!(power(5).divide(&power(4)), Some((u64::MAX, Natural::zero())));
        assert_eq!(power(5).divide(&Natural::one()), None);
        assert_eq!(Natural::one().plus(&power(0)), natural(2));
    }
}
