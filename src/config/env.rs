//! `${NAME}` in values: taken from the environment, and never shown again.

use std::borrow::Cow;
use std::fmt;

/// Looks up a variable of the environment.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// A string that errors and debug output do not show.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    #[must_use]
    pub fn new(value: String) -> Self {
        Self(value)
    }

    /// The value itself, for the one place that sends it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// What is wrong with a `${…}`.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum EnvProblem<'t> {
    /// No such variable.
    Missing(&'t str),
    /// What stands between the braces is no name of a variable.
    BadName(&'t str),
    /// The closing brace is missing.
    Unclosed,
}

/// Replaces each `${NAME}` by the variable's value; `$${` stands for a plain `${`.
pub(super) fn expand<'t>(text: &'t str, lookup: Lookup<'_>) -> Result<Cow<'t, str>, EnvProblem<'t>> {
    if !text.contains("${") {
        return Ok(Cow::Borrowed(text));
    }
    let mut expanded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let (before, from) = rest.split_at(start);
        let opened = &from[2..];
        if let Some(kept) = before.strip_suffix('$') {
            expanded.push_str(kept);
            expanded.push_str("${");
            rest = opened;
            continue;
        }
        let end = opened.find('}').ok_or(EnvProblem::Unclosed)?;
        let name = &opened[..end];
        if !is_name(name) {
            return Err(EnvProblem::BadName(name));
        }
        expanded.push_str(before);
        expanded.push_str(&lookup(name).ok_or(EnvProblem::Missing(name))?);
        rest = &opened[end + 1..];
    }
    expanded.push_str(rest);
    Ok(Cow::Owned(expanded))
}

/// The variables of a text that [`expand`] took, with their values.
pub(super) fn variables<'t>(text: &'t str, lookup: Lookup<'_>) -> Vec<(&'t str, String)> {
    let mut pieces = text.split("${").peekable();
    let mut found = Vec::new();
    while let Some(before) = pieces.next() {
        let Some(opened) = pieces.peek().filter(|_| !before.ends_with('$')) else { continue };
        let name = opened.split('}').next().unwrap_or_default();
        found.extend(lookup(name).map(|value| (name, value)));
    }
    found
}

fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    name.bytes().all(plain) && name.bytes().next().is_some_and(|first| !first.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup(name: &str) -> Option<String> {
        match name {
            "A" => Some("alpha".into()),
            "TRICK" => Some("${A}".into()),
            "EMPTY" => Some(String::new()),
            _ => None,
        }
    }

    #[test]
    fn replaces_variables_once() {
        let cases: [(&str, Result<&str, EnvProblem<'_>>); 13] = [
            ("plain $5", Ok("plain $5")),
            ("${A}", Ok("alpha")),
            ("x${A}y${A}", Ok("xalphayalpha")),
            ("${EMPTY}", Ok("")),
            ("${TRICK}", Ok("${A}")),
            ("$${A}", Ok("${A}")),
            ("$${A}${A}", Ok("${A}alpha")),
            ("$$", Ok("$$")),
            ("ä${A}ö", Ok("äalphaö")),
            ("${B}", Err(EnvProblem::Missing("B"))),
            ("${A", Err(EnvProblem::Unclosed)),
            ("${}", Err(EnvProblem::BadName(""))),
            ("${1A}", Err(EnvProblem::BadName("1A"))),
        ];
        for (text, expected) in cases {
            assert_eq!(expand(text, &lookup), expected.map(Cow::from), "{text}");
        }
    }

    #[test]
    fn debug_output_hides_a_secret() {
        assert_eq!(format!("{:?}", Secret::new("hunter2".into())), "…");
    }
}
