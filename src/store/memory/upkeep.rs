//! Hiding, rebuilding, and letting go of what nobody needs.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Membership, Row, State};
use crate::model::{Article, Key};
use crate::store::StoreError;
use crate::store::types::{Adopted, BODY_DAYS, adopted_published, uid_key};

const DAY: i64 = 86_400;

impl State {
    pub(super) fn hide(&mut self, uid: &str, keys: &[Key]) -> Result<Option<String>, StoreError> {
        let mut touched = BTreeSet::new();
        let mut first = None;
        for key in std::iter::once(uid_key(uid)).chain(keys.iter().copied()) {
            self.hidden.insert(key);
            let Some(&id) = self.keys.get(&key) else { continue };
            let uid = self.row(id).map(|row| row.uid.clone()).unwrap_or_default();
            self.hidden.insert(uid_key(&uid));
            self.hide_article(id, &mut touched);
            first.get_or_insert(uid);
        }
        self.raise(&touched)?;
        Ok(first)
    }

    /// Hides an article for ever; its feeds change.
    pub(super) fn hide_article(&mut self, id: i64, touched: &mut BTreeSet<u32>) {
        if let Ok(row) = self.row_mut(id)
            && !std::mem::replace(&mut row.hidden, true)
        {
            let holding = self.feeds.iter().filter(|feed| feed.members.contains_key(&id));
            touched.extend(holding.map(|feed| feed.record.number));
        }
    }

    pub(super) fn adopt(&mut self, mut articles: Vec<Adopted>) -> Result<u64, StoreError> {
        for (feed, _) in articles.iter().flat_map(|adopted| &adopted.feeds) {
            self.feed(*feed)?;
        }
        articles.sort_by(|a, b| (a.first_seen, &a.uid).cmp(&(b.first_seen, &b.uid)));
        let mut touched = BTreeSet::new();
        let mut count = 0;
        for adopted in articles {
            let key = uid_key(&adopted.uid);
            if self.keys.contains_key(&key) {
                continue;
            }
            let id = self.newest() + 1;
            if adopted.hidden {
                self.hidden.insert(key);
            }
            let hidden = adopted.keys.iter().chain([&key]).any(|key| self.hidden.contains(key));
            self.keys.insert(key, id);
            self.keys.extend(adopted.keys.iter().map(|key| (*key, id)));
            for &(feed, entered) in &adopted.feeds {
                let feed = self.feed_mut(feed)?;
                let revision = feed.record.revision + 1;
                feed.members.entry(id).or_insert(Membership::new(entered, revision));
                touched.insert(feed.record.number);
            }
            let published = adopted_published(&adopted);
            let mut sources: Vec<(Arc<str>, u64)> = Vec::new();
            for source in adopted.sources {
                if sources.iter().all(|(known, _)| *known != source) {
                    sources.push((source, adopted.fingerprint));
                }
            }
            if sources.is_empty() {
                sources.push(("".into(), adopted.fingerprint));
            }
            self.articles.push(Row {
                uid: adopted.uid,
                outlet: adopted.outlet,
                sources,
                canonical_url: adopted.article.canonical_url.clone(),
                title_hash: adopted.title_hash,
                first_seen: adopted.first_seen.timestamp(),
                published,
                size: adopted.size,
                hidden,
                quiet: false,
                unlisted: Some(adopted.first_seen.timestamp()),
                keys: adopted.keys,
                article: Some(adopted.article).filter(|article| *article != Article::default()),
            });
            count += 1;
        }
        self.is_rebuilding = true;
        self.raise(&touched)?;
        Ok(count)
    }

    /// Raises the revision of every feed that was touched.
    pub(super) fn raise(&mut self, touched: &BTreeSet<u32>) -> Result<(), StoreError> {
        for feed in touched {
            self.feed_mut(*feed)?.record.revision += 1;
        }
        Ok(())
    }

    pub(super) fn retain(&mut self, now: i64) -> u64 {
        if self.retained.is_some_and(|looked| (looked..looked + DAY).contains(&now)) {
            return 0;
        }
        self.retained = Some(now);
        self.hosts.retain(|_, host| host.kept_until().timestamp() >= now);
        let due = |(index, row): (usize, &Row)| {
            let id = i64::try_from(index).ok()? + 1;
            let old = row.unlisted.is_some_and(|since| since <= now - BODY_DAYS * DAY);
            let held = !row.hidden
                && self.feeds.iter().any(|feed| {
                    let member = feed.members.get(&id).filter(|member| !member.dropped);
                    member.is_some_and(|member| self.in_window(feed.record.bound.as_ref(), id, member))
                });
            (old && !held).then_some(id)
        };
        let ids: Vec<i64> = self.articles.iter().enumerate().filter_map(due).collect();
        let mut count = 0;
        for id in ids {
            self.signatures.remove(&id);
            if let Ok(row) = self.row_mut(id) {
                row.unlisted = None;
                count += u64::from(row.article.take().is_some());
            }
        }
        count
    }
}
