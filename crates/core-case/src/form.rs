//! A form is data: fields with Chinese labels, from which the page, the JSON schema, the command line and the import sheet come.
//!
//! `#[derive(Form)]` on a plain struct takes the first line of a field's doc comment as its label and the second as help. A
//! nested `Vec<Line>` makes a table; errors carry paths such as `lines[3].amount`. All errors of an input come out at once.

use core_calendar::{Day, Month};
use core_identity::{fold_width, mask_card, mask_id_number, mask_mobile};
use core_money::{Money, Rate};
pub use serde_json::{Map, Value};

use crate::ids::{BankAccountId, EmployerId, ListId, ReceiptId, SavingsId, UnitId, UserId};

/// A field (栏位) of a form.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Name in code, JSON and on the command line.
    pub name: &'static str,
    /// Label (标签) on pages and heading in sheets.
    pub label: &'static str,
    /// One sentence of help, may be empty.
    pub help: &'static str,
    /// Which values it takes.
    pub kind: Kind,
    /// Whether it must be filled.
    pub required: bool,
}

/// Which values a field takes; every surface draws itself from this.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Text of at most so many characters.
    Text(usize),
    /// Yuan with two decimals.
    Money,
    /// Percent.
    Rate,
    /// A date.
    Day,
    /// A month.
    Month,
    /// A whole number.
    Integer,
    /// Yes or no.
    Flag,
    /// One of a closed list: code and words.
    Choice(&'static [(&'static str, &'static str)]),
    /// A number of our own books: what it names.
    Number(&'static str),
    /// Number of an identity document; sealed.
    IdNumber,
    /// Mobile number; sealed.
    Mobile,
    /// Bank card or account of a person; sealed.
    Card,
    /// Rows of their own fields.
    Lines(&'static [Field]),
}

impl Kind {
    /// Whether the value is a personal identifier that is kept as ciphertext and shown masked.
    pub const fn sealed(&self) -> bool {
        matches!(self, Kind::IdNumber | Kind::Mobile | Kind::Card)
    }
    /// Short name used in shapes and schemas.
    pub const fn name(&self) -> &'static str {
        match self {
            Kind::Text(_) => "text",
            Kind::Money => "money",
            Kind::Rate => "rate",
            Kind::Day => "day",
            Kind::Month => "month",
            Kind::Integer => "integer",
            Kind::Flag => "flag",
            Kind::Choice(_) => "choice",
            Kind::Number(_) => "number",
            Kind::IdNumber => "id_number",
            Kind::Mobile => "mobile",
            Kind::Card => "card",
            Kind::Lines(_) => "lines",
        }
    }
}

/// What is wrong with one field: found, wanted, and what to do. `found` is masked where the field is sealed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FieldError {
    /// `lines[3].amount`, counted from 0.
    pub path: String,
    /// Label of the field.
    pub label: String,
    /// Code from the refusals catalogue: `required`, `form.money` …
    pub code: &'static str,
    /// What stood there.
    pub found: String,
    /// One sentence in Chinese.
    pub message: String,
    /// What to do, in Chinese.
    pub remedy: String,
}

/// A value that a field can hold.
pub trait FieldType: Sized {
    /// Which values the field takes.
    const KIND: Kind;
    /// False for `Option` and lists that may be empty.
    const REQUIRED: bool = true;
    /// Reads one value; pushes what is wrong.
    fn read(value: &Value, at: &Place<'_>, errors: &mut Vec<FieldError>) -> Option<Self>;
    /// What stands for a missing value, if that is allowed.
    fn missing() -> Option<Self> {
        None
    }
    /// The value as stored and sent.
    fn write(&self) -> Value;
    /// Reads a table whose lines come one by one; none for a value that is no table.
    fn read_lines(_lines: &mut dyn FnMut() -> Option<Value>, _at: &Place<'_>, _errors: &mut Vec<FieldError>) -> Option<Self> {
        None
    }
    /// Gives the lines of a table one by one; false for a value that is no table.
    fn write_lines(&self, _each: &mut dyn FnMut(Value)) -> bool {
        false
    }
}

/// The lines of a form's tables (表单明细行) one by one, tables in the order of the form's fields: from a sheet, or from the text
/// of a stored form. So a form of a hundred thousand lines is never one JSON value.
pub trait Lines {
    /// The next line of a table; none after its last.
    fn next(&mut self, table: &'static str) -> Option<Value>;
}

/// Where a value is read: the path so far and the field.
pub struct Place<'a> {
    /// Path with the field's own name.
    pub path: String,
    /// The field.
    pub field: &'a Field,
}

impl Place<'_> {
    /// An error at this place.
    pub fn error(&self, code: &'static str, found: &str, message: String, remedy: &str) -> FieldError {
        let found = match self.field.kind {
            Kind::IdNumber => mask_id_number(found),
            Kind::Mobile => mask_mobile(found),
            Kind::Card => mask_card(found),
            _ => found.chars().take(40).collect(),
        };
        FieldError { path: self.path.clone(), label: self.field.label.to_owned(), code, found, message, remedy: remedy.to_owned() }
    }
}

/// A form (表单): what a command carries. Made by `#[derive(Form)]`.
pub trait Form: Sized {
    /// Its Chinese term, the first line of the struct's doc comment.
    const TERM: &'static str;
    /// Its fields, in reading order.
    const FIELDS: &'static [Field];
    /// Reads the form from a JSON object; every error of every field is pushed.
    fn read(reader: &mut Reader<'_>) -> Option<Self>;
    /// Writes the form as it is sent.
    fn write(&self) -> Value;
    /// Writes the form without its tables, and gives each line of them with the name of its table.
    fn write_lines(&self, each: &mut dyn FnMut(&'static str, Value)) -> Value;
}

/// Reads fields out of one JSON object and gathers what is wrong.
pub struct Reader<'a> {
    object: Option<&'a Map<String, Value>>,
    path: String,
    errors: &'a mut Vec<FieldError>,
    empty: Map<String, Value>,
    lines: Option<&'a mut dyn Lines>,
}

impl<'a> Reader<'a> {
    /// A reader of `value`, whose path so far is `path`.
    pub fn new(value: &'a Value, path: &str, errors: &'a mut Vec<FieldError>) -> Reader<'a> {
        Reader { object: value.as_object(), path: path.to_owned(), errors, empty: Map::new(), lines: None }
    }

    /// Takes the tables that `value` does not hold from somewhere else, line by line.
    #[must_use]
    pub fn with_lines(mut self, lines: &'a mut dyn Lines) -> Reader<'a> {
        self.lines = Some(lines);
        self
    }

    /// Reads one field.
    pub fn field<T: FieldType>(&mut self, field: &'static Field) -> Option<T> {
        let path = if self.path.is_empty() { field.name.to_owned() } else { format!("{}.{}", self.path, field.name) };
        let at = Place { path, field };
        let value = self.object.unwrap_or(&self.empty).get(field.name);
        if let (None, Kind::Lines(_), Some(lines)) = (value, &field.kind, &mut self.lines) {
            return T::read_lines(&mut || lines.next(field.name), &at, self.errors);
        }
        let blank = match value {
            None | Some(Value::Null) => true,
            Some(Value::String(s)) => s.trim().is_empty(),
            _ => false,
        };
        if blank {
            let missing = T::missing();
            if missing.is_none() {
                self.errors.push(at.error("required", "", format!("{}没有填写。", field.label), "填写这一栏"));
            }
            return missing;
        }
        T::read(value?, &at, self.errors)
    }

    /// Reports names in the object that are no fields: a misspelt name must not be lost silently.
    pub fn nothing_else(&mut self, fields: &[Field]) {
        let Some(object) = self.object else {
            self.errors.push(FieldError {
                path: self.path.clone(),
                label: String::new(),
                code: "form.object",
                found: String::new(),
                message: "这里应是一组栏位。".into(),
                remedy: "按表单的栏位名称填写".into(),
            });
            return;
        };
        for name in object.keys().filter(|n| !fields.iter().any(|f| f.name == n.as_str())) {
            let path = if self.path.is_empty() { name.clone() } else { format!("{}.{name}", self.path) };
            self.errors.push(FieldError {
                path,
                label: String::new(),
                code: "form.unknown",
                found: name.clone(),
                message: format!("没有叫 {name} 的栏位。"),
                remedy: format!("可用的栏位：{}", fields.iter().map(|f| f.name).collect::<Vec<_>>().join("、")),
            });
        }
    }
}

/// Reads a whole form from JSON; all errors at once.
pub fn read_form<F: Form>(value: &Value) -> Result<F, Vec<FieldError>> {
    let mut errors = Vec::new();
    let form = F::read(&mut Reader::new(value, "", &mut errors));
    match form {
        Some(form) if errors.is_empty() => Ok(form),
        _ => Err(errors),
    }
}

/// The same with tables that come line by line.
///
/// # Errors
/// As [`read_form`].
pub fn read_form_lines<F: Form>(head: &Value, lines: &mut dyn Lines) -> Result<F, Vec<FieldError>> {
    let mut errors = Vec::new();
    let form = F::read(&mut Reader::new(head, "", &mut errors).with_lines(lines));
    match form {
        Some(form) if errors.is_empty() => Ok(form),
        _ => Err(errors),
    }
}

/// The fields with their kinds as one line a field: a golden compares it, so that a changed shape without an upgrade step fails.
pub fn shape(fields: &[Field], indent: usize, out: &mut String) {
    for f in fields {
        let mark = if f.required { "" } else { "?" };
        out.push_str(&format!("{}{}{mark}: {} {}\n", "  ".repeat(indent), f.name, f.kind.name(), f.label));
        if let Kind::Lines(lines) = f.kind {
            shape(lines, indent + 1, out);
        }
    }
}

/// Text with full-width forms folded and the blanks around it removed, as people mean it.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(s) => Some(s.trim_matches(|c: char| c.is_whitespace() || c == '\u{3000}' || c == '\u{feff}').to_owned()),
        Value::Number(n) => Some(n.to_string()),
        Value::Bool(b) => Some(b.to_string()),
        _ => None,
    }
}

fn folded(value: &Value) -> Option<String> {
    plain(value).map(|s| fold_width(&s))
}

impl FieldType for String {
    const KIND: Kind = Kind::Text(255);
    fn read(value: &Value, at: &Place<'_>, errors: &mut Vec<FieldError>) -> Option<Self> {
        let limit = if let Kind::Text(n) = at.field.kind { n } else { 255 };
        match plain(value) {
            Some(text) if text.chars().count() > limit => {
                errors.push(at.error("form.too_long", &text, format!("{}超过 {limit} 个字。", at.field.label), "缩短到限度以内"));
                None
            }
            Some(text) if text.chars().any(|c| c.is_control()) => {
                errors.push(at.error("form.control", &text, format!("{}含有不可见的控制字符。", at.field.label), "删去后重新填写"));
                None
            }
            Some(text) => Some(text),
            None => {
                errors.push(at.error("form.text", &value.to_string(), format!("{}应是文字。", at.field.label), "填写文字"));
                None
            }
        }
    }
    fn write(&self) -> Value {
        Value::String(self.clone())
    }
}

/// Implements a field type whose text form is strict.
macro_rules! field_by_text {
    ($($type:ty, $kind:expr, $code:literal, $want:literal, $remedy:literal, |$text:ident| $parse:expr, |$this:ident| $write:expr;)+) => {$(
        impl FieldType for $type {
            const KIND: Kind = $kind;
            fn read(value: &Value, at: &Place<'_>, errors: &mut Vec<FieldError>) -> Option<Self> {
                let found = folded(value).unwrap_or_else(|| value.to_string());
                let parsed = { let $text = found.as_str(); $parse };
                if parsed.is_none() {
                    errors.push(at.error($code, &found, format!("{}应是{}。", at.field.label, $want), $remedy));
                }
                parsed
            }
            fn write(&self) -> Value {
                let $this = self;
                Value::String($write)
            }
        }
    )+};
}

field_by_text! {
    Money, Kind::Money, "form.money", "以元为单位、至多两位小数的金额", "写成 1234.56 的样子", |t| Money::parse(&t.replace(',', "")).ok(), |v| v.to_string();
    Rate, Kind::Rate, "form.rate", "百分比", "写成 7 或 3.25 的样子", |t| Rate::parse(t.trim_end_matches('%').trim()).ok(), |v| v.to_string();
    Day, Kind::Day, "form.day", "日期", "写成 2025-07-01 的样子", |t| Day::parse(t).ok(), |v| v.to_string();
    Month, Kind::Month, "form.month", "年月", "写成 2025-07 的样子", |t| Month::parse(t).ok(), |v| v.to_string();
    EmployerId, Kind::Number("单位账号"), "form.number", "单位账号（数字）", "在单位页面上核对账号", |t| EmployerId::parse(t), |v| v.to_string();
    SavingsId, Kind::Number("个人账号"), "form.number", "个人账号（数字）", "在个人页面上核对账号", |t| SavingsId::parse(t), |v| v.to_string();
    ListId, Kind::Number("清册号"), "form.number", "清册号（15 位数字）", "在清册页面上核对号码", |t| ListId::parse(t), |v| v.to_string();
    ReceiptId, Kind::Number("收款编号"), "form.number", "收款编号（数字）", "在收款页面上核对编号", |t| ReceiptId::parse(t), |v| v.to_string();
    BankAccountId, Kind::Number("专户"), "form.number", "专户序号（数字）", "在专户页面上核对", |t| BankAccountId::parse(t), |v| v.to_string();
    UnitId, Kind::Number("机构"), "form.number", "机构序号（数字）", "在机构页面上核对", |t| UnitId::parse(t), |v| v.to_string();
    UserId, Kind::Number("用户"), "form.number", "用户序号（数字）", "在用户页面上核对", |t| UserId::parse(t), |v| v.to_string();
    i64, Kind::Integer, "form.integer", "整数", "只写数字", |t| t.parse().ok(), |v| v.to_string();
    bool, Kind::Flag, "form.flag", "是或否", "选“是”或“否”",
        |t| match t { "true" | "是" | "1" | "on" => Some(true), "false" | "否" | "0" | "off" => Some(false), _ => None },
        |v| v.to_string();
}

/// A personal identifier in a form: kept as ciphertext when stored, shown masked, never printed.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Personal<K>(String, std::marker::PhantomData<K>);

/// Which identifier a [`Personal`] is.
pub trait PersonalKind {
    /// Its field kind.
    const KIND: Kind;
    /// What it is, in Chinese.
    const WANT: &'static str;
    /// Normal form, none if it cannot be one at all. Check digits are rules of the actions, not of the shape.
    fn normal(text: &str) -> Option<String>;
    /// Mask for display.
    fn mask(text: &str) -> String;
}

macro_rules! personal {
    ($($(#[$doc:meta])* $alias:ident = $tag:ident, $kind:expr, $want:literal, |$t:ident| $normal:expr, $mask:path;)+) => {$(
        #[doc = "Tag of the identifier kind."]
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $tag;
        $(#[$doc])*
        pub type $alias = Personal<$tag>;
        impl PersonalKind for $tag {
            const KIND: Kind = $kind;
            const WANT: &'static str = $want;
            fn normal($t: &str) -> Option<String> { $normal }
            fn mask(text: &str) -> String { $mask(text) }
        }
    )+};
}

fn letters_and_digits(text: &str, min: usize, max: usize) -> Option<String> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect();
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'(' || b == b')' || b == b'-');
    (plain && (min..=max).contains(&text.len())).then_some(text)
}

personal! {
    /// Number of an identity document (证件号码), upper case, at most 18 characters (C18 of JGJ/T 320).
    IdNumber = IdNumberTag, Kind::IdNumber, "至多 18 位的证件号码", |t| letters_and_digits(t, 4, 18), mask_id_number;
    /// Mobile number (手机号码), 11 digits.
    Mobile = MobileTag, Kind::Mobile, "11 位手机号码", |t| letters_and_digits(t, 11, 11).filter(|s| s.starts_with('1') && s.bytes().all(|b| b.is_ascii_digit())), mask_mobile;
    /// Bank card or account number (银行卡号), digits, at most 30 (C30 of JGJ/T 320).
    Card = CardTag, Kind::Card, "银行卡号（数字）", |t| letters_and_digits(t, 6, 30).filter(|s| s.bytes().all(|b| b.is_ascii_digit())), mask_card;
}

impl<K: PersonalKind> Personal<K> {
    /// From text in any width and spacing.
    pub fn parse(text: &str) -> Option<Self> {
        K::normal(&fold_width(text)).map(|t| Personal(t, std::marker::PhantomData))
    }
    /// The clear text: only for sealing, hashing and checking.
    pub fn reveal(&self) -> &str {
        &self.0
    }
    /// The mask.
    pub fn masked(&self) -> String {
        K::mask(&self.0)
    }
}

impl<K: PersonalKind> std::fmt::Debug for Personal<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.masked())
    }
}

impl<K: PersonalKind> FieldType for Personal<K> {
    const KIND: Kind = K::KIND;
    fn read(value: &Value, at: &Place<'_>, errors: &mut Vec<FieldError>) -> Option<Self> {
        let found = folded(value).unwrap_or_default();
        let parsed = Personal::parse(&found);
        if parsed.is_none() {
            errors.push(at.error("form.identifier", &found, format!("{}应是{}。", at.field.label, K::WANT), "对照原件重新填写"));
        }
        parsed
    }
    fn write(&self) -> Value {
        Value::String(self.0.clone())
    }
}

impl<T: FieldType> FieldType for Option<T> {
    const KIND: Kind = T::KIND;
    const REQUIRED: bool = false;
    fn read(value: &Value, at: &Place<'_>, errors: &mut Vec<FieldError>) -> Option<Self> {
        T::read(value, at, errors).map(Some)
    }
    fn missing() -> Option<Self> {
        Some(None)
    }
    fn write(&self) -> Value {
        self.as_ref().map_or(Value::Null, FieldType::write)
    }
}

impl<F: Form> FieldType for Vec<F> {
    const KIND: Kind = Kind::Lines(F::FIELDS);
    const REQUIRED: bool = false;
    fn read(value: &Value, at: &Place<'_>, errors: &mut Vec<FieldError>) -> Option<Self> {
        let Some(items) = value.as_array() else {
            errors.push(at.error("form.lines", "", format!("{}应是若干行。", at.field.label), "每行一组栏位"));
            return None;
        };
        let mut items = items.iter();
        read_all(&mut || items.next(), at, errors)
    }
    fn read_lines(lines: &mut dyn FnMut() -> Option<Value>, at: &Place<'_>, errors: &mut Vec<FieldError>) -> Option<Self> {
        read_all(lines, at, errors)
    }
    fn write_lines(&self, each: &mut dyn FnMut(Value)) -> bool {
        self.iter().for_each(|line| each(line.write()));
        true
    }
    fn missing() -> Option<Self> {
        Some(Vec::new())
    }
    fn write(&self) -> Value {
        Value::Array(self.iter().map(Form::write).collect())
    }
}

/// Reads lines until there are no more; none if one of them cannot be read.
fn read_all<F: Form, V: std::borrow::Borrow<Value>>(
    next: &mut dyn FnMut() -> Option<V>,
    at: &Place<'_>,
    errors: &mut Vec<FieldError>,
) -> Option<Vec<F>> {
    let mut all = Some(Vec::new());
    let mut i = 0;
    while let Some(item) = next() {
        let line = F::read(&mut Reader::new(item.borrow(), &format!("{}[{i}]", at.path), errors));
        match (line, &mut all) {
            (Some(line), Some(all)) => all.push(line),
            // The others are read on for their errors only.
            _ => all = None,
        }
        i += 1;
    }
    all
}

/// A closed list of codes with words; made by `#[derive(Choice)]`, usable as a field.
pub trait Choice: Sized + Copy + 'static {
    /// Code and words, in the order shown.
    const CHOICES: &'static [(&'static str, &'static str)];
    /// From its code or its words.
    fn from_code(text: &str) -> Option<Self>;
    /// Its code.
    fn code(self) -> &'static str;
    /// Its words.
    fn words(self) -> &'static str {
        let code = self.code();
        Self::CHOICES.iter().find(|(c, _)| *c == code).map_or("", |(_, w)| w)
    }
}

/// Lets choices be read from policy files, where they stand by their code.
#[macro_export]
macro_rules! policy_choices {
    ($($name:ty),+ $(,)?) => {$(
        impl $crate::PolicyValue for $name {
            const UNITS: &'static [&'static str] = &["choice"];
            fn read(value: &$crate::PolicyText) -> Result<Self, String> {
                let code = value.text();
                <$name as $crate::form::Choice>::from_code(&code).ok_or_else(|| format!("不认得的取值 {code}"))
            }
        }
    )+};
}

/// Reads a choice; shared by the derive.
pub fn read_choice<C: Choice>(value: &Value, at: &Place<'_>, errors: &mut Vec<FieldError>) -> Option<C> {
    let found = folded(value).unwrap_or_default();
    let chosen = C::from_code(&found);
    if chosen.is_none() {
        let list = C::CHOICES.iter().map(|(c, w)| format!("{c} {w}")).collect::<Vec<_>>().join("、");
        errors.push(at.error("form.choice", &found, format!("{}不在可选范围内。", at.field.label), &format!("可选：{list}")));
    }
    chosen
}
