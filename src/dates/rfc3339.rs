//! RFC 3339 and the common forms of W3C-DTF, byte by byte: `2004-02-28T18:14:55-08:00`.
//!
//! Whatever deviates is left to the slower reading.

use super::numbers::{self, Scan};
use super::{Clock, When, day, instant};

/// Reads a whole text of this form; the time, its seconds and the zone may be missing.
pub(super) fn parse(text: &[u8]) -> Option<When> {
    let mut scan = Scan::new(text);
    let year = scan.digits(4)?;
    scan.expect(b'-')?;
    let month = scan.digits(2)?;
    scan.expect(b'-')?;
    let date = day(year, month, scan.digits(2)?)?;
    if scan.is_done() {
        return Some(When::Day(date));
    }
    if !(scan.skip(b'T') || scan.skip(b' ')) {
        return None;
    }
    let mut clock = Clock { hour: scan.digits(2)?, ..Clock::default() };
    scan.expect(b':')?;
    clock.minute = scan.digits(2)?;
    if scan.skip(b':') {
        clock.second = scan.digits(2)?;
        if scan.skip(b'.') {
            clock.nanosecond = scan.nanoseconds()?;
        }
    }
    let local = clock.on(date)?;
    scan.skip(b' ');
    if scan.is_done() {
        return Some(When::Local(local));
    }
    let offset = if scan.skip(b'Z') { numbers::make_offset(false, 0, 0)? } else { numbers::offset(&mut scan)? };
    scan.is_done().then(|| instant(local, offset)).flatten()
}
