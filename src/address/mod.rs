//! Addresses: reading, resolving, one canonical form, sites, and what counts as a URI.
//!
//! Everything returned as text holds only characters of RFC 3986; what is not among them is
//! percent-encoded, and international host names are in their ASCII form.

mod canonical;
mod publishable;
mod resolve;
mod settled;
mod tracking;
mod uri;

pub use canonical::{canonical, key_form, key_form_of_canonical};
pub use publishable::publishable;
pub use resolve::{parse, resolve};
pub use settled::is_settled;
pub use uri::is_uri;

/// The host of an absolute http or https address: `news.example.org`.
///
/// Without user and port; an IPv6 literal keeps its brackets. Meant for addresses that
/// [`resolve`] made: letters are not folded.
#[must_use]
pub fn host(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let host = authority.rfind('@').map_or(authority, |at| &authority[at + 1..]);
    let host = match host.strip_prefix('[') {
        Some(inner) => &host[..inner.find(']')? + 2],
        None => host.split(':').next()?,
    };
    (!host.is_empty()).then_some(host)
}

/// The part of a host name that one owner registered: `example.co.uk`.
///
/// By the public suffix list, its private section included, so that two blogs of one host are two
/// sites. An IP literal, a public suffix and a name of one label are themselves.
#[must_use]
pub fn registrable_domain(host: &str) -> &str {
    let host = host.strip_suffix('.').unwrap_or(host);
    if is_ip_literal(host) {
        return host;
    }
    psl::domain_str(host).unwrap_or(host)
}

/// Whether two absolute addresses belong to one registrable domain.
#[must_use]
pub fn same_site(a: &str, b: &str) -> bool {
    match (host(a), host(b)) {
        (Some(a), Some(b)) => a == b || registrable_domain(a) == registrable_domain(b),
        _ => false,
    }
}

/// Whether a host is an IPv4 address or a bracketed IPv6 address.
fn is_ip_literal(host: &str) -> bool {
    host.starts_with('[')
        || host.rsplit('.').next().is_some_and(|last| !last.is_empty() && last.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether RFC 3986 §2.3 calls a byte unreserved.
const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// Whether a byte may stand in a path, query or fragment as it is (RFC 3986 §3.3 to §3.5).
///
/// A percent sign needs two digits behind it and is judged by the caller.
const fn is_plain(byte: u8) -> bool {
    PLAIN[byte as usize]
}

/// The answers of [`is_plain`], since every byte of every address asks.
const PLAIN: [bool; 256] = {
    let mut table = [false; 256];
    let marks = b"!$&'()*+,;=:@/?";
    let mut at = 0;
    while at < marks.len() {
        table[marks[at] as usize] = true;
        at += 1;
    }
    let mut byte = 0_u8;
    while byte < 0x80 {
        table[byte as usize] |= is_unreserved(byte);
        byte += 1;
    }
    table
};

/// The byte that a percent-encoded triplet at the start stands for.
fn triplet(bytes: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = bytes else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok());
    Some(digit(*high)? << 4 | digit(*low)?)
}

/// Appends a percent-encoded byte, digits in upper case.
fn push_encoded(out: &mut String, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    out.push('%');
    out.push(char::from(DIGITS[usize::from(byte >> 4)]));
    out.push(char::from(DIGITS[usize::from(byte & 15)]));
}

#[cfg(test)]
mod tests;
