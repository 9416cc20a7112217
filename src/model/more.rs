//! What a feed reader understands beyond the common fields: the `_more` of `inspect`.
//!
//! Addresses are absolute. Dates are as found; whoever shows them makes them RFC 3339.

use serde::Serialize;

use super::{Image, Person};

/// A link of a feed or an item (RFC 4287 §4.2.7).
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Link {
    pub href: String,
    pub rel: String,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hreflang: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<String>,
}

/// A category with the vocabulary it belongs to.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Category {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// One body of an item, as found.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Content {
    #[serde(rename = "type")]
    pub mime_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
}

/// What wrote a feed.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Generator {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// The feed that an item was taken from.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Origin {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub href: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rights: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generator: Option<Generator>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<Person>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contributors: Vec<Person>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<Category>,
}

/// Apple's podcast facts.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Itunes {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block: Option<bool>,
    /// Absent where the feed says neither yes nor no.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explicit: Option<bool>,
    /// As found: seconds, `MM:SS` or `HH:MM:SS`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub episode: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub season: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub episode_type: Option<String>,
}

/// A place, in the manner of `GeoJSON` (longitude first).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Geo {
    /// `Point`, `LineString`, `Polygon` or `Box`.
    #[serde(rename = "type")]
    pub shape: &'static str,
    pub coordinates: Coordinates,
}

/// One point, the points of a line, or the rings of a polygon.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Coordinates {
    Point(Vec<f64>),
    Line(Vec<Vec<f64>>),
    Rings(Vec<Vec<Vec<f64>>>),
}

/// Something of Media RSS that has an address.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct MediaObject {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub medium: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<String>,
}

/// Media RSS of an item.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Media {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contents: Vec<MediaObject>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub thumbnails: Vec<MediaObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub player: Option<MediaObject>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub credits: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rating: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
}

/// A chapter of a recording.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Chapter {
    /// As found: `HH:MM:SS.mmm`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub href: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
}

/// A person of a podcast, with their part in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PodcastPerson {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub href: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub img: Option<String>,
}

/// A file of the podcast namespace: a transcript, a list of chapters.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PodcastFile {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// The podcast namespace, of a feed or an item.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Podcast {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locked: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chapters: Option<PodcastFile>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub transcripts: Vec<PodcastFile>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub persons: Vec<PodcastPerson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub season: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub episode: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
}

/// What an item answers (RFC 4685 §3).
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct InReplyTo {
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub href: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// Further facts that feeds and items share.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Shared {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contributors: Vec<Person>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<Category>,
    /// The rights as sanitized HTML, where they are HTML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rights: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub itunes: Option<Itunes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub podcast: Option<Podcast>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geo: Option<Geo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expired: Option<String>,
    #[serde(rename = "publisher_detail", skip_serializing_if = "Option::is_none")]
    pub publisher: Option<Person>,
}

/// Further facts of one item.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ItemMore {
    #[serde(flatten)]
    pub shared: Shared,
    /// As the feed names them: bylines not split, the outlet's own name among them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<Person>,
    /// The picture that the feed names first, be it a logo or an avatar.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contents: Vec<Content>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_src: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Origin>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media: Option<Media>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub chapters: Vec<Chapter>,
    /// Address of the comments page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comments: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment_count: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wfw_comment: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wfw_commentrss: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub in_reply_to: Vec<InReplyTo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guid_is_permalink: Option<bool>,
}

/// The RSS `cloud` element.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Cloud {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    #[serde(rename = "registerprocedure", skip_serializing_if = "Option::is_none")]
    pub register_procedure: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
}

/// The RSS `textInput` element.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct TextInput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// Further facts of a source feed.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct FeedMore {
    #[serde(flatten)]
    pub shared: Shared,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub info: Option<String>,
    /// Minutes, as found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cloud: Option<Cloud>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub textinput: Option<TextInput>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub docs: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validity_start: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validity_end: Option<String>,
    /// RFC 5005: the feed is complete, or one part of an archive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history: Option<&'static str>,
}
