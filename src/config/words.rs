//! `include` and `exclude`: words that an article's fields hold.

use regex::Regex;

use super::options::{Absent, Section, Setting, Shape};
use super::reader::{Reader, Refusal, Text};
use super::table::Table;

/// What a word list looks for.
#[derive(Clone, Debug)]
pub enum Word {
    /// Text to be found, as it was written.
    Plain(String),
    /// A word written `/…/`.
    Pattern(Regex),
}

/// Word lists by field; an article fits where any word of any list is found.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub title: Vec<Word>,
    pub summary: Vec<Word>,
    /// Looked for in the article's text.
    pub content: Vec<Word>,
    pub tags: Vec<Word>,
    /// Looked for in the authors' names.
    pub authors: Vec<Word>,
    pub url: Vec<Word>,
    /// Looked for in every field named above.
    pub any: Vec<Word>,
}

impl Filter {
    /// Whether there is no word at all: such a filter is as good as none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        [&self.title, &self.summary, &self.content, &self.tags, &self.authors, &self.url, &self.any]
            .iter()
            .all(|words| words.is_empty())
    }
}

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
    let mut list = |key| -> Vec<Word> {
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

fn word(text: &str) -> Result<Word, Refusal> {
    let inner = text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')).filter(|inner| !inner.is_empty());
    let Some(pattern) = inner else { return Ok(Word::Plain(text.to_owned())) };
    Regex::new(pattern).map(Word::Pattern).map_err(|error| {
        // The library's message draws the pattern over several lines; its last line says what is wrong.
        let reason = match &error {
            regex::Error::Syntax(message) => message.lines().last().unwrap_or_default().trim_start_matches("error: "),
            regex::Error::CompiledTooBig(_) => "it needs too much memory",
            _ => "it cannot be compiled",
        };
        Refusal::new(format!("is no valid regular expression: {reason}"))
            .suggest("a word without slashes at both ends is looked for as it stands")
    })
}
