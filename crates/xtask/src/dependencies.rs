//! docs/dependencies.md: every package that a manifest names, who uses it, and one line why.
//!
//! People write the reasons, the machine the rest: a package without reason and a reason without package are errors.

use std::collections::{BTreeMap, BTreeSet};

use crate::metadata::{Kind, Member};

/// What stands where a person has to write.
const OPEN: &str = "?";

/// Reads the reasons from the table as it is.
fn reasons(table: &str) -> BTreeMap<String, String> {
    table
        .lines()
        .filter_map(|line| {
            let cells: Vec<&str> = line.strip_prefix("| `")?.strip_suffix(" |")?.splitn(3, " | ").collect();
            match cells.as_slice() {
                [name, _, why] => Some((name.trim_end_matches('`').to_owned(), (*why).to_owned())),
                _ => None,
            }
        })
        .collect()
}

/// Package → crates that use it; crates that use it only in tests stand in brackets.
fn users(members: &[Member]) -> BTreeMap<&str, Vec<String>> {
    let own: BTreeSet<&str> = members.iter().map(|member| member.name.as_str()).collect();
    let mut users: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for member in members {
        let names: BTreeSet<&str> = member.dependencies.iter().map(|(name, _)| name.as_str()).filter(|name| !own.contains(name)).collect();
        for name in names {
            let shipped = member.dependencies.iter().any(|(n, kind)| n == name && *kind != Kind::Dev);
            users.entry(name).or_default().push(if shipped { member.name.clone() } else { format!("({})", member.name) });
        }
    }
    users
}

/// The table, with the reasons of the table as it was.
pub fn table(members: &[Member], was: &str) -> String {
    let reasons = reasons(was);
    let mut table = String::from("| package | used by (in brackets: by its tests only) | why |\n|---|---|---|\n");
    for (name, crates) in users(members) {
        let why = reasons.get(name).map_or(OPEN, String::as_str);
        table += &format!("| `{name}` | {} | {why} |\n", crates.join(", "));
    }
    table
}

/// Packages without a reason, reasons without a package.
pub fn breaches(members: &[Member], was: &str) -> Vec<String> {
    let (users, reasons) = (users(members), reasons(was));
    let mut said: Vec<String> = users
        .keys()
        .filter(|name| reasons.get(**name).is_none_or(|why| why.trim() == OPEN))
        .map(|name| format!("docs/dependencies.md: `{name}` has no reason; say in one line why we use it and do not write it ourselves"))
        .collect();
    said.extend(
        reasons
            .keys()
            .filter(|name| !users.contains_key(name.as_str()))
            .map(|name| format!("docs/dependencies.md: nobody uses `{name}` any more; run cargo xtask map")),
    );
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_kept_missing_and_superfluous_ones_are_told() {
        let member = |name: &str, uses: &[(&str, Kind)]| Member {
            name: name.into(),
            dependencies: uses.iter().map(|(n, k)| ((*n).to_owned(), *k)).collect(),
        };
        let house = [member("core-a", &[("serde", Kind::Normal), ("proptest", Kind::Dev)]), member("shell-b", &[("core-a", Kind::Normal)])];
        let was = "| `serde` | nobody | reads and writes |\n| `gone` | x | y |\n";
        let table = table(&house, was);
        assert!(
            table.contains("| `serde` | core-a | reads and writes |\n| ") || table.contains("| `serde` | core-a | reads and writes |\n"),
            "{table}"
        );
        assert!(table.contains("| `proptest` | (core-a) | ? |") && !table.contains("gone"), "{table}");
        let said = breaches(&house, was);
        assert!(said.len() == 2 && said[0].contains("`proptest` has no reason") && said[1].contains("nobody uses `gone`"), "{said:?}");
    }
}
