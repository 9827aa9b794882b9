//! Lists the folders of `migrations/` for `Migrations::shipped`, their texts included.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../../migrations");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut names = Vec::new();
    if folder.is_dir() {
        for entry in fs::read_dir(&folder)? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    let mut list = String::from("&[\n");
    for name in names.iter().filter(|name| folder.join(name).is_dir()) {
        let text = |file: &str| {
            let path = folder.join(name).join(file);
            if path.is_file() { format!("Some(include_str!({:?}))", path.display().to_string()) } else { "None".to_owned() }
        };
        let _ = writeln!(list, "({name:?}, [{}, {}, {}]),", text("up.sql"), text("up.pg.sql"), text("up.sqlite.sql"));
    }
    list.push(']');
    fs::write(Path::new(&env::var("OUT_DIR").unwrap_or_default()).join("migrations.rs"), list)
}
