//! Troubles that pass: what they must not leave behind, and what waits meanwhile.

use crate::add::front;
use crate::ladder::{SLUGS, asked, config, html, stories, story};
use crate::origin::{Origin, Reply};
use crate::place::{Place, await_that, rss};

/// A front page that links to a feed.
const LINK: &str = "<link rel=alternate type=application/rss+xml href=/all.xml>";

fn status(place: &Place) -> String {
    place.run(&["status", "--json"]).out
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_feed_that_answers_later_is_found_later() {
    for trouble in [Reply::new(503), Reply::new(429).header("Retry-After", "3600")] {
        let origin = Origin::start().await;
        origin.on("/", html(front(LINK)).header("ETag", "\"1\""));
        origin.on("/all.xml", trouble);
        origin.on("/all.xml", Reply::ok(rss("courier.example", 5)));
        stories(&origin);
        let source = format!("url = \"{}\"", origin.url("/"));
        let place = Place::new(&config("2026-01-04T00:00:00Z", &source));
        let first = place.run(&["run"]);
        assert_eq!(first.code, Some(0), "{}", first.err);
        assert!(first.err.contains("is searched again"), "{}", first.err);
        assert!(status(&place).contains("\"rung\":\"listing\""), "until then the page has to do");
        for (day, rung) in [("05T12", "linked-feed"), ("07T12", "linked-feed")] {
            place.write("feedmill.toml", config(&format!("2026-01-{day}:00:00Z"), &source));
            let ran = place.run(&["run"]);
            assert_eq!(ran.code, Some(0), "{}", ran.err);
            assert!(status(&place).contains(&format!("\"rung\":\"{rung}\"")), "{day}: {}", status(&place));
        }
        assert_eq!(asked(&origin, "/"), 2, "what was found is remembered");
        assert!(place.titles().iter().any(|title| title == "Story 1 of courier.example"), "{:?}", place.titles());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_ends_during_the_search_leaves_no_rung() {
    let origin = Origin::start().await;
    let gate = std::sync::Arc::new(tokio::sync::Notify::new());
    origin.on("/", html(front("")));
    origin.on("/feed/", Reply::new(404).after(&gate));
    stories(&origin);
    let source = format!("url = \"{}\"", origin.url("/"));
    let place = Place::new(&config("2026-01-04T00:00:00Z", &source));
    let running = place.start(&["run"]);
    await_that("the search", || asked(&origin, "/feed/") == 1);
    running.signal("TERM");
    running.await_said("stopping");
    gate.notify_one();
    let (code, _, said) = running.end();
    assert_eq!(code, Some(0), "{said}");
    assert!(!status(&place).contains("\"rung\":\"listing\""), "{}", status(&place));
    origin.now_on("/feed/", Reply::ok(rss("courier.example", 5)));
    let ran = place.run(&["run"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(status(&place).contains("\"rung\":\"linked-feed\""), "{}", status(&place));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_of_feeds_is_no_unreadable_document_where_they_fail() {
    let origin = Origin::start().await;
    let page = format!("<html><head><title>Feeds</title>{LINK}</head><body><p>Our feeds.</p></body></html>");
    origin.on("/rss", html(page).header("ETag", "\"1\"").deaf());
    origin.on("/all.xml", Reply::new(503));
    origin.on("/all.xml", Reply::ok(rss("courier.example", 5)));
    let source = format!("url = \"{}\"", origin.url("/rss"));
    let place = Place::new(&config("2026-01-04T00:00:00Z", &source));
    assert_eq!(place.run(&["run"]).code, Some(4));
    place.write("feedmill.toml", config("2026-01-05T12:00:00Z", &source));
    let ran = place.run(&["run"]);
    assert_eq!((ran.code, place.titles().len()), (Some(0), 5), "{}", ran.err);
}

/// A feed of so many items, each with an author, tags and its text.
fn rich(origin: &Origin, items: u32) -> Reply {
    let item = |n: u32| {
        format!(
            "<item><title>Story number {n}</title><link>{}</link><guid isPermaLink=\"false\">s-{n}</guid>\
             <pubDate>0{} Jan 2026 09:00:00 +0000</pubDate><category>harbour</category>\
             <author>desk@courier.example (Bela Moravec)</author><description>In short {n}.</description></item>",
            origin.url(&format!("/s/{n}")),
            n % 3 + 1
        )
    };
    let items: String = (1..=items).map(item).collect();
    Reply::ok(format!("<rss version=\"2.0\"><channel><title>C</title>{items}</channel></rss>"))
        .header("ETag", "\"1\"")
        .deaf()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn items_that_wait_for_their_page_keep_what_the_feed_said() {
    let origin = Origin::start().await;
    origin.on("/feed", rich(&origin, 25));
    for n in 1..=25 {
        let page =
            format!("<html><body><h1>Story number {n}</h1><p>{}</p></body></html>", "Its whole text. ".repeat(20));
        origin.on(&format!("/s/{n}"), html(page));
    }
    let source = format!("url = \"{}\"\nfull_text = true", origin.url("/feed"));
    let place = Place::new(&config("2026-01-04T00:00:00Z", &source));
    assert_eq!(place.run(&["run"]).code, Some(0));
    assert_eq!(place.titles().len(), 20);
    place.write("feedmill.toml", config("2026-01-05T00:00:00Z", &source));
    let ran = place.run(&["run"]);
    assert_eq!((ran.code, place.titles().len()), (Some(0), 25), "{}", ran.err);
    let feed: serde_json::Value = serde_json::from_str(&place.read("feeds/all.json")).expect("JSON");
    for item in feed["items"].as_array().expect("items") {
        assert_eq!(item["authors"][0]["name"], "Bela Moravec", "{item}");
        assert!(item["tags"].to_string().contains("harbour"), "{item}");
    }
    let conditional = |place: &Place, day: u32| {
        place.write("feedmill.toml", config(&format!("2026-01-0{day}T00:00:00Z"), &source));
        assert_eq!(place.run(&["run"]).code, Some(0));
        let last = origin.requests().into_iter().rfind(|seen| seen.target == "/feed");
        last.expect("it was asked").header("if-none-match").is_some()
    };
    assert!(conditional(&place, 6), "once nothing waits, the validators are back");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_finds_no_room_to_wait_comes_with_the_next_answer() {
    let origin = Origin::start().await;
    let link = |n: u32| {
        format!("<h3><a href=\"/2026/01/story-number-{n}-of-the-day\">Story number {n} of a long day</a></h3>")
    };
    let page: String = (1..=330).map(link).collect();
    origin.on("/list", html(format!("<html><body><main>{page}</main></body></html>")).header("ETag", "\"1\""));
    for n in 1..=330 {
        origin.on(&format!("/2026/01/story-number-{n}-of-the-day"), story(&format!("Story number {n} of a long day")));
    }
    let source = format!("url = \"{}\"\nkind = \"listing\"", origin.url("/list"));
    let place = Place::new(&config("2026-01-04T00:00:00Z", &source));
    let ran = place.run(&["run"]);
    assert!(ran.err.contains("10 more stories than can wait"), "{}", ran.err);
    place.write("feedmill.toml", config("2026-01-05T00:00:00Z", &source));
    assert_eq!(place.run(&["run"]).code, Some(0));
    let last = origin.requests().into_iter().rfind(|seen| seen.target == "/list").expect("it was asked");
    assert_eq!(last.header("if-none-match"), None, "\"not modified\" would lose them");
}

/// An index of sitemaps with these files.
fn index(origin: &Origin, files: &[&str]) -> Reply {
    let file = |path: &&str| format!("<sitemap><loc>{}</loc></sitemap>", origin.url(path));
    Reply::ok(format!("<sitemapindex>{}</sitemapindex>", files.iter().map(file).collect::<String>()))
}

/// A sitemap of stories; their pages are there too.
fn sitemap(origin: &Origin, names: impl Iterator<Item = String>) -> Reply {
    let entry = |name: String| {
        let path = format!("/2026/01/{name}");
        origin.on(&path, story(&format!("What happened at {name} on that day")));
        format!("<url><loc>{}</loc><lastmod>2026-01-03</lastmod></url>", origin.url(&path))
    };
    Reply::ok(format!("<urlset>{}</urlset>", names.map(entry).collect::<String>()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_of_an_index_that_comes_later_is_read_later() {
    let origin = Origin::start().await;
    origin.on("/index.xml", index(&origin, &["/news-today.xml", "/news.xml"]));
    origin.on("/news-today.xml", Reply::new(404));
    origin.on("/news-today.xml", sitemap(&origin, ["late-harvest".to_owned()].into_iter()));
    origin.on("/news.xml", sitemap(&origin, SLUGS.map(|(slug, _)| slug.to_owned()).into_iter()));
    let source = format!("url = \"{}\"\nkind = \"sitemap\"", origin.url("/index.xml"));
    let place = Place::new(&config("2026-01-04T00:00:00Z", &source));
    for (day, asks, items) in [("04", 1, 3), ("05", 1, 3), ("12", 2, 4)] {
        place.write("feedmill.toml", config(&format!("2026-01-{day}T00:00:00Z"), &source));
        assert_eq!(place.run(&["run"]).code, Some(0));
        assert_eq!((asked(&origin, "/news-today.xml"), place.titles().len()), (asks, items), "on {day} January");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_with_a_file_that_failed_was_not_read_whole() {
    let origin = Origin::start().await;
    let names = |word: &'static str, count: u32| (1..=count).map(move |n| format!("{word}-number-{n}-of-the-year"));
    origin.on("/index.xml", index(&origin, &["/news.xml", "/old.xml"]));
    origin.on("/news.xml", sitemap(&origin, names("harvest", 12)));
    origin.on("/news.xml", Reply::new(500));
    origin.on("/old.xml", sitemap(&origin, names("ferry", 0)));
    origin.on("/old.xml", sitemap(&origin, names("ferry", 2)));
    let source = format!("url = \"{}\"\nkind = \"sitemap\"", origin.url("/index.xml"));
    let place = Place::new(&config("2026-01-04T00:00:00Z", &source));
    assert_eq!(place.run(&["run"]).code, Some(0));
    assert_eq!(place.titles().len(), 12);
    place.write("feedmill.toml", config("2026-01-05T00:00:00Z", &source));
    let ran = place.run(&["run"]);
    assert!(!status(&place).contains("\"quarantined\""), "nobody else owns it: {}", ran.err);
    assert_eq!((ran.code, place.titles().len()), (Some(0), 14), "{}", ran.err);
    assert!(ran.err.contains("a file of the sitemap index could not be read"), "{}", ran.err);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_whose_files_are_busy_fails_softly() {
    let origin = Origin::start().await;
    origin.on("/index.xml", index(&origin, &["/news.xml"]));
    origin.on("/news.xml", Reply::new(429).header("Retry-After", "7200"));
    let source = format!("url = \"{}\"\nkind = \"sitemap\"", origin.url("/index.xml"));
    let place = Place::new(&config("2026-01-04T00:00:00Z", &source));
    let ran = place.run(&["run"]);
    assert!(ran.err.contains("no file of the sitemap index could be read"), "{}", ran.err);
    assert!(status(&place).contains("\"next_due\":\"2026-01-04T02:00:00Z\""), "{}", status(&place));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_with_a_next_page_that_failed_was_not_read_whole() {
    let origin = Origin::start().await;
    let page = |word: &str, next: &str| {
        let link = |n: u32| {
            format!(
                "<h3><a href=\"/2026/01/{word}-number-{n}-of-the-day\">The {word} number {n} of a long day</a></h3>"
            )
        };
        let links: String = (1..=6).map(link).collect();
        for n in 1..=6 {
            origin.on(
                &format!("/2026/01/{word}-number-{n}-of-the-day"),
                story(&format!("The {word} number {n} of a long day")),
            );
        }
        html(format!("<html><body><main>{links}</main>{next}</body></html>"))
    };
    let next = "<a rel=next href=/list/2>Older</a>";
    origin.on("/list", page("ferry", next));
    origin.on("/list", page("harvest", next));
    origin.on("/list/2", page("observatory", ""));
    origin.on("/list/2", Reply::new(500));
    let source = format!("url = \"{}\"\nkind = \"listing\"\npages = 2", origin.url("/list"));
    let place = Place::new(&config("2026-01-04T00:00:00Z", &source));
    assert_eq!(place.run(&["run"]).code, Some(0));
    assert_eq!(place.titles().len(), 12);
    place.write("feedmill.toml", config("2026-01-05T00:00:00Z", &source));
    let ran = place.run(&["run"]);
    assert!(!status(&place).contains("\"quarantined\""), "what is known may stand on that page: {}", ran.err);
}
