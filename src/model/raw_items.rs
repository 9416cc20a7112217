//! The items of one document, the many of a long one packed.
//!
//! An item as [`RawArticle`] takes a kilobyte beside its texts: nothing for a feed of fifty, a multiple of
//! the document for one of a hundred thousand. So those behind the first few are kept as their texts, one
//! behind the other, and what tells them apart in a few bytes.

mod pack;

use std::borrow::Cow;

use super::RawArticle;
use pack::{Packed, Place};

/// So many items are kept as they are.
const LOOSE: usize = 256;

/// Items in the order of their document.
#[derive(Clone, Debug, Default)]
pub struct RawItems {
    loose: Vec<RawArticle>,
    packed: Packed,
}

impl RawItems {
    #[must_use]
    pub fn len(&self) -> usize {
        self.loose.len() + self.packed.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.loose.is_empty()
    }

    pub fn push(&mut self, item: RawArticle) {
        if self.loose.len() < LOOSE {
            self.loose.push(item);
        } else {
            self.packed.push(item);
        }
    }

    /// Each item; packed ones are unpacked for the look.
    pub fn iter(&self) -> impl Iterator<Item = Cow<'_, RawArticle>> {
        let mut place = Place::default();
        let packed = std::iter::from_fn(move || self.packed.next(&mut place)).map(Cow::Owned);
        self.loose.iter().map(Cow::Borrowed).chain(packed)
    }

    /// All of them unpacked.
    #[must_use]
    pub fn into_vec(self) -> Vec<RawArticle> {
        if self.packed.len() == 0 {
            return self.loose;
        }
        self.into_iter().collect()
    }
}

impl From<Vec<RawArticle>> for RawItems {
    fn from(loose: Vec<RawArticle>) -> Self {
        Self { loose, packed: Packed::default() }
    }
}

impl Extend<RawArticle> for RawItems {
    fn extend<I: IntoIterator<Item = RawArticle>>(&mut self, items: I) {
        items.into_iter().for_each(|item| self.push(item));
    }
}

impl FromIterator<RawArticle> for RawItems {
    fn from_iter<I: IntoIterator<Item = RawArticle>>(items: I) -> Self {
        let mut collected = Self::default();
        collected.extend(items);
        collected
    }
}

impl IntoIterator for RawItems {
    type Item = RawArticle;
    type IntoIter = IntoIter;

    fn into_iter(self) -> IntoIter {
        IntoIter { loose: self.loose.into_iter(), packed: self.packed, place: Place::default() }
    }
}

/// Gives items away, each unpacked when its turn comes.
#[derive(Debug)]
pub struct IntoIter {
    loose: std::vec::IntoIter<RawArticle>,
    packed: Packed,
    place: Place,
}

impl Iterator for IntoIter {
    type Item = RawArticle;

    fn next(&mut self) -> Option<RawArticle> {
        self.loose.next().or_else(|| self.packed.next(&mut self.place))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.loose.len() + self.packed.left(&self.place);
        (left, Some(left))
    }
}

impl ExactSizeIterator for IntoIter {}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::model::{Attachment, Claim, ImageClaim, PersonClaim, Rights, Text};

    /// An item with every field, told apart by a number.
    fn full(number: usize) -> RawArticle {
        let text = |name: &str| format!("{name} {number} ü");
        let claims = |name: &str| {
            vec![
                Claim { from: "feed:title", text: Text::plain(text(name)) },
                Claim { from: "feed:link", text: Text::html("") },
            ]
        };
        RawArticle {
            id: Some(text("id")),
            urls: claims("url"),
            canonical_urls: claims("canonical"),
            external_url: Some(text("external")),
            titles: claims("title"),
            authors: vec![PersonClaim {
                from: "feed:author",
                name: Some(text("name")),
                url: None,
                email: Some(String::new()),
            }],
            published: claims("published"),
            modified: claims("modified"),
            languages: claims("language"),
            summaries: claims("summary"),
            bodies: claims("body"),
            images: vec![ImageClaim {
                from: "feed:image",
                url: text("image"),
                width: Some(0),
                height: None,
                alt: Some(text("alt")),
                caption: None,
                credit: Some(text("credit")),
            }],
            attachments: vec![Attachment {
                url: text("file"),
                mime_type: None,
                title: Some(text("file")),
                size_in_bytes: Some(u64::MAX),
                duration_in_seconds: Some(0),
            }],
            tags: claims("tag"),
            sections: claims("section"),
            site_names: claims("site"),
            rights: Rights { copyright: Some(text("right")), license: None, usage: vec![text("usage")] },
            base: number.is_multiple_of(3).then(|| Url::parse("https://a.example/b").unwrap()),
            fingerprint: u64::MAX - number as u64,
            more: number.is_multiple_of(2).then(Box::default),
        }
    }

    /// Every third is full, the others are nearly empty.
    fn item(number: usize) -> RawArticle {
        if number.is_multiple_of(3) {
            full(number)
        } else {
            RawArticle { id: Some(number.to_string()), ..RawArticle::default() }
        }
    }

    #[test]
    fn items_come_out_as_they_went_in() {
        for count in [0, 1, LOOSE, LOOSE + 1, 3 * LOOSE] {
            let items: RawItems = (0..count).map(item).collect();
            assert_eq!((items.len(), items.is_empty()), (count, count == 0));
            let seen: Vec<String> = items.iter().map(|item| format!("{item:?}")).collect();
            let mut whole = items.into_iter();
            for (number, seen) in seen.iter().enumerate() {
                let expected = format!("{:?}", item(number));
                assert_eq!(whole.len(), count - number);
                assert_eq!(format!("{:?}", whole.next().unwrap()), expected);
                assert_eq!(seen, &expected);
            }
            assert_eq!(whole.len(), 0);
            assert!(whole.next().is_none());
        }
    }

    #[test]
    fn a_list_that_is_there_is_not_packed() {
        let items = RawItems::from((0..2 * LOOSE).map(item).collect::<Vec<_>>());
        assert_eq!(items.packed.len(), 0);
        assert_eq!(items.into_vec().len(), 2 * LOOSE);
    }
}
