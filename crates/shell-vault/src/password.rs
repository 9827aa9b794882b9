//! Passwords: the rules, the slow hash, and one-time passwords.

mod hash;
mod one_time;
mod policy;

pub use hash::{Cost, PasswordHash};
pub use one_time::one_time_password;
pub use policy::{PasswordPolicy, Problem};
