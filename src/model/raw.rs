//! What extraction finds in a document: claims about articles, not yet believed.

use url::Url;

use super::{Attachment, FeedMore, ItemMore, Person, RawItems, Rights, Text};

/// One candidate value of one field, as found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The kind of evidence and its place: `feed:pubDate`, `json-ld:headline`, `meta:og:title`.
    pub from: &'static str,
    /// Text or markup, entities of the carrier format decoded once.
    pub text: Text,
}

/// A candidate for one author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonClaim {
    pub from: &'static str,
    /// A name, or a whole byline such as "By A and B".
    pub name: Option<String>,
    /// Absolute.
    pub url: Option<String>,
    pub email: Option<String>,
}

/// A candidate for the lead picture; `url` is absolute.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageClaim {
    pub from: &'static str,
    pub url: String,
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub alt: Option<String>,
    pub caption: Option<String>,
    pub credit: Option<String>,
}

/// Everything a document claims about one article. In each list the most trusted claim is first.
#[derive(Clone, Debug, Default)]
pub struct RawArticle {
    /// The document's own id of the article, verbatim: `guid`, `atom:id`, `rdf:about`.
    pub id: Option<String>,
    /// Addresses of the article's page, absolute.
    pub urls: Vec<Claim>,
    /// `rel=canonical` and kin, absolute.
    pub canonical_urls: Vec<Claim>,
    /// Where a link blog's item points to.
    pub external_url: Option<String>,
    pub titles: Vec<Claim>,
    pub authors: Vec<PersonClaim>,
    pub published: Vec<Claim>,
    pub modified: Vec<Claim>,
    pub languages: Vec<Claim>,
    /// The outlet's descriptions; where `bodies` is empty, the first may be the whole text, as RSS
    /// 2.0 allows.
    pub summaries: Vec<Claim>,
    pub bodies: Vec<Claim>,
    pub images: Vec<ImageClaim>,
    pub attachments: Vec<Attachment>,
    /// Tags in document order, plain text.
    pub tags: Vec<Claim>,
    pub sections: Vec<Claim>,
    pub site_names: Vec<Claim>,
    pub rights: Rights,
    /// The address that relative ones in bodies and summaries resolve against.
    pub base: Option<Url>,
    /// A hash over everything above as found; equal means that nothing has changed.
    pub fingerprint: u64,
    /// What else the reader understood; filled for `inspect` only.
    pub more: Option<Box<ItemMore>>,
}

/// A source feed's own facts.
#[derive(Clone, Debug, Default)]
pub struct SourceFeed {
    /// `rss-2.0`, `rss-1.0` (RDF), `atom-0.3`, `json-1.1`, …
    pub format: &'static str,
    /// The encoding that was used, lower case: `utf-8`, `windows-1251`.
    pub encoding: &'static str,
    pub id: Option<String>,
    pub title: Option<Text>,
    pub home_page_url: Option<String>,
    pub feed_url: Option<String>,
    pub description: Option<Text>,
    pub language: Option<String>,
    /// Dates as found.
    pub published: Option<String>,
    pub modified: Option<String>,
    pub authors: Vec<Person>,
    pub tags: Vec<String>,
    pub icon: Option<String>,
    pub image: Option<super::Image>,
    pub image_title: Option<String>,
    pub rights: Rights,
    pub generator: Option<(Option<String>, Option<String>, Option<String>)>,
    pub schedule: super::FeedSchedule,
    pub links: FeedLinks,
    /// RFC 5005 §2, §4: the feed is `complete`, or one part of an `archive`.
    pub history: Option<&'static str>,
    /// What else the reader understood; filled for `inspect` only.
    pub more: Option<Box<FeedMore>>,
}

/// Where a source feed says that more of it is; all absolute.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedLinks {
    /// `WebSub` hubs (W3C WebSub §4).
    pub hubs: Vec<String>,
    /// The next page (RFC 5005 §3; JSON Feed `next_url`).
    pub next: Option<String>,
    /// The archive before this document (RFC 5005 §4).
    pub prev_archive: Option<String>,
}

/// What a list of stories says of itself: a front page, a sitemap, an answer of an API.
#[derive(Clone, Debug, Default)]
pub struct SourceListing {
    /// The kind of evidence that the stories come from: `json-ld`, `microdata`, `state`, `wordpress`, `blocks`,
    /// `news-sitemap`, `sitemap`, `sitemap-index`, `select`.
    pub rung: &'static str,
    pub title: Option<String>,
    pub site_name: Option<String>,
    pub home_page_url: Option<String>,
    pub language: Option<String>,
    /// The next page of the list (`rel=next`), absolute.
    pub next: Option<String>,
    /// Feeds that the page links to: address and title.
    pub feeds: Vec<(String, String)>,
    /// The root of a `WordPress` API that the page links to.
    pub api: Option<String>,
    /// Whether the page is more a list than anything else: many stories, little prose of its own.
    pub is_list: bool,
    /// Whether the page says of itself that it is one article.
    pub says_article: bool,
    /// The files of a sitemap index with when each last changed, as found.
    pub children: Vec<(String, Option<String>)>,
}

/// Something odd in a document that was read all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    pub message: String,
    /// Byte offset in the decoded text.
    pub offset: usize,
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
}

/// What a document turned out to be.
#[derive(Clone, Debug)]
pub enum Extracted {
    Feed { feed: Box<SourceFeed>, items: RawItems, warnings: Vec<Warning> },
    Listing { listing: Box<SourceListing>, items: Vec<RawArticle> },
    Article { article: Box<RawArticle>, warnings: Vec<Warning> },
}
