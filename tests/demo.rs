//! The demonstration: what the README's first command does, on any machine.

#![expect(clippy::disallowed_methods, reason = "tests make their own files, and measure their own processes")]

#[path = "support/program/mod.rs"]
mod program;
#[path = "support/strict_feed/mod.rs"]
mod strict_feed;

use program::{copy, files, project, run, times};

const RUN: [&str; 3] = ["run", "-c", "config/demo.toml"];

/// A copy of the project's config, without state and output.
fn fresh() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    copy(&project().join("config"), &folder.path().join("config"));
    folder
}

#[test]
fn the_demo_writes_what_is_committed() {
    let folder = fresh();
    let ran = run(folder.path(), &RUN);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let (made, committed) = (files(&folder.path().join("feeds/demo")), files(&project().join("feeds/demo")));
    assert_eq!(
        made.keys().collect::<Vec<_>>(),
        committed.keys().collect::<Vec<_>>(),
        "the same files; run the demo and commit feeds/demo if this is meant"
    );
    for (name, bytes) in &made {
        assert!(bytes == &committed[name], "{name} differs; run the demo and commit feeds/demo if this is meant");
    }
}

#[test]
fn what_the_demo_writes_is_sound() {
    for (name, bytes) in files(&project().join("feeds/demo")) {
        if !name.starts_with("history/") {
            assert_eq!(strict_feed::check(&name, &bytes), Vec::<String>::new(), "{name}");
        }
    }
}

#[test]
fn a_second_run_writes_nothing() {
    let folder = fresh();
    let first = run(folder.path(), &RUN);
    assert!(first.err.contains("new"), "{}", first.err);
    let before = times(&folder.path().join("feeds/demo"));
    let second = run(folder.path(), &RUN);
    assert_eq!(second.code, Some(0), "{}", second.err);
    assert!(second.err.contains("nothing new") && second.err.contains("up to date"), "{}", second.err);
    assert_eq!(times(&folder.path().join("feeds/demo")), before, "untouched, with the same times of modification");
}

#[test]
fn a_fresh_clone_finds_its_feeds_up_to_date() {
    let folder = fresh();
    copy(&project().join("feeds/demo"), &folder.path().join("feeds/demo"));
    let before = times(&folder.path().join("feeds/demo"));
    let ran = run(folder.path(), &RUN);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("gathered") && ran.err.contains("up to date"), "{}", ran.err);
    assert_eq!(times(&folder.path().join("feeds/demo")), before, "a lost state is rebuilt from what is published");
}

#[test]
fn a_dry_run_lists_item_by_item_and_writes_nothing() {
    let folder = fresh();
    let ran = run(folder.path(), &["run", "-c", "config/demo.toml", "--dry-run"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.contains("+ Ferry line across the Caspian gets its third ship"), "{}", ran.out);
    assert!(files(&folder.path().join("feeds/demo")).is_empty());
    assert!(!folder.path().join("target/demo/feedmill.db").exists());
}

#[test]
fn one_story_of_two_outlets_is_one_item() {
    let feed = std::fs::read_to_string(project().join("feeds/demo/central-asia.json")).expect("the committed feed");
    let feed: serde_json::Value = serde_json::from_str(&feed).expect("JSON");
    let items = feed["items"].as_array().expect("items");
    let waybills = items.iter().filter(|item| item["title"].as_str().is_some_and(|title| title.contains("aybill")));
    assert_eq!(waybills.count(), 1);
}
