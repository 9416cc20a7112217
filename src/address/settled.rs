//! Addresses that are in the URL standard's own form as they stand: nearly all, told without parsing.

use std::net::Ipv4Addr;

use super::resolve::LONGEST;
use super::{is_plain, triplet};

/// The parts of such an address. It has no user and no fragment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settled<'a> {
    pub scheme: &'a str,
    pub host: &'a str,
    pub port: Option<&'a str>,
    /// Begins with a slash.
    pub path: &'a str,
    pub query: Option<&'a str>,
}

/// Whether a text is an http or https address that [`super::resolve`] would leave as it is, told without parsing:
/// rather `false` than wrong.
#[must_use]
pub fn is_settled(text: &str) -> bool {
    settled(text).is_some()
}

/// Takes apart an http or https address that parsing and tidying would leave as it is.
///
/// Rather `None` than wrong: the caller parses then.
pub(super) fn settled(text: &str) -> Option<Settled<'_>> {
    let (scheme, default_port, rest) = match text.strip_prefix("https://") {
        Some(rest) => ("https", "443", rest),
        None => ("http", "80", text.strip_prefix("http://")?),
    };
    let (authority, tail) = rest.split_at(memchr::memchr(b'/', rest.as_bytes())?);
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    let is_port = |port: &str| {
        port != default_port && !port.starts_with(['0', '+']) && port.len() <= 5 && port.parse::<u16>().is_ok()
    };
    if text.len() > LONGEST || !is_host(host) || !port.is_none_or(is_port) || !is_tail(tail.as_bytes()) {
        return None;
    }
    let (path, query) = match tail.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (tail, None),
    };
    Some(Settled { scheme, host, port, path, query })
}

/// Whether a name of lower-case letters has no label that the standard reads in another way: numbers
/// are an address, `xn--` is checked, empty labels are not.
fn is_host(host: &str) -> bool {
    let mut last = b"".as_slice();
    for label in host.as_bytes().split(|byte| *byte == b'.') {
        let is_plain = label.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-');
        if label.is_empty() || !is_plain || label.starts_with(b"xn--") {
            return false;
        }
        last = label;
    }
    let is_name = host.bytes().any(|byte| byte.is_ascii_alphanumeric());
    is_name && !last.first().is_some_and(u8::is_ascii_digit) || host.parse::<Ipv4Addr>().is_ok()
}

/// Whether path and query stay as they are: plain characters, no dot segments, no apostrophes, which
/// are encoded in queries.
fn is_tail(bytes: &[u8]) -> bool {
    bytes.iter().enumerate().all(|(at, &byte)| match byte {
        b'%' => triplet(&bytes[at..]).is_some_and(|value| value != b'.'),
        b'.' => bytes[at - 1] != b'/',
        b'\'' => false,
        _ => is_plain(byte),
    })
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;

    #[test]
    fn what_is_settled_parses_to_itself() {
        let cases = [
            ("https://example.org/", true),
            ("http://news.example.org:8080/a/b.html?x=1&y=%20#", false),
            ("http://news.example.org:8080/a/b.html?x=1&y=%20&z", true),
            ("http://127.9.0.1:18080/a/?", true),
            ("https://example.org/a%C3%A4;b=c,d/$(e)*!~_", true),
            ("https://example.org", false),
            ("https://Example.org/", false),
            ("HTTPS://example.org/", false),
            ("https://example.org:443/", false),
            ("http://example.org:443/", true),
            ("http://example.org:080/", false),
            ("http://example.org:/", false),
            ("http://example.org:99999/", false),
            ("https://user@example.org/", false),
            ("https://example.org./", false),
            ("https://a..b/", false),
            ("https://xn--a/", false),
            ("https://1.2.3/", false),
            ("https://0x7f.1/", false),
            ("https://example.0x1f/", false),
            ("https://256.1.1.1/", false),
            ("https://example.org/a/../b", false),
            ("https://example.org/a/.b", false),
            ("https://example.org/%2E%2e/b", false),
            ("https://example.org/a b", false),
            ("https://example.org/ä", false),
            ("https://example.org/?a='", false),
            ("https://example.org/[a]", false),
            ("https://example.org/%zz", false),
            ("http://https://example.org/", false),
            ("ftp://example.org/", false),
            ("//example.org/", false),
            ("", false),
        ];
        for (text, expected) in cases {
            let found = settled(text);
            assert_eq!(found.is_some(), expected, "{text}");
            let Some(found) = found else { continue };
            let url = Url::parse(text).expect(text);
            assert_eq!(url.as_str(), text);
            assert_eq!(
                (url.host_str(), url.path(), url.query()),
                (Some(found.host), found.path, found.query),
                "{text}"
            );
            assert_eq!(url.port().map(|port| port.to_string()).as_deref(), found.port, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_settled_address_parses_to_another(text in "https?://[a-z0-9.:-]{1,12}/[a-zA-Z0-9.?&=%/'#;:@ \\-]{0,12}") {
            if settled(&text).is_some() {
                proptest::prop_assert_eq!(crate::address::resolve::resolve_parsed(None, &text), Some(text));
            }
        }
    }
}
