//! Feeds and state in buckets: the program against a real S3 server on loopback.

#![expect(clippy::disallowed_methods, reason = "tests make their own files, and talk to their own servers")]

#[path = "../support/program/mod.rs"]
#[expect(dead_code, reason = "these tests need less of the program than others")]
mod program;

mod clouds;
mod credentials;
mod faults;
mod google;
mod place;
mod publishing;
mod races;
mod server;
mod state;
