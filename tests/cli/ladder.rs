//! Sources that are no feeds: where `auto` finds their articles, and what happens to each story's page.

use crate::add::front;
use crate::origin::{Origin, Reply};
use crate::place::{ALL, Place, rss};

/// A config whose run takes this time for now.
pub fn config(clock: &str, source: &str) -> String {
    format!(
        "clock = {clock}\n[site]\nbase_url = \"https://feeds.example.org/\"\n\n[fetch]\nallow = [\"127.0.0.0/8\"]\n\
         host_delay = \"1ms\"\n\n[[source]]\nid = \"a\"\n{source}\n{ALL}"
    )
}

pub fn html(text: impl Into<Vec<u8>>) -> Reply {
    Reply::ok(text).header("Content-Type", "text/html; charset=utf-8")
}

/// A story's own page.
pub fn story(title: &str) -> Reply {
    html(format!(
        "<html><head><title>{title}</title></head><body><h1>{title}</h1><p class=byline>By Ada Lindqvist</p><p>{}</p></body></html>",
        "The whole story stands on its own page, and it says more than the list did. ".repeat(4)
    ))
}

pub const SLUGS: [(&str, &str); 3] = [
    ("ferry-gets-third-ship", "The ferry line gets its third ship"),
    ("salt-and-sugar-get-dearer", "Salt and sugar get dearer before the feast"),
    ("old-observatory-opens-again", "The old observatory opens its dome again"),
];

pub fn stories(origin: &Origin) {
    for (slug, title) in SLUGS {
        origin.on(&format!("/2026/01/{slug}"), story(title));
    }
}

/// How often a path was asked for.
pub fn asked(origin: &Origin, path: &str) -> usize {
    origin.requests().iter().filter(|seen| seen.target == path).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_without_a_feed_is_read_story_by_story_and_each_page_once() {
    let origin = Origin::start().await;
    origin.on("/", html(front("")));
    stories(&origin);
    let source = format!("url = \"{}\"", origin.url("/"));
    let place = Place::new(&config("2026-01-04T00:00:00Z", &source));
    let ran = place.run(&["run"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let mut titles = SLUGS.map(|(_, title)| title);
    titles.sort_unstable();
    assert_eq!(place.titles(), titles);
    assert!(place.read("feeds/all.json").contains("Ada Lindqvist"), "the page tells what the list does not");
    let status = place.run(&["status", "--json"]).out;
    assert!(status.contains("\"rung\":\"listing\""), "{status}");
    let searching = origin.requests().len();
    assert!(searching <= 14 + 1 + 3, "{searching} requests");

    place.write("feedmill.toml", config("2026-01-05T00:00:00Z", &source));
    let again = place.run(&["run"]);
    assert!(again.err.contains("nothing new"), "{}", again.err);
    // robots.txt is asked for once a day
    assert_eq!(origin.requests().len(), searching + 2, "the rung is remembered, no page is read twice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rung_that_stops_working_gives_way_and_says_so() {
    let origin = Origin::start().await;
    origin.on("/", html(front("<link rel=alternate type=application/rss+xml href=/all.xml>")));
    origin.on("/all.xml", Reply::ok(rss("courier.example", 2)));
    origin.on("/all.xml", Reply::new(404));
    stories(&origin);
    let source = format!("url = \"{}\"", origin.url("/"));
    let place = Place::new(&config("2026-01-04T00:00:00Z", &source));
    let ran = place.run(&["run"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(place.run(&["status", "--json"]).out.contains("\"rung\":\"linked-feed\""));

    // the same day nobody searches again
    place.write("feedmill.toml", config("2026-01-04T12:00:00Z", &source));
    let soon = place.run(&["run", "--force"]);
    assert_eq!(soon.code, Some(4), "{}", soon.err);
    assert_eq!(asked(&origin, "/"), 1);

    origin.on("/", html(front("")));
    place.write("feedmill.toml", config("2026-01-06T00:00:00Z", &source));
    let later = place.run(&["run", "--force"]);
    assert_eq!(later.code, Some(0), "{}", later.err);
    assert!(later.err.contains("its linked-feed does not work any more"), "{}", later.err);
    assert!(later.err.contains("now read from its listing"), "{}", later.err);
    assert_eq!(place.titles().len(), 5, "what was published stays");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_pages_a_run_and_the_rest_waits_also_where_nothing_changed() {
    let origin = Origin::start().await;
    let link = |n: u32| {
        format!("<h3><a href=\"/2026/01/story-number-{n}-of-the-day\">Story number {n} of a long day</a></h3>")
    };
    let page: String = (1..=25).map(link).collect();
    let page = format!("<html><body><main>{page}</main></body></html>");
    origin.on("/list", html(page).header("ETag", "\"1\""));
    origin.on("/list", Reply::new(304));
    for n in 1..=25 {
        origin.on(&format!("/2026/01/story-number-{n}-of-the-day"), story(&format!("Story number {n} of a long day")));
    }
    let source = format!("url = \"{}\"\nkind = \"listing\"", origin.url("/list"));
    let place = Place::new(&config("2026-01-04T00:00:00Z", &source));
    assert_eq!(place.run(&["run"]).code, Some(0));
    assert_eq!(place.titles().len(), 20);
    place.write("feedmill.toml", config("2026-01-05T00:00:00Z", &source));
    let ran = place.run(&["run"]);
    assert_eq!((ran.code, place.titles().len()), (Some(0), 25), "{}", ran.err);
    // and robots.txt, once a day
    assert_eq!(origin.requests().len(), 2 + 25 + 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_fails_three_times_leaves_the_list_s_words() {
    let origin = Origin::start().await;
    origin.on("/list", html(front("")));
    let broken = format!("/2026/01/{}", SLUGS[0].0);
    for (slug, title) in &SLUGS[1..] {
        origin.on(&format!("/2026/01/{slug}"), story(title));
    }
    let source = format!("url = \"{}\"\nkind = \"listing\"", origin.url("/list"));
    let place = Place::new(&config("2026-01-04T00:00:00Z", &source));
    for (day, titles) in [(4, 2), (5, 2), (6, 3), (7, 3)] {
        place.write("feedmill.toml", config(&format!("2026-01-0{day}T00:00:00Z"), &source));
        assert_eq!(place.run(&["run"]).code, Some(0));
        assert_eq!(place.titles().len(), titles, "day {day}");
    }
    assert_eq!(asked(&origin, &broken), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn full_text_reads_the_page_of_each_item_of_a_feed() {
    let origin = Origin::start().await;
    let item = |n: u32| {
        format!(
            "<item><title>Story {n}</title><link>{}</link><description>Short.</description></item>",
            origin.url(&format!("/s/{n}"))
        )
    };
    let feed = format!("<rss version=\"2.0\"><channel><title>A</title>{}{}</channel></rss>", item(1), item(2));
    origin.on("/feed", Reply::ok(feed));
    origin.on("/s/1", story("Story 1"));
    origin.on("/s/2", story("Story 2"));
    let source = format!("url = \"{}\"\nfull_text = true", origin.url("/feed"));
    let place = Place::new(&config("2026-01-04T00:00:00Z", &source));
    let ran = place.run(&["run"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let feed: serde_json::Value = serde_json::from_str(&place.read("feeds/all.json")).expect("JSON");
    for item in feed["items"].as_array().expect("items") {
        let html = item["content_html"].as_str().unwrap_or_default();
        assert!(html.contains("stands on its own page"), "{item}");
        assert_eq!(item["authors"][0]["name"], "Ada Lindqvist", "{item}");
    }
    assert_eq!(place.titles(), ["Story 1", "Story 2"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_selector_that_matches_nothing_is_told_with_what_it_matched_before() {
    let origin = Origin::start().await;
    origin.on("/list", html(front("")));
    origin.on("/list", html(front("").replace("h2>", "h4>")));
    stories(&origin);
    let source = format!(
        "url = \"{}\"\nkind = \"listing\"\nselect = {{ item = \"article\", title = \"h2\" }}",
        origin.url("/list")
    );
    let place = Place::new(&config("2026-01-04T00:00:00Z", &source));
    let ran = place.run(&["run"]);
    assert!(ran.code == Some(0) && place.titles().len() == 3, "{}", ran.err);
    assert!(!ran.err.contains("select."), "{}", ran.err);
    place.write("feedmill.toml", config("2026-01-05T00:00:00Z", &source));
    let ran = place.run(&["run"]);
    assert!(ran.err.contains("select.title matches nothing; it matched 3 when it last did"), "{}", ran.err);
    assert_eq!(place.titles().len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dead_files_of_a_sitemap_index_are_not_asked_again() {
    let origin = Origin::start().await;
    let file = |path: &str| format!("<sitemap><loc>{}</loc></sitemap>", origin.url(path));
    origin.on(
        "/index.xml",
        Reply::ok(format!("<sitemapindex>{}{}</sitemapindex>", file("/news-old.xml"), file("/news.xml"))),
    );
    let entry = |slug: &str| {
        format!("<url><loc>{}</loc><lastmod>2026-01-03</lastmod></url>", origin.url(&format!("/2026/01/{slug}")))
    };
    origin.on("/news.xml", Reply::ok(format!("<urlset>{}</urlset>", SLUGS.map(|(slug, _)| entry(slug)).concat())));
    stories(&origin);
    let source = format!("url = \"{}\"\nkind = \"sitemap\"", origin.url("/index.xml"));
    let place = Place::new(&config("2026-01-04T00:00:00Z", &source));
    for day in [4, 5] {
        place.write("feedmill.toml", config(&format!("2026-01-0{day}T00:00:00Z"), &source));
        let ran = place.run(&["run"]);
        assert_eq!((ran.code, place.titles().len()), (Some(0), 3), "{}", ran.err);
    }
    assert_eq!((asked(&origin, "/news-old.xml"), asked(&origin, "/news.xml")), (1, 2));
}

/// A story's page with a visible time and, where given, the same moment in its metadata.
fn dated(title: &str, moment: &str, line: &str) -> Reply {
    let data = if moment.is_empty() {
        String::new()
    } else {
        format!(
            "<script type=\"application/ld+json\">{{\"@type\":\"NewsArticle\",\"headline\":\"{title}\",\"datePublished\":\"{moment}\"}}</script>"
        )
    };
    html(format!(
        "<html lang=en><head><title>{title}</title>{data}</head><body><h1>{title}</h1><p class=date>{line}</p><p>{}</p></body></html>",
        "The whole story stands on its own page, and it says more than the list did. ".repeat(4)
    ))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_outlets_own_articles_tell_its_time_zone() {
    let origin = Origin::start().await;
    let link = |slug: &str, title: &str| format!("<article><h2><a href=\"/2026/01/{slug}\">{title}</a></h2></article>");
    let list = |links: &[String]| html(format!("<html><body><main>{}</main></body></html>", links.concat()));
    let mut links: Vec<String> = SLUGS.iter().map(|(slug, title)| link(slug, title)).collect();
    origin.on("/list", list(&links));
    links.insert(0, link("snow-closes-the-pass", "Snow closes the pass for a second week"));
    origin.on("/list", list(&links));
    for ((slug, title), (moment, line)) in SLUGS.into_iter().zip([
        ("2026-01-02T08:00:00Z", "January 2, 2026, 1:45 p.m."),
        ("2026-01-02T09:30:00Z", "January 2, 2026, 3:15 p.m."),
        ("2026-01-03T02:00:00Z", "January 3, 2026, 7:45 a.m."),
    ]) {
        origin.on(&format!("/2026/01/{slug}"), dated(title, moment, line));
    }
    let plain = dated("Snow closes the pass for a second week", "", "January 4, 2026, 6:00 a.m.");
    origin.on("/2026/01/snow-closes-the-pass", plain);
    let source = format!("url = \"{}\"\nkind = \"listing\"", origin.url("/list"));
    let place = Place::new(&config("2026-01-03T12:00:00Z", &source));
    let ran = place.run(&["run"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let status: serde_json::Value = serde_json::from_str(&place.run(&["status", "--json"]).out).expect("JSON");
    let expected = serde_json::json!({"proposed": "Asia/Kathmandu", "articles": 3, "settled": true});
    assert_eq!(status["sources"][0]["timezone"], expected);
    let shown = place.run(&["status"]).out;
    assert!(shown.contains("a: 3 articles show timezone = \"Asia/Kathmandu\""), "{shown}");

    place.write("feedmill.toml", config("2026-01-04T12:00:00Z", &source));
    let ran = place.run(&["run"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let feed: serde_json::Value = serde_json::from_str(&place.read("feeds/all.json")).expect("JSON");
    let snow = feed["items"]
        .as_array()
        .expect("items")
        .iter()
        .find(|item| item["title"].as_str().is_some_and(|title| title.starts_with("Snow")));
    assert_eq!(snow.expect("the story")["date_published"], "2026-01-04T06:00:00+05:45", "{feed}");

    // what the operator says needs no proposal
    place.write("feedmill.toml", config("2026-01-04T12:00:00Z", &format!("{source}\ntimezone = \"Asia/Kathmandu\"")));
    let status: serde_json::Value = serde_json::from_str(&place.run(&["status", "--json"]).out).expect("JSON");
    assert_eq!(status["sources"][0]["timezone"], serde_json::Value::Null);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_header_that_forbids_copies_is_obeyed() {
    let origin = Origin::start().await;
    origin.on("/list", html(front("")));
    for ((slug, title), field) in SLUGS.into_iter().zip(["noarchive", "otherbot: noarchive", "nosnippet"]) {
        origin.on(&format!("/2026/01/{slug}"), story(title).header("X-Robots-Tag", field));
    }
    let source = format!("url = \"{}\"\nkind = \"listing\"", origin.url("/list"));
    let place =
        Place::new(&config("2026-01-04T00:00:00Z", &source).replace("[[feed]]", "[[feed]]\ncontent = \"full\""));
    let ran = place.run(&["run"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let feed: serde_json::Value = serde_json::from_str(&place.read("feeds/all.json")).expect("JSON");
    for (title, has_content, has_summary) in [
        ("The ferry line gets its third ship", false, true),
        ("Salt and sugar get dearer before the feast", true, true),
        ("The old observatory opens its dome again", false, false),
    ] {
        let item = feed["items"].as_array().expect("items").iter().find(|item| item["title"] == title);
        let item = item.unwrap_or_else(|| panic!("{title}: {feed}"));
        let shown = (item["content_html"].is_string(), item["summary"].is_string());
        assert_eq!(shown, (has_content, has_summary), "{item}");
    }
}
