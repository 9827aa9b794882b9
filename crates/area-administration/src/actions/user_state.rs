//! 停用与启用用户 Disabling or enabling a user; a leaver loses access at once, sessions end with the commit.
//!
//! Law: handbook 12 §1 point 9; 00 §2.15 (leaving staff lose access at once).

use core_case::prelude::*;

/// 停用启用用户
#[derive(Form, Clone, Debug)]
pub struct UserState {
    /// 用户
    pub user: UserId,
    /// 启用
    pub enabled: bool,
    /// 原因
    pub reason: String,
}

facts! { UserState, |it, at| {
    user: User(it.user),
} }
rules! { UserState, |it, at| {
    exists: Holds = "administration.security.scope" by Day(at.accepted),
} }
because! { UserState {
    NO_USER "没有这个用户";
    SAME    "用户已经是这个状态";
} }

impl Action for UserState {
    const NAME: &'static str = "administration.user.state";
    const SHORT: &'static str = "ty";
    const FLOWS: Flows = Flows::Same("case.review.user_change");

    fn concerns(&self) -> Vec<Concern> {
        vec![Concern::of(Subject::User(self.user), Class::User)]
    }

    fn summary(&self) -> String {
        format!("用户 {} {}", self.user, if self.enabled { "启用" } else { "停用" })
    }

    fn decide(&self, _at: &At, f: &Facts, r: &Rules, mut no: Checks) -> Outcome {
        let Some(user) = no.some(&f.user, &r.exists, &NO_USER, UserState::USER) else { return no.stop() };
        no.need(user.enabled != self.enabled, &r.exists, &SAME).at(UserState::ENABLED).tell("无需处理");
        let mut then = no.pass()?;
        then.state(Change::User(self.user, user.enabled, self.enabled));
        then.done()
    }
}
