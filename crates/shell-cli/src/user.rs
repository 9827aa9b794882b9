//! `anju user …`: users with roles, passwords, second factors, sessions, tokens (用户).
//!
//! Opening, roles and disabling are cases with their reviews; passwords, second factors, sessions and tokens are done at once by
//! the administrator whose key they are (handbook 12 §1 points 2 to 11), each with its audit record.

use std::collections::HashMap;

use clap::{Args, Subcommand};
use core_case::form::Choice;
use core_case::ids::{EmployerId, UnitId, UserId};
use core_case::things::UserKind;
use serde_json::json;
use shell_pipeline::{Centre, Command as Order};
use shell_store::bootstrap;
use shell_store::people::users::{self, User};

use crate::case;
use crate::failure::Failure;
use crate::place::Place;
use crate::sheet::Sheet;
use crate::terminal::Terminal;
use crate::who::{self, Who};

/// Options of `anju user`.
#[derive(Args, Debug)]
#[command(override_usage = "anju user <命令> [选项]", subcommand_help_heading = "命令", disable_help_subcommand = true)]
pub struct Options {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Where and who, of every command that writes.
#[derive(Args, Debug)]
pub struct Common {
    /// Which centre.
    #[command(flatten)]
    pub place: Place,
    /// Who acts.
    #[command(flatten)]
    pub who: Who,
    /// JSON instead of text.
    #[arg(long, help = "输出 JSON")]
    pub json: bool,
}

/// The commands.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Everybody.
    #[command(about = "全部用户和角色", help_template = crate::cli::HELP, override_usage = "anju user list [选项]")]
    List {
        /// Which centre.
        #[command(flatten)]
        place: Place,
        /// JSON instead of text.
        #[arg(long, help = "输出 JSON")]
        json: bool,
    },
    /// A new user.
    #[command(about = "新增用户（系统管理员）；角色另由两名安全管理员授予", help_template = crate::cli::HELP, override_usage = "anju user open 登录名 --name 姓名 --kind 类别 --unit 机构 --as 系统管理员 [选项]")]
    Open {
        /// Login.
        #[arg(value_name = "登录名", help = "用户的登录名")]
        login: String,
        /// Name.
        #[arg(long, value_name = "姓名", help = "姓名")]
        name: String,
        /// Kind.
        #[arg(
            long,
            value_name = "类别",
            default_value = "business",
            help = "business 业务人员、officer 单位专办员、system、security、audit"
        )]
        kind: String,
        /// Unit.
        #[arg(long, value_name = "机构", default_value = "1", help = "所属机构的序号或名称")]
        unit: String,
        /// For an officer, the employer.
        #[arg(long, value_name = "单位账号", help = "单位专办员所属单位")]
        employer: Option<String>,
        /// Where and who.
        #[command(flatten)]
        common: Common,
    },
    /// The roles of a user from now on.
    #[command(about = "授权：一名安全管理员提交，另一名同意（anju case approve）", help_template = crate::cli::HELP, override_usage = "anju user roles 登录名 --role 角色[@机构] … --why 原因 --as 安全管理员 [选项]")]
    Roles {
        /// Whose.
        #[arg(value_name = "登录名", help = "用户的登录名")]
        login: String,
        /// Roles.
        #[arg(
            long,
            value_name = "角色[@机构]",
            help = "授予后的全部角色，可多次；机构写序号或名称，不写则取用户所属机构；一个都不给则收回全部"
        )]
        role: Vec<String>,
        /// Reason.
        #[arg(long, value_name = "原因", help = "办理原因")]
        why: String,
        /// Where and who.
        #[command(flatten)]
        common: Common,
    },
    /// Disables a user.
    #[command(about = "停用用户，会话随即结束（系统管理员）", help_template = crate::cli::HELP, override_usage = "anju user disable 登录名 --why 原因 --as 系统管理员 [选项]")]
    Disable {
        /// Whom.
        #[arg(value_name = "登录名", help = "用户的登录名")]
        login: String,
        /// Reason.
        #[arg(long, value_name = "原因", help = "办理原因")]
        why: String,
        /// Where and who.
        #[command(flatten)]
        common: Common,
    },
    /// Enables a user.
    #[command(about = "启用用户（系统管理员）", help_template = crate::cli::HELP, override_usage = "anju user enable 登录名 --why 原因 --as 系统管理员 [选项]")]
    Enable {
        /// Whom.
        #[arg(value_name = "登录名", help = "用户的登录名")]
        login: String,
        /// Reason.
        #[arg(long, value_name = "原因", help = "办理原因")]
        why: String,
        /// Where and who.
        #[command(flatten)]
        common: Common,
    },
    /// Forgives failures.
    #[command(about = "解锁：提前解除登录失败的锁定（安全管理员）", help_template = crate::cli::HELP, override_usage = "anju user unlock 登录名 --as 安全管理员 [选项]")]
    Unlock {
        /// Whom.
        #[arg(value_name = "登录名", help = "用户的登录名")]
        login: String,
        /// Where and who.
        #[command(flatten)]
        common: Common,
    },
    /// Open sessions.
    #[command(about = "未结束的会话（安全管理员）", help_template = crate::cli::HELP, override_usage = "anju user sessions --as 安全管理员 [选项]")]
    Sessions {
        /// Where and who.
        #[command(flatten)]
        common: Common,
    },
    /// Ends a session.
    #[command(name = "end-session", about = "强制下线（安全管理员）；不给编号则结束自己的会话", help_template = crate::cli::HELP, override_usage = "anju user end-session [编号] --as 登录名 [选项]")]
    EndSession {
        /// Which one.
        #[arg(value_name = "编号", help = "会话编号，见 anju user sessions")]
        session: Option<i64>,
        /// Where and who.
        #[command(flatten)]
        common: Common,
    },
    /// A password.
    #[command(
        about = "修改自己的密码；写明登录名则给那位用户重发一次性密码（系统管理员）",
        after_help = "当前密码取自 ANJU_PASSWORD，新密码取自 ANJU_NEW_PASSWORD，没有则当面询问。",
        help_template = crate::cli::HELP,
        override_usage = "anju user password [登录名] --as 登录名 [选项]"
    )]
    Password {
        /// Whose, when it is somebody else's.
        #[arg(value_name = "登录名", help = "用户的登录名")]
        login: Option<String>,
        /// Where and who.
        #[command(flatten)]
        common: Common,
    },
    /// A second factor.
    #[command(
        about = "启用自己的动态口令；写明登录名则解除那位用户的动态口令（安全管理员）",
        after_help = "先运行一次取得密钥，添加到手机的身份验证器；再运行一次，用 --confirm 给出显示的六位数字。",
        help_template = crate::cli::HELP,
        override_usage = "anju user totp [登录名] [--confirm 六位数字] --as 登录名 [选项]"
    )]
    Totp {
        /// Whose, when it is to be taken away.
        #[arg(value_name = "登录名", help = "用户的登录名")]
        login: Option<String>,
        /// First code.
        #[arg(long, value_name = "六位数字", help = "验证器显示的六位数字，确认启用")]
        confirm: Option<String>,
        /// Where and who.
        #[command(flatten)]
        common: Common,
    },
    /// A token of a machine.
    #[command(about = "签发接口令牌，只显示一次（系统管理员）；--revoke 停用", help_template = crate::cli::HELP, override_usage = "anju user token 登录名 --name 用途 [--revoke] --as 系统管理员 [选项]")]
    Token {
        /// Whose.
        #[arg(value_name = "登录名", help = "用户的登录名")]
        login: String,
        /// What for.
        #[arg(long, value_name = "用途", help = "令牌的用途，停用时按它查找")]
        name: String,
        /// Revoke instead.
        #[arg(long, help = "停用这个用途的令牌")]
        revoke: bool,
        /// Where and who.
        #[command(flatten)]
        common: Common,
    },
}

/// Runs a command about users.
///
/// # Errors
/// When the actor may not, somebody named does not exist, or the centre does not answer.
pub async fn run(options: Options, terminal: &mut Terminal) -> Result<(), Failure> {
    match options.command {
        Command::List { place, json } => list(&place, json, terminal).await,
        Command::Open { login, name, kind, unit, employer, common } => {
            let centre = common.place.open().await?;
            let kind = kind_of(&kind)?;
            let unit = unit_of(&centre, &unit).await?;
            if let Some(text) = employer.as_deref().filter(|t| EmployerId::parse(t).is_none()) {
                return Err(Failure::Usage(format!("单位账号“{text}”应是数字。")));
            }
            let form = json!({ "login": login, "name": name, "kind": kind.code(), "unit": unit.to_string(), "employer": employer });
            submit(&centre, &common, "administration.user.open", form, terminal).await
        }
        Command::Roles { login, role, why, common } => {
            let centre = common.place.open().await?;
            let user = user_of(&centre, &login).await?;
            let mut lines = Vec::new();
            for text in &role {
                let (code, unit) = match text.split_once('@') {
                    Some((code, unit)) => (code, unit_of(&centre, unit).await?),
                    None => (text.as_str(), user.unit),
                };
                lines.push(json!({ "role": code, "unit": unit.to_string() }));
            }
            let form = json!({ "user": user.id.to_string(), "roles": lines, "reason": why });
            submit(&centre, &common, "administration.user.roles", form, terminal).await
        }
        Command::Disable { login, why, common } => state(&login, false, &why, &common, terminal).await,
        Command::Enable { login, why, common } => state(&login, true, &why, &common, terminal).await,
        Command::Unlock { login, common } => {
            let centre = common.place.open().await?;
            let actor = common.who.actor(&common.place, &centre, terminal).await?;
            let user = user_of(&centre, &login).await?;
            centre.unlock(&actor, &who::origin(terminal), user.id).await?;
            done(&common, json!({ "user": login, "unlocked": true }), format!("{login} 已解锁。"), terminal)
        }
        Command::Sessions { common } => sessions(&common, terminal).await,
        Command::EndSession { session, common } => end_session(session, &common, terminal).await,
        Command::Password { login: Some(login), common } => {
            let centre = common.place.open().await?;
            let actor = common.who.actor(&common.place, &centre, terminal).await?;
            let user = user_of(&centre, &login).await?;
            let password = centre.one_time_password(&actor, &who::origin(terminal), user.id).await?;
            let text =
                format!("{login} 的一次性密码，只显示这一次：{}\n首次登录须修改：anju user password --as {login}", password.as_str());
            done(&common, json!({ "user": login, "password": password.as_str() }), text, terminal)
        }
        Command::Password { login: None, common } => own_password(&common, terminal).await,
        Command::Totp { login: Some(login), common, .. } => {
            let centre = common.place.open().await?;
            let actor = common.who.actor(&common.place, &centre, terminal).await?;
            let user = user_of(&centre, &login).await?;
            centre.reset_totp(&actor, &who::origin(terminal), user.id).await?;
            let text = format!("{login} 的动态口令已解除，下次登录时重新启用：anju user totp --as {login}");
            done(&common, json!({ "user": login, "second_factor": false }), text, terminal)
        }
        Command::Totp { login: None, confirm, common } => own_totp(confirm, &common, terminal).await,
        Command::Token { login, name, revoke, common } => token(&login, &name, revoke, &common, terminal).await,
    }
}

/// Tells that something was done.
fn done(common: &Common, answer: serde_json::Value, text: String, terminal: &mut Terminal) -> Result<(), Failure> {
    if common.json { terminal.json(&answer) } else { terminal.say(text) }
}

fn kind_of(text: &str) -> Result<UserKind, Failure> {
    let list = || UserKind::CHOICES.iter().map(|(c, w)| format!("{c} {w}")).collect::<Vec<_>>().join("、");
    UserKind::from_code(text).ok_or_else(|| Failure::Usage(format!("用户类别“{text}”不在可选范围内：{}。", list())))
}

/// A unit by number or name.
async fn unit_of(centre: &Centre, text: &str) -> Result<UnitId, Failure> {
    let units = bootstrap::units(&centre.store).await?;
    let found = units.iter().find(|u| u.name == text || u.id.to_string() == text);
    found.map(|u| UnitId(u.id)).ok_or_else(|| {
        let all = units.iter().map(|u| format!("{} {}", u.id, u.name)).collect::<Vec<_>>().join("、");
        Failure::Usage(format!("没有机构“{text}”。可用：{all}。"))
    })
}

/// A user by login, or by number.
async fn user_of(centre: &Centre, text: &str) -> Result<User, Failure> {
    let found = match users::by_login(&centre.store, text).await? {
        None => match UserId::parse(text) {
            Some(id) => users::by_id(&centre.store, id).await?,
            None => None,
        },
        some => some,
    };
    found.ok_or_else(|| Failure::Refused(format!("没有用户 {text}。anju user list 列出全部用户。")))
}

async fn submit(centre: &Centre, common: &Common, action: &str, form: serde_json::Value, terminal: &mut Terminal) -> Result<(), Failure> {
    let actor = common.who.actor(&common.place, centre, terminal).await?;
    let key = case::key_of(action, &form, actor.user, (terminal.clock)());
    let answer = centre.submit(&actor, &who::origin(terminal), &Order::new(action, form, key)).await?;
    case::tell(action, &answer, common.json, terminal)
}

async fn state(login: &str, enabled: bool, why: &str, common: &Common, terminal: &mut Terminal) -> Result<(), Failure> {
    let centre = common.place.open().await?;
    let user = user_of(&centre, login).await?;
    let form = json!({ "user": user.id.to_string(), "enabled": enabled, "reason": why });
    submit(&centre, common, "administration.user.state", form, terminal).await
}

async fn list(place: &Place, as_json: bool, terminal: &mut Terminal) -> Result<(), Failure> {
    let centre = place.open().await?;
    let units: HashMap<i64, String> = bootstrap::units(&centre.store).await?.into_iter().map(|u| (u.id, u.name)).collect();
    let unit = |id: UnitId| units.get(&id.0).cloned().unwrap_or_else(|| id.to_string());
    let now = (terminal.clock)();
    let all = users::all(&centre.store).await?;
    if as_json {
        let all: Vec<_> = all
            .iter()
            .map(|u| {
                let roles: Vec<_> = u.roles.iter().map(|(role, at)| json!({ "role": role, "unit": at.0 })).collect();
                json!({
                    "id": u.id.to_string(), "login": u.login, "name": u.name, "kind": u.kind.code(), "unit": u.unit.0,
                    "employer": u.employer.map(|e| e.to_string()), "enabled": u.enabled, "second_factor": u.second_factor,
                    "has_password": u.has_password, "must_change": u.must_change, "locked": u.locked_until.is_some_and(|t| t > now), "roles": roles,
                })
            })
            .collect();
        return terminal.json(&json!({ "users": all }));
    }
    let mut sheet = Sheet::new(7, 0);
    sheet.row(["编号", "登录名", "姓名", "类别", "机构", "状态", "角色"]);
    for u in &all {
        let mut state = Vec::new();
        if !u.enabled {
            state.push("停用");
        } else if u.locked_until.is_some_and(|t| t > now) {
            state.push("锁定");
        }
        if !u.has_password {
            state.push("无密码");
        } else if u.must_change {
            state.push("待改密码");
        }
        if !u.second_factor {
            state.push("无动态口令");
        }
        let state = if state.is_empty() { "正常".to_owned() } else { state.join("、") };
        let name = |code: &str| area_administration::roles::role(code).map_or_else(|| code.to_owned(), |r| r.name.to_owned());
        let held = |(code, at): &(String, UnitId)| if *at == u.unit { name(code) } else { format!("{}@{}", name(code), unit(*at)) };
        let roles = u.roles.iter().map(held).collect::<Vec<_>>().join("、");
        sheet.row([u.id.to_string(), u.login.clone(), u.name.clone(), u.kind.words().to_owned(), unit(u.unit), state, roles]);
    }
    terminal.say(format!("{}，用户 {} 名\n\n{sheet}", centre.about.name, all.len()))
}

async fn sessions(common: &Common, terminal: &mut Terminal) -> Result<(), Failure> {
    let centre = common.place.open().await?;
    let actor = common.who.actor(&common.place, &centre, terminal).await?;
    let open = centre.list_sessions(&actor, &who::origin(terminal)).await?;
    if common.json {
        let all: Vec<_> = open
            .iter()
            .map(|s| {
                json!({
                    "session": s.session.id, "login": s.login, "name": s.name, "opened": s.session.opened, "seen": s.session.seen,
                    "ends": s.session.ends, "address": s.session.address, "agent": s.session.agent,
                })
            })
            .collect();
        return terminal.json(&json!({ "sessions": all }));
    }
    let now = (terminal.clock)();
    let mut sheet = Sheet::new(5, 0);
    sheet.row(["编号", "登录名", "姓名", "来自", "上次操作"]);
    for s in &open {
        let ago = format!("{} 分钟前", (now - s.session.seen).max(0) / 60);
        sheet.row([s.session.id.to_string(), s.login.clone(), s.name.clone(), s.session.address.clone(), ago]);
    }
    terminal.say(format!("未结束的会话 {} 个\n\n{sheet}", open.len()))
}

async fn end_session(session: Option<i64>, common: &Common, terminal: &mut Terminal) -> Result<(), Failure> {
    let centre = common.place.open().await?;
    let Some(session) = session else {
        let entered = common.who.enter(&common.place, &centre, terminal).await?;
        centre.sign_out(&who::origin(terminal), &entered.token).await?;
        who::forget(&common.place, &centre, &entered.session.actor.login);
        let id = entered.session.id;
        return done(common, json!({ "session": id, "ended": true }), format!("会话 {id} 已结束。"), terminal);
    };
    let actor = common.who.actor(&common.place, &centre, terminal).await?;
    centre.end_session(&actor, &who::origin(terminal), session).await?;
    done(common, json!({ "session": session, "ended": true }), format!("会话 {session} 已结束。"), terminal)
}

async fn own_password(common: &Common, terminal: &mut Terminal) -> Result<(), Failure> {
    let centre = common.place.open().await?;
    let entered = common.who.enter(&common.place, &centre, terminal).await?;
    let new = terminal.secret("ANJU_NEW_PASSWORD", "新密码")?;
    if terminal.variable("ANJU_NEW_PASSWORD").is_none() && *terminal.secret("ANJU_NEW_PASSWORD", "再输一次")? != *new {
        return Err(Failure::Refused("两次输入的新密码不一致。".into()));
    }
    let changed = centre.change_password(&who::origin(terminal), &entered.token, &entered.password, &new).await?;
    let login = changed.session.actor.login.clone();
    who::remember(&common.place, &centre, &login, &new, &changed.token, terminal);
    let next = if changed.session.must_enrol_totp {
        format!("\n下一步：启用动态口令，anju user totp --as {login}")
    } else {
        String::new()
    };
    done(
        common,
        json!({ "user": login, "password_changed": true, "must_enrol_totp": changed.session.must_enrol_totp }),
        format!("密码已修改。{next}"),
        terminal,
    )
}

async fn own_totp(confirm: Option<String>, common: &Common, terminal: &mut Terminal) -> Result<(), Failure> {
    let centre = common.place.open().await?;
    let entered = common.who.enter(&common.place, &centre, terminal).await?;
    let login = entered.session.actor.login.clone();
    if let Some(code) = confirm {
        centre.confirm_totp(&who::origin(terminal), &entered.token, &code).await?;
        return done(common, json!({ "user": login, "second_factor": true }), "动态口令已启用，以后登录都要用它。".into(), terminal);
    }
    let enrolment = centre.enrol_totp(&who::origin(terminal), &entered.token).await?;
    let text = format!(
        "把这个密钥添加到手机的身份验证器，只显示这一次：\n  密钥  {}\n  地址  {}\n下一步：anju user totp --as {login} --confirm 六位数字",
        enrolment.secret.as_str(),
        enrolment.uri.as_str()
    );
    if terminal.interactive && !common.json {
        terminal.say(&text)?;
        let code = terminal.ask("验证器显示的六位数字：")?.unwrap_or_default();
        centre.confirm_totp(&who::origin(terminal), &entered.token, &code).await?;
        return terminal.say("动态口令已启用，以后登录都要用它。");
    }
    done(common, json!({ "user": login, "secret": enrolment.secret.as_str(), "uri": enrolment.uri.as_str() }), text, terminal)
}

async fn token(login: &str, name: &str, revoke: bool, common: &Common, terminal: &mut Terminal) -> Result<(), Failure> {
    let centre = common.place.open().await?;
    let actor = common.who.actor(&common.place, &centre, terminal).await?;
    let user = user_of(&centre, login).await?;
    let origin = who::origin(terminal);
    if revoke {
        centre.revoke_token(&actor, &origin, user.id, name).await?;
        return done(common, json!({ "user": login, "name": name, "revoked": true }), format!("{login} 的令牌“{name}”已停用。"), terminal);
    }
    let made = centre.create_token(&actor, &origin, user.id, name).await?;
    let text = format!(
        "{login} 的接口令牌“{name}”，只显示这一次：\n  {}\n到期前可用环境变量 ANJU_TOKEN 或请求头 Authorization: Bearer 使用。",
        made.token.as_str()
    );
    done(common, json!({ "user": login, "name": name, "token": made.token.as_str(), "ends": made.ends }), text, terminal)
}
