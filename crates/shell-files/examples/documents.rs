//! Writes one PDF of each kind of document into a folder, to be looked at.
//!
//! `cargo run -p shell-files --example documents -- FOLDER [embedded]`; with the last word, as on a machine without fonts.

use std::path::PathBuf;

use shell_files::pdf::{FontFiles, Fonts, PdfError};

#[path = "../tests/samples/mod.rs"]
mod samples;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| ".".to_owned()));
    std::fs::create_dir_all(&folder)?;
    let fonts = if std::env::args().nth(2).is_some_and(|word| word == "embedded") {
        Fonts::find_in(&FontFiles::default(), &[])?
    } else {
        Fonts::default()
    };
    for (name, made) in [
        ("receipt", samples::receipt().render(&fonts)),
        ("notice", samples::notice().render(&fonts)),
        ("member-short", samples::member_statement(8).render(&fonts)),
        ("member", samples::member_statement(71).render(&fonts)),
        ("employer", samples::employer_statement().render(&fonts)),
        ("table", samples::wide_table().render(&fonts)),
    ] {
        let bytes = match made {
            Ok(bytes) => bytes,
            // A table with a rare name, without the system's fonts.
            Err(refused @ PdfError::MissingGlyph { .. }) => {
                println!("{name}: {refused}");
                continue;
            }
            Err(other) => return Err(other.into()),
        };
        let path = folder.join(name).with_extension("pdf");
        println!("{} bytes  {}", bytes.len(), path.display());
        std::fs::write(path, bytes)?;
    }
    Ok(())
}
