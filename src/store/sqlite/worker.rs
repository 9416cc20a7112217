//! The thread that owns the database, and how writes share transactions.
//!
//! A transaction costs a write of every page it touched, and keys touch pages all over their tree.
//! So writes that come close together share one, and are answered after the common commit. Where one
//! of them fails the transaction is rolled back, and the others are done again: savepoints would spare
//! that, but they copy every page that each of them touches.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::database::Database;
use crate::store::StoreError;

/// Writes in one transaction: bounds how long the first of them waits.
const GROUP: usize = 256;

/// How long a transaction waits for further writes. A caller waits as long for its answer, and so does
/// what it would do next: sources of one host come one after the other.
const LINGER: Duration = Duration::from_millis(4);

/// Something to do on the database.
pub(super) enum Request {
    Read(Box<dyn FnOnce(&mut Database) + Send>),
    Write {
        job: Box<dyn Job>,
        /// Whether others are likely to follow at once.
        lingers: bool,
        permit: OwnedSemaphorePermit,
    },
    /// Nothing else will come for a while.
    Rest,
    Close(oneshot::Sender<Result<(), StoreError>>),
}

/// A write: done in a transaction, maybe more than once, and answered when that is over.
pub(super) trait Job: Send {
    /// Does the work and keeps the outcome; whether it succeeded.
    fn run(&mut self, database: &mut Database) -> bool;
    /// Hands the outcome over, or the reason why it was not committed.
    fn answer(self: Box<Self>, committed: Result<(), StoreError>);
}

/// A job made of a closure.
pub(super) struct Task<T, F> {
    work: F,
    outcome: Result<T, StoreError>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Task<T, F> {
    pub(super) fn new(work: F, reply: oneshot::Sender<Result<T, StoreError>>) -> Self {
        Self { work, outcome: Err(StoreError::Closed), reply }
    }
}

impl<T, F> Job for Task<T, F>
where
    T: Send,
    F: Fn(&mut Database) -> Result<T, StoreError> + Send,
{
    fn run(&mut self, database: &mut Database) -> bool {
        self.outcome = (self.work)(database);
        self.outcome.is_ok()
    }

    fn answer(self: Box<Self>, committed: Result<(), StoreError>) {
        // a caller that has gone away needs no answer
        let _ = self.reply.send(committed.and(self.outcome));
    }
}

/// Serves requests until the store is closed or dropped.
pub(super) fn serve(mut database: Database, requests: &Receiver<Request>) {
    let mut group = Group::default();
    let asked_to_close = loop {
        let request = match group.begun.map(|begun| LINGER.saturating_sub(begun.elapsed())) {
            None => requests.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(Duration::ZERO) => Err(RecvTimeoutError::Timeout),
            Some(left) => requests.recv_timeout(left),
        };
        match request {
            // within a transaction, else each of its statements would take and leave the file's locks
            Ok(Request::Read(read)) if group.waiting.is_empty() => {
                let begun = database.execute("BEGIN").is_ok();
                read(&mut database);
                if begun {
                    let _ = database.execute("COMMIT");
                }
            }
            Ok(Request::Read(read)) => read(&mut database),
            Ok(Request::Write { job, lingers, permit }) => {
                group.add(&mut database, job, permit);
                if !lingers || group.waiting.len() >= GROUP {
                    group.commit(&mut database);
                }
            }
            Err(RecvTimeoutError::Timeout) => group.commit(&mut database),
            Ok(Request::Rest) => {
                group.commit(&mut database);
                if let Err(error) = database.tidy() {
                    tracing::debug!(%error, "the state's upkeep waits for the end");
                }
            }
            Ok(Request::Close(reply)) => break Some(reply),
            Err(RecvTimeoutError::Disconnected) => break None,
        }
    };
    group.commit(&mut database);
    let closed = database.close();
    if let Some(reply) = asked_to_close {
        let _ = reply.send(closed);
    }
}

/// The writes of the open transaction.
#[derive(Default)]
struct Group {
    waiting: Vec<(Box<dyn Job>, OwnedSemaphorePermit)>,
    /// When the first of them came.
    begun: Option<Instant>,
    /// The highest article id before the first of them.
    newest: i64,
}

impl Group {
    /// Runs a job in the group's transaction, begun if need be.
    fn add(&mut self, database: &mut Database, mut job: Box<dyn Job>, permit: OwnedSemaphorePermit) {
        if self.waiting.is_empty()
            && let Err(error) = self.begin(database)
        {
            return job.answer(Err(error));
        }
        if job.run(database) {
            self.waiting.push((job, permit));
            #[expect(clippy::disallowed_methods, reason = "how long writers wait; no time is stored")]
            self.begun.get_or_insert_with(Instant::now);
            return;
        }
        job.answer(Ok(()));
        if let Err(error) = self.redo(database) {
            return self.fail(database, &error);
        }
        // so that the next failure has less to do again
        self.commit(database);
    }

    fn begin(&mut self, database: &Database) -> Result<(), StoreError> {
        self.newest = database.newest;
        database.execute("BEGIN IMMEDIATE")
    }

    /// Takes back what the transaction did, and does the jobs again that succeeded: in the same
    /// order they take the same ids, which readers may have seen.
    fn redo(&mut self, database: &mut Database) -> Result<(), StoreError> {
        database.roll_back();
        database.newest = self.newest;
        if self.waiting.is_empty() {
            return Ok(());
        }
        self.begin(database)?;
        if self.waiting.iter_mut().all(|(job, _permit)| job.run(database)) {
            return Ok(());
        }
        Err(StoreError::Database { detail: "what could be stored a moment ago no longer can".to_owned() })
    }

    /// Ends the transaction and answers everybody in it.
    fn commit(&mut self, database: &mut Database) {
        self.begun = None;
        if self.waiting.is_empty() {
            return;
        }
        match database.commit() {
            Ok(()) => self.waiting.drain(..).for_each(|(job, _permit)| job.answer(Ok(()))),
            Err(error) => self.fail(database, &error),
        }
    }

    /// Gives up the transaction. Its ids stay used: readers may have seen them.
    fn fail(&mut self, database: &mut Database, error: &StoreError) {
        database.roll_back();
        self.waiting.drain(..).for_each(|(job, _permit)| job.answer(Err(error.clone())));
    }
}
