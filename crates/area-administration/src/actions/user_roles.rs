//! 用户授权 Giving and taking roles: one security administrator enters, another confirms.
//!
//! Law: handbook 12 §1 points 10 and 11; 17 §13. The database holds that a role fits the kind of its user.

use core_case::prelude::*;

use crate::roles::role;

/// 用户授权
#[derive(Form, Clone, Debug)]
pub struct UserRoles {
    /// 用户
    pub user: UserId,
    /// 角色
    pub roles: Vec<RoleLine>,
    /// 授权原因
    pub reason: String,
}

/// 角色
#[derive(Form, Clone, Debug)]
pub struct RoleLine {
    /// 角色代码
    #[form(max = 40)]
    pub role: String,
    /// 机构
    pub unit: UnitId,
}

facts! { UserRoles, |it, at| {
    user: User(it.user),
    units: each Unit(line.unit) for line in &it.roles,
} }
rules! { UserRoles, |it, at| {
    exists:    Holds = "administration.security.scope"     by Day(at.accepted),
    exclusion: Holds = "administration.security.administrators_apart"  by Day(at.accepted),
    two:       Holds = "administration.security.roles_by_security_administrator" by Day(at.accepted),
} }
because! { UserRoles {
    NO_USER  "没有这个用户";
    NO_ROLE  "没有这个角色";
    EXCLUDED "该角色不能授予这类用户：三类管理员互斥，且不持有业务权限";
    NO_UNIT  "没有这个机构";
    SAME     "与现有角色相同";
} }

impl Action for UserRoles {
    const NAME: &'static str = "administration.user.roles";
    const SHORT: &'static str = "sq";
    const FLOWS: Flows = Flows::Same("case.review.role_change");

    fn concerns(&self) -> Vec<Concern> {
        vec![Concern::of(Subject::User(self.user), Class::User)]
    }

    fn summary(&self) -> String {
        format!("用户 {}", self.user)
    }

    fn decide(&self, _at: &At, f: &Facts, r: &Rules, mut no: Checks) -> Outcome {
        let Some(user) = no.some(&f.user, &r.exists, &NO_USER, UserRoles::USER) else { return no.stop() };
        no.under(&r.two);
        for (i, (line, unit)) in self.roles.iter().zip(&f.units).enumerate() {
            no.line(UserRoles::ROLES, i, |no| {
                let known = role(&line.role);
                no.need(known.is_some(), &r.exists, &NO_ROLE).at(RoleLine::ROLE).found(&line.role).tell("在角色表中选择");
                if let Some(known) = known {
                    no.need(known.kind == user.kind, &r.exclusion, &EXCLUDED)
                        .at(RoleLine::ROLE)
                        .found(known.name)
                        .required(user.kind.words())
                        .tell("为其另建相应类别的用户");
                }
                no.need(unit.is_some(), &r.exists, &NO_UNIT).at(RoleLine::UNIT).found(line.unit).tell("选择科室或管理部");
            });
        }
        let mut wanted: Vec<(String, UnitId)> = self.roles.iter().map(|l| (l.role.clone(), l.unit)).collect();
        wanted.sort();
        wanted.dedup();
        let mut held = user.roles.clone();
        held.sort();
        no.need(wanted != held, &r.exists, &SAME).at(UserRoles::ROLES).tell("无需变更");
        let mut then = no.pass()?;
        then.add(Effect::Roles { user: self.user, kind: user.kind, roles: wanted });
        then.done()
    }
}
