//! Whether a reader would see a change, and what date it gets.

use chrono::{DateTime, Utc};

use crate::model::{Article, Dated, Precision, Presented, ZoneFrom};

/// What a reader sees of an article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Appearance<'a> {
    pub title: &'a str,
    pub summary: &'a str,
    pub text: &'a str,
    /// The lead picture's address.
    pub image: &'a str,
    /// Names of authors, in order.
    pub authors: Vec<&'a str>,
}

impl<'a> Appearance<'a> {
    /// That of an article and its costly half.
    #[must_use]
    pub fn of(article: &'a Article, presented: &'a Presented) -> Self {
        Self {
            title: article.title.as_deref().unwrap_or_default(),
            summary: presented.summary.as_deref().unwrap_or_default(),
            text: presented.content_text.as_deref().unwrap_or_default(),
            image: presented.image.as_ref().map_or("", |image| &image.url),
            authors: article.authors.iter().filter_map(|author| author.name.as_deref()).collect(),
        }
    }
}

/// Whether a reader would see the difference; white space and markup are none.
#[must_use]
pub fn is_visible_change(old: &Appearance<'_>, new: &Appearance<'_>) -> bool {
    let differs = |a: &str, b: &str| a != b && !a.split_whitespace().eq(b.split_whitespace());
    differs(old.title, new.title)
        || differs(old.summary, new.summary)
        || differs(old.text, new.text)
        || image_path(old.image) != image_path(new.image)
        || old.authors != new.authors
}

/// An image's address, without query where the path names the file: sizes and cache marks live there.
fn image_path(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let ending = path.rsplit('.').next().unwrap_or_default();
    let is_file = ["jpg", "jpeg", "png", "webp", "gif", "avif"].iter().any(|known| ending.eq_ignore_ascii_case(known));
    if is_file { path } else { url }
}

/// The date of modification of an article that arrived again (DESIGN §6).
///
/// The outlet's own if it is later than every date known; else `now`, the time of the fetch, where
/// a reader would see the change; else what was known.
#[must_use]
pub fn date_modified(old: &Article, new: &Article, visible: bool, now: DateTime<Utc>) -> Option<Dated> {
    let known = [old.date_modified, old.date_published].into_iter().flatten().map(|date| date.at).max();
    let claimed = new.date_modified.filter(|claimed| known.is_none_or(|known| claimed.at > known));
    let fetched = Dated { at: now.fixed_offset(), precision: Precision::Time, zone: ZoneFrom::Text };
    claimed.or(visible.then_some(fetched)).or(old.date_modified)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Option<Dated> {
        let at = DateTime::parse_from_rfc3339(text).ok()?;
        Some(Dated { at, precision: Precision::Time, zone: ZoneFrom::Text })
    }

    #[test]
    fn only_what_a_reader_sees_is_a_visible_change() {
        let base = Appearance {
            title: "A b",
            summary: "s",
            text: "one two",
            image: "https://e.org/i.jpg?w=1",
            authors: vec!["N"],
        };
        for (new, expected) in [
            (
                Appearance { title: "A  b ", text: "one\n\ntwo", image: "https://e.org/i.jpg?w=2", ..base.clone() },
                false,
            ),
            (Appearance { title: "A c", ..base.clone() }, true),
            (Appearance { summary: "t", ..base.clone() }, true),
            (Appearance { text: "one three", ..base.clone() }, true),
            (Appearance { image: "https://e.org/j.jpg", ..base.clone() }, true),
            (Appearance { image: "https://e.org/i.jpg/view?id=2", ..base.clone() }, true),
            (Appearance { authors: vec![], ..base.clone() }, true),
        ] {
            assert_eq!(is_visible_change(&base, &new), expected, "{new:?}");
        }
        let by_number = |image| Appearance { image, ..base.clone() };
        let (one, other) = (by_number("https://e.org/picture?id=1"), by_number("https://e.org/picture?id=2"));
        assert!(is_visible_change(&one, &other), "no file is named, so the query tells them apart");
    }

    #[test]
    fn date_modified_is_the_outlets_if_later_else_the_fetch_of_a_visible_change() {
        let now: DateTime<Utc> = "2023-03-05T10:00:00Z".parse().unwrap();
        let article =
            |published, modified| Article { date_published: published, date_modified: modified, ..Article::default() };
        let old = article(at("2023-03-01T10:00:00Z"), None);
        let corrected = article(at("2023-03-01T10:00:00Z"), at("2023-03-02T10:00:00Z"));
        let dated = |old: &Article, new: &Article, visible| date_modified(old, new, visible, now).map(|date| date.at);
        let time = |text| at(text).map(|date| date.at);
        assert_eq!(dated(&old, &corrected, true), time("2023-03-02T10:00:00Z"));
        assert_eq!(dated(&old, &corrected, false), time("2023-03-02T10:00:00Z"));
        assert_eq!(dated(&old, &old, true), Some(now.fixed_offset()));
        assert_eq!(dated(&old, &old, false), None);
        assert_eq!(dated(&corrected, &old, false), time("2023-03-02T10:00:00Z"));
        // earlier than the publication that is known, than the last change that is known
        let redated = article(at("2023-02-01T10:00:00Z"), at("2023-02-02T10:00:00Z"));
        assert_eq!(dated(&old, &redated, false), None);
        let between = article(at("2023-03-01T10:00:00Z"), at("2023-03-01T20:00:00Z"));
        assert_eq!(dated(&corrected, &between, false), time("2023-03-02T10:00:00Z"));
        assert_eq!(dated(&corrected, &corrected, true), Some(now.fixed_offset()), "the same claim is no news");
        let earlier = article(at("2023-03-01T10:00:00Z"), at("2023-02-01T10:00:00Z"));
        assert_eq!(dated(&corrected, &earlier, true), Some(now.fixed_offset()));
    }
}
