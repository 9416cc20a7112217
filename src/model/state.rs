//! What is remembered of a source between runs.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The validators of one exact URL (RFC 9110 §8.8), kept byte for byte.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    /// A hash of the exact URL that sent them: an address may hold a secret.
    pub url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<Vec<u8>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<Vec<u8>>,
}

impl Validators {
    /// What stands for a URL in [`url`](Self::url).
    #[must_use]
    pub fn place(url: &str) -> String {
        format!("{:032x}", xxhash_rust::xxh3::xxh3_128(url.as_bytes()))
    }
}

/// How a source stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// Never asked.
    #[default]
    Never,
    Ok,
    /// The host asked for a pause.
    Held,
    /// Failing; asked less and less often.
    Backoff,
    /// 410: not asked until its config changes.
    Gone,
    /// Answers from another address for good.
    Moved,
    /// Its document holds nothing that is known: wait for a second one that agrees.
    Quarantined,
}

impl Health {
    /// The word that reports use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Ok => "ok",
            Self::Held => "held",
            Self::Backoff => "backoff",
            Self::Gone => "gone",
            Self::Moved => "moved",
            Self::Quarantined => "quarantined",
        }
    }
}

/// What a source feed says about when to come back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedSchedule {
    /// Minutes (RSS `ttl`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl: Option<u32>,
    /// Hours of the day in UTC, 0 to 23 (RSS `skipHours`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skip_hours: Vec<u8>,
    /// Days of the week, Monday is 0 (RSS `skipDays`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skip_days: Vec<u8>,
    /// Seconds between updates (`sy:updatePeriod` / `sy:updateFrequency`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update_seconds: Option<u32>,
}

/// What is remembered of one source.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "what is known of a source, not what to do with it")]
pub struct SourceState {
    pub id: String,
    /// A hash of the location and kind that this state belongs to; another one starts afresh.
    pub location_hash: u64,
    #[serde(default)]
    pub health: Health,
    /// The trouble in words for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
    /// Since when the trouble lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble_since: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_success: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_due: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validators: Option<Validators>,
    /// Failures in a row; soft ones count half.
    #[serde(default)]
    pub failures: f64,
    #[serde(default)]
    pub schedule: FeedSchedule,
    /// Publication times of the last document, newest first, at most ten: the rhythm.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rhythm: Vec<DateTime<Utc>>,
    /// The source feed's own title, address of its page and of itself, for `source` elements.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feed_title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home_page_url: Option<String>,
    /// The language that the source feed declares, for items that declare none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feed_language: Option<String>,
    /// The next document only teaches: unknown old items are stored, not announced (after a rebuild).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub teaching: bool,
    /// When a document first held nothing that was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quarantined_at: Option<DateTime<Utc>>,
    /// That document, for when the outlet says that it is still the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quarantined: Option<Box<Quarantined>>,
    /// Why the document could not be read that the validators are of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread: Option<Unread>,
    /// The newest publication time seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<DateTime<Utc>>,
    /// One guid stood for several URLs: identity goes by URL.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub goes_by_url: bool,
    /// The last document was a page or a sitemap and not a feed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_page: bool,
    /// Where an `auto` source was found to have its articles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rung: Option<Rung>,
    /// When the ladder was last climbed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub climbed: Option<DateTime<Utc>>,
    /// A trouble that passes may have hidden a better place: it is searched for again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub provisional: bool,
    /// New stories whose pages are still to be read, in the order in which they were met.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<Waiting>,
    /// The files of a sitemap index that were read last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// The validators of documents beyond the source's own: files of an index, next pages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub further: Vec<Validators>,
    /// Files of a sitemap index that were gone when they were asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dead: Vec<DeadFile>,
    /// How many elements each selector of `select` matched when it last matched any.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub selected: BTreeMap<String, usize>,
    /// What articles showed of the outlet's clock, newest last, at most [`Sighting::MOST`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sightings: Vec<Sighting>,
    /// Where permanent redirects lead, as long as they are too new to be believed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moving: Option<Move>,
    /// The address that is asked in place of the configured one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<Move>,
    /// Since when every answer is "not modified", and how many were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unchanged_since: Option<DateTime<Utc>>,
    #[serde(default)]
    pub unchanged: u32,
    /// When the source was last asked without its validators, to see whether they tell the truth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audited_at: Option<DateTime<Utc>>,
    /// When an audit brought news that "not modified" had kept back, unless a later one did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lied_at: Option<DateTime<Utc>>,
}

/// A moment that an article's metadata and its visible line tell alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    /// Seconds since 1970.
    pub at: i64,
    /// Minutes that the clock which readers see is ahead of UTC.
    pub ahead: i16,
}

impl Sighting {
    /// So many are kept: more than a year's change of clocks needs.
    pub const MOST: usize = 24;
}

/// A document that waits until a second look agrees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantined {
    /// Where it came from; what came from the environment stands by its name, as `${NAME}`.
    pub url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_location: Option<String>,
    /// The unpacked body, as base64 of a zstd frame.
    pub body: String,
}

/// A document that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// The version of the program that tried: another one may succeed.
    pub by: String,
    /// What was wrong, in words for people.
    pub trouble: String,
}

/// A step of the ladder that an `auto` source climbs down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RungKind {
    /// The source's address is a feed.
    Feed,
    /// The page links to a feed, or one lies at a usual place.
    LinkedFeed,
    /// A news sitemap, or one that the source's address is.
    Sitemap,
    /// The page lists stories.
    Listing,
    /// The page is an article.
    Article,
}

impl RungKind {
    /// The word that reports use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Feed => "feed",
            Self::LinkedFeed => "linked-feed",
            Self::Sitemap => "sitemap",
            Self::Listing => "listing",
            Self::Article => "article",
        }
    }
}

/// Where an `auto` source stands on the ladder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rung {
    pub kind: RungKind,
    /// The address that is asked; absent where it is the configured one, which may hold a secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A story that a list named and whose page is still to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    pub url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// The source's own id of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    pub fingerprint: u64,
    /// How often its page could not be read.
    #[serde(default)]
    pub failures: u8,
}

/// A file of a sitemap index that was not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadFile {
    pub url: String,
    /// When it was asked for.
    pub at: DateTime<Utc>,
}

/// A permanent redirect of a source (301, 308).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// The address it leads to; without its query where that is the configured one. What of it came from the
    /// environment stands by its name, as `${NAME}`.
    pub to: String,
    /// The query is the configured one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub same_query: bool,
    /// When it was first seen.
    pub since: DateTime<Utc>,
    /// How many answers in a row led there.
    pub sightings: u32,
}
