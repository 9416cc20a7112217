//! What was seen, for people.

use std::fmt::Write as _;

use super::Item;
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
