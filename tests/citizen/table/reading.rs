//! Documents that are put aside, or that cannot be read: asked for again as conditionally as any other.

use chrono::TimeDelta;

use crate::origin::Reply;
use crate::outlet::{feed, small, start};
use crate::script::{Rule, Step, at, forced_at};

const DAY: i64 = 24 * 60;

/// Twelve items, the newest so many days ago.
fn twelve(days: i64) -> String {
    feed(&(0..12).map(|n| start() - TimeDelta::days(days) - TimeDelta::hours(n)).collect::<Vec<_>>())
}

fn tagged(body: impl Into<Vec<u8>>, etag: &str) -> Reply {
    Reply::ok(body).header("ETag", etag)
}

/// Twelve items were taken in, and then the document holds twelve others.
fn replaced(name: &str, other: String, steps: impl Fn() -> Vec<Step> + Send + Sync + 'static) -> Rule {
    let told = &["nothing of what the document holds is known"];
    Rule::of_feed(name, move |_| {
        let mut all = vec![
            at(0).answers("/feed", tagged(twelve(0), "\"1\"")).asks("/feed").first().holds(12),
            at(120)
                .answers("/feed", tagged(other.clone(), "\"2\""))
                .asks("/feed")
                .with("if-none-match", "\"1\"")
                .stands("feed", "quarantined", told)
                .holds(12),
            at(121),
        ];
        all.extend(steps());
        all
    })
    .cold_outlet()
}

pub fn quarantine() -> Vec<Rule> {
    let second = |etag: &str| at(240).asks("/feed").with("if-none-match", etag);
    let agreed = &["a second look agreed"];
    let large = format!("{}<!-- {} -->", twelve(100), "x".repeat(1 << 20));
    let again = large.clone();
    vec![
        replaced("a 304 agrees, and what was put aside is taken in", twelve(100), move || {
            vec![
                second("\"2\"").answers("/feed", Reply::new(304)).stands("feed", "ok", agreed).holds(24),
                at(360).asks("/feed").with("if-none-match", "\"2\"").stands("feed", "ok", &[]).holds(24),
            ]
        }),
        replaced("a 304 is no agreement before the second look", twelve(100), move || {
            vec![
                forced_at(122).answers("/feed", Reply::new(500)).asks("/feed").with("if-none-match", "\"2\"").holds(12),
                at(DAY).answers("/feed", Reply::new(304)).asks("/feed").with("if-none-match", "\"2\"").holds(24),
            ]
        }),
        replaced("a document like it agrees", twelve(100), move || {
            vec![second("\"2\"").answers("/feed", tagged(twelve(99), "\"3\"")).stands("feed", "ok", agreed).holds(24)]
        }),
        replaced("where the known items are back nothing has happened", twelve(100), move || {
            vec![
                second("\"2\"").answers("/feed", tagged(twelve(0), "\"1\"")).stands("feed", "ok", &[]).holds(12),
                at(360).asks("/feed").with("if-none-match", "\"1\""),
            ]
        }),
        replaced("one that is too large to be kept is asked for as the last one that was taken in", large, move || {
            vec![
                second("\"1\"").answers("/feed", tagged(again.clone(), "\"2\"")).stands("feed", "ok", agreed).holds(24),
                at(360).answers("/feed", Reply::new(304)).asks("/feed").with("if-none-match", "\"2\"").holds(24),
            ]
        }),
    ]
}

pub fn unreadable() -> Vec<Rule> {
    let told = &["next try"];
    [("auto", "no feed at all"), ("feed", "no feed at all"), ("feed", "<html><body>Parked</body></html>"), ("feed", "")]
        .into_iter()
        .map(|(kind, body)| {
            Rule::new(format!("{kind}: {body}"), move |_| {
                let same = |minute| {
                    forced_at(minute)
                        .asks("/feed")
                        .with("if-none-match", "\"1\"")
                        .stands("feed", "backoff", told)
                        .holds(0)
                };
                vec![
                    at(0).answers("/feed", tagged(body, "\"1\"")).asks("/feed").first().stands("feed", "backoff", told),
                    at(60),
                    // the same is no more readable, and no less worth telling
                    same(200).answers("/feed", Reply::new(304)),
                    same(2 * DAY),
                    forced_at(4 * DAY)
                        .answers("/feed", small().header("ETag", "\"2\""))
                        .asks("/feed")
                        .with("if-none-match", "\"1\"")
                        .stands("feed", "ok", &[])
                        .holds(1),
                    at(5 * DAY).answers("/feed", Reply::new(304)).asks("/feed").with("if-none-match", "\"2\"").stands(
                        "feed",
                        "ok",
                        &[],
                    ),
                ]
            })
            .source("feed", "/feed", &format!("kind = \"{kind}\""))
            .cold_outlet()
        })
        .collect()
}
