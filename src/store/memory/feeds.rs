//! Published feeds: records, members, windows, files.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Feed, Membership, State};
use crate::model::{ArticleId, Bound};
use crate::store::StoreError;
use crate::store::types::{FeedRecord, FileRecord, HISTORY, Member, Origin, Release, at};

impl State {
    pub(super) fn register_feed(&mut self, (id, urn, selection_hash): (&str, &str, u64), was: &[String]) -> FeedRecord {
        let names = std::iter::once(id).chain(was.iter().map(String::as_str));
        let find = |name| self.feeds.iter().position(|feed| feed.record.id == name);
        if let Some(index) = names.into_iter().find_map(find) {
            let record = &mut self.feeds[index].record;
            id.clone_into(&mut record.id);
            return record.clone();
        }
        let record = FeedRecord {
            number: u32::try_from(self.feeds.len() + 1).unwrap_or(u32::MAX),
            id: id.to_owned(),
            selection_hash,
            urn: urn.to_owned(),
            bound: None,
            revision: 0,
            released: 0,
            settings_hash: 0,
            items: 0,
            updated: None,
        };
        self.feeds.push(Feed { record: record.clone(), members: BTreeMap::new() });
        record
    }

    pub(super) fn members(&self, number: u32, most: usize) -> Result<Vec<Member>, StoreError> {
        let feed = self.feed(number)?;
        let mut members: Vec<Member> =
            feed.members.iter().filter_map(|(id, membership)| self.member(*id, *membership)).collect();
        members.sort_by(|a, b| place(b).cmp(&place(a)));
        let mut count = 0;
        members.retain(|member| {
            count += 1;
            let (entered, published, uid) = place(member);
            count <= HISTORY || feed.record.bound.as_ref().is_none_or(|bound| bound.admits(entered, published, uid))
        });
        members.truncate(most.max(HISTORY));
        Ok(members)
    }

    pub(super) fn origins(&self, mut articles: Vec<ArticleId>) -> Vec<Origin> {
        articles.sort_unstable();
        let origin = |&article: &ArticleId| {
            let row = self.row(article.0)?;
            let (keys, sources) = (row.keys.clone(), row.carriers());
            Some(Origin { article, keys, sources, first_seen: at(row.first_seen) })
        };
        articles.iter().filter_map(origin).collect()
    }

    fn member(&self, id: i64, membership: Membership) -> Option<Member> {
        let row = self.row(id)?;
        Some(Member {
            article: ArticleId(id),
            uid: row.uid.clone(),
            entered: membership.entered,
            published: row.dated(),
            size: row.size,
            outlet: Arc::clone(&row.outlet),
            title_hash: row.title_hash,
            story: membership.story,
            hidden: row.hidden,
            dropped: membership.dropped,
            added: membership.added,
            changed: membership.changed,
        })
    }

    pub(super) fn set_members(
        &mut self,
        (number, selection_hash): (u32, u64),
        members: &[(ArticleId, i64)],
    ) -> Result<(), StoreError> {
        let named: BTreeMap<i64, i64> = members.iter().map(|(id, entered)| (id.0, *entered)).collect();
        let feed = self.feed(number)?;
        let revision = feed.record.revision + 1;
        let stays = |id: &i64, membership: &Membership| {
            named.contains_key(id) || membership.dropped || !self.in_window(feed.record.bound.as_ref(), *id, membership)
        };
        let mut kept: BTreeMap<i64, Membership> =
            feed.members.iter().filter(|(id, member)| stays(id, member)).map(|(id, member)| (*id, *member)).collect();
        for (id, membership) in feed.members.iter().filter(|(id, member)| !stays(id, member)) {
            let first_seen = self.row(*id).map_or(membership.entered, |row| row.first_seen);
            let before = Membership { entered: first_seen, dropped: true, ..*membership };
            if !self.in_window(feed.record.bound.as_ref(), *id, &before) {
                kept.insert(*id, before);
            }
        }
        for (&id, &entered) in named.iter().filter(|(id, _)| !feed.members.contains_key(id)) {
            let row = self.row(id).ok_or(StoreError::UnknownArticle { article: id })?;
            if !row.hidden {
                kept.insert(id, Membership::new(entered, revision));
            }
        }
        let feed = self.feed_mut(number)?;
        feed.members = kept;
        feed.record.selection_hash = selection_hash;
        feed.record.revision = revision;
        Ok(())
    }

    /// Whether a member is above a bound.
    pub(super) fn in_window(&self, bound: Option<&Bound>, id: i64, membership: &Membership) -> bool {
        let (Some(bound), Some(row)) = (bound, self.row(id)) else { return true };
        bound.admits(membership.entered, row.dated(), &row.uid)
    }

    pub(super) fn release(&mut self, number: u32, release: Release) -> Result<(), StoreError> {
        let now = release.now.timestamp();
        let feed = self.feed_mut(number)?;
        feed.record.released = release.revision;
        feed.record.settings_hash = release.settings_hash;
        (feed.record.items, feed.record.updated) = (release.items, release.updated);
        for id in &release.reenter {
            if let Some(member) = feed.members.get_mut(&id.0) {
                member.entered = now;
            }
        }
        let mut left: Vec<i64> = release.drop.iter().map(|id| id.0).collect();
        for id in &left {
            if let Some(member) = feed.members.get_mut(id) {
                member.dropped = true;
            }
        }
        let before = feed.record.bound.as_ref();
        if let Some(bound) = release.bound.filter(|bound| before.is_none_or(|before| before < bound)) {
            // all that may have left the window just now
            let lowest = before.map_or(i64::MIN, |before| before.entered);
            let passed = feed.members.iter().filter(|(_, m)| (lowest..=bound.entered).contains(&m.entered));
            left.extend(passed.map(|(id, _)| *id));
            feed.record.bound = Some(bound);
        }
        for id in left {
            if let Ok(row) = self.row_mut(id) {
                row.unlisted = row.unlisted.map(|since| since.max(now));
            }
        }
        self.put_files(release.files);
        Ok(())
    }

    pub(super) fn put_files(&mut self, files: Vec<FileRecord>) {
        self.files.extend(files.into_iter().map(|file| ((file.target.clone(), file.path.clone()), file)));
    }
}

fn place(member: &Member) -> (i64, i64, &str) {
    (member.entered, member.published, &member.uid)
}
