//! `inspect`, for people, for programs, and as a server of requests.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::origin::{Origin, Reply};
use crate::place::{HEAD, Place, rss};
use crate::program::feedmill;

const FEED: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
<id>urn:x</id><title>The feed</title><subtitle>About</subtitle><updated>2026-01-05T08:00:00Z</updated>
<link href="https://a.example/"/><link rel="self" href="https://a.example/feed"/><icon>https://a.example/i.png</icon><logo>https://a.example/l.png</logo>
<rights>Free</rights><generator uri="https://g.example/" version="2">Gen</generator><author><name>Ann Lee</name></author><category term="news"/>
<entry><id>urn:1</id><title>One story</title><link href="https://a.example/1"/><updated>2026-01-05T08:00:00Z</updated><published>2026-01-04T08:00:00Z</published>
<author><name>Bo Berg</name></author><category term="sea"/><summary type="html">A &lt;b&gt;short&lt;/b&gt; line.</summary>
<content type="html">&lt;p&gt;The text.&lt;/p&gt;</content><link rel="enclosure" href="https://a.example/1.mp3" type="audio/mpeg" length="12"/></entry>
</feed>"#;

const PAGE: &str = r#"<!DOCTYPE html><html lang="en"><head><title>A bridge opens | Courier</title>
<meta property="og:title" content="A bridge opens"><meta property="og:site_name" content="Courier"><meta property="og:type" content="article">
<meta property="article:published_time" content="2026-01-04T08:00:00+02:00"><meta name="author" content="Ann Lee">
<link rel="canonical" href="https://courier.example/bridge"></head><body><article><h1>A bridge opens</h1>
<p>The new bridge over the river was opened on Sunday morning by the mayor, who crossed it on foot with two hundred people.</p>
<p>It took four years to build, one more than was planned, because the river flooded the works twice in the second winter.</p>
<p>Buses will use it from March on, and the old ferry ends its service in the summer after more than a hundred years.</p></article></body></html>"#;

/// All keys that DESIGN names for an item.
const ITEM: &str = "id url canonical_url external_url title authors date_published date_modified language summary summary_html \
                    content_html content_text image tags section attachments site_name rights";
const FEED_KEYS: &str = "kind input format encoding id title home_page_url feed_url description language date_published \
                         date_modified authors tags icon image rights generator warnings items _more";

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

fn place() -> Place {
    let place = Place::new("");
    std::fs::remove_file(place.path().join("feedmill.toml")).expect("a file");
    place.write("feed.xml", FEED);
    place.write("page.html", PAGE);
    place
}

fn json_lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

#[test]
fn each_kind_has_the_documented_keys() {
    let place = place();
    let ran = place.run(&[
        "inspect",
        "--json",
        "feed.xml",
        "page.html",
        "none.xml",
        "--base-url",
        "https://courier.example/bridge",
    ]);
    assert_eq!(ran.code, Some(3), "one of three is missing: {}", ran.err);
    let lines = json_lines(&ran.out);
    assert_eq!(lines.len(), 3, "one line for each input, in order");
    let inputs: Vec<&str> = lines.iter().filter_map(|line| line["input"].as_str()).collect();
    assert_eq!(inputs, ["feed.xml", "page.html", "none.xml"]);

    let (feed, article, error) = (&lines[0], &lines[1], &lines[2]);
    let allowed: BTreeSet<&str> = FEED_KEYS.split_whitespace().collect();
    assert!(keys(feed).is_subset(&allowed), "{:?}", keys(feed));
    assert_eq!(feed["kind"], "feed");
    assert_eq!(feed["format"], "atom-1.0");
    let missing: Vec<_> = allowed.difference(&keys(feed)).copied().collect();
    assert!(
        missing.is_empty()
            || missing == ["_more"]
            || missing == ["date_published"]
            || missing == ["_more", "date_published"],
        "{missing:?}"
    );
    let mut item_keys: BTreeSet<&str> = ITEM.split_whitespace().collect();
    assert!(
        keys(article).iter().all(|key| item_keys.contains(key) || ["kind", "input"].contains(key)),
        "{:?}",
        keys(article)
    );
    item_keys.insert("_more");
    let item = &feed["items"][0];
    assert!(keys(item).is_subset(&item_keys), "{:?}", keys(item));
    for (pointer, value) in [
        ("/id", json!("urn:1")),
        ("/title", json!("One story")),
        ("/date_published", json!("2026-01-04T08:00:00Z")),
        ("/authors/0/name", json!("Bo Berg")),
        ("/tags", json!(["sea"])),
        ("/attachments/0/mime_type", json!("audio/mpeg")),
        ("/attachments/0/size_in_bytes", json!(12)),
        ("/content_text", json!("The text.")),
    ] {
        assert_eq!(item.pointer(pointer), Some(&value), "{pointer}: {item}");
    }
    assert_eq!(article["kind"], "article");
    assert_eq!(article["title"], "A bridge opens");
    assert_eq!(article["canonical_url"], "https://courier.example/bridge");
    assert_eq!(article["date_published"], "2026-01-04T08:00:00+02:00");
    assert_eq!(keys(error), BTreeSet::from(["error", "input", "kind"]));
}

#[test]
fn a_broken_document_names_line_and_column() {
    let place = place();
    place.write("bad.json", "{\n \"version\": ");
    let ran = place.run(&["inspect", "--json", "bad.json"]);
    assert_eq!(ran.code, Some(4), "{}", ran.out);
    let error = &json_lines(&ran.out)[0];
    assert_eq!(keys(error), BTreeSet::from(["column", "error", "input", "kind", "line"]));
    assert_eq!(error["line"], 2, "{error}");
    let ran = place.run(&["inspect", "bad.json"]);
    assert!(ran.err.starts_with("bad.json:2:") && ran.out.is_empty(), "{}{}", ran.out, ran.err);
}

#[test]
fn without_a_base_addresses_are_shown_as_they_stand() {
    let place = place();
    let item = "<item><title>A</title><description>&lt;p&gt;See &lt;a href=\"b/c\"&gt;this&lt;/a&gt;&lt;/p&gt;</description></item>";
    place.write("homeless.xml", format!("<rss version='2.0'><channel>{item}</channel></rss>"));
    let seen = |more: &[&str]| {
        let ran = place.run(&[&["inspect", "--json", "homeless.xml"], more].concat());
        json_lines(&ran.out)[0]["items"][0]["summary_html"].clone()
    };
    assert_eq!(seen(&[]), "<p>See <a href=\"b/c\">this</a></p>");
    let base = ["--base-url", "https://a.example/d/"];
    assert_eq!(seen(&base), "<p>See <a href=\"https://a.example/d/b/c\">this</a></p>");
}

#[test]
fn a_document_that_is_said_to_be_a_feed_may_hold_nothing() {
    let place = place();
    place.write("comment.xml", "<!-- nothing today -->");
    let ran = place.run(&["inspect", "--json", "--as", "feed", "comment.xml"]);
    let feed = &json_lines(&ran.out)[0];
    assert_eq!((ran.code, &feed["kind"], &feed["items"]), (Some(0), &json!("feed"), &json!([])), "{feed}");
    assert!(feed["warnings"][0]["message"].as_str().is_some_and(|text| text.contains("no feed")), "{feed}");
}

#[test]
fn explain_tells_where_each_value_comes_from() {
    let place = place();
    let ran = place.run(&["inspect", "--explain", "page.html", "feed.xml"]);
    let lines = json_lines(&ran.out);
    let title = &lines[0]["_provenance"]["title"];
    assert!(title["from"].is_string(), "{title}");
    let fields = lines[0]["_provenance"].as_object().expect("an object");
    let names: BTreeSet<&str> = ITEM.split_whitespace().collect();
    assert!(fields.keys().all(|name| names.contains(name.as_str())), "{:?}", fields.keys());
    assert!(fields.values().all(|field| keys(field).iter().all(|key| ["from", "raw", "lost"].contains(key))));
    let lost = fields.values().filter_map(|field| field["lost"].as_array()).flatten().collect::<Vec<_>>();
    assert!(
        !lost.is_empty() && lost.iter().all(|lost| lost["from"].is_string() && lost["raw"].is_string()),
        "{lost:?}"
    );
    assert!(fields.values().any(|field| field["raw"].is_string()));
    assert!(lines[1]["items"][0]["_provenance"]["date_published"]["from"].is_string(), "{}", lines[1]);
}

#[test]
fn people_see_text() {
    let place = place();
    let ran = place.run(&["inspect", "feed.xml", "none.xml"]);
    assert_eq!(ran.code, Some(3));
    assert!(ran.out.starts_with("The feed (atom-1.0, 1 item"), "{}", ran.out);
    assert!(ran.out.contains("2026-01-04T08:00:00Z  One story\n  https://a.example/1\n"), "{}", ran.out);
    assert!(ran.err.starts_with("none.xml: cannot be read: "), "{}", ran.err);
    let ran = place.run(&["inspect", "outlet.example/feed"]);
    assert!(ran.err.contains("an address starts with https://"), "{}", ran.err);
}

#[test]
fn the_kind_is_found_in_the_content_or_given() {
    let place = place();
    place.write("feed.html", FEED);
    assert_eq!(json_lines(&place.run(&["inspect", "--json", "feed.html"]).out)[0]["kind"], "feed");
    let ran = place.run(&["inspect", "--json", "--as", "feed", "page.html"]);
    assert_eq!(json_lines(&ran.out)[0]["kind"], "error");
    let ran = place.run(&["inspect", "--json", "--as", "article", "page.html"]);
    assert_eq!(json_lines(&ran.out)[0]["kind"], "article");
}

#[test]
fn a_batch_is_answered_before_the_next_request_is_read() {
    let place = place();
    let mut child = feedmill()
        .current_dir(place.path())
        .args(["inspect", "--json", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut requests = child.stdin.take().expect("a pipe");
    let mut answers = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let cases = [
        (json!({"path": "feed.xml"}), "feed"),
        (
            json!({"path": "page.html", "base_url": "https://courier.example/x", "headers": {"Content-Type": "text/html"}}),
            "article",
        ),
        (json!({"path": "page.html", "as": "feed"}), "error"),
        (json!({"path": "none.xml"}), "error"),
        (json!({"path": "page.html", "as": "poem"}), "error"),
        (json!("rubbish"), "error"),
        (json!({"path": "feed.xml", "as": "feed"}), "feed"),
    ];
    for (request, kind) in cases {
        // the pipe stays open: an answer that waits for the next request would never come
        writeln!(requests, "{request}").expect("it reads");
        let answer: Value = serde_json::from_str(&answers.next().expect("an answer").expect("text")).expect("JSON");
        assert_eq!(answer["kind"], kind, "{request}: {answer}");
    }
    drop(requests);
    assert!(child.wait().expect("a child").success());
    assert!(answers.next().is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn private_addresses_are_asked_only_where_allowed() {
    let origin = Origin::start().await;
    origin.on("/feed", Reply::ok(rss("a.example", 2)));
    let url = origin.url("/feed");
    let place = place();
    let ran = place.run(&["inspect", "--json", url.as_str()]);
    assert_eq!(ran.code, Some(4), "{}", ran.out);
    let error = json_lines(&ran.out)[0]["error"].as_str().unwrap_or_default().to_owned();
    assert!(error.contains("fetch.allow"), "{error}");
    assert!(origin.requests().is_empty());

    place.write("allows.toml", HEAD);
    let ran = place.run(&["inspect", "--json", "-c", "allows.toml", url.as_str()]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    let seen = &json_lines(&ran.out)[0];
    assert_eq!((&seen["kind"], seen["items"].as_array().map(Vec::len)), (&json!("feed"), Some(2)));
    let ran = place.run(&["inspect", "-c", "allows.toml", origin.url("/none").as_str()]);
    assert_eq!(ran.code, Some(4));
    assert!(ran.err.contains("404"), "{}", ran.err);
}
