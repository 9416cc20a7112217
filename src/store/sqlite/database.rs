//! The open database, with what its thread keeps beside it.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use rusqlite::backup::Backup;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, MAIN_DB, OpenFlags, OptionalExtension as _, params};

use super::keys::Keys;
use super::log::Log;
use crate::store::StoreError;

/// Marks the file as ours (`application_id` in the file's header): "Feml".
const APPLICATION: i64 = 0x4665_6d6c;

/// One script per layout: the first makes an empty database, each further one lifts the last layout.
const LAYOUTS: [&str; 2] = [include_str!("schema.sql"), include_str!("layout_2.sql")];

/// The connection and the caches that are valid because one thread of one process writes.
pub(super) struct Database {
    pub(super) connection: Connection,
    pub(super) sources: Names,
    pub(super) outlets: Names,
    pub(super) keys: Keys,
    /// The highest article id.
    pub(super) newest: i64,
    /// Whether anything was ever hidden.
    pub(super) hides: bool,
    /// The highest article id when a source last looked.
    pub(super) looked: HashMap<Arc<str>, i64>,
    /// The highest id that an outlet's articles took since the store was opened.
    pub(super) arrived: HashMap<i64, i64>,
    /// None of a database in memory, or of one that is only read.
    log: Option<Log>,
}

impl Database {
    /// Opens or makes the file, and lifts an older layout.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            #[expect(clippy::disallowed_methods, reason = "the state's folder is the store's")]
            std::fs::create_dir_all(folder)
                .map_err(|error| StoreError::Open { path: path.to_owned(), detail: error.to_string() })?;
        }
        let failed = |error| opening(path, &error);
        let mut database = Self::prepare(Connection::open(path).map_err(failed)?, path)?;
        database.log = Some(Log::new(path).map_err(failed)?);
        Ok(database)
    }

    /// A copy of the file's content in memory; empty where there is no file.
    pub(super) fn copy(path: &Path) -> Result<Self, StoreError> {
        let failed = |error| opening(path, &error);
        let mut connection = Connection::open_in_memory().map_err(failed)?;
        if path.exists() {
            fill(&mut connection, path).map_err(failed)?;
        }
        Self::prepare(connection, path)
    }

    /// Copies what is stored in a file, with its log, to another one.
    pub(super) fn copy_file(from: &Path, to: &Path) -> Result<(), StoreError> {
        let mut copy = Connection::open(to).map_err(|error| opening(to, &error))?;
        fill(&mut copy, from).map_err(|error| opening(from, &error))
    }

    /// The file as it is, without the means to change it; empty where there is no file.
    pub(super) fn open_read_only(path: &Path) -> Result<Self, StoreError> {
        if !path.exists() {
            return Self::copy(path);
        }
        let failed = |error| opening(path, &error);
        let connection = open_for_reading(path).map_err(failed)?;
        connection.busy_timeout(BUSY).map_err(failed)?;
        if layout(&connection, path)? < LAYOUTS.len() {
            // what cannot be lifted in place
            return Self::copy(path);
        }
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Self::ready(connection).map_err(failed)
    }

    fn prepare(mut connection: Connection, path: &Path) -> Result<Self, StoreError> {
        let failed = |error| opening(path, &error);
        connection.busy_timeout(BUSY).map_err(failed)?;
        let found = layout(&connection, path)?;
        // only now: this writes into the file
        tune(&connection).map_err(failed)?;
        if found < LAYOUTS.len() {
            lift(&mut connection, found).map_err(failed)?;
        }
        Self::ready(connection).map_err(failed)
    }

    fn ready(connection: Connection) -> rusqlite::Result<Self> {
        let newest = newest(&connection)?;
        let hides = connection.query_row("SELECT EXISTS (SELECT 1 FROM hidden)", [], |row| row.get(0))?;
        let keys = Keys::load(&connection)?;
        Ok(Self {
            connection,
            sources: Names::new("source", "id"),
            outlets: Names::new("outlet", "name"),
            keys,
            newest,
            hides,
            looked: HashMap::new(),
            arrived: HashMap::new(),
            log: None,
        })
    }

    /// Ends the open transaction, with recent keys put into their tree if there are many.
    pub(super) fn commit(&mut self) -> Result<(), StoreError> {
        self.commit_folding(false)
    }

    fn commit_folding(&mut self, end: bool) -> Result<(), StoreError> {
        let folded = self.keys.are_many(end);
        if folded {
            self.keys.fold(&self.connection, self.newest)?;
        }
        self.execute("COMMIT")?;
        self.keys.committed(folded.then_some(self.newest));
        if let Some(Err(error)) = self.log.as_mut().map(|log| log.committed(&self.connection)) {
            tracing::debug!(%error, "the state's log stays as it is");
        }
        Ok(())
    }

    /// Takes back the open transaction. Ids stay used: a caller may have seen them.
    pub(super) fn roll_back(&mut self) {
        // after some errors (a full disk) SQLite has done so by itself, and this one fails
        let _ = self.execute("ROLLBACK");
        self.keys.undo();
        self.sources.forget();
        self.outlets.forget();
    }

    /// Runs a statement that has no values and no rows.
    pub(super) fn execute(&self, sql: &str) -> Result<(), StoreError> {
        self.connection.prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    /// Does what closing would do if that is much, without waiting for others that read the file.
    pub(super) fn tidy(&mut self) -> Result<(), StoreError> {
        if !self.keys.are_many(true) {
            return Ok(());
        }
        self.fold_keys()?;
        self.log.iter().for_each(Log::copy);
        Ok(())
    }

    fn fold_keys(&mut self) -> Result<(), StoreError> {
        self.execute("BEGIN IMMEDIATE")?;
        let done = self.commit_folding(true);
        if done.is_err() {
            self.roll_back();
        }
        done
    }

    /// Leaves everything in one file, and closes it.
    pub(super) fn close(mut self) -> Result<(), StoreError> {
        if !self.connection.is_readonly(MAIN_DB)? {
            self.fold_keys()?;
            self.log = None;
            self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).optional()?;
        }
        self.connection.close().map_err(|(_, error)| error.into())
    }
}

/// How long to wait for another process that reads or copies the file.
const BUSY: std::time::Duration = std::time::Duration::from_secs(10);

/// More statements than there are kinds of them, so that none is prepared twice.
const STATEMENTS: usize = 128;

/// Fills an empty database with what is stored in a file, and in its log.
fn fill(to: &mut Connection, from: &Path) -> rusqlite::Result<()> {
    let file = open_for_reading(from)?;
    file.busy_timeout(BUSY)?;
    // pages are copied as they are
    let page: u32 = file.query_row("PRAGMA page_size", [], |row| row.get(0))?;
    to.pragma_update(None, "page_size", page)?;
    Backup::new(&file, to)?.run_to_completion(i32::MAX, BUSY, None)
}

/// Opens a file that exists, with its log if it has one.
fn open_for_reading(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let address = std::path::absolute(path).ok().and_then(|path| url::Url::from_file_path(path).ok());
    let connection = match address {
        // nobody has it open: "immutable" keeps SQLite from making a log of its own, which it does for
        // readers too; who begins to write now changes the file itself only at the end, or after 16 MB
        Some(mut address) if path.is_file() && !Path::new(&log).exists() => {
            address.set_query(Some("immutable=1"));
            Connection::open_with_flags(address.as_str(), flags | OpenFlags::SQLITE_OPEN_URI)
        }
        _ => Connection::open_with_flags(path, flags),
    }?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(connection)
}

/// The file's layout, 0 for an empty one; an error for what is no state of this program's.
fn layout(connection: &Connection, path: &Path) -> Result<usize, StoreError> {
    let number = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(|e| opening(path, &e));
    let found = number("PRAGMA user_version")?;
    let application = number("PRAGMA application_id")?;
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    match usize::try_from(found) {
        _ if application != APPLICATION && (tables > 0 || found != 0 || application != 0) => {
            Err(StoreError::Foreign { path: path.to_owned() })
        }
        Ok(layout) if layout <= LAYOUTS.len() => Ok(layout),
        _ => Err(StoreError::Newer { path: path.to_owned(), found, known: latest() }),
    }
}

/// The layout that this program writes.
fn latest() -> i64 {
    i64::try_from(LAYOUTS.len()).unwrap_or(i64::MAX)
}

/// Bytes of a page.
const PAGE: u32 = 8192;

fn tune(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // else some statements are prepared again whenever a value is bound (built with STAT4)
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // for a new file: contents of some kilobytes fill larger pages better, and each page is logged and copied
    connection.pragma_update(None, "page_size", PAGE)?;
    // answers the mode that it set; a database in memory stays "memory"
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    connection.execute_batch(
        "PRAGMA synchronous = NORMAL;
         PRAGMA foreign_keys = OFF;
         PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -8000;
         PRAGMA wal_autocheckpoint = 0;
         PRAGMA journal_size_limit = 16384000;",
    )
}

fn lift(connection: &mut Connection, found: usize) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    for script in LAYOUTS.iter().skip(found) {
        transaction.execute_batch(script)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", latest())?;
    transaction.commit()
}

fn newest(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("SELECT coalesce(max(id), 0) FROM article", [], |row| row.get(0))
}

fn opening(path: &Path, error: &rusqlite::Error) -> StoreError {
    let (path, detail) = (path.to_owned(), error.to_string());
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => StoreError::Damaged { path, detail },
        _ => StoreError::Open { path, detail },
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database { detail: error.to_string() }
    }
}

/// Names of sources or outlets and their numbers, read as they are needed.
pub(super) struct Names {
    by_name: HashMap<Arc<str>, i64>,
    by_number: HashMap<i64, Arc<str>>,
    select_number: String,
    select_name: String,
    insert: String,
}

impl Names {
    fn new(table: &str, column: &str) -> Self {
        Self {
            by_name: HashMap::new(),
            by_number: HashMap::new(),
            select_number: format!("SELECT number FROM {table} WHERE {column} = ?"),
            select_name: format!("SELECT {column} FROM {table} WHERE number = ?"),
            insert: format!("INSERT INTO {table} ({column}) VALUES (?)"),
        }
    }

    /// The number of a name, if it has one.
    pub(super) fn find(&mut self, connection: &Connection, name: &str) -> rusqlite::Result<Option<i64>> {
        if let Some(&number) = self.by_name.get(name) {
            return Ok(Some(number));
        }
        let mut select = connection.prepare_cached(&self.select_number)?;
        let number = select.query_row(params![name], |row| row.get(0)).optional()?;
        if let Some(number) = number {
            self.keep(name.into(), number);
        }
        Ok(number)
    }

    /// The number of a name, given now if it has none.
    pub(super) fn number(&mut self, connection: &Connection, name: &str) -> rusqlite::Result<i64> {
        if let Some(number) = self.find(connection, name)? {
            return Ok(number);
        }
        let number = connection.prepare_cached(&self.insert)?.insert(params![name])?;
        self.keep(name.into(), number);
        Ok(number)
    }

    /// The name of a number.
    pub(super) fn name(&mut self, connection: &Connection, number: i64) -> rusqlite::Result<Arc<str>> {
        if let Some(name) = self.by_number.get(&number) {
            return Ok(Arc::clone(name));
        }
        let name: Arc<str> =
            connection.prepare_cached(&self.select_name)?.query_row(params![number], |row| row.get(0))?;
        self.keep(Arc::clone(&name), number);
        Ok(name)
    }

    fn keep(&mut self, name: Arc<str>, number: i64) {
        self.by_number.insert(number, Arc::clone(&name));
        self.by_name.insert(name, number);
    }

    fn forget(&mut self) {
        self.by_name.clear();
        self.by_number.clear();
    }
}
