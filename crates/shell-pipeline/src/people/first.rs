//! 首批用户 The first users of a centre, written before there is anybody who could decide; and the staff of a demonstration.
//!
//! Rules: handbook 12 §1 points 8 and 11; 17 §13: one system, two security, one audit administrator, with one-time passwords
//! shown once; no built-in account keeps a default password.

use area_administration::roles::ROLES;
use core_case::ids::{EmployerId, UnitId, UserId};
use core_case::things::UserKind;
use shell_store::effects::{WriteError, Writer};
use shell_store::people::credentials;
use shell_store::people::users::{self, NewUser, RoleRow};
use shell_vault::SystemEntropy;
use shell_vault::password::{Cost, PasswordHash, one_time_password};
use shell_vault::totp::Totp;
use zeroize::Zeroizing;

use super::{PeopleError, aside, entry};
use crate::actor::Actor;
use crate::centre::Centre;
use crate::command::Origin;

/// One of the first administrators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstUser {
    /// 登录名
    pub login: String,
    /// 姓名
    pub name: String,
    /// Kind.
    pub kind: UserKind,
}

/// The first administrators when `init` is given no names: login, name, kind.
pub const FIRST_USERS: [(&str, &str, UserKind); 4] = [
    ("system", "系统管理员", UserKind::System),
    ("security-1", "安全管理员甲", UserKind::Security),
    ("security-2", "安全管理员乙", UserKind::Security),
    ("audit", "审计管理员", UserKind::Audit),
];

/// An account with its one-time password (一次性密码), shown once.
#[derive(Debug)]
pub struct OneTime {
    /// 登录名
    pub login: String,
    /// 姓名
    pub name: String,
    /// Kind.
    pub kind: UserKind,
    /// The password.
    pub password: Zeroizing<String>,
}

/// A member of a demonstration's staff (演示用户); people are invented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemonstrationUser {
    /// 登录名
    pub login: String,
    /// 姓名
    pub name: String,
    /// Kind.
    pub kind: UserKind,
    /// Where the user works.
    pub unit: UnitId,
    /// For an officer, the employer.
    pub employer: Option<EmployerId>,
    /// Roles with their units.
    pub roles: Vec<(String, UnitId)>,
}

/// The role of an administrator of this kind.
fn administrator(kind: UserKind) -> Option<&'static str> {
    ROLES.iter().find(|r| r.kind == kind && matches!(kind, UserKind::System | UserKind::Security | UserKind::Audit)).map(|r| r.code)
}

fn roles() -> Vec<RoleRow<'static>> {
    let permissions =
        |held: &'static [(&'static str, area_administration::roles::Scope)]| held.iter().map(|(p, s)| (*p, s.key())).collect();
    ROLES.iter().map(|r| RoleRow { code: r.code, name: r.name, kind: r.kind, permissions: permissions(r.permissions) }).collect()
}

fn number(w: &mut Writer<'_>) -> Result<UserId, PeopleError> {
    Ok(UserId(w.user_number().map_err(WriteError::from)?))
}

impl Centre {
    /// Writes the table of roles and the first administrators (首批管理员), and gives their one-time passwords, once.
    ///
    /// # Errors
    /// [`PeopleError::FirstUsers`] when there are users already, or they are not one system, two security and one audit
    /// administrator.
    pub async fn first_users(&self, origin: &Origin, first: &[FirstUser]) -> Result<Vec<OneTime>, PeopleError> {
        let count = |kind| first.iter().filter(|u| u.kind == kind).count();
        let (system, security, audit) = (count(UserKind::System), count(UserKind::Security), count(UserKind::Audit));
        if (system, security, audit, first.len()) != (1, 2, 1, 4) {
            let sentence = "首批用户应为系统管理员一名、安全管理员两名、审计管理员一名。";
            return Err(PeopleError::FirstUsers(sentence.to_owned()));
        }
        if users::anybody(&self.store).await? {
            return Err(PeopleError::FirstUsers("中心已经有用户，首批用户只能建立一次。".to_owned()));
        }
        let (people, cost) = (first.to_vec(), self.cost());
        let made = aside(move || -> Result<Vec<(OneTime, PasswordHash)>, PeopleError> {
            let mut made = Vec::new();
            for user in people {
                let password = one_time_password(&mut SystemEntropy::new())?;
                let hash = PasswordHash::new(&password, cost, &mut SystemEntropy::new())?;
                made.push((OneTime { login: user.login, name: user.name, kind: user.kind, password }, hash));
            }
            Ok(made)
        })
        .await??;
        let centre = UnitId(1);
        let record = entry("first-users", "centre", serde_json::json!({ "users": made.len() }), "done");
        self.must_record(origin, UserId(0), record, |w| {
            let mut new = Vec::new();
            for (user, hash) in &made {
                new.push(NewUser {
                    id: number(w)?,
                    login: user.login.clone(),
                    name: user.name.clone(),
                    kind: user.kind,
                    unit: centre,
                    employer: None,
                    password: hash.as_str().to_owned(),
                    password_day: Some(self.day()),
                    must_change: true,
                    totp: None,
                    roles: administrator(user.kind).map(|role| (role.to_owned(), centre)).into_iter().collect(),
                });
            }
            w.also(users::write_roles(&roles()));
            w.also(users::write_users(&self.store, &new));
            Ok(())
        })
        .await?;
        Ok(made.into_iter().map(|(user, _)| user).collect())
    }

    /// Writes the staff of a demonstration (演示用户) with one known password, cheap hashes and confirmed second factors, whose
    /// codes the page shows. Their password does not age: nobody signs in while a year is simulated.
    ///
    /// # Errors
    /// [`PeopleError::NotDemonstration`] in every other centre; [`PeopleError::Constraint`] when a login is taken or a role does
    /// not fit its user.
    pub async fn demonstration_users(
        &self,
        origin: &Origin,
        staff: &[DemonstrationUser],
        password: &str,
    ) -> Result<Vec<Actor>, PeopleError> {
        if !self.about.demonstration {
            return Err(PeopleError::NotDemonstration);
        }
        let (count, password) = (staff.len(), Zeroizing::new(password.to_owned()));
        let hashes = aside(move || -> Result<Vec<PasswordHash>, PeopleError> {
            let mut entropy = SystemEntropy::new();
            (0..count).map(|_| Ok(PasswordHash::new(&password, Cost::DEMONSTRATION, &mut entropy)?)).collect()
        })
        .await??;
        let mut actors = Vec::new();
        let record = entry("demonstration-users", "centre", serde_json::json!({ "users": count }), "done");
        let written = &mut actors;
        self.must_record(origin, UserId(0), record, |w| {
            let mut new = Vec::new();
            for (user, hash) in staff.iter().zip(&hashes) {
                let id = number(w)?;
                let secret = Totp::generate(&mut SystemEntropy::new())?.to_base32();
                new.push(NewUser {
                    id,
                    login: user.login.clone(),
                    name: user.name.clone(),
                    kind: user.kind,
                    unit: user.unit,
                    employer: user.employer,
                    password: hash.as_str().to_owned(),
                    password_day: None,
                    must_change: false,
                    totp: Some(credentials::seal_totp(&self.store, id, &secret)?),
                    roles: user.roles.clone(),
                });
                let (login, name, roles) = (user.login.clone(), user.name.clone(), user.roles.clone());
                written.push(Actor { user: id, login, name, kind: user.kind, unit: user.unit, employer: user.employer, roles });
            }
            w.also(users::write_roles(&roles()));
            w.also(users::write_users(&self.store, &new));
            Ok(())
        })
        .await?;
        Ok(actors)
    }
}
