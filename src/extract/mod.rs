//! Documents to claims: what a feed, a page or a text says about articles.
//!
//! Reads what is there and believes nothing: claims keep where they came from, and `normalize`
//! decides between them.

mod base;
mod decode;
mod feed;
#[cfg(test)]
mod growth;
mod html;
mod json;
mod listing;
mod marks;
mod merge;
mod own;
pub mod select;
mod sitemap;
mod sniff;
mod state;
mod text;

use chrono::{DateTime, Utc};

use crate::model::{Document, Extracted, RawArticle, SourceListing};
pub use html::usage_signals;
pub use merge::merge;
pub use own::each_item;
use sniff::Kind;

/// What a document is to be read as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum As {
    /// Whatever its content says.
    #[default]
    Sniff,
    /// A feed, or an error.
    Feed,
    /// A feed, since somebody who looks at it says so: a document that holds none is an empty one, with a warning.
    SaidFeed,
    /// A page or sitemap that lists stories.
    Listing,
    /// One article.
    Article,
    /// A file of a local folder: a feed or an article, whatever it links to.
    Local,
}

/// How a document is to be read.
#[derive(Clone, Debug)]
pub struct Request {
    pub read_as: As,
    /// Whether facts that only `inspect` shows are wanted too.
    pub more: bool,
    pub now: DateTime<Utc>,
}

/// Why a document could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ExtractError {
    pub message: String,
    /// From 1.
    pub line: Option<u32>,
    /// From 1, in characters.
    pub column: Option<u32>,
}

impl ExtractError {
    /// A fault of the whole document.
    #[must_use]
    pub fn whole(message: impl Into<String>) -> Self {
        Self { message: message.into(), line: None, column: None }
    }
}

/// Reads a document.
///
/// # Errors
/// Where nothing of the kind asked for is in it: an empty document, a page read as a feed.
pub fn extract(document: &Document, request: &Request) -> Result<Extracted, ExtractError> {
    let body = sitemap::unpacked(&document.body);
    let decoded = decode::decode(&body, document.charset());
    let text = decoded.text.as_ref();
    let kind = sniff::sniff(text, document.media_type().as_deref());
    let input = || feed::Input { text, encoding: decoded.encoding, base: document.base(), more: request.more };
    let article = |article| Ok(Extracted::Article { article: Box::new(article), warnings: Vec::new() });
    if let Some((listing, items)) = list(document, (text, kind), request) {
        return Ok(Extracted::Listing { listing: Box::new(listing), items });
    }
    match (request.read_as, kind) {
        (As::SaidFeed, Kind::Empty) => Ok(feed::nothing(&input())),
        (_, Kind::Empty) => Err(ExtractError::whole("the document is empty")),
        (As::Sniff | As::Feed | As::SaidFeed | As::Local, Kind::JsonFeed) => feed::read_json(&input()),
        (As::Sniff | As::Local, Kind::XmlFeed) | (As::Feed | As::SaidFeed, _) => {
            let found = feed::read_xml(&input()).or_else(|| feed::read_shown(&input()));
            let is_taken_for_one = request.read_as == As::SaidFeed && is_nothing_else(text, kind);
            let found = found.or_else(|| is_taken_for_one.then(|| feed::nothing(&input())));
            found.ok_or_else(|| ExtractError::whole(not_a_feed(kind)))
        }
        (As::Listing, _) => Err(ExtractError::whole("no list of stories: neither a page nor a sitemap")),
        (_, Kind::Html | Kind::XmlFeed | Kind::Sitemap) => article(html::article(document, text, request)),
        (_, Kind::Markdown) => article(text::markdown(document, text)),
        (_, Kind::Text | Kind::JsonFeed) => article(text::plain(document, text)),
    }
}

/// Whether a document is nothing that we know either: no page and no sitemap.
fn is_nothing_else(text: &str, kind: Kind) -> bool {
    match kind {
        Kind::Sitemap => false,
        Kind::Html => feed::first_element(text) != Some(feed::First::Html),
        _ => true,
    }
}

/// Reads a document as a list of stories, where one was asked for or where it is one.
fn list(document: &Document, (text, kind): (&str, Kind), request: &Request) -> Option<List> {
    let asked = request.read_as == As::Listing;
    if !asked && request.read_as != As::Sniff {
        return None;
    }
    match kind {
        Kind::Sitemap => Some(sitemap::read(document, text, request.now)),
        Kind::JsonFeed => listing::read_api(document, text),
        Kind::Html if asked => Some(listing::read(document, text, request)),
        Kind::Html => listing::read_if_list(document, text, request),
        _ => None,
    }
}

/// A list with its stories.
type List = (SourceListing, Vec<RawArticle>);

fn not_a_feed(kind: Kind) -> &'static str {
    match kind {
        Kind::Html => "an HTML page, not a feed; look for a feed that it links to",
        _ => "no feed: neither RSS, Atom nor JSON Feed was found in it",
    }
}
