//! Where a rule holds (适用地域) and where a question is asked.

use std::fmt;
use std::sync::Arc;

/// Where a step holds. Ordered from the weakest to the narrowest; the narrowest that has a value on the day wins.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// House default (缺省): a proposal or sample figure of handbook 17 for a centre that has not decided yet.
    Default,
    /// The whole country (全国).
    National,
    /// A province (省), by the first two digits of its division code.
    Province(Arc<str>),
    /// A centre (中心): the one whose set this is, or only the one with this code.
    Centre(Option<Arc<str>>),
}

impl Scope {
    /// Reads `default`, `national`, `province 53`, `centre` or `centre 532300`.
    pub fn parse(text: &str) -> Option<Scope> {
        let code = |code: &str| (!code.is_empty() && code.bytes().all(|b| b.is_ascii_alphanumeric())).then(|| Arc::from(code));
        match text.split_once(' ') {
            None if text == "default" => Some(Scope::Default),
            None if text == "national" => Some(Scope::National),
            None if text == "centre" => Some(Scope::Centre(None)),
            Some(("province", province)) => code(province).map(Scope::Province),
            Some(("centre", centre)) => code(centre).map(|c| Scope::Centre(Some(c))),
            _ => None,
        }
    }

    /// Whether a question asked at `place` is answered by this scope.
    pub fn covers(&self, place: &Place) -> bool {
        match self {
            Scope::Default | Scope::National | Scope::Centre(None) => true,
            Scope::Province(province) => place.province.as_ref() == Some(province),
            Scope::Centre(centre) => place.centre == *centre,
        }
    }

    /// The word on the policy page.
    pub fn term(&self) -> &'static str {
        match self {
            Scope::Default => "缺省",
            Scope::National => "全国",
            Scope::Province(_) => "省",
            Scope::Centre(_) => "本中心",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scope::Default => f.write_str("default"),
            Scope::National => f.write_str("national"),
            Scope::Province(code) => write!(f, "province {code}"),
            Scope::Centre(None) => f.write_str("centre"),
            Scope::Centre(Some(code)) => write!(f, "centre {code}"),
        }
    }
}

/// Where a question is asked (所在地). `Place::default()` asks for no province and no named centre.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Place {
    /// First two digits of the province's division code.
    pub province: Option<Arc<str>>,
    /// Code of the centre.
    pub centre: Option<Arc<str>>,
}

impl Place {
    /// The place of the centre with this division code; its first two digits are the province.
    pub fn centre(code: &str) -> Place {
        Place { province: code.get(..2).map(Arc::from), centre: Some(code.into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_read_back_and_order_from_weak_to_narrow() {
        let spelled = ["default", "national", "province 53", "centre", "centre 532300"];
        let scopes: Vec<Scope> = spelled.iter().map(|s| Scope::parse(s).unwrap()).collect();
        assert_eq!(scopes.iter().map(Scope::to_string).collect::<Vec<_>>(), spelled);
        assert!(scopes.is_sorted());
        for wrong in ["", "city", "province", "province ", "centre 53 23", "National"] {
            assert_eq!(Scope::parse(wrong), None, "{wrong}");
        }
        let (here, there) = (Place::centre("532300"), Place::centre("110000"));
        assert!(scopes.iter().all(|s| s.covers(&here)));
        assert_eq!(scopes.iter().filter(|s| s.covers(&there)).count(), 3);
        assert_eq!(scopes.iter().filter(|s| s.covers(&Place::default())).count(), 3);
    }
}
