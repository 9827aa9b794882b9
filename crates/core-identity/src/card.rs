//! Bank cards (银行卡).

use std::fmt;

use crate::mask::mask_card;

/// Bank card (银行卡号) or personal account: 13 to 19 digits (handbook 10 §8).
///
/// The check digit is asked for only where the issuer prefix is known to be a card's, because passbooks and accounts of companies
/// do not follow Luhn (handbook 10 §8, tag G). The prefix known here is 62; every other number passes on its form alone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BankCard(String);

/// Why a text is no bank card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    /// Not 13 to 19 characters.
    #[error("银行卡号应为 13 至 19 位")]
    Length,
    /// Something else than digits.
    #[error("银行卡号只能是数字")]
    Characters,
    /// The check digit of a card with a known issuer prefix disagrees.
    #[error("银行卡号校验位不符，请逐位核对")]
    CheckDigit,
}

/// Issuer prefixes whose numbers are cards and follow Luhn. General knowledge, not in the handbook: domestic cards begin with 62.
const ISSUERS: [&str; 1] = ["62"];

/// Whether the digits satisfy Luhn: every second digit from the right doubled, minus 9 above 9, sum a multiple of 10. No digits, or
/// anything but digits, do not.
pub fn luhn_ok(digits: &str) -> bool {
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) && luhn_sum(digits, false).is_multiple_of(10)
}

/// The Luhn sum of plain digits; `first` says whether the rightmost one is doubled.
fn luhn_sum(digits: &str, first: bool) -> u32 {
    let mut doubled = first;
    let mut sum = 0;
    for b in digits.bytes().rev() {
        let d = u32::from(b - b'0') * if doubled { 2 } else { 1 };
        sum += if d > 9 { d - 9 } else { d };
        doubled = !doubled;
    }
    sum
}

impl BankCard {
    /// Reads 13 to 19 digits.
    ///
    /// Errors: length, characters, a wrong check digit where the issuer prefix is known.
    pub fn parse(text: &str) -> Result<BankCard, CardError> {
        if !(13..=19).contains(&text.chars().count()) {
            return Err(CardError::Length);
        }
        if !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(CardError::Characters);
        }
        if ISSUERS.iter().any(|prefix| text.starts_with(prefix)) && !luhn_ok(text) {
            return Err(CardError::CheckDigit);
        }
        Ok(BankCard(text.to_owned()))
    }

    /// Completes 12 to 18 digits with their check digit; for invented cards in tests and demonstrations.
    ///
    /// Errors: length, characters.
    pub fn with_check_digit(digits: &str) -> Result<BankCard, CardError> {
        if !(12..=18).contains(&digits.chars().count()) {
            return Err(CardError::Length);
        }
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(CardError::Characters);
        }
        Ok(BankCard(format!("{digits}{}", (10 - luhn_sum(digits, true) % 10) % 10)))
    }

    /// The clear text: for sealing, hashing and the payment itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The mask: `尾号 0318`.
    pub fn masked(&self) -> String {
        mask_card(&self.0)
    }
}

/// Prints the mask.
impl fmt::Debug for BankCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_are_checked_where_the_issuer_is_known() {
        for (typed, expected) in [
            ("6200000000000000003", Err(CardError::CheckDigit)),
            ("6200000000000000000", Ok("6200000000000000000")),
            ("53230100000001", Ok("53230100000001")),
            ("620000000000", Err(CardError::Length)),
            ("62000000000000000000", Err(CardError::Length)),
            ("6200 0000 0000 0005", Err(CardError::Characters)),
        ] {
            assert_eq!(BankCard::parse(typed).map(|c| c.reveal().to_owned()), expected.map(str::to_owned), "{typed}");
        }
        let invented = BankCard::with_check_digit("620000000000000031").unwrap();
        assert_eq!(BankCard::parse(invented.reveal()), Ok(invented.clone()));
        assert_eq!(format!("{invented:?}"), format!("尾号 {}", &invented.reveal()[15..]));
    }

    #[test]
    fn luhn_accepts_the_common_test_number_and_no_neighbour() {
        // 7992739871 and its check digit 3 are the usual example of the algorithm.
        for last in 0..10 {
            assert_eq!(luhn_ok(&format!("7992739871{last}")), last == 3);
        }
        assert!(!luhn_ok(""));
        assert!(!luhn_ok("79927398七13"));
    }
}
