//! Who acts (操作人): `--as USER` with a password and a second factor, or a token of a machine.
//!
//! A sign-in opens a session like one of a browser. Its token is kept in the data folder, readable by its owner only, so that
//! the next command of the same person within the idle time needs the password but no new code: a code serves once
//! (handbook 12 §1 point 6). Whoever can read that file can read the keys beside it. The file holds a keyed code of the
//! password instead of the password. Machines give `ANJU_TOKEN` instead; it must belong to the user named.

use std::path::PathBuf;

use clap::Args;
use shell_pipeline::people::Session;
use shell_pipeline::{Actor, Centre, Origin};
use shell_store::people::users;
use shell_vault::{Purpose, mac};
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::place::Place;
use crate::terminal::Terminal;

/// Who acts (操作人选项).
#[derive(Args, Clone, Debug)]
pub struct Who {
    /// Login.
    #[arg(
        id = "as",
        long = "as",
        value_name = "登录名",
        help = "操作人；密码取自环境变量 ANJU_PASSWORD，没有则当面询问；接口用户用 ANJU_TOKEN"
    )]
    pub login: Option<String>,
    /// Second factor.
    #[arg(long, value_name = "六位数字", help = "动态口令；会话未过期时可省略")]
    pub code: Option<String>,
}

/// A person at the door with the session opened.
pub(crate) struct Entered {
    /// The session.
    pub(crate) session: Session,
    /// Its token.
    pub(crate) token: Zeroizing<String>,
    /// The password given.
    pub(crate) password: Zeroizing<String>,
}

/// An origin on this machine at the terminal's time.
pub(crate) fn origin(terminal: &Terminal) -> Origin {
    Origin { now: (terminal.clock)(), address: "cli".to_owned(), request: String::new() }
}

impl Who {
    /// Who acts, after password and second factor.
    ///
    /// # Errors
    /// When nobody is named, the sign-in is refused, or the password or second factor has to be set up first.
    pub(crate) async fn actor(&self, place: &Place, centre: &Centre, terminal: &mut Terminal) -> Result<Actor, Failure> {
        let login = self.login()?;
        if let Some(token) = terminal.variable("ANJU_TOKEN") {
            let actor = centre.machine(&origin(terminal), &token).await?;
            if actor.login != login {
                return Err(Failure::Refused(format!("ANJU_TOKEN 属于 {}，与 --as {login} 不符。", actor.login)));
            }
            return Ok(actor);
        }
        let session = self.enter(place, centre, terminal).await?.session;
        if session.must_change_password {
            return Err(Failure::Refused(format!("密码是一次性的或已过期。先修改：anju user password --as {login}")));
        }
        if session.must_enrol_totp {
            return Err(Failure::Refused(format!("还没有启用动态口令。先启用：anju user totp --as {login}")));
        }
        Ok(session.actor)
    }

    /// The login named.
    pub(crate) fn login(&self) -> Result<String, Failure> {
        self.login.clone().ok_or_else(|| Failure::Usage("这个命令要写明操作人：--as 登录名。".into()))
    }

    /// Opens a session, or goes on with the one that is open.
    pub(crate) async fn enter(&self, place: &Place, centre: &Centre, terminal: &mut Terminal) -> Result<Entered, Failure> {
        let login = self.login()?;
        let password = terminal.secret("ANJU_PASSWORD", &format!("{login} 的密码"))?;
        let origin = origin(terminal);
        if self.code.is_none()
            && let Some(token) = remembered(place, centre, &login, &password)
            && let Ok(session) = centre.session(&origin, &token).await
            && session.actor.login == login
        {
            return Ok(Entered { session, token, password });
        }
        let code = match &self.code {
            Some(code) => code.clone(),
            None => ask_code(centre, &login, terminal).await?,
        };
        // The code may have been waited for.
        let origin = self::origin(terminal);
        let signed_in = centre.sign_in(&origin, &login, &password, &code, "anju").await?;
        remember(place, centre, &login, &password, &signed_in.token, terminal);
        Ok(Entered { session: signed_in.session, token: signed_in.token, password })
    }
}

/// The code of the second factor where one is enrolled: asked for, or shown loudly in a demonstration.
async fn ask_code(centre: &Centre, login: &str, terminal: &mut Terminal) -> Result<String, Failure> {
    let enrolled = users::by_login(&centre.store, login.trim()).await?.is_some_and(|u| u.second_factor);
    if !enrolled {
        return Ok(String::new());
    }
    if centre.about.demonstration {
        let mut shown = centre.demonstration_code(login, (terminal.clock)()).await?;
        if shown.wait > 0 {
            terminal.remark(format!("演示中心：动态口令每半分钟只能用一次，等待 {} 秒……", shown.wait));
            tokio::time::sleep(std::time::Duration::from_secs(u64::try_from(shown.wait).unwrap_or(0))).await;
            shown = centre.demonstration_code(login, (terminal.clock)()).await?;
        }
        terminal.remark(format!("演示中心：{login} 的动态口令 {} 已代为填写。正式中心不会显示动态口令。", shown.code));
        return Ok(shown.code);
    }
    match terminal.ask("动态口令：")? {
        Some(code) => Ok(code),
        None => Err(Failure::Usage(format!("{login} 启用了动态口令，用 --code 六位数字 给出。"))),
    }
}

/// Where the session of a login is kept.
fn file(place: &Place, centre: &Centre, login: &str) -> Option<PathBuf> {
    let plain = !login.is_empty() && login.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-' || b == b'_');
    (plain && !login.starts_with('.')).then(|| place.data.join("sessions").join(format!("{}-{login}", centre.about.code)))
}

fn code_of(centre: &Centre, login: &str, password: &str) -> String {
    mac(&centre.store.keys.ring(), Purpose::Session, format!("cli\n{login}\n{password}").as_bytes()).to_string()
}

fn remembered(place: &Place, centre: &Centre, login: &str, password: &str) -> Option<Zeroizing<String>> {
    let text = Zeroizing::new(std::fs::read_to_string(file(place, centre, login)?).ok()?);
    let (token, code) = text.trim_end().split_once('\n')?;
    (code == code_of(centre, login, password)).then(|| Zeroizing::new(token.to_owned()))
}

/// Keeps a session for the next command; without it that command asks for another code, which is no reason to fail now.
pub(crate) fn remember(place: &Place, centre: &Centre, login: &str, password: &str, token: &str, terminal: &mut Terminal) {
    let Some(path) = file(place, centre, login) else { return };
    let text = Zeroizing::new(format!("{token}\n{}\n", code_of(centre, login, password)));
    if let Err(e) = write_private(&path, text.as_bytes()) {
        terminal.remark(format!("会话没有记下（{e}），下一条命令要再给一次动态口令。"));
    }
}

/// Forgets a session that was ended.
pub(crate) fn forget(place: &Place, centre: &Centre, login: &str) {
    if let Some(path) = file(place, centre, login) {
        // Gone already, or worth nothing: its session is over.
        let _ = std::fs::remove_file(path);
    }
}

fn write_private(path: &std::path::Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    let folder = path.parent().unwrap_or(std::path::Path::new("."));
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    let _ = std::fs::remove_file(path);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(bytes)
}
