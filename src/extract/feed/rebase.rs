//! Relative addresses in HTML made absolute, for texts that do not live where their item lives.

use std::borrow::Cow;

use memchr::memchr;
use url::Url;

use crate::address;
use crate::model::{Text, TextKind};

use super::entity::unescape;
use super::scan::{Scanner, Token, attributes};
use super::tree::Tree;

/// A text with absolute addresses, if its element has another base than the item, or no item.
#[must_use]
pub fn at_home(tree: &Tree<'_>, index: usize, text: Text, always: bool) -> Text {
    if text.kind == TextKind::Plain || !always && tree.node(index).base == tree.node(0).base {
        return text;
    }
    match tree.base(index) {
        Some(base) => Text::html(absolute(text.text, base)),
        None => text,
    }
}

/// HTML whose addresses are absolute.
#[must_use]
pub fn absolute(html: String, base: &Url) -> String {
    if memchr(b'<', html.as_bytes()).is_none() || memchr(b'=', html.as_bytes()).is_none() {
        return html;
    }
    let mut scanner = Scanner::new(&html);
    let (mut out, mut copied) = (String::with_capacity(html.len() + 64), 0);
    while let Some(token) = scanner.next("") {
        let Token::Start(tag) = token else { continue };
        for (name, value) in attributes(tag.attributes) {
            let resolved = if value.is_empty() {
                None
            } else if holds_candidates(name) {
                resolved_candidates(base, value)
            } else if holds_address(tag.name, name) {
                resolved(base, value)
            } else {
                None
            };
            let Some(resolved) = resolved else { continue };
            // Where the value stands in the HTML: it is a slice of it.
            let start = value.as_ptr() as usize - html.as_ptr() as usize;
            out.push_str(&html[copied..start]);
            out.push_str(&resolved);
            copied = start + value.len();
        }
    }
    if copied == 0 {
        return html;
    }
    out.push_str(&html[copied..]);
    out
}

fn resolved(base: &Url, value: &str) -> Option<String> {
    let address: Cow<'_, str> = unescape(value).0;
    let trimmed = address.trim();
    if trimmed.is_empty() || Url::parse(trimmed).is_ok() {
        return None;
    }
    let resolved = address::resolve(Some(base), trimmed)?;
    Some(resolved.replace('&', "&amp;").replace('"', "&quot;").replace('\'', "&#39;").replace(' ', "%20"))
}

/// The addresses of a `srcset` made absolute (HTML §4.8.4.2.1); `None` where all are.
fn resolved_candidates(base: &Url, value: &str) -> Option<String> {
    let mut changed = false;
    let candidates: Vec<String> = value
        .split(", ")
        .map(|candidate| {
            let candidate = candidate.trim();
            let (address, size) = candidate.split_once(char::is_whitespace).unwrap_or((candidate, ""));
            match resolved(base, address) {
                Some(absolute) => {
                    changed = true;
                    format!("{absolute} {size}").trim_end().to_owned()
                }
                None => candidate.to_owned(),
            }
        })
        .collect();
    changed.then(|| candidates.join(", "))
}

/// The attributes whose value is a list of addresses with sizes, those of lazy pictures included.
fn holds_candidates(attribute: &str) -> bool {
    ["srcset", "data-srcset", "data-lazy-srcset"].iter().any(|known| known.eq_ignore_ascii_case(attribute))
}

/// The attributes whose value is one address: those of HTML, and those of lazy pictures.
fn holds_address(element: &str, attribute: &str) -> bool {
    const EVERYWHERE: [&str; 15] = [
        "href",
        "src",
        "cite",
        "action",
        "background",
        "longdesc",
        "poster",
        "usemap",
        "data",
        "codebase",
        "formaction",
        "data-src",
        "data-original",
        "data-lazy-src",
        "data-url",
    ];
    EVERYWHERE.iter().any(|known| known.eq_ignore_ascii_case(attribute))
        && !(element.eq_ignore_ascii_case("base") && attribute.eq_ignore_ascii_case("href"))
}
