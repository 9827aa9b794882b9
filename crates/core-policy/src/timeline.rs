//! Timeline (参数沿革): every step of every family as text, one line each, so that a changed date is a changed line.

use std::fmt::Write as _;

use crate::family::{Family, Step};
use crate::set::PolicySet;

impl PolicySet {
    /// The timeline of the families whose name starts with `prefix`; all for an empty one.
    pub fn timeline(&self, prefix: &str) -> String {
        let mut text = String::new();
        for family in self.families().filter(|f| f.rule.starts_with(prefix)) {
            family.write_timeline(&mut text);
        }
        text
    }
}

impl Family {
    /// The timeline of this family.
    pub fn timeline(&self) -> String {
        let mut text = String::new();
        self.write_timeline(&mut text);
        text
    }

    fn write_timeline(&self, text: &mut String) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}  {}  {} by {}", self.rule, self.term, self.unit.key(), self.selected_by.key());
        for layer in &self.layers {
            for (i, step) in layer.steps.iter().enumerate() {
                let next = layer.steps.get(i + 1).and_then(|n| n.from.before());
                let until = step.until.or(next).map_or_else(String::new, |u| u.to_string());
                let value = step.value.as_ref().map_or_else(|| "ended".to_owned(), |v| v.text());
                let (scope, from) = (layer.scope.to_string(), step.from.to_string());
                let _ = write!(text, "  {scope:<9} {from:>10} … {until:<10}  ");
                match value.split_once('\n') {
                    None => _ = writeln!(text, "{value}  {}", cited(step)),
                    Some(_) => {
                        let _ = writeln!(text, "{} rows  {}", value.lines().count(), cited(step));
                        value.lines().for_each(|row| _ = writeln!(text, "      {row}"));
                    }
                }
            }
        }
    }
}

fn cited(step: &Step) -> String {
    let published = step.published.map_or_else(String::new, |p| format!("（{p} 公布）"));
    let confidence = step.under.confidence.map_or_else(String::new, |c| format!(" {c}"));
    format!("{}{published}{confidence}", step.under)
}
