//! Which members of a feed tell the same story.

use std::collections::HashMap;

use super::Parts;
use crate::compose::Stories;
use crate::dedupe::story::{self, Assignment, Signature, StoryEntry};
use crate::model::{ArticleId, Stored};
use crate::normalize;
use crate::store::{FeedRecord, Member, StoreError};

/// Members published longer before a new one are not compared with it; seconds.
const REACH: i64 = 8 * 86_400;

/// Assigns the members that have no story yet, in the store and in `members`.
///
/// Afterwards each member has one, its own where it stands alone. What was released leads its
/// story for ever: another leader would be announced as a new item.
///
/// # Errors
/// The store failed.
pub async fn assign(
    parts: &Parts,
    stories: &Stories,
    record: &FeedRecord,
    members: &mut [Member],
) -> Result<(), StoreError> {
    let new: Vec<&Member> = members.iter().filter(|member| member.story.is_none() && !member.hidden).collect();
    let Some(oldest) = new.iter().map(|member| member.published).min().filter(|_| *stories != Stories::All) else {
        return Ok(());
    };
    let fresh = entries_of(parts, &new).await?;
    let near: Vec<&Member> =
        members.iter().filter(|member| member.story.is_some() && member.published >= oldest - REACH).collect();
    let signatures = parts.store.signatures(near.iter().map(|member| member.article).collect()).await?;
    let mut signatures: HashMap<ArticleId, Vec<u8>> = signatures.into_iter().collect();
    let existing: Vec<StoryEntry> = near
        .iter()
        .map(|member| {
            let (title, signature) = unpack(&signatures.remove(&member.article).unwrap_or_default());
            entry(member, (title, signature), member.story)
        })
        .collect();
    parts.store.put_signatures(fresh.iter().map(|one| (one.article, pack(one))).collect()).await?;

    // what was released without a story leads whatever joins it now
    let released = |member: &&Member| member.added <= record.released;
    let leaders: HashMap<ArticleId, ArticleId> =
        new.iter().copied().filter(released).map(|member| (member.article, member.article)).collect();
    let entering: Vec<StoryEntry> =
        fresh.into_iter().map(|one| StoryEntry { story: leaders.get(&one.article).copied(), ..one }).collect();
    let assigned = lead(stories, &story::assign(&existing, &entering), &entering);
    for member in members.iter_mut().filter(|member| member.story.is_none()) {
        member.story = Some(assigned.get(&member.article).copied().unwrap_or(member.article));
    }
    let pairs = entering.iter().map(|one| (one.article, assigned.get(&one.article).copied().unwrap_or(one.article)));
    parts.store.set_stories(record.number, pairs.collect()).await
}

/// Stories as the feed wants them: the preferred outlet's article leads where no leader stands yet.
fn lead(stories: &Stories, assigned: &[Assignment], entering: &[StoryEntry]) -> HashMap<ArticleId, ArticleId> {
    let mut of: HashMap<ArticleId, ArticleId> =
        assigned.iter().map(|assignment| (assignment.article, assignment.story)).collect();
    let Stories::Prefer(outlet) = stories else { return of };
    let free: HashMap<ArticleId, &StoryEntry> =
        entering.iter().filter(|one| one.story.is_none()).map(|one| (one.article, one)).collect();
    let mut preferred: HashMap<ArticleId, &StoryEntry> = HashMap::new();
    for assignment in assigned.iter().filter(|assignment| free.contains_key(&assignment.story)) {
        let Some(one) = free.get(&assignment.article).filter(|one| *one.outlet == **outlet) else { continue };
        let best = preferred.entry(assignment.story).or_insert(one);
        if (one.published, &one.uid) < (best.published, &best.uid) {
            *best = one;
        }
    }
    for story in of.values_mut() {
        if let Some(leader) = preferred.get(story) {
            *story = leader.article;
        }
    }
    of
}

/// Articles whose texts are in memory at once.
const PORTION: usize = 256;

/// Entries of new members, from what a reader sees of them.
async fn entries_of(parts: &Parts, new: &[&Member]) -> Result<Vec<StoryEntry>, StoreError> {
    let mut entries = Vec::with_capacity(new.len());
    for portion in new.chunks(PORTION) {
        let stored = parts.store.articles(portion.iter().map(|member| member.article).collect()).await?;
        let members: HashMap<ArticleId, (std::sync::Arc<str>, i64)> =
            portion.iter().map(|member| (member.article, (member.outlet.clone(), member.published))).collect();
        let work =
            move || -> Vec<StoryEntry> { stored.into_iter().filter_map(|stored| entry_of(stored, &members)).collect() };
        // a fault in grouping must not keep a feed from its readers: its articles stand alone then
        entries.extend(parts.crew.run(work).await.unwrap_or_default());
    }
    Ok(entries)
}

fn entry_of(stored: Stored, members: &HashMap<ArticleId, (std::sync::Arc<str>, i64)>) -> Option<StoryEntry> {
    let place = members.get(&stored.id)?.clone();
    let presented = normalize::appearance(&stored.article, &normalize::Given::published());
    let text = presented.content_text.or(presented.summary).unwrap_or_default();
    let title = stored.article.title.as_deref().unwrap_or_default();
    Some(StoryEntry::new((stored.id, stored.uid), place, title, &text))
}

fn entry(
    member: &Member,
    (title, signature): (Option<u64>, Option<Signature>),
    story: Option<ArticleId>,
) -> StoryEntry {
    StoryEntry {
        article: member.article,
        uid: member.uid.clone(),
        outlet: member.outlet.clone(),
        published: member.published,
        title,
        signature,
        story,
    }
}

/// What the store keeps of an entry: the title's hash, 0 where there is none, then the signature.
fn pack(entry: &StoryEntry) -> Vec<u8> {
    let mut bytes = entry.title.unwrap_or(0).to_le_bytes().to_vec();
    bytes.extend(entry.signature.as_ref().map(Signature::to_bytes).unwrap_or_default());
    bytes
}

fn unpack(bytes: &[u8]) -> (Option<u64>, Option<Signature>) {
    let Some((title, signature)) = bytes.split_first_chunk() else { return (None, None) };
    (Some(u64::from_le_bytes(*title)).filter(|title| *title != 0), Signature::from_bytes(signature))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(article: i64, outlet: &str, story: Option<i64>) -> StoryEntry {
        StoryEntry {
            article: ArticleId(article),
            uid: format!("urn:x:{article}"),
            outlet: outlet.into(),
            published: article,
            title: Some(7),
            signature: None,
            story: story.map(ArticleId),
        }
    }

    fn leaders(stories: &Stories, existing: &[StoryEntry], entering: &[StoryEntry]) -> Vec<(i64, i64)> {
        let mut of: Vec<(i64, i64)> = lead(stories, &story::assign(existing, entering), entering)
            .into_iter()
            .map(|(article, story)| (article.0, story.0))
            .collect();
        of.sort_unstable();
        of
    }

    #[test]
    fn the_preferred_outlet_leads_unless_another_was_released() {
        let prefer = Stories::Prefer("b".to_owned());
        let new = [one(1, "a", None), one(2, "b", None)];
        assert_eq!(leaders(&Stories::First, &[], &new), [(1, 1), (2, 1)]);
        let two = [one(1, "a", None), one(2, "b", None), one(3, "b", None)];
        assert_eq!(leaders(&prefer, &[], &two), [(1, 2), (2, 2), (3, 2)], "its earliest one");
        assert_eq!(leaders(&prefer, &[], &new), [(1, 2), (2, 2)]);
        assert_eq!(leaders(&prefer, &[one(1, "a", Some(1))], &[one(2, "b", None)]), [(2, 1)]);
        assert_eq!(leaders(&prefer, &[], &[one(1, "a", Some(1)), one(2, "b", None)]), [(2, 1)]);
    }

    #[test]
    fn entries_survive_the_store() {
        let text = "words that are long enough to be told apart from other words ".repeat(20);
        let entry =
            StoryEntry::new((ArticleId(1), "urn:x:1".into()), ("a".into(), 1), "A headline with enough letters", &text);
        assert!(entry.signature.is_some());
        assert_eq!(unpack(&pack(&entry)).0, entry.title);
        assert_eq!(
            unpack(&pack(&entry)).1.map(|signature| signature.to_bytes()),
            entry.signature.map(|s| s.to_bytes())
        );
        assert!(matches!(unpack(&[]), (None, None)));
    }
}
