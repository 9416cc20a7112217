//! What a request says, and what its answer leaves for the next one.

use chrono::TimeDelta;

use crate::origin::{Reply, Speaks, gzip};
use crate::outlet::{feed, small, start};
use crate::script::{Rule, at, every};

const DAY: i64 = 24 * 60;

fn tagged(etag: &str) -> Reply {
    small().header("ETag", etag)
}

pub fn first_contact() -> Vec<Rule> {
    vec![Rule::of_feed("nothing is made up, and nothing is asked twice", |_| {
        vec![at(0).answers("/feed", small()).asks("/feed").first(), at(1), at(2), at(30)]
    })]
}

pub fn validators() -> Vec<Rule> {
    let date = "Some  day, or so";
    let both = move |reply: Reply, etag: &str| reply.header("ETag", etag).header("Last-Modified", date);
    vec![
        Rule::of_feed("byte for byte, replaced by each answer, never forgotten", move |_| {
            let next = |minute, etag: &str| at(minute).asks("/feed").with("if-none-match", etag);
            vec![
                at(0).answers("/feed", both(small(), "W/\"one, two\"")).asks("/feed").first(),
                next(120, "W/\"one, two\"").answers("/feed", both(small(), "unquoted caf\u{e9}")),
                // new with every document, even if its body is equal
                next(240, "unquoted caf\u{e9}").answers("/feed", Reply::new(304).header("ETag", "\"three\"")),
                next(360, "\"three\"").with("if-modified-since", date).answers("/feed", Reply::new(304)),
                next(480, "\"three\"").answers("/feed", Reply::new(500)),
                // a failure costs nothing, nor does time
                next(2 * DAY, "\"three\"").answers("/feed", Reply::new(304)),
                next(800 * DAY, "\"three\"").with("if-modified-since", date),
            ]
        }),
        Rule::of_feed("a document without validators forgets them", |_| {
            vec![
                at(0).answers("/feed", tagged("\"1\"")).asks("/feed").first(),
                at(120).answers("/feed", small()).asks("/feed").with("if-none-match", "\"1\""),
                at(240).asks("/feed").without("if-none-match").without("if-modified-since"),
            ]
        }),
        Rule::of_feed("they belong to the exact URL that sent them", |_| {
            let to = |path: &str| Reply::redirect(302, path);
            vec![
                at(0)
                    .answers("/feed", to("/a"))
                    .answers("/a", tagged("\"a\""))
                    .asks("/feed")
                    .first()
                    .asks("/a")
                    .first_of_all(),
                at(120).asks("/feed").without("if-none-match").asks("/a").with("if-none-match", "\"a\""),
                at(240)
                    .answers("/feed", to("/a?x=1"))
                    .answers("/a?x=1", small())
                    .asks("/feed")
                    .asks("/a?x=1")
                    .first_of_all(),
                at(360).answers("/feed", small()).asks("/feed").first_of_all(),
            ]
        }),
    ]
}

pub fn validators_that_lie() -> Vec<Rule> {
    let daily = |until: i64| feed(&(0..10).map(|n| start() + TimeDelta::days(until - n)).collect::<Vec<_>>());
    vec![Rule::of_feed("are found by an audit, once a week at most", move |_| {
        vec![
            at(0).answers("/feed", Reply::ok(daily(0)).header("ETag", "\"1\"")).asks("/feed").first(),
            every(720, 720..20 * DAY)
                .answers("/feed", Reply::new(304))
                .counts("/feed", 39..=39, 720)
                // a 304 to a question without validators is no answer, and changes nothing
                .unconditional(2),
            at(20 * DAY).asks("/feed").with("if-none-match", "\"1\"").stands("feed", "ok", &[]),
            // now there is news, and only who asks as if for the first time is told
            every(720, 20 * DAY + 720..27 * DAY)
                .answers("/feed", Reply::ok(daily(5)).header("ETag", "\"1\"").deaf())
                .counts("/feed", 13..=13, 720)
                .unconditional(1)
                .stands("feed", "ok", &["validators lie"]),
        ]
    })]
}

pub fn rhythm_of_cron() -> Vec<Rule> {
    let minutes: Vec<_> = (0..20).map(|n| start() - TimeDelta::minutes(n)).collect();
    [1, 4, 7]
        .into_iter()
        .map(|rhythm| {
            let busy = feed(&minutes);
            Rule::new(format!("every {rhythm} minutes"), move |_| {
                let busy = Reply::ok(busy.clone()).header("ETag", "\"1\"");
                vec![
                    at(0)
                        .answers("/feed", tagged("\"1\""))
                        .answers("/feed/busy", busy)
                        .asks("/feed")
                        .first()
                        .asks("/feed/busy")
                        .first(),
                    every(rhythm, rhythm..61)
                        .answers("/feed", Reply::new(304))
                        .answers("/feed/busy", Reply::new(304))
                        .counts("/feed", 2..=4, 15)
                        .unconditional(0)
                        .counts("/feed/busy", 2..=4, 15)
                        .unconditional(0),
                ]
            })
            .source("feed", "/feed", "every = \"1m\"")
            .source("busy", "/feed/busy", "")
        })
        .collect()
}

pub fn never_sent() -> Vec<Rule> {
    vec![Rule::of_feed("cookies, referers, cache-busters", |_| {
        let with_cookie = |reply: Reply| reply.header("Set-Cookie", "session=1; Path=/").header("Vary", "Cookie");
        let clean = |step: crate::script::Step| {
            ["cookie", "referer", "cache-control", "pragma"].iter().fold(step, |step, name| step.without(name))
        };
        let rounds = (0..3).map(|round| clean(clean(at(round * 120).asks("/feed")).asks("/real?x=1")));
        let mut steps: Vec<_> = rounds.collect();
        let first = steps.remove(0).answers("/feed", with_cookie(Reply::redirect(302, "/real?x=1")));
        steps.insert(0, first.answers("/real?x=1", with_cookie(small())));
        steps
    })]
}

pub fn compression() -> Vec<Rule> {
    let text = small().text();
    let zstd = zstd::encode_all(&text[..], 3).expect("memory takes all");
    [("gzip", gzip(&text)), ("br", brotli(&text)), ("zstd", zstd), ("identity", text)]
        .into_iter()
        .map(|(coding, body)| {
            Rule::of_feed(coding, move |_| {
                let reply = Reply::ok(body.clone()).header("Content-Encoding", coding).header("ETag", "\"1\"");
                vec![
                    at(0).answers("/feed", reply).asks("/feed").with("accept-encoding", "gzip, br, zstd").stands(
                        "feed",
                        "ok",
                        &[],
                    ),
                    at(120).asks("/feed").with("if-none-match", "\"1\""),
                ]
            })
        })
        .collect()
}

pub fn user_agent() -> Vec<Rule> {
    let agent = format!("feedmill/{} (+desk@example.org)", env!("CARGO_PKG_VERSION"));
    vec![
        Rule::new("names the program and whom to write to", move |_| {
            let page = crate::outlet::page();
            vec![
                at(0)
                    .answers("/story", page)
                    .asks("/robots.txt")
                    .with("user-agent", &agent)
                    .asks("/story")
                    .with("user-agent", &agent),
            ]
        })
        .before("/story", crate::outlet::page())
        .source("page", "/story", "kind = \"article\""),
    ]
}

pub fn http_2() -> Vec<Rule> {
    [(Speaks::Http1, 11), (Speaks::Http2, 20)]
        .into_iter()
        .map(|(speaks, version)| {
            Rule::of_feed(format!("{speaks:?}"), move |_| {
                vec![
                    at(0).answers("/feed", tagged("\"1\"")).asks("/feed").first().by_http(version),
                    at(1),
                    at(120)
                        .answers("/feed", Reply::new(304).header("ETag", "\"2\""))
                        .asks("/feed")
                        .with("if-none-match", "\"1\"")
                        .by_http(version),
                    at(240)
                        .answers("/feed", Reply::new(429).header("Retry-After", "3600"))
                        .asks("/feed")
                        .with("if-none-match", "\"2\"")
                        .stands("feed", "held", &["429 Too Many Requests", "next try today 17:00 UTC"]),
                    at(299),
                    at(300).answers("/feed", small()).asks("/feed").stands("feed", "ok", &[]),
                ]
            })
            .fetch("ca_file = \"ca.pem\"")
            .secure(speaks)
        })
        .collect()
}

pub fn not_modified() -> Vec<Rule> {
    vec![
        Rule::of_feed("is a success", |_| {
            vec![
                at(0).answers("/feed", tagged("\"1\"")).asks("/feed").first(),
                at(120).answers("/feed", Reply::new(304)).asks("/feed").stands("feed", "ok", &[]),
                at(170),
                at(240).asks("/feed").with("if-none-match", "\"1\""),
            ]
        }),
        Rule::of_feed("is nonsense where no validators were sent", |_| {
            vec![
                at(0).answers("/feed", small()).asks("/feed").first(),
                at(120).answers("/feed", Reply::new(304)).asks("/feed").without("if-none-match").stands(
                    "feed",
                    "backoff",
                    &["304 Not Modified", "next try"],
                ),
            ]
        }),
    ]
}

/// A brotli stream of one block that is not packed (RFC 7932 §9.2).
fn brotli(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len() - 1).expect("small") & 0xffff;
    let head = (1 << 20 | length << 4).to_le_bytes();
    [&head[..3], bytes, &[3]].concat()
}
