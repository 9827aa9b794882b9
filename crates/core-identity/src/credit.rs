//! Unified social credit codes (统一社会信用代码, GB 32100).

use crate::division::DivisionCode;
use crate::organisation::{OrganisationCode, OrganisationError};
use crate::public_code::public_code;

/// Unified social credit code (统一社会信用代码) of 18 characters, checked (handbook 10 §8). Public.
///
/// Position 1 names the registering authority, 2 the kind, 3-8 the division, 9-17 are the organisation code, 18 the check.
///
/// Left out: the inner check of the organisation code is not part of this code's own check; [`CreditCode::organisation`] tells.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CreditCode(String);

/// Why a text is no credit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CreditError {
    /// Not 18 characters.
    #[error("统一社会信用代码应为 18 位")]
    Length,
    /// A character outside the alphabet, which has no I, O, S, V, Z; or letters in the division.
    #[error("统一社会信用代码含有不允许的字符（不使用字母 I、O、S、V、Z）")]
    Characters,
    /// The check character disagrees.
    #[error("统一社会信用代码校验位不符，请逐位核对")]
    CheckDigit,
}

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

impl CreditCode {
    /// Reads 18 characters; small letters count as capitals.
    ///
    /// Errors: length, characters, a wrong check character.
    pub fn parse(text: &str) -> Result<CreditCode, CreditError> {
        if text.chars().count() != 18 {
            return Err(CreditError::Length);
        }
        let text = text.to_ascii_uppercase();
        let body = text.get(..17).ok_or(CreditError::Characters)?;
        let code = CreditCode::with_check_digit(body)?;
        match &text[17..] {
            check if code.0.ends_with(check) => Ok(code),
            check if check.bytes().all(|b| ALPHABET.contains(&b)) => Err(CreditError::CheckDigit),
            _ => Err(CreditError::Characters),
        }
    }

    /// Completes 17 characters with their check character; for invented codes in tests and demonstrations.
    ///
    /// Errors: length, characters.
    pub fn with_check_digit(body: &str) -> Result<CreditCode, CreditError> {
        if body.chars().count() != 17 {
            return Err(CreditError::Length);
        }
        let (mut sum, mut weight) = (0, 1);
        for (at, b) in body.bytes().enumerate() {
            let value = ALPHABET.iter().position(|c| *c == b).ok_or(CreditError::Characters)?;
            if (2..8).contains(&at) && !b.is_ascii_digit() {
                return Err(CreditError::Characters);
            }
            sum += value * weight;
            weight = weight * 3 % 31;
        }
        Ok(CreditCode(format!("{body}{}", char::from(ALPHABET[(31 - sum % 31) % 31]))))
    }

    /// The eighteen characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The registering authority (登记管理部门), position 1: 1 编办, 5 民政, 9 市场监管 …
    pub fn authority(&self) -> char {
        char::from(self.0.as_bytes()[0])
    }

    /// The division of the registering authority, positions 3-8; it may have been withdrawn since.
    pub fn division(&self) -> Option<DivisionCode> {
        DivisionCode::parse(&self.0[2..8])
    }

    /// The organisation code inside, positions 9-17.
    ///
    /// Errors: its own check character disagrees.
    pub fn organisation(&self) -> Result<OrganisationCode, OrganisationError> {
        OrganisationCode::parse(&self.0[8..17])
    }
}

public_code!(CreditCode, CreditError, "a unified social credit code");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_checked() {
        use CreditError::{Characters, CheckDigit, Length};
        for (typed, expected) in [
            // Valid codes of handbook 10 §8.
            ("91350100M000100Y43", Ok("91350100M000100Y43")),
            ("91110000600037341L", Ok("91110000600037341L")),
            ("11410821005677264N", Ok("11410821005677264N")),
            ("11310000MB2F30661Y", Ok("11310000MB2F30661Y")),
            ("91350100m000100y43", Ok("91350100M000100Y43")),
            ("91350100M000100Y44", Err(CheckDigit)),
            ("91350100M000010Y43", Err(CheckDigit)),
            ("91350100M000100Y4O", Err(Characters)),
            ("9135O100M000100Y43", Err(Characters)),
            ("91A50100M000100Y43", Err(Characters)),
            ("91350100M000100Y4", Err(Length)),
            ("", Err(Length)),
            ("统一社会信用代码一共应该有十八个字符呀", Err(Length)),
        ] {
            assert_eq!(CreditCode::parse(typed).map(|c| c.to_string()), expected.map(str::to_owned), "{typed}");
        }
    }

    #[test]
    fn the_code_tells_authority_division_and_organisation() {
        let code = CreditCode::parse("91350100M000100Y43").unwrap();
        assert_eq!(code.authority(), '9');
        assert_eq!(code.division().unwrap().to_string(), "350100");
        assert_eq!(code.organisation().unwrap().as_str(), "M000100Y4");
    }

    #[test]
    fn it_is_a_string_in_json() {
        let code: CreditCode = serde_json::from_str("\"91350100M000100Y43\"").unwrap();
        assert_eq!(serde_json::to_string(&code).unwrap(), "\"91350100M000100Y43\"");
        assert!(serde_json::from_str::<CreditCode>("\"91350100M000100Y44\"").is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_a_crash(text in ".{0,20}") {
            let _ = CreditCode::parse(&text);
            let _ = OrganisationCode::parse(&text);
        }
    }
}
