//! Feedmill gathers articles from news outlets, brings their metadata into one form, and publishes
//! RSS, Atom and JSON feeds.

pub mod model;

pub mod address;
pub mod dates;
pub mod markup;

pub mod compose;
pub mod dedupe;
pub mod extract;
pub mod gather;
pub mod normalize;
pub mod publish;
pub mod render;
pub mod report;
pub mod schedule;
pub mod store;

pub mod config;
pub mod pipeline;

pub mod app;
pub mod cli;
