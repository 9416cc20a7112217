//! Dates of an article: the first claim that can be read and believed.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::Context;
use super::ledger::{Ledger, lost};
use crate::dates::{self, Hints, When};
use crate::model::{Claim, Dated, Field, Precision};

/// How the dates of one article are read.
pub(super) struct Dating<'a> {
    hints: Hints<'a>,
    zone: Option<Tz>,
    now: DateTime<Utc>,
    /// Whether dates may stand within longer lines, as they do on pages.
    within_lines: bool,
}

impl<'a> Dating<'a> {
    pub(super) fn new(context: &'a Context<'_>, language: Option<&'a str>) -> Self {
        Self {
            hints: Hints { language: context.language(language), ..Hints::at(context.now) },
            zone: context.source.and_then(|source| source.timezone),
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
        let mut read = claims.into_iter().map(|claim| (self.read(&claim), claim));
        let mut passed = Vec::new();
        let mut best: Option<(When, Claim)> = None;
        for (when, claim) in read.by_ref() {
            let Some(when) = when else {
                passed.push(lost(claim.from, claim.text.text));
                continue;
            };
            match &mut best {
                None => best = Some((when, claim)),
                Some(known) if self.is_more_exact(when, known.0) => {
                    let (_, claim) = std::mem::replace(known, (when, claim));
                    passed.push(lost(claim.from, claim.text.text));
                }
                Some(_) => passed.push(lost(claim.from, claim.text.text)),
            }
        }
        let (when, claim) = best?;
        ledger.record_with(field, claim.from, (Some(claim.text.text), passed));
        Some(dates::place(when, self.zone))
    }

    fn read(&self, claim: &Claim) -> Option<When> {
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
