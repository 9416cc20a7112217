//! `watch`: the same round over and over, when sources are due.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use tokio_util::sync::CancellationToken;

use super::Ended;
use super::output::{self, Output};
use super::run::Round;
use super::setup::{self, Answers};
use super::signals::{self, Reload};
use super::state::State;
use crate::cli::exit;
use crate::config::Config;
use crate::gather::Fetch;
use crate::model::{SourceState, Where};
use crate::pipeline::{Plan, Wanted};
use crate::report::RunReport;
use crate::schedule;

/// The longest sleep in one piece: a clock that was set, or a machine that woke up, is noticed by then.
const SLICE: Duration = Duration::from_mins(1);

/// Local folders are looked through this often, unless `every` says otherwise: nothing tells when a file was added.
const LOCAL: Duration = Duration::from_mins(1);

/// What the config asks for, in parts that are known to be usable.
struct Orders {
    config: Config,
    plan: Plan,
    fetch: Arc<dyn Fetch>,
}

impl Orders {
    /// # Errors
    /// A theme or a setting cannot be used.
    fn of(config: Config) -> anyhow::Result<Self> {
        let (plan, fetch) = (setup::plan(&config)?, setup::fetcher(&config, &Answers::default())?);
        Ok(Self { config, plan, fetch })
    }

    /// Reads the themes again; answers why the ones that were read before stay in use, if they do.
    fn dress(&mut self) -> Option<String> {
        let plan = setup::plan(&self.config).map_err(|error| format!("{error:#}; as it was before it stays in use"));
        plan.map(|plan| self.plan = plan).err()
    }
}

/// The pause after a round that came to nothing; it doubles so often, to about an hour.
const FAILED: Duration = Duration::from_mins(1);
const MOST_DOUBLINGS: u32 = 6;

/// Runs until it is told to stop. What goes wrong later than in the first round is told, and tried again.
///
/// # Errors
/// The first round could not begin: config, lock, state or target.
pub async fn watch(path: &Path, config: Config, output: Output) -> Result<u8, Ended> {
    let stop = signals::stop_on_signal(&config);
    let mut reload = Reload::new();
    let mut orders = Orders::of(config)?;
    let mut round_stop = stop.child_token();
    let mut open = Some(State::open(&orders.config, &round_stop).await?);
    let mut teller = Teller { output, last: None };
    // rounds in a row that came to nothing
    let mut failed = 0;
    while !stop.is_cancelled() {
        let odd = orders.dress();
        // a state in a bucket is taken anew for each round: between them it is free for others
        let state = if let Some(state) = open.take() {
            Ok(state)
        } else {
            round_stop = stop.child_token();
            State::open(&orders.config, &round_stop).await
        };
        let (ended, mut due) = match state {
            Ok(state) => {
                let (ended, due) = round(&orders, &state, (round_stop.clone(), output)).await;
                if ended.is_err() || state.is_taken() {
                    (state.close().await.and(ended), due)
                } else {
                    open = Some(state);
                    (ended, due)
                }
            }
            Err(ended) => (Err(ended), setup::now(&orders.config)),
        };
        match ended {
            Ok(report) => {
                failed = 0;
                teller.tell(&report, odd, due);
            }
            Err(ended) if teller.last.is_none() => return Err(ended),
            Err(ended) => {
                due = due.max(setup::now(&orders.config) + FAILED * 2_u32.pow(failed));
                failed = (failed + 1).min(MOST_DOUBLINGS);
                teller.tell_troubles(odd.into_iter().chain([ended.message]).collect());
            }
        }
        let woken = tokio::select! {
            () = stop.cancelled() => Woken::Stop,
            () = reload.recv() => Woken::Reload,
            () = sleep_until(&orders.config, due) => Woken::Due,
        };
        if woken == Woken::Reload
            && let Some(fresh) = reloaded(path, &orders)
        {
            orders = fresh;
        }
    }
    if let Some(state) = open {
        state.close().await?;
    }
    Ok(exit::OK)
}

/// One round, and when the next source is due.
async fn round(
    orders: &Orders,
    state: &State,
    (stop, output): (CancellationToken, Output),
) -> (Result<RunReport, Ended>, DateTime<Utc>) {
    let Orders { config, plan, fetch } = orders;
    let round = Round { config, fetch: Arc::clone(fetch), state, stop, output: Output { quiet: true, ..output } };
    let ended = round.go(plan.clone(), &Wanted::default(), false).await;
    match state.store.sources().await {
        Ok(states) => (ended, next_due(config, &states)),
        Err(error) => (ended.and(Err(error.into())), setup::now(config)),
    }
}

/// Tells what rounds did, without saying the same every minute.
struct Teller {
    output: Output,
    /// The troubles of the round before; `None` before the first.
    last: Option<Vec<String>>,
}

impl Teller {
    fn tell(&mut self, report: &RunReport, odd: Option<String>, due: DateTime<Utc>) {
        let is_first = self.last.is_none();
        let troubles: Vec<String> = odd.into_iter().chain(report.troubles()).collect();
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

/// What the config asks for now; what is wrong with it is told, and the old one stays.
fn reloaded(path: &Path, before: &Orders) -> Option<Orders> {
    let fresh = setup::load(path).map_err(anyhow::Error::from).and_then(|config| {
        let is_elsewhere = config.state != before.config.state;
        Ok((Orders::of(Config { state: before.config.state.clone(), ..config })?, is_elsewhere))
    });
    match fresh {
        Ok((orders, is_elsewhere)) => {
            output::say(if is_elsewhere {
                "another state takes effect after a restart; the config's other changes are in use"
            } else {
                "the config was read again"
            });
            Some(orders)
        }
        Err(error) => {
            output::say(&format!("{error:#}\nthe config that was read before stays in use"));
            None
        }
    }
}

/// When the first source is due.
fn next_due(config: &Config, states: &[SourceState]) -> DateTime<Utc> {
    let now = setup::now(config);
    let states: HashMap<&str, &SourceState> = states.iter().map(|state| (state.id.as_str(), state)).collect();
    let of_source = |source: &crate::model::Source| match &source.location {
        Where::Folder(_) => Some(now + source.every.unwrap_or(LOCAL)),
        Where::Web(_) => match states.get(&*source.id) {
            Some(state) => schedule::earliest([*state], now),
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
