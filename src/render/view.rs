//! A feed as renderers see it: every text legal, every address and date writable.
//!
//! Renderers take their values from here and nowhere else, so that no format can forget a filter.

use std::borrow::Cow;

use chrono::{DateTime, FixedOffset};
use uuid::Uuid;

use super::legal::{escape_html, legal, line, unmarked};
use super::value::{language, media_type, writable};
use crate::address::publishable;
use crate::model::{Attachment, FeedSnapshot, Format, Image, Item, Person, Precision};

type Text<'a> = Cow<'a, str>;

/// The facts of a feed.
pub(super) struct FeedView<'a> {
    pub title: Text<'a>,
    pub description: Option<Text<'a>>,
    pub language: Option<Text<'a>>,
    pub icon: Option<&'a str>,
    pub hub: Option<&'a str>,
    /// Who stands behind the feed: never empty.
    pub author: Text<'a>,
    pub rights: Option<Text<'a>>,
    pub site_title: Option<Text<'a>>,
    pub urn: Text<'a>,
    /// The page for people: the feed's own, else the site's.
    pub home: String,
    pub updated: DateTime<FixedOffset>,
}

impl<'a> FeedView<'a> {
    pub(super) fn new(snapshot: &'a FeedSnapshot) -> Self {
        let (site, feed) = (&snapshot.site, &snapshot.feed);
        let title = label(&feed.title).unwrap_or_else(|| legal(&feed.id));
        let site_title = label(&site.title);
        let author = feed.author.as_deref().or(site.author.as_deref()).and_then(label);
        let page = feed.formats.contains(&Format::Html);
        Self {
            author: author.or_else(|| site_title.clone()).unwrap_or_else(|| title.clone()),
            description: feed.description.as_deref().and_then(label),
            language: feed.language.as_deref().or(site.language.as_deref()).and_then(language),
            icon: feed.icon.as_deref().or(site.icon.as_deref()).and_then(publishable),
            hub: feed.hub.as_deref().and_then(publishable),
            rights: feed.rights.as_deref().or(site.rights.as_deref()).and_then(label),
            urn: legal(&feed.urn),
            home: if page { snapshot.main_address(Format::Html) } else { site.base_url.clone() },
            updated: writable(snapshot.updated.unwrap_or_default()),
            title,
            site_title,
        }
    }
}

/// One item.
pub(super) struct ItemView<'a> {
    pub anchor: String,
    pub id: Text<'a>,
    pub url: Option<&'a str>,
    pub external_url: Option<&'a str>,
    pub title: Text<'a>,
    pub authors: Vec<AuthorView<'a>>,
    pub published: DateTime<FixedOffset>,
    /// Only where later than `published`.
    pub modified: Option<DateTime<FixedOffset>>,
    pub day_only: bool,
    pub undated: bool,
    pub language: Option<Text<'a>>,
    pub summary: Option<Text<'a>>,
    pub html: Option<Text<'a>>,
    pub text: Option<Text<'a>>,
    pub image: Option<ImageView<'a>>,
    pub attachments: Vec<AttachmentView<'a>>,
    pub tags: Vec<Text<'a>>,
    pub section: Option<Text<'a>>,
    pub copyright: Option<Text<'a>>,
    pub license: Option<&'a str>,
    pub usage: Vec<Text<'a>>,
    pub outlet: Text<'a>,
    pub source: SourceView<'a>,
    pub also_at: Vec<AlsoView<'a>>,
}

pub(super) struct AuthorView<'a> {
    pub name: Option<Text<'a>>,
    pub url: Option<&'a str>,
}

pub(super) struct ImageView<'a> {
    pub url: &'a str,
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub alt: Option<Text<'a>>,
    pub caption: Option<Text<'a>>,
    pub credit: Option<Text<'a>>,
}

pub(super) struct AttachmentView<'a> {
    pub url: &'a str,
    pub media_type: Text<'a>,
    pub title: Option<Text<'a>>,
    pub size: Option<u64>,
    pub duration: Option<u64>,
}

pub(super) struct SourceView<'a> {
    pub id: Text<'a>,
    /// Never empty.
    pub title: Text<'a>,
    pub url: Option<&'a str>,
    pub home: Option<&'a str>,
}

pub(super) struct AlsoView<'a> {
    pub outlet: Text<'a>,
    pub title: Option<Text<'a>>,
    pub url: &'a str,
}

impl<'a> ItemView<'a> {
    pub(super) fn new(item: &'a Item) -> Self {
        let Essence { id, url, title, published, modified, html, text, also_at } = Essence::new(item);
        let outlet = label(&item.outlet);
        let rights = item.rights.as_deref();
        let source = SourceView {
            title: source_title(item),
            id: legal(&item.source.id),
            url: publishable(&item.source.url),
            home: item.source.home_page_url.as_deref().and_then(publishable),
        };
        Self {
            anchor: item.anchor(),
            id,
            url,
            external_url: item.external_url.as_deref().and_then(publishable),
            title,
            authors: item.authors.iter().filter_map(author).collect(),
            published,
            modified,
            day_only: item.date_published.precision == Precision::Day,
            undated: item.undated,
            language: item.language.as_deref().and_then(language),
            summary: item.summary.as_deref().and_then(block),
            html,
            text,
            image: item.image.as_deref().and_then(image),
            attachments: item.attachments.iter().filter_map(attachment).collect(),
            tags: tags(&item.tags),
            section: item.section.as_deref().and_then(label),
            copyright: rights.and_then(|rights| rights.copyright.as_deref()).and_then(label),
            license: rights.and_then(|rights| rights.license.as_deref()).and_then(publishable),
            usage: rights.into_iter().flat_map(|rights| &rights.usage).filter_map(|signal| label(signal)).collect(),
            outlet: outlet.unwrap_or_else(|| source.title.clone()),
            source,
            also_at,
        }
    }

    /// When the item was last changed: `modified`, else `published`.
    pub(super) fn updated(&self) -> DateTime<FixedOffset> {
        self.modified.unwrap_or(self.published)
    }

    /// The full content as HTML, the other outlets of the story named at its end.
    pub(super) fn content(&mut self) -> Option<Text<'a>> {
        content((self.html.take(), self.text.as_deref()), &self.also_at)
    }

    /// The summary as HTML; with the other outlets of the story where there is `no_content`.
    pub(super) fn summary_html(&self, no_content: bool) -> Option<Text<'a>> {
        let also = if no_content { also_html(&self.also_at) } else { None };
        let summary = self.summary.as_ref().map(|summary| match summary {
            Cow::Borrowed(summary) => escape_html(summary),
            Cow::Owned(summary) => Cow::Owned(escape_html(summary).into_owned()),
        });
        match (summary, also) {
            (Some(summary), Some(also)) => Some(Cow::Owned(format!("<p>{summary}</p>{also}"))),
            (None, Some(also)) => Some(Cow::Owned(also)),
            (summary, None) => summary,
        }
    }

    /// A permanent id of the item's source, for `atom:source`.
    ///
    /// The source feed's own id may be no URI at all; one made from its address always is.
    pub(super) fn source_urn(&self, base_url: &str) -> String {
        let name = self.source.url.map_or_else(|| format!("{base_url}#{}", self.source.id), str::to_owned);
        Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()).urn().to_string()
    }
}

/// What every reader must find of an item.
pub(super) struct Essence<'a> {
    pub id: Text<'a>,
    pub url: Option<&'a str>,
    pub title: Text<'a>,
    pub published: DateTime<FixedOffset>,
    /// Only where later than `published`.
    pub modified: Option<DateTime<FixedOffset>>,
    pub html: Option<Text<'a>>,
    pub text: Option<Text<'a>>,
    pub also_at: Vec<AlsoView<'a>>,
}

impl<'a> Essence<'a> {
    pub(super) fn new(item: &'a Item) -> Self {
        let published = writable(item.date_published.at);
        Self {
            id: legal(&item.uid),
            url: item.url.as_deref().and_then(publishable),
            title: line(&item.title).or_else(|| line(&item.uid)).unwrap_or_else(|| source_title(item)),
            published,
            modified: item.date_modified.map(|modified| writable(modified.at)).filter(|modified| *modified > published),
            html: item.content_html.as_ref().map(|html| legal(html.as_str())).filter(|html| !html.trim().is_empty()),
            text: item.content_text.as_deref().and_then(block),
            also_at: item.also_at.iter().filter_map(also).collect(),
        }
    }
}

/// The name of an item's source: never empty.
fn source_title(item: &Item) -> Text<'_> {
    let named = label(&item.source.title).or_else(|| label(&item.outlet)).or_else(|| label(&item.source.id));
    named.unwrap_or_else(|| legal(&item.uid))
}

/// The full content as HTML, the other outlets of the story named at its end.
pub(super) fn content<'a>(
    (html, text): (Option<Text<'a>>, Option<&str>),
    also_at: &[AlsoView<'_>],
) -> Option<Text<'a>> {
    let html = html.or_else(|| text.map(paragraphs).map(Cow::Owned))?;
    Some(match also_html(also_at) {
        None => html,
        Some(also) => Cow::Owned(html.into_owned() + &also),
    })
}

fn also_html(also_at: &[AlsoView<'_>]) -> Option<String> {
    if also_at.is_empty() {
        return None;
    }
    let links: Vec<String> = also_at
        .iter()
        .map(|also| format!("<a href=\"{}\">{}</a>", escape_html(also.url), escape_html(&also.outlet)))
        .collect();
    Some(format!("<p>Also at: {}</p>", links.join(", ")))
}

/// A short text that is no headline: one line that nobody takes for markup.
pub(super) fn label(text: &str) -> Option<Text<'_>> {
    line(text).map(unmarked)
}

/// A longer plain text.
fn block(text: &str) -> Option<Text<'_>> {
    let text = match legal(text) {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    };
    crate::model::is_visible(&text).then_some(text)
}

/// Plain text as HTML paragraphs, one for each line.
pub(super) fn paragraphs(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 16);
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        html.push_str("<p>");
        html.push_str(&escape_html(line));
        html.push_str("</p>");
    }
    html
}

fn author(author: &Person) -> Option<AuthorView<'_>> {
    let name = author.name.as_deref().and_then(label);
    let url = author.url.as_deref().and_then(publishable);
    (name.is_some() || url.is_some()).then_some(AuthorView { name, url })
}

fn image(image: &Image) -> Option<ImageView<'_>> {
    Some(ImageView {
        url: publishable(&image.url)?,
        width: image.width.filter(|&width| width > 0),
        height: image.height.filter(|&height| height > 0),
        alt: image.alt.as_deref().and_then(label),
        caption: image.caption.as_deref().and_then(label),
        credit: image.credit.as_deref().and_then(label),
    })
}

fn attachment(attachment: &Attachment) -> Option<AttachmentView<'_>> {
    Some(AttachmentView {
        url: publishable(&attachment.url)?,
        media_type: media_type(attachment.mime_type.as_deref(), &attachment.url),
        title: attachment.title.as_deref().and_then(label),
        size: attachment.size_in_bytes.filter(|&size| size > 0),
        duration: attachment.duration_in_seconds,
    })
}

fn also(also: &crate::model::AlsoAt) -> Option<AlsoView<'_>> {
    let url = publishable(&also.url)?;
    Some(AlsoView { outlet: label(&also.outlet).unwrap_or(Cow::Borrowed(url)), title: label(&also.title), url })
}

/// Tags in their order, each once.
fn tags(tags: &[String]) -> Vec<Text<'_>> {
    let mut seen = std::collections::HashSet::new();
    tags.iter().filter_map(|tag| label(tag)).filter(|tag| seen.insert(tag.clone())).collect()
}
