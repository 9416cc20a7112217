//! What was seen, for people.

use std::fmt::Write as _;

use super::Item;
use crate::model::SourceListing;
use crate::report::{ShownFeed, count, date_text};

/// A feed: its facts, then its items as [`item`] shows them.
pub fn feed(shown: &ShownFeed<'_>, items: impl ExactSizeIterator<Item = String>) -> String {
    let feed = shown.feed;
    let title = shown.title.filter(|title| !title.is_empty()).unwrap_or("a feed without title");
    let mut text = format!("{title} ({}, {})\n", feed.format, count(items.len(), "item", ""));
    for (name, value) in [("page", &feed.home_page_url), ("feed", &feed.feed_url), ("language", &feed.language)] {
        if let Some(value) = value {
            let _ = writeln!(text, "  {name:9} {value}");
        }
    }
    for warning in shown.warnings {
        let _ = writeln!(text, "  warning   line {}, column {}: {}", warning.line, warning.column, warning.message);
    }
    text.extend(items);
    text.trim_end().to_owned()
}

/// A list of stories: its facts, then its stories as [`item`] shows them.
pub fn listing(listing: &SourceListing, items: impl ExactSizeIterator<Item = String>) -> String {
    let title = listing.title.as_deref().unwrap_or("a list without title");
    let mut text = format!("{title} ({}, {})\n", listing.rung, count(items.len(), "item", ""));
    for (address, _) in &listing.feeds {
        let _ = writeln!(text, "  feed      {address}");
    }
    text.extend(items);
    text.trim_end().to_owned()
}

/// An index of sitemaps: the files that it names.
pub fn sitemap_index(listing: &SourceListing) -> String {
    let mut text = format!("an index of sitemaps ({})\n", count(listing.children.len(), "file", ""));
    for (address, changed) in &listing.children {
        let _ = writeln!(text, "  {:10} {address}", changed.as_deref().unwrap_or("no date"));
    }
    text.trim_end().to_owned()
}

/// An item of a feed, in a line or two.
pub fn item(item: &Item) -> String {
    let date = item.article.date_published.as_ref().map_or_else(|| "no date".to_owned(), date_text);
    let mut text = format!("\n{date}  {}\n", item.headline());
    if let Some(url) = &item.article.url {
        let _ = writeln!(text, "  {url}");
    }
    text
}

/// An article: field by field.
pub fn article(item: &Item) -> String {
    let (article, presented) = (&item.article, &item.presented);
    let mut text = format!("{}\n", item.headline());
    let names: Vec<&str> = article.authors.iter().filter_map(|author| author.name.as_deref()).collect();
    let image = presented.image.as_ref();
    let fields = [
        ("url", article.canonical_url.clone().or_else(|| article.url.clone())),
        ("published", article.date_published.as_ref().map(date_text)),
        ("modified", article.date_modified.as_ref().map(date_text)),
        ("authors", (!names.is_empty()).then(|| names.join(", "))),
        ("site", article.site_name.clone()),
        ("section", article.section.clone()),
        ("tags", (!article.tags.is_empty()).then(|| article.tags.join(", "))),
        ("language", presented.language.clone()),
        ("image", image.map(|image| image.url.clone())),
        ("caption", image.and_then(|image| image.caption.clone())),
        ("credit", image.and_then(|image| image.credit.clone())),
        ("summary", presented.summary.clone()),
    ];
    for (name, value) in fields {
        if let Some(value) = value {
            let _ = writeln!(text, "  {name:9} {value}");
        }
    }
    if let Some(body) = &presented.content_text {
        let _ = write!(text, "\n{body}");
    }
    text.trim_end().to_owned()
}
