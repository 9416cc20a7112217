//! Hosts that are given their time, and those that ask for more of it.

use std::time::Duration;

use crate::origin::Reply;
use crate::outlet::{page, small};
use crate::script::{Rule, Step, at, forced_at};

pub fn host_manners() -> Vec<Rule> {
    let pace = Duration::from_millis(200);
    let five = Duration::from_secs(1);
    vec![
        Rule::new("a pause between two requests to one host", move |_| {
            let both = |step: Step| step.asks("/feed/1").asks("/feed/2").paced(pace);
            vec![both(at(0).answers("/feed/1", small()).answers("/feed/2", small())), both(at(120))]
        })
        .fetch("host_delay = \"200ms\"")
        .source("first", "/feed/1", "")
        .source("second", "/feed/2", ""),
        Rule::new("five times as long before a page", move |_| {
            vec![
                at(0).answers("/1", page()).answers("/2", page()).asks("/robots.txt").asks("/1").asks("/2").paced(five),
            ]
        })
        .fetch("host_delay = \"200ms\"")
        .before("/1", page())
        .before("/2", page())
        .source("first", "/1", "kind = \"article\"")
        .source("second", "/2", "kind = \"article\""),
        Rule::new("as long as Crawl-delay says", move |_| {
            let robots = Reply::ok("User-agent: *\nCrawl-delay: 1.5");
            let pace = Duration::from_millis(1500);
            vec![
                at(0)
                    .answers("/robots.txt", robots)
                    .answers("/1", page())
                    .answers("/2", page())
                    .asks("/robots.txt")
                    .asks("/1")
                    .asks("/2")
                    .paced(pace),
            ]
        })
        .before("/1", page())
        .before("/2", page())
        .source("first", "/1", "kind = \"article\"")
        .source("second", "/2", "kind = \"article\""),
    ]
}

/// Two sources of a host, and one of another that leads to the same place.
fn three(name: String, steps: impl Fn() -> Vec<Step> + Send + Sync + 'static) -> Rule {
    Rule::new(name, move |_| steps()).source("first", "/feed/1", "").source("second", "/feed/2", "").source_at(
        "127.0.0.2",
        "other",
        ["/feed/2", ""],
    )
}

/// The first round: the first source gets this answer, the second waits, the other host does not.
fn holding(reply: Reply) -> Step {
    let first = at(0).answers("/feed/1", reply).answers("/feed/2", small());
    first.asks("/feed/1").first().asks_at("127.0.0.2", "/feed/2").first()
}

pub fn too_many() -> Vec<Rule> {
    let of_code = |code: u16| {
        three(format!("{code} holds the host and not only the source"), move || {
            let words = &["next try today 13:00 UTC"];
            vec![
                holding(Reply::new(code).header("Retry-After", "3600"))
                    .stands("first", "held", words)
                    .stands("second", "held", words)
                    .stands("other", "ok", &[]),
                at(1),
                forced_at(30).asks_at("127.0.0.2", "/feed/2"),
                at(59),
                at(60)
                    .answers("/feed/1", small())
                    .asks("/feed/1")
                    .first()
                    .asks("/feed/2")
                    .first()
                    .stands("first", "ok", &[])
                    .stands("second", "ok", &[]),
                at(61),
            ]
        })
    };
    let later = Rule::of_feed("a source that comes later finds its host held", |_| {
        let sources = [["127.0.0.1", "feed", "/feed", ""], ["127.0.0.1", "later", "/feed/later", ""]];
        vec![
            at(0).answers("/feed", Reply::new(429).header("Retry-After", "3600")).asks("/feed"),
            at(1).with_sources(&sources).answers("/feed/later", small()).stands("later", "held", &["left alone"]),
            forced_at(59),
            at(60).asks("/feed").stands("later", "held", &["next try"]),
        ]
    });
    vec![of_code(429), of_code(503), later]
}

pub fn retry_after() -> Vec<Rule> {
    let rows: [(&[(&str, &str)], i64); 6] = [
        (&[("Retry-After", "3600")], 60),
        (&[("Retry-After", "86400")], 1440),
        (&[("Retry-After", "Tue, 24 Nov 2026 14:00:00 GMT")], 120),
        // their clock runs a year late: an hour is an hour
        (&[("Date", "Mon, 24 Nov 2025 09:00:00 GMT"), ("Retry-After", "Mon, 24 Nov 2025 10:00:00 GMT")], 60),
        // what is no time at all counts as none
        (&[("Retry-After", "soon")], 10),
        (&[], 10),
    ];
    let of_row = |code: u16, headers: &'static [(&str, &str)], minutes: i64| {
        three(format!("{code} {headers:?}"), move || {
            let reply = headers.iter().fold(Reply::new(code), |reply, (name, value)| reply.header(name, value));
            vec![
                holding(reply),
                forced_at(1).asks_at("127.0.0.2", "/feed/2"),
                forced_at(minutes - 1).asks_at("127.0.0.2", "/feed/2"),
                forced_at(minutes)
                    .answers("/feed/1", small())
                    .asks("/feed/1")
                    .asks("/feed/2")
                    .asks_at("127.0.0.2", "/feed/2"),
            ]
        })
    };
    [429, 503].into_iter().flat_map(|code| rows.map(|(headers, minutes)| of_row(code, headers, minutes))).collect()
}

pub fn doubling() -> Vec<Rule> {
    vec![Rule::of_feed("ten minutes, doubling up to a day, and anew after an answer", |_| {
        let mut steps = vec![at(0).answers("/feed", Reply::new(429)).asks("/feed")];
        let mut minute = 0;
        for pause in [10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440] {
            steps.push(at(minute + pause - 1));
            minute += pause;
            steps.push(at(minute).asks("/feed"));
        }
        minute += 1440;
        steps.push(at(minute).answers("/feed", small()).asks("/feed").stands("feed", "ok", &[]));
        steps.push(at(minute + 120).answers("/feed", Reply::new(503)).asks("/feed").stands("feed", "held", &["503"]));
        steps.push(at(minute + 129));
        steps.push(at(minute + 130).asks("/feed"));
        steps.push(at(minute + 149));
        steps.push(at(minute + 150).asks("/feed"));
        steps
    })]
}
