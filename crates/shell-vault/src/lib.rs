//! Keys and secrets: sealed fields, keyed hashes, audit MACs, passwords, second factor.
