//! Dates as outlets write them: RFC 822, ISO 8601, epoch, prose in many languages, relative.
//!
//! ```text
//! parse(text, hints)     rfc822 | rfc3339      the two exact forms, by bytes: nearly every date of a feed
//!                        iso                   ISO 8601 cut short or packed, epoch
//!                        tokens -> prose       everything else, by words and numbers
//!                               -> relative    "2 hours ago"
//! parse_absolute(..)     the same without what counts from now
//! find(text, hints)      tokens -> prose       the first date inside a longer line
//! place(when, zone)      an instant
//! is_believable(..)      neither too old nor ahead
//! ```
//!
//! One rule stands above all others: never a wrong date. What can be read in two ways is no date,
//! unless a hint decides.

mod calendar;
mod find;
mod fold;
mod iso;
mod numbers;
mod outlet;
mod place;
mod prose;
mod relative;
mod rfc3339;
mod rfc822;
mod time;
mod tokens;
mod words;

use std::ops::Range;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

pub use find::find;
pub use outlet::{OutletClock, Proposal};
pub use place::{is_believable, is_dated_believable, place};
use words::Roles;

/// Longest text that is taken for a date, bytes: dates are short, and hostile text is not.
const LONGEST: usize = 400;

/// What is known beside the text of a date.
#[derive(Clone, Copy, Debug)]
pub struct Hints<'a> {
    /// BCP 47; decides `03/01/2023`, and months and zones that languages share.
    pub language: Option<&'a str>,
    /// What relative dates count from, and what two-digit years are held against.
    pub now: DateTime<Utc>,
    /// Whether `03/01/2023` is in January; stronger than the language.
    pub day_first: Option<bool>,
}

impl Hints<'_> {
    /// Nothing is known but the time.
    #[must_use]
    pub const fn at(now: DateTime<Utc>) -> Self {
        Self { language: None, now, day_first: None }
    }
}

/// A date as its text has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// With an offset or a zone.
    Instant(DateTime<FixedOffset>),
    /// A time of day without a zone.
    Local(NaiveDateTime),
    /// No time of day.
    Day(NaiveDate),
}

/// A date inside a longer text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub when: When,
    /// Bytes of the text that the date takes up, with its time and zone.
    pub range: Range<usize>,
}

/// Reads a text that is one date and nothing else but labels, weekdays and the like.
///
/// `None` where the text is no date, an impossible one (30 February), or one that can be read in
/// two ways. A year or month alone is its first day. Years before 1000 are refused; whether the
/// date can be believed is for [`is_believable`] to say.
#[must_use]
pub fn parse(text: &str, hints: &Hints<'_>) -> Option<When> {
    read(text, hints, true)
}

/// Reads a date as [`parse`] does, but for words that count from now: `yesterday`, `2 hours ago`.
///
/// For the date fields of formats: what stands there was written at another time than it is read.
#[must_use]
pub fn parse_absolute(text: &str, hints: &Hints<'_>) -> Option<When> {
    read(text, hints, false)
}

fn read(text: &str, hints: &Hints<'_>, may_count_back: bool) -> Option<When> {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    rfc822::parse(text.as_bytes())
        .or_else(|| rfc3339::parse(text.as_bytes()))
        .or_else(|| iso::parse(text, hints))
        .or_else(|| {
            let tokens = tokens::split(text, hints.language);
            if may_count_back {
                return relative::parse(&tokens, hints).or_else(|| prose::parse(text, &tokens, hints));
            }
            let counts_back = tokens.iter().any(|token| token.has(Roles::TODAY) || token.has(Roles::YESTERDAY));
            if counts_back { None } else { prose::parse(text, &tokens, hints) }
        })
}

/// A day that exists, of a year that can be meant.
fn day(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    let year = i32::try_from(year).ok().filter(|year| (1000..=9999).contains(year))?;
    NaiveDate::from_ymd_opt(year, month, day)
}

/// The year that two digits mean (RFC 2822 §4.3).
const fn full_year(short: u32) -> u32 {
    if short < 50 { 2000 + short } else { 1900 + short }
}

/// A time of day; the second 60 and the hour 24 run into the next minute and day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Clock {
    hour: u32,
    minute: u32,
    second: u32,
    nanosecond: u32,
}

impl Clock {
    /// The local time on a day; `None` for an hour, minute or second that does not exist.
    fn on(self, day: NaiveDate) -> Option<NaiveDateTime> {
        if let Some(time) = NaiveTime::from_hms_nano_opt(self.hour, self.minute, self.second, self.nanosecond) {
            return Some(day.and_time(time));
        }
        let exists = self.minute < 60 && self.second <= 60 && self.nanosecond < 1_000_000_000;
        let is_midnight = self.hour == 24 && self.minute == 0 && self.second == 0;
        if exists && (self.hour < 24 || is_midnight) { self.carry_on(day) } else { None }
    }

    /// The local time on a day where fields that are too large run over, as C's `mktime` has it.
    fn carry_on(self, day: NaiveDate) -> Option<NaiveDateTime> {
        let seconds = self.hour * 3600 + self.minute * 60 + self.second;
        let span = TimeDelta::new(i64::from(seconds), self.nanosecond)?;
        day.and_time(NaiveTime::MIN).checked_add_signed(span)
    }
}

/// A local time with a fixed offset, as an instant.
fn instant(local: NaiveDateTime, offset: FixedOffset) -> Option<When> {
    local.and_local_timezone(offset).single().map(When::Instant)
}

#[cfg(test)]
mod tests;
