//! Reading a parsed document table by table, noting every problem instead of stopping at the first.

use std::borrow::Cow;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};

use toml::Spanned;
use toml::de::DeValue;

use super::env::{self, EnvProblem, Lookup};
use super::error::Found;
use super::options::{Absent, Setting, Shape};
use super::suggest::nearest;
use crate::model::Secrets;

pub(super) type Node<'a> = Spanned<DeValue<'a>>;

/// What the section readers share: the surroundings of the file, and the problems found so far.
pub(super) struct Reader<'a> {
    lookup: Lookup<'a>,
    /// The folder that paths in the file start from.
    folder: &'a Path,
    problems: Vec<Found>,
    searches_left: u32,
}

/// A file with thousands of slips gets its suggestions for the first of them only: each is a search.
const SEARCHES: u32 = 50;

/// A string of the file, variables filled in.
#[derive(Debug)]
pub(super) struct Text<'a> {
    pub value: Cow<'a, str>,
    /// As it stands in the file: what errors show.
    pub raw: &'a str,
    pub span: Range<usize>,
    /// Whether the value must not be shown, wherever it stands.
    pub secret: bool,
}

/// Why a value cannot be taken: a fragment that follows the quoted value ("is no duration").
pub(super) struct Refusal {
    pub message: String,
    pub suggestion: Option<String>,
}

impl Refusal {
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), suggestion: None }
    }

    pub fn suggest(mut self, suggestion: impl Into<String>) -> Self {
        self.suggestion = Some(suggestion.into());
        self
    }
}

impl<'a> Reader<'a> {
    pub fn new(lookup: Lookup<'a>, folder: &'a Path) -> Self {
        Self { lookup, folder, problems: Vec::new(), searches_left: SEARCHES }
    }

    pub fn into_problems(self) -> Vec<Found> {
        self.problems
    }

    pub fn report(&mut self, problem: Found) {
        self.problems.push(problem);
    }

    /// How many problems there are so far; a reader that adds none took its table whole.
    pub fn problem_count(&self) -> usize {
        self.problems.len()
    }

    /// "did you mean …" for a misspelt name, if one of the candidates is near.
    pub fn did_you_mean<'c>(&mut self, wrong: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<String> {
        self.searches_left = self.searches_left.checked_sub(1)?;
        nearest(wrong, candidates).map(|name| format!("did you mean `{name}`?"))
    }

    /// A path of the file, made absolute.
    pub fn path(&self, text: &str) -> PathBuf {
        let mut path = PathBuf::new();
        for part in self.folder.join(text).components() {
            match part {
                // after a symbolic link `..` leads elsewhere than the text says
                Component::ParentDir if !path.ends_with("..") && !path.is_symlink() => drop(path.pop()),
                _ => path.push(part),
            }
        }
        path
    }

    /// Reads the string by `parse`; a refusal becomes a problem at its place.
    pub fn parse<T>(&mut self, text: &Text<'a>, parse: impl FnOnce(&str) -> Result<T, Refusal>) -> Option<T> {
        parse(&text.value).map_err(|refusal| self.refuse(text, refusal)).ok()
    }

    /// Notes that the string cannot be taken.
    pub fn refuse(&mut self, text: &Text<'a>, refusal: Refusal) {
        let mut found = Found::new(text.span.clone(), format!("{} {}", text.quoted(), refusal.message));
        // A suggestion may hold a part of the value, and that came from the environment.
        found.suggestion = refusal.suggestion.filter(|_| !text.is_hidden());
        found.secret = text.secret;
        self.report(found);
    }

    /// Notes that a value has none of the types its key takes.
    pub fn wrong_type(&mut self, key: &str, shape: Shape, node: &Node<'a>) {
        let found_type = described(node.get_ref());
        let mut found = Found::new(node.span(), format!("`{key}` takes {}, not {found_type}", shape.expected()));
        found.secret = shape.is_secret();
        found.suggestion = match (shape, node.get_ref()) {
            (Shape::Texts | Shape::SomeOf(_), DeValue::String(_)) => {
                Some(format!("put it in brackets: {key} = [\"…\"]"))
            }
            (Shape::Tables(_), DeValue::Table(_)) => Some(format!("write [[{key}]], with two brackets on each side")),
            _ => None,
        };
        self.report(found);
    }

    /// What of a string came from the environment.
    pub fn secrets(&self, text: &Text<'a>) -> Secrets {
        Secrets::new(env::variables(text.raw, self.lookup))
    }

    /// A string with its variables; `None`, reported, if it is no string, empty, or unprintable.
    pub fn text(&mut self, setting: &Setting, node: &'a Node<'a>) -> Option<Text<'a>> {
        let DeValue::String(raw) = node.get_ref() else {
            self.wrong_type(setting.key, setting.shape, node);
            return None;
        };
        let span = node.span();
        let secret = setting.shape.is_secret() || has_password(raw);
        let value = match env::expand(raw, self.lookup) {
            Ok(value) => value,
            Err(problem) => {
                let mut found = env_problem(&problem, span);
                found.secret = secret;
                self.report(found);
                return None;
            }
        };
        let text = Text { value, raw, span, secret };
        if text.value.trim().is_empty() {
            let found = Found::new(text.span, format!("`{}` is empty", setting.key));
            let advice = match setting.absent {
                Absent::Required => format!("`{}` is required: give it a value", setting.key),
                _ => "leave it out, or give it a value".to_owned(),
            };
            self.report(found.suggest(advice));
            return None;
        }
        if text.value.contains(|c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) {
            self.refuse(&text, Refusal::new("holds a control character"));
            return None;
        }
        Some(text)
    }
}

impl Text<'_> {
    /// The string for messages: as the file has it, never a variable's value.
    pub fn quoted(&self) -> Cow<'static, str> {
        if self.secret {
            return Cow::Borrowed("the value");
        }
        let mut shown: String = self.raw.chars().take(61).map(|c| if c.is_control() { ' ' } else { c }).collect();
        if let Some((cut, _)) = shown.char_indices().nth(60) {
            shown.truncate(cut);
            shown.push('…');
        }
        Cow::Owned(format!("`{shown}`"))
    }

    /// Whether the value holds a variable, or is a secret by itself.
    fn is_hidden(&self) -> bool {
        self.secret || self.value != self.raw
    }

    pub fn into_string(self) -> String {
        self.value.into_owned()
    }
}

/// The word of a closed set that a string is.
pub(super) fn one_of<'a>(
    words: &'static [&'static str],
    text: &Text<'a>,
    reader: &mut Reader<'a>,
) -> Option<&'static str> {
    let word = words.iter().find(|word| **word == text.value).copied();
    if word.is_none() {
        let list = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        let mut refusal = Refusal::new(format!("is none of {list}"));
        refusal.suggestion = reader.did_you_mean(&text.value, words.iter().copied());
        reader.refuse(text, refusal);
    }
    word
}

/// Whether a string is an address with a user in it (`postgres://user:password@host/`).
fn has_password(text: &str) -> bool {
    let authority = text.split_once("://").map(|(_, rest)| rest.split('/').next().unwrap_or_default());
    authority.is_some_and(|authority| authority.contains('@'))
}

fn env_problem(problem: &EnvProblem<'_>, span: Range<usize>) -> Found {
    match problem {
        EnvProblem::Missing(name) => Found::new(span, format!("the environment has no variable `{name}`"))
            .suggest(format!("set {name}, or write $${{{name}}} where the text itself is meant")),
        EnvProblem::BadName(_) => Found::new(span, "between `${` and `}` stands no name of a variable")
            .suggest("names have letters, digits and `_`; write $${ where the text itself is meant"),
        EnvProblem::Unclosed => Found::new(span, "`${` has no closing `}`")
            .suggest("write ${NAME} for a variable, or $${ where the text itself is meant"),
    }
}

fn described(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
