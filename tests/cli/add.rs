//! `add`.

use crate::origin::{Origin, Reply};
use crate::place::{ALL, HEAD, Place, rss};

/// A front page with three stories, and whatever stands in its head.
pub fn front(head: &str) -> String {
    let card = |slug: &str, title: &str, day: u32| {
        format!(
            "<article><h2><a href=\"/2026/01/{slug}\">{title}</a></h2><time datetime=\"2026-01-0{day}T08:00:00Z\">then</time></article>"
        )
    };
    let cards = [
        card("ferry-gets-third-ship", "The ferry line gets its third ship", 3),
        card("salt-and-sugar-get-dearer", "Salt and sugar get dearer before the feast", 2),
        card("old-observatory-opens-again", "The old observatory opens its dome again", 1),
    ];
    format!(
        "<html><head><title>Courier</title>{head}</head><body><nav><a href=\"/sport\">Sport</a></nav><main>{}</main></body></html>",
        cards.concat()
    )
}

fn page(text: &str) -> Reply {
    Reply::ok(text).header("Content-Type", "text/html; charset=utf-8")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_best_rung_becomes_a_block_behind_the_last_source() {
    let origin = Origin::start().await;
    origin.on("/", page(&front("<link rel=alternate type=application/rss+xml href=/all.xml title=All>")));
    origin.on("/all.xml", Reply::ok(rss("courier.example", 4)));
    let before = format!("{HEAD}\n[[source]] # kept\nid = \"a\"\nurl = \"https://a.example/\"\n{ALL}");
    let place = Place::new(&before);
    let address = origin.url("/").to_string();

    let dry = place.run(&["add", &address, "--id", "courier", "--dry-run"]);
    assert_eq!(dry.code, Some(0), "{}", dry.err);
    for text in
        ["linked-feed", "4 items", "Story 1 of courier.example", "sitemap      none", "3 items, blocks", "[[source]]"]
    {
        assert!(dry.out.contains(text), "{text}: {}", dry.out);
    }
    assert_eq!(place.read("feedmill.toml"), before, "a dry run writes nothing");

    let ran = place.run(&["add", &address, "--id", "courier"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let block =
        format!("\n[[source]]\nid = \"courier\"\nurl = \"{}\"\ntitle = \"courier.example\"\n", origin.url("/all.xml"));
    assert_eq!(place.read("feedmill.toml"), before.replace(ALL, &format!("{block}{ALL}")));
    assert_eq!(place.run(&["check"]).code, Some(0));
    let twice = place.run(&["add", &address]);
    assert!(twice.code == Some(2) && twice.err.contains("already, as courier"), "{}", twice.err);
    assert!(!place.path().join("feedmill.db").exists(), "looking leaves no state");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_front_page_without_a_feed_becomes_a_listing() {
    let origin = Origin::start().await;
    origin.on("/", page(&front("")));
    let place = Place::new(&format!("{HEAD}{ALL}"));
    let ran = place.run(&["add", origin.url("/").as_str(), "--id", "courier"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.contains("2026-01-03T08:00:00Z  The ferry line gets its third ship"), "{}", ran.out);
    assert!(place.read("feedmill.toml").contains("kind = \"listing\""), "{}", place.read("feedmill.toml"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_nothing_is_found_nothing_is_written() {
    let origin = Origin::start().await;
    origin.on("/empty", page("<html><body><p>Soon.</p></body></html>"));
    let config = format!("{HEAD}{ALL}");
    let place = Place::new(&config);
    for path in ["/empty", "/missing"] {
        let ran = place.run(&["add", origin.url(path).as_str()]);
        assert!(ran.code == Some(4) && ran.err.contains(path), "{:?} {}", ran.code, ran.err);
    }
    assert_eq!(place.run(&["add", "courier"]).code, Some(2));
    assert_eq!(place.read("feedmill.toml"), config);
}
