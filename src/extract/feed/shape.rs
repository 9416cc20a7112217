//! What feeds look like: which elements hold which, and what ends an unclosed one.

use std::borrow::Cow;

use super::namespace::Ns;
use super::scan::{Tag, attributes};
use super::tree::{Inside, Node, attribute};

/// An element that holds items and fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spine {
    Rss,
    Rdf,
    Channel,
    Feed,
    /// The list that RSS 1.1 keeps its items in.
    List,
}

/// The root of a feed as it was found.
#[derive(Clone, Copy, Debug)]
pub struct Root<'a> {
    pub spine: Spine,
    pub tag: Tag<'a>,
    /// The URI of the root's own namespace, where declared.
    pub uri: &'a str,
}

/// The URI of a root's own namespace; of `rdf:RDF`, that of what stands in it.
#[must_use]
pub fn uri_of(tag: Tag<'_>, spine: Spine) -> &str {
    let prefix = tag.name.split_once(':').map_or("", |(prefix, _)| prefix);
    let prefix = if spine == Spine::Rdf { "" } else { prefix };
    let declares = |name: &str| match name.split_once(':') {
        Some((xmlns, declared)) => xmlns == "xmlns" && declared == prefix,
        None => name == "xmlns" && prefix.is_empty(),
    };
    attributes(tag.attributes).find(|(name, _)| declares(name)).map_or("", |(_, uri)| uri)
}

/// Whether an element belongs to the spine of a feed.
#[must_use]
pub fn spine(ns: Ns, local: &str) -> Option<Spine> {
    match (ns, local) {
        (Ns::Plain | Ns::Atom | Ns::Other, "rss") => Some(Spine::Rss),
        (Ns::Rdf | Ns::Plain, "rdf") => Some(Spine::Rdf),
        (Ns::Plain | Ns::Atom, "channel") => Some(Spine::Channel),
        (Ns::Atom | Ns::Plain, "feed") => Some(Spine::Feed),
        (Ns::Plain, "items") => Some(Spine::List),
        _ => None,
    }
}

/// Whether an element is an item.
#[must_use]
pub fn is_item(ns: Ns, local: &str) -> bool {
    matches!((ns, local), (Ns::Plain | Ns::Atom, "item" | "entry"))
}

/// Whether a start tag ends whatever is open: an item within an item, a channel within a field.
#[must_use]
pub fn ends_item(root: &Node<'_>, open: &Node<'_>, ns: Ns, local: &str) -> bool {
    if open.inside == Inside::Markup {
        return false;
    }
    is_item(ns, local) || !is_item(root.ns, &root.local) && local == "channel" && spine(ns, local).is_some()
}

/// Whether a start tag inside an unclosed text field is the next field.
#[must_use]
pub fn ends_field(open: &Node<'_>, ns: Ns, local: &str) -> bool {
    if open.inside == Inside::Markup || matches!(open.ns, Ns::Other | Ns::Rdf) {
        return false;
    }
    match (ns, local) {
        (
            Ns::Plain | Ns::Atom,
            "guid" | "pubdate" | "lastbuilddate" | "description" | "category" | "comments" | "enclosure" | "updated"
            | "published" | "content" | "managingeditor" | "webmaster" | "ttl" | "language",
        )
        | (
            Ns::Dc
            | Ns::DcTerms
            | Ns::Content
            | Ns::Media
            | Ns::Itunes
            | Ns::Slash
            | Ns::CommentApi
            | Ns::FeedBurner
            | Ns::Podcast
            | Ns::Thread,
            _,
        ) => true,
        (Ns::Plain | Ns::Atom, "title" | "link" | "summary" | "source" | "author" | "image" | "id") => {
            matches!(
                &*open.local,
                "title" | "link" | "guid" | "id" | "pubdate" | "published" | "updated" | "category" | "comments"
            )
        }
        _ => false,
    }
}

/// How the inside of an element is read.
#[must_use]
pub fn inside(parent: Option<&Node<'_>>, ns: Ns, local: &str, raw: &str) -> Inside {
    match (ns, local) {
        (
            Ns::Plain | Ns::Atom,
            "item" | "entry" | "image" | "textinput" | "author" | "contributor" | "source" | "skiphours" | "skipdays"
            | "inputform",
        )
        | (Ns::Media, "group" | "content")
        | (Ns::Itunes, "owner" | "category")
        | (Ns::GeoRss, "where")
        | (Ns::Gml | Ns::Geo | Ns::Podcast | Ns::Chapters | Ns::Rdf | Ns::Foaf | Ns::License, _) => Inside::Children,
        (Ns::Xhtml, _) => Inside::Markup,
        (
            Ns::Atom | Ns::Plain,
            "title" | "subtitle" | "tagline" | "summary" | "content" | "rights" | "copyright" | "info" | "body",
        ) => text_construct(raw, ns),
        _ if parent.is_some_and(|parent| parent.ns == Ns::Foaf) => Inside::Children,
        _ => Inside::Text,
    }
}

/// RFC 4287 §3.1 and the `mode` of Atom 0.3: whether markup stands there unescaped.
fn text_construct(raw: &str, ns: Ns) -> Inside {
    if raw.is_empty() {
        return Inside::Text;
    }
    let kind = attribute(raw, "type").unwrap_or_default();
    let mode = attribute(raw, "mode").unwrap_or_default();
    let is_xhtml = kind.eq_ignore_ascii_case("xhtml") || kind.eq_ignore_ascii_case("application/xhtml+xml");
    let is_xml = mode.eq_ignore_ascii_case("xml") && ns == Ns::Atom && kind.contains("htm");
    let is_escaped = mode.eq_ignore_ascii_case("escaped") || mode.eq_ignore_ascii_case("base64");
    if (is_xhtml || is_xml) && !is_escaped { Inside::Markup } else { Inside::Text }
}

/// Whether tags of this namespace inside a text are HTML.
#[must_use]
pub fn is_markup(ns: Ns) -> bool {
    matches!(ns, Ns::Plain | Ns::Atom | Ns::Xhtml)
}

/// HTML elements that have no end tag (HTML §13.1.2).
#[must_use]
pub fn is_void(local: &str) -> bool {
    const VOID: [&str; 14] = [
        "br", "img", "hr", "input", "wbr", "area", "base", "col", "embed", "meta", "param", "source", "track", "frame",
    ];
    VOID.iter().any(|void| void.eq_ignore_ascii_case(local))
}

/// A name in lower case; borrows where it is already.
#[must_use]
pub fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        // The names with capitals that every feed has cost no allocation.
        const USUAL: [&str; 12] = [
            "pubdate",
            "lastbuilddate",
            "managingeditor",
            "webmaster",
            "updateperiod",
            "updatefrequency",
            "commentrss",
            "textinput",
            "skiphours",
            "skipdays",
            "ispermalink",
            "episodetype",
        ];
        return match USUAL.iter().find(|usual| usual.eq_ignore_ascii_case(name)) {
            Some(usual) => Cow::Borrowed(usual),
            None => Cow::Owned(name.to_ascii_lowercase()),
        };
    }
    Cow::Borrowed(name)
}
