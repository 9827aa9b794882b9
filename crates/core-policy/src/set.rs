//! The effective set (现行参数集): shipped rules, a centre's own files, and values entered on the policy page.

use std::borrow::Borrow;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use core_calendar::{Day, Month};

use crate::cite::{InForce, On, Rule, Selector};
use crate::digest;
use crate::family::{At, Family, Layer, Step};
use crate::instrument::Instrument;
use crate::place::{Place, Scope};
use crate::problem::{NoRule, Problem, Problems};
use crate::read::{Draft, RawCite};
use crate::review::ReviewFlow;
use crate::source::{self, Source};
use crate::unit::{SelectedBy, Unit};
use crate::value::{PolicyValue, Table, Value};

impl Borrow<str> for Rule {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// A value entered on the policy page by one person and confirmed by another (参数维护). Who they were stands with their case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// Full name of the family.
    pub family: String,
    /// First day or month.
    pub from: Selector,
    /// Last day or month, when the instrument names one.
    pub until: Option<Selector>,
    /// The value as the file would spell it.
    pub value: OverrideValue,
    /// Id of the instrument in the register, or `unknown`.
    pub instrument: String,
    /// Edition, when the instrument has editions.
    pub edition: Option<String>,
    /// Place in the instrument.
    pub place: Option<String>,
    /// Where it was seen, when the instrument is unknown.
    pub seen_in: Option<String>,
    /// Day of publication.
    pub published: Option<Day>,
    /// Day on which it was confirmed.
    pub checked: Day,
    /// What problems name as its source: the case number.
    pub source: String,
}

impl Override {
    /// A value as the policy page enters it: picked by the day, the month that begins on it, or nothing, as its family is. The
    /// instrument is in nobody's register yet, so it is kept as where the value was seen.
    pub fn entered(set: &PolicySet, family: &str, from: Day, value: &str, instrument: &str, checked: Day, source: String) -> Override {
        let from = match set.selected_by(family) {
            Some(by) if by.accepts(On::Always) => Selector::Always,
            Some(by) if by.accepts(On::Month(Month::of(from))) => Selector::Month(Month::of(from)),
            _ => Selector::Day(from),
        };
        Override {
            family: family.to_owned(),
            from,
            until: None,
            value: OverrideValue::Scalar(value.to_owned()),
            instrument: crate::cite::UNKNOWN.to_owned(),
            edition: None,
            place: None,
            seen_in: Some(instrument.to_owned()),
            published: None,
            checked,
            source,
        }
    }
}

/// What an override says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OverrideValue {
    /// A scalar as the file would spell it; ignored for a family of unit `holds`.
    Scalar(String),
    /// Rows of a table or of a review flow.
    Rows(Vec<Vec<String>>),
    /// The centre's own value ends; a wider one holds again.
    Ended,
}

/// Dated parameters with their law, immutable after loading; cheap to share behind an `Arc`.
#[derive(Clone)]
pub struct PolicySet {
    draft: Draft,
    digest: [u8; 32],
}

impl PolicySet {
    /// The rules that travel inside the program.
    ///
    /// # Panics
    /// Never in a released build: a test of this crate loads the same files and lists every problem.
    pub fn shipped() -> &'static Arc<PolicySet> {
        static SHIPPED: LazyLock<Arc<PolicySet>> = LazyLock::new(|| match PolicySet::examine(source::shipped()) {
            (set, problems) if problems.is_empty() => Arc::new(set),
            (_, problems) => panic!("{}", Problems(problems)),
        });
        &SHIPPED
    }

    /// Reads these files alone and reports everything that is wrong with them. What could be read is in the set.
    pub fn examine(sources: Vec<Source>) -> (PolicySet, Vec<Problem>) {
        let mut draft = Draft::default();
        draft.add(sources);
        let set = PolicySet::of(draft);
        let problems = set.draft.problems.clone();
        (set, problems)
    }

    /// The shipped rules with a centre's own policy folder on top.
    ///
    /// Errors: the folder cannot be read; or all problems of all its files.
    pub fn load(overrides: Option<&Path>) -> Result<PolicySet, LoadError> {
        match overrides {
            None => Ok(PolicySet::clone(Self::shipped())),
            Some(dir) => Ok(Self::shipped().with_files(Source::read_dir(dir)?)?),
        }
    }

    /// This set with further files: a centre's own folder.
    ///
    /// Errors: all problems of the new files.
    pub fn with_files(&self, sources: Vec<Source>) -> Result<PolicySet, Problems> {
        let mut draft = self.draft.clone();
        draft.add(sources);
        Self::finish(draft)
    }

    /// This set with values of the policy page, which hold at the centre. Of two that were entered for the same day the later
    /// counts, here or in the set already: the page corrects itself.
    ///
    /// Errors: a family that does not exist, a value that its unit does not take, a citation that does not resolve, a value from
    /// the day of one in the centre's own files; all of them at once.
    pub fn with_overrides(&self, overrides: Vec<Override>) -> Result<PolicySet, Problems> {
        let mut draft = self.draft.clone();
        for over in overrides {
            let file: Arc<str> = over.source.as_str().into();
            match layer(&draft, &over) {
                Ok((rule, layer)) => {
                    if let Some(family) = draft.families.get_mut(&rule) {
                        Arc::make_mut(family).enter(layer);
                    }
                }
                Err(why) => draft.problems.extend(why.into_iter().map(|message| Problem {
                    file: file.clone(),
                    line: 0,
                    excerpt: String::new(),
                    message,
                })),
            }
        }
        draft.check();
        Self::finish(draft)
    }

    fn finish(draft: Draft) -> Result<PolicySet, Problems> {
        if draft.problems.is_empty() { Ok(Self::of(draft)) } else { Err(Problems(draft.problems)) }
    }

    fn of(draft: Draft) -> PolicySet {
        let digest = digest::of(draft.families.values().map(|f| &**f));
        PolicySet { draft, digest }
    }

    /// What is wrong with the files of this set; empty for every set that was loaded rather than examined.
    pub fn check(&self) -> &[Problem] {
        &self.draft.problems
    }

    /// The value in force on that date at that place, with its citation.
    ///
    /// Errors: see [`NoRule`]; nothing in force and two at once are errors, never a guess.
    pub fn in_force<T: PolicyValue>(&self, family: &str, on: On, place: &Place) -> Result<InForce<T>, NoRule> {
        let known = self.known(family)?;
        match step(known, on, place)? {
            Found::Step(step) => read(known, step),
            Found::Nothing { ended } => {
                let first = known.first().filter(|first| *first > on);
                Err(NoRule::NothingInForce { family: known.rule.clone(), on, first, ended })
            }
        }
    }

    /// The same for a rule that some places or years lack: nothing in force is `None`, everything else stays an error.
    pub fn optional<T: PolicyValue>(&self, family: &str, on: On, place: &Place) -> Result<Option<InForce<T>>, NoRule> {
        let known = self.known(family)?;
        match step(known, on, place)? {
            Found::Step(step) => read(known, step).map(Some),
            Found::Nothing { .. } => Ok(None),
        }
    }

    /// Start-up check of a declared rule: the family exists, is picked by such a date, and can be read as `T`.
    pub fn declared<T: PolicyValue>(&self, family: &str, selected_by: &[SelectedBy]) -> Result<(), NoRule> {
        let known = self.known(family)?;
        if !selected_by.contains(&known.selected_by) {
            let wanted = selected_by.iter().map(|by| by.term()).collect::<Vec<_>>().join("、");
            return Err(NoRule::OtherSelector { family: known.rule.clone(), selected_by: known.selected_by.term(), wanted });
        }
        fits::<T>(known)
    }

    fn known(&self, family: &str) -> Result<&Family, NoRule> {
        self.draft.families.get(family).map(|f| &**f).ok_or_else(|| NoRule::UnknownFamily(family.to_owned()))
    }

    /// Whether the family exists.
    pub fn exists(&self, family: &str) -> bool {
        self.draft.families.contains_key(family)
    }

    /// Which date of a case picks the family's step.
    pub fn selected_by(&self, family: &str) -> Option<SelectedBy> {
        self.family(family).map(|f| f.selected_by)
    }

    /// A family with all its layers and steps.
    pub fn family(&self, family: &str) -> Option<&Family> {
        self.draft.families.get(family).map(|f| &**f)
    }

    /// All families by name.
    pub fn families(&self) -> impl ExactSizeIterator<Item = &Family> {
        self.draft.families.values().map(|f| &**f)
    }

    /// The register of instruments by id.
    pub fn instruments(&self) -> impl ExactSizeIterator<Item = &Instrument> {
        self.draft.instruments.values().map(|i| &**i)
    }

    /// The files this set was read from, in reading order.
    pub fn sources(&self) -> impl ExactSizeIterator<Item = &Source> {
        self.draft.sources.iter().map(|s| &**s)
    }

    /// SM3 over the canonical text of the effective set: families, scopes, steps, values, citations; not file names, line
    /// numbers, comments, English descriptions or days of the last check. Every decision stores it.
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }
}

impl std::fmt::Debug for PolicySet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PolicySet({} families, {:02x}{:02x}…)", self.draft.families.len(), self.digest[0], self.digest[1])
    }
}

/// A centre's policy folder that does not load.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A file cannot be read.
    #[error("读不了参数目录：{0}")]
    Io(#[from] std::io::Error),
    /// The files have problems.
    #[error(transparent)]
    Problems(#[from] Problems),
}

enum Found<'f> {
    Step(&'f Step),
    Nothing { ended: Option<Arc<crate::cite::Cite>> },
}

/// Narrowest layer first; a layer without a value on that date, or whose rule ended, leaves the word to the wider one.
fn step<'f>(family: &'f Family, on: On, place: &Place) -> Result<Found<'f>, NoRule> {
    if !family.selected_by.accepts(on) {
        return Err(NoRule::WrongSelector { family: family.rule.clone(), selected_by: family.selected_by.term(), on });
    }
    let mut ended = None;
    let mut narrower: Option<(&Scope, &Step)> = None;
    for layer in family.layers.iter().rev().filter(|l| l.scope.covers(place)) {
        let two = |a: &Step, b: &Step| NoRule::TwoInForce {
            family: family.rule.clone(),
            on,
            first: a.under.clone(),
            first_source: a.source(),
            second: b.under.clone(),
            second_source: b.source(),
        };
        match layer.at(on) {
            At::Two(a, b) => return Err(two(a, b)),
            // `centre` and `centre 532300` are one place: two files of one centre must not both speak.
            At::One(step) => match narrower {
                Some((Scope::Centre(_), other)) if matches!(layer.scope, Scope::Centre(_)) => {
                    return Err(two(step, other));
                }
                Some((_, other)) => return Ok(Found::Step(other)),
                None => narrower = Some((&layer.scope, step)),
            },
            At::Ended(step) => ended = ended.or(Some(step.under.clone())),
            At::Nothing => {}
        }
    }
    Ok(narrower.map_or(Found::Nothing { ended }, |(_, step)| Found::Step(step)))
}

fn fits<T: PolicyValue>(family: &Family) -> Result<(), NoRule> {
    if T::UNITS.contains(&family.unit.key()) {
        return Ok(());
    }
    Err(NoRule::WrongUnit { family: family.rule.clone(), unit: family.unit.key().to_owned(), wanted: T::UNITS.join("、") })
}

fn read<T: PolicyValue>(family: &Family, step: &Step) -> Result<InForce<T>, NoRule> {
    fits::<T>(family)?;
    let value = step.value.as_ref().unwrap_or(&Value::Empty);
    let value = T::read(value).map_err(|why| NoRule::Unusable { family: family.rule.clone(), why })?;
    Ok(InForce { value, under: step.under.clone(), rule: family.rule.clone() })
}

/// The layer an override adds.
fn layer(draft: &Draft, over: &Override) -> Result<(Rule, Layer), Vec<String>> {
    let Some(family) = draft.families.get(over.family.as_str()) else {
        return Err(vec![format!("没有参数 {}", over.family)]);
    };
    let mut wrong = Vec::new();
    for date in [Some(over.from), over.until].into_iter().flatten() {
        if date != Selector::Always && !family.selected_by.accepts(date) {
            wrong.push(format!("参数 {} 按{}选用，不能写 {date}", family.rule, family.selected_by.term()));
        }
    }
    let value = match (&over.value, &family.unit) {
        (OverrideValue::Ended, _) => Ok(None),
        (OverrideValue::Scalar(_), Unit::Holds) => Ok(Some(Value::Holds)),
        (OverrideValue::Scalar(text), unit) => Value::parse(text, unit).map(Some),
        (OverrideValue::Rows(rows), Unit::Table(columns)) => Table::parse(columns, rows).map(|t| Some(Value::Table(Arc::new(t)))),
        (OverrideValue::Rows(rows), Unit::ReviewFlow) => ReviewFlow::of_rows(rows).map(|f| Some(Value::Review(Arc::new(f)))),
        (OverrideValue::Rows(_), unit) => Err(format!("单位 {} 不写表格", unit.key())),
    };
    let value = value.map_err(|why| wrong.push(why));
    let raw = RawCite {
        instrument: over.instrument.clone(),
        edition: over.edition.clone(),
        place: over.place.clone(),
        seen_in: over.seen_in.clone(),
        confidence: Some("V".to_owned()),
    };
    let under = draft.cite(&raw, over.from).map_err(|mut why| wrong.append(&mut why));
    match (value, under) {
        (Ok(value), Ok(under)) if wrong.is_empty() => {
            let step = Step {
                from: over.from,
                until: over.until,
                published: over.published,
                value,
                under: Arc::new(under),
                file: over.source.as_str().into(),
                line: 0,
            };
            Ok((family.rule.clone(), Layer { scope: Scope::Centre(None), checked: over.checked, steps: vec![step] }))
        }
        _ => Err(wrong),
    }
}
