//! Addresses, dates, languages and media types as outputs may hold them.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveTime, Offset, Timelike, Utc};

/// A date in whole seconds, its offset in whole minutes, within the years 1 to 9999 that RFC 822
/// and RFC 3339 can write.
pub(super) fn writable(at: DateTime<FixedOffset>) -> DateTime<FixedOffset> {
    let utc = at.naive_utc();
    let year = utc.year();
    if !(2..=9998).contains(&year) {
        let edge = match year {
            ..1 => NaiveDate::from_ymd_opt(1, 1, 1).map(|day| day.and_time(NaiveTime::MIN)),
            10_000.. => NaiveDate::from_ymd_opt(9999, 12, 31).and_then(|day| day.and_hms_opt(23, 59, 59)),
            _ => None,
        };
        let edge = edge.unwrap_or(utc);
        return edge.with_nanosecond(0).unwrap_or(edge).and_utc().fixed_offset();
    }
    let minutes = at.offset().local_minus_utc() / 60 * 60;
    let offset = FixedOffset::east_opt(minutes).unwrap_or_else(|| Utc.fix());
    let whole = at.with_timezone(&offset);
    whole.with_nanosecond(0).unwrap_or(whole)
}

/// A writable date as RSS has it: RFC 822 with four digits of year and a numeric offset.
///
/// Offsets of odd quarters of an hour are rare enough for readers and validators to refuse them:
/// such a date is written in UTC, the same instant.
pub(super) fn rfc822(at: DateTime<FixedOffset>) -> String {
    let at = if at.offset().local_minus_utc() % 1800 == 0 { at } else { at.with_timezone(&Utc).fixed_offset() };
    at.format("%a, %d %b %Y %H:%M:%S %z").to_string()
}

static LANGUAGES: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("languages.txt").split_whitespace().collect());

/// A language tag if it is well-formed (RFC 5646 §2.1) and its language is one of ISO 639.
pub(super) fn language(tag: &str) -> Option<Cow<'_, str>> {
    let tag = tag.trim();
    let tag = if tag.contains('_') { Cow::Owned(tag.replace('_', "-")) } else { Cow::Borrowed(tag) };
    let mut subtags = tag.split('-');
    let primary = subtags.next()?.to_ascii_lowercase();
    let rest_is_sound = subtags
        .all(|subtag| (1..=8).contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    (LANGUAGES.contains(primary.as_str()) && rest_is_sound).then_some(tag)
}

/// Whether text of a language runs from right to left.
pub(super) fn is_right_to_left(tag: &str) -> bool {
    let primary = tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    matches!(
        primary.as_str(),
        "ar" | "arc" | "ckb" | "dv" | "fa" | "he" | "iw" | "ji" | "ks" | "ps" | "sd" | "syr" | "ug" | "ur" | "yi"
    )
}

/// Media types by file extension, for attachments whose outlet names none.
const MEDIA_TYPES: [(&str, &str); 28] = [
    ("mp3", "audio/mpeg"),
    ("m4a", "audio/mp4"),
    ("aac", "audio/aac"),
    ("oga", "audio/ogg"),
    ("ogg", "audio/ogg"),
    ("opus", "audio/opus"),
    ("flac", "audio/flac"),
    ("wav", "audio/wav"),
    ("mp4", "video/mp4"),
    ("m4v", "video/mp4"),
    ("mov", "video/quicktime"),
    ("webm", "video/webm"),
    ("ogv", "video/ogg"),
    ("mpg", "video/mpeg"),
    ("mpeg", "video/mpeg"),
    ("avi", "video/x-msvideo"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("png", "image/png"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("avif", "image/avif"),
    ("svg", "image/svg+xml"),
    ("pdf", "application/pdf"),
    ("epub", "application/epub+zip"),
    ("zip", "application/zip"),
    ("csv", "text/csv"),
    ("txt", "text/plain"),
];

/// The media type of a file: as given if it is one (RFC 6838 §4.2), else by its address.
pub(super) fn media_type<'a>(given: Option<&'a str>, url: &str) -> Cow<'a, str> {
    let essence = given.and_then(|given| given.split(';').next()).map(str::trim);
    if let Some(essence) = essence.filter(|essence| is_media_type(essence)) {
        return Cow::Borrowed(essence);
    }
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    let known = MEDIA_TYPES.iter().find(|(name, _)| name.eq_ignore_ascii_case(extension));
    Cow::Borrowed(known.map_or("application/octet-stream", |(_, media_type)| media_type))
}

fn is_media_type(text: &str) -> bool {
    let name = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphanumeric())
            && part.len() <= 127
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    text.split_once('/').is_some_and(|(kind, rest)| name(kind) && name(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_readers_know_them() {
        let cases = [
            ("2026-11-24T08:29:24.987+05:30", "Tue, 24 Nov 2026 08:29:24 +0530", "2026-11-24T08:29:24+05:30"),
            ("2026-11-24T08:29:24+05:45", "Tue, 24 Nov 2026 02:44:24 +0000", "2026-11-24T08:29:24+05:45"),
            ("2016-12-31T23:59:60Z", "Sat, 31 Dec 2016 23:59:59 +0000", "2016-12-31T23:59:59+00:00"),
            ("0001-01-01T00:00:00-12:00", "Mon, 01 Jan 0001 12:00:00 +0000", "0001-01-01T12:00:00+00:00"),
            ("9999-12-31T23:00:00-01:00", "Fri, 31 Dec 9999 23:59:59 +0000", "9999-12-31T23:59:59+00:00"),
        ];
        for (text, rss, atom) in cases {
            let at = writable(DateTime::parse_from_rfc3339(text).expect("a date"));
            assert_eq!((rfc822(at).as_str(), at.to_rfc3339().as_str()), (rss, atom));
        }
        for extreme in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            let at = writable(extreme.with_timezone(&FixedOffset::east_opt(-86_399).expect("an offset")));
            assert!((1..=9999).contains(&at.year()));
        }
    }

    #[test]
    fn languages_and_media_types_are_real_ones() {
        for (tag, expected) in [
            ("en", Some("en")),
            ("zh_Hant_TW", Some("zh-Hant-TW")),
            (" KK ", Some("KK")),
            ("xx", None),
            ("english", None),
            ("en-", None),
            ("", None),
        ] {
            assert_eq!(language(tag).as_deref(), expected, "{tag}");
        }
        for (given, url, expected) in [
            (Some("audio/mpeg; x=1"), "", "audio/mpeg"),
            (Some("audio"), "https://a.example/x.MP4?v=.png", "video/mp4"),
            (None, "https://a.example/x", "application/octet-stream"),
            (Some("a b/c"), "https://a.example/x.pdf#p", "application/pdf"),
        ] {
            assert_eq!(media_type(given, url), expected);
        }
    }
}
