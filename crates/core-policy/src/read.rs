//! Reads policy files: every problem of every file in one answer.
//!
//! A file is cut at its top-level keys and each family is parsed on its own, so that a mistake in one does not hide the
//! mistakes of the others; within one family the first mistake of shape is reported, and all mistakes of content.

use std::collections::BTreeMap;
use std::sync::Arc;

use core_calendar::Day;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_saphyr::Spanned;

use crate::cite::{Cite, Rule, Selector, UNKNOWN};
use crate::family::{Family, Layer, Step};
use crate::instrument::{Edition, Instrument};
use crate::place::Scope;
use crate::problem::Problem;
use crate::review::ReviewFlow;
use crate::source::Source;
use crate::unit::{Column, SelectedBy, Unit};
use crate::value::{Table, Value};

/// A set under construction.
#[derive(Clone, Default)]
pub(crate) struct Draft {
    pub(crate) instruments: BTreeMap<Arc<str>, Arc<Instrument>>,
    pub(crate) families: BTreeMap<Rule, Arc<Family>>,
    pub(crate) sources: Vec<Arc<Source>>,
    pub(crate) problems: Vec<Problem>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawInstrument {
    title: Option<String>,
    number: Option<String>,
    about: String,
    seen_in: String,
    #[serde(default)]
    editions: Vec<RawEdition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEdition {
    edition: String,
    number: Option<String>,
    from: Option<Spanned<String>>,
    until: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFamily {
    name: String,
    rule: String,
    unit: Spanned<String>,
    #[serde(default)]
    choices: Vec<String>,
    #[serde(default)]
    columns: Vec<Spanned<String>>,
    selected_by: Spanned<String>,
    place: Spanned<String>,
    checked: Spanned<String>,
    decides: Option<String>,
    steps: Vec<Spanned<RawStep>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStep {
    from: Spanned<String>,
    until: Option<Spanned<String>>,
    published: Option<Spanned<String>>,
    value: Option<Spanned<String>>,
    rows: Option<Vec<Spanned<Vec<String>>>>,
    #[serde(default)]
    repealed: bool,
    under: Spanned<RawCite>,
}

/// A citation as written; the instrument is an id of the register.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawCite {
    pub(crate) instrument: String,
    pub(crate) edition: Option<String>,
    pub(crate) place: Option<String>,
    pub(crate) seen_in: Option<String>,
    pub(crate) confidence: Option<String>,
}

/// A file at hand while its problems are collected.
struct File<'s> {
    name: Arc<str>,
    lines: Vec<&'s str>,
    problems: Vec<Problem>,
}

impl File<'_> {
    fn problem(&mut self, line: u64, message: impl Into<String>) {
        let line = u32::try_from(line).unwrap_or(0);
        let excerpt = self.lines.get((line as usize).wrapping_sub(1)).map_or_else(String::new, |l| (*l).to_owned());
        self.problems.push(Problem { file: self.name.clone(), line, excerpt, message: message.into() });
    }

    /// Parses with `read`, or reports `message` at the scalar.
    fn word<T>(&mut self, word: &Spanned<String>, read: impl Fn(&str) -> Option<T>, message: &str) -> Option<T> {
        let read = read(&word.value);
        if read.is_none() {
            self.problem(word.referenced.line(), format!("{message}，写的是“{}”", word.value));
        }
        read
    }

    fn block<T: DeserializeOwned>(&mut self, block: &Block) -> Option<T> {
        let options = serde_saphyr::options! { no_schema: true, with_snippet: false };
        match serde_saphyr::from_str_with_options::<BTreeMap<String, T>>(&block.text, options) {
            Ok(map) => map.into_values().next(),
            Err(error) => {
                let line = error.location().map_or(block.line as u64, |l| l.line());
                self.problem(line, error.to_string());
                None
            }
        }
    }
}

/// A top-level key with everything below it, padded with empty lines so that line numbers are those of the file.
struct Block {
    key: String,
    line: usize,
    text: String,
}

fn blocks(file: &mut File<'_>) -> Vec<Block> {
    let starts: Vec<usize> =
        (0..file.lines.len()).filter(|i| !file.lines[*i].is_empty() && !file.lines[*i].starts_with([' ', '#', '\t'])).collect();
    if let Some(lost) = (0..starts.first().copied().unwrap_or(file.lines.len()))
        .find(|i| !file.lines[*i].trim().is_empty() && !file.lines[*i].starts_with('#'))
    {
        file.problem(lost as u64 + 1, "文件以参数名开头");
    }
    let mut blocks: Vec<Block> = Vec::new();
    for (i, start) in starts.iter().enumerate() {
        let end = starts.get(i + 1).copied().unwrap_or(file.lines.len());
        let Some((key, _)) = file.lines[*start].split_once(':') else {
            file.problem(*start as u64 + 1, "这一行应是参数名加冒号");
            continue;
        };
        if !is_key(key) {
            file.problem(*start as u64 + 1, format!("参数名只用小写字母、数字和下划线，写的是“{key}”"));
        } else if blocks.iter().any(|b| b.key == key) {
            file.problem(*start as u64 + 1, format!("{key} 在本文件中已有"));
        } else {
            let text = "\n".repeat(*start) + &file.lines[*start..end].join("\n");
            blocks.push(Block { key: key.to_owned(), line: start + 1, text });
        }
    }
    blocks
}

fn is_key(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
}

impl Draft {
    /// Adds files: registers of instruments first, then families, then the checks that see everything.
    pub(crate) fn add(&mut self, sources: Vec<Source>) {
        let new: Vec<Arc<Source>> = sources.into_iter().map(Arc::new).collect();
        self.sources.extend(new.iter().cloned());
        let is_register = |s: &Source| s.name.rsplit('/').next() == Some("instruments.yaml");
        for source in new.iter().filter(|s| is_register(s)) {
            self.read_register(source);
        }
        for source in new.iter().filter(|s| !is_register(s)) {
            self.read_families(source);
        }
        self.check();
    }

    fn read_register(&mut self, source: &Source) {
        let mut file = File { name: source.name.as_str().into(), lines: source.text.lines().collect(), problems: Vec::new() };
        for block in blocks(&mut file) {
            let Some(raw) = file.block::<RawInstrument>(&block) else {
                continue;
            };
            let Some(shown) = raw.title.or(raw.number) else {
                file.problem(block.line as u64, "文件要有标题 title 或文号 number");
                continue;
            };
            let day = "应为日期 YYYY-MM-DD";
            let mut editions = Vec::new();
            for edition in raw.editions {
                let from = edition.from.and_then(|d| file.word(&d, |t| Day::parse(t).ok(), day));
                let until = edition.until.and_then(|d| file.word(&d, |t| Day::parse(t).ok(), day));
                editions.push(Edition { name: edition.edition.into(), number: edition.number.map(Arc::from), from, until });
            }
            let id: Arc<str> = block.key.as_str().into();
            let instrument =
                Instrument { id: id.clone(), shown: shown.into(), about: raw.about.into(), seen_in: raw.seen_in.into(), editions };
            if self.instruments.insert(id, Arc::new(instrument)).is_some() {
                file.problem(block.line as u64, format!("文件 {} 已登记", block.key));
            }
        }
        self.problems.append(&mut file.problems);
    }

    fn read_families(&mut self, source: &Source) {
        let mut file = File { name: source.name.as_str().into(), lines: source.text.lines().collect(), problems: Vec::new() };
        let parts: Vec<&str> = source.name.trim_end_matches(".yaml").split('/').collect();
        let prefix = match parts.as_slice() {
            [.., area, "common"] if is_key(area) => area.to_string(),
            [.., area, subject] if is_key(area) && is_key(subject) => format!("{area}.{subject}"),
            _ => {
                file.problem(0, "参数文件放在 <领域>/<主题>.yaml");
                self.problems.append(&mut file.problems);
                return;
            }
        };
        for block in blocks(&mut file) {
            let Some(raw) = file.block::<RawFamily>(&block) else {
                continue;
            };
            let rule = Rule(format!("{prefix}.{}", block.key).into());
            if let Some(family) = self.family(&mut file, rule, &block, raw) {
                self.merge(&mut file, block.line, family);
            }
        }
        self.problems.append(&mut file.problems);
    }

    fn family(&self, file: &mut File<'_>, rule: Rule, block: &Block, raw: RawFamily) -> Option<Family> {
        let unit = unit(file, &raw);
        let selected_by = file.word(&raw.selected_by, SelectedBy::parse, "不认得的选用日期 selected_by");
        let scope = file.word(&raw.place, Scope::parse, "适用地域写 default、national、province 53 或 centre");
        let checked = file.word(&raw.checked, |t| Day::parse(t).ok(), "核对日期写 YYYY-MM-DD");
        let (unit, selected_by, scope, checked) = (unit?, selected_by?, scope?, checked?);
        if raw.steps.is_empty() {
            file.problem(block.line as u64, "至少写一个时段 steps");
        }
        let steps = raw.steps.into_iter().filter_map(|step| self.step(file, &unit, selected_by, step)).collect();
        Some(Family {
            rule,
            term: raw.name.into(),
            about: raw.rule.into(),
            unit,
            selected_by,
            decides: raw.decides.map(Arc::from),
            layers: vec![Layer { scope, checked, steps }],
        })
    }

    fn step(&self, file: &mut File<'_>, unit: &Unit, selected_by: SelectedBy, raw: Spanned<RawStep>) -> Option<Step> {
        let (line, raw) = (raw.referenced.line(), raw.value);
        let date = |t: &str| Selector::parse(t).filter(|s| *s == Selector::Always || selected_by.accepts(*s));
        let form = match selected_by {
            SelectedBy::Month => "按月选用，写 YYYY-MM 或 always",
            SelectedBy::Always => "不按日期选用，写 always",
            _ => "按日选用，写 YYYY-MM-DD 或 always",
        };
        let from = file.word(&raw.from, date, form);
        let until = raw.until.as_ref().map(|u| file.word(u, |t| date(t).filter(|s| *s != Selector::Always), form));
        let published = raw.published.as_ref().map(|p| file.word(p, |t| Day::parse(t).ok(), "公布日期写 YYYY-MM-DD"));
        let value = self.value(file, unit, line, &raw);
        let under = from.and_then(|from| {
            self.cite(&raw.under.value, from).map_err(|why| why.into_iter().for_each(|w| file.problem(raw.under.referenced.line(), w))).ok()
        });
        Some(Step {
            from: from?,
            until: match until {
                Some(read) => Some(read?),
                None => None,
            },
            published: match published {
                Some(read) => Some(read?),
                None => None,
            },
            value: value?,
            under: Arc::new(under?),
            file: file.name.clone(),
            line: line as u32,
        })
    }

    /// `Some(None)` is a step that ends the rule.
    fn value(&self, file: &mut File<'_>, unit: &Unit, line: u64, raw: &RawStep) -> Option<Option<Value>> {
        match (raw.repealed, &raw.value, &raw.rows, unit) {
            (true, None, None, _) => Some(None),
            (false, None, None, Unit::Holds) => Some(Some(Value::Holds)),
            (false, None, Some(rows), Unit::Table(columns)) => table(file, columns, rows).map(|t| Some(Value::Table(Arc::new(t)))),
            (false, None, Some(rows), Unit::ReviewFlow) => {
                let rows: Vec<Vec<String>> = rows.iter().map(|r| r.value.clone()).collect();
                let flow = ReviewFlow::of_rows(&rows).map_err(|why| file.problem(line, why)).ok()?;
                Some(Some(Value::Review(Arc::new(flow))))
            }
            (false, Some(value), None, _) => {
                Value::parse(&value.value, unit).map(Some).map_err(|why| file.problem(value.referenced.line(), why)).ok()
            }
            (true, ..) => {
                file.problem(line, "终止的时段 repealed 不带值");
                None
            }
            (false, Some(_), Some(_), _) => {
                file.problem(line, "value 和 rows 只写一个");
                None
            }
            (false, None, Some(_), _) => {
                file.problem(line, format!("单位 {} 不写 rows", unit.key()));
                None
            }
            (false, None, None, _) => {
                file.problem(line, "这个时段没有值：写 value 或 rows，或 repealed: true");
                None
            }
        }
    }

    /// Resolves a citation against the register; all that is wrong with it at once.
    pub(crate) fn cite(&self, raw: &RawCite, from: Selector) -> Result<Cite, Vec<String>> {
        let mut wrong = Vec::new();
        let confidence = match raw.confidence.as_deref() {
            None => None,
            Some("V") => Some('V'),
            Some("G") => Some('G'),
            Some("U") => Some('U'),
            Some(other) => {
                wrong.push(format!("可信度写 V、G 或 U，写的是“{other}”"));
                None
            }
        };
        let mut shown: Arc<str> = UNKNOWN.into();
        if raw.instrument == UNKNOWN {
            if raw.seen_in.is_none() || confidence.is_none() {
                wrong.push("依据未知时要写出处 seen_in 和可信度 confidence".to_owned());
            }
            if raw.edition.is_some() || raw.place.is_some() {
                wrong.push("依据未知时没有版本和条款".to_owned());
            }
        } else if let Some(instrument) = self.instruments.get(raw.instrument.as_str()) {
            shown = instrument.shown.clone();
            match &raw.edition {
                None if !instrument.editions.is_empty() => wrong.push(format!("{shown} 有几个版本，要写 edition")),
                Some(edition) if !instrument.editions.iter().any(|e| *e.name == **edition) => {
                    wrong.push(format!("{shown} 没有 {edition} 版"))
                }
                _ => {}
            }
        } else {
            wrong.push(format!("文件 {} 没有登记在 instruments.yaml", raw.instrument));
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let arc = |text: &Option<String>| text.as_deref().map(Arc::from);
        Ok(Cite { instrument: shown, edition: arc(&raw.edition), place: arc(&raw.place), from, seen_in: arc(&raw.seen_in), confidence })
    }

    /// Puts a family beside what other files say of it.
    fn merge(&mut self, file: &mut File<'_>, line: usize, family: Family) {
        let Some(known) = self.families.get_mut(&family.rule) else {
            self.families.insert(family.rule.clone(), Arc::new(family));
            return;
        };
        let mut merged = Family::clone(known);
        if merged.unit != family.unit || merged.selected_by != family.selected_by {
            let elsewhere = merged.layers.iter().flat_map(|l| &l.steps).next().map_or_else(String::new, Step::source);
            let (unit, by) = (&merged.unit, merged.selected_by.key());
            file.problem(line as u64, format!("{} 的单位应为 {unit}、选用日期应为 {by}，见 {elsewhere}", family.rule));
            return;
        }
        for layer in family.layers {
            merged.put(layer);
        }
        *known = Arc::new(merged);
    }

    /// Checks that need the neighbours of a step: order, ends, editions. Replaces earlier findings of its own kind.
    pub(crate) fn check(&mut self) {
        let mut found = Vec::new();
        for family in self.families.values() {
            for layer in &family.layers {
                for (i, step) in layer.steps.iter().enumerate() {
                    let next = layer.steps.get(i + 1);
                    let mut wrong = |message: String| found.push((step.file.clone(), step.line, message));
                    if let Some(next) = next.filter(|n| n.from == step.from || step.until.is_some_and(|last| last >= n.from)) {
                        let (a, b) = (step.source(), next.source());
                        wrong(format!("{} 在 {} 同时有两个规定：{}（{a}）与{}（{b}）", family.rule, next.from, step.under, next.under));
                        continue;
                    }
                    if step.until.is_some_and(|last| last < step.from) {
                        wrong("止日早于起日".to_owned());
                    }
                    let until = step.until.or(next.and_then(|n| n.from.before()));
                    let instrument = self.instruments.values().find(|i| i.shown == step.under.instrument);
                    let edition = instrument.and_then(|i| i.editions.iter().find(|e| Some(&e.name) == step.under.edition.as_ref()));
                    if let Some(edition) = edition.filter(|e| !e.spans(step.from, until)) {
                        let day = |d: Option<Day>| d.map_or_else(|| "不详".to_owned(), |d| d.to_string());
                        wrong(format!("{} 版的施行期是 {} 至 {}，这个时段超出了它", edition.name, day(edition.from), day(edition.until)));
                    }
                }
            }
        }
        for (file, line, message) in found {
            let text = self.sources.iter().rev().find(|s| *s.name == *file).map(|s| s.text.as_str()).unwrap_or_default();
            let excerpt = text.lines().nth((line as usize).wrapping_sub(1)).unwrap_or_default().to_owned();
            let problem = Problem { file, line, excerpt, message };
            if !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
        }
        self.problems.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    }
}

impl Family {
    /// Adds a layer, or its steps to the layer of the same scope. The day of the last check is the older of both.
    /// Adds what was entered on the policy page, in the place of what was entered there for the same days before.
    pub(crate) fn enter(&mut self, layer: Layer) {
        if let Some(known) = self.layers.iter_mut().find(|l| l.scope == layer.scope) {
            known.steps.retain(|step| !step.is_entered() || layer.steps.iter().all(|new| new.from != step.from));
        }
        self.put(layer);
    }

    pub(crate) fn put(&mut self, layer: Layer) {
        match self.layers.iter_mut().find(|l| l.scope == layer.scope) {
            Some(known) => {
                known.checked = known.checked.min(layer.checked);
                known.steps.extend(layer.steps);
            }
            None => self.layers.push(layer),
        }
        self.layers.sort_by(|a, b| a.scope.cmp(&b.scope));
        for layer in &mut self.layers {
            layer.steps.sort_by_key(|s| s.from);
        }
    }
}

fn unit(file: &mut File<'_>, raw: &RawFamily) -> Option<Unit> {
    let line = raw.unit.referenced.line();
    let word = raw.unit.value.as_str();
    if (word == "choice") == raw.choices.is_empty() {
        file.problem(line, "单位 choice 要写 choices，其他单位不写");
        return None;
    }
    if (word == "table") == raw.columns.is_empty() {
        file.problem(line, "单位 table 要写 columns，其他单位不写");
        return None;
    }
    match word {
        "choice" => Some(Unit::Choice(raw.choices.iter().map(|c| Arc::from(c.as_str())).collect())),
        "table" => {
            let columns: Vec<Option<Column>> =
                raw.columns.iter().map(|c| file.word(c, Column::parse, "列写“名称 单位”，可空的列单位后加 ?")).collect();
            columns.into_iter().collect::<Option<Vec<_>>>().map(|c| Unit::Table(c.into()))
        }
        _ => file.word(&raw.unit, Unit::parse, "不认得的单位"),
    }
}

fn table(file: &mut File<'_>, columns: &Arc<[Column]>, rows: &[Spanned<Vec<String>>]) -> Option<Table> {
    let mut read = Vec::with_capacity(rows.len());
    for row in rows {
        match Table::row(columns, &row.value) {
            Ok(cells) => read.push(cells),
            Err(why) => why.into_iter().for_each(|w| file.problem(row.referenced.line(), w)),
        }
    }
    (read.len() == rows.len()).then(|| Table { columns: columns.clone(), rows: read })
}
