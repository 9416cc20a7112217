//! Where keys lead: a tree on disk, and the latest of them in memory.
//!
//! Keys are hashes, so a handful of new ones touches as many pages all over the tree, and each would be
//! written for it. Keys of new articles are therefore kept in memory until there are enough that a page
//! of the tree takes several at once. Nothing is lost meanwhile: an article's row holds its keys, and
//! on opening those of the articles above `note.folded` are read from there; the few that other
//! articles gain are kept in `alias`.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::filter::Filter;
use crate::model::{Key, KeyMap};
use crate::store::types::uid_key;

/// Keys in memory at which they go into the tree: 3 MB of them.
const MANY: usize = 100_000;

/// Keys that are left in memory at the end: reading as many again takes less than writing them each time.
const FEW: usize = 16_000;

/// The keys of all articles.
pub(super) struct Keys {
    recent: KeyMap<i64>,
    /// What the open transaction changed in `recent`, and what was there before.
    changes: Vec<(Key, Option<i64>)>,
    /// The keys of articles up to this one are in the tree.
    folded: i64,
    /// What may be in the tree, and how many that are.
    filter: Filter,
    count: usize,
}

impl Keys {
    /// Reads the keys that are not in the tree yet.
    pub(super) fn load(connection: &Connection) -> rusqlite::Result<Self> {
        let mut folded = connection.prepare("SELECT at FROM note WHERE name = 'folded'")?;
        let folded = folded.query_row([], |row| row.get(0)).optional()?.unwrap_or(0);
        let mut recent: KeyMap<i64> = KeyMap::default();
        // first, since keys of later articles lead there
        let mut aliases = connection.prepare("SELECT key, article FROM alias")?;
        let mut rows = aliases.query([])?;
        while let Some(row) = rows.next()? {
            recent.insert(Key(row.get(0)?), row.get(1)?);
        }
        let mut select = connection.prepare("SELECT id, uid, keys FROM article WHERE id > ? ORDER BY id")?;
        let mut rows = select.query(params![folded])?;
        while let Some(row) = rows.next()? {
            let id = row.get(0)?;
            recent.insert(uid_key(row.get_ref(1)?.as_str()?), id);
            recent.extend(row.get_ref(2)?.as_blob()?.as_chunks().0.iter().map(|key| (Key(*key), id)));
        }
        let (filter, count) = match read_filter(connection)? {
            Some(read) => read,
            None => make_filter(connection)?,
        };
        Ok(Self { recent, changes: Vec::new(), folded, filter, count })
    }

    /// Where a key leads.
    pub(super) fn find(&self, connection: &Connection, key: Key) -> rusqlite::Result<Option<i64>> {
        if let Some(&id) = self.recent.get(&key) {
            return Ok(Some(id));
        }
        if !self.filter.may_hold(key) {
            return Ok(None);
        }
        let mut select = connection.prepare_cached("SELECT article FROM key WHERE key = ?")?;
        select.query_row(params![key.0], |row| row.get(0)).optional()
    }

    /// Makes a key lead to a new article, whose row holds it.
    pub(super) fn lead(&mut self, key: Key, article: i64) {
        let before = self.recent.insert(key, article);
        self.changes.push((key, before));
    }

    /// Makes a key that leads nowhere yet lead to an article whose row holds it; whether it led nowhere.
    pub(super) fn claim(&mut self, connection: &Connection, key: Key, article: i64) -> rusqlite::Result<bool> {
        if self.find(connection, key)?.is_some() {
            return Ok(false);
        }
        if article <= self.folded {
            connection.prepare_cached("INSERT INTO alias VALUES (?, ?)")?.execute(params![key.0, article])?;
        }
        self.lead(key, article);
        Ok(true)
    }

    /// Whether so many are in memory that they belong into the tree: fewer count as many at the `end`.
    pub(super) fn are_many(&self, end: bool) -> bool {
        self.recent.len() >= if end { FEW } else { MANY }
    }

    /// Writes all keys into the tree.
    pub(super) fn fold(&mut self, connection: &Connection, newest: i64) -> rusqlite::Result<()> {
        // in the tree's order: each page is then fetched and split once
        let mut keys: Vec<(&Key, &i64)> = self.recent.iter().collect();
        keys.sort_unstable();
        let mut insert = connection.prepare_cached("INSERT OR REPLACE INTO key VALUES (?, ?)")?;
        for (key, article) in keys {
            insert.execute(params![key.0, article])?;
        }
        connection.prepare_cached("DELETE FROM alias")?.execute([])?;
        // a filter that holds more than the tree, should all this be rolled back, is not wrong
        self.count += self.recent.len();
        if self.count > self.filter.room() {
            (self.filter, self.count) = make_filter(connection)?;
        } else {
            self.recent.keys().for_each(|key| self.filter.insert(*key));
        }
        connection
            .prepare_cached("INSERT OR REPLACE INTO filter VALUES (1, ?, ?)")?
            .execute(params![i64::try_from(self.count).unwrap_or(i64::MAX), self.filter.bytes()])?;
        connection.prepare_cached("INSERT OR REPLACE INTO note VALUES ('folded', ?, '')")?.execute(params![newest])?;
        Ok(())
    }

    /// The transaction was committed; `folded` up to this article if at all.
    pub(super) fn committed(&mut self, folded: Option<i64>) {
        self.changes.clear();
        if let Some(newest) = folded {
            self.recent.clear();
            self.folded = newest;
        }
    }

    /// The transaction was rolled back.
    pub(super) fn undo(&mut self) {
        while let Some((key, before)) = self.changes.pop() {
            match before {
                Some(article) => self.recent.insert(key, article),
                None => self.recent.remove(&key),
            };
        }
    }
}

fn read_filter(connection: &Connection) -> rusqlite::Result<Option<(Filter, usize)>> {
    let mut select = connection.prepare("SELECT keys, bits FROM filter")?;
    let read = select.query_row([], |row| {
        let filter = Filter::from_bytes(row.get_ref(1)?.as_blob()?);
        Ok(filter.zip(usize::try_from(row.get::<_, i64>(0)?).ok()))
    });
    Ok(read.optional()?.flatten())
}

/// A filter of all keys in the tree, with room for as many again.
fn make_filter(connection: &Connection) -> rusqlite::Result<(Filter, usize)> {
    let count: i64 = connection.query_row("SELECT count(*) FROM key", [], |row| row.get(0))?;
    let count = usize::try_from(count).unwrap_or(0);
    let mut filter = Filter::with_room(count * 2);
    let mut select = connection.prepare("SELECT key FROM key")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        filter.insert(Key(row.get(0)?));
    }
    Ok((filter, count))
}
