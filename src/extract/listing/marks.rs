//! What class names and ids say of an element on a listing page.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A set of marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks(u16);

impl Marks {
    /// Navigation, footers, forms: what surrounds the list.
    pub const CHROME: Self = Self(1);
    pub const ADVERT: Self = Self(1 << 1);
    /// Tags, categories, kickers.
    pub const TAG: Self = Self(1 << 2);
    pub const PERSON: Self = Self(1 << 3);
    pub const DATE: Self = Self(1 << 4);
    pub const SUMMARY: Self = Self(1 << 5);
    pub const TITLE: Self = Self(1 << 6);
    /// A column beside the list.
    pub const ASIDE: Self = Self(1 << 7);
    /// Inside a heading.
    pub const HEADING: Self = Self(1 << 8);
    /// Inside an element that stands for one story.
    pub const STORY: Self = Self(1 << 9);
    /// Not shown.
    pub const HIDDEN: Self = Self(1 << 10);

    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

static WORDS: LazyLock<HashMap<&'static str, Marks>> = LazyLock::new(|| {
    let mut words: HashMap<&'static str, Marks> = HashMap::new();
    for line in include_str!("words.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split_ascii_whitespace();
        let mark = match columns.next() {
            Some("chrome") => Marks::CHROME,
            Some("advert") => Marks::ADVERT,
            Some("tag") => Marks::TAG,
            Some("person") => Marks::PERSON,
            Some("aside") => Marks::ASIDE,
            Some("date") => Marks::DATE,
            Some("summary") => Marks::SUMMARY,
            Some("title") => Marks::TITLE,
            _ => continue,
        };
        for word in columns {
            let entry = words.entry(word).or_default();
            *entry = entry.with(mark);
        }
    }
    words
});

/// The marks of a class attribute or an id. Words are told apart by signs, digits and case changes.
pub(super) fn of_names(names: &str) -> Marks {
    const LONGEST: usize = 300;
    let words: &HashMap<_, _> = &WORDS;
    let mut marks = Marks::default();
    for name in names[..names.floor_char_boundary(LONGEST)].split_ascii_whitespace() {
        // `has-ads`, `md:no-menu` say what an element has, not what it is
        if ["has-", "with-", "no-", "is-", "js-"].iter().any(|prefix| name.starts_with(prefix)) {
            continue;
        }
        let mut before = String::new();
        for word in split(name) {
            if let Some(mark) = words.get(word.as_str()) {
                marks = marks.with(*mark);
            }
            if let Some(mark) = words.get(format!("{before}+{word}").as_str()) {
                marks = marks.with(*mark);
            }
            before = word;
        }
    }
    marks
}

fn split(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before_lower = false;
    for character in name.chars() {
        let is_letter = character.is_ascii_alphabetic();
        if !is_letter || (before_lower && character.is_ascii_uppercase()) {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
        }
        if is_letter {
            word.push(character.to_ascii_lowercase());
        }
        before_lower = character.is_ascii_lowercase();
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names() {
        for (names, mark) in [
            ("main-nav", Marks::CHROME),
            ("siteFooter", Marks::CHROME),
            ("card__tag", Marks::TAG),
            ("post-author", Marks::PERSON),
            ("m-card--sponsored", Marks::ADVERT),
            ("entry-title", Marks::TITLE),
            ("section-name", Marks::TAG),
        ] {
            assert!(of_names(names).has(mark), "{names}");
        }
        for names in ["has-nav", "navy", "shareholder", "section", "adventure"] {
            assert_eq!(of_names(names), Marks::default(), "{names}");
        }
    }
}
