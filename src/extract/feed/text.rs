//! Text constructs: what is plain text and what is HTML.

use std::borrow::Cow;

use memchr::{memchr, memmem};

use crate::markup;
use crate::model::Text;

use super::base64;
use super::entity::unescape;
use super::tree::{Inside, SECTION, Tree};

/// A text of RSS that may hold HTML without saying so: HTML only where it looks like that.
///
/// Writers of RSS titles escape once or twice as they please; a "<" in a headline stays a "<".
pub fn guessed(tree: &mut Tree<'_>, index: usize) -> Option<Text> {
    let has_tags = tree.node(index).has_tags;
    let text = tree.take(index)?;
    Some(if has_tags || looks_like_html(&text) { Text::html(text) } else { Text::plain(text) })
}

/// A text that is HTML by its element's definition.
pub fn html(tree: &mut Tree<'_>, index: usize) -> Option<Text> {
    tree.take(index).map(as_html)
}

/// HTML as its writer meant it: CDATA sections that came along with what they wrap are opened, and a
/// comment that never ends ends with its tag, where a browser would hide all the rest.
#[must_use]
pub fn as_html(mut text: String) -> Text {
    if memmem::find(text.as_bytes(), SECTION.as_bytes()).is_some() {
        text = with_sections_opened(&text);
    }
    if memmem::find(text.as_bytes(), b"<!--").is_some() {
        text = with_comments_ended(text);
    }
    Text::html(text)
}

/// What stands in CDATA sections, without their marks. A section that wraps nothing is not there to wrap
/// anything: somebody writes about it, and it is text.
fn with_sections_opened(text: &str) -> String {
    let mut opened = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(SECTION)
        && let Some((within, after)) = up_to_section_end(behind)
    {
        opened.push_str(before);
        if is_nothing(within) {
            opened.extend(["&lt;![CDATA[", within, "]]&gt;"]);
        } else {
            opened.extend(within.split(SECTION));
        }
        rest = after;
    }
    opened.push_str(rest);
    opened
}

/// What stands before and behind the end of a section. Systems that put a text into a section escape the
/// end of another in it.
fn up_to_section_end(text: &str) -> Option<(&str, &str)> {
    let mut from = 0;
    loop {
        let at = from + memmem::find(&text.as_bytes()[from..], b"]]")?;
        let behind = &text[at + 2..];
        if let Some(after) = behind.strip_prefix('>').or_else(|| behind.strip_prefix("&gt;")) {
            return Some((&text[..at], after));
        }
        from = at + 1;
    }
}

/// Whether HTML shows nothing.
fn is_nothing(html: &str) -> bool {
    markup::text_len(html) == 0 && markup::clean_as_written(html).trim_ascii().is_empty()
}

fn with_comments_ended(text: String) -> String {
    let ended = text.rfind("-->").map_or(0, |at| at + 3);
    if !text[ended..].contains("<!--") {
        return text;
    }
    let mut pieces = text[ended..].split("<!--");
    let mut kept = text[..ended].to_owned();
    kept.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        kept.push_str(piece.split_once('>').map_or("", |(_, behind)| behind));
    }
    kept
}

/// A text that is plain by its element's definition.
pub fn plain(tree: &mut Tree<'_>, index: usize) -> Option<Text> {
    let has_tags = tree.node(index).has_tags;
    let text = tree.take(index)?;
    Some(if has_tags { Text::html(text) } else { Text::plain(text) })
}

/// An Atom text construct (RFC 4287 §3.1, §4.1.3; Atom 0.3 `mode`).
pub fn atom(tree: &mut Tree<'_>, index: usize) -> Option<Text> {
    let node = tree.node(index);
    if node.inside == Inside::Markup {
        return html(tree, index);
    }
    let kind = node.attribute("type").map(|kind| kind.to_ascii_lowercase()).unwrap_or_default();
    let mode = node.attribute("mode").map(|mode| mode.to_ascii_lowercase()).unwrap_or_default();
    let is_binary = mode == "base64" || is_binary(&kind);
    let has_tags = node.has_tags;
    let text = tree.take(index)?;
    if is_binary {
        let decoded = base64::decode(&text).and_then(|bytes| String::from_utf8(bytes).ok());
        let Some(decoded) = decoded else { return Some(Text::plain(text)) };
        let is_html = kind.contains("htm") || looks_like_html(&decoded);
        return Some(if is_html { as_html(decoded) } else { Text::plain(decoded) });
    }
    let is_html =
        has_tags || kind.contains("htm") || kind.contains("xml") || mode == "escaped" && looks_like_html(&text);
    Some(if is_html { as_html(text) } else { Text::plain(text) })
}

/// Whether a media type's content stands in base64 (RFC 4287 §4.1.3.3).
fn is_binary(kind: &str) -> bool {
    let Some((major, minor)) = kind.split_once('/') else { return false };
    major != "text" && major != "html" && !kind.contains("xml") && !kind.contains("htm") && !minor.contains("json")
}

/// Whether a text is HTML: it holds an end tag or a void element of HTML, or a reference, and no
/// tag that HTML does not know.
#[must_use]
pub fn looks_like_html(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut seen = false;
    let mut at = 0;
    while let Some(distance) = memchr(b'<', &bytes[at..]) {
        at += distance + 1;
        let rest = &text[at..];
        let (rest, is_end) = rest.strip_prefix('/').map_or((rest, false), |rest| (rest, true));
        let length = rest.bytes().take(12).take_while(u8::is_ascii_alphanumeric).count();
        let name = &rest[..length];
        let ended = rest[length..].starts_with(|char: char| char == '>' || char == '/' || char.is_ascii_whitespace());
        if length == 0 || !ended {
            continue;
        }
        if !is_html_element(name) {
            return false;
        }
        seen |= is_end || super::shape::is_void(name);
    }
    seen || has_reference(text)
}

fn has_reference(text: &str) -> bool {
    let mut at = 0;
    while let Some(distance) = memchr(b'&', &text.as_bytes()[at..]) {
        at += distance;
        let within = &text.as_bytes()[at..text.len().min(at + 34)];
        if let Some(end) = memchr(b';', within) {
            let reference = &text[at..=at + end];
            if matches!(unescape(reference), (Cow::Owned(_), None)) {
                return true;
            }
        }
        at += 1;
    }
    false
}

fn is_html_element(name: &str) -> bool {
    HTML_ELEMENTS.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Elements of HTML that stand in texts, those that are no longer standard included.
const HTML_ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "address",
    "area",
    "article",
    "aside",
    "audio",
    "b",
    "base",
    "bdi",
    "bdo",
    "big",
    "blink",
    "blockquote",
    "body",
    "br",
    "button",
    "canvas",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "dir",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "fieldset",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "legend",
    "li",
    "link",
    "map",
    "mark",
    "nobr",
    "object",
    "ol",
    "option",
    "p",
    "param",
    "picture",
    "pre",
    "q",
    "s",
    "samp",
    "script",
    "section",
    "select",
    "small",
    "source",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "video",
    "wbr",
];
