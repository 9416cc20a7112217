//! Reading sources and articles.

use std::collections::HashMap;
use std::sync::Arc;

use rusqlite::types::ValueRef;
use rusqlite::{OptionalExtension as _, Row, params};

use super::database::Database;
use super::intake::{listing_of, put_state};
use crate::model::{Article, ArticleId, Hit, Host, Key, KeyMap, Known, SourceState, Stored};
use crate::store::StoreError;
use crate::store::detail::Decoder;
use crate::store::types::{Origin, at};

/// What is known of a source's document.
pub(super) fn lookup(database: &mut Database, source: &Arc<str>, keys: &[Key]) -> Result<Known, StoreError> {
    database.looked.insert(Arc::clone(source), database.newest);
    let Database { connection, sources, outlets, keys: known, .. } = database;
    let number = sources.find(connection, source)?;
    let listed = number.map(|number| listing_of(connection, number)).transpose()?.unwrap_or_default();

    let mut select = connection.prepare_cached(
        "SELECT outlet, title_hash, published, hidden, iif(source = ?2, fingerprint, \
         (SELECT c.fingerprint FROM carried c WHERE c.article = id AND c.source = ?2)) FROM article WHERE id = ?1",
    )?;
    let mut articles: HashMap<i64, Hit> = HashMap::new();
    let mut hits = KeyMap::default();
    for &key in keys {
        let Some(id) = known.find(connection, key)? else { continue };
        let hit = if let Some(hit) = articles.get(&id) {
            hit.clone()
        } else {
            let hit = select.query_row(params![id, number.unwrap_or(0)], |row| {
                let fingerprint: Option<i64> = row.get(4)?;
                Ok(Hit {
                    article: ArticleId(id),
                    outlet: outlets.name(connection, row.get(0)?)?,
                    title_hash: hash(row, 1)?,
                    published: row.get(2)?,
                    hidden: row.get(3)?,
                    carried: fingerprint.is_some(),
                    fingerprint: fingerprint.map_or(0, i64::cast_unsigned),
                })
            })?;
            articles.entry(id).or_insert(hit).clone()
        };
        hits.insert(key, hit);
    }
    Ok(Known { hits, listed: listed.into_iter().map(ArticleId).collect() })
}

/// An unsigned hash stored as a signed integer.
pub(super) fn hash(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get(column).map(i64::cast_unsigned)
}

/// The keys that a row holds, joined.
pub(super) fn keys(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<Key>> {
    let joined = row.get_ref(column)?.as_blob()?;
    Ok(joined.as_chunks().0.iter().map(|key| Key(*key)).collect())
}

/// The sources beside its first one that carry an article, in the order in which they came.
pub(super) const FURTHER_SOURCES: &str = "SELECT source FROM carried WHERE article = ? ORDER BY first_seen";

/// A stored article whose content is still packed.
pub(super) struct Packed {
    stored: Stored,
    content: Option<Vec<u8>>,
}

impl Packed {
    /// Packed bytes.
    pub(super) fn size(&self) -> usize {
        self.content.as_ref().map_or(0, Vec::len)
    }
}

const SELECT_ARTICLE: &str = "SELECT id, uid, iif(canonical_url = '', uid, canonical_url), outlet, source, first_seen, keys, \
     quiet, content FROM article LEFT JOIN detail ON article = id";

/// The articles of these ids, in their order.
pub(super) fn articles(database: &mut Database, ids: &[ArticleId]) -> Result<Vec<Packed>, StoreError> {
    let mut articles = Vec::with_capacity(ids.len());
    for id in ids {
        articles.extend(select(database, "WHERE id = ? LIMIT ?", [id.0, 1])?);
    }
    Ok(articles)
}

/// A page of articles with ids above one.
pub(super) fn scan(database: &mut Database, after: i64, limit: usize) -> Result<Vec<Packed>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    select(database, "WHERE id > ? ORDER BY id LIMIT ?", [after, limit])
}

fn select(database: &mut Database, which: &str, values: [i64; 2]) -> Result<Vec<Packed>, StoreError> {
    let Database { connection, sources, outlets, .. } = database;
    let mut select = connection.prepare_cached(&format!("{SELECT_ARTICLE} {which}"))?;
    let mut others = connection.prepare_cached(FURTHER_SOURCES)?;
    let mut rows = select.query(values)?;
    let mut articles = Vec::new();
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        let mut carriers = vec![sources.name(connection, row.get(4)?)?];
        let mut rest = others.query(params![id])?;
        while let Some(row) = rest.next()? {
            carriers.push(sources.name(connection, row.get(0)?)?);
        }
        let canonical_url = row.get(2)?;
        articles.push(Packed {
            stored: Stored {
                id: ArticleId(id),
                uid: row.get(1)?,
                outlet: outlets.name(connection, row.get(3)?)?,
                sources: carriers,
                first_seen: at(row.get(5)?),
                article: Article { canonical_url, ..Article::default() },
                keys: keys(row, 6)?,
                quiet: row.get(7)?,
                is_gone: row.get_ref(8)? == ValueRef::Null,
            },
            content: row.get(8)?,
        });
    }
    Ok(articles)
}

/// So many times as many articles may lie between those that are asked for as there are of them.
const SPARSE: usize = 8;

/// Where articles came from. In the order of their rows, and their further sources in one go: a feed's
/// history asks for thousands.
pub(super) fn origins(database: &mut Database, mut articles: Vec<ArticleId>) -> Result<Vec<Origin>, StoreError> {
    articles.sort_unstable();
    let (Some(least), Some(most)) = (articles.first(), articles.last()) else { return Ok(Vec::new()) };
    let Database { connection, sources, .. } = database;
    // one after the other where they lie far apart
    let is_dense = usize::try_from(most.0 - least.0).is_ok_and(|span| span / SPARSE <= articles.len());
    let mut further: HashMap<i64, Vec<i64>> = HashMap::new();
    if is_dense {
        let mut select = connection.prepare_cached(
            "SELECT article, source FROM carried WHERE article BETWEEN ? AND ? ORDER BY article, first_seen",
        )?;
        let mut rows = select.query(params![least.0, most.0])?;
        while let Some(row) = rows.next()? {
            further.entry(row.get(0)?).or_default().push(row.get(1)?);
        }
    }
    let mut others = connection.prepare_cached(FURTHER_SOURCES)?;
    let mut select = connection.prepare_cached("SELECT keys, source, first_seen FROM article WHERE id = ?")?;
    let mut origins = Vec::with_capacity(articles.len());
    for &article in &articles {
        let mut rows = select.query(params![article.0])?;
        let Some(row) = rows.next()? else { continue };
        let mut carriers = vec![sources.name(connection, row.get(1)?)?];
        let numbers = if is_dense {
            further.remove(&article.0).unwrap_or_default()
        } else {
            others.query_map(params![article.0], |row| row.get(0))?.collect::<Result<_, _>>()?
        };
        for number in numbers {
            carriers.push(sources.name(connection, number)?);
        }
        origins.push(Origin { article, keys: keys(row, 0)?, sources: carriers, first_seen: at(row.get(2)?) });
    }
    Ok(origins)
}

/// Unpacks articles; needs no database.
pub(super) fn unpack(packed: Vec<Packed>) -> Result<Vec<Stored>, StoreError> {
    let unreadable = |article: i64, detail| StoreError::Unreadable { article, detail };
    let mut decoder = Decoder::new().map_err(|detail| unreadable(0, detail))?;
    let unpack = |Packed { mut stored, content }| {
        if let Some(content) = content {
            let article = decoder.decode(&content).map_err(|detail| unreadable(stored.id.0, detail))?;
            let canonical_url = stored.article.canonical_url.take();
            stored.article = Article { canonical_url, ..article };
        }
        Ok(stored)
    };
    packed.into_iter().map(unpack).collect()
}

/// The rows of all sources.
pub(super) fn sources(database: &mut Database) -> Result<Vec<SourceState>, StoreError> {
    let mut select = database.connection.prepare_cached("SELECT id, state FROM source WHERE state IS NOT NULL")?;
    let mut rows = select.query([])?;
    let mut sources = Vec::new();
    while let Some(row) = rows.next()? {
        let text = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        let state = serde_json::from_str(text).map_err(|error| {
            let id = row.get::<_, String>(0).unwrap_or_default();
            StoreError::Database { detail: format!("the row of source {id:?} cannot be read: {error}") }
        })?;
        sources.push(state);
    }
    Ok(sources)
}

/// Stores rows of sources: id and packed state.
pub(super) fn put_sources(database: &mut Database, states: &[(String, String)]) -> Result<(), StoreError> {
    let Database { connection, sources, .. } = database;
    for (id, state) in states {
        let number = sources.number(connection, id)?;
        put_state(connection, number, state)?;
    }
    Ok(())
}

/// What is remembered of every host.
pub(super) fn hosts(database: &mut Database) -> Result<Vec<Host>, StoreError> {
    let mut select = database.connection.prepare_cached("SELECT state FROM host")?;
    let rows = select.query_map([], |row| row.get::<_, String>(0))?;
    // a row that cannot be read is one that a newer program wrote: what it knows is asked for anew
    rows.filter_map(|row| row.map(|row| serde_json::from_str(&row).ok()).transpose())
        .collect::<Result<_, _>>()
        .map_err(StoreError::from)
}

/// Stores what is remembered of hosts.
pub(super) fn put_hosts(database: &mut Database, hosts: &[(String, i64, String)]) -> Result<(), StoreError> {
    let mut insert = database.connection.prepare_cached("INSERT OR REPLACE INTO host VALUES (?, ?, ?)")?;
    for (name, until, state) in hosts {
        insert.execute(params![name, until, state])?;
    }
    Ok(())
}

/// Signatures of those articles that have one.
pub(super) fn signatures(database: &mut Database, ids: &[ArticleId]) -> Result<Vec<(ArticleId, Vec<u8>)>, StoreError> {
    let mut select = database.connection.prepare_cached("SELECT signature FROM signature WHERE article = ?")?;
    let mut signatures = Vec::with_capacity(ids.len());
    for &id in ids {
        let signature = select.query_row(params![id.0], |row| row.get(0)).optional()?;
        signatures.extend(signature.map(|signature| (id, signature)));
    }
    Ok(signatures)
}

/// Stores signatures.
pub(super) fn put_signatures(database: &mut Database, signatures: &[(ArticleId, Vec<u8>)]) -> Result<(), StoreError> {
    let mut insert = database.connection.prepare_cached("INSERT OR REPLACE INTO signature VALUES (?, ?)")?;
    for (id, signature) in signatures {
        insert.execute(params![id.0, signature])?;
    }
    Ok(())
}
