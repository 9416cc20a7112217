//! The contract of [`Store`]: every rule, run over every implementation.

mod articles;
mod feeds;
mod hiding;
mod releases;
mod upkeep;

use std::sync::Arc;

use chrono::{DateTime, Duration, TimeZone as _, Utc};

use super::{Store, StoreError};
use crate::model::{
    Article, ArticleId, Bound, Carried, Dated, Intake, Key, NewArticle, Precision, SourceState, Text, Uids,
    UpdatedArticle, ZoneFrom,
};

/// Runs each test over each store.
macro_rules! contract {
    ($($name:ident),* $(,)?) => {
        mod memory {
            $(#[tokio::test]
            async fn $name() {
                super::$name(&crate::store::MemoryStore::new()).await;
            })*
        }
        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                let folder = tempfile::tempdir().unwrap();
                let store = crate::store::SqliteStore::open(&folder.path().join("state.db")).unwrap();
                super::$name(&store).await;
            })*
        }
    };
}
use contract;

pub(in crate::store) fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 12, 1, 12, 0, 0).unwrap()
}

pub(in crate::store) fn later(seconds: i64) -> DateTime<Utc> {
    noon() + Duration::seconds(seconds)
}

/// A key that a test names by a number.
pub(in crate::store) fn key(number: u8) -> Key {
    Key([number; 16])
}

/// An article that was published some seconds after noon.
pub(in crate::store) fn article(title: &str, seconds: i64) -> Article {
    Article {
        title: Some(title.to_owned()),
        canonical_url: Some(format!("https://outlet.example/{title}")),
        date_published: Some(Dated {
            at: later(seconds).fixed_offset(),
            precision: Precision::Time,
            zone: ZoneFrom::Text,
        }),
        body: Some(Text::html(format!("<p>{title}</p>"))),
        ..Article::default()
    }
}

/// A new article with a uid of its title, one key, and one feed.
pub(in crate::store) fn new(title: &str, number: u8, feeds: &[u32]) -> NewArticle {
    NewArticle {
        uids: Uids {
            uris: vec![format!("https://outlet.example/{title}"), format!("urn:x-test:{title}")],
            ..Uids::default()
        },
        article: Box::new(article(title, i64::from(number))),
        keys: vec![key(number)],
        fingerprint: u64::MAX - u64::from(number),
        title_hash: 1 << 63,
        size: 100,
        announced: true,
        feeds: feeds.to_vec(),
    }
}

pub(in crate::store) fn update(id: ArticleId, title: Option<&str>) -> UpdatedArticle {
    let article = title.map(|title| article(title, 0));
    UpdatedArticle {
        id,
        article: article.map(Box::new),
        keys: vec![],
        fingerprint: 77,
        title_hash: 78,
        size: 79,
        feeds: vec![],
    }
}

pub(in crate::store) fn carried(id: ArticleId, keys: &[Key], feeds: &[u32]) -> Carried {
    Carried { id, keys: keys.to_vec(), new_source: true, fingerprint: 55, feeds: feeds.to_vec() }
}

/// An intake of a source of the outlet `outlet.example`.
pub(in crate::store) fn intake(source: &str, new: Vec<NewArticle>) -> Intake {
    Intake {
        state: SourceState { id: source.to_owned(), failures: 0.5, ..SourceState::default() },
        outlet: Arc::from("outlet.example"),
        new,
        listed: Some(Vec::new()),
        now: noon(),
        ..Intake::default()
    }
}

/// Stores one article and says its id.
pub(in crate::store) async fn store_one(store: &dyn Store, title: &str, number: u8, feeds: &[u32]) -> ArticleId {
    let mut intake = intake("first", vec![new(title, number, feeds)]);
    intake.listed = None;
    store.apply(intake).await.unwrap().new[0].0
}

/// Registers a feed and says its number.
pub(in crate::store) async fn feed(store: &dyn Store, id: &str) -> u32 {
    store.register_feed(id, "urn:uuid:1", 5, &[]).await.unwrap().number
}

/// The place of what entered some seconds after noon, below every member that did.
pub(in crate::store) fn bound(seconds: i64) -> Bound {
    Bound { entered: later(seconds).timestamp(), published: 0, uid: String::new() }
}

pub(in crate::store) async fn revision(store: &dyn Store, number: u32) -> u64 {
    let feeds = store.feeds().await.unwrap();
    feeds.iter().find(|feed| feed.number == number).unwrap().revision
}

pub(in crate::store) async fn member_ids(store: &dyn Store, feed: u32) -> Vec<i64> {
    store.members(feed).await.unwrap().iter().map(|member| member.article.0).collect()
}

contract!(a_closed_store_refuses);

async fn a_closed_store_refuses(store: &dyn Store) {
    store.close().await.unwrap();
    assert_eq!(store.count().await, Err(StoreError::Closed));
    assert_eq!(store.apply(intake("a", vec![])).await, Err(StoreError::Closed));
    assert_eq!(store.close().await, Err(StoreError::Closed));
}
