//! Dates of an article: the first claim that can be read and believed.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;

use super::Context;
use super::ledger::{Ledger, Winner, lost};
use super::reasons::{self, Reason};
use crate::dates::{self, Hints, OutletClock, When};
use crate::model::{Claim, Dated, Field, Precision, ZoneFrom};

/// How the dates of one article are read.
pub(super) struct Dating<'a> {
    hints: Hints<'a>,
    zone: Option<Tz>,
    clock: Option<&'a OutletClock>,
    now: DateTime<Utc>,
    /// Whether dates may stand within longer lines, as they do on pages.
    within_lines: bool,
}

impl<'a> Dating<'a> {
    pub(super) fn new(context: &'a Context<'_>, language: Option<&'a str>) -> Self {
        let zone = context.source.and_then(|source| source.timezone);
        Self {
            hints: Hints { language: context.language(language), zone, ..Hints::at(context.now) },
            zone,
            clock: context.clock,
            now: context.now,
            within_lines: context.feed.is_none(),
        }
    }

    /// The hints that dates in other fields are read with.
    pub(super) const fn hints(&self) -> &Hints<'a> {
        &self.hints
    }

    /// The first believable date; an exact one of the same day instead of a bare day, and one with a
    /// zone instead of the same time without.
    pub(super) fn choose(&self, claims: Vec<Claim>, field: Field, ledger: &mut Ledger) -> Option<Dated> {
        if self.within_lines {
            return self.weigh(claims, field, ledger);
        }
        let mut read = claims.into_iter().map(|claim| (self.read(&claim), claim));
        let mut passed = Vec::new();
        let mut best: Option<(When, Claim)> = None;
        let mut is_refined = false;
        for (when, claim) in read.by_ref() {
            let Some(when) = when else {
                passed.push(lost(claim.from, claim.text.text));
                continue;
            };
            match &mut best {
                None => best = Some((when, claim)),
                Some(known) if self.is_more_exact(when, known.0) => {
                    is_refined = true;
                    let (_, claim) = std::mem::replace(known, (when, claim));
                    passed.push(lost(claim.from, claim.text.text));
                }
                Some(_) => passed.push(lost(claim.from, claim.text.text)),
            }
        }
        let (when, claim) = best?;
        let winner = if is_refined {
            Winner::new(claim.from, reasons::words(&[Reason::MoreExact], (claim.from, &[]), true))
        } else {
            Winner::first(claim.from, &passed)
        };
        ledger.record(field, winner, (Some(claim.text.text), passed));
        Some(self.place(when))
    }

    /// The date of a page: the most trusted claim, mended by what the others say of the same moment.
    fn weigh(&self, claims: Vec<Claim>, field: Field, ledger: &mut Ledger) -> Option<Dated> {
        let mut passed = Vec::new();
        let mut read: Vec<(When, Claim)> = Vec::new();
        for claim in claims {
            match self.read(&claim) {
                Some(when) => read.push((when, claim)),
                None => passed.push(lost(claim.from, claim.text.text)),
            }
        }
        let whens: Vec<(When, bool)> = read.iter().map(|(when, claim)| (*when, is_visible(claim.from))).collect();
        let mut best = 0;
        let mut when = whens.first()?.0;
        let mut why = vec![Reason::Trust];
        for (place, (other, visible)) in whens.iter().enumerate().skip(1) {
            if self.is_more_exact(*other, when) {
                (best, when) = (place, *other);
                note(&mut why, Reason::MoreExact);
            } else if let Some(mended) = mend(when, *other, *visible) {
                note(
                    &mut why,
                    if is_same_moment(mended, when) { Reason::ZoneOfOther } else { Reason::LineBeatsMetadata },
                );
                when = mended;
            }
        }
        let days = read.iter().filter(|(_, claim)| claim.from == "url" || is_visible(claim.from));
        for day in days.filter_map(|(other, _)| if let When::Day(day) = other { Some(*day) } else { None }) {
            if let Some(moved) = on_day(when, day) {
                when = moved;
                note(&mut why, Reason::NamedDay);
            }
        }
        // an address that is older by weeks keeps the day of a story that was moved or refreshed
        if let Some(place) = read.iter().position(|(other, claim)| claim.from == "url" && is_weeks_before(*other, when))
        {
            (best, when, why) = (place, whens[place].0, vec![Reason::OldAddress]);
        }
        if let (When::Local(local), Some(offset)) = (when, self.only_zone().filter(|_| self.zone.is_none())) {
            when = local.and_local_timezone(offset).single().map_or(when, When::Instant);
            note(&mut why, Reason::OnlyZone);
        }
        let dated = self.place(when);
        if dated.zone == ZoneFrom::Outlet {
            note(&mut why, Reason::OutletZone);
        }
        let (_, claim) = read.remove(best);
        let is_of_day = |other: When| self.place(other).at.date_naive() == dated.at.date_naive();
        let agreeing: Vec<&str> =
            read.iter().filter(|(other, _)| is_of_day(*other)).map(|(_, claim)| claim.from).collect();
        let has_others = !read.is_empty() || !passed.is_empty();
        let winner = Winner::new(claim.from, reasons::words(&why, (claim.from, &agreeing), has_others));
        passed.extend(read.into_iter().map(|(_, claim)| lost(claim.from, claim.text.text)));
        ledger.record(field, winner, (Some(claim.text.text), passed));
        Some(dated)
    }

    /// The offset of languages that are at home in one zone, which never changes its clocks.
    fn only_zone(&self) -> Option<FixedOffset> {
        const JAPAN_AND_KOREA: i32 = 9 * 3600;
        let primary = self.hints.language?.split(['-', '_']).next()?;
        matches!(primary, "ja" | "ko").then(|| FixedOffset::east_opt(JAPAN_AND_KOREA)).flatten()
    }

    /// Places a date in the source's zone, else in the one that the outlet's own articles show.
    fn place(&self, when: When) -> Dated {
        let local = match when {
            When::Instant(_) => None,
            When::Local(local) => Some(local),
            When::Day(day) => day.and_hms_opt(12, 0, 0),
        };
        let shown = local.filter(|_| self.zone.is_none()).and_then(|local| self.clock?.zone_at(local));
        match shown {
            Some(zone) => Dated { zone: ZoneFrom::Outlet, ..dates::place(when, Some(zone)) },
            None => dates::place(when, self.zone),
        }
    }

    pub(super) fn read(&self, claim: &Claim) -> Option<When> {
        let text = claim.text.text.as_str();
        // a feed's field was written when the item was, not when the feed is read
        let of_feed = claim.from.starts_with("feed:");
        let parse = if of_feed { dates::parse_absolute } else { dates::parse };
        let whole = parse(text, &self.hints);
        let when =
            whole.or_else(|| Some(dates::find(text, &self.hints).filter(|_| self.within_lines && !of_feed)?.when))?;
        dates::is_dated_believable(&dates::place(when, self.zone), self.now).then_some(when)
    }

    /// Whether a further claim says the same as the known one and more.
    fn is_more_exact(&self, when: When, known: When) -> bool {
        match (when, known) {
            (When::Instant(at), When::Local(local)) => self.zone.is_none() && at.naive_local() == local,
            (When::Instant(_) | When::Local(_), When::Day(day)) => {
                let dated = dates::place(when, self.zone);
                dated.precision == Precision::Time && dated.at.date_naive() == day
            }
            _ => false,
        }
    }
}

/// Adds a reason once.
fn note(why: &mut Vec<Reason>, reason: Reason) {
    if !why.contains(&reason) {
        why.push(reason);
    }
}

/// Whether two dates are one moment, or one clock with and without a zone.
fn is_same_moment(one: When, other: When) -> bool {
    match (one, other) {
        (When::Instant(one), When::Instant(other)) => one == other,
        (When::Instant(one), When::Local(local)) => one.naive_local() == local,
        _ => false,
    }
}

/// Whether readers see what a kind of evidence says.
pub(super) fn is_visible(from: &str) -> bool {
    matches!(from, "byline" | "html:dateline" | "html:text" | "html:time[datetime]")
}

/// A moment in UTC at the nearest offset that puts it on the day that address or page name.
///
/// `2020-08-25T00:23Z` under an address of the 24th was the evening of that day where the outlet is.
fn on_day(known: When, day: NaiveDate) -> Option<When> {
    let When::Instant(known) = known else { return None };
    let utc = known.naive_utc();
    if known.offset().local_minus_utc() != 0 || utc.date() == day {
        return None;
    }
    let hours =
        (-8..=8).filter(|hours| (utc + TimeDelta::hours(*hours)).date() == day).min_by_key(|hours| hours.abs())?;
    let offset = FixedOffset::east_opt(i32::try_from(hours * 3600).ok()?)?;
    Some(When::Instant(known.with_timezone(&offset)))
}

/// Whether a day lies weeks before a date.
fn is_weeks_before(day: When, date: When) -> bool {
    let When::Day(day) = day else { return false };
    dates::place(date, None).at.date_naive() - day > TimeDelta::weeks(4)
}

/// A date as another one shows that it must be meant; `None` where that says nothing of it.
///
/// ```text
/// 22:04Z          the same moment as 00:04+02:00          00:04+02:00
/// 22:04Z          the page says 00:04 the next day        00:04+02:00
/// 18:06Z          the page says 6:06 PM EST               18:06-05:00: the Z is made up
/// 01:41+00:00     the page says 01:41 PM                  13:41+00:00: half the day is lost
/// ```
fn mend(known: When, other: When, is_visible: bool) -> Option<When> {
    let known = match (known, other) {
        (When::Instant(known), _) => known,
        // the page's clock, and the same moment in its metadata
        (When::Local(local), When::Instant(moment)) if moment.offset().local_minus_utc() == 0 => {
            return mend(other, When::Local(local), true);
        }
        _ => return None,
    };
    let is_utc = known.offset().local_minus_utc() == 0;
    match other {
        When::Instant(other) if (other - known).abs() < TimeDelta::minutes(1) => {
            let shown = known.with_timezone(other.offset());
            (is_utc && other.offset().local_minus_utc() != 0).then_some(When::Instant(shown))
        }
        When::Instant(other) => {
            let same_clock = minutes(known.naive_local()) == minutes(other.naive_local());
            let has_zone = other.offset().local_minus_utc() != 0;
            (is_visible && is_utc && has_zone && same_clock).then_some(When::Instant(other))
        }
        When::Local(local) if is_visible => {
            let ahead = (minutes(local) - minutes(known.naive_utc())).num_minutes();
            if minutes(local) == minutes(known.naive_local()) {
                return None;
            }
            if minutes(local) - minutes(known.naive_local()) == TimeDelta::hours(12) {
                let offset = *known.offset();
                return Some(When::Instant((known + TimeDelta::hours(12)).with_timezone(&offset)));
            }
            let is_offset = ahead.abs() <= 14 * 60 && ahead % 15 == 0 && is_utc;
            let offset = FixedOffset::east_opt(i32::try_from(ahead * 60).ok()?).filter(|_| is_offset)?;
            Some(When::Instant(known.with_timezone(&offset)))
        }
        When::Local(_) | When::Day(_) => None,
    }
}

/// A time without its seconds.
fn minutes(time: NaiveDateTime) -> NaiveDateTime {
    time.with_second(0).and_then(|time| time.with_nanosecond(0)).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn when(text: &str) -> When {
        let hints = Hints::at("2026-11-24T12:00:00Z".parse().unwrap());
        dates::parse(text, &hints).unwrap()
    }

    #[test]
    fn what_readers_see_mends_what_metadata_says() {
        for (known, other, visible, expected) in [
            ("2019-10-18T22:04:00Z", "Sat, 19 Oct 2019 00:04:00 +0200", false, Some("2019-10-19T00:04:00+02:00")),
            ("2019-10-18T22:04:31Z", "19 October 2019 00:04", true, Some("2019-10-19T00:04:31+02:00")),
            ("2016-12-13T18:06:00Z", "Dec 13 2016, 6:06 PM EST", true, Some("2016-12-13T18:06:00-05:00")),
            ("2016-12-13T01:41:00+01:00", "Dec 13 2016, 1:41 PM", true, Some("2016-12-13T13:41:00+01:00")),
            ("2019-10-18T22:04:00Z", "19 October 2019 00:07", true, None),
            ("2019-10-18T22:04:00Z", "19 October 2019 00:04", false, None),
            ("2019-10-18T22:04:00+02:00", "18 October 2019 22:04", true, None),
            ("2019-10-18", "19 October 2019 00:04", true, None),
        ] {
            assert_eq!(mend(when(known), when(other), visible), expected.map(when), "{known} {other}");
        }
    }
}
