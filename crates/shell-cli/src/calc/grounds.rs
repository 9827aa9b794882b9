//! What an answer rests on (依据): values in force, collected as they are used.

use std::fmt::Write as _;
use std::sync::Arc;

use core_policy::{Cite, InForce, NoRule, On, Place, PolicySet, PolicyValue, Rule};

use crate::sheet::Sheet;

/// Looks up rules and remembers their citations.
pub(super) struct Grounds {
    rules: Arc<PolicySet>,
    place: Place,
    used: Vec<(Rule, Arc<Cite>)>,
}

impl Grounds {
    /// The rules inside the program, at no particular centre.
    pub(super) fn shipped() -> Grounds {
        Grounds { rules: PolicySet::shipped().clone(), place: Place::default(), used: Vec::new() }
    }

    pub(super) fn rules(&self) -> &PolicySet {
        &self.rules
    }

    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// The value in force, its citation kept.
    pub(super) fn in_force<T: PolicyValue>(&mut self, family: &str, on: On) -> Result<InForce<T>, NoRule> {
        let found = self.rules.in_force::<T>(family, on, &self.place)?;
        self.rests_on(&found);
        Ok(found)
    }

    /// Keeps the citation of a value looked up elsewhere.
    pub(super) fn rests_on<T>(&mut self, value: &InForce<T>) {
        let ground = (value.rule.clone(), value.under.clone());
        if !self.used.contains(&ground) {
            self.used.push(ground);
        }
    }

    /// The citations, each once, in order of use: `under` of the JSON.
    pub(super) fn under(&self) -> Vec<Arc<Cite>> {
        let mut cites: Vec<Arc<Cite>> = Vec::new();
        for (_, cite) in &self.used {
            if !cites.contains(cite) {
                cites.push(cite.clone());
            }
        }
        cites
    }

    /// The same for people: parameter, citation, since when.
    pub(super) fn show(&self, out: &mut String) {
        if self.used.is_empty() {
            return;
        }
        let mut sheet = Sheet::new(3, 0);
        for (rule, cite) in &self.used {
            let term = self.rules.family(rule).map_or_else(|| rule.to_string(), |family| family.term.to_string());
            let since = match cite.from {
                On::Always => String::new(),
                from => format!("自 {from} 起"),
            };
            sheet.row([format!("  {term}"), cite.to_string(), since]);
        }
        // A string takes every write.
        let _ = write!(out, "\n依据\n{sheet}");
    }
}
