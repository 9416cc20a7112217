//! robots.txt (RFC 9309): what it says to this program.
//!
//! Own reader: only the group that counts for us is kept, since it is remembered between runs, and
//! `Crawl-delay`, which the RFC leaves out, is read beside it.

use std::fmt::Write as _;

use url::Url;

use crate::model::{Document, Robots, RobotsRule};

/// What is read of a file (RFC 9309 §2.5).
pub(super) const MOST_BYTES: usize = 500 * 1024;
/// The product token that files name us by (RFC 9309 §2.2.1).
const PRODUCT: &str = "feedmill";
/// The longest pause that is obeyed, in milliseconds.
const LONGEST_DELAY: u32 = 120_000;
/// Rules beyond so many are not kept: they are remembered for every host.
const MOST_RULES: usize = 4096;
/// The longest pattern: longer ones match no address that is asked.
const LONGEST_PATTERN: usize = 2048;

/// Sitemaps beyond so many are not kept, nor longer addresses of them.
const MOST_SITEMAPS: usize = 20;
const LONGEST_SITEMAP: usize = 512;

/// Steps of comparing that one address is worth; who needs more means harm.
const MOST_STEPS: usize = 4_000_000;

/// Scheme, host and port that a robots.txt holds for.
pub(super) fn origin_of(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// Where it is found.
pub(super) fn address_for(url: &Url) -> Option<Url> {
    let mut address = url.join("/robots.txt").ok()?;
    address.set_query(None);
    address.set_fragment(None);
    Some(address)
}

/// Whether an address may be asked: the longest rule that matches decides, `Allow` where two are equal.
pub(super) fn allows(rules: &[RobotsRule], url: &Url) -> bool {
    if url.path() == "/robots.txt" {
        return true;
    }
    let path = match url.query() {
        Some(query) => normal(format!("{}?{query}", url.path()).as_bytes()),
        None => normal(url.path().as_bytes()),
    };
    let mut steps = MOST_STEPS;
    let fitting = rules.iter().filter(|rule| matches(rule.pattern.as_bytes(), path.as_bytes(), &mut steps));
    fitting.max_by_key(|rule| (rule.pattern.len(), rule.allow)).is_none_or(|rule| rule.allow)
}

/// Reads a file; nothing in it is an error.
pub(super) fn read(bytes: &[u8]) -> Robots {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = Reader::default();
    for line in bytes[..bytes.len().min(MOST_BYTES)].split(|byte| matches!(byte, b'\n' | b'\r')) {
        let line = line.split(|byte| *byte == b'#').next().unwrap_or_default();
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
        let (key, value) = (line[..colon].trim_ascii(), line[colon + 1..].trim_ascii());
        reader.line(key, value);
    }
    let group = if reader.is_named { reader.own } else { reader.all };
    let sitemaps = reader.sitemaps;
    Robots { rules: group.rules, crawl_delay: group.crawl_delay, sitemaps, ..Robots::default() }
}

/// The sitemaps that a robots.txt names (RFC 9309 §2.2.4 leaves them to sitemaps.org).
#[must_use]
pub fn sitemaps_of(document: &Document) -> Vec<Url> {
    absolute(&read(&document.body).sitemaps, &document.url)
}

/// Addresses of sitemaps, which should be absolute, and sometimes are not.
pub(super) fn absolute(sitemaps: &[String], base: &Url) -> Vec<Url> {
    sitemaps.iter().filter_map(|address| base.join(address).ok()).collect()
}

#[derive(Default)]
struct Group {
    rules: Vec<RobotsRule>,
    crawl_delay: Option<u32>,
}

/// Whether a group is for us by name, and for everybody.
#[derive(Default)]
struct Open {
    own: bool,
    all: bool,
}

/// All groups for one name count together (RFC 9309 §2.2.1).
#[derive(Default)]
struct Reader {
    own: Group,
    all: Group,
    is_named: bool,
    /// Of no group: they are for everybody.
    sitemaps: Vec<String>,
    /// Whom the open group is for.
    open: Open,
    /// A rule stood since the last `User-agent`: the next one opens a new group.
    has_rules: bool,
}

impl Reader {
    fn line(&mut self, key: &[u8], value: &[u8]) {
        if key.eq_ignore_ascii_case(b"user-agent") {
            if std::mem::take(&mut self.has_rules) {
                self.open = Open::default();
            }
            self.open.all |= value == b"*";
            let token = value.iter().take_while(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_'));
            if token.copied().map(|byte| byte.to_ascii_lowercase()).eq(PRODUCT.bytes()) {
                (self.open.own, self.is_named) = (true, true);
            }
        } else if key.eq_ignore_ascii_case(b"allow") || key.eq_ignore_ascii_case(b"disallow") {
            self.has_rules = true;
            if value.is_empty() || value.len() > LONGEST_PATTERN {
                return;
            }
            let rule = RobotsRule { allow: key.len() == b"allow".len(), pattern: normal(value) };
            self.groups(|group| {
                if group.rules.len() < MOST_RULES {
                    group.rules.push(rule.clone());
                }
            });
        } else if key.eq_ignore_ascii_case(b"sitemap") {
            if let Ok(address) = std::str::from_utf8(value)
                && (1..=LONGEST_SITEMAP).contains(&address.len())
                && self.sitemaps.len() < MOST_SITEMAPS
            {
                self.sitemaps.push(address.to_owned());
            }
        } else if key.eq_ignore_ascii_case(b"crawl-delay") {
            self.has_rules = true;
            let seconds = std::str::from_utf8(value).ok().and_then(|text| text.parse::<f64>().ok());
            if let Some(seconds) = seconds.filter(|seconds| *seconds > 0.0) {
                let delay = u32::try_from(std::time::Duration::from_secs_f64(seconds.min(3600.0)).as_millis());
                self.groups(|group| group.crawl_delay = Some(delay.map_or(LONGEST_DELAY, |d| d.min(LONGEST_DELAY))));
            }
        }
        // anything else, a Sitemap or junk, stands between groups without ending one
    }

    fn groups(&mut self, mut change: impl FnMut(&mut Group)) {
        if self.open.own {
            change(&mut self.own);
        }
        if self.open.all {
            change(&mut self.all);
        }
    }
}

/// A path or pattern as both are compared (RFC 9309 §2.2.2): octets beyond ASCII encoded, hexadecimal
/// digits upper case, what need not be encoded plain.
fn normal(text: &[u8]) -> String {
    let mut plain = String::with_capacity(text.len());
    let encode = |byte: u8, plain: &mut String| {
        let _ = write!(plain, "%{byte:02X}");
    };
    let mut rest = text;
    while let Some((first, behind)) = rest.split_first() {
        let hex = behind.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if *first == b'%' => {
                if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
                    plain.push(char::from(byte));
                } else {
                    encode(byte, &mut plain);
                }
                rest = &behind[2..];
            }
            _ => {
                match *first {
                    // what addresses hold encoded
                    b'"' | b'<' | b'>' | b'`' | b'{' | b'}' | 0..=b' ' | 0x7f.. => encode(*first, &mut plain),
                    byte => plain.push(char::from(byte)),
                }
                rest = behind;
            }
        }
    }
    plain
}

/// Whether a pattern matches the beginning of a path, or all of it where it ends in `$`.
///
/// Greedy from star to star, going back to the last star only. Matches nothing where `steps` run out.
fn matches(pattern: &[u8], path: &[u8], steps: &mut usize) -> bool {
    let (pattern, is_whole) = match pattern.split_last() {
        Some((b'$', before)) => (before, true),
        _ => (pattern, false),
    };
    let (mut at, mut in_path) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    loop {
        if at == pattern.len() && (!is_whole || in_path == path.len()) {
            return true;
        }
        if *steps == 0 {
            return false;
        }
        *steps -= 1;
        match (pattern.get(at), path.get(in_path)) {
            (Some(b'*'), _) => {
                star = Some((at + 1, in_path));
                at += 1;
            }
            (Some(wanted), Some(found)) if wanted == found => {
                at += 1;
                in_path += 1;
            }
            (_, None) => return false,
            _ => {
                let Some((behind, from)) = star else { return false };
                star = Some((behind, from + 1));
                (at, in_path) = (behind, from + 1);
            }
        }
    }
}

#[cfg(test)]
mod tests;
