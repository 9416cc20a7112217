//! Redirects: how far, where to, and what goes along.

use crate::origin::{Reply, Speaks};
use crate::outlet::small;
use crate::script::{Rule, Step, at, forced_at};

const DAY: i64 = 24 * 60;

pub fn redirects() -> Vec<Rule> {
    let chain = |hops: usize| {
        Rule::of_feed(format!("{hops} hops"), move |_| {
            let paths: Vec<String> =
                std::iter::once("/feed".to_owned()).chain((1..=hops).map(|hop| format!("/{hop}"))).collect();
            let mut step = at(0).answers(&paths[hops], small());
            for pair in paths.windows(2) {
                step = step.answers(&pair[0], Reply::redirect(302, &pair[1]));
            }
            let is_followed = hops <= 5;
            step = paths.iter().take(6).fold(step, |step, path| step.asks(path));
            vec![if is_followed {
                step.stands("feed", "ok", &[])
            } else {
                step.stands("feed", "backoff", &["not followed: more than 5 hops"])
            }]
        })
    };
    let refused = |to: &'static str, why: &'static str| {
        Rule::of_feed(format!("to {to}"), move |_| {
            let step = at(0).answers("/feed", Reply::redirect(301, to)).asks("/feed");
            vec![step.stands("feed", "backoff", &["not followed", why])]
        })
    };
    vec![
        chain(1),
        chain(5),
        chain(6),
        refused("/feed", "it leads in a circle"),
        refused("/feed#part", "it leads in a circle"),
        refused("http://[::1", "its target is not an address"),
        Rule::of_feed("none from https to http", |_| {
            let step = at(0).answers("/feed", Reply::redirect(302, "http://127.0.0.1:80/feed")).asks("/feed");
            vec![step.stands("feed", "backoff", &["it leads from https to http"])]
        })
        .fetch("ca_file = \"ca.pem\"")
        .secure(Speaks::Http1),
    ]
}

pub fn moved() -> Vec<Rule> {
    let permanent = [301, 308].map(|code| {
        Rule::new(format!("{code} is taken over after 7 days and 5 sightings"), move |origin| {
            let new = origin.url_at("127.0.0.2", "/feed/new");
            let day = |day: i64| at(day * (DAY + 180));
            let both = |step: Step| step.asks("/feed/old").without("if-none-match").asks_at("127.0.0.2", "/feed/new");
            let mut steps = vec![
                day(0)
                    .answers("/feed/old", Reply::redirect(code, new.as_str()))
                    .answers("/feed/new", small().header("ETag", "\"1\""))
                    .asks("/feed/old")
                    .asks_at("127.0.0.2", "/feed/new")
                    .first_of_all(),
            ];
            let known = |step: Step| both(step).with("if-none-match", "\"1\"");
            steps.extend((1..7).map(|n| known(day(n)).answers("/feed/new", Reply::new(304)).stands("feed", "ok", &[])));
            steps.push(known(day(7)).stands("feed", "moved", &[new.as_str(), "put that address into the config"]));
            // the redirect is spared
            let spared = |n| day(n).asks_at("127.0.0.2", "/feed/new").with("if-none-match", "\"1\"");
            steps.extend([spared(8), spared(9)]);
            // the new address is gone: the configured one has the next word
            steps.push(
                at(20 * DAY)
                    .answers("/feed/new", Reply::new(410))
                    .answers("/feed/old", small())
                    .asks_at("127.0.0.2", "/feed/new"),
            );
            steps.push(at(23 * DAY).asks("/feed/old").stands("feed", "ok", &[]));
            steps
        })
        .source("feed", "/feed/old", "")
    });
    // status, days between two runs, runs
    let others = [(302, 2, 8), (307, 2, 8), (303, 2, 8), (301, 1, 7), (301, 9, 4)].map(|(code, days, runs)| {
        Rule::of_feed(format!("{code} seen {runs} times, every {days} days, moves nothing"), move |_| {
            let run = |run: i64| at(run * days * DAY + run * 150).asks("/feed").asks("/new").stands("feed", "ok", &[]);
            let first = run(0).answers("/feed", Reply::redirect(code, "/new")).answers("/new", small());
            std::iter::once(first).chain((1..runs).map(run)).collect()
        })
    });
    permanent.into_iter().chain(others).chain([of_a_feed_that_was_found()]).collect()
}

/// Only the address that the operator named moves: what was found can be found again.
fn of_a_feed_that_was_found() -> Rule {
    let front = "<html><head><title>Outlet</title><link rel=\"alternate\" type=\"application/rss+xml\" \
                 href=\"/found\"></head><body><p>Welcome</p></body></html>";
    Rule::new("301 of a feed that was found moves nothing", move |_| {
        let day = |day: i64| at(day * (DAY + 180)).asks("/robots.txt");
        let first = day(0)
            .answers("/", Reply::ok(front).header("Content-Type", "text/html"))
            .answers("/found", Reply::redirect(301, "/new"))
            .answers("/new", small())
            .asks("/")
            .asks("/found")
            .asks("/new");
        let next = |n| day(n).asks("/found").asks("/new").stands("it", "ok", &[]);
        std::iter::once(first).chain((1..=9).map(next)).collect()
    })
    .source("it", "/", "")
    .cold_outlet()
}

pub fn headers() -> Vec<Rule> {
    let secret = "headers = { Authorization = \"Bearer t0ken\", X-Key = \"k3y\" }";
    vec![
        Rule::new("reach their own host, and no other", |origin| {
            let away = origin.url_at("127.0.0.2", "/feed/away");
            let home = |step: Step| step.asks("/feed").with("authorization", "Bearer t0ken").with("x-key", "k3y");
            let bare = |step: Step| step.without("authorization").without("x-key");
            vec![
                home(at(0).answers("/feed", small())),
                bare(
                    home(at(120).answers("/feed", Reply::redirect(302, away.as_str())).answers("/feed/away", small()))
                        .asks_at("127.0.0.2", "/feed/away"),
                ),
                // on the way back they are not taken up again
                bare(
                    bare(
                        home(at(240).answers("/feed/away", Reply::redirect(302, origin.url("/feed/home").as_str())))
                            .answers("/feed/home", small())
                            .asks_at("127.0.0.2", "/feed/away"),
                    )
                    .asks("/feed/home"),
                ),
            ]
        })
        .source("feed", "/feed", secret),
        Rule::new("a basic login", |_| {
            // base64 of desk:pass
            vec![at(0).answers("/feed", small()).asks("/feed").with("authorization", "Basic ZGVzazpwYXNz")]
        })
        .source("feed", "/feed", "headers = { Authorization = \"Basic desk:pass\" }"),
    ]
}

pub fn private() -> Vec<Rule> {
    let told = &["a private or special address", "fetch.allow"];
    let places = [
        "http://127.0.0.2:PORT/feed",
        "http://127.2:PORT/feed",
        "http://2130706434:PORT/feed",
        "http://0x7f.2:PORT/feed",
        "http://0177.0.0.2:PORT/feed",
        "http://127.0.0.2.:PORT/feed",
        "http://\u{ff11}27.0.0.2:PORT/feed",
        "http://0.0.0.0:PORT/feed",
        "http://[::1]:PORT/feed",
        "http://[::ffff:127.0.0.2]:PORT/feed",
        "http://[64:ff9b::7f00:2]:PORT/feed",
        "http://[2002:7f00:2::]:PORT/feed",
        "http://10.0.0.1/feed",
        "http://169.254.169.254/latest/meta-data/",
    ];
    vec![
        Rule::of_feed("are refused on each hop; `allow` opens what it names and no more", move |origin| {
            let port = origin.url("/").port().expect("a port").to_string();
            let refused = (0..).zip(places).map(|(round, place)| {
                let place = place.replace("PORT", &port);
                forced_at(round * 60)
                    .answers("/feed", Reply::redirect(302, &place))
                    .asks("/feed")
                    .stands("feed", "backoff", told)
            });
            let opened = origin.url_at("127.0.0.3", "/feed/3");
            let last = forced_at(100 * 60).answers("/feed", Reply::redirect(302, opened.as_str()));
            let last = last.answers("/feed/3", small()).asks("/feed").asks_at("127.0.0.3", "/feed/3");
            refused.chain([last.stands("feed", "ok", &[])]).collect()
        })
        .fetch("allow = [\"127.0.0.1\", \"127.0.0.3/32\"]"),
        Rule::new("are refused at the first hop", move |_| {
            let step = at(0).stands("loopback", "backoff", told).stands("metadata", "backoff", told);
            vec![step.with_sources(&[["127.0.0.2", "loopback", "/feed", ""], ["127.9.9.9", "metadata", "/feed", ""]])]
        })
        .fetch("allow = [\"127.0.0.1\"]")
        .source("good", "/feed/good", ""),
    ]
}
