//! `feedmill inspect`.

use clap::{Args, ValueEnum};

pub(super) const AFTER_HELP: &str = "\
Examples:
  feedmill inspect https://outlet.example/feed
  feedmill inspect --json page.html --base-url https://outlet.example/2026/a-story
  feedmill inspect --explain article.html        where each value comes from, and what lost against it
  feedmill inspect --json --batch < requests     many files, one JSON request and one answer a line

A request of --batch is {\"path\", \"base_url\"?, \"headers\"?, \"as\"?}; it is answered before the next is read.";

/// Options of `inspect`.
#[derive(Clone, Debug, Default, Args)]
pub struct InspectArgs {
    /// Addresses or files, read in this order
    #[arg(value_name = "URL|FILE", required_unless_present = "batch", conflicts_with = "batch")]
    pub inputs: Vec<String>,

    /// The address that a file is taken to come from
    ///
    /// Relative links in the file are completed with it; without it they are shown as they stand.
    #[arg(long, value_name = "URL", conflicts_with = "batch")]
    pub base_url: Option<String>,

    /// Read as this, instead of finding out from the content
    #[arg(long = "as", value_name = "KIND", conflicts_with = "batch")]
    pub read_as: Option<ReadAs>,

    /// Print one JSON object for each input, on one line
    #[arg(long)]
    pub json: bool,

    /// Read requests from stdin, one JSON object a line, and answer each with one
    #[arg(long)]
    pub batch: bool,

    /// Show where each value comes from, and what lost against it
    #[arg(long)]
    pub explain: bool,
}

/// What a document is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReadAs {
    /// RSS, Atom, RDF or JSON Feed; what holds no element at all is an empty one
    Feed,
    /// A page or sitemap that lists stories
    Listing,
    /// One article page
    Article,
}
