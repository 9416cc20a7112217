//! What class names and ids say of an element: a set of marks, and the words that set them.
//!
//! Pages of articles and pages that list them have a list of words each (`article.txt`,
//! `listing.txt`); how names are told apart into words is the same.

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
    /// Inside a heading.
    pub const HEADING: Self = Self(1 << 8);
    pub const FIGURE: Self = Self(1 << 9);
    /// Of other stories or other people: teasers, comments. Always foreign.
    pub const OTHERS: Self = Self(1 << 10);
    /// Before the story, at the top of the page.
    pub const SITE_HEADER: Self = Self(1 << 11);
    /// Inside an `article`, `main` or item that is the story; on a list inside what stands for one story.
    pub const STORY: Self = Self(1 << 12);
    /// `rel=author`, `itemprop=author`.
    pub const AUTHOR_LINK: Self = Self(1 << 13);
    /// In a link to what looks like somebody's page.
    pub const PROFILE: Self = Self(1 << 14);
    /// A date of a change.
    pub const UPDATE: Self = Self(1 << 15);
    /// A date of publication.
    pub const PUBLISHED: Self = Self(1 << 16);
    /// Of a list: navigation, footers, forms, what surrounds it.
    pub const CHROME: Self = Self(1 << 17);
    /// Of a list.
    pub const ADVERT: Self = Self(1 << 18);
    /// Of a list: tags, categories, kickers.
    pub const TAG: Self = Self(1 << 19);
    /// Of a list: who wrote a story.
    pub const PERSON: Self = Self(1 << 20);
    /// A column beside the list.
    pub const ASIDE: Self = Self(1 << 21);
    /// Not shown.
    pub const HIDDEN: Self = Self(1 << 22);

    /// Names for people, by bit.
    const NAMES: [&str; 23] = [
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
        "chrome",
        "advert",
        "tag",
        "person",
        "aside",
        "hidden",
    ];

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
        let set: Vec<&str> =
            (0_u32..).zip(Self::NAMES).filter(|(bit, _)| self.0 & (1 << bit) != 0).map(|(_, name)| name).collect();
        write!(f, "{{{}}}", set.join(" "))
    }
}

/// The mark that the first word of a line of a list stands for.
type MarkOf = fn(&str) -> Option<Marks>;

/// The words of one kind of page.
struct Words {
    marks: HashMap<&'static str, Marks>,
    /// For each first letter, which lengths words have: most names are none, and are not looked up.
    lengths: [u64; 26],
    /// Names that begin so tell what an element has, not what it is: `has-sidebar` stands outermost.
    prefixes: &'static [&'static str],
    /// What such names say nothing of.
    not_of_prefixed: Marks,
}

static ARTICLE: LazyLock<Words> = LazyLock::new(|| {
    Words::new(
        include_str!("article.txt"),
        &["has-", "with-", "no-", "without-", "is-"],
        (Marks::FOREIGN, mark_on_article),
    )
});

static LISTING: LazyLock<Words> = LazyLock::new(|| {
    let all = Marks(u32::MAX);
    Words::new(include_str!("listing.txt"), &["has-", "with-", "no-", "is-", "js-"], (all, mark_on_listing))
});

fn mark_on_article(word: &str) -> Option<Marks> {
    Some(match word {
        "foreign" => Marks::FOREIGN,
        "others" => Marks::FOREIGN.with(Marks::OTHERS),
        "byline" => Marks::BYLINE,
        "date" => Marks::DATE,
        "update" => Marks::DATE.with(Marks::UPDATE),
        "published" => Marks::DATE.with(Marks::PUBLISHED),
        "caption" => Marks::CAPTION,
        "credit" => Marks::CREDIT,
        "title" => Marks::TITLE,
        "summary" => Marks::SUMMARY,
        _ => return None,
    })
}

fn mark_on_listing(word: &str) -> Option<Marks> {
    Some(match word {
        "chrome" => Marks::CHROME,
        "advert" => Marks::ADVERT,
        "tag" => Marks::TAG,
        "person" => Marks::PERSON,
        "aside" => Marks::ASIDE,
        "date" => Marks::DATE,
        "summary" => Marks::SUMMARY,
        "title" => Marks::TITLE,
        _ => return None,
    })
}

/// Folders of sites that hold a page for everybody who writes.
static FOLDERS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("article.txt").lines();
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

/// The marks of a class attribute or an id on an article's page.
pub(super) fn on_article(names: &str) -> Marks {
    ARTICLE.of_names(names)
}

/// The marks of a class attribute or an id on a page that lists stories.
pub(super) fn on_listing(names: &str) -> Marks {
    LISTING.of_names(names)
}

impl Words {
    fn new(list: &'static str, prefixes: &'static [&'static str], (not_of_prefixed, mark_of): (Marks, MarkOf)) -> Self {
        let mut words = Self { marks: HashMap::new(), lengths: [0; 26], prefixes, not_of_prefixed };
        for line in list.lines() {
            let mut columns = line.split_ascii_whitespace();
            let Some(mark) = columns.next().and_then(mark_of) else { continue };
            for word in columns {
                if let Some(place) = Self::place(word) {
                    words.lengths[place] |= 1 << word.len().min(63);
                }
                let entry = words.marks.entry(word).or_default();
                *entry = entry.with(mark);
            }
        }
        words
    }

    /// The place of a word's first letter.
    fn place(word: &str) -> Option<usize> {
        let first = *word.as_bytes().first()?;
        first.is_ascii_lowercase().then(|| usize::from(first - b'a'))
    }

    fn get(&self, word: &str) -> Option<Marks> {
        let lengths = self.lengths[Self::place(word)?];
        if lengths & (1 << word.len().min(63)) == 0 {
            return None;
        }
        self.marks.get(word).copied()
    }

    /// The marks of a class attribute; words are told apart by case changes, digits and signs.
    fn of_names(&self, names: &str) -> Marks {
        const LONGEST: usize = 400;
        let mut marks = Marks::default();
        let mut lower = String::new();
        for name in names[..names.floor_char_boundary(LONGEST)].split_ascii_whitespace() {
            // of "c6ad9b49" no letters are words
            if is_hashed(name) {
                continue;
            }
            let found = self.of_name(name, &mut lower);
            let is_prefixed = found != Marks::default() && self.prefixes.iter().any(|prefix| name.starts_with(prefix));
            marks = marks.with(if is_prefixed { found.without(self.not_of_prefixed) } else { found });
        }
        marks
    }

    /// The marks of one name; `lower` is a buffer.
    fn of_name(&self, name: &str, lower: &mut String) -> Marks {
        let mut found = Marks::default();
        let mut starts = [0_usize; 2]; // of the two words before
        let mut from = 0;
        lower.clear();
        let mut look = |lower: &str, from: usize, starts: &mut [usize; 2]| {
            if from >= lower.len() {
                return;
            }
            for start in [from, starts[0], starts[1]] {
                if let Some(mark) = self.get(&lower[start..]) {
                    found = found.with(mark);
                }
            }
            *starts = [from, starts[0]];
        };
        let mut before_lower = false;
        for character in name.chars() {
            let is_letter = character.is_ascii_alphabetic();
            if !is_letter || (before_lower && character.is_ascii_uppercase()) {
                look(lower, from, &mut starts);
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
        look(lower, from, &mut starts);
        found
    }
}

/// Whether a name is made by a machine: letters and digits in turns, with nothing between.
fn is_hashed(name: &str) -> bool {
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let turns = name.as_bytes().windows(2).filter(|pair| pair[0].is_ascii_alphabetic() && pair[1].is_ascii_digit());
    is_plain && turns.count() >= 2
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
            assert!(on_article(names).has(mark), "{names}");
        }
        for names in ["has-sidebar", "c6ad9share4", "shareholder", "body", "readmore1x", "unrelated"] {
            assert!(!on_article(names).has(Marks::FOREIGN), "{names}");
        }
    }

    #[test]
    fn reads_names_of_lists() {
        for (names, mark) in [
            ("main-nav", Marks::CHROME),
            ("siteFooter", Marks::CHROME),
            ("card__tag", Marks::TAG),
            ("post-author", Marks::PERSON),
            ("m-card--sponsored", Marks::ADVERT),
            ("entry-title", Marks::TITLE),
            ("section-name", Marks::TAG),
        ] {
            assert!(on_listing(names).has(mark), "{names}");
        }
        for names in ["has-nav", "navy", "shareholder", "section", "adventure"] {
            assert_eq!(on_listing(names), Marks::default(), "{names}");
        }
    }

    #[test]
    fn every_mark_has_a_name() {
        assert_eq!(format!("{:?}", Marks::FOREIGN.with(Marks::HIDDEN)), "{foreign hidden}");
    }
}
