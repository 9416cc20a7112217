//! Reading a large feed, in a process of its own: its peak memory is what is measured.

use std::fmt::Write as _;

use chrono::DateTime;
use feedmill::extract::{As, Request, extract};
use feedmill::model::{Document, Extracted};

/// A document of about so many bytes; each item has a body of so many sentences.
fn feed(bytes: usize, sentences: usize) -> String {
    let mut xml = String::with_capacity(bytes + 16_384);
    xml.push_str("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>News</title>");
    let mut number = 0;
    while xml.len() < bytes {
        number += 1;
        let _ = write!(
            xml,
            "<item><title>Story {number} &amp; what it means</title><link>https://news.example/{number}</link>\
             <guid>https://news.example/{number}</guid><pubDate>Tue, 24 Nov 2026 08:00:00 GMT</pubDate>\
             <category>World</category><description>&lt;p&gt;"
        );
        for _ in 0..sentences {
            xml.push_str("What was said &amp;amp; done is told here in a sentence of the usual length. ");
        }
        xml.push_str("&lt;/p&gt;</description></item>");
    }
    xml.push_str("</channel></rss>");
    xml
}

#[test]
fn a_feed_costs_less_than_four_times_its_size() {
    let now = DateTime::from_timestamp(1_795_000_000, 0).expect("a time");
    let request = Request { read_as: As::Feed, more: false, now };
    // the smaller first: what the process has held so far never shrinks
    for (bytes, sentences) in [(16 << 20, 10), (64 << 20, 40)] {
        let document = Document {
            url: "https://news.example/rss".parse().expect("an address"),
            body: feed(bytes, sentences).into(),
            content_type: None,
            content_location: None,
            fetched_at: now,
        };
        let Ok(Extracted::Feed { items, .. }) = extract(&document, &request) else { panic!("no feed") };
        assert!(items.len() > 1_000);
        let (peak, size) = (peak_kib(), document.body.len() / 1024);
        assert!(peak < 4 * size, "{} items of {sentences} sentences: {peak} KiB for {size} KiB", items.len());
    }
}

/// The most memory that this process has held so far.
fn peak_kib() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("the kernel tells");
    let line = status.lines().find(|line| line.starts_with("VmHWM")).expect("the peak is told");
    line.split_ascii_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a number")
}
