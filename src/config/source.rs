//! `[[source]]`: one place that articles come from.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::time::Duration;

use chrono_tz::{TZ_VARIANTS, Tz};

use super::error::Found;
use super::options::{Absent, Section, Setting, Shape};
use super::reader::{Reader, Refusal, Text};
use super::select;
use super::state::local_path;
use super::table::Table;
use super::values;
use crate::address;
use crate::model::{Source, SourceKind, Where};

pub(super) const SECTION: Section = Section {
    name: "[[source]]",
    doc: "One place that articles come from.",
    settings: &[
        Setting {
            key: "id",
            shape: Shape::Text,
            absent: Absent::Required,
            doc: "The source's permanent name: 1 to 64 of a-z, 0-9 and -. State hangs on it, so it should never change.",
        },
        Setting {
            key: "url",
            shape: Shape::Text,
            absent: Absent::Required,
            doc: "Where the articles are: an http or https address, or the path of a folder (with kind = \"folder\").",
        },
        Setting {
            key: "kind",
            shape: Shape::OneOf(KINDS),
            absent: Absent::Default("\"auto\""),
            doc: "What the source is read as. \"auto\" takes what it finds there; a fixed kind makes anything else an \
                  error.",
        },
        Setting {
            key: "outlet",
            shape: Shape::Text,
            absent: Absent::Means("the registrable domain of the host, or the name of the folder"),
            doc: "Who publishes. Sources of one outlet share their articles; name it where they stand on several domains.",
        },
        Setting {
            key: "title",
            shape: Shape::Text,
            absent: Absent::Means("what the source calls itself"),
            doc: "The outlet's name for people, as it stands beside its articles.",
        },
        Setting {
            key: "timezone",
            shape: Shape::Text,
            absent: Absent::Means("what the outlet's own dates show, else UTC"),
            doc: "The zone of dates that name none, such as \"Asia/Baku\" (IANA). Needed where an outlet prints bare times.",
        },
        Setting {
            key: "language",
            shape: Shape::Text,
            absent: Absent::Means("what each article declares or is written in"),
            doc: "The language of articles that declare none, as a tag such as \"az\" (BCP 47).",
        },
        Setting {
            key: "every",
            shape: Shape::Duration,
            absent: Absent::Means("it follows the outlet's own rhythm, between 15 minutes and a day"),
            doc: "The exact time between two looks. At least 15 minutes on the web: less counts as 15 minutes.",
        },
        Setting {
            key: "full_text",
            shape: Shape::Flag,
            absent: Absent::Default("false"),
            doc: "Whether each new item's page is read too, for feeds that give only a teaser. Lists and sitemaps always \
                  do so.",
        },
        Setting {
            key: "select",
            shape: Shape::Table(&select::SECTION),
            absent: Absent::Means("all is found by itself"),
            doc: "CSS selectors that override, field by field, what is found by itself.",
        },
        Setting {
            key: "pages",
            shape: Shape::Count(1, 20),
            absent: Absent::Default("1"),
            doc: "How many pages of a list are read; the next ones are found by their rel=next links.",
        },
        Setting {
            key: "headers",
            shape: Shape::Secrets,
            absent: Absent::Default("{}"),
            doc: "Header fields sent to this source's host only. Take secrets from the environment: \"${NAME}\".",
        },
        Setting {
            key: "tags",
            shape: Shape::Texts,
            absent: Absent::Default("[]"),
            doc: "Tags added to every article of the source; feeds can select by them.",
        },
    ],
};

const KINDS: &[&str] = &["auto", "feed", "sitemap", "listing", "article", "folder"];

/// Sources as read, and the names that feeds may refer to.
pub(super) struct Sources {
    pub list: Vec<Source>,
    /// Every id in the file, also of sources that have problems, and where it stands.
    pub ids: HashMap<String, usize>,
    /// Whether `list` lacks none that the file has.
    pub complete: bool,
}

pub(super) fn read_all<'a>(tables: &[Table<'a>], reader: &mut Reader<'a>) -> Sources {
    let ids = HashMap::with_capacity(tables.len());
    let mut sources = Sources { list: Vec::with_capacity(tables.len()), ids, complete: true };
    for table in tables {
        let id = unique_id(table, &mut sources.ids, reader);
        match read(table, id, reader) {
            Some(source) => sources.list.push(source),
            None => sources.complete = false,
        }
    }
    sources
}

/// The table's `id`, noted in `taken`; a problem where it stands there already.
pub(super) fn unique_id<'a>(
    table: &Table<'a>,
    taken: &mut HashMap<String, usize>,
    reader: &mut Reader<'a>,
) -> Option<String> {
    let text = table.text("id", reader)?;
    let id = reader.parse(&text, values::id)?;
    claim(id, &text, (taken, reader))
}

/// Notes an id and its place; a problem where it is taken.
pub(super) fn claim<'a>(
    id: String,
    text: &Text<'a>,
    at: (&mut HashMap<String, usize>, &mut Reader<'a>),
) -> Option<String> {
    let (taken, reader) = at;
    match taken.entry(id) {
        Entry::Vacant(free) => {
            let id = free.key().clone();
            free.insert(text.span.start);
            Some(id)
        }
        Entry::Occupied(first) => {
            let mut found = Found::new(text.span.clone(), format!("id {} stands twice", text.quoted()));
            found.first = Some(*first.get());
            reader.report(found);
            None
        }
    }
}

fn read<'a>(table: &Table<'a>, id: Option<String>, reader: &mut Reader<'a>) -> Option<Source> {
    // A kind that is wrong must not make the address look wrong as well.
    let kind = if table.has("kind") { table.parse("kind", reader, kind) } else { Some(SourceKind::Auto) };
    let address = table.text("url", reader);
    let secrets = address.as_ref().map(|text| reader.secrets(text)).unwrap_or_default();
    let location = address.zip(kind).and_then(|(text, kind)| location(&text, kind, reader));
    let outlet = table.string("outlet", reader);
    let title = table.string("title", reader);
    let timezone = timezone(table, reader);
    let language = table.parse("language", reader, values::language);
    let every = table.parse("every", reader, interval);
    let tags = table.strings("tags", reader);
    let headers = headers(table, reader);
    let full_text = table.flag("full_text", reader).unwrap_or(false);
    let select = select::read(table, reader);
    let pages = table.count("pages", reader).unwrap_or(1);

    let (id, kind, location) = (Arc::from(id?), kind?, location?);
    let outlet = outlet.map_or_else(|| default_outlet(&location), Arc::from);
    let every = every.map(|every| at_least_floor(every, &location));
    Some(Source {
        id,
        location,
        secrets,
        kind,
        outlet,
        title,
        timezone,
        language,
        every,
        full_text,
        select,
        pages,
        tags,
        headers,
    })
}

/// The time between two looks.
fn interval(text: &str) -> Result<Duration, Refusal> {
    match values::duration(text)? {
        Duration::ZERO => Err(Refusal::new("is no time between two looks").suggest("leave it out, or take \"15m\"")),
        every => Ok(every),
    }
}

fn kind(word: &str) -> Result<SourceKind, Refusal> {
    match word {
        "auto" => Ok(SourceKind::Auto),
        "feed" => Ok(SourceKind::Feed),
        "sitemap" => Ok(SourceKind::Sitemap),
        "listing" => Ok(SourceKind::Listing),
        "article" => Ok(SourceKind::Article),
        "folder" => Ok(SourceKind::Folder),
        _ => Err(Refusal::new("is no kind of source")),
    }
}

fn location<'a>(text: &Text<'a>, kind: SourceKind, reader: &mut Reader<'a>) -> Option<Where> {
    if kind == SourceKind::Folder {
        return reader.parse(text, folder).map(|path| Where::Folder(reader.path(&path)));
    }
    match values::web_url(&text.value) {
        Ok(url) => Some(Where::Web(url)),
        Err(refusal) => {
            let advice = refusal.suggestion.as_ref().map(|advice| format!("{advice}; a path needs kind = \"folder\""));
            let refusal = Refusal { suggestion: advice, ..refusal };
            reader.refuse(text, refusal);
            None
        }
    }
}

fn folder(text: &str) -> Result<String, Refusal> {
    if values::web_url(text).is_ok() {
        return Err(Refusal::new("is no folder, but an address").suggest("leave out kind = \"folder\""));
    }
    local_path(text)
}

/// The registrable domain of an address, the name of a folder.
fn default_outlet(location: &Where) -> Arc<str> {
    match location {
        Where::Web(url) => Arc::from(address::registrable_domain(url.host_str().unwrap_or_default())),
        Where::Folder(path) => Arc::from(path.file_name().unwrap_or(path.as_os_str()).to_string_lossy()),
    }
}

/// The shortest time between two looks at an address: what publishers of feeds call polite.
const FLOOR: Duration = Duration::from_mins(15);

fn at_least_floor(every: Duration, location: &Where) -> Duration {
    match location {
        Where::Web(_) => every.max(FLOOR),
        Where::Folder(_) => every,
    }
}

fn timezone<'a>(table: &Table<'a>, reader: &mut Reader<'a>) -> Option<Tz> {
    let text = table.text("timezone", reader)?;
    if let Ok(zone) = text.value.parse() {
        return Some(zone);
    }
    let mut refusal = Refusal::new("is no IANA time zone");
    let meant = reader.did_you_mean(&text.value.replace(' ', "_"), TZ_VARIANTS.iter().map(|zone| zone.name()));
    refusal.suggestion = meant.or_else(|| Some("zones are written like \"Asia/Baku\" or \"Europe/Berlin\"".into()));
    reader.refuse(&text, refusal);
    None
}

fn headers<'a>(table: &Table<'a>, reader: &mut Reader<'a>) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for (name, value) in table.pairs("headers", reader) {
        let value = reader.parse(&value, values::header_text);
        let Some(name_text) = reader.parse(&name, header_name) else { continue };
        if headers.iter().any(|(other, _)| other.eq_ignore_ascii_case(&name_text)) {
            reader.report(Found::new(name.span, format!("header `{name_text}` stands twice")));
        } else if let Some(value) = value {
            headers.push((name_text, value));
        }
    }
    headers
}

/// A field name (RFC 9110 §5.1) that the operator may set.
fn header_name(name: &str) -> Result<String, Refusal> {
    /// Feedmill sets these itself, or must not send them.
    const OWN: &[&str] = &[
        "accept-encoding",
        "connection",
        "content-length",
        "expect",
        "host",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "range",
        "referer",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
    ];
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_token) {
        return Err(Refusal::new("is no name of a header field"));
    }
    if OWN.contains(&name.to_ascii_lowercase().as_str()) {
        return Err(Refusal::new("is a header field that Feedmill sets itself, or never sends"));
    }
    Ok(name.to_owned())
}
