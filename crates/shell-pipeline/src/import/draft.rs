//! A command in the making: lines of a form, each with the row it came from, so that whatever is said about a line is told
//! at its cell.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use core_case::digest::Digest;
use core_case::flow::Channel;
use core_case::form::{FieldError, Lines};
use core_case::refusal::Refusal;
use core_case::state::CaseState;
use serde_json::{Map, Value};
use shell_files::layout::Layout;
use shell_files::problem::RowError;
use shell_files::sheet::{RowView, Sheet};
use shell_store::cases::{self, StoredCase};

use super::{CONFLICT, Errand, ImportAnswer, NO_RULE, code_of};
use crate::catalogue;
use crate::command::{Answer, PipelineError, ended};
use crate::submit::{Intake, Named};

/// Fields of a form with the keys of the columns they come from.
pub(super) type Columns = &'static [(&'static str, &'static str)];

/// A table of the form with the rows of its sheet. Lines are made from the rows each time they are read: a file of a centre's
/// members is not to be in memory twice.
pub(super) struct Table<'a> {
    /// Field of the form.
    pub field: &'static str,
    /// Where its fields come from.
    pub columns: Columns,
    /// The sheet.
    pub sheet: &'a Sheet,
    rows: Vec<Good<'a>>,
    /// Rows that take no part: with errors of their own.
    out: Vec<RowView<'a>>,
    /// Those of them that the rules can look at all the same, once.
    probes: Vec<Probe<'a>>,
}

/// A row without an error, with the fields that are not plain cells.
struct Good<'a> {
    row: RowView<'a>,
    more: Option<Box<Map<String, Value>>>,
}

/// A row with an error, looked at by the rules with the cells that cannot be read taken from the row above, so that its other
/// errors are told in the same answer. What the rules say about a borrowed cell is not told.
struct Probe<'a> {
    own: Good<'a>,
    donor: RowView<'a>,
    /// Keys of cells that the sheet took and the form does not.
    unread: Vec<&'static str>,
}

impl Probe<'_> {
    /// Whether a cell is taken from the donor: one that must be filled and could not be read.
    fn borrows(&self, key: &str, layout: &Layout) -> bool {
        self.unread.contains(&key) || (self.own.row.text(key).is_none() && layout.columns.iter().any(|c| c.key == key && c.required))
    }
}

impl<'a> Table<'a> {
    /// The rows of a sheet as lines; `finish` adds what is not a plain cell, or says what is wrong with the row.
    pub fn of(
        sheet: &'a Sheet,
        field: &'static str,
        columns: Columns,
        errors: &mut Vec<RowError>,
        mut finish: impl FnMut(&RowView<'a>, &mut Map<String, Value>, &mut Vec<RowError>),
    ) -> Table<'a> {
        let mut table = Table { field, columns, sheet, rows: Vec::new(), out: Vec::new(), probes: Vec::new() };
        let told: HashSet<(u32, String)> = errors.iter().filter(|e| e.sheet == sheet.name).map(|e| (e.row, e.column.clone())).collect();
        for row in sheet.rows() {
            let (mut more, mut said) = (Map::new(), Vec::new());
            finish(&row, &mut more, &mut said);
            let own = Good { row, more: (!more.is_empty()).then(|| Box::new(more)) };
            if row.is_faulty() {
                // A cell that could not be read has its error.
                errors.extend(said.into_iter().filter(|e| !told.contains(&(e.row, e.column.clone()))));
                table.out.push(row);
                let donor = table.rows.last().map(|good| good.row);
                table.probes.extend(donor.map(|donor| Probe { own, donor, unread: Vec::new() }));
            } else if said.is_empty() {
                table.rows.push(own);
            } else {
                errors.append(&mut said);
                table.out.push(row);
            }
        }
        table
    }

    /// Takes out lines for which `keep` says no; they are no errors.
    pub fn retain(&mut self, mut keep: impl FnMut(&RowView<'a>) -> bool) {
        self.rows.retain(|good| keep(&good.row));
    }

    /// Moves lines with these numbers to those that take no part.
    fn leave_out(&mut self, lines: &BTreeSet<usize>) {
        let mut i = 0;
        self.out.extend(self.rows.iter().enumerate().filter(|(n, _)| lines.contains(n)).map(|(_, good)| good.row));
        self.rows.retain(|_| {
            i += 1;
            !lines.contains(&(i - 1))
        });
    }

    /// Makes probes of lines of which the form could not read these cells.
    fn probe(&mut self, unread: &BTreeMap<usize, Vec<&'static str>>) {
        let (rows, probes) = (std::mem::take(&mut self.rows), std::mem::take(&mut self.probes));
        let first = rows.len();
        let mut new = Vec::new();
        for (i, own) in rows.into_iter().enumerate() {
            let Some(unread) = unread.get(&i) else {
                self.rows.push(own);
                continue;
            };
            self.out.push(own.row);
            let donor = self.rows.last().map(|good| good.row);
            new.extend(donor.map(|donor| Probe { own, donor, unread: unread.clone() }));
        }
        for (i, mut probe) in probes.into_iter().enumerate() {
            let told = unread.contains_key(&(first + i));
            let unread = unread.get(&(first + i)).map_or(&[][..], Vec::as_slice);
            // What cannot be read although it is borrowed will not be read at all.
            if !told || (!unread.is_empty() && unread.iter().all(|key| !probe.borrows(key, self.sheet.layout))) {
                probe.unread.extend(unread);
                new.push(probe);
            }
        }
        self.probes = new;
    }

    /// Line `i` of the form: the good rows, below them the probes.
    fn line(&self, i: usize) -> Option<Value> {
        let (good, probe) = match self.rows.get(i) {
            Some(good) => (good, None),
            None => self.probes.get(i - self.rows.len()).map(|probe| (&probe.own, Some(probe)))?,
        };
        let mut line = Map::new();
        for (field, key) in self.columns {
            let row = probe.filter(|probe| probe.borrows(key, self.sheet.layout)).map_or(good.row, |probe| probe.donor);
            if let Some(text) = row.text(key) {
                line.insert((*field).to_owned(), Value::String(text.to_owned()));
            }
        }
        line.extend(good.more.iter().flat_map(|more| more.iter().map(|(field, value)| (field.clone(), value.clone()))));
        Some(Value::Object(line))
    }

    fn key_of(&self, field: &str) -> Option<&'static str> {
        self.columns.iter().find(|(name, _)| *name == field).map(|(_, key)| *key)
    }

    /// Tells what is wrong with line `i`; of a probe only what its own cells are to blame for. Returns whether the line is good
    /// no more.
    fn tell(&self, i: usize, leaf: &str, error: impl FnOnce(RowView<'a>, &'static str) -> RowError, errors: &mut Vec<RowError>) -> bool {
        let key = self.key_of(leaf).unwrap_or("");
        if let Some(good) = self.rows.get(i) {
            errors.push(error(good.row, key));
            return true;
        }
        if let Some(probe) = self.probes.get(i - self.rows.len())
            && !probe.borrows(key, self.sheet.layout)
        {
            let error = error(probe.own.row, key);
            if !errors.iter().any(|e| e.row == error.row && e.column == error.column && e.sheet == error.sheet) {
                errors.push(error);
            }
        }
        false
    }
}

/// The lines of all tables, one by one.
struct FromSheets<'d, 'a> {
    tables: &'d [Table<'a>],
    at: usize,
    of: &'static str,
}

impl Lines for FromSheets<'_, '_> {
    fn next(&mut self, table: &'static str) -> Option<Value> {
        if self.of != table {
            (self.of, self.at) = (table, 0);
        }
        self.at += 1;
        self.tables.iter().find(|t| t.field == table)?.line(self.at - 1)
    }
}

/// A field of the form outside its tables and the cell it came from.
pub(super) struct Head<'a> {
    /// Field of the form.
    pub field: &'static str,
    /// Column of the sheet.
    pub column: &'static str,
    /// The first row that says it, none when an option did.
    pub row: Option<RowView<'a>>,
}

/// A command in the making.
pub(super) struct Draft<'a> {
    /// The action.
    pub action: &'static str,
    /// Fields outside the tables.
    pub head: Map<String, Value>,
    /// Where they came from.
    pub heads: Vec<Head<'a>>,
    /// Tables with their rows.
    pub tables: Vec<Table<'a>>,
    /// Whether an earlier case that is done answers for its rows; not when what it did was undone since.
    pub done_counts: bool,
}

impl<'a> Draft<'a> {
    /// SM3 over everything the file says, cell by cell, and what the options add.
    fn digest(&self) -> Digest {
        let head = std::iter::once(serde_json::to_string(&self.head).unwrap_or_default());
        let rows = self.tables.iter().flat_map(|table| {
            std::iter::once(table.field.to_owned()).chain(table.sheet.rows().map(|row| {
                let cells: Vec<&str> = table.sheet.layout.columns.iter().map(|c| row.text(c.key).unwrap_or("")).collect();
                cells.join("\u{1f}")
            }))
        });
        Digest::of_lines(head.chain(rows))
    }

    fn lines(&self) -> usize {
        self.tables.iter().map(|t| t.rows.len()).sum()
    }

    fn anything_left_out(&self) -> bool {
        self.tables.iter().any(|t| !t.out.is_empty())
    }

    /// The command read from the rows.
    fn read(&self, at: &Errand<'_>) -> Result<Result<Intake, Vec<FieldError>>, PipelineError> {
        let head = Value::Object(self.head.clone());
        let mut lines = FromSheets { tables: &self.tables, at: 0, of: "" };
        at.centre.intake_of(at.actor, self.action, Channel::Counter, |entry| (entry.read_lines)(&head, &mut lines))
    }

    /// The probes were looked at.
    fn drop_probes(&mut self) {
        self.tables.iter_mut().for_each(|t| t.probes.clear());
    }

    /// Tells field errors at their cells; returns whether each could be laid at a line.
    fn tell_fields(&mut self, found: Vec<FieldError>, errors: &mut Vec<RowError>) -> bool {
        let mut only_lines = true;
        let mut unread: Vec<BTreeMap<usize, Vec<&'static str>>> = self.tables.iter().map(|_| BTreeMap::new()).collect();
        for e in found {
            let place = Place::parse(&e.path);
            match self.line(&place) {
                Some((t, i)) => {
                    let error = |row: RowView<'_>, key: &str| {
                        let mut error = row.error(key, e.code, e.message, e.remedy);
                        if error.column.is_empty() {
                            error.column = e.label;
                        }
                        error
                    };
                    self.tables[t].tell(i, place.leaf, error, errors);
                    unread[t].entry(i).or_default().extend(self.tables[t].key_of(place.leaf));
                }
                None => {
                    only_lines = false;
                    errors.push(self.at_head(place.head, e.code, e.found, e.message, e.remedy));
                }
            }
        }
        for (table, unread) in self.tables.iter_mut().zip(&unread) {
            table.probe(unread);
        }
        only_lines
    }

    /// Tells refusals about lines at their cells and leaves those lines out; the others come back.
    fn tell_lines(&mut self, found: Vec<Refusal>, errors: &mut Vec<RowError>) -> Vec<Refusal> {
        let mut others = Vec::new();
        let mut out: Vec<BTreeSet<usize>> = self.tables.iter().map(|_| BTreeSet::new()).collect();
        for refusal in found {
            let place = Place::parse(refusal.field.as_deref().unwrap_or(""));
            let Some((t, i)) = self.line(&place) else {
                others.push(refusal);
                continue;
            };
            let table = &self.tables[t];
            let said = refusal.found.as_deref().map(|found| same_row(found, table));
            let message = words(&refusal, said.as_deref());
            let error = |row: RowView<'_>, key: &str| row.error(key, code_of(self.action, &refusal), message, remedy(&refusal));
            if table.tell(i, place.leaf, error, errors) {
                out[t].insert(i);
            }
        }
        for (table, lines) in self.tables.iter_mut().zip(&out) {
            table.leave_out(lines);
        }
        others
    }

    /// Tells a refusal that concerns no single line.
    fn tell_whole(&self, refusal: &Refusal, errors: &mut Vec<RowError>) {
        let place = Place::parse(refusal.field.as_deref().unwrap_or(""));
        let found = refusal.found.clone().unwrap_or_default();
        let code = code_of(self.action, refusal);
        let error = self.at_head(place.head, code, found, words(refusal, refusal.found.as_deref()), remedy(refusal));
        errors.push(error);
    }

    /// Table and line of a place that has both.
    fn line(&self, place: &Place<'_>) -> Option<(usize, usize)> {
        let t = self.tables.iter().position(|t| t.field == place.head)?;
        let i = place.line?;
        (i < self.tables[t].rows.len() + self.tables[t].probes.len()).then_some((t, i))
    }

    /// An error at a field outside the lines: the cell that said it, else its sheet.
    fn at_head(&self, field: &str, code: &'static str, found: String, message: String, remedy: String) -> RowError {
        if let Some(head) = self.heads.iter().find(|h| h.field == field) {
            let sheet = &self.tables[0].sheet;
            if let Some(row) = head.row {
                return row.error(head.column, code, message, remedy);
            }
            let column = sheet.layout.columns.iter().find(|c| c.key == head.column).map_or("", |c| c.heading);
            return RowError { sheet: sheet.name.clone(), row: 0, column: column.to_owned(), code, found, message, remedy };
        }
        let sheet = self.tables.iter().find(|t| t.field == field).or(self.tables.first()).map(|t| t.sheet.name.clone());
        RowError { sheet: sheet.unwrap_or_default(), row: 0, column: String::new(), code, found, message, remedy }
    }

    /// Whether a refusal speaks of all the rows together, so that it means nothing while some are left out.
    fn hangs_on_all_rows(&self, refusal: &Refusal) -> bool {
        let field = refusal.field.as_deref().unwrap_or("");
        let Some(table) = self.tables.iter().find(|t| t.field == field) else { return false };
        if refusal.code != "LINE_MISSING" {
            return true;
        }
        // Somebody is missing for sure if none of the rows left out may be that person.
        let missing = refusal.found.as_deref();
        table.out.iter().any(|row| row.text("member").is_none_or(|account| Some(account) == missing))
    }
}

/// `lines[3].amount`, taken apart.
struct Place<'p> {
    head: &'p str,
    line: Option<usize>,
    leaf: &'p str,
}

impl<'p> Place<'p> {
    fn parse(path: &'p str) -> Place<'p> {
        let (first, leaf) = path.split_once('.').unwrap_or((path, ""));
        match first.split_once('[') {
            Some((head, number)) => Place { head, line: number.strip_suffix(']').and_then(|n| n.parse().ok()), leaf },
            None => Place { head: first, line: None, leaf },
        }
    }
}

/// "与第 2 行相同" of a form speaks of its lines; people count the rows of their sheet.
fn same_row(found: &str, table: &Table<'_>) -> String {
    let line = found.strip_prefix("与第 ").and_then(|rest| rest.strip_suffix(" 行相同")).and_then(|n| n.parse::<usize>().ok());
    let row = |i: usize| table.rows.get(i).or_else(|| table.probes.get(i.checked_sub(table.rows.len())?).map(|probe| &probe.own));
    match line.and_then(|n| row(n.wrapping_sub(1))) {
        Some(good) => format!("与第 {} 行相同", good.row.number()),
        None => found.to_owned(),
    }
}

/// What a refusal says, found and required first, without the remedy.
fn words(refusal: &Refusal, found: Option<&str>) -> String {
    match (found.filter(|f| !f.is_empty()), refusal.required.as_deref().filter(|r| !r.is_empty())) {
        (Some(found), Some(required)) => format!("{}：现为 {found}，要求 {required}。", refusal.words),
        (Some(found), None) => format!("{}：{found}。", refusal.words),
        (None, Some(required)) => format!("{}：要求 {required}。", refusal.words),
        (None, None) => format!("{}。", refusal.words),
    }
}

fn remedy(refusal: &Refusal) -> String {
    refusal.remedy.as_ref().map_or(String::new(), |r| format!("{}。", r.sentence()))
}

/// Earlier cases of the same rows, and the key that is free for another.
async fn earlier(at: &Errand<'_>, draft: &Draft<'_>) -> Result<(String, Vec<StoredCase>), PipelineError> {
    let first = format!("import:{}:{}", at.kind.name(), draft.digest());
    let (mut key, mut n) = (first.clone(), 1);
    let mut cases = Vec::new();
    while let Some((_, id)) = cases::answered(&at.centre.store, &key).await? {
        let case = at.centre.case(id).await?.case;
        // A case that was refused, rejected or withdrawn left nothing behind: the rows may come again.
        let counts = match case.state {
            CaseState::Waiting | CaseState::Returned | CaseState::Failed => true,
            CaseState::Done => draft.done_counts,
            _ => false,
        };
        if counts {
            cases.push(case);
        }
        n += 1;
        key = format!("{first}:{n}");
    }
    Ok((key, cases))
}

/// Takes the lines out that earlier cases hold; returns how many.
fn take_out_known(at: &Errand<'_>, draft: &mut Draft<'_>, cases: &[StoredCase]) -> Result<usize, PipelineError> {
    let before = draft.lines();
    draft.drop_probes();
    let Some(entry) = catalogue::action(draft.action) else { return Ok(0) };
    for case in cases {
        // Lines are compared as the form writes them: in one spelling, empty fields told. Their digests are enough.
        let Ok(stored) = case.read_form(&at.centre.store, entry)? else { continue };
        let mut known: HashSet<(&'static str, Digest)> = HashSet::new();
        stored.write_lines(&mut |table, line| {
            known.insert((table, line_digest(&line)));
        });
        let Ok(own) = draft.read(at)? else { continue };
        let mut seen: HashMap<&'static str, Vec<bool>> = HashMap::new();
        own.prepared.write_lines(&mut |table, line| seen.entry(table).or_default().push(known.contains(&(table, line_digest(&line)))));
        for table in &mut draft.tables {
            let mut seen = seen.remove(table.field).unwrap_or_default().into_iter();
            table.retain(|_| !seen.next().unwrap_or(false));
        }
    }
    Ok(before - draft.lines())
}

fn line_digest(line: &Value) -> Digest {
    Digest::of(line.to_string().as_bytes())
}

/// Tries the lines, tells every error, and submits what may be submitted.
pub(super) async fn submit(at: &mut Errand<'_>, mut draft: Draft<'_>, answer: &mut ImportAnswer) -> Result<(), PipelineError> {
    let (key, cases) = earlier(at, &draft).await?;
    if let Some(last) = cases.last() {
        answer.unchanged += take_out_known(at, &mut draft, &cases)?;
        answer.case = Some(last.id.to_string());
    }
    // The day read with the rows is the day of the case.
    let _held = at.centre.hold_day();
    let lines = draft.lines();
    at.tell("核对", 0, lines);
    let (mut whole, mut good_as_read) = (false, None);
    while draft.lines() > 0 {
        let left_out = draft.anything_left_out();
        let seen = match draft.read(at)? {
            Ok(intake) => {
                let seen = match at.centre.would(at.actor, &intake, None).await {
                    Err(PipelineError::NoRule(sentence)) => {
                        whole = true;
                        answer.errors.push(draft.at_head("", NO_RULE, String::new(), format!("{sentence}。"), "核对年月和日期。".into()));
                        break;
                    }
                    seen => seen?,
                };
                good_as_read = draft.tables.iter().all(|t| t.probes.is_empty()).then_some(intake);
                seen
            }
            Err(found) => Answer::Fields(found),
        };
        match seen {
            Answer::Fields(found) => {
                if !draft.tell_fields(found, &mut answer.errors) {
                    whole = true;
                    break;
                }
            }
            Answer::Refused { refusals, .. } => {
                let count = draft.lines();
                let probed = draft.tables.iter().any(|t| !t.probes.is_empty());
                let others = draft.tell_lines(refusals, &mut answer.errors);
                draft.drop_probes();
                let last = draft.lines() == 0 || !at.options.accept_good_rows || (draft.lines() == count && !probed);
                if last {
                    // Rows that stay out on purpose leave a file that must be right without them.
                    let complete = !left_out || (at.options.accept_good_rows && draft.lines() > 0);
                    let said: Vec<&Refusal> = others.iter().filter(|r| complete || !draft.hangs_on_all_rows(r)).collect();
                    whole |= !said.is_empty();
                    said.into_iter().for_each(|r| draft.tell_whole(r, &mut answer.errors));
                    if !complete && others.iter().any(|r| draft.hangs_on_all_rows(r)) {
                        answer.notes.push("有错误的行没有参加合计和人数的核对，改正后再核对。".into());
                    }
                    break;
                }
            }
            Answer::Ended { case, state } => {
                whole = true;
                answer.errors.push(draft.at_head("", CONFLICT, String::new(), ended(case, state), String::new()));
                break;
            }
            Answer::Conflict { sentence } => {
                whole = true;
                answer.errors.push(draft.at_head("", CONFLICT, String::new(), sentence, String::new()));
                break;
            }
            Answer::Done(_) | Answer::Waiting(_) if draft.tables.iter().all(|t| t.probes.is_empty()) => break,
            // Nothing more to say about the rows with errors: the good ones by themselves.
            Answer::Done(_) | Answer::Waiting(_) if at.options.accept_good_rows => draft.drop_probes(),
            Answer::Done(_) | Answer::Waiting(_) => break,
        }
    }
    at.tell("核对", lines, lines);
    let good = if whole || (!answer.errors.is_empty() && !at.options.accept_good_rows) { 0 } else { draft.lines() };
    if good > 0 && !answer.errors.is_empty() {
        answer.notes.push(stay_out(&draft));
    }
    answer.accepted = good;
    if good == 0 || at.options.dry_run {
        return Ok(());
    }
    let intake = match good_as_read {
        Some(intake) => Ok(intake),
        None => draft.read(at)?,
    };
    // The key is made from the file: it is its own digest.
    let named = Named { key: &key, digest: Digest::of(key.as_bytes()) };
    let became = match intake {
        Ok(intake) => at.centre.submit_read(at.actor, at.origin, &named, &intake).await?,
        Err(found) => Answer::Fields(found),
    };
    match became {
        Answer::Done(done) => answer.case = Some(done.case.to_string()),
        Answer::Waiting(waiting) => answer.case = Some(waiting.case.to_string()),
        // The facts moved between the look and the submission: what the rules say now is told like the rest.
        Answer::Refused { case, refusals } => {
            let others = draft.tell_lines(refusals, &mut answer.errors);
            others.iter().for_each(|r| draft.tell_whole(r, &mut answer.errors));
            answer.case = case.map(|c| c.to_string());
            answer.accepted = 0;
        }
        Answer::Fields(found) => {
            draft.tell_fields(found, &mut answer.errors);
            answer.accepted = 0;
        }
        Answer::Ended { case, state } => {
            answer.errors.push(draft.at_head("", CONFLICT, String::new(), ended(case, state), String::new()));
            answer.accepted = 0;
        }
        Answer::Conflict { sentence } => {
            answer.errors.push(draft.at_head("", CONFLICT, String::new(), sentence, String::new()));
            answer.accepted = 0;
        }
    }
    at.tell("提交", answer.accepted, good);
    Ok(())
}

/// Which rows stayed out, sheet by sheet.
fn stay_out(draft: &Draft<'_>) -> String {
    let sheets = draft.tables.iter().filter(|t| !t.out.is_empty()).map(|t| {
        let rows: BTreeSet<u32> = t.out.iter().map(RowView::number).collect();
        let named: Vec<String> = rows.iter().take(20).map(u32::to_string).collect();
        let more = if rows.len() > 20 { format!("等共 {} 行", rows.len()) } else { " 行".to_owned() };
        format!("“{}”第 {}{more}", t.sheet.name, named.join("、"))
    });
    format!("没有导入的行：{}。", sheets.collect::<Vec<_>>().join("；"))
}
