//! How often an outlet publishes, and how often it is therefore asked.

use chrono::{DateTime, TimeDelta, Utc};

use super::{LONGEST_INTERVAL, Rules, SHORTEST_INTERVAL, span};
use crate::model::SourceState;

/// Publication times that are remembered: enough for a median, few enough to follow a change.
const REMEMBERED: usize = 10;

/// Publication times without which a rhythm is a guess.
const ENOUGH: usize = 5;

/// The interval as long as the rhythm is not known.
const UNKNOWN_RHYTHM: TimeDelta = TimeDelta::hours(1);

/// How many checks fall between two articles: a new one is found after an eighth of the gap at most.
const CHECKS_PER_ARTICLE: i32 = 8;

/// A longer gap counts as a day at least: outlets that publish daily do so early on one day and late on
/// another, and are to be asked eight times on each of them.
const HALF_A_DAY: TimeDelta = TimeDelta::hours(12);
const DAY: TimeDelta = TimeDelta::hours(24);

/// Adds the publication times of a document to those that are remembered, newest first.
///
/// Times ahead of `now` are left out: a scheduled article says nothing about the rhythm yet.
pub(super) fn learn(state: &mut SourceState, published: &[DateTime<Utc>], now: DateTime<Utc>) {
    state.rhythm.extend(published.iter().filter(|at| **at <= now));
    state.rhythm.sort_unstable_by(|a, b| b.cmp(a));
    state.rhythm.dedup();
    state.rhythm.truncate(REMEMBERED);
}

/// The configured interval, not below the floor.
pub(super) fn exact(rules: &Rules) -> Option<TimeDelta> {
    let floor = if rules.local { TimeDelta::zero() } else { SHORTEST_INTERVAL };
    rules.every.map(|every| span(every).max(floor))
}

/// The configured interval, else the one that the rhythm asks for.
pub(super) fn interval(state: &SourceState, rules: &Rules) -> TimeDelta {
    exact(rules).unwrap_or_else(|| adapted(&state.rhythm))
}

/// An eighth of the median gap between articles, within bounds.
fn adapted(newest_first: &[DateTime<Utc>]) -> TimeDelta {
    match gap(newest_first) {
        Some(gap) if gap > HALF_A_DAY => (gap.max(DAY) / CHECKS_PER_ARTICLE).min(LONGEST_INTERVAL),
        Some(gap) => (gap / CHECKS_PER_ARTICLE).clamp(SHORTEST_INTERVAL, LONGEST_INTERVAL),
        None => UNKNOWN_RHYTHM,
    }
}

/// The median gap between articles, once enough are known.
pub(super) fn gap(newest_first: &[DateTime<Utc>]) -> Option<TimeDelta> {
    if newest_first.len() < ENOUGH {
        return None;
    }
    let mut gaps: Vec<TimeDelta> = newest_first.windows(2).map(|pair| pair[0] - pair[1]).collect();
    gaps.sort_unstable();
    let middle = gaps.len() / 2;
    Some(if gaps.len() % 2 == 1 { gaps[middle] } else { (gaps[middle - 1] + gaps[middle]) / 2 })
}
