//! The few words of the pages, and dates, in the languages that they are known in.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{DateTime, Datelike, FixedOffset};
use serde::{Deserialize, Serialize};

use super::value::is_right_to_left;

static WORDS: LazyLock<BTreeMap<String, Words>> =
    LazyLock::new(|| serde_json::from_str(include_str!("templates/words.json")).expect("a test reads every language"));

/// The words of one language.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Words {
    #[serde(skip_serializing)]
    months: String,
    #[serde(skip_serializing)]
    date: String,
    skip: String,
    skip_feeds: String,
    subscribe: String,
    all_feeds: String,
    sources: String,
    also: String,
    full: String,
    updated: String,
    seen: String,
    newest: String,
    items: String,
    #[serde(skip_serializing)]
    pub unread: String,
    #[serde(skip_serializing)]
    pub gone: String,
}

/// The words for a page in a language, and their own language: English where it is not known.
pub(super) fn words(language: Option<&str>) -> (&'static str, &'static Words) {
    let primary = language.and_then(|tag| tag.split('-').next()).unwrap_or_default().to_ascii_lowercase();
    let known = WORDS.get_key_value(&primary).or_else(|| WORDS.get_key_value("en"));
    let (language, words) = known.expect("English is among them");
    (language, words)
}

impl Words {
    /// A day as people write it.
    pub(super) fn day(&self, at: DateTime<FixedOffset>) -> String {
        let month = self.months.split(' ').nth(at.month0() as usize).unwrap_or_default();
        let (day, year) = (at.day().to_string(), at.year().to_string());
        self.date.replace("{d}", &day).replace("{m}", month).replace("{y}", &year)
    }
}

/// The `dir` attribute of text in a language.
pub(super) fn direction(language: &str) -> &'static str {
    if is_right_to_left(language) { "rtl" } else { "ltr" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_twelve_months() {
        for (language, words) in WORDS.iter() {
            assert_eq!(words.months.split(' ').count(), 12, "{language}");
            for part in ["{d}", "{m}", "{y}"] {
                assert!(words.date.contains(part), "{language}");
            }
        }
    }

    #[test]
    fn days_are_written_in_the_language_of_the_page() {
        let at = DateTime::parse_from_rfc3339("2026-03-01T23:30:00+05:00").expect("a date");
        for (language, expected) in [
            (Some("en-GB"), "1 March 2026"),
            (Some("DE"), "1. März 2026"),
            (Some("ru"), "1 марта 2026"),
            (Some("ja"), "2026年3月1日"),
            (Some("eo"), "1 March 2026"),
            (None, "1 March 2026"),
        ] {
            assert_eq!(words(language).1.day(at), expected, "{language:?}");
        }
    }
}
