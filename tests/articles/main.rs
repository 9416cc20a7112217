//! Article pages of invented outlets: each holds one of the faults that readers of pages make.

mod kinds;
mod seed;
mod state;
mod story;
mod why;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use feedmill::extract::{self, As, Request};
use feedmill::model::{Article, Document, Extracted, Presented};
use feedmill::normalize::{self, Context, Given};
use url::Url;

/// The time of every test.
fn now() -> DateTime<Utc> {
    "2026-11-24T12:00:00Z".parse().expect("a time")
}

/// Reads a page as the program does.
fn read_at(address: &str, html: &str) -> (Article, Presented) {
    read_as(address, "text/html; charset=utf-8", html)
}

/// Reads a document of a media type.
fn read_as(address: &str, media_type: &str, text: &str) -> (Article, Presented) {
    let document = Document {
        url: Url::parse(address).expect("an address"),
        body: Bytes::from(text.to_owned()),
        content_type: Some(media_type.to_owned()),
        content_location: None,
        fetched_at: now(),
    };
    let request = Request { read_as: As::Article, more: false, now: now() };
    let Ok(Extracted::Article { article, .. }) = extract::extract(&document, &request) else {
        panic!("no article: {text}")
    };
    let context = Context { source: None, feed: None, now: now(), clock: None, outlet_names: &[], explains: true };
    let article = normalize::article(*article, &context);
    let presented = normalize::present(&article, &Given::default());
    (article, presented)
}
