//! Pages for people: one for each feed, and an index. No script, strict Content-Security-Policy.

use std::borrow::Cow;
use std::io::Write;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset};
use minijinja::value::{Enumerator, Object, ObjectRepr, Serde, Value};
use serde::Serialize;

use super::value::{is_right_to_left, language, writable};
use super::view::{FeedView, ItemView, label, paragraphs};
use super::words::{Words, words};
use super::{RenderError, pictures, theme, words as speech};
use crate::model::{FeedInfo, FeedSnapshot, Format, Item, SiteInfo, Trouble};

/// A feed as the index shows it.
#[derive(Clone, Debug)]
pub struct FeedCard {
    pub feed: FeedInfo,
    pub items: usize,
    pub updated: Option<DateTime<FixedOffset>>,
}

#[derive(Serialize)]
struct Page<'a> {
    title: &'a str,
    description: Option<&'a str>,
    language: Option<&'a str>,
    dir: &'static str,
    author: Option<&'a str>,
    rights: Option<&'a str>,
    site_title: Option<&'a str>,
    site_url: &'a str,
    words: &'static Words,
    words_language: &'static str,
    words_dir: &'static str,
    pictures: bool,
    updated: Option<Stamp>,
    troubles: Vec<TroubleLine<'a>>,
    links: Vec<FormatLink>,
    items: Value,
    feeds: Vec<Card<'a>>,
}

/// What is wrong with a source.
#[derive(Serialize)]
struct TroubleLine<'a> {
    source: Cow<'a, str>,
    what: &'static str,
    since: Stamp,
}

#[derive(Serialize)]
struct FormatLink {
    name: &'static str,
    media_type: &'static str,
    url: String,
}

#[derive(Serialize)]
struct Stamp {
    machine: String,
    people: String,
}

#[derive(Serialize)]
struct Entry<'a> {
    anchor: String,
    title: &'a str,
    url: Option<&'a str>,
    language: Option<&'a str>,
    dir: &'static str,
    outlet: &'a str,
    authors: Vec<&'a str>,
    published: Stamp,
    updated: Option<Stamp>,
    undated: bool,
    summary: Option<&'a str>,
    content: Option<Cow<'a, str>>,
    image: Option<Picture<'a>>,
    attachments: Vec<File<'a>>,
    tags: Vec<&'a str>,
    also_at: Vec<Also<'a>>,
}

#[derive(Serialize)]
struct Picture<'a> {
    url: &'a str,
    alt: &'a str,
    width: Option<u32>,
    height: Option<u32>,
    caption: Option<&'a str>,
    credit: Option<&'a str>,
}

#[derive(Serialize)]
struct File<'a> {
    url: &'a str,
    title: &'a str,
}

#[derive(Serialize)]
struct Also<'a> {
    url: &'a str,
    outlet: &'a str,
}

#[derive(Serialize)]
struct Card<'a> {
    title: String,
    description: Option<String>,
    language: Option<String>,
    url: Option<String>,
    items: usize,
    updated: Option<Stamp>,
    links: Vec<FormatLink>,
    id: &'a str,
}

/// Writes the page of a feed.
pub(super) fn write(snapshot: &FeedSnapshot, out: &mut dyn Write) -> Result<(), RenderError> {
    let feed = FeedView::new(snapshot);
    let (words_language, words) = words(feed.language.as_deref());
    let pictures = snapshot.feed.pictures;
    let page = Page {
        title: &feed.title,
        description: feed.description.as_deref(),
        language: feed.language.as_deref(),
        dir: direction(feed.language.as_deref()),
        author: Some(&feed.author),
        rights: feed.rights.as_deref(),
        site_title: feed.site_title.as_deref(),
        site_url: &snapshot.site.base_url,
        words,
        words_language,
        words_dir: speech::direction(words_language),
        pictures,
        updated: snapshot.updated.map(|_| stamp(words, feed.updated, false)),
        troubles: snapshot.troubles.iter().filter_map(|trouble| trouble_line(words, trouble)).collect(),
        links: links(&snapshot.site, &snapshot.feed),
        items: Value::from_object(Entries { items: Arc::clone(&snapshot.items), words, pictures }),
        feeds: Vec::new(),
    };
    theme::render(snapshot.feed.theme.as_deref(), ("feed.html", Value::from(Serde(&page))), out)
}

/// Writes `index.html`: all feeds of the site.
///
/// # Errors
///
/// [`RenderError`], where `out` or a writer fails.
pub fn index(site: &SiteInfo, feeds: &[FeedCard], out: &mut dyn Write) -> Result<(), RenderError> {
    let title = label(&site.title).unwrap_or_else(|| site.base_url.as_str().into());
    let language = site.language.as_deref().and_then(language);
    let author = site.author.as_deref().and_then(label);
    let rights = site.rights.as_deref().and_then(label);
    let newest = feeds.iter().filter_map(|card| card.updated).max();
    let (words_language, words) = words(language.as_deref());
    let page = Page {
        title: &title,
        description: None,
        language: language.as_deref(),
        dir: direction(language.as_deref()),
        author: author.as_deref(),
        rights: rights.as_deref(),
        site_title: None,
        site_url: &site.base_url,
        words,
        words_language,
        words_dir: speech::direction(words_language),
        pictures: false,
        updated: newest.map(|at| stamp(words, writable(at), false)),
        troubles: Vec::new(),
        links: Vec::new(),
        items: Value::from(Vec::<Value>::new()),
        feeds: feeds.iter().map(|card| self::card(site, card, words)).collect(),
    };
    theme::render(site.theme.as_deref(), ("index.html", Value::from(Serde(&page))), out)
}

/// A source's trouble in a line; the day it began, so that no clock runs in it.
fn trouble_line<'a>(words: &'static Words, trouble: &'a Trouble) -> Option<TroubleLine<'a>> {
    let since = writable(trouble.since.fixed_offset());
    let what = if trouble.is_over { &words.gone } else { &words.unread };
    Some(TroubleLine { source: label(&trouble.source)?, what, since: stamp(words, since, true) })
}

fn card<'a>(site: &SiteInfo, card: &'a FeedCard, words: &Words) -> Card<'a> {
    let feed = &card.feed;
    Card {
        title: label(&feed.title).map_or_else(|| feed.id.clone(), std::borrow::Cow::into_owned),
        description: feed.description.as_deref().and_then(label).map(std::borrow::Cow::into_owned),
        language: feed.language.as_deref().and_then(language).map(std::borrow::Cow::into_owned),
        url: feed.formats.contains(&Format::Html).then(|| format!("{}{}.html", site.base_url, feed.id)),
        items: card.items,
        updated: card.updated.map(|at| stamp(words, writable(at), false)),
        links: links(site, feed),
        id: &feed.id,
    }
}

/// The formats that readers subscribe to.
fn links(site: &SiteInfo, feed: &FeedInfo) -> Vec<FormatLink> {
    let name = |format| match format {
        Format::Rss => Some("RSS"),
        Format::Atom => Some("Atom"),
        Format::Json => Some("JSON"),
        Format::Html => None,
    };
    let link = |&format: &Format| {
        Some(FormatLink {
            name: name(format)?,
            media_type: format.media_type(),
            url: format!("{}{}.{}", site.base_url, feed.id, format.extension()),
        })
    };
    feed.formats.iter().filter_map(link).collect()
}

/// The items of a page, each made when the template comes to it: a long page never holds all of them.
#[derive(Debug)]
struct Entries {
    items: Arc<Vec<Item>>,
    words: &'static Words,
    pictures: bool,
}

impl Object for Entries {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let item = ItemView::new(self.items.get(key.as_usize()?)?);
        Some(Value::from(Serde(&entry(&item, self.words, self.pictures))))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.items.len())
    }
}

fn entry<'a>(item: &'a ItemView<'a>, words: &Words, pictures: bool) -> Entry<'a> {
    Entry {
        anchor: item.anchor.clone(),
        title: &item.title,
        url: item.url.or(item.external_url),
        language: item.language.as_deref(),
        dir: direction(item.language.as_deref()),
        outlet: &item.source.title,
        authors: item.authors.iter().filter_map(|author| author.name.as_deref()).collect(),
        published: stamp(words, item.published, item.day_only),
        updated: item.modified.map(|modified| updated(words, item, modified)),
        undated: item.undated,
        summary: item.summary.as_deref(),
        content: match (item.html.as_deref(), item.text.as_deref()) {
            (Some(html), _) => Some(pictures::late(html, pictures)),
            (None, text) => text.map(|text| paragraphs(text).into()),
        },
        image: item.image.as_ref().filter(|_| pictures).map(|image| Picture {
            url: image.url,
            alt: image.alt.as_deref().unwrap_or_default(),
            width: image.width,
            height: image.height,
            caption: image.caption.as_deref(),
            credit: image.credit.as_deref(),
        }),
        attachments: item
            .attachments
            .iter()
            .map(|file| File {
                url: file.url,
                title: file.title.as_deref().unwrap_or_else(|| file_name(file.url, &file.media_type)),
            })
            .collect(),
        tags: item.tags.iter().map(|tag| &**tag).collect(),
        also_at: item.also_at.iter().map(|also| Also { url: also.url, outlet: &also.outlet }).collect(),
    }
}

/// The `dir` attribute: known for known languages, else left to the text itself.
fn direction(language: Option<&str>) -> &'static str {
    match language {
        Some(language) if is_right_to_left(language) => "rtl",
        Some(_) => "ltr",
        None => "auto",
    }
}

/// When an item was changed; the day is not said twice.
fn updated(words: &Words, item: &ItemView<'_>, modified: DateTime<FixedOffset>) -> Stamp {
    let stamp = stamp(words, modified, false);
    let shown = (item.published.date_naive(), item.published.offset());
    if item.day_only || shown != (modified.date_naive(), modified.offset()) {
        return stamp;
    }
    Stamp { people: format!("{} {}", modified.format("%H:%M"), zone(modified)), ..stamp }
}

fn stamp(words: &Words, at: DateTime<FixedOffset>, day_only: bool) -> Stamp {
    let day = words.day(at);
    if day_only {
        return Stamp { machine: at.format("%Y-%m-%d").to_string(), people: day };
    }
    Stamp { machine: at.to_rfc3339(), people: format!("{day}, {} {}", at.format("%H:%M"), zone(at)) }
}

/// The offset as people write it: `UTC`, `UTC+5`, `UTC−3:30`.
fn zone(at: DateTime<FixedOffset>) -> String {
    let minutes = at.offset().local_minus_utc() / 60;
    let sign = if minutes < 0 { '−' } else { '+' };
    match (minutes.abs() / 60, minutes.abs() % 60) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

/// What a file is called where its outlet does not say: the last part of its address.
fn file_name<'a>(url: &'a str, media_type: &'a str) -> &'a str {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    if name.contains('.') && !path.ends_with(&format!("//{name}")) { name } else { media_type }
}

#[cfg(test)]
mod tests {
    use super::super::tests::snapshot;
    use super::*;

    #[test]
    fn a_change_on_the_same_day_is_told_by_its_time() {
        let snapshot = snapshot();
        let (_, words) = words(Some("en"));
        let told = |published: &str, modified: &str, day_only: bool| {
            let date = |text| DateTime::parse_from_rfc3339(text).expect("a date");
            let item = ItemView { published: date(published), day_only, ..ItemView::new(&snapshot.items[0]) };
            updated(words, &item, date(modified)).people
        };
        let morning = "2026-11-24T08:00:00+05:00";
        for (modified, day_only, expected) in [
            ("2026-11-24T09:30:00+05:00", false, "09:30 UTC+5"),
            ("2026-11-24T09:30:00+05:00", true, "24 November 2026, 09:30 UTC+5"),
            ("2026-11-25T09:30:00+05:00", false, "25 November 2026, 09:30 UTC+5"),
            ("2026-11-24T09:30:00+04:00", false, "24 November 2026, 09:30 UTC+4"),
        ] {
            assert_eq!(told(morning, modified, day_only), expected);
        }
    }

    #[test]
    fn a_plain_text_stands_on_the_page_too() {
        let mut snapshot = snapshot();
        let item = &mut Arc::make_mut(&mut snapshot.items)[0];
        (item.content_html, item.content_text) = (None, Some("One & two\nThree".into()));
        let mut page = Vec::new();
        super::super::render(Format::Html, &snapshot, &mut page).expect("memory takes every byte");
        let page = String::from_utf8(page).expect("UTF-8");
        assert!(page.contains("<div class=\"content\"><p>One &amp; two</p><p>Three</p></div>"), "{page}");
    }
}
