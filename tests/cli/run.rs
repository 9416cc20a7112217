//! `run` with each of its flags.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::origin::{Origin, Reply};
use crate::place::{ALL, HEAD, Place, folder_source, rss, web_source};
use crate::program::files;

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[test]
fn only_the_named_sources_are_asked() {
    let place = Place::new(&format!("{HEAD}{}{}{ALL}", folder_source("desk", ""), folder_source("other", "")));
    place.article("one", "2026-01-02");
    place.write("other/two.txt", "Another title\n\nAnd a text.\n");
    let ran = place.run(&["run", "--source", "desk"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(place.titles(), ["Article one"]);
    let ran = place.run(&["run", "--source", "desk", "--source", "other"]);
    assert!(ran.err.starts_with("2 sources asked;"), "{}", ran.err);
    assert_eq!(place.titles().len(), 2);
    let ran = place.run(&["run", "--source", "desc"]);
    assert!(ran.err.contains("no source desc") && ran.err.contains("desk, other"), "{}", ran.err);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn force_asks_before_the_time_has_come_and_sends_validators() {
    let origin = Origin::start().await;
    origin.on("/feed", Reply::ok(rss("a.example", 2)).header("ETag", "\"v1\""));
    let place = Place::new(&format!("{HEAD}{}{ALL}", web_source("a", &origin.url("/feed"))));
    assert_eq!(place.run(&["run"]).code, Some(0));
    let second = place.run(&["run"]);
    assert!(second.err.contains("1 not due"), "{}", second.err);
    assert_eq!(origin.requests().len(), 1, "running it every minute costs an outlet nothing");
    assert_eq!(place.run(&["run", "--force"]).code, Some(0));
    let requests = origin.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[1].header("if-none-match"), Some(&b"\"v1\""[..]));
}

#[test]
fn a_dry_run_lists_what_would_change_and_writes_nothing() {
    let place = Place::with_desk();
    let before = place.run(&["run", "--dry-run"]);
    assert_eq!(before.code, Some(0), "{}", before.err);
    assert!(before.out.contains("all: 2 items\n") && before.out.contains("  + Article one  ("), "{}", before.out);
    assert!(before.err.contains("nothing was written") && !before.err.contains("up to date"), "{}", before.err);
    assert!(!place.feeds().exists() && !place.path().join("feedmill.db").exists());

    assert_eq!(place.run(&["run"]).code, Some(0));
    let published = files(&place.feeds());
    let state = place.run(&["status", "--json"]).out;
    assert!(place.run(&["run", "--dry-run"]).out.contains("all: nothing would change"));

    place.article("three", "2026-01-04");
    place.write(
        "desk/one.md",
        "---\ntitle: Article one\ndate: 2026-01-02\n---\n\nA wholly other text that readers see.\n",
    );
    let config = place.read("feedmill.toml");
    place.write("feedmill.toml", config + "exclude = { title = [\"two\"] }\n");
    let dry = place.run(&["run", "--dry-run"]);
    for line in ["  + Article three  (", "  ~ Article one  (", "  - Article two  ("] {
        assert!(dry.out.contains(line), "{line}: {}", dry.out);
    }
    assert_eq!(files(&place.feeds()), published);
    assert_eq!(place.run(&["status", "--json"]).out, state);
    // nor is a feed that is new among known articles forgotten
    let config = place.read("feedmill.toml");
    place.write("feedmill.toml", format!("{config}\n[[feed]]\nid = \"second\"\ntitle = \"Second\"\n"));
    let dry = place.run(&["run", "--dry-run"]);
    assert!(dry.out.contains("second: 3 items\n"), "{}", dry.out);
    // and that is what happens
    assert_eq!(place.run(&["run"]).code, Some(0));
    assert_eq!(place.titles(), ["Article one", "Article three"]);
    assert!(place.read("feeds/second.json").contains("Article two"));
}

#[test]
fn the_report_for_programs_has_the_documented_keys() {
    let place = Place::with_desk();
    let ran = place.run(&["run", "--report", "json"]);
    assert_eq!(ran.out.lines().count(), 1);
    let report: Value = serde_json::from_str(&ran.out).expect("JSON");
    // files beside the feeds stand in a `written` of their own
    assert_eq!(keys(&report), BTreeSet::from(["sources", "feeds", "written"]));
    assert_eq!(report["sources"][0], serde_json::json!({"id": "desk", "outcome": "ok", "new": 2, "changed": 0}));
    assert_eq!(keys(&report["feeds"][0]), BTreeSet::from(["id", "items", "new", "written"]));
    assert_eq!(report["feeds"][0]["items"], 2);
    assert_eq!(report["feeds"][0]["new"], 2);
    let written = report["feeds"][0]["written"].as_array().expect("paths");
    assert!(written.contains(&"all.rss".into()) && written.contains(&"all.json".into()), "{written:?}");

    let again = place.run(&["run", "--report", "json"]);
    let expected = r#"{"sources":[{"id":"desk","outcome":"ok","new":0,"changed":0}],"feeds":[{"id":"all","items":2,"new":0,"written":[]}]}"#;
    assert_eq!(again.out.trim_end(), expected);
}

#[test]
fn the_report_names_troubles() {
    let place = Place::new(&format!("{HEAD}{}{ALL}", folder_source("nowhere", "")));
    let ran = place.run(&["run", "--report", "json", "--quiet"]);
    assert_eq!(ran.code, Some(4), "{}", ran.err);
    let report: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(keys(&report["sources"][0]), BTreeSet::from(["id", "outcome", "new", "changed", "trouble"]));
    assert_eq!(report["sources"][0]["outcome"], "failed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_odd_in_a_document_is_said_when_it_is_new() {
    let origin = Origin::start().await;
    let place = Place::new(&format!("{HEAD}{}{ALL}", web_source("desk", &origin.url("/feed.xml"))));
    let feed = |items: &str| {
        let body = format!("<rss version='2.0'><channel><title>Desk</title>\n{items}</channel></rss>");
        origin.now_on("/feed.xml", Reply::ok(body).header("Content-Type", "application/rss+xml"));
    };
    let item = |number: u8| format!("<item><title>R&D {number}</title><guid>urn:x:{number}</guid></item>\n");
    let fine = "<item><title>Fine</title><guid>urn:x:2</guid></item>\n";
    let said = |text: &str| text.contains("source desk: its document was mended");
    let run = || place.run(&["run", "--force"]).err;
    feed(&item(1));
    let first = run();
    assert!(said(&first) && first.contains("line 2, column 15"), "{first}");
    // the same again, one line further down
    feed(&format!("{fine}{}", item(1)));
    let ran = place.run(&["run", "--force", "--report", "json"]);
    assert!(!said(&ran.err), "{}", ran.err);
    let report: Value = serde_json::from_str(&ran.out).expect("JSON");
    let status: Value = serde_json::from_str(&place.run(&["status", "--json"]).out).expect("JSON");
    for trouble in [&report["sources"][0]["trouble"], &status["sources"][0]["trouble"]] {
        assert!(trouble.as_str().is_some_and(|text| text.contains("line 3, column 15")), "{trouble}");
    }
    // another
    feed(&format!("{}{}", item(1), item(3)));
    assert!(said(&run()));
    // none any more, and the first anew
    feed(fine);
    assert!(!said(&run()));
    feed(&item(1));
    assert!(said(&run()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_recorded_is_played_back() {
    let origin = Origin::start().await;
    origin.on("/feed.xml", Reply::ok(rss("a.example", 4)).header("Content-Type", "application/rss+xml"));
    let gone = origin.url_at("127.0.0.2", "/gone");
    let config = format!("{HEAD}{}{}{ALL}", web_source("a", &origin.url("/feed.xml")), web_source("b", &gone));
    let place = Place::new(&config);
    let recorded = place.run(&["run", "--record", "rec"]);
    assert_eq!(recorded.code, Some(3), "{}", recorded.err);
    let published = files(&place.feeds());
    drop(origin);

    let again = Place::new(&config);
    crate::program::copy(&place.path().join("rec"), &again.path().join("rec"));
    let replayed = again.run(&["run", "--replay", "rec"]);
    assert_eq!(replayed.code, Some(3), "{}", replayed.err);
    let without_history = |files: std::collections::BTreeMap<String, Vec<u8>>| {
        files.into_iter().filter(|(name, _)| !name.starts_with("history/")).collect::<Vec<_>>()
    };
    assert_eq!(without_history(files(&again.feeds())), without_history(published), "the same without a network");

    let config = again.read("feedmill.toml").replace("[fetch]\n", "[fetch]\nreplay = \"rec\"\n");
    again.write("feedmill.toml", config);
    let ran = again.run(&["run", "--record", "more"]);
    assert_eq!(ran.code, Some(2), "where nothing is asked nothing can be recorded: {}", ran.err);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_pages_do_not_wait_for_each_others_memory() {
    let origin = Origin::start().await;
    let filler = |size: usize| format!("<!-- {} -->", "x".repeat(size));
    let story = |n| format!("<article><h2><a href=\"/{n}\">Story number {n} of this place</a></h2></article>");
    let stories = [1, 2, 3, 4].map(story).concat();
    let link = "<link rel=\"alternate\" type=\"application/rss+xml\" href=\"/feed\">";
    let page = format!("<html><head>{link}{}</head><body>{stories}</body></html>", filler(3 << 20));
    origin.on("/", Reply::ok(page).header("Content-Type", "text/html"));
    let feed = rss("a.example", 3).replace("<channel>", &format!("<channel>{}", filler(3 << 19)));
    origin.on("/feed", Reply::ok(feed).header("Content-Type", "application/rss+xml"));
    let source = |n: u32| web_source(&format!("s{n}"), &origin.url_at(&format!("127.0.0.{n}"), "/"));
    let place = Place::new(&format!("{HEAD}{}{ALL}", (1..=8).map(source).collect::<String>()));
    let (code, _, said) = place.start(&["run"]).end();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("8 sources asked"), "{said}");
}
