//! What cargo knows of the workspace: its crates, what each declares, and every package behind them with its licence.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::Failure;

/// Why a crate declares a dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// It is part of the program.
    Normal,
    /// Only for tests, examples and benchmarks.
    Dev,
    /// For its build script.
    Build,
}

impl Kind {
    fn read(value: &Value) -> Kind {
        match value.as_str() {
            Some("dev") => Kind::Dev,
            Some("build") => Kind::Build,
            _ => Kind::Normal,
        }
    }
}

/// A crate of the workspace.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// What its manifest declares, by name of the package.
    pub dependencies: BTreeSet<(String, Kind)>,
}

/// A package from a registry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its licence expression, as the package states it.
    pub licence: String,
    /// Part of the program, or only used for building and testing it.
    pub shipped: bool,
}

fn cargo_metadata(root: &Path, words: &[&str]) -> Result<Value, Failure> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1"])
        .args(words)
        .current_dir(root)
        .output()
        .map_err(|error| format!("cargo metadata cannot be started: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo metadata failed:\n{}", String::from_utf8_lossy(&output.stderr)));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata gave no JSON: {error}"))
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// The crates of the workspace, by name.
pub fn members(root: &Path) -> Result<Vec<Member>, Failure> {
    let metadata = cargo_metadata(root, &["--no-deps"])?;
    let mut members: Vec<Member> = list(&metadata, "packages")
        .iter()
        .map(|package| Member {
            name: text(package, "name").to_owned(),
            dependencies: list(package, "dependencies")
                .iter()
                .map(|dependency| (text(dependency, "name").to_owned(), Kind::read(&dependency["kind"])))
                .collect(),
        })
        .collect();
    members.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(members)
}

/// Every package that a build for the production platform uses. One line a name: versions stand in Cargo.lock.
pub fn packages(root: &Path) -> Result<Vec<Package>, Failure> {
    let metadata = cargo_metadata(root, &["--filter-platform", "x86_64-unknown-linux-gnu"])?;
    let members: BTreeSet<&str> = list(&metadata, "workspace_members").iter().filter_map(Value::as_str).collect();
    let mut edges: BTreeMap<&str, Vec<(&str, bool)>> = BTreeMap::new();
    for node in list(&metadata["resolve"], "nodes") {
        let uses = list(node, "deps")
            .iter()
            .map(|dep| (text(dep, "pkg"), list(dep, "dep_kinds").iter().any(|kind| Kind::read(&kind["kind"]) == Kind::Normal)))
            .collect();
        edges.insert(text(node, "id"), uses);
    }
    let named: BTreeMap<&str, &Value> = list(&metadata, "packages").iter().map(|package| (text(package, "id"), package)).collect();
    // The tasks and the test tools are members that nobody installs.
    let mut open: Vec<&str> = members
        .iter()
        .copied()
        .filter(|id| named.get(id).is_some_and(|package| !matches!(text(package, "name"), "xtask" | "testkit")))
        .collect();
    let mut shipped: BTreeSet<&str> = BTreeSet::new();
    while let Some(id) = open.pop() {
        if shipped.insert(id) {
            open.extend(edges.get(id).into_iter().flatten().filter(|(_, normal)| *normal).map(|(to, _)| *to));
        }
    }
    let mut packages: BTreeMap<(String, String), bool> = BTreeMap::new();
    for id in edges.keys().filter(|id| !members.contains(*id)) {
        let Some(package) = named.get(id) else { continue };
        let licence = package["license"].as_str().unwrap_or("not stated").replace('/', " OR ").replace("  ", " ");
        *packages.entry((text(package, "name").to_owned(), licence)).or_default() |= shipped.contains(id);
    }
    Ok(packages.into_iter().map(|((name, licence), shipped)| Package { name, licence, shipped }).collect())
}
