//! `anju export …`: journals, workbooks, templates (导出).

use clap::{Args, Subcommand};
use core_calendar::Month;
use core_case::ids::EmployerId;
use shell_pipeline::import::{Kind, export_base, export_list, template};
use shell_verify::{Basis, export_journal};

use crate::failure::Failure;
use crate::place::Place;
use crate::terminal::{Terminal, because};

/// Options of `anju export`.
#[derive(Args, Debug)]
#[command(override_usage = "anju export <种类> [选项]", subcommand_help_heading = "种类", disable_help_subcommand = true)]
pub struct Options {
    /// What.
    #[command(subcommand)]
    pub what: What,
}

/// What is exported.
#[derive(Subcommand, Debug)]
pub enum What {
    /// Journal.
    #[command(about = "全部凭证，hledger 账簿格式", help_template = crate::cli::HELP, override_usage = "anju export hledger [--out 文件] [选项]")]
    Hledger {
        /// Into which file.
        #[arg(long, value_name = "文件", help = "写入的文件；不给则输出到终端")]
        out: Option<String>,
        /// Which centre.
        #[command(flatten)]
        place: Place,
    },
    /// A template.
    #[command(about = "导入用的 Excel 模板", help_template = crate::cli::HELP, override_usage = "anju export template <种类> --out 文件")]
    Template {
        /// Of which import.
        #[arg(value_name = "种类", value_parser = crate::import::kind)]
        kind: Kind,
        /// Into which file.
        #[arg(long, value_name = "文件", help = "写入的文件；不给则输出到终端")]
        out: Option<String>,
    },
    /// A monthly list.
    #[command(about = "单位的汇缴清册，改好后可以导入", help_template = crate::cli::HELP, override_usage = "anju export list <单位账号> <年月> --out 文件 [选项]")]
    List {
        /// Employer.
        #[arg(value_name = "单位账号", value_parser = crate::import::employer)]
        employer: EmployerId,
        /// Month.
        #[arg(value_name = "年月")]
        month: Month,
        /// Into which file.
        #[arg(long, value_name = "文件", help = "写入的文件；不给则输出到终端")]
        out: Option<String>,
        /// Which centre.
        #[command(flatten)]
        place: Place,
    },
    /// Bases to adjust.
    #[command(about = "单位的基数调整表，填好后可以导入", help_template = crate::cli::HELP, override_usage = "anju export base <单位账号> <年月> --out 文件 [选项]")]
    Base {
        /// Employer.
        #[arg(value_name = "单位账号", value_parser = crate::import::employer)]
        employer: EmployerId,
        /// From which month.
        #[arg(value_name = "年月")]
        month: Month,
        /// Into which file.
        #[arg(long, value_name = "文件", help = "写入的文件；不给则输出到终端")]
        out: Option<String>,
        /// Which centre.
        #[command(flatten)]
        place: Place,
    },
}

/// Exports.
///
/// # Errors
/// When there is no such thing, the file cannot be written, or the centre does not answer.
pub async fn run(options: Options, terminal: &mut Terminal) -> Result<(), Failure> {
    match options.what {
        What::Hledger { out, place } => hledger(out.as_deref(), &place, terminal).await,
        What::Template { kind, out } => terminal.deliver(out.as_deref(), &template(kind)?, kind.term()),
        What::List { employer, month, out, place } => {
            let centre = place.open().await?;
            let bytes = export_list(&centre, employer, month).await?;
            terminal.deliver(out.as_deref(), &bytes, "汇缴清册")
        }
        What::Base { employer, month, out, place } => {
            let centre = place.open().await?;
            let bytes = export_base(&centre, employer, month).await?;
            terminal.deliver(out.as_deref(), &bytes, "基数调整表")
        }
    }
}

async fn hledger(out: Option<&str>, place: &Place, terminal: &mut Terminal) -> Result<(), Failure> {
    let centre = place.open().await?;
    let policy = centre.policy();
    let basis = Basis { policy: &policy, place: &centre.place };
    let Some(file) = out.filter(|file| *file != "-") else {
        export_journal(&centre.store, basis, &mut terminal.out).await.map_err(crate::verify::of_verify)?;
        return Ok(());
    };
    let made = std::fs::File::create(file).map_err(|e| Failure::Outage(format!("写不了 {file}：{}", because(&e))))?;
    let mut to = std::io::BufWriter::new(made);
    let written = export_journal(&centre.store, basis, &mut to).await.map_err(crate::verify::of_verify)?;
    terminal.say(format!("凭证 {} 张、分录 {} 条已写入 {file}", written.vouchers, written.postings))
}
