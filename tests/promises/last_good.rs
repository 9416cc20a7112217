//! The last good feed stays, whatever becomes of outlets and state.

use crate::program::{files, times};
use crate::world::{World, entry, rss};

const HOST: &str = "courier.example";

fn world() -> World {
    let mut world = World::new(&[HOST]);
    let entries: Vec<_> = (1..=12).map(|n| entry(HOST, n)).collect();
    world.publishes(HOST, &entries);
    assert_eq!(world.run().code, Some(0));
    assert_eq!(world.ids().len(), 12);
    world
}

/// The feed after the outlet answered like this once, and once more: nothing is touched, but the page where
/// the outlet has closed for good, since it says so.
fn stays(body: &str, headers: &str) {
    let mut world = world();
    let is_closed = headers.contains(" 410");
    let feeds = |world: &World| {
        let mut feeds = files(&world.feeds());
        if is_closed {
            feeds.remove("all.html");
        }
        feeds
    };
    let before = feeds(&world);
    for _ in 0..2 {
        world.answer("courier.example/feed", body, headers);
        world.run();
        assert!(feeds(&world) == before, "after {:?} {headers:?}", body.get(..40));
    }
}

#[test]
fn a_page_tells_once_of_an_outlet_that_has_closed() {
    let mut world = world();
    let page = |world: &World| std::fs::read_to_string(world.feeds().join("all.html")).expect("a page");
    assert!(!page(&world).contains("class=\"troubles\""));
    world.answer("courier.example/feed", "", "HTTP/1.1 410 Gone\nContent-Type: text/html\n");
    world.run();
    let told = page(&world);
    let line = "<bdi>T</bdi> closed since <time datetime=\"2026-02-01\">1 February 2026</time>";
    assert!(told.contains(line), "{told}");
    world.run();
    assert_eq!(page(&world), told, "no clock runs in it");
}

#[test]
fn an_empty_answer_changes_nothing() {
    stays("", "");
    stays("<rss version=\"2.0\"><channel><title>T</title></channel></rss>", "");
}

#[test]
fn a_page_in_place_of_the_feed_changes_nothing() {
    stays("<!DOCTYPE html><html><head><title>Welcome</title></head><body><h1>For sale</h1></body></html>", "");
}

#[test]
fn errors_change_nothing() {
    for status in ["500 Oops", "404 Not Found", "403 Forbidden", "410 Gone", "429 Too Many Requests", "503 Down"] {
        stays("<h1>no</h1>", &format!("HTTP/1.1 {status}\nContent-Type: text/html\n"));
    }
}

#[test]
fn errors_never_appear_as_items() {
    let mut world = world();
    world.answer("courier.example/feed", "Error 500: database is down", "HTTP/1.1 500 Oops\n");
    let ran = world.run();
    assert_eq!(ran.code, Some(4), "all sources failed");
    assert!(ran.err.contains("source courier-example: courier.example answered 500"), "{}", ran.err);
    assert!(!world.items().iter().any(|item| item.to_string().contains("database is down")));
}

#[test]
fn forty_foreign_links_wait_for_a_second_look() {
    let mut world = world();
    let before = files(&world.feeds());
    let foreign: Vec<_> = (1..=40).map(|n| entry("casino.example", n)).collect();
    world.publishes(HOST, &foreign);
    let ran = world.run();
    assert!(ran.err.contains("nothing of what the document holds is known"), "{}", ran.err);
    assert!(files(&world.feeds()) == before);
    // the outlet is itself again
    let entries: Vec<_> = (2..=13).map(|n| entry(HOST, n)).collect();
    world.publishes(HOST, &entries);
    world.run();
    assert_eq!(world.ids().len(), 13);
    assert!(!world.ids().iter().any(|id| id.contains("casino")));
}

#[test]
fn a_redesign_is_taken_in_when_a_second_look_agrees() {
    let mut world = world();
    let renewed: Vec<_> = (101..=112).map(|n| entry(HOST, n)).collect();
    world.publishes(HOST, &renewed);
    world.run();
    assert_eq!(world.ids().len(), 12);
    world.run();
    assert_eq!(world.ids().len(), 24, "nothing of the old went, the new came");
}

#[test]
fn a_lost_state_announces_nothing_again_and_drops_nothing() {
    let mut world = world();
    let (ids, before) = (world.ids(), times(&world.feeds()));
    world.lose_state();
    world.run();
    assert_eq!(world.ids(), ids);
    assert_eq!(times(&world.feeds()), before, "the files stay as they were");
    // what is older than everything known is learned, not announced
    let mut entries: Vec<_> = (1..=13).map(|n| entry(HOST, n)).collect();
    entries[12].day = 1;
    world.lose_state();
    world.publishes(HOST, &entries);
    world.run();
    assert_eq!(world.ids(), ids);
    // and what is newer is news
    entries.push(crate::world::Entry { day: 28, ..entry(HOST, 40) });
    world.publishes(HOST, &entries);
    world.run();
    assert_eq!(world.ids().len(), 13);
}

#[test]
fn a_lost_state_takes_the_outlets_own_words_for_no_change() {
    let mut world = World::new(&[HOST]);
    // its headline is made from the text, so what was published differs from what the outlet says
    let entries = [crate::world::Entry { title: String::new(), ..entry(HOST, 1) }, entry(HOST, 2)];
    world.publishes(HOST, &entries);
    world.run();
    let before = files(&world.feeds());
    world.lose_state();
    for _ in 0..2 {
        world.run();
        let after = files(&world.feeds());
        for (name, bytes) in before.iter().filter(|(name, _)| !name.starts_with("history/")) {
            assert_eq!(String::from_utf8_lossy(&after[name]), String::from_utf8_lossy(bytes), "{name}");
        }
    }
}

#[test]
fn a_lost_state_keeps_what_no_source_lists_any_more() {
    let mut world = world();
    let entries: Vec<_> = (5..=12).map(|n| entry(HOST, n)).collect();
    world.publishes(HOST, &entries);
    world.run();
    let before = files(&world.feeds());
    assert_eq!(world.ids().len(), 12);
    world.lose_state();
    world.run();
    assert!(files(&world.feeds()) == before);
}

#[test]
fn a_lost_state_reads_texts_from_the_feeds() {
    for (formats, repeats) in
        [(r#"["rss"]"#, false), (r#"["atom", "html"]"#, false), (r#"["rss", "json"]"#, false), (r#"["html"]"#, true)]
    {
        let mut world = World::new(&[HOST]);
        world.feed(&format!("formats = {formats}\n"));
        let mut entries: Vec<_> = (1..=3).map(|n| entry(HOST, n)).collect();
        entries[1].text =
            "<p>Bread &amp; <b>salt</b> &lt;kept&gt;</p>\n<pre>a\n  b</pre><p>of the text of story 2</p>".into();
        world.publishes(HOST, &entries);
        world.run();
        let before = files(&world.feeds());
        let history = String::from_utf8_lossy(&before["history/all.json"]);
        assert_eq!(history.contains("<pre>"), repeats, "{formats}: {history}");
        // the outlet is of no help
        world.answer("courier.example/feed", "", "HTTP/1.1 500 Broken\nContent-Type: text/html\n");
        world.lose_state();
        world.run();
        let after = files(&world.feeds());
        for (name, bytes) in &before {
            let (is, was) = (String::from_utf8_lossy(&after[name]), String::from_utf8_lossy(bytes));
            assert_eq!(is, was, "{formats}: {name}");
        }
    }
}

#[test]
fn a_feed_that_never_held_anything_is_not_written() {
    let mut world = World::new(&[HOST]);
    world.answer("courier.example/feed", rss(&[]), "");
    world.run();
    assert!(files(&world.feeds()).is_empty());
}

#[test]
fn files_that_somebody_deleted_come_back() {
    let mut world = world();
    let before = files(&world.feeds());
    std::fs::remove_file(world.feeds().join("all.atom")).expect("a file");
    std::fs::remove_file(world.feeds().join("index.html")).expect("a file");
    world.run();
    assert!(files(&world.feeds()) == before);
}

#[test]
fn another_state_on_the_same_folder_ends_with_5_and_changes_nothing() {
    let one = world();
    let other = World::new(&["steppe.example"]);
    other.publishes("steppe.example", &[entry("steppe.example", 1)]);
    other.config_at("2026-02-02T00:00:00Z");
    // it has published somewhere else before, so it is no lost state
    assert_eq!(crate::program::run(other.path(), &["run"]).code, Some(0));
    let config = std::fs::read_to_string(other.path().join("feedmill.toml")).expect("a config");
    let there = format!("[publish]\nto = {:?}\n\n[fetch]", one.feeds());
    std::fs::write(other.path().join("feedmill.toml"), config.replace("[fetch]", &there)).expect("written");
    let (before, when) = (files(&one.feeds()), times(&one.feeds()));
    let ran = crate::program::run(other.path(), &["run", "--force"]);
    assert_eq!(ran.code, Some(5), "{}", ran.err);
    assert!(ran.err.contains("another state publishes to"), "{}", ran.err);
    assert!(files(&one.feeds()) == before && times(&one.feeds()) == when);
}

#[test]
fn a_new_feed_holds_nothing_whose_text_is_gone() {
    let mut world = World::new(&[HOST]);
    world.feed("items = 1\n");
    world.publishes(HOST, &[1, 2, 3].map(|n| entry(HOST, n)));
    world.run();
    world.publishes(HOST, &[4].map(|n| entry(HOST, n)));
    world.run();
    world.config_at("2026-05-01T00:00:00Z");
    crate::program::run(world.path(), &["run", "--force"]);
    world.feed("items = 1\n\n[[feed]]\nid = \"new\"\ntitle = \"New\"\n");
    world.config_at("2026-05-02T00:00:00Z");
    let ran = crate::program::run(world.path(), &["run", "--force"]);
    world.assert_sound();
    let feed = std::fs::read(world.feeds().join("new.json")).expect(&ran.err);
    let feed: serde_json::Value = serde_json::from_slice(&feed).expect("JSON");
    let titles: Vec<_> = feed["items"].as_array().expect("items").iter().map(|item| item["title"].clone()).collect();
    assert_eq!(titles, ["Story 4 of courier.example"]);
}
