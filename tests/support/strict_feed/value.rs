//! Rules for characters, addresses, dates and HTML.

use std::sync::LazyLock;

use chrono::{DateTime, FixedOffset, NaiveDate};
use regex::Regex;

use super::Findings;

/// Characters that no output holds.
pub fn is_forbidden(c: char) -> bool {
    (c < ' ' && c != '\t' && c != '\n')
        || ('\u{80}'..='\u{9F}').contains(&c)
        || matches!(c, '\u{7F}' | '\u{FFFD}' | '\u{FFFE}' | '\u{FFFF}')
}

static URI: LazyLock<Regex> = LazyLock::new(|| {
    let chars = r"(?:[A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})";
    Regex::new(&format!(r"\A([a-z][a-z0-9+.-]*):{chars}+(?:#{chars}*)?\z")).expect("a pattern")
});
static WEB: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\Ahttps?://[^/?#]").expect("a pattern"));
static RFC822: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"\A(Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d\d) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4}) \d\d:\d\d:\d\d [+-]\d\d[03]0\z";
    Regex::new(pattern).expect("a pattern")
});
static RFC3339: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)\z").expect("a pattern"));

/// An absolute URI by RFC 3986.
pub fn is_uri(text: &str) -> bool {
    URI.is_match(text)
}

/// An absolute URI with a host.
pub fn is_web_address(text: &str) -> bool {
    is_uri(text) && WEB.is_match(text)
}

/// RFC 822 with a day of the week that is right, and a numeric offset.
pub fn rfc822(text: &str) -> Option<DateTime<FixedOffset>> {
    let parts = RFC822.captures(text)?;
    let day = NaiveDate::parse_from_str(&format!("{} {} {}", &parts[2], &parts[3], &parts[4]), "%d %b %Y").ok()?;
    (day.format("%a").to_string() == parts[1]).then(|| DateTime::parse_from_rfc2822(text).ok())?
}

pub fn rfc3339(text: &str) -> Option<DateTime<FixedOffset>> {
    if RFC3339.is_match(text) { DateTime::parse_from_rfc3339(text).ok() } else { None }
}

static ACTIVE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)<\s*(?:script|iframe|object|embed|form|base|svg|math)\b").expect("a pattern"));
static TAGS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"<[A-Za-z](?:[^>"']|"[^"]*"|'[^']*')*>"#).expect("a pattern"));
// values are passed over whole: what looks like an attribute in them is text
static ATTRIBUTES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"\s([^\s=>"'/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?"#).expect("a pattern")
});

/// HTML that runs nothing and needs no base.
pub fn check_html(place: &str, html: &str, findings: &mut Findings) {
    if let Some(active) = ACTIVE.find(html) {
        findings.add(place, format!("holds {:?}", active.as_str()));
    }
    for tag in TAGS.find_iter(html) {
        for attribute in ATTRIBUTES.captures_iter(tag.as_str()) {
            let value = (2..=4).find_map(|group| attribute.get(group)).map_or("", |found| found.as_str());
            let name = attribute[1].to_ascii_lowercase();
            findings.require(!name.starts_with("on"), place, format!("runs {name}"));
            if matches!(name.as_str(), "href" | "src" | "poster" | "cite" | "longdesc") {
                check_link(place, &htmlize::unescape(value), findings);
            }
        }
    }
}

fn check_link(place: &str, address: &str, findings: &mut Findings) {
    let own_list = matches!(address, "feeds.opml" | "sources.opml");
    let mail = address.starts_with("mailto:") && is_uri(address);
    findings.require(is_web_address(address) || mail || own_list, place, format!("links to {address:?}"));
}
