//! What a document that was taken in leaves in the state of its source.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::reading::Reading;
use crate::model::SourceState;

/// What a document that was taken in teaches about its source.
pub fn learn(state: &mut SourceState, reading: &Reading, published: &[DateTime<Utc>], goes_by_url: bool) {
    state.goes_by_url = goes_by_url;
    state.teaching = false;
    state.quarantined_at = None;
    state.newest = published.iter().copied().chain(state.newest).max();
    if !reading.is_unchanged {
        state.is_page = reading.is_page;
    }
    if let Some(listing) = &reading.listing {
        state.feed_title = listing.site_name.clone().or_else(|| listing.title.clone()).or(state.feed_title.take());
        state.home_page_url = listing.home_page_url.clone().or(state.home_page_url.take());
        state.feed_language = listing.language.clone().or(state.feed_language.take());
    }
    if let Some(feed) = &reading.feed {
        state.feed_title = feed.title.as_ref().map(crate::markup::inline_text).filter(|title| !title.is_empty());
        state.home_page_url.clone_from(&feed.home_page_url);
        state.feed_language.clone_from(&feed.language);
    }
}

/// Selectors that match nothing, with how often they did; what matches now is remembered.
pub fn watch_selectors(state: &mut SourceState, reading: &mut Reading) {
    let mut matched: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, matches) in &reading.selected {
        *matched.entry(name).or_default() += matches;
    }
    for (name, matches) in matched {
        if matches > 0 {
            state.selected.insert(name.to_owned(), matches);
            continue;
        }
        let before = match state.selected.get(name) {
            Some(before) => format!("it matched {before} when it last did"),
            None => "it never matched any".to_owned(),
        };
        reading.troubles.push(format!("select.{name} matches nothing; {before}"));
    }
}

/// Whether two troubles are the same but for their numbers: with each new item the lines of a document move.
pub fn is_same(one: Option<&str>, other: Option<&str>) -> bool {
    let words = |text: &str| text.replace(|char: char| char.is_ascii_digit(), "");
    one.map(words) == other.map(words)
}

/// All troubles in one line, if there are any.
pub fn words(troubles: &mut Vec<String>, notes: Vec<String>) -> Option<String> {
    troubles.extend(notes);
    (!troubles.is_empty()).then(|| troubles.join("; "))
}
