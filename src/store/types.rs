//! What goes into the store and comes out of it, beyond the model's own types.

use std::sync::{Arc, LazyLock};

use chrono::{DateTime, Utc};

use crate::model::{Article, ArticleId, Bound, Key};

/// The newest members of a feed: those that its history holds, in the window or below it.
pub const HISTORY: usize = 10_000;

/// Days that a body stays after nobody lists or shows its article.
pub const BODY_DAYS: i64 = 30;

/// What an intake came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Id and permanent id of each article of `Intake::new`, in its order.
    pub new: Vec<(ArticleId, String)>,
    /// How many of those that were to be announced another source had brought since this one looked: they are not new.
    pub met: usize,
}

/// What is remembered of a published feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedRecord {
    /// The store's own number, kept through renames.
    pub number: u32,
    pub id: String,
    /// The hash of the selection that its membership was computed by.
    pub selection_hash: u64,
    /// Permanent `urn:uuid`.
    pub urn: String,
    /// The window's lower bound, which only moves up; `None`: everything is in the window.
    pub bound: Option<Bound>,
    /// Rises whenever members are added or hidden, or members' articles changed: once a call.
    pub revision: u64,
    /// The revision that the last release was made from; 0 before the first.
    pub released: u64,
    /// The hash of the settings that the last release was made with.
    pub settings_hash: u64,
    /// How many items the last release held; 0 before the first.
    pub items: u32,
    /// The time of the newest of them, seconds since 1970.
    pub updated: Option<i64>,
}

/// One article's membership of a feed: enough to compute a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub article: ArticleId,
    pub uid: String,
    /// When it became a member, seconds since 1970.
    pub entered: i64,
    /// Publication, seconds since 1970; first seen where the article is undated.
    pub published: i64,
    /// Bytes of stored text.
    pub size: u32,
    pub outlet: Arc<str>,
    pub title_hash: u64,
    /// The first article of the story it belongs to, as set by [`set_stories`](super::Store::set_stories).
    pub story: Option<ArticleId>,
    /// Hidden by the operator: in no window, no archive.
    pub hidden: bool,
    /// Left the feed by a release's `drop`: in no window, kept so that it never returns.
    pub dropped: bool,
    /// The feed's revision that this membership began with.
    pub added: u64,
    /// The feed's revision that the membership began with or the article's content last changed with.
    pub changed: u64,
}

/// Where an article came from, as a feed's history tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    pub article: ArticleId,
    pub keys: Vec<Key>,
    /// Every source that carried it, the first one first.
    pub sources: Vec<Arc<str>>,
    pub first_seen: DateTime<Utc>,
}

/// A file that a release wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRecord {
    /// The target it was written to, as configured.
    pub target: String,
    /// Relative to the target.
    pub path: String,
    /// A hash of the bytes.
    pub hash: u128,
    pub size: u64,
}

/// The record of one release.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Release {
    /// The revision that was read before the members.
    pub revision: u64,
    pub settings_hash: u64,
    /// The window's new lower bound; one below the stored bound changes nothing.
    pub bound: Option<Bound>,
    /// How many items it holds.
    pub items: u32,
    /// The time of the newest of them, seconds since 1970.
    pub updated: Option<i64>,
    /// Files as they are now; earlier records of other paths stay.
    pub files: Vec<FileRecord>,
    /// Members that leave the feed for ever though they are above the bound.
    pub drop: Vec<ArticleId>,
    /// Members that enter anew, at `now`: corrected ones that had gone into an archive.
    pub reenter: Vec<ArticleId>,
    pub now: DateTime<Utc>,
}

/// An article known from published history.
#[derive(Clone, Debug, Default)]
pub struct Adopted {
    pub uid: String,
    pub outlet: Arc<str>,
    pub article: Article,
    pub keys: Vec<Key>,
    /// Sources that carried it, the first one first; an article without any belongs to source "".
    pub sources: Vec<Arc<str>>,
    pub first_seen: DateTime<Utc>,
    /// Publication, seconds since 1970; counts where `article` is empty, as old history is.
    pub published: i64,
    /// 0 where unknown: the next document that holds it updates it.
    pub fingerprint: u64,
    pub title_hash: u64,
    pub size: u32,
    pub hidden: bool,
    /// Feed number, and when it entered, in seconds since 1970.
    pub feeds: Vec<(u32, i64)>,
}

/// How much is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub articles: u64,
    pub sources: u64,
    pub feeds: u64,
    /// Articles whose text is still there.
    pub bodies: u64,
}

/// The key of a permanent id, apart from every key that deduplication makes.
pub(super) fn uid_key(uid: &str) -> Key {
    static NAMED: LazyLock<blake3::Hasher> = LazyLock::new(|| blake3::Hasher::new_derive_key("feedmill store: uid"));
    let mut hasher = NAMED.clone();
    hasher.update(uid.as_bytes());
    let mut key = [0; 16];
    hasher.finalize_xof().fill(&mut key);
    Key(key)
}

/// Seconds since 1970 as a time.
pub(super) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}

/// When an article says it was published, seconds since 1970.
pub(super) fn published(article: &Article) -> Option<i64> {
    article.date_published.map(|date| date.at.timestamp())
}

/// When an adopted article was published: history's date stands in for content that is not there.
pub(super) fn adopted_published(adopted: &Adopted) -> Option<i64> {
    let is_empty = adopted.article == Article::default();
    if is_empty { Some(adopted.published) } else { published(&adopted.article) }
}
