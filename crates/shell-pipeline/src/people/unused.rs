//! 久未使用的账号 Accounts that nobody used for ninety days: reported, and disabled by the day-end.
//!
//! Rule: handbook 12 §1 point 9. A disabled user is enabled by `administration.user.state` and needs a new one-time password, whose
//! day counts as use.

use core_case::ids::UserId;
use shell_store::people::{sessions, users};

use super::{PeopleError, entry, object};
use crate::centre::Centre;
use crate::command::Origin;

impl Centre {
    /// Enabled users who were not seen for longer than policy allows, by the business day.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn unused_accounts(&self) -> Result<Vec<users::User>, PeopleError> {
        let days = self.setting::<i64>("administration.security.unused_account")?;
        let days = i32::try_from(days).unwrap_or(i32::MAX);
        match self.day().checked_add(-days) {
            Some(before) => Ok(users::stale(&self.store, before).await?),
            None => Ok(Vec::new()),
        }
    }

    /// Disables those users and ends their sessions, each with its own record; how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn disable_unused(&self, origin: &Origin) -> Result<usize, PeopleError> {
        let unused = self.unused_accounts().await?;
        for user in &unused {
            let record = entry("user-disabled", &object(user.id), serde_json::json!({ "because": "unused" }), "done");
            self.must_record(origin, UserId(0), record, |w| {
                w.also(users::disable(&self.store, user.id));
                w.also([sessions::end_all(user.id, origin.now, "久未使用，账号停用")]);
                Ok(())
            })
            .await?;
        }
        Ok(unused.len())
    }
}
