//! The quick look at a document: items that are known and unchanged need no further work.

use std::collections::HashSet;
use std::collections::hash_map::Entry;

use super::keys::{guid_key, url_key};
use super::{Candidate, Scope};
use crate::model::{ArticleId, Hit, Key, KeyMap, Known, SourceState};

/// What is known of an item before it is normalized.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fast {
    pub guid: Option<Key>,
    pub url: Option<Key>,
    pub fingerprint: u64,
}

impl Fast {
    /// The two keys that raw items have; `fingerprint` is the raw article's.
    #[must_use]
    pub fn new(scope: &Scope<'_>, guid: Option<&str>, url: Option<&str>, fingerprint: u64) -> Self {
        Self {
            guid: guid.and_then(|guid| guid_key(scope, guid)),
            url: url.and_then(|url| url_key(scope, url)),
            fingerprint,
        }
    }

    /// The same of an item that is normalized already.
    #[must_use]
    pub const fn of(candidate: &Candidate) -> Self {
        Self { guid: candidate.keys.guid, url: candidate.keys.url, fingerprint: candidate.fingerprint }
    }
}

/// The outcome of the quick look.
#[derive(Clone, Debug, Default)]
pub struct Triage {
    /// For each item of the document, the article that it is, if nothing about it has changed.
    pub unchanged: Vec<Option<ArticleId>>,
    /// One guid stands for several addresses, here or in an earlier document: guids do not count.
    pub goes_by_url: bool,
}

/// Finds the items of a document that are known to this source, with the fingerprint they had.
///
/// Items that share their guid are left open: they are one article, whichever of them has changed.
/// `known` holds what the items' two keys lead to.
#[must_use]
pub fn triage(items: &[Fast], known: &Known, state: &SourceState) -> Triage {
    let guids = Guids::of(items);
    let goes_by_url = state.goes_by_url || guids.have_several_urls;
    let unchanged = |item: &Fast| {
        let guid = item.guid.filter(|_| !goes_by_url || item.url.is_none());
        if guid.is_some_and(|guid| guids.repeated.contains(&guid)) {
            return None;
        }
        let find = |key: Option<Key>| key.and_then(|key| known.hits.get(&key));
        // a guid that leads nowhere is to be learned, which is a change
        let hit: &Hit = if guid.is_some() { find(guid) } else { find(item.url) }?;
        (hit.carried && hit.fingerprint == item.fingerprint).then_some(hit.article)
    };
    Triage { unchanged: items.iter().map(unchanged).collect(), goes_by_url }
}

/// What the guids of a document tell of it.
#[derive(Default)]
struct Guids {
    /// One of them stands for several addresses.
    have_several_urls: bool,
    /// Those of several items.
    repeated: HashSet<Key>,
}

impl Guids {
    fn of(items: &[Fast]) -> Self {
        let mut guids = Self::default();
        let mut urls: KeyMap<Option<Key>> = KeyMap::with_capacity_and_hasher(items.len(), <_>::default());
        for (guid, url) in items.iter().filter_map(|item| Some((item.guid?, item.url))) {
            match urls.entry(guid) {
                Entry::Vacant(first) => {
                    first.insert(url);
                }
                Entry::Occupied(mut before) => {
                    guids.repeated.insert(guid);
                    guids.have_several_urls |= before.get().zip(url).is_some_and(|(one, other)| one != other);
                    before.insert(before.get().or(url));
                }
            }
        }
        guids
    }
}
