//! Named constraints of the database with the sentence a person reads; a name without one is a bug and shown as such.

use crate::db::Constraint;

/// Every named rule with its sentence.
pub const SENTENCES: &[(&str, &str)] = &[
    ("case_review_not_maker", "经办人不能复核自己的业务"),
    ("case_review_once", "同一人不能复核同一业务的两级"),
    ("savings_one_open", "一人只能有一个账户"),
    ("remittance_list_month", "该单位该月已有汇缴清册"),
    ("employer_money_not_negative", "单位未分摊余额不足"),
    ("savings_balance_not_negative", "个人账户余额不足"),
    ("savings_balance_layers", "个人账户两部分余额与总额不符"),
    ("savings_balance_reserved", "个人账户可用余额不足"),
    ("user_role_same_kind", "角色与用户类别不符：三类管理员互斥，且不持有业务权限"),
    ("app_user_login", "登录名已被使用"),
    ("claim_pkey", "该号码已被登记或正在申请"),
    ("person_document", "该证件已登记"),
    ("entry_once", "同一清册对同一账户只能入账一次"),
    ("voucher_reversed_once", "一张凭证只能冲正一次"),
    ("voucher_in_closed_period", "该会计期间已经结账"),
    ("opening_once", "期初余额已经接管过"),
];

/// The sentence for a rule.
pub fn sentence(constraint: &Constraint) -> String {
    let known = SENTENCES.iter().find(|(name, _)| constraint.is(name) || constraint.name().ends_with(name));
    known.map_or_else(|| format!("规则 {constraint}（系统差错，请报告）"), |(_, sentence)| (*sentence).to_owned())
}
