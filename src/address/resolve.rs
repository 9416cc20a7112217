//! Reading addresses as they are found, and resolving them against a base.

use std::borrow::Cow;

use url::{Position, Url};

use super::settled::settled;
use super::{is_plain, push_encoded, triplet};

/// Longer addresses are data or attacks; browsers and servers refuse them from about here on.
pub(super) const LONGEST: usize = 8_192;

/// Reads an absolute http or https address, forgiving what browsers forgive.
///
/// White space and control characters around and inside are dropped, spaces and foreign letters
/// encoded. A missing scheme is not guessed.
#[must_use]
pub fn parse(text: &str) -> Option<Url> {
    let url = parse_untidied(text)?;
    match tidy(&url) {
        Cow::Borrowed(_) => Some(url),
        Cow::Owned(tidied) => Url::parse(&tidied).ok(),
    }
}

/// Reads like [`parse`], but leaves the characters in it that only the URL standard knows.
pub(super) fn parse_untidied(text: &str) -> Option<Url> {
    let text = without_controls(text);
    if text.len() > LONGEST {
        return None;
    }
    Url::parse(single_scheme(&text)).ok().filter(is_web)
}

/// The absolute http, https or mailto address that a reference stands for (RFC 3986 §5).
///
/// `None` for other schemes, for empty references, and where a base is needed and missing; a
/// `//host/path` without a web base is taken as https. Nothing relative to a local file resolves.
#[must_use]
pub fn resolve(base: Option<&Url>, text: &str) -> Option<String> {
    match settled(text.trim_ascii()) {
        Some(_) => Some(text.trim_ascii().to_owned()),
        None => resolve_parsed(base, text),
    }
}

pub(super) fn resolve_parsed(base: Option<&Url>, text: &str) -> Option<String> {
    let text = without_controls(text);
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    let text = single_scheme(&text);
    let url = match Url::parse(text) {
        Ok(url) => url,
        Err(url::ParseError::RelativeUrlWithoutBase) => match base.filter(|base| is_web(base)) {
            Some(base) => base.join(text).ok()?,
            None if text.starts_with("//") => Url::parse(&format!("https:{text}")).ok()?,
            None => return None,
        },
        Err(_) => return None,
    };
    let wanted = match url.scheme() {
        "http" | "https" => is_web(&url),
        "mailto" => !url.path().trim().is_empty() || url.query().is_some_and(|query| !query.is_empty()),
        _ => false,
    };
    if !wanted {
        return None;
    }
    match tidy(&url) {
        Cow::Borrowed(_) => Some(url.into()),
        Cow::Owned(tidied) => Some(tidied),
    }
}

/// Whether an address is http or https with a host that DNS could know.
fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.host_str().is_some_and(|host| {
            let is_part = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
            host.starts_with('[') || (host.bytes().all(is_part) && host.bytes().any(|b| b.is_ascii_alphanumeric()))
        })
}

/// The reference without white space around it and without invisible characters in it.
fn without_controls(text: &str) -> Cow<'_, str> {
    let is_invisible = |c: char| {
        c.is_control() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}')
    };
    let text = text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
    if text.bytes().all(|b| (b' '..0x7f).contains(&b)) || !text.contains(is_invisible) {
        return Cow::Borrowed(text);
    }
    // a line break inside comes with indentation, which is no part of the address either
    let lines = text.split(['\n', '\r']).map(str::trim);
    Cow::Owned(lines.flat_map(str::chars).filter(|&c| !is_invisible(c)).collect())
}

/// The address without a scheme that was put before it by mistake: `http://https://host`, `feed:`.
fn single_scheme(text: &str) -> &str {
    let mut text = text;
    for prefix in ["feed:", "http://", "https://"] {
        if let Some(rest) = strip_prefix_folded(text, prefix)
            && (strip_prefix_folded(rest, "http://").is_some() || strip_prefix_folded(rest, "https://").is_some())
        {
            text = rest;
        }
    }
    text
}

fn strip_prefix_folded<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// The address with everything encoded that RFC 3986 does not know.
///
/// The URL standard leaves `|`, brackets, braces, stray percent signs and the like as they are.
fn tidy(url: &Url) -> Cow<'_, str> {
    let whole = url.as_str();
    let tail = &url[Position::BeforePath..];
    if is_tidy(tail.as_bytes()) {
        return Cow::Borrowed(whole);
    }
    let mut out = String::with_capacity(whole.len() + 16);
    out.push_str(&whole[..whole.len() - tail.len()]);
    let bytes = tail.as_bytes();
    let mut in_fragment = false;
    for (at, &byte) in bytes.iter().enumerate() {
        let keep = match byte {
            b'%' => triplet(&bytes[at..]).is_some(),
            b'#' => !std::mem::replace(&mut in_fragment, true),
            _ => is_plain(byte),
        };
        if keep {
            out.push(char::from(byte));
        } else {
            push_encoded(&mut out, byte);
        }
    }
    Cow::Owned(out)
}

fn is_tidy(bytes: &[u8]) -> bool {
    let mut fragments = 0;
    bytes.iter().enumerate().all(|(at, &byte)| match byte {
        b'%' => triplet(&bytes[at..]).is_some(),
        b'#' => {
            fragments += 1;
            fragments == 1
        }
        _ => is_plain(byte),
    })
}
