//! The crate graph: drawn from the manifests into ARCHITECTURE.md, and held to the layers of the house.

use std::collections::BTreeSet;

use crate::metadata::{Kind, Member};

/// The layers, from the ground up. A crate uses its own layer and those it is allowed to name, see [`breaches`].
const LAYERS: &[(&str, &str)] = &[
    ("core-", "the words everyone uses; no I/O"),
    ("area-", "one business area each: decide code only"),
    ("shell-", "the world: dull on purpose"),
    ("", "what is started, and what tests are made with"),
];

fn layer(name: &str) -> usize {
    LAYERS.iter().position(|(prefix, _)| name.starts_with(prefix)).unwrap_or(LAYERS.len() - 1)
}

fn uses<'a>(member: &'a Member, names: &BTreeSet<&str>, kind: Kind) -> Vec<&'a str> {
    let mut uses: Vec<&str> =
        member.dependencies.iter().filter(|(name, k)| *k == kind && names.contains(name.as_str())).map(|(name, _)| name.as_str()).collect();
    uses.sort_by_key(|name| (layer(name), *name));
    uses
}

/// Draws the graph: one line a crate, what it uses behind the arrow, the lower layers first. Test tools are not drawn.
pub fn draw(members: &[Member]) -> String {
    let names: BTreeSet<&str> = members.iter().map(|member| member.name.as_str()).collect();
    let mut drawn = String::from("```text\n");
    for (level, (prefix, said)) in LAYERS.iter().enumerate() {
        let title = if prefix.is_empty() { "programs".to_owned() } else { format!("{prefix}*") };
        drawn += &format!("{title:<20}  {said}\n");
        for member in members.iter().filter(|member| layer(&member.name) == level) {
            let uses = uses(member, &names, Kind::Normal);
            let arrow = if uses.is_empty() { String::new() } else { format!(" → {}", uses.join(" ")) };
            drawn += format!("  {:<19}{arrow}", member.name).trim_end();
            drawn.push('\n');
        }
    }
    drawn + "```\n"
}

/// What breaks the plan of the house, one sentence each.
pub fn breaches(members: &[Member]) -> Vec<String> {
    let names: BTreeSet<&str> = members.iter().map(|member| member.name.as_str()).collect();
    let mut said = Vec::new();
    for member in members {
        let from = member.name.as_str();
        for (to, kind) in member.dependencies.iter().filter(|(to, _)| names.contains(to.as_str())) {
            let to = to.as_str();
            let instead = match (from, to) {
                (_, "testkit") if *kind == Kind::Normal => "testkit is for tests: declare it under [dev-dependencies]",
                (_, "testkit") => continue,
                ("testkit", _) => "testkit knows no crate of the house, or it could not test it",
                (_, "anju" | "xtask") => "nothing stands above the programs: move what is shared into a shell",
                _ if from.starts_with("area-") && to.starts_with("area-") => {
                    "areas exchange effects and facts through core-case: move what both need there"
                }
                _ if *kind == Kind::Dev => continue,
                _ if from.starts_with("core-") && !to.starts_with("core-") => {
                    "core knows nobody above it: give it what it needs as a value"
                }
                _ if from.starts_with("area-") && !to.starts_with("core-") => {
                    "an area decides and knows no shell: declare a fact, or give an effect"
                }
                // The command line starts it: `anju demo`, `anju bench`.
                _ if from.starts_with("shell-") && from != "shell-cli" && to == "sim" => {
                    "the simulation drives the shells, not the other way round"
                }
                _ => continue,
            };
            said.push(format!("{from} uses {to}: {instead}"));
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(name: &str, uses: &[(&str, Kind)]) -> Member {
        Member { name: name.into(), dependencies: uses.iter().map(|(n, k)| ((*n).to_owned(), *k)).collect() }
    }

    #[test]
    fn areas_do_not_use_each_other_and_core_uses_only_core() {
        let house = [
            member("area-a", &[("area-b", Kind::Normal), ("core-a", Kind::Normal), ("testkit", Kind::Dev)]),
            member("area-b", &[("shell-store", Kind::Normal)]),
            member("core-a", &[("shell-store", Kind::Normal), ("serde", Kind::Normal)]),
            member("shell-store", &[("testkit", Kind::Normal), ("area-a", Kind::Normal)]),
            member("testkit", &[]),
        ];
        let said = breaches(&house);
        for start in ["area-a uses area-b", "area-b uses shell-store", "core-a uses shell-store", "shell-store uses testkit"] {
            assert!(said.iter().any(|line| line.starts_with(start)), "{start}: {said:?}");
        }
        assert_eq!(said.len(), 4, "{said:?}");
    }

    #[test]
    fn the_drawing_names_layers_from_the_ground_up_and_leaves_packages_out() {
        let house = [member("area-a", &[("serde", Kind::Normal), ("core-a", Kind::Normal)]), member("core-a", &[]), member("anju", &[])];
        let drawn = draw(&house);
        assert!(drawn.contains("  area-a              → core-a\n"), "{drawn}");
        let at = |text: &str| drawn.find(text);
        assert!(at("core-*") < at("area-*") && at("area-*") < at("programs") && !drawn.contains("serde"), "{drawn}");
    }
}
