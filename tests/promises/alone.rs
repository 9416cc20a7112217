//! One source never hurts another.

use crate::program;
use crate::world::{World, entry};

/// A world of two good sources and a bad one between them; both good ones must be read.
fn with(body: &[u8], headers: &str, said: &str) {
    let mut world = World::new(&["courier.example", "bad.example", "steppe.example"]);
    for host in ["courier.example", "steppe.example"] {
        world.publishes(host, &[entry(host, 1), entry(host, 2)]);
    }
    world.answer("bad.example/feed", body, headers);
    let ran = world.run();
    assert_eq!(ran.code, Some(if said.is_empty() { 0 } else { 3 }), "{}", ran.err);
    assert!(ran.err.contains(said), "{}", ran.err);
    let good = world.ids().iter().filter(|id| !id.contains("bad.example")).count();
    assert_eq!(good, 4);
}

#[test]
fn empty_and_broken_documents() {
    with(b"", "", "the document is empty");
    with(b"\0\0\0\0", "", "source bad-example");
    with(b"\xff\xfe\xfd<rss", "", "source bad-example");
    with("<html>".repeat(50_000).as_bytes(), "", "source bad-example");
    with(b"{\"version\": ", "", "source bad-example");
    with(b"<h1>It works!</h1><p>This is the default page.</p>", "", "neither a feed nor an article");
}

#[test]
fn a_body_beyond_the_limit() {
    with(&vec![b' '; 51 << 20], "", "larger than");
}

#[test]
fn ten_thousand_items() {
    let date = "<pubDate>01 Jan 2025 09:00:00 +0000</pubDate>";
    let item = |n: u32| format!("<item><title>T{n}</title><link>https://bad.example/{n}</link>{date}</item>");
    let body: String = (0..10_000).map(item).collect();
    with(format!("<rss version=\"2.0\"><channel>{body}</channel></rss>").as_bytes(), "", "");
}

#[test]
fn nesting_without_end() {
    let deep = "<div>".repeat(50_000);
    let feed = format!(
        "<rss version=\"2.0\"><channel><item><title>T</title><link>https://bad.example/1</link><description><![CDATA[{deep}]]></description></item></channel></rss>"
    );
    with(feed.as_bytes(), "", "");
}

#[test]
fn a_redirect_into_private_space() {
    let world = World::new(&["bad.example"]);
    world.answer("bad.example/feed", "", "HTTP/1.1 301 Moved\nLocation: file:///etc/passwd\n");
    world.config_at("2026-02-01T00:00:00Z");
    let ran = program::run(world.path(), &["run"]);
    assert_eq!(ran.code, Some(4), "{}", ran.err);
    assert!(program::files(&world.feeds()).is_empty());
}
