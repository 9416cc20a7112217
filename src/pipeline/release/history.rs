//! What is published of a feed's members beside the feed.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::compose::Window;
use crate::model::{ArticleId, FeedSnapshot, History, HistoryItem, HistorySource};
use crate::store::{FeedRecord, Member, Origin};

/// What a lost state is rebuilt from: the newest members.
pub(super) fn history(
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
            keys: origin.keys,
            outlet: Arc::clone(&member.outlet),
            sources: origin.sources,
            first_seen: origin.first_seen,
            entered: member.entered,
            published: member.published,
            size: member.size,
            hidden: member.hidden,
            story: leader.and_then(|story| uids.get(&story)).map(|&uid| uid.to_owned()),
            // what was published of the window's is put in as the file is written
            text_in: None,
            article: None,
        })
    };
    let items = newest.iter().filter_map(one).collect();
    let mut sources: Vec<HistorySource> = Vec::new();
    let mut named: HashSet<&str> = HashSet::new();
    for item in snapshot.items.iter() {
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
    History {
        feed: snapshot.feed.id.clone(),
        urn: record.urn.clone(),
        bound: window.bound.clone(),
        archives: snapshot.previous.values().cloned().collect(),
        sources,
        items,
    }
}
