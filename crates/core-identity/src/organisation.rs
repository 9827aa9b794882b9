//! Organisation codes (组织机构代码, GB 11714).

use crate::public_code::public_code;

/// Organisation code (组织机构代码) of 9 characters, checked; equals characters 9-17 of the credit code (handbook 10 §8). Public.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrganisationCode(String);

/// Why a text is no organisation code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrganisationError {
    /// Not 9 characters, a hyphen before the last not counted.
    #[error("组织机构代码应为 9 位")]
    Length,
    /// Something else than digits and capital letters.
    #[error("组织机构代码只能是数字和大写字母")]
    Characters,
    /// The check character disagrees.
    #[error("组织机构代码校验位不符，请逐位核对")]
    CheckDigit,
}

const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

impl OrganisationCode {
    /// Reads 9 characters, with or without the hyphen before the last; small letters count as capitals.
    ///
    /// Errors: length, characters, a wrong check character.
    pub fn parse(text: &str) -> Result<OrganisationCode, OrganisationError> {
        let text = match text.rsplit_once('-') {
            Some((body, check)) if check.len() == 1 => format!("{body}{check}"),
            _ => text.to_owned(),
        };
        if text.chars().count() != 9 {
            return Err(OrganisationError::Length);
        }
        let text = text.to_ascii_uppercase();
        let body = text.get(..8).ok_or(OrganisationError::Characters)?;
        let code = OrganisationCode::with_check_digit(body)?;
        match &text[8..] {
            check if code.0.ends_with(check) => Ok(code),
            check if check == "X" || check.bytes().all(|b| b.is_ascii_digit()) => Err(OrganisationError::CheckDigit),
            _ => Err(OrganisationError::Characters),
        }
    }

    /// Completes 8 characters with their check character; for invented codes in tests and demonstrations.
    ///
    /// Errors: length, characters.
    pub fn with_check_digit(body: &str) -> Result<OrganisationCode, OrganisationError> {
        if body.chars().count() != 8 {
            return Err(OrganisationError::Length);
        }
        let mut sum = 0;
        for (b, weight) in body.bytes().zip(WEIGHTS) {
            sum += weight
                * match b {
                    b'0'..=b'9' => u32::from(b - b'0'),
                    b'A'..=b'Z' => u32::from(b - b'A') + 10,
                    _ => return Err(OrganisationError::Characters),
                };
        }
        let check = match 11 - sum % 11 {
            10 => 'X',
            11 => '0',
            n => char::from(b'0' + n as u8),
        };
        Ok(OrganisationCode(format!("{body}{check}")))
    }

    /// The nine characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

public_code!(OrganisationCode, OrganisationError, "an organisation code");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_checked() {
        use OrganisationError::{Characters, CheckDigit, Length};
        for (typed, expected) in [
            // Parts of the credit codes of handbook 10 §8.
            ("M000100Y4", Ok("M000100Y4")),
            ("m000100y-4", Ok("M000100Y4")),
            ("MB2F30661", Ok("MB2F30661")),
            ("M000100Y5", Err(CheckDigit)),
            ("M000100YA", Err(Characters)),
            ("M000100", Err(Length)),
            ("M0001 0Y4", Err(Characters)),
            ("组织机构代码共九位", Err(Characters)),
        ] {
            assert_eq!(OrganisationCode::parse(typed).map(|c| c.to_string()), expected.map(str::to_owned), "{typed}");
        }
    }
}
