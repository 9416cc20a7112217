//! Sources that have moved: a permanent redirect is believed once it has lasted.

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use crate::model::{Move, Source, SourceState, Where};

/// How long a permanent redirect must have stood: a mistake of an hour moves nothing.
const LASTING: TimeDelta = TimeDelta::days(7);

/// How many answers in a row must have led there.
const SIGHTINGS: u32 = 5;

/// The address that a source is asked at; `home` is the configured one.
#[must_use]
pub fn address_of(source: &Source, state: &SourceState, home: &Url) -> Url {
    let address = |to: &Move| {
        let mut url = Url::parse(&source.secrets.unveil(&to.to)).ok()?;
        if to.same_query {
            url.set_query(home.query());
        }
        Some(url)
    };
    state.moved.as_ref().and_then(address).unwrap_or_else(|| home.clone())
}

/// Writes down where an answer's permanent redirects led, if anywhere; answers whether the source is asked at
/// another address from now on.
///
/// The configured address never changes: a move is remembered beside it.
pub fn sight_move(state: &mut SourceState, permanent: Option<&Url>, source: &Source, now: DateTime<Utc>) -> bool {
    let (Some(target), Where::Web(home)) = (permanent, &source.location) else {
        state.moving = None;
        return false;
    };
    let same_query = target.query().is_some() && target.query() == home.query();
    let mut to = target.clone();
    if same_query {
        to.set_query(None);
    }
    let to = source.secrets.veil(to.as_str());
    let moving = match state.moving.take() {
        Some(known) if known.to == to => Move { same_query, sightings: known.sightings.saturating_add(1), ..known },
        _ => Move { to, same_query, since: now, sightings: 1 },
    };
    if now - moving.since < LASTING || moving.sightings < SIGHTINGS {
        state.moving = Some(moving);
        return false;
    }
    // back where it was: the configured address is right again
    state.moved = Some(moving).filter(|_| target != home);
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Secrets;

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).unwrap() + TimeDelta::hours(hours)
    }

    fn at_home(text: &str) -> Source {
        Source::new("a", "outlet", Where::Web(url(text)))
    }

    /// The address that a source is asked at.
    fn asked(source: &Source, state: &SourceState) -> String {
        let Where::Web(home) = &source.location else { return String::new() };
        address_of(source, state, home).into()
    }

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[test]
    fn a_move_is_believed_after_a_week_and_five_sightings() {
        let home = at_home("https://old.example/feed");
        let rows: [(&[i64], bool); 5] = [
            (&[0, 1, 2, 3, 4, 5, 6, 167], false),
            (&[0, 1, 2, 3, 168], true),
            (&[0, 1, 168], false),
            (&[0, 200, 400, 600], false),
            (&[0, 200, 400, 600, 800], true),
        ];
        for (hours, believed) in rows {
            let mut state = SourceState::default();
            let taken = hours
                .iter()
                .map(|hour| sight_move(&mut state, Some(&url("https://new.example/feed")), &home, at(*hour)));
            assert_eq!(taken.last(), Some(believed), "{hours:?}");
            let expected = if believed { "https://new.example/feed" } else { "https://old.example/feed" };
            assert_eq!(asked(&home, &state), expected, "{hours:?}");
        }
    }

    #[test]
    fn a_redirect_that_goes_or_changes_begins_anew() {
        let home = at_home("https://old.example/feed");
        let new = url("https://new.example/feed");
        for between in [None, Some(url("https://third.example/feed"))] {
            let mut state = SourceState::default();
            for hour in [0, 50, 100, 150] {
                sight_move(&mut state, Some(&new), &home, at(hour));
            }
            sight_move(&mut state, between.as_ref(), &home, at(160));
            assert!(!sight_move(&mut state, Some(&new), &home, at(170)), "{between:?}");
            assert_eq!(state.moved, None);
        }
    }

    #[test]
    fn a_move_back_ends_the_move() {
        let (home, new) = (at_home("https://old.example/feed"), url("https://new.example/feed"));
        let mut state = SourceState::default();
        for hour in [0, 50, 100, 150, 200] {
            sight_move(&mut state, Some(&new), &home, at(hour));
        }
        assert!(state.moved.is_some());
        for hour in [300, 350, 400, 450, 500] {
            sight_move(&mut state, Some(&url("https://old.example/feed")), &home, at(hour));
        }
        assert_eq!(state.moved, None);
    }

    #[test]
    fn a_query_that_may_be_secret_is_not_remembered() {
        let home = at_home("http://outlet.example/feed?key=hunter2");
        let mut state = SourceState::default();
        for hour in [0, 50, 100, 150, 200] {
            sight_move(&mut state, Some(&url("https://outlet.example/feed?key=hunter2")), &home, at(hour));
            assert!(!format!("{state:?}").contains("hunter2"));
        }
        assert_eq!(asked(&home, &state), "https://outlet.example/feed?key=hunter2");
    }

    #[test]
    fn a_path_that_is_secret_is_remembered_by_its_variable() {
        let mut home = at_home("https://outlet.example/a/hunter2/feed");
        home.secrets = Secrets::new([("KEY", "hunter2".to_owned())]);
        let mut state = SourceState::default();
        for hour in [0, 50, 100, 150, 200] {
            sight_move(&mut state, Some(&url("https://new.example/b/hunter2/feed?k=hunter2")), &home, at(hour));
            assert!(!format!("{state:?}").contains("hunter2"));
        }
        assert_eq!(state.moved.as_ref().map(|to| to.to.as_str()), Some("https://new.example/b/${KEY}/feed?k=${KEY}"));
        assert_eq!(asked(&home, &state), "https://new.example/b/hunter2/feed?k=hunter2");
    }
}
