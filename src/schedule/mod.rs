//! When a source is asked next.
//!
//! ```text
//! is_due(state, now, force)               may it be asked now?
//! next_check(state, answer, rules, now)   what its answer means for the next time
//!     success                             rhythm::interval, stretched by what server and feed ask for
//!     failure                             backoff: doubling, by weight
//!     429, 503                            the host's hold, that nothing overrides
//!     410                                 gone
//! sight_move(state, permanent, source, now) a permanent redirect, believed after a week
//! begin_audit(state, now)                 may its validators be left out for once?
//! earliest(states, now)                   when the next one is due
//! ```
//!
//! Pure: the clock is an argument.

mod audit;
mod backoff;
mod hints;
mod moved;
mod rhythm;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::{FeedSchedule, Health, SourceState};

pub use audit::{begin_audit, end_audit, is_audit};
pub use moved::{address_of, sight_move};

/// Longest time between two checks that are not failures; a longer `every` is kept.
pub const LONGEST_INTERVAL: TimeDelta = TimeDelta::hours(24);

/// Shortest time between two checks of a source on the network.
pub const SHORTEST_INTERVAL: TimeDelta = TimeDelta::minutes(15);

/// What a server said about how long its answer stays fresh (RFC 9111 §4.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Freshness {
    /// `Cache-Control: max-age`.
    pub max_age: Option<Duration>,
    /// `Age`: how old the answer was when a cache gave it.
    pub age: Option<Duration>,
    /// `Expires`.
    pub expires: Option<DateTime<Utc>>,
}

/// How one check of a source ended, as far as the next one depends on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Answer<'a> {
    /// A document that could be read.
    Document {
        /// Publication times of its articles, in any order; only dates that were believed.
        published: &'a [DateTime<Utc>],
        schedule: &'a FeedSchedule,
        freshness: Freshness,
    },
    /// 304.
    NotModified {
        freshness: Freshness,
    },
    Failed(Failure),
}

/// Why a check failed, as far as the next one depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// 404 and other 4xx; a document that cannot be read.
    Hard,
    /// 5xx, time-outs, DNS, resets: half weight.
    Soft,
    /// 410.
    Gone,
    /// 403.
    Refused,
    /// 429, 503: the host asked for a pause, and gets it until then.
    TooMany { until: DateTime<Utc> },
}

/// What the config says about the rhythm of a source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// Exact interval; adaptive where absent.
    pub every: Option<Duration>,
    /// On the local disk: always due.
    pub local: bool,
}

/// Whether a source may be asked now.
///
/// `force` ignores the next-due time, and nothing else: a hold is waited for, and what is gone
/// stays gone.
#[must_use]
pub fn is_due(state: &SourceState, now: DateTime<Utc>, force: bool) -> bool {
    let has_come = state.next_due.is_none_or(|due| due <= now);
    match state.health {
        Health::Gone => false,
        Health::Held => has_come,
        Health::Never | Health::Ok | Health::Backoff | Health::Moved | Health::Quarantined => force || has_come,
    }
}

/// Writes down what an answer means for the next check.
///
/// Sets health, failures, `trouble_since`, `last_success`, rhythm, schedule and `next_due`; a
/// success also clears `trouble`, but for what was odd in a document that has not changed. The words of a trouble, and
/// the states moved and quarantined, are for the caller to set afterwards.
pub fn next_check(state: &mut SourceState, answer: &Answer<'_>, rules: &Rules, now: DateTime<Utc>) {
    match answer {
        Answer::Document { published, schedule, freshness } => {
            rhythm::learn(state, published, now);
            (state.unchanged_since, state.unchanged) = (None, 0);
            state.schedule.clone_from(schedule);
            succeed(state, *freshness, rules, now);
        }
        Answer::NotModified { freshness } => {
            state.unchanged_since.get_or_insert(now);
            state.unchanged = state.unchanged.saturating_add(1);
            // what was odd in the document still is
            let odd = state.trouble.take().filter(|_| state.health == Health::Ok);
            succeed(state, *freshness, rules, now);
            state.trouble = odd;
        }
        Answer::Failed(failure) => backoff::fail(state, *failure, rules, now),
    }
    if rules.local && state.health != Health::Gone {
        state.next_due = Some(now);
    }
}

/// Writes down that a source was not asked because its host is held until then: no failure of its own.
pub fn wait_for_host(state: &mut SourceState, until: DateTime<Utc>) {
    state.health = Health::Held;
    state.next_due = Some(until);
}

/// When the first of the sources is due; not before `now`. `None` where all are gone, or none is.
#[must_use]
pub fn earliest<'a>(states: impl IntoIterator<Item = &'a SourceState>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let asked = states.into_iter().filter(|state| state.health != Health::Gone);
    asked.map(|state| state.next_due.map_or(now, |due| due.max(now))).min()
}

fn succeed(state: &mut SourceState, freshness: Freshness, rules: &Rules, now: DateTime<Utc>) {
    state.health = if state.moved.is_some() { Health::Moved } else { Health::Ok };
    state.trouble = None;
    state.trouble_since = None;
    state.failures = 0.0;
    state.last_success = Some(now);
    state.next_due = Some(match rhythm::exact(rules) {
        // what the operator set is neither stretched nor shaken
        Some(every) => now + every,
        None => hints::stretch(state, rhythm::interval(state, rules), freshness, now),
    });
}

/// A span of the standard library in chrono's terms, at most a century.
fn span(duration: Duration) -> TimeDelta {
    const CENTURY: TimeDelta = TimeDelta::days(36_525);
    TimeDelta::from_std(duration).map_or(CENTURY, |span| span.min(CENTURY))
}

/// Up to a tenth of a span, always the same for one source: sources do not march in step.
fn jitter(id: &str, span: TimeDelta) -> TimeDelta {
    const STEPS: u64 = 1000;
    let step = xxhash_rust::xxh3::xxh3_64(id.as_bytes()) % (STEPS + 1);
    let step = i32::try_from(step).unwrap_or_default();
    span / 10 / 1000 * step
}

#[cfg(test)]
mod tests;
