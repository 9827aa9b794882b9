//! 新增用户 Opening a user, without roles: those are given by two security administrators.
//!
//! Law: handbook 12 §1 points 1, 7, 10; 17 §13 (one-time password shown once, changed at first sign-in).
//! Left out: the one-time password is made by the shell after the commit and never stands in a case.

use core_case::prelude::*;

/// 新增用户
#[derive(Form, Clone, Debug)]
pub struct UserOpen {
    /// 登录名
    /// 小写字母、数字，3 到 32 位
    #[form(max = 32)]
    pub login: String,
    /// 姓名
    #[form(max = 60)]
    pub name: String,
    /// 用户类别
    pub kind: UserKind,
    /// 所属机构
    pub unit: UnitId,
    /// 单位账号
    /// 只有单位专办员填写
    pub employer: Option<EmployerId>,
}

facts! { UserOpen, |it, at| {
    login:    Registered(Register::Login, it.login.clone()),
    unit:     Unit(it.unit),
    employer: each Employer(e) for e in it.employer.into_iter(),
} }
rules! { UserOpen, |it, at| {
    unique:  Holds = "administration.security.unique_identity"   by Day(at.accepted),
    own:     Holds = "administration.security.scope"   by Day(at.accepted),
} }
because! { UserOpen {
    LOGIN_FORM   "登录名不合要求";
    LOGIN_TAKEN  "登录名已被使用";
    NO_UNIT      "没有这个机构";
    NO_EMPLOYER  "单位专办员应填写已开户的单位账号，其他用户不填";
} }

impl Action for UserOpen {
    const NAME: &'static str = "administration.user.open";
    const SHORT: &'static str = "yh";
    const FLOWS: Flows = Flows::Same("case.review.user_change");

    fn concerns(&self) -> Vec<Concern> {
        Vec::new()
    }

    fn summary(&self) -> String {
        format!("{} {}", self.login, self.name)
    }

    fn decide(&self, _at: &At, f: &Facts, r: &Rules, mut no: Checks) -> Outcome {
        let well_formed = (3..=32).contains(&self.login.len())
            && self.login.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'-');
        no.need(well_formed, &r.unique, &LOGIN_FORM).at(UserOpen::LOGIN).found(&self.login).tell("用 3 到 32 位小写字母、数字、点或短横");
        no.need(f.login.is_none(), &r.unique, &LOGIN_TAKEN).at(UserOpen::LOGIN).found(&self.login).tell("换一个登录名");
        no.need(f.unit.is_some(), &r.own, &NO_UNIT).at(UserOpen::UNIT).found(self.unit).tell("选择科室或管理部");
        let officer = self.kind == UserKind::Officer;
        let placed = if officer { f.employer.iter().flatten().count() == 1 } else { self.employer.is_none() };
        no.need(placed, &r.own, &NO_EMPLOYER).at(UserOpen::EMPLOYER).tell("核对用户类别和单位账号");
        let mut then = no.pass()?;
        let id = UserId::new_in_case(then.next_new());
        let thing =
            UserThing { id, login: self.login.clone(), name: self.name.clone(), kind: self.kind, unit: self.unit, employer: self.employer };
        then.add(Effect::Open(Thing::User(Box::new(thing))));
        then.claim(Register::Login, &self.login, Subject::User(id));
        then.done()
    }
}
