//! `anju policy show | check | stale`: dated parameters with their law (政策参数). Without a centre the shipped rules are shown.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use core_calendar::Day;
use core_policy::{Family, Place as Where, PolicySet, Scope, Step};
use serde_json::{Value, json};
use std::sync::Arc;

use crate::exit;
use crate::failure::Failure;
use crate::place::Place;
use crate::sheet::Sheet;
use crate::terminal::Terminal;

/// Options of `anju policy`.
#[derive(Args, Debug)]
#[command(override_usage = "anju policy <show|check|stale> [选项]", subcommand_help_heading = "命令", disable_help_subcommand = true)]
pub struct Options {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Values and citations over time.
    #[command(about = "参数的沿革和依据；加 --on 只看那一天的现行规定", help_template = crate::cli::HELP, override_usage = "anju policy show [参数或开头] [--on 日期] [选项]")]
    Show {
        /// Beginning of the name.
        #[arg(
            value_name = "参数",
            default_value = "",
            hide_default_value = true,
            help = "参数名或名字的开头，如 collection.base_cap；不给则列出全部"
        )]
        prefix: String,
        /// One day.
        #[arg(long, value_name = "日期", help = "只看这一天的现行规定")]
        on: Option<Day>,
        /// Which centre.
        #[command(flatten)]
        place: Place,
        /// JSON instead of text.
        #[arg(long, help = "输出 JSON")]
        json: bool,
    },
    /// Whether everything loads and answers.
    #[command(about = "检查参数文件和业务声明是否相符", help_template = crate::cli::HELP, override_usage = "anju policy check [--files 目录] [选项]")]
    Check {
        /// A folder to try before it is used.
        #[arg(long, value_name = "目录", help = "试用这个目录里的本中心参数文件，不改变现行参数")]
        files: Option<PathBuf>,
        /// Which centre.
        #[command(flatten)]
        place: Place,
        /// JSON instead of text.
        #[arg(long, help = "输出 JSON")]
        json: bool,
    },
    /// What somebody should look at.
    #[command(about = "待核对的参数：文号待补、沿用缺省值、久未核对、即将到期", help_template = crate::cli::HELP, override_usage = "anju policy stale [--on 日期] [选项]")]
    Stale {
        /// As of this day.
        #[arg(long, value_name = "日期", help = "按这一天看；不给则按营业日，没有中心时按今天")]
        on: Option<Day>,
        /// Which centre.
        #[command(flatten)]
        place: Place,
        /// JSON instead of text.
        #[arg(long, help = "输出 JSON")]
        json: bool,
    },
}

/// A set with where it holds.
struct Effective {
    set: Arc<PolicySet>,
    place: Where,
    day: Day,
    whose: String,
}

/// Runs a command about policy.
///
/// # Errors
/// When a file does not load (exit code 3), nothing is named so, or the centre does not answer.
pub async fn run(options: Options, terminal: &mut Terminal) -> Result<(), Failure> {
    match options.command {
        Command::Show { prefix, on, place, json } => show(&effective(&place, terminal).await?, &prefix, on, json, terminal),
        Command::Check { files, place, json } => check(files, &place, json, terminal).await,
        Command::Stale { on, place, json } => stale(&effective(&place, terminal).await?, on, json, terminal),
    }
}

/// The centre's set where there is a centre, the shipped one elsewhere.
async fn effective(place: &Place, terminal: &Terminal) -> Result<Effective, Failure> {
    let named = place.database.is_some() || place.centre.is_some();
    if named || place.code().is_ok() {
        let centre = place.open().await?;
        let whose = format!("{}（{}）", centre.about.name, centre.about.code);
        return Ok(Effective { set: centre.policy(), place: centre.place.clone(), day: centre.day(), whose });
    }
    let today = crate::init::today(terminal)?;
    let day = Day::parse(&today.to_string()).map_err(|e| Failure::Outage(e.to_string()))?;
    Ok(Effective { set: PolicySet::shipped().clone(), place: Where::default(), day, whose: "随程序发布的参数".into() })
}

fn digest(set: &PolicySet) -> core_case::digest::Digest {
    core_case::digest::Digest(set.digest())
}

fn show(of: &Effective, prefix: &str, on: Option<Day>, as_json: bool, terminal: &mut Terminal) -> Result<(), Failure> {
    let families: Vec<&Family> = of.set.families().filter(|f| f.rule.starts_with(prefix)).collect();
    if families.is_empty() {
        return Err(Failure::Usage(format!("没有名字以“{prefix}”开头的参数。anju policy show 列出全部。")));
    }
    if as_json {
        let all: Vec<Value> = families.iter().map(|f| family(f, on, &of.place)).collect();
        return terminal.json(&json!({ "digest": digest(&of.set).to_string(), "families": all }));
    }
    let head = format!("{}，参数 {} 项，摘要 {}", of.whose, of.set.families().len(), digest(&of.set).short());
    let mut out = format!("{head}\n\n");
    match on {
        Some(day) => {
            let mut sheet = Sheet::new(4, 0);
            for f in families {
                let found = in_force(f, day, &of.place);
                let value = found.map_or_else(|| "无现行规定".into(), |s| text(s).replace('\n', " / "));
                let under = found.map_or_else(String::new, |s| s.under.to_string());
                sheet.row([f.rule.to_string(), f.term.to_string(), value, under]);
            }
            out += &sheet.to_string();
        }
        None => out += &of.set.timeline(prefix),
    }
    terminal.say(out)
}

fn text(step: &Step) -> String {
    step.value.as_ref().map_or_else(|| "已终止".to_owned(), |v| v.text())
}

/// The step of the narrowest scope that holds on a day.
fn in_force<'f>(family: &'f Family, day: Day, place: &Where) -> Option<&'f Step> {
    use core_policy::On;
    let on = match family.selected_by {
        by if by.accepts(On::Always) => On::Always,
        by if by.accepts(On::Day(day)) => On::Day(day),
        _ => On::Month(core_calendar::Month::of(day)),
    };
    let holds = |s: &&Step| s.from <= on && s.until.is_none_or(|last| last >= on);
    let found = family.layers.iter().rev().filter(|l| l.scope.covers(place)).find_map(|l| l.steps.iter().rev().find(holds));
    found.filter(|s| s.value.is_some())
}

fn family(f: &Family, on: Option<Day>, place: &Where) -> Value {
    let step = |scope: &Scope, s: &Step| {
        json!({
            "scope": scope.to_string(), "from": s.from.to_string(), "until": s.until.map(|u| u.to_string()),
            "published": s.published.map(|p| p.to_string()), "value": s.value.as_ref().map(|v| v.text()), "under": &*s.under,
        })
    };
    let steps: Vec<Value> = match on {
        None => f.layers.iter().flat_map(|l| l.steps.iter().map(move |s| step(&l.scope, s))).collect(),
        Some(day) => {
            let found = in_force(f, day, place);
            let scope =
                f.layers.iter().find(|l| l.steps.iter().any(|s| found.is_some_and(|found| std::ptr::eq(s, found)))).map(|l| &l.scope);
            found.zip(scope).map(|(s, scope)| step(scope, s)).into_iter().collect()
        }
    };
    json!({
        "family": f.rule.to_string(), "term": &*f.term, "about": &*f.about, "unit": f.unit.key(), "selected_by": f.selected_by.key(),
        "steps": steps,
    })
}

async fn check(files: Option<PathBuf>, place: &Place, as_json: bool, terminal: &mut Terminal) -> Result<(), Failure> {
    let loaded = match files.or_else(|| place.policy()) {
        Some(folder) => match PolicySet::load(Some(&folder)) {
            Ok(set) => Ok(Arc::new(set)),
            Err(core_policy::LoadError::Problems(problems)) => Err(problems.0.iter().map(ToString::to_string).collect::<Vec<_>>()),
            Err(e) => return Err(Failure::File(e.to_string())),
        },
        None => Ok(PolicySet::shipped().clone()),
    };
    let (families, print, problems) = match &loaded {
        Ok(set) => (set.families().len(), Some(digest(set)), shell_pipeline::catalogue::check(set)),
        Err(problems) => (0, None, problems.clone()),
    };
    if as_json {
        terminal.json(&json!({ "families": families, "digest": print.map(|d| d.to_string()), "problems": problems }))?;
    } else if problems.is_empty() {
        terminal.say(format!("参数 {families} 项，没有问题，摘要 {}。", print.map(|d| d.short()).unwrap_or_default()))?;
    } else {
        terminal.say(format!("参数文件有 {} 处问题：\n{}", problems.len(), problems.join("\n")))?;
    }
    if problems.is_empty() { Ok(()) } else { Err(Failure::Told(exit::BAD_FILE)) }
}

fn stale(of: &Effective, on: Option<Day>, as_json: bool, terminal: &mut Terminal) -> Result<(), Failure> {
    let found = of.set.stale(on.unwrap_or(of.day));
    if as_json {
        let all: Vec<Value> = found
            .iter()
            .map(|s| json!({ "family": s.rule.to_string(), "term": &*s.term, "scope": s.scope.to_string(), "why": s.why.to_string() }))
            .collect();
        return terminal.json(&json!({ "stale": all }));
    }
    let mut sheet = Sheet::new(4, 0);
    for s in &found {
        sheet.row([s.rule.to_string(), s.term.to_string(), s.scope.to_string(), s.why.to_string()]);
    }
    terminal.say(format!("{}，待核对 {} 处\n\n{sheet}", of.whose, found.len()))
}
