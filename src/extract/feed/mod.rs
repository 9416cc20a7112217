//! Feeds: RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0, JSON Feed, however they are written.
//!
//! ```text
//! decode     bytes to text                               extract::decode
//! scan       text to tokens, never an error              scan, entity
//! reader     tokens to one small tree an item or field   reader, shape, namespace, tree
//! formats    elements to claims                          rss, atom, json, and a file each vocabulary
//! ```
//!
//! Nothing in a document is an error: what is odd is noted with its place and read as far as it
//! makes sense. Only a document in which no feed is found at all is refused.
//!
//! # Which element a field comes from
//!
//! The first one that is there counts, wherever it stands; the others stay as losers (`entry::TRUST`,
//! `entry::image_rank`, `channel::rank`). Prefixes are those that everybody uses.
//!
//! | field | elements in the order of precedence |
//! |---|---|
//! | title | `title`, `dc:title`, `itunes:title`, `media:title` |
//! | address | `link` (RSS), `atom:link rel=alternate` of type HTML or none, other alternates, a `guid` that is a permalink, `rdf:about` |
//! | canonical address | `link rel=canonical`, `feedburner:origLink` |
//! | id | `guid` or `id`, `rdf:about`, `dc:identifier` |
//! | published | `pubDate`, `published`, `issued`, `prism:publicationDate`, `dcterms:issued`, `dc:date`, `date`, `dcterms:created`, `created` |
//! | modified | `updated`, `modified`, `dcterms:modified`, `prism:modificationDate`, `lastBuildDate`; of a feed also `dc:date`, `date` |
//! | body | `content:encoded`, `content`, `xhtml:body` and `fullitem`; else the description may be the whole text |
//! | summary | `description`, `summary`, `itunes:summary`, `itunes:subtitle`, `dc:description`, `media:description` |
//! | authors | `author`, `dc:creator`, `itunes:author`, in document order; one person named twice is one |
//! | tags | all of `category`, `dc:subject`, `itunes:category`, `itunes:keywords`, `media:category`, `media:keywords`, `tags` |
//! | picture | `image`, `media:content` (the widest), an `enclosure` that is a picture, `itunes:image`, `media:thumbnail` (the first that is no icon); else the body's first |
//! | language | `xml:lang`, `language`, `dc:language` of the item, else of the feed |
//! | rights | `rights`, `copyright`, `dc:rights`, `media:copyright`; licence: `link rel=license`, `cc:license`, `creativeCommons:license`, `dcterms:license` |
//!
//! Of a date that stands there twice the last one counts, of everything else the first.

mod atom;
mod base64;
mod channel;
mod dublin_core;
mod entity;
mod entry;
mod extensions;
mod georss;
mod itunes;
mod json;
mod media;
mod namespace;
mod person;
mod podcast;
mod reader;
mod rebase;
mod rss;
mod scan;
mod schedule;
mod shape;
mod subject;
#[cfg(test)]
mod tests;
mod text;
mod tree;

use url::Url;

use crate::markup;
use crate::model::{Extracted, RawArticle, RawItems, SourceFeed, Warning};

use super::ExtractError;
use channel::Channel;
use entry::Entry;
use namespace::Ns;
use reader::Reader;
use scan::attributes;
use shape::{Root, Spine};
use subject::Subject;
use tree::Node;

/// A decoded document.
#[derive(Clone, Debug)]
pub struct Input<'a> {
    pub text: &'a str,
    pub encoding: &'static str,
    /// What relative addresses resolve against (RFC 3986 §5.1).
    pub base: Url,
    /// Whether facts that only `inspect` shows are read too.
    pub more: bool,
}

/// Reads an XML feed, or what is left of one; `None` where the document holds none.
#[must_use]
pub fn read_xml(input: &Input<'_>) -> Option<Extracted> {
    let mut items = RawItems::default();
    let (feed, warnings) = read_xml_items(input, &mut |item| items.push(item))?;
    Some(found(feed, items, warnings))
}

/// As [`read_xml`], but gives the items away one by one.
pub fn read_xml_items(input: &Input<'_>, take: &mut dyn FnMut(RawArticle)) -> Option<(SourceFeed, Vec<Warning>)> {
    let mut reader = Reader::new(input.text, input.base.clone());
    let mut channel = Channel::new(input.more);
    let mut is_empty = true;
    while reader.advance() {
        let node = reader.tree.node(0);
        if is_void_item(node, reader.tree.nodes.len()) {
            // An item that says nothing is none.
            continue;
        }
        if shape::is_item(node.ns, &node.local) {
            is_empty = false;
            take(read_item(&mut reader, input.more));
        } else {
            read_field(&mut reader, &mut channel);
        }
    }
    let root = reader.root;
    if root.is_none() && is_empty {
        return None;
    }
    if let Some(root) = root {
        rss::channel_attributes(root.tag, Some(&input.base), &mut channel);
    }
    if let Some(tag) = reader.channel {
        rss::channel_attributes(tag, Some(&input.base), &mut channel);
    }
    if let Some(language) = reader.feed_language {
        let language = reader.tree.languages[language].trim();
        if !language.is_empty() {
            channel.language("feed:xml:lang", language.to_owned());
        }
    }
    let mut feed = channel.finish();
    feed.format = root.map_or("rss", |root| format(&root));
    feed.encoding = input.encoding;
    let warnings = warnings(input.text, &reader.scanner.oddities);
    Some((feed, warnings))
}

/// A document without any element of a feed, taken for one all the same: no items, and a warning that says so.
#[must_use]
pub fn nothing(input: &Input<'_>) -> Extracted {
    let feed = SourceFeed { format: "none", encoding: input.encoding, ..SourceFeed::default() };
    let message = "no feed: neither RSS, Atom nor JSON Feed was found in it".to_owned();
    found(feed, RawItems::default(), vec![Warning { message, offset: 0, line: 1, column: 1 }])
}

/// The longest text that a page may have before a feed that it only shows.
const SHOWN_WITHIN: usize = 4096;

/// Reads a feed that stands escaped in a page, as browsers and proxies show one: `<pre>&lt;rss …`.
#[must_use]
pub fn read_shown(input: &Input<'_>) -> Option<Extracted> {
    let head = &input.text[..input.text.floor_char_boundary(SHOWN_WITHIN)];
    let starts = ["&lt;?xml", "&lt;rss", "&lt;feed", "&lt;rdf:RDF", "&#60;?xml", "&#60;rss"];
    let start = starts.iter().filter_map(|start| head.find(start)).min()?;
    let is_first = markup::text_len(&head[..start]) == 0;
    let (text, _) = entity::unescape(&input.text[start..]);
    is_first.then(|| read_xml(&Input { text: &text, ..input.clone() })).flatten()
}

/// Reads a JSON Feed.
pub fn read_json(input: &Input<'_>) -> Result<Extracted, ExtractError> {
    match json::read(input) {
        Ok((feed, items, warnings)) => Ok(found(feed, items, warnings)),
        Err((message, line, column)) => Err(ExtractError { message, line: Some(line), column: Some(column) }),
    }
}

fn is_void_item(node: &Node<'_>, nodes: usize) -> bool {
    nodes == 1 && node.tag.attributes.is_empty() && shape::is_item(node.ns, &node.local)
}

fn found(feed: SourceFeed, items: RawItems, warnings: Vec<Warning>) -> Extracted {
    Extracted::Feed { feed: Box::new(feed), items, warnings }
}

fn read_item(reader: &mut Reader<'_>, more: bool) -> RawArticle {
    let tree = &mut reader.tree;
    let mut entry = Entry::new(more);
    entry.article.base = tree.base(0).cloned();
    rss::item_attributes(tree, &mut entry);
    let is_entry = tree.node(0).local == "entry";
    let mut next = tree.first_child(0);
    while let Some(index) = next {
        next = tree.after(index, 0);
        let ns = tree.node(index).ns;
        if ns == Ns::Atom || is_entry && ns == Ns::Plain {
            atom::entry_field(tree, index, &mut entry);
        } else {
            rss::item_field(tree, index, &mut entry);
        }
    }
    entry.finish()
}

fn read_field(reader: &mut Reader<'_>, channel: &mut Channel) {
    let is_atom = reader.root.is_some_and(|root| root.spine == Spine::Feed);
    let tree = &mut reader.tree;
    if is_atom && matches!(tree.node(0).ns, Ns::Atom | Ns::Plain) {
        atom::feed_field(tree, 0, channel);
    } else {
        rss::channel_field(tree, 0, channel);
    }
}

/// The name of a format, from its root element.
fn format(root: &Root<'_>) -> &'static str {
    let version = attributes(root.tag.attributes).find(|(name, _)| name.eq_ignore_ascii_case("version"));
    let version = version.map_or("", |(_, version)| version.trim());
    match root.spine {
        Spine::Rss => match version {
            "0.90" | "0.9" => "rss-0.90",
            "0.91" => "rss-0.91",
            "0.92" => "rss-0.92",
            "0.93" => "rss-0.93",
            "0.94" => "rss-0.94",
            version if version.starts_with('2') => "rss-2.0",
            _ => "rss",
        },
        Spine::Rdf if root.uri.contains("0.9") => "rss-0.90",
        Spine::Rdf => "rss-1.0",
        Spine::Feed if version == "0.3" || root.uri.contains("purl.org/atom") => "atom-0.3",
        Spine::Feed => "atom-1.0",
        Spine::Channel if root.uri.contains("rss1.1") => "rss-1.1",
        Spine::Channel | Spine::List => "cdf",
    }
}

/// Offsets to lines and columns, in one pass over the text.
fn warnings(text: &str, oddities: &[(usize, &'static str)]) -> Vec<Warning> {
    let mut sorted: Vec<_> = oddities.to_vec();
    sorted.sort_by_key(|&(at, _)| at);
    let (mut line, mut line_start, mut seen) = (1_u32, 0, 0);
    let mut warnings = Vec::with_capacity(sorted.len());
    for (at, message) in sorted {
        let at = (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        for end in memchr::memchr_iter(b'\n', &text.as_bytes()[seen..at]) {
            line = line.saturating_add(1);
            line_start = seen + end + 1;
        }
        seen = at;
        let column = u32::try_from(text[line_start..at].chars().count()).unwrap_or(u32::MAX).saturating_add(1);
        warnings.push(Warning { message: message.to_owned(), offset: at, line, column });
    }
    warnings
}

/// What the first elements of a document say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum First {
    /// The root of a feed, perhaps behind junk.
    Feed,
    /// HTML, and no feed in it.
    Html,
    /// Elements of neither.
    Other,
}

/// Looks for the root element of a feed or a page.
#[must_use]
pub fn first_element(text: &str) -> Option<First> {
    let mut scanner = scan::Scanner::new(text);
    let mut first = None;
    while let Some(token) = scanner.next("") {
        let scan::Token::Start(tag) = token else { continue };
        let (prefix, local) = tag.name.split_once(':').unwrap_or(("", tag.name));
        let is_feed = ["rss", "feed", "rdf", "channel"].iter().any(|root| root.eq_ignore_ascii_case(local));
        let is_embedded = first == Some(First::Html) && !tag.attributes.contains(['=', ':']);
        if is_feed && !is_embedded && !prefix.eq_ignore_ascii_case("svg") {
            return Some(First::Feed);
        }
        if ["html", "head", "body", "article", "main"].iter().any(|root| root.eq_ignore_ascii_case(local)) {
            return Some(First::Html);
        }
        first = first.or(Some(First::Other));
    }
    first
}
