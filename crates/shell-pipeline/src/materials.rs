//! Material lists (材料清单): what is handed in with a business, and what is still missing.
//!
//! Rule: handbook 17 §13: attachments are counted against the case's material list; the lists of handbook 02 are dated policy of the
//! centre, `policy/case/material.yaml`. A page takes no case whose mandatory material is missing; what comes by file or interface
//! shows its reviewer what is missing. Left out: materials replaced by a query of another authority (handbook 04 §3.1.4).

use std::sync::Arc;

use core_calendar::Day;
use core_case::action::Entry;
use core_policy::{InForce, On, Table};

use crate::centre::Centre;
use crate::command::PipelineError;

/// One piece of a list (一项材料).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Material {
    /// Code, by which its files are kept.
    pub code: String,
    /// 名称
    pub name: String,
    /// 份数
    pub copies: i64,
    /// 原件 or 复印件, where the list says which.
    pub form: Option<String>,
    /// Whether nobody is let off it.
    pub mandatory: bool,
    /// Who needs it, where not everybody does.
    pub when: Option<String>,
}

/// The list of an action, with its citation (材料清单与依据).
pub type MaterialList = InForce<Vec<Material>>;

impl Centre {
    /// The list in force for an action on its legal day; none where the action declares none.
    ///
    /// # Errors
    /// When policy has no list for the day, or a row cannot be read.
    pub fn materials(&self, entry: &Entry, on: Day) -> Result<Option<MaterialList>, PipelineError> {
        let Some(family) = entry.materials else { return Ok(None) };
        let table = self.policy().in_force::<Arc<Table>>(family, On::Day(on), &self.place);
        let table = table.map_err(|e| PipelineError::NoRule(e.to_string()))?;
        let list = read(&table.value).map_err(|why| PipelineError::NoRule(format!("{family}：{why}")))?;
        Ok(Some(InForce { value: list, under: table.under, rule: table.rule }))
    }
}

fn read(table: &Table) -> Result<Vec<Material>, String> {
    let text = |t: Arc<str>| t.to_string();
    table
        .rows()
        .map(|row| {
            Ok(Material {
                code: text(row.get("code")?),
                name: text(row.get("name")?),
                copies: row.get("copies")?,
                form: row.optional("form")?.map(text),
                mandatory: row.get("mandatory")?,
                when: row.optional("when")?.map(text),
            })
        })
        .collect()
}

/// The mandatory pieces of which there is no file; `given` are the codes of those there are.
pub fn missing<'l>(list: &'l [Material], given: &[&str]) -> Vec<&'l Material> {
    list.iter().filter(|m| m.mandatory && !given.contains(&m.code.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use core_policy::{Place, PolicySet};

    use super::*;

    #[test]
    fn every_declared_list_can_be_read_and_names_something_mandatory() {
        let (policy, place) = (PolicySet::shipped(), Place::centre("532300"));
        let on = On::Day(Day::parse("2026-11-24").expect("a day"));
        let mut lists = 0;
        for entry in crate::catalogue::actions() {
            let Some(family) = entry.materials else { continue };
            let table = policy.in_force::<Arc<Table>>(family, on, &place).expect("a list in force").value;
            let list = read(&table).expect("rows");
            let codes: Vec<&str> = list.iter().map(|m| m.code.as_str()).collect();
            assert!(missing(&list, &codes).is_empty());
            assert!(!missing(&list, &[]).is_empty() && list.iter().all(|m| m.mandatory != m.when.is_some()), "{family}");
            lists += 1;
        }
        assert_eq!(lists, 3, "employer opening, member opening, rate change (handbook 02)");
    }
}
