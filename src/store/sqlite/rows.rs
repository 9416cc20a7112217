//! Inserting articles, keys and memberships: the statements that run for every article.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use rusqlite::{CachedStatement, Connection, OptionalExtension as _, params};

use super::keys::Keys;
use super::prepare::Facts;
use crate::model::Key;
use crate::store::StoreError;

/// The prepared statements of one transaction, and the feeds that it touched.
pub(super) struct Rows<'c> {
    pub(super) connection: &'c Connection,
    keys: &'c mut Keys,
    insert_article: CachedStatement<'c>,
    insert_detail: CachedStatement<'c>,
    insert_member: CachedStatement<'c>,
    /// Whether hidden keys have to be looked for.
    hides: bool,
    feeds: BTreeMap<u32, Coming>,
}

/// The revision that a feed has if anything in this transaction touches it.
#[derive(Clone, Copy)]
struct Coming {
    revision: i64,
    touched: bool,
}

/// Where a new article's row comes from, beside its [`Facts`].
pub(super) struct Birth<'a> {
    pub(super) id: i64,
    pub(super) uid: &'a str,
    pub(super) outlet: i64,
    pub(super) source: i64,
    pub(super) fingerprint: u64,
    pub(super) first_seen: i64,
    pub(super) hidden: bool,
    pub(super) quiet: bool,
    pub(super) listings: u32,
    pub(super) unlisted: Option<i64>,
    pub(super) keys: &'a [Key],
}

impl<'c> Rows<'c> {
    pub(super) fn new(connection: &'c Connection, keys: &'c mut Keys, hides: bool) -> rusqlite::Result<Self> {
        Ok(Self {
            connection,
            keys,
            insert_article: connection
                .prepare_cached("INSERT INTO article VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?,
            insert_detail: connection.prepare_cached("INSERT OR REPLACE INTO detail VALUES (?, ?)")?,
            insert_member: connection.prepare_cached(
                "INSERT OR IGNORE INTO member (article, feed, entered, added, changed) VALUES (?1, ?2, ?3, ?4, ?4)",
            )?,
            hides,
            feeds: BTreeMap::new(),
        })
    }

    /// Makes a key lead to an article unless it leads somewhere; whether it did not.
    pub(super) fn claim(&mut self, key: Key, article: i64) -> rusqlite::Result<bool> {
        self.keys.claim(self.connection, key, article)
    }

    /// Stores a new article, its content, and where its keys lead from now on.
    pub(super) fn insert(&mut self, birth: &Birth<'_>, facts: &Facts, content: &[u8]) -> rusqlite::Result<()> {
        let canonical_url = facts.canonical_url.as_deref().map(|url| if url == birth.uid { "" } else { url });
        self.insert_article.execute(params![
            birth.id,
            birth.uid,
            canonical_url,
            birth.outlet,
            birth.source,
            birth.fingerprint.cast_signed(),
            facts.title_hash.cast_signed(),
            birth.first_seen,
            facts.published,
            facts.size,
            birth.hidden,
            birth.quiet,
            birth.listings,
            birth.unlisted,
            joined(birth.keys),
        ])?;
        if !content.is_empty() {
            self.insert_detail.execute(params![birth.id, content])?;
        }
        for key in birth.keys {
            self.keys.lead(*key, birth.id);
        }
        Ok(())
    }

    /// Replaces an article's content; its feeds change.
    pub(super) fn replace(&mut self, id: i64, facts: &Facts, content: &[u8]) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "UPDATE article SET canonical_url = iif(?1 = uid, '', ?1), title_hash = ?2, published = ?3, size = ?4 \
                 WHERE id = ?5",
            )?
            .execute(params![facts.canonical_url, facts.title_hash.cast_signed(), facts.published, facts.size, id])?;
        self.insert_detail.execute(params![id, content])?;
        let change = "UPDATE member SET changed = ? WHERE article = ? AND feed = ?";
        let mut change = self.connection.prepare_cached(change)?;
        for feed in self.feeds_of(id, "SELECT feed FROM member WHERE article = ? AND NOT dropped")? {
            change.execute(params![self.touch(feed)?, id, feed])?;
        }
        Ok(())
    }

    fn feeds_of(&self, id: i64, select: &str) -> rusqlite::Result<Vec<u32>> {
        let mut select = self.connection.prepare_cached(select)?;
        select.query_map(params![id], |row| row.get(0))?.collect()
    }

    /// What is to become of a feed's revision.
    fn coming(&mut self, feed: u32) -> Result<&mut Coming, StoreError> {
        match self.feeds.entry(feed) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(unknown) => {
                let mut select = self.connection.prepare_cached("SELECT revision + 1 FROM feed WHERE number = ?")?;
                let revision = select.query_row(params![feed], |row| row.get(0)).optional()?;
                let revision = revision.ok_or(StoreError::UnknownFeed { feed })?;
                Ok(unknown.insert(Coming { revision, touched: false }))
            }
        }
    }

    /// Says that a feed changes; the revision that it then has.
    fn touch(&mut self, feed: u32) -> Result<i64, StoreError> {
        let coming = self.coming(feed)?;
        coming.touched = true;
        Ok(coming.revision)
    }

    /// Gives an article further keys, those that lead nowhere yet; whether one of all is hidden.
    pub(super) fn add_keys(&mut self, id: i64, keys: &[Key]) -> rusqlite::Result<bool> {
        let mut added = Vec::new();
        for &key in keys {
            if self.claim(key, id)? {
                added.push(key);
            }
        }
        if !added.is_empty() {
            self.connection
                .prepare_cached("UPDATE article SET keys = CAST(keys || ? AS BLOB) WHERE id = ?")?
                .execute(params![joined(&added), id])?;
        }
        self.any_hidden(keys.iter().copied())
    }

    /// Makes an article a member of feeds that it is none of yet, from the times that stand with them.
    pub(super) fn join(&mut self, id: i64, feeds: impl Iterator<Item = (u32, i64)>) -> Result<(), StoreError> {
        for (feed, entered) in feeds {
            let revision = self.coming(feed)?.revision;
            if self.insert_member.execute(params![id, feed, entered, revision])? == 1 {
                self.touch(feed)?;
            }
        }
        Ok(())
    }

    /// Whether the operator hid one of these keys.
    pub(super) fn any_hidden(&self, keys: impl Iterator<Item = Key>) -> rusqlite::Result<bool> {
        if !self.hides {
            return Ok(false);
        }
        let mut select = self.connection.prepare_cached("SELECT 1 FROM hidden WHERE key = ?")?;
        for key in keys {
            if select.exists(params![key.0])? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Hides an article for ever; its feeds change.
    pub(super) fn hide(&mut self, id: i64) -> Result<(), StoreError> {
        let changed = self
            .connection
            .prepare_cached("UPDATE article SET hidden = 1 WHERE id = ? AND NOT hidden")?
            .execute(params![id])?;
        if changed == 1 {
            for feed in self.feeds_of(id, "SELECT feed FROM member WHERE article = ?")? {
                self.touch(feed)?;
            }
        }
        Ok(())
    }

    /// Whether an article is hidden; an error where there is no such article.
    pub(super) fn is_hidden(&self, id: i64) -> Result<bool, StoreError> {
        self.connection
            .prepare_cached("SELECT hidden FROM article WHERE id = ?")?
            .query_row(params![id], |row| row.get(0))
            .optional()?
            .ok_or(StoreError::UnknownArticle { article: id })
    }

    /// Where a key leads.
    pub(super) fn find(&self, key: Key) -> rusqlite::Result<Option<i64>> {
        self.keys.find(self.connection, key)
    }

    /// Raises the revision of every feed that was touched.
    pub(super) fn finish(self) -> rusqlite::Result<()> {
        let mut raise = self.connection.prepare_cached("UPDATE feed SET revision = ? WHERE number = ?")?;
        for (feed, coming) in self.feeds.into_iter().filter(|(_, coming)| coming.touched) {
            raise.execute(params![coming.revision, feed])?;
        }
        Ok(())
    }
}

/// Keys as one row holds them.
fn joined(keys: &[Key]) -> Vec<u8> {
    keys.iter().flat_map(|key| key.0).collect()
}
