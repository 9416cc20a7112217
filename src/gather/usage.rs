//! What header fields say of how a document may be used.

use reqwest::header::HeaderMap;

/// Fields that say it: search engines' directives, the IETF's AI preferences, the W3C's TDM reservation.
const FIELDS: [&str; 3] = ["x-robots-tag", "content-usage", "tdm-reservation"];

/// More values than these are not kept.
const MOST: usize = 10;

/// The fields as lines, `name: value`; nearly every answer has none.
pub(super) fn of(headers: &HeaderMap) -> Vec<String> {
    let values = FIELDS.iter().flat_map(|name| headers.get_all(*name).iter().map(move |value| (name, value)));
    values.filter_map(|(name, value)| Some(format!("{name}: {}", value.to_str().ok()?))).take(MOST).collect()
}
