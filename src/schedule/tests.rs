use chrono::TimeZone;

use super::*;

const NO_FRESHNESS: Freshness = Freshness { max_age: None, age: None, expires: None };
const ADAPTIVE: Rules = Rules { every: None, local: false };

/// A Monday, 12:00 UTC.
fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2024, 6, 17, 12, 0, 0).unwrap()
}

fn state() -> SourceState {
    SourceState { id: "caspian".to_owned(), ..SourceState::default() }
}

fn every(duration: Duration) -> Rules {
    Rules { every: Some(duration), local: false }
}

const fn hours(hours: u64) -> Duration {
    Duration::from_secs(hours * 3600)
}

/// Times that lie `gap` apart, the newest at `now`.
fn rhythm_of(gap: TimeDelta, count: i32) -> Vec<DateTime<Utc>> {
    (0..count).map(|index| now() - gap * index).collect()
}

/// The wait after a document with these dates, this schedule and this freshness.
fn wait_after(published: &[DateTime<Utc>], schedule: &FeedSchedule, freshness: Freshness) -> TimeDelta {
    let mut state = state();
    next_check(&mut state, &Answer::Document { published, schedule, freshness }, &ADAPTIVE, now());
    state.next_due.expect("a next check") - now()
}

fn fail(state: &mut SourceState, failure: Failure, rules: &Rules, now: DateTime<Utc>) -> TimeDelta {
    next_check(state, &Answer::Failed(failure), rules, now);
    state.next_due.expect("a next check") - now
}

/// Whether a wait is a span and at most a tenth more.
fn assert_about(wait: TimeDelta, span: TimeDelta, what: &str) {
    assert!(wait >= span && wait <= span + span / 10, "{what}: {wait}, not about {span}");
}

#[test]
fn a_source_is_due_when_its_time_has_come_and_force_overrides_nothing_else() {
    let rows = [
        // health, minutes until due, due, due with force
        (Health::Never, None, true, true),
        (Health::Ok, Some(0), true, true),
        (Health::Ok, Some(1), false, true),
        (Health::Backoff, Some(1), false, true),
        (Health::Moved, Some(1), false, true),
        (Health::Quarantined, Some(1), false, true),
        (Health::Held, Some(1), false, false),
        (Health::Held, Some(0), true, true),
        (Health::Gone, None, false, false),
        (Health::Gone, Some(-1), false, false),
    ];
    for (health, minutes, due, forced) in rows {
        let next_due = minutes.map(|minutes| now() + TimeDelta::minutes(minutes));
        let state = SourceState { health, next_due, ..state() };
        assert_eq!(
            (is_due(&state, now(), false), is_due(&state, now(), true)),
            (due, forced),
            "{health:?} {minutes:?}"
        );
    }
}

#[test]
fn a_configured_interval_is_exact_above_its_floor() {
    let schedule = FeedSchedule { ttl: Some(600), ..FeedSchedule::default() };
    let freshness = Freshness { max_age: Some(hours(5)), ..NO_FRESHNESS };
    for (given, minutes) in [(60, 15), (15 * 60, 15), (30 * 60, 30), (7 * 24 * 3600, 7 * 24 * 60)] {
        let mut state = state();
        let answer = Answer::Document { published: &[], schedule: &schedule, freshness };
        next_check(&mut state, &answer, &every(Duration::from_secs(given)), now());
        assert_eq!(state.next_due, Some(now() + TimeDelta::minutes(minutes)), "every {given} s");
    }
}

#[test]
fn local_sources_are_always_due() {
    let rules = Rules { every: None, local: true };
    for answer in [Answer::NotModified { freshness: NO_FRESHNESS }, Answer::Failed(Failure::Hard)] {
        let mut state = state();
        next_check(&mut state, &answer, &rules, now());
        assert!(is_due(&state, now(), false), "{answer:?}");
    }
}

#[test]
fn the_interval_follows_the_rhythm_once_it_is_known() {
    let rows = [
        ("four dates", TimeDelta::hours(40), 4, TimeDelta::hours(1)),
        ("five dates", TimeDelta::hours(40), 5, TimeDelta::hours(5)),
        ("every 6 hours", TimeDelta::hours(6), 10, TimeDelta::minutes(45)),
        ("twice a day", TimeDelta::hours(12), 10, TimeDelta::minutes(90)),
        ("about daily", TimeDelta::hours(13), 10, TimeDelta::hours(3)),
        ("daily, rather early", TimeDelta::hours(23), 10, TimeDelta::hours(3)),
        ("daily, rather late", TimeDelta::hours(26), 10, TimeDelta::minutes(195)),
        ("every minute", TimeDelta::minutes(1), 10, TimeDelta::minutes(15)),
        ("every month", TimeDelta::days(30), 10, TimeDelta::hours(24)),
        ("all at once", TimeDelta::zero(), 10, TimeDelta::hours(1)),
    ];
    for (what, gap, count, expected) in rows {
        assert_about(wait_after(&rhythm_of(gap, count), &FeedSchedule::default(), NO_FRESHNESS), expected, what);
    }
}

#[test]
fn the_rhythm_is_remembered_across_documents() {
    let mut state = state();
    for at in rhythm_of(TimeDelta::hours(40), 12).iter().rev() {
        let published = [*at, now() + TimeDelta::days(1)];
        let answer =
            Answer::Document { published: &published, schedule: &FeedSchedule::default(), freshness: NO_FRESHNESS };
        next_check(&mut state, &answer, &ADAPTIVE, now());
    }
    assert_eq!(state.rhythm, rhythm_of(TimeDelta::hours(40), 10));
    next_check(&mut state, &Answer::NotModified { freshness: NO_FRESHNESS }, &ADAPTIVE, now());
    assert_about(state.next_due.expect("a next check") - now(), TimeDelta::hours(5), "after a 304");
}

#[test]
fn server_and_feed_stretch_the_interval_up_to_a_day() {
    let fresh = |max_age, age| Freshness { max_age: Some(hours(max_age)), age: Some(hours(age)), expires: None };
    let expires = Freshness { expires: Some(now() + TimeDelta::hours(4)), ..NO_FRESHNESS };
    let past = Freshness { expires: Some(now() - TimeDelta::hours(4)), ..NO_FRESHNESS };
    let both = Freshness { max_age: Some(Duration::ZERO), ..expires };
    let ttl = |minutes| FeedSchedule { ttl: Some(minutes), ..FeedSchedule::default() };
    let update = FeedSchedule { update_seconds: Some(6 * 3600), ..FeedSchedule::default() };
    let rows = [
        ("max-age", FeedSchedule::default(), fresh(6, 0), 6),
        ("max-age less Age", FeedSchedule::default(), fresh(6, 4), 2),
        ("Age beyond max-age", FeedSchedule::default(), fresh(6, 9), 1),
        ("Expires", FeedSchedule::default(), expires, 4),
        ("Expires in the past", FeedSchedule::default(), past, 1),
        ("max-age rules out Expires", FeedSchedule::default(), both, 1),
        ("ttl", ttl(180), NO_FRESHNESS, 3),
        ("short ttl", ttl(5), NO_FRESHNESS, 1),
        ("sy:updatePeriod", update, NO_FRESHNESS, 6),
        ("cap", ttl(u32::MAX), fresh(u64::MAX / 3600, 0), 24),
    ];
    for (what, schedule, freshness, expected) in rows {
        assert_about(wait_after(&[], &schedule, freshness), TimeDelta::hours(expected), what);
    }
}

#[test]
fn hours_and_days_that_the_feed_skips_are_skipped() {
    let hours = FeedSchedule { skip_hours: vec![13, 14], ..FeedSchedule::default() };
    assert_eq!(wait_after(&[], &hours, NO_FRESHNESS), TimeDelta::hours(3));
    let today = FeedSchedule { skip_days: vec![0], ..FeedSchedule::default() };
    assert_eq!(wait_after(&[], &today, NO_FRESHNESS), TimeDelta::hours(12));
    let always = FeedSchedule { skip_hours: (0..24).collect(), ..FeedSchedule::default() };
    assert_eq!(wait_after(&[], &always, NO_FRESHNESS), TimeDelta::hours(24));
}

#[test]
fn jitter_is_the_same_for_a_source_and_differs_between_sources() {
    let jitters: Vec<TimeDelta> = (0..50).map(|n| jitter(&format!("source-{n}"), TimeDelta::hours(1))).collect();
    assert!(jitters.iter().all(|one| *one >= TimeDelta::zero() && *one <= TimeDelta::minutes(6)));
    assert!(jitters.iter().min() < Some(&TimeDelta::minutes(1)) && jitters.iter().max() > Some(&TimeDelta::minutes(5)));
    assert_eq!(jitter("source-1", TimeDelta::hours(1)), jitters[1]);
}

#[test]
fn failures_double_the_wait_and_soft_ones_weigh_half() {
    let mut hard = state();
    for (count, expected) in [(1, 2), (2, 4), (3, 8), (4, 16), (5, 24), (6, 24)] {
        let wait = fail(&mut hard, Failure::Hard, &ADAPTIVE, now());
        assert_about(wait, TimeDelta::hours(expected), &format!("hard {count}"));
    }
    assert_eq!((hard.health, hard.failures, hard.trouble_since), (Health::Backoff, 6.0, Some(now())));
    let mut soft = state();
    fail(&mut soft, Failure::Soft, &ADAPTIVE, now());
    assert_about(fail(&mut soft, Failure::Soft, &ADAPTIVE, now()), TimeDelta::hours(2), "two soft ones");
    let slow = every(hours(72));
    assert_about(
        fail(&mut state(), Failure::Hard, &slow, now()),
        TimeDelta::hours(72),
        "never more often than configured",
    );
}

#[test]
fn after_two_weeks_of_trouble_the_wait_grows_to_a_week_and_success_resets_it() {
    let mut state = SourceState { trouble_since: Some(now() - TimeDelta::days(14)), failures: 20.0, ..state() };
    state.trouble = Some("404".to_owned());
    assert_about(fail(&mut state, Failure::Hard, &ADAPTIVE, now()), TimeDelta::days(7), "after 14 days");
    next_check(&mut state, &Answer::NotModified { freshness: NO_FRESHNESS }, &ADAPTIVE, now());
    assert_eq!(
        (state.health, state.failures, state.trouble_since, state.trouble.clone()),
        (Health::Ok, 0.0, None, None)
    );
    assert_eq!(state.last_success, Some(now()));
    assert_about(state.next_due.expect("a next check") - now(), TimeDelta::hours(1), "after success");
    let young = SourceState { trouble_since: Some(now() - TimeDelta::days(13)), failures: 20.0, ..state };
    assert_about(fail(&mut young.clone(), Failure::Hard, &ADAPTIVE, now()), TimeDelta::hours(24), "after 13 days");
}

#[test]
fn a_refusal_waits_an_hour_to_a_day() {
    let mut state = state();
    for expected in [1, 2, 4, 8, 16, 24, 24] {
        let wait = fail(&mut state, Failure::Refused, &ADAPTIVE, now());
        assert_about(wait, TimeDelta::hours(expected), "refused");
    }
    assert_eq!(state.health, Health::Backoff);
}

#[test]
fn a_hold_lasts_exactly_as_long_as_the_hosts() {
    let mut held = state();
    let until = now() + TimeDelta::minutes(2);
    assert_eq!(fail(&mut held, Failure::TooMany { until }, &ADAPTIVE, now()), TimeDelta::minutes(2));
    assert_eq!((held.health, held.failures), (Health::Held, 1.0));
    let mut other = SourceState { last_success: Some(now()), ..state() };
    wait_for_host(&mut other, until);
    assert_eq!((other.health, other.next_due, other.failures), (Health::Held, Some(until), 0.0));
    assert!(!is_due(&other, now(), true) && is_due(&other, until, false));
}

#[test]
fn a_moved_source_that_fails_goes_back_to_its_configured_address() {
    let moved = crate::model::Move { to: "https://new.example/".into(), same_query: false, since: now(), sightings: 5 };
    for (failure, is_kept) in
        [(Failure::Hard, false), (Failure::Gone, false), (Failure::Soft, true), (Failure::Refused, true)]
    {
        let mut state = SourceState { moved: Some(moved.clone()), ..state() };
        fail(&mut state, failure, &ADAPTIVE, now());
        assert_eq!((state.moved.is_some(), state.health), (is_kept, Health::Backoff), "{failure:?}");
    }
    let mut state = SourceState { moved: Some(moved), ..state() };
    next_check(&mut state, &Answer::NotModified { freshness: NO_FRESHNESS }, &ADAPTIVE, now());
    assert_eq!(state.health, Health::Moved);
}

#[test]
fn what_is_gone_is_not_asked_again() {
    let mut state = state();
    next_check(&mut state, &Answer::Failed(Failure::Gone), &ADAPTIVE, now());
    assert_eq!((state.health, state.next_due, state.trouble_since), (Health::Gone, None, Some(now())));
    assert!(!is_due(&state, now() + TimeDelta::days(1000), true));
}

#[test]
fn any_number_of_failures_keeps_a_next_check() {
    let mut state = state();
    for _ in 0..2000 {
        let wait = fail(&mut state, Failure::Hard, &every(Duration::MAX), now());
        assert!(wait > TimeDelta::zero());
    }
}

#[test]
fn the_earliest_is_the_first_that_is_not_gone() {
    let due = |health, minutes| SourceState {
        health,
        next_due: Some(now() + TimeDelta::minutes(minutes)),
        ..SourceState::default()
    };
    let states = [due(Health::Ok, 30), due(Health::Held, 10), due(Health::Gone, 1)];
    assert_eq!(earliest(&states, now()), Some(now() + TimeDelta::minutes(10)));
    assert_eq!(earliest(&[due(Health::Ok, -30)], now()), Some(now()));
    assert_eq!(earliest(&[SourceState::default()], now()), Some(now()));
    assert_eq!(earliest(&[due(Health::Gone, 1)], now()), None);
}
