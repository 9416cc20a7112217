//! Who turned a request away, and what for: telling a bot check from a paywall.

use std::fmt;

use reqwest::header::{HeaderMap, HeaderValue};

/// Marks of those who turn away: `kind<TAB>vendor<TAB>header, or - for the page<TAB>lower-case words in it`.
/// The first that fits counts.
const MARKS: &str = include_str!("refusals.tsv");

/// The most of a refusal's page that is looked at: the words stand in its head.
pub(super) const GLANCE: usize = 16 * 1024;

/// What a refusal looks like; a hint for people and for the pause, never a certainty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub wall: Wall,
    /// Whose wall it is, where it can be told.
    pub vendor: Option<&'static str>,
}

/// What stands between a request and its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wall {
    /// A page that wants a browser to prove itself.
    Challenge,
    /// A firewall in front of the site.
    Firewall,
    /// Only for those who are logged in.
    Login,
    /// Robots are told to stay out.
    Robots,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.wall, self.vendor) {
            (Wall::Challenge, Some(vendor)) => write!(f, "a challenge of {vendor}"),
            (Wall::Challenge, None) => f.write_str("a bot challenge"),
            (Wall::Firewall, Some(vendor)) => write!(f, "a firewall of {vendor}"),
            (Wall::Firewall, None) => f.write_str("a web application firewall"),
            (Wall::Login, _) => f.write_str("a request to log in"),
            (Wall::Robots, _) => f.write_str("the word that robots are not welcome"),
        }
    }
}

/// Whether an answer of this status may be somebody's wall, so that its page is worth a look. 202, 405 and 503
/// are what some send with a challenge.
pub(super) const fn may_be_wall(code: u16) -> bool {
    matches!(code, 202 | 401 | 403 | 405 | 503)
}

/// Guesses from status, headers and the beginning of the page.
///
/// Only 401 and 403 say by themselves that somebody was turned away; of others a vendor's mark must.
pub(super) fn recognize(code: u16, headers: &HeaderMap, page: &[u8]) -> Option<Refusal> {
    if !may_be_wall(code) {
        return None;
    }
    let is_refused = matches!(code, 401 | 403);
    let text = String::from_utf8_lossy(&page[..page.len().min(GLANCE)]).to_lowercase();
    let marked = MARKS.lines().filter_map(Mark::read).find(|mark| mark.fits(headers, &text));
    match marked.map(|mark| Refusal { wall: mark.wall, vendor: mark.vendor }) {
        Some(found) if is_refused || (found.wall == Wall::Challenge && found.vendor.is_some()) => Some(found),
        _ if code == 401 => Some(Refusal { wall: Wall::Login, vendor: None }),
        _ => None,
    }
}

struct Mark {
    wall: Wall,
    vendor: Option<&'static str>,
    /// `-` is the page.
    header: &'static str,
    words: &'static str,
}

impl Mark {
    fn read(line: &'static str) -> Option<Self> {
        let mut fields = line.split('\t');
        let wall = match fields.next()? {
            "challenge" => Wall::Challenge,
            "firewall" => Wall::Firewall,
            "login" => Wall::Login,
            _ => Wall::Robots,
        };
        let vendor = fields.next().filter(|vendor| !vendor.is_empty());
        Some(Self { wall, vendor, header: fields.next()?, words: fields.next()? })
    }

    fn fits(&self, headers: &HeaderMap, page: &str) -> bool {
        if self.header == "-" {
            return page.contains(self.words);
        }
        let holds =
            |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase().contains(self.words);
        headers.get_all(self.header).iter().any(holds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_is_whole() {
        for line in MARKS.lines() {
            let mark = Mark::read(line).unwrap_or_else(|| panic!("{line}"));
            let is_named = matches!(line.split('\t').next(), Some("challenge" | "firewall" | "login" | "robots"));
            assert!(is_named && mark.words == mark.words.to_lowercase(), "{line}");
            assert!(mark.header != "-" || !mark.words.is_empty(), "{line} would fit everything");
        }
    }
}
