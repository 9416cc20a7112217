//! `include` and `exclude`: words that an article's fields hold.

use super::options::{Absent, Section, Setting, Shape};
use super::reader::{Reader, Refusal, Text};
use super::table::Table;
use crate::compose::{Filter, Pattern, PatternError};

const fn words(key: &'static str, doc: &'static str) -> Setting {
    Setting { key, shape: Shape::Texts, absent: Absent::Default("[]"), doc }
}

pub(super) const SECTION: Section = Section {
    name: "include or exclude",
    doc: "Words by field. One that is found is enough. A word written between slashes is a regular expression.",
    settings: &[
        words("title", "Words in the title."),
        words("summary", "Words in the summary."),
        words("content", "Words in the article's text."),
        words("tags", "Words in a tag."),
        words("authors", "Words in an author's name."),
        words("url", "Words in the address."),
        words("any", "Words in any of these fields."),
    ],
};

/// The filter below a key; one without words where the key is left out.
pub(super) fn read<'a>(feed: &Table<'a>, key: &str, reader: &mut Reader<'a>) -> Filter {
    let Some(table) = feed.table(key, reader) else { return Filter::default() };
    let mut list = |key| -> Vec<Pattern> {
        let texts: Vec<Text<'a>> = table.texts(key, reader);
        texts.iter().filter_map(|text| reader.parse(text, word)).collect()
    };
    Filter {
        title: list("title"),
        summary: list("summary"),
        content: list("content"),
        tags: list("tags"),
        authors: list("authors"),
        url: list("url"),
        any: list("any"),
    }
}

fn word(text: &str) -> Result<Pattern, Refusal> {
    Pattern::try_from(text.to_owned()).map_err(|error| match error {
        PatternError::Empty => Refusal::new("is no word; leave it out"),
        PatternError::Expression(_, error) => {
            // The library's message draws the pattern over several lines; its last line says what is wrong.
            let reason = match &error {
                regex::Error::Syntax(message) => {
                    message.lines().last().unwrap_or_default().trim_start_matches("error: ")
                }
                regex::Error::CompiledTooBig(_) => "it needs too much memory",
                _ => "it cannot be compiled",
            };
            Refusal::new(format!("is no valid regular expression: {reason}"))
                .suggest("a word without slashes at both ends is looked for as it stands")
        }
    })
}
