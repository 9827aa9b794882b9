//! Mobile numbers (手机号码).

use std::fmt;

use crate::mask::mask_mobile;

/// Mobile number (手机号码) of the mainland: 11 digits, the first 1, the second 3 to 9 (the second is general knowledge, not in the
/// handbook).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mobile(String);

/// The text is no mobile number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("手机号码应为 11 位数字，以 1 开头")]
pub struct NotMobile;

impl Mobile {
    /// Reads 11 digits, without blanks and country code.
    ///
    /// Errors: another form.
    pub fn parse(text: &str) -> Result<Mobile, NotMobile> {
        match text.as_bytes() {
            [b'1', b'3'..=b'9', rest @ ..] if rest.len() == 9 && rest.iter().all(u8::is_ascii_digit) => Ok(Mobile(text.to_owned())),
            _ => Err(NotMobile),
        }
    }

    /// The clear text: for sealing, hashing and sending.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The mask: `138****1234`.
    pub fn masked(&self) -> String {
        mask_mobile(&self.0)
    }
}

/// Prints the mask.
impl fmt::Debug for Mobile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eleven_digits_and_nothing_else() {
        assert_eq!(Mobile::parse("13800001234").unwrap().reveal(), "13800001234");
        assert_eq!(format!("{:?}", Mobile::parse("13800001234").unwrap()), "138****1234");
        for typed in ["", "12800001234", "1380000123", "138000012345", "+8613800001234", "138 0000 1234", "１３８００００１２３４"]
        {
            assert_eq!(Mobile::parse(typed), Err(NotMobile), "{typed}");
        }
    }
}
