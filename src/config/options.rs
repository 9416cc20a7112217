//! The table of options: what may stand in the file, as data.
//!
//! Each section's file holds its own [`Section`]. From these tables come the detection of unknown
//! keys, the JSON Schema, and the test that the example file shows every option.

/// One table of the file.
#[derive(Debug)]
pub(super) struct Section {
    /// As people write it: `[site]`, `[[source]]`, `include`.
    pub name: &'static str,
    /// What the table is for.
    pub doc: &'static str,
    pub settings: &'static [Setting],
}

impl Section {
    pub fn setting(&self, key: &str) -> Option<&'static Setting> {
        self.settings.iter().find(|setting| setting.key == key)
    }
}

/// One key of a table.
#[derive(Debug)]
pub(super) struct Setting {
    pub key: &'static str,
    pub shape: Shape,
    pub absent: Absent,
    /// What the option does, and why its default is what it is.
    pub doc: &'static str,
}

/// What holds where a key is left out.
#[derive(Clone, Copy, Debug)]
pub(super) enum Absent {
    /// The file is wrong without it.
    Required,
    /// A value, as TOML.
    Default(&'static str),
    /// Nothing fixed: said in words.
    Means(&'static str),
}

/// Which values a key takes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    Text,
    /// A whole number between the two, both allowed.
    Count(u32, u32),
    /// True or false.
    Flag,
    /// "30m", "2 h", "1d 12h".
    Duration,
    /// "250 KB", or a number of bytes.
    Size,
    /// A time with its offset (RFC 3339), bare or in quotes.
    Instant,
    OneOf(&'static [&'static str]),
    Texts,
    TextOrTexts,
    /// A list of some of these.
    SomeOf(&'static [&'static str]),
    /// A table of the operator's own keys, whose values are secrets.
    Secrets,
    /// One string that is a secret.
    Secret,
    Table(&'static Section),
    Tables(&'static Section),
}

impl Shape {
    /// What an error says was expected.
    pub const fn expected(self) -> &'static str {
        match self {
            Self::Text | Self::Secret | Self::OneOf(_) => "a string",
            Self::Flag => "true or false",
            Self::Count(..) => "a whole number",
            Self::Duration => "a duration such as \"30m\"",
            Self::Size => "a size such as \"250 KB\"",
            Self::Instant => "a time such as 2026-01-31T06:00:00Z",
            Self::Texts | Self::SomeOf(_) => "a list of strings",
            Self::TextOrTexts => "a string or a list of strings",
            Self::Secrets | Self::Table(_) => "a table",
            Self::Tables(_) => "a list of tables",
        }
    }

    /// Whether values must not be shown, also where they stand in the file itself.
    pub const fn is_secret(self) -> bool {
        matches!(self, Self::Secret | Self::Secrets)
    }
}
