//! The grammar of the command line. What each command does is in `app`.

mod add;
pub mod completions;
pub mod exit;
mod inspect;
mod run;

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand};

pub use add::AddArgs;
pub use clap_complete::Shell;
pub use inspect::{InspectArgs, ReadAs};
pub use run::{ReportFormat, RunArgs};

/// The whole command line.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "feedmill",
    version,
    about = "Gathers articles from news outlets and publishes RSS, Atom and JSON feeds",
    long_about = "Gathers articles from news outlets, brings their metadata into one form, and publishes RSS, Atom and \
                  JSON feeds.\n\nOne config file says where articles come from and which feeds to make of them. \
                  `feedmill run` does one round and ends, so it can run from cron as often as you like: outlets are \
                  only asked when they are due.",
    after_help = AFTER_HELP,
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub struct Cli {
    #[command(flatten)]
    pub global: GlobalArgs,
    #[command(subcommand)]
    pub command: Command,
}

const AFTER_HELP: &str = concat!(
    "\
Examples:
  feedmill inspect https://outlet.example/feed   what Feedmill sees at an address
  feedmill add https://outlet.example/           finds the best source there, writes it into the config
  feedmill check                                 is the config file right?
  feedmill run --dry-run                         what would change?
  feedmill run                                   gather what is due, publish what changed

",
    exit::in_words!()
);

/// The config file where none is named.
pub const DEFAULT_CONFIG: &str = "./feedmill.toml";

/// Options of every command.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Options of every command")]
pub struct GlobalArgs {
    /// The config file
    ///
    /// Paths inside it start from the folder it is in.
    #[arg(short, long, global = true, value_name = "FILE", default_value = DEFAULT_CONFIG)]
    pub config: PathBuf,

    /// Say more (-v what is done, -vv also why)
    #[arg(short, long, global = true, action = ArgAction::Count, conflicts_with = "quiet")]
    pub verbose: u8,

    /// Say nothing but errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
}

/// What to do.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Gather what is due, publish what changed
    #[command(after_help = run::AFTER_HELP)]
    Run(RunArgs),

    /// The same as `run`, over and over, on schedule
    ///
    /// Asks each source when it is due and publishes what changed, until it is stopped. SIGHUP reads the config
    /// file again; a file with mistakes is reported and the old one stays. SIGTERM or Ctrl-C finishes what is under
    /// way within 10 seconds, saves state and exits with 0; a second one ends at once.
    Watch,

    /// Show what Feedmill sees in an address or a file
    #[command(after_help = inspect::AFTER_HELP)]
    Inspect(InspectArgs),

    /// Find the best source at an address and write it into the config file
    ///
    /// Shows what each way of reading the outlet holds, with its first articles: a feed, feeds that the page links
    /// to, a news sitemap, the stories that the page lists. The best one becomes a source block behind the last
    /// one; everything else in the file stays as it is.
    #[command(after_help = add::AFTER_HELP)]
    Add(AddArgs),

    /// Check the config file
    ///
    /// Lists every mistake at once, each with file, line, column and what was probably meant. Asks no outlet.
    Check,

    /// Show how sources and feeds stand
    ///
    /// For each source the last success, when it is next due, and its trouble if it has any; for each feed how many
    /// items it holds and how new they are. Asks no outlet.
    Status(StatusArgs),

    /// Take an article out of all feeds, for ever
    ///
    /// For takedowns. The article leaves feeds and archives at the next run and does not come back, not even when
    /// state is lost and rebuilt.
    #[command(after_help = "Example:\n  feedmill hide https://outlet.example/2026/a-story")]
    Hide {
        /// The item's id in the feed, or the article's address
        #[arg(value_name = "UID|URL")]
        article: String,
    },

    /// Delete published files that no feed of the config file owns any more
    ///
    /// A feed that is taken out of the config file leaves its files behind, since readers may still ask for them.
    /// `status` names them; this deletes them. Files that Feedmill did not write are never touched.
    Prune,

    /// Print the JSON Schema of the config file
    ///
    /// Editors use it to complete and check feedmill.toml.
    #[command(after_help = "Example:\n  feedmill schema > feedmill.schema.json")]
    Schema,

    /// Print a completion script for a shell
    #[command(
        after_help = "Example:\n  feedmill completions bash > ~/.local/share/bash-completion/completions/feedmill"
    )]
    Completions {
        /// The shell that the script is for
        shell: Shell,
    },
}

/// Options of `status`.
#[derive(Clone, Debug, Args)]
pub struct StatusArgs {
    /// Print one JSON object instead of tables
    #[arg(long)]
    pub json: bool,
}

#[cfg(test)]
mod tests;
