//! ISO 8601 in its packed, ordinal, week and truncated forms, and seconds since 1970.
//!
//! `2003`, `2003-12`, `20031231T101455Z`, `2003-335`, `2003-W52-3`, `031231`, `1709370303`.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Weekday};

use super::numbers::{self, Scan};
use super::{Clock, Hints, When, day, fold, full_year, instant};

/// Reads a whole text of these forms.
pub(super) fn parse(text: &str, hints: &Hints<'_>) -> Option<When> {
    let ascii = to_ascii(text)?;
    if let Some(when) = digits_alone(&ascii, hints) {
        return Some(when);
    }
    let mut scan = Scan::new(ascii.as_bytes());
    let date = date(&mut scan)?;
    if scan.is_done() {
        return Some(When::Day(date));
    }
    if !(scan.skip(b'T') || scan.skip(b't')) {
        scan.some_spaces()?;
    }
    if is_blank_time(scan.rest()) {
        return Some(When::Day(date));
    }
    let clock = clock(&mut scan)?;
    let local = on_or_over(clock, date)?;
    scan.spaces();
    if scan.is_done() {
        return Some(When::Local(local));
    }
    let is_utc = scan.skip(b'Z') || scan.skip(b'z');
    let offset = if is_utc { numbers::make_offset(false, 0, 0)? } else { numbers::offset(&mut scan)? };
    scan.is_done().then(|| instant(local, offset)).flatten()
}

/// Whether a time was left to be filled in: `09:xx:00Z`, `??:??`. The day is sure all the same.
fn is_blank_time(rest: &[u8]) -> bool {
    let is_blank = |byte: &u8| matches!(byte, b'x' | b'X' | b'?');
    rest.iter().any(is_blank)
        && rest.contains(&b':')
        && rest.iter().all(|byte| byte.is_ascii_digit() || is_blank(byte) || b":.Zz+- ".contains(byte))
        // a zone alone that is unknown leaves the time
        && rest.iter().take(8).any(is_blank)
}

/// Whether a date is one that outlets write about their articles; decides between two readings.
pub(super) fn is_plausible(date: NaiveDate, hints: &Hints<'_>) -> bool {
    date.year() >= 1990 && date <= hints.now.date_naive().succ_opt().unwrap_or(date)
}

/// The text in ASCII, digits of other scripts and typographic signs replaced.
fn to_ascii(text: &str) -> Option<String> {
    let fold = |c: char| match (fold::digit(c), c) {
        (Some(digit), _) => Some(char::from(b'0' + digit)),
        (None, '\u{2212}' | '\u{2010}' | '\u{2011}') => Some('-'),
        (None, '\u{FF1A}') => Some(':'),
        (None, '\u{FF34}') => Some('T'),
        (None, c) if c.is_ascii() => Some(c),
        (None, c) => c.is_whitespace().then_some(' '),
    };
    // every form begins with a digit or a sign; anything else need not be copied
    let begins = text.chars().next().is_some_and(|c| c == '-' || fold::digit(c).is_some());
    if begins { text.chars().map(fold).collect() } else { None }
}

/// A text of nothing but digits: packed dates and epochs are told apart by their length.
fn digits_alone(text: &str, hints: &Hints<'_>) -> Option<When> {
    let whole = text.split_once('.').map_or(text, |(whole, fraction)| match whole.len() {
        9 | 10 if !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit()) => whole,
        _ => text,
    });
    if !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i64 = whole.parse().ok()?;
    let mut scan = Scan::new(whole.as_bytes());
    match whole.len() {
        4 => day(scan.digits(4)?, 1, 1).map(When::Day),
        5 => {
            let year = full_year(scan.digits(2)?);
            ordinal(year, scan.digits(3)?).map(When::Day)
        }
        6 => six_digits(&mut scan, hints).map(When::Day),
        7 => ordinal(scan.digits(4)?, scan.digits(3)?).filter(|date| date.year() >= 1900).map(When::Day),
        8 => packed_day(&mut scan).map(When::Day),
        9 | 10 => DateTime::from_timestamp(number, 0).map(|at| When::Instant(at.fixed_offset())),
        12 | 14 => packed_time(&mut scan).map(When::Local).or_else(|| epoch_millis(number)),
        13 => epoch_millis(number),
        16 => DateTime::from_timestamp_micros(number).map(|at| When::Instant(at.fixed_offset())),
        _ => None,
    }
}

fn epoch_millis(number: i64) -> Option<When> {
    // up to the year 2286, as ten digits of seconds are
    let at = DateTime::from_timestamp_millis(number).filter(|_| number < 10_000_000_000_000)?;
    Some(When::Instant(at.fixed_offset()))
}

/// `YYMMDD`, unless `DDMMYY` would be as likely.
fn six_digits(scan: &mut Scan<'_>, hints: &Hints<'_>) -> Option<NaiveDate> {
    let (first, second, third) = (scan.digits(2)?, scan.digits(2)?, scan.digits(2)?);
    let likely = |year, month, number| day(full_year(year), month, number).filter(|date| is_plausible(*date, hints));
    let date = likely(first, second, third)?;
    match likely(third, second, first) {
        Some(other) if other != date => None,
        _ => Some(date),
    }
}

fn packed_day(scan: &mut Scan<'_>) -> Option<NaiveDate> {
    let (year, month, number) = (scan.digits(4)?, scan.digits(2)?, scan.digits(2)?);
    day(year, month, number).filter(|date| (1900..2200).contains(&date.year()))
}

/// `YYYYMMDDhhmm` or `YYYYMMDDhhmmss`.
fn packed_time(scan: &mut Scan<'_>) -> Option<NaiveDateTime> {
    let date = packed_day(scan)?;
    let (hour, minute) = (scan.digits(2)?, scan.digits(2)?);
    let second = if scan.is_done() { 0 } else { scan.digits(2)? };
    Clock { hour, minute, second, nanosecond: 0 }.on(date)
}

/// Day of the year, from 1.
fn ordinal(year: u32, number: u32) -> Option<NaiveDate> {
    day(year, 1, 1)?.with_ordinal(number)
}

/// The date at the start of a longer text.
fn date(scan: &mut Scan<'_>) -> Option<NaiveDate> {
    if scan.skip(b'-') {
        // -YY-MM, ISO 8601:1988 §5.2.1.3
        let year = full_year(scan.digits(2)?);
        scan.expect(b'-')?;
        let month = scan.digits(2)?;
        return day(year, month, 1).filter(|_| scan.is_done());
    }
    match scan.run() {
        8 => return packed_day(scan),
        7 => return ordinal(scan.digits(4)?, scan.digits(3)?),
        4 => {}
        _ => return None,
    }
    let year = scan.digits(4)?;
    let is_parted = scan.skip(b'-');
    if scan.skip(b'W') || scan.skip(b'w') {
        return week(scan, year, is_parted);
    }
    if !is_parted {
        return None;
    }
    match scan.run() {
        3 => ordinal(year, scan.digits(3)?),
        1 | 2 => {
            let (month, _) = scan.number(2)?;
            if scan.is_done() {
                return day(year, month, 1);
            }
            scan.expect(b'-')?;
            day(year, month, scan.number(2)?.0)
        }
        _ => None,
    }
}

/// What follows the W of `2003-W52-3` or `2003W523`; a week alone is its Monday.
fn week(scan: &mut Scan<'_>, year: u32, is_parted: bool) -> Option<NaiveDate> {
    let number = scan.digits(2)?;
    let has_day = if is_parted { scan.skip(b'-') } else { scan.run() == 1 };
    let weekday = if has_day { scan.digits(1)? } else { 1 };
    let weekday = u8::try_from(weekday.checked_sub(1)?).ok().and_then(|index| Weekday::try_from(index).ok())?;
    let year = i32::try_from(year).ok().filter(|year| *year >= 1000)?;
    NaiveDate::from_isoywd_opt(year, number, weekday)
}

/// `hh`, `hhmm`, `hhmmss` or the same with colons; the last part may have a fraction.
fn clock(scan: &mut Scan<'_>) -> Option<Clock> {
    let is_packed = matches!(scan.run(), 4 | 6);
    let mut clock = Clock { hour: if is_packed { scan.digits(2)? } else { scan.number(2)?.0 }, ..Clock::default() };
    let mut unit = 3600;
    if is_packed || scan.skip(b':') {
        clock.minute = scan.digits(2)?;
        unit = 60;
        if (is_packed && scan.run() == 2) || (!is_packed && scan.skip(b':')) {
            clock.second = scan.digits(2)?;
            unit = 1;
        }
    }
    let has_fraction = scan.skip(b'.') || scan.skip(b',');
    // 22:06:08:684, as some write milliseconds
    if has_fraction || (unit == 1 && scan.skip(b':') && scan.run() == 3) {
        let nanoseconds = u64::from(scan.nanoseconds()?) * unit;
        let (seconds, rest) = (nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000);
        clock.nanosecond = u32::try_from(rest).ok()?;
        let seconds = u32::try_from(seconds).ok()?;
        clock.minute += seconds / 60;
        clock.second += seconds % 60;
    }
    Some(clock)
}

/// The local time; where a writer's own sum ran over (`23:60`, `25:14`), what the sum means.
///
/// Hours up to 29 are also how broadcasters count the night of a day.
fn on_or_over(clock: Clock, date: NaiveDate) -> Option<NaiveDateTime> {
    let is_near = clock.hour < 30 && clock.minute <= 61 && clock.second <= 61;
    clock.on(date).or_else(|| is_near.then(|| clock.carry_on(date)).flatten())
}
