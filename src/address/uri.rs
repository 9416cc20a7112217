//! What may stand as a permanent id: valid URIs in the form that RFC 4287 §4.2.6.1 asks for.

use url::Url;

use super::settled::settled;
use super::{is_plain, is_unreserved, triplet};

/// Schemes that may name an article, one a line.
const SCHEMES: &str = include_str!("data/schemes.txt");

/// Longer ids are cut or refused by readers and databases.
const LONGEST: usize = 512;

/// Whether text is a valid, canonical URI of a registered scheme, at most 512 bytes.
///
/// Canonical: scheme and host in lower case, percent-encoding only where needed and in upper case,
/// no dot segments, no default port (RFC 4287 §4.2.6.1). `urn:` and `tag:` by their own grammars
/// (RFC 8141, RFC 4151); http and https need a host and no user. IP literals in brackets are left
/// out: feed validators refuse them.
#[must_use]
pub fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_known = || matches!(scheme, "http" | "https") || SCHEMES.lines().any(|known| known == scheme);
    if rest.is_empty() || text.len() > LONGEST || !is_known() {
        return false;
    }
    if !has_canonical_characters(rest) || !is_composed(rest) {
        return false;
    }
    match scheme {
        "http" | "https" | "ftp" => is_canonical_url(text),
        "urn" => is_urn(rest),
        "tag" => is_tag(rest),
        _ => true,
    }
}

/// Whether what is encoded is in Unicode's composed form, NFC (RFC 3987 §5.3.2.2), or no text.
fn is_composed(text: &str) -> bool {
    if !text.contains('%') {
        return true;
    }
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let value = triplet(&bytes[at..]).filter(|_| byte == b'%');
        decoded.push(value.unwrap_or(byte));
        at += if value.is_some() { 3 } else { 1 };
    }
    let nfc = icu_normalizer::ComposingNormalizerBorrowed::new_nfc();
    !std::str::from_utf8(&decoded).is_ok_and(|text| !nfc.is_normalized(text))
}

/// Whether all characters are of RFC 3986 and none is encoded needlessly or in lower case.
fn has_canonical_characters(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut fragments = 0;
    bytes.iter().enumerate().all(|(at, &byte)| match byte {
        b'%' => triplet(&bytes[at..])
            .is_some_and(|value| !is_unreserved(value) && !bytes[at + 1..at + 3].iter().any(u8::is_ascii_lowercase)),
        b'#' => {
            fragments += 1;
            fragments == 1
        }
        _ => is_plain(byte),
    })
}

/// Whether the URL standard's own form of an address is the address.
fn is_canonical_url(text: &str) -> bool {
    settled(text).is_some()
        || Url::parse(text).is_ok_and(|url| {
            url.as_str() == text && url.has_host() && url.username().is_empty() && url.password().is_none()
        })
}

/// Whether text behind `urn:` is a namespace in lower case and a name in the strict characters.
fn is_urn(rest: &str) -> bool {
    let Some((namespace, name)) = rest.split_once(':') else { return false };
    let namespace_is_valid = (2..=32).contains(&namespace.len())
        && !namespace.starts_with('-')
        && !namespace.ends_with('-')
        && namespace.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    // RFC 2141 allowed less than RFC 8141, and readers still go by it
    let name_is_valid = !name.is_empty() && !name.contains(['/', '?', '#', '~', '&']);
    namespace_is_valid
        && name_is_valid
        && (namespace != "uuid" || uuid::Uuid::try_parse(name).is_ok_and(|uuid| uuid.hyphenated().to_string() == name))
}

/// Whether text behind `tag:` is an authority, a date and a name (RFC 4151 §2.1).
fn is_tag(rest: &str) -> bool {
    let Some((authority, rest)) = rest.split_once(',') else { return false };
    let Some((date, _)) = rest.split_once(':') else { return false };
    let (user, domain) = authority.split_once('@').map_or((None, authority), |(user, domain)| (Some(user), domain));
    let is_name = |text: &str, more: &[u8]| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || more.contains(&b))
    };
    let parts: Vec<&str> = date.split('-').collect();
    is_name(domain, b"-.")
        && user.is_none_or(|user| is_name(user, b"-._"))
        && parts.len() <= 3
        && parts
            .iter()
            .zip([4, 2, 2])
            .all(|(part, length)| part.len() == length && part.bytes().all(|b| b.is_ascii_digit()))
}
