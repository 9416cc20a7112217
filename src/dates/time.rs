//! Times of day and zones among tokens: `16:50`, `4:50 p.m.`, `10h30`, `오후 2시 5분`, `EST`, `GMT+0300`.

use chrono::FixedOffset;
use chrono_tz::Tz;

use super::numbers;
use super::prose::Reader;
use super::tokens::{Kind, Token};
use super::words::{self, Roles, Zone};
use super::{Clock, fold};

/// What stands where a zone may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ZoneRead {
    Known(Zone),
    /// A word or number in a zone's place that names none.
    Unknown,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Am,
    Pm,
}

impl Reader<'_> {
    /// The time of day that begins at a token, and the token after it.
    pub(super) fn time_at(&self, at: usize) -> Option<(Clock, usize)> {
        let token = self.tokens.get(at)?;
        if token.number().is_some() {
            return self.clock_at(at, None);
        }
        // 오후 2:05; a single letter in front would rather belong to what stands before it
        let is_word = token.word()?.chars().nth(1).is_some();
        let half = half(token).filter(|_| is_word)?;
        self.clock_at(at + 1, Some(half))
    }

    fn clock_at(&self, at: usize, before: Option<Half>) -> Option<(Clock, usize)> {
        let hour = self.short_number(at)?;
        let mut clock = Clock { hour, ..Clock::default() };
        let mut next = at + 1;
        // whether the text leaves no doubt that this is a time
        let mut is_clear = false;
        let separator = self.tokens.get(next)?;
        if separator.is_mark(':') {
            clock.minute = self.two_digits(next + 1)?;
            next += 2;
            is_clear = true;
            if self.is_mark(next, ':') {
                clock.second = self.two_digits(next + 1)?;
                next += 2;
            }
            if self.is_mark(next, ':') {
                return None;
            }
            next = self.fraction(next, &mut clock);
        } else if separator.has(Roles::HOUR_MARK) {
            next += 1;
            is_clear = true;
            if let Some(minute) = self.minute_after_mark(next) {
                clock.minute = minute;
                next += 1;
                next += usize::from(self.has(next, Roles::MINUTE_MARK));
                let second = self.short_number(next).filter(|_| self.has(next + 1, Roles::SECOND_MARK));
                if let Some(second) = second {
                    clock.second = second;
                    next += 2;
                }
            }
        } else if let Some(minute) = self.two_digits(next + 1).filter(|_| self.is_point(next)) {
            clock.minute = minute;
            next += 2;
            is_clear = self.has(next, Roles::HOUR_MARK) || self.follows_time_word(at);
        }
        next += usize::from(is_clear && self.has(next, Roles::HOUR_MARK));
        let after = self.tokens.get(next).and_then(half);
        if after.is_some() && before.is_none() {
            is_clear = true;
            next += 1;
        }
        clock.hour = on_24_hours(clock.hour, before.or(after))?;
        (is_clear && clock.hour <= 24 && clock.minute < 60 && clock.second <= 60).then_some((clock, next))
    }

    /// Whether a dot stands here between two tokens, without spaces.
    fn is_point(&self, at: usize) -> bool {
        self.is_mark(at, '.') && !self.is_spaced(at) && !self.is_spaced(at + 1)
    }

    /// The minute of `10h30` or `14時05分`; a number that begins something else is none.
    fn minute_after_mark(&self, at: usize) -> Option<u32> {
        let (value, digits) = self.tokens.get(at)?.number()?;
        let is_marked = self.has(at + 1, Roles::MINUTE_MARK);
        // 18 h 05, but not 18 h 05 mars
        let is_apart = self.is_spaced(at - 1) && self.tokens.get(at + 1).is_none_or(|next| next.month().is_none());
        let is_close = digits == 2 && (!self.is_spaced(at) || is_apart);
        (digits <= 2 && value < 60 && (is_marked || is_close)).then_some(value)
    }

    /// Takes `.123` after the seconds.
    fn fraction(&self, at: usize, clock: &mut Clock) -> usize {
        let is_point = self.is_mark(at, '.') || self.is_mark(at, ',');
        let Some(token) = self.tokens.get(at + 1).filter(|token| is_point && !token.is_spaced) else { return at };
        let digits = self.text[token.start..token.end].chars().filter_map(fold::digit);
        if !matches!(token.kind, Kind::Number { .. } | Kind::Other) {
            return at;
        }
        let mut unit = 100_000_000;
        for digit in digits {
            clock.nanosecond += u32::from(digit) * unit;
            unit /= 10;
        }
        at + 2
    }

    /// Whether the word before says that a time comes: `um 16.50`, `kl. 16.50`.
    fn follows_time_word(&self, at: usize) -> bool {
        let before =
            at.checked_sub(1).map(|before| if self.is_mark(before, '.') { before.saturating_sub(1) } else { before });
        let word = before.and_then(|before| self.tokens.get(before)).and_then(Token::word);
        word.is_some_and(|word| matches!(word, "um" | "kl" | "klo" | "ore" | "alle" | "godz" | "saat" | "pukul" | "at"))
    }

    /// The zone that begins at a token, and the token after it.
    pub(super) fn zone_at(&self, at: usize) -> Option<(ZoneRead, usize)> {
        let token = self.tokens.get(at)?;
        for (open, close) in [('(', ')'), ('[', ']')] {
            if token.is_mark(open) {
                let (zone, next) = self.zone_at(at + 1)?;
                return self.is_mark(next, close).then_some((zone, next + 1));
            }
        }
        if token.is_mark('+') || token.is_mark('-') {
            return self.offset_at(at);
        }
        self.named_zone(at)
    }

    /// A signed number: `+0300`, `+03:00`, `-5`.
    fn offset_at(&self, at: usize) -> Option<(ZoneRead, usize)> {
        let west = self.is_mark(at, '-');
        let (value, digits) = self.tokens.get(at + 1).filter(|token| !token.is_spaced)?.number()?;
        let mut next = at + 2;
        let (hours, minutes) = match digits {
            3 | 4 => (value / 100, value % 100),
            1 | 2 if self.is_mark(next, ':') && !self.is_spaced(next + 1) => {
                let Some(minutes) = self.two_digits(next + 1) else {
                    // +00:xx: somebody meant a zone, nobody knows which
                    self.tokens.get(next + 1)?.word()?;
                    return Some((ZoneRead::Unknown, next + 2));
                };
                next += 2;
                (value, minutes)
            }
            1 | 2 => (value, 0),
            _ => return None,
        };
        let offset = numbers::make_offset(west, hours, minutes)?;
        Some((ZoneRead::Known(Zone::Fixed(offset)), next))
    }

    /// `EST`, `GMT+3`, `Europe/London`.
    fn named_zone(&self, at: usize) -> Option<(ZoneRead, usize)> {
        let token = self.tokens.get(at)?;
        let Kind::Word { text, is_capital, .. } = &token.kind else { return None };
        if let Some((tz, next)) = self.place_name(at) {
            return Some((ZoneRead::Known(Zone::Named(tz)), next));
        }
        // est is French, et Latin: small letters are believed only of longer names in a whole date
        let is_certain =
            *is_capital || text == "z" || text == "мск" || (!self.is_strict && text.chars().nth(2).is_some());
        // one letter is a zone at the very end only, and an article or an initial elsewhere
        let is_letter = text.chars().nth(1).is_none() && text != "z";
        if is_letter && (self.is_strict || at + 1 < self.tokens.len()) {
            return None;
        }
        let zone = words::zone(&text.to_uppercase(), self.hints.language).filter(|_| is_certain)?;
        let is_signed = self.is_mark(at + 1, '+') || self.is_mark(at + 1, '-');
        let Some((ZoneRead::Known(number), next)) = self.offset_at(at + 1).filter(|_| is_signed) else {
            return Some((ZoneRead::Known(zone), at + 1));
        };
        let is_universal = zone == Zone::Fixed(FixedOffset::east_opt(0)?);
        (is_universal || zone == number).then_some((ZoneRead::Known(number), next))
    }

    /// An IANA name.
    fn place_name(&self, at: usize) -> Option<(Tz, usize)> {
        let mut next = at + 1;
        while self.is_mark(next, '/') || self.is_mark(next, '_') {
            next += 2;
        }
        if next == at + 1 || next > at + 9 {
            return None;
        }
        let (first, last) = (self.tokens.get(at)?, self.tokens.get(next - 1)?);
        self.text[first.start..last.end].parse().ok().map(|tz| (tz, next))
    }

    pub(super) fn is_mark(&self, at: usize, mark: char) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is_mark(mark))
    }

    pub(super) fn is_spaced(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is_spaced)
    }

    pub(super) fn has(&self, at: usize, any: Roles) -> bool {
        self.tokens.get(at).is_some_and(|token| token.has(any))
    }

    /// A number of one or two digits.
    pub(super) fn short_number(&self, at: usize) -> Option<u32> {
        self.tokens.get(at)?.number().filter(|(_, digits)| *digits <= 2).map(|(value, _)| value)
    }

    fn two_digits(&self, at: usize) -> Option<u32> {
        self.tokens.get(at)?.number().filter(|(_, digits)| *digits == 2).map(|(value, _)| value)
    }
}

fn half(token: &Token) -> Option<Half> {
    match (token.has(Roles::AM), token.has(Roles::PM)) {
        (true, false) => Some(Half::Am),
        (false, true) => Some(Half::Pm),
        _ => None,
    }
}

/// The hour of the day; `16:50 PM` is redundant, `16:50 AM` contradicts itself.
fn on_24_hours(hour: u32, half: Option<Half>) -> Option<u32> {
    match half {
        Some(Half::Am) if hour == 12 => Some(0),
        Some(Half::Am) if hour > 12 => None,
        Some(Half::Pm) if hour < 12 => Some(hour + 12),
        Some(_) | None => Some(hour),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use crate::dates::{Hints, When, parse};

    #[test]
    fn zone_names_have_their_offsets() {
        let zones = [
            ("EST", "-05:00"),
            ("EDT", "-04:00"),
            ("CST", "-06:00"),
            ("CDT", "-05:00"),
            ("MST", "-07:00"),
            ("MDT", "-06:00"),
            ("PST", "-08:00"),
            ("PDT", "-07:00"),
            ("AKST", "-09:00"),
            ("HST", "-10:00"),
            ("UT", "+00:00"),
            ("Z", "+00:00"),
            ("A", "-01:00"),
            ("M", "-12:00"),
            ("N", "+01:00"),
            ("Y", "+12:00"),
            // in winter only the name is wrong: the clock is London's
            ("BST", "+00:00"),
            ("IST", "+05:30"),
            ("CET", "+01:00"),
            ("MEZ", "+01:00"),
            ("MESZ", "+02:00"),
            ("EET", "+02:00"),
            ("EEST", "+03:00"),
            ("WEST", "+01:00"),
            ("MSK", "+03:00"),
            ("JST", "+09:00"),
            ("KST", "+09:00"),
            ("SGT", "+08:00"),
            ("HKT", "+08:00"),
            ("WIB", "+07:00"),
            ("WITA", "+08:00"),
            ("WIT", "+09:00"),
            ("AEST", "+10:00"),
            ("AEDT", "+11:00"),
            ("ACST", "+09:30"),
            ("AWST", "+08:00"),
            ("NZST", "+12:00"),
            ("NZDT", "+13:00"),
            ("PKT", "+05:00"),
            ("GST", "+04:00"),
            ("MET", "+01:00"),
        ];
        for (name, offset) in zones {
            let text = format!("Sat, 02 Mar 2024 09:05:03 {name}");
            let expected = format!("2024-03-02T09:05:03{offset}").parse().ok().map(When::Instant);
            assert_eq!(parse(&text, &Hints::at(DateTime::UNIX_EPOCH)), expected, "{name}");
        }
    }
}
