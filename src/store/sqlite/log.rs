//! Copying the log into the database file, beside the thread that writes.
//!
//! Most of such a copy is waiting for the disk. Only where the log grows faster than it is copied does the
//! writer do so itself: with nothing left to copy, the next write begins the log anew.

use std::path::Path;
use std::sync::mpsc::{self, SyncSender};
use std::thread::JoinHandle;

use rusqlite::{Connection, OpenFlags};

/// Pages that are worth a copy, 16 MB: each page of the keys' tree is then copied once for many changes of it.
const MANY: i64 = 2000;

/// Pages that the log may grow to, 64 MB.
const MOST: i64 = 4 * MANY;

/// Who copies the log of one database file.
pub(super) struct Log {
    /// Ends the thread when it is dropped.
    copies: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    /// Pages that the log held when it was last copied.
    asked: i64,
}

impl Log {
    /// For the file at `path`, which is in use already.
    pub(super) fn new(path: &Path) -> rusqlite::Result<Self> {
        let connection =
            Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        // one that waits is enough
        let (copies, asked_for) = mpsc::sync_channel(1);
        let work = move || {
            for () in asked_for {
                if let Err(error) = copy(&connection) {
                    tracing::debug!(%error, "the state's log is copied later");
                }
            }
        };
        // without the thread the writer does it
        let thread = std::thread::Builder::new().name("log".to_owned()).spawn(work).ok();
        Ok(Self { copies: thread.is_some().then_some(copies), thread, asked: 0 })
    }

    /// Sees to the log after a commit of `writer`.
    pub(super) fn committed(&mut self, writer: &Connection) -> rusqlite::Result<()> {
        let (pages, copied) = writer
            .prepare_cached("PRAGMA wal_checkpoint(NOOP)")?
            .query_row([], |row| Ok((row.get::<_, i64>("log")?, row.get::<_, i64>("checkpointed")?)))?;
        if pages >= MOST && pages > copied {
            copy(writer)?;
        }
        // less than before: the log was begun anew
        if pages < self.asked {
            self.asked = 0;
        }
        if pages - self.asked >= MANY {
            self.asked = pages;
            self.copy();
        }
        Ok(())
    }

    /// Has all of it copied soon.
    pub(super) fn copy(&self) {
        if let Some(copies) = &self.copies {
            let _ = copies.try_send(());
        }
    }
}

impl Drop for Log {
    /// Waits for a copy that is under way.
    fn drop(&mut self) {
        self.copies.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Copies what nobody stands in the way of.
fn copy(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
}
