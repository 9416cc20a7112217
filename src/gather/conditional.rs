//! Conditional requests, freshness and pauses: what headers say about the next time.

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, Utc};
use reqwest::header::{
    AGE, CACHE_CONTROL, DATE, ETAG, EXPIRES, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    LAST_MODIFIED, RETRY_AFTER,
};
use url::Url;

use super::Freshness;
use crate::model::Validators;

/// Adds the validators to a request for the exact URL that they came from (RFC 9110 §13.1).
pub(super) fn add_conditions(headers: &mut HeaderMap, validators: Option<&Validators>, url: &Url) {
    let Some(validators) = validators.filter(|validators| are_of(validators, url)) else { return };
    let pairs = [(IF_NONE_MATCH, &validators.etag), (IF_MODIFIED_SINCE, &validators.last_modified)];
    for (name, value) in pairs {
        if let Some(value) = value.as_deref().and_then(|bytes| HeaderValue::from_bytes(bytes).ok()) {
            headers.insert(name, value);
        }
    }
}

/// Whether validators came from this exact URL.
pub(super) fn are_of(validators: &Validators, url: &Url) -> bool {
    validators.url == Validators::place(url.as_str())
}

/// The validators of an answer, byte for byte.
pub(super) fn validators_of(headers: &HeaderMap, url: &Url) -> Option<Validators> {
    let found = Validators {
        url: Validators::place(url.as_str()),
        etag: raw(headers, &ETAG),
        last_modified: raw(headers, &LAST_MODIFIED),
    };
    (found.etag.is_some() || found.last_modified.is_some()).then_some(found)
}

/// What to remember after "not modified": what was sent, but for what the answer replaces.
pub(super) fn refreshed(sent: &Validators, headers: &HeaderMap) -> Validators {
    Validators {
        url: sent.url.clone(),
        etag: raw(headers, &ETAG).or_else(|| sent.etag.clone()),
        last_modified: raw(headers, &LAST_MODIFIED).or_else(|| sent.last_modified.clone()),
    }
}

/// How long an answer stays fresh.
pub(super) fn freshness_of(headers: &HeaderMap, now: DateTime<Utc>) -> Freshness {
    let max_age = max_age(headers);
    let expires = if max_age.is_some() { None } else { date(headers, &EXPIRES) };
    let sent_at = date(headers, &DATE).unwrap_or(now);
    Freshness {
        max_age,
        age: text(headers, &AGE).and_then(|age| age.trim().parse().ok()),
        expires: expires.and_then(|expires| now.checked_add_signed(expires - sent_at)),
    }
}

/// `Retry-After` as a pause from now: seconds, or a date read against the answer's own `Date`
/// (RFC 9110 §10.2.3).
pub(super) fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let value = text(headers, &RETRY_AFTER)?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let sent_at = date(headers, &DATE).unwrap_or(now);
    // a date that has passed asks for no pause
    Some((parse_http_date(value)? - sent_at).to_std().unwrap_or(Duration::ZERO))
}

/// Reads the three forms of an HTTP date (RFC 9110 §5.6.7); the name of the day is not believed.
pub(super) fn parse_http_date(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let without_day = text.split_once(',').map_or(text, |(_, rest)| rest.trim());
    let read = |text: &str, form: &str| NaiveDateTime::parse_from_str(text, form).ok();
    let zoneless = without_day.strip_suffix("GMT").or_else(|| without_day.strip_suffix("UTC")).unwrap_or(without_day);
    let zoneless = zoneless.trim_end();
    let asctime = zoneless.split_once(' ').map_or(zoneless, |(_, rest)| rest.trim_start());
    let found = read(zoneless, "%d-%b-%y %H:%M:%S")
        .or_else(|| read(zoneless, "%d %b %Y %H:%M:%S"))
        .or_else(|| read(asctime, "%b %e %H:%M:%S %Y"))?;
    Some(found.and_utc())
}

/// Writes an HTTP date in its preferred form.
pub(super) fn format_http_date(date: DateTime<Utc>) -> String {
    date.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn max_age(headers: &HeaderMap) -> Option<u64> {
    headers.get_all(CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok()).find_map(|value| {
        value.split(',').find_map(|directive| {
            let (name, seconds) = directive.split_once('=')?;
            name.trim().eq_ignore_ascii_case("max-age").then(|| seconds.trim().trim_matches('"').parse().ok())?
        })
    })
}

fn date(headers: &HeaderMap, name: &HeaderName) -> Option<DateTime<Utc>> {
    parse_http_date(text(headers, name)?)
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn raw(headers: &HeaderMap, name: &HeaderName) -> Option<Vec<u8>> {
    let bytes = headers.get(name)?.as_bytes();
    (!bytes.is_empty()).then(|| bytes.to_vec())
}
