//! What each rung of the ladder holds for an address: for people who add a source.

use std::sync::Arc;

use super::climb::{LEAST, Search};
use super::reading::{self, Reading, Surroundings};
use super::{Parts, Plan, lists, source};
use crate::extract::As;
use crate::gather::Class;
use crate::model::{Article, Document, RungKind, Source, SourceKind, SourceListing, SourceState, Where};

/// What one rung holds.
#[derive(Clone, Debug)]
pub struct Offer {
    pub rung: RungKind,
    /// The kind of evidence, of lists: `json-ld`, `blocks`, `news-sitemap`.
    pub evidence: Option<&'static str>,
    /// The address and the kind that a source needs for it.
    pub url: String,
    pub kind: SourceKind,
    /// What it calls itself.
    pub title: Option<String>,
    pub count: usize,
    /// Its first articles.
    pub first: Vec<Article>,
}

/// Articles of each rung that are shown.
const SHOWN: usize = 3;

/// Looks at an address and climbs the whole ladder from there; the best rung is first.
///
/// `source` is as it would be configured; nothing is stored.
///
/// # Errors
/// The address itself could not be read, in words for people.
pub async fn survey(parts: &Parts, plan: &Arc<Plan>, source: &Arc<Source>) -> Result<Vec<Offer>, String> {
    let Where::Web(url) = &source.location else { return Err("is no address on the web".to_owned()) };
    let mut search = Search::new(parts, plan, source);
    let answer = search.asker.document(url, Class::of_unknown(url)).await;
    let (document, _) = answer.ok_or("nothing was asked")?.map_err(|error| error.to_string())?;
    let read = |document: Document, read_as| async move {
        source::read(parts, plan, source, (vec![document], read_as)).await.map_err(|failed| failed.trouble)
    };
    let sniffed = read(document.clone(), As::Sniff).await;
    let own = url.to_string();
    match sniffed {
        Ok(reading) if reading.feed.is_some() => {
            return Ok(vec![offer(parts, plan, source, ((RungKind::Feed, SourceKind::Feed), own, reading)).await]);
        }
        Ok(reading) if reading.is_sitemap() => {
            let reading = search.files(document, &mut SourceState::default()).await.map_err(|failed| failed.trouble)?;
            return Ok(vec![
                offer(parts, plan, source, ((RungKind::Sitemap, SourceKind::Sitemap), own, reading)).await,
            ]);
        }
        _ => {}
    }
    let mut offers = Vec::new();
    let listed = read(document.clone(), As::Listing).await?;
    let listing = listed.listing.as_deref().cloned().unwrap_or_default();
    for (url, (reading, _)) in search.feeds(&document.url, &listing).await {
        offers.push(offer(parts, plan, source, ((RungKind::LinkedFeed, SourceKind::Feed), url, reading)).await);
    }
    if let Some((url, (reading, _))) = search.sitemap(&document.url, &mut SourceState::default()).await {
        offers.push(offer(parts, plan, source, ((RungKind::Sitemap, SourceKind::Sitemap), url, reading)).await);
    }
    if let Some((url, (reading, _))) = search.api(&listing).await {
        offers.push(offer(parts, plan, source, ((RungKind::Listing, SourceKind::Listing), url.into(), reading)).await);
    }
    if listed.items.len() >= LEAST && listing.is_list {
        let reading = lists::listing(parts, plan, source, (&mut SourceState::default(), document.clone()))
            .await
            .map_err(|failed| failed.trouble)?;
        offers.push(offer(parts, plan, source, ((RungKind::Listing, SourceKind::Listing), own.clone(), reading)).await);
    }
    if offers.is_empty()
        && let Ok(reading) = read(document, As::Article).await
    {
        offers.push(offer(parts, plan, source, ((RungKind::Article, SourceKind::Article), own, reading)).await);
    }
    for offer in offers.iter_mut().filter(|offer| offer.title.is_none()) {
        offer.title = name_of(&listing);
    }
    Ok(offers)
}

fn name_of(listing: &SourceListing) -> Option<String> {
    listing.site_name.clone().or_else(|| listing.title.clone())
}

async fn offer(
    parts: &Parts,
    plan: &Arc<Plan>,
    source: &Arc<Source>,
    ((rung, kind), url, mut reading): ((RungKind, SourceKind), String, Reading),
) -> Offer {
    let count = reading.items.len();
    let of_feed = reading.feed.as_ref().and_then(|feed| feed.title.as_ref()).map(crate::markup::inline_text);
    let title = of_feed.or_else(|| reading.listing.as_deref().and_then(name_of));
    let evidence = reading.listing.as_ref().map(|listing| listing.rung);
    let items: Vec<_> = std::mem::take(&mut reading.items).into_iter().take(SHOWN).enumerate().collect();
    let (plan, source, now, feed) = (Arc::clone(plan), Arc::clone(source), parts.now, reading.feed.take());
    let work = move || {
        let surroundings = Surroundings { scope: source::scope(&plan, &source), read_as: As::Sniff, now, clock: None };
        reading::normalize(&source, feed.as_deref(), items, &surroundings)
    };
    let candidates = parts.crew.run(work).await.unwrap_or_default();
    let first = candidates.into_iter().map(|candidate| *candidate.article).collect();
    Offer { rung, evidence, url, kind, title: title.filter(|title| !title.is_empty()), count, first }
}
