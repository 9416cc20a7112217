//! Item by item what a release would do.

use std::collections::{HashMap, HashSet};

use crate::model::{ArticleId, Item};
use crate::pipeline::Parts;
use crate::report::{Change, ChangeKind};
use crate::store::{FeedRecord, Member, StoreError};

/// Item by item what a release would change.
pub(super) fn changes(
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
pub(super) async fn leaving(
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
