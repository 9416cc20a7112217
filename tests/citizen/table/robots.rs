//! robots.txt: asked before pages, kept for a day, obeyed; not for feeds that the operator named.

use crate::origin::Reply;
use crate::outlet::{listing, page, small};
use crate::script::{Rule, at, forced_at};

const DAY: i64 = 24 * 60;

fn rules(text: &str) -> Reply {
    Reply::ok(format!("User-agent: *\n{text}"))
}

fn article(name: &str, steps: impl Fn() -> Vec<crate::script::Step> + Send + Sync + 'static) -> Rule {
    Rule::new(name, move |_| steps()).before("/story", page()).source(
        "page",
        "/story",
        "kind = \"article\"\nevery = \"1h\"",
    )
}

pub fn pages() -> Vec<Rule> {
    let kept = article("asked first, kept for a day, obeyed", || {
        vec![
            at(0)
                .answers("/robots.txt", rules("Disallow: /private"))
                .answers("/story", page())
                .asks("/robots.txt")
                .first_of_all()
                .asks("/story"),
            at(60).asks("/story"),
            at(DAY - 1).asks("/story"),
            // a day is over
            at(DAY + 120)
                .answers("/robots.txt", Reply::ok("User-agent: feedmill\nDisallow: /"))
                .asks("/robots.txt")
                .stands("page", "backoff", &["its robots.txt bars the address", "next try"]),
            forced_at(DAY + 180),
            forced_at(DAY + 300),
            at(2 * DAY + 200).answers("/robots.txt", rules("Allow: /")).asks("/robots.txt").asks("/story").stands(
                "page",
                "ok",
                &[],
            ),
        ]
    });
    let of_kind = |kind: &'static str, path: &'static str, reply: Reply| {
        Rule::new(format!("a {kind} obeys"), move |_| {
            vec![
                at(0)
                    .answers("/robots.txt", rules("Disallow: /"))
                    .answers(path, reply.clone())
                    .asks("/robots.txt")
                    .stands("it", "backoff", &["its robots.txt bars the address"]),
            ]
        })
        .source("it", path, &format!("kind = \"{kind}\""))
        .cold_outlet()
    };
    let urls = "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"></urlset>";
    vec![
        kept,
        of_kind("article", "/story", page()),
        of_kind("listing", "/news", listing(0)),
        of_kind("sitemap", "/sitemap.xml", Reply::ok(urls)),
    ]
}

pub fn trouble() -> Vec<Rule> {
    let missing = [
        Reply::new(404),
        Reply::new(403),
        Reply::new(410),
        Reply::redirect(301, "/robots.txt"),
        Reply::ok("<html>hello</html>"),
    ];
    let missing = missing.into_iter().map(|reply| {
        article("one that is missing allows", move || {
            let answers = at(0).answers("/robots.txt", reply.clone()).answers("/story", page());
            vec![answers.asks("/robots.txt").asks("/story").stands("page", "ok", &[])]
        })
    });
    let unreachable = [Reply::new(500), Reply::ok("User-agent: *\nAllow: /").reset()];
    let unreachable = unreachable.into_iter().map(|reply| {
        Rule::new("one that cannot be reached is a no, tried again after an hour", move |_| {
            vec![
                at(0).answers("/robots.txt", reply.clone()).answers("/story", page()).asks("/robots.txt").stands(
                    "page",
                    "backoff",
                    &["robots.txt cannot be reached"],
                ),
                forced_at(59),
                forced_at(60).answers("/robots.txt", rules("Allow: /")).asks("/robots.txt").asks("/story"),
            ]
        })
        .before("/story", page())
        .source("page", "/story", "kind = \"article\"")
        // of a host that was known its last rules would stand in
        .cold_outlet()
    });
    let stands_in = article("one that was known stands in for thirty days", || {
        vec![
            at(0)
                .answers("/robots.txt", rules("Disallow: /x"))
                .answers("/story", page())
                .asks("/robots.txt")
                .asks("/story"),
            at(2 * DAY).answers("/robots.txt", Reply::new(500)).asks("/robots.txt").asks("/story"),
            at(29 * DAY).asks("/robots.txt").asks("/story"),
            at(31 * DAY).asks("/robots.txt").stands("page", "backoff", &["robots.txt cannot be reached"]),
        ]
    });
    let pause = article("a pause is a pause", || {
        vec![
            at(0).answers("/robots.txt", Reply::new(429)).asks("/robots.txt").stands("page", "held", &["next try"]),
            forced_at(9),
            at(10).answers("/robots.txt", Reply::new(404)).answers("/story", page()).asks("/robots.txt").asks("/story"),
        ]
    });
    missing.chain(unreachable).chain([stands_in, pause]).collect()
}

pub fn feeds() -> Vec<Rule> {
    let barred = rules("Disallow: /");
    let named = |settings: &'static str, path: &'static str, obeys: bool| {
        let barred = barred.clone();
        let rule = Rule::new(format!("{path} {settings}"), move |_| {
            let step = at(0).answers("/robots.txt", barred.clone()).answers(path, small());
            let again = at(120);
            vec![
                if obeys { step.asks("/robots.txt") } else { step.asks(path).first() },
                if obeys { again } else { again.asks(path) },
            ]
        });
        if settings.starts_with("robots") {
            rule.fetch(settings).source("it", path, "")
        } else {
            rule.source("it", path, settings)
        }
    };
    let known = Rule::new("an address that was a feed is one", move |_| {
        vec![
            at(0).answers("/latest", small()).asks("/robots.txt").asks("/latest"),
            at(2 * DAY).answers("/robots.txt", rules("Disallow: /")).asks("/latest").stands("it", "ok", &[]),
        ]
    })
    .source("it", "/latest", "")
    .cold_outlet();
    vec![
        named("kind = \"feed\"", "/feed", false),
        named("kind = \"feed\"", "/latest", false),
        named("", "/feed", false),
        named("", "/index.xml", false),
        named("robots = \"all\"", "/feed", true),
        known,
    ]
}

pub fn found() -> Vec<Rule> {
    let linking = "<html><head><title>Outlet</title><link rel=\"alternate\" type=\"application/rss+xml\" \
                   href=\"/found\"></head><body><p>Welcome</p></body></html>";
    let front = Reply::ok(linking).header("Content-Type", "text/html");
    let again = front.clone();
    vec![
        Rule::new("an address of which nothing is known obeys until it is a feed", |_| {
            vec![
                at(0)
                    .answers("/robots.txt", rules("Disallow: /news"))
                    .answers("/news", listing(0))
                    .asks("/robots.txt")
                    .stands("it", "backoff", &["its robots.txt bars the address", "`kind = \"feed\"`"]),
                forced_at(1),
            ]
        })
        .source("it", "/news", "")
        .cold_outlet(),
        Rule::new("a feed that was found obeys", move |_| {
            vec![
                at(0)
                    .answers("/robots.txt", rules("Disallow: /found\nDisallow: /feed\nDisallow: /rss"))
                    .answers("/", front.clone())
                    .answers("/found", small())
                    .asks("/robots.txt")
                    .asks("/")
                    // usual places of sitemaps, which nothing bars
                    .asks("/news-sitemap.xml")
                    .asks("/sitemap-news.xml")
                    .asks("/sitemap_news.xml"),
            ]
        })
        .source("it", "/", "")
        .cold_outlet(),
        Rule::new("a feed that was found is asked where nothing bars it, and robots.txt once a day", move |_| {
            vec![
                at(0)
                    .answers("/robots.txt", rules("Disallow: /x"))
                    .answers("/", again.clone())
                    .answers("/found", small().header("ETag", "\"1\""))
                    .asks("/robots.txt")
                    .asks("/")
                    .asks("/found"),
                at(120).asks("/found").with("if-none-match", "\"1\""),
                at(2 * DAY).answers("/robots.txt", rules("Disallow: /found")).asks("/robots.txt").stands(
                    "it",
                    "backoff",
                    &["its robots.txt bars the address"],
                ),
            ]
        })
        .source("it", "/", "")
        .cold_outlet(),
        Rule::new("a page that was found to be a list obeys", |_| {
            vec![
                at(0)
                    .answers("/robots.txt", rules("Disallow: /private\nSitemap: /private/map.xml"))
                    .answers("/news", listing(3))
                    .answers("/story-of-the-day-1", page())
                    .answers("/story-of-the-day-2", page())
                    .answers("/story-of-the-day-3", page())
                    .asks("/robots.txt")
                    .asks("/news")
                    .asks("/feed/")
                    .asks("/rss.xml")
                    .asks("/feed.xml")
                    .asks("/atom.xml")
                    .asks("/rss")
                    .asks("/story-of-the-day-1")
                    .asks("/story-of-the-day-2")
                    .asks("/story-of-the-day-3")
                    .stands("it", "ok", &[]),
                at(2 * DAY).answers("/robots.txt", rules("Disallow: /news")).asks("/robots.txt").stands(
                    "it",
                    "backoff",
                    &["its robots.txt bars the address"],
                ),
            ]
        })
        .source("it", "/news", "")
        .cold_outlet(),
    ]
}

pub fn stories() -> Vec<Rule> {
    vec![
        Rule::new("a story that robots.txt bars is never asked for, and costs no attempts", |_| {
            let list = |step: crate::script::Step| step.answers("/news", listing(3));
            vec![
                list(at(0))
                    .answers("/robots.txt", rules("Disallow: /story-of-the-day-2"))
                    .answers("/story-of-the-day-1", page())
                    .answers("/story-of-the-day-3", page())
                    .asks("/robots.txt")
                    .asks("/news")
                    .asks("/story-of-the-day-1")
                    .asks("/story-of-the-day-3")
                    .holds(3),
                list(at(120)).asks("/news").holds(3),
                list(at(240)).asks("/news").holds(3),
            ]
        })
        .source("it", "/news", "kind = \"listing\"")
        .cold_outlet(),
        Rule::new("a story whose page fails is tried three times", |_| {
            vec![
                at(0)
                    .answers("/robots.txt", rules("Allow: /"))
                    .answers("/news", listing(1))
                    .answers("/story-of-the-day-1", Reply::new(500))
                    .asks("/robots.txt")
                    .asks("/news")
                    .asks("/story-of-the-day-1")
                    .holds(0),
                at(120).asks("/news").asks("/story-of-the-day-1").holds(0),
                at(240).asks("/news").asks("/story-of-the-day-1").holds(1),
                at(360).asks("/news"),
            ]
        })
        .source("it", "/news", "kind = \"listing\"")
        .cold_outlet(),
    ]
}
