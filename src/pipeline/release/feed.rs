//! One feed: its window composed, rendered, read back, put in place, recorded.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_64;

use super::{States, staging};
use crate::compose::{self, Content, Stories, Window, WindowMember, WindowRule};
use crate::model::{
    AlsoAt, ArticleId, Bound, FeedInfo, FeedSnapshot, Format, Health, History, HistoryItem, HistorySource, Item,
    ItemSource, Source, SourceKind, SourceState, Stored, Trouble, Where,
};
use crate::normalize;
use crate::pipeline::{FeedPlan, Parts, Plan, stories};
use crate::report::{Change, ChangeKind, FeedReport};
use crate::store::{FeedRecord, HISTORY, Member, Origin, Release, StoreError};

/// Rises when a renderer writes other bytes for the same snapshot: all feeds are written once more.
const RENDERING: u32 = 2;

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
    if !is_due && staging::are_in_place(parts, &paths(feed)).await? {
        return Ok(report);
    }
    let mut members = members(parts, (feed, record), dry_run).await?;
    stories::assign(parts, &feed.selection.stories, record, &mut members).await?;
    let window = window(feed, record, &members, |_| true);
    let members_before = feed.members_before.as_deref().unwrap_or(&members);
    let before = window_before(feed, record, members_before);
    report.items = window.articles.len();
    report.new = window.articles.iter().filter(|article| !before.contains(article)).count();
    // nothing is written before the first item
    if window.articles.is_empty() && before.is_empty() && record.items == 0 {
        return Ok(report);
    }
    let newest: Vec<Member> = members.iter().take(HISTORY).cloned().collect();
    // the others could fill the memory that the items need
    let shown: HashSet<ArticleId> = window.articles.iter().copied().collect();
    members.retain(|member| {
        let joins = member.story.is_some_and(|story| story != member.article && shown.contains(&story));
        joins || shown.contains(&member.article) || before.contains(&member.article)
    });
    members.shrink_to_fit();
    let items = items(parts, (plan, states), (feed, &window, &members)).await?;
    if dry_run {
        report.changes = changes(record, &members, (&before, &items));
        report.changes.extend(leaving(parts, &before, &items).await?);
        return Ok(report);
    }
    let info = FeedInfo { urn: record.urn.clone(), ..feed.info.clone() };
    let items = items.into_iter().map(|(_, item)| item).collect();
    let snapshot = Arc::new(FeedSnapshot { troubles, ..compose::snapshot(plan.site.clone(), info, items) });
    let updated = snapshot.updated;
    let origins = parts.store.origins(newest.iter().map(|member| member.article).collect()).await?;
    let history = Arc::new(history(record, (newest, origins), (&window, &snapshot)));
    match staging::publish(parts, &feed.was, &snapshot, &history).await {
        Ok(published) => {
            report.written = published.written;
            let files = published.files;
            let items = u32::try_from(report.items).unwrap_or(u32::MAX);
            let release = Release {
                revision: record.revision,
                settings_hash,
                bound: window.bound,
                items,
                updated: updated.map(|at| at.timestamp()),
                files,
                drop: Vec::new(),
                now: parts.now,
            };
            parts.store.release(record.number, release).await?;
        }
        Err(trouble) => report.error = Some(trouble),
    }
    Ok(report)
}

/// What the bytes of a feed depend on beside its articles.
fn settings_hash(plan: &Plan, feed: &FeedPlan, troubles: &[Trouble]) -> u64 {
    let (site, info, was, selection) = (&plan.site, &feed.info, &feed.was, feed.selection.hash());
    let written = format!("{RENDERING} {site:?} {info:?} {was:?} {selection} {troubles:?}");
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

/// The members that decide what a feed holds: as few of the stored ones as will do.
async fn members(
    parts: &Parts,
    (feed, record): (&FeedPlan, &FeedRecord),
    dry_run: bool,
) -> Result<Vec<Member>, StoreError> {
    if !dry_run && feed.selection.stories == Stories::All {
        // with one that is left outside, which is the next bound
        let most = (feed.selection.items as usize + 1).max(HISTORY);
        let members = parts.store.latest_members(record.number, most).await?;
        let lies_below =
            |bound: &Bound| members.last().is_some_and(|last| !bound.admits(last.entered, last.published, &last.uid));
        let is_all = members.len() < most || record.bound.as_ref().is_some_and(lies_below);
        if is_all || window(feed, record, &members, |_| true).bound != record.bound {
            return Ok(members);
        }
    }
    // many may be hidden; and who joins a story, or leaves the feed, may lie far back
    parts.store.members(record.number).await
}

fn window(feed: &FeedPlan, record: &FeedRecord, members: &[Member], take: impl Fn(&Member) -> bool) -> Window {
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
            story: member.story,
        })
        .collect();
    let rule = WindowRule { items: feed.selection.items, bytes: feed.selection.bytes, bound: record.bound.clone() };
    compose::window(&members, &rule)
}

/// What the last release held.
fn window_before(feed: &FeedPlan, record: &FeedRecord, members: &[Member]) -> HashSet<ArticleId> {
    if record.released == 0 {
        return HashSet::new();
    }
    window(feed, record, members, |member| member.added <= record.released).articles.into_iter().collect()
}

/// The window's articles as items, in its order.
async fn items(
    parts: &Parts,
    (plan, states): (&Plan, &States),
    (feed, window, members): (&FeedPlan, &Window, &[Member]),
) -> Result<Vec<(ArticleId, Item)>, StoreError> {
    let mut also = also_at(parts, plan, (window, members)).await?;
    let content = feed.selection.content;
    let mut items = Vec::with_capacity(window.articles.len());
    // in portions, so that bodies as found and as shown are in memory twice for a few articles only
    let mut portions = window.articles.chunks(PORTION);
    let mut read = async || match portions.next() {
        Some(portion) => parts.store.articles(portion.to_vec()).await.map(Some),
        None => Ok(None),
    };
    let mut portion = read().await?;
    while let Some(stored) = portion {
        let mut work = Vec::with_capacity(stored.len());
        for stored in stored {
            let origin = Carrier::of(plan, states, &stored);
            let also_at = also.remove(&stored.id).unwrap_or_default();
            work.push((stored, origin, also_at));
        }
        // the next portion is read while this one is made presentable
        let (presented, next) = futures_util::future::join(present(parts, content, work), read()).await;
        items.extend(presented);
        portion = next?;
    }
    Ok(items)
}

/// Articles that are presented at once.
const PORTION: usize = 512;

async fn present(
    parts: &Parts,
    content: Option<Content>,
    work: Vec<(Stored, Carrier, Vec<AlsoAt>)>,
) -> Vec<(ArticleId, Item)> {
    let one = move |(stored, origin, also_at): (Stored, Carrier, Vec<AlsoAt>)| {
        let given = normalize::Given {
            language: origin.language.as_deref(),
            feed_language: origin.feed_language.as_deref(),
            shows_html: true,
            ..normalize::Given::published()
        };
        // a fault in one article must not keep the others from their readers: it stands without its text
        let presented = std::panic::catch_unwind(|| normalize::present(&stored.article, &given)).unwrap_or_default();
        let content = content.unwrap_or(Content::usual(origin.kind));
        (stored.id, compose::item(stored, compose::Parts { presented, source: origin.source, also_at, content }))
    };
    let halves = {
        let mut first = work;
        let second = first.split_off(first.len() / 2);
        [first, second]
    };
    let halves = halves.map(|half| parts.off_thread(move || half.into_iter().map(one).collect::<Vec<_>>()));
    futures_util::future::join_all(halves).await.into_iter().flatten().flatten().collect()
}

/// Where an article comes from, as its item names it.
struct Carrier {
    source: ItemSource,
    kind: SourceKind,
    language: Option<String>,
    feed_language: Option<String>,
}

impl Carrier {
    fn of(plan: &Plan, states: &States, stored: &Stored) -> Self {
        let configured = stored.sources.iter().find_map(|id| plan.sources.get(id));
        let Some(source) = configured else {
            let id = stored.sources.first().cloned().unwrap_or_default();
            let source = ItemSource { title: stored.outlet.to_string(), id, ..ItemSource::default() };
            return Self { source, kind: SourceKind::Feed, language: None, feed_language: None };
        };
        let state = states.get(source.id.as_ref());
        let kind = match (source.kind, state) {
            (SourceKind::Auto, Some(state)) if state.is_page => SourceKind::Article,
            (kind, _) => kind,
        };
        let feed_language = state.and_then(|state| state.feed_language.clone());
        Self { source: item_source(source, state), kind, language: source.language.clone(), feed_language }
    }
}

/// A source as items name it.
pub(super) fn item_source(source: &Source, state: Option<&SourceState>) -> ItemSource {
    let title = source.title.clone().or_else(|| state.and_then(|state| state.feed_title.clone()));
    ItemSource {
        id: Arc::clone(&source.id),
        title: title.unwrap_or_else(|| source.outlet.to_string()),
        url: match &source.location {
            Where::Web(url) => url.to_string(),
            Where::Folder(_) => String::new(),
        },
        home_page_url: state.and_then(|state| state.home_page_url.clone()),
    }
}

/// The other articles of each story, by its leader.
async fn also_at(
    parts: &Parts,
    plan: &Plan,
    (window, members): (&Window, &[Member]),
) -> Result<HashMap<ArticleId, Vec<AlsoAt>>, StoreError> {
    let leaders: HashSet<ArticleId> = window.articles.iter().copied().collect();
    let mut followers: Vec<&Member> = members
        .iter()
        .filter(|member| !member.hidden && member.story.is_some_and(|s| s != member.article && leaders.contains(&s)))
        .collect();
    if followers.is_empty() {
        return Ok(HashMap::new());
    }
    followers.sort_by(|a, b| (a.published, &a.uid).cmp(&(b.published, &b.uid)));
    let ids = followers.iter().map(|member| member.article).collect();
    let stored: HashMap<ArticleId, Stored> =
        parts.store.articles(ids).await?.into_iter().map(|stored| (stored.id, stored)).collect();
    let mut also: HashMap<ArticleId, Vec<AlsoAt>> = HashMap::new();
    for member in followers {
        let (Some(leader), Some(stored)) = (member.story, stored.get(&member.article)) else { continue };
        let Some(url) = stored.article.url.clone() else { continue };
        let named = plan.sources.of(stored.sources.iter());
        let outlet = named.first().and_then(|source| source.title.as_deref()).unwrap_or(&stored.outlet);
        let title = stored.article.title.clone().unwrap_or_default();
        also.entry(leader).or_default().push(AlsoAt { outlet: outlet.into(), title, url });
    }
    Ok(also)
}

/// Item by item what a release would change.
fn changes(
    record: &FeedRecord,
    members: &[Member],
    (before, items): (&HashSet<ArticleId>, &[(ArticleId, Item)]),
) -> Vec<Change> {
    let by_id: HashMap<ArticleId, &Member> = members.iter().map(|member| (member.article, member)).collect();
    let mut changes = Vec::new();
    for (article, item) in items {
        let kind = match by_id.get(article) {
            _ if !before.contains(article) => ChangeKind::New,
            Some(member) if member.changed > record.released => ChangeKind::Changed,
            _ => continue,
        };
        changes.push(Change { kind, uid: item.uid.clone(), title: item.title.clone() });
    }
    changes
}

/// What the last release held and the next one would not, by uid.
async fn leaving(
    parts: &Parts,
    before: &HashSet<ArticleId>,
    items: &[(ArticleId, Item)],
) -> Result<Vec<Change>, StoreError> {
    let stays: HashSet<ArticleId> = items.iter().map(|(article, _)| *article).collect();
    let gone = before.difference(&stays).copied().collect();
    let mut changes: Vec<Change> = Vec::new();
    for stored in parts.store.articles(gone).await? {
        let title = stored.article.title.unwrap_or_default();
        changes.push(Change { kind: ChangeKind::Leaves, uid: stored.uid, title });
    }
    changes.sort_by(|a, b| a.uid.cmp(&b.uid));
    Ok(changes)
}

/// What a lost state is rebuilt from: the newest members.
fn history(
    record: &FeedRecord,
    (newest, origins): (Vec<Member>, Vec<Origin>),
    (window, snapshot): (&Window, &FeedSnapshot),
) -> History {
    let mut origins: HashMap<ArticleId, Origin> = origins.into_iter().map(|origin| (origin.article, origin)).collect();
    let uids: HashMap<ArticleId, &str> = newest.iter().map(|member| (member.article, member.uid.as_str())).collect();
    let one = |member: &Member| {
        let origin = origins.remove(&member.article)?;
        let leader = member.story.filter(|story| *story != member.article);
        Some(HistoryItem {
            uid: member.uid.clone(),
            keys: origin.keys.iter().map(ToString::to_string).collect(),
            outlet: member.outlet.to_string(),
            sources: origin.sources.iter().map(ToString::to_string).collect(),
            first_seen: origin.first_seen,
            entered: member.entered,
            published: member.published,
            modified: None,
            size: member.size,
            hidden: member.hidden,
            story: leader.and_then(|story| uids.get(&story)).map(|&uid| uid.to_owned()),
            // what was published of the window's is put in as the file is written
            article: None,
        })
    };
    let items = newest.iter().filter_map(one).collect();
    let mut sources: Vec<HistorySource> = Vec::new();
    let mut named: HashSet<&str> = HashSet::new();
    for item in &snapshot.items {
        let source = &item.source;
        if named.insert(source.id.as_ref()) {
            sources.push(HistorySource {
                id: source.id.to_string(),
                title: source.title.clone(),
                url: source.url.clone(),
                home_page_url: source.home_page_url.clone(),
            });
        }
    }
    sources.sort_by(|a, b| a.id.cmp(&b.id));
    History { feed: snapshot.feed.id.clone(), urn: record.urn.clone(), bound: window.bound.clone(), sources, items }
}
