//! Imports (导入): a file people made becomes one case, or every error of every row with sheet, row and column.
//!
//! An import writes nothing by itself. Its rows become the form of an action and walk the one pipeline; what the rules say
//! about a line is told at the cell it came from, beside what the reader found in the file. A file with any error changes
//! nothing, unless its good rows are wanted. The key of a command is the SM3 of the rows, so that the same rows twice are one
//! case. Layouts and receipt file: `handbook 17 §8`; opening balances: `handbook 17 §6`.
//!
//! Left out: rows of different files are compared by what the rules find in the books, not by row; a file that holds some rows
//! of an earlier file is told so as a refusal of those rows.

pub(crate) mod amounts;
mod base;
mod draft;
mod employers;
pub mod export;
mod members;
mod opening;
mod receipts;
mod remittance;
mod split;

use core_calendar::{Day, Month};
use core_case::ids::EmployerId;
use core_case::refusal::Refusal;
use serde::{Deserialize, Serialize};
use shell_files::layout::Layout;
use shell_files::layouts;
use shell_files::problem::{FileError, RowError, code};
use shell_files::sheet::{self, Workbook};

pub use export::{ExportError, export_base, export_list, template};
pub use shell_files::receipt::Encoding;

use crate::actor::Actor;
use crate::catalogue;
use crate::centre::Centre;
use crate::command::{Origin, PipelineError};

/// Codes of what only an import can find; those of the file are in `shell_files::problem::code`, those of the rules with the
/// actions. With their words for the refusals catalogue.
pub const CODES: &[(&str, &str)] = &[
    (NOT_OWN, "不是本单位的账号"),
    (SEVERAL, "一份文件只能办一笔"),
    (UNDECIDED, "文件和选项都没有写明"),
    (SUM_DIFFERS, "计算列与系统不符"),
    (RATE_DIFFERS, "缴存比例与系统不符"),
    (NAME_DIFFERS, "姓名与账号不符"),
    (UNKNOWN_UNIT, "没有这个管理部"),
    (NOT_TAKEN_OVER, "这一列暂不能接管"),
    (NUMBER_TAKEN, "个人账号已被使用"),
    (PAID_MONTHS, "已缴月份与缴至年月不符"),
    (NO_SERIAL, "没有这笔银行流水"),
    (CONFLICT, "有互斥的业务正在办理"),
    (NO_RULE, "没有现行规定"),
    (FAILED, "没有办成"),
];
const NOT_OWN: &str = "import.not_own";
const SEVERAL: &str = "import.several";
const UNDECIDED: &str = "import.undecided";
const SUM_DIFFERS: &str = "import.sum_differs";
const RATE_DIFFERS: &str = "import.rate_differs";
const NAME_DIFFERS: &str = "import.name_differs";
const UNKNOWN_UNIT: &str = "import.unknown_unit";
const NOT_TAKEN_OVER: &str = "import.not_taken_over";
const NUMBER_TAKEN: &str = "import.number_taken";
const PAID_MONTHS: &str = "import.paid_months";
const NO_SERIAL: &str = "import.no_serial";
const CONFLICT: &str = "import.conflict";
const NO_RULE: &str = "import.no_rule";
const FAILED: &str = "import.failed";

/// Kind of import (导入种类), named on the command line and on pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// 期初余额: one workbook with sheets 职工, 科目, 暂存.
    Opening,
    /// 单位开户
    Employers,
    /// 个人开户
    Members,
    /// 汇缴清册: one employer's month.
    Remittance,
    /// 基数调整
    Base,
    /// 到账通知: the bank's receipt file.
    Receipts,
    /// 一笔多单位: how one receipt is split over employers.
    Split,
}

impl Kind {
    /// Every kind, in the order of the command line.
    pub const ALL: [Kind; 7] = [Kind::Opening, Kind::Employers, Kind::Members, Kind::Remittance, Kind::Base, Kind::Receipts, Kind::Split];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Opening => "opening",
            Kind::Employers => "employers",
            Kind::Members => "members",
            Kind::Remittance => "remittance",
            Kind::Base => "base",
            Kind::Receipts => "receipts",
            Kind::Split => "split",
        }
    }

    /// The kind of a name.
    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|k| k.name() == name)
    }

    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Kind::Opening => "期初余额",
            Kind::Employers => "单位开户",
            Kind::Members => "个人开户",
            Kind::Remittance => "汇缴清册",
            Kind::Base => "基数调整",
            Kind::Receipts => "到账通知",
            Kind::Split => "一笔多单位",
        }
    }

    /// The action that its rows become; the permission to import is the permission of the action.
    pub const fn action(self) -> &'static str {
        match self {
            Kind::Opening => "collection.opening.import",
            Kind::Employers => "collection.employer.import",
            Kind::Members => "collection.member.import",
            Kind::Remittance => "collection.remittance.confirm",
            Kind::Base => "collection.base.adjust",
            Kind::Receipts => "collection.receipt.record",
            Kind::Split => "collection.receipt.split",
        }
    }

    /// The sheets of its workbook; none for the bank's receipt file.
    pub const fn layouts(self) -> &'static [&'static Layout] {
        match self {
            Kind::Opening => layouts::OPENING,
            Kind::Employers => &[&layouts::EMPLOYERS],
            Kind::Members => &[&layouts::MEMBERS],
            Kind::Remittance => layouts::REMITTANCE,
            Kind::Base => &[&layouts::BASE],
            Kind::Receipts => &[],
            Kind::Split => &[&layouts::SPLIT],
        }
    }
}

/// How a file is imported (选项).
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// 试导入: tells what would happen and writes nothing.
    pub dry_run: bool,
    /// 只导入无误的行: rows with an error stay out, the rest is submitted.
    pub accept_good_rows: bool,
    /// Encoding of a receipt file, when it is not to be recognised.
    pub encoding: Option<Encoding>,
    /// 期初日期; by default the first business day of the centre. Only for opening balances.
    pub day: Option<Day>,
    /// 单位账号 of a monthly list whose sheet does not name it.
    pub employer: Option<EmployerId>,
    /// 汇缴年月 of a monthly list whose sheet does not name it; of a base adjustment the month it holds from, by default the
    /// month of the business day.
    pub month: Option<Month>,
    /// The monthly list is a supplementary one (补充清册).
    pub supplementary: bool,
}

/// How far an import is (进度).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done, in Chinese.
    pub stage: &'static str,
    /// Rows through this stage.
    pub done: usize,
    /// Rows in all.
    pub total: usize,
}

/// What became of an import (导入结果); the JSON of `anju import --json`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ImportAnswer {
    /// Rows with something in them, good or not.
    pub rows: usize,
    /// Rows that were taken in, in a dry run those that would be.
    pub accepted: usize,
    /// Rows that are in the books or in a case already, as they are.
    pub unchanged: usize,
    /// 业务流水号 of the case; of a receipt file the last one.
    pub case: Option<String>,
    /// Every error, by sheet, row and column.
    pub errors: Vec<RowError>,
    /// What was passed over or deserves a look.
    pub notes: Vec<String>,
}

/// Imports a file: `bytes` as people sent them, `file_name` only for messages. What wins over the name is the content.
///
/// # Errors
/// When the actor may not do this, policy has no rule, or the database does not answer. What is wrong with the file or its rows
/// is an answer, not an error.
#[allow(clippy::too_many_arguments)] // One call with everything an import is told; the options are a struct of their own.
pub async fn import(
    centre: &Centre,
    actor: &Actor,
    origin: &Origin,
    kind: Kind,
    bytes: &[u8],
    file_name: &str,
    options: Options,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<ImportAnswer, PipelineError> {
    if actor.may(kind.action()).is_none() {
        return Err(PipelineError::Denied(format!("{}（{}）没有导入“{}”的权限。", actor.name, actor.login, kind.term())));
    }
    let mut at = Errand { centre, actor, origin, kind, options, progress };
    if kind == Kind::Receipts {
        return receipts::import(&mut at, bytes, file_name).await;
    }
    let book = match sheet::read_workbook(bytes, kind.layouts()) {
        Ok(book) => book,
        Err(e) => return Ok(refused_file(&e, file_name)),
    };
    let mut answer = ImportAnswer { rows: rows_of(kind, &book), ..ImportAnswer::default() };
    answer.notes = book.notes.iter().map(|n| format!("{}：{}", n.sheet, n.message)).collect();
    answer.errors = book.errors.clone();
    at.tell("读取", answer.rows, answer.rows);
    // Without a heading or a sheet no row can be judged.
    if book.errors.iter().any(is_of_the_file) {
        return Ok(answer);
    }
    let draft = match kind {
        Kind::Employers => employers::draft(&at, &book, &mut answer).await?,
        Kind::Members => Some(members::draft(&at, &book, &mut answer)),
        Kind::Opening => Some(opening::draft(&at, &book, &mut answer).await?),
        Kind::Remittance => remittance::draft(&at, &book, &mut answer).await?,
        Kind::Base => base::draft(&at, &book, &mut answer).await?,
        Kind::Split => split::draft(&at, &book, &mut answer).await?,
        Kind::Receipts => None,
    };
    if let Some(draft) = draft {
        draft::submit(&mut at, draft, &mut answer).await?;
    }
    sort(&mut answer.errors, &book);
    Ok(answer)
}

/// One import under way.
struct Errand<'a> {
    centre: &'a Centre,
    actor: &'a Actor,
    origin: &'a Origin,
    kind: Kind,
    options: Options,
    progress: &'a mut (dyn FnMut(Progress) + Send),
}

impl Errand<'_> {
    fn tell(&mut self, stage: &'static str, done: usize, total: usize) {
        (self.progress)(Progress { stage, done, total });
    }

    /// Whether an employer's number is one the actor may name: an officer only his or her own.
    fn owns(&self, employer: Option<EmployerId>) -> bool {
        self.actor.employer.is_none() || employer == self.actor.employer
    }
}

/// The code of a refusal, as the catalogue has it for its action.
fn code_of(action: &str, refusal: &Refusal) -> &'static str {
    catalogue::action(action).and_then(|entry| entry.because(&refusal.code)).map_or(FAILED, |because| because.code)
}

/// The answer to a file that could not be read at all.
fn refused_file(e: &FileError, file_name: &str) -> ImportAnswer {
    let mut error = e.as_row_error();
    error.found = shell_files::mask::digits(file_name);
    ImportAnswer { errors: vec![error], ..ImportAnswer::default() }
}

/// Rows that an import counts: the second sheet of a monthly list only sums up.
fn rows_of(kind: Kind, book: &Workbook) -> usize {
    let counted = book.sheets.iter().filter(|s| kind != Kind::Remittance || s.layout.key == layouts::REMITTANCE_LIST.key);
    counted.map(|s| s.rows().len()).sum()
}

/// Whether an error spoils the whole file, not a row of it.
fn is_of_the_file(e: &RowError) -> bool {
    matches!(e.code, code::HEADING_MISSING | code::HEADING_TWICE | code::SHEET_MISSING | code::NO_HEADINGS)
}

/// Errors as a person goes through the file: sheet by sheet, row by row, columns in the order of the template.
fn sort(errors: &mut [RowError], book: &Workbook) {
    let place = |e: &RowError| {
        let sheet = book.sheets.iter().position(|s| s.name == e.sheet).unwrap_or(usize::MAX);
        let column = book.sheets.get(sheet).and_then(|s| s.layout.columns.iter().position(|c| c.heading == e.column));
        (sheet, e.row, column.unwrap_or(usize::MAX))
    };
    errors.sort_by_cached_key(place);
}
