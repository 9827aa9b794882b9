//! `anju init`: a new centre (建立中心): key file, database, units, bank accounts, first administrators.
//!
//! Rules: handbook 12 §1 points 8 and 11, 17 §13: no default password; one system, two security and one audit administrator get
//! one-time passwords, shown once. Units and bank accounts come from options or from CSV files with a heading line.

use std::collections::BTreeSet;

use clap::Args;
use core_calendar::Day;
use core_case::form::Choice;
use core_case::things::UserKind;
use core_identity::DivisionCode;
use shell_pipeline::people::{FIRST_USERS, FirstUser};
use shell_pipeline::{Centre, CentreError};
use shell_store::bootstrap::{NewBank, NewCentre, NewUnit};
use shell_vault::{KeyRing, SystemEntropy};

use crate::failure::Failure;
use crate::place::Place;
use crate::sheet::Sheet;
use crate::terminal::Terminal;
use crate::who;

/// First leaf of the fund's bank accounts below 10101 (handbook 06 §1.2.1); each further account takes the next one.
const FIRST_LEAF: u32 = 1_010_101;

const AFTER: &str = "\
机构文件（--units）的表头：类别,名称,区划；类别写“科室”或“管理部”。机构序号从 2 起，1 是中心本身。
专户文件（--banks）的表头：账号,银行,户名,科目；科目可以空着，依次取 1010101、1010102……
例：
  anju init --centre yunling --name 云岭住房公积金管理中心 --division 532300 --opened 2025-07-01 \\
    --branch 鹿城管理部:532301 --bank 6222000011112222:建设银行:住房公积金归集户
首批管理员默认 system、security-1、security-2、audit；换成真人：--administrator security:li.min:李敏";

/// Options of `anju init`.
#[derive(Args, Debug)]
#[command(after_help = AFTER, override_usage = "anju init --centre 代码 --name 名称 --division 区划 --opened 日期 [选项]")]
pub struct Options {
    /// Where.
    #[command(flatten)]
    pub place: Place,
    /// Name.
    #[arg(long, value_name = "名称", help = "中心名称")]
    pub name: String,
    /// Division code.
    #[arg(long, value_name = "区划", help = "中心所在地行政区划代码，六位")]
    pub division: String,
    /// First business day.
    #[arg(long, value_name = "日期", help = "第一个营业日，如 2025-07-01")]
    pub opened: Day,
    /// Branches.
    #[arg(long, value_name = "名称:区划", help = "管理部，可多次")]
    pub branch: Vec<String>,
    /// Sections.
    #[arg(long, value_name = "名称", help = "科室，可多次")]
    pub section: Vec<String>,
    /// Units from a file.
    #[arg(long, value_name = "文件", help = "机构的 CSV 文件")]
    pub units: Option<String>,
    /// Bank accounts.
    #[arg(long, value_name = "账号:银行:户名", help = "住房公积金专户，可多次")]
    pub bank: Vec<String>,
    /// Bank accounts from a file.
    #[arg(long, value_name = "文件", help = "专户的 CSV 文件")]
    pub banks: Option<String>,
    /// First administrators.
    #[arg(long, value_name = "类别:登录名:姓名", help = "首批管理员，类别 system、security（两名）、audit；不给则用缺省登录名")]
    pub administrator: Vec<String>,
    /// JSON instead of text.
    #[arg(long, help = "输出 JSON")]
    pub json: bool,
}

/// Creates a centre.
///
/// # Errors
/// When there is a centre already, what is given does not hold together, or files and database cannot be written.
pub async fn run(options: Options, terminal: &mut Terminal) -> Result<(), Failure> {
    let code = options.place.centre.clone().ok_or_else(|| Failure::Usage("缺少 --centre 代码。".into()))?;
    options.place.code()?;
    let new = centre(&options, &code, terminal)?;
    let first = administrators(&options.administrator)?;
    if options.place.database.is_none() && options.place.exists(&code) {
        return Err(exists(&code));
    }
    let keys = options.place.keys();
    std::fs::create_dir_all(&options.place.data)?;
    let had_keys = keys.exists();
    let ring = if had_keys {
        // Left by an `init` that stopped at the database, or of another centre of this folder.
        KeyRing::load_file(&keys)?
    } else {
        let day = today(terminal)?;
        KeyRing::create_file(&keys, day, &mut SystemEntropy::new())?
    };
    let opened = Centre::create(&options.place.address(), ring, &new).await;
    let centre = match opened {
        Ok(centre) => centre,
        Err(CentreError::Exists(_)) => {
            if !had_keys {
                // These keys open nothing: the centre found has its own.
                std::fs::remove_file(&keys)?;
            }
            return Err(exists(&code));
        }
        Err(e) => return Err(e.into()),
    };
    let given = centre.first_users(&who::origin(terminal), &first).await?;
    if options.json {
        let users: Vec<_> = given
            .iter()
            .map(|u| serde_json::json!({ "login": u.login, "name": u.name, "kind": u.kind.code(), "password": u.password.as_str() }))
            .collect();
        return terminal.json(&serde_json::json!({
            "centre": code, "name": new.name, "opened": new.opened.to_string(), "units": new.units.len(), "banks": new.banks.len(),
            "keys": keys.display().to_string(), "users": users,
        }));
    }
    let mut sheet = Sheet::new(4, 0);
    for user in &given {
        sheet.row([format!("  {}", user.kind.words()), user.login.clone(), user.name.clone(), user.password.to_string()]);
    }
    let next = given.first().map_or_else(String::new, |u| u.login.clone());
    terminal.say(format!(
        "已建立 {}（{code}），营业日 {}，机构 {} 个，专户 {} 个。\n\n首批管理员的一次性密码，只显示这一次：\n{sheet}\n\
         密钥在 {}，请另存一份副本：丢失密钥，证件号码等加密信息无法恢复。\n\
         下一步：每人先修改密码（anju user password --as {next}），再启用动态口令（anju user totp --as {next}）。",
        new.name,
        new.opened,
        new.units.len(),
        new.banks.len(),
        keys.display()
    ))
}

fn exists(name: &str) -> Failure {
    Failure::Refused(format!("这里已经有一个中心（{name}）。换一个数据目录，或打开它：anju serve。"))
}

/// The day on which keys are made, by the wall clock.
pub(crate) fn today(terminal: &Terminal) -> Result<jiff::civil::Date, Failure> {
    let moment = jiff::Timestamp::from_second((terminal.clock)()).map_err(|e| Failure::Outage(e.to_string()))?;
    // China has one zone and no summer time.
    Ok(jiff::tz::Offset::constant(8).to_datetime(moment).date())
}

fn centre(options: &Options, code: &str, terminal: &mut Terminal) -> Result<NewCentre, Failure> {
    let mut wrong = Vec::new();
    let mut division = |text: &str| {
        if DivisionCode::parse(text).is_none() {
            wrong.push(format!("行政区划代码“{text}”应是六位数字，且省级代码存在。"));
        }
        text.to_owned()
    };
    let own = division(&options.division);
    let mut units = vec![NewUnit { id: 1, kind: "centre".into(), name: options.name.clone(), division: own.clone() }];
    let mut add = |kind: &str, name: &str, place: String| {
        let id = units.len() as i64 + 1;
        units.push(NewUnit { id, kind: kind.into(), name: name.into(), division: place });
    };
    for section in &options.section {
        add("section", section, own.clone());
    }
    for branch in &options.branch {
        let (name, place) = branch.rsplit_once(':').unwrap_or((branch, &own));
        let place = division(place);
        add("branch", name, place);
    }
    if let Some(file) = &options.units {
        for (line, row) in rows(file, &["类别", "名称", "区划"], terminal)? {
            let kind = match row[0].as_str() {
                "科室" | "section" => "section",
                "管理部" | "branch" => "branch",
                other => return Err(Failure::File(format!("{file} 第 {line} 行：类别“{other}”应是“科室”或“管理部”。"))),
            };
            let place = if row[2].is_empty() { own.clone() } else { division(&row[2]) };
            add(kind, &row[1], place);
        }
    }
    let mut banks: Vec<(String, String, String, Option<u32>)> = Vec::new();
    for bank in &options.bank {
        match bank.split(':').collect::<Vec<_>>()[..] {
            [number, bank, name] => banks.push((number.into(), bank.into(), name.into(), None)),
            _ => return Err(Failure::Usage(format!("--bank “{bank}”应写成 账号:银行:户名。"))),
        }
    }
    if let Some(file) = &options.banks {
        for (line, row) in rows(file, &["账号", "银行", "户名", "科目"], terminal)? {
            let leaf = match row[3].as_str() {
                "" => None,
                text => match text.parse::<u32>() {
                    Ok(leaf) if text.len() == 7 => Some(leaf),
                    _ => return Err(Failure::File(format!("{file} 第 {line} 行：科目“{text}”应是七位数字，如 1010101。"))),
                },
            };
            banks.push((row[0].clone(), row[1].clone(), row[2].clone(), leaf));
        }
    }
    let mut seen = BTreeSet::new();
    let mut next = FIRST_LEAF;
    let mut registered = Vec::new();
    for (i, (number, bank, name, leaf)) in banks.into_iter().enumerate() {
        let digits = !number.is_empty() && number.len() <= 30 && number.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        if !digits || bank.is_empty() || name.is_empty() {
            wrong.push(format!("第 {} 个专户：账号写数字，银行、户名不能空。", i + 1));
        }
        if !seen.insert(number.clone()) {
            wrong.push(format!("专户 {number} 写了两次。"));
        }
        let leaf = leaf.unwrap_or(next);
        next = next.max(leaf + 1);
        registered.push(NewBank { id: i as i64 + 1, number, bank, name, leaf });
    }
    if options.name.trim().is_empty() {
        wrong.push("中心名称不能空。".into());
    }
    if !wrong.is_empty() {
        return Err(Failure::Usage(wrong.join("\n  ")));
    }
    let new = NewCentre {
        code: code.to_owned(),
        name: options.name.trim().to_owned(),
        division: own,
        opened: options.opened,
        demonstration: false,
        units,
        banks: registered,
    };
    Ok(new)
}

/// The administrators named, or the usual ones.
fn administrators(named: &[String]) -> Result<Vec<FirstUser>, Failure> {
    if named.is_empty() {
        let of = |(login, name, kind): (&str, &str, UserKind)| FirstUser { login: login.into(), name: name.into(), kind };
        return Ok(FIRST_USERS.into_iter().map(of).collect());
    }
    let one = |text: &String| {
        let parts: Vec<&str> = text.splitn(3, ':').collect();
        let kind = parts.first().and_then(|k| UserKind::from_code(k));
        match (kind, &parts[..]) {
            (Some(kind), [_, login, name]) if !login.is_empty() && !name.is_empty() => {
                Ok(FirstUser { login: (*login).into(), name: (*name).into(), kind })
            }
            _ => Err(Failure::Usage(format!("--administrator “{text}”应写成 类别:登录名:姓名，类别 system、security 或 audit。"))),
        }
    };
    named.iter().map(one).collect()
}

/// Cells of a CSV line: quoted ones hold commas and doubled quotes; a comma between cells may be full-width.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut chars = line.chars().peekable();
    let mut quoted = false;
    while let Some(c) = chars.next() {
        let begun = cells.last().is_some_and(|cell| !cell.trim().is_empty());
        match c {
            '"' if quoted && chars.next_if_eq(&'"').is_some() => push(&mut cells, '"'),
            '"' if quoted => quoted = false,
            '"' if !begun => quoted = true,
            ',' | '，' if !quoted => cells.push(String::new()),
            c => push(&mut cells, c),
        }
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

fn push(cells: &mut [String], c: char) {
    if let Some(cell) = cells.last_mut() {
        cell.push(c);
    }
}

/// Rows of a small CSV file under these headings in any order, with their line; a missing cell is empty.
fn rows(file: &str, headings: &[&str], terminal: &mut Terminal) -> Result<Vec<(usize, Vec<String>)>, Failure> {
    let bytes = terminal.read(file)?;
    let text = String::from_utf8(bytes).map_err(|_| Failure::File(format!("{file} 不是 UTF-8 文本。另存为 UTF-8 的 CSV。")))?;
    let mut lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    let head = lines.next().map(|(_, line)| cells(line)).unwrap_or_default();
    let mut places = Vec::new();
    for heading in headings {
        let at = head.iter().position(|h| h == heading);
        if at.is_none() && *heading != "科目" {
            return Err(Failure::File(format!("{file} 缺少表头“{heading}”。表头应为：{}。", headings.join(","))));
        }
        places.push(at);
    }
    let filled = lines.filter(|(_, line)| !line.trim().is_empty());
    Ok(filled
        .map(|(at, line)| {
            let found = cells(line);
            (at + 1, places.iter().map(|p| p.and_then(|p| found.get(p)).cloned().unwrap_or_default()).collect())
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::cells;

    #[test]
    fn a_quoted_cell_keeps_its_commas_and_quotes() {
        assert_eq!(
            cells("6222,\"建设银行，城中支行\", \"归集\"\"专\"\"户, 一\" ,"),
            ["6222", "建设银行，城中支行", "归集\"专\"户, 一", ""]
        );
        assert_eq!(cells("管理部，鹿城,532301"), ["管理部", "鹿城", "532301"]);
    }
}
