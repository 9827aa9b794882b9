//! A form as it is stored (保存的表单): the JSON object without its tables, and below it one line of text a line of a table.
//!
//! An opening workbook is one command of 135,000 lines (handbook 15). As one JSON value it would take ten times its text, at the
//! counter and again at each review; so it is written from the form and read into it line by line. A form without tables is one
//! JSON object, as it ever was, and a form that was stored whole is still read. Nothing is sealed here: the store seals the text.

use serde_json::{Map, Value};

use crate::action::{Entry, Prepared, Reading};
use crate::form::Lines;

/// The text of a form before it is sealed.
pub fn write(form: &dyn Prepared) -> Vec<u8> {
    let mut lines = Vec::new();
    let head = form.write_lines(&mut |table, line| {
        lines.push(b'\n');
        lines.extend_from_slice(table.as_bytes());
        lines.push(b'\t');
        // A JSON value of ours always prints, and without a line break of its own.
        serde_json::to_writer(&mut lines, &line).unwrap_or_default();
    });
    let mut text = head.to_string().into_bytes();
    text.append(&mut lines);
    text
}

/// A stored form that was opened.
#[derive(Clone)]
pub struct StoredForm(String);

impl StoredForm {
    /// The opened text of a form.
    pub fn new(text: String) -> StoredForm {
        StoredForm(text)
    }

    fn split(&self) -> (&str, std::iter::Peekable<Tables<'_>>) {
        let (head, lines) = self.0.split_once('\n').unwrap_or((&self.0, ""));
        (head, Tables(lines.lines()).peekable())
    }

    /// The form of an action again, a former shape first brought to the present one.
    ///
    /// # Errors
    /// When the text is no JSON; errors of fields are within the reading.
    pub fn read(&self, entry: &Entry, version: usize) -> Result<Reading, serde_json::Error> {
        if version < entry.version {
            let mut whole = self.value(usize::MAX)?;
            (entry.upgrade)(version, &mut whole);
            return Ok((entry.read)(&whole));
        }
        let (head, lines) = self.split();
        let head: Value = serde_json::from_str(head)?;
        let mut lines = Below { lines, wrong: None };
        let reading = (entry.read_lines)(&head, &mut lines);
        lines.wrong.map_or(Ok(reading), Err)
    }

    /// The form as one JSON value with at most so many lines of each table, for people to look at.
    ///
    /// # Errors
    /// When the text is no JSON.
    pub fn value(&self, most: usize) -> Result<Value, serde_json::Error> {
        let (head, lines) = self.split();
        let mut form: Value = serde_json::from_str(head)?;
        let mut tables: Map<String, Value> = Map::new();
        for (table, line) in lines {
            if let Value::Array(all) = tables.entry(table).or_insert_with(|| Value::Array(Vec::new()))
                && all.len() < most
            {
                all.push(serde_json::from_str(line)?);
            }
        }
        if let Value::Object(form) = &mut form {
            form.extend(tables);
        }
        Ok(form)
    }

    /// How many lines each table has, in their order; tables that are empty or were stored whole are not named.
    pub fn counts(&self) -> Vec<(&str, usize)> {
        let mut counts: Vec<(&str, usize)> = Vec::new();
        for (table, _) in self.split().1 {
            match counts.last_mut() {
                Some((last, n)) if *last == table => *n += 1,
                _ => counts.push((table, 1)),
            }
        }
        counts
    }
}

/// The lines of all tables with the names of their tables.
struct Tables<'t>(std::str::Lines<'t>);

impl<'t> Iterator for Tables<'t> {
    type Item = (&'t str, &'t str);
    fn next(&mut self) -> Option<Self::Item> {
        self.0.by_ref().find_map(|line| line.split_once('\t'))
    }
}

/// Lines below the head, handed out table by table.
struct Below<'t> {
    lines: std::iter::Peekable<Tables<'t>>,
    wrong: Option<serde_json::Error>,
}

impl Lines for Below<'_> {
    fn next(&mut self, table: &'static str) -> Option<Value> {
        let (_, line) = self.lines.next_if(|(of, _)| *of == table)?;
        match serde_json::from_str(line) {
            Ok(line) => Some(line),
            Err(e) => {
                self.wrong = Some(e);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_stored_by_lines_shows_as_many_as_are_wanted() {
        let form = StoredForm::new("{\"day\":\"2025-07-01\"}\nmembers\t{\"n\":1}\nmembers\t{\"n\":2}\nledger\t{\"n\":3}".into());
        assert_eq!(form.counts(), [("members", 2), ("ledger", 1)]);
        assert_eq!(form.value(1).unwrap(), serde_json::json!({ "day": "2025-07-01", "members": [{ "n": 1 }], "ledger": [{ "n": 3 }] }));
        let whole = StoredForm::new("{\"lines\":[{\"n\":1}]}".into());
        assert_eq!(whole.value(9).unwrap(), serde_json::json!({ "lines": [{ "n": 1 }] }), "as it was stored before");
        assert!(StoredForm::new("{\"a\":\nx\t{".into()).value(9).is_err());
    }
}
