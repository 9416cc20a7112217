//! Articles as items, and items as the input of renderers.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use chrono::Utc;
use xxhash_rust::xxh3::xxh3_128;

use super::Content;
use super::usage::allowed;
use crate::address;
use crate::model::{
    AlsoAt, Article, Dated, FeedInfo, FeedSnapshot, Format, Item, ItemSource, Precision, Presented, SiteInfo, Stored,
    Text, ZoneFrom, is_visible,
};

/// At most so many characters of a title that is made from the text.
const TITLE_CHARS: usize = 80;

/// What an item is made from beside its stored article.
#[derive(Clone, Debug)]
pub struct Parts {
    pub presented: Presented,
    pub source: Arc<ItemSource>,
    /// The other articles of its story, where the feed shows one of them.
    pub also_at: Vec<AlsoAt>,
    /// What the feed's config wants, else [`Content::usual`].
    pub content: Content,
}

/// An article as it stands in a feed.
#[must_use]
pub fn item(stored: Stored, parts: Parts) -> Item {
    let Stored { uid, outlet, first_seen, article, .. } = stored;
    let Parts { presented, source, also_at, content } = parts;
    let allowed = allowed(content, &article.rights.usage);
    let given = article.title.filter(|title| is_visible(title));
    let titled = given.is_some();
    let texts = [presented.content_text.as_deref(), presented.summary.as_deref(), article.url.as_deref()];
    let title = given.unwrap_or_else(|| first_words(texts, &uid));
    let seen = Dated { at: first_seen.fixed_offset(), precision: Precision::Time, zone: ZoneFrom::Text };
    let full = allowed.content == Content::Full;
    Item {
        title,
        titled,
        url: article.url,
        external_url: article.external_url,
        authors: article.authors,
        undated: article.date_published.is_none(),
        date_published: article.date_published.unwrap_or(seen),
        date_modified: article.date_modified,
        first_seen,
        language: presented.language.or(article.language),
        summary: presented.summary.filter(|_| allowed.content != Content::Link).map(|text| cut(text, allowed.snippet)),
        // no format writes the text beside the HTML, and a large window would hold all of it
        content_text: presented.content_text.filter(|_| full && presented.content_html.is_none()),
        content_html: presented.content_html.filter(|_| full),
        image: article.image.or(presented.image).filter(|image| allowed.image && !image.url.is_empty()).map(Box::new),
        attachments: article.attachments,
        tags: article.tags,
        section: article.section,
        rights: (!article.rights.is_empty()).then(|| Box::new(article.rights)),
        uid,
        outlet,
        source,
        also_at,
    }
}

/// What a feed published of an article, as an article again: for `history/ID.json`.
///
/// Composed once more it gives the same item, with a made title taken for a given one: the text it
/// was made from may not be published. It holds nothing that the feed did not publish, and no text
/// where `without_text`.
#[must_use]
pub fn released(item: &Item, without_text: bool) -> Article {
    let body = match (&item.content_html, &item.content_text) {
        _ if without_text => None,
        (Some(html), _) => Some(Text::html(html.as_str())),
        (None, Some(text)) => Some(Text::plain(text.as_str())),
        (None, None) => None,
    };
    Article {
        url: item.url.clone(),
        external_url: item.external_url.clone(),
        title: Some(item.title.clone()),
        authors: item.authors.clone(),
        date_published: (!item.undated).then_some(item.date_published),
        date_modified: item.date_modified,
        language: item.language.clone(),
        summary: item.summary.as_deref().map(Text::plain),
        body,
        base: item.url.clone(),
        image: item.image.as_deref().cloned(),
        attachments: item.attachments.clone(),
        tags: item.tags.clone(),
        section: item.section.clone(),
        rights: item.rights.as_deref().cloned().unwrap_or_default(),
        ..Article::default()
    }
}

/// The format whose document holds the text of an item so that it can be read back byte for byte.
///
/// RSS and Atom name other outlets of the story within the text, and readers of XML trim it.
#[must_use]
pub fn text_in(item: &Item, formats: &[Format]) -> Option<Format> {
    let html = item.content_html.as_ref()?.as_str();
    let is_exact = |format: &Format| match format {
        Format::Json => true,
        Format::Atom | Format::Rss => item.also_at.is_empty() && html.trim() == html && !html.contains('\r'),
        Format::Html => false,
    };
    [Format::Json, Format::Atom, Format::Rss].into_iter().filter(|format| formats.contains(format)).find(is_exact)
}

/// A feed ready to be rendered: items in published order, each uid once.
///
/// An item without an address of its own that may be published, such as a local text, gets that of
/// its place on the feed's page, where there is one: readers want something to open.
#[must_use]
pub fn snapshot(site: SiteInfo, feed: FeedInfo, mut items: Vec<Item>) -> FeedSnapshot {
    // in place: a copy of a large window would be the most that a release ever holds
    items.sort_unstable_by(|left, right| place(right).cmp(&place(left)));
    let mut seen: HashSet<u128> = HashSet::with_capacity(items.len());
    items.retain(|item| seen.insert(xxh3_128(item.uid.as_bytes())));
    drop(seen);
    if feed.formats.contains(&Format::Html) {
        let leads_nowhere = |item: &Item| item.url.as_deref().and_then(address::publishable).is_none();
        for item in items.iter_mut().filter(|item| leads_nowhere(item)) {
            item.url = Some(format!("{}{}.html#{}", site.base_url, feed.id, item.anchor()));
        }
    }
    let updated = items
        .iter()
        .map(|item| item.updated().at)
        .max_by_key(|at| (at.with_timezone(&Utc), at.offset().local_minus_utc()));
    let items = Arc::new(items);
    FeedSnapshot { site, feed, items, updated, troubles: Vec::new(), archive: None, previous: BTreeMap::default() }
}

/// Newest first by this is the published order (DESIGN §7).
fn place(item: &Item) -> (i64, i64, &str) {
    (item.date_published.at.timestamp(), item.first_seen.timestamp(), &item.uid)
}

/// The first words of the first text that has any, with an ellipsis where it goes on.
fn first_words(texts: [Option<&str>; 3], otherwise: &str) -> String {
    let text = texts.into_iter().flatten().find(|text| is_visible(text)).unwrap_or(otherwise);
    let mut words = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let chars = word.chars().count();
        if length > 0 && length + 1 + chars > TITLE_CHARS - 1 {
            words.push('…');
            return words;
        }
        if length > 0 {
            words.push(' ');
            length += 1;
        }
        if chars > TITLE_CHARS - 1 {
            words.extend(word.chars().take(TITLE_CHARS - 1));
            words.push('…');
            return words;
        }
        words.push_str(word);
        length += chars;
    }
    words
}

/// At most `limit` characters, ended at a word where there is one.
fn cut(text: String, limit: Option<usize>) -> String {
    let Some((end, _)) = limit.and_then(|limit| text.char_indices().nth(limit)) else {
        return text;
    };
    let head = &text[..end];
    let whole = head.rsplit_once(char::is_whitespace).map_or(head, |(whole, _)| whole);
    whole.trim_end().to_owned()
}
