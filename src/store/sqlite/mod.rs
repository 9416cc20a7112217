//! State in one `SQLite` file.
//!
//! One thread owns the connection; methods send it work and await the answer. Packing and
//! unpacking of articles happens on the callers' threads. The file may be read by other processes
//! at any time (WAL); only one may write, which the lock beside it sees to.

mod database;
mod feeds;
mod filter;
mod intake;
mod keys;
mod log;
mod prepare;
mod reads;
mod rows;
mod upkeep;
mod worker;

#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use tokio::sync::{Semaphore, oneshot};

use super::detail::Encoder;
use super::types::{Adopted, Applied, Counts, FeedRecord, FileRecord, Member, Origin, Release, at};
use super::{Answer, Store, StoreError};
use crate::model::{ArticleId, Bound, Host, Intake, Key, Known, SourceState, Stored};
use database::Database;
use prepare::{Prepared, adopted_rows};
use worker::{Request, Task};

/// Writes that may wait for the thread; packed articles of more would only take memory.
const WAITING: usize = 512;

/// Text above which packing and unpacking leave the async threads, in bytes: some milliseconds' worth.
const MUCH: usize = 512 << 10;

/// The state in a `SQLite` file.
pub struct SqliteStore {
    requests: Mutex<Option<Sender<Request>>>,
    room: Arc<Semaphore>,
    encoder: Arc<Encoder>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl SqliteStore {
    /// Opens the state, made with its folder if there is none; an older layout is lifted.
    ///
    /// # Errors
    /// [`StoreError::Newer`], [`StoreError::Foreign`], [`StoreError::Damaged`] or [`StoreError::Open`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::start(Database::open(path)?)
    }

    /// A copy of the state in memory, for looking at what would change: the file is only read.
    ///
    /// # Errors
    /// As [`open`](Self::open); where there is no file, the copy is empty.
    pub fn scratch_copy(path: &Path) -> Result<Self, StoreError> {
        Self::start(Database::copy(path)?)
    }

    /// Copies the file of a state that is open, as it is now, to another file.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
        Database::copy_file(from, to)
    }

    /// The state as it is, for looking at it while another process may write: writes fail.
    ///
    /// Where there is no file, it is an empty state in memory.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_read_only(path: &Path) -> Result<Self, StoreError> {
        Self::start(Database::open_read_only(path)?)
    }

    fn start(database: Database) -> Result<Self, StoreError> {
        let (sender, receiver) = mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("state".to_owned())
            .spawn(move || worker::serve(database, &receiver))
            .map_err(|error| StoreError::Database { detail: format!("no thread: {error}") })?;
        Ok(Self {
            requests: Mutex::new(Some(sender)),
            room: Arc::new(Semaphore::new(WAITING)),
            encoder: Arc::default(),
            thread: Mutex::new(Some(thread)),
        })
    }

    fn send(&self, request: Request) -> Result<(), StoreError> {
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.as_ref().and_then(|sender| sender.send(request).ok()).ok_or(StoreError::Closed)
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Database) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.send(Request::Read(Box::new(move |database| {
            let _ = reply.send(work(database));
        })))?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    /// A write of its own: committed at once, with those that wait.
    async fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Database) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.submit(false, work).await
    }

    async fn submit<T: Send + 'static>(
        &self,
        lingers: bool,
        work: impl Fn(&mut Database) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let permit = Arc::clone(&self.room).acquire_owned().await.map_err(|_| StoreError::Closed)?;
        let (reply, answer) = oneshot::channel();
        self.send(Request::Write { job: Box::new(Task::new(work, reply)), lingers, permit })?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    fn put_states(&self, states: Vec<SourceState>, lingers: bool) -> Answer<'_, ()> {
        let pack = |state: SourceState| {
            let row = serde_json::to_string(&state)?;
            Ok((state.id, row))
        };
        let packed: Result<Vec<_>, serde_json::Error> = states.into_iter().map(pack).collect();
        async move {
            let packed = packed.map_err(|error| StoreError::Database { detail: error.to_string() })?;
            self.submit(lingers, move |database| reads::put_sources(database, &packed)).await
        }
        .boxed()
    }

    async fn unpacked(
        &self,
        work: impl FnOnce(&mut Database) -> Result<Vec<reads::Packed>, StoreError> + Send + 'static,
    ) -> Result<Vec<Stored>, StoreError> {
        let packed = self.read(work).await?;
        // packed text is about a third of what it becomes
        let much = packed.iter().map(reads::Packed::size).sum::<usize>() > MUCH / 3;
        aside(much, move || reads::unpack(packed)).await
    }
}

/// Does costly work on a blocking thread if it is much.
async fn aside<T: Send + 'static>(
    much: bool,
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    if !much {
        return work();
    }
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(StoreError::Database { detail: error.to_string() }))
}

impl Drop for SqliteStore {
    /// Waits until everything that was asked for is stored.
    fn drop(&mut self) {
        self.requests.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = self.thread.get_mut().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = thread.join();
        }
    }
}

impl Store for SqliteStore {
    fn sources(&self) -> Answer<'_, Vec<SourceState>> {
        self.read(reads::sources).boxed()
    }

    fn put_sources(&self, states: Vec<SourceState>) -> Answer<'_, ()> {
        self.put_states(states, true)
    }

    fn put_source(&self, state: SourceState) -> Answer<'_, ()> {
        self.put_states(vec![state], false)
    }

    fn hosts(&self) -> Answer<'_, Vec<Host>> {
        self.read(reads::hosts).boxed()
    }

    fn put_hosts(&self, hosts: Vec<Host>) -> Answer<'_, ()> {
        let pack = |host: Host| {
            let row = serde_json::to_string(&host)?;
            Ok((host.name.clone(), host.kept_until().timestamp(), row))
        };
        let packed: Result<Vec<_>, serde_json::Error> = hosts.into_iter().map(pack).collect();
        async move {
            let packed = packed.map_err(|error| StoreError::Database { detail: error.to_string() })?;
            self.submit(true, move |database| reads::put_hosts(database, &packed)).await
        }
        .boxed()
    }

    fn lookup<'a>(&'a self, source: &'a str, keys: Vec<Key>) -> Answer<'a, Known> {
        let source = source.into();
        self.read(move |database| reads::lookup(database, &source, &keys)).boxed()
    }

    fn apply(&self, intake: Intake) -> Answer<'_, Applied> {
        async move {
            let encoder = Arc::clone(&self.encoder);
            let much = prepare::weight(&intake) > MUCH;
            let prepared = aside(much, move || Prepared::new(intake, &encoder)).await?;
            self.submit(true, move |database| intake::apply(database, &prepared)).await
        }
        .boxed()
    }

    fn articles(&self, ids: Vec<ArticleId>) -> Answer<'_, Vec<Stored>> {
        self.unpacked(move |database| reads::articles(database, &ids)).boxed()
    }

    fn scan(&self, after: Option<ArticleId>, limit: usize) -> Answer<'_, Vec<Stored>> {
        let after = after.map_or(0, |id| id.0);
        self.unpacked(move |database| reads::scan(database, after, limit)).boxed()
    }

    fn signatures(&self, ids: Vec<ArticleId>) -> Answer<'_, Vec<(ArticleId, Vec<u8>)>> {
        self.read(move |database| reads::signatures(database, &ids)).boxed()
    }

    fn put_signatures(&self, signatures: Vec<(ArticleId, Vec<u8>)>) -> Answer<'_, ()> {
        self.submit(true, move |database| reads::put_signatures(database, &signatures)).boxed()
    }

    fn hide<'a>(&'a self, uid: &'a str, keys: Vec<Key>) -> Answer<'a, Option<String>> {
        let uid = uid.to_owned();
        self.write(move |database| upkeep::hide(database, &uid, &keys)).boxed()
    }

    fn feeds(&self) -> Answer<'_, Vec<FeedRecord>> {
        self.read(feeds::feeds).boxed()
    }

    fn register_feed<'a>(
        &'a self,
        id: &'a str,
        urn: &'a str,
        selection_hash: u64,
        was: &'a [String],
    ) -> Answer<'a, FeedRecord> {
        let (id, urn, was) = (id.to_owned(), urn.to_owned(), was.to_owned());
        self.write(move |database| feeds::register(database, (&id, &urn, selection_hash), &was)).boxed()
    }

    fn latest_members(&self, feed: u32, most: usize) -> Answer<'_, Vec<Member>> {
        self.read(move |database| feeds::members(database, feed, most)).boxed()
    }

    fn hidden_members(&self, feed: u32) -> Answer<'_, Vec<String>> {
        self.read(move |database| feeds::hidden_members(database, feed)).boxed()
    }

    fn origins(&self, articles: Vec<ArticleId>) -> Answer<'_, Vec<Origin>> {
        self.read(move |database| reads::origins(database, articles)).boxed()
    }

    fn set_members(&self, feed: u32, selection_hash: u64, members: Vec<(ArticleId, i64)>) -> Answer<'_, ()> {
        self.write(move |database| feeds::set_members(database, (feed, selection_hash), &members)).boxed()
    }

    fn set_stories(&self, feed: u32, stories: Vec<(ArticleId, ArticleId)>) -> Answer<'_, ()> {
        self.write(move |database| feeds::set_stories(database, feed, &stories)).boxed()
    }

    fn release(&self, feed: u32, release: Release) -> Answer<'_, ()> {
        self.write(move |database| feeds::release(database, feed, &release)).boxed()
    }

    fn restore_bound(&self, feed: u32, bound: Option<Bound>) -> Answer<'_, ()> {
        self.write(move |database| feeds::restore_bound(database, feed, bound.as_ref())).boxed()
    }

    fn files_under<'a>(&'a self, target: &'a str, beginning: &'a str) -> Answer<'a, Vec<FileRecord>> {
        let (target, beginning) = (target.to_owned(), beginning.to_owned());
        self.read(move |database| feeds::files(database, (&target, &beginning))).boxed()
    }

    fn put_files(&self, files: Vec<FileRecord>) -> Answer<'_, ()> {
        self.write(move |database| feeds::put_files(database, &files)).boxed()
    }

    fn forget_files<'a>(&'a self, target: &'a str, paths: Vec<String>) -> Answer<'a, ()> {
        let target = target.to_owned();
        self.write(move |database| feeds::forget_files(database, &target, &paths)).boxed()
    }

    fn is_empty(&self) -> Answer<'_, bool> {
        self.read(upkeep::is_empty).boxed()
    }

    fn adopt(&self, articles: Vec<Adopted>) -> Answer<'_, u64> {
        async move {
            let encoder = Arc::clone(&self.encoder);
            let rows = aside(true, move || adopted_rows(articles, &encoder)).await?;
            self.write(move |database| upkeep::adopt(database, &rows)).await
        }
        .boxed()
    }

    fn rebuilt(&self) -> Answer<'_, ()> {
        self.write(upkeep::rebuilt).boxed()
    }

    fn retain(&self, now: DateTime<Utc>) -> Answer<'_, u64> {
        self.write(move |database| upkeep::retain(database, now.timestamp())).boxed()
    }

    fn count(&self) -> Answer<'_, Counts> {
        self.read(upkeep::count).boxed()
    }

    fn save_report(&self, json: String, now: DateTime<Utc>) -> Answer<'_, ()> {
        self.write(move |database| upkeep::save_report(database, &json, now.timestamp())).boxed()
    }

    fn last_report(&self) -> Answer<'_, Option<(DateTime<Utc>, String)>> {
        let read = self.read(upkeep::last_report);
        async move { Ok(read.await?.map(|(seconds, json)| (at(seconds), json))) }.boxed()
    }

    fn rest(&self) {
        // a store that is closed has nothing left to do
        let _ = self.send(Request::Rest);
    }

    fn close(&self) -> Answer<'_, ()> {
        async move {
            let (reply, answer) = oneshot::channel();
            self.send(Request::Close(reply))?;
            self.requests.lock().unwrap_or_else(PoisonError::into_inner).take();
            answer.await.map_err(|_| StoreError::Closed)?
        }
        .boxed()
    }
}
