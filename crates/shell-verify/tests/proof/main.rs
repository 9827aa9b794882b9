//! The proof proved: on a centre that lived, on rows spoiled one by one, by another program, and on both engines.

mod asked;
mod canonical;
mod guards;
mod holds;
mod journal;
mod own_policy;
mod spoiled;
mod town;
