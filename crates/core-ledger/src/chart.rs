//! Chart of accounts (会计科目表) of a day: names, classes, normal sides, leaves. It is policy data (handbook 06 §1.2).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::code::{LedgerCode, Side};

/// Class (科目属性) of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// 资产
    Asset,
    /// 负债
    Liability,
    /// 净资产
    NetAssets,
    /// 收入
    Income,
    /// 支出
    Expense,
}

impl Class {
    /// The side on which a balance of this class normally stands (余额方向).
    pub const fn normal_side(self) -> Side {
        match self {
            Class::Asset | Class::Expense => Side::Debit,
            Class::Liability | Class::NetAssets | Class::Income => Side::Credit,
        }
    }
    /// Key as in the policy file.
    pub fn from_key(key: &str) -> Option<Class> {
        Some(match key {
            "asset" => Class::Asset,
            "liability" => Class::Liability,
            "net_assets" => Class::NetAssets,
            "income" => Class::Income,
            "expense" => Class::Expense,
            _ => return None,
        })
    }
}

/// Ledger account (科目).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerAccount {
    /// 科目编号
    pub code: LedgerCode,
    /// 科目名称; vouchers show it, never the number alone (handbook 06 §1.1).
    pub name: String,
    /// 科目属性
    pub class: Class,
}

/// The chart in force on a day.
#[derive(Clone, Debug, Default)]
pub struct Chart {
    accounts: BTreeMap<LedgerCode, LedgerAccount>,
}

/// What is wrong with a chart or with a posting against it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChartError {
    /// An account whose parent is missing.
    #[error("科目 {0} 没有上级科目")]
    Orphan(LedgerCode),
    /// The same code twice.
    #[error("科目 {0} 重复")]
    Twice(LedgerCode),
    /// The account does not exist on that day.
    #[error("科目 {0} 不存在")]
    Unknown(LedgerCode),
    /// Posting to an account that has accounts below it.
    #[error("科目 {0} 不是末级科目，不能记账")]
    NotLeaf(LedgerCode),
}

impl Chart {
    /// Builds a chart; every account but those of the first level needs its parent.
    pub fn new(accounts: impl IntoIterator<Item = LedgerAccount>) -> Result<Chart, ChartError> {
        let mut chart = Chart::default();
        for account in accounts {
            let code = account.code;
            if chart.accounts.insert(code, account).is_some() {
                return Err(ChartError::Twice(code));
            }
        }
        match chart.accounts.keys().find(|c| c.parent().is_some_and(|p| !chart.accounts.contains_key(&p))) {
            Some(orphan) => Err(ChartError::Orphan(*orphan)),
            None => Ok(chart),
        }
    }

    /// The account, or that there is none.
    pub fn get(&self, code: LedgerCode) -> Result<&LedgerAccount, ChartError> {
        self.accounts.get(&code).ok_or(ChartError::Unknown(code))
    }

    /// Whether nothing lies below it.
    pub fn is_leaf(&self, code: LedgerCode) -> bool {
        self.accounts.contains_key(&code) && !self.accounts.keys().any(|c| c.parent() == Some(code))
    }

    /// The account if it may be posted to: it exists and is a leaf (handbook 06 §1.2).
    pub fn leaf(&self, code: LedgerCode) -> Result<&LedgerAccount, ChartError> {
        let account = self.get(code)?;
        if self.is_leaf(code) { Ok(account) } else { Err(ChartError::NotLeaf(code)) }
    }

    /// All accounts in the order of their codes, parents before children.
    pub fn iter(&self) -> impl Iterator<Item = &LedgerAccount> {
        self.accounts.values()
    }

    /// Full name with those of its parents: 其他应付款／未分摊.
    pub fn full_name(&self, code: LedgerCode) -> String {
        let mut names = Vec::new();
        let mut at = Some(code);
        while let Some(c) = at {
            names.extend(self.accounts.get(&c).map(|a| a.name.as_str()));
            at = c.parent();
        }
        names.reverse();
        names.join("／")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(code: &str, name: &str) -> LedgerAccount {
        LedgerAccount { code: code.parse().unwrap(), name: name.into(), class: Class::Liability }
    }

    #[test]
    fn only_leaves_are_posted_to_and_orphans_do_not_load() {
        let chart = Chart::new([account("219", "其他应付款"), account("21904", "其他"), account("2190402", "未分摊")]).unwrap();
        let code = |c: &str| c.parse::<LedgerCode>().unwrap();
        assert!(chart.leaf(code("2190402")).is_ok());
        assert_eq!(chart.leaf(code("219")), Err(ChartError::NotLeaf(code("219"))));
        assert_eq!(chart.leaf(code("2190401")), Err(ChartError::Unknown(code("2190401"))));
        assert_eq!(chart.full_name(code("2190402")), "其他应付款／其他／未分摊");
        assert!(matches!(Chart::new([account("2190402", "未分摊")]), Err(ChartError::Orphan(_))));
        assert!(matches!(Chart::new([account("219", "甲"), account("219", "乙")]), Err(ChartError::Twice(_))));
    }
}
