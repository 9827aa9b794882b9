//! A command in the making: lines of a form, each with the row it came from, so that whatever is said about a line is told
//! at its cell.

use std::collections::{BTreeSet, HashSet};

use core_case::digest::Digest;
use core_case::form::FieldError;
use core_case::refusal::Refusal;
use core_case::state::CaseState;
use serde_json::{Map, Value};
use shell_files::problem::RowError;
use shell_files::sheet::{RowView, Sheet};
use shell_store::cases::{self, StoredCase};

use super::{CONFLICT, Errand, ImportAnswer, code_of};
use crate::catalogue;
use crate::command::{Answer, Command, PipelineError};

/// Fields of a form with the keys of the columns they come from.
pub(super) type Columns = &'static [(&'static str, &'static str)];

/// A table of the form with the rows of its sheet.
pub(super) struct Table<'a> {
    /// Field of the form.
    pub field: &'static str,
    /// Where its fields come from.
    pub columns: Columns,
    /// The sheet.
    pub sheet: &'a Sheet,
    rows: Vec<RowView<'a>>,
    lines: Vec<Value>,
    /// Rows that take no part: with errors of their own.
    out: Vec<RowView<'a>>,
}

impl<'a> Table<'a> {
    /// The good rows of a sheet as lines; `finish` adds what is not a plain cell, or says what is wrong with the row.
    pub fn of(
        sheet: &'a Sheet,
        field: &'static str,
        columns: Columns,
        errors: &mut Vec<RowError>,
        mut finish: impl FnMut(&RowView<'a>, &mut Map<String, Value>, &mut Vec<RowError>),
    ) -> Table<'a> {
        let mut table = Table { field, columns, sheet, rows: Vec::new(), lines: Vec::new(), out: Vec::new() };
        for row in sheet.rows() {
            if row.is_faulty() {
                table.out.push(row);
                continue;
            }
            let mut line = Map::with_capacity(columns.len());
            for (field, key) in columns {
                if let Some(text) = row.text(key) {
                    line.insert((*field).to_owned(), Value::String(text.to_owned()));
                }
            }
            let before = errors.len();
            finish(&row, &mut line, errors);
            if errors.len() > before {
                table.out.push(row);
            } else {
                table.rows.push(row);
                table.lines.push(Value::Object(line));
            }
        }
        table
    }

    /// Takes out lines for which `keep` says no; they are no errors.
    pub fn retain(&mut self, mut keep: impl FnMut(&RowView<'a>) -> bool) {
        let kept: Vec<bool> = self.rows.iter().map(&mut keep).collect();
        let mut kept_lines = kept.iter();
        self.lines.retain(|_| *kept_lines.next().unwrap_or(&true));
        let mut kept_rows = kept.iter();
        self.rows.retain(|_| *kept_rows.next().unwrap_or(&true));
    }

    /// Moves lines with these numbers to those that take no part.
    fn leave_out(&mut self, lines: &BTreeSet<usize>) {
        let mut i = 0;
        self.out.extend(self.rows.iter().enumerate().filter(|(n, _)| lines.contains(n)).map(|(_, row)| *row));
        self.rows.retain(|_| {
            i += 1;
            !lines.contains(&(i - 1))
        });
        let mut i = 0;
        self.lines.retain(|_| {
            i += 1;
            !lines.contains(&(i - 1))
        });
    }

    fn key_of(&self, field: &str) -> Option<&'static str> {
        self.columns.iter().find(|(name, _)| *name == field).map(|(_, key)| *key)
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
        self.tables.iter().map(|t| t.lines.len()).sum()
    }

    fn anything_left_out(&self) -> bool {
        self.tables.iter().any(|t| !t.out.is_empty())
    }

    /// The command; the lines move into it, because a file of a centre's members is not to be in memory twice.
    fn take_command(&mut self, key: &str) -> Command {
        let mut form = self.head.clone();
        for table in &mut self.tables {
            form.insert(table.field.to_owned(), Value::Array(std::mem::take(&mut table.lines)));
        }
        Command::new(self.action, Value::Object(form), key)
    }

    /// Takes the lines back out of a command that was only looked at.
    fn take_back(&mut self, mut command: Command) {
        for table in &mut self.tables {
            if let Some(Value::Array(lines)) = command.form.get_mut(table.field).map(Value::take) {
                table.lines = lines;
            }
        }
    }

    /// Tells field errors at their cells; returns whether each could be laid at a line.
    fn tell_fields(&mut self, found: Vec<FieldError>, errors: &mut Vec<RowError>) -> bool {
        let mut only_lines = true;
        let mut out: Vec<BTreeSet<usize>> = self.tables.iter().map(|_| BTreeSet::new()).collect();
        for e in found {
            let place = Place::parse(&e.path);
            match self.line(&place) {
                Some((t, i)) => {
                    let table = &self.tables[t];
                    let mut error = at_cell(table, i, place.leaf, e.code, e.message, e.remedy);
                    if error.column.is_empty() {
                        error.column = e.label;
                    }
                    errors.push(error);
                    out[t].insert(i);
                }
                None => {
                    only_lines = false;
                    errors.push(self.at_head(place.head, e.code, e.found, e.message, e.remedy));
                }
            }
        }
        for (table, lines) in self.tables.iter_mut().zip(&out) {
            table.leave_out(lines);
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
            let said = refusal.found.as_deref().map(|found| same_row(found, &table.rows));
            let message = words(&refusal, said.as_deref());
            let remedy = remedy(&refusal);
            errors.push(at_cell(table, i, place.leaf, code_of(self.action, &refusal), message, remedy));
            out[t].insert(i);
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
        (i < self.tables[t].rows.len()).then_some((t, i))
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

fn at_cell(table: &Table<'_>, line: usize, field: &str, code: &'static str, message: String, remedy: String) -> RowError {
    table.rows[line].error(table.key_of(field).unwrap_or(""), code, message, remedy)
}

/// "与第 2 行相同" of a form speaks of its lines; people count the rows of their sheet.
fn same_row(found: &str, rows: &[RowView<'_>]) -> String {
    let line = found.strip_prefix("与第 ").and_then(|rest| rest.strip_suffix(" 行相同")).and_then(|n| n.parse::<usize>().ok());
    match line.and_then(|n| rows.get(n.wrapping_sub(1))) {
        Some(row) => format!("与第 {} 行相同", row.number()),
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
    for case in cases {
        let form = case.form(&at.centre.store)?;
        let known: Vec<HashSet<String>> = draft
            .tables
            .iter()
            .map(|t| form.get(t.field).and_then(Value::as_array).map_or_else(HashSet::new, |l| l.iter().map(Value::to_string).collect()))
            .collect();
        // Lines are compared as the form writes them: in one spelling, empty fields told.
        let command = draft.take_command("");
        let written = catalogue::action(draft.action).and_then(|entry| (entry.read)(&command.form).ok()).map(|p| p.write());
        draft.take_back(command);
        let Some(written) = written else { continue };
        for (table, known) in draft.tables.iter_mut().zip(&known) {
            let Some(lines) = written.get(table.field).and_then(Value::as_array) else { continue };
            let mut lines = lines.iter();
            table.retain(|_| lines.next().is_none_or(|line| !known.contains(&line.to_string())));
        }
    }
    Ok(before - draft.lines())
}

/// Tries the lines, tells every error, and submits what may be submitted.
pub(super) async fn submit(at: &mut Errand<'_>, mut draft: Draft<'_>, answer: &mut ImportAnswer) -> Result<(), PipelineError> {
    let (key, cases) = earlier(at, &draft).await?;
    if let Some(last) = cases.last() {
        answer.unchanged += take_out_known(at, &mut draft, &cases)?;
        answer.case = Some(last.id.to_string());
    }
    let lines = draft.lines();
    at.tell("核对", 0, lines);
    let mut whole = false;
    while draft.lines() > 0 {
        let left_out = draft.anything_left_out();
        let command = draft.take_command(&key);
        let seen = at.centre.preview(at.actor, &command).await;
        draft.take_back(command);
        match seen? {
            Answer::Fields(found) => {
                if !draft.tell_fields(found, &mut answer.errors) {
                    whole = true;
                    break;
                }
            }
            Answer::Refused { refusals, .. } => {
                let count = draft.lines();
                let others = draft.tell_lines(refusals, &mut answer.errors);
                let last = draft.lines() == count || draft.lines() == 0 || !at.options.accept_good_rows;
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
            Answer::Conflict { sentence } => {
                whole = true;
                answer.errors.push(draft.at_head("", CONFLICT, String::new(), sentence, String::new()));
                break;
            }
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
    let command = draft.take_command(&key);
    match at.centre.submit(at.actor, at.origin, &command).await? {
        Answer::Done(done) => answer.case = Some(done.case.to_string()),
        Answer::Waiting(waiting) => answer.case = Some(waiting.case.to_string()),
        // The facts moved between the look and the submission: what the rules say now is told like the rest.
        Answer::Refused { case, refusals } => {
            draft.take_back(command);
            let others = draft.tell_lines(refusals, &mut answer.errors);
            others.iter().for_each(|r| draft.tell_whole(r, &mut answer.errors));
            answer.case = case.map(|c| c.to_string());
            answer.accepted = 0;
        }
        Answer::Fields(found) => {
            draft.take_back(command);
            draft.tell_fields(found, &mut answer.errors);
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
