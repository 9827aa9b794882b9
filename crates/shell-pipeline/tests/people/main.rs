//! People at the door, on both engines: factors, locks, sessions, passwords, machines, first users, looks at personal data.

mod bed;
mod database;
mod first;
mod machines;
mod passwords;
mod second_factor;
mod sessions;
mod sign_in;
mod unmask;
