//! What a 401 or 403 looks like: telling a bot check from a paywall.

use std::fmt;

use reqwest::header::HeaderMap;

/// Words that give a kind of refusal away: `kind<TAB>lower-case words`.
const MARKS: &str = include_str!("refusals.tsv");

/// The most of a refusal's page that is looked at: the words stand in its head.
pub(super) const GLANCE: usize = 16 * 1024;

/// What a refusal looks like; a hint for people and for the pause, never a certainty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
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
        f.write_str(match self {
            Self::Challenge => "a bot challenge",
            Self::Firewall => "a web application firewall",
            Self::Login => "a login is needed",
            Self::Robots => "robots are not welcome",
        })
    }
}

/// Guesses from status, headers and the beginning of the page.
pub(super) fn recognize(code: u16, headers: &HeaderMap, page: &[u8]) -> Option<Refusal> {
    if headers.contains_key("cf-mitigated") {
        return Some(Refusal::Challenge);
    }
    if code == 401 || headers.contains_key("www-authenticate") {
        return Some(Refusal::Login);
    }
    let text = String::from_utf8_lossy(&page[..page.len().min(GLANCE)]).to_lowercase();
    MARKS
        .lines()
        .find_map(|line| {
            let (kind, words) = line.split_once('\t')?;
            text.contains(words).then_some(kind)
        })
        .and_then(|kind| match kind {
            "challenge" => Some(Refusal::Challenge),
            "firewall" => Some(Refusal::Firewall),
            "login" => Some(Refusal::Login),
            "robots" => Some(Refusal::Robots),
            _ => None,
        })
}
