//! When a source is asked again.

use chrono::TimeDelta;

use crate::origin::Reply;
use crate::outlet::{feed, small, start};
use crate::script::{Rule, at, forced_at, when_due};

const DAY: i64 = 24 * 60;

/// A rule for a feed that is asked once, not asked a minute before `due`, and asked again at a tenth more.
fn waits(name: &str, reply: &Reply, due: i64) -> Rule {
    let reply = reply.clone();
    Rule::of_feed(name, move |_| {
        vec![
            at(0).answers("/feed", reply.clone()).asks("/feed").first(),
            at(due - 1),
            at(due + due / 10 + 1).asks("/feed"),
        ]
    })
}

/// The same for one with these settings, whose wait is exact.
fn exactly(settings: &'static str, due: i64) -> Rule {
    Rule::new(settings, move |_| {
        let slow = small().header("Cache-Control", "max-age=50000");
        vec![at(0).answers("/feed", slow).asks("/feed").first(), at(due - 1), at(due).asks("/feed"), at(due + 1)]
    })
    .source("feed", "/feed", settings)
}

pub fn interval() -> Vec<Rule> {
    vec![
        exactly("every = \"30m\"", 30),
        exactly("every = \"1m\"", 15),
        exactly("every = \"15m\"", 15),
        exactly("every = \"3d\"", 3 * DAY),
        waits("an hour where no rhythm is known", &small(), 60),
        Rule::of_feed("a jitter that stays the same, of a tenth at most", |_| {
            vec![
                at(0).answers("/feed", small()).asks("/feed").first(),
                when_due("feed", 4, |gaps| {
                    assert!(gaps.iter().all(|gap| (60..=66).contains(gap)), "{gaps:?}");
                    assert!(gaps.windows(2).all(|pair| (pair[0] - pair[1]).abs() <= 1), "{gaps:?}");
                }),
            ]
        }),
    ]
}

pub fn rhythm() -> Vec<Rule> {
    [
        // minutes between two articles, and between two requests
        ("minutely", 1, 10, 15),
        ("twice a day", 12 * 60, 10, 90),
        ("daily, a bit early", 23 * 60, 10, 180),
        ("about daily", 13 * 60, 10, 180),
        ("every 40 hours", 40 * 60, 10, 300),
        ("yearly", 365 * DAY, 10, DAY),
        ("four dates are no rhythm", 40 * 60, 4, 60),
        ("five are", 40 * 60, 5, 300),
    ]
    .into_iter()
    .map(|(name, gap, items, due)| {
        let published: Vec<_> = (0..items).map(|n| start() - TimeDelta::minutes(n * gap)).collect();
        waits(name, &Reply::ok(feed(&published)), due)
    })
    .collect()
}

pub fn freshness() -> Vec<Rule> {
    let channel = |wish: &str| {
        Reply::ok(format!(
            "<rss version=\"2.0\" xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\"><channel><title>T</title>\
             {wish}</channel></rss>"
        ))
    };
    let year_late =
        |header: &str, value: &str| small().header("Date", "Mon, 24 Nov 2025 12:00:00 GMT").header(header, value);
    vec![
        waits("max-age=43200", &small().header("Cache-Control", "public, max-age=43200"), 12 * 60),
        waits("max-age less Age", &small().header("Cache-Control", "max-age=20000").header("Age", "2000"), 300),
        waits("Expires against Date", &year_late("Expires", "Mon, 24 Nov 2025 17:00:00 GMT"), 300),
        waits("Expires in the past", &year_late("Expires", "Mon, 24 Nov 2025 07:00:00 GMT"), 60),
        waits("no more than a day", &small().header("Cache-Control", "max-age=315360000"), DAY),
        waits("ttl", &channel("<ttl>300</ttl>"), 300),
        waits(
            "sy:updatePeriod",
            &channel("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"),
            360,
        ),
        waits("skipHours", &channel("<skipHours><hour>13</hour><hour>14</hour></skipHours>"), 180),
        waits("skipDays", &channel("<skipDays><day>Tuesday</day></skipDays>"), 720),
        Rule::of_feed("what a 304 says counts too", |_| {
            vec![
                at(0).answers("/feed", small().header("ETag", "\"1\"")).asks("/feed").first(),
                at(120).answers("/feed", Reply::new(304).header("Cache-Control", "max-age=36000")).asks("/feed"),
                at(120 + 599),
                at(120 + 661).asks("/feed"),
            ]
        }),
    ]
}

pub fn force() -> Vec<Rule> {
    vec![Rule::of_feed("ignores the time and nothing else", |_| {
        vec![
            at(0).answers("/feed", small().header("ETag", "\"1\"")).asks("/feed").first(),
            forced_at(1).asks("/feed").with("if-none-match", "\"1\""),
            forced_at(2).answers("/feed", Reply::new(429).header("Retry-After", "3600")).asks("/feed"),
            forced_at(3),
            forced_at(61),
            forced_at(62).answers("/feed", Reply::new(410)).asks("/feed"),
            forced_at(DAY),
            forced_at(400 * DAY).stands("feed", "gone", &["410 Gone"]),
        ]
    })]
}
