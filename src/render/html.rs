//! Pages for people: one for each feed, and an index. No script, strict Content-Security-Policy.

use std::io::Write;
use std::sync::LazyLock;

use chrono::{DateTime, FixedOffset};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment};
use serde::Serialize;

use super::RenderError;
use super::legal::escape_html;
use super::value::{is_right_to_left, language, writable};
use super::view::{FeedView, ItemView, label};
use crate::model::{FeedInfo, FeedSnapshot, Format, SiteInfo};

/// The style sheet; it stands in each page, allowed by its hash alone.
const STYLE: &str = include_str!("templates/style.css");

/// SHA-256 of [`STYLE`] in base64 (CSP Level 3 §2.3.1); a test computes it.
const STYLE_HASH: &str = "sha256-xsu6+b/JlsK7TN+dvC1s7+wmMO2H5CrGV+EH9dktH4U=";

static PAGES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut pages = Environment::new();
    pages.set_auto_escape_callback(|_| AutoEscape::Html);
    // the built-in formatter escapes slashes too, which only makes addresses long
    pages.set_formatter(|out, _, value| {
        match value.as_str() {
            Some(text) if !value.is_safe() => out.write_str(&escape_html(text))?,
            None if value.is_undefined() || value.is_none() => {}
            _ => write!(out, "{value}")?,
        }
        Ok(())
    });
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    pages.set_syntax(syntax.expect("the standard delimiters are valid"));
    for (name, source) in [
        ("head", include_str!("templates/head.html")),
        ("feed", include_str!("templates/feed.html")),
        ("index", include_str!("templates/index.html")),
    ] {
        pages.add_template(name, source).expect("a test renders every template");
    }
    pages
});

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
    style: &'static str,
    style_hash: &'static str,
    updated: Option<Stamp>,
    links: Vec<FormatLink>,
    items: Vec<Entry<'a>>,
    feeds: Vec<Card<'a>>,
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
    content: Option<&'a str>,
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
    let views: Vec<ItemView<'_>> = snapshot.items.iter().map(ItemView::new).collect();
    let site_title = feed.site_title.as_deref();
    let page = Page {
        title: &feed.title,
        description: feed.description.as_deref(),
        language: feed.language.as_deref(),
        dir: direction(feed.language.as_deref()),
        author: Some(&feed.author),
        rights: feed.rights.as_deref(),
        site_title,
        site_url: &snapshot.site.base_url,
        style: STYLE,
        style_hash: STYLE_HASH,
        updated: snapshot.updated.map(|_| stamp(feed.updated, false)),
        links: links(&snapshot.site, &snapshot.feed),
        items: views.iter().map(entry).collect(),
        feeds: Vec::new(),
    };
    page_to(out, "feed", &page)
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
    let page = Page {
        title: &title,
        description: None,
        language: language.as_deref(),
        dir: direction(language.as_deref()),
        author: author.as_deref(),
        rights: rights.as_deref(),
        site_title: None,
        site_url: &site.base_url,
        style: STYLE,
        style_hash: STYLE_HASH,
        updated: newest.map(|at| stamp(writable(at), false)),
        links: Vec::new(),
        items: Vec::new(),
        feeds: feeds.iter().map(|card| self::card(site, card)).collect(),
    };
    page_to(out, "index", &page)
}

fn page_to(out: &mut dyn Write, name: &str, page: &Page<'_>) -> Result<(), RenderError> {
    let page = PAGES.get_template(name)?.render(Value::from(Serde(page)))?;
    out.write_all(page.as_bytes())?;
    out.write_all(b"\n")?;
    Ok(())
}

fn card<'a>(site: &SiteInfo, card: &'a FeedCard) -> Card<'a> {
    let feed = &card.feed;
    Card {
        title: label(&feed.title).map_or_else(|| feed.id.clone(), std::borrow::Cow::into_owned),
        description: feed.description.as_deref().and_then(label).map(std::borrow::Cow::into_owned),
        language: feed.language.as_deref().and_then(language).map(std::borrow::Cow::into_owned),
        url: feed.formats.contains(&Format::Html).then(|| format!("{}{}.html", site.base_url, feed.id)),
        items: card.items,
        updated: card.updated.map(|at| stamp(writable(at), false)),
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

fn entry<'a>(item: &'a ItemView<'a>) -> Entry<'a> {
    Entry {
        anchor: item.anchor.clone(),
        title: &item.title,
        url: item.url.or(item.external_url),
        language: item.language.as_deref(),
        dir: direction(item.language.as_deref()),
        outlet: &item.source.title,
        authors: item.authors.iter().filter_map(|author| author.name.as_deref()).collect(),
        published: stamp(item.published, item.day_only),
        updated: item.modified.map(|modified| stamp(modified, false)),
        undated: item.undated,
        summary: item.summary.as_deref(),
        content: item.html.as_deref(),
        image: item.image.as_ref().map(|image| Picture {
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
            .map(|file| File { url: file.url, title: file.title.as_deref().unwrap_or(&file.media_type) })
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

fn stamp(at: DateTime<FixedOffset>, day_only: bool) -> Stamp {
    if day_only {
        return Stamp { machine: at.format("%Y-%m-%d").to_string(), people: at.format("%-d %b %Y").to_string() };
    }
    let zone = if at.offset().local_minus_utc() == 0 { "UTC".to_owned() } else { at.format("%:z").to_string() };
    Stamp { machine: at.to_rfc3339(), people: format!("{} {zone}", at.format("%-d %b %Y, %H:%M")) }
}
