//! The thread that owns the database, and how writes share transactions.
//!
//! A transaction costs a write of every page it touched, and keys touch pages all over their tree.
//! So writes that come close together share one: each in a savepoint of its own, so that one that
//! fails takes nothing else with it, and each answered after the common commit.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::database::Database;
use crate::store::StoreError;

/// Writes in one transaction: bounds how long the first of them waits.
const GROUP: usize = 256;

/// How long a transaction waits for one more write.
const LINGER: Duration = Duration::from_millis(5);

/// Something to do on the database.
pub(super) enum Request {
    Read(Box<dyn FnOnce(&mut Database) + Send>),
    Write {
        job: Box<dyn Job>,
        /// Whether others are likely to follow at once.
        lingers: bool,
        permit: OwnedSemaphorePermit,
    },
    Close(oneshot::Sender<Result<(), StoreError>>),
}

/// A write: done in a transaction, answered when that is over.
pub(super) trait Job: Send {
    /// Does the work and keeps the outcome; whether it succeeded.
    fn run(&mut self, database: &mut Database) -> bool;
    /// Hands the outcome over, or the reason why it was not committed.
    fn answer(self: Box<Self>, committed: Result<(), StoreError>);
}

/// A job made of a closure.
pub(super) struct Task<T, F> {
    work: Option<F>,
    outcome: Result<T, StoreError>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Task<T, F> {
    pub(super) fn new(work: F, reply: oneshot::Sender<Result<T, StoreError>>) -> Self {
        Self { work: Some(work), outcome: Err(StoreError::Closed), reply }
    }
}

impl<T, F> Job for Task<T, F>
where
    T: Send,
    F: FnOnce(&mut Database) -> Result<T, StoreError> + Send,
{
    fn run(&mut self, database: &mut Database) -> bool {
        if let Some(work) = self.work.take() {
            self.outcome = work(database);
        }
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
        let request = if group.waiting.is_empty() {
            requests.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            requests.recv_timeout(LINGER)
        };
        match request {
            // within a transaction, else each of its statements would take and leave the file's locks
            Ok(Request::Read(read)) if group.waiting.is_empty() => {
                let begun = execute(&database, "BEGIN").is_ok();
                read(&mut database);
                if begun {
                    let _ = execute(&database, "COMMIT");
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
}

impl Group {
    /// Runs a job in the group's transaction, begun if need be.
    fn add(&mut self, database: &mut Database, mut job: Box<dyn Job>, permit: OwnedSemaphorePermit) {
        if self.waiting.is_empty()
            && let Err(error) = execute(database, "BEGIN IMMEDIATE")
        {
            return job.answer(Err(error));
        }
        let newest = database.newest;
        match run(database, job.as_mut()) {
            Ok(true) => {}
            Ok(false) => {
                database.forget();
                database.newest = newest;
            }
            Err(error) => {
                // not even the savepoint works: give up the transaction, and say so to everybody in it
                self.waiting.push((job, permit));
                return self.fail(database, &error);
            }
        }
        self.waiting.push((job, permit));
    }

    /// Ends the transaction and answers everybody in it.
    fn commit(&mut self, database: &mut Database) {
        if self.waiting.is_empty() {
            return;
        }
        match execute(database, "COMMIT") {
            Ok(()) => self.waiting.drain(..).for_each(|(job, _permit)| job.answer(Ok(()))),
            Err(error) => self.fail(database, &error),
        }
    }

    fn fail(&mut self, database: &mut Database, error: &StoreError) {
        // after some errors (a full disk) SQLite has rolled back by itself
        let _ = execute(database, "ROLLBACK");
        database.forget();
        self.waiting.drain(..).for_each(|(job, _permit)| job.answer(Err(error.clone())));
    }
}

fn run(database: &mut Database, job: &mut dyn Job) -> Result<bool, StoreError> {
    execute(database, "SAVEPOINT job")?;
    let succeeded = job.run(database);
    if !succeeded {
        execute(database, "ROLLBACK TO job")?;
    }
    execute(database, "RELEASE job")?;
    Ok(succeeded)
}

fn execute(database: &Database, sql: &str) -> Result<(), StoreError> {
    database.connection.prepare_cached(sql)?.execute([])?;
    Ok(())
}
