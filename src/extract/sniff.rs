//! What a document is, from its content; labels are only hints.

use super::{feed, sitemap};

/// The kinds of documents that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    JsonFeed,
    XmlFeed,
    /// A sitemap or an index of them.
    Sitemap,
    Html,
    Markdown,
    Text,
    Empty,
}

/// How far into a document a feed may start behind junk that is no page.
const JUNK_WITHIN: usize = 64 * 1024;

/// Looks at a decoded document; `media_type` is that of the `Content-Type` header, lower case.
#[must_use]
pub fn sniff(text: &str, media_type: Option<&str>) -> Kind {
    let start = text.trim_start_matches(['\u{FEFF}', ' ', '\t', '\r', '\n']);
    let is_text = matches!(media_type, Some("text/plain" | "text/markdown"));
    if start.is_empty() {
        return Kind::Empty;
    }
    if start.starts_with(['{', '[']) && !is_text {
        return Kind::JsonFeed;
    }
    if sitemap::is_sitemap(start) {
        return Kind::Sitemap;
    }
    if media_type == Some("text/markdown") || has_front_matter(start) {
        return Kind::Markdown;
    }
    let head = &start[..start.floor_char_boundary(JUNK_WITHIN)];
    match feed::first_element(head) {
        Some(feed::First::Feed) => Kind::XmlFeed,
        Some(feed::First::Html) => Kind::Html,
        Some(feed::First::Other) if start.starts_with('<') => Kind::Html,
        _ => Kind::Text,
    }
}

/// Whether a text starts with a block between lines of `---` (YAML) or `+++` (TOML).
fn has_front_matter(text: &str) -> bool {
    ["---", "+++"].iter().any(|fence| {
        let Some(rest) = text.strip_prefix(fence) else { return false };
        let Some(rest) = rest.trim_start_matches([' ', '\t', '\r']).strip_prefix('\n') else { return false };
        rest.lines().any(|line| line.trim_end() == *fence)
    })
}
