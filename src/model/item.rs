//! An article as it stands in a feed.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{Attachment, Dated, Image, Person, Rights};
use crate::markup::CleanHtml;

/// The costly half of an article, made when it is compared, shown or released.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Presented {
    /// Plain text: the outlet's own description, else the first sentences.
    pub summary: Option<String>,
    /// The outlet's own description as sanitized HTML, where it was HTML.
    pub summary_html: Option<CleanHtml>,
    pub content_html: Option<CleanHtml>,
    /// Plain text of the content.
    pub content_text: Option<String>,
    /// The lead picture, from the body where the article names none.
    pub image: Option<Image>,
    /// BCP 47, declared and checked against the text.
    pub language: Option<String>,
}

/// Whether a text holds anything that a reader would see.
#[must_use]
pub fn is_visible(text: &str) -> bool {
    text.chars().any(|c| {
        !c.is_whitespace()
            && !c.is_control()
            && !matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}')
            && !matches!(c, '\u{FEFF}' | '\u{FFFD}'..='\u{FFFF}')
    })
}

/// Another outlet that tells the same story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlsoAt {
    pub outlet: Arc<str>,
    pub title: String,
    pub url: String,
}

/// The source that an item came from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ItemSource {
    pub id: Arc<str>,
    /// The outlet's name for people.
    pub title: String,
    /// The source feed's address, or the page's.
    pub url: String,
    pub home_page_url: Option<String>,
}

/// An article as it stands in a feed: everything clean, absolute and final.
///
/// A release holds thousands of them at once: what most have none of takes a pointer's place.
#[derive(Clone, Debug)]
pub struct Item {
    /// Permanent; an absolute URI.
    pub uid: String,
    pub url: Option<String>,
    pub external_url: Option<String>,
    /// Never empty; the first words of the text where the outlet gives none.
    pub title: String,
    /// Whether the outlet itself gave a title.
    pub titled: bool,
    pub authors: Vec<Person>,
    /// The outlet's date, else the stored time of the first sighting.
    pub date_published: Dated,
    /// Whether `date_published` is a first sighting.
    pub undated: bool,
    pub date_modified: Option<Dated>,
    pub first_seen: DateTime<Utc>,
    pub language: Option<String>,
    /// Plain text.
    pub summary: Option<String>,
    pub content_html: Option<CleanHtml>,
    /// The content where it is plain text and has no HTML.
    pub content_text: Option<String>,
    pub image: Option<Box<Image>>,
    pub attachments: Vec<Attachment>,
    pub tags: Vec<String>,
    pub section: Option<String>,
    /// `None` where nothing is known of them.
    pub rights: Option<Box<Rights>>,
    pub outlet: Arc<str>,
    pub source: Arc<ItemSource>,
    pub also_at: Vec<AlsoAt>,
}

impl Item {
    /// The name of the item's place on a feed's page.
    #[must_use]
    pub fn anchor(&self) -> String {
        format!("i{:016x}", xxhash_rust::xxh3::xxh3_64(self.uid.as_bytes()))
    }

    /// When a reader would say the item was last changed.
    #[must_use]
    pub fn updated(&self) -> Dated {
        self.date_modified.filter(|modified| modified.at > self.date_published.at).unwrap_or(self.date_published)
    }
}
