//! Words and expressions that an article's fields are searched for.

use std::borrow::Cow;
use std::cell::OnceCell;

use regex::Regex;
use serde::Serialize;

use super::Candidate;
use crate::markup;
use crate::model::{Text, TextKind};

/// What to look for, field by field; one match anywhere is a match.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Filter {
    /// Looked for in the title.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub title: Vec<Pattern>,
    /// Looked for in the outlet's description.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub summary: Vec<Pattern>,
    /// Looked for in the text of the story.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub content: Vec<Pattern>,
    /// Looked for in tags and section.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Pattern>,
    /// Looked for in authors' names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<Pattern>,
    /// Looked for in the address.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub url: Vec<Pattern>,
    /// Looked for in every field above.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub any: Vec<Pattern>,
}

impl Filter {
    /// Whether it asks for nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.any.is_empty() && self.by_field().iter().all(|patterns| patterns.is_empty())
    }

    /// Whether one of the patterns is found.
    pub(super) fn matches(&self, texts: &Texts<'_>) -> bool {
        FIELDS
            .iter()
            .zip(self.by_field())
            .any(|(&field, patterns)| patterns.iter().chain(&self.any).any(|pattern| pattern.is_in(texts, field)))
    }

    /// The patterns of each field, in the order of [`FIELDS`].
    fn by_field(&self) -> [&Vec<Pattern>; 6] {
        [&self.title, &self.summary, &self.content, &self.tags, &self.authors, &self.url]
    }
}

/// Words that must stand side by side, or a regular expression between slashes.
///
/// Words match whatever the case, whole, unless they end with `*`; in scripts that are written
/// without spaces anywhere. `/…/` is an expression, `/…/i` one whatever the case.
#[derive(Clone, Debug, Serialize)]
#[serde(into = "String")]
pub struct Pattern {
    written: String,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Words { folded: String, open: bool },
    Expression(Regex),
}

/// A pattern that cannot be looked for.
#[derive(Debug, thiserror::Error)]
pub enum PatternError {
    #[error("an empty pattern matches nothing; write a word or leave it out")]
    Empty,
    #[error("the regular expression {0:?} is not valid: {1}")]
    Expression(String, #[source] regex::Error),
}

impl TryFrom<String> for Pattern {
    type Error = PatternError;

    fn try_from(written: String) -> Result<Self, PatternError> {
        let kind = if let Some((body, flags)) = between_slashes(&written) {
            let source = if flags == "i" { Cow::Owned(format!("(?i){body}")) } else { Cow::Borrowed(body) };
            Kind::Expression(Regex::new(&source).map_err(|error| PatternError::Expression(written.clone(), error))?)
        } else {
            let (words, open) = written.strip_suffix('*').map_or((written.as_str(), false), |words| (words, true));
            let folded = fold(words.trim());
            if folded.is_empty() {
                return Err(PatternError::Empty);
            }
            Kind::Words { folded, open }
        };
        Ok(Self { written, kind })
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.written
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Pattern {
    fn is_in(&self, texts: &Texts<'_>, field: Field) -> bool {
        match &self.kind {
            Kind::Words { folded, open } => holds_words(texts.folded(field), folded, *open),
            Kind::Expression(regex) => regex.is_match(texts.plain(field)),
        }
    }
}

#[derive(Clone, Copy)]
enum Field {
    Title,
    Summary,
    Content,
    Tags,
    Authors,
    Url,
}

const FIELDS: [Field; 6] = [Field::Title, Field::Summary, Field::Content, Field::Tags, Field::Authors, Field::Url];

/// The searched texts of one article, each made when it is first asked for.
pub(super) struct Texts<'a> {
    candidate: &'a Candidate<'a>,
    plain: [OnceCell<Cow<'a, str>>; 6],
    folded: [OnceCell<String>; 6],
}

impl<'a> Texts<'a> {
    pub(super) fn new(candidate: &'a Candidate<'a>) -> Self {
        Self { candidate, plain: Default::default(), folded: Default::default() }
    }

    fn plain(&self, field: Field) -> &str {
        self.plain[field as usize].get_or_init(|| {
            let article = self.candidate.article;
            match field {
                Field::Title => Cow::Borrowed(article.title.as_deref().unwrap_or_default()),
                Field::Summary => plain_text(article.summary.as_ref()),
                Field::Content => plain_text(article.body.as_ref()),
                Field::Tags => lines(self.candidate.tags()),
                Field::Authors => lines(article.authors.iter().filter_map(|author| author.name.as_deref())),
                Field::Url => lines(
                    [&article.url, &article.canonical_url, &article.external_url]
                        .into_iter()
                        .flatten()
                        .map(String::as_str),
                ),
            }
        })
    }

    fn folded(&self, field: Field) -> &str {
        self.folded[field as usize].get_or_init(|| fold(self.plain(field)))
    }
}

/// One text a line; a pattern of words never runs over a line's end by accident.
fn lines<'a>(parts: impl Iterator<Item = &'a str>) -> Cow<'a, str> {
    let mut joined = String::new();
    for part in parts {
        if !joined.is_empty() {
            joined.push_str("\n|\n");
        }
        joined.push_str(part);
    }
    Cow::Owned(joined)
}

fn plain_text(text: Option<&Text>) -> Cow<'_, str> {
    match text {
        None => Cow::Borrowed(""),
        Some(Text { kind: TextKind::Plain, text }) => Cow::Borrowed(text),
        Some(Text { kind: TextKind::Html, text }) => Cow::Owned(markup::to_text(text)),
    }
}

fn between_slashes(written: &str) -> Option<(&str, &str)> {
    let (body, flags) = written.strip_prefix('/')?.rsplit_once('/')?;
    (!body.is_empty() && matches!(flags, "" | "i")).then_some((body, flags))
}

/// Lower case, every run of white space as one space.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        if std::mem::take(&mut gap) {
            folded.push(' ');
        }
        folded.extend(c.to_lowercase());
    }
    folded
}

/// Whether folded `words` stand in folded `text` as whole words; `open` words may go on.
fn holds_words(text: &str, words: &str, open: bool) -> bool {
    let (Some(first), Some(last)) = (words.chars().next(), words.chars().next_back()) else {
        return false;
    };
    text.match_indices(words).any(|(start, found)| {
        let before = text[..start].chars().next_back();
        let after = text[start + found.len()..].chars().next();
        before.is_none_or(|before| parts(before, first)) && (open || after.is_none_or(|after| parts(last, after)))
    })
}

/// Whether a word may end between two characters.
fn parts(left: char, right: char) -> bool {
    !is_letter(left) || !is_letter(right) || is_unspaced(left) || is_unspaced(right)
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || ('\u{300}'..='\u{36F}').contains(&c)
}

/// Whether words of the character's script stand without spaces between them, or with particles
/// fastened to them.
fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1100}'..='\u{11FF}' | '\u{1780}'..='\u{17FF}'
        | '\u{3040}'..='\u{312F}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FF9F}' | '\u{20000}'..='\u{3FFFF}')
}
