//! Players and frames as links.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::address::{Addresses, shown};
use super::characters::{decode_attribute, fold_white_space, push_attribute_value, push_text};
use super::image::{is_tracker, is_tracking};
use super::scan::{Attribute, StartTags, value_of};

/// Writes a link to what an `iframe`, `embed`, `video` or `audio` plays, if it plays something.
///
/// `content` is what stands between its tags. Answers whether that is all there is to it: what it names
/// is a front page, which is nothing that plays.
pub(super) fn write_link(
    tag: &mut String,
    attributes: &[Attribute<'_>],
    content: &str,
    addresses: Addresses<'_>,
) -> bool {
    let Some(written) = played(attributes, content) else { return false };
    let Some(address) = shown(&written, addresses) else { return false };
    if is_tracking(&address, attributes) || is_tracker(&address) || is_front_page(&address) {
        return is_front_page(&address) && !is_tracker(&address);
    }
    let address = watch_page(&address);
    tag.push_str("<a href=\"");
    push_attribute_value(tag, &address);
    tag.push_str("\">");
    let title = value_of(attributes, "title").map(|title| fold_white_space(&decode_attribute(title)));
    match title.filter(|title| !title.is_empty()) {
        Some(title) => push_text(tag, &title),
        None => push_text(tag, host(&address)),
    }
    tag.push_str("</a>");
    false
}

fn played<'a>(attributes: &[Attribute<'a>], content: &'a str) -> Option<Cow<'a, str>> {
    let own = ["src", "data-src", "data-lazy-src"].iter().find_map(|name| {
        value_of(attributes, name).filter(|value| !value.trim().is_empty() && !value.starts_with("about:"))
    });
    if let Some(value) = own {
        return Some(decode_attribute(value));
    }
    let mut tags = StartTags::new(content);
    while let Some(name) = tags.advance() {
        if name.eq_ignore_ascii_case("source")
            && let Some(value) = value_of(&tags.attributes, "src")
        {
            return Some(decode_attribute(value));
        }
    }
    None
}

/// Beginnings of addresses made for frames with those of the pages for people; `-` where there is none.
static PLAYERS: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    let lines = include_str!("players.txt").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(' ')).collect()
});

/// The page for people of an address made for frames.
fn watch_page(address: &str) -> Cow<'_, str> {
    let Some((_, rest)) = address.split_once("://") else { return Cow::Borrowed(address) };
    let page = PLAYERS.iter().find_map(|(frame, page)| Some((rest.strip_prefix(frame)?, *page)));
    let Some((rest, page)) = page else { return Cow::Borrowed(address) };
    let id = &rest[..rest.find(['?', '#', '/', '&']).unwrap_or(rest.len())];
    if page == "-" || id.is_empty() { Cow::Borrowed(address) } else { Cow::Owned(format!("{page}{id}")) }
}

/// Whether an address names a host and nothing on it: no player plays a front page.
fn is_front_page(address: &str) -> bool {
    let Some((_, rest)) = address.split_once("://") else { return false };
    rest.trim_end_matches('/').find(['/', '?', '#']).is_none()
}

fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    host.strip_prefix("www.").unwrap_or(host)
}
