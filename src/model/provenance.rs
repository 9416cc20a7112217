//! Where a value came from, and what lost against it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// A field of an article that has a provenance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Url,
    CanonicalUrl,
    Title,
    Authors,
    DatePublished,
    DateModified,
    Language,
    Summary,
    ContentHtml,
    Image,
    Attachments,
    Tags,
    Section,
    SiteName,
    Rights,
}

impl Field {
    /// How many fields there are.
    pub const ALL: usize = Self::Rights as usize + 1;

    /// The field's name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Url => "url",
            Self::CanonicalUrl => "canonical_url",
            Self::Title => "title",
            Self::Authors => "authors",
            Self::DatePublished => "date_published",
            Self::DateModified => "date_modified",
            Self::Language => "language",
            Self::Summary => "summary",
            Self::ContentHtml => "content_html",
            Self::Image => "image",
            Self::Attachments => "attachments",
            Self::Tags => "tags",
            Self::Section => "section",
            Self::SiteName => "site_name",
            Self::Rights => "rights",
        }
    }
}

/// How one field of one article came to its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    pub field: Field,
    /// Such as `json-ld:datePublished`, `feed:pubDate`, `byline`, `url`, `first-seen`, `config`.
    pub from: Cow<'static, str>,
    /// The text as found; `None` where it is the value itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
    /// Why it won, in words.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub why: Cow<'static, str>,
    /// The other candidates, best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<Lost>,
}

/// A candidate that was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    pub from: Cow<'static, str>,
    pub raw: String,
}
