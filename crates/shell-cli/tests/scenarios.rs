//! Scenarios (场景): scripts of commands and what they print, run in this process on SQLite; one file of `examples/cli` each.
//!
//! A script is text: `#` begins a remark, `$` a command, `<<< name` a file up to `>>>`. What a command printed stands below it,
//! `include` runs another script before without showing it;
//! lines of standard error after `!`, an exit code other than 0 in brackets. `ANJU_BLESS=1` writes what was printed.
//!
//! `~ rotation killed` is what a rotation of keys leaves behind that was killed after its new key was written.
//!
//! The runner is the person at the terminal: it types the password it knows of `--as USER`, and the code of the authenticator
//! that it was given; a minute passes before each command. One-time passwords, secrets and the data folder are shown by name.

use std::collections::BTreeMap;
use std::path::PathBuf;

use shell_cli::{Terminal, run_line};
use shell_vault::totp::Totp;
use shell_vault::{KeyRing, SystemEntropy};
use testkit::{Folder, Paper};

/// Half past eight on the first business day, in China.
const MORNING: i64 = 1_751_330_000;

struct Person {
    folder: Folder,
    /// PostgreSQL instead of SQLite.
    database: Option<String>,
    now: i64,
    passwords: BTreeMap<String, String>,
    secrets: BTreeMap<String, String>,
    /// What is not the same every day, and the name it is shown by.
    names: Vec<(String, String)>,
}

impl Person {
    fn new(name: &str, database: Option<String>) -> Person {
        let engine = if database.is_some() { "pg" } else { "lite" };
        let folder = std::env::temp_dir().join(format!("anju-cli-{name}-{engine}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("the temporary folder is writable");
        let names = vec![(folder.display().to_string(), "DATA".to_owned())];
        Person { folder: Folder(folder), database, now: MORNING, passwords: BTreeMap::new(), secrets: BTreeMap::new(), names }
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.0.join(file)
    }

    fn code(&self, login: &str) -> Option<String> {
        let totp = Totp::from_base32(self.secrets.get(login)?).expect("the secret that was shown");
        Some(totp.code_at(u64::try_from(self.now).expect("after 1970")))
    }

    /// Types a command; what it printed.
    async fn types(&mut self, line: &str) -> String {
        self.now += 60;
        let printed = self.tries(line, false).await;
        // The session is over or was never opened: the authenticator is asked.
        if printed.contains("启用了动态口令，用 --code") { self.tries(line, true).await } else { printed }
    }

    /// Types a command with or without the code of the authenticator.
    async fn tries(&mut self, line: &str, with_code: bool) -> String {
        let mut words = split(line);
        let mut environment = BTreeMap::new();
        while let Some((name, value)) = words.first().and_then(|w| w.split_once('=')).filter(|(name, _)| name.starts_with("ANJU_")) {
            environment.insert(name.to_owned(), value.to_owned());
            words.remove(0);
        }
        let login = words.iter().position(|w| w == "--as").and_then(|at| words.get(at + 1)).cloned();
        let exact = words.iter().any(|w| w == "--code") || environment.contains_key("ANJU_PASSWORD");
        if let Some(login) = login.as_deref().filter(|_| !exact) {
            if let Some(password) = self.passwords.get(login) {
                environment.insert("ANJU_PASSWORD".into(), password.clone());
            }
            if let Some(code) = self.code(login).filter(|_| with_code) {
                words.extend(["--code".into(), code]);
            }
        }
        for at in 0..words.len() {
            let written = at > 0 && words[at - 1] == "--out";
            let word = &mut words[at];
            if word == "{code}" {
                *word = login.as_deref().and_then(|l| self.code(l)).unwrap_or_default();
            } else if written || self.folder.0.join(&*word).is_file() {
                *word = self.folder.0.join(&*word).display().to_string();
            }
        }
        let needs_no_place =
            words.get(1).is_some_and(|w| w == "calc") || words.iter().any(|w| w.starts_with("--data") || w == "--help" || w == "template");
        if !needs_no_place {
            words.extend(["--data".into(), self.path("data").display().to_string()]);
            if let Some(database) = &self.database {
                words.extend(["--database".into(), database.clone()]);
                if !words.iter().any(|w| w == "--centre") {
                    words.extend(["--centre".into(), "yunling".into()]);
                }
            }
        }
        let (out, err) = (Paper::default(), Paper::default());
        let (now, variables) = (self.now, environment.clone());
        let mut terminal = Terminal {
            out: Box::new(out.clone()),
            err: Box::new(err.clone()),
            input: Box::new(std::io::empty()),
            interactive: false,
            environment: Box::new(move |name| variables.get(name).cloned()),
            clock: Box::new(move || now),
        };
        let code = run_line(&words, &mut terminal).await;
        let mut printed = out.text();
        self.learn(&printed, login.as_deref(), environment.get("ANJU_NEW_PASSWORD").filter(|_| code == 0));
        for line in err.text().lines() {
            printed += &format!("! {line}\n");
        }
        if code != 0 {
            printed += &format!("[{code}]\n");
        }
        for (found, name) in &self.names {
            printed = printed.replace(found, name);
        }
        hidden(&printed)
    }

    /// Keeps passwords and secrets that are shown once.
    fn learn(&mut self, printed: &str, login: Option<&str>, new: Option<&String>) {
        if let (Some(login), Some(new)) = (login, new) {
            self.passwords.insert(login.to_owned(), new.clone());
        }
        for line in printed.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            if let [_, who, _, password] = words[..]
                && is_one_time(password)
            {
                self.knows(who, password);
            }
            if let Some((who, password)) = line.split_once(" 的一次性密码，只显示这一次：") {
                self.knows(who, password);
            }
            if let (["密钥", secret], Some(login)) = (&words[..], login) {
                self.secrets.insert(login.to_owned(), (*secret).to_owned());
                self.names.push(((*secret).to_owned(), format!("<{login} 的密钥>")));
            }
        }
    }

    fn knows(&mut self, who: &str, password: &str) {
        self.passwords.insert(who.to_owned(), password.to_owned());
        self.names.push((password.to_owned(), format!("<{who} 的一次性密码>")));
    }
}

/// Heads of the audit chain and fingerprints depend on the keys: `1/89/1:babf…` becomes `1/89/1:<校验码>`.
fn hidden(printed: &str) -> String {
    let mut out = String::new();
    let mut rest = printed;
    while let Some(at) = rest.find(':') {
        let (before, after) = rest.split_at(at + 1);
        out += before;
        let code = after.len() - after.trim_start_matches(|c: char| c.is_ascii_hexdigit()).len();
        if code == 64 {
            out += "<校验码>";
            rest = &after[64..];
        } else {
            rest = after;
        }
    }
    out + rest
}

fn is_one_time(text: &str) -> bool {
    text.len() >= 19 && text.split('-').count() == 4 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// Words of a line; quotes keep blanks together.
fn split(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), None);
    for c in line.chars() {
        match (c, quoted) {
            (c, Some(q)) if c == q => quoted = None,
            ('"' | '\'', None) => quoted = Some(c),
            (' ', None) => words.extend((!word.is_empty()).then(|| std::mem::take(&mut word))),
            (c, _) => word.push(c),
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

fn read(name: &str) -> String {
    let path = format!("examples/cli/{name}.txt");
    std::fs::read_to_string(testkit::workspace_root().join(path)).expect("the script is there")
}

/// Runs a script and compares it with itself.
async fn script(name: &str, database: Option<String>) {
    let path = format!("examples/cli/{name}.txt");
    let text = read(name);
    let mut person = Person::new(name, database);
    let mut whole = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(command) = line.strip_prefix("$ ") {
            whole += &format!("{line}\n{}", person.types(command).await);
            // What was printed last time; a blank line before what comes next is kept.
            let mut blank = false;
            let begins = |l: &&str| l.starts_with("$ ") || l.starts_with('#') || l.starts_with("<<< ");
            while let Some(line) = lines.next_if(|l| !begins(l)) {
                blank = line.is_empty();
            }
            whole += if blank && lines.peek().is_some() { "\n" } else { "" };
        } else if line == "~ rotation killed" {
            let keys = person.path("data/keys.json");
            KeyRing::rotate_file(&keys, jiff::civil::date(2025, 7, 2), &mut SystemEntropy::new()).expect("the keys of the centre");
            whole += &format!("{line}\n");
        } else if let Some(other) = line.strip_prefix("include ") {
            for command in read(other).lines().filter_map(|l| l.strip_prefix("$ ")) {
                person.types(command).await;
            }
            whole += &format!("{line}\n");
        } else if let Some(file) = line.strip_prefix("<<< ") {
            let content: Vec<&str> = lines.by_ref().take_while(|l| *l != ">>>").collect();
            std::fs::write(person.path(file), content.join("\n") + "\n").expect("the temporary folder is writable");
            whole += &format!("{line}\n{}\n>>>\n", content.join("\n"));
        } else {
            whole += &format!("{line}\n");
        }
    }
    testkit::golden::check(&path, &whole);
}

macro_rules! scripts {
    ($($name:ident)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            script(stringify!($name), None).await;
        }
    )*};
}

scripts! { first_start usage people collection rotation }

/// The same script says the same on the other engine.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn collection_on_postgresql() {
    script("collection", Some(testkit::pg::TestPg::database())).await;
}
