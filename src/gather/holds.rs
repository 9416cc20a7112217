//! How long a host is left alone.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::Host;

/// The first pause where the host names none; it doubles.
const FIRST: TimeDelta = TimeDelta::minutes(10);
/// The longest that doubling comes to.
const LONGEST: TimeDelta = TimeDelta::hours(24);
/// The shortest, whatever is asked.
const SHORTEST: TimeDelta = TimeDelta::minutes(1);
/// The longest that is believed: a slip of a header must not lose a host for years.
const BELIEVED: TimeDelta = TimeDelta::days(7);
/// Pauses in a row that are taken as asked; beyond, the doubling is the least.
const TAKEN_AS_ASKED: u32 = 2;

/// Writes down that a host asked for a pause (429, 503), and answers until when it lasts.
///
/// `asked` is its `Retry-After`. Without one: ten minutes that double up to a day, and that begin
/// anew after an answer of another kind.
pub(super) fn hold(host: &mut Host, asked: Option<Duration>, now: DateTime<Utc>) -> DateTime<Utc> {
    let asked = asked.filter(|asked| !asked.is_zero()).map(|asked| TimeDelta::from_std(asked).unwrap_or(BELIEVED));
    let doublings = match asked {
        None => host.holds,
        Some(_) => host.holds.saturating_sub(TAKEN_AS_ASKED),
    };
    let doubled = (FIRST * 2_i32.pow(doublings.min(8))).min(LONGEST);
    let pause = match asked {
        None => doubled,
        Some(asked) if host.holds < TAKEN_AS_ASKED => asked.clamp(SHORTEST, BELIEVED),
        Some(asked) => asked.max(doubled).min(BELIEVED),
    };
    let until = (now + pause).max(host.held_until.unwrap_or(now));
    host.held_until = Some(until);
    host.holds = host.holds.saturating_add(1);
    until
}

/// Writes down that a host answered; whether that ends anything.
pub(super) fn answered(host: &mut Host) -> bool {
    host.held_until.take().is_some() | (std::mem::take(&mut host.holds) > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).unwrap()
    }

    /// The pauses in minutes that a host gets which asks for the next one as each is over.
    fn pauses(asked: Option<u64>, count: usize) -> Vec<i64> {
        let mut host = Host::default();
        let mut at = now();
        (0..count)
            .map(|_| {
                let until = hold(&mut host, asked.map(Duration::from_secs), at);
                let pause = (until - at).num_minutes();
                at = until;
                pause
            })
            .collect()
    }

    #[test]
    fn a_pause_lasts_as_long_as_asked_else_ten_minutes_that_double() {
        let doubling = [10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440];
        assert_eq!(pauses(None, 10), doubling);
        assert_eq!(pauses(Some(0), 10), doubling, "no pause at all is none given");
        assert_eq!(pauses(Some(7200), 4), [120, 120, 120, 120]);
        assert_eq!(pauses(Some(u64::MAX), 2), [7 * 1440, 7 * 1440]);
        assert_eq!(pauses(Some(120), 5), [2, 2, 10, 20, 40], "who asks again and again means longer");
        assert_eq!(pauses(Some(5), 3), [1, 1, 10]);
    }

    #[test]
    fn an_answer_begins_anew_and_a_shorter_pause_ends_no_longer_one() {
        let mut host = Host::default();
        assert!(!answered(&mut host));
        hold(&mut host, None, now());
        hold(&mut host, None, now());
        assert!(answered(&mut host) && !answered(&mut host));
        let until = hold(&mut host, Some(Duration::from_hours(2)), now());
        assert_eq!(hold(&mut host, Some(Duration::from_mins(5)), now()), until);
    }
}
