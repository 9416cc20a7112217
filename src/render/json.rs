//! JSON Feed 1.1 (<https://www.jsonfeed.org/version/1.1/>), with what it has no member for in `_feedmill`.

use std::borrow::Cow;
use std::io::Write;

use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};
use serde_json::ser::PrettyFormatter;

use super::RenderError;
use super::legal::unmarked;
use super::view::{AlsoView, AttachmentView, FeedView, ImageView, ItemView};
use crate::model::{FeedSnapshot, Format, Item};

#[derive(Serialize)]
struct Document<'a> {
    version: &'static str,
    title: &'a str,
    home_page_url: &'a str,
    feed_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<&'a str>,
    authors: [Person<'a>; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hubs: Option<[Hub<'a>; 1]>,
    #[serde(rename = "_feedmill")]
    extension: FeedExtension<'a>,
    items: Items<'a>,
}

#[derive(Serialize)]
struct FeedExtension<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rights: Option<&'a str>,
}

#[derive(Serialize)]
struct Hub<'a> {
    r#type: &'static str,
    url: &'a str,
}

#[derive(Serialize)]
struct Person<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

/// The items, each made when it is written.
struct Items<'a>(&'a [Item]);

impl Serialize for Items<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut items = serializer.serialize_seq(Some(self.0.len()))?;
        for item in self.0 {
            let view = ItemView::new(item);
            items.serialize_element(&wire(&view))?;
        }
        items.end()
    }
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_url: Option<&'a str>,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_text: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    date_published: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Person<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    tags: &'a [Cow<'a, str>],
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attachment<'a>>,
    #[serde(rename = "_feedmill")]
    extension: Extension<'a>,
}

#[derive(Serialize)]
struct Attachment<'a> {
    url: &'a str,
    mime_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_in_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_in_seconds: Option<u64>,
}

#[derive(Serialize)]
struct Extension<'a> {
    source: Source<'a>,
    outlet: &'a str,
    /// `day` where the outlet gave no time of day.
    #[serde(skip_serializing_if = "Option::is_none")]
    date_precision: Option<&'static str>,
    /// `first-seen` where the outlet gave no date.
    #[serde(skip_serializing_if = "Option::is_none")]
    date_from: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    section: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<Picture<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rights: Option<Rights<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also_at: Vec<AlsoAt<'a>>,
}

#[derive(Serialize)]
struct Source<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    id: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    home_page_url: Option<&'a str>,
}

#[derive(Serialize)]
struct Picture<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alt: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caption: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credit: Option<&'a str>,
}

#[derive(Serialize)]
struct Rights<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    copyright: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    license: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    usage: &'a [Cow<'a, str>],
}

#[derive(Serialize)]
struct AlsoAt<'a> {
    outlet: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    url: &'a str,
}

pub(super) fn write(snapshot: &FeedSnapshot, out: &mut dyn Write) -> Result<(), RenderError> {
    let view = FeedView::new(snapshot);
    let feed = Document {
        version: "https://jsonfeed.org/version/1.1",
        title: &view.title,
        home_page_url: &view.home,
        // it stands for the feed, on all of its pages
        feed_url: snapshot.main_address(Format::Json),
        next_url: snapshot.previous_address(Format::Json),
        description: view.description.as_deref(),
        icon: view.icon,
        authors: [Person { name: Some(&view.author), url: None }],
        language: view.language.as_deref(),
        hubs: view.hub.filter(|_| snapshot.archive.is_none()).map(|url| [Hub { r#type: "WebSub", url }]),
        extension: FeedExtension { id: &view.urn, rights: view.rights.as_deref() },
        items: Items(&snapshot.items),
    };
    let formatter = PrettyFormatter::with_indent(b" ");
    feed.serialize(&mut serde_json::Serializer::with_formatter(&mut *out, formatter))?;
    out.write_all(b"\n")?;
    Ok(())
}

fn wire<'a>(item: &'a ItemView<'a>) -> Entry<'a> {
    let html = item.html.as_deref();
    // a content is required: the title stands in
    let text = html
        .is_none()
        .then(|| unmarked(Cow::Borrowed(item.text.as_deref().or(item.summary.as_deref()).unwrap_or(&item.title))));
    Entry {
        id: &item.id,
        url: item.url,
        external_url: item.external_url,
        title: &item.title,
        content_html: html,
        content_text: text,
        summary: item.summary.as_deref().map(|summary| unmarked(Cow::Borrowed(summary))),
        image: item.image.as_ref().map(|image| image.url),
        date_published: item.published.to_rfc3339(),
        date_modified: item.modified.map(|modified| modified.to_rfc3339()),
        authors: item.authors.iter().map(|author| Person { name: author.name.as_deref(), url: author.url }).collect(),
        tags: &item.tags,
        language: item.language.as_deref(),
        attachments: item.attachments.iter().map(attachment).collect(),
        extension: extension(item),
    }
}

fn attachment<'a>(attachment: &'a AttachmentView<'a>) -> Attachment<'a> {
    Attachment {
        url: attachment.url,
        mime_type: &attachment.media_type,
        title: attachment.title.as_deref(),
        size_in_bytes: attachment.size,
        duration_in_seconds: attachment.duration,
    }
}

fn extension<'a>(item: &'a ItemView<'a>) -> Extension<'a> {
    let rights = Rights { copyright: item.copyright.as_deref(), license: item.license, usage: &item.usage };
    let known = rights.copyright.is_some() || rights.license.is_some() || !rights.usage.is_empty();
    Extension {
        source: Source {
            id: &item.source.id,
            title: &item.source.title,
            url: item.source.url,
            home_page_url: item.source.home,
        },
        outlet: &item.outlet,
        date_precision: item.day_only.then_some("day"),
        date_from: item.undated.then_some("first-seen"),
        section: item.section.as_deref(),
        image: item.image.as_ref().and_then(picture),
        rights: known.then_some(rights),
        also_at: item.also_at.iter().map(also).collect(),
    }
}

fn picture<'a>(image: &'a ImageView<'a>) -> Option<Picture<'a>> {
    let picture = Picture {
        width: image.width,
        height: image.height,
        alt: image.alt.as_deref(),
        caption: image.caption.as_deref(),
        credit: image.credit.as_deref(),
    };
    let texts = [picture.alt, picture.caption, picture.credit];
    (texts.iter().any(Option::is_some) || picture.width.is_some() || picture.height.is_some()).then_some(picture)
}

fn also<'a>(also: &'a AlsoView<'a>) -> AlsoAt<'a> {
    AlsoAt { outlet: &also.outlet, title: also.title.as_deref(), url: also.url }
}
