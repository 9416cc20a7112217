//! The promises, one file each: the whole program against outlets that misbehave.

mod alone;
mod bytes;
mod killed;
mod last_good;
#[path = "../support/program/mod.rs"]
mod program;
#[path = "../support/strict_feed/mod.rs"]
mod strict_feed;
mod twice;
mod world;
