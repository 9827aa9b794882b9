//! Citizen numbers (公民身份号码, GB 11643).

use std::fmt;

use core_calendar::Day;

use crate::division::DivisionCode;
use crate::mask::mask_id_number;

/// Citizen number (公民身份号码) of 18 characters, checked (handbook 10 §8).
///
/// Positions 1-6 name the division of the first registration, 7-14 the day of birth, 15-17 a sequence (odd = male), 18 the check.
/// The residence permits of Hong Kong, Macao and Taiwan people (81, 82, 83) are built the same. So, as far as the handbook knows
/// (tag G), is the permanent residence card of foreigners that starts with 9.
///
/// Left out: the division is not compared with a list, since a number keeps a code that was withdrawn later; whether the day of
/// birth lies before today, which needs a today: [`CitizenNumber::age_on`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CitizenNumber(String);

/// Why a text is no citizen number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CitizenError {
    /// Neither 18 nor 15 characters.
    #[error("身份证号码应为 18 位（旧证 15 位）")]
    Length,
    /// Something else than digits, with X allowed in the last of 18 places; or a leading zero.
    #[error("身份证号码只能是数字，末位可以是 X")]
    Characters,
    /// Positions 7-14 are no day.
    #[error("身份证号码中的出生日期不存在")]
    Birth,
    /// The check digit disagrees: a digit is mistyped or two are exchanged.
    #[error("身份证号码校验位不符，请逐位核对")]
    CheckDigit,
}

/// Whose number it is, by its first digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Holder {
    /// Citizen (居民身份证).
    Citizen,
    /// Resident from Hong Kong, Macao or Taiwan (港澳台居民居住证), 81, 82, 83.
    ResidencePermit,
    /// Foreigner with permanent residence (外国人永久居留身份证), 9.
    PermanentResident,
}

/// Sex (性别) as the number tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sex {
    /// Male (男).
    Male,
    /// Female (女).
    Female,
}

impl Sex {
    /// 男 or 女.
    pub const fn term(self) -> &'static str {
        match self {
            Sex::Male => "男",
            Sex::Female => "女",
        }
    }
}

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];

/// The check character over 17 digits: weighted sum modulo 11.
fn check_digit(digits: &str) -> char {
    let sum: u32 = digits.bytes().zip(WEIGHTS).map(|(b, weight)| u32::from(b - b'0') * weight).sum();
    CHECKS[(sum % 11) as usize]
}

impl CitizenNumber {
    /// Reads 18 characters, or 15 of an old number, which gets its century 19 and its check digit; a small x counts as X.
    ///
    /// Errors: length, characters, a day of birth that does not exist, a wrong check digit.
    pub fn parse(text: &str) -> Result<CitizenNumber, CitizenError> {
        match text.chars().count() {
            // The old numbers have no check digit, so an error in them cannot be seen.
            15 if plain(text) => CitizenNumber::with_check_digit(&format!("{}19{}", &text[..6], &text[6..])),
            18 if text.is_ascii() && plain(&text[..17]) => {
                let number = CitizenNumber::with_check_digit(&text[..17])?;
                match text[17..].to_ascii_uppercase().as_str() {
                    check if number.0.ends_with(check) => Ok(number),
                    check if check == "X" || plain_digits(check) => Err(CitizenError::CheckDigit),
                    _ => Err(CitizenError::Characters),
                }
            }
            15 | 18 => Err(CitizenError::Characters),
            _ => Err(CitizenError::Length),
        }
    }

    /// Completes 17 digits with their check digit; for invented numbers in tests and demonstrations.
    ///
    /// Errors: length, characters, a day of birth that does not exist.
    pub fn with_check_digit(digits: &str) -> Result<CitizenNumber, CitizenError> {
        if digits.chars().count() != 17 {
            return Err(CitizenError::Length);
        }
        if !plain(digits) {
            return Err(CitizenError::Characters);
        }
        birth(digits).ok_or(CitizenError::Birth)?;
        Ok(CitizenNumber(format!("{digits}{}", check_digit(digits))))
    }

    /// The clear text, 18 characters: for sealing, hashing and printing where the person may see it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The mask: `532***********2046`.
    pub fn masked(&self) -> String {
        mask_id_number(&self.0)
    }

    /// Whose number it is.
    pub fn holder(&self) -> Holder {
        match &self.0.as_bytes()[..2] {
            [b'8', b'1'..=b'3'] => Holder::ResidencePermit,
            [b'9', _] => Holder::PermanentResident,
            _ => Holder::Citizen,
        }
    }

    /// Division of the first registration (positions 1-6); it may have been withdrawn since, and of a foreigner's card it is no
    /// division.
    pub fn division(&self) -> Option<DivisionCode> {
        (self.holder() != Holder::PermanentResident).then(|| DivisionCode::parse(&self.0[..6]))?
    }

    /// Day of birth (出生日期).
    pub fn birth(&self) -> Day {
        birth(&self.0).expect("the day of birth was checked when the number was made")
    }

    /// Sex (性别): an odd 17th digit is male.
    pub fn sex(&self) -> Sex {
        if self.0.as_bytes()[16] % 2 == 1 { Sex::Male } else { Sex::Female }
    }

    /// Full years of age (周岁) on a day, completed on the birthday; of one born on 29 February in other years on 1 March. None before
    /// the day of birth.
    pub fn age_on(&self, day: Day) -> Option<u32> {
        let birth = self.birth();
        let before_birthday = (day.month(), day.day()) < (birth.month(), birth.day());
        u32::try_from(day.year() - birth.year() - i32::from(before_birthday)).ok()
    }
}

/// Prints the mask.
impl fmt::Debug for CitizenNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

fn plain_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// Digits that can begin a number: no division begins with 0.
fn plain(text: &str) -> bool {
    plain_digits(text) && !text.starts_with('0')
}

/// Positions 7-14 of plain digits as a day.
fn birth(digits: &str) -> Option<Day> {
    let part = |from: usize, to: usize| digits.get(from..to)?.parse::<u32>().ok();
    Day::ymd(part(6, 10)? as i32, part(10, 12)?, part(12, 14)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(text: &str) -> Result<String, CitizenError> {
        CitizenNumber::parse(text).map(|n| n.reveal().to_owned())
    }

    #[test]
    fn numbers_are_checked_and_old_ones_completed() {
        for (typed, expected) in [
            // The sample of the standard itself (handbook 10 §8).
            ("11010519491231002X", Ok("11010519491231002X")),
            ("11010519491231002x", Ok("11010519491231002X")),
            ("110105491231002", Ok("11010519491231002X")),
            ("110105194912310021", Err(CitizenError::CheckDigit)),
            ("11010519491231020X", Err(CitizenError::CheckDigit)),
            ("110105194912310O2X", Err(CitizenError::Characters)),
            ("11010519491231002Y", Err(CitizenError::Characters)),
            ("01010519491231002X", Err(CitizenError::Characters)),
            ("11010519490231002X", Err(CitizenError::Birth)),
            ("110105490230002", Err(CitizenError::Birth)),
            ("1101051949123100", Err(CitizenError::Length)),
            ("", Err(CitizenError::Length)),
            ("１１０１０５４９１２３１００２", Err(CitizenError::Characters)),
            ("身份证号码一共应该有十八个汉字才对呀", Err(CitizenError::Characters)),
        ] {
            assert_eq!(outcome(typed), expected.map(str::to_owned), "{typed}");
        }
    }

    #[test]
    fn the_number_tells_birth_sex_division_and_holder() {
        let number = CitizenNumber::parse("11010519491231002X").unwrap();
        assert_eq!(number.birth(), Day::ymd(1949, 12, 31).unwrap());
        assert_eq!(number.sex(), Sex::Female);
        assert_eq!(number.division().unwrap().to_string(), "110105");
        assert_eq!(number.holder(), Holder::Citizen);
        for (digits, holder) in [
            ("81000019900101001", Holder::ResidencePermit),
            ("82000019900101001", Holder::ResidencePermit),
            ("83000019900101001", Holder::ResidencePermit),
            ("91100019900101001", Holder::PermanentResident),
            ("53230119900101001", Holder::Citizen),
        ] {
            assert_eq!(CitizenNumber::with_check_digit(digits).unwrap().holder(), holder, "{digits}");
        }
    }

    #[test]
    fn age_is_completed_on_the_birthday() {
        let day = |text: &str| Day::parse(text).unwrap();
        let born = |digits: &str| CitizenNumber::with_check_digit(digits).unwrap();
        let (usual, leap) = (born("53230119660701001"), born("53230120000229001"));
        assert_eq!(usual.age_on(day("2026-06-30")), Some(59));
        assert_eq!(usual.age_on(day("2026-07-01")), Some(60));
        assert_eq!(usual.age_on(day("1966-06-30")), None);
        assert_eq!(leap.age_on(day("2026-02-28")), Some(25));
        assert_eq!(leap.age_on(day("2026-03-01")), Some(26));
    }

    #[test]
    fn nothing_prints_the_clear_text() {
        let number = CitizenNumber::parse("11010519491231002X").unwrap();
        assert_eq!(format!("{number:?}"), "110***********002X");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_a_crash(text in ".{0,24}") {
            let _ = CitizenNumber::parse(&text);
        }

        #[test]
        fn one_mistyped_digit_is_always_seen(sequence in 0..1000_u32, at in 0..17_usize, shift in 1..10_u8) {
            let number = CitizenNumber::with_check_digit(&format!("53230119900101{sequence:03}")).unwrap();
            let mut typed = number.reveal().as_bytes().to_vec();
            typed[at] = b'0' + (typed[at] - b'0' + shift) % 10;
            proptest::prop_assert!(CitizenNumber::parse(std::str::from_utf8(&typed).unwrap()).is_err());
        }
    }
}
