//! The command line (命令行): every command with its options, the usage errors in Chinese, and which function runs what.

use std::ffi::OsString;
use std::pin::Pin;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command as Line, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::failure::Failure;
use crate::terminal::Terminal;
use crate::{
    audit, bench, calc, case, day_end, demo, exit, export, import, init, key, migrate, policy, report, serve, simulate, user, verify,
};

/// Layout of the help pages: in Chinese, as everything a person reads here.
pub(crate) const HELP: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

const AFTER: &str = "\
写账的命令都要写明操作人：--as 登录名，密码取自环境变量 ANJU_PASSWORD 或当面询问，动态口令用 --code。
位置：--data 数据目录（默认 ./anju-data），或 --database postgres://… --centre 代码。
退出码：0 完成；1 不予办理，或核对不符；2 命令写错；3 输入文件有错；4 系统故障。
每个命令的选项见 anju 命令 --help。";

/// The command line of `anju`.
#[derive(Parser, Debug)]
#[command(
    name = "anju",
    version,
    about = "安居：住房公积金管理中心核心业务系统",
    after_help = AFTER,
    help_template = HELP,
    override_usage = "anju <命令> [选项]",
    subcommand_help_heading = "命令",
    subcommand_value_name = "命令",
    disable_help_subcommand = true
)]
pub struct Cli {
    /// Which command.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// A centre for looking around (演示).
    #[command(about = "建立一个演示中心，走完一个公积金年度，然后打开网页", help_template = HELP)]
    Demo(demo::Options),
    /// A new centre (建立中心).
    #[command(about = "建立中心：密钥、数据库、首批管理员（一次性密码只显示一次）", help_template = HELP)]
    Init(init::Options),
    /// Pages and API (网页服务).
    #[command(about = "打开网页和接口，直到 Ctrl+C", help_template = HELP)]
    Serve(serve::Options),
    /// Brings the database to this program's version (升级数据库).
    #[command(about = "把数据库升级到本程序的版本", help_template = HELP)]
    Migrate(migrate::Options),
    /// The proof (核对).
    #[command(about = "核对：余额、积数、清册、凭证、审计记录全部重算", help_template = HELP)]
    Verify(verify::Options),
    /// The audit chain (审计).
    #[command(about = "审计记录", help_template = HELP)]
    Audit(audit::Options),
    /// Keys (密钥).
    #[command(about = "密钥：查看版本、轮换", help_template = HELP)]
    Key(key::Options),
    /// Policy (参数).
    #[command(about = "政策参数：查看、检查、待核对", help_template = HELP)]
    Policy(policy::Options),
    /// Users (用户).
    #[command(about = "用户、角色、密码、动态口令、会话、接口令牌", help_template = HELP)]
    User(user::Options),
    /// Cases (业务记录).
    #[command(about = "办理业务：提交、查看、同意、退回、否决、撤回、重新提交", help_template = HELP)]
    Case(case::Options),
    /// The day-end (日终).
    #[command(name = "day-end", about = "日终：开新营业日、汇总、封存审计记录、关闭旧营业日", help_template = HELP)]
    DayEnd(day_end::Options),
    /// Figures (报表).
    #[command(about = "报表：试算平衡、单位未分摊、暂收待认领、待入账清册", help_template = HELP)]
    Report(report::Options),
    /// Imports (导入).
    #[command(about = "导入 Excel、CSV 或银行到账文件，一份文件成为一笔业务", help_template = HELP)]
    Import(import::Options),
    /// Exports (导出).
    #[command(about = "导出：hledger 账簿、Excel 清册和模板", help_template = HELP)]
    Export(export::Options),
    /// How fast (基准测试).
    #[command(about = "基准测试：与数据库自身的极限相比", help_template = HELP)]
    Bench(bench::Options),
    /// Random business against an auditor (模拟核对).
    #[command(about = "模拟核对：随机办理业务，每一步与独立的审计模型比较", help_template = HELP)]
    Simulate(simulate::Options),
    /// Calculators (计算器).
    #[command(about = calc::ABOUT)]
    Calc(calc::CalcArgs),
}

/// Runs a command line as typed, the program's name first; everything said goes to the terminal. Returns the exit code.
pub async fn run_line<I, T>(line: I, terminal: &mut Terminal) -> u8
where
    I: IntoIterator<Item = T>,
    T: Into<OsString> + Clone,
{
    let parsed = command().try_get_matches_from(line).and_then(|found| Cli::from_arg_matches(&found));
    match parsed {
        Ok(cli) => run(cli, terminal).await,
        Err(e) if matches!(e.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => match terminal.say(e.to_string()) {
            Ok(()) => exit::DONE,
            Err(_) => exit::OUTAGE,
        },
        Err(e) => {
            terminal.remark(format!("命令写错：{}", usage(&e)));
            exit::USAGE
        }
    }
}

/// The command line with its help in Chinese throughout.
pub fn command() -> Line {
    localised(Cli::command())
        .disable_version_flag(true)
        .arg(Arg::new("version").short('V').long("version").action(ArgAction::Version).help("显示版本").help_heading("选项"))
}

/// What clap writes in English by itself is written here: headings, defaults, the help of `--help`.
fn localised(line: Line) -> Line {
    // The calculators bring their own.
    let own_help = line.get_arguments().any(|a| a.get_id() == "help");
    // Arguments in the order in which they are declared, not by their letters.
    let mut place = 0;
    let line = line.mut_subcommands(localised).mut_args(|arg| {
        place += 1;
        let heading = match arg.get_id().as_str() {
            "data" | "database" | "centre" => "位置",
            "as" | "code" => "操作人",
            _ if arg.is_positional() => "参数",
            _ => "选项",
        };
        let default: Vec<_> = arg.get_default_values().iter().map(|v| v.to_string_lossy().into_owned()).collect();
        let takes = arg.get_action().takes_values();
        let shown = !default.is_empty() && !arg.is_hide_default_value_set() && takes;
        let arg = arg.help_heading(heading).display_order(place);
        let arg = if takes { arg.hide_default_value(true).hide_possible_values(true) } else { arg };
        match arg.get_help().map(ToString::to_string) {
            Some(help) if shown => arg.help(format!("{help}（默认 {}）", default.join("、"))),
            _ => arg,
        }
    });
    if own_help {
        return line;
    }
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).help("显示帮助").help_heading("选项").display_order(999);
    line.disable_help_flag(true).arg(help)
}

/// Runs a command; everything said goes to the terminal. Returns the exit code.
///
/// Boxed, so that what the commands do is compiled here, once, and not again in each program and each test that runs one.
pub fn run(cli: Cli, terminal: &mut Terminal) -> Pin<Box<dyn Future<Output = u8> + '_>> {
    Box::pin(async move {
        match dispatch(cli.command, terminal).await {
            Ok(()) => exit::DONE,
            Err(failure) => {
                let text = failure.to_string();
                if !text.is_empty() {
                    terminal.remark(text);
                }
                failure.code()
            }
        }
    })
}

async fn dispatch(command: Command, terminal: &mut Terminal) -> Result<(), Failure> {
    match command {
        Command::Demo(options) => demo::run(options, terminal).await,
        Command::Init(options) => init::run(options, terminal).await,
        Command::Serve(options) => serve::run(options, terminal).await,
        Command::Migrate(options) => migrate::run(options, terminal).await,
        Command::Verify(options) => verify::run(options, terminal).await,
        Command::Audit(options) => audit::run(options, terminal).await,
        Command::Key(options) => key::run(options, terminal).await,
        Command::Policy(options) => policy::run(options, terminal).await,
        Command::User(options) => user::run(options, terminal).await,
        Command::Case(options) => case::run(options, terminal).await,
        Command::DayEnd(options) => day_end::run(options, terminal).await,
        Command::Report(options) => report::run(options, terminal).await,
        Command::Import(options) => import::run(options, terminal).await,
        Command::Export(options) => export::run(options, terminal).await,
        Command::Bench(options) => bench::run(options, terminal).await,
        Command::Simulate(options) => simulate::run(options, terminal).await,
        Command::Calc(args) => match calc::run_with(args, &mut terminal.out, &mut terminal.err) {
            exit::DONE => Ok(()),
            code => Err(Failure::Told(code)),
        },
    }
}

/// What is wrong with a command line, in Chinese, with what to look at.
fn usage(e: &clap::Error) -> String {
    let get = |kind| match e.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(all)) => all.join("、"),
        Some(ContextValue::StyledStrs(all)) => all.iter().map(ToString::to_string).collect::<Vec<_>>().join("、"),
        _ => String::new(),
    };
    let near = match (get(ContextKind::SuggestedArg), get(ContextKind::SuggestedSubcommand), get(ContextKind::SuggestedValue)) {
        (arg, sub, value) if arg.is_empty() && sub.is_empty() && value.is_empty() => String::new(),
        (arg, sub, value) => format!("是不是 {}？", [arg, sub, value].concat()),
    };
    let what = match e.kind() {
        ErrorKind::UnknownArgument => format!("没有选项 {}。{near}", get(ContextKind::InvalidArg)),
        ErrorKind::InvalidSubcommand => format!("没有命令 {}。{near}", get(ContextKind::InvalidSubcommand)),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let valid = get(ContextKind::ValidValue);
            let list = if valid.is_empty() { String::new() } else { format!("可用：{valid}。") };
            let why = std::error::Error::source(e).map(|s| format!("{s}。")).unwrap_or_default();
            match get(ContextKind::InvalidValue) {
                value if value.is_empty() => format!("{} 后面要写一个值。{list}", get(ContextKind::InvalidArg)),
                value => format!("{} 不能是“{value}”。{why}{list}{near}", get(ContextKind::InvalidArg)),
            }
        }
        ErrorKind::MissingRequiredArgument => format!("缺少 {}。", get(ContextKind::InvalidArg)),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => "要写明做什么。".into(),
        ErrorKind::ArgumentConflict => format!("{} 与 {} 不能同时用。", get(ContextKind::InvalidArg), get(ContextKind::PriorArg)),
        ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues => {
            format!("{} 的值个数不对。", get(ContextKind::InvalidArg))
        }
        ErrorKind::InvalidUtf8 => "命令行不是 UTF-8。".into(),
        _ => e.to_string().lines().next().unwrap_or_default().to_owned(),
    };
    format!("{what}用法见 --help。")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_options_of_every_command_are_well_formed() {
        command().debug_assert();
    }

    #[test]
    fn every_command_and_option_is_explained_in_chinese() {
        fn ask(line: &Line, path: &str, silent: &mut Vec<String>) {
            let path = format!("{path} {}", line.get_name());
            let chinese = |text: Option<String>| text.is_some_and(|t| t.chars().any(|c| matches!(c, '一'..='鿿')));
            if !chinese(line.get_about().map(ToString::to_string)) {
                silent.push(path.clone());
            }
            let unexplained = line.get_arguments().filter(|a| !chinese(a.get_help().map(ToString::to_string)));
            silent.extend(unexplained.map(|a| format!("{path} {}", a.get_id())));
            line.get_subcommands().for_each(|sub| ask(sub, &path, silent));
        }
        let mut silent = Vec::new();
        ask(&command(), "", &mut silent);
        assert_eq!(silent, Vec::<String>::new());
    }

    #[test]
    fn usage_errors_are_chinese_and_name_what_is_meant() {
        let told = |line: &[&str]| usage(&command().try_get_matches_from(line).expect_err("wrong"));
        for (line, expected) in [
            (&["anju", "verfy"][..], "没有命令 verfy。是不是 verify？用法见 --help。"),
            (&["anju", "verify", "--jsn"], "没有选项 --jsn。是不是 --json？用法见 --help。"),
            (&["anju", "import", "members"], "缺少 <文件>。用法见 --help。"),
            (&["anju"], "要写明做什么。用法见 --help。"),
        ] {
            assert_eq!(told(line), expected);
        }
    }
}
