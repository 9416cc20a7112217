//! A good citizen: what outlets are asked and what they are spared, run after run.
//!
//! Each test is named after a rule and runs with a program that goes on, with one that is started anew
//! between every two runs, and with the real program. All begin cold: with an empty state.

#![expect(clippy::disallowed_methods, reason = "tests make their own files, and measure their own processes")]

mod crowd;
mod held;
mod moved;
#[expect(dead_code, reason = "other tests use more of it")]
#[path = "../support/origin/mod.rs"]
mod origin;
mod outlet;
mod pages;
#[expect(dead_code, reason = "other tests use more of it")]
#[path = "../support/program/mod.rs"]
mod program;
mod secrets;
mod trouble;
mod validators;
