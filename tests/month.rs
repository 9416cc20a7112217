//! A month of 500 outlets in a moment: how often each is asked, and how soon its news is found.
//!
//! Outlets and clock are simulated; what decides is the program's own schedule. The table that it prints is
//! for people: `cargo test --test month -- --nocapture`.

use std::collections::VecDeque;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use feedmill::model::{FeedSchedule, SourceState};
use feedmill::schedule::{self, Answer, Freshness, Rules};

const DAYS: i32 = 30;

/// A kind of outlet.
struct Kind {
    name: &'static str,
    outlets: usize,
    /// Minutes between two articles, on average.
    gap: i64,
    /// Per mille of the gap that may be missing or on top.
    spread: u64,
    /// Hours of the day, UTC, in which it publishes.
    awake: std::ops::Range<i64>,
    /// Items that its feed holds.
    items: usize,
    max_age: Option<u64>,
    /// The most requests of any outlet within any 24 hours.
    most: usize,
    /// The most minutes from publication to pick-up, at the median.
    median: i64,
}

const fn kind(name: &'static str, outlets: usize, gap: i64) -> Kind {
    Kind { name, outlets, gap, spread: 500, awake: 0..24, items: 20, max_age: None, most: usize::MAX, median: i64::MAX }
}

fn kinds() -> [Kind; 9] {
    [
        Kind { most: 96, median: 20, ..kind("agency, every 3 minutes", 20, 3) },
        Kind { most: 96, median: 20, ..kind("busy outlet, every 20 minutes", 100, 20) },
        Kind { awake: 6..22, most: 96, median: 20, ..kind("newspaper, hourly by day", 100, 60) },
        Kind { max_age: Some(3600), most: 24, ..kind("newspaper, max-age an hour", 50, 60) },
        Kind { most: 48, ..kind("magazine, every 6 hours", 50, 6 * 60) },
        Kind { items: 10, spread: 100, most: 8, ..kind("daily blog", 100, 24 * 60) },
        Kind { items: 10, most: 8, ..kind("blog, about daily", 30, 24 * 60) },
        Kind { items: 10, most: 2, ..kind("weekly blog", 30, 7 * 24 * 60) },
        Kind { items: 10, most: 1, ..kind("yearly blog", 20, 365 * 24 * 60) },
    ]
}

/// A number that follows from others: the same in every run.
fn chance(seeds: [usize; 3]) -> u64 {
    let bytes: Vec<u8> = seeds.iter().flat_map(|seed| seed.to_le_bytes()).collect();
    xxhash_rust::xxh3::xxh3_64(&bytes)
}

fn start() -> DateTime<Utc> {
    "2026-11-01T00:00:00Z".parse().expect("a time")
}

/// When an outlet publishes, from long before the month until its end.
fn published(kind: &Kind, place: [usize; 2]) -> Vec<DateTime<Utc>> {
    let end = start() + TimeDelta::days(DAYS.into());
    let before = TimeDelta::minutes(kind.gap * i64::try_from(kind.items * 2).expect("few"));
    let mut at = start() - before.max(TimeDelta::days(2));
    let mut all = Vec::new();
    for number in 0.. {
        let part = 1000 - kind.spread + chance([place[0], place[1], number]) % (2 * kind.spread);
        at += TimeDelta::seconds(kind.gap * 60 * i64::try_from(part).expect("small") / 1000);
        if at >= end {
            return all;
        }
        let hour = (at.timestamp() / 3600).rem_euclid(24);
        if kind.awake.contains(&hour) {
            all.push(at);
        }
    }
    all
}

#[derive(Default)]
struct Seen {
    requests: usize,
    unchanged: usize,
    /// Seconds from publication to pick-up.
    delays: Vec<i64>,
    /// The most requests of one outlet within any 24 hours.
    most_a_day: usize,
}

/// A month of one outlet, looked at by cron every five minutes.
fn watch(kind: &Kind, (place, id): ([usize; 2], &str), seen: &mut Seen) {
    let articles = published(kind, place);
    let mut state = SourceState { id: id.to_owned(), ..SourceState::default() };
    let freshness = Freshness { max_age: kind.max_age.map(Duration::from_secs), ..Freshness::default() };
    let schedule = FeedSchedule::default();
    let mut known: Option<DateTime<Utc>> = None;
    let mut lately = VecDeque::new();
    // cron does not begin at midnight for everybody
    let offset = i64::try_from(chance([place[0], place[1], usize::MAX]) % 300).expect("small");
    let mut now = start() + TimeDelta::seconds(offset);
    let end = start() + TimeDelta::days(DAYS.into());
    while now < end {
        if schedule::is_due(&state, now, false) {
            let there = articles.partition_point(|at| *at <= now);
            let listed = &articles[there.saturating_sub(kind.items)..there];
            let news: Vec<_> = listed.iter().copied().filter(|at| known.is_none_or(|known| *at > known)).collect();
            let answer = if known.is_some() && news.is_empty() {
                seen.unchanged += 1;
                Answer::NotModified { freshness }
            } else {
                Answer::Document { published: &news, schedule: &schedule, freshness }
            };
            schedule::next_check(&mut state, &answer, &Rules::default(), now);
            if known.is_some() {
                seen.delays.extend(news.iter().map(|at| (now - *at).num_seconds()));
            }
            known = listed.last().copied().or(known).or(Some(start()));
            seen.requests += 1;
            lately.push_back(now);
            while lately.front().is_some_and(|at| now - *at >= TimeDelta::days(1)) {
                lately.pop_front();
            }
            seen.most_a_day = seen.most_a_day.max(lately.len());
        }
        // the next round of cron by which something is due
        let wait = state.next_due.map_or(0, |due| (due - now).num_seconds());
        now += TimeDelta::minutes(5 * ((wait.max(1) + 299) / 300));
    }
}

#[test]
fn a_month_of_500_outlets_costs_them_little_and_brings_their_news_soon() {
    println!(
        "\n| outlets | requests a day each | most in 24 h | 304 | median, minutes | p95, minutes |\n|---|---|---|---|---|---|"
    );
    let mut total = 0;
    for (number, kind) in kinds().iter().enumerate() {
        let mut seen = Seen::default();
        for outlet in 0..kind.outlets {
            watch(kind, ([number, outlet], &format!("outlet-{number}-{outlet}")), &mut seen);
        }
        total += kind.outlets;
        seen.delays.sort_unstable();
        let outlets = f64::from(u32::try_from(kind.outlets).expect("few"));
        let requests = f64::from(u32::try_from(seen.requests).expect("few"));
        let a_day = requests / outlets / f64::from(DAYS);
        let share = 100 * seen.unchanged / seen.requests;
        let at = |part: usize| seen.delays.get(seen.delays.len() * part / 100).map_or(0, |delay| delay / 60);
        println!(
            "| {} {} | {a_day:.2} | {} | {share} % | {} | {} |",
            kind.outlets,
            kind.name,
            seen.most_a_day,
            at(50),
            at(95)
        );
        assert!(seen.most_a_day <= kind.most, "{}: {} requests within 24 hours", kind.name, seen.most_a_day);
        assert!(at(50) <= kind.median, "{}: {} minutes at the median", kind.name, at(50));
    }
    assert_eq!(total, 500);
}
