//! One feed: its window composed, rendered, read back, put in place, recorded.

use std::collections::HashSet;
use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_64;

use super::archive::{self, Behind, Chain};
use super::changes::{changes, leaving};
use super::history::history;
use super::items::{item_source, items};
use super::{RENDERING, States, staging};
use crate::compose::{self, Stories, Window, WindowMember, WindowRule};
use crate::markup::CLEANER_VERSION;
use crate::model::{ArticleId, Bound, FeedInfo, FeedSnapshot, Format, Health, Source, Trouble};
use crate::pipeline::{FeedPlan, Parts, Plan, stories};
use crate::report::FeedReport;
use crate::store::{FeedRecord, HISTORY, Member, Release, StoreError};

/// Releases one feed if anything about it changed.
pub async fn release(
    parts: &Parts,
    (plan, states): (&Plan, &States),
    (feed, record): (&FeedPlan, &FeedRecord),
    dry_run: bool,
) -> Result<FeedReport, StoreError> {
    let mut report = FeedReport { id: feed.info.id.clone(), items: record.items as usize, ..FeedReport::default() };
    let troubles = troubles(plan, states, feed);
    let settings_hash = settings_hash(plan, feed, &troubles);
    let is_due = record.revision != record.released || record.settings_hash != settings_hash;
    let is_in_place = is_due || are_in_place(parts, feed).await?;
    // items grow old without any change
    if !is_due && is_in_place && feed.selection.max_age.is_none() {
        return Ok(report);
    }
    let mut members = members(parts, (feed, record), dry_run).await?;
    stories::assign(parts, &feed.selection.stories, record, &mut members).await?;
    let reenter = if feed.info.archives { archive::corrected(parts, record, &mut members).await? } else { Vec::new() };
    let window = window(feed, record, (&members, Some(parts.now.timestamp())), |_| true);
    if !is_due && is_in_place && window.dropped.is_empty() && window.bound == record.bound {
        return Ok(report);
    }
    let members_before = feed.members_before.as_deref().unwrap_or(&members);
    let before = window_before(feed, record, members_before);
    report.items = window.articles.len();
    report.new = window.articles.iter().filter(|article| !before.contains(article)).count();
    // nothing is written before the first item
    if window.articles.is_empty() && before.is_empty() && record.items == 0 {
        return Ok(report);
    }
    let mut chain = Chain::of(parts, feed).await?;
    let mut behind = Behind::new();
    if !dry_run && feed.info.archives {
        report.written = archive::catch_up(parts, feed, &mut behind).await?;
        let closing = (&window.closed[..], &mut chain, &mut behind);
        match archive::close(parts, (plan, states), (feed, record, &members), closing).await? {
            Ok(written) => report.written.extend(written),
            Err(trouble) => return Ok(FeedReport { error: Some(trouble), ..report }),
        }
        report.written.extend(archive::take_out(parts, feed, &mut behind).await?);
    }
    let shown: HashSet<ArticleId> = window.articles.iter().copied().collect();
    let followers: Vec<Member> = members.iter().filter(|member| follows(member, &shown)).cloned().collect();
    // the others could fill the memory that the items need
    if dry_run {
        members.retain(|member| shown.contains(&member.article));
    } else {
        members.truncate(HISTORY);
    }
    members.shrink_to_fit();
    let items = match items(parts, (plan, states), (feed, &window.articles, &followers)).await? {
        Ok(items) => items,
        // what stands there holds them all
        Err(fault) => return Ok(FeedReport { error: Some(fault), ..report }),
    };
    if dry_run {
        report.changes = changes(record, &members, (&before, &items));
        report.changes.extend(leaving(parts, &before, &items).await?);
        return Ok(report);
    }
    drop((shown, followers, before));
    let info = FeedInfo { urn: record.urn.clone(), ..feed.info.clone() };
    let items = items.into_iter().map(|(_, item)| item).collect();
    let snapshot = compose::snapshot(plan.site.clone(), info, items);
    let snapshot = Arc::new(FeedSnapshot { troubles, previous: chain.newest, ..snapshot });
    let newest = members;
    let updated = snapshot.updated;
    let origins = parts.store.origins(newest.iter().map(|member| member.article).collect()).await?;
    let history = Arc::new(history(record, (newest, origins), (&window, &snapshot)));
    parts.store.rest();
    let published = staging::publish(parts, (&feed.was, &paths(feed), behind), &snapshot, &history).await?;
    report.written.extend(published.written);
    report.error = published.trouble;
    if !published.files.is_empty() {
        let release = Release {
            revision: record.revision,
            settings_hash,
            bound: window.bound,
            items: u32::try_from(report.items).unwrap_or(u32::MAX),
            updated: updated.map(|at| at.timestamp()),
            files: published.files,
            drop: window.dropped,
            reenter,
            now: parts.now,
        };
        parts.store.release(record.number, release).await?;
        report.warning = tell_hub(parts, &snapshot, &report.written).await;
    }
    Ok(report)
}

/// Whether a member stands behind another one that is shown.
fn follows(member: &Member, shown: &HashSet<ArticleId>) -> bool {
    member.story.is_some_and(|story| story != member.article && shown.contains(&story))
}

/// Tells the feed's hub which documents were written; answers the trouble, if any.
async fn tell_hub(parts: &Parts, snapshot: &FeedSnapshot, written: &[String]) -> Option<String> {
    let hub: url::Url = snapshot.feed.hub.as_deref()?.parse().ok()?;
    let subscribed = snapshot.feed.formats.iter().filter(|format| **format != Format::Html);
    let changed = subscribed.filter(|format| written.contains(&snapshot.path(**format)));
    let topics: Vec<String> = changed.map(|format| snapshot.address(*format)).collect();
    if topics.is_empty() {
        return None;
    }
    let told = parts.fetch.ping(hub, topics, parts.now).await;
    told.err().map(|error| format!("the hub was not told of the change: {error}"))
}

/// What the bytes of a feed depend on beside its articles.
fn settings_hash(plan: &Plan, feed: &FeedPlan, troubles: &[Trouble]) -> u64 {
    let (site, info, was, selection) = (&plan.site, &feed.info, &feed.was, feed.selection.hash());
    let written = format!("{RENDERING} {CLEANER_VERSION} {site:?} {info:?} {was:?} {selection} {troubles:?}");
    xxh3_64(written.as_bytes())
}

/// Failures in a row before a page tells of them, soft ones counted half: a passing fault is no news.
const TOLD_FAILURES: f64 = 3.0;

/// The sources of a feed that bring nothing at present, where it has a page to tell of them.
fn troubles(plan: &Plan, states: &States, feed: &FeedPlan) -> Vec<Trouble> {
    if !feed.info.formats.contains(&Format::Html) {
        return Vec::new();
    }
    let wanted = &feed.selection;
    let is_wanted = |source: &Source| {
        (wanted.sources.is_empty() || wanted.sources.iter().any(|id| **id == *source.id))
            && (wanted.outlets.is_empty() || wanted.outlets.iter().any(|outlet| **outlet == *source.outlet))
    };
    let trouble = |source: &Arc<Source>| {
        let state = states.get(source.id.as_ref())?;
        let is_over = state.health == Health::Gone;
        let is_told = is_over || (state.health == Health::Backoff && state.failures >= TOLD_FAILURES);
        let since = state.trouble_since.filter(|_| is_told)?;
        Some(Trouble { source: item_source(source, Some(state)).title, since, is_over })
    };
    plan.sources.iter().filter(|source| is_wanted(source)).filter_map(trouble).collect()
}

/// The files of a feed, relative to a target.
pub(in crate::pipeline) fn paths(feed: &FeedPlan) -> Vec<String> {
    let ids = std::iter::once(&feed.info.id).chain(&feed.was);
    let documents = ids.flat_map(|id| feed.info.formats.iter().map(move |format| staging::document_path(id, *format)));
    documents.chain([staging::history_path(&feed.info.id)]).collect()
}

/// Whether every target still holds the feed's files as they were recorded.
async fn are_in_place(parts: &Parts, feed: &FeedPlan) -> Result<bool, StoreError> {
    let paths = paths(feed);
    for target in parts.targets.iter() {
        let mut recorded = parts.store.files_under(target.name(), &staging::history_path(&feed.info.id)).await?;
        for id in std::iter::once(&feed.info.id).chain(&feed.was) {
            recorded.extend(parts.store.files_under(target.name(), &format!("{id}.")).await?);
        }
        for path in &paths {
            let Some(record) = recorded.iter().find(|record| record.path == *path) else { return Ok(false) };
            if !target.holds(path, (record.hash, record.size)).await.unwrap_or(false) {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// The members that decide what a feed holds: as few of the stored ones as will do.
async fn members(
    parts: &Parts,
    (feed, record): (&FeedPlan, &FeedRecord),
    dry_run: bool,
) -> Result<Vec<Member>, StoreError> {
    let wanted = &feed.selection;
    let leaves_by_place = !feed.info.archives && wanted.per_outlet.is_none() && wanted.max_age.is_none();
    if !dry_run && leaves_by_place && wanted.stories == Stories::All {
        // with one that is left outside, which is the next bound
        let most = (feed.selection.items as usize + 1).max(HISTORY);
        let members = parts.store.latest_members(record.number, most).await?;
        let lies_below =
            |bound: &Bound| members.last().is_some_and(|last| !bound.admits(last.entered, last.published, &last.uid));
        let is_all = members.len() < most || record.bound.as_ref().is_some_and(lies_below);
        if is_all || window(feed, record, (&members, None), |_| true).bound != record.bound {
            return Ok(members);
        }
    }
    // many may be hidden; and who joins a story, or leaves the feed, may lie far back
    parts.store.members(record.number).await
}

/// The window of those members that are taken; `now` lets old items leave.
fn window(
    feed: &FeedPlan,
    record: &FeedRecord,
    (members, now): (&[Member], Option<i64>),
    take: impl Fn(&Member) -> bool,
) -> Window {
    let members: Vec<WindowMember<'_>> = members
        .iter()
        .filter(|member| !member.dropped && take(member))
        .map(|member| WindowMember {
            article: member.article,
            uid: &member.uid,
            entered: member.entered,
            published: member.published,
            size: member.size,
            hidden: member.hidden,
            outlet: &member.outlet,
            story: member.story,
        })
        .collect();
    let wanted = &feed.selection;
    let age = wanted.max_age.and_then(|age| i64::try_from(age).ok());
    let rule = WindowRule {
        items: wanted.items,
        bytes: wanted.bytes,
        per_outlet: wanted.per_outlet,
        oldest: now.zip(age).map(|(now, age)| now.saturating_sub(age)),
        archives: feed.info.archives,
        bound: record.bound.clone(),
    };
    compose::window(&members, &rule)
}

/// What the last release held.
fn window_before(feed: &FeedPlan, record: &FeedRecord, members: &[Member]) -> HashSet<ArticleId> {
    if record.released == 0 {
        return HashSet::new();
    }
    window(feed, record, (members, None), |member| member.added <= record.released).articles.into_iter().collect()
}
