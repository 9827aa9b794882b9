//! One action, one file: it is compiled (its `mod` line), listed, and named after its file.

use super::Breach;
use crate::actions;
use crate::source::SourceFile;

pub fn check(files: &[SourceFile]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in files.iter().filter(|file| file.is_action()) {
        let stem = file.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs");
        let list_path = format!("crates/{}/src/actions.rs", file.krate());
        let list = files.iter().find(|other| other.path == list_path).map_or("", |other| other.code.as_str());
        if !list.lines().any(|line| line.trim() == format!("mod {stem};")) {
            breaches.push(Breach::new(file, 0, format!("no `mod {stem};` in {list_path}"), "add the line, or the file is never compiled"));
        }
        let Some(name) = actions::read(file).name else {
            // What several actions share may stand among them; an action without a name may not.
            if file.code.contains("impl Action for ") {
                breaches.push(Breach::new(file, 0, "no `const NAME: &'static str`", "name the action after its file"));
            }
            continue;
        };
        if !list.contains(&format!("entry::<{stem}::")) {
            breaches.push(Breach::new(file, 0, format!("no `entry::<{stem}::…>()` in {list_path}"), "add it to ACTIONS"));
        }
        let area = file.krate().trim_start_matches("area-");
        let expected = format!("{area}.{}", stem.replace('_', "."));
        // A word of two parts inside a name is written with a hyphen: receipt_send_back is collection.receipt.send-back.
        if name.replace('-', ".") != expected {
            let instead = "one name everywhere: area, a dot, the file's name with dots for underscores";
            breaches.push(Breach::new(file, 0, format!("named `{name}`, not `{expected}`"), instead));
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forgotten_file_a_forgotten_line_and_another_name_are_told() {
        let action = |name: &str, said: &str| {
            SourceFile::new(&format!("crates/area-x/src/actions/{name}.rs"), &format!("//! x\nconst NAME: &'static str = \"{said}\";\n"))
        };
        let list = "//! x\nmod open;\nmod send_back;\nmod other;\nmod shared;\nmod nameless;\nconst A: &[E] = &[entry::<open::Open>(), entry::<send_back::S>()];\n";
        let files = [
            SourceFile::new("crates/area-x/src/actions.rs", list),
            action("open", "x.open"),
            action("send_back", "x.send-back"),
            action("other", "x.another"),
            action("lost", "x.lost"),
            SourceFile::new("crates/area-x/src/actions/shared.rs", "//! x\n"),
            SourceFile::new("crates/area-x/src/actions/nameless.rs", "//! x\nimpl Action for N {}\n"),
        ];
        let said: Vec<String> =
            check(&files).iter().map(|b| format!("{}: {}", b.path.rsplit('/').next().unwrap_or_default(), b.found)).collect();
        assert_eq!(
            said,
            [
                "other.rs: no `entry::<other::…>()` in crates/area-x/src/actions.rs",
                "other.rs: named `x.another`, not `x.other`",
                "lost.rs: no `mod lost;` in crates/area-x/src/actions.rs",
                "lost.rs: no `entry::<lost::…>()` in crates/area-x/src/actions.rs",
                "nameless.rs: no `const NAME: &'static str`",
            ]
        );
    }
}
