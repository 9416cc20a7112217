//! The program: parts are made here, and errors and results reach people from here.

mod add;
mod faults;
mod hide;
mod inspect;
mod objects;
mod output;
mod prune;
mod run;
mod setup;
mod signals;
mod state;
mod status;
mod targets;
mod watch;

use std::path::Path;
use std::time::Duration;

use crate::cli::{Cli, Command, completions, exit};
use crate::config::{self, Config, ConfigError};
use crate::pipeline::PrepareError;
use crate::publish::PublishError;
use crate::report::count;
use crate::store::{LockError, StoreError};
use output::Output;
use setup::Answers;

/// Why a command could not do its work, with the exit code for it.
#[derive(Debug)]
pub struct Ended {
    pub code: u8,
    pub message: String,
}

impl Ended {
    fn usage(message: impl Into<String>) -> Self {
        Self { code: exit::USAGE, message: message.into() }
    }

    fn failed(message: impl Into<String>) -> Self {
        Self { code: exit::FAILED, message: message.into() }
    }
}

impl From<ConfigError> for Ended {
    fn from(error: ConfigError) -> Self {
        Self::usage(error.to_string())
    }
}

impl From<LockError> for Ended {
    fn from(error: LockError) -> Self {
        let code = if matches!(error, LockError::Held { .. }) { exit::LOCKED } else { exit::USAGE };
        Self { code, message: error.to_string() }
    }
}

impl From<PublishError> for Ended {
    fn from(error: PublishError) -> Self {
        Self { code: exit::PUBLISHING_FAILED, message: error.to_string() }
    }
}

impl From<PrepareError> for Ended {
    fn from(error: PrepareError) -> Self {
        let code = if matches!(error, PrepareError::Store(_)) { exit::FAILED } else { exit::PUBLISHING_FAILED };
        Self { code, message: error.to_string() }
    }
}

impl From<StoreError> for Ended {
    fn from(error: StoreError) -> Self {
        Self::failed(error.to_string())
    }
}

impl From<std::io::Error> for Ended {
    fn from(error: std::io::Error) -> Self {
        Self::failed(error.to_string())
    }
}

impl From<anyhow::Error> for Ended {
    fn from(error: anyhow::Error) -> Self {
        Self::usage(format!("{error:#}"))
    }
}

/// Work that a hung thread still holds is given up after this when the program ends.
const SHUTDOWN: Duration = Duration::from_millis(500);

/// Runs one command; answers the exit code.
#[must_use]
pub fn main(cli: Cli) -> u8 {
    logs(cli.global.verbose, cli.global.quiet);
    faults::on_one_line();
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(error) => {
            output::say(&format!("feedmill: cannot start its threads: {error}"));
            return exit::FAILED;
        }
    };
    let ended = runtime.block_on(command(cli));
    runtime.shutdown_timeout(SHUTDOWN);
    ended.unwrap_or_else(|ended| {
        output::say(&format!("feedmill: {}", ended.message));
        ended.code
    })
}

/// Threads that wait for the disk: each has an arena of the allocator, and more of them make no disk faster.
const BLOCKING: usize = 8;

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().max_blocking_threads(BLOCKING).build()
}

async fn command(cli: Cli) -> Result<u8, Ended> {
    let path = &cli.global.config;
    let output = Output::new(cli.global.quiet);
    match cli.command {
        Command::Run(args) => run::run(&setup::load(path)?, args, output).await,
        Command::Watch => watch::watch(path, setup::load(path)?, output).await,
        Command::Inspect(args) => inspect::inspect(path, args).await,
        Command::Add(args) => add::add(path, &args, output).await,
        Command::Check => check(path, &setup::load(path)?, output),
        Command::Status(args) => status::status(&setup::load(path)?, &args).await,
        Command::Hide { article } => hide::hide(&setup::load(path)?, &article).await,
        Command::Prune => prune::prune(&setup::load(path)?).await,
        Command::Schema => printed(&config::schema()),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            completions::write(shell, &mut script);
            printed(&String::from_utf8_lossy(&script))
        }
    }
}

fn check(path: &Path, config: &Config, output: Output) -> Result<u8, Ended> {
    setup::plan(config)?;
    setup::fetcher(config, &Answers::default())?;
    if !output.quiet {
        let sources = count(config.sources.len(), "source", "");
        let feeds = count(config.feeds.len(), "feed", "");
        output::print(&format!("{}: all well, {sources} and {feeds}", path.display()))?;
    }
    Ok(exit::OK)
}

fn printed(text: &str) -> Result<u8, Ended> {
    output::print(text.trim_end())?;
    Ok(exit::OK)
}

/// Logs go to stderr: warnings by default, more with `-v`, and as `RUST_LOG` says.
fn logs(verbose: u8, quiet: bool) {
    use tracing_subscriber::EnvFilter;
    let level = match (quiet, verbose) {
        (true, _) => "error",
        (false, 0) => "error,feedmill=warn",
        (false, 1) => "error,feedmill=info",
        (false, _) => "info,feedmill=debug",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    // a second call, as in tests, keeps the first one's settings
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).without_time().try_init();
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::{Arc, RwLock};

    use super::*;

    #[test]
    fn work_that_blocks_has_few_threads() {
        let runtime = runtime().expect("threads");
        // each waits until all are asked for, so that there would be a thread for each
        let gate = Arc::new(RwLock::new(()));
        let shut = gate.write().expect("nobody else has it");
        let work = || {
            let gate = Arc::clone(&gate);
            move || {
                let _open = gate.read();
                std::thread::current().id()
            }
        };
        let all: Vec<_> = (0..100).map(|_| runtime.spawn_blocking(work())).collect();
        drop(shut);
        let threads: HashSet<_> = all.into_iter().map(|one| runtime.block_on(one).expect("no panic")).collect();
        assert!(threads.len() <= 8, "{}", threads.len());
    }
}
