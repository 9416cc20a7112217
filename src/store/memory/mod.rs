//! State in memory: the store's contract in maps, for tests and one-off commands.

mod feeds;
mod intake;
mod upkeep;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use futures_util::future::ready;

use super::types::{Adopted, Applied, Counts, FeedRecord, FileRecord, Member, Origin, Release, at};
use super::{Answer, Store, StoreError};
use crate::model::{Article, ArticleId, Bound, Hit, Host, Intake, Key, KeyMap, Known, SourceState, Stored};

/// The state in memory; it ends with the value.
#[derive(Debug)]
pub struct MemoryStore {
    /// `None` once closed.
    state: Mutex<Option<State>>,
}

impl MemoryStore {
    /// An empty state.
    #[must_use]
    pub fn new() -> Self {
        Self { state: Mutex::new(Some(State::default())) }
    }

    /// Does one call's work at once; the answer is ready when it is asked for.
    fn with<'a, T: Send + 'a>(&self, work: impl FnOnce(&mut State) -> Result<T, StoreError>) -> Answer<'a, T> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        ready(state.as_mut().ok_or(StoreError::Closed).and_then(work)).boxed()
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

#[derive(Debug, Default)]
struct State {
    sources: BTreeMap<String, SourceState>,
    listings: HashMap<String, BTreeSet<i64>>,
    /// Article 1 is the first.
    articles: Vec<Row>,
    /// Where a key leads; uids have keys too.
    keys: KeyMap<i64>,
    hidden: HashSet<Key>,
    signatures: HashMap<i64, Vec<u8>>,
    /// Feed 1 is the first.
    feeds: Vec<Feed>,
    files: BTreeMap<(String, String), FileRecord>,
    hosts: HashMap<String, Host>,
    retained: Option<i64>,
    is_rebuilding: bool,
    report: Option<(i64, String)>,
    /// The highest article id when a source last looked.
    looked: HashMap<String, i64>,
}

#[derive(Debug)]
struct Row {
    uid: String,
    outlet: Arc<str>,
    /// Each with the fingerprint of its copy, the first one first.
    sources: Vec<(Arc<str>, u64)>,
    canonical_url: Option<String>,
    title_hash: u64,
    first_seen: i64,
    published: Option<i64>,
    size: u32,
    hidden: bool,
    quiet: bool,
    unlisted: Option<i64>,
    keys: Vec<Key>,
    /// `None` once the body went.
    article: Option<Article>,
}

#[derive(Debug)]
struct Feed {
    record: FeedRecord,
    members: BTreeMap<i64, Membership>,
}

#[derive(Clone, Copy, Debug)]
struct Membership {
    entered: i64,
    story: Option<ArticleId>,
    dropped: bool,
    added: u64,
    changed: u64,
}

impl Membership {
    /// A membership that begins with a revision of its feed.
    fn new(entered: i64, revision: u64) -> Self {
        Self { entered, story: None, dropped: false, added: revision, changed: revision }
    }
}

impl Row {
    /// Publication; first seen where it is undated.
    fn dated(&self) -> i64 {
        self.published.unwrap_or(self.first_seen)
    }

    fn carriers(&self) -> Vec<Arc<str>> {
        self.sources.iter().map(|(source, _)| Arc::clone(source)).collect()
    }
}

impl State {
    fn newest(&self) -> i64 {
        i64::try_from(self.articles.len()).unwrap_or(i64::MAX)
    }

    fn row(&self, id: i64) -> Option<&Row> {
        self.articles.get(usize::try_from(id - 1).ok()?)
    }

    fn row_mut(&mut self, id: i64) -> Result<&mut Row, StoreError> {
        let index = usize::try_from(id - 1).ok();
        index.and_then(|index| self.articles.get_mut(index)).ok_or(StoreError::UnknownArticle { article: id })
    }

    fn feed(&self, number: u32) -> Result<&Feed, StoreError> {
        let index = (number as usize).checked_sub(1);
        index.and_then(|index| self.feeds.get(index)).ok_or(StoreError::UnknownFeed { feed: number })
    }

    fn feed_mut(&mut self, number: u32) -> Result<&mut Feed, StoreError> {
        let index = (number as usize).checked_sub(1);
        index.and_then(|index| self.feeds.get_mut(index)).ok_or(StoreError::UnknownFeed { feed: number })
    }

    fn lookup(&mut self, source: &str, keys: &[Key]) -> Known {
        self.looked.insert(source.to_owned(), self.newest());
        let hit = |key: &Key| {
            let id = *self.keys.get(key)?;
            let row = self.row(id)?;
            let copy = row.sources.iter().find(|(carrier, _)| **carrier == *source);
            let hit = Hit {
                article: ArticleId(id),
                outlet: Arc::clone(&row.outlet),
                carried: copy.is_some(),
                fingerprint: copy.map_or(0, |(_, fingerprint)| *fingerprint),
                title_hash: row.title_hash,
                published: row.published,
                hidden: row.hidden,
            };
            Some((*key, hit))
        };
        let listed = self.listings.get(source).into_iter().flatten().copied().map(ArticleId).collect();
        Known { hits: keys.iter().filter_map(hit).collect(), listed }
    }

    fn stored(&self, id: i64) -> Option<Stored> {
        let row = self.row(id)?;
        let article = row.article.clone().unwrap_or_default();
        Some(Stored {
            id: ArticleId(id),
            uid: row.uid.clone(),
            outlet: Arc::clone(&row.outlet),
            sources: row.carriers(),
            first_seen: at(row.first_seen),
            article: Article { canonical_url: row.canonical_url.clone(), ..article },
            keys: row.keys.clone(),
            quiet: row.quiet,
            is_gone: row.article.is_none(),
        })
    }
}

impl Store for MemoryStore {
    fn sources(&self) -> Answer<'_, Vec<SourceState>> {
        self.with(|state| Ok(state.sources.values().cloned().collect()))
    }

    fn put_sources(&self, states: Vec<SourceState>) -> Answer<'_, ()> {
        self.with(|state| {
            state.sources.extend(states.into_iter().map(|source| (source.id.clone(), source)));
            Ok(())
        })
    }

    fn hosts(&self) -> Answer<'_, Vec<Host>> {
        self.with(|state| Ok(state.hosts.values().cloned().collect()))
    }

    fn put_hosts(&self, hosts: Vec<Host>) -> Answer<'_, ()> {
        self.with(|state| {
            state.hosts.extend(hosts.into_iter().map(|host| (host.name.clone(), host)));
            Ok(())
        })
    }

    fn lookup<'a>(&'a self, source: &'a str, keys: Vec<Key>) -> Answer<'a, Known> {
        self.with(|state| Ok(state.lookup(source, &keys)))
    }

    fn apply(&self, intake: Intake) -> Answer<'_, Applied> {
        self.with(|state| state.apply(intake))
    }

    fn articles(&self, ids: Vec<ArticleId>) -> Answer<'_, Vec<Stored>> {
        self.with(|state| Ok(ids.iter().filter_map(|id| state.stored(id.0)).collect()))
    }

    fn scan(&self, after: Option<ArticleId>, limit: usize) -> Answer<'_, Vec<Stored>> {
        let first = after.map_or(0, |id| id.0) + 1;
        self.with(|state| Ok((first..=state.newest()).take(limit).filter_map(|id| state.stored(id)).collect()))
    }

    fn signatures(&self, ids: Vec<ArticleId>) -> Answer<'_, Vec<(ArticleId, Vec<u8>)>> {
        self.with(|state| {
            let find = |id: ArticleId| Some((id, state.signatures.get(&id.0)?.clone()));
            Ok(ids.into_iter().filter_map(find).collect())
        })
    }

    fn put_signatures(&self, signatures: Vec<(ArticleId, Vec<u8>)>) -> Answer<'_, ()> {
        self.with(|state| {
            state.signatures.extend(signatures.into_iter().map(|(id, signature)| (id.0, signature)));
            Ok(())
        })
    }

    fn hide<'a>(&'a self, uid: &'a str, keys: Vec<Key>) -> Answer<'a, Option<String>> {
        self.with(|state| state.hide(uid, &keys))
    }

    fn feeds(&self) -> Answer<'_, Vec<FeedRecord>> {
        self.with(|state| Ok(state.feeds.iter().map(|feed| feed.record.clone()).collect()))
    }

    fn register_feed<'a>(
        &'a self,
        id: &'a str,
        urn: &'a str,
        selection_hash: u64,
        was: &'a [String],
    ) -> Answer<'a, FeedRecord> {
        self.with(|state| Ok(state.register_feed((id, urn, selection_hash), was)))
    }

    fn latest_members(&self, feed: u32, most: usize) -> Answer<'_, Vec<Member>> {
        self.with(|state| state.members(feed, most))
    }

    fn hidden_members(&self, feed: u32) -> Answer<'_, Vec<String>> {
        self.with(|state| {
            let members = state.feed(feed)?.members.keys().filter_map(|id| state.row(*id));
            let mut uids: Vec<String> = members.filter(|row| row.hidden).map(|row| row.uid.clone()).collect();
            uids.sort_unstable();
            Ok(uids)
        })
    }

    fn origins(&self, articles: Vec<ArticleId>) -> Answer<'_, Vec<Origin>> {
        self.with(|state| Ok(state.origins(articles)))
    }

    fn set_members(&self, feed: u32, selection_hash: u64, members: Vec<(ArticleId, i64)>) -> Answer<'_, ()> {
        self.with(|state| state.set_members((feed, selection_hash), &members))
    }

    fn set_stories(&self, feed: u32, stories: Vec<(ArticleId, ArticleId)>) -> Answer<'_, ()> {
        self.with(|state| {
            let feed = state.feed_mut(feed)?;
            for (article, story) in stories {
                if let Some(member) = feed.members.get_mut(&article.0) {
                    member.story = Some(story);
                }
            }
            Ok(())
        })
    }

    fn release(&self, feed: u32, release: Release) -> Answer<'_, ()> {
        self.with(|state| state.release(feed, release))
    }

    fn restore_bound(&self, feed: u32, bound: Option<Bound>) -> Answer<'_, ()> {
        self.with(|state| {
            let record = &mut state.feed_mut(feed)?.record;
            if record.released == 0 {
                record.bound = bound.max(record.bound.take());
            }
            Ok(())
        })
    }

    fn files_under<'a>(&'a self, target: &'a str, beginning: &'a str) -> Answer<'a, Vec<FileRecord>> {
        let is_there = |file: &&FileRecord| file.target == target && file.path.starts_with(beginning);
        self.with(|state| Ok(state.files.values().filter(is_there).cloned().collect()))
    }

    fn put_files(&self, files: Vec<FileRecord>) -> Answer<'_, ()> {
        self.with(|state| {
            state.put_files(files);
            Ok(())
        })
    }

    fn forget_files<'a>(&'a self, target: &'a str, paths: Vec<String>) -> Answer<'a, ()> {
        self.with(|state| {
            for path in paths {
                state.files.remove(&(target.to_owned(), path));
            }
            Ok(())
        })
    }

    fn is_empty(&self) -> Answer<'_, bool> {
        self.with(|state| Ok(state.is_rebuilding || state.articles.is_empty()))
    }

    fn adopt(&self, articles: Vec<Adopted>) -> Answer<'_, u64> {
        self.with(|state| state.adopt(articles))
    }

    fn rebuilt(&self) -> Answer<'_, ()> {
        self.with(|state| {
            state.is_rebuilding = false;
            Ok(())
        })
    }

    fn retain(&self, now: DateTime<Utc>) -> Answer<'_, u64> {
        self.with(|state| Ok(state.retain(now.timestamp())))
    }

    fn count(&self) -> Answer<'_, Counts> {
        self.with(|state| {
            Ok(Counts {
                articles: state.articles.len() as u64,
                sources: state.sources.len() as u64,
                feeds: state.feeds.len() as u64,
                bodies: state.articles.iter().filter(|row| row.article.is_some()).count() as u64,
            })
        })
    }

    fn save_report(&self, json: String, now: DateTime<Utc>) -> Answer<'_, ()> {
        self.with(|state| {
            state.report = Some((now.timestamp(), json));
            Ok(())
        })
    }

    fn last_report(&self) -> Answer<'_, Option<(DateTime<Utc>, String)>> {
        self.with(|state| Ok(state.report.clone().map(|(seconds, json)| (at(seconds), json))))
    }

    fn rest(&self) {}

    fn close(&self) -> Answer<'_, ()> {
        let answer = self.with(|_| Ok(()));
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = None;
        answer
    }
}
