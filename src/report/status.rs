//! How sources and feeds stand.

use serde::Serialize;

/// One source as `status` shows it.
#[derive(Clone, Debug, Serialize)]
pub struct SourceStatus {
    pub id: String,
    pub kind: &'static str,
    /// Where an `auto` source was found to have its articles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rung: Option<&'static str>,
    pub state: &'static str,
    /// RFC 3339 in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_success: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_due: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
    /// What the source's `timezone` may be set to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timezone: Option<TimezoneStatus>,
}

/// The zone that an outlet's own articles show, where the config sets none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TimezoneStatus {
    /// Its name, as `timezone` takes it.
    pub proposed: &'static str,
    /// How many articles show it.
    pub articles: usize,
    /// Whether no other zone fits whose clock will differ within the year.
    pub settled: bool,
}

/// One feed as `status` shows it.
#[derive(Clone, Debug, Serialize)]
pub struct FeedStatus {
    pub id: String,
    pub items: usize,
    /// When the newest item was published or changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_modified: Option<String>,
}

/// How everything stands.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Status {
    pub articles: u64,
    pub sources: Vec<SourceStatus>,
    pub feeds: Vec<FeedStatus>,
    /// Files in the targets that no feed of the config writes: `prune` deletes them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub orphans: Vec<String>,
}

impl Status {
    /// One JSON object on one line.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}
