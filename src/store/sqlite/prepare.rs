//! An intake made ready for its thread: everything that costs time but needs no database.

use crate::model::{Article, ArticleId, Carried, Intake, Key, NewArticle, Uids, UpdatedArticle};
use crate::store::StoreError;
use crate::store::detail::Encoder;
use crate::store::types::{Adopted, adopted_published, published, uid_key};

/// An intake with its articles packed.
pub(super) struct Prepared {
    /// As it came, but for the articles.
    pub(super) source: String,
    pub(super) state: String,
    pub(super) outlet: std::sync::Arc<str>,
    pub(super) new: Vec<NewRow>,
    pub(super) updated: Vec<UpdatedRow>,
    pub(super) carried: Vec<Carried>,
    pub(super) listed: Option<Vec<ArticleId>>,
    pub(super) now: i64,
}

/// A new article's row.
pub(super) struct NewRow {
    pub(super) uids: Uids,
    /// The key of the best of them.
    pub(super) uid_key: Key,
    pub(super) keys: Vec<Key>,
    pub(super) feeds: Vec<u32>,
    pub(super) announced: bool,
    pub(super) fingerprint: u64,
    pub(super) facts: Facts,
    pub(super) content: Vec<u8>,
}

/// An updated article's row.
pub(super) struct UpdatedRow {
    pub(super) id: ArticleId,
    pub(super) keys: Vec<Key>,
    pub(super) feeds: Vec<u32>,
    pub(super) fingerprint: u64,
    /// The new content, if any.
    pub(super) content: Option<(Facts, Vec<u8>)>,
}

/// The columns that come from an article.
pub(super) struct Facts {
    pub(super) canonical_url: Option<String>,
    pub(super) title_hash: u64,
    pub(super) published: Option<i64>,
    pub(super) size: u32,
}

impl Facts {
    pub(super) fn of(article: &mut Article, title_hash: u64, size: u32) -> Self {
        let published = published(article);
        Self { canonical_url: article.canonical_url.take(), title_hash, published, size }
    }
}

impl Prepared {
    pub(super) fn new(intake: Intake, encoder: &Encoder) -> Result<Self, StoreError> {
        let state = serde_json::to_string(&intake.state).map_err(unpackable)?;
        Ok(Self {
            source: intake.state.id,
            state,
            outlet: intake.outlet,
            new: new_rows(intake.new, encoder)?,
            updated: updated_rows(intake.updated, encoder)?,
            carried: intake.carried,
            listed: intake.listed,
            now: intake.now.timestamp(),
        })
    }
}

/// About how many bytes there are to pack.
pub(super) fn weight(intake: &Intake) -> usize {
    let updated = intake.updated.iter().filter_map(|updated| updated.article.as_ref());
    let articles = intake.new.iter().map(|new| &new.article).chain(updated);
    articles.map(|article| article.body.as_ref().map_or(0, |body| body.text.len()) + 512).sum()
}

fn new_rows(articles: Vec<NewArticle>, encoder: &Encoder) -> Result<Vec<NewRow>, StoreError> {
    let mut rows = Vec::with_capacity(articles.len());
    let contents = encoder.encode(articles.into_iter().map(|mut new| {
        rows.push(NewRow {
            uid_key: uid_key(&new.uids.first()),
            uids: new.uids,
            keys: new.keys,
            feeds: new.feeds,
            announced: new.announced,
            fingerprint: new.fingerprint,
            facts: Facts::of(&mut new.article, new.title_hash, new.size),
            content: Vec::new(),
        });
        new.article
    }));
    for (row, content) in rows.iter_mut().zip(contents.map_err(unpackable)?) {
        row.content = content;
    }
    Ok(rows)
}

fn updated_rows(articles: Vec<UpdatedArticle>, encoder: &Encoder) -> Result<Vec<UpdatedRow>, StoreError> {
    let pack = |updated: UpdatedArticle| {
        let UpdatedArticle { id, article, keys, fingerprint, title_hash, size, feeds } = updated;
        let content = match article {
            Some(mut article) => {
                let facts = Facts::of(&mut article, title_hash, size);
                Some((facts, encoder.encode_one(article).map_err(unpackable)?))
            }
            None => None,
        };
        Ok(UpdatedRow { id, keys, feeds, fingerprint, content })
    };
    articles.into_iter().map(pack).collect()
}

/// An article of published history made ready.
pub(super) struct AdoptedRow {
    pub(super) adopted: Adopted,
    pub(super) uid_key: Key,
    pub(super) facts: Facts,
    /// Empty where history does not tell it any more.
    pub(super) content: Vec<u8>,
}

/// The rows of published history, oldest first.
pub(super) fn adopted_rows(mut articles: Vec<Adopted>, encoder: &Encoder) -> Result<Vec<AdoptedRow>, StoreError> {
    articles.sort_by(|a, b| (a.first_seen, &a.uid).cmp(&(b.first_seen, &b.uid)));
    let pack = |mut adopted: Adopted| {
        let published = adopted_published(&adopted);
        let mut article = std::mem::take(&mut adopted.article);
        let facts = Facts { published, ..Facts::of(&mut article, adopted.title_hash, adopted.size) };
        let is_told = article != Article::default();
        let content = if is_told { encoder.encode_one(Box::new(article)).map_err(unpackable)? } else { Vec::new() };
        Ok(AdoptedRow { uid_key: uid_key(&adopted.uid), adopted, facts, content })
    };
    articles.into_iter().map(pack).collect()
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn unpackable(error: impl ToString) -> StoreError {
    StoreError::Database { detail: format!("an article cannot be packed: {}", error.to_string()) }
}
