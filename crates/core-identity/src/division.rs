//! Division codes (行政区划代码): Chuxiong and its province (handbook 10 §9).

use std::fmt;

/// Division code (行政区划代码) of six digits: two for the province, two for the prefecture, two for the county. Any six digits that
/// do not begin with 0 are one, since old numbers carry codes that were withdrawn.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DivisionCode(u32);

/// Division (行政区划) as this centre knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Division {
    /// Its code.
    pub code: DivisionCode,
    /// Its name.
    pub name: &'static str,
    /// Whether the code was withdrawn: still found in old numbers and old data, never given anew.
    pub withdrawn: bool,
}

const fn now(code: u32, name: &'static str) -> Division {
    Division { code: DivisionCode(code), name, withdrawn: false }
}

/// Yunnan, Chuxiong, its two cities and eight counties, and the code that 禄丰 had as a county (handbook 10 §9). Towns are left out.
pub const CHUXIONG: [Division; 13] = [
    now(530000, "云南省"),
    now(532300, "楚雄彝族自治州"),
    now(532301, "楚雄市"),
    now(532302, "禄丰市"),
    now(532322, "双柏县"),
    now(532323, "牟定县"),
    now(532324, "南华县"),
    now(532325, "姚安县"),
    now(532326, "大姚县"),
    now(532327, "永仁县"),
    now(532328, "元谋县"),
    now(532329, "武定县"),
    Division { code: DivisionCode(532331), name: "禄丰县", withdrawn: true },
];

impl DivisionCode {
    /// Reads six digits; none for anything else or a leading 0.
    pub fn parse(text: &str) -> Option<DivisionCode> {
        let plain = text.len() == 6 && !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| DivisionCode(text.bytes().fold(0, |n, b| n * 10 + u32::from(b - b'0'))))
    }

    /// The code of the province it lies in.
    pub const fn province(self) -> DivisionCode {
        DivisionCode(self.0 / 10_000 * 10_000)
    }

    /// The code of the prefecture it lies in.
    pub const fn prefecture(self) -> DivisionCode {
        DivisionCode(self.0 / 100 * 100)
    }

    /// What this centre knows of it.
    pub fn known(self) -> Option<&'static Division> {
        CHUXIONG.iter().find(|division| division.code == self)
    }
}

impl fmt::Display for DivisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

impl fmt::Debug for DivisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DivisionCode({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chuxiong_has_two_cities_and_eight_counties_in_force() {
        let prefecture = DivisionCode::parse("532300").unwrap();
        let counties = CHUXIONG.iter().filter(|d| d.code.prefecture() == prefecture && d.code != prefecture && !d.withdrawn);
        assert_eq!(counties.clone().filter(|d| d.name.ends_with('市')).count(), 2);
        assert_eq!(counties.filter(|d| d.name.ends_with('县')).count(), 8);
        assert_eq!(prefecture.province().known().map(|d| d.name), Some("云南省"));
    }

    #[test]
    fn a_withdrawn_code_is_still_known() {
        let old = DivisionCode::parse("532331").unwrap().known().unwrap();
        assert_eq!((old.name, old.withdrawn), ("禄丰县", true));
    }

    #[test]
    fn other_text_is_no_code() {
        for text in ["", "53230", "5323011", "053230", "53230a", "５３２３０１"] {
            assert_eq!(DivisionCode::parse(text), None, "{text}");
        }
    }
}
