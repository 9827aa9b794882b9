//! Imports from end to end: files people made, through the pipeline, into both engines.

mod bed;
mod errors;
mod large;
mod money;
mod mutated;
mod once;
mod people_s_files;
