//! Dates that know no zone, placed in one; and dates that cannot be believed.

use chrono::offset::LocalResult;
use chrono::{DateTime, FixedOffset, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::When;
use crate::model::{Dated, Precision, ZoneFrom};

/// The hour that stands for a day without a time: no zone is so far off that the day changes.
const NOON: NaiveTime = NaiveTime::from_hms_opt(12, 0, 0).expect("twelve o'clock exists");

/// How far ahead a clock of an outlet may be, minutes.
const CLOCK_SLACK: TimeDelta = TimeDelta::minutes(10);

/// 1990-01-01T00:00:00Z: no outlet's web pages are older.
const OLDEST: i64 = 631_152_000;

/// Makes an instant of a date as read, in the zone of its text, its source, or UTC.
///
/// A local time that a change of clocks skips moves forward by what was skipped; one that happens
/// twice is the earlier. A day becomes its noon, with `Precision::Day`.
#[must_use]
pub fn place(when: When, tz: Option<Tz>) -> Dated {
    let (local, precision) = match when {
        When::Instant(at) => return Dated { at, precision: Precision::Time, zone: ZoneFrom::Text },
        When::Local(local) => (local, Precision::Time),
        When::Day(day) => (day.and_time(NOON), Precision::Day),
    };
    match tz {
        Some(tz) => Dated { at: resolve(local, tz), precision, zone: ZoneFrom::Source },
        None => Dated { at: local.and_utc().fixed_offset(), precision, zone: ZoneFrom::Assumed },
    }
}

/// Whether an article may carry this date: not before 1990, at most ten minutes ahead of `now`.
#[must_use]
pub fn is_believable(instant: impl Into<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    let instant = instant.into();
    instant.timestamp() >= OLDEST && instant <= now + CLOCK_SLACK
}

/// Whether an article may carry this date; a day is believed from its first minute on.
///
/// The noon that stands for a day may lie ahead of `now` though the day has begun.
#[must_use]
pub fn is_dated_believable(dated: &Dated, now: DateTime<Utc>) -> bool {
    match dated.precision {
        Precision::Time => is_believable(dated.at, now),
        Precision::Day => is_believable(dated.at, now + TimeDelta::hours(12)),
    }
}

/// The instant of a local time in a zone, DST-correct.
pub(super) fn resolve(local: NaiveDateTime, tz: Tz) -> DateTime<FixedOffset> {
    match tz.from_local_datetime(&local) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.fixed_offset(),
        LocalResult::None => {
            // no gap is longer than a day (Samoa skipped one), so a day earlier the old offset holds
            let before = tz.from_local_datetime(&(local - TimeDelta::days(1))).earliest();
            let offset = before.map_or(0, |before| before.offset().fix().local_minus_utc());
            let instant = local - TimeDelta::seconds(i64::from(offset));
            tz.from_utc_datetime(&instant).fixed_offset()
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn local(text: &str) -> When {
        When::Local(text.parse().expect(text))
    }

    #[test]
    fn local_times_follow_the_clock_changes_of_their_zone() {
        let berlin = Some(chrono_tz::Europe::Berlin);
        let cases = [
            ("2023-01-15T12:00:00", berlin, "2023-01-15T12:00:00+01:00"),
            ("2023-07-15T12:00:00", berlin, "2023-07-15T12:00:00+02:00"),
            // skipped
            ("2023-03-26T02:30:00", berlin, "2023-03-26T03:30:00+02:00"),
            // twice
            ("2023-10-29T02:30:00", berlin, "2023-10-29T02:30:00+02:00"),
            ("2011-12-30T12:00:00", Some(chrono_tz::Pacific::Apia), "2011-12-31T12:00:00+14:00"),
            ("2023-07-15T12:00:00", None, "2023-07-15T12:00:00+00:00"),
        ];
        for (text, tz, expected) in cases {
            let dated = place(local(text), tz);
            assert_eq!(dated.at.to_rfc3339(), expected, "{text}");
            assert_eq!(dated.zone, if tz.is_some() { ZoneFrom::Source } else { ZoneFrom::Assumed });
            assert_eq!(dated.precision, Precision::Time);
        }
    }

    #[test]
    fn a_day_is_its_noon_and_an_instant_keeps_its_offset() {
        let day = When::Day(NaiveDate::from_ymd_opt(2023, 7, 15).expect("a day"));
        let dated = place(day, Some(chrono_tz::Asia::Baku));
        assert_eq!((dated.at.to_rfc3339().as_str(), dated.precision), ("2023-07-15T12:00:00+04:00", Precision::Day));
        let instant = When::Instant(DateTime::parse_from_rfc3339("2023-07-15T01:02:03-05:00").expect("a date"));
        let dated = place(instant, Some(chrono_tz::Asia::Baku));
        assert_eq!((dated.at.to_rfc3339().as_str(), dated.zone), ("2023-07-15T01:02:03-05:00", ZoneFrom::Text));
    }

    #[test]
    fn what_is_too_old_or_ahead_is_not_believed() {
        let now: DateTime<Utc> = "2023-07-15T08:00:00Z".parse().expect("a date");
        let at = |text: &str| DateTime::parse_from_rfc3339(text).expect(text);
        for (text, expected) in [
            ("1989-12-31T23:59:59Z", false),
            ("1990-01-01T00:00:00Z", true),
            ("2023-07-15T08:10:00Z", true),
            ("2023-07-15T08:10:01Z", false),
        ] {
            assert_eq!(is_believable(at(text), now), expected, "{text}");
        }
        let day = |text: &str| place(When::Day(text.parse().expect(text)), None);
        assert!(is_dated_believable(&day("2023-07-15"), now));
        assert!(!is_dated_believable(&day("2023-07-16"), now));
    }
}
