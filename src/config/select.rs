//! `select` of a source: CSS selectors that override what is found by itself.

use std::sync::Arc;

use super::options::{Absent, Section, Setting, Shape};
use super::reader::{Reader, Refusal};
use super::table::Table;
use crate::model::Select;

/// The selectors, in the order of the fields of [`Select`].
pub(super) const SECTION: Section = Section {
    name: "select",
    doc: "CSS selectors that override, field by field, what is found by itself.",
    settings: &[
        Setting {
            key: "item",
            shape: Shape::Text,
            absent: Absent::Means("the repeated blocks of the page"),
            doc: "The element around each story of a list. The other selectors look inside it first.",
        },
        Setting {
            key: "link",
            shape: Shape::Text,
            absent: Absent::Means("the first link of the item"),
            doc: "The link to the story.",
        },
        Setting {
            key: "title",
            shape: Shape::Text,
            absent: Absent::Means("the headline as found"),
            doc: "The headline.",
        },
        Setting {
            key: "date",
            shape: Shape::Text,
            absent: Absent::Means("the date as found"),
            doc: "When the story was published: an element with a datetime attribute, or its text.",
        },
        Setting {
            key: "author",
            shape: Shape::Text,
            absent: Absent::Means("the byline as found"),
            doc: "Who wrote it.",
        },
        Setting {
            key: "image",
            shape: Shape::Text,
            absent: Absent::Means("the picture as found"),
            doc: "Its picture.",
        },
        Setting {
            key: "body",
            shape: Shape::Text,
            absent: Absent::Means("the text as found"),
            doc: "The story's text on its own page; several elements are joined.",
        },
    ],
};

/// The selectors of a source, if it has any.
pub(super) fn read<'a>(table: &Table<'a>, reader: &mut Reader<'a>) -> Option<Arc<Select>> {
    let table = table.table("select", reader)?;
    let mut css = |key| table.parse(key, reader, selector);
    let select = Select {
        item: css("item"),
        link: css("link"),
        title: css("title"),
        date: css("date"),
        author: css("author"),
        image: css("image"),
        body: css("body"),
    };
    Some(Arc::new(select))
}

/// A CSS selector that can be used.
fn selector(text: &str) -> Result<String, Refusal> {
    match dom_query::Matcher::new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err(Refusal::new("is no CSS selector").suggest("selectors look like \"article h2 a\"")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_css_is_taken() {
        for text in ["article h2 > a", "time[datetime]", ".body p:first-child"] {
            assert!(selector(text).is_ok(), "{text}");
        }
        for text in ["a[", "//div/a", "> ", "a:nope("] {
            assert!(selector(text).is_err(), "{text}");
        }
    }
}
