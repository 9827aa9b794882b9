//! Build and check tasks: check, tidy, bless, map.

fn main() {}
