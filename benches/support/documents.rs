//! Documents to read: those of a folder, or one made here.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use feedmill::model::Document;

pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000, 0).expect("a time")
}

/// A body of some paragraphs, as most articles have.
pub fn body(number: usize) -> String {
    let mut html = String::new();
    for paragraph in 0..6 {
        let _ = write!(
            html,
            "<p>Paragraph {paragraph} of story {number} says what was said &amp; done, and names \
             <a href=\"https://news.example/{number}/{paragraph}\">who said it</a> on the day before.</p>"
        );
    }
    html
}

/// A feed of so many items.
pub fn feed(items: usize) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\">\
         <channel><title>News</title><link>https://news.example/</link><description>All</description>",
    );
    for number in 0..items {
        let _ = write!(
            xml,
            "<item><title>Story {number} &amp; what it means</title><link>https://news.example/{number}</link>\
             <guid>https://news.example/{number}</guid><pubDate>Tue, 24 Nov 2026 08:{:02}:00 GMT</pubDate>\
             <author>desk@news.example (The Desk)</author><category>World</category>\
             <description>The story in a sentence.</description>\
             <content:encoded><![CDATA[{}]]></content:encoded></item>",
            number % 60,
            body(number)
        );
    }
    xml + "</channel></rss>"
}

pub fn document(body: Vec<u8>) -> Document {
    Document {
        url: "https://news.example/rss".parse().expect("an address"),
        body: body.into(),
        content_type: Some("application/xml".to_owned()),
        content_location: None,
        fetched_at: now(),
    }
}

/// The first XML feeds below a folder, in the order of their paths, up to `most` that every reader reads.
pub fn below(folder: &Path, most: usize, is_feed: &dyn Fn(&Document) -> bool) -> Vec<Document> {
    let mut paths = Vec::new();
    collect(folder, &mut paths);
    paths.sort();
    let read = paths.iter().filter_map(|path| std::fs::read(path).ok());
    let is_xml = |bytes: &Vec<u8>| bytes.trim_ascii_start().starts_with(b"<");
    let documents: Vec<Document> = read.filter(is_xml).map(document).filter(is_feed).take(most).collect();
    assert!(!documents.is_empty(), "no feed below {}", folder.display());
    documents
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let is_other = path.extension().is_some_and(|extension| extension == "gz" || extension == "html");
        if path.is_dir() {
            collect(&path, paths);
        } else if !is_other {
            paths.push(path);
        }
    }
}
