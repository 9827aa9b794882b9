//! `anju demo`: a centre after the proportions of handbook 15, invented names, a fund-year day by day through the real pipeline.

mod files;
pub mod http;
pub mod local;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use core_calendar::Day;
use core_case::digest::Digest;
use core_case::ids::{EmployerId, UnitId};
use core_case::things::UserKind;
use shell_pipeline::people::DemonstrationUser;
use shell_pipeline::{Actor, Centre, Origin};
use shell_store::bootstrap::{NewBank, NewCentre, NewUnit};
use shell_vault::{KeyRing, SystemEntropy};
use shell_web::app::Settings;

use crate::failure::Failure;
use crate::place::Place;
use crate::terminal::Terminal;

/// Options of `anju demo`.
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "演示中心的人员和单位都是虚构的，只在本机打开，登录页面会显示动态口令。规模 1 为单位 3,300 个、职工 135,000 名。",
    override_usage = "anju demo [选项]"
)]
pub struct Options {
    /// Scale.
    #[arg(long, value_name = "规模", default_value = "0.1", help = "相对于规模 1 的比例，如 0.02")]
    pub scale: String,
    /// Fund-years.
    #[arg(long, value_name = "年数", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=3), help = "到 2026-06-30 为止的公积金年度数，1 到 3")]
    pub years: u8,
    /// Seed.
    #[arg(long, value_name = "种子", default_value_t = 1, help = "随机种子；同一种子、同一规模得到同样的中心")]
    pub seed: u64,
    /// Data folder.
    #[arg(long, value_name = "目录", default_value = "./anju-data", help = "数据目录")]
    pub data: PathBuf,
    /// Stops before the server.
    #[arg(long, help = "核对后就结束，不打开网页")]
    pub no_serve: bool,
    /// PostgreSQL.
    #[arg(long, value_name = "地址", help = "PostgreSQL 地址；不给则用 SQLite")]
    pub database: Option<String>,
    /// Port.
    #[arg(long, value_name = "端口", default_value_t = 8080, help = "网页端口")]
    pub port: u16,
    /// By which way orders go.
    #[arg(long, value_name = "途径", value_enum, default_value_t = Through::Process, help = "办理的途径：process 本进程内成批办理，http 逐笔走接口，账簿相同")]
    pub through: Through,
}

/// By which way the orders of the simulation reach the centre.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Through {
    /// Through the pipeline of this process, in bulk.
    Process,
    /// Through the API of a server on this machine, one by one.
    Http,
}

/// The one password of every demonstration account; the mode refuses to listen beyond loopback.
pub const PASSWORD: &str = "Anju-demo-2026";
/// Code of the demonstration centre.
pub const CODE: &str = "demo";

/// Builds the demonstration and opens it.
///
/// # Errors
/// When the options do not hold, there is a centre already, the proof finds breaks, or the data cannot be written.
pub async fn run(options: Options, terminal: &mut Terminal) -> Result<(), Failure> {
    let scale = sim::Scale::parse(&options.scale)
        .ok_or_else(|| Failure::Usage(format!("规模“{}”应是 0.001 到 10 之间的小数，如 0.1。", options.scale)))?;
    let place = Place { data: options.data.clone(), database: options.database.clone(), centre: Some(CODE.into()) };
    let begun = Instant::now();
    let (from, until) = sim::year::span(u32::from(options.years));
    let centre = Arc::new(create(&place, CODE, from).await?);
    let staff = staff(&centre).await?;
    let mut world = sim::World::invent(scale, options.seed, from);
    terminal.remark(format!(
        "演示中心：管理部 10 个，单位 {} 户，职工 {} 名（另有封存账户 {} 个），期初 {} 元。人员和单位均为虚构。",
        world.employers.len(),
        world.members(),
        world.employers.iter().map(|e| e.people.len()).sum::<usize>() - world.members(),
        world.scale.balance().grouped(),
    ));
    let bar = terminal.bar();
    let mut told = |p: sim::Progress<'_>| match p {
        sim::Progress::Part(name, of) => {
            bar.set_message(name.to_owned());
            bar.set_length(of);
            bar.set_position(0);
        }
        sim::Progress::At(n) => bar.set_position(n),
        sim::Progress::Over => {}
    };
    let (opened, tally) = match options.through {
        Through::Process => live(&centre, local::Local::new(&centre, staff), &mut world, until, begun, &mut told).await?,
        Through::Http => {
            let at = serve(&centre, &place).await?;
            let driver = http::Http::new(centre.clone(), at, staff).await.map_err(|e| Failure::Outage(e.to_string()))?;
            live(&centre, driver, &mut world, until, begun, &mut told).await?
        }
    };
    let lived = begun.elapsed();
    let policy = centre.policy();
    let report = shell_verify::verify(
        &centre.store,
        shell_verify::Basis { policy: &policy, place: &centre.place },
        &mut |p: shell_verify::Progress| {
            bar.set_message("核对");
            bar.set_length(p.of.unwrap_or(p.done));
            bar.set_position(p.done);
        },
    )
    .await
    .map_err(crate::verify::of_verify)?;
    bar.finish_and_clear();
    let proved = begun.elapsed();
    terminal.say(happened(&centre, &tally))?;
    crate::report::trial_balance(&centre, from, centre.day(), false, terminal).await?;
    let digest = shell_verify::canonical_digest(&centre.store).await.map_err(|e| Failure::Outage(e.to_string()))?;
    terminal.say(ready(&report, digest, [opened, lived, proved]))?;
    if !report.holds() {
        terminal.say(crate::verify::show(&report))?;
        return Err(Failure::Told(crate::exit::REFUSED));
    }
    if options.no_serve {
        return Ok(());
    }
    let at = std::net::SocketAddr::new(std::net::Ipv4Addr::LOCALHOST.into(), options.port);
    crate::serve::open(centre, Settings { data: options.data, ..Settings::default() }, at, terminal).await
}

/// Lets the world open and live; when it was open, and what it did.
async fn live<D: sim::Driver>(
    centre: &Centre,
    mut driver: D,
    world: &mut sim::World,
    until: Day,
    begun: Instant,
    told: &mut dyn FnMut(sim::Progress<'_>),
) -> Result<(Duration, sim::year::Tally), Failure> {
    let calendar = centre.calendar();
    let mut year = sim::Year::new(world, &calendar);
    let outage = |e: sim::Given| Failure::Outage(e.to_string());
    year.open(&mut driver, told).await.map_err(outage)?;
    let opened = begun.elapsed();
    Ok((opened, year.live(&mut driver, until, told).await.map_err(outage)?))
}

/// Serves the centre on a port of its own until this process ends, for the driver over HTTP.
async fn serve(centre: &Arc<Centre>, place: &Place) -> Result<std::net::SocketAddr, Failure> {
    let settings = Settings { data: place.data.clone(), ..Settings::default() };
    let app = shell_web::app::App::new(centre.clone(), settings).await?;
    let listener = tokio::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await?;
    let at = listener.local_addr()?;
    tokio::spawn(shell_web::app::serve_on(app, listener, std::future::pending()));
    Ok(at)
}

/// A new centre in demonstration mode: ten branches, five sections, four bank accounts, all invented.
///
/// # Errors
/// When there is a demonstration already, or its data cannot be written.
pub async fn create(place: &Place, code: &str, opened: Day) -> Result<Centre, Failure> {
    let keys = place.keys();
    if place.database.is_none() && place.exists(code) {
        return Err(Failure::Refused(format!(
            "{} 里已经有演示中心。打开它：anju serve --data {0}；重新建立：换一个 --data 目录。",
            place.data.display()
        )));
    }
    std::fs::create_dir_all(&place.data)?;
    let ring = if keys.exists() {
        KeyRing::load_file(&keys)?
    } else {
        let (y, m, d) = (opened.year(), opened.month(), opened.day());
        let day = jiff::civil::Date::new(y as i16, m as i8, d as i8).map_err(|e| Failure::Outage(e.to_string()))?;
        KeyRing::create_file(&keys, day, &mut SystemEntropy::new())?
    };
    let unit =
        |id: i64, kind: &str, name: &str, division: &str| NewUnit { id, kind: kind.into(), name: name.into(), division: division.into() };
    let mut units = vec![unit(1, "centre", "彩云州住房公积金管理中心", "532300")];
    units.extend(sim::names::BRANCHES.iter().zip(2..).map(|((name, division, _), id)| unit(id, "branch", name, division)));
    units.extend(sim::names::SECTIONS.iter().zip(12..).map(|(name, id)| unit(id, "section", name, "532300")));
    let banks = sim::names::BANKS.iter().zip(1..).map(|(bank, n)| NewBank {
        id: n,
        number: sim::year::bank_number(n),
        bank: (*bank).into(),
        name: "彩云州住房公积金管理中心归集户".into(),
        leaf: 1_010_100 + n as u32,
    });
    let new = NewCentre {
        code: code.into(),
        name: "彩云州住房公积金管理中心".into(),
        division: "532300".into(),
        opened,
        demonstration: true,
        units,
        banks: banks.collect(),
    };
    Ok(Centre::create(&place.address(), ring, &new).await?)
}

/// The staff: a clerk and a reviewer a branch, those of the centre, the three kinds of administrators, and the machines of the
/// banks and of the night. Names are invented.
///
/// # Errors
/// When they cannot be written.
pub async fn staff(centre: &Centre) -> Result<HashMap<sim::Who, Actor>, Failure> {
    let mut rng = sim::names::rng(20_250_701);
    let mut users = Vec::new();
    let mut add = |login: String, kind: UserKind, unit: i64, roles: &[&str]| {
        let roles = roles.iter().map(|r| ((*r).to_owned(), UnitId(unit))).collect();
        users.push(DemonstrationUser { login, name: sim::names::person(&mut rng), kind, unit: UnitId(unit), employer: None, roles });
    };
    for branch in 0..10 {
        let unit = branch + 2;
        add(format!("clerk{:02}", branch + 1), UserKind::Business, unit, &["clerk"]);
        add(format!("reviewer{:02}", branch + 1), UserKind::Business, unit, &["reviewer"]);
        // Dispatched staff work at the counter only (handbook 00 §2.15).
        for n in 1..=if branch < 2 { 3 } else { 2 } {
            add(format!("window{:02}{n}", branch + 1), UserKind::Business, unit, &["clerk"]);
        }
    }
    for (login, unit, role) in [
        ("approver", 12, "approver"),
        ("accountant", 14, "accountant"),
        ("poster", 14, "poster"),
        ("reviewer00", 14, "reviewer"),
        ("director", 1, "director"),
        ("keeper", 12, "policy_keeper"),
    ] {
        add(login.into(), UserKind::Business, unit, &[role]);
    }
    add("system".into(), UserKind::System, 1, &["system_administrator"]);
    add("security1".into(), UserKind::Security, 1, &["security_administrator"]);
    add("security2".into(), UserKind::Security, 1, &["security_administrator"]);
    add("audit".into(), UserKind::Audit, 1, &["audit_administrator"]);
    add("bank".into(), UserKind::Business, 1, &["bank_channel"]);
    add("night".into(), UserKind::System, 1, &["system_administrator"]);
    let actors = centre.demonstration_users(&Origin::local("demo"), &users, PASSWORD).await?;
    let mut by_who = HashMap::new();
    for actor in actors {
        let branch = |prefix: &str| actor.login.strip_prefix(prefix).and_then(|n| n.parse::<usize>().ok()).filter(|n| (1..=10).contains(n));
        let who = match actor.login.as_str() {
            "approver" => Some(sim::Who::Approver),
            "bank" => Some(sim::Who::Batch),
            "system" => Some(sim::Who::System),
            "night" => Some(sim::Who::Night),
            _ => branch("clerk").map(|n| sim::Who::Clerk(n - 1)).or(branch("reviewer").map(|n| sim::Who::Reviewer(n - 1))),
        };
        by_who.extend(who.map(|who| (who, actor)));
    }
    Ok(by_who)
}

/// Opens the officers of employers, by place in the world and number.
async fn officers(centre: &Centre, of: &[(usize, i64)]) -> Result<Vec<Actor>, sim::Given> {
    let officer = |(index, employer): &(usize, i64)| DemonstrationUser {
        login: format!("officer{:04}", index + 1),
        name: "专办员".into(),
        kind: UserKind::Officer,
        unit: UnitId(1),
        employer: Some(EmployerId(*employer)),
        roles: vec![("officer".into(), UnitId(1))],
    };
    let users: Vec<DemonstrationUser> = of.iter().map(officer).collect();
    let opened = centre.demonstration_users(&Origin::local("simulation"), &users, PASSWORD).await;
    opened.map_err(|e| sim::Given(e.to_string()))
}

/// What happened, as a person reads it.
fn happened(centre: &Centre, tally: &sim::year::Tally) -> String {
    let mut out = format!(
        "营业日 {}，运行 {} 天：清册 {} 份，收款 {} 笔，指令 {} 条，其中不予受理 {} 条。\n",
        centre.day(),
        tally.days,
        tally.lists,
        tally.receipts,
        tally.orders,
        tally.refused
    );
    for reason in tally.reasons.iter().take(2) {
        out += &format!("  例如 {reason}\n");
    }
    out + "期初只有存款和职工住房公积金，没有接管贷款、定期存款和准备金。\n"
}

/// The proof, the times and who may sign in.
fn ready(report: &shell_verify::Report, digest: Digest, times: [Duration; 3]) -> String {
    let [opened, lived, proved] = times.map(|t| t.as_secs_f32());
    let mut out = format!(
        "核对 {} 项，比较 {} 处，{}。\n规范摘要 {digest}\n用时：开户和期初 {opened:.1} 秒，逐日运行 {:.1} 秒，核对 {:.1} 秒。\n\n演示账号（密码都是 {PASSWORD}，动态口令显示在登录页上）：\n",
        report.checks.len(),
        report.compared(),
        if report.holds() { "全部相符" } else { "有不符之处" },
        lived - opened,
        proved - lived,
    );
    for (login, what) in [
        ("clerk01", "州直管理部经办"),
        ("reviewer01", "州直管理部复核"),
        ("window011", "州直管理部窗口（劳务派遣）"),
        ("approver", "归集科审批"),
        ("accountant", "会计"),
        ("poster", "记账"),
        ("director", "主任"),
        ("keeper", "政策管理"),
        ("officer0001", "第一户单位的专办员"),
        ("system", "系统管理员"),
        ("security1", "安全管理员（另有 security2）"),
        ("audit", "审计管理员"),
    ] {
        out += &format!("  {login:<12} {what}\n");
    }
    out
}
