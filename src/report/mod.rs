//! What a run tells: outcomes as data, as text for people and as JSON for programs.

mod further;
mod inspect;
mod run;
mod status;
mod trouble;

use chrono::SecondsFormat;

pub use further::{show_feed_dates, show_item_dates};
pub use inspect::{ItemJson, Shown, ShownFeed, Written, article_line, error_line, feed_line, item_json, listing_line};
pub use run::{Change, ChangeKind, FeedReport, Outcome, RunReport, SourceReport, count};
pub use status::{FeedStatus, SourceStatus, Status};
pub use trouble::{next_try, standing};

use crate::model::{Dated, Precision, ZoneFrom};

/// A date as JSON shows it: RFC 3339, `YYYY-MM-DD` without a time of day, no offset where the zone is unknown.
#[must_use]
pub fn date_text(dated: &Dated) -> String {
    match (dated.precision, dated.zone) {
        (Precision::Day, _) => dated.at.format("%Y-%m-%d").to_string(),
        (Precision::Time, ZoneFrom::Assumed) => dated.at.format("%Y-%m-%dT%H:%M:%S").to_string(),
        (Precision::Time, _) => dated.at.to_rfc3339_opts(SecondsFormat::Secs, true),
    }
}

#[cfg(test)]
mod tests;
