//! Fields (填写项): label above, input, below it the error, then the hint, so that inputs stay on one line.
//!
//! Required is not marked, optional is (选填). Dates and months are typed, not picked: `2026-11-24` is faster than a calendar;
//! the intake reads the five spellings people use.

use maud::{Markup, html};

use super::Text;

/// What kind of field it is.
#[derive(Clone, Debug)]
pub enum Kind {
    /// One line of text.
    Line,
    /// Money: right-aligned, with its unit box.
    Money(Text),
    /// A day, `YYYY-MM-DD`.
    Date,
    /// A month, `YYYY-MM`.
    Month,
    /// One of few: radio buttons. Value and words.
    Few(Vec<(Text, Text)>),
    /// One of many: a list. Value and words.
    Many(Vec<(Text, Text)>),
    /// Several lines.
    Area,
    /// Files; media types as a browser takes them.
    File(Text),
    /// A secret of the person signing in.
    Password,
    /// A secret that is being chosen.
    NewPassword,
    /// Six digits of the second factor.
    Code,
    /// An identifier: typed in clear, shown as a mask ever after. The mask is the value.
    Sealed,
    /// A fact from outside, not typed: value left, source and time right.
    Fact(Text),
    /// Yes or no, with what yes means.
    Tick(Text),
}

/// A field with its state.
#[derive(Clone, Debug)]
pub struct Field {
    /// Name in the form.
    pub name: Text,
    /// Label (the term).
    pub label: Text,
    /// Kind.
    pub kind: Kind,
    /// What stands in it.
    pub value: Text,
    /// May stay empty.
    pub optional: bool,
    /// What is wrong: found and limit.
    pub error: Option<Text>,
    /// A hint.
    pub hint: Text,
    /// Thirds of the row it takes: 1, 2 or 3.
    pub span: u8,
    /// Has the focus when the page opens.
    pub focus: bool,
}

impl Field {
    /// A field of a kind.
    pub fn new(name: impl Into<Text>, label: impl Into<Text>, kind: Kind, value: impl Into<Text>) -> Field {
        Field {
            name: name.into(),
            label: label.into(),
            kind,
            value: value.into(),
            optional: false,
            error: None,
            hint: "".into(),
            span: 1,
            focus: false,
        }
    }
    /// May stay empty.
    pub fn optional(mut self) -> Field {
        self.optional = true;
        self
    }
    /// Something is wrong.
    pub fn error(mut self, sentence: impl Into<Text>) -> Field {
        self.error = Some(sentence.into());
        self
    }
    /// With a hint.
    pub fn hint(mut self, sentence: impl Into<Text>) -> Field {
        self.hint = sentence.into();
        self
    }
    /// Takes several thirds of the row.
    pub fn span(mut self, thirds: u8) -> Field {
        self.span = thirds;
        self
    }
    /// Has the focus.
    pub fn focus(mut self) -> Field {
        self.focus = true;
        self
    }

    /// Draws it. The input's id is `field-` and the name, to which the error summary links.
    pub fn show(&self) -> Markup {
        let id = format!("field-{}", self.name);
        let described = format!("{id}-error {id}-hint");
        let grouped = matches!(self.kind, Kind::Few(_));
        html! {
            div class={ "field span-" (self.span) @if self.error.is_some() { " has-error" } @if grouped { " grouped" } } role=[grouped.then_some("group")] aria-labelledby=[grouped.then(|| format!("{id}-label"))] {
                @if grouped || matches!(self.kind, Kind::Fact(_)) { span.label id={ (id) "-label" } { (self.label) (self.optional_mark()) } }
                @else if !matches!(self.kind, Kind::Tick(_)) { label.label for=(id) { (self.label) (self.optional_mark()) } }
                (self.input(&id, &described))
                @if let Some(error) = &self.error { p.error id={ (id) "-error" } { span aria-hidden="true" { "✕" } " " (error) } }
                @if !self.hint.is_empty() { p.hint-line id={ (id) "-hint" } { (self.hint) } }
            }
        }
    }

    fn optional_mark(&self) -> Markup {
        html! { @if self.optional { span.optional { " 选填" } } }
    }

    fn input(&self, id: &str, described: &str) -> Markup {
        let wrong = self.error.is_some().then_some("true");
        let described = (self.error.is_some() || !self.hint.is_empty()).then_some(described);
        let line = |kind: &str, mode: &str, class: &str, holder: &str, complete: &str| {
            html! {
                input id=(id) name=(self.name) type=(kind) inputmode=(mode) class=(class) value=(self.value) placeholder=[(!holder.is_empty()).then_some(holder)]
                    autocomplete=(complete) aria-invalid=[wrong] aria-describedby=[described] autofocus[self.focus] required[!self.optional];
            }
        };
        html! {
            @match &self.kind {
                Kind::Line => (line("text", "text", "input", "", "off")),
                Kind::Money(unit) => span.with-unit { (line("text", "decimal", "input n", "0.00", "off")) span.unit-box { (unit) } },
                Kind::Date => (line("text", "numeric", "input", "年-月-日", "off")),
                Kind::Month => (line("text", "numeric", "input", "年-月", "off")),
                Kind::Password => (line("password", "text", "input", "", "current-password")),
                Kind::NewPassword => (line("password", "text", "input", "", "new-password")),
                Kind::Code => (line("text", "numeric", "input code", "", "one-time-code")),
                Kind::Sealed => (line("text", "text", "input sunk", "", "off")),
                Kind::Area => textarea.input id=(id) name=(self.name) rows="3" aria-invalid=[wrong] aria-describedby=[described] { (self.value) },
                Kind::File(accept) => input.input.file id=(id) name=(self.name) type="file" accept=(accept) multiple aria-invalid=[wrong] aria-describedby=[described];,
                Kind::Few(list) => span.radios { @for (value, words) in list { label.radio { input type="radio" name=(self.name) value=(value) checked[*value == self.value]; (words) } } },
                Kind::Many(list) => span.select { select.input id=(id) name=(self.name) aria-invalid=[wrong] aria-describedby=[described] { @for (value, words) in list { option value=(value) selected[*value == self.value] { (words) } } } },
                Kind::Fact(source) => span.fact aria-labelledby={ (id) "-label" } role="group" { span { (self.value) } small { (source) } },
                Kind::Tick(words) => label.radio { input id=(id) type="checkbox" name=(self.name) value="yes" checked[self.value == "yes"]; (words) },
            }
        }
    }
}

/// A group of fields with its name at the left.
#[derive(Clone, Debug)]
pub struct Group {
    /// Name of the group.
    pub name: Text,
    /// Its fields, three to a row.
    pub fields: Vec<Field>,
}

/// Draws the groups of a form.
pub fn groups(list: &[Group]) -> Markup {
    html! {
        @for group in list {
            div.field-group role="group" aria-label=(group.name) { h2 { (group.name) } div.fields { @for field in &group.fields { (field.show()) } } }
        }
    }
}
