//! The actions of administration: one file, one name, everywhere.

use core_case::action::{Entry, entry};

mod policy_value;
mod user_open;
mod user_roles;
mod user_state;

/// Every action of this area, in the order of the service catalogue.
pub const ACTIONS: &[Entry] = &[
    entry::<user_open::UserOpen>(),
    entry::<user_roles::UserRoles>(),
    entry::<user_state::UserState>(),
    entry::<policy_value::PolicyValue>(),
];
