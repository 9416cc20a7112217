//! Dates among tokens: `1 марта 2023, 16:50`, `March 1, 2023`, `2023年3月1日`, `01.03.2023`.

use chrono::{Datelike, NaiveDate, TimeDelta};

use super::calendar::{Calendar, Month};
use super::iso::is_plausible;
use super::place::resolve;
use super::time::ZoneRead;
use super::tokens::{Kind, Token};
use super::words::{self, Order, Roles, Zone};
use super::{Clock, Hints, When, day, full_year, instant};

/// A text as tokens, with what is known beside it.
pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) tokens: &'t [Token],
    pub(super) hints: &'t Hints<'t>,
    /// Whether the text is more than a date: then only what leaves no doubt is a date.
    pub(super) is_strict: bool,
}

/// Reads tokens that are one date with its time and nothing else that matters.
pub(super) fn parse(text: &str, tokens: &[Token], hints: &Hints<'_>) -> Option<When> {
    let reader = Reader { text, tokens, hints, is_strict: false };
    let mut pieces = Pieces::default();
    // month and day of `Sun Jan  4 16:29:06 2004`, whose year comes last
    let mut pending = None;
    // `25/04/2026 Updated at 15:10`: what follows a second label is another date's time
    let mut is_over = false;
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        if is_over && (reader.date_at(at).is_some() || reader.time_at(at).is_some()) {
            return None;
        }
        at = if let Some((date, next)) = reader.date_at(at).filter(|_| pending.is_none()) {
            if pieces.date.replace(date).is_some() {
                return None;
            }
            next
        } else if let Some((month, number)) = reader.yearless(at).filter(|_| pieces.is_empty() && pending.is_none()) {
            pending = Some((month, number));
            at + 2
        } else if let Some((month, number)) = pending.filter(|_| pieces.clock.is_some() && is_year(token)) {
            pending = None;
            pieces.date = Some(month.day(token.number()?.0, number)?);
            at + 1
        } else if let Some((clock, next)) = reader.time_at(at) {
            if pieces.clock.replace(clock).is_some() {
                return None;
            }
            next
        } else if let Some((zone, next)) = reader.zone_at(at).filter(|_| pieces.clock.is_some()) {
            pieces.add_zone(zone);
            next
        } else if let Some(next) = reader.comment_at(at).filter(|_| pieces.zone.is_some()) {
            next
        } else if reader.is_ignorable(at) {
            is_over |= !pieces.is_empty() && token.has(Roles::LABEL);
            at + 1
        } else if pieces.clock.is_some() && pieces.zone.is_none() && is_like_zone(token) {
            pieces.add_zone(ZoneRead::Unknown);
            at + 1
        } else {
            return None;
        };
    }
    if pending.is_some() { None } else { pieces.when() }
}

/// What a text has said so far.
#[derive(Default)]
pub(super) struct Pieces {
    pub(super) date: Option<NaiveDate>,
    pub(super) clock: Option<Clock>,
    pub(super) zone: Option<ZoneRead>,
}

impl Pieces {
    fn is_empty(&self) -> bool {
        self.date.is_none() && self.clock.is_none()
    }

    /// The first zone counts; a second one is a comment: `-0800 (PST)`.
    pub(super) fn add_zone(&mut self, zone: ZoneRead) {
        if !matches!(self.zone, Some(ZoneRead::Known(_))) {
            self.zone = Some(zone);
        }
    }

    /// The pieces as one date.
    pub(super) fn when(&self) -> Option<When> {
        let date = self.date?;
        let Some(clock) = self.clock else { return Some(When::Day(date)) };
        let local = clock.on(date)?;
        match self.zone {
            Some(ZoneRead::Known(Zone::Fixed(offset))) => instant(local, offset),
            Some(ZoneRead::Known(Zone::Named(tz))) => Some(When::Instant(resolve(local, tz))),
            Some(ZoneRead::Unknown) | None => Some(When::Local(local)),
        }
    }
}

impl Reader<'_> {
    /// The day that begins at a token, with its year, and the token after it.
    pub(super) fn date_at(&self, at: usize) -> Option<(NaiveDate, usize)> {
        let token = self.tokens.get(at)?;
        if token.number().is_some() {
            return self
                .marked(at)
                .or_else(|| self.day_month_year(at))
                .or_else(|| self.year_month_day(at))
                .or_else(|| self.numeric(at));
        }
        self.relative_day(at).or_else(|| self.month_day_year(at))
    }

    /// `2023年3月1日`, `2023년 3월 1일`, `1 tháng 3 năm 2023`.
    fn marked(&self, at: usize) -> Option<(NaiveDate, usize)> {
        let (first, digits) = self.tokens.get(at)?.number()?;
        if digits == 4 && self.has(at + 1, Roles::YEAR_MARK) {
            let month = self.short_number(at + 2).filter(|_| self.has(at + 3, Roles::MONTH_MARK))?;
            let number = self.short_number(at + 4).filter(|_| self.has(at + 5, Roles::DAY_MARK))?;
            return Some((day(first, month, number)?, at + 6));
        }
        if digits > 2 || !self.has(at + 1, Roles::MONTH_MARK) {
            return None;
        }
        let month = self.short_number(at + 2)?;
        let year = self.skip_between(at + 3);
        let year = if self.has(year, Roles::YEAR_MARK) { year + 1 } else { year };
        let number = self.tokens.get(year).filter(|token| is_year(token))?.number()?.0;
        Some((day(number, month, first)?, year + 1))
    }

    /// `1 марта 2023`, `1. März 2023`, `1 de marzo de 2023`, `5-Jan-04`, `21st of March, 2023`.
    fn day_month_year(&self, at: usize) -> Option<(NaiveDate, usize)> {
        let number = self.short_number(at)?;
        let month_at = self.skip_between(at + 1);
        let month = self.tokens.get(month_at)?.month()?;
        let year_at = self.skip_between(month_at + 1);
        let (year, digits) = self.tokens.get(year_at)?.number()?;
        let year = match digits {
            4 => year,
            2 if !self.is_strict && !self.is_clock(year_at) && month.calendar == Calendar::Gregorian => full_year(year),
            _ => return None,
        };
        Some((month.day(year, number)?, year_at + 1))
    }

    /// `2004-july-13`, `2023. március 1.`, `2023 m. kovo 1 d.`, `2023 жылғы 1 наурыз`.
    fn year_month_day(&self, at: usize) -> Option<(NaiveDate, usize)> {
        let year = self.tokens.get(at).filter(|token| is_year(token))?.number()?.0;
        let next = self.skip_between(at + 1);
        if let Some(month) = self.tokens.get(next)?.month() {
            let number_at = self.skip_between(next + 1);
            let number = self.short_number(number_at).filter(|_| !self.is_clock(number_at))?;
            return Some((month.day(year, number)?, number_at + 1));
        }
        let number = self.short_number(next).filter(|_| self.has(at + 1, Roles::YEAR_MARK))?;
        let month_at = self.skip_between(next + 1);
        let month = self.tokens.get(month_at)?.month()?;
        Some((month.day(year, number)?, month_at + 1))
    }

    /// `March 1, 2023`, `Mar-01-2023`, `March 1st 2023`.
    fn month_day_year(&self, at: usize) -> Option<(NaiveDate, usize)> {
        let month = self.tokens.get(at)?.month()?;
        let number_at = self.skip_between(at + 1);
        let number = self.short_number(number_at)?;
        let year_at = self.skip_between(number_at + 1);
        let year = self.tokens.get(year_at).filter(|token| is_year(token))?.number()?.0;
        if self.is_clock(number_at) || self.is_clock(year_at) {
            return None;
        }
        Some((month.day(year, number)?, year_at + 1))
    }

    /// Month and day where a time follows and the year must come later, as `asctime` writes.
    fn yearless(&self, at: usize) -> Option<(Month, u32)> {
        let month = self.tokens.get(at)?.month()?;
        let number = self.short_number(at + 1)?;
        self.time_at(at + 2).map(|_| (month, number))
    }

    /// Three numbers: `2023/03/01`, `01.03.2023`, `03/01/2023`.
    fn numeric(&self, at: usize) -> Option<(NaiveDate, usize)> {
        let (first, first_digits) = self.tokens.get(at)?.number()?;
        let mark = ['-', '/', '.'].into_iter().find(|mark| self.is_mark(at + 1, *mark))?;
        let (second, second_digits) = self.tokens.get(at + 2)?.number()?;
        if !self.is_mark(at + 3, mark) {
            return None;
        }
        let (third, third_digits) = self.tokens.get(at + 4)?.number()?;
        // a version, an address or a longer number is no date
        let is_longer = ['-', '/', '.'].into_iter().any(|mark| self.is_mark(at + 5, mark))
            && !self.is_spaced(at + 6)
            && self.tokens.get(at + 6).is_some_and(|token| token.number().is_some());
        let is_preceded = self.is_strict && at > 0 && !self.is_spaced(at) && !self.is_mark(at - 1, '(');
        if is_longer || is_preceded || (self.is_strict && self.is_spaced(at + 4)) {
            return None;
        }
        let date = match (first_digits, second_digits, third_digits) {
            // 2003-012-31 is a slip of a pad, its ordinal reading would stand alone
            (4, 1..=3, 1..=2) => day(first, second, third),
            (1..=2, 1..=2, 4) => self.year_last((first, second), third, mark),
            (1..=2, 1..=2, 2) if !self.is_strict => self.short_year((first, second, third), mark),
            _ => None,
        }?;
        // 1401/12/10 and 2566/03/01 are years of other calendars
        (1900..2200).contains(&date.year()).then_some((date, at + 5))
    }

    fn year_last(&self, (first, second): (u32, u32), year: u32, mark: char) -> Option<NaiveDate> {
        let by_day = day(year, second, first);
        let by_month = day(year, first, second);
        if by_day.is_none() || by_month.is_none() || by_day == by_month {
            return by_day.or(by_month);
        }
        match self.order(mark)? {
            Order::DayFirst => by_day,
            Order::MonthFirst => by_month,
        }
    }

    /// Dots are written where the day comes first; else hint and language decide.
    fn order(&self, mark: char) -> Option<Order> {
        let hinted = self.hints.day_first.map(|first| if first { Order::DayFirst } else { Order::MonthFirst });
        let dotted = (mark == '.').then_some(Order::DayFirst);
        hinted.or(dotted).or_else(|| self.hints.language.and_then(words::order))
    }

    /// `01.03.23`, `03-12-31`: only a reading that no other plausible one contradicts.
    fn short_year(&self, (first, second, third): (u32, u32, u32), mark: char) -> Option<NaiveDate> {
        let likely =
            |year, month, number| day(full_year(year), month, number).filter(|date| is_plausible(*date, self.hints));
        let by_language = self.hints.language.and_then(words::order);
        let order = if self.hints.day_first.is_some() { self.order(mark) } else { by_language };
        match order {
            Some(Order::DayFirst) => return likely(third, second, first),
            Some(Order::MonthFirst) => return likely(third, first, second),
            None => {}
        }
        let by_month = if mark == '.' { None } else { likely(third, first, second) };
        let mut readings = [likely(third, second, first), by_month, likely(first, second, third)].into_iter().flatten();
        let one = readings.next()?;
        readings.all(|other| other == one).then_some(one)
    }

    /// `yesterday`, `today`; only in a text that is nothing but a date.
    fn relative_day(&self, at: usize) -> Option<(NaiveDate, usize)> {
        let today = self.hints.now.date_naive();
        if self.is_strict {
            None
        } else if self.has(at, Roles::TODAY) {
            Some((today, at + 1))
        } else if self.has(at, Roles::YESTERDAY) {
            Some((today - TimeDelta::days(1), at + 1))
        } else {
            None
        }
    }

    /// The token after words in brackets, which only name the zone again: `(Coordinated Universal Time)`.
    fn comment_at(&self, at: usize) -> Option<usize> {
        let inside = self.tokens.get(at..).filter(|_| self.is_mark(at, '('))?.get(1..)?;
        let is_wordless = |token: &Token| matches!(token.kind, Kind::Number { .. } | Kind::Other | Kind::Mark(')'));
        let length = inside.iter().position(is_wordless)?;
        self.is_mark(at + 1 + length, ')').then_some(at + length + 2)
    }

    /// Steps over what may stand between two parts of a date: a mark, an ordinal, `de`, `of the`.
    fn skip_between(&self, mut at: usize) -> usize {
        const BETWEEN: Roles =
            Roles::FILLER.or(Roles::ORDINAL).or(Roles::YEAR_MARK).or(Roles::DAY_MARK).or(Roles::AFTER_YEAR);
        for _ in 0..4 {
            let Some(token) = self.tokens.get(at) else { break };
            let is_between = match &token.kind {
                Kind::Mark(mark) => matches!(mark, '.' | ',' | '-' | '/' | '\''),
                Kind::Word { roles, month, .. } => roles.has(BETWEEN) && month.is_none(),
                Kind::Number { .. } | Kind::Other => false,
            };
            if !is_between {
                break;
            }
            at += 1;
        }
        at
    }

    /// Whether the number here is an hour: `20:15`.
    fn is_clock(&self, at: usize) -> bool {
        self.is_mark(at + 1, ':') && self.tokens.get(at + 2).is_some_and(|token| token.number().is_some())
    }

    /// Whether a token says nothing about when.
    fn is_ignorable(&self, at: usize) -> bool {
        const IGNORED: Roles =
            Roles::WEEKDAY.or(Roles::FILLER).or(Roles::LABEL).or(Roles::AFTER_YEAR).or(Roles::HOUR_MARK).or(Roles::ONE);
        let Some(token) = self.tokens.get(at) else { return false };
        match &token.kind {
            // a sign before a number may be a zone that could not be read
            Kind::Mark('-') => self.is_spaced(at + 1) || self.tokens.get(at + 1).is_none(),
            Kind::Mark(mark) => {
                matches!(mark, ',' | '.' | '|' | '·' | '•' | ':' | ';' | '(' | ')' | '[' | ']' | '/' | '\'')
            }
            Kind::Word { text, roles, .. } => {
                let is_iso_mark = text == "t" && self.tokens.get(at + 1).is_some_and(|token| token.number().is_some());
                is_iso_mark || roles.has(IGNORED)
            }
            Kind::Number { .. } | Kind::Other => false,
        }
    }
}

fn is_year(token: &Token) -> bool {
    token.number().is_some_and(|(_, digits)| digits == 4)
}

/// Whether a word has the look of a zone's abbreviation.
fn is_like_zone(token: &Token) -> bool {
    matches!(&token.kind, Kind::Word { text, is_capital: true, .. }
        if text.len() <= 5 && text.bytes().all(|byte| byte.is_ascii_alphabetic()))
}
