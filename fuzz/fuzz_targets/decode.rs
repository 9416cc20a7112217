//! Encodings: bytes under any label become text, and no more of it than they can hold.

#![no_main]

use chrono::DateTime;
use feedmill::extract::{As, Request, extract};
use feedmill::model::{Document, Extracted};
use libfuzzer_sys::fuzz_target;
use url::Url;

const LABELS: [&str; 16] = [
    "text/plain",
    "text/plain; charset=utf-8",
    "text/plain; charset=utf-16",
    "text/plain; charset=utf-16be",
    "text/plain; charset=iso-8859-1",
    "text/plain; charset=windows-1251",
    "text/plain; charset=gb18030",
    "text/plain; charset=big5",
    "text/plain; charset=shift_jis",
    "text/plain; charset=iso-2022-jp",
    "text/plain; charset=euc-kr",
    "text/plain; charset=koi8-r",
    "text/plain; charset=replacement",
    "text/plain; charset=\"bogus",
    "application/rss+xml; charset=macintosh",
    "application/rss+xml",
];

fuzz_target!(|data: &[u8]| {
    let Some((&choice, body)) = data.split_first() else { return };
    let now = DateTime::from_timestamp(1_795_000_000, 0).expect("a time");
    let document = Document {
        url: Url::parse("https://outlet.example/feed").expect("an address"),
        body: body.to_vec().into(),
        content_type: Some(LABELS[usize::from(choice) % LABELS.len()].to_owned()),
        content_location: None,
        fetched_at: now,
    };
    let request = Request { read_as: As::Sniff, more: false, now };
    if let Ok(Extracted::Article { article, .. }) = extract(&document, &request) {
        let longest = article.bodies.iter().map(|body| body.text.text.len()).max().unwrap_or_default();
        assert!(longest <= 1_000 + 20 * body.len(), "{longest} bytes of text from {}", body.len());
    }
});
