//! The ladder that an `auto` source climbs down, and the documents of the explicit kinds.
//!
//! ```text
//! feed          the address itself is a feed (or a sitemap)
//! linked-feed   the page links to one, or it lies at a usual place
//! sitemap       a news sitemap: robots.txt, usual places
//! listing       the page lists stories: structured data, WordPress API, repeated blocks
//! article       the page is one
//! ```
//!
//! Where it stood is remembered. A rung that stops working gives way to the next search, at most once a
//! day; the search begins at the configured address and makes a bounded number of requests.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use super::climb;
use super::failure::Failed;
use super::lists;
use super::reading::Reading;
use super::source;
use super::{Parts, Plan};
use crate::extract::As;
use crate::gather::Class;
use crate::model::{Document, Rung, RungKind, Source, SourceKind, SourceState, Where};
use crate::schedule::Failure;

/// How pages that list stories are asked for.
pub(super) const CLASS_OF_LISTS: Class = Class::Listing;

/// Time between two searches of one source.
const SEARCH: TimeDelta = TimeDelta::days(1);

/// Whether a better place is to be searched for, since a trouble that passes may have hidden it the last time.
pub(super) fn is_search_due(state: &SourceState, now: DateTime<Utc>) -> bool {
    state.provisional && state.climbed.is_none_or(|at| now - at >= SEARCH)
}

/// Whether it is being searched for.
pub(super) fn is_searching(state: &SourceState) -> bool {
    state.provisional && state.climbed.is_none()
}

/// Where a source stands: as remembered; else a feed or a page, as it was when it last answered.
pub(super) fn remembered(source: &Source, state: &SourceState) -> Option<Rung> {
    if source.kind != SourceKind::Auto || is_searching(state) {
        return None;
    }
    let known = || {
        state.last_success?;
        let kind = if state.is_page { RungKind::Article } else { RungKind::Feed };
        Some(Rung { kind, url: None })
    };
    state.rung.clone().or_else(known)
}

/// The address that a source is asked at.
pub(super) fn address(source: &Source, state: &SourceState, own: &Url) -> Url {
    let found = remembered(source, state).and_then(|rung| rung.url);
    found.and_then(|url| Url::parse(&source.secrets.unveil(&url)).ok()).unwrap_or_else(|| own.clone())
}

/// As what a source is asked for at an address.
///
/// A feed that the operator named is asked without robots.txt: where its kind says so, where it was one, or where its
/// address says so. All else obeys, also a feed that was found.
pub(super) fn class(source: &Source, state: &SourceState, url: &Url) -> Class {
    match source.kind {
        SourceKind::Feed | SourceKind::Folder => Class::Feed,
        SourceKind::Sitemap => Class::Sitemap,
        SourceKind::Listing => CLASS_OF_LISTS,
        SourceKind::Article => Class::Page,
        SourceKind::Auto => match remembered(source, state).map(|rung| rung.kind) {
            Some(RungKind::Feed) => Class::Feed,
            Some(RungKind::LinkedFeed) => Class::FoundFeed,
            Some(RungKind::Sitemap) => Class::Sitemap,
            Some(RungKind::Listing) => CLASS_OF_LISTS,
            Some(RungKind::Article) => Class::Page,
            None => Class::of_unknown(url),
        },
    }
}

/// Whether a source's own document is all that is read, so that one which did not change is no more readable.
pub(super) fn reads_alone(source: &Source, state: &SourceState, url: &Url) -> bool {
    let is_linked = remembered(source, state).is_some_and(|rung| rung.kind == RungKind::LinkedFeed);
    is_linked || matches!(class(source, state, url), Class::Feed | Class::Page)
}

/// Reads what a source's address gave, as its kind or its place on the ladder asks for.
pub(super) async fn read(
    parts: &Parts,
    plan: &Arc<Plan>,
    source: &Arc<Source>,
    (state, mut documents): (&mut SourceState, Vec<Document>),
) -> Result<Reading, Failed> {
    let single = matches!(source.location, Where::Web(_)).then(|| documents.pop()).flatten();
    let Some(document) = single else {
        return source::read(parts, plan, source, (documents, As::Local)).await;
    };
    let is_new = state.last_success.is_none();
    let as_one = |read_as| source::read_whole(parts, plan, source, (vec![document.clone()], read_as, is_new));
    let mut reading = match source.kind {
        SourceKind::Feed | SourceKind::Folder => as_one(As::Feed).await,
        SourceKind::Article => as_one(As::Article).await,
        SourceKind::Sitemap => lists::sitemap(parts, plan, source, (state, document)).await,
        SourceKind::Listing => or_none(lists::listing(parts, plan, source, (state, document)).await),
        SourceKind::Auto => {
            let Some(rung) = remembered(source, state) else {
                return first(parts, plan, source, (state, document)).await;
            };
            // a list is not held while what it names is asked for
            let (read, left) = match rung.kind {
                RungKind::Feed | RungKind::LinkedFeed => (as_one(As::Feed).await, Some(document)),
                RungKind::Article => (as_one(As::Article).await, Some(document)),
                RungKind::Sitemap => (lists::sitemap(parts, plan, source, (state, document)).await, None),
                RungKind::Listing => (or_none(lists::listing(parts, plan, source, (state, document)).await), None),
            };
            match read {
                Ok(reading) => Ok(reading),
                Err(failed) => {
                    let left = left.filter(|_| rung.url.is_none());
                    again(parts, plan, source, (state, failed, left)).await
                }
            }
        }
    }?;
    reading.follows |= source.full_text;
    Ok(reading)
}

/// A list without a story is none.
fn or_none(read: Result<Reading, Failed>) -> Result<Reading, Failed> {
    let reading = read?;
    if reading.items.is_empty() {
        return Err(Failed::new(Failure::Hard, "the page lists no stories".to_owned()));
    }
    Ok(reading)
}

/// The first look at a source: what its address is, else what can be found from there.
async fn first(
    parts: &Parts,
    plan: &Arc<Plan>,
    source: &Arc<Source>,
    (state, document): (&mut SourceState, Document),
) -> Result<Reading, Failed> {
    let is_new = state.last_success.is_none();
    let sniffed = source::read_whole(parts, plan, source, (vec![document.clone()], As::Sniff, is_new)).await;
    let (kind, mut reading) = match sniffed {
        Ok(reading) if reading.feed.is_some() => (RungKind::Feed, reading),
        Ok(reading) if reading.is_sitemap() => {
            (RungKind::Sitemap, lists::sitemap(parts, plan, source, (state, document)).await?)
        }
        Ok(reading) if reading.listing.as_ref().is_some_and(|listing| listing.rung == "wordpress") => {
            (RungKind::Listing, reading)
        }
        other => return climb::climb(parts, plan, source, (state, document, other.err())).await,
    };
    // that a feed is one needs no remembering
    state.provisional = false;
    state.rung = (kind != RungKind::Feed).then_some(Rung { kind, url: None });
    reading.follows |= source.full_text;
    Ok(reading)
}

/// What to do where a source's address failed: search again, where that may help and is due.
pub(super) async fn after_failure(
    parts: &Parts,
    plan: &Arc<Plan>,
    source: &Arc<Source>,
    (state, failed): (&mut SourceState, Failed),
) -> Result<Reading, Failed> {
    let rung = remembered(source, state);
    let is_derived = rung.as_ref().is_some_and(|rung| rung.url.is_some());
    match failed.failure {
        Failure::Hard => again(parts, plan, source, (state, failed, None)).await,
        // a feed that was found is gone; the source is not
        Failure::Gone if is_derived => {
            let failed = Failed::new(Failure::Hard, failed.trouble);
            again(parts, plan, source, (state, failed, None)).await
        }
        _ => Err(failed),
    }
}

/// Searches once more, at most once a day: at once where the rung was found elsewhere, else when the
/// trouble has lasted a day.
async fn again(
    parts: &Parts,
    plan: &Arc<Plan>,
    source: &Arc<Source>,
    (state, failed, document): (&mut SourceState, Failed, Option<Document>),
) -> Result<Reading, Failed> {
    let Some(rung) = remembered(source, state) else { return Err(failed) };
    let rested = state.climbed.is_none_or(|at| parts.now - at >= SEARCH);
    let lasting = state.trouble_since.is_some_and(|since| parts.now - since >= SEARCH);
    if !rested || (rung.url.is_none() && !lasting) {
        return Err(failed);
    }
    let was = format!("its {} does not work any more ({})", rung.kind.word(), failed.trouble);
    let found = match document {
        Some(document) => climb::climb(parts, plan, source, (state, document, None)).await,
        None => climb::from_home(parts, plan, source, state).await,
    };
    match found {
        Ok(mut reading) => {
            let now = state.rung.as_ref().map_or("", |rung| rung.kind.word());
            reading.troubles.push(format!("{was}: now read from its {now}"));
            Ok(reading)
        }
        Err(other) if other.is_cut_short => Err(other),
        Err(other) => {
            let trouble = format!("{}; nothing else was found there: {}", failed.trouble, other.trouble);
            Err(Failed { trouble, climbed: true, ..failed })
        }
    }
}
