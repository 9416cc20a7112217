//! Whether a rendered feed, read back, says what its snapshot says.

use std::borrow::Cow;

use chrono::{DateTime, FixedOffset};

use super::view::{Essence, content};
use crate::address;
use crate::model::{Claim, FeedSnapshot, Format, RawArticle};

/// The first difference between a snapshot and what was read back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    #[error("the {format} output reads back as {read} items instead of {expected}")]
    Count { format: &'static str, expected: usize, read: usize },
    #[error("item {number} of the {format} output ({id}) reads back with {field} {read:?} instead of {expected:?}")]
    Field { format: &'static str, number: usize, id: String, field: &'static str, expected: String, read: String },
}

/// Compares what our own reader reads with what was to be written, item by item.
///
/// Compared are id, address, title, dates and content. White space counts as readers treat it: at
/// the ends of a text it is nothing, within it any run is one space.
#[derive(Debug)]
pub struct Verifier<'a> {
    format: Format,
    snapshot: &'a FeedSnapshot,
    read: usize,
    mismatch: Option<Mismatch>,
}

impl<'a> Verifier<'a> {
    #[must_use]
    pub const fn new(format: Format, snapshot: &'a FeedSnapshot) -> Self {
        Self { format, snapshot, read: 0, mismatch: None }
    }

    /// The next item as it was read.
    pub fn item(&mut self, read: &RawArticle) {
        let item = self.snapshot.items.get(self.read).filter(|_| self.mismatch.is_none());
        self.read += 1;
        let Some(item) = item else { return };
        let expected = Expected::new(self.format, Essence::new(item));
        self.mismatch = expected.difference(read).map(|(field, expected, found)| Mismatch::Field {
            format: self.format.extension(),
            number: self.read,
            id: item.uid.clone(),
            field,
            expected: head(&expected),
            read: head(&found),
        });
    }

    /// The outcome, once all items were read.
    ///
    /// # Errors
    ///
    /// The first [`Mismatch`].
    pub fn finish(self) -> Result<(), Mismatch> {
        let (expected, read) = (self.snapshot.items.len(), self.read);
        match self.mismatch {
            Some(mismatch) => Err(mismatch),
            None if read != expected => Err(Mismatch::Count { format: self.format.extension(), expected, read }),
            None => Ok(()),
        }
    }
}

/// Enough of a text to see the difference.
fn head(text: &str) -> String {
    text.chars().take(120).collect()
}

/// What one item of a format must read back as.
struct Expected<'a> {
    format: Format,
    id: Cow<'a, str>,
    url: Option<&'a str>,
    title: Cow<'a, str>,
    published: DateTime<FixedOffset>,
    modified: DateTime<FixedOffset>,
    content: Option<Cow<'a, str>>,
}

impl<'a> Expected<'a> {
    fn new(format: Format, item: Essence<'a>) -> Self {
        let Essence { id, url, title, published, modified, html, text, also_at } = item;
        let content = match format {
            Format::Json => html,
            _ => content((html, text.as_deref()), &also_at),
        };
        Self { format, id, url, title, published, modified: modified.unwrap_or(published), content }
    }

    /// The first field that differs: its name, what was expected, what was read.
    fn difference(&self, read: &RawArticle) -> Option<(&'static str, String, String)> {
        let id = read.id.as_deref().unwrap_or_default();
        if id != self.id {
            return Some(("id", self.id.to_string(), id.to_owned()));
        }
        if let Some(url) = self.url.filter(|&url| !has_address(&read.urls, url)) {
            return Some(("url", url.to_owned(), first(&read.urls).to_owned()));
        }
        if !same_text(first(&read.titles), &self.title) {
            return Some(("title", self.title.to_string(), first(&read.titles).to_owned()));
        }
        if !is_instant(first(&read.published), self.published) {
            return Some(("date_published", self.published.to_rfc3339(), first(&read.published).to_owned()));
        }
        let dated = self.format == Format::Atom;
        if dated && !is_instant(first(&read.modified), self.modified) {
            return Some(("date_modified", self.modified.to_rfc3339(), first(&read.modified).to_owned()));
        }
        let content = self.content.as_deref().unwrap_or_default();
        if self.content.is_some() && !read.bodies.iter().any(|claim| same_text(&claim.text.text, content)) {
            return Some(("content", content.to_owned(), first(&read.bodies).to_owned()));
        }
        None
    }
}

fn first(claims: &[Claim]) -> &str {
    claims.first().map_or("", |claim| &claim.text.text)
}

/// Whether one of some addresses is this one; a reader resolves it, so that `/a/..` is `/`.
fn has_address(claims: &[Claim], url: &str) -> bool {
    let is = |url: &str| claims.iter().any(|claim| claim.text.text == url);
    is(url) || address::resolve(None, url).is_some_and(|resolved| is(&resolved))
}

fn same_text(left: &str, right: &str) -> bool {
    left == right || left.split_whitespace().eq(right.split_whitespace())
}

/// Whether a date as written means an instant.
fn is_instant(text: &str, at: DateTime<FixedOffset>) -> bool {
    let text = text.trim();
    DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_rfc2822(text)).is_ok_and(|read| read == at)
}
