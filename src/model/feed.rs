//! What is published: a feed, its facts, and the files made from it.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use super::Item;

/// A person or organization that stands behind a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// A format that feeds are published in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    Rss,
    Atom,
    Json,
    Html,
}

impl Format {
    /// The file extension, without dot.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Rss => "rss",
            Self::Atom => "atom",
            Self::Json => "json",
            Self::Html => "html",
        }
    }

    /// The media type that servers and readers should see.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Rss => "application/rss+xml",
            Self::Atom => "application/atom+xml",
            Self::Json => "application/feed+json",
            Self::Html => "text/html",
        }
    }
}

/// The facts of the whole site, from the config.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SiteInfo {
    pub title: String,
    /// Absolute, ends with a slash.
    pub base_url: String,
    pub author: Option<String>,
    pub language: Option<String>,
    pub rights: Option<String>,
    pub icon: Option<String>,
}

/// The facts of one published feed, the site's filled in where it has none of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct FeedInfo {
    /// `[a-z0-9-]{1,64}`.
    pub id: String,
    /// Permanent `urn:uuid`, made at the first release.
    pub urn: String,
    pub title: String,
    pub description: Option<String>,
    pub language: Option<String>,
    pub icon: Option<String>,
    pub author: Option<String>,
    pub rights: Option<String>,
    /// In the order in which they are written.
    pub formats: Vec<Format>,
}

/// One feed as it is to be published: the input of every renderer.
#[derive(Clone, Debug)]
pub struct FeedSnapshot {
    pub site: SiteInfo,
    pub feed: FeedInfo,
    /// In published order.
    pub items: Vec<Item>,
    /// The newest item's time; `None` only where there are no items.
    pub updated: Option<DateTime<FixedOffset>>,
}

impl FeedSnapshot {
    /// The address of this feed in one format.
    #[must_use]
    pub fn address(&self, format: Format) -> String {
        format!("{}{}.{}", self.site.base_url, self.feed.id, format.extension())
    }
}
