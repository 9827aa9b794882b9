//! The anju commands.
