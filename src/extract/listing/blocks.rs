//! Repeated blocks: which links of a page lead to stories.
//!
//! Each address is scored by itself (its shape, the text of its links, where they stand), then by its
//! kind: addresses built alike and links that stand alike are mostly all stories, or none is.

use std::collections::{HashMap, HashSet};

use url::Url;

use super::address::{self as shape, Shape};
use super::page::{Kind, Page};
use super::title::{self, Title};
use crate::address;
use crate::extract::marks::Marks;

/// An address of the page's own site, with all links that lead there.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub key: String,
    pub url: String,
    /// Indexes in `Page::links`, in the order of the document.
    pub links: Vec<usize>,
    /// The link that tells most.
    pub best: usize,
    pub title: Title,
    pub shape: Shape,
    pub score: f32,
    /// Whether structured data names it as a story.
    pub named: bool,
}

/// What is taken for a story scores so much.
pub(super) const ENOUGH: f32 = 3.0;

/// All addresses of the page's own site, scored each by itself.
pub(super) fn candidates(page: &Page<'_>, base: &Url, is_named: &dyn Fn(&str) -> bool) -> Vec<Candidate> {
    let domain = address::registrable_domain(base.host_str().unwrap_or_default());
    let mut list: Vec<Candidate> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    // what the best link of each shows and where it stands
    let mut best: Vec<(f32, f32)> = Vec::new();
    for (index, (node, url)) in page.links.iter().enumerate() {
        if address::registrable_domain(url.host_str().unwrap_or_default()) != domain
            || page.nodes[*node].marks.has(Marks::HIDDEN)
        {
            continue;
        }
        let mut url = url.clone();
        url.set_fragment(None);
        let key = address::key_form(url.as_str());
        let title = title::of_link(page, *node);
        let (shown, stands) = (title.score(), place(page, *node));
        let score = shown + stands;
        let Some(&known) = places.get(&key) else {
            let shape = shape::judge(&url, base);
            let named = is_named(&key);
            places.insert(key.clone(), list.len());
            best.push((shown, stands));
            list.push(Candidate { key, url: url.into(), links: vec![index], best: index, title, shape, score, named });
            continue;
        };
        let best = &mut best[known];
        let known = &mut list[known];
        known.links.push(index);
        if score > known.score {
            (known.score, known.best, best.1) = (score, index, stands);
        }
        if shown > best.0 {
            (known.title, best.0) = (title, shown);
        }
    }
    for (candidate, (shown, stands)) in list.iter_mut().zip(best) {
        candidate.score = shown + stands + candidate.shape.score.min(4.0);
        candidate.score += if candidate.named { 5.5 } else { 0.0 };
    }
    list
}

/// What the surroundings of a link say.
fn place(page: &Page<'_>, node: usize) -> f32 {
    let marks = page.nodes[node].marks;
    let mut score = 0.0;
    if marks.has(Marks::CHROME) {
        score -= 3.0;
    }
    if marks.has(Marks::ADVERT) {
        score -= 4.0;
    }
    if marks.has(Marks::TAG) || marks.has(Marks::PERSON) {
        score -= 2.0;
    }
    if marks.has(Marks::ASIDE) {
        score -= 1.5;
    }
    if marks.has(Marks::STORY) {
        score += 0.5;
    }
    score
}

/// Whether a link is so likely one to a story that it bounds the card of another one.
fn is_likely(candidate: &Candidate) -> bool {
    const LIKELY: f32 = 1.5;
    const HARDLY: f32 = -2.0;
    candidate.score >= LIKELY || candidate.shape.score >= LIKELY && candidate.score >= HARDLY
}

/// Adds what the card around each likely story says: stories have dates, pictures and summaries, and a
/// heading where the link itself only says "read more".
pub(super) fn by_card(page: &Page<'_>, candidates: &mut [Candidate]) {
    /// The rest of a page around its only link is no card.
    const LARGEST: usize = 250;
    let likely: Vec<&Candidate> = candidates.iter().filter(|one| is_likely(one)).collect();
    let nodes = nodes(page, &likely);
    for candidate in candidates.iter_mut().filter(|one| is_likely(one) && one.score < ENOUGH + 4.0) {
        let (from, to) = card(page, candidate, &nodes);
        if to - from > LARGEST {
            continue;
        }
        let has = |kind| (from..to).any(|at| page.nodes[at].kind == kind);
        let is_date = |at: usize| page.nodes[at].kind == Kind::Text && page.nodes[at].marks.has(Marks::DATE);
        let text: usize = (from..to).map(|at| page.nodes[at].text.trim().len()).sum();
        let own = candidate.title.score();
        if own < 0.5
            && let Some(title) = title::of_headings(&page.lines(from, to)).filter(|title| title.score() > own)
        {
            candidate.score += title.score() - own;
            candidate.title = title;
        }
        candidate.score += if has(Kind::Time) || (from..to).any(is_date) { 1.0 } else { 0.0 };
        candidate.score += if has(Kind::Picture) { 0.5 } else { 0.0 };
        candidate.score += if text > candidate.title.text.len() + 80 { 0.4 } else { 0.0 };
    }
}

/// The nodes of all links of some candidates, sorted.
pub(super) fn nodes(page: &Page<'_>, candidates: &[&Candidate]) -> Vec<usize> {
    let mut nodes: Vec<usize> = candidates.iter().flat_map(|one| &one.links).map(|link| page.links[*link].0).collect();
    nodes.sort_unstable();
    nodes
}

/// Adds what the kinds say to which a candidate belongs.
pub(super) fn by_kind(page: &Page<'_>, candidates: &mut [Candidate]) {
    let mut templates: HashMap<&str, Kin> = HashMap::new();
    let mut stands: HashMap<u64, Kin> = HashMap::new();
    let stand: Vec<u64> = candidates.iter().map(|one| standing(page, page.links[one.best].0)).collect();
    for (candidate, stand) in candidates.iter().zip(&stand) {
        templates.entry(&candidate.shape.template).or_default().count(candidate.score);
        stands.entry(*stand).or_default().count(candidate.score);
    }
    let more: Vec<f32> = candidates
        .iter()
        .zip(&stand)
        .map(|(one, stand)| {
            let of_template = templates.get(one.shape.template.as_str()).map_or(0.0, Kin::verdict);
            of_template + stands.get(stand).map_or(0.0, Kin::verdict)
        })
        .collect();
    for (candidate, more) in candidates.iter_mut().zip(more) {
        candidate.score += more;
    }
}

/// Addresses of one kind: how many there are, and how many score like stories.
#[derive(Clone, Copy, Debug, Default)]
struct Kin {
    all: usize,
    good: usize,
}

impl Kin {
    fn count(&mut self, score: f32) {
        self.all += 1;
        self.good += usize::from(score >= ENOUGH);
    }

    /// What the kind says of each of its members.
    fn verdict(&self) -> f32 {
        match self.all {
            0..=3 => 0.0,
            all if self.good * 10 >= all * 7 => 1.2,
            all if self.good * 5 <= all => -1.2,
            _ => 0.0,
        }
    }
}

/// A hash over the shapes of a link and the elements it stands in.
fn standing(page: &Page<'_>, node: usize) -> u64 {
    const LEVELS: usize = 3;
    let mut at = node;
    let mut hash = page.nodes[at].shape;
    for _ in 0..LEVELS {
        at = page.nodes[at].parent;
        hash = hash.rotate_left(7) ^ page.nodes[at].shape;
    }
    hash
}

/// The card around a candidate's best link: the largest element that names no other story, as a
/// range of nodes. `nodes` are those of the links to all stories, sorted.
pub(super) fn card(page: &Page<'_>, candidate: &Candidate, nodes: &[usize]) -> (usize, usize) {
    const LEVELS: usize = 10;
    let node = page.links[candidate.best].0;
    let own: HashSet<usize> = candidate.links.iter().map(|link| page.links[*link].0).collect();
    let place = nodes.partition_point(|other| *other < node);
    let before = nodes[..place].iter().rev().find(|other| !own.contains(other)).copied();
    let after = nodes[place..].iter().find(|other| !own.contains(other)).copied();
    let mut card = node;
    let mut at = node;
    for _ in 0..LEVELS {
        let parent = page.nodes[at].parent;
        let (from, to) = (parent, page.nodes[parent].end);
        let holds_other = before.is_some_and(|before| before >= from) || after.is_some_and(|after| after < to);
        if parent == at || parent == 0 || holds_other {
            break;
        }
        at = parent;
        if page.nodes[at].kind == Kind::Block {
            card = at;
        }
    }
    (card, page.nodes[card].end)
}
