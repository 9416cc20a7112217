//! RFC 822 / 2822 dates in their usual form, byte by byte: `Thu, 01 Jan 2004 19:48:21 GMT`.
//!
//! Whatever deviates is left to the slower reading.

use chrono::FixedOffset;

use super::numbers::{self, Scan};
use super::{Clock, When, day, full_year, instant};

/// Reads a whole text of this form; the weekday may be wrong, missing or lack its comma.
pub(super) fn parse(text: &[u8]) -> Option<When> {
    let mut scan = Scan::new(text);
    if scan.peek().is_some_and(|byte| byte.is_ascii_alphabetic()) {
        if !is_weekday(scan.word()) {
            return None;
        }
        scan.skip(b',');
        scan.spaces();
    }
    let (number, _) = scan.number(2)?;
    separator(&mut scan)?;
    let month = month(scan.word())?;
    separator(&mut scan)?;
    let (year, digits) = scan.number(4)?;
    let year = match digits {
        2 => full_year(year),
        4 => year,
        _ => return None,
    };
    let date = day(year, month, number)?;
    scan.some_spaces()?;
    let mut clock = Clock { hour: scan.number(2)?.0, ..Clock::default() };
    scan.expect(b':')?;
    clock.minute = scan.digits(2)?;
    if scan.skip(b':') {
        clock.second = scan.digits(2)?;
    }
    let local = clock.on(date)?;
    scan.spaces();
    if scan.is_done() {
        return Some(When::Local(local));
    }
    let offset = zone(&mut scan)?;
    scan.is_done().then(|| instant(local, offset)).flatten()
}

/// Space, or the dashes of RFC 850.
fn separator(scan: &mut Scan<'_>) -> Option<()> {
    if scan.skip(b'-') { Some(()) } else { scan.some_spaces() }
}

fn zone(scan: &mut Scan<'_>) -> Option<FixedOffset> {
    if matches!(scan.peek(), Some(b'+' | b'-')) {
        return numbers::offset(scan);
    }
    // nought needs no sign
    if scan.rest() == b"0000" {
        scan.digits(4)?;
        return FixedOffset::east_opt(0);
    }
    let hours = match scan.word() {
        b"GMT" | b"UTC" | b"UT" | b"Z" => 0,
        b"EDT" => -4,
        b"EST" | b"CDT" => -5,
        b"MDT" => -6,
        b"MST" | b"PDT" => -7,
        b"PST" => -8,
        b"CET" => 1,
        b"CEST" => 2,
        _ => return None,
    };
    FixedOffset::east_opt(hours * 3600)
}

fn is_weekday(word: &[u8]) -> bool {
    matches!(word, b"Mon" | b"Tue" | b"Wed" | b"Thu" | b"Fri" | b"Sat" | b"Sun")
}

fn month(word: &[u8]) -> Option<u32> {
    Some(match word {
        b"Jan" => 1,
        b"Feb" => 2,
        b"Mar" => 3,
        b"Apr" => 4,
        b"May" => 5,
        b"Jun" => 6,
        b"Jul" => 7,
        b"Aug" => 8,
        b"Sep" => 9,
        b"Oct" => 10,
        b"Nov" => 11,
        b"Dec" => 12,
        _ => return None,
    })
}
