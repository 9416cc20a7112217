//! The promises, one file each: the whole program against outlets that misbehave.

#![expect(clippy::disallowed_methods, reason = "tests make their own files, and measure their own processes")]

mod alone;
mod archives;
mod bytes;
mod killed;
mod last_good;
mod limits;
#[expect(dead_code, reason = "other tests use more of it")]
#[path = "../support/program/mod.rs"]
mod program;
mod rebuilt;
mod stories;
#[path = "../support/strict_feed/mod.rs"]
mod strict_feed;
mod twice;
mod world;
