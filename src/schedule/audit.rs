//! Validators that may lie: some servers answer "not modified" for ever.

use chrono::{DateTime, TimeDelta, Utc};

use super::rhythm;
use crate::model::SourceState;

/// The least time between two audits, and between the first "not modified" and an audit.
const RARE: TimeDelta = TimeDelta::days(7);

/// The same where the rhythm is not known.
const RARER: TimeDelta = TimeDelta::days(28);

/// How many answers in a row must have been "not modified": a source that is seldom asked proves nothing.
const ENOUGH: u32 = 10;

/// How many times longer than its usual gap a source must have been silent.
const SILENCE: i32 = 4;

/// Whether a source is to be asked without its validators this time, and writes down that it was.
///
/// Only where every answer for a week was "not modified", the silence is long beside the source's own
/// rhythm, and the last such question is a week old.
pub fn begin_audit(state: &mut SourceState, now: DateTime<Utc>) -> bool {
    let Some(since) = state.unchanged_since.filter(|_| state.validators.is_some() && state.unchanged >= ENOUGH) else {
        return false;
    };
    let is_silent = match (rhythm::gap(&state.rhythm), state.rhythm.first()) {
        (Some(gap), Some(newest)) => now - since >= RARE && now - *newest >= gap * SILENCE,
        _ => now - since >= RARER,
    };
    let is_rare = state.audited_at.is_none_or(|last| now - last >= RARE);
    if is_silent && is_rare {
        state.audited_at = Some(now);
    }
    is_silent && is_rare
}

/// Whether a source is being audited by the run of that time.
#[must_use]
pub fn is_audit(state: &SourceState, now: DateTime<Utc>) -> bool {
    state.audited_at == Some(now)
}

/// Marks what an audit's document showed, given when its new articles were published.
///
/// The validators lie where one was there an hour before the last "not modified" and yet is new.
pub fn end_audit(state: &mut SourceState, mut news: impl Iterator<Item = DateTime<Utc>>) {
    let denied = state.last_success.map(|at| at - TimeDelta::hours(1));
    let lies = denied.is_some_and(|denied| news.any(|published| published < denied));
    state.lied_at = state.audited_at.filter(|_| lies);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Validators;

    fn at(days: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).unwrap() + TimeDelta::days(days)
    }

    /// A source that published every `gap` hours until day 0, and answers "not modified" since.
    fn silent(gap: i64, dates: i32) -> SourceState {
        SourceState {
            validators: Some(Validators::default()),
            rhythm: (0..dates).map(|index| at(0) - TimeDelta::hours(gap) * index).collect(),
            unchanged_since: Some(at(0)),
            unchanged: ENOUGH,
            ..SourceState::default()
        }
    }

    #[test]
    fn an_audit_comes_late_and_seldom() {
        let rows = [
            // hours between two articles, how many dates are known; the first days of audits
            ("busy", 1, 10, vec![7, 14, 21, 28]),
            ("daily", 24, 10, vec![7, 14, 21, 28]),
            ("weekly", 7 * 24, 10, vec![28]),
            ("yearly", 365 * 24, 10, vec![]),
            ("no rhythm", 24, 2, vec![28]),
        ];
        for (what, gap, dates, expected) in rows {
            let mut state = silent(gap, dates);
            let audits: Vec<i64> = (0..30).filter(|day| begin_audit(&mut state, at(*day))).collect();
            assert_eq!(audits, expected, "{what}");
        }
    }

    #[test]
    fn a_document_or_missing_validators_need_no_audit() {
        let documents = SourceState { unchanged_since: None, ..silent(1, 10) };
        let none = SourceState { validators: None, ..silent(1, 10) };
        let few = SourceState { unchanged: ENOUGH - 1, ..silent(1, 10) };
        for mut state in [documents, none, few] {
            assert!(!begin_audit(&mut state, at(20)));
            assert_eq!(state.audited_at, None);
        }
    }

    #[test]
    fn only_news_that_was_denied_is_a_lie() {
        let last = at(10);
        let rows = [
            (vec![], false),
            (vec![at(9)], true),
            (vec![last], false),
            (vec![last - TimeDelta::minutes(30)], false),
            (vec![last, at(5)], true),
        ];
        for (published, lies) in rows {
            let mut state = SourceState { last_success: Some(last), audited_at: Some(at(11)), ..silent(1, 10) };
            state.lied_at = Some(at(1)).filter(|_| !lies);
            end_audit(&mut state, published.clone().into_iter());
            assert_eq!(state.lied_at, Some(at(11)).filter(|_| lies), "{published:?}");
        }
    }
}
