//! `[site]`: the facts that stand in every feed.

use std::path::PathBuf;

use super::options::{Absent, Section, Setting, Shape};
use super::reader::{Reader, Refusal};
use super::state::local_path;
use super::table::Table;
use super::values::{self, header_text};

/// The site that readers find the feeds on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The host of `base_url` by default.
    pub title: String,
    /// Absolute, http or https, ends with a slash.
    pub base_url: String,
    /// A mail address or web page; goes into the User-Agent.
    pub contact: Option<String>,
    pub author: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    pub rights: Option<String>,
    /// The address of a picture.
    pub icon: Option<String>,
    /// A folder of templates for the pages, absolute.
    pub theme: Option<PathBuf>,
}

pub(super) const SECTION: Section = Section {
    name: "[site]",
    doc: "The site that readers find the feeds on.",
    settings: &[
        Setting {
            key: "title",
            shape: Shape::Text,
            absent: Absent::Means("the host of base_url"),
            doc: "The site's name for people: the heading of the index page, the author of feeds that name none.",
        },
        Setting {
            key: "base_url",
            shape: Shape::Text,
            absent: Absent::Required,
            doc: "The address at which readers find the output folder. Feeds must name their own address, so there is \
                  no default; a slash at the end is added.",
        },
        Setting {
            key: "contact",
            shape: Shape::Text,
            absent: Absent::Means("none"),
            doc: "A mail address or web page for outlets that wonder who asks. It goes into the User-Agent; an outlet \
                  that can write does not need to block.",
        },
        Setting {
            key: "author",
            shape: Shape::Text,
            absent: Absent::Means("none"),
            doc: "Who publishes the feeds, where a feed names nobody.",
        },
        Setting {
            key: "language",
            shape: Shape::Text,
            absent: Absent::Means("none"),
            doc: "The language of feeds that name none, as a tag such as \"en\" or \"pt-BR\" (BCP 47).",
        },
        Setting {
            key: "rights",
            shape: Shape::Text,
            absent: Absent::Means("none"),
            doc: "The copyright line of feeds that have none.",
        },
        Setting {
            key: "icon",
            shape: Shape::Text,
            absent: Absent::Means("none"),
            doc: "The address of a square picture for feeds that have none.",
        },
        Setting {
            key: "theme",
            shape: Shape::Text,
            absent: Absent::Means("the program's own look"),
            doc: "A folder with templates (minijinja) that stand in place of the program's own: feed.html, index.html, \
                  head.html, style.css. What is not in it stays as it is.",
        },
    ],
};

pub(super) fn read<'a>(table: &Table<'a>, reader: &mut Reader<'a>) -> Option<Site> {
    let base_url = table.parse("base_url", reader, base_url);
    let title = table.string("title", reader);
    let site = Site {
        title: String::new(),
        base_url: String::new(),
        contact: table.parse("contact", reader, header_text),
        author: table.string("author", reader),
        language: table.parse("language", reader, values::language),
        rights: table.string("rights", reader),
        icon: table.parse("icon", reader, values::web_address),
        theme: table.parse("theme", reader, local_path).map(|path| reader.path(&path)),
    };
    let base_url = base_url?;
    let title = title.unwrap_or_else(|| base_url.host_str().unwrap_or_default().to_owned());
    Some(Site { title, base_url: base_url.into(), ..site })
}

fn base_url(text: &str) -> Result<url::Url, Refusal> {
    let mut url = values::web_url(text)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(Refusal::new("has a query or fragment; file names could not follow it"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Refusal::new("holds a user name or password, and would be published"));
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}
