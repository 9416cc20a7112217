//! `[publish]`: where releases go, and in which formats.

use std::collections::HashSet;
use std::path::PathBuf;

use super::error::Found;
use super::options::{Absent, Section, Setting, Shape};
use super::reader::Reader;
use super::state::local_path;
use super::table::Table;
use super::values::{self, FORMATS};
use crate::model::Format;

/// Where releases go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publish {
    /// Folders; at least one.
    pub to: Vec<PathBuf>,
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
            doc: "The folder that feeds are written into, or a list of folders. A web server serves it as base_url. \
                  Beside the config by default, so that a first run shows its result at hand.",
        },
        Setting {
            key: "formats",
            shape: Shape::SomeOf(FORMATS),
            absent: Absent::Default("[\"rss\", \"atom\", \"json\", \"html\"]"),
            doc: "The formats of every feed that names none. All by default: every reader finds one that it likes.",
        },
    ],
};

pub(super) fn read<'a>(table: Option<&Table<'a>>, reader: &mut Reader<'a>) -> Publish {
    let all = || vec![Format::Rss, Format::Atom, Format::Json, Format::Html];
    let Some(table) = table else {
        return Publish { to: vec![reader.path("feeds")], formats: all() };
    };
    Publish { to: targets(table, reader), formats: formats(table, reader).unwrap_or_else(all) }
}

fn targets<'a>(table: &Table<'a>, reader: &mut Reader<'a>) -> Vec<PathBuf> {
    if !table.has("to") {
        return vec![reader.path("feeds")];
    }
    let before = reader.problem_count();
    let mut folders: Vec<PathBuf> = Vec::new();
    for text in table.texts("to", reader) {
        let Some(path) = reader.parse(&text, local_path) else { continue };
        let folder = reader.path(&path);
        if folders.contains(&folder) {
            reader.report(Found::new(text.span, "this folder is named twice"));
        } else {
            folders.push(folder);
        }
    }
    if folders.is_empty() && reader.problem_count() == before {
        reader.report(Found::new(table.span_of("to"), "`to` names no folder"));
    }
    folders
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
