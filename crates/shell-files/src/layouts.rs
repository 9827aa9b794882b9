//! The import layouts of `handbook 17 §8`, as constants.
//!
//! Columns, headings and stars are the handbook's; aliases are spellings that people use for the same column.

use crate::codes;
use crate::layout::{Column, Kind, Layout};

const TEXT_255: Kind = Kind::Text { longest: 255 };
const TEXT_120: Kind = Kind::Text { longest: 120 };
const TEXT_20: Kind = Kind::Text { longest: 20 };

const EMPLOYER_ACCOUNT: &[&str] = &["单位公积金账号", "单位编号", "单位代码"];
const MEMBER_ACCOUNT: &[&str] = &["个人公积金账号", "职工账号", "公积金账号"];
const PERSON_NAME: &[&str] = &["职工姓名", "名字"];
const ID_NUMBER: &[&str] = &["身份证号", "身份证号码", "证件号"];
const MOBILE: &[&str] = &["手机号", "手机", "联系手机"];

/// Opening of employers (单位开户), `handbook 17 §8`.
pub const EMPLOYERS: Layout = Layout {
    key: "employers",
    sheets: &["单位开户", "单位"],
    required: true,
    columns: &[
        Column::required("单位名称", "name", TEXT_255),
        Column::required("统一社会信用代码", "credit_code", Kind::CreditCode).or(&["信用代码", "社会信用代码"]),
        Column::required("单位地址", "address", TEXT_255),
        Column::required("法定代表人姓名", "representative_name", Kind::Name),
        Column::required("法定代表人证件类型", "representative_id_type", Kind::Choice(codes::ID_TYPE)),
        Column::required("法定代表人证件号码", "representative_id_number", Kind::IdNumber),
        Column::required("单位性质", "nature", Kind::Choice(codes::EMPLOYER_NATURE)),
        Column::required("经济类型", "economic_type", Kind::Choice(codes::ECONOMIC_TYPE)),
        Column::required("所属行业", "industry", TEXT_120),
        Column::optional("隶属关系", "subordination", Kind::Choice(codes::SUBORDINATION)),
        Column::required("管理部", "branch", TEXT_120),
        Column::required("成立日期", "founded_on", Kind::Day).or(&["设立日期"]),
        Column::required("发薪日", "pay_day", Kind::Integer { least: 1, most: 31 }),
        Column::required("首次汇缴年月", "first_month", Kind::Month),
        Column::required("单位缴存比例", "employer_rate", Kind::Rate).or(&["单位比例"]),
        Column::required("个人缴存比例", "member_rate", Kind::Rate).or(&["个人比例"]),
        Column::required("经办人姓名", "handler_name", Kind::Name),
        Column::required("经办人证件类型", "handler_id_type", Kind::Choice(codes::ID_TYPE)),
        Column::required("经办人证件号码", "handler_id_number", Kind::IdNumber),
        Column::required("经办人手机", "handler_mobile", Kind::Mobile).or(&["经办人手机号", "经办人手机号码"]),
        Column::required("受托银行", "bank", TEXT_255),
        Column::optional("发薪账户", "payroll_account", Kind::Card),
        Column::optional("资金来源", "funding_source", Kind::Choice(codes::FUNDING_SOURCE)),
        Column::optional("邮编", "postcode", TEXT_20).or(&["邮政编码"]),
        Column::optional("电话", "phone", Kind::Phone).or(&["联系电话"]),
        Column::optional("邮箱", "email", TEXT_120).or(&["电子邮箱"]),
    ],
};

/// Opening of members (个人开户), `handbook 17 §8`.
pub const MEMBERS: Layout = Layout {
    key: "members",
    sheets: &["个人开户", "职工开户", "职工"],
    required: true,
    columns: &[
        Column::required("单位账号", "employer", Kind::AccountNumber).or(EMPLOYER_ACCOUNT),
        Column::required("姓名", "name", Kind::Name).or(PERSON_NAME),
        Column::required("证件类型", "id_type", Kind::Choice(codes::ID_TYPE)),
        Column::required("证件号码", "id_number", Kind::IdNumber).or(ID_NUMBER),
        Column::required("手机号码", "mobile", Kind::Mobile).or(MOBILE),
        Column::required("缴存基数", "base", Kind::Money).or(&["月缴存基数"]),
        Column::required("首次汇缴年月", "first_month", Kind::Month),
        Column::required("银行卡号", "card", Kind::Card),
        Column::required("开户银行", "card_bank", TEXT_255).or(&["开户行"]),
        Column::optional("性别", "sex", Kind::Choice(codes::SEX)),
        Column::optional("出生年月", "birth_month", Kind::Month),
        Column::optional("婚姻状况", "marital_status", Kind::Choice(codes::MARITAL_STATUS)),
        Column::optional("学历", "education", TEXT_20),
        Column::optional("职业", "occupation", TEXT_120),
        Column::optional("职称", "title", TEXT_120),
        Column::optional("职务", "post", TEXT_120),
        Column::optional("家庭月收入", "family_income", Kind::Money),
        Column::optional("邮编", "postcode", TEXT_20).or(&["邮政编码"]),
        Column::optional("住址", "address", TEXT_255).or(&["家庭住址"]),
    ],
};

/// The remittance list (汇缴清册) of a month, export = import, `handbook 17 §8`. Its kinds of change are those of `handbook 02 §1.16`.
pub const REMITTANCE_LIST: Layout = Layout {
    key: "remittance",
    sheets: &["汇缴清册", "清册"],
    required: true,
    columns: &[
        Column::optional("单位账号", "employer", Kind::AccountNumber).or(EMPLOYER_ACCOUNT),
        Column::optional("汇缴年月", "month", Kind::Month),
        Column::required("个人账号", "member", Kind::AccountNumber).or(MEMBER_ACCOUNT),
        Column::optional("姓名", "name", Kind::Name).or(PERSON_NAME).masked_too(),
        Column::optional("证件号码", "id_number", Kind::IdNumber).or(ID_NUMBER).masked_too(),
        Column::optional("变更类型", "change", Kind::Choice(codes::MEMBER_CHANGE)),
        Column::optional("缴存基数", "base", Kind::Money),
        Column::optional("单位比例", "employer_rate", Kind::Rate).or(&["单位缴存比例"]),
        Column::optional("个人比例", "member_rate", Kind::Rate).or(&["个人缴存比例"]),
        Column::optional("单位月缴存额", "employer_amount", Kind::Money),
        Column::optional("个人月缴存额", "member_amount", Kind::Money),
        Column::optional("合计", "total", Kind::Money),
        Column::optional("备注", "remark", TEXT_255),
    ],
};

/// Second sheet of the monthly list (汇总): people and amount of last month, increase, decrease, this month
/// (`handbook 17 §8`). The four rows are told apart by their first column.
pub const REMITTANCE_SUMMARY: Layout = Layout {
    key: "summary",
    sheets: &["汇总"],
    required: false,
    columns: &[
        Column::required("项目", "item", TEXT_20),
        Column::required("人数", "people", Kind::Integer { least: 0, most: 10_000_000 }),
        Column::required("金额", "amount", Kind::Money),
    ],
};

/// Base adjustment (基数调整), export = import, `handbook 17 §8`. The computed columns must agree when they are filled: the
/// areas check that, not the reader.
pub const BASE: Layout = Layout {
    key: "base",
    sheets: &["基数调整"],
    required: true,
    columns: &[
        Column::required("个人账号", "member", Kind::AccountNumber).or(MEMBER_ACCOUNT),
        Column::optional("姓名", "name", Kind::Name).or(PERSON_NAME).masked_too(),
        Column::optional("证件号码", "id_number", Kind::IdNumber).or(ID_NUMBER).masked_too(),
        Column::optional("调整前基数", "base_before", Kind::Money),
        Column::required("调整后基数", "base_after", Kind::Money).or(&["新基数"]),
        Column::optional("单位月缴存额", "employer_amount", Kind::Money),
        Column::optional("个人月缴存额", "member_amount", Kind::Money),
        Column::optional("合计", "total", Kind::Money),
    ],
};

/// Opening balances, members (期初余额，职工), `handbook 17 §6, §8`. Interest products (积数) are in yuan-days.
pub const OPENING_MEMBERS: Layout = Layout {
    key: "opening_members",
    sheets: &["职工", "期初余额"],
    required: true,
    columns: &[
        Column::optional("个人账号", "member", Kind::AccountNumber).or(MEMBER_ACCOUNT),
        Column::required("单位账号", "employer", Kind::AccountNumber).or(EMPLOYER_ACCOUNT),
        Column::required("姓名", "name", Kind::Name).or(PERSON_NAME),
        Column::required("证件类型", "id_type", Kind::Choice(codes::ID_TYPE)),
        Column::required("证件号码", "id_number", Kind::IdNumber).or(ID_NUMBER),
        Column::optional("手机号码", "mobile", Kind::Mobile).or(MOBILE),
        Column::required("账户状态", "state", Kind::Choice(codes::MEMBER_STATE)),
        Column::required("开户日期", "opened_on", Kind::Day),
        Column::required("首次汇缴年月", "first_month", Kind::Month),
        Column::required("缴至年月", "paid_to_month", Kind::Month),
        Column::required("缴存基数", "base", Kind::Money),
        Column::required("上年结转余额", "carried_over_balance", Kind::Money),
        Column::required("当年归集余额", "current_year_deposits", Kind::Money),
        Column::optional("上年结转积数", "carried_over_product", Kind::Money),
        Column::optional("当年归集积数", "current_year_product", Kind::Money),
        Column::optional("积数截止日期", "product_to", Kind::Day),
        Column::optional("已缴月份", "paid_months", Kind::Text { longest: 4_000 }),
        Column::optional("冻结", "freezes", Kind::Text { longest: 1_000 }),
        Column::optional("银行卡号", "card", Kind::Card),
        Column::optional("开户银行", "card_bank", TEXT_255).or(&["开户行"]),
    ],
};

/// Opening balances, ledger by leaf (期初余额，科目), `handbook 17 §8`.
pub const OPENING_LEDGER: Layout = Layout {
    key: "opening_ledger",
    sheets: &["科目"],
    required: true,
    columns: &[
        Column::required("科目编号", "account", Kind::AccountNumber).or(&["科目代码", "科目编码"]),
        Column::optional("借方余额", "debit", Kind::Money),
        Column::optional("贷方余额", "credit", Kind::Money),
    ],
};

/// Opening balances, suspense of employers (期初余额，暂存), `handbook 17 §8`.
pub const OPENING_SUSPENSE: Layout = Layout {
    key: "opening_suspense",
    sheets: &["暂存"],
    required: true,
    columns: &[
        Column::required("单位账号", "employer", Kind::AccountNumber).or(EMPLOYER_ACCOUNT),
        Column::optional("未分摊余额", "suspense", Kind::Money),
        Column::optional("预缴余额", "prepayment", Kind::Money),
        Column::optional("缴至年月", "paid_to_month", Kind::Month),
    ],
};

/// Split of one receipt over several employers (一笔多单位), `handbook 17 §5, §8`.
pub const SPLIT: Layout = Layout {
    key: "split",
    sheets: &["一笔多单位", "拆分"],
    required: true,
    columns: &[
        Column::required("银行流水号", "bank_serial", Kind::AccountNumber),
        Column::required("单位账号", "employer", Kind::AccountNumber).or(EMPLOYER_ACCOUNT),
        Column::required("汇缴年月", "month", Kind::Month),
        Column::required("金额", "amount", Kind::Money),
    ],
};

/// The workbook of opening balances (期初余额): sheets 职工, 科目 and 暂存 (`handbook 17 §6, §8`).
pub const OPENING: &[&Layout] = &[&OPENING_MEMBERS, &OPENING_LEDGER, &OPENING_SUSPENSE];

/// The workbook of the monthly list (汇缴清册): the list, and the summary when it is there.
pub const REMITTANCE: &[&Layout] = &[&REMITTANCE_LIST, &REMITTANCE_SUMMARY];

/// Every layout, for templates and for tests.
pub const ALL: &[&Layout] =
    &[&EMPLOYERS, &MEMBERS, &REMITTANCE_LIST, &REMITTANCE_SUMMARY, &BASE, &OPENING_MEMBERS, &OPENING_LEDGER, &OPENING_SUSPENSE, &SPLIT];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean;
    use std::collections::BTreeSet;

    #[test]
    fn no_layout_can_be_read_two_ways() {
        for layout in ALL {
            let mut headings = BTreeSet::new();
            let mut keys = BTreeSet::new();
            for column in layout.columns {
                assert!(keys.insert(column.key), "{}: key {} twice", layout.key, column.key);
                for heading in column.aliases.iter().chain([&column.heading]) {
                    assert!(headings.insert(clean::heading(heading)), "{}: {heading} twice", layout.key);
                }
            }
        }
    }
}
