//! `feedmill add`.

use clap::Args;

pub(super) const AFTER_HELP: &str = "\
Examples:
  feedmill add https://outlet.example/
  feedmill add https://outlet.example/newsroom --id newsroom --dry-run";

/// Options of `add`.
#[derive(Clone, Debug, Args)]
pub struct AddArgs {
    /// An outlet's front page, a section, a feed or a sitemap
    #[arg(value_name = "URL")]
    pub url: String,

    /// The new source's id, instead of the name of its domain
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,

    /// Show what was found and the block, but write nothing
    #[arg(long)]
    pub dry_run: bool,
}
