//! Storing what one fetch of one source brought.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::database::Database;
use super::prepare::{NewRow, Prepared, UpdatedRow};
use super::rows::{Birth, Rows};
use crate::model::{ArticleId, Carried, Key};
use crate::store::types::{Applied, uid_key};
use crate::store::{StoreError, listing};

/// Stores all of an intake.
pub(super) fn apply(database: &mut Database, intake: &Prepared) -> Result<Applied, StoreError> {
    let Database { connection, sources, outlets, keys, newest, hides, looked, arrived, .. } = database;
    let source = sources.number(connection, &intake.source)?;
    let outlet = outlets.number(connection, &intake.outlet)?;
    put_state(connection, source, &intake.state)?;

    // an outlet's articles that came after this source looked may be those that it now calls new
    let seen = looked.get(intake.source.as_str()).copied();
    let unseen = seen.filter(|seen| arrived.get(&outlet).is_some_and(|last| last > seen));

    let mut writer = Writer {
        rows: Rows::new(connection, keys, *hides)?,
        source,
        outlet,
        now: intake.now,
        unseen: unseen.map(|seen| seen..*newest),
        newest,
        listed: Vec::new(),
        born: Vec::new(),
    };
    let mut applied = Applied::default();
    for new in &intake.new {
        match writer.met(new)? {
            Some(known) => {
                applied.met += usize::from(new.announced);
                applied.new.push(known);
            }
            None => applied.new.push(writer.insert(new)?),
        }
    }
    for updated in &intake.updated {
        writer.update(updated)?;
    }
    for carried in &intake.carried {
        writer.carry(carried)?;
    }
    let Writer { rows, mut listed, born, .. } = writer;
    rows.finish()?;

    if !born.is_empty() {
        arrived.insert(outlet, *newest);
    }
    match &intake.listed {
        Some(known) => relist(connection, source, known.iter().map(|id| id.0).chain(listed), (&born, intake.now))?,
        None if listed.is_empty() => {}
        None => {
            listed.extend(listing_of(connection, source)?);
            relist(connection, source, listed.into_iter(), (&born, intake.now))?;
        }
    }
    Ok(applied)
}

/// Stores a source's row.
pub(super) fn put_state(connection: &Connection, source: i64, state: &str) -> rusqlite::Result<()> {
    let mut update = connection.prepare_cached("UPDATE source SET state = ? WHERE number = ?")?;
    update.execute(params![state, source]).map(drop)
}

/// The articles that a source's last document listed, ascending.
pub(super) fn listing_of(connection: &Connection, source: i64) -> rusqlite::Result<Vec<i64>> {
    let mut select = connection.prepare_cached("SELECT articles FROM listing WHERE source = ?")?;
    let bytes = select.query_row(params![source], |row| Ok(listing::decode(row.get_ref(0)?.as_blob()?))).optional()?;
    Ok(bytes.unwrap_or_default())
}

struct Writer<'c, 'd> {
    rows: Rows<'c>,
    source: i64,
    outlet: i64,
    now: i64,
    /// Ids above the start and up to the end came since this source looked.
    unseen: Option<std::ops::Range<i64>>,
    newest: &'d mut i64,
    /// Articles of the document that the intake calls new.
    listed: Vec<i64>,
    /// Those that are.
    born: Vec<i64>,
}

impl Writer<'_, '_> {
    /// The article that another source brought since this one looked, if it is the same.
    fn met(&mut self, new: &NewRow) -> Result<Option<(ArticleId, String)>, StoreError> {
        let Some(unseen) = self.unseen.clone() else { return Ok(None) };
        for &key in &new.keys {
            let Some(id) = self.rows.find(key)?.filter(|id| unseen.start < *id && *id <= unseen.end) else { continue };
            let same = "SELECT uid FROM article WHERE id = ? AND outlet = ? AND source <> ?";
            let mut select = self.rows.connection.prepare_cached(same)?;
            let uid = select.query_row(params![id, self.outlet, self.source], |row| row.get(0)).optional()?;
            let Some(uid) = uid else { continue };
            let (keys, feeds, fingerprint) = (new.keys.clone(), new.feeds.clone(), new.fingerprint);
            self.carry(&Carried { id: ArticleId(id), keys, new_source: true, fingerprint, feeds })?;
            self.listed.push(id);
            return Ok(Some((ArticleId(id), uid)));
        }
        Ok(None)
    }

    fn insert(&mut self, new: &NewRow) -> Result<(ArticleId, String), StoreError> {
        let id = *self.newest + 1;
        let uid_keys = new.uids.speaking().map(|uid| uid_key(&uid));
        let hidden = self.rows.any_hidden(new.keys.iter().copied())? || self.rows.any_hidden(uid_keys)?;
        let mut uid = new.uids.first();
        if !self.rows.claim(new.uid_key, id)? {
            for candidate in new.uids.candidates().skip(1) {
                uid = candidate;
                if self.rows.claim(uid_key(&uid), id)? {
                    break;
                }
            }
        }
        let birth = Birth {
            id,
            uid: &uid,
            outlet: self.outlet,
            source: self.source,
            fingerprint: new.fingerprint,
            first_seen: self.now,
            hidden,
            quiet: !new.announced,
            listings: 1,
            unlisted: None,
            keys: &new.keys,
        };
        self.rows.insert(&birth, &new.facts, &new.content)?;
        if !hidden {
            self.join(id, &new.feeds)?;
        }
        *self.newest = id;
        self.listed.push(id);
        self.born.push(id);
        Ok((ArticleId(id), uid.into_owned()))
    }

    fn update(&mut self, updated: &UpdatedRow) -> Result<(), StoreError> {
        let id = updated.id.0;
        let mut hidden = self.rows.is_hidden(id)?;
        if let Some((facts, content)) = &updated.content {
            self.rows.replace(id, facts, content)?;
        }
        self.keep_fingerprint(id, updated.fingerprint, true)?;
        hidden |= self.add_keys(id, &updated.keys)?;
        if !hidden {
            self.join(id, &updated.feeds)?;
        }
        Ok(())
    }

    fn carry(&mut self, carried: &Carried) -> Result<(), StoreError> {
        let id = carried.id.0;
        let mut hidden = self.rows.is_hidden(id)?;
        self.keep_fingerprint(id, carried.fingerprint, carried.new_source)?;
        hidden |= self.add_keys(id, &carried.keys)?;
        if !hidden {
            self.join(id, &carried.feeds)?;
        }
        Ok(())
    }

    fn join(&mut self, id: i64, feeds: &[u32]) -> Result<(), StoreError> {
        let now = self.now;
        self.rows.join(id, feeds.iter().map(|feed| (*feed, now)))
    }

    fn add_keys(&mut self, id: i64, keys: &[Key]) -> Result<bool, StoreError> {
        let hidden = self.rows.add_keys(id, keys)?;
        if hidden {
            self.rows.hide(id)?;
        }
        Ok(hidden)
    }

    /// Keeps the fingerprint of this source's copy; `adds` the source if it is not known to carry it.
    fn keep_fingerprint(&self, id: i64, fingerprint: u64, adds: bool) -> rusqlite::Result<()> {
        let fingerprint = fingerprint.cast_signed();
        let sql = "UPDATE article SET fingerprint = ? WHERE id = ? AND source = ?";
        let mut own = self.rows.connection.prepare_cached(sql)?;
        if own.execute(params![fingerprint, id, self.source])? == 1 {
            return Ok(());
        }
        let sql = "UPDATE carried SET fingerprint = ? WHERE article = ? AND source = ?";
        let mut further = self.rows.connection.prepare_cached(sql)?;
        if further.execute(params![fingerprint, id, self.source])? == 0 && adds {
            let mut insert = self.rows.connection.prepare_cached("INSERT INTO carried VALUES (?, ?, ?, ?)")?;
            insert.execute(params![id, self.source, self.now, fingerprint])?;
        }
        Ok(())
    }
}

/// Replaces a source's listing and counts who lists an article that joined or left it; `born`
/// were stored as listed.
fn relist(
    connection: &Connection,
    source: i64,
    articles: impl Iterator<Item = i64>,
    (born, now): (&[i64], i64),
) -> Result<(), StoreError> {
    let mut articles: Vec<i64> = articles.collect();
    articles.sort_unstable();
    articles.dedup();
    let before = listing_of(connection, source)?;
    if articles == before {
        return Ok(());
    }
    let mut join =
        connection.prepare_cached("UPDATE article SET listings = listings + 1, unlisted = NULL WHERE id = ?")?;
    for id in listing::difference(&articles, &before).filter(|id| born.binary_search(id).is_err()) {
        if join.execute(params![id])? == 0 {
            return Err(StoreError::UnknownArticle { article: id });
        }
    }
    let mut leave = connection.prepare_cached(
        "UPDATE article SET listings = listings - 1, unlisted = CASE WHEN listings = 1 THEN ?2 END WHERE id = ?1",
    )?;
    for id in listing::difference(&before, &articles) {
        leave.execute(params![id, now])?;
    }
    let bytes = listing::encode(&articles);
    connection.prepare_cached("INSERT OR REPLACE INTO listing VALUES (?, ?)")?.execute(params![source, bytes])?;
    Ok(())
}
