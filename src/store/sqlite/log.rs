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

#[cfg(test)]
mod tests {
    use super::*;

    /// A database whose log nobody copies by himself.
    fn database(path: &Path) -> Connection {
        let writer = Connection::open(path).unwrap();
        writer.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())).unwrap();
        writer.execute_batch("PRAGMA wal_autocheckpoint = 0; CREATE TABLE page (bytes BLOB)").unwrap();
        writer
    }

    /// Fills some more than so many pages of 4 KB.
    fn fill(writer: &Connection, pages: i64) {
        writer.execute("INSERT INTO page VALUES (zeroblob(?1 * 4096))", [pages]).unwrap();
    }

    fn pages(writer: &Connection) -> (i64, i64) {
        writer.query_row("PRAGMA wal_checkpoint(NOOP)", [], |row| Ok((row.get(1)?, row.get(2)?))).unwrap()
    }

    #[test]
    fn a_long_log_is_copied_beside_the_writer_and_a_short_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.db");
        let writer = database(&path);
        let mut log = Log::new(&path).unwrap();
        fill(&writer, MANY / 2);
        log.committed(&writer).unwrap();
        drop(log);
        assert_eq!(pages(&writer).1, 0);

        let mut log = Log::new(&path).unwrap();
        fill(&writer, MANY / 2);
        log.committed(&writer).unwrap();
        // waits for the copy
        drop(log);
        let (held, copied) = pages(&writer);
        assert!(copied == held && held >= MANY, "{copied} of {held}");
    }

    #[test]
    fn where_nobody_else_copies_the_writer_does_before_the_log_is_huge() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.db");
        let writer = database(&path);
        let mut log = Log { copies: None, thread: None, asked: 0 };
        fill(&writer, MOST - 100);
        log.committed(&writer).unwrap();
        assert_eq!(pages(&writer).1, 0);
        fill(&writer, 200);
        log.committed(&writer).unwrap();
        let (held, copied) = pages(&writer);
        assert_eq!(held, copied);
        fill(&writer, 1);
        assert!(pages(&writer).0 < 100, "the log was begun anew");
    }
}
