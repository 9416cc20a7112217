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
    let once = large.clone();
    vec![
        replaced("a 304 agrees, and what was put aside is taken in", twelve(100), move || {
            vec![
                second("\"2\"").answers("/feed", Reply::new(304)).stands("feed", "ok", agreed).holds(24),
                // what was told of the last document stands until there is another one
                at(360).asks("/feed").with("if-none-match", "\"2\"").stands("feed", "ok", agreed).holds(24),
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
        replaced(
            "a 304 to the last one that was taken in ends it, and the next other one waits again",
            once,
            move || {
                let told = &["nothing of what the document holds is known"];
                vec![
                    second("\"1\"").answers("/feed", Reply::new(304)).stands("feed", "ok", &[]).holds(12),
                    at(360)
                        .answers("/feed", tagged(twelve(50), "\"3\""))
                        .asks("/feed")
                        .with("if-none-match", "\"1\"")
                        .stands("feed", "quarantined", told)
                        .holds(12),
                ]
            },
        ),
    ]
}

fn sitemap(stories: std::ops::RangeInclusive<u32>) -> String {
    let urls: Vec<String> = stories
        .map(|number| {
            format!(
                "<url><loc>/story-{number}</loc><news:news><news:publication_date>2026-11-24T{number:02}:00:00Z</news:publication_date>\
                 <news:title>The story number {number}</news:title></news:news></url>"
            )
        })
        .collect();
    format!(
        "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
         xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\">{}</urlset>",
        urls.concat()
    )
}

const INDEX: &str =
    "<sitemapindex><sitemap><loc>/news-1.xml</loc></sitemap><sitemap><loc>/news-2.xml</loc></sitemap></sitemapindex>";

fn part_of_a_list() -> Rule {
    Rule::new("a file that holds nothing known is a part, and no other document", move |_| {
        let mut first = at(0)
            .answers("/map.xml", tagged(INDEX, "\"map\""))
            .answers("/news-1.xml", tagged(sitemap(1..=6), "\"1\""))
            .answers("/news-2.xml", tagged(sitemap(7..=12), "\"2\""))
            .asks("/robots.txt")
            .asks("/map.xml")
            .asks("/news-1.xml")
            .asks("/news-2.xml");
        for number in (1..=14).rev() {
            let path = format!("/story-{number}");
            first = first.answers(&path, crate::outlet::page());
            first = if number < 13 { first.asks(&path) } else { first };
        }
        vec![
            first.holds(12).stands("map", "ok", &[]),
            at(20 * 60)
                .answers("/map.xml", Reply::new(304))
                .answers("/news-1.xml", Reply::new(304))
                .answers("/news-2.xml", tagged(sitemap(13..=14), "\"3\""))
                .asks("/map.xml")
                .asks("/news-1.xml")
                .asks("/news-2.xml")
                .asks("/story-14")
                .asks("/story-13")
                .holds(14)
                .stands("map", "ok", &[]),
            // what the whole listed is remembered, and not the part
            at(40 * 60)
                .answers("/news-1.xml", tagged(sitemap(15..=16), "\"4\""))
                .answers("/news-2.xml", tagged(sitemap(17..=18), "\"5\""))
                .asks("/robots.txt")
                .asks("/map.xml")
                .asks("/news-1.xml")
                .asks("/news-2.xml")
                .holds(14)
                .stands("map", "quarantined", &["nothing of what the document holds is known"]),
        ]
    })
    .source("map", "/map.xml", "kind = \"sitemap\"")
    .cold_outlet()
}

/// Documents beyond a source's own have validators too.
pub fn further() -> Vec<Rule> {
    let list = |next: &str, story: u32| {
        format!(
            "<html><head><title>News</title>{next}</head><body><article><h2><a href=\"/story-{story}\">The story number \
             {story} of this long day</a></h2></article><article><h2><a href=\"/story-{0}\">The story number {0} of this \
             long day</a></h2></article>",
            story + 1
        )
    };
    let page = |etag: &str, body: String| tagged(body, etag).header("Content-Type", "text/html");
    vec![
        Rule::new("files of an index", move |_| {
            let known = |step: Step, index: &str| {
                let step = step.asks("/map.xml").with("if-none-match", index);
                step.asks("/news-1.xml").with("if-none-match", "\"1\"").asks("/news-2.xml")
            };
            let mut first = at(0)
                .answers("/map.xml", tagged(INDEX, "\"map\""))
                .answers("/news-1.xml", tagged(sitemap(1..=2), "\"1\""))
                .answers("/news-2.xml", tagged(sitemap(3..=4), "\"2\""))
                .asks("/robots.txt")
                .asks("/map.xml")
                .first_of_all()
                .asks("/news-1.xml")
                .first_of_all()
                .asks("/news-2.xml")
                .first_of_all();
            // the newest first
            for number in (1..=5).rev() {
                let path = format!("/story-{number}");
                first = first.answers(&path, crate::outlet::page());
                first = if number < 5 { first.asks(&path) } else { first };
            }
            vec![
                first.holds(4).stands("map", "ok", &[]),
                known(at(20 * 60), "\"map\"")
                    .with("if-none-match", "\"2\"")
                    .answers("/map.xml", Reply::new(304))
                    .answers("/news-1.xml", Reply::new(304))
                    .answers("/news-2.xml", Reply::new(304))
                    .holds(4)
                    .stands("map", "ok", &[]),
                // one of them has changed, and the index has not
                known(at(40 * 60).asks("/robots.txt"), "\"map\"")
                    .with("if-none-match", "\"2\"")
                    .answers("/news-2.xml", tagged(sitemap(4..=5), "\"3\""))
                    .asks("/story-5")
                    .holds(5)
                    .stands("map", "ok", &[]),
                known(at(60 * 60), "\"map\"")
                    .with("if-none-match", "\"3\"")
                    .answers("/news-2.xml", Reply::new(304))
                    .holds(5)
                    .stands("map", "ok", &[]),
            ]
        })
        .source("map", "/map.xml", "kind = \"sitemap\"")
        .cold_outlet(),
        part_of_a_list(),
        Rule::new("next pages of a list", move |_| {
            let next = "<link rel=\"next\" href=\"/news?page=2\">";
            let mut first = at(0)
                .answers("/news", page("\"1\"", list(next, 1)))
                .answers("/news?page=2", page("\"2\"", list("", 3)))
                .asks("/robots.txt")
                .asks("/news")
                .asks("/news?page=2")
                .first_of_all();
            for number in 1..=6 {
                let path = format!("/story-{number}");
                first = first.answers(&path, crate::outlet::page());
                first = if number < 5 { first.asks(&path) } else { first };
            }
            vec![
                first.holds(4),
                at(20 * 60)
                    .answers("/news", page("\"3\"", list(next, 5)))
                    .answers("/news?page=2", Reply::new(304))
                    .asks("/news")
                    .with("if-none-match", "\"1\"")
                    .asks("/news?page=2")
                    .with("if-none-match", "\"2\"")
                    .asks("/story-5")
                    .asks("/story-6")
                    .holds(6),
            ]
        })
        .source("list", "/news", "kind = \"listing\"\npages = 2")
        .cold_outlet(),
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
        .chain([linked_feed(), index_without_files()])
        .collect()
}

/// A feed that a page links to is remembered as unreadable, as one that the operator named.
fn linked_feed() -> Rule {
    let front = "<html><head><title>Outlet</title><link rel=\"alternate\" type=\"application/rss+xml\" \
                 href=\"/found\"></head><body><p>Welcome</p></body></html>";
    Rule::new("a linked feed: no feed at all", move |_| {
        let told = &["next try"];
        let asked = |minute, etag| forced_at(minute).asks("/found").with("if-none-match", etag);
        vec![
            at(0)
                .answers("/", Reply::ok(front).header("Content-Type", "text/html"))
                .answers("/found", small().header("ETag", "\"1\""))
                .asks("/robots.txt")
                .asks("/")
                .asks("/found")
                .stands("it", "ok", &[])
                .holds(1),
            asked(120, "\"1\"")
                .answers("/found", tagged("no feed at all", "\"2\""))
                .stands("it", "backoff", told)
                .holds(1),
            asked(240, "\"2\"").answers("/found", Reply::new(304)).stands("it", "backoff", told).holds(1),
            asked(360, "\"2\"").answers("/found", small().header("ETag", "\"3\"")).stands("it", "ok", &[]).holds(1),
        ]
    })
    .source("it", "/", "")
    .cold_outlet()
}

/// An index stays the same while its files come back: that none could be read says nothing of it.
fn index_without_files() -> Rule {
    Rule::new("an index none of whose files could be read is read anew", move |_| {
        let asked = |step: Step| step.asks("/map.xml").first_of_all().asks("/news-1.xml").asks("/news-2.xml");
        vec![
            asked(at(0).asks("/robots.txt"))
                .answers("/map.xml", tagged(INDEX, "\"map\""))
                .answers("/news-1.xml", Reply::new(500))
                .answers("/news-2.xml", Reply::new(500))
                .stands("map", "backoff", &["no file of the sitemap index could be read"]),
            asked(forced_at(200))
                .answers("/news-1.xml", tagged(sitemap(1..=1), "\"1\""))
                .answers("/news-2.xml", tagged(sitemap(2..=2), "\"2\""))
                .answers("/story-1", crate::outlet::page())
                .answers("/story-2", crate::outlet::page())
                .asks("/story-2")
                .asks("/story-1")
                .stands("map", "ok", &[])
                .holds(2),
        ]
    })
    .source("map", "/map.xml", "kind = \"sitemap\"")
    .cold_outlet()
}
