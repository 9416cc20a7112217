//! Every command from outside, as a person, a script or cron calls it.

#![expect(clippy::disallowed_methods, reason = "tests make their own files, and measure their own processes")]

#[path = "../support/origin/mod.rs"]
#[expect(dead_code, reason = "these tests need less of the site than others")]
mod origin;
mod place;
#[path = "../support/program/mod.rs"]
mod program;

mod add;
mod check;
mod exits;
mod inspect;
mod ladder;
mod looking;
mod output;
mod pages;
mod passing;
mod readme;
mod run;
mod signals;
mod upkeep;
mod watch;
