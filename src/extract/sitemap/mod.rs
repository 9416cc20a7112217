//! Sitemaps (sitemaps.org 0.9) with the news and image extensions, and their indexes.

mod unpack;

use chrono::{DateTime, Utc};
use quick_xml::events::Event;
use quick_xml::{Reader, XmlVersion};
use url::Url;

use super::listing;
use crate::address;
use crate::dates::{self, Hints};
use crate::model::{Document, ImageClaim, RawArticle, SourceListing};
pub(super) use unpack::unpacked;

/// Most entries that are kept of one file, newest first: what is older is no news.
const MOST: usize = 500;

/// Most entries of one file that are looked at; the standard allows 50,000.
const MOST_READ: usize = 60_000;

/// Whether a document is a sitemap or an index of them, by its first element.
pub(super) fn is_sitemap(text: &str) -> bool {
    let mut rest = text.trim_start();
    for _ in 0..20 {
        let end = match rest.get(..4) {
            Some("<!--") => rest.find("-->").map(|at| at + 3),
            Some(start) if start.starts_with("<?") => rest.find("?>").map(|at| at + 2),
            _ => None,
        };
        let Some(end) = end else { break };
        rest = rest[end..].trim_start();
    }
    let Some(name) = rest.strip_prefix('<') else { return false };
    let name = name.split(|character: char| character.is_whitespace() || matches!(character, '>' | '/')).next();
    matches!(name.map(local), Some("urlset" | "sitemapindex"))
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// One `url` or `sitemap` of a file.
#[derive(Debug, Default)]
struct Entry {
    address: String,
    changed: String,
    published: String,
    title: String,
    language: String,
    publication: String,
    keywords: String,
    image: String,
    caption: String,
}

/// Reads a sitemap; what is broken behind some place ends the reading there.
#[must_use]
pub fn read(document: &Document, text: &str, now: DateTime<Utc>) -> (SourceListing, Vec<RawArticle>) {
    let base = document.base();
    let (entries, is_index) = entries(text);
    let hints = Hints::at(now);
    let instant = |text: &str| dates::parse_absolute(text, &hints).map(|when| dates::place(when, None).at.to_utc());
    let mut dated: Vec<(Option<DateTime<Utc>>, Entry)> = entries
        .into_iter()
        .map(|entry| {
            let date = if entry.published.is_empty() { &entry.changed } else { &entry.published };
            (instant(date), entry)
        })
        .collect();
    // newest first, those without a date behind them in the file's order
    dated.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let mut listing = SourceListing { rung: "sitemap-index", ..SourceListing::default() };
    if is_index {
        let child = |entry: Entry| {
            let changed = Some(entry.changed).filter(|text| !text.is_empty());
            Some((address::resolve(Some(&base), &entry.address)?, changed))
        };
        listing.children = dated.into_iter().filter_map(|(_, entry)| child(entry)).take(MOST).collect();
        return (listing, Vec::new());
    }
    let is_news = dated.iter().any(|(_, entry)| !entry.title.is_empty() || !entry.published.is_empty());
    listing.rung = if is_news { "news-sitemap" } else { "sitemap" };
    listing.site_name = dated.iter().map(|(_, entry)| &entry.publication).find(|name| !name.is_empty()).cloned();
    let items = dated.into_iter().filter_map(|(_, entry)| article(&entry, &base, is_news)).take(MOST);
    (listing, items.collect())
}

/// An entry as claims; `None` where its address is none of a story.
fn article(entry: &Entry, base: &Url, is_news: bool) -> Option<RawArticle> {
    let url = address::resolve(Some(base), &entry.address).filter(|url| url.starts_with("http"))?;
    if !is_news && !listing::is_story_address(&url, base) {
        return None;
    }
    let changed = if entry.changed.is_empty() { &entry.published } else { &entry.changed };
    let claim = |from, text: &str| (!text.is_empty()).then(|| listing::claim(from, text));
    let image = address::resolve(Some(base), &entry.image).map(|url| ImageClaim {
        from: "sitemap:image",
        url,
        caption: Some(entry.caption.clone()).filter(|caption| !caption.is_empty()),
        ..ImageClaim::default()
    });
    let keywords = entry.keywords.split(',').map(str::trim);
    Some(RawArticle {
        fingerprint: listing::fingerprint(&url, &entry.title, changed),
        urls: vec![listing::claim("sitemap:loc", &url)],
        titles: claim("sitemap:news:title", &entry.title).into_iter().collect(),
        published: claim("sitemap:news:publication_date", &entry.published).into_iter().collect(),
        modified: claim("sitemap:lastmod", &entry.changed).into_iter().collect(),
        languages: claim("sitemap:news:language", &entry.language).into_iter().collect(),
        site_names: claim("sitemap:news:name", &entry.publication).into_iter().collect(),
        tags: keywords.filter_map(|keyword| claim("sitemap:news:keywords", keyword)).collect(),
        images: image.into_iter().collect(),
        base: Some(base.clone()),
        ..RawArticle::default()
    })
}

/// The entries of a file, and whether it is an index.
fn entries(text: &str) -> (Vec<Entry>, bool) {
    const LONGEST: usize = 4000;
    /// Names of elements nested deeper are not kept: none of them is known.
    const DEEPEST: usize = 8;
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut entries = Vec::new();
    let mut is_index = false;
    let mut entry: Option<Entry> = None;
    let mut path: Vec<String> = Vec::new();
    let mut depth = 0_usize;
    let mut value = String::new();
    while entries.len() < MOST_READ {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                let name = start.name().as_ref().to_ascii_lowercase();
                is_index |= local(&name) == "sitemapindex";
                if matches!(local(&name), "url" | "sitemap") && path.len() <= 1 {
                    entry = Some(Entry::default());
                }
                if depth < DEEPEST {
                    path.push(name);
                }
                depth += 1;
                value.clear();
            }
            Ok(Event::Text(text)) if value.len() < LONGEST => {
                value.push_str(&text.xml_content(XmlVersion::Implicit1_0));
            }
            Ok(Event::CData(data)) if value.len() < LONGEST => value.push_str(&data),
            Ok(Event::GeneralRef(reference)) if value.len() < LONGEST => {
                value.push_str(&htmlize::unescape(format!("&{};", &*reference)));
            }
            Ok(Event::End(_)) => {
                depth = depth.saturating_sub(1);
                if depth >= DEEPEST {
                    value.clear();
                    continue;
                }
                let Some(name) = path.pop() else { continue };
                let parent = path.last().map_or("", |name| local(name));
                if let Some(entry) = &mut entry {
                    entry.set((parent, &name), value.trim());
                }
                value.clear();
                if matches!(local(&name), "url" | "sitemap")
                    && let Some(done) = entry.take()
                    && !done.address.is_empty()
                {
                    entries.push(done);
                }
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    (entries, is_index)
}

impl Entry {
    fn set(&mut self, (parent, name): (&str, &str), value: &str) {
        let field = match (parent, local(name)) {
            ("url" | "sitemap", "loc") => &mut self.address,
            ("url" | "sitemap", "lastmod") => &mut self.changed,
            ("news", "publication_date") => &mut self.published,
            ("news", "title") => &mut self.title,
            ("news", "keywords") => &mut self.keywords,
            ("publication", "language") => &mut self.language,
            ("publication", "name") => &mut self.publication,
            ("image", "loc") => &mut self.image,
            ("image", "caption" | "title") => &mut self.caption,
            _ => return,
        };
        if field.is_empty() {
            value.clone_into(field);
        }
    }
}

#[cfg(test)]
mod tests;
