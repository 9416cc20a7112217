//! `[publish]`: where releases go, and in which formats.

use std::collections::HashSet;
use std::fmt;
use std::path::PathBuf;

use super::bucket::{BucketAddress, bucket_address, is_address};
use super::error::Found;
use super::options::{Absent, Section, Setting, Shape};
use super::reader::Reader;
use super::state::local_path;
use super::table::Table;
use super::values::{self, FORMATS};
use crate::model::Format;

/// One place that releases go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    Folder(PathBuf),
    Bucket(BucketAddress),
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) => f.write_str(&path.to_string_lossy()),
            Self::Bucket(address) => address.fmt(f),
        }
    }
}

/// Where releases go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publish {
    /// At least one.
    pub to: Vec<Destination>,
    /// Whether objects in buckets are packed.
    pub gzip: bool,
    /// Formats of every feed that names none; at least one, each once.
    pub formats: Vec<Format>,
}

pub(super) const SECTION: Section = Section {
    name: "[publish]",
    doc: "Where feeds are written, and in which formats.",
    settings: &[
        Setting {
            key: "to",
            shape: Shape::TextOrTexts,
            absent: Absent::Default("\"feeds\""),
            doc: "The folder that feeds are written into, or a place in a bucket (s3://BUCKET/PREFIX, gs://, az://), or \
                  a list of these. A web server serves it as base_url. Credentials of buckets come from the \
                  environment. Beside the config by default, so that a first run shows its result at hand.",
        },
        Setting {
            key: "compression",
            shape: Shape::OneOf(COMPRESSION),
            absent: Absent::Default("\"none\""),
            doc: "How objects in buckets are packed: none or gzip. Buckets hand out what they hold as it is, also to a \
                  reader that asked for no gzip; hence not by default. Folders are left to the web server.",
        },
        Setting {
            key: "formats",
            shape: Shape::SomeOf(FORMATS),
            absent: Absent::Default("[\"rss\", \"atom\", \"json\", \"html\"]"),
            doc: "The formats of every feed that names none. All by default: every reader finds one that it likes.",
        },
    ],
};

const COMPRESSION: &[&str] = &["none", "gzip"];

pub(super) fn read<'a>(table: Option<&Table<'a>>, reader: &mut Reader<'a>) -> Publish {
    let all = || vec![Format::Rss, Format::Atom, Format::Json, Format::Html];
    let Some(table) = table else {
        return Publish { to: vec![usual(reader)], gzip: false, formats: all() };
    };
    let compression = table.text("compression", reader);
    Publish {
        to: targets(table, reader),
        gzip: compression.is_some_and(|text| text.value == "gzip"),
        formats: formats(table, reader).unwrap_or_else(all),
    }
}

fn usual(reader: &Reader<'_>) -> Destination {
    Destination::Folder(reader.path("feeds"))
}

fn targets<'a>(table: &Table<'a>, reader: &mut Reader<'a>) -> Vec<Destination> {
    if !table.has("to") {
        return vec![usual(reader)];
    }
    let before = reader.problem_count();
    let mut targets: Vec<Destination> = Vec::new();
    for text in table.texts("to", reader) {
        let target = if is_address(&text.value) {
            reader.parse(&text, bucket_address).map(Destination::Bucket)
        } else {
            reader.parse(&text, local_path).map(|path| Destination::Folder(reader.path(&path)))
        };
        let Some(target) = target else { continue };
        if targets.contains(&target) {
            reader.report(Found::new(text.span, "this place is named twice"));
        } else {
            targets.push(target);
        }
    }
    if targets.is_empty() && reader.problem_count() == before {
        reader.report(Found::new(table.span_of("to"), "`to` names no folder and no bucket"));
    }
    targets
}

/// The `formats` of a table, in the order of the list; `None` where the key is left out.
pub(super) fn formats<'a>(table: &Table<'a>, reader: &mut Reader<'a>) -> Option<Vec<Format>> {
    table.has("formats").then(|| {
        let before = reader.problem_count();
        let mut formats = Vec::new();
        let mut seen = HashSet::new();
        for text in table.texts("formats", reader) {
            let Some(format) = reader.parse(&text, values::format) else { continue };
            if seen.insert(format) {
                formats.push(format);
            } else {
                reader.report(Found::new(text.span, format!("format `{}` is named twice", format.extension())));
            }
        }
        if formats.is_empty() && reader.problem_count() == before {
            reader.report(
                Found::new(table.span_of("formats"), "`formats` is empty: nothing would be written")
                    .suggest("name at least one, or leave the key out for all"),
            );
        }
        formats
    })
}
