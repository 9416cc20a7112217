//! Pages that list stories: fronts, sections, newsrooms, blogs.
//!
//! One parse and one walk. Structured data (JSON-LD, microdata, embedded state) and the page's own
//! repeated blocks each have a file; what they say of one address is one story. Structured data
//! strengthens a link and tells more about its story; links decide what the page shows.

mod address;
mod blocks;
mod card;
mod evidence;
mod json_ld;
mod lines;
mod microdata;
mod page;
mod state;
mod title;
mod wordpress;

use std::collections::{HashMap, HashSet};

use url::Url;

use super::Request;
use crate::dates::Hints;
use crate::markup::{DEPTH_LIMIT, depth_exceeds};
use crate::model::{Document, RawArticle, SourceListing};
use blocks::{Candidate, ENOUGH};
use evidence::{Stories, Story, merge};
pub(super) use evidence::{claim, fingerprint};
use page::Page;

/// Most stories of a list.
const MOST: usize = 500;

/// Reads a page as a list of stories. `html` is the document's body, decoded.
#[must_use]
pub fn read(document: &Document, html: &str, request: &Request) -> (SourceListing, Vec<RawArticle>) {
    let base = document.base();
    if depth_exceeds(html.as_bytes(), DEPTH_LIMIT) || super::html::is_crowded(html) {
        return (SourceListing { rung: "blocks", ..SourceListing::default() }, Vec::new());
    }
    let tree = dom_query::Document::from(html);
    let page = page::walk(&tree, &base);
    let (stories, rung, links) = stories(&page, &base, request);
    let is_list = is_list(&page, &base, &links);
    let listing = SourceListing {
        rung,
        title: page.title.clone().filter(|title| !title.is_empty()),
        site_name: page.site_name.clone(),
        home_page_url: Some(base.to_string()),
        language: page.language.clone(),
        next: page.next.clone(),
        feeds: page.feeds.clone(),
        api: page.api.clone(),
        is_list,
        says_article: page.says_article && !is_list,
        ..SourceListing::default()
    };
    let raw = stories.into_iter().take(MOST).map(|story| story.into_raw(&base)).collect();
    (listing, raw)
}

/// Reads a page as a list where it is one more than anything else.
#[must_use]
pub fn read_if_list(document: &Document, html: &str, request: &Request) -> Option<(SourceListing, Vec<RawArticle>)> {
    const LEAST: usize = 5;
    let (listing, items) = read(document, html, request);
    (items.len() >= LEAST && listing.is_list).then_some((listing, items))
}

/// Whether a page is more a list than anything else. Between two links to stories there are a few
/// lines at most; the text of an article stands in one piece.
fn is_list(page: &Page<'_>, base: &Url, links: &[usize]) -> bool {
    const ARTICLE: f32 = 1.0;
    let root = base.join("/").unwrap_or_else(|_| base.clone());
    let looks_single = address::judge(base, &root).score >= ARTICLE;
    let (least, most) = match (page.says_article, looks_single) {
        (true, true) => return false,
        // sections of some outlets call themselves articles
        (true, false) => (20, 500),
        (false, true) => (10, 400),
        (false, false) => (3, 1500),
    };
    links.len() >= least && page.longest_prose(links) < most
}

/// Whether an address looks like that of a story of a site.
pub(super) fn is_story_address(url: &str, base: &Url) -> bool {
    Url::parse(url).is_ok_and(|url| address::judge(&url, base).score >= 0.3)
}

/// Reads an answer of a `WordPress` API.
#[must_use]
pub fn read_api(document: &Document, text: &str) -> Option<(SourceListing, Vec<RawArticle>)> {
    let base = document.base();
    let items = wordpress::read(text, &base)?;
    Some((SourceListing { rung: "wordpress", ..SourceListing::default() }, items))
}

/// The stories of a page in its order, the kind of evidence that named most of them, and the nodes of
/// their links.
fn stories(page: &Page<'_>, base: &Url, request: &Request) -> (Vec<Story>, &'static str, Vec<usize>) {
    let mut named = Stories::default();
    json_ld::read(&page.linked_data, base, &mut named);
    microdata::read(page, base, &mut named);
    let paths: HashMap<&str, &Url> = page
        .links
        .iter()
        .filter_map(|(_, url)| Some((url.path().trim_end_matches('/').rsplit('/').next()?, url)))
        .filter(|(last, _)| !last.is_empty())
        .collect();
    let is_linked = |wanted: &str| {
        let last = wanted.trim_end_matches('/').rsplit('/').next()?;
        paths.get(last).map(ToString::to_string)
    };
    state::read(&page.states, base, &is_linked, &mut named);

    let is_named = |key: &str| named.get(key).is_some_and(|story| story.structured.is_some());
    let mut candidates = blocks::candidates(page, base, &is_named);
    blocks::by_card(page, &mut candidates);
    blocks::by_kind(page, &mut candidates);
    compose(page, (base, request), (&candidates, named))
}

/// The stories of the chosen candidates with all that is known of them, then those that only
/// structured data names: pages that scripts draw have no links.
fn compose(
    page: &Page<'_>,
    (base, request): (&Url, &Request),
    (candidates, mut named): (&[Candidate], Stories),
) -> (Vec<Story>, &'static str, Vec<usize>) {
    let hints = Hints { language: page.language.as_deref(), ..Hints::at(request.now) };
    let chosen: Vec<&Candidate> = candidates.iter().filter(|one| one.score >= ENOUGH).collect();
    let nodes = blocks::nodes(page, &chosen);
    let mut stories = Vec::with_capacity(chosen.len().min(MOST));
    for candidate in chosen.iter().take(MOST) {
        let mut story = named.take(&candidate.key).unwrap_or_default();
        story.url.clone_from(&candidate.url);
        let range = blocks::card(page, candidate, &nodes);
        let mut shown = Story::default();
        card::read(
            page,
            &card::Card { range, link: page.links[candidate.best].0, title: &candidate.title },
            (&mut shown, base, &hints),
        );
        merge(&mut story, shown);
        stories.push(story);
    }
    let known: HashSet<&str> = candidates.iter().map(|one| one.key.as_str()).collect();
    let of_data = named.rest().filter(|story| !story.titles.is_empty() && story.structured.is_some());
    let before = stories.len();
    stories.extend(of_data.filter(|story| !known.contains(crate::address::key_form(&story.url).as_str())));
    let unlinked = stories.len() - before;
    let rung = rung(&stories);
    let mut links: Vec<usize> = chosen.iter().map(|one| page.links[one.best].0).collect();
    links.sort_unstable();
    // stories without a link stand nowhere
    links.resize(links.len() + unlinked, usize::MAX);
    (stories, rung, links)
}

/// The kind of evidence that named half of the stories or more.
fn rung(stories: &[Story]) -> &'static str {
    let kinds = ["json-ld", "microdata", "state"];
    let count = |kind: &str| stories.iter().filter(|story| story.structured == Some(kind)).count();
    let best = kinds.into_iter().max_by_key(|kind| count(kind)).filter(|kind| count(kind) * 2 >= stories.len().max(1));
    best.unwrap_or("blocks")
}

#[cfg(test)]
mod tests;
