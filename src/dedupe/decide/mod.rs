//! What each item of a document is: new, changed, carried by one more source, or nothing to do.

mod matching;

use std::collections::{HashMap, HashSet};

use super::{Scope, Triage, uids};
use crate::model::{
    Article, ArticleId, Carried, Hit, Key, KeyMap, Keys, Known, NewArticle, SourceState, UpdatedArticle,
};
use matching::Match;

/// A source that listed so many known items is quarantined when it suddenly lists none of them.
const QUARANTINE_FROM: usize = 10;

/// Smaller documents are too small to call a change of guids a migration.
const MIGRATION_FROM: usize = 4;

/// Whose document it is, and what the quick look found.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub scope: &'a Scope<'a>,
    pub state: &'a SourceState,
    pub triage: &'a Triage,
    /// Whether a registrable domain belongs to another configured outlet.
    pub is_foreign: &'a dyn Fn(&str) -> bool,
}

/// One item of the document that the quick look did not settle.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Its place in the document, from 0; the index in [`Triage::unchanged`].
    pub position: usize,
    pub keys: Keys,
    pub article: Box<Article>,
    pub fingerprint: u64,
    pub title_hash: u64,
    pub size: u32,
}

impl Candidate {
    fn published(&self) -> Option<i64> {
        self.article.date_published.map(|date| date.at.timestamp())
    }

    /// Whether title or text are all that it can be known by.
    fn is_nameless(&self) -> bool {
        self.keys.guid.is_none() && self.keys.url.is_none()
    }
}

/// Everything that a document changes.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// In document order, without feeds.
    pub new: Vec<NewArticle>,
    /// In document order, without feeds.
    pub updated: Vec<UpdatedArticle>,
    /// In document order, without feeds.
    pub carried: Vec<Carried>,
    /// The known articles of the document, in its order, each once.
    pub listed: Vec<ArticleId>,
    /// At least ten known items were listed before, and none of this document's is known: a redesign
    /// or a squatted domain. Nothing should be applied until a second fetch agrees.
    pub suspicious: bool,
    /// The source changed its guids: nothing old is new.
    pub migration: bool,
    /// From now on guids of this source do not count.
    pub goes_by_url: bool,
    /// What happened, for the report.
    pub notes: Vec<String>,
}

/// Decides what the items of one document are.
///
/// `known` holds what the keys of all items lead to. The outcome depends on the order of the
/// document only where two items are one article: then the first is taken.
#[must_use]
pub fn decide(context: &Context<'_>, candidates: Vec<Candidate>, known: &Known) -> Verdict {
    let goes_by_url = context.triage.goes_by_url;
    let items = context.triage.unchanged.len().max(candidates.len());
    let (candidates, mut further) = merge_duplicates(candidates, goes_by_url);
    let unchanged: HashSet<ArticleId> = context.triage.unchanged.iter().flatten().copied().collect();
    let (matches, migration) = matching::find(&candidates, known, &matching::Given { items, unchanged });

    let mut verdict = Verdict { migration, goes_by_url, ..Verdict::default() };
    let mut places: Vec<(usize, ArticleId)> =
        context.triage.unchanged.iter().enumerate().filter_map(|(place, id)| Some((place, (*id)?))).collect();
    let mut fingerprints: HashMap<ArticleId, u64> = HashMap::new();
    for (candidate, found) in candidates.iter().zip(&matches) {
        if let Match::Known(key) | Match::Repeated(key) = found
            && let Some(hit) = known.hits.get(key)
        {
            places.push((candidate.position, hit.article));
            if matches!(found, Match::Known(_)) {
                fingerprints.insert(hit.article, candidate.fingerprint);
            }
        }
    }
    places.sort_unstable();
    let mut seen = HashSet::new();
    verdict.listed = places.into_iter().map(|(_, id)| id).filter(|id| seen.insert(*id)).collect();
    verdict.suspicious = items > 0 && is_suspicious(known, !verdict.listed.is_empty());
    verdict.notes = notes(&verdict, context.state);

    let unusable = ambiguous_keys(&candidates, &matches);
    for (candidate, found) in candidates.into_iter().zip(matches) {
        let mut further = further.remove(&candidate.position).unwrap_or_default();
        further.retain(|guid| !known.hits.contains_key(guid));
        match found {
            Match::New { without } => {
                let announced = is_announced(context.state, migration, candidate.published());
                let own = || candidate.keys.iter().filter(|key| !without.contains(key));
                let mut keys: Vec<Key> = own().filter(|key| !unusable.contains(key)).collect();
                if keys.is_empty() {
                    // it would be new each time
                    keys.extend(own().next());
                }
                keys.extend(further);
                verdict.new.push(new_article(context, keys, announced, candidate));
            }
            Match::Known(key) => settle_known(context, known, (key, candidate, further), &mut verdict),
            Match::Repeated(key) => {
                let Some(hit) = known.hits.get(&key) else { continue };
                let keys = unknown_keys(&candidate.keys, known, &unusable);
                if !keys.is_empty() {
                    // that of the item that counts, else the two would take turns in being a change
                    let fingerprint = fingerprints.get(&hit.article).copied().unwrap_or(hit.fingerprint);
                    verdict.carried.push(carried(hit, keys, (false, fingerprint)));
                }
            }
        }
    }
    verdict
}

/// Whether a source that listed much lists nothing of it now; `any` tells whether an item is known.
#[must_use]
pub fn is_suspicious(known: &Known, any: bool) -> bool {
    !any && known.listed.len() >= QUARANTINE_FROM
}

/// What an item changes that is a known article.
fn settle_known(
    context: &Context<'_>,
    known: &Known,
    (key, candidate, further): (Key, Candidate, Vec<Key>),
    verdict: &mut Verdict,
) {
    let Some(hit) = known.hits.get(&key) else { return };
    let mut keys = unknown_keys(&candidate.keys, known, &HashSet::new());
    keys.extend(further);
    let is_own = &*hit.outlet == context.scope.outlet;
    let moved = hit.fingerprint != candidate.fingerprint;
    // the copy of a further source changes nothing by being there, only by changing itself
    if is_own && hit.carried && moved {
        verdict.updated.push(UpdatedArticle {
            id: hit.article,
            article: (!hit.hidden).then_some(candidate.article),
            keys,
            fingerprint: candidate.fingerprint,
            title_hash: candidate.title_hash,
            size: candidate.size,
            feeds: Vec::new(),
        });
    } else if !hit.carried || moved || !keys.is_empty() {
        verdict.carried.push(carried(hit, keys, (!hit.carried, candidate.fingerprint)));
    }
}

fn carried(hit: &Hit, keys: Vec<Key>, (new_source, fingerprint): (bool, u64)) -> Carried {
    Carried { id: hit.article, keys, new_source, fingerprint, feeds: Vec::new() }
}

fn new_article(context: &Context<'_>, keys: Vec<Key>, announced: bool, candidate: Candidate) -> NewArticle {
    // what stands for several articles is nobody's id
    let id = candidate.article.id.as_deref().filter(|_| candidate.keys.guid.is_some());
    NewArticle {
        uids: uids(context.scope.outlet, (id, &candidate.article), context.is_foreign),
        article: candidate.article,
        keys,
        fingerprint: candidate.fingerprint,
        title_hash: candidate.title_hash,
        size: candidate.size,
        announced,
        feeds: Vec::new(),
    }
}

/// Whether a new article is told of, which one that may have been published already is not.
///
/// Where guids changed: what is dated later than everything known of the source. Where the state was rebuilt:
/// also what is as late as that, since the newest article itself is known.
fn is_announced(state: &SourceState, migration: bool, published: Option<i64>) -> bool {
    let Some(newest) = state.newest.filter(|_| migration || state.teaching) else { return true };
    let newest = newest.timestamp();
    published.is_some_and(|published| published > newest || (published == newest && !migration))
}

/// The keys that an article gains: those that lead nowhere yet.
fn unknown_keys(keys: &Keys, known: &Known, unusable: &HashSet<Key>) -> Vec<Key> {
    keys.iter().filter(|key| !known.hits.contains_key(key) && !unusable.contains(key)).collect()
}

/// Merges items of a document that are one article; the first is taken, with the keys of all.
///
/// They are one where guids are equal, or where addresses are and no differing guids and titles
/// tell them apart: some outlets give every item the address of one page. Further guids of one article are answered
/// by its place in the document.
fn merge_duplicates(candidates: Vec<Candidate>, goes_by_url: bool) -> (Vec<Candidate>, HashMap<usize, Vec<Key>>) {
    let mut further: HashMap<usize, Vec<Key>> = HashMap::new();
    let mut merged: Vec<Candidate> = Vec::with_capacity(candidates.len());
    let mut places: KeyMap<usize> = KeyMap::with_capacity_and_hasher(candidates.len() * 2, <_>::default());
    for mut candidate in candidates {
        if goes_by_url && candidate.keys.url.is_some() {
            candidate.keys.guid = None;
        }
        let last = candidate.keys.title_day.filter(|_| candidate.is_nameless());
        let keys = [candidate.keys.guid, candidate.keys.url, candidate.keys.canonical, last];
        let first = keys.into_iter().flatten().find_map(|key| {
            let place = *places.get(&key)?;
            let first: &Candidate = &merged[place];
            let differ = first.keys.guid.zip(candidate.keys.guid).is_some_and(|(a, b)| a != b)
                && first.title_hash != candidate.title_hash;
            (!differ).then_some(place)
        });
        let place = first.unwrap_or(merged.len());
        for key in keys.into_iter().flatten() {
            places.entry(key).or_insert(place);
        }
        match first {
            Some(place) => {
                let first = &mut merged[place];
                fill_keys(&mut first.keys, &candidate.keys);
                let guid = candidate.keys.guid.filter(|guid| first.keys.guid != Some(*guid));
                if let Some(guid) = guid {
                    further.entry(first.position).or_default().push(guid);
                }
            }
            None => merged.push(candidate),
        }
    }
    (merged, further)
}

fn fill_keys(keys: &mut Keys, more: &Keys) {
    keys.guid = keys.guid.or(more.guid);
    keys.url = keys.url.or(more.url);
    keys.canonical = keys.canonical.or(more.canonical.or(more.url)).filter(|key| Some(*key) != keys.url);
    keys.title_day = keys.title_day.or(more.title_day);
}

/// Keys that several articles of a document share: they lead to none of them.
fn ambiguous_keys(candidates: &[Candidate], matches: &[Match]) -> HashSet<Key> {
    let mut owners: KeyMap<usize> = KeyMap::with_capacity_and_hasher(candidates.len() * 2, <_>::default());
    let mut shared = HashSet::new();
    for (place, (candidate, found)) in candidates.iter().zip(matches).enumerate() {
        if matches!(found, Match::Repeated(_)) {
            continue;
        }
        for key in candidate.keys.iter() {
            if *owners.entry(key).or_insert(place) != place {
                shared.insert(key);
            }
        }
    }
    shared
}

fn notes(verdict: &Verdict, state: &SourceState) -> Vec<String> {
    let mut notes = Vec::new();
    if verdict.goes_by_url && !state.goes_by_url {
        notes.push("one guid stands for several addresses: the source now goes by address".to_owned());
    }
    if verdict.migration {
        notes.push("the source changed its guids: items known by address or title keep their ids".to_owned());
    }
    // the first such document is put aside, and told about then
    if verdict.suspicious && state.quarantined_at.is_some() {
        notes.push("none of the known items is in the document; a second look agreed, so it was taken in".to_owned());
    }
    notes
}

#[cfg(test)]
mod rules;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod world;
