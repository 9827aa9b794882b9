//! Why a command did not do what it was told (未完成的原因), with its exit code and the text a person reads.

use std::fmt;

use core_case::form::FieldError;
use core_case::refusal::Refusal;
use shell_pipeline::import::ExportError;
use shell_pipeline::people::PeopleError;
use shell_pipeline::{CentreError, PipelineError};
use shell_store::db::DbError;
use shell_vault::VaultError;

use crate::exit;
use crate::sheet::{Sheet, width};

/// Why a command ends without success (未完成).
#[derive(Debug)]
pub enum Failure {
    /// The rules, permissions or the state of things say no, or a check found breaks.
    Refused(String),
    /// The command line is wrong.
    Usage(String),
    /// An input file is wrong.
    File(String),
    /// The world failed: disk, database, network.
    Outage(String),
    /// Everything was told already; only the exit code is left.
    Told(u8),
}

impl Failure {
    /// The exit code (退出码).
    pub fn code(&self) -> u8 {
        match self {
            Failure::Refused(_) => exit::REFUSED,
            Failure::Usage(_) => exit::USAGE,
            Failure::File(_) => exit::BAD_FILE,
            Failure::Outage(_) => exit::OUTAGE,
            Failure::Told(code) => *code,
        }
    }

    /// The same without its kind, for JSON.
    pub fn sentence(&self) -> &str {
        match self {
            Failure::Refused(text) | Failure::Usage(text) | Failure::File(text) | Failure::Outage(text) => text.trim_end(),
            Failure::Told(_) => "",
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self {
            Failure::Refused(_) => "不予办理",
            Failure::Usage(_) => "命令写错",
            Failure::File(_) => "文件有误",
            Failure::Outage(_) => "系统故障",
            Failure::Told(_) => return Ok(()),
        };
        writeln!(f, "{word}：{}", self.sentence())
    }
}

impl From<DbError> for Failure {
    fn from(e: DbError) -> Failure {
        Failure::Outage(e.to_string())
    }
}

impl From<VaultError> for Failure {
    fn from(e: VaultError) -> Failure {
        let text = e.to_string();
        match e {
            // The data folder named is not that of a centre.
            VaultError::KeyFileMissing { .. } => Failure::Usage(text),
            VaultError::KeyFileExists { .. } | VaultError::KeyFileOpenToOthers { .. } => Failure::Refused(text),
            _ => Failure::Outage(text),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(e: std::io::Error) -> Failure {
        Failure::Outage(e.to_string())
    }
}

impl From<CentreError> for Failure {
    fn from(e: CentreError) -> Failure {
        let text = e.to_string();
        match e {
            CentreError::NoCentre => Failure::Usage(text),
            CentreError::Exists(_) | CentreError::NoDay => Failure::Refused(text),
            CentreError::Policy(_) => Failure::File(text),
            CentreError::Db(_) => Failure::Outage(text),
            CentreError::Vault(e) => e.into(),
        }
    }
}

impl From<PipelineError> for Failure {
    fn from(e: PipelineError) -> Failure {
        let text = e.to_string();
        match e {
            PipelineError::NoAction(_) => Failure::Usage(text),
            PipelineError::Centre(e) => e.into(),
            PipelineError::Busy | PipelineError::Write(_) => Failure::Outage(text),
            _ => Failure::Refused(text),
        }
    }
}

impl From<PeopleError> for Failure {
    fn from(e: PeopleError) -> Failure {
        let text = e.to_string();
        match e {
            PeopleError::Centre(e) => e.into(),
            PeopleError::Moved | PeopleError::Lost | PeopleError::Write(_) | PeopleError::Vault(_) => Failure::Outage(text),
            _ => Failure::Refused(text),
        }
    }
}

impl From<ExportError> for Failure {
    fn from(e: ExportError) -> Failure {
        match e {
            ExportError::Centre(e) => e.into(),
            ExportError::NoEmployer(_) => Failure::Refused(e.to_string()),
            ExportError::Write(_) => Failure::Outage(e.to_string()),
        }
    }
}

/// Refusals of one command as people read them (不予受理): what was found and required, under which rule, what can be done.
pub(crate) fn refusals(head: &str, refusals: &[Refusal]) -> String {
    /// Longer words stand on a line of their own, so that they do not push the figures away.
    const WIDEST: usize = 24;
    let mut out = format!("{head} 不予受理\n").trim_start().to_owned();
    for refusal in refusals {
        let mut sheet = Sheet::new(3, 0);
        let found = refusal.found.clone().unwrap_or_default();
        let required = refusal.required.as_ref().map(|r| format!("要求 {r}")).unwrap_or_default();
        if width(&refusal.words) <= WIDEST {
            sheet.row([format!("  {}", refusal.words), found, required]);
        } else {
            out += &format!("  {}\n", refusal.words);
            if !(found.is_empty() && required.is_empty()) {
                sheet.row(["  现为".to_owned(), found, required]);
            }
        }
        if let Some(field) = &refusal.field {
            let named = refusal.label.as_ref().map_or_else(|| field.clone(), |label| format!("{label}（{field}）"));
            sheet.row(["  栏位".to_owned(), named]);
        }
        sheet.row(["  依据".to_owned(), refusal.under.to_string()]);
        if let Some(remedy) = &refusal.remedy {
            sheet.row(["  可以".to_owned(), remedy.sentence()]);
        }
        out += &sheet.to_string();
    }
    out
}

/// Errors of a form as people read them (表单有误), each with its path.
pub(crate) fn fields(head: &str, errors: &[FieldError]) -> String {
    let mut out = format!("{head} 的表单有 {} 处问题\n", errors.len());
    for e in errors {
        let found = if e.found.is_empty() { String::new() } else { format!("（写的是“{}”）", e.found) };
        out += &format!("  {}  {}{found} {}\n", e.path, e.message, e.remedy);
    }
    out
}
