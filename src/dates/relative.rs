//! Dates that count back from now: `2 hours ago`, `vor 3 Stunden`, `3時間前`, `just now`.

use chrono::{Months, TimeDelta};

use super::tokens::Token;
use super::words::Roles;
use super::{Hints, When};

/// Largest number that is believed of a relative date.
const MOST: u32 = 10_000;

const UNIT: Roles =
    Roles::SECOND.or(Roles::MINUTE).or(Roles::HOUR).or(Roles::DAY).or(Roles::WEEK).or(Roles::MONTH).or(Roles::YEAR);

/// Reads tokens that are one relative date, a label before it at most.
pub(super) fn parse(tokens: &[Token], hints: &Hints<'_>) -> Option<When> {
    let is_label = |token: &Token| token.has(Roles::LABEL) && !token.has(UNIT) || token.is_mark(':');
    let start = tokens.iter().position(|token| !is_label(token))?;
    if tokens[start].has(Roles::NOW) && start + 1 == tokens.len() {
        return Some(When::Instant(hints.now.fixed_offset()));
    }
    let (when, next) = at(tokens, start, hints)?;
    tokens[next..].iter().all(|token| token.is_mark('.')).then_some(when)
}

/// The relative date that begins at a token, and the token after it.
///
/// Seconds, minutes and hours make an instant; days and more make a day.
pub(super) fn at(tokens: &[Token], start: usize, hints: &Hints<'_>) -> Option<(When, usize)> {
    let is_before = tokens.get(start)?.has(Roles::AGO_BEFORE);
    let mut next = start + usize::from(is_before);
    let mut back = Back::default();
    let mut counted = 0;
    while counted < 3 {
        let Some((amount, unit)) = tokens.get(next).and_then(amount).zip(tokens.get(next + 1)) else { break };
        if !unit.has(UNIT) {
            break;
        }
        back.add(amount, unit)?;
        counted += 1;
        next += 2;
    }
    if counted == 0 {
        return None;
    }
    // πριν and 前 alike may stand on the other side
    let is_after = tokens.get(next).is_some_and(|token| token.has(Roles::AGO));
    (is_before || is_after).then_some(())?;
    Some((back.from(hints)?, next + usize::from(is_after)))
}

fn amount(token: &Token) -> Option<u32> {
    token.number().map(|(value, _)| value).or_else(|| token.has(Roles::ONE).then_some(1)).filter(|value| *value <= MOST)
}

#[derive(Default)]
struct Back {
    seconds: u32,
    days: u32,
    months: u32,
}

impl Back {
    fn add(&mut self, amount: u32, unit: &Token) -> Option<()> {
        let (field, size) = if unit.has(Roles::MINUTE) {
            (&mut self.seconds, 60)
        } else if unit.has(Roles::SECOND) {
            (&mut self.seconds, 1)
        } else if unit.has(Roles::HOUR) {
            (&mut self.seconds, 3600)
        } else if unit.has(Roles::DAY) {
            (&mut self.days, 1)
        } else if unit.has(Roles::WEEK) {
            (&mut self.days, 7)
        } else if unit.has(Roles::MONTH) {
            (&mut self.months, 1)
        } else {
            (&mut self.months, 12)
        };
        *field = field.checked_add(amount.checked_mul(size)?)?;
        Some(())
    }

    fn from(&self, hints: &Hints<'_>) -> Option<When> {
        let instant = hints.now.checked_sub_signed(TimeDelta::seconds(i64::from(self.seconds)))?;
        if self.days == 0 && self.months == 0 {
            return Some(When::Instant(instant.fixed_offset()));
        }
        let day = hints.day_of(instant).checked_sub_months(Months::new(self.months))?;
        day.checked_sub_signed(TimeDelta::days(i64::from(self.days))).map(When::Day)
    }
}
