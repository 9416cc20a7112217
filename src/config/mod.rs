//! The config file: TOML in, a typed [`Config`] out, or every mistake in it at once.
//!
//! The document is parsed with the place of every key and value kept, then walked section by section (one
//! file each). A reader that meets a mistake notes it and reads on. The tables of options in the section
//! files also drive the JSON Schema and the tests of the example file.

mod bucket;
mod edit;
mod env;
mod error;
mod feed;
mod fetch;
mod options;
mod publish;
mod reader;
mod schema;
mod select;
mod site;
mod source;
mod state;
mod suggest;
mod table;
mod units;
mod values;
mod words;

use std::fmt;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use toml::de::DeTable;

use crate::model::Source;

pub use bucket::{BucketAddress, Cloud};
pub use edit::{NewSource, add_source, free_id};
pub use env::{Lookup, Secret};
pub use error::{ConfigError, Place, Problem};
pub use feed::Feed;
pub use fetch::FetchConfig;
pub use publish::{Destination, Publish};
pub use schema::schema;
pub use site::Site;
pub use state::StateLocation;

use error::Found;
use options::{Absent, Section, Setting, Shape};
use reader::Reader;
use table::Table;

/// The whole config file. Paths are absolute.
#[derive(Clone)]
pub struct Config {
    pub state: StateLocation,
    /// The time that a run takes for now; the real one where absent.
    pub clock: Option<DateTime<Utc>>,
    pub site: Site,
    pub publish: Publish,
    pub fetch: FetchConfig,
    /// In the order of the file, with unique ids.
    pub sources: Vec<Source>,
    /// In the order of the file, with unique ids.
    pub feeds: Vec<Feed>,
}

impl fmt::Debug for Config {
    /// Names sources instead of printing them: their addresses may hold secrets from the environment.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("state", &self.state)
            .field("clock", &self.clock)
            .field("site", &self.site)
            .field("publish", &self.publish)
            .field("fetch", &self.fetch)
            .field("sources", &self.sources.iter().map(|source| &source.id).collect::<Vec<_>>())
            .field("feeds", &self.feeds)
            .finish()
    }
}

/// The top of the file.
const ROOT: Section = Section {
    name: "the top of the file",
    doc: "Feedmill: where articles come from, and what is published.",
    settings: &[
        state::STATE,
        state::CLOCK,
        Setting {
            key: "site",
            shape: Shape::Table(&site::SECTION),
            absent: Absent::Required,
            doc: "The site that readers find the feeds on. Its base_url stands in every feed.",
        },
        Setting {
            key: "publish",
            shape: Shape::Table(&publish::SECTION),
            absent: Absent::Means("its own defaults"),
            doc: "Where feeds are written, and in which formats.",
        },
        Setting {
            key: "fetch",
            shape: Shape::Table(&fetch::SECTION),
            absent: Absent::Means("its own defaults"),
            doc: "How outlets are asked. The defaults are polite; few installations need another value.",
        },
        Setting {
            key: "source",
            shape: Shape::Tables(&source::SECTION),
            absent: Absent::Means("no sources"),
            doc: "One place that articles come from; the block is repeated.",
        },
        Setting {
            key: "feed",
            shape: Shape::Tables(&feed::SECTION),
            absent: Absent::Means("no feeds: articles are gathered and kept, nothing is published"),
            doc: "One feed that is published; the block is repeated.",
        },
    ],
};

/// Reads a config file.
///
/// # Errors
///
/// The file cannot be read, or something in it is wrong: then every problem with its place.
pub fn load(path: &Path, env: Lookup<'_>) -> Result<Config, ConfigError> {
    let bytes = std::fs::read(path).map_err(|error| {
        let missing = error.kind() == std::io::ErrorKind::NotFound;
        let advice = "name the config file with -c FILE, or run feedmill in the folder that holds feedmill.toml";
        ConfigError::unreadable(path, format!("cannot read the config file: {error}"), missing.then(|| advice.into()))
    })?;
    match std::str::from_utf8(&bytes) {
        Ok(text) => parse(text, path, env),
        Err(error) => {
            let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            let found = Found::new(valid.len()..valid.len(), "the file is not UTF-8 from here on")
                .suggest("save it as UTF-8, the only encoding of TOML");
            Err(ConfigError::locate(path, &valid, vec![found]))
        }
    }
}

/// Reads the text of a config file; `path` names it in errors and is where its paths start from.
///
/// # Errors
///
/// Something in the text is wrong: every problem with its place.
pub fn parse(text: &str, path: &Path, env: Lookup<'_>) -> Result<Config, ConfigError> {
    let (document, syntax) = DeTable::parse_recoverable(text);
    if !syntax.is_empty() {
        // What a broken document seems to say is not worth further complaints.
        let end = text.len()..text.len();
        let found = syntax.iter().map(|error| Found::new(error.span().unwrap_or(end.clone()), error.message()));
        return Err(ConfigError::locate(path, text, found.collect()));
    }
    let folder = folder_of(path)?;
    let mut reader = Reader::new(env, &folder);
    let config = read(document.get_ref(), &mut reader);
    let problems = reader.into_problems();
    match config {
        Some(config) if problems.is_empty() => Ok(config),
        _ => Err(ConfigError::locate(path, text, problems)),
    }
}

/// The absolute folder that holds the file.
fn folder_of(path: &Path) -> Result<PathBuf, ConfigError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::path::absolute(folder)
        .map_err(|error| ConfigError::unreadable(path, format!("cannot tell where the config file is: {error}"), None))
}

/// The table of contents: each section in turn. `None` only after a problem was noted.
fn read<'a>(document: &'a DeTable<'a>, reader: &mut Reader<'a>) -> Option<Config> {
    let root = Table::open(&ROOT, document, (0..0, reader));
    let state = state::read(&root, reader);
    let clock = state::read_clock(&root, reader);
    let site = root.table("site", reader).and_then(|table| site::read(&table, reader));
    let publish = publish::read(root.table("publish", reader).as_ref(), reader);
    if let Some(state) = &state {
        state::keep_apart(&root, (state, &publish), reader);
    }
    let fetch = fetch::read(root.table("fetch", reader).as_ref(), reader);
    let sources = source::read_all(&root.tables("source", reader), reader);
    let feeds = feed::read_all(&root.tables("feed", reader), &sources, reader);
    Some(Config { state: state?, clock, site: site?, publish, fetch, sources: sources.list, feeds })
}
