//! The binary; wires everything.

fn main() {}
