//! `feedmill run`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::exit;

pub(super) const AFTER_HELP: &str = concat!(
    "\
Examples:
  feedmill run                       one round, for instance from cron
  feedmill run --source caspian      only this source, if it is due
  feedmill run --force --dry-run     ask all sources, show what would change, write nothing
  feedmill run --record rec/         keep every answer, to be played back with --replay rec/

",
    exit::in_words!()
);

/// Options of `run`.
#[derive(Clone, Debug, Default, Args)]
pub struct RunArgs {
    /// Ask only this source; may be repeated
    #[arg(long = "source", value_name = "ID")]
    pub sources: Vec<String>,

    /// Ask sources that are not due yet, too
    ///
    /// Ignores only when a source is next due: pauses that a host asked for, robots.txt and answers of 410 Gone
    /// still count.
    #[arg(long)]
    pub force: bool,

    /// Show what would change, item by item, and write nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Print a report of the run to stdout
    #[arg(long, value_name = "FORMAT")]
    pub report: Option<ReportFormat>,

    /// Keep every answer from the network in a folder
    ///
    /// Names of files are made of addresses: of a source whose address holds a variable (`${NAME}`), which may be a
    /// secret, nothing is kept.
    #[arg(long, value_name = "DIR", conflicts_with = "replay")]
    pub record: Option<PathBuf>,

    /// Take answers from a folder instead of the network
    ///
    /// http(s)://HOST/PATH is answered with the file HOST/PATH in it.
    #[arg(long, value_name = "DIR")]
    pub replay: Option<PathBuf>,
}

/// How a run is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// One JSON object
    Json,
}
