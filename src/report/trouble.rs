//! Troubles in words that a person can act on.

use chrono::{DateTime, Datelike, Days, Utc};

use crate::model::{Health, Move, SourceState};

/// When a source is asked again: "next try tomorrow 09:00 UTC".
///
/// In UTC: output never depends on the zone of the machine.
#[must_use]
pub fn next_try(due: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let (day, today) = (due.date_naive(), now.date_naive());
    if due <= now {
        "next try with the next run".to_owned()
    } else if day == today {
        format!("next try today {}", due.format("%H:%M UTC"))
    } else if Some(day) == today.checked_add_days(Days::new(1)) {
        format!("next try tomorrow {}", due.format("%H:%M UTC"))
    } else if day.year() == today.year() {
        format!("next try on {}", due.format("%-d %B %H:%M UTC"))
    } else {
        format!("next try on {}", due.format("%-d %B %Y %H:%M UTC"))
    }
}

/// All that is wrong with a source, or worth knowing of it, with the time of the next try where it fails.
#[must_use]
pub fn standing(state: &SourceState, now: DateTime<Utc>) -> Option<String> {
    let mut words: Vec<String> = state.trouble.iter().cloned().collect();
    words.extend(state.moved.as_ref().map(moved));
    if state.lied_at.is_some() {
        words.push(
            "its validators lie: it answered \"not modified\" while it had news; about once a week it is asked \
             without them; tell the outlet, or use another address of it"
                .to_owned(),
        );
    }
    if let (Health::Held | Health::Backoff, Some(due)) = (state.health, state.next_due) {
        words.push(next_try(due, now));
    }
    (!words.is_empty()).then(|| words.join("; "))
}

/// What to do about a source that has moved.
fn moved(to: &Move) -> String {
    let query = if to.same_query { " (with the same query)" } else { "" };
    format!("it has moved to {}{query} for good, and is asked there; put that address into the config", to.to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn the_next_try_is_told_as_people_say_it() {
        let now = at("2026-12-30T22:30:00Z");
        for (due, expected) in [
            ("2026-12-30T22:30:00Z", "next try with the next run"),
            ("2026-12-30T23:05:00Z", "next try today 23:05 UTC"),
            ("2026-12-31T09:00:00Z", "next try tomorrow 09:00 UTC"),
            ("2027-01-06T22:30:00Z", "next try on 6 January 2027 22:30 UTC"),
        ] {
            assert_eq!(next_try(at(due), now), expected);
        }
        assert_eq!(next_try(at("2026-03-08T04:00:00Z"), at("2026-03-01T00:00:00Z")), "next try on 8 March 04:00 UTC");
    }

    #[test]
    fn a_source_tells_all_that_is_wrong_and_a_sound_one_nothing() {
        let now = at("2026-03-01T00:00:00Z");
        let mut state = SourceState { health: Health::Ok, next_due: Some(now), ..SourceState::default() };
        assert_eq!(standing(&state, now), None);
        state.health = Health::Backoff;
        state.trouble = Some("a.example answered 404 Not Found".to_owned());
        state.next_due = Some(at("2026-03-01T02:00:00Z"));
        assert_eq!(
            standing(&state, now).as_deref(),
            Some("a.example answered 404 Not Found; next try today 02:00 UTC")
        );
        let to = Move { to: "https://new.example/feed".to_owned(), same_query: false, since: now, sightings: 5 };
        let moved = SourceState { health: Health::Moved, trouble: None, moved: Some(to), lied_at: Some(now), ..state };
        let words = standing(&moved, now).unwrap_or_default();
        assert!(words.starts_with("it has moved to https://new.example/feed for good"), "{words}");
        assert!(words.contains("its validators lie") && !words.contains("next try"), "{words}");
    }
}
