//! Which articles belong to a feed.

use std::cell::OnceCell;

use chrono::{DateTime, Utc};
use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use super::Filter;
use super::filter::Texts;
use crate::model::{Article, Dated, SourceKind};

/// What one `[[feed]]` takes, and how much of it.
///
/// Lists that are empty ask for nothing. Of each list one entry is enough; all lists that are given
/// must agree.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Selection {
    /// Ids of sources.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub outlets: Vec<String>,
    /// Tags of the article or of its sources, whatever the case.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    #[serde(skip_serializing_if = "Filter::is_empty")]
    pub include: Filter,
    /// What matches is left out, whatever else matches.
    #[serde(skip_serializing_if = "Filter::is_empty")]
    pub exclude: Filter,
    /// BCP 47; `en` takes `en-GB` too. Articles without a known language are left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    /// At most so many items of one outlet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_outlet: Option<u32>,
    /// Items leave when they were published so many seconds ago.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u64>,
    /// Articles that are so many seconds old when they are first seen do not enter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_new_age: Option<u64>,
    /// At most so many items.
    pub items: u32,
    /// At most so many bytes of the items' stored text.
    pub bytes: u64,
    /// How much of an article is published; by source kind where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
    pub stories: Stories,
}

impl Default for Selection {
    fn default() -> Self {
        Self {
            sources: Vec::new(),
            outlets: Vec::new(),
            tags: Vec::new(),
            include: Filter::default(),
            exclude: Filter::default(),
            languages: Vec::new(),
            per_outlet: None,
            max_age: None,
            max_new_age: None,
            items: 50,
            bytes: 250_000,
            content: None,
            stories: Stories::All,
        }
    }
}

impl Selection {
    /// A hash of everything that was asked for, the same in every run and program version.
    ///
    /// Settings that are left out do not count, so a setting that a later version adds changes no
    /// hash of a config that does not use it.
    ///
    /// # Panics
    ///
    /// Never: strings and numbers can always be written.
    #[must_use]
    pub fn hash(&self) -> u64 {
        let written = serde_json::to_vec(self).expect("a selection is strings and numbers only");
        xxh3_64(&written)
    }
}

/// How much of an article a feed publishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Content {
    /// Everything that the outlet's feed gives.
    Full,
    /// Title and summary.
    Summary,
    /// The title only.
    Link,
}

impl Content {
    /// What is published where the config says nothing.
    ///
    /// An outlet's feed and the operator's own folder are meant to be passed on; what was read off a
    /// page is not.
    #[must_use]
    pub const fn usual(kind: SourceKind) -> Self {
        match kind {
            SourceKind::Auto | SourceKind::Feed | SourceKind::Folder => Self::Full,
            SourceKind::Sitemap | SourceKind::Listing | SourceKind::Article => Self::Summary,
        }
    }
}

/// What a feed shows of several articles that tell one story.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(into = "String")]
pub enum Stories {
    /// Each of them.
    #[default]
    All,
    /// The first one, which names the others.
    First,
    /// That of an outlet if it has one, else the first.
    Prefer(String),
}

impl From<Stories> for String {
    fn from(stories: Stories) -> Self {
        match stories {
            Stories::All => "all".to_owned(),
            Stories::First => "first".to_owned(),
            Stories::Prefer(outlet) => format!("prefer:{outlet}"),
        }
    }
}

/// An article and what selection has to know of its origin.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    pub article: &'a Article,
    /// Ids of all sources that carry it.
    pub sources: &'a [&'a str],
    pub outlet: &'a str,
    /// The tags that the config gives to its sources.
    pub source_tags: &'a [&'a str],
    pub first_seen: DateTime<Utc>,
}

impl<'a> Candidate<'a> {
    /// All tags, those of its sources and the section included.
    pub(super) fn tags(&self) -> impl Iterator<Item = &'a str> {
        let article = self.article;
        let own = article.tags.iter().chain(&article.section).map(String::as_str);
        own.chain(self.source_tags.iter().copied())
    }
}

/// Whether an article belongs to a feed.
#[must_use]
pub fn selects(selection: &Selection, candidate: &Candidate<'_>) -> bool {
    takes(selection, candidate, &OnceCell::new())
}

/// Which of the selections take an article; its texts are made once for all of them.
#[must_use]
pub fn selected<'s>(selections: impl IntoIterator<Item = &'s Selection>, candidate: &Candidate<'_>) -> Vec<bool> {
    let texts = OnceCell::new();
    selections.into_iter().map(|selection| takes(selection, candidate, &texts)).collect()
}

fn takes<'c>(selection: &Selection, candidate: &'c Candidate<'c>, texts: &OnceCell<Texts<'c>>) -> bool {
    let asks =
        |list: &[String], held: &mut dyn FnMut(&str) -> bool| list.is_empty() || list.iter().any(|one| held(one));
    asks(&selection.sources, &mut |source| candidate.sources.contains(&source))
        && asks(&selection.outlets, &mut |outlet| candidate.outlet == outlet)
        && asks(&selection.languages, &mut |language| speaks(candidate.article.language.as_deref(), language))
        && asks(&selection.tags, &mut |tag| candidate.tags().any(|held| same_word(held, tag)))
        && selection.max_new_age.is_none_or(|most| is_fresh(candidate, most))
        && filters_agree(selection, candidate, texts)
}

/// Whether an article was no older than `most` seconds when it was first seen.
fn is_fresh(candidate: &Candidate<'_>, most: u64) -> bool {
    let age = |published: Dated| candidate.first_seen.timestamp() - published.at.timestamp();
    candidate.article.date_published.map(age).is_none_or(|age| age <= i64::try_from(most).unwrap_or(i64::MAX))
}

fn filters_agree<'c>(selection: &Selection, candidate: &'c Candidate<'c>, texts: &OnceCell<Texts<'c>>) -> bool {
    if selection.include.is_empty() && selection.exclude.is_empty() {
        return true;
    }
    let texts = texts.get_or_init(|| Texts::new(candidate));
    (selection.include.is_empty() || selection.include.matches(texts)) && !selection.exclude.matches(texts)
}

fn same_word(left: &str, right: &str) -> bool {
    left.chars().flat_map(char::to_lowercase).eq(right.chars().flat_map(char::to_lowercase))
}

/// Basic filtering of language ranges (RFC 4647 §3.3.1).
fn speaks(language: Option<&str>, range: &str) -> bool {
    language.is_some_and(|language| {
        language.get(..range.len()).is_some_and(|start| start.eq_ignore_ascii_case(range))
            && matches!(language.as_bytes().get(range.len()), None | Some(b'-'))
    })
}
