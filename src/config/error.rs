//! What is wrong with a config file: every problem at once, each with its place in the file.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// All that is wrong with one config file; never empty.
#[derive(Debug, thiserror::Error)]
pub struct ConfigError {
    file: PathBuf,
    problems: Vec<Problem>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where; `None` where the file could not be read at all.
    pub place: Option<Place>,
    /// What is wrong, in lower case, naming the key or value.
    pub message: String,
    /// What to write instead.
    pub suggestion: Option<String>,
}

/// A place in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// The line, cut to what fits a terminal, secrets left out.
    excerpt: String,
    /// Characters of the excerpt before the first caret.
    indent: usize,
    /// Number of carets, at least one.
    carets: usize,
}

/// A problem as a reader finds it: with a byte range instead of line and column.
#[derive(Debug)]
pub(super) struct Found {
    pub span: Range<usize>,
    pub message: String,
    pub suggestion: Option<String>,
    /// Another place that the message is about: "(first on line N)" follows the message.
    pub first: Option<usize>,
    /// Whether what stands in the span must not be shown.
    pub secret: bool,
}

impl Found {
    pub fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), suggestion: None, first: None, secret: false }
    }

    pub fn suggest(mut self, suggestion: impl Into<String>) -> Self {
        self.suggestion = Some(suggestion.into());
        self
    }
}

impl ConfigError {
    /// Every problem, in the order of the file.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The file as it was named.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// A file that cannot be read.
    pub(super) fn unreadable(file: &Path, message: String, suggestion: Option<String>) -> Self {
        Self { file: file.to_owned(), problems: vec![Problem { place: None, message, suggestion }] }
    }

    /// Gives each found problem its line and column.
    pub(super) fn locate(file: &Path, text: &str, mut found: Vec<Found>) -> Self {
        found.sort_by_key(|problem| problem.span.start);
        let starts: Vec<usize> =
            std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1)).collect();
        let line_of = |offset: usize| starts.partition_point(|start| *start <= offset);
        let problems = found
            .into_iter()
            .map(|problem| {
                let line = line_of(problem.span.start);
                let start = starts[line - 1];
                let content = text[start..].split('\n').next().unwrap_or_default();
                let mut message = problem.message;
                if let Some(first) = problem.first {
                    message = format!("{message} (first on line {})", line_of(first));
                }
                let span = problem.span.start - start..problem.span.end - start;
                let place = Some(Place::new(line, content, span, problem.secret));
                Problem { place, message, suggestion: problem.suggestion }
            })
            .collect();
        Self { file: file.to_owned(), problems }
    }
}

/// The widest excerpt of a line, in characters: what a terminal of 100 columns holds beside the line number.
const EXCERPT: usize = 90;

impl Place {
    fn new(line: usize, content: &str, span: Range<usize>, secret: bool) -> Self {
        let content = content.trim_end_matches('\r');
        let start = floor(content, span.start);
        let end = floor(content, span.end).max(start);
        let column = content[..start].chars().count() + 1;
        let (shown, carets) = if secret {
            (format!("{}…", &content[..start]), 1)
        } else {
            (content.to_owned(), content[start..end].chars().count().max(1))
        };
        // A window of the line that holds the start of the span.
        let skip = if column > EXCERPT { column - EXCERPT / 2 } else { 0 };
        let excerpt: String =
            shown.chars().skip(skip).take(EXCERPT).map(|c| if c.is_control() { ' ' } else { c }).collect();
        let indent = column - 1 - skip;
        let carets = carets.min(excerpt.chars().count().saturating_sub(indent)).max(1);
        Self { line, column, excerpt, indent, carets }
    }
}

/// The nearest character boundary at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                f.write_str("\n\n")?;
            }
            write!(f, "{}", self.file.display())?;
            if let Some(place) = &problem.place {
                write!(f, ":{}:{}", place.line, place.column)?;
            }
            write!(f, ": {}", problem.message)?;
            if let Some(place) = &problem.place {
                let number = place.line.to_string();
                let gutter = " ".repeat(number.len());
                write!(f, "\n {gutter} |\n {number} | {}", place.excerpt.trim_end())?;
                write!(f, "\n {gutter} | {}{}", " ".repeat(place.indent), "^".repeat(place.carets))?;
            }
            if let Some(suggestion) = &problem.suggestion {
                write!(f, "\n   help: {suggestion}")?;
            }
        }
        Ok(())
    }
}
