//! `[[feed]]`: one feed that is published.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use toml::de::DeValue;

use super::error::Found;
use super::options::{Absent, Section, Setting, Shape};
use super::reader::{Reader, Refusal};
use super::source::{Sources, claim, unique_id};
use super::state::local_path;
use super::table::Table;
use super::values::{self, FORMATS};
use super::words;
use super::{publish, units};
use crate::compose::{Content, Selection, Stories};
use crate::model::Format;

/// One feed that is published.
#[derive(Clone, Debug)]
pub struct Feed {
    /// `[a-z0-9-]{1,64}`, unique; the file name.
    pub id: String,
    /// The id by default.
    pub title: String,
    pub description: Option<String>,
    pub language: Option<String>,
    pub icon: Option<String>,
    pub author: Option<String>,
    pub rights: Option<String>,
    /// The site's where absent.
    pub formats: Option<Vec<Format>>,
    /// Whether what leaves the main document goes into archives.
    pub archives: bool,
    /// The address of a WebSub hub.
    pub hub: Option<String>,
    /// Whether its page shows pictures.
    pub pictures: bool,
    /// The site's where absent.
    pub theme: Option<PathBuf>,
    /// Former ids, whose items this feed keeps and whose files it goes on writing.
    pub was: Vec<String>,
    /// What it takes, and how much of it.
    pub selection: Selection,
}

const ITEMS: u32 = 50;
const BYTES: u64 = 250_000;

const fn site_wide(key: &'static str, doc: &'static str) -> Setting {
    Setting { key, shape: Shape::Text, absent: Absent::Means("the site's"), doc }
}

pub(super) const SECTION: Section = Section {
    name: "[[feed]]",
    doc: "One feed that is published.",
    settings: &[
        Setting {
            key: "id",
            shape: Shape::Text,
            absent: Absent::Required,
            doc: "The feed's file name without ending: 1 to 64 of a-z, 0-9 and -. Readers subscribe to it; rename it \
                  only with `was`.",
        },
        Setting {
            key: "title",
            shape: Shape::Text,
            absent: Absent::Means("the id"),
            doc: "The feed's name for people.",
        },
        Setting {
            key: "description",
            shape: Shape::Text,
            absent: Absent::Means("the title"),
            doc: "What readers find in the feed, in a sentence.",
        },
        site_wide("language", "The feed's language, as a tag such as \"en\" (BCP 47)."),
        site_wide("icon", "The address of a square picture for the feed."),
        site_wide("author", "Who publishes the feed."),
        site_wide("rights", "The feed's copyright line."),
        Setting {
            key: "formats",
            shape: Shape::SomeOf(FORMATS),
            absent: Absent::Means("those of [publish]"),
            doc: "The formats of this feed.",
        },
        Setting {
            key: "archives",
            shape: Shape::Flag,
            absent: Absent::Default("false"),
            doc: "Whether items that leave the main document go into archives that readers can page back through \
                  (RFC 5005). The main document then holds `items` to twice as many, less one. Off by default: most \
                  readers never ask for them.",
        },
        Setting {
            key: "hub",
            shape: Shape::Text,
            absent: Absent::Means("none"),
            doc: "The address of a WebSub hub. It is named in the feed and told when the feed has changed, so that \
                  subscribers learn of it at once.",
        },
        Setting {
            key: "pictures",
            shape: Shape::Flag,
            absent: Absent::Default("true"),
            doc: "Whether the feed's page shows pictures. They come from the outlets' hosts, which then learn who reads \
                  the page; without them the page asks nobody.",
        },
        Setting {
            key: "theme",
            shape: Shape::Text,
            absent: Absent::Means("the site's"),
            doc: "A folder with templates for the feed's page, as in [site].",
        },
        Setting {
            key: "was",
            shape: Shape::Texts,
            absent: Absent::Default("[]"),
            doc: "Former ids. The feed keeps their items and goes on writing their files, so that nobody must subscribe \
                  again.",
        },
        Setting {
            key: "content",
            shape: Shape::OneOf(&["full", "summary", "link"]),
            absent: Absent::Means("\"full\" for articles from feeds, \"summary\" for those read from pages"),
            doc: "How much of an article an item holds: its text, its summary, or its title and link alone.",
        },
        Setting {
            key: "stories",
            shape: Shape::Text,
            absent: Absent::Default("\"all\""),
            doc: "What becomes of one story that several outlets have: \"all\" keeps each article, \"first\" the \
                  earliest, \"prefer:OUTLET\" that outlet's. All by default: nothing is left out unasked.",
        },
        Setting {
            key: "sources",
            shape: Shape::Texts,
            absent: Absent::Means("all sources"),
            doc: "The ids of the sources that the feed takes articles from.",
        },
        Setting {
            key: "outlets",
            shape: Shape::Texts,
            absent: Absent::Default("[]"),
            doc: "Only articles of these outlets. Empty: of all.",
        },
        Setting {
            key: "tags",
            shape: Shape::Texts,
            absent: Absent::Default("[]"),
            doc: "Only articles with one of these tags. Empty: with any or none.",
        },
        Setting {
            key: "include",
            shape: Shape::Table(&words::SECTION),
            absent: Absent::Default("{}"),
            doc: "Only articles that hold one of these words. Empty: all.",
        },
        Setting {
            key: "exclude",
            shape: Shape::Table(&words::SECTION),
            absent: Absent::Default("{}"),
            doc: "No articles that hold one of these words, whatever else speaks for them.",
        },
        Setting {
            key: "languages",
            shape: Shape::Texts,
            absent: Absent::Default("[]"),
            doc: "Only articles in these languages; \"pt\" takes \"pt-BR\" too. Empty: in all.",
        },
        Setting {
            key: "per_outlet",
            shape: Shape::Count(1, 1_000_000),
            absent: Absent::Means("no limit"),
            doc: "The most items of one outlet, so that a busy one does not crowd out the others. The oldest leave.",
        },
        Setting {
            key: "max_age",
            shape: Shape::Duration,
            absent: Absent::Means("no limit"),
            doc: "Items published longer ago than this leave, but for the last one: a feed is never emptied.",
        },
        Setting {
            key: "max_new_age",
            shape: Shape::Duration,
            absent: Absent::Means("no limit"),
            doc: "Articles that are older than this when they are first seen do not enter, so that an outlet's old \
                  stock is not taken for news.",
        },
        Setting {
            key: "items",
            shape: Shape::Count(1, 1_000_000),
            absent: Absent::Default("50"),
            doc: "The most items. 50 outlast a weekend at a busy outlet, and any reader takes them.",
        },
        Setting {
            key: "bytes",
            shape: Shape::Size,
            absent: Absent::Default("\"250 KB\""),
            doc: "The most text, counted as stored and alike for all formats (1 KB is 1,000 bytes). Readers fetch the \
                  whole file every time.",
        },
    ],
};

/// The name of the page that lists all feeds.
const INDEX: &str = "index";
const TAKEN: &str = "id `index` is taken by the page that lists all feeds";

pub(super) fn read_all<'a>(tables: &[Table<'a>], sources: &Sources, reader: &mut Reader<'a>) -> Vec<Feed> {
    let mut taken = HashMap::with_capacity(tables.len());
    let ids: Vec<Option<String>> = tables.iter().map(|table| unique_id(table, &mut taken, reader)).collect();
    let outlets: HashSet<&str> = sources.list.iter().map(|source| &*source.outlet).collect();
    let mut feeds = Vec::with_capacity(tables.len());
    for (table, id) in tables.iter().zip(ids) {
        if id.as_deref() == Some(INDEX) {
            reader.report(Found::new(table.span_of("id"), TAKEN).suggest("choose another, such as `all`"));
        }
        let was = former_ids(table, &mut taken, reader);
        let mut feed = read(table, id.unwrap_or_default(), reader);
        feed.was = was;
        check_archives(table, &feed, reader);
        feed.selection.sources = source_ids(table, sources, reader);
        if sources.complete {
            check_outlets(table, &outlets, reader);
        }
        feeds.push(feed);
    }
    feeds
}

/// All that can be read from the table alone.
fn read<'a>(table: &Table<'a>, id: String, reader: &mut Reader<'a>) -> Feed {
    Feed {
        title: table.string("title", reader).unwrap_or_else(|| id.clone()),
        description: table.string("description", reader),
        language: table.parse("language", reader, values::language),
        icon: table.parse("icon", reader, values::web_address),
        author: table.string("author", reader),
        rights: table.string("rights", reader),
        formats: publish::formats(table, reader),
        archives: table.flag("archives", reader).unwrap_or(false),
        hub: table.parse("hub", reader, values::web_address),
        pictures: table.flag("pictures", reader).unwrap_or(true),
        theme: table.parse("theme", reader, local_path).map(|path| reader.path(&path)),
        was: Vec::new(),
        selection: Selection {
            sources: Vec::new(),
            outlets: table.strings("outlets", reader),
            tags: table.strings("tags", reader),
            include: words::read(table, "include", reader),
            exclude: words::read(table, "exclude", reader),
            languages: table.parse_each("languages", reader, values::language),
            items: table.count("items", reader).unwrap_or(ITEMS),
            bytes: bytes(table, reader).unwrap_or(BYTES),
            per_outlet: table.count("per_outlet", reader),
            max_age: age(table, "max_age", reader),
            max_new_age: age(table, "max_new_age", reader),
            content: table.parse("content", reader, content),
            stories: table.parse("stories", reader, stories).unwrap_or_default(),
        },
        id,
    }
}

/// An age in seconds.
fn age<'a>(table: &Table<'a>, key: &'static str, reader: &mut Reader<'a>) -> Option<u64> {
    table.parse(key, reader, values::duration).map(|age| age.as_secs())
}

/// Notes limits that would keep out what archives are there to keep.
fn check_archives<'a>(table: &Table<'a>, feed: &Feed, reader: &mut Reader<'a>) {
    for key in ["per_outlet", "max_age"].into_iter().filter(|key| feed.archives && table.has(key)) {
        let found = Found::new(table.span_of(key), format!("`{key}` and `archives = true` exclude each other"));
        reader.report(found.suggest("archives keep every item; leave one of the two out"));
    }
}

fn content(word: &str) -> Result<Content, Refusal> {
    match word {
        "full" => Ok(Content::Full),
        "summary" => Ok(Content::Summary),
        "link" => Ok(Content::Link),
        _ => Err(Refusal::new("is no kind of content")),
    }
}

fn stories(text: &str) -> Result<Stories, Refusal> {
    match text {
        "all" => Ok(Stories::All),
        "first" => Ok(Stories::First),
        _ => match text.strip_prefix("prefer:").map(str::trim) {
            Some(outlet) if !outlet.is_empty() => Ok(Stories::Prefer(outlet.to_owned())),
            _ => Err(Refusal::new("is none of `all`, `first`, `prefer:OUTLET`")),
        },
    }
}

fn bytes<'a>(table: &Table<'a>, reader: &mut Reader<'a>) -> Option<u64> {
    let node = table.node("bytes")?;
    let bytes = match node.get_ref() {
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .ok()
            .map(i64::unsigned_abs)
            .filter(|_| !number.as_str().starts_with('-')),
        DeValue::String(_) => Some(table.parse("bytes", reader, |text| {
            units::size(text).ok_or_else(|| {
                Refusal::new("is no size").suggest("write a whole number and a unit, such as \"250 KB\" or \"1 MB\"")
            })
        })?),
        _ => {
            table.wrong_type("bytes", reader);
            return None;
        }
    };
    let bytes = bytes.filter(|bytes| *bytes > 0);
    if bytes.is_none() {
        reader.report(Found::new(node.span(), "`bytes` takes a size above zero"));
    }
    bytes
}

/// The table's `was`, each an id that no other feed has or had.
fn former_ids<'a>(table: &Table<'a>, taken: &mut HashMap<String, usize>, reader: &mut Reader<'a>) -> Vec<String> {
    let mut was = Vec::new();
    for text in table.texts("was", reader) {
        if text.value == INDEX {
            reader.report(Found::new(text.span, TAKEN));
        } else if let Some(id) = reader.parse(&text, values::id) {
            was.extend(claim(id, &text, (&mut *taken, &mut *reader)));
        }
    }
    was
}

/// The table's `sources`, each the id of a source.
fn source_ids<'a>(table: &Table<'a>, sources: &Sources, reader: &mut Reader<'a>) -> Vec<String> {
    if !table.has("sources") {
        return Vec::new();
    }
    let before = reader.problem_count();
    let mut ids = Vec::new();
    let mut seen = HashSet::new();
    for text in table.texts("sources", reader) {
        if sources.ids.contains_key(&*text.value) {
            if seen.insert(text.value.clone().into_owned()) {
                ids.push(text.into_string());
            }
            continue;
        }
        let mut refusal = Refusal::new("is the id of no source");
        refusal.suggestion = reader.did_you_mean(&text.value, sources.ids.keys().map(String::as_str));
        reader.refuse(&text, refusal);
    }
    if ids.is_empty() && reader.problem_count() == before {
        reader.report(
            Found::new(table.span_of("sources"), "`sources` is empty: the feed would never hold anything")
                .suggest("leave it out to take articles from all sources"),
        );
    }
    ids
}

/// Notes outlets that no source has.
fn check_outlets<'a>(table: &Table<'a>, outlets: &HashSet<&str>, reader: &mut Reader<'a>) {
    let mut wanted = Vec::new();
    if let Some(DeValue::Array(list)) = table.node("outlets").map(toml::Spanned::get_ref) {
        wanted.extend(list.iter().filter_map(|node| Some((node.get_ref().as_str()?, node.span()))));
    }
    if let Some(node) = table.node("stories") {
        let preferred = node.get_ref().as_str().and_then(|text| text.strip_prefix("prefer:"));
        wanted.extend(preferred.map(|outlet| (outlet.trim(), node.span())));
    }
    for (outlet, span) in wanted {
        if outlet.is_empty() || outlet.contains("${") || outlets.contains(outlet) {
            continue;
        }
        let mut found = Found::new(span, format!("`{outlet}` is the outlet of no source"));
        found.suggestion = reader.did_you_mean(outlet, outlets.iter().copied());
        reader.report(found);
    }
}
