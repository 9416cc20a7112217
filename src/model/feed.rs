//! What is published: a feed, its facts, and the files made from it.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset, Utc};
use serde::{Deserialize, Serialize};

use super::{Article, Item, Key};

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

/// What stands in place of the program's own templates: `feed.html`, `index.html`, `head.html`,
/// `style.css`, and any other template that these include.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Theme {
    /// Texts by file name.
    pub files: BTreeMap<String, String>,
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
    /// For the index page.
    pub theme: Option<Arc<Theme>>,
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
    /// Whether what leaves the main document goes into archives (RFC 5005 §4).
    pub archives: bool,
    /// The WebSub hub that is told of changes.
    pub hub: Option<String>,
    /// Whether the feed's page shows pictures, which come from the outlets' hosts.
    pub pictures: bool,
    pub theme: Option<Arc<Theme>>,
}

/// A source that brings nothing at present, as a feed's page tells of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Trouble {
    /// Its name for people.
    pub source: String,
    pub since: DateTime<Utc>,
    /// Whether the outlet said that it is gone for good.
    pub is_over: bool,
}

/// One feed as it is to be published: the input of every renderer.
#[derive(Clone, Debug)]
pub struct FeedSnapshot {
    pub site: SiteInfo,
    pub feed: FeedInfo,
    /// In published order.
    pub items: Arc<Vec<Item>>,
    /// The newest item's time; `None` only where there are no items.
    pub updated: Option<DateTime<FixedOffset>>,
    /// Its sources that bring nothing at present; only its page tells of them.
    pub troubles: Vec<Trouble>,
    /// The number of the archive that this is; `None` for the main document.
    pub archive: Option<u32>,
    /// The archives before this document, by format: their paths below the site.
    pub previous: BTreeMap<Format, String>,
}

impl FeedSnapshot {
    /// The path of this document in one format, below the site.
    #[must_use]
    pub fn path(&self, format: Format) -> String {
        match self.archive {
            None => format!("{}.{}", self.feed.id, format.extension()),
            Some(number) => archive_path(&self.feed.id, number, format),
        }
    }

    /// The address of this document in one format.
    #[must_use]
    pub fn address(&self, format: Format) -> String {
        format!("{}{}", self.site.base_url, self.path(format))
    }

    /// The address of the feed's main document in one format.
    #[must_use]
    pub fn main_address(&self, format: Format) -> String {
        format!("{}{}.{}", self.site.base_url, self.feed.id, format.extension())
    }

    /// The address of the archive before this document.
    #[must_use]
    pub fn previous_address(&self, format: Format) -> Option<String> {
        self.previous.get(&format).map(|path| format!("{}{path}", self.site.base_url))
    }
}

/// The path of one of a feed's archives, below the site.
#[must_use]
pub fn archive_path(id: &str, number: u32, format: Format) -> String {
    format!("archive/{id}/{number:04}.{}", format.extension())
}

/// The place of a member in the order in which windows are filled; windows have one as lower bound.
///
/// Members at or below the bound never come back (DESIGN §7). The order of the fields is the order
/// of comparison.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Bound {
    /// When the member entered the feed, seconds since 1970.
    pub entered: i64,
    /// Seconds since 1970.
    pub published: i64,
    pub uid: String,
}

impl Bound {
    /// Whether a member at this place is in the window: above the bound.
    #[must_use]
    pub fn admits(&self, entered: i64, published: i64, uid: &str) -> bool {
        (entered, published, uid) > (self.entered, self.published, self.uid.as_str())
    }
}

/// What `history/ID.json` holds: enough to go on where a lost state stood.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// The feed's id in addresses and its permanent `urn:uuid`.
    pub feed: String,
    pub urn: String,
    /// The lower bound of the window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<Bound>,
    /// The newest archive in each format, as a path below the site.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub archives: Vec<String>,
    /// What the items' `source` elements say, by source id.
    #[serde(default)]
    pub sources: Vec<HistorySource>,
    /// Newest first.
    #[serde(default)]
    pub items: Vec<HistoryItem>,
}

/// A source as the items of a feed name it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistorySource {
    pub id: String,
    pub title: String,
    pub url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home_page_url: Option<String>,
}

/// One item that a feed holds or once held.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryItem {
    pub uid: String,
    /// Keys that lead to it.
    pub keys: Vec<Key>,
    pub outlet: Arc<str>,
    /// Every source that carried it, the first one first.
    pub sources: Vec<Arc<str>>,
    pub first_seen: DateTime<Utc>,
    /// When it entered the feed, seconds since 1970.
    pub entered: i64,
    /// Seconds since 1970: the outlet's date, else `first_seen`.
    pub published: i64,
    /// Bytes of stored text, for byte budgets.
    pub size: u32,
    /// Taken out for ever by the operator.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
    /// The uid of the story's leading item, where that is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub story: Option<String>,
    /// The extension of the feed's document that holds the article's text, which is not repeated here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_in: Option<String>,
    /// What the feed published of it; only for items of the window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<Box<Article>>,
}
