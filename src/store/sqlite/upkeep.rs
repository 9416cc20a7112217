//! Hiding, rebuilding, and letting go of what nobody needs.

use rusqlite::{OptionalExtension as _, params};

use super::database::Database;
use super::prepare::AdoptedRow;
use super::rows::{Birth, Rows};
use crate::model::Key;
use crate::store::StoreError;
use crate::store::types::{BODY_DAYS, Counts, uid_key};

const DAY: i64 = 86_400;

/// Hides what a uid or keys name, now and later.
pub(super) fn hide(database: &mut Database, uid: &str, keys: &[Key]) -> Result<Option<String>, StoreError> {
    let Database { connection, keys: known, hides, .. } = database;
    let mut rows = Rows::new(connection, known, true)?;
    let mut first = None;
    for key in std::iter::once(uid_key(uid)).chain(keys.iter().copied()) {
        let mut remember = connection.prepare_cached("INSERT OR IGNORE INTO hidden VALUES (?)")?;
        remember.execute(params![key.0])?;
        let Some(id) = rows.find(key)? else { continue };
        let sql = "SELECT uid FROM article WHERE id = ?";
        let uid: String = connection.prepare_cached(sql)?.query_row(params![id], |row| row.get(0))?;
        remember.execute(params![uid_key(&uid).0])?;
        rows.hide(id)?;
        first.get_or_insert(uid);
    }
    rows.finish()?;
    *hides = true;
    Ok(first)
}

/// Takes over articles of published history whose uids are not stored.
pub(super) fn adopt(database: &mut Database, articles: &[AdoptedRow]) -> Result<u64, StoreError> {
    let Database { connection, sources, outlets, keys, newest, hides, .. } = database;
    let mut rows = Rows::new(connection, keys, *hides)?;
    let mut carry = connection.prepare_cached("INSERT OR IGNORE INTO carried VALUES (?, ?, ?, ?)")?;
    let mut remember = connection.prepare_cached("INSERT OR IGNORE INTO hidden VALUES (?)")?;
    let mut count = 0;
    for AdoptedRow { adopted, uid_key, facts, content } in articles {
        let id = *newest + 1;
        if !rows.claim(*uid_key, id)? {
            continue;
        }
        let first_seen = adopted.first_seen.timestamp();
        let (first, others) = adopted.sources.split_first().map_or(("", &[][..]), |(first, rest)| (&**first, rest));
        let source = sources.number(connection, first)?;
        if adopted.hidden {
            remember.execute(params![uid_key.0])?;
            *hides = true;
        }
        let hidden = adopted.hidden || rows.any_hidden(adopted.keys.iter().copied().chain([*uid_key]))?;
        let birth = Birth {
            id,
            uid: &adopted.uid,
            outlet: outlets.number(connection, &adopted.outlet)?,
            source,
            fingerprint: adopted.fingerprint,
            first_seen,
            hidden,
            quiet: false,
            listings: 0,
            unlisted: Some(first_seen),
            keys: &adopted.keys,
        };
        rows.insert(&birth, facts, content)?;
        for other in others {
            let other = sources.number(connection, other)?;
            if other != source {
                carry.execute(params![id, other, first_seen, adopted.fingerprint.cast_signed()])?;
            }
        }
        // history keeps its hidden members, marked, so that they stay known through every rebuild
        rows.join(id, adopted.feeds.iter().copied())?;
        *newest = id;
        count += 1;
    }
    rows.finish()?;
    connection.prepare_cached("INSERT OR REPLACE INTO note VALUES ('rebuilding', 0, '')")?.execute([])?;
    Ok(count)
}

/// Says that the rebuild has come to its end.
pub(super) fn rebuilt(database: &mut Database) -> Result<(), StoreError> {
    database.connection.prepare_cached("DELETE FROM note WHERE name = 'rebuilding'")?.execute([])?;
    Ok(())
}

/// Whether nothing is stored, or a rebuild has not come to its end.
pub(super) fn is_empty(database: &mut Database) -> Result<bool, StoreError> {
    // articles are never deleted
    let is_rebuilding = "SELECT EXISTS (SELECT 1 FROM note WHERE name = 'rebuilding')";
    Ok(database.newest == 0 || database.connection.prepare_cached(is_rebuilding)?.query_row([], |row| row.get(0))?)
}

/// Drops the bodies that are due, at most once a day.
pub(super) fn retain(database: &mut Database, now: i64) -> Result<u64, StoreError> {
    let connection = &database.connection;
    let looked: Option<i64> = connection
        .prepare_cached("SELECT at FROM note WHERE name = 'retained'")?
        .query_row([], |row| row.get(0))
        .optional()?;
    if looked.is_some_and(|looked| (looked..looked + DAY).contains(&now)) {
        return Ok(0);
    }
    connection.prepare_cached("INSERT OR REPLACE INTO note VALUES ('retained', ?, '')")?.execute(params![now])?;
    connection.prepare_cached("DELETE FROM host WHERE until < ?")?.execute(params![now])?;

    let mut due = connection.prepare_cached(
        "SELECT id FROM article a WHERE unlisted <= ? AND (hidden OR NOT EXISTS (
             SELECT 1 FROM member m JOIN feed ON number = m.feed WHERE m.article = a.id AND NOT dropped
             AND (bound_entered IS NULL
                 OR (entered, coalesce(published, first_seen), uid) > (bound_entered, bound_published, bound_uid))))",
    )?;
    let ids = due.query_map(params![now - BODY_DAYS * DAY], |row| row.get(0))?;
    let ids: Vec<i64> = ids.collect::<Result<_, _>>()?;
    let mut count = 0;
    for id in ids {
        for sql in ["DELETE FROM signature WHERE article = ?", "UPDATE article SET unlisted = NULL WHERE id = ?"] {
            connection.prepare_cached(sql)?.execute(params![id])?;
        }
        let removed = connection.prepare_cached("DELETE FROM detail WHERE article = ?")?.execute(params![id])?;
        count += removed as u64;
    }
    Ok(count)
}

/// How much is stored.
pub(super) fn count(database: &mut Database) -> Result<Counts, StoreError> {
    // articles are never deleted; counting details reads their tree's inner pages only
    let sql =
        "SELECT (SELECT coalesce(max(id), 0) FROM article), (SELECT count(*) FROM source WHERE state IS NOT NULL),
         (SELECT count(*) FROM feed), (SELECT count(*) FROM detail)";
    let counts = database.connection.prepare_cached(sql)?.query_row([], |row| {
        let number = |column| row.get::<_, i64>(column).map(i64::cast_unsigned);
        Ok(Counts { articles: number(0)?, sources: number(1)?, feeds: number(2)?, bodies: number(3)? })
    })?;
    Ok(counts)
}

/// Keeps the report of a run.
pub(super) fn save_report(database: &mut Database, json: &str, now: i64) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO note VALUES ('report', ?, ?)";
    database.connection.prepare_cached(sql)?.execute(params![now, json])?;
    Ok(())
}

/// The report of the last run.
pub(super) fn last_report(database: &mut Database) -> Result<Option<(i64, String)>, StoreError> {
    let mut select = database.connection.prepare_cached("SELECT at, text FROM note WHERE name = 'report'")?;
    Ok(select.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}
