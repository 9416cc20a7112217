//! `hide` and `prune`.

use crate::place::{ALL, HEAD, Place, folder_source};
use crate::program::files;

fn item_id(place: &Place, title: &str) -> String {
    let feed: serde_json::Value = serde_json::from_str(&place.read("feeds/all.json")).expect("JSON");
    let items = feed["items"].as_array().expect("items");
    let item = items.iter().find(|item| item["title"] == title).expect("such an item");
    item["id"].as_str().expect("an id").to_owned()
}

#[test]
fn a_hidden_article_leaves_and_does_not_come_back() {
    let place = Place::with_desk();
    place.run(&["run"]);
    let id = item_id(&place, "Article one");
    let ran = place.run(&["hide", &id]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.contains("is hidden"), "{}", ran.out);
    assert_eq!(place.run(&["run"]).code, Some(0));
    assert_eq!(place.titles(), ["Article two"]);
    for name in ["all.rss", "all.atom", "all.json", "all.html"] {
        assert!(!place.read(&format!("feeds/{name}")).contains("Article one"), "{name}");
    }
    // not by a change, nor by a lost state
    place.write("desk/one.md", "---\ntitle: Article one\ndate: 2026-01-02\n---\n\nAnother text.\n");
    place.run(&["run", "--force"]);
    assert_eq!(place.titles(), ["Article two"]);
    for name in ["feedmill.db", "feedmill.db-wal", "feedmill.db-shm"] {
        let _ = std::fs::remove_file(place.path().join(name));
    }
    assert_eq!(place.run(&["run", "--force"]).code, Some(0));
    assert_eq!(place.titles(), ["Article two"]);
    // the last one leaves too
    assert_eq!(place.run(&["hide", &item_id(&place, "Article two")]).code, Some(0));
    assert_eq!(place.run(&["run"]).code, Some(0));
    for name in ["all.rss", "all.atom", "all.json", "all.html"] {
        assert!(!place.read(&format!("feeds/{name}")).contains("Article two"), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_article_is_hidden_by_its_address_too_also_before_it_comes() {
    let origin = crate::origin::Origin::start().await;
    origin.on("/feed", crate::origin::Reply::ok(crate::place::rss("127.0.0.1", 3)));
    let place = Place::new(&format!("{HEAD}{}{ALL}", crate::place::web_source("a", &origin.url("/feed"))));
    let ran = place.run(&["hide", "https://127.0.0.1/2"]);
    assert!(ran.out.contains("not known"), "{}", ran.out);
    assert_eq!(place.run(&["run"]).code, Some(0));
    assert_eq!(place.titles(), ["Story 1 of 127.0.0.1", "Story 3 of 127.0.0.1"]);
    let ran = place.run(&["hide", "https://127.0.0.1/3?utm_source=x"]);
    assert!(ran.out.contains("is hidden"), "{}", ran.out);
    assert_eq!(place.run(&["run"]).code, Some(0));
    assert_eq!(place.titles(), ["Story 1 of 127.0.0.1"]);
}

#[test]
fn prune_deletes_only_what_we_wrote_and_no_feed_owns() {
    let place = Place::with_desk();
    let config = place.read("feedmill.toml");
    place.write("feedmill.toml", format!("{config}\n[[feed]]\nid = \"old\"\ntitle = \"Old\"\n"));
    assert_eq!(place.run(&["run"]).code, Some(0));
    place.write("feeds/old.txt", "not ours");
    place.write("feeds/mine/old.rss", "not ours");
    let before = files(&place.feeds());
    let ours: Vec<&str> = ["history/old.json", "old.atom", "old.html", "old.json", "old.rss"].into();
    assert!(ours.iter().all(|name| before.contains_key(*name)), "{:?}", before.keys());

    assert!(place.run(&["prune"]).err.contains("0 files deleted"));
    assert_eq!(files(&place.feeds()), before);

    place.write("feedmill.toml", &config);
    assert_eq!(place.run(&["run"]).code, Some(0));
    assert!(ours.iter().all(|name| place.feeds().join(name).exists()), "readers may still ask for them");
    let status = place.run(&["status"]).out;
    assert!(status.contains("feeds/old.rss") && status.contains("feedmill prune"), "{status}");
    let ran = place.run(&["prune"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("5 files deleted"), "{}", ran.err);
    let mut named: Vec<&str> = ran.out.lines().filter_map(|line| line.strip_prefix("feeds/")).collect();
    named.sort_unstable();
    assert_eq!(named, ours);
    let after = files(&place.feeds());
    assert!(ours.iter().all(|name| !after.contains_key(*name)));
    assert_eq!(after["old.txt"], b"not ours");
    assert_eq!(after["mine/old.rss"], b"not ours");
    assert!(after.contains_key("all.rss"));
    assert!(!place.run(&["status"]).out.contains("old."));
}

#[test]
fn prune_before_the_first_run_makes_nothing() {
    let place = Place::new(&format!("{HEAD}{}{ALL}", folder_source("desk", "")));
    assert_eq!(place.run(&["prune"]).code, Some(0));
    assert!(!place.feeds().exists());
}
