//! Users, what they sign in with, their sessions and tokens: every statement about people stands here.
//!
//! Reads are small functions; writes are steps that the pipeline puts into the same unit as their audit record
//! ([`Writer::also`]), so that nothing about a person's access changes unrecorded (handbook 12 §1 points 15 and 18). Roles are
//! given by the action `administration.user.roles` and are only read here, but for the first rows of a centre.
//!
//! Left out: what the numbers must be (lock, session, password), which is policy and stands in the pipeline.

pub mod credentials;
pub mod personal;
pub mod sessions;
pub mod tokens;
pub mod users;

use crate::db::{Registered, Step};
use crate::effects::Writer;

/// The statements of this module, prepared on both engines by a test.
pub static QUERIES: &[&[Registered]] =
    &[users::STATEMENTS, credentials::STATEMENTS, sessions::STATEMENTS, tokens::STATEMENTS, personal::STATEMENTS];

impl Writer<'_> {
    /// Adds steps about people to the unit; they come after the new rows of things.
    pub fn also(&mut self, steps: impl IntoIterator<Item = Step>) {
        self.changes.extend(steps);
    }

    /// The number of a new session (会话编号).
    ///
    /// # Errors
    /// When the numbers are used up; the range must have been primed.
    pub fn session_number(&mut self) -> Result<i64, crate::numbers::UsedUp> {
        self.store.numbers.give(crate::numbers::Range::Session, &mut self.lease)
    }

    /// The number of a new user (用户编号), for the first users of a centre; all others come from `administration.user.open`.
    ///
    /// # Errors
    /// As [`Writer::session_number`].
    pub fn user_number(&mut self) -> Result<i64, crate::numbers::UsedUp> {
        self.store.numbers.give(crate::numbers::Range::User, &mut self.lease)
    }
}
