//! The files of one feed: staged, read back, put in place.

use std::collections::{HashMap, HashSet};
use std::io::{Read, Write};
use std::sync::Arc;

use super::archive::Behind;
use crate::compose;
use crate::extract;
use crate::model::{FeedSnapshot, Format, History, HistoryItem, Item};
use crate::pipeline::Parts;
use crate::publish::{PublishError, Staged, Target};
use crate::render::{self, RenderError};
use crate::store::{FileRecord, StoreError};

/// What a release put in place.
#[derive(Debug, Default)]
pub struct Published {
    pub written: Vec<String>,
    /// What stands in those targets that took it; none where every target failed.
    pub files: Vec<FileRecord>,
    /// In words for people: what failed, where, and what to do.
    pub trouble: Option<String>,
}

/// The path of a feed in one format, relative to its target.
#[must_use]
pub fn document_path(id: &str, format: Format) -> String {
    format!("{id}.{}", format.extension())
}

/// The path of a feed's history.
#[must_use]
pub fn history_path(id: &str) -> String {
    format!("history/{id}.json")
}

/// Publishes a feed to every target that is not behind at once.
///
/// A target that fails keeps the documents that it has. What is recorded of them is forgotten, so that
/// the feed is released once more at the next run; there is nothing to do then for the others.
///
/// # Errors
/// The store failed.
pub async fn publish(
    parts: &Parts,
    (was, paths, mut behind): (&[String], &[String], Behind),
    snapshot: &Arc<FeedSnapshot>,
    history: &Arc<History>,
) -> Result<Published, StoreError> {
    // staged one after the other, which bounds the memory, and put in place at once
    let mut all = Vec::with_capacity(parts.targets.len());
    for (index, target) in parts.targets.iter().enumerate() {
        let staged = match behind.remove(&index) {
            Some(trouble) => Err(trouble),
            None => stage(parts, (index, was), snapshot, history).await,
        };
        all.push(async move { commit(target, staged?).await.map_err(|error| error.to_string()) });
    }
    let mut published = Published::default();
    let mut troubles: Vec<String> = Vec::new();
    for (outcome, target) in futures_util::future::join_all(all).await.into_iter().zip(parts.targets.iter()) {
        match outcome {
            Ok(one) => {
                published.written.extend(one.written);
                published.files.extend(one.files);
            }
            Err(trouble) => {
                parts.store.forget_files(target.name(), paths.to_vec()).await?;
                troubles.push(trouble);
            }
        }
    }
    published.trouble = in_one(troubles);
    Ok(published)
}

/// The troubles of several targets in one line, each once.
pub(super) fn in_one(mut troubles: Vec<String>) -> Option<String> {
    let mut told = HashSet::new();
    troubles.retain(|trouble| told.insert(trouble.clone()));
    (!troubles.is_empty()).then(|| troubles.join("; and "))
}

/// Writes a feed's files for one target.
async fn stage(
    parts: &Parts,
    (index, was): (usize, &[String]),
    snapshot: &Arc<FeedSnapshot>,
    history: &Arc<History>,
) -> Result<Vec<Staged>, String> {
    if let Some(trouble) = parts.targets[index].trouble() {
        return Err(trouble.to_owned());
    }
    let (snapshot, history, was) = (Arc::clone(snapshot), Arc::clone(history), was.to_vec());
    let documents = {
        let (targets, snapshot) = (Arc::clone(&parts.targets), Arc::clone(&snapshot));
        parts.crew.run(move || stage_documents(&targets[index], (&snapshot, &was)))
    };
    let history = {
        let targets = Arc::clone(&parts.targets);
        parts.crew.run(move || stage_history(&targets[index], (&snapshot, &history)))
    };
    let (documents, history) = futures_util::future::join(documents, history).await;
    let mut staged = documents?.map_err(|error| error.to_string())?;
    staged.push(history?.map_err(|error| error.to_string())?);
    Ok(staged)
}

/// Why a feed was kept back.
#[derive(Debug, thiserror::Error)]
pub enum KeptBack {
    #[error(transparent)]
    Publish(#[from] PublishError),
    #[error("{path} was not published, since it does not read back: {reason}; the file that stood there stays")]
    ReadBack { path: String, reason: String },
}

/// Writes a feed's documents beside those that stand in a target, one format at a time. Each is read back from the disk
/// with our own reader while it is written, and compared before the next is begun.
///
/// # Errors
/// [`KeptBack`]; nothing that stood there was changed.
pub fn stage_documents(target: &Target, (snapshot, was): (&FeedSnapshot, &[String])) -> Result<Vec<Staged>, KeptBack> {
    let mut staged = Vec::new();
    for format in snapshot.feed.formats.iter().filter(|format| snapshot.archive.is_none() || **format != Format::Html) {
        let write = |out: &mut dyn Write| render::render(*format, snapshot, out);
        let path = snapshot.path(*format);
        let draft = target.draft(&path)?;
        let document = if *format == Format::Html {
            draft.write(write)?
        } else {
            let (document, read) = draft.write_read(write, |document| read_back(document, (*format, snapshot)))?;
            read.map_err(|reason| KeptBack::ReadBack { path, reason })?;
            document
        };
        for id in was {
            staged.push(target.stage::<RenderError, _>(&document_path(id, *format), write)?);
        }
        staged.push(document);
    }
    Ok(staged)
}

fn stage_history(target: &Target, (snapshot, history): (&FeedSnapshot, &History)) -> Result<Staged, PublishError> {
    let published: HashMap<&str, &Item> = snapshot.items.iter().map(|item| (item.uid.as_str(), item)).collect();
    let formats = &snapshot.feed.formats;
    let article_of = |item: &HistoryItem| {
        let item = published.get(item.uid.as_str())?;
        let text_in = compose::text_in(item, formats);
        Some((compose::released(item, text_in.is_some()), text_in))
    };
    let write = |out: &mut dyn Write| render::history(history, &article_of, out);
    target.stage::<RenderError, _>(&history_path(&snapshot.feed.id), write)
}

/// Puts staged files in place; answers the paths that were written and the records of all.
pub(super) async fn commit(target: &Target, staged: Vec<Staged>) -> Result<Published, PublishError> {
    let files = staged
        .iter()
        .map(|one| FileRecord {
            target: target.name().to_owned(),
            path: one.path().to_owned(),
            hash: one.hash(),
            size: one.size(),
        })
        .collect();
    Ok(Published { written: target.commit(staged).await?.written, files, trouble: None })
}

/// Reads a staged document with our own reader and compares it with what it was made from; why it is another, if it is.
fn read_back(document: &mut dyn Read, (format, snapshot): (Format, &FeedSnapshot)) -> Result<(), String> {
    let address = snapshot.address(format);
    let base = address.parse().map_err(|error| format!("{address} is no address: {error}"))?;
    let mut verifier = render::Verifier::new(format, snapshot);
    extract::each_item(document, &base, &mut |item| verifier.item(&item)).map_err(|error| error.to_string())?;
    verifier.finish().map_err(|mismatch| mismatch.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compose::{self, Content};
    use crate::model::{Article, ArticleId, FeedInfo, Presented, SiteInfo, Stored};
    use crate::publish::Folder;

    fn snapshot(uid: &str) -> FeedSnapshot {
        let stored = Stored {
            id: ArticleId(1),
            uid: uid.to_owned(),
            outlet: "o.example".into(),
            sources: Vec::new(),
            first_seen: chrono::DateTime::UNIX_EPOCH,
            article: Article { title: Some("A headline".into()), ..Article::default() },
            keys: Vec::new(),
            quiet: false,
            is_gone: false,
        };
        let (presented, content) = (Presented::default(), Content::Full);
        let parts = compose::Parts { presented, source: Arc::default(), also_at: Vec::new(), content };
        let site = SiteInfo { base_url: "https://feeds.example/".into(), ..SiteInfo::default() };
        let formats = vec![Format::Rss, Format::Atom, Format::Json];
        let feed = FeedInfo { id: "all".into(), urn: "urn:uuid:a".into(), formats, ..FeedInfo::default() };
        compose::snapshot(site, feed, vec![compose::item(stored, parts)])
    }

    #[tokio::test]
    async fn what_does_not_read_back_replaces_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = Target::Folder(Folder::open(folder.path()).expect("a folder").into());
        let staged = stage_documents(&target, (&snapshot("urn:a"), &[])).expect("staged");
        commit(&target, staged).await.expect("in place");
        let all = || {
            let entries =
                std::fs::read_dir(folder.path()).expect("a folder").map(|entry| entry.expect("an entry").path());
            let files = entries.filter(|path| path.is_file());
            files.map(|path| (path.clone(), std::fs::read(path).expect("a file"))).collect::<HashMap<_, _>>()
        };
        let before = all();
        assert_eq!(before.len(), 3, "{before:?}");
        // a reader takes the white space for nothing
        let kept_back = stage_documents(&target, (&snapshot(" urn:b "), &[])).expect_err("it reads back as another id");
        let said = kept_back.to_string();
        assert!(said.starts_with("all.rss was not published") && said.contains("with id"), "{said}");
        assert!(all() == before, "what stood there stays, and nothing is left beside it");
    }
}
