//! Exit codes (退出码) of every command.

/// Done.
pub const DONE: u8 = 0;
/// The rules say no, or a check found breaks.
pub const REFUSED: u8 = 1;
/// The command line is wrong.
pub const USAGE: u8 = 2;
/// An input file is wrong.
pub const BAD_FILE: u8 = 3;
/// The world failed: disk, database, network.
pub const OUTAGE: u8 = 4;
