//! Recordings of outlets, read again: each folder here is one outlet with what must be read of it.
//!
//! `source.toml` holds its `[[source]]` blocks, `web/` the recording, `clock` the time of it, and
//! `expected.json` the items: of each one the fields that are given are compared, and their number and
//! order. CONTRIBUTING.md tells how such a folder is made.

#![expect(clippy::disallowed_methods, reason = "tests make their own files, and measure their own processes")]

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

#[path = "../support/program/mod.rs"]
#[expect(dead_code, reason = "these tests need less of the program than others")]
mod program;

fn outlets() -> Vec<PathBuf> {
    let folder = program::project().join("tests/outlets");
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("readable").path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn text_of(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Runs the outlet's recording; the items of its feed.
fn items(outlet: &Path) -> Vec<Value> {
    let place = tempfile::tempdir().expect("a folder");
    let (clock, source) = (text_of(&outlet.join("clock")), text_of(&outlet.join("source.toml")));
    let config = format!(
        "clock = {}\n[site]\nbase_url = \"https://feeds.example.org/\"\n[publish]\nformats = [\"json\"]\n\
         [fetch]\nreplay = '{}'\n{source}\n[[feed]]\nid = \"all\"\nitems = 200\nbytes = \"5 MB\"\ncontent = \"full\"\n",
        clock.trim(),
        outlet.join("web").display(),
    );
    std::fs::write(place.path().join("feedmill.toml"), config).expect("a config");
    let ran = program::run(place.path(), &["run"]);
    assert_eq!(ran.code, Some(0), "{}: {}", outlet.display(), ran.err);
    let feed: Value = serde_json::from_str(&text_of(&place.path().join("feeds/all.json"))).expect("JSON");
    feed["items"].as_array().expect("items").clone()
}

/// The fields of an item that `expected` names.
fn as_named(item: &Value, expected: &Value) -> Value {
    let Some(wanted) = expected.as_object() else { return item.clone() };
    let fields = wanted.iter().map(|(name, value)| (name.clone(), as_named(&item[name], value)));
    Value::Object(fields.collect::<Map<_, _>>())
}

#[test]
fn every_outlet_is_read_as_expected() {
    let outlets = outlets();
    assert!(outlets.len() >= 4, "{outlets:?}");
    let mut wrong = Vec::new();
    for outlet in outlets {
        let items = items(&outlet);
        let path = outlet.join("expected.json");
        let expected: Vec<Value> = match std::fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())),
            Err(_) => Vec::new(),
        };
        let blank =
            json!({"url": "", "title": "", "date_published": "", "authors": [], "image": "", "content_text": ""});
        let named: Vec<Value> = items
            .iter()
            .enumerate()
            .map(|(place, item)| as_named(item, expected.get(place).unwrap_or(&blank)))
            .collect();
        if named != expected || expected.is_empty() {
            let read = serde_json::to_string_pretty(&named).expect("JSON");
            wrong.push(format!("{} gives\n{read}\nwhere {} expects something else", outlet.display(), path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
