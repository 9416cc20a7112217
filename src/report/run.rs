//! What one run did.

use std::fmt::Write as _;
use std::sync::Arc;

use serde::Serialize;

/// How the fetch of one source ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// A document was read.
    Ok,
    /// The outlet said that nothing has changed.
    NotModified,
    /// Not asked: its time has not come, or its host asked for a pause.
    NotDue,
    /// Nothing in the document is known; wait for a second one that agrees.
    Quarantined,
    Failed,
}

/// What one source brought.
#[derive(Clone, Debug, Serialize)]
pub struct SourceReport {
    pub id: Arc<str>,
    pub outcome: Outcome,
    /// Articles in the document that was read.
    #[serde(skip)]
    pub read: usize,
    pub new: usize,
    pub changed: usize,
    /// The trouble, or a thing worth knowing, in words for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
    /// Whether the last document had the same trouble: it is in `status`, and need not be said again.
    #[serde(skip)]
    pub is_told: bool,
}

impl SourceReport {
    /// A source that brought nothing.
    #[must_use]
    pub fn empty(id: &Arc<str>, outcome: Outcome) -> Self {
        Self { id: Arc::clone(id), outcome, read: 0, new: 0, changed: 0, trouble: None, is_told: false }
    }
}

/// What happened, or would happen, to one item of a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    New,
    Changed,
    Leaves,
}

/// One item that a release changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    pub kind: ChangeKind,
    pub uid: String,
    pub title: String,
}

/// What became of one feed.
#[derive(Clone, Debug, Default, Serialize)]
pub struct FeedReport {
    pub id: String,
    /// Items in the feed now.
    pub items: usize,
    /// Items that were not in the last release.
    pub new: usize,
    /// Files that were written, as paths below their target.
    pub written: Vec<String>,
    /// Item by item what a dry run would change.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// What went wrong beside it: its subscribers may learn of the change later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
    /// Why it could not be published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// What one run did, source by source and feed by feed, in the config's order.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RunReport {
    pub sources: Vec<SourceReport>,
    pub feeds: Vec<FeedReport>,
    /// Files beside the feeds that were written: index and OPML.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub written: Vec<String>,
    /// Where the feeds are, for people.
    #[serde(skip)]
    pub targets: Vec<String>,
    /// Why the index could not be written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl RunReport {
    /// One JSON object on one line.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// How many sources were asked, and how many of them failed.
    #[must_use]
    pub fn asked_and_failed(&self) -> (usize, usize) {
        let asked = self.sources.iter().filter(|source| source.outcome != Outcome::NotDue).count();
        let failed = self.sources.iter().filter(|source| source.outcome == Outcome::Failed).count();
        (asked, failed)
    }

    /// Whether anything could not be published.
    #[must_use]
    pub fn publishing_failed(&self) -> bool {
        self.error.is_some() || self.feeds.iter().any(|feed| feed.error.is_some())
    }

    /// One line for each trouble that is new: of a source that works, the same is not told twice.
    pub fn troubles(&self) -> impl Iterator<Item = String> + '_ {
        let sources = self
            .sources
            .iter()
            .filter(|source| source.outcome != Outcome::NotDue && !source.is_told)
            .filter_map(|source| source.trouble.as_ref().map(|trouble| format!("source {}: {trouble}", source.id)));
        let feeds = self.feeds.iter().flat_map(|feed| {
            feed.error.iter().chain(&feed.warning).map(move |trouble| format!("feed {}: {trouble}", feed.id))
        });
        sources.chain(feeds).chain(self.error.iter().map(|error| format!("index: {error}")))
    }

    /// The whole run in one line.
    #[must_use]
    pub fn summary(&self) -> String {
        let (asked, failed) = self.asked_and_failed();
        let total = |part: fn(&SourceReport) -> usize| self.sources.iter().map(part).sum::<usize>();
        let unchanged = total(|source| usize::from(source.outcome == Outcome::NotModified));
        let waiting = self.sources.len() - asked;
        let mut line = count(asked, "source", "asked");
        for (number, words) in [(unchanged, "not modified"), (failed, "failed"), (waiting, "not due")] {
            if number > 0 {
                let _ = write!(line, ", {number} {words}");
            }
        }
        let (read, new, changed) =
            (total(|source| source.read), total(|source| source.new), total(|source| source.changed));
        let _ = write!(line, "; {}", count(read, "article", "gathered"));
        if new + changed == 0 {
            line.push_str(", nothing new");
        } else {
            let _ = write!(line, ", {new} new, {changed} changed");
        }
        let written = self.written.len() + self.feeds.iter().map(|feed| feed.written.len()).sum::<usize>();
        let targets = self.targets.join(", ");
        let are = if self.targets.len() == 1 { "is" } else { "are" };
        if self.publishing_failed() && self.targets.len() > 1 {
            // which one is in the troubles
            let _ = write!(line, "; publishing failed in part, to {targets}");
        } else if self.publishing_failed() {
            let _ = write!(line, "; publishing to {targets} failed");
        } else if written > 0 {
            let _ = write!(line, "; {} to {targets}", count(written, "file", "written"));
        } else if !targets.is_empty() {
            let _ = write!(line, "; {targets} {are} up to date");
        }
        line
    }
}

/// "1 source asked", "2 sources asked"; without a verb "1 source".
#[must_use]
pub fn count(number: usize, noun: &str, verb: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural} {verb}").trim_end().to_owned()
}
