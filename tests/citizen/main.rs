//! A good citizen: what outlets are asked and what they are spared, run after run.
//!
//! `table` has a test for each rule, each of them a script that is played cold, warm, and with the program
//! restarted between every two runs. The others look at what no script of one outlet shows.

#![expect(clippy::disallowed_methods, reason = "tests make their own files, and measure their own processes")]

mod crowd;
mod domains;
mod killed;
#[expect(dead_code, reason = "other tests use more of it")]
#[path = "../support/origin/mod.rs"]
mod origin;
mod outlet;
#[expect(dead_code, reason = "other tests use more of it")]
#[path = "../support/program/mod.rs"]
mod program;
mod script;
mod secrets;
mod table;
