//! Feeds: whatever the bytes, items come out, few and small enough, and fit to be normalized and shown.

#![no_main]

use chrono::DateTime;
use feedmill::extract::{As, Request, extract};
use feedmill::model::{Document, Extracted};
use feedmill::normalize::{self, Context, Given};
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|data: &[u8]| {
    let now = DateTime::from_timestamp(1_795_000_000, 0).expect("a time");
    let document = Document {
        url: Url::parse("https://outlet.example/dir/feed.xml").expect("an address"),
        body: data.to_vec().into(),
        content_type: None,
        content_location: None,
        fetched_at: now,
    };
    let request = Request { read_as: As::Feed, more: true, now };
    let Ok(Extracted::Feed { feed, items, warnings }) = extract(&document, &request) else { return };
    assert!(items.len() <= data.len() && warnings.len() <= 200);
    for warning in &warnings {
        assert!(warning.line > 0 && warning.column > 0, "{warning:?}");
    }
    let context = Context { source: None, feed: Some(&feed), now, clock: None, outlet_names: &[], explains: true };
    for item in items.into_iter().take(50) {
        let article = normalize::article(item, &context);
        let _ = normalize::present(&article, &Given::default());
    }
});
