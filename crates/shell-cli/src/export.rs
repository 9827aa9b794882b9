//! `anju export …`: journals, workbooks, templates (导出).

use clap::{Args, Subcommand};
use core_calendar::Month;
use core_case::ids::EmployerId;
use shell_pipeline::import::{Kind, export_base, export_list, template};
use shell_pipeline::{Actor, Centre};
use shell_verify::{Basis, export_journal};
use shell_web::export::{ExportError, PAGES, export};

use crate::failure::Failure;
use crate::place::Place;
use crate::terminal::{Terminal, because};
use crate::who::{self, Who};

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
    /// What a page shows.
    #[command(
        about = "页面上的清单、账页、明细，Excel 工作簿",
        long_about = None,
        after_help = pages(),
        help_template = crate::cli::HELP,
        override_usage = "anju export xlsx <页面> [--key 编号] [--out 文件] [选项]"
    )]
    Xlsx {
        /// The page's path.
        #[arg(value_name = "页面", help = "页面的路径，可带查询条件，如 /receipts?state=unknown")]
        name: String,
        /// Which one.
        #[arg(long, value_name = "编号", help = "页面只讲一个账户、单位、科目或凭证时，它的编号")]
        key: Option<String>,
        /// Into which file.
        #[arg(long, value_name = "文件", help = "写入的文件；不给则输出到终端")]
        out: Option<String>,
        /// Which centre.
        #[command(flatten)]
        place: Place,
        /// Who acts.
        #[command(flatten)]
        who: Who,
    },
    /// A template.
    #[command(about = "导入用的 Excel 模板", help_template = crate::cli::HELP, override_usage = "anju export template <种类> --out 文件")]
    Template {
        /// Of which import.
        #[arg(value_name = "种类", value_parser = crate::import::kind, help = "导入的种类，如 members")]
        kind: Kind,
        /// Into which file.
        #[arg(long, value_name = "文件", help = "写入的文件；不给则输出到终端")]
        out: Option<String>,
    },
    /// A monthly list.
    #[command(about = "单位的汇缴清册，改好后可以导入", help_template = crate::cli::HELP, override_usage = "anju export list <单位账号> <年月> --out 文件 [选项]")]
    List {
        /// Employer.
        #[arg(value_name = "单位账号", value_parser = crate::import::employer, help = "单位账号")]
        employer: EmployerId,
        /// Month.
        #[arg(value_name = "年月", help = "汇缴年月，如 2025-07")]
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
        #[arg(value_name = "单位账号", value_parser = crate::import::employer, help = "单位账号")]
        employer: EmployerId,
        /// From which month.
        #[arg(value_name = "年月", help = "从哪个月起执行，如 2025-07")]
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
        What::Xlsx { name, key, out, place, who } => {
            let centre = place.open().await?;
            let actor = reader(&who, &place, &centre, terminal).await?;
            let found = export(&centre, &actor, &who::origin(terminal), &name, key.as_deref()).await;
            let bytes = found.map_err(|e| match e {
                ExportError::NoPage(_) | ExportError::Told(_) => Failure::Usage(e.to_string()),
                ExportError::Denied(_) => Failure::Refused(e.to_string()),
                ExportError::Failed(_) => Failure::Outage(e.to_string()),
            })?;
            terminal.deliver(out.as_deref(), &bytes, "工作簿")
        }
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

/// Pages that can be exported, for the help.
fn pages() -> String {
    let all: Vec<String> = PAGES.iter().map(|(path, what)| format!("  {path}  {what}")).collect();
    format!("页面：\n{}\n{{…}} 的部分写在路径里，或用 --key 给出。不写 --as 则记为本机操作，同样留下审计记录。", all.join("\n"))
}

/// Who reads: whoever signs in, or else the operator of this machine, who holds the keys and the database in any case. What
/// leaves is recorded either way.
async fn reader(who: &Who, place: &Place, centre: &Centre, terminal: &mut Terminal) -> Result<Actor, Failure> {
    if who.login.is_some() {
        return who.actor(place, centre, terminal).await;
    }
    Ok(Actor { name: "本机操作".into(), login: "local".into(), ..Actor::batch() })
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
