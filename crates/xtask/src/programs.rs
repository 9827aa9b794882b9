//! The programs that tests start, looked up before anything runs: a missing one is an error with its Debian package.

use std::path::PathBuf;

use crate::Failure;

/// A program, or a file, that the tests cannot do without.
struct Needed {
    /// What is looked for: the first name that is found counts.
    names: &'static [&'static str],
    /// Folders beside those of PATH; `*` stands for one folder of any name.
    folders: &'static [&'static str],
    package: &'static str,
    why: &'static str,
}

const NEEDED: &[Needed] = &[
    Needed {
        names: &["initdb"],
        folders: &["/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin"],
        package: "postgresql",
        why: "every scenario runs on PostgreSQL too; the tests start their own server",
    },
    Needed {
        names: &["chromium", "chromium-browser", "google-chrome"],
        folders: &[],
        package: "chromium",
        why: "the main journeys run in a real browser",
    },
    Needed { names: &["hledger"], folders: &[], package: "hledger", why: "our journal is checked by an independent ledger" },
    Needed { names: &["pdftotext"], folders: &[], package: "poppler-utils", why: "every PDF must give back its Chinese text" },
    Needed { names: &["openssl"], folders: &[], package: "openssl", why: "our ciphers are compared with an independent peer" },
    Needed { names: &["curl"], folders: &[], package: "curl", why: "TLS and compression are tried by an independent client" },
    Needed {
        names: &["NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf"],
        folders: &["/usr/share/fonts/opentype/noto", "/usr/share/fonts/truetype/noto", "/usr/share/fonts/noto-cjk"],
        package: "fonts-noto-cjk",
        why: "PDF documents embed it, pages are drawn with it",
    },
];

/// Expands one `*` of a folder into the folders that exist, highest name first.
fn expand(folder: &str) -> Vec<PathBuf> {
    let Some((before, after)) = folder.split_once("/*") else { return vec![PathBuf::from(folder)] };
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(before).into_iter().flatten().flatten().map(|entry| entry.path().join(after.trim_start_matches('/'))).collect();
    found.sort();
    found.reverse();
    found
}

fn find(needed: &Needed, path: &[PathBuf]) -> Option<PathBuf> {
    let extra = needed.folders.iter().flat_map(|folder| expand(folder));
    path.iter().cloned().chain(extra).find_map(|folder| needed.names.iter().map(|name| folder.join(name)).find(|file| file.is_file()))
}

/// Every program with the place where it was found.
///
/// # Errors
/// All missing ones at once, and the one command that installs them.
fn look_up(path: &[PathBuf]) -> Result<Vec<(&'static str, PathBuf)>, Failure> {
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for needed in NEEDED {
        match find(needed, path) {
            Some(file) => found.push((needed.package, file)),
            None => missing.push(needed),
        }
    }
    if missing.is_empty() {
        return Ok(found);
    }
    let mut said = String::new();
    for needed in &missing {
        said += &format!("{} is missing: {}.\n", needed.names[0], needed.why);
    }
    let packages: Vec<&str> = missing.iter().map(|needed| needed.package).collect();
    Err(format!("{said}Install with: apt-get install --no-install-recommends {}", packages.join(" ")))
}

fn path() -> Vec<PathBuf> {
    std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default()
}

/// Prints where each program is.
pub fn run() -> Result<(), Failure> {
    for (package, file) in look_up(&path())? {
        println!("  {package:<16} {}", file.display());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_with_its_package_and_one_command() {
        let nowhere = Needed { names: &["no-such-program"], folders: &["/no/*/such"], package: "none", why: "" };
        assert_eq!(find(&nowhere, &path()), None);
        if let Err(said) = look_up(&[]) {
            assert!(said.contains("hledger is missing") && said.contains("apt-get install"), "{said}");
        }
    }
}
