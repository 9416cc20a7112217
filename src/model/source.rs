//! One place that articles come from, as configured.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono_tz::Tz;
use url::Url;

use super::Secrets;

/// What a source is read as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SourceKind {
    /// Whatever the document turns out to be.
    #[default]
    Auto,
    /// RSS, Atom, RDF or JSON Feed.
    Feed,
    /// A sitemap, or an index of them.
    Sitemap,
    /// A page that lists articles.
    Listing,
    /// One article page.
    Article,
    /// A local folder of HTML, Markdown and plain-text articles.
    Folder,
}

impl SourceKind {
    /// The word that the config uses.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Feed => "feed",
            Self::Sitemap => "sitemap",
            Self::Listing => "listing",
            Self::Article => "article",
            Self::Folder => "folder",
        }
    }
}

/// CSS selectors that override what is found by itself, field by field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Select {
    /// The element around one story of a list.
    pub item: Option<String>,
    /// The link to the story.
    pub link: Option<String>,
    pub title: Option<String>,
    pub date: Option<String>,
    pub author: Option<String>,
    pub image: Option<String>,
    /// The story's text on its own page.
    pub body: Option<String>,
}

impl Select {
    /// Those that are set, by the words that the config uses.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let Self { item, link, title, date, author, image, body } = self;
        let all = [
            ("item", item),
            ("link", link),
            ("title", title),
            ("date", date),
            ("author", author),
            ("image", image),
            ("body", body),
        ];
        all.into_iter().filter_map(|(name, selector)| Some((name, selector.as_deref()?)))
    }
}

/// Where a source is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Where {
    Web(Url),
    /// A folder of the local disk, absolute.
    Folder(PathBuf),
}

/// One configured source.
#[derive(Clone)]
pub struct Source {
    pub id: Arc<str>,
    pub location: Where,
    /// What of the location came from the environment: it is asked with, and shown to nobody.
    pub secrets: Secrets,
    pub kind: SourceKind,
    /// Who publishes; sources of one outlet share identities. Defaults to the registrable domain.
    pub outlet: Arc<str>,
    /// The outlet's name for people.
    pub title: Option<String>,
    /// For dates without a zone.
    pub timezone: Option<Tz>,
    pub language: Option<String>,
    /// Exact interval between fetches; adaptive where absent.
    pub every: Option<Duration>,
    /// Each new item's page is read too.
    pub full_text: bool,
    pub select: Option<Arc<Select>>,
    /// Pages of a list that are read, the first one included; 1 for no further ones.
    pub pages: u32,
    /// Added to each article's own tags.
    pub tags: Vec<String>,
    /// Sent with each request to the source's own host; values may be secrets.
    pub headers: Vec<(String, String)>,
}

impl Source {
    /// A source of kind `auto` with the defaults of all options.
    #[must_use]
    pub fn new(id: &str, outlet: &str, location: Where) -> Self {
        Self {
            id: id.into(),
            location,
            secrets: Secrets::default(),
            kind: SourceKind::Auto,
            outlet: outlet.into(),
            title: None,
            timezone: None,
            language: None,
            every: None,
            full_text: false,
            select: None,
            pages: 1,
            tags: Vec::new(),
            headers: Vec::new(),
        }
    }

    /// An address as it may be stored and shown.
    #[must_use]
    pub fn public(&self, url: &str) -> String {
        match Url::parse(url) {
            Ok(url) if !self.secrets.is_empty() => self.secrets.public(&url).into(),
            _ => url.to_owned(),
        }
    }

    /// The host of its address; none of a folder.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        match &self.location {
            Where::Web(url) => url.host_str(),
            Where::Folder(_) => None,
        }
    }
}

impl fmt::Debug for Source {
    /// Leaves out what may be secret: header values, and the query and user of an address.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let location = match &self.location {
            Where::Web(url) => self.secrets.veil(&format!("{}{}", url.origin().ascii_serialization(), url.path())),
            Where::Folder(path) => path.display().to_string(),
        };
        f.debug_struct("Source")
            .field("id", &self.id)
            .field("location", &location)
            .field("kind", &self.kind)
            .field("outlet", &self.outlet)
            .field("headers", &self.headers.iter().map(|(name, _)| name).collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}
