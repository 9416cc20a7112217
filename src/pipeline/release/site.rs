//! The files that belong to no single feed: index and subscription lists.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::DateTime;
use xxhash_rust::xxh3::xxh3_64;

use super::items::item_source;
use super::{RENDERING, States, staging};
use crate::model::Where;
use crate::pipeline::{Parts, Plan};
use crate::publish::{PublishError, Target};
use crate::render::{self, FeedCard, Outline, RenderError};
use crate::report::RunReport;
use crate::store::{FeedRecord, FileRecord, StoreError};

/// The index and the lists, in the order in which they are put in place: the index last.
const PATHS: [&str; 3] = ["feeds.opml", "sources.opml", "index.html"];

/// The paths that are recorded for the whole site, the marker among them.
pub(super) fn paths() -> impl Iterator<Item = String> {
    PATHS.into_iter().chain([MARKER]).map(str::to_owned)
}

/// Writes index and lists to every target once a feed stands there, where they changed.
pub async fn release(
    parts: &Parts,
    (plan, states): (&Plan, &States),
    report: &mut RunReport,
) -> Result<(), StoreError> {
    let records: HashMap<u32, FeedRecord> =
        parts.store.feeds().await?.into_iter().map(|record| (record.number, record)).collect();
    let cards: Vec<FeedCard> = plan
        .feeds
        .iter()
        .filter_map(|feed| {
            let record = records.get(&feed.number).filter(|record| record.released > 0)?;
            let updated = record.updated.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
            Some(FeedCard {
                feed: feed.info.clone(),
                items: record.items as usize,
                updated: updated.map(|at| at.fixed_offset()),
            })
        })
        .collect();
    if cards.is_empty() {
        return Ok(());
    }
    let outlines = outlines(plan, states);
    let written = format!("{RENDERING} {:?} {cards:?} {outlines:?}", plan.site);
    let settings_hash = xxh3_64(written.as_bytes());
    let (cards, outlines, site) = (Arc::new(cards), Arc::new(outlines), Arc::new(plan.site.clone()));
    let mut troubles: Vec<String> = Vec::new();
    for index in 0..parts.targets.len() {
        let recorded = parts.store.files(parts.targets[index].name()).await?;
        if is_current(&parts.targets[index], &recorded, settings_hash).await {
            continue;
        }
        let (targets, cards, outlines, site) =
            (Arc::clone(&parts.targets), Arc::clone(&cards), Arc::clone(&outlines), Arc::clone(&site));
        let work = move || -> Result<_, PublishError> {
            let target = &targets[index];
            let feeds: Vec<_> = cards.iter().map(|card| card.feed.clone()).collect();
            Ok(vec![
                target.stage::<RenderError, _>(PATHS[0], |out| render::feeds_opml(&site, &feeds, out))?,
                target.stage::<RenderError, _>(PATHS[1], |out| render::sources_opml(&site, &outlines, out))?,
                target.stage::<RenderError, _>(PATHS[2], |out| render::index(&site, &cards, out))?,
            ])
        };
        let published = match parts.crew.run(work).await {
            Ok(Ok(staged)) => staging::commit(&parts.targets[index], staged).await.map_err(|error| error.to_string()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(fault) => Err(fault),
        };
        match published {
            Ok(mut published) => {
                published.files.push(marker(&parts.targets[index], settings_hash));
                report.written.extend(published.written);
                parts.store.put_files(published.files).await?;
            }
            Err(trouble) => troubles.push(trouble),
        }
    }
    report.error = staging::in_one(troubles);
    Ok(())
}

/// Remembers what index and lists were made from, so that they need not be made again to be compared.
fn marker(target: &Target, settings_hash: u64) -> FileRecord {
    FileRecord { target: target.name().to_owned(), path: MARKER.to_owned(), hash: settings_hash.into(), size: 0 }
}

/// No path of a file: it has none.
const MARKER: &str = "";

async fn is_current(target: &Target, recorded: &[FileRecord], settings_hash: u64) -> bool {
    let record = |path: &str| recorded.iter().find(|record| record.path == path);
    if record(MARKER).is_none_or(|marker| marker.hash != u128::from(settings_hash)) {
        return false;
    }
    for path in PATHS {
        let Some(record) = record(path) else { return false };
        if !target.holds(path, (record.hash, record.size)).await.unwrap_or(false) {
            return false;
        }
    }
    true
}

/// What is read, for `sources.opml`; local folders are nobody else's business.
fn outlines(plan: &Plan, states: &States) -> Vec<Outline> {
    plan.sources
        .iter()
        .filter(|source| matches!(source.location, Where::Web(_)) && source.secrets.is_empty())
        .map(|source| {
            let state = states.get(source.id.as_ref());
            let named = item_source(source, state);
            Outline {
                title: named.title,
                feed_url: named.url,
                home_page_url: named.home_page_url,
                description: None,
                language: source.language.clone(),
                kind: if state.is_some_and(|state| state.is_page) { "link" } else { "rss" },
            }
        })
        .collect()
}
