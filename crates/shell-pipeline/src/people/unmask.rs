//! 查看明文 A look at personal data in the clear: one value, for a case or a reason, recorded before it is given.
//!
//! Rules: handbook 12 §1 point 40; 17 §13: masked by default; unmasking needs a case or a reason and is audited.

use area_administration::roles::{Scope, covers, role};
use core_case::effect::Subject;
use core_case::ids::{CaseId, UnitId};
use shell_store::people::personal::{self, Asked};
use shell_vault::Sealed;

use super::{PeopleError, entry, nothing, plain};
use crate::actor::Actor;
use crate::centre::Centre;
use crate::command::Origin;

/// Fewest characters of a reason.
const SHORTEST_REASON: usize = 4;

/// Most characters of a reason.
const LONGEST_REASON: usize = 200;

/// So many digits in a row are a document, a phone or a card, and do not belong into a record.
const DIGITS: usize = 11;

/// A personal value that is shown masked (个人信息字段).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PersonalField {
    /// 证件号码 of a member.
    IdNumber,
    /// 手机号码 of a member.
    Mobile,
    /// 银行卡号 of a member.
    Card,
    /// 法定代表人证件号码
    RepresentativeNumber,
    /// 专办员证件号码
    HandlerNumber,
    /// 专办员手机号码
    HandlerMobile,
    /// 发薪账号
    PayrollAccount,
}

impl PersonalField {
    /// All of them.
    pub const ALL: [PersonalField; 7] = [
        PersonalField::IdNumber,
        PersonalField::Mobile,
        PersonalField::Card,
        PersonalField::RepresentativeNumber,
        PersonalField::HandlerNumber,
        PersonalField::HandlerMobile,
        PersonalField::PayrollAccount,
    ];

    /// Its column, as in the schema; also its name in addresses and audit records.
    pub const fn column(self) -> &'static str {
        match self {
            PersonalField::IdNumber => "id_number",
            PersonalField::Mobile => "mobile",
            PersonalField::Card => "card",
            PersonalField::RepresentativeNumber => "representative_number",
            PersonalField::HandlerNumber => "handler_number",
            PersonalField::HandlerMobile => "handler_mobile",
            PersonalField::PayrollAccount => "payroll_account",
        }
    }

    /// From its column.
    pub fn parse(column: &str) -> Option<PersonalField> {
        PersonalField::ALL.into_iter().find(|f| f.column() == column)
    }

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            PersonalField::IdNumber => "证件号码",
            PersonalField::Mobile => "手机号码",
            PersonalField::Card => "银行卡号",
            PersonalField::RepresentativeNumber => "法定代表人证件号码",
            PersonalField::HandlerNumber => "专办员证件号码",
            PersonalField::HandlerMobile => "专办员手机号码",
            PersonalField::PayrollAccount => "发薪账号",
        }
    }
}

/// What a look is for (查看事由).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// A case.
    Case(CaseId),
    /// A reason in words, four characters or more, without numbers of documents, phones or cards.
    Reason(String),
}

impl Why {
    /// What the record keeps.
    fn detail(&self, field: PersonalField) -> serde_json::Value {
        match self {
            Why::Case(case) => serde_json::json!({ "column": field.column(), "case": case.0 }),
            Why::Reason(reason) => serde_json::json!({ "column": field.column(), "reason": plain(reason.trim(), LONGEST_REASON) }),
        }
    }
}

impl Centre {
    /// Shows one personal value in the clear (查看明文), of a member by savings account or of an employer.
    ///
    /// The record is on disk before the value is given. `subject` is [`Subject::Savings`] or [`Subject::Employer`].
    ///
    /// # Errors
    /// [`PeopleError::Denied`] without the `unmask` permission at the employer's branch (recorded), [`PeopleError::NoReason`],
    /// [`PeopleError::NotFound`] when there is no such thing or it holds no such value.
    pub async fn unmask(
        &self,
        actor: &Actor,
        origin: &Origin,
        subject: Subject,
        field: PersonalField,
        why: &Why,
    ) -> Result<Sealed<Asked>, PeopleError> {
        let object = subject.key();
        let scope = self.require(actor, origin, "unmask", "unmask", &object).await?;
        self.has_reason(why).await?;
        let nothing_there = || PeopleError::NotFound(format!("没有登记{}。", field.words()));
        let found = match subject {
            Subject::Savings(account) => personal::of_person(&self.store, account, field.column()).await?,
            Subject::Employer(employer) => personal::of_employer(&self.store, employer, field.column()).await?,
            _ => None,
        };
        let cell = found.ok_or_else(nothing_there)?;
        let detail = why.detail(field);
        if !reaches(actor, scope, cell.branch) {
            self.must_record(origin, actor.user, entry("unmask", &object, detail, "denied"), nothing).await?;
            return Err(PeopleError::Denied(format!("{object} 不在 {} 的业务范围内。", actor.name)));
        }
        let clear = cell.open(&self.store)?.ok_or_else(nothing_there)?;
        self.must_record(origin, actor.user, entry("unmask", &object, detail, "done"), nothing).await?;
        Ok(clear)
    }

    /// A look needs a case that exists or a reason that says something.
    async fn has_reason(&self, why: &Why) -> Result<(), PeopleError> {
        match why {
            Why::Case(case) if personal::is_case(&self.store, *case).await? => Ok(()),
            Why::Case(_) => Err(PeopleError::NoReason("没有这个业务流水号，请填写查看理由或正确的流水号。")),
            Why::Reason(reason) => {
                let reason = plain(reason.trim(), LONGEST_REASON);
                if reason.chars().count() < SHORTEST_REASON {
                    return Err(PeopleError::NoReason("查看明文要写明理由，至少四个字。"));
                }
                let longest = reason.split(|c: char| !c.is_numeric()).map(|run| run.chars().count()).max().unwrap_or(0);
                if longest >= DIGITS {
                    return Err(PeopleError::NoReason("理由中不要写证件号码、手机号码或卡号；涉及业务的，填业务流水号。"));
                }
                Ok(())
            }
        }
    }
}

/// Whether a permission reaches a branch: the whole centre, the branch where the actor works, or one where the role is held.
fn reaches(actor: &Actor, scope: Scope, branch: UnitId) -> bool {
    let held_there = |(code, unit): &(String, UnitId)| {
        *unit == branch && role(code).is_some_and(|r| r.kind == actor.kind && r.permissions.iter().any(|(p, _)| covers(p, "unmask")))
    };
    match scope {
        Scope::Centre => true,
        Scope::Branch => actor.unit == branch || actor.roles.iter().any(held_there),
        Scope::Own => false,
    }
}
