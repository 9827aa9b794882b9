//! Citations (依据) and values in force with their citation.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use core_calendar::{Day, Month};
use serde::{Deserialize, Serialize};

/// The word a step writes for an instrument that the handbook does not name (handbook README §2). Nobody invents a number.
pub const UNKNOWN: &str = "unknown";

/// The date that picks a step, and the date from which a step holds. `Always` sorts before every day and month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Selector {
    /// Without a beginning; as a question: the family has no date.
    Always,
    /// A day.
    Day(Day),
    /// A month.
    Month(Month),
}

/// Which date asks (选用日期): the same three forms.
pub type On = Selector;

impl Selector {
    /// Reads `always`, `YYYY-MM-DD` or `YYYY-MM`.
    pub fn parse(text: &str) -> Option<Selector> {
        match text.len() {
            _ if text == "always" => Some(Selector::Always),
            10 => Day::parse(text).ok().map(Selector::Day),
            7 => Month::parse(text).ok().map(Selector::Month),
            _ => None,
        }
    }

    /// The day or month before it: the last on which the step before still holds. `None` for `Always`.
    pub fn before(self) -> Option<Selector> {
        match self {
            Selector::Always => None,
            Selector::Day(day) => Some(Selector::Day(day - 1)),
            Selector::Month(month) => Some(Selector::Month(month.pred())),
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Selector::Always => f.write_str("always"),
            Selector::Day(day) => day.fmt(f),
            Selector::Month(month) => month.fmt(f),
        }
    }
}

impl Serialize for Selector {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Selector {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Selector::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("expected always, YYYY-MM-DD or YYYY-MM, found {text:?}")))
    }
}

/// Citation (依据): instrument, edition, place in it, the date from which the cited step holds. Cheap to clone and compare.
///
/// Shown as 《住房公积金管理条例》（2026 版）第十八条; an instrument that nobody knows is shown as 文号待补 with the handbook
/// section in which the value was seen.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Cite {
    /// Title without 《》 or number (文号) of the instrument, or [`UNKNOWN`].
    pub instrument: Arc<str>,
    /// Edition (版本); always named when the instrument has editions.
    #[serde(default)]
    pub edition: Option<Arc<str>>,
    /// Place in the instrument (条款): 第十八条.
    #[serde(default)]
    pub place: Option<Arc<str>>,
    /// From when the step holds.
    pub from: Selector,
    /// Handbook section in which the value was seen: `handbook 17 §1`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub seen_in: Option<Arc<str>>,
    /// Confidence tag of the handbook (V, G or U; handbook README §2). Not told to others: a citation that was stored and read
    /// back has none.
    #[serde(skip)]
    pub confidence: Option<char>,
}

impl Cite {
    /// Whether the instrument is still to be found.
    pub fn is_unknown(&self) -> bool {
        &*self.instrument == UNKNOWN
    }
}

impl fmt::Display for Cite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_unknown() {
            return match &self.seen_in {
                Some(seen_in) => write!(f, "文号待补（{seen_in}）"),
                None => f.write_str("文号待补"),
            };
        }
        // Numbers (财会字〔1999〕33号, GB 11643) stand bare; only a title stands in 《》.
        if self.instrument.contains('〔') || self.instrument.starts_with(|c: char| c.is_ascii()) {
            f.write_str(&self.instrument)?;
        } else {
            write!(f, "《{}》", self.instrument)?;
        }
        if let Some(edition) = &self.edition {
            write!(f, "（{edition} 版）")?;
        }
        match self.place.as_deref() {
            // A clause of a standard is digits, an article of a law is Han.
            Some(place) if place.starts_with(|c: char| c.is_ascii()) => write!(f, " {place}"),
            place => f.write_str(place.unwrap_or_default()),
        }
    }
}

/// Full name of a family (参数名), `collection.base_cap`. Cheap to clone; reads as a string.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Rule(pub(crate) Arc<str>);

impl Rule {
    /// A name that was stored; names met in files come from the set itself.
    pub fn new(name: &str) -> Rule {
        Rule(name.into())
    }
}

impl Deref for Rule {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A value with the citation under which it holds (现行规定).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce<T> {
    /// The value.
    pub value: T,
    /// Why it holds.
    pub under: Arc<Cite>,
    /// Which family it answers.
    pub rule: Rule,
}

/// A rule without a number, such as 一人一户: it holds, and says why.
pub type Holds = InForce<()>;

impl<T> InForce<T> {
    /// Same citation, another form of the value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> InForce<U> {
        InForce { value: f(self.value), under: self.under, rule: self.rule }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cite(instrument: &str) -> Cite {
        Cite { instrument: instrument.into(), edition: None, place: None, from: Selector::Always, seen_in: None, confidence: None }
    }

    #[test]
    fn a_citation_reads_as_a_clerk_would_write_it() {
        let regulation = Cite { edition: Some("2026".into()), place: Some("第十八条".into()), ..cite("住房公积金管理条例") };
        assert_eq!(regulation.to_string(), "《住房公积金管理条例》（2026 版）第十八条");
        assert_eq!(cite("银发〔2016〕43号").to_string(), "银发〔2016〕43号");
        assert_eq!(Cite { place: Some("8.1.4.1 d".into()), ..cite("GB/T 22239-2019") }.to_string(), "GB/T 22239-2019 8.1.4.1 d");
        assert_eq!(Cite { seen_in: Some("handbook 17 §1".into()), ..cite(UNKNOWN) }.to_string(), "文号待补（handbook 17 §1）");
    }

    #[test]
    fn a_citation_is_told_to_others_with_five_fields() {
        let told = |cite: &Cite| serde_json::to_string(cite).unwrap();
        let unknown = Cite {
            seen_in: Some("handbook 17 §1".into()),
            confidence: Some('G'),
            from: Selector::parse("2025-07").unwrap(),
            ..cite(UNKNOWN)
        };
        let text = r#"{"instrument":"unknown","edition":null,"place":null,"from":"2025-07","seen_in":"handbook 17 §1"}"#;
        assert_eq!(told(&unknown), text);
        assert_eq!(serde_json::from_str::<Cite>(text).unwrap(), Cite { confidence: None, ..unknown });
        let regulation = Cite { edition: Some("2026".into()), place: Some("第十八条".into()), ..cite("住房公积金管理条例") };
        assert!(!told(&regulation).contains("seen_in"), "{}", told(&regulation));
    }

    #[test]
    fn always_comes_before_every_day() {
        let day = Selector::parse("1990-04-15").unwrap();
        assert!(Selector::Always < day);
        assert_eq!(day.before().unwrap().to_string(), "1990-04-14");
        for wrong in ["", "1990-4-15", "1990-02-30", "1990", "Always"] {
            assert_eq!(Selector::parse(wrong), None, "{wrong}");
        }
    }
}
