//! `watch`: the same round over and over, when sources are due.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};

use super::Ended;
use super::output::{self, Output};
use super::run::Round;
use super::setup::{self, Answers};
use super::signals::{self, Reload};
use super::state::State;
use crate::cli::exit;
use crate::config::Config;
use crate::model::{SourceState, Where};
use crate::pipeline::Wanted;
use crate::report::RunReport;
use crate::schedule;

/// The longest sleep in one piece: a clock that was set, or a machine that woke up, is noticed by then.
const SLICE: Duration = Duration::from_mins(1);

/// Local folders are looked through this often, unless `every` says otherwise: nothing tells when a file was added.
const LOCAL: Duration = Duration::from_mins(1);

/// Runs until it is told to stop.
///
/// # Errors
/// The first round could not begin: config, lock, state or target.
pub async fn watch(path: &Path, mut config: Config, output: Output) -> Result<u8, Ended> {
    let stop = signals::stop_on_signal();
    let mut reload = Reload::new();
    let mut fetch = setup::fetcher(&config, &Answers::default()).map_err(|error| Ended::usage(format!("{error:#}")))?;
    let mut round_stop = stop.child_token();
    let mut open = Some(State::open(&config, &round_stop).await?);
    let mut teller = Teller { output, last: None };
    while !stop.is_cancelled() {
        // a state in a bucket is taken anew for each round: between them it is free for others
        let state = if let Some(state) = open.take() {
            Ok(state)
        } else {
            round_stop = stop.child_token();
            State::open(&config, &round_stop).await
        };
        let (ended, due) = match state {
            Ok(state) => {
                let round = Round {
                    config: &config,
                    fetch: Arc::clone(&fetch),
                    state: &state,
                    stop: round_stop.clone(),
                    output: Output { quiet: true, ..output },
                };
                let ended = round.go(&Wanted::default(), false).await;
                let due = next_due(&config, &state.store.sources().await?);
                if state.is_taken() {
                    (state.close().await.and(ended), due)
                } else {
                    open = Some(state);
                    (ended, due)
                }
            }
            Err(ended) => (Err(ended), setup::now(&config) + LOCAL),
        };
        match ended {
            Ok(report) => teller.tell(&report, due),
            // a target that was there at the start, or a state that another run works with, may be back at the next
            Err(ended) if matches!(ended.code, exit::PUBLISHING_FAILED | exit::LOCKED) && teller.last.is_some() => {
                teller.tell_error(&ended);
            }
            Err(ended) => return Err(ended),
        }
        let woken = tokio::select! {
            () = stop.cancelled() => Woken::Stop,
            () = reload.recv() => Woken::Reload,
            () = sleep_until(&config, due) => Woken::Due,
        };
        if woken == Woken::Reload
            && let Some(fresh) = reloaded(path)
        {
            fetch = setup::fetcher(&fresh, &Answers::default()).unwrap_or(fetch);
            if fresh.state == config.state {
                output::say("the config was read again");
            } else {
                output::say("another state takes effect after a restart; the config's other changes are in use");
            }
            config = Config { state: config.state, ..fresh };
        }
    }
    if let Some(state) = open {
        state.close().await?;
    }
    Ok(exit::OK)
}

/// Tells what rounds did, without saying the same every minute.
struct Teller {
    output: Output,
    /// The troubles of the round before; `None` before the first.
    last: Option<Vec<String>>,
}

impl Teller {
    fn tell(&mut self, report: &RunReport, due: DateTime<Utc>) {
        let is_first = self.last.is_none();
        let troubles: Vec<String> = report.troubles().collect();
        let is_told = self.tell_troubles(troubles);
        let is_news = !report.written.is_empty() || report.feeds.iter().any(|feed| !feed.written.is_empty());
        if !self.output.quiet && (is_first || is_told || is_news) {
            output::say(&report.summary());
        }
        if !self.output.quiet && is_first {
            let due = due.to_rfc3339_opts(SecondsFormat::Secs, true);
            output::say(&format!("watching: the next source is due at {due}; Ctrl-C ends it"));
        }
    }

    fn tell_error(&mut self, ended: &Ended) {
        self.tell_troubles(vec![ended.message.clone()]);
    }

    /// Says the troubles that the round before did not have; answers whether there were any.
    fn tell_troubles(&mut self, troubles: Vec<String>) -> bool {
        let last = self.last.take().unwrap_or_default();
        let mut is_told = false;
        for trouble in troubles.iter().filter(|trouble| !last.contains(trouble)) {
            output::say(trouble);
            is_told = true;
        }
        self.last = Some(troubles);
        is_told
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Woken {
    Due,
    Reload,
    Stop,
}

/// The config as it is now; what is wrong with it is told, and the old one stays.
fn reloaded(path: &Path) -> Option<Config> {
    match setup::load(path) {
        Ok(config) => Some(config),
        Err(error) => {
            output::say(&format!("{error}\nthe config that was read before stays in use"));
            None
        }
    }
}

/// When the first source is due.
fn next_due(config: &Config, states: &[SourceState]) -> DateTime<Utc> {
    let now = setup::now(config);
    let of_source = |source: &crate::model::Source| match &source.location {
        Where::Folder(_) => Some(now + source.every.unwrap_or(LOCAL)),
        Where::Web(_) => match states.iter().find(|state| state.id == *source.id) {
            Some(state) => schedule::earliest([state], now),
            None => Some(now),
        },
    };
    config.sources.iter().filter_map(of_source).min().unwrap_or(now + LOCAL)
}

/// Sleeps in slices until a time has come by the real clock.
async fn sleep_until(config: &Config, due: DateTime<Utc>) {
    loop {
        let left = (due - setup::now(config)).to_std().unwrap_or_default();
        if left.is_zero() {
            // one second at least, so that a fixed clock or a source that is always due cannot spin
            tokio::time::sleep(Duration::from_secs(1)).await;
            return;
        }
        tokio::time::sleep(left.min(SLICE)).await;
        if config.clock.is_some() {
            return;
        }
    }
}
