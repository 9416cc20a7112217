//! Published feeds: records, members, windows, files.

use std::collections::{BTreeMap, HashSet};

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::database::Database;
use super::reads::hash;
use crate::model::{ArticleId, Bound};
use crate::store::StoreError;
use crate::store::types::{FeedRecord, FileRecord, HISTORY, Member, Release};

const SELECT_FEED: &str = "SELECT number, id, selection_hash, urn, revision, released, settings_hash, bound_entered, \
     bound_published, bound_uid, items, updated FROM feed";

/// The records of all feeds.
pub(super) fn feeds(database: &mut Database) -> Result<Vec<FeedRecord>, StoreError> {
    let mut select = database.connection.prepare_cached(&format!("{SELECT_FEED} ORDER BY number"))?;
    let feeds = select.query_map([], record)?;
    Ok(feeds.collect::<Result<_, _>>()?)
}

/// The record of a feed, made or renamed if need be.
pub(super) fn register(
    database: &mut Database,
    (id, urn, selection_hash): (&str, &str, u64),
    was: &[String],
) -> Result<FeedRecord, StoreError> {
    let connection = &database.connection;
    let find = |id: &str| {
        let mut select = connection.prepare_cached(&format!("{SELECT_FEED} WHERE id = ?"))?;
        select.query_row(params![id], record).optional()
    };
    if let Some(known) = find(id)? {
        return Ok(known);
    }
    for old in was {
        if let Some(known) = find(old)? {
            let mut rename = connection.prepare_cached("UPDATE feed SET id = ? WHERE number = ?")?;
            rename.execute(params![id, known.number])?;
            return Ok(FeedRecord { id: id.to_owned(), ..known });
        }
    }
    connection.prepare_cached("INSERT INTO feed (id, urn, selection_hash) VALUES (?, ?, ?)")?.execute(params![
        id,
        urn,
        selection_hash.cast_signed()
    ])?;
    find(id)?.ok_or_else(|| StoreError::Database { detail: format!("feed {id:?} was not stored") })
}

fn record(row: &Row<'_>) -> rusqlite::Result<FeedRecord> {
    let bound = match row.get(7)? {
        Some(entered) => Some(Bound { entered, published: row.get(8)?, uid: row.get(9)? }),
        None => None,
    };
    Ok(FeedRecord {
        number: row.get(0)?,
        id: row.get(1)?,
        selection_hash: hash(row, 2)?,
        urn: row.get(3)?,
        bound,
        revision: hash(row, 4)?,
        released: hash(row, 5)?,
        settings_hash: hash(row, 6)?,
        items: row.get(10)?,
        updated: row.get(11)?,
    })
}

fn known(connection: &Connection, feed: u32) -> Result<FeedRecord, StoreError> {
    let mut select = connection.prepare_cached(&format!("{SELECT_FEED} WHERE number = ?"))?;
    select.query_row(params![feed], record).optional()?.ok_or(StoreError::UnknownFeed { feed })
}

/// The members of a feed, latest first: its window and its history, at most `most` and [`HISTORY`].
pub(super) fn members(database: &mut Database, feed: u32, most: usize) -> Result<Vec<Member>, StoreError> {
    let Database { connection, outlets, .. } = database;
    let most = most.max(HISTORY);
    let bound = known(connection, feed)?.bound;
    // the index gives this order; SQLite would keep all rows in memory to tell equal times apart
    let mut select = connection.prepare_cached(
        "SELECT m.article, uid, entered, coalesce(published, first_seen), size, title_hash, story, hidden, \
         dropped, outlet, added, changed FROM member m CROSS JOIN article ON id = m.article WHERE feed = ? \
         ORDER BY entered DESC",
    )?;
    let mut rows = select.query(params![feed])?;
    let mut members: Vec<Member> = Vec::new();
    // what is not above it is not among the latest
    let mut least: Option<Bound> = None;
    while let Some(row) = rows.next()? {
        let entered = row.get(2)?;
        let is_earlier = members.last().is_some_and(|last| last.entered != entered);
        let is_past = bound.as_ref().is_some_and(|bound| entered < bound.entered);
        if is_earlier && (members.len() >= most || (members.len() >= HISTORY && is_past)) {
            break;
        }
        let published = row.get(3)?;
        let uid = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        if least.as_ref().is_some_and(|least| !least.admits(entered, published, uid)) {
            continue;
        }
        members.push(Member {
            article: ArticleId(row.get(0)?),
            uid: uid.to_owned(),
            entered,
            published,
            size: row.get(4)?,
            title_hash: hash(row, 5)?,
            story: row.get::<_, Option<i64>>(6)?.map(ArticleId),
            hidden: row.get(7)?,
            dropped: row.get(8)?,
            outlet: outlets.name(connection, row.get(9)?)?,
            added: hash(row, 10)?,
            changed: hash(row, 11)?,
        });
        if members.len() >= most.saturating_add(most / 2) {
            keep_latest(&mut members, most);
            least = members.last().map(|last| Bound {
                entered: last.entered,
                published: last.published,
                uid: last.uid.clone(),
            });
        }
    }
    keep_latest(&mut members, most);
    let is_below = |member: &Member| {
        bound.as_ref().is_some_and(|bound| !bound.admits(member.entered, member.published, &member.uid))
    };
    let below = members.iter().skip(HISTORY).position(is_below);
    members.truncate(below.map_or(members.len(), |place| HISTORY + place));
    Ok(members)
}

/// Sorts members, latest first, and lets those behind the `most` latest go.
fn keep_latest(members: &mut Vec<Member>, most: usize) {
    members.sort_unstable_by(|a, b| (b.entered, b.published, &b.uid).cmp(&(a.entered, a.published, &a.uid)));
    members.truncate(most);
}

/// The uids of hidden members.
pub(super) fn hidden_members(database: &mut Database, feed: u32) -> Result<Vec<String>, StoreError> {
    known(&database.connection, feed)?;
    // few articles are hidden, and an index has them: not all members are looked at
    let mut select = database.connection.prepare_cached(
        "SELECT uid FROM article CROSS JOIN member ON member.article = article.id AND feed = ? WHERE hidden \
         ORDER BY uid",
    )?;
    let uids = select.query_map(params![feed], |row| row.get(0))?;
    Ok(uids.collect::<Result<_, _>>()?)
}

/// Replaces the membership of a feed, history apart.
pub(super) fn set_members(
    database: &mut Database,
    (feed, selection_hash): (u32, u64),
    members: &[(ArticleId, i64)],
) -> Result<(), StoreError> {
    let connection = &database.connection;
    let FeedRecord { bound, revision, .. } = known(connection, feed)?;
    let revision = revision.cast_signed() + 1;
    let named: BTreeMap<i64, i64> = members.iter().map(|(id, entered)| (id.0, *entered)).collect();

    let mut present = HashSet::new();
    let (mut gone, mut returned) = (Vec::new(), Vec::new());
    let mut select = connection.prepare_cached(
        "SELECT m.article, entered, coalesce(published, first_seen), uid, dropped, first_seen FROM member m \
         JOIN article ON id = m.article WHERE feed = ?",
    )?;
    let mut rows = select.query(params![feed])?;
    while let Some(row) = rows.next()? {
        let article: i64 = row.get(0)?;
        let uid = row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?;
        let published = row.get(2)?;
        let in_window = |entered| bound.as_ref().is_none_or(|bound| bound.admits(entered, published, uid));
        if !named.contains_key(&article) && in_window(row.get(1)?) && !row.get::<_, bool>(4)? {
            if in_window(row.get(5)?) { gone.push(article) } else { returned.push(article) }
        }
        present.insert(article);
    }
    drop(rows);

    let mut delete = connection.prepare_cached("DELETE FROM member WHERE article = ? AND feed = ?")?;
    for article in gone {
        delete.execute(params![article, feed])?;
    }
    let mut drop_back = connection.prepare_cached(
        "UPDATE member SET dropped = 1, entered = (SELECT first_seen FROM article WHERE id = ?1) \
         WHERE article = ?1 AND feed = ?2",
    )?;
    for article in returned {
        drop_back.execute(params![article, feed])?;
    }
    let mut hidden = connection.prepare_cached("SELECT hidden FROM article WHERE id = ?")?;
    let mut insert = connection
        .prepare_cached("INSERT INTO member (article, feed, entered, added, changed) VALUES (?1, ?2, ?3, ?4, ?4)")?;
    for (article, entered) in named.into_iter().filter(|(article, _)| !present.contains(article)) {
        let hidden: Option<bool> = hidden.query_row(params![article], |row| row.get(0)).optional()?;
        if !hidden.ok_or(StoreError::UnknownArticle { article })? {
            insert.execute(params![article, feed, entered, revision])?;
        }
    }
    connection
        .prepare_cached("UPDATE feed SET selection_hash = ?, revision = ? WHERE number = ?")?
        .execute(params![selection_hash.cast_signed(), revision, feed])?;
    Ok(())
}

/// Says which stories members belong to.
pub(super) fn set_stories(
    database: &mut Database,
    feed: u32,
    stories: &[(ArticleId, ArticleId)],
) -> Result<(), StoreError> {
    let connection = &database.connection;
    known(connection, feed)?;
    let mut update = connection.prepare_cached("UPDATE member SET story = ? WHERE article = ? AND feed = ?")?;
    for (article, story) in stories {
        update.execute(params![story.0, article.0, feed])?;
    }
    Ok(())
}

/// Records a release.
pub(super) fn release(database: &mut Database, feed: u32, release: &Release) -> Result<(), StoreError> {
    let connection = &database.connection;
    let now = release.now.timestamp();
    let before = known(connection, feed)?.bound;
    connection
        .prepare_cached("UPDATE feed SET released = ?, settings_hash = ?, items = ?, updated = ? WHERE number = ?")?
        .execute(params![
            release.revision.cast_signed(),
            release.settings_hash.cast_signed(),
            release.items,
            release.updated,
            feed
        ])?;

    if let Some(bound) = release.bound.as_ref().filter(|bound| Some(*bound) > before.as_ref()) {
        set_bound(connection, feed, bound)?;
        // the days until their bodies go begin again for all that may have left the window just now
        connection
            .prepare_cached(
                "UPDATE article SET unlisted = max(unlisted, ?) WHERE unlisted IS NOT NULL AND id IN \
                 (SELECT article FROM member WHERE feed = ? AND entered BETWEEN ? AND ?)",
            )?
            .execute(params![now, feed, before.map_or(i64::MIN, |before| before.entered), bound.entered])?;
    }
    let mut reenter = connection.prepare_cached("UPDATE member SET entered = ? WHERE article = ? AND feed = ?")?;
    for article in &release.reenter {
        reenter.execute(params![now, article.0, feed])?;
    }
    let mut leave = connection.prepare_cached("UPDATE member SET dropped = 1 WHERE article = ? AND feed = ?")?;
    let mut begin = connection
        .prepare_cached("UPDATE article SET unlisted = max(unlisted, ?) WHERE unlisted IS NOT NULL AND id = ?")?;
    for article in &release.drop {
        leave.execute(params![article.0, feed])?;
        begin.execute(params![now, article.0])?;
    }
    insert_files(connection, &release.files)
}

/// Sets the bound of a feed that was never released.
pub(super) fn restore_bound(database: &mut Database, feed: u32, bound: Option<&Bound>) -> Result<(), StoreError> {
    let connection = &database.connection;
    let before = known(connection, feed)?;
    match bound.filter(|bound| before.released == 0 && Some(*bound) > before.bound.as_ref()) {
        Some(bound) => Ok(set_bound(connection, feed, bound)?),
        None => Ok(()),
    }
}

fn set_bound(connection: &Connection, feed: u32, bound: &Bound) -> rusqlite::Result<()> {
    let sql = "UPDATE feed SET bound_entered = ?, bound_published = ?, bound_uid = ? WHERE number = ?";
    let mut update = connection.prepare_cached(sql)?;
    update.execute(params![bound.entered, bound.published, bound.uid, feed]).map(drop)
}

/// Records files.
pub(super) fn put_files(database: &mut Database, files: &[FileRecord]) -> Result<(), StoreError> {
    insert_files(&database.connection, files)
}

fn insert_files(connection: &Connection, files: &[FileRecord]) -> Result<(), StoreError> {
    let mut insert = connection.prepare_cached("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?)")?;
    for file in files {
        insert.execute(params![file.target, file.path, file.hash.to_be_bytes(), file.size.cast_signed()])?;
    }
    Ok(())
}

/// The files of a target whose paths begin like this, by path.
pub(super) fn files(database: &mut Database, (target, beginning): (&str, &str)) -> Result<Vec<FileRecord>, StoreError> {
    let mut select = database.connection.prepare_cached(
        "SELECT path, hash, size FROM file WHERE target = ? AND path >= ? AND path < ? ORDER BY path",
    )?;
    let files = select.query_map(params![target, beginning, format!("{beginning}{}", char::MAX)], |row| {
        Ok(FileRecord {
            target: target.to_owned(),
            path: row.get(0)?,
            hash: u128::from_be_bytes(row.get(1)?),
            size: hash(row, 2)?,
        })
    })?;
    Ok(files.collect::<Result<_, _>>()?)
}

/// Forgets files of a target.
pub(super) fn forget_files(database: &mut Database, target: &str, paths: &[String]) -> Result<(), StoreError> {
    let mut delete = database.connection.prepare_cached("DELETE FROM file WHERE target = ? AND path = ?")?;
    for path in paths {
        delete.execute(params![target, path])?;
    }
    Ok(())
}
