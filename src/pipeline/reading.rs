//! Documents of one source as candidates for articles: everything that keeps a core busy.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::dates::OutletClock;
use crate::dedupe::{self, Candidate, Fast, Identifiers, Scope};
use crate::extract::{self, As, ExtractError, select};
use crate::markup;
use crate::model::{
    Article, Claim, Document, Extracted, RawArticle, RawItems, Sighting, Source, SourceFeed, SourceListing, TextKind,
    Warning, Where,
};
use crate::normalize;

/// What the documents of one source hold, before anything is normalized.
#[derive(Debug, Default)]
pub struct Reading {
    pub feed: Option<Box<SourceFeed>>,
    pub listing: Option<Box<SourceListing>>,
    /// Whether the pages of new items are to be read too.
    pub follows: bool,
    /// How much of it the outlet sent.
    pub extent: Extent,
    /// How many elements each of the operator's selectors matched.
    pub selected: Vec<(&'static str, usize)>,
    /// Whether it was a page or a sitemap and not a feed.
    pub is_page: bool,
    pub items: RawItems,
    /// Two keys and the fingerprint of each item.
    pub fast: Vec<Fast>,
    /// The items normalized, in their place.
    pub candidates: Option<Vec<Candidate>>,
    /// What the items' pages show of the outlet's clock.
    pub sightings: Vec<Sighting>,
    /// Documents of a folder that could not be read, in words for people.
    pub troubles: Vec<String>,
}

/// How much of what a source holds its outlet sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    #[default]
    Whole,
    /// Some of its documents were "not modified", so that not all of its items are here.
    Partial,
    /// All were: only what waited is to be read.
    Nothing,
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
    let request = extract::Request { read_as: surroundings.read_as, more: false, now: surroundings.now };
    let mut reading = Reading::default();
    for document in documents {
        match (extract::extract(&document, &request), &source.location) {
            (Ok(Extracted::Article { article, .. }), Where::Web(_)) if !is_story(&article) => {
                return Err(ExtractError::whole("neither a feed nor an article: the page has no story in it"));
            }
            (Ok(extracted), Where::Web(_)) => {
                reading.take(extracted);
                reading.select(source, &document);
            }
            (Ok(extracted), Where::Folder(root)) => {
                let before = std::mem::take(&mut reading.items);
                reading.take(extracted);
                let own = std::mem::replace(&mut reading.items, before).into_iter();
                reading.items.extend(own.map(|item| placed_local(item, root, &document)));
            }
            (Err(error), Where::Web(_)) => return Err(error),
            (Err(error), Where::Folder(_)) => reading.troubles.push(format!("{}: {error}", document.url.path())),
        }
    }
    Ok(reading)
}

/// An article as selectors find it, before what is found by itself.
#[must_use]
pub fn overlay(own: RawArticle, found: RawArticle) -> RawArticle {
    let (urls, fingerprint) = (found.urls.clone(), found.fingerprint);
    RawArticle { urls, fingerprint, ..extract::merge(found, own) }
}

impl Reading {
    /// Notes two keys and the fingerprint of each item, where that is not done yet.
    pub fn index(&mut self, scope: &Scope<'_>) {
        if self.fast.len() == self.items.len() {
            return;
        }
        let fast = |item: &RawArticle| {
            let url = item.urls.first().map(|claim| claim.text.text.as_str());
            Fast::new(scope, item.id.as_deref(), url, item.fingerprint)
        };
        self.fast = self.items.iter().map(|item| fast(&item)).collect();
    }

    /// Normalizes all items, for a source of which nothing is known yet.
    pub fn normalize_all(&mut self, source: &Arc<Source>, surroundings: &Surroundings<'_>) {
        let raw = std::mem::take(&mut self.items).into_iter().enumerate().collect();
        let candidates = normalize(source, self.feed.as_deref(), raw, surroundings);
        self.fast = candidates.iter().map(Fast::of).collect();
        self.candidates = Some(candidates);
    }

    /// Whether it is a sitemap or an index of them.
    pub fn is_sitemap(&self) -> bool {
        self.listing.as_ref().is_some_and(|listing| listing.rung.contains("sitemap"))
    }

    /// Whether it is an index of sitemaps.
    pub fn is_index(&self) -> bool {
        self.listing.as_ref().is_some_and(|listing| listing.rung == "sitemap-index")
    }

    /// Adds the items of a further document of the same list.
    pub fn join(&mut self, more: Self) {
        self.items.extend(more.items);
        self.fast.clear();
        if let (Some(listing), Some(more)) = (&mut self.listing, more.listing) {
            listing.site_name = listing.site_name.take().or(more.site_name);
        }
        for (name, matches) in more.selected {
            match self.selected.iter_mut().find(|(known, _)| *known == name) {
                Some((_, known)) => *known += matches,
                None => self.selected.push((name, matches)),
            }
        }
    }

    /// Puts what the operator's selectors find in front of what was found by itself.
    fn select(&mut self, source: &Source, document: &Document) {
        let Some(wanted) = &source.select else { return };
        if self.is_page {
            let selected = select::of_page(document, wanted);
            self.selected = selected.counts;
            if let Some(own) = selected.items.into_iter().next()
                && let Some(found) = std::mem::take(&mut self.items).into_iter().last()
            {
                self.items = vec![overlay(own, found)].into();
            }
        } else if self.listing.is_some() && (wanted.item.is_some() || wanted.link.is_some()) {
            let selected = select::of_list(document, wanted);
            self.selected = selected.counts;
            let mut found: HashMap<String, RawArticle> = std::mem::take(&mut self.items)
                .into_iter()
                .filter_map(|item| Some((crate::address::key_form(&item.urls.first()?.text.text), item)))
                .collect();
            self.items = selected
                .items
                .into_iter()
                .map(|own| {
                    let key = own.urls.first().map(|url| crate::address::key_form(&url.text.text));
                    let fingerprint = own.fingerprint;
                    match key.and_then(|key| found.remove(&key)) {
                        Some(found) => RawArticle { fingerprint, ..overlay(own, found) },
                        None => own,
                    }
                })
                .collect::<Vec<_>>()
                .into();
        }
    }

    fn take(&mut self, extracted: Extracted) {
        match extracted {
            Extracted::Feed { feed, items, warnings } => {
                self.troubles.extend(oddities(&warnings));
                self.add(items);
                self.feed = Some(feed);
            }
            Extracted::Listing { listing, items } => {
                self.add(items.into());
                self.listing = Some(listing);
            }
            Extracted::Article { article, .. } => {
                self.is_page = true;
                self.items.push(*article);
            }
        }
    }

    fn add(&mut self, items: RawItems) {
        if self.items.is_empty() {
            self.items = items;
        } else {
            self.items.extend(items);
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
pub fn is_story(article: &RawArticle) -> bool {
    has_text(article, STORY)
}

/// The same of a page that a list names as a story: short news are stories too.
pub fn is_short_story(article: &RawArticle) -> bool {
    has_text(article, STORY / 2)
}

fn has_text(article: &RawArticle, least: usize) -> bool {
    let text_of = |claim: &Claim| match claim.text.kind {
        TextKind::Plain => length(&claim.text.text),
        TextKind::Html => length(&markup::to_text(&claim.text.text)),
    };
    !article.titles.is_empty() && article.bodies.iter().any(|claim| text_of(claim) >= least)
}

/// Characters of a text; one of Chinese or Japanese says as much as two letters.
fn length(text: &str) -> usize {
    text.chars()
        .map(|character| if matches!(character, '\u{3040}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}') { 2 } else { 1 })
        .sum()
}

/// A local file's article is known by its path below the folder, and nothing of the disk's own
/// addresses is published.
fn placed_local(mut item: RawArticle, root: &Path, document: &Document) -> RawArticle {
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
    item
}

fn context<'a>(
    source: &'a Source,
    feed: Option<&'a SourceFeed>,
    surroundings: &'a Surroundings<'_>,
) -> normalize::Context<'a> {
    let clock = surroundings.clock.as_ref();
    normalize::Context { source: Some(source), feed, now: surroundings.now, clock, outlet_names: &[], explains: false }
}

/// What the items' pages show of their outlet's clock; nothing where the operator has set it.
pub fn sightings(source: &Source, raw: &[(usize, RawArticle)], surroundings: &Surroundings<'_>) -> Vec<Sighting> {
    if source.timezone.is_some() {
        return Vec::new();
    }
    let context = context(source, None, surroundings);
    raw.iter().filter_map(|(_, raw)| normalize::sighting(raw, &context)).collect()
}

/// Adds what header fields say of how a page may be used to what the page says.
pub fn with_usage(mut page: RawArticle, fields: &[String]) -> RawArticle {
    for signal in extract::usage_signals(fields.iter().map(String::as_str)) {
        if !page.rights.usage.contains(&signal) {
            page.rights.usage.push(signal);
        }
    }
    page
}

/// Normalizes the items that are new or changed; `raw` are places in the document with their items.
pub fn normalize(
    source: &Arc<Source>,
    feed: Option<&SourceFeed>,
    raw: Vec<(usize, RawArticle)>,
    surroundings: &Surroundings<'_>,
) -> Vec<Candidate> {
    let context = context(source, feed, surroundings);
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
    /// What the documents are to be read as.
    pub read_as: As,
    pub now: DateTime<Utc>,
    /// The outlet's clock, as far as its own articles show it.
    pub clock: Option<OutletClock>,
}

fn candidate(position: usize, fingerprint: u64, article: Article, scope: &Scope<'_>) -> Candidate {
    Candidate {
        position,
        keys: dedupe::keys(scope, &Identifiers::of(&article)),
        fingerprint,
        title_hash: article.title.as_deref().map_or(0, dedupe::title_hash),
        size: normalize::text_size(&article),
        article: Box::new(article),
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
