//! The first date inside a longer line: a byline, a caption, the text of a `time` element.

use chrono::{Datelike, NaiveDate};

use super::prose::{Pieces, Reader};
use super::time::ZoneRead;
use super::tokens::{self, Kind, Token};
use super::words::Roles;
use super::{Clock, Found, Hints, When, relative};

/// How much of a text is searched, bytes: a byline is short.
const WINDOW: usize = 2000;

/// Most tokens between a date and its time.
const MOST_BETWEEN: usize = 3;

/// Shortest name of a weekday that is taken along with its date; shorter ones are also surnames.
const LONG_WEEKDAY: usize = 6;

/// Finds the first full date within a text, with its time and zone where they adjoin.
///
/// The range covers the date, its time and zone, and a weekday written out before it. A date
/// without a year is none.
#[must_use]
pub fn find(text: &str, hints: &Hints<'_>) -> Option<Found> {
    let text = &text[..text.floor_char_boundary(WINDOW)];
    if !text.chars().any(|c| super::fold::digit(c).is_some()) {
        return None;
    }
    let tokens = tokens::split(text, hints.language);
    let finder = Finder { reader: Reader { text, tokens: &tokens, hints, is_strict: true } };
    let mut earlier = None;
    let mut at = 0;
    while at < tokens.len() {
        if finder.may_begin(at) {
            if let Some((date, next)) = finder.date_at(at) {
                return finder.complete(at, (date, next), earlier);
            }
            if let Some((when, next)) = finder.relative_at(at) {
                return Some(Found { when, range: tokens[at].start..tokens[next - 1].end });
            }
            if let Some((clock, next)) = finder.reader.time_at(at) {
                let (zone, next) = finder.zone_after(next);
                earlier = Some(Time { start: at, clock, zone, next });
                at = next;
                continue;
            }
        }
        at += 1;
    }
    None
}

/// A time of day that was passed on the way to the date.
struct Time {
    start: usize,
    clock: Clock,
    zone: Option<ZoneRead>,
    next: usize,
}

struct Finder<'t> {
    reader: Reader<'t>,
}

impl Finder<'_> {
    fn token(&self, at: usize) -> Option<&Token> {
        self.reader.tokens.get(at)
    }

    /// Whether something can begin here: not in the middle of `B2` or `x1`.
    fn may_begin(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.token(before));
        let is_glued = !self.reader.is_spaced(at)
            && before
                .and_then(Token::word)
                .is_some_and(|word| word.ends_with(|c: char| c.is_ascii_alphabetic()) && word != "t");
        !is_glued
    }

    /// A full date of a year that an article can have.
    fn date_at(&self, at: usize) -> Option<(NaiveDate, usize)> {
        // these are months in some languages and verbs in English
        let is_verb = self.token(at).and_then(Token::word).is_some_and(|word| matches!(word, "out" | "set" | "ago"));
        let found = if is_verb { None } else { self.reader.date_at(at) };
        found.filter(|(date, _)| (1900..2100).contains(&date.year()))
    }

    fn relative_at(&self, at: usize) -> Option<(When, usize)> {
        // há without its accent is also Italian, and "a" begins many a name
        let is_vague = self.token(at)?.has(Roles::ONE) || self.token(at)?.word() == Some("ha");
        if is_vague { None } else { relative::at(self.reader.tokens, at, self.reader.hints) }
    }

    fn zone_after(&self, at: usize) -> (Option<ZoneRead>, usize) {
        match self.reader.zone_at(at) {
            Some((zone @ ZoneRead::Known(_), next)) => (Some(zone), next),
            _ => (None, at),
        }
    }

    /// Joins a date with the time beside it.
    fn complete(&self, at: usize, (date, next): (NaiveDate, usize), earlier: Option<Time>) -> Option<Found> {
        let mut pieces = Pieces { date: Some(date), clock: None, zone: None };
        let mut start = self.start_with_weekday(at);
        let mut end = self.end_of_year(next);
        if let Some((clock, after)) = self.time_after(end) {
            let (zone, after) = self.zone_after(after);
            pieces.clock = Some(clock);
            pieces.zone = zone;
            end = after;
        } else if let Some(time) = earlier.filter(|time| self.adjoins(time.next, start)) {
            pieces.clock = Some(time.clock);
            pieces.zone = time.zone;
            start = time.start;
            if pieces.zone.is_none() {
                (pieces.zone, end) = self.zone_after(end);
            }
        }
        let when = pieces.when().unwrap_or(When::Day(date));
        Some(Found { when, range: self.token(start)?.start..self.token(end.checked_sub(1)?)?.end })
    }

    fn time_after(&self, at: usize) -> Option<(Clock, usize)> {
        (at..=at + MOST_BETWEEN).take_while(|next| self.adjoins(at, *next)).find_map(|next| self.reader.time_at(next))
    }

    /// Whether nothing but connecting words and marks stands between two tokens.
    fn adjoins(&self, from: usize, to: usize) -> bool {
        let Some(between) = self.reader.tokens.get(from..to) else { return false };
        between.len() <= MOST_BETWEEN
            && between.iter().all(|token| match &token.kind {
                Kind::Mark(mark) => matches!(mark, ',' | '-' | '|' | '.' | '·' | '•' | '/' | '(' | ')'),
                Kind::Word { text, roles, .. } => text == "t" || roles.has(Roles::FILLER.or(Roles::WEEKDAY)),
                Kind::Number { .. } | Kind::Other => false,
            })
    }

    fn start_with_weekday(&self, at: usize) -> usize {
        let before = |at: usize| at.checked_sub(1);
        let Some(mut candidate) = before(at) else { return at };
        if self.reader.is_mark(candidate, ',') {
            let Some(next) = before(candidate) else { return at };
            candidate = next;
        }
        let is_weekday = self.token(candidate).is_some_and(|token| {
            token.has(Roles::WEEKDAY) && token.word().is_some_and(|word| word.chars().count() >= LONG_WEEKDAY)
        });
        if is_weekday { candidate } else { at }
    }

    /// Takes along what belongs to the year: `г.`, `року`.
    fn end_of_year(&self, at: usize) -> usize {
        if !self.reader.has(at, Roles::AFTER_YEAR) {
            return at;
        }
        at + 1 + usize::from(self.reader.is_mark(at + 1, '.') && !self.reader.is_spaced(at + 1))
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::*;
    use crate::dates::parse;

    fn hints() -> Hints<'static> {
        Hints::at("2024-06-15T12:00:00Z".parse::<DateTime<Utc>>().expect("a date"))
    }

    #[test]
    fn the_first_date_of_a_longer_line_is_found_with_its_place() {
        let rows = [
            ("By Vusala Abbasova March 1, 2023", "March 1, 2023", "2023-03-01"),
            ("Published: 12 May 2021 at 10:30 BST by X", "12 May 2021 at 10:30 BST", "2021-05-12T10:30:00+01:00"),
            ("Published 22:00, 11 July 2021 BST", "22:00, 11 July 2021 BST", "2021-07-11T22:00:00+01:00"),
            ("BAKU, 16:50, 1 марта 2023 — ТАСС", "16:50, 1 марта 2023", "2023-03-01T16:50:00"),
            ("Автор: Иван Петров, 1 марта 2023 г., Москва", "1 марта 2023 г.", "2023-03-01"),
            ("Photo taken Wednesday, March 1, 2023. (AP)", "Wednesday, March 1, 2023", "2023-03-01"),
            ("By Li Sun, March 1, 2023", "March 1, 2023", "2023-03-01"),
            ("记者 张三 2023年3月1日14:05 北京", "2023年3月1日14:05", "2023-03-01T14:05:00"),
            ("von Max Muster | 01.03.2023, 16:50 Uhr", "01.03.2023, 16:50 Uhr", "2023-03-01T16:50:00"),
            ("Jane Doe · 2 hours ago", "2 hours ago", "2024-06-15T10:00:00+00:00"),
            ("Updated 2023-03-01T10:00:00Z by staff", "2023-03-01T10:00:00Z", "2023-03-01T10:00:00+00:00"),
            ("Jane Doe (2023-03-01)", "2023-03-01", "2023-03-01"),
            ("10-12 March 2023, Paris", "12 March 2023", "2023-03-12"),
        ];
        for (text, part, expected) in rows {
            let found = find(text, &hints()).unwrap_or_else(|| panic!("{text}: nothing"));
            assert_eq!(&text[found.range], part, "{text}");
            assert_eq!(Some(found.when), parse(expected, &hints()), "{text}");
        }
        for text in [
            "By Jane Doe",
            "March 1",
            "Version 1.2.2023.4",
            "5 March 10 people came",
            "They were out 5, 2023 remained",
            "Boeing 737 landed at 10:30",
            "03/01/2023",
            "1 March 1066",
        ] {
            assert_eq!(find(text, &hints()), None, "{text}");
        }
    }
}
