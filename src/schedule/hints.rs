//! What server and feed ask for: `max-age`, `Expires`, `ttl`, `sy:*`, `skipHours`, `skipDays`.

use chrono::{DateTime, Datelike, DurationRound, TimeDelta, Timelike, Utc};

use super::{Freshness, LONGEST_INTERVAL, jitter, span};
use crate::model::{FeedSchedule, SourceState};

/// The next check: the longest of the interval and all that was asked for, up to a day.
///
/// Jitter comes on top of that, and what the feed wants skipped is skipped after it.
pub(super) fn stretch(
    state: &SourceState,
    interval: TimeDelta,
    freshness: Freshness,
    now: DateTime<Utc>,
) -> DateTime<Utc> {
    let schedule = &state.schedule;
    let asked = [
        fresh_for(freshness, now),
        schedule.ttl.map(|minutes| TimeDelta::minutes(i64::from(minutes))),
        schedule.update_seconds.map(|seconds| TimeDelta::seconds(i64::from(seconds))),
    ];
    let wait = asked.into_iter().flatten().fold(interval, TimeDelta::max).min(LONGEST_INTERVAL);
    let due = now + wait + jitter(&state.id, wait);
    // a feed that skips every hour is still asked once a day
    let latest = due.max(now + LONGEST_INTERVAL);
    skip(schedule, due, latest)
}

/// How long the answer stays fresh from `now` on; `max-age` rules out `Expires` (RFC 9111 §5.3).
fn fresh_for(freshness: Freshness, now: DateTime<Utc>) -> Option<TimeDelta> {
    match freshness.max_age {
        Some(max_age) => Some(span(max_age) - freshness.age.map_or(TimeDelta::zero(), span)),
        None => freshness.expires.map(|expires| expires - now),
    }
}

/// The first moment from `due` on that lies in no hour or day to be skipped, `latest` at the latest.
fn skip(schedule: &FeedSchedule, due: DateTime<Utc>, latest: DateTime<Utc>) -> DateTime<Utc> {
    let is_skipped = |at: DateTime<Utc>| {
        schedule.skip_hours.iter().any(|hour| u32::from(*hour) == at.hour())
            || schedule.skip_days.iter().any(|day| u32::from(*day) == at.weekday().num_days_from_monday())
    };
    let mut at = due;
    while is_skipped(at) {
        let hour = TimeDelta::hours(1);
        at = at.duration_trunc(hour).unwrap_or(at) + hour;
        if at >= latest {
            return latest;
        }
    }
    at
}
