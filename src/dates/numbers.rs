//! Numbers in fixed places, for the forms that are read byte by byte.

use chrono::FixedOffset;

/// Largest offset of a zone, minutes: Kiribati's +14:00. Beyond it a number is no offset.
pub(super) const LARGEST_OFFSET: u32 = 14 * 60;

/// A place in a text that is read from left to right.
#[derive(Clone, Copy)]
pub(super) struct Scan<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn is_done(&self) -> bool {
        self.at >= self.text.len()
    }

    /// How many digits stand here.
    pub(super) fn run(&self) -> usize {
        self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count()
    }

    /// Steps over one byte if it is this one.
    pub(super) fn skip(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    pub(super) fn expect(&mut self, byte: u8) -> Option<()> {
        self.skip(byte).then_some(())
    }

    pub(super) fn spaces(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    pub(super) fn some_spaces(&mut self) -> Option<()> {
        let before = self.at;
        self.spaces();
        (self.at > before).then_some(())
    }

    /// The ASCII letters that stand here.
    pub(super) fn word(&mut self) -> &'a [u8] {
        let rest = self.rest();
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        self.at += length;
        &rest[..length]
    }

    /// A number of one to `most` digits that no further digit follows, and how many it has.
    pub(super) fn number(&mut self, most: usize) -> Option<(u32, usize)> {
        let digits = self.run();
        if digits == 0 || digits > most {
            return None;
        }
        Some((self.digits(digits)?, digits))
    }

    /// A number of exactly so many digits, at most nine; more may follow.
    pub(super) fn digits(&mut self, count: usize) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + count)?;
        let mut value = 0;
        for digit in digits {
            if !digit.is_ascii_digit() {
                return None;
            }
            value = value * 10 + u32::from(digit - b'0');
        }
        self.at += count;
        Some(value)
    }

    /// Digits after the point of a second, in nanoseconds; what is finer is dropped.
    pub(super) fn nanoseconds(&mut self) -> Option<u32> {
        let run = self.run();
        let kept = run.min(9);
        let mut value = self.digits(kept).filter(|_| kept > 0)?;
        for _ in kept..9 {
            value *= 10;
        }
        self.at += run - kept;
        Some(value)
    }
}

/// `+hh`, `+hhmm` or `+hh:mm` (RFC 2822 §3.3, RFC 3339 §5.6, ISO 8601).
pub(super) fn offset(scan: &mut Scan<'_>) -> Option<FixedOffset> {
    let west = scan.skip(b'-');
    if !west {
        scan.expect(b'+')?;
    }
    let (hours, minutes) = match scan.run() {
        4 => (scan.digits(2)?, scan.digits(2)?),
        2 => {
            let hours = scan.digits(2)?;
            (hours, if scan.skip(b':') { scan.number(2).filter(|(_, digits)| *digits == 2)?.0 } else { 0 })
        }
        _ => return None,
    };
    make_offset(west, hours, minutes)
}

/// An offset that some place on earth can have.
pub(super) fn make_offset(west: bool, hours: u32, minutes: u32) -> Option<FixedOffset> {
    let total = hours.checked_mul(60)?.checked_add(minutes).filter(|total| minutes < 60 && *total <= LARGEST_OFFSET)?;
    let seconds = i32::try_from(total * 60).ok()?;
    FixedOffset::east_opt(if west { -seconds } else { seconds })
}
