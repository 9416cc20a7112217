//! What failures cost, and how they are told.

use crate::origin::Reply;
use crate::outlet::small;
use crate::script::{Rule, Step, at, forced_at, when_due};

const DAY: i64 = 24 * 60;

fn tagged() -> Reply {
    small().header("ETag", "\"1\"")
}

/// The gaps are these, each with a jitter of a tenth at most.
fn about(gaps: &[i64], expected: &[i64]) {
    let is_about = |(gap, least): (&i64, &i64)| (*least..=*least + *least / 10 + 1).contains(gap);
    assert!(gaps.iter().zip(expected).all(is_about) && gaps.len() <= expected.len(), "{gaps:?}, not {expected:?}");
}

pub fn gone() -> Vec<Rule> {
    vec![Rule::of_feed("is asked no more until the config changes", |_| {
        let again = ["127.0.0.1", "feed", "/feed#again", ""];
        vec![
            at(0).answers("/feed", Reply::new(410)).asks("/feed").stands("feed", "gone", &["410 Gone", "#fragment"]),
            at(DAY),
            forced_at(DAY + 1),
            at(365 * DAY),
            forced_at(366 * DAY).stands("feed", "gone", &["410 Gone"]),
            at(367 * DAY).with_sources(&[again]).answers("/feed", small()).asks("/feed").first_of_all().stands(
                "feed",
                "ok",
                &[],
            ),
            at(367 * DAY + 30),
        ]
    })]
}

pub fn not_found() -> Vec<Rule> {
    [404, 400, 406, 451]
        .into_iter()
        .map(|code| {
            Rule::new(format!("{code} is a hard error"), move |_| {
                let told = format!("answered {code}");
                vec![
                    at(0).answers("/feed", tagged()).asks("/feed").first(),
                    at(120).answers("/feed", Reply::new(code)).asks("/feed").with("if-none-match", "\"1\"").stands(
                        "feed",
                        "backoff",
                        &[&told, "next try today"],
                    ),
                    when_due("feed", 5, |gaps| about(gaps, &[120, 240, 480, 960, 1440])),
                ]
            })
            .source("feed", "/feed", "kind = \"feed\"")
        })
        .collect()
}

pub fn back_off() -> Vec<Rule> {
    vec![
        Rule::new("to a day for two weeks, then to a week; never forgotten; recovery resets", |_| {
            vec![
                at(0).answers("/feed", tagged()).asks("/feed").first(),
                at(120).answers("/feed", Reply::new(404)).asks("/feed"),
                when_due("feed", 22, |gaps| {
                    about(&gaps[..4], &[120, 240, 480, 960]);
                    let daily = gaps.iter().filter(|gap| (DAY..=DAY + DAY / 10 + 1).contains(*gap)).count();
                    assert!((12..=14).contains(&daily), "{gaps:?}");
                    let weekly = &gaps[4 + daily..];
                    assert!(weekly.len() >= 4, "{gaps:?}");
                    about(weekly, &[7 * DAY; 6]);
                }),
                at(120 * DAY).answers("/feed", tagged()).asks("/feed").with("if-none-match", "\"1\"").stands(
                    "feed",
                    "ok",
                    &[],
                ),
                when_due("feed", 2, |gaps| about(gaps, &[60, 60])),
                // as if nothing had been
                forced_at(121 * DAY).answers("/feed", Reply::new(404)).asks("/feed"),
                when_due("feed", 1, |gaps| about(gaps, &[120])),
            ]
        })
        .source("feed", "/feed", "kind = \"feed\""),
        Rule::new("a source that is asked seldom is not asked more often because it fails", |_| {
            vec![
                at(0).answers("/feed", Reply::new(404)).asks("/feed").first(),
                at(3 * DAY - 1),
                at(3 * DAY + 3 * DAY / 10 + 1).asks("/feed"),
            ]
        })
        .source("feed", "/feed", "kind = \"feed\"\nevery = \"3d\""),
    ]
}

pub fn refused() -> Vec<Rule> {
    let page = |code, text: &str| Reply::new(code).body(text);
    let rows: [(Reply, &[&str]); 7] = [
        (
            Reply::new(403).header("cf-mitigated", "challenge"),
            &["127.0.0.1 answered 403 Forbidden with a challenge of Cloudflare", "a feed or sitemap address"],
        ),
        (page(403, "Sorry, you have been blocked"), &["with a firewall of Cloudflare", "User-Agent"]),
        (page(401, ""), &["401 Unauthorized with a request to log in", "`headers`"]),
        (page(403, "No robots: see robots.txt"), &["robots are not welcome", "ask it for one"]),
        (page(403, "Forbidden"), &["answered 403 Forbidden;", "`contact`"]),
        // a challenge by another status is no pause and no fault
        (page(503, "<title>Just a moment...</title>"), &["with a challenge of Cloudflare", "a feed or sitemap"]),
        (Reply::new(202).header("x-amzn-waf-action", "challenge"), &["with a challenge of AWS WAF"]),
    ];
    rows.into_iter()
        .map(|(reply, words)| {
            Rule::of_feed(words[0], move |_| {
                let told: Vec<&str> = words.iter().copied().chain(["; next try "]).collect();
                vec![
                    at(0).answers("/feed", reply.clone()).asks("/feed").stands("feed", "backoff", &told),
                    when_due("feed", 7, |gaps| about(gaps, &[60, 120, 240, 480, 960, 1440, 1440])),
                    at(10 * DAY).answers("/feed", small()).asks("/feed").stands("feed", "ok", &[]),
                ]
            })
        })
        .collect()
}

pub fn soft() -> Vec<Rule> {
    let rows = [
        (Reply::new(500), "500 Internal Server Error"),
        (Reply::new(502), "502 Bad Gateway"),
        (Reply::new(599), "answered 599"),
        (small().reset(), "broke off"),
    ];
    let answers = rows.into_iter().map(|(reply, told)| {
        Rule::of_feed(format!("{told} weighs half, and is not tried again in the run"), move |_| {
            vec![
                at(0).answers("/feed", reply.clone()).asks("/feed").stands("feed", "backoff", &[told, "next try"]),
                // an hour times the root of two, and so on
                when_due("feed", 4, |gaps| about(gaps, &[84, 120, 169, 240])),
                forced_at(DAY).answers("/feed", small()).asks("/feed").stands("feed", "ok", &[]),
                when_due("feed", 1, |gaps| about(gaps, &[60])),
            ]
        })
    });
    let name = Rule::new("a name without an address", |_| {
        let told = &["the name no-such-outlet.invalid has no address", "check the name in the url", "next try"];
        vec![at(0).stands("feed", "backoff", told), at(83), forced_at(90).stands("feed", "backoff", told)]
    })
    .source_at("no-such-outlet.invalid", "feed", ["/feed", ""])
    .cold_outlet();
    answers.chain([name]).collect()
}

pub fn retry() -> Vec<Rule> {
    // nobody listens at the port that was given back
    let closed = || {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.local_addr().expect("a port").port()
    };
    vec![Rule::of_feed("of the hop that failed, once", move |_| {
        let away: Step = at(0).answers("/feed", Reply::redirect(302, &format!("http://127.0.0.1:{}/feed", closed())));
        vec![away.asks("/feed").stands("feed", "backoff", &["no connection to 127.0.0.1", "next try"])]
    })]
}
