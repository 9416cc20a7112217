//! What is remembered of a host between runs.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// What is remembered of one host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// Lower case, without the root's dot.
    pub name: String,
    /// It asked for a pause, and until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_until: Option<DateTime<Utc>>,
    /// How many pauses in a row it has asked for.
    #[serde(default)]
    pub holds: u32,
    /// When it was last asked; known only of hosts that name a `Crawl-delay`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_at: Option<DateTime<Utc>>,
    /// One for each scheme and port that was asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub robots: Vec<Robots>,
}

/// What a robots.txt says to this program (RFC 9309).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Robots {
    /// Scheme, host and port, such as `https://outlet.example`.
    pub origin: String,
    /// When it was last asked for, with or without success.
    pub asked_at: DateTime<Utc>,
    /// When an answer last said what holds; none where none ever came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RobotsRule>,
    /// Milliseconds between two requests that the host asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crawl_delay: Option<u32>,
    /// The sitemaps that it names, as found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sitemaps: Vec<String>,
}

/// One `Allow` or `Disallow` line of the group that counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RobotsRule {
    pub allow: bool,
    /// A path with `*` and a `$` at the end, percent-encoded as addresses are compared.
    pub pattern: String,
}

impl Host {
    /// Until when it is worth remembering: pauses in a row a week beyond the last one, a robots.txt as long as
    /// it stands in for one that cannot be reached.
    #[must_use]
    pub fn kept_until(&self) -> DateTime<Utc> {
        let hold = self.held_until.map(|until| until + TimeDelta::days(7));
        let robots = self.robots.iter().map(|robots| robots.known_at.unwrap_or(robots.asked_at) + Robots::OUTLASTS);
        robots.chain(hold).max().unwrap_or_default()
    }

    /// The pause between two requests that it asks for: the longest of all its origins, in milliseconds.
    #[must_use]
    pub fn crawl_delay(&self) -> Option<u32> {
        self.robots.iter().filter_map(|robots| robots.crawl_delay).max()
    }
}

impl Robots {
    /// How long an answer counts (RFC 9309 §2.4).
    const LASTS: TimeDelta = TimeDelta::hours(24);
    /// How long after a failure it is asked for again.
    const RETRY: TimeDelta = TimeDelta::hours(1);
    /// How long an answer stands in where no other can be had (RFC 9309 §2.3.1.4).
    pub(crate) const OUTLASTS: TimeDelta = TimeDelta::days(30);

    /// Whether it need not be asked for.
    #[must_use]
    pub fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        let lasts = if self.known_at == Some(self.asked_at) { Self::LASTS } else { Self::RETRY };
        // a clock that was set back makes nothing last longer
        (self.asked_at..self.asked_at + lasts).contains(&now)
    }

    /// Whether there are rules to go by.
    #[must_use]
    pub fn is_known(&self, now: DateTime<Utc>) -> bool {
        self.known_at.is_some_and(|at| now < at + Self::OUTLASTS)
    }
}
