//! An action (业务): everything that changes anything. One file each: form, facts, rules, reasons, `decide`.

use core_calendar::Day;
use core_policy::{NoRule, On, Place, PolicySet};
use serde_json::Value;

use crate::conflict::Concern;
use crate::effect::Decision;
use crate::flow::{Channel, Flows};
use crate::form::{Field, FieldError, Form, Lines, read_form, read_form_lines};
use crate::nouns::{Answer, Ask};
use crate::refusal::{Because, Checks, Refused};

/// What `decide` may know of the moment: no clock, only days given from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    /// Legal day of the case: its acceptance; rules are picked by it.
    pub accepted: Day,
    /// Business day on which it is decided; only for prices and periods, never written into effects.
    pub today: Day,
    /// By which channel it came.
    pub channel: Channel,
}

/// What comes out of `decide`.
pub type Outcome = Result<Decision, Refused>;

/// Declaration of a rule that an action uses: compared with the policy files at start-up.
#[derive(Clone, Copy, Debug)]
pub struct RuleDecl {
    /// Name in the action.
    pub name: &'static str,
    /// Family in `policy/`.
    pub family: &'static str,
    /// Which kind of date picks the row, as in the file.
    pub by: Selects,
    /// Whether the family's unit can be read as the type declared.
    pub fits: fn(&PolicySet, &'static str) -> Result<(), NoRule>,
}

/// Which kind of date an action offers to pick a rule's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selects {
    /// A day of the case.
    Day,
    /// A month of the case.
    Month,
}

/// What must be known (facts), made by `facts!`.
pub trait Asks: Sized {
    /// The struct of the answers.
    type Facts;
    /// Names of the facts with their nouns, `each Noun` where there is one a line.
    const FACTS: &'static [(&'static str, &'static str)];
    /// The questions, in a fixed order.
    fn asks(&self, at: &At) -> Vec<Ask>;
    /// Which fact each question serves, in the same order.
    fn serves(&self, at: &At) -> Vec<&'static str>;
    /// The facts from the loader's answers in the same order; none if they do not fit, which is a bug of the loader.
    fn facts(&self, at: &At, answers: Vec<Answer>) -> Option<Self::Facts>;
}

/// Which rules apply, made by `rules!`.
pub trait Bound: Sized {
    /// The struct of the rules in force.
    type Rules;
    /// Declarations.
    const RULES: &'static [RuleDecl];
    /// Looks them up for the dates of this case.
    fn rules(&self, at: &At, policy: &PolicySet, place: &Place) -> Result<Self::Rules, NoRule>;
}

/// Its reasons to refuse, made by `because!`, in the order a clerk checks them.
pub trait Refuses {
    /// All reasons.
    const REFUSALS: &'static [&'static Because];
}

/// An action (业务).
#[diagnostic::on_unimplemented(message = "`{Self}` is not an action: write `impl Action for {Self}` in its file")]
pub trait Action: Form + Asks + Bound + Refuses + 'static {
    /// Name everywhere: file, examples, policy, page, command, permission.
    const NAME: &'static str;
    /// Short code (快捷码): two letters that open its form from the search field, the beginnings of the words a counter says. No two
    /// actions have the same.
    const SHORT: &'static str;
    /// Which review flow of `policy/case/review.yaml` it takes.
    const FLOWS: Flows;
    /// The family of `policy/case/material.yaml` that lists what is handed in with it (材料清单); none where the handbook names nothing.
    const MATERIALS: Option<&'static str> = None;
    /// Steps that upgrade former shapes of stored commands, oldest first; the version is their count plus one.
    const FORMER: &'static [fn(&mut Value)] = &[];
    /// What the case concerns, for conflicts in flight.
    fn concerns(&self) -> Vec<Concern>;
    /// The decision: pure, from facts and rules only.
    fn decide(&self, at: &At, f: &Self::Facts, r: &Self::Rules, no: Checks) -> Outcome;
    /// What the page is titled beside the action's term: number or name, never a personal identifier.
    fn summary(&self) -> String {
        String::new()
    }
    /// Amount that the review flow may depend on.
    fn amount(&self) -> Option<core_money::Money> {
        None
    }
}

/// A command read into its form, with its type forgotten.
pub trait Prepared: Send + Sync {
    /// Name of the action.
    fn name(&self) -> &'static str;
    /// The questions.
    fn asks(&self, at: &At) -> Vec<Ask>;
    /// Which fact each question serves, in the same order.
    fn serves(&self, at: &At) -> Vec<&'static str>;
    /// What it concerns.
    fn concerns(&self) -> Vec<Concern>;
    /// Decides; `NoRule` when policy has nothing for its dates.
    fn decide(&self, at: &At, answers: Vec<Answer>, policy: &PolicySet, place: &Place) -> Result<Outcome, Problem>;
    /// The form as JSON.
    fn write(&self) -> Value;
    /// The form as JSON without its tables, whose lines are given one by one.
    fn write_lines(&self, each: &mut dyn FnMut(&'static str, Value)) -> Value;
    /// Title beside the term.
    fn summary(&self) -> String;
    /// Amount for the flow.
    fn amount(&self) -> Option<core_money::Money>;
}

/// Why nothing could be decided.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Policy has no value, or two, for a date of the case.
    #[error("{0}")]
    NoRule(String),
    /// The loader's answers do not fit the questions: a bug.
    #[error("the answers do not fit the questions of {0}")]
    WrongAnswers(&'static str),
}

struct Erased<A>(A);

impl<A: Action + Send + Sync> Prepared for Erased<A> {
    fn name(&self) -> &'static str {
        A::NAME
    }
    fn asks(&self, at: &At) -> Vec<Ask> {
        self.0.asks(at)
    }
    fn serves(&self, at: &At) -> Vec<&'static str> {
        self.0.serves(at)
    }
    fn concerns(&self) -> Vec<Concern> {
        self.0.concerns()
    }
    fn decide(&self, at: &At, answers: Vec<Answer>, policy: &PolicySet, place: &Place) -> Result<Outcome, Problem> {
        let rules = self.0.rules(at, policy, place).map_err(|e| Problem::NoRule(e.to_string()))?;
        let facts = self.0.facts(at, answers).ok_or(Problem::WrongAnswers(A::NAME))?;
        Ok(self.0.decide(at, &facts, &rules, Checks::new()))
    }
    fn write(&self) -> Value {
        self.0.write()
    }
    fn write_lines(&self, each: &mut dyn FnMut(&'static str, Value)) -> Value {
        self.0.write_lines(each)
    }
    fn summary(&self) -> String {
        self.0.summary()
    }
    fn amount(&self) -> Option<core_money::Money> {
        self.0.amount()
    }
}

/// A command read into its form, or every field error at once.
pub type Reading = Result<Box<dyn Prepared>, Vec<FieldError>>;

/// An action of the catalogue (业务目录) with its type forgotten by function pointers.
#[derive(Clone, Copy)]
pub struct Entry {
    /// Name.
    pub name: &'static str,
    /// Chinese term.
    pub term: &'static str,
    /// Version of the stored command.
    pub version: usize,
    /// Fields.
    pub fields: &'static [Field],
    /// Reasons to refuse.
    pub refusals: &'static [&'static Because],
    /// Rules declared.
    pub rules: &'static [RuleDecl],
    /// Facts declared: name and noun.
    pub facts: &'static [(&'static str, &'static str)],
    /// Review flows.
    pub flows: Flows,
    /// Short code.
    pub short: &'static str,
    /// Family of its material list.
    pub materials: Option<&'static str>,
    /// Reads a command.
    pub read: fn(&Value) -> Reading,
    /// Reads a command whose tables come line by line.
    pub read_lines: fn(&Value, &mut dyn Lines) -> Reading,
    /// Upgrades a stored command from a former version.
    pub upgrade: fn(usize, &mut Value),
}

impl Entry {
    /// The reason of its own with this code, none if it has no such reason (any more).
    pub fn because(&self, code: &str) -> Option<&'static Because> {
        self.refusals.iter().copied().find(|b| b.code == code)
    }
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.name, self.term)
    }
}

/// The entry of an action; the list of an area is a constant of these.
pub const fn entry<A: Action + Send + Sync>() -> Entry {
    Entry {
        name: A::NAME,
        term: A::TERM,
        version: A::FORMER.len() + 1,
        fields: A::FIELDS,
        refusals: A::REFUSALS,
        rules: A::RULES,
        facts: A::FACTS,
        flows: A::FLOWS,
        short: A::SHORT,
        materials: A::MATERIALS,
        read: |value| read_form::<A>(value).map(|form| Box::new(Erased(form)) as Box<dyn Prepared>),
        read_lines: |head, lines| read_form_lines::<A>(head, lines).map(|form| Box::new(Erased(form)) as Box<dyn Prepared>),
        upgrade: |version, value| A::FORMER.iter().skip(version.saturating_sub(1)).for_each(|step| step(value)),
    }
}

/// The date a rule is picked by, from what an action offers.
pub trait Picks {
    /// The kind.
    const BY: Selects;
    /// The date for the lookup.
    fn on(self) -> On;
}

impl Picks for Day {
    const BY: Selects = Selects::Day;
    fn on(self) -> On {
        On::Day(self)
    }
}

impl Picks for core_calendar::Month {
    const BY: Selects = Selects::Month;
    fn on(self) -> On {
        On::Month(self)
    }
}

/// The facts of an action: `facts! { Rent, |it, at| { account: Savings(it.account), all: each Savings(l.account) for l in &it.lines } }`.
#[macro_export]
macro_rules! facts {
    ($form:ident, |$it:ident, $at:ident| { $($body:tt)* }) => {
        $crate::facts!(@munch $form, $it, $at, [] [] [] [] $($body)*);
    };
    // name: each Noun(args) for x in iter,
    (@munch $form:ident, $it:ident, $at:ident, [$($f:tt)*] [$($names:tt)*] [$($asks:tt)*] [$($takes:tt)*]
        $name:ident : each $noun:ident ( $($arg:expr),* $(,)? ) for $x:ident in $iter:expr, $($rest:tt)*) => {
        $crate::facts!(@munch $form, $it, $at,
            [$($f)* pub $name: Vec<<$crate::nouns::$noun as $crate::nouns::Noun>::Answer>,]
            [$($names)* (stringify!($name), concat!("each ", stringify!($noun))),]
            [$($asks)* { each $name $noun ($($arg),*) $x $iter }]
            [$($takes)* { each $name $noun $x $iter }]
            $($rest)*);
    };
    (@munch $form:ident, $it:ident, $at:ident, [$($f:tt)*] [$($names:tt)*] [$($asks:tt)*] [$($takes:tt)*]
        $name:ident : $noun:ident ( $($arg:expr),* $(,)? ), $($rest:tt)*) => {
        $crate::facts!(@munch $form, $it, $at,
            [$($f)* pub $name: <$crate::nouns::$noun as $crate::nouns::Noun>::Answer,]
            [$($names)* (stringify!($name), stringify!($noun)),]
            [$($asks)* { one $name $noun ($($arg),*) }]
            [$($takes)* { one $name $noun }]
            $($rest)*);
    };
    (@munch $form:ident, $it:ident, $at:ident, [$($f:tt)*] [$($names:tt)*] [$($asks:tt)*] [$($takes:tt)*]) => {
        /// What must be known.
        #[derive(Debug)]
        pub struct Facts { $($f)* }
        impl $crate::action::Asks for $form {
            type Facts = Facts;
            const FACTS: &'static [(&'static str, &'static str)] = &[$($names)*];
            #[allow(unused_variables, unused_mut)]
            fn asks(&self, $at: &$crate::action::At) -> Vec<$crate::nouns::Ask> {
                let $it = self;
                let mut asks = Vec::new();
                $( $crate::facts!(@ask asks $asks); )*
                asks
            }
            #[allow(unused_variables, unused_mut)]
            fn serves(&self, $at: &$crate::action::At) -> Vec<&'static str> {
                let $it = self;
                let mut serves = Vec::new();
                $( $crate::facts!(@serve serves $asks); )*
                serves
            }
            #[allow(unused_variables, unused_mut)]
            fn facts(&self, $at: &$crate::action::At, answers: Vec<$crate::nouns::Answer>) -> Option<Facts> {
                let $it = self;
                let mut answers = answers.into_iter();
                let facts = $crate::facts!(@build answers [$($takes)*] []);
                if answers.next().is_some() { return None; }
                Some(facts)
            }
        }
    };
    (@serve $serves:ident { one $name:ident $noun:ident ($($arg:expr),*) }) => {
        $serves.push(stringify!($name));
    };
    (@serve $serves:ident { each $name:ident $noun:ident ($($arg:expr),*) $x:ident $iter:expr }) => {
        for _ in $iter { $serves.push(stringify!($name)); }
    };
    (@ask $asks:ident { one $name:ident $noun:ident ($($arg:expr),*) }) => {
        $asks.push($crate::nouns::Noun::ask($crate::nouns::$noun($($arg),*)));
    };
    (@ask $asks:ident { each $name:ident $noun:ident ($($arg:expr),*) $x:ident $iter:expr }) => {
        for $x in $iter { $asks.push($crate::nouns::Noun::ask($crate::nouns::$noun($($arg),*))); }
    };
    (@build $answers:ident [{ one $name:ident $noun:ident } $($rest:tt)*] [$($done:tt)*]) => {
        $crate::facts!(@build $answers [$($rest)*]
            [$($done)* $name: <$crate::nouns::$noun as $crate::nouns::Noun>::take($answers.next()?)?,])
    };
    (@build $answers:ident [{ each $name:ident $noun:ident $x:ident $iter:expr } $($rest:tt)*] [$($done:tt)*]) => {
        $crate::facts!(@build $answers [$($rest)*]
            [$($done)* $name: {
                let mut all = Vec::new();
                for _ in $iter { all.push(<$crate::nouns::$noun as $crate::nouns::Noun>::take($answers.next()?)?); }
                all
            },])
    };
    (@build $answers:ident [] [$($done:tt)*]) => { Facts { $($done)* } };
}

/// The rules of an action: `rules! { Rent, |it, at| { cap: InForce<Money> = "withdrawal.rent.cap_single" by Day(at.accepted), } }`;
/// `Option<InForce<T>>` for a rule that some places or years lack.
#[macro_export]
macro_rules! rules {
    ($form:ident, |$it:ident, $at:ident| { $($name:ident : $type:ty = $family:literal by $by:ident ( $on:expr )),* $(,)? }) => {
        /// Which rules are in force.
        #[derive(Debug)]
        pub struct Rules { $(pub $name: $type,)* }
        impl $crate::action::Bound for $form {
            type Rules = Rules;
            const RULES: &'static [$crate::action::RuleDecl] = &[
                $($crate::action::RuleDecl { name: stringify!($name), family: $family, by: $crate::action::Selects::$by, fits: <$type as $crate::action::Looks>::fits },)*
            ];
            #[allow(unused_variables)]
            fn rules(
                &self,
                $at: &$crate::action::At,
                policy: &$crate::PolicySet,
                place: &$crate::Place,
            ) -> Result<Rules, $crate::NoRule> {
                let $it = self;
                Ok(Rules { $($name: <$type as $crate::action::Looks>::look(policy, $family, $crate::On::$by($on), place)?,)* })
            }
        }
    };
}

/// A rule's type knows how it is looked up.
pub trait Looks: Sized {
    /// Looks the family up.
    fn look(policy: &PolicySet, family: &'static str, on: On, place: &Place) -> Result<Self, NoRule>;
    /// Whether the family exists and its unit can be read as this type.
    fn fits(policy: &PolicySet, family: &'static str) -> Result<(), NoRule>;
}

fn unit_fits<T: core_policy::PolicyValue>(policy: &PolicySet, family: &'static str) -> Result<(), NoRule> {
    let by: Vec<core_policy::SelectedBy> = policy.selected_by(family).into_iter().collect();
    policy.declared::<T>(family, &by)
}

impl<T: core_policy::PolicyValue> Looks for core_policy::InForce<T> {
    fn look(policy: &PolicySet, family: &'static str, on: On, place: &Place) -> Result<Self, NoRule> {
        policy.in_force(family, on, place)
    }
    fn fits(policy: &PolicySet, family: &'static str) -> Result<(), NoRule> {
        unit_fits::<T>(policy, family)
    }
}

impl<T: core_policy::PolicyValue> Looks for Option<core_policy::InForce<T>> {
    fn look(policy: &PolicySet, family: &'static str, on: On, place: &Place) -> Result<Self, NoRule> {
        policy.optional(family, on, place)
    }
    fn fits(policy: &PolicySet, family: &'static str) -> Result<(), NoRule> {
        unit_fits::<T>(policy, family)
    }
}

/// The reasons of an action: `because! { Rent { ABOVE_CAP "超过年度提取限额"; } }`, in the order a clerk checks them. Reasons of checks
/// that several actions share are told once with [`reasons!`](crate::reasons) and added: `because! { Rent + [CARD_REASONS] { … } }`.
#[macro_export]
macro_rules! because {
    ($form:ident $(+ [$($shared:path),+])? { $($code:ident $words:literal;)* }) => {
        $(static $code: $crate::Because = $crate::Because { code: stringify!($code), words: $words };)*
        impl $crate::action::Refuses for $form {
            const REFUSALS: &'static [&'static $crate::Because] = {
                const ALL: &[&[&$crate::Because]] = &[&[$(&$code),*] $($(, $shared)+)?];
                const JOINED: [&$crate::Because; $crate::refusal::count(ALL)] = $crate::refusal::join(ALL);
                &JOINED
            };
        }
    };
}

/// Reasons of a check that several actions share: `reasons! { pub(super) RATES { RATE_LOW "缴存比例低于下限"; } }`.
#[macro_export]
macro_rules! reasons {
    ($vis:vis $list:ident { $($code:ident $words:literal;)* }) => {
        $(static $code: $crate::Because = $crate::Because { code: stringify!($code), words: $words };)*
        /// Reasons of the checks of this file.
        $vis const $list: &[&$crate::Because] = &[$(&$code),*];
    };
}
