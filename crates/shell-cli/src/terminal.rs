//! What surrounds a command: where it writes, what it may ask, what the environment says, what time it is.
//!
//! Everything outside the program comes in here, so that a scenario runs a command as a person would and sees what a person sees.

use std::io::{self, Read, Write};

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::failure::Failure;

/// What a variable of the environment holds.
pub type Environment = Box<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// The surroundings of a command (运行环境).
pub struct Terminal {
    /// Answers.
    pub out: Box<dyn Write + Send>,
    /// Problems, progress, remarks.
    pub err: Box<dyn Write + Send>,
    /// What `-` reads.
    pub input: Box<dyn Read + Send>,
    /// Whether somebody sits there: passwords are asked for, bars are drawn.
    pub interactive: bool,
    /// A variable of the environment.
    pub environment: Environment,
    /// Seconds since 1970.
    pub clock: Box<dyn Fn() -> i64 + Send + Sync>,
}

impl Terminal {
    /// The surroundings of this process.
    pub fn of_process() -> Terminal {
        use std::io::IsTerminal;
        Terminal {
            out: Box::new(io::stdout()),
            err: Box::new(io::stderr()),
            input: Box::new(io::stdin()),
            interactive: io::stdin().is_terminal() && io::stderr().is_terminal(),
            environment: Box::new(|name| std::env::var(name).ok().filter(|v| !v.is_empty())),
            clock: Box::new(|| std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_secs() as i64)),
        }
    }

    /// Writes an answer.
    pub(crate) fn say(&mut self, text: impl AsRef<str>) -> Result<(), Failure> {
        let text = text.as_ref();
        let line = if text.ends_with('\n') { "" } else { "\n" };
        write!(self.out, "{text}{line}")?;
        Ok(self.out.flush()?)
    }

    /// Writes a remark that is no part of the answer. When even that cannot be written, the answer still can.
    pub(crate) fn remark(&mut self, text: impl AsRef<str>) {
        let text = text.as_ref();
        let line = if text.ends_with('\n') { "" } else { "\n" };
        let _ = write!(self.err, "{text}{line}");
    }

    /// Writes an answer as one line of JSON.
    pub(crate) fn json(&mut self, answer: &impl Serialize) -> Result<(), Failure> {
        let line = serde_json::to_string(answer).map_err(|e| Failure::Outage(e.to_string()))?;
        self.say(line)
    }

    /// A variable of the environment that is not empty.
    pub(crate) fn variable(&self, name: &str) -> Option<String> {
        (self.environment)(name).filter(|v| !v.is_empty())
    }

    /// Asks for a secret without echo; `variable` stands in where nobody sits there.
    pub(crate) fn secret(&mut self, variable: &'static str, question: &str) -> Result<Zeroizing<String>, Failure> {
        if let Some(given) = self.variable(variable) {
            return Ok(Zeroizing::new(given));
        }
        if !self.interactive {
            return Err(Failure::Usage(format!("没有终端可以询问“{question}”。把它放进环境变量 {variable} 再运行。")));
        }
        rpassword::prompt_password(format!("{question}：")).map(Zeroizing::new).map_err(Failure::from)
    }

    /// Asks a question whose answer may be seen; none where nobody sits there.
    pub(crate) fn ask(&mut self, question: &str) -> Result<Option<String>, Failure> {
        if !self.interactive {
            return Ok(None);
        }
        write!(self.err, "{question}")?;
        self.err.flush()?;
        let mut line = String::new();
        io::stdin().read_line(&mut line)?;
        Ok(Some(line.trim().to_owned()))
    }

    /// A bar on a terminal, nothing elsewhere.
    pub(crate) fn bar(&self) -> ProgressBar {
        if !self.interactive {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{msg}  {wide_bar}  {human_pos}/{human_len}  {elapsed}") {
            bar.set_style(style);
        }
        bar
    }

    /// The bytes of a file, or of what is piped in for `-`.
    pub(crate) fn read(&mut self, file: &str) -> Result<Vec<u8>, Failure> {
        // Twice the largest file that ever made sense here (135,000 members with opening balances are 12 MB).
        const LONGEST: u64 = 64 * 1024 * 1024;
        let wrong = |e: io::Error| Failure::File(format!("读不了 {file}：{}", because(&e)));
        let mut bytes = Vec::new();
        if file == "-" {
            (&mut self.input).take(LONGEST + 1).read_to_end(&mut bytes).map_err(wrong)?;
        } else {
            std::fs::File::open(file).and_then(|f| f.take(LONGEST + 1).read_to_end(&mut bytes)).map_err(wrong)?;
        }
        if bytes.len() as u64 > LONGEST {
            return Err(Failure::File(format!("{file} 超过 64 MB。请分成几份。")));
        }
        Ok(bytes)
    }

    /// Writes a file that comes out, or to the answer when no name is given.
    pub(crate) fn deliver(&mut self, out: Option<&str>, bytes: &[u8], what: &str) -> Result<(), Failure> {
        match out {
            None | Some("-") => {
                self.out.write_all(bytes)?;
                Ok(self.out.flush()?)
            }
            Some(file) => {
                std::fs::write(file, bytes).map_err(|e| Failure::Outage(format!("写不了 {file}：{}", because(&e))))?;
                self.remark(format!("{what}已写入 {file}"));
                Ok(())
            }
        }
    }
}

/// Why a file cannot be used, in words.
pub(crate) fn because(e: &io::Error) -> String {
    match e.kind() {
        io::ErrorKind::NotFound => "没有这个文件".into(),
        io::ErrorKind::PermissionDenied => "没有权限".into(),
        io::ErrorKind::IsADirectory => "这是一个目录".into(),
        io::ErrorKind::StorageFull => "磁盘已满".into(),
        _ => e.to_string(),
    }
}
