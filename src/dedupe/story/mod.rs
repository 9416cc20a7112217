//! Stories: articles of different outlets that tell the same with nearly the same words.

mod signature;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::title_hash;
use crate::model::ArticleId;
pub use signature::{BYTES, Signature};

/// Texts this similar are one; edited copies lie above 0.49, different texts below 0.12.
const SIMILAR: f32 = 0.3;

/// Equal titles count within this time, in seconds: two days.
const TITLE_WINDOW: i64 = 2 * 86_400;

/// Equal texts count within this time, in seconds: a week; rates and forecasts return word for word.
const TEXT_WINDOW: i64 = 7 * 86_400;

/// Titles with fewer letters are said of many things: "Weather", "In pictures".
const TITLE_LETTERS: usize = 16;

/// So many earlier texts of one bucket are compared, so that a flood of copies costs little.
const COMPARED: usize = 16;

/// What grouping needs of an article.
#[derive(Clone, Debug)]
pub struct StoryEntry {
    pub article: ArticleId,
    /// Its permanent id: between equal times it decides, since numbers depend on who arrived first.
    pub uid: String,
    pub outlet: Arc<str>,
    /// Seconds since 1970: the outlet's date, else the first sighting.
    pub published: i64,
    /// Of a title that is long enough to mean something; see [`StoryEntry::new`].
    pub title: Option<u64>,
    /// `None` where the text is too short.
    pub signature: Option<Signature>,
    /// The story that it belongs to already: the id of its first article.
    pub story: Option<ArticleId>,
}

impl StoryEntry {
    /// An entry of no story yet, from what a reader sees: title and plain text.
    #[must_use]
    pub fn new(
        (article, uid): (ArticleId, String),
        (outlet, published): (Arc<str>, i64),
        title: &str,
        text: &str,
    ) -> Self {
        let letters = title.chars().filter(|c| c.is_alphanumeric()).map(signature::weight).sum::<usize>();
        let title = (letters >= TITLE_LETTERS).then(|| title_hash(title));
        Self { article, uid, outlet, published, title, signature: Signature::of(text), story: None }
    }
}

/// That an article belongs to a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Assignment {
    pub article: ArticleId,
    /// The first article of the story.
    pub story: ArticleId,
}

/// Groups new articles with each other and with earlier ones; ascending by article.
///
/// Stories that exist are never merged nor renamed, since they are published: an article that fits
/// several joins the one with the earliest first article. Articles that stay alone are not named;
/// an earlier one without story is, when another joins it. The order of the input decides nothing.
#[must_use]
pub fn assign(existing: &[StoryEntry], new: &[StoryEntry]) -> Vec<Assignment> {
    let mut entries: Vec<&StoryEntry> = existing.iter().chain(new).collect();
    entries.sort_by(|a, b| (a.published, &a.uid, a.article).cmp(&(b.published, &b.uid, b.article)));
    entries.dedup_by_key(|entry| entry.article);
    let mut groups = Groups((0..entries.len()).collect());
    join_equal_titles(&entries, &mut groups);
    join_similar_texts(&entries, &mut groups);

    let mut members: BTreeMap<usize, Vec<&StoryEntry>> = BTreeMap::new();
    for (at, entry) in entries.iter().enumerate() {
        members.entry(groups.first(at)).or_default().push(entry);
    }
    let mut assignments = Vec::new();
    for group in members.values().filter(|group| group.len() > 1) {
        let story = group.iter().find_map(|entry| entry.story).unwrap_or(group[0].article);
        let joining = group.iter().filter(|entry| entry.story.is_none());
        assignments.extend(joining.map(|entry| Assignment { article: entry.article, story }));
    }
    assignments.sort_unstable();
    assignments
}

/// Joins articles of different outlets with equal titles, each with the last one before it.
fn join_equal_titles(entries: &[&StoryEntry], groups: &mut Groups) {
    let mut last: HashMap<u64, Vec<usize>> = HashMap::new();
    for (at, entry) in entries.iter().enumerate() {
        let Some(title) = entry.title else { continue };
        let seen = last.entry(title).or_default();
        let other = seen.iter().rev().find(|&&earlier| entries[earlier].outlet != entry.outlet);
        if let Some(&earlier) = other
            && entry.published - entries[earlier].published <= TITLE_WINDOW
        {
            groups.join(earlier, at);
        }
        // the last of this outlet and the last of any other are all that is ever asked for
        if let Some(same) = seen.last_mut().filter(|same| entries[**same].outlet == entry.outlet) {
            *same = at;
        } else {
            seen.push(at);
            if seen.len() > 2 {
                seen.remove(0);
            }
        }
    }
}

/// Joins articles of different outlets whose texts share a band of their signatures and are similar.
fn join_similar_texts(entries: &[&StoryEntry], groups: &mut Groups) {
    let mut buckets: HashMap<(usize, u64), Vec<usize>> = HashMap::new();
    for (at, entry) in entries.iter().enumerate() {
        let Some(signature) = &entry.signature else { continue };
        for (band, hash) in signature.bands().enumerate() {
            let bucket = buckets.entry((band, hash)).or_default();
            for &earlier in bucket.iter().rev().take(COMPARED) {
                let other = entries[earlier];
                if other.outlet == entry.outlet
                    || entry.published - other.published > TEXT_WINDOW
                    || groups.first(earlier) == groups.first(at)
                {
                    continue;
                }
                let similarity = other.signature.as_ref().map_or(0.0, |other| other.similarity(signature));
                if similarity >= SIMILAR {
                    groups.join(earlier, at);
                }
            }
            bucket.push(at);
        }
    }
}

/// Disjoint sets: each member points towards the first of its set.
struct Groups(Vec<usize>);

impl Groups {
    fn first(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.first(a), self.first(b));
        self.0[a.max(b)] = a.min(b);
    }
}

#[cfg(test)]
mod tests;
