//! What `inspect --json` prints: one object per input.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::date_text;
use crate::markup::CleanHtml;
use crate::model::{
    Article, Attachment, Dated, FeedMore, Image, ItemMore, Person, Presented, Provenance, Rights, SourceFeed,
    SourceListing, Text, TextKind, Warning,
};

/// One item as `inspect` shows it; absent fields are left out.
///
/// A title, summary or content that is there, but of which nothing may be shown, is an empty string.
#[derive(Debug, Serialize)]
pub struct ItemJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    canonical_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    authors: &'a [Person],
    #[serde(skip_serializing_if = "Option::is_none")]
    date_published: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary_html: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a Image>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    tags: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    section: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    attachments: &'a [Attachment],
    #[serde(skip_serializing_if = "Option::is_none")]
    site_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Rights::is_empty")]
    rights: &'a Rights,
    #[serde(rename = "_more", skip_serializing_if = "Option::is_none")]
    more: Option<&'a ItemMore>,
    #[serde(rename = "_provenance", skip_serializing_if = "Option::is_none")]
    provenance: Option<Map<String, Value>>,
}

/// HTML of an item that has no base: sanitized, with relative addresses as they stand.
#[derive(Debug)]
pub struct Written {
    pub summary: Option<String>,
    pub body: Option<String>,
}

/// What is known of one item when it is shown.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    pub article: &'a Article,
    pub presented: &'a Presented,
    /// Its HTML with addresses as they stand, where no base is known.
    pub written: Option<&'a Written>,
    pub more: Option<&'a ItemMore>,
    /// Whether the document has a title of markup only.
    pub has_blank_title: bool,
    /// Whether to tell where each value came from.
    pub explain: bool,
}

impl<'a> From<Shown<'a>> for ItemJson<'a> {
    fn from(shown: Shown<'a>) -> Self {
        let Shown { article, presented, written, more, has_blank_title, explain } = shown;
        let summary = || html(article.summary.as_ref(), presented.summary_html.as_ref());
        let body = || html(article.body.as_ref(), presented.content_html.as_ref());
        Self {
            id: article.id.as_deref(),
            url: article.url.as_deref(),
            canonical_url: article.canonical_url.as_deref(),
            external_url: article.external_url.as_deref(),
            title: article.title.as_deref().or(has_blank_title.then_some("")),
            authors: &article.authors,
            date_published: article.date_published.as_ref().map(date_text),
            date_modified: article.date_modified.as_ref().map(date_text),
            language: presented.language.as_deref(),
            summary: presented.summary.as_deref(),
            summary_html: written.and_then(|written| written.summary.as_deref()).or_else(summary),
            content_html: written.and_then(|written| written.body.as_deref()).or_else(body),
            content_text: presented.content_text.as_deref(),
            image: presented.image.as_ref(),
            tags: &article.tags,
            section: article.section.as_deref(),
            attachments: &article.attachments,
            site_name: article.site_name.as_deref(),
            rights: &article.rights,
            more,
            provenance: explain.then(|| provenance(&article.provenance)),
        }
    }
}

/// What is left of a text that is HTML.
fn html<'a>(found: Option<&Text>, clean: Option<&'a CleanHtml>) -> Option<&'a str> {
    let is_html = found.is_some_and(|text| text.kind == TextKind::Html);
    clean.map(CleanHtml::as_str).or(is_html.then_some(""))
}

fn provenance(fields: &[Provenance]) -> Map<String, Value> {
    fields
        .iter()
        .map(|field| {
            let mut entry = Map::new();
            entry.insert("from".into(), field.from.as_ref().into());
            if let Some(raw) = &field.raw {
                entry.insert("raw".into(), raw.as_str().into());
            }
            if !field.lost.is_empty() {
                let lost: Vec<Value> =
                    field.lost.iter().map(|lost| json!({"from": lost.from, "raw": lost.raw})).collect();
                entry.insert("lost".into(), lost.into());
            }
            (field.field.name().to_owned(), entry.into())
        })
        .collect()
}

#[derive(Serialize)]
struct ImageJson<'a> {
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alt: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
}

#[derive(Serialize)]
struct GeneratorJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
}

#[derive(Serialize)]
struct WarningJson<'a> {
    message: &'a str,
    line: u32,
    column: u32,
}

/// The facts of a source feed as `inspect` shows them.
#[derive(Serialize)]
struct FeedJson<'a> {
    kind: &'static str,
    input: &'a str,
    format: &'a str,
    encoding: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    home_page_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    feed_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_published: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<String>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    authors: &'a [Person],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    tags: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<ImageJson<'a>>,
    #[serde(skip_serializing_if = "Rights::is_empty")]
    rights: &'a Rights,
    #[serde(skip_serializing_if = "Option::is_none")]
    generator: Option<GeneratorJson<'a>>,
    #[serde(rename = "_more", skip_serializing_if = "Option::is_none")]
    more: Option<&'a FeedMore>,
    warnings: Vec<WarningJson<'a>>,
}

/// A source feed with its texts made presentable.
#[derive(Clone, Copy, Debug)]
pub struct ShownFeed<'a> {
    pub feed: &'a SourceFeed,
    /// One line of plain text.
    pub title: Option<&'a str>,
    /// Plain text or clean HTML, as the feed has it.
    pub description: Option<&'a str>,
    pub published: Option<&'a Dated>,
    pub modified: Option<&'a Dated>,
    pub warnings: &'a [Warning],
}

/// One item of a feed, as [`feed_line`] takes it.
#[must_use]
pub fn item_json(item: &ItemJson<'_>) -> String {
    line(item)
}

/// The line for a feed; its items are JSON already, so that they need not all be in memory as articles.
#[must_use]
pub fn feed_line(input: &str, shown: &ShownFeed<'_>, items: impl Iterator<Item = String>) -> String {
    let feed = shown.feed;
    let text = line(&FeedJson {
        kind: "feed",
        input,
        format: feed.format,
        encoding: feed.encoding,
        id: feed.id.as_deref(),
        title: shown.title.map(str::to_owned),
        home_page_url: feed.home_page_url.as_deref(),
        feed_url: feed.feed_url.as_deref(),
        description: shown.description.map(str::to_owned),
        language: feed.language.as_deref(),
        date_published: shown.published.map(date_text),
        date_modified: shown.modified.map(date_text),
        authors: &feed.authors,
        tags: &feed.tags,
        icon: feed.icon.as_deref(),
        image: feed.image.as_ref().map(|image| ImageJson {
            url: &image.url,
            title: feed.image_title.as_deref(),
            // RSS 2.0: an image's title is its alternative text
            alt: image.alt.as_deref(),
            width: image.width,
            height: image.height,
        }),
        rights: &feed.rights,
        generator: feed.generator.as_ref().map(|(name, url, version)| GeneratorJson {
            name: name.as_deref(),
            url: url.as_deref(),
            version: version.as_deref(),
        }),
        more: feed.more.as_deref(),
        warnings: shown
            .warnings
            .iter()
            .map(|warning| WarningJson { message: &warning.message, line: warning.line, column: warning.column })
            .collect(),
    });
    with_items(text, items)
}

/// An object with its last field, the items.
fn with_items(mut object: String, items: impl Iterator<Item = String>) -> String {
    object.pop();
    object.push_str(",\"items\":[");
    for (number, item) in items.enumerate() {
        if number > 0 {
            object.push(',');
        }
        object.push_str(&item);
    }
    object.push_str("]}");
    object
}

/// The line for a list of stories; its items are JSON already.
#[must_use]
pub fn listing_line(input: &str, listing: &SourceListing, items: impl Iterator<Item = String>) -> String {
    #[derive(Serialize)]
    struct ListingJson<'a> {
        kind: &'static str,
        input: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        title: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        home_page_url: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        language: Option<&'a str>,
        rung: &'a str,
    }
    let head = line(&ListingJson {
        kind: "listing",
        input,
        title: listing.title.as_deref(),
        home_page_url: listing.home_page_url.as_deref(),
        language: listing.language.as_deref(),
        rung: listing.rung,
    });
    with_items(head, items)
}

/// The line for an article page.
#[must_use]
pub fn article_line(input: &str, item: &ItemJson<'_>) -> String {
    #[derive(Serialize)]
    struct ArticleJson<'a> {
        kind: &'static str,
        input: &'a str,
        #[serde(flatten)]
        item: &'a ItemJson<'a>,
    }
    line(&ArticleJson { kind: "article", input, item })
}

/// The line for an input that could not be read; `place` is line and column, where known.
#[must_use]
pub fn error_line(input: &str, error: &str, place: Option<(u32, u32)>) -> String {
    let mut object = json!({"kind": "error", "input": input, "error": error});
    if let Some((row, column)) = place {
        object["line"] = row.into();
        object["column"] = column.into();
    }
    object.to_string()
}

fn line<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_else(|error| error_line("", &format!("cannot write JSON: {error}"), None))
}
