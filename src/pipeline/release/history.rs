//! What is published of a feed's members beside the feed.

use std::collections::{HashMap, HashSet};

use crate::compose::Window;
use crate::model::{ArticleId, FeedSnapshot, History, HistoryItem, HistorySource};
use crate::store::{FeedRecord, Member, Origin};

/// What a lost state is rebuilt from: the newest members.
pub(super) fn history(
    record: &FeedRecord,
    (newest, mut origins): (Vec<Member>, Vec<Origin>),
    (window, snapshot): (&Window, &FeedSnapshot),
) -> History {
    let leader_of = |member: &Member| member.story.filter(|story| *story != member.article);
    let leaders: HashSet<ArticleId> = newest.iter().filter_map(leader_of).collect();
    let uids: HashMap<ArticleId, String> = newest
        .iter()
        .filter(|member| leaders.contains(&member.article))
        .map(|member| (member.article, member.uid.clone()))
        .collect();
    origins.sort_unstable_by_key(|origin| origin.article);
    let one = |member: Member| {
        let place = origins.binary_search_by_key(&member.article, |origin| origin.article).ok()?;
        let origin = &mut origins[place];
        let leader = leader_of(&member);
        Some(HistoryItem {
            uid: member.uid,
            keys: std::mem::take(&mut origin.keys),
            outlet: member.outlet,
            sources: std::mem::take(&mut origin.sources),
            first_seen: origin.first_seen,
            entered: member.entered,
            published: member.published,
            size: member.size,
            hidden: member.hidden,
            story: leader.and_then(|story| uids.get(&story).cloned()),
            // what was published of the window's is put in as the file is written
            text_in: None,
            article: None,
        })
    };
    let items = newest.into_iter().filter_map(one).collect();
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
