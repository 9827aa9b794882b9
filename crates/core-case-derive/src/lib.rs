//! Derive macros for core-case: Form and Choice.
