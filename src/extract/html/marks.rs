//! What class names and ids say of an element.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A set of marks.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Marks(u32);

impl Marks {
    /// Not of the story: navigation, teasers, share bars, comments.
    pub const FOREIGN: Self = Self(1);
    pub const BYLINE: Self = Self(1 << 1);
    pub const DATE: Self = Self(1 << 2);
    pub const CAPTION: Self = Self(1 << 3);
    pub const CREDIT: Self = Self(1 << 4);
    pub const TITLE: Self = Self(1 << 5);
    pub const SUMMARY: Self = Self(1 << 6);
    pub const H1: Self = Self(1 << 7);
    pub const HEADING: Self = Self(1 << 8);
    pub const FIGURE: Self = Self(1 << 9);
    /// Of other stories or other people: teasers, comments. Always foreign.
    pub const OTHERS: Self = Self(1 << 10);
    /// Before the story, at the top of the page.
    pub const SITE_HEADER: Self = Self(1 << 11);
    /// Inside an `article`, `main` or item that is the story.
    pub const STORY: Self = Self(1 << 12);
    /// `rel=author`, `itemprop=author`.
    pub const AUTHOR_LINK: Self = Self(1 << 13);
    /// In a link to what looks like somebody's page.
    pub const PROFILE: Self = Self(1 << 14);
    /// A date of a change.
    pub const UPDATE: Self = Self(1 << 15);
    /// A date of publication.
    pub const PUBLISHED: Self = Self(1 << 16);

    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub const fn only(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl std::fmt::Debug for Marks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const NAMES: [&str; 17] = [
            "foreign",
            "byline",
            "date",
            "caption",
            "credit",
            "title",
            "summary",
            "h1",
            "heading",
            "figure",
            "others",
            "header",
            "story",
            "author-link",
            "profile",
            "update",
            "published",
        ];
        let set: Vec<&str> =
            (0_u32..).zip(NAMES).filter(|(bit, _)| self.0 & (1 << bit) != 0).map(|(_, name)| name).collect();
        write!(f, "{{{}}}", set.join(" "))
    }
}

static WORDS: LazyLock<HashMap<&'static str, Marks>> = LazyLock::new(|| {
    let mut words: HashMap<&'static str, Marks> = HashMap::new();
    for line in include_str!("marks.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split_ascii_whitespace();
        let mark = match columns.next() {
            Some("foreign") => Marks::FOREIGN,
            Some("others") => Marks::FOREIGN.with(Marks::OTHERS),
            Some("byline") => Marks::BYLINE,
            Some("date") => Marks::DATE,
            Some("update") => Marks::DATE.with(Marks::UPDATE),
            Some("published") => Marks::DATE.with(Marks::PUBLISHED),
            Some("caption") => Marks::CAPTION,
            Some("credit") => Marks::CREDIT,
            Some("title") => Marks::TITLE,
            Some("summary") => Marks::SUMMARY,
            _ => continue,
        };
        for word in columns {
            let entry = words.entry(word).or_default();
            *entry = entry.with(mark);
        }
    }
    words
});

/// Folders of sites that hold a page for everybody who writes.
static FOLDERS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("marks.txt").lines();
    lines.filter_map(|line| line.strip_prefix("folder ")).flat_map(str::split_ascii_whitespace).collect()
});

/// Whether an address looks like that of somebody's own page: `/author/jo-doe/`, `?author=7`.
pub(super) fn is_profile(href: &str) -> bool {
    let path = href.split(['?', '#']).next().unwrap_or_default();
    let is_folder = |segment: &str| FOLDERS.iter().any(|folder| segment.eq_ignore_ascii_case(folder));
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    let has_folder = segments.any(is_folder) && segments.next().is_some();
    has_folder || href.contains("?author=") || href.contains("&author=")
}

/// Whether a name is made by a machine: letters and digits in turns, with nothing between.
fn is_hashed(name: &str) -> bool {
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let turns = name.as_bytes().windows(2).filter(|pair| pair[0].is_ascii_alphabetic() && pair[1].is_ascii_digit());
    is_plain && turns.count() >= 2
}

/// The marks of a class name or id; letters are told apart by case changes, digits and signs.
pub(super) fn of_names(names: &str) -> Marks {
    const LONGEST: usize = 400;
    let words: &HashMap<_, _> = &WORDS;
    let mut marks = Marks::default();
    let mut lower = String::new();
    for name in names[..names.floor_char_boundary(LONGEST)].split_ascii_whitespace() {
        // of "c6ad9b49" no letters are words
        if is_hashed(name) {
            continue;
        }
        // "has-sidebar" stands on the page's outermost element
        let of_container = ["has-", "with-", "no-", "without-", "is-"].iter().any(|prefix| name.starts_with(prefix));
        let mut found = Marks::default();
        let mut starts = [0_usize; 2]; // of the two words before
        let mut from = 0;
        lower.clear();
        let mut look = |lower: &str, from: usize, starts: &mut [usize; 2]| {
            if from >= lower.len() {
                return;
            }
            for start in [from, starts[0], starts[1]] {
                if let Some(mark) = words.get(&lower[start..]) {
                    found = found.with(*mark);
                }
            }
            *starts = [from, starts[0]];
        };
        let mut before_lower = false;
        for character in name.chars() {
            let is_letter = character.is_ascii_alphabetic();
            if !is_letter || (before_lower && character.is_ascii_uppercase()) {
                look(&lower, from, &mut starts);
                if !lower.is_empty() && !lower.ends_with('+') {
                    lower.push('+');
                }
                from = lower.len();
            }
            if is_letter {
                lower.push(character.to_ascii_lowercase());
            }
            before_lower = character.is_ascii_lowercase();
        }
        look(&lower, from, &mut starts);
        if of_container {
            found = found.without(Marks::FOREIGN);
        }
        marks = marks.with(found);
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names() {
        for (names, mark) in [
            ("related-links", Marks::FOREIGN),
            ("c-shareBar big", Marks::FOREIGN),
            ("post__read-more", Marks::FOREIGN),
            ("ArticleByline_x1", Marks::BYLINE),
            ("entry-title", Marks::TITLE),
            ("wp-caption-text", Marks::CAPTION),
        ] {
            assert!(of_names(names).has(mark), "{names}");
        }
        for names in ["has-sidebar", "c6ad9share4", "shareholder", "body", "readmore1x", "unrelated"] {
            assert!(!of_names(names).has(Marks::FOREIGN), "{names}");
        }
    }
}
