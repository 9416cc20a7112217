//! Documents of one source as candidates for articles: everything that keeps a core busy.

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::dedupe::{self, Candidate, Fast, Identifiers, Scope};
use crate::extract::{self, As, ExtractError};
use crate::markup;
use crate::model::{
    Article, Claim, Document, Extracted, RawArticle, Source, SourceFeed, SourceKind, TextKind, Warning, Where,
};
use crate::normalize;

/// What the documents of one source hold, before anything is normalized.
#[derive(Debug, Default)]
pub struct Reading {
    pub feed: Option<Box<SourceFeed>>,
    /// Whether it was an article page and not a feed.
    pub is_page: bool,
    pub items: Vec<RawArticle>,
    /// Two keys and the fingerprint of each item.
    pub fast: Vec<Fast>,
    /// Documents of a folder that could not be read, in words for people.
    pub troubles: Vec<String>,
}

/// Reads a source's documents.
///
/// # Errors
/// A document from the web cannot be read at all. Of a folder each file fails for itself.
pub fn read(
    source: &Source,
    documents: Vec<Document>,
    surroundings: &Surroundings<'_>,
) -> Result<Reading, ExtractError> {
    let read_as = match source.kind {
        // what was a feed is no page all at once: a page in its place is trouble, not news
        SourceKind::Auto if surroundings.was_feed => As::Feed,
        SourceKind::Auto | SourceKind::Folder => As::Sniff,
        SourceKind::Feed => As::Feed,
        SourceKind::Article => As::Article,
    };
    let request = extract::Request { read_as, more: false, now: surroundings.now };
    let mut reading = Reading::default();
    for document in documents {
        match (extract::extract(&document, &request), &source.location) {
            (Ok(Extracted::Article { article, .. }), Where::Web(_)) if !is_story(&article) => {
                return Err(ExtractError::whole("neither a feed nor an article: the page has no story in it"));
            }
            (Ok(extracted), Where::Web(_)) => reading.take(extracted),
            (Ok(extracted), Where::Folder(root)) => {
                let before = reading.items.len();
                reading.take(extracted);
                for item in &mut reading.items[before..] {
                    place_local(item, root, &document);
                }
            }
            (Err(error), Where::Web(_)) => return Err(error),
            (Err(error), Where::Folder(_)) => reading.troubles.push(format!("{}: {error}", document.url.path())),
        }
    }
    let fast = |item: &RawArticle| {
        let url = item.urls.first().map(|claim| claim.text.text.as_str());
        Fast::new(&surroundings.scope, item.id.as_deref(), url, item.fingerprint)
    };
    reading.fast = reading.items.iter().map(fast).collect();
    Ok(reading)
}

impl Reading {
    fn take(&mut self, extracted: Extracted) {
        match extracted {
            Extracted::Feed { feed, mut items, warnings } => {
                self.troubles.extend(oddities(&warnings));
                if self.items.is_empty() {
                    self.items = items;
                } else {
                    self.items.append(&mut items);
                }
                self.feed = Some(feed);
            }
            Extracted::Article { article, .. } => {
                self.is_page = true;
                self.items.push(*article);
            }
        }
    }
}

/// What was odd in a document that was read all the same, in words for people.
fn oddities(warnings: &[Warning]) -> Option<String> {
    let first = warnings.first()?;
    let place = format!("line {}, column {}: {}", first.line, first.column, first.message);
    Some(match warnings.len() {
        1 => format!("its document was mended at {place}"),
        count => format!("its document was mended in {count} places, first at {place}"),
    })
}

/// Characters of text that a page must have to be taken for an article.
const STORY: usize = 140;

/// Whether a page tells a story: front pages, error pages and parked domains do not.
fn is_story(article: &RawArticle) -> bool {
    let text_of = |claim: &Claim| match claim.text.kind {
        TextKind::Plain => claim.text.text.chars().count(),
        TextKind::Html => markup::to_text(&claim.text.text).chars().count(),
    };
    !article.titles.is_empty() && article.bodies.iter().any(|claim| text_of(claim) >= STORY)
}

/// A local file's article is known by its path below the folder, and nothing of the disk's own
/// addresses is published.
fn place_local(item: &mut RawArticle, root: &Path, document: &Document) {
    if item.id.is_none() {
        let path = document.url.to_file_path().ok();
        let relative = path.as_deref().and_then(|path| path.strip_prefix(root).ok());
        item.id = relative.map(|path| path.to_string_lossy().replace('\\', "/"));
    }
    if item.base.as_ref().is_some_and(|base| base.scheme() == "file") {
        item.base = None;
    }
    item.urls.retain(|claim| !claim.text.text.starts_with("file:"));
    item.canonical_urls.retain(|claim| !claim.text.text.starts_with("file:"));
}

/// Normalizes the items that are new or changed; `raw` are places in the document with their items.
pub fn normalize(
    source: &Arc<Source>,
    feed: Option<&SourceFeed>,
    raw: Vec<(usize, RawArticle)>,
    surroundings: &Surroundings<'_>,
) -> Vec<Candidate> {
    let context = normalize::Context { source: Some(source), feed, now: surroundings.now, outlet_names: &[] };
    raw.into_iter()
        .map(|(position, raw)| {
            let fingerprint = raw.fingerprint;
            let mut article = normalize::article(raw, &context);
            normalize::date_by_change(&mut article);
            candidate(position, fingerprint, article, &surroundings.scope)
        })
        .collect()
}

/// What reading and normalizing depend on beside source and document.
pub struct Surroundings<'a> {
    pub scope: Scope<'a>,
    /// The source's last document was a feed.
    pub was_feed: bool,
    pub now: DateTime<Utc>,
}

fn candidate(position: usize, fingerprint: u64, article: Article, scope: &Scope<'_>) -> Candidate {
    Candidate {
        position,
        keys: dedupe::keys(scope, &Identifiers::of(&article)),
        fingerprint,
        title_hash: article.title.as_deref().map_or(0, dedupe::title_hash),
        size: normalize::text_size(&article),
        article,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_mended_is_told_with_its_first_place() {
        let warning = |line| Warning { message: "a stray \"&\"".into(), offset: 9, line, column: 4 };
        assert_eq!(oddities(&[]), None);
        let one = oddities(&[warning(2)]);
        assert_eq!(one.as_deref(), Some("its document was mended at line 2, column 4: a stray \"&\""));
        let two = oddities(&[warning(2), warning(3)]);
        assert_eq!(
            two.as_deref(),
            Some("its document was mended in 2 places, first at line 2, column 4: a stray \"&\"")
        );
    }
}
