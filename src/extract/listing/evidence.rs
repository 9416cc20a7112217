//! What is known of the stories of a listing, gathered from every kind of evidence.

use std::collections::HashMap;

use url::Url;

use crate::address;
use crate::model::{Claim, ImageClaim, PersonClaim, RawArticle, Text};

/// One story that a listing may name.
#[derive(Clone, Debug, Default)]
pub(super) struct Story {
    /// Absolute, as found.
    pub url: String,
    pub titles: Vec<Claim>,
    pub published: Vec<Claim>,
    pub modified: Vec<Claim>,
    pub summaries: Vec<Claim>,
    pub sections: Vec<Claim>,
    pub authors: Vec<PersonClaim>,
    pub images: Vec<ImageClaim>,
    /// The kind of structured data that names it; `None` where only links do.
    pub structured: Option<&'static str>,
}

impl Story {
    pub fn at(url: String) -> Self {
        Self { url, ..Self::default() }
    }

    /// As a raw article whose fingerprint depends on address, title and date alone: the rest of a card
    /// changes with its place on the page.
    pub fn into_raw(self, base: &Url) -> RawArticle {
        let title = self.titles.first().map_or("", |claim| claim.text.text.as_str());
        let fingerprint = fingerprint(&self.url, title, "");
        let from = self.structured.map_or("listing:link", |_| "listing:data");
        RawArticle {
            urls: vec![claim(from, &self.url)],
            titles: self.titles,
            published: self.published,
            modified: self.modified,
            summaries: self.summaries,
            sections: self.sections,
            authors: self.authors,
            images: self.images,
            base: Some(base.clone()),
            fingerprint,
            ..RawArticle::default()
        }
    }
}

/// A hash over what makes an entry of a list another one.
pub(in crate::extract) fn fingerprint(url: &str, title: &str, changed: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(format!("{}\u{1}{}\u{1}{changed}", address::key_form(url), title.trim()).as_bytes())
}

pub(in crate::extract) fn claim(from: &'static str, text: &str) -> Claim {
    Claim { from, text: Text::plain(text) }
}

/// Stories by address, in the order in which they were met.
#[derive(Debug, Default)]
pub(super) struct Stories {
    pub list: Vec<Story>,
    places: HashMap<String, usize>,
}

impl Stories {
    /// Adds a story, or what is new about a known one.
    pub fn add(&mut self, story: Story) {
        let key = address::key_form(&story.url);
        if let Some(&place) = self.places.get(&key) {
            merge(&mut self.list[place], story);
        } else {
            self.places.insert(key, self.list.len());
            self.list.push(story);
        }
    }

    /// Takes a story out, to be told with what else is known.
    pub fn take(&mut self, key: &str) -> Option<Story> {
        self.places.remove(key).map(|place| std::mem::take(&mut self.list[place]))
    }

    /// The stories that were not taken.
    pub fn rest(self) -> impl Iterator<Item = Story> {
        self.list.into_iter().filter(|story| !story.url.is_empty())
    }

    pub fn get(&self, key: &str) -> Option<&Story> {
        self.places.get(key).map(|place| &self.list[*place])
    }
}

/// Adds the claims of `more` behind those of `story`.
pub(super) fn merge(story: &mut Story, more: Story) {
    let join = |list: &mut Vec<Claim>, more: Vec<Claim>| {
        for claim in more {
            if !list.iter().any(|known| known.text == claim.text) {
                list.push(claim);
            }
        }
    };
    join(&mut story.titles, more.titles);
    join(&mut story.published, more.published);
    join(&mut story.modified, more.modified);
    join(&mut story.summaries, more.summaries);
    join(&mut story.sections, more.sections);
    if story.authors.is_empty() {
        story.authors = more.authors;
    }
    if story.images.is_empty() {
        story.images = more.images;
    }
    story.structured = story.structured.or(more.structured);
}
