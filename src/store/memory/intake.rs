//! Storing what one fetch of one source brought.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::{Membership, Row, State};
use crate::model::{ArticleId, Carried, Intake, Key, NewArticle, UpdatedArticle};
use crate::store::StoreError;
use crate::store::types::{Applied, published, uid_key};

/// Who brings an intake.
struct Bringer {
    source: Arc<str>,
    outlet: Arc<str>,
    now: i64,
    /// Ids above the start and up to the end came since this source looked.
    unseen: Range<i64>,
}

impl State {
    /// Stores all of an intake, or nothing: whatever can fail is looked at first.
    pub(super) fn apply(&mut self, intake: Intake) -> Result<Applied, StoreError> {
        self.check(&intake)?;
        let newest = self.newest();
        let seen = self.looked.get(&intake.state.id).copied().unwrap_or(newest);
        let bringer = Bringer {
            source: intake.state.id.as_str().into(),
            outlet: intake.outlet,
            now: intake.now.timestamp(),
            unseen: seen..newest,
        };
        let mut touched = BTreeSet::new();
        let mut applied = Applied::default();
        let mut brought = Vec::new();
        for new in intake.new {
            let announced = new.announced;
            let (id, met) = match self.met(&bringer, &new) {
                Some(id) => {
                    let NewArticle { keys, fingerprint, feeds, .. } = new;
                    let carried = Carried { id, keys, new_source: true, fingerprint, feeds };
                    self.carry(&bringer, &carried, &mut touched);
                    (id, true)
                }
                None => (self.insert(&bringer, new, &mut touched), false),
            };
            applied.met += usize::from(met && announced);
            brought.push(id.0);
            applied.new.push((id, self.row(id.0).map(|row| row.uid.clone()).unwrap_or_default()));
        }
        for updated in intake.updated {
            self.update(&bringer, updated, &mut touched);
        }
        for carried in &intake.carried {
            self.carry(&bringer, carried, &mut touched);
        }
        self.raise(&touched)?;
        let listed = intake.listed.map(|listed| listed.into_iter().map(|id| id.0).collect::<Vec<_>>());
        self.relist(&bringer, listed, brought);
        self.sources.insert(intake.state.id.clone(), intake.state);
        Ok(applied)
    }

    fn check(&self, intake: &Intake) -> Result<(), StoreError> {
        let updated = intake.updated.iter().map(|updated| (updated.id, &updated.feeds));
        let carried = intake.carried.iter().map(|carried| (carried.id, &carried.feeds));
        let ids = updated.clone().chain(carried.clone()).map(|(id, _)| id);
        for id in ids.chain(intake.listed.iter().flatten().copied()) {
            self.row(id.0).ok_or(StoreError::UnknownArticle { article: id.0 })?;
        }
        let feeds = updated.chain(carried).map(|(_, feeds)| feeds).chain(intake.new.iter().map(|new| &new.feeds));
        for &feed in feeds.flatten() {
            self.feed(feed)?;
        }
        Ok(())
    }

    /// The article that another source brought since this one looked, if it is the same.
    fn met(&self, bringer: &Bringer, new: &NewArticle) -> Option<ArticleId> {
        let same = |id: &i64| {
            let unseen = bringer.unseen.start < *id && *id <= bringer.unseen.end;
            let row = self.row(*id).filter(|_| unseen);
            row.is_some_and(|row| {
                row.outlet == bringer.outlet && row.sources.first().is_none_or(|(first, _)| *first != bringer.source)
            })
        };
        new.keys.iter().filter_map(|key| self.keys.get(key)).copied().find(same).map(ArticleId)
    }

    fn insert(&mut self, bringer: &Bringer, new: NewArticle, touched: &mut BTreeSet<u32>) -> ArticleId {
        let id = self.newest() + 1;
        let uid_keys = new.uids.speaking().map(|uid| uid_key(&uid));
        let hidden = new.keys.iter().copied().chain(uid_keys).any(|key| self.hidden.contains(&key));
        let free = new.uids.candidates().find(|uid| !self.keys.contains_key(&uid_key(uid)));
        let uid = free.unwrap_or_default().into_owned();
        self.keys.insert(uid_key(&uid), id);
        self.keys.extend(new.keys.iter().map(|key| (*key, id)));
        self.articles.push(Row {
            uid,
            outlet: Arc::clone(&bringer.outlet),
            sources: vec![(Arc::clone(&bringer.source), new.fingerprint)],
            canonical_url: new.article.canonical_url.clone(),
            title_hash: new.title_hash,
            first_seen: bringer.now,
            published: published(&new.article),
            size: new.size,
            hidden,
            quiet: !new.announced,
            unlisted: None,
            keys: new.keys,
            article: Some(*new.article),
        });
        self.join(id, (&new.feeds, bringer.now), touched);
        ArticleId(id)
    }

    fn update(&mut self, bringer: &Bringer, updated: UpdatedArticle, touched: &mut BTreeSet<u32>) {
        let UpdatedArticle { id, article, keys, fingerprint, title_hash, size, feeds } = updated;
        if let (Some(article), Ok(row)) = (article, self.row_mut(id.0)) {
            row.canonical_url.clone_from(&article.canonical_url);
            row.published = published(&article);
            (row.title_hash, row.size) = (title_hash, size);
            row.article = Some(*article);
            for feed in &mut self.feeds {
                if let Some(member) = feed.members.get_mut(&id.0).filter(|member| !member.dropped) {
                    member.changed = feed.record.revision + 1;
                    touched.insert(feed.record.number);
                }
            }
        }
        self.carry(bringer, &Carried { id, keys, new_source: true, fingerprint, feeds }, touched);
    }

    fn carry(&mut self, bringer: &Bringer, carried: &Carried, touched: &mut BTreeSet<u32>) {
        let id = carried.id.0;
        let added: Vec<Key> = carried.keys.iter().copied().filter(|key| !self.keys.contains_key(key)).collect();
        self.keys.extend(added.iter().map(|key| (*key, id)));
        if let Ok(row) = self.row_mut(id) {
            row.keys.extend(added);
            match row.sources.iter_mut().find(|(source, _)| *source == bringer.source) {
                Some((_, fingerprint)) => *fingerprint = carried.fingerprint,
                None if carried.new_source => row.sources.push((Arc::clone(&bringer.source), carried.fingerprint)),
                None => {}
            }
        }
        if carried.keys.iter().any(|key| self.hidden.contains(key)) {
            self.hide_article(id, touched);
        }
        self.join(id, (&carried.feeds, bringer.now), touched);
    }

    /// Makes an article that is not hidden a member of feeds that it is none of yet.
    fn join(&mut self, id: i64, (feeds, now): (&[u32], i64), touched: &mut BTreeSet<u32>) {
        if self.row(id).is_none_or(|row| row.hidden) {
            return;
        }
        for &number in feeds {
            let Ok(feed) = self.feed_mut(number) else { continue };
            let revision = feed.record.revision + 1;
            feed.members.entry(id).or_insert_with(|| {
                touched.insert(number);
                Membership::new(now, revision)
            });
        }
    }

    /// Replaces a source's listing, or adds to it where no document was read.
    fn relist(&mut self, bringer: &Bringer, listed: Option<Vec<i64>>, brought: Vec<i64>) {
        let before = self.listings.remove(&*bringer.source).unwrap_or_default();
        let after: BTreeSet<i64> = match listed {
            Some(listed) => listed.into_iter().chain(brought).collect(),
            None => before.iter().copied().chain(brought).collect(),
        };
        self.listings.insert(bringer.source.to_string(), after.clone());
        for &id in after.difference(&before) {
            if let Ok(row) = self.row_mut(id) {
                row.unlisted = None;
            }
        }
        for &id in before.difference(&after) {
            let listed = self.listings.values().any(|listing| listing.contains(&id));
            if let Ok(row) = self.row_mut(id)
                && !listed
            {
                row.unlisted = Some(bringer.now);
            }
        }
    }
}
