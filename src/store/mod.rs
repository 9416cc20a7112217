//! State: what is remembered between runs, behind one trait.
//!
//! Two implementations, [`SqliteStore`] (one file) and [`MemoryStore`] (tests and one-off commands),
//! pass one contract suite. Times are stored in whole seconds.

mod bucket;
mod detail;
mod error;
mod listing;
mod lock;
mod memory;
mod sqlite;
mod types;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;

use crate::model::{ArticleId, Bound, Host, Intake, Key, Known, SourceState, Stored};

#[cfg(test)]
mod contract;

pub use bucket::{BucketError, BucketState, Clock, Lease, WorkingCopy};
pub use error::StoreError;
pub use lock::{Lock, LockError};
pub use memory::MemoryStore;
pub use sqlite::SqliteStore;
pub use types::{Adopted, Applied, BODY_DAYS, Counts, FeedRecord, FileRecord, HISTORY, Member, Origin, Release};

/// What every method answers, sooner or later.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, StoreError>>;

/// The state of a Feedmill: sources, articles, keys, feeds, releases.
///
/// One call is one transaction: all of it is stored, or nothing and the call fails. What a call
/// that returned has stored survives the death of the process. Calls may run at the same time;
/// each sees all that returned before it began. No method reads the clock.
pub trait Store: Send + Sync {
    // ---- sources

    /// Every source that was ever put, in no order.
    fn sources(&self) -> Answer<'_, Vec<SourceState>>;

    /// Stores the rows of several sources, for those that brought no document.
    fn put_sources(&self, states: Vec<SourceState>) -> Answer<'_, ()>;

    /// The same for one source for which somebody waits: at once, and not in the company of later writes.
    fn put_source(&self, state: SourceState) -> Answer<'_, ()> {
        self.put_sources(vec![state])
    }

    /// What is remembered of hosts; what is no longer worth it may be among them.
    fn hosts(&self) -> Answer<'_, Vec<Host>>;

    /// Stores what is remembered of hosts, in place of earlier rows of the same names.
    fn put_hosts(&self, hosts: Vec<Host>) -> Answer<'_, ()>;

    // ---- articles

    /// What is known of a source's document: a hit for each key that leads to an article, and the
    /// articles that the source's last document listed, ascending.
    fn lookup<'a>(&'a self, source: &'a str, keys: Vec<Key>) -> Answer<'a, Known>;

    /// Stores what one fetch of one source brought.
    ///
    /// - A new article takes the first candidate uid that no article has, and an id above all others; it is
    ///   first seen at `now`. Its keys lead to it from now on, wherever they led before.
    /// - A new article one of whose keys leads to an article of the same outlet that arrived after this
    ///   source's last `lookup`, by another source, is that article: it counts as carried.
    /// - Keys of an updated or carried article that lead elsewhere stay where they are.
    /// - Fingerprints are those of this source's copy; other sources' stay as they are.
    /// - An update without an article changes the fingerprint only, and no feed's revision.
    /// - Feeds named are joined at `now`; a membership that exists stays as it is, also where not named.
    /// - The revision of each feed that was joined, or whose members changed, rises by one.
    /// - An article with a key or candidate uid that was hidden is stored hidden and joins nothing; one that
    ///   gains such a key becomes hidden.
    /// - `listed` is the document's known articles; the store adds the new ones. `None` leaves the listing,
    ///   which new articles still join. An article that leaves its last listing is unlisted since `now`.
    ///
    /// # Errors
    /// [`StoreError::UnknownArticle`] and [`StoreError::UnknownFeed`] for numbers that are not stored.
    fn apply(&self, intake: Intake) -> Answer<'_, Applied>;

    /// Articles with their content, in the order asked; unknown ids are left out.
    ///
    /// Of an article whose body went ([`retain`](Self::retain)) only the canonical URL is left.
    fn articles(&self, ids: Vec<ArticleId>) -> Answer<'_, Vec<Stored>>;

    /// The next `limit` articles with an id above `after`, ascending: pages through everything.
    fn scan(&self, after: Option<ArticleId>, limit: usize) -> Answer<'_, Vec<Stored>>;

    /// Near-duplicate signatures of those articles that have one, in the order asked.
    fn signatures(&self, ids: Vec<ArticleId>) -> Answer<'_, Vec<(ArticleId, Vec<u8>)>>;

    /// Stores near-duplicate signatures, in place of earlier ones.
    fn put_signatures(&self, signatures: Vec<(ArticleId, Vec<u8>)>) -> Answer<'_, ()>;

    /// Hides for ever what `uid` or one of `keys` names; answers the uid of the first article hidden.
    ///
    /// Feeds that hold it get a new revision. The uid and the keys are remembered: what arrives
    /// later with one of them is hidden at birth, so a name that leads nowhere yet is no error.
    fn hide<'a>(&'a self, uid: &'a str, keys: Vec<Key>) -> Answer<'a, Option<String>>;

    // ---- feeds

    /// Every feed that was ever registered, by number.
    fn feeds(&self) -> Answer<'_, Vec<FeedRecord>>;

    /// The record of the feed `id`, made if need be.
    ///
    /// A record that exists stays as it is, whatever `urn` and `selection_hash` say. Where there is
    /// none, the first of `was` that has one is renamed and keeps number, urn and members.
    #[expect(clippy::too_many_arguments, reason = "three of them make the record, one finds an older one")]
    fn register_feed<'a>(
        &'a self,
        id: &'a str,
        urn: &'a str,
        selection_hash: u64,
        was: &'a [String],
    ) -> Answer<'a, FeedRecord>;

    /// The members of a feed, greatest place (entered, published, uid) first: all above its bound, and at
    /// least the [`HISTORY`] newest of all. Hidden and dropped ones are among them, marked.
    ///
    /// # Errors
    /// [`StoreError::UnknownFeed`].
    fn members(&self, feed: u32) -> Answer<'_, Vec<Member>> {
        self.latest_members(feed, usize::MAX)
    }

    /// The first of [`members`](Self::members): `most` of them, or [`HISTORY`] if that is more.
    ///
    /// # Errors
    /// [`StoreError::UnknownFeed`].
    fn latest_members(&self, feed: u32, most: usize) -> Answer<'_, Vec<Member>>;

    /// The uids of those members that are hidden, ascending: also of those that are in no window any more.
    fn hidden_members(&self, feed: u32) -> Answer<'_, Vec<String>>;

    /// Where these articles came from, ascending by article; unknown ids are left out.
    fn origins(&self, articles: Vec<ArticleId>) -> Answer<'_, Vec<Origin>>;

    /// Replaces a feed's membership after its selection changed; the revision rises.
    ///
    /// A row is an article and when it enters (seconds since 1970) if it is no member yet; members keep
    /// theirs. Members that are not named go, but for what lies at or below the bound or was dropped: that is
    /// history. So is what lay there by when its article was first seen and has entered anew: it is dropped,
    /// back at that place. Hidden articles do not join.
    ///
    /// # Errors
    /// [`StoreError::UnknownArticle`] and [`StoreError::UnknownFeed`].
    fn set_members(&self, feed: u32, selection_hash: u64, members: Vec<(ArticleId, i64)>) -> Answer<'_, ()>;

    /// Says which story (its first article) members belong to; others stay, the revision too.
    fn set_stories(&self, feed: u32, stories: Vec<(ArticleId, ArticleId)>) -> Answer<'_, ()>;

    /// Records that a feed was released.
    ///
    /// # Errors
    /// [`StoreError::UnknownFeed`].
    fn release(&self, feed: u32, release: Release) -> Answer<'_, ()>;

    /// Sets the bound of a feed that was never released, as published history tells it; it only moves up.
    ///
    /// # Errors
    /// [`StoreError::UnknownFeed`].
    fn restore_bound(&self, feed: u32, bound: Option<Bound>) -> Answer<'_, ()>;

    /// The files that are recorded for a target, by path.
    fn files<'a>(&'a self, target: &'a str) -> Answer<'a, Vec<FileRecord>> {
        self.files_under(target, "")
    }

    /// Those of the files of a target whose paths begin like this, by path.
    fn files_under<'a>(&'a self, target: &'a str, beginning: &'a str) -> Answer<'a, Vec<FileRecord>>;

    /// Records files that belong to no single feed, such as the index.
    fn put_files(&self, files: Vec<FileRecord>) -> Answer<'_, ()>;

    /// Forgets files of a target that were deleted.
    fn forget_files<'a>(&'a self, target: &'a str, paths: Vec<String>) -> Answer<'a, ()>;

    // ---- the whole

    /// Whether no article is stored, or not all yet of what published history tells: a new state, or a lost one.
    fn is_empty(&self) -> Answer<'_, bool>;

    /// Takes over articles from published history, oldest first; answers how many.
    ///
    /// An article whose uid is stored is left alone. Nobody lists what is adopted. The state counts as empty
    /// until [`rebuilt`](Self::rebuilt): who dies in between begins anew.
    ///
    /// # Errors
    /// [`StoreError::UnknownFeed`].
    fn adopt(&self, articles: Vec<Adopted>) -> Answer<'_, u64>;

    /// Says that all which published history tells is stored.
    fn rebuilt(&self) -> Answer<'_, ()>;

    /// Drops bodies that no window has held and no source has listed for [`BODY_DAYS`]; answers how many.
    ///
    /// Looks once a day, else does nothing. Keys, uids, memberships and signatures' articles stay.
    fn retain(&self, now: DateTime<Utc>) -> Answer<'_, u64>;

    /// How much is stored.
    fn count(&self) -> Answer<'_, Counts>;

    /// Keeps the report of a run as JSON, in place of the last one.
    fn save_report(&self, json: String, now: DateTime<Utc>) -> Answer<'_, ()>;

    /// The report of the last run, and when it was saved.
    fn last_report(&self) -> Answer<'_, Option<(DateTime<Utc>, String)>>;

    /// Tells that nothing will be asked for a while: upkeep that would wait for the end may be done now.
    ///
    /// Does not wait for it, and fails at nothing: what cannot be done now is done at the end.
    fn rest(&self);

    /// Ends the store: what is stored lies in one file, later calls fail as closed.
    fn close(&self) -> Answer<'_, ()>;
}
