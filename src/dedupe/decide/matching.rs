//! Which known article an item is: one article is at most one item of a document.

use std::collections::{HashMap, HashSet};

use super::{Candidate, MIGRATION_FROM};
use crate::model::{ArticleId, Hit, Key, Known};

/// What an item turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Match {
    /// The article that this key leads to.
    Known(Key),
    /// A second item that is the article this key leads to: nothing but its keys counts.
    Repeated(Key),
    /// An article of its own; the named keys stay with those that they lead to.
    New { without: Vec<Key> },
}

/// What is known of the document as a whole.
pub(super) struct Given {
    /// How many items the document has.
    pub(super) items: usize,
    /// Articles that unchanged items are.
    pub(super) unchanged: HashSet<ArticleId>,
}

/// Matches items with what their keys lead to; also whether the document is a migration.
///
/// The strongest evidence is heard first, over all items: guids, then addresses, then titles.
pub(super) fn find(candidates: &[Candidate], known: &Known, given: &Given) -> (Vec<Match>, bool) {
    let mut matcher = Matcher { known, given, taken: HashMap::new(), migration: false };
    let mut found: Vec<Option<Match>> = vec![None; candidates.len()];
    let order = evidence_order(candidates, known);
    for &at in &order {
        found[at] = matcher.by_guid(&candidates[at]);
    }
    matcher.migration = matcher.is_migration(candidates, &found);
    for &at in &order {
        if found[at].is_none() {
            found[at] = matcher.by_address(&candidates[at]);
        }
    }
    for &at in &order {
        if found[at].is_none() {
            found[at] = Some(matcher.by_title(&candidates[at]));
        }
    }
    (found.into_iter().flatten().collect(), matcher.migration)
}

/// The order in which items of equal evidence are heard; not that of the document.
///
/// Where two items lead to one article, the one with its title goes first, then the earlier one.
fn evidence_order(candidates: &[Candidate], known: &Known) -> Vec<usize> {
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    order.sort_by_cached_key(|&at| {
        let candidate = &candidates[at];
        let renamed = !candidate
            .keys
            .iter()
            .filter_map(|key| known.hits.get(&key))
            .any(|hit| hit.title_hash == candidate.title_hash);
        (renamed, candidate.published(), candidate.keys.iter().next(), candidate.position)
    });
    order
}

struct Matcher<'a> {
    known: &'a Known,
    given: &'a Given,
    /// Articles that changed items are, with the item's title.
    taken: HashMap<ArticleId, u64>,
    migration: bool,
}

impl<'a> Matcher<'a> {
    /// The guid wins over everything; but a guid that comes with an unknown address, another title
    /// and a later date was used a second time.
    fn by_guid(&mut self, candidate: &Candidate) -> Option<Match> {
        let key = candidate.keys.guid?;
        let hit = self.known.hits.get(&key)?;
        let is_at_unknown_address = candidate.keys.url.is_some() && self.address_hits(candidate).next().is_none();
        if is_at_unknown_address && is_another(candidate, hit) {
            return Some(Match::New { without: Vec::new() });
        }
        Some(self.take(key, hit, candidate))
    }

    fn by_address(&mut self, candidate: &Candidate) -> Option<Match> {
        let (key, hit) = self.address_hits(candidate).next()?;
        let has_new_guid = candidate.keys.guid.is_some();
        if let Some(title) = self.title_in_document(hit) {
            // two items at one address: guids tell them apart, unless they say the same
            if has_new_guid && title != candidate.title_hash {
                return Some(Match::New { without: self.leading_elsewhere(candidate) });
            }
            return Some(Match::Repeated(key));
        }
        if has_new_guid && !self.migration && is_another(candidate, hit) {
            // the address leads to the later article from now on
            return Some(Match::New { without: Vec::new() });
        }
        Some(self.take(key, hit, candidate))
    }

    /// A title of the same day counts only where nothing else in the document is that article, or
    /// where the item has nothing else.
    fn by_title(&mut self, candidate: &Candidate) -> Match {
        let hit = candidate.keys.title_day.and_then(|key| Some((key, self.known.hits.get(&key)?)));
        match hit {
            Some((key, hit)) if candidate.is_nameless() || self.title_in_document(hit).is_none() => {
                self.take(key, hit, candidate)
            }
            _ => Match::New { without: self.leading_elsewhere(candidate) },
        }
    }

    fn take(&mut self, key: Key, hit: &Hit, candidate: &Candidate) -> Match {
        if self.title_in_document(hit).is_some() {
            return Match::Repeated(key);
        }
        self.taken.insert(hit.article, candidate.title_hash);
        Match::Known(key)
    }

    /// The title under which the document already holds an article.
    fn title_in_document(&self, hit: &Hit) -> Option<u64> {
        let unchanged = self.given.unchanged.contains(&hit.article).then_some(hit.title_hash);
        unchanged.or_else(|| self.taken.get(&hit.article).copied())
    }

    fn address_hits(&self, candidate: &Candidate) -> impl Iterator<Item = (Key, &'a Hit)> + use<'a> {
        let known: &'a Known = self.known;
        let keys = [candidate.keys.url, candidate.keys.canonical];
        keys.into_iter().flatten().filter_map(|key| Some((key, known.hits.get(&key)?)))
    }

    fn leading_elsewhere(&self, candidate: &Candidate) -> Vec<Key> {
        candidate.keys.iter().filter(|key| self.known.hits.contains_key(key)).collect()
    }

    /// Whether half or more of the items have guids that nobody knows, and are known otherwise.
    fn is_migration(&self, candidates: &[Candidate], matches: &[Option<Match>]) -> bool {
        if self.given.items < MIGRATION_FROM {
            return false;
        }
        let mut articles = HashSet::new();
        for (candidate, _) in candidates.iter().zip(matches).filter(|(_, found)| found.is_none()) {
            if candidate.keys.guid.is_none() {
                continue;
            }
            let by_title = candidate.keys.title_day.and_then(|key| self.known.hits.get(&key));
            let hit = self.address_hits(candidate).map(|(_, hit)| hit).next().or(by_title);
            // several new guids at one address are no moved articles
            articles.extend(hit.filter(|hit| self.title_in_document(hit).is_none()).map(|hit| hit.article));
        }
        articles.len() * 2 >= self.given.items
    }
}

/// Whether an item with another title and a later date than an article's is a new article.
fn is_another(candidate: &Candidate, hit: &Hit) -> bool {
    let is_later = candidate.published().zip(hit.published).is_some_and(|(new, old)| new > old);
    is_later && candidate.title_hash != hit.title_hash
}
