//! The rules of fetching, each against a real site on loopback.

#![expect(clippy::disallowed_methods, reason = "tests make their own files, and measure their own processes")]

mod bodies;
mod conditional;
mod folder;
mod guard;
mod limits;
mod manners;
#[expect(dead_code, reason = "other tests use more of it")]
#[path = "../support/origin/mod.rs"]
mod origin;
mod proxy;
mod redirects;
mod replay;
mod robots;
mod trouble;

use std::time::Duration;

use chrono::{DateTime, TimeZone as _, Utc};
use feedmill::gather::{Answer, Class, Fetch as _, FetchError, Fetched, Network, Request, Settings};
use feedmill::model::Document;
use url::Url;

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 24, 12, 0, 0).unwrap()
}

/// Settings that may ask loopback, without a pause.
fn settings() -> Settings {
    Settings { allow: vec!["127.0.0.0/8".parse().unwrap()], host_delay: Duration::ZERO, ..Settings::default() }
}

fn network() -> Network {
    Network::new(settings()).unwrap()
}

fn feed(url: &Url) -> Request {
    Request::new(url.clone(), Class::Feed, now())
}

async fn fetch(network: &Network, url: &Url) -> Result<Fetched, FetchError> {
    network.fetch(feed(url)).await
}

#[track_caller]
fn document(fetched: &Fetched) -> &Document {
    match &fetched.answer {
        Answer::Document(document) => document,
        Answer::NotModified => panic!("not modified"),
    }
}
