//! 会计科目表 The chart of a day with the leaves of the centre's own bank accounts.

use std::sync::Arc;

use core_calendar::Day;
use core_ledger::{Chart, Class, LedgerAccount, LedgerCode};
use core_policy::{On, Table};
use shell_store::bootstrap;

use crate::centre::Centre;
use crate::command::PipelineError;

/// Families of the chart, parents before children.
const FAMILIES: [&str; 3] = ["accounting.chart.first_level", "accounting.chart.sub_accounts", "accounting.chart.bonds"];

impl Centre {
    /// The chart of accounts in force on a day (handbook 06 §1.2.1), with a leaf a fund bank account named after its bank. An
    /// account below the first level has the class of the one it lies under.
    ///
    /// # Errors
    /// When policy has no chart for the day, an account lies under none, or the database does not answer.
    pub async fn chart(&self, day: Day) -> Result<Chart, PipelineError> {
        let policy = self.policy();
        let no_rule = |e: &dyn std::fmt::Display| PipelineError::NoRule(e.to_string());
        let mut accounts: Vec<LedgerAccount> = Vec::new();
        let class_of = |accounts: &[LedgerAccount], code: LedgerCode| {
            accounts.iter().find(|a| a.code.level() == 1 && code.within(a.code)).map(|a| a.class)
        };
        for family in FAMILIES {
            let table = policy.in_force::<Arc<Table>>(family, On::Day(day), &self.place).map_err(|e| no_rule(&e))?.value;
            for row in table.rows() {
                let code: LedgerCode = row.get::<String>("code").map_err(|e| no_rule(&e))?.parse().map_err(|e| no_rule(&e))?;
                let name: String = row.get("name").map_err(|e| no_rule(&e))?;
                let own = row.get::<String>("class").ok().and_then(|key| Class::from_key(&key));
                let Some(class) = own.or_else(|| class_of(&accounts, code)) else {
                    return Err(PipelineError::NoRule(format!("科目 {code} 没有一级科目。")));
                };
                accounts.push(LedgerAccount { code, name, class });
            }
        }
        for bank in bootstrap::banks(&self.store).await? {
            let code: LedgerCode = bank.leaf.to_string().parse().map_err(|e| no_rule(&e))?;
            if let Some(class) = class_of(&accounts, code) {
                accounts.push(LedgerAccount { code, name: format!("{} {}", bank.bank, bank.name), class });
            }
        }
        Chart::new(accounts).map_err(|e| no_rule(&e))
    }
}
