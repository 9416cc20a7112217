//! What is remembered of a source between runs.

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
    /// The newest publication time seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<DateTime<Utc>>,
    /// One guid stood for several URLs: identity goes by URL.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub goes_by_url: bool,
    /// The last document was an article page and not a feed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_page: bool,
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

/// A permanent redirect of a source (301, 308).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// The address it leads to; without its query where that is the configured one, which may be a secret.
    pub to: String,
    /// The query is the configured one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub same_query: bool,
    /// When it was first seen.
    pub since: DateTime<Utc>,
    /// How many answers in a row led there.
    pub sightings: u32,
}
