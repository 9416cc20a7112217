//! A feed's archives (RFC 5005 §4): closed before the main document names them, and never changed,
//! but for what is hidden.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_128;

use super::States;
use super::items::items;
use super::staging::{self, Published};
use crate::compose::{self, Closed};
use crate::model::{ArticleId, Bound, FeedInfo, FeedSnapshot, Format, archive_path};
use crate::pipeline::{FeedPlan, Parts, Plan};
use crate::publish::{PublishError, Target};
use crate::render;
use crate::store::{FeedRecord, FileRecord, Member, Release, StoreError};

/// Targets that may not get the feed now, by their place, and why: an archive that its documents would
/// name cannot be put there.
pub type Behind = BTreeMap<usize, String>;

/// The archives that stand: the newest in each format, and the highest number.
#[derive(Clone, Debug, Default)]
pub struct Chain {
    pub newest: BTreeMap<Format, String>,
    last: u32,
}

impl Chain {
    /// What was closed of a feed so far; of a renamed one also under its former ids.
    ///
    /// # Errors
    /// The store failed.
    pub async fn of(parts: &Parts, feed: &FeedPlan) -> Result<Self, StoreError> {
        let mut chain = Self::default();
        if !feed.info.archives {
            return Ok(chain);
        }
        let mut newest: BTreeMap<Format, (u32, String)> = BTreeMap::new();
        for target in parts.targets.iter() {
            for file in recorded(parts, feed, target).await? {
                let Some((number, format)) = place(feed, &file.path) else { continue };
                chain.last = chain.last.max(number);
                let known = newest.entry(format).or_default();
                if number >= known.0 {
                    *known = (number, file.path);
                }
            }
        }
        newest.retain(|format, _| feed.info.formats.contains(format));
        chain.newest = newest.into_iter().map(|(format, (_, path))| (format, path)).collect();
        Ok(chain)
    }
}

/// The number and format of an archive of a feed.
fn place(feed: &FeedPlan, path: &str) -> Option<(u32, Format)> {
    let (id, name) = path.strip_prefix("archive/")?.split_once('/')?;
    let is_own = id == feed.info.id || feed.was.iter().any(|was| was == id);
    let (number, extension) = name.split_once('.').filter(|_| is_own)?;
    let format = FORMATS.into_iter().find(|format| format.extension() == extension)?;
    Some((number.parse().ok()?, format))
}

/// What is recorded of a feed's archives in a target, also under its former ids.
async fn recorded(parts: &Parts, feed: &FeedPlan, target: &Target) -> Result<Vec<FileRecord>, StoreError> {
    let mut files = Vec::new();
    for id in std::iter::once(&feed.info.id).chain(&feed.was) {
        files.extend(parts.store.files_under(target.name(), &format!("archive/{id}/")).await?);
    }
    Ok(files)
}

/// The formats that archives have: pages have none.
const FORMATS: [Format; 3] = [Format::Rss, Format::Atom, Format::Json];

/// Whether a path belongs to the archives of a feed that has some.
pub(super) fn owns(feed: &FeedPlan, path: &str) -> bool {
    feed.info.archives && (path == hidden_marker(feed) || place(feed, path).is_some())
}

/// Those of a target's files that are archives of a feed, up to the newest of those `named`: a later one was
/// never told of, and is made anew.
pub(in crate::pipeline) fn closed<'a>(
    feed: &FeedPlan,
    named: &[String],
    standing: &'a [String],
) -> impl Iterator<Item = &'a String> {
    let number = |path: &str| Some(place(feed, path)?.0);
    let last = named.iter().filter_map(|path| number(path)).max();
    standing.iter().filter(move |path| number(path).is_some_and(|number| Some(number) <= last))
}

/// Members that went into an archive and were corrected since: they enter anew, in `members` too.
///
/// # Errors
/// The store failed.
pub(super) async fn corrected(
    parts: &Parts,
    record: &FeedRecord,
    members: &mut [Member],
) -> Result<Vec<ArticleId>, StoreError> {
    let Some(bound) = record.bound.as_ref().filter(|_| record.released > 0) else { return Ok(Vec::new()) };
    let is_closed = |member: &Member| !bound.admits(member.entered, member.published, &member.uid);
    let stands = |member: &Member| {
        !member.hidden && !member.dropped && member.story.is_none_or(|leader| leader == member.article)
    };
    let changed =
        members.iter().filter(|member| member.changed > record.released && is_closed(member) && stands(member));
    let changed: Vec<ArticleId> = changed.map(|member| member.article).collect();
    if changed.is_empty() {
        return Ok(changed);
    }
    let stored = parts.store.articles(changed).await?;
    // what readers would not see changes no date
    let modified = stored.iter().filter_map(|stored| Some((stored.id, stored.article.date_modified?.at.timestamp())));
    let modified: BTreeMap<ArticleId, i64> = modified.collect();
    let mut corrected = Vec::new();
    for member in members.iter_mut() {
        if modified.get(&member.article).is_some_and(|modified| *modified > member.entered) {
            member.entered = parts.now.timestamp();
            corrected.push(member.article);
        }
    }
    members.sort_unstable_by(|a, b| (b.entered, b.published, &b.uid).cmp(&(a.entered, a.published, &a.uid)));
    Ok(corrected)
}

/// Closes archives, oldest first: each stands in every target that takes it, and is recorded, before
/// the next one. Answers the paths that were written.
///
/// # Errors
/// The store failed; within, in words for people, why no target took an archive, or why it could not be made.
pub(super) async fn close(
    parts: &Parts,
    (plan, states): (&Plan, &States),
    (feed, record, members): (&FeedPlan, &FeedRecord, &[Member]),
    (closed, chain, behind): (&[Closed], &mut Chain, &mut Behind),
) -> Result<Result<Vec<String>, String>, StoreError> {
    let mut written = Vec::new();
    for one in closed {
        let held = match items(parts, (plan, states), (feed, &one.articles, members)).await? {
            Ok(held) => held,
            Err(fault) => return Ok(Err(fault)),
        };
        let held = held.into_iter().map(|(_, item)| item).collect();
        let info = FeedInfo { urn: record.urn.clone(), ..feed.info.clone() };
        let number = chain.last + 1;
        let snapshot = compose::snapshot(plan.site.clone(), info, held);
        let snapshot = Arc::new(FeedSnapshot { archive: Some(number), previous: chain.newest.clone(), ..snapshot });
        let (paths, files) = put(parts, &snapshot, behind).await;
        if files.is_empty() {
            return Ok(Err(behind.values().cloned().collect::<Vec<_>>().join("; and ")));
        }
        written.extend(paths);
        record_closed(parts, record, (&one.bound, files)).await?;
        chain.last = number;
        for format in FORMATS.into_iter().filter(|format| feed.info.formats.contains(format)) {
            chain.newest.insert(format, archive_path(&feed.info.id, number, format));
        }
    }
    Ok(Ok(written))
}

/// Moves the bound above what has been closed; the last release stays as it is recorded.
async fn record_closed(
    parts: &Parts,
    record: &FeedRecord,
    (bound, files): (&Bound, Vec<FileRecord>),
) -> Result<(), StoreError> {
    let release = Release {
        revision: record.released,
        settings_hash: record.settings_hash,
        bound: Some(bound.clone()),
        items: record.items,
        updated: record.updated,
        files,
        now: parts.now,
        ..Release::default()
    };
    parts.store.release(record.number, release).await
}

/// Puts an archive into every target that is not behind; one that fails is from then on.
async fn put(parts: &Parts, snapshot: &Arc<FeedSnapshot>, behind: &mut Behind) -> (Vec<String>, Vec<FileRecord>) {
    let (mut written, mut files) = (Vec::new(), Vec::new());
    for (index, target) in parts.targets.iter().enumerate() {
        if behind.contains_key(&index) {
            continue;
        }
        let (targets, snapshot) = (Arc::clone(&parts.targets), Arc::clone(snapshot));
        let staged = parts.crew.run(move || staging::stage_documents(&targets[index], (&snapshot, &[]))).await;
        let put = match staged {
            Ok(Ok(staged)) => staging::commit(target, staged).await.map_err(|error| error.to_string()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(fault) => Err(fault),
        };
        match put {
            Ok(put) => {
                written.extend(put.written);
                files.extend(put.files);
            }
            Err(trouble) => drop(behind.insert(index, trouble)),
        }
    }
    (written, files)
}

/// Gives each target the archives that only others hold: one that was down when they were closed, or
/// that is new. Answers the paths that were written.
///
/// # Errors
/// The store failed.
pub(super) async fn catch_up(parts: &Parts, feed: &FeedPlan, behind: &mut Behind) -> Result<Vec<String>, StoreError> {
    let mut held: Vec<BTreeSet<String>> = Vec::new();
    for target in parts.targets.iter() {
        let recorded = recorded(parts, feed, target).await?.into_iter().map(|file| file.path);
        held.push(recorded.filter(|path| place(feed, path).is_some()).collect());
    }
    let mut written = Vec::new();
    let all: BTreeSet<&String> = held.iter().flatten().collect();
    for (index, target) in parts.targets.iter().enumerate() {
        for path in all.iter().filter(|path| !held[index].contains(**path)) {
            let holders = parts.targets.iter().zip(&held).filter(|(_, held)| held.contains(*path));
            match copy(path, holders.map(|(holder, _)| holder), target).await {
                Ok(Published { written: paths, files, .. }) => {
                    written.extend(paths);
                    parts.store.put_files(files).await?;
                }
                Err(trouble) => {
                    behind.insert(index, trouble.to_string());
                    break;
                }
            }
        }
    }
    Ok(written)
}

/// Copies a file to a target from the first that answers; what none holds any more is let be.
async fn copy(path: &str, holders: impl Iterator<Item = &Target>, target: &Target) -> Result<Published, PublishError> {
    let mut trouble = None;
    for holder in holders {
        match holder.read(path).await {
            Ok(None) => {}
            Err(error) => trouble = Some(error),
            Ok(Some(bytes)) => {
                let staged = target.stage::<std::io::Error, _>(path, |out| out.write_all(&bytes))?;
                return staging::commit(target, vec![staged]).await;
            }
        }
    }
    trouble.map_or_else(|| Ok(Published::default()), Err)
}

/// No file: its hash tells which items were hidden when the archives were last looked through.
fn hidden_marker(feed: &FeedPlan) -> String {
    format!("archive/{}/hidden", feed.info.id)
}

/// Takes what was hidden out of the archives of every target; answers the paths that were written.
///
/// # Errors
/// The store failed.
pub(super) async fn take_out(parts: &Parts, feed: &FeedPlan, behind: &mut Behind) -> Result<Vec<String>, StoreError> {
    let mut written = Vec::new();
    let hidden: BTreeSet<String> = parts.store.hidden_members(feed.number).await?.into_iter().collect();
    let hash = xxh3_128(format!("{hidden:?}").as_bytes());
    for (index, target) in parts.targets.iter().enumerate() {
        let name = target.name();
        let recorded = recorded(parts, feed, target).await?;
        let marker = recorded.iter().find(|file| file.path == hidden_marker(feed));
        let archives: Vec<(String, Format)> =
            recorded.iter().filter_map(|file| Some((file.path.clone(), place(feed, &file.path)?.1))).collect();
        if behind.contains_key(&index)
            || archives.is_empty()
            || hidden.is_empty()
            || marker.is_some_and(|marker| marker.hash == hash)
        {
            continue;
        }
        match cut(target, (&archives, &hidden)).await {
            Err(trouble) => drop(behind.insert(index, trouble.to_string())),
            Ok(Published { written: paths, mut files, .. }) => {
                written.extend(paths);
                files.push(FileRecord { target: name.to_owned(), path: hidden_marker(feed), hash, size: 0 });
                parts.store.put_files(files).await?;
            }
        }
    }
    Ok(written)
}

/// One target's archives without what was hidden.
async fn cut(
    target: &Target,
    (archives, hidden): (&[(String, Format)], &BTreeSet<String>),
) -> Result<Published, PublishError> {
    let ids: BTreeSet<&str> = hidden.iter().map(String::as_str).collect();
    let mut staged = Vec::new();
    for (path, format) in archives {
        let rest = target.read(path).await?.and_then(|bytes| render::without(*format, &bytes, &ids));
        if let Some(rest) = rest {
            staged.push(target.stage::<std::io::Error, _>(path, |out| out.write_all(&rest))?);
        }
    }
    staging::commit(target, staged).await
}
