//! Source files, and a Rust file taken apart into code, strings and comments, so that a check looks only where it means to.

use std::path::Path;

/// Folders that hold nothing of ours.
const LEFT_OUT: &[&str] = &["target", ".git", "node_modules", "anju-data"];

/// A piece of a file: the line it begins on, counted from 1, and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// First line.
    pub line: usize,
    /// The text between the quotes, or behind the slashes.
    pub text: String,
}

/// A text file of the repository.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Path from the root, with `/`.
    pub path: String,
    /// As it is.
    pub text: String,
    /// For Rust: the text with comments and the insides of literals blanked, line for line as long as the text.
    pub code: String,
    /// For Rust: string literals.
    pub strings: Vec<Piece>,
    /// For Rust: comments, doc comments with their third character (`/ ` or `! ` in front).
    pub comments: Vec<Piece>,
}

impl SourceFile {
    /// Takes a file apart; one that is not Rust keeps only its text.
    pub fn new(path: &str, text: &str) -> SourceFile {
        let mut file = SourceFile { path: path.into(), text: text.into(), code: String::new(), strings: Vec::new(), comments: Vec::new() };
        if path.ends_with(".rs") {
            take_apart(&mut file);
        }
        file
    }

    /// The crate it belongs to: the folder below `crates/`.
    pub fn krate(&self) -> &str {
        self.path.strip_prefix("crates/").and_then(|rest| rest.split('/').next()).unwrap_or_default()
    }

    /// Whether it is part of a crate itself and not of its tests, examples or benchmarks.
    pub fn in_src(&self) -> bool {
        self.path.split('/').nth(2) == Some("src")
    }

    /// Whether it is the file of one action.
    pub fn is_action(&self) -> bool {
        let parts: Vec<&str> = self.path.split('/').collect();
        matches!(parts.as_slice(), ["crates", area, "src", "actions", file] if area.starts_with("area-") && file.ends_with(".rs"))
    }

    /// Lines of code with their number, up to the first test module: what ships.
    pub fn shipped_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code.lines().enumerate().map(|(i, line)| (i + 1, line)).take_while(|(_, line)| line.trim() != "#[cfg(test)]")
    }
}

/// Splits code from strings and comments. Written for well-formed Rust; a file that does not parse is the compiler's to tell.
fn take_apart(file: &mut SourceFile) {
    let chars: Vec<char> = file.text.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let mut code = String::with_capacity(file.text.len());
    let (mut i, mut line) = (0, 1);
    // Copies the newlines of what is blanked, so that lines stay lines.
    let blank = |code: &mut String, text: &[char]| code.extend(text.iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
    while i < chars.len() {
        let c = at(i);
        let before = if i == 0 { ' ' } else { at(i - 1) };
        let word_before = before.is_alphanumeric() || before == '_';
        if c == '/' && at(i + 1) == '/' {
            let end = (i..chars.len()).find(|&j| at(j) == '\n').unwrap_or(chars.len());
            file.comments.push(Piece { line, text: chars[i + 2..end].iter().collect() });
            blank(&mut code, &chars[i..end]);
            i = end;
        } else if c == '/' && at(i + 1) == '*' {
            let (start, mut depth, mut j) = (i, 1, i + 2);
            while j < chars.len() && depth > 0 {
                match (at(j), at(j + 1)) {
                    ('/', '*') => (depth, j) = (depth + 1, j + 2),
                    ('*', '/') => (depth, j) = (depth - 1, j + 2),
                    _ => j += 1,
                }
            }
            let text: String = chars[start + 2..j.min(chars.len())].iter().collect();
            file.comments.push(Piece { line, text: text.trim_end_matches("*/").to_owned() });
            line += text.matches('\n').count();
            blank(&mut code, &chars[start..j.min(chars.len())]);
            i = j;
        } else if let Some((open, hashes)) = raw_string(&chars, i).filter(|_| !word_before) {
            let close: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
            let body = i + open;
            let end = (body..chars.len()).find(|&j| chars[j..].starts_with(&close)).unwrap_or(chars.len());
            string(file, &mut line, &chars[body..end]);
            let stop = (end + close.len()).min(chars.len());
            code.push('"');
            blank(&mut code, &chars[i + 1..stop - 1]);
            code.push('"');
            i = stop;
        } else if c == '"' {
            let mut end = i + 1;
            while end < chars.len() && at(end) != '"' {
                end += if at(end) == '\\' { 2 } else { 1 };
            }
            let end = end.min(chars.len());
            string(file, &mut line, &chars[i + 1..end]);
            code.push('"');
            blank(&mut code, &chars[i + 1..end]);
            code.push('"');
            i = end + 1;
        } else if c == '\'' && (at(i + 1) == '\\' || at(i + 2) == '\'') {
            // A character, not a lifetime: 'x', '\n', '\u{4e00}'.
            let end = (i + 2..chars.len()).find(|&j| at(j) == '\'' && !(at(j - 1) == '\\' && j == i + 2)).unwrap_or(chars.len() - 1);
            code.push('\'');
            blank(&mut code, &chars[i + 1..end]);
            code.push('\'');
            i = end + 1;
        } else {
            if c == '\n' {
                line += 1;
            }
            code.push(c);
            i += 1;
        }
    }
    file.code = code;
}

/// `r"`, `r#"`, `br##"` … at this place: how many characters open it, and its hashes.
fn raw_string(chars: &[char], start: usize) -> Option<(usize, usize)> {
    let mut i = start;
    if matches!(chars.get(i), Some('b' | 'c')) {
        i += 1;
    }
    if chars.get(i) != Some(&'r') {
        return None;
    }
    i += 1;
    let hashes = chars[i..].iter().take_while(|c| **c == '#').count();
    (chars.get(i + hashes) == Some(&'"')).then_some((i + hashes + 1 - start, hashes))
}

fn string(file: &mut SourceFile, line: &mut usize, body: &[char]) {
    let text: String = body.iter().collect();
    let lines = text.matches('\n').count();
    file.strings.push(Piece { line: *line, text });
    *line += lines;
}

fn walk(folder: &Path, root: &Path, wanted: &dyn Fn(&str) -> bool, into: &mut Vec<SourceFile>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().flatten().collect();
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        if path.is_dir() {
            if !LEFT_OUT.contains(&name.as_str()) {
                walk(&path, root, wanted, into);
            }
        } else if let Ok(relative) = path.strip_prefix(root) {
            let relative = relative.to_string_lossy().replace('\\', "/");
            // What is not text (fonts, pictures) is no source.
            if wanted(&relative)
                && let Ok(text) = std::fs::read_to_string(&path)
            {
                into.push(SourceFile::new(&relative, &text));
            }
        }
    }
}

/// All Rust files below `crates/`, by path.
pub fn rust_files(root: &Path) -> Vec<SourceFile> {
    let mut files = Vec::new();
    walk(&root.join("crates"), root, &|path| path.ends_with(".rs"), &mut files);
    files
}

/// All text files of the repository, by path.
pub fn text_files(root: &Path) -> Vec<SourceFile> {
    let kinds = [".rs", ".md", ".toml", ".yaml", ".yml", ".sql", ".txt", ".css", ".js", ".sh", ".json"];
    let mut files = Vec::new();
    walk(root, root, &|path| kinds.iter().any(|kind| path.ends_with(kind)) || path.starts_with(".ci/"), &mut files);
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_strings_and_comments_are_told_apart_line_for_line() {
        let text = "let a = \"one \\\" // no\"; // yes f64\nlet b = r#\"two \" \n three\"#; /* x /* y */\n z */ let c = 'q'; let l: &'static str = b\"b\";\nlet d = '\\''; let e = '\"'; done\n";
        let file = SourceFile::new("crates/x/src/a.rs", text);
        let strings: Vec<(usize, &str)> = file.strings.iter().map(|p| (p.line, p.text.as_str())).collect();
        assert_eq!(strings, [(1, "one \\\" // no"), (2, "two \" \n three"), (4, "b")]);
        let comments: Vec<(usize, &str)> = file.comments.iter().map(|p| (p.line, p.text.as_str())).collect();
        assert_eq!(comments, [(1, " yes f64"), (3, " x /* y */\n z ")]);
        assert_eq!(file.code.lines().count(), text.lines().count());
        assert!(file.code.contains("&'static str") && file.code.contains("done") && !file.code.contains("f64"), "{}", file.code);
    }

    #[test]
    fn every_file_of_the_house_keeps_its_lines() {
        for file in rust_files(&crate::root()) {
            assert_eq!(file.code.lines().count(), file.text.lines().count(), "{}", file.path);
        }
    }
}
