//! Before a run: feeds registered, a lost state rebuilt from what the targets hold.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use uuid::Uuid;

use super::location::location_hash;
use super::{Parts, Plan, membership, texts};
use crate::model::{ArticleId, History, HistoryItem, HistorySource, SourceState, Stored};
use crate::publish::Target;
use crate::render;
use crate::store::{Adopted, FeedRecord, FileRecord, Member, StoreError};

use super::release::{closed_archives, history_path};

/// Why a run cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Publish(#[from] crate::publish::PublishError),
    #[error("{path} in {target} cannot be read, and the state that it would rebuild is lost: {reason}")]
    History { path: String, target: String, reason: String },
}

/// Articles that are looked through at once when a feed's selection has changed.
const PAGE: usize = 500;

/// The hash of no selection: membership is computed when it is met.
const NOTHING_SELECTED: u64 = 0;

/// Registers the plan's feeds and fills in their numbers; answers how many articles were rebuilt.
///
/// An empty state is first filled from the history in the targets, so that nothing is announced
/// again. A feed whose selection has changed gets its membership computed anew.
///
/// # Errors
/// The store or a target failed, or a history cannot be read: nothing is published then.
pub async fn prepare(parts: &Parts, plan: &mut Plan) -> Result<u64, PrepareError> {
    let is_empty = parts.store.is_empty().await?;
    let histories = if is_empty { histories(parts, plan).await? } else { HashMap::new() };
    let mut records = Vec::with_capacity(plan.feeds.len());
    for feed in &mut plan.feeds {
        let urn = match histories.get(&feed.info.id) {
            Some(history) => history.urn.clone(),
            None => urn(&plan.site.base_url, &feed.info.id),
        };
        // a feed that is new among known articles has selected none of them yet
        let selected_by = if is_empty { feed.selection.hash() } else { NOTHING_SELECTED };
        let record = parts.store.register_feed(&feed.info.id, &urn, selected_by, &feed.was).await?;
        feed.number = record.number;
        records.push(record);
    }
    let rebuilt = adopt(parts, plan, &histories).await?;
    if is_empty {
        parts.store.rebuilt().await?;
    }
    for (index, record) in records.iter().enumerate() {
        if record.selection_hash != plan.feeds[index].selection.hash() {
            let before = parts.store.members(record.number).await?;
            recompute(parts, plan, (index, record, &before)).await?;
            plan.feeds[index].members_before = Some(before);
        }
    }
    Ok(rebuilt)
}

/// The permanent id of a feed: UUID v5 of its address (DESIGN §8).
fn urn(base_url: &str, id: &str) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("{base_url}{id}").as_bytes()).urn().to_string()
}

/// The histories of the plan's feeds, from the first target that has them.
async fn histories(parts: &Parts, plan: &Plan) -> Result<HashMap<String, History>, PrepareError> {
    let mut histories = HashMap::new();
    for feed in &plan.feeds {
        let ids = std::iter::once(&feed.info.id).chain(&feed.was);
        let places = ids.flat_map(|id| parts.targets.iter().map(move |target| (history_path(id), target)));
        let mut trouble = None;
        for (path, target) in places {
            match history(parts, plan, (path, target)).await {
                Ok(None) => {}
                Ok(Some(history)) => {
                    histories.insert(feed.info.id.clone(), history);
                    trouble = None;
                    break;
                }
                // another one may have it; else what it holds must not be announced again
                Err(error) => drop(trouble.get_or_insert(error)),
            }
        }
        if let Some(error) = trouble {
            return Err(error);
        }
    }
    Ok(histories)
}

/// One target's history with the texts that stand in its feed, if there is one.
async fn history(
    parts: &Parts,
    plan: &Plan,
    (path, target): (String, &Target),
) -> Result<Option<History>, PrepareError> {
    let Some(bytes) = target.read(&path).await? else { return Ok(None) };
    let mut history = render::read_history(&bytes).map_err(|error| PrepareError::History {
        path,
        target: target.name().to_owned(),
        reason: error.to_string(),
    })?;
    texts::put_back((parts, plan), target, &mut history).await?;
    Ok(Some(history))
}

/// Takes over the articles of all histories; their sources' next documents only teach.
async fn adopt(parts: &Parts, plan: &Plan, histories: &HashMap<String, History>) -> Result<u64, StoreError> {
    if histories.is_empty() {
        return Ok(0);
    }
    let mut articles: Vec<(Adopted, i64)> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for feed in &plan.feeds {
        for item in histories.get(&feed.info.id).map(|history| history.items.as_slice()).unwrap_or_default() {
            let place = *places.entry(&item.uid).or_insert_with(|| {
                articles.push((adopted(item), item.published));
                articles.len() - 1
            });
            let known = &mut articles[place].0;
            known.feeds.push((feed.number, item.entered));
            if let (true, Some(article)) = (known.article.title.is_none(), &item.article) {
                known.article = article.as_ref().clone();
            }
        }
    }
    articles.sort_by(|(a, _), (b, _)| (a.first_seen, &a.uid).cmp(&(b.first_seen, &b.uid)));
    let mut newest: HashMap<String, i64> = HashMap::new();
    for (article, published) in &articles {
        for source in &article.sources {
            let known = newest.entry(source.to_string()).or_insert(*published);
            *known = (*known).max(*published);
        }
    }
    let rebuilt = parts.store.adopt(articles.into_iter().map(|(article, _)| article).collect()).await?;
    teach(parts, plan, (&newest, histories)).await?;
    restore(parts, plan, histories).await?;
    Ok(rebuilt)
}

/// Marks the sources whose articles were taken over: the next document only teaches.
///
/// Until then they are called what the feeds call them.
async fn teach(
    parts: &Parts,
    plan: &Plan,
    (newest, histories): (&HashMap<String, i64>, &HashMap<String, History>),
) -> Result<(), StoreError> {
    let told = plan.feeds.iter().filter_map(|feed| histories.get(&feed.info.id));
    let named: HashMap<&str, &HistorySource> =
        told.flat_map(|history| &history.sources).map(|source| (source.id.as_str(), source)).collect();
    let states = plan
        .sources
        .iter()
        .filter_map(|source| {
            let newest = newest.get(source.id.as_ref())?;
            let named = named.get(source.id.as_ref());
            Some(SourceState {
                feed_title: named.map(|named| named.title.clone()),
                home_page_url: named.and_then(|named| named.home_page_url.clone()),
                id: source.id.to_string(),
                location_hash: location_hash(source),
                teaching: true,
                newest: chrono::DateTime::from_timestamp(*newest, 0),
                ..SourceState::default()
            })
        })
        .collect();
    parts.store.put_sources(states).await
}

/// Puts back what belongs to a feed and not to an article: stories and the window's bound.
async fn restore(parts: &Parts, plan: &Plan, histories: &HashMap<String, History>) -> Result<(), StoreError> {
    for feed in &plan.feeds {
        let Some(history) = histories.get(&feed.info.id) else { continue };
        let members = parts.store.members(feed.number).await?;
        let ids: HashMap<&str, ArticleId> =
            members.iter().map(|member| (member.uid.as_str(), member.article)).collect();
        let story_of = |item: &HistoryItem| {
            let leader = item.story.as_deref().unwrap_or(&item.uid);
            Some((*ids.get(item.uid.as_str())?, *ids.get(leader)?))
        };
        parts.store.set_stories(feed.number, history.items.iter().filter_map(story_of).collect()).await?;
        parts.store.restore_bound(feed.number, history.bound.clone()).await?;
    }
    for target in parts.targets.iter() {
        record_archives(parts, plan, (target, histories)).await?;
    }
    Ok(())
}

/// Records the archives that stand in a target: a history names the newest only, and what is hidden must
/// leave them all.
async fn record_archives(
    parts: &Parts,
    plan: &Plan,
    (target, histories): (&Target, &HashMap<String, History>),
) -> Result<(), StoreError> {
    if histories.values().all(|history| history.archives.is_empty()) {
        return Ok(());
    }
    let standing = target.list().await.ok();
    let mut files = Vec::new();
    for feed in &plan.feeds {
        let Some(history) = histories.get(&feed.info.id) else { continue };
        // of one that does not answer as much as is known
        let standing = standing.as_ref().unwrap_or(&history.archives);
        files.extend(closed_archives(feed, &history.archives, standing).map(|path| FileRecord {
            target: target.name().to_owned(),
            path: path.clone(),
            // archives are never written again, so their bytes need not be known
            hash: 0,
            size: 0,
        }));
    }
    parts.store.put_files(files).await
}

fn adopted(item: &HistoryItem) -> Adopted {
    let article = item.article.as_deref().cloned().unwrap_or_default();
    Adopted {
        uid: item.uid.clone(),
        outlet: Arc::clone(&item.outlet),
        title_hash: article.title.as_deref().map_or(0, crate::dedupe::title_hash),
        article,
        keys: item.keys.clone(),
        sources: item.sources.clone(),
        first_seen: item.first_seen,
        published: item.published,
        fingerprint: 0,
        size: item.size,
        hidden: item.hidden,
        feeds: Vec::new(),
    }
}

/// Computes the membership of a feed whose selection has changed. What is not told any more joins no feed.
async fn recompute(
    parts: &Parts,
    plan: &Plan,
    (index, record, before): (usize, &FeedRecord, &[Member]),
) -> Result<(), StoreError> {
    let known: HashSet<ArticleId> = before.iter().map(|member| member.article).collect();
    let mut members = Vec::new();
    let mut after = None;
    loop {
        let page = parts.store.scan(after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        let takes = |stored: &&Stored| {
            let is_there = !stored.is_gone || known.contains(&stored.id);
            is_there && membership::takes(plan, &plan.feeds[index], stored)
        };
        members.extend(page.iter().filter(takes).map(|stored| (stored.id, stored.first_seen.timestamp())));
    }
    let hash = plan.feeds[index].selection.hash();
    parts.store.set_members(record.number, hash, members).await
}
