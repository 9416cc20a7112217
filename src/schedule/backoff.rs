//! What failures cost: doubling waits, and the end.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Failure, LONGEST_INTERVAL, Rules, jitter, rhythm};
use crate::model::{Health, SourceState};

/// Trouble that lasts so long will not pass by tomorrow.
const LONG_TROUBLE: TimeDelta = TimeDelta::days(14);

/// Longest wait of a source in long trouble: it is never forgotten.
const LONGEST_BACKOFF: TimeDelta = TimeDelta::days(7);

/// First wait after a refusal.
const FIRST_REFUSAL: TimeDelta = TimeDelta::hours(1);

/// Weight of a failure that is likely to pass by itself.
const SOFT: f64 = 0.5;

/// Writes down a failure and when to try again.
pub(super) fn fail(state: &mut SourceState, failure: Failure, rules: &Rules, now: DateTime<Utc>) {
    let failure = match failure {
        // the address that the source moved to is no better: the configured one has the next word
        Failure::Hard | Failure::Gone if state.moved.take().is_some() => Failure::Hard,
        failure => failure,
    };
    let since = *state.trouble_since.get_or_insert(now);
    state.failures += if failure == Failure::Soft { SOFT } else { 1.0 };
    let interval = rhythm::interval(state, rules);
    let (health, wait) = match failure {
        Failure::Gone => {
            state.health = Health::Gone;
            state.next_due = None;
            return;
        }
        Failure::TooMany { until } => (Health::Held, until - now),
        Failure::Refused => {
            let wait = doubled(FIRST_REFUSAL, state.failures - 1.0).min(LONGEST_INTERVAL);
            (Health::Backoff, wait.max(interval))
        }
        Failure::Hard | Failure::Soft => {
            let cap = if now - since >= LONG_TROUBLE { LONGEST_BACKOFF } else { LONGEST_INTERVAL };
            // a source that is asked once a month is not asked more often because it fails
            (Health::Backoff, doubled(interval, state.failures).min(cap).max(interval))
        }
    };
    state.health = health;
    let extra = if health == Health::Held { TimeDelta::zero() } else { jitter(&state.id, wait) };
    state.next_due = Some(now + wait + extra);
}

/// `span` × 2^`times`, at most some years.
fn doubled(span: TimeDelta, times: f64) -> TimeDelta {
    const MOST_TIMES: f64 = 12.0;
    let seconds = span.as_seconds_f64() * times.clamp(0.0, MOST_TIMES).exp2();
    TimeDelta::from_std(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)).unwrap_or(TimeDelta::MAX)
}
