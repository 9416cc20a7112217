//! Nothing leaves a feed with archives: they are closed once, named by the main document, and stay as they are.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::program::files;
use crate::world::{Entry, World, entry};

const HOST: &str = "a.example";
const SETTINGS: &str = "items = 4\nbytes = \"10 MB\"\narchives = true\n";

fn entries(numbers: std::ops::RangeInclusive<u32>) -> Vec<Entry> {
    numbers.map(|number| entry(HOST, number)).collect()
}

fn world(settings: &str) -> World {
    let mut world = World::new(&[HOST]);
    world.feed(settings);
    world
}

/// The archives in place, with their bytes.
fn archives(world: &World) -> BTreeMap<String, Vec<u8>> {
    files(&world.feeds()).into_iter().filter(|(name, _)| name.starts_with("archive/")).collect()
}

/// All items that a reader finds who pages back from the main document, in the order of the pages.
fn paged(world: &World) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut next = Some("https://feeds.example.org/all.json".to_owned());
    while let Some(address) = next {
        let path = address.strip_prefix("https://feeds.example.org/").expect("an own address");
        let page: Value = serde_json::from_slice(&std::fs::read(world.feeds().join(path)).expect(path)).expect("JSON");
        let ids = page["items"].as_array().expect("items").iter();
        pages.push(ids.map(|item| item["id"].as_str().expect("an id").to_owned()).collect());
        next = page["next_url"].as_str().map(str::to_owned);
    }
    pages
}

fn sizes(world: &World) -> Vec<usize> {
    paged(world).iter().map(Vec::len).collect()
}

#[test]
fn what_leaves_the_main_document_stays_within_reach() {
    let mut world = world(SETTINGS);
    world.publishes(HOST, &entries(1..=7));
    world.run();
    assert_eq!((sizes(&world), archives(&world).len()), (vec![7], 0), "2 N - 1 items need no archive");
    world.publishes(HOST, &entries(1..=8));
    world.run();
    assert_eq!(sizes(&world), [4, 4]);
    let first = archives(&world);
    let names: Vec<&str> = first.keys().map(String::as_str).collect();
    assert_eq!(names, ["archive/all/0001.atom", "archive/all/0001.json", "archive/all/0001.rss"]);
    world.publishes(HOST, &entries(5..=16));
    world.run();
    assert_eq!(sizes(&world), [4, 4, 4, 4]);
    let now = archives(&world);
    assert!(first.iter().all(|(name, bytes)| now[name] == *bytes), "what is closed never changes");
    let mut all = paged(&world).concat();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 16);
    let main = std::fs::read_to_string(world.feeds().join("all.rss")).expect("a feed");
    let previous = "rel=\"prev-archive\" type=\"application/rss+xml\"";
    assert!(main.contains("archive/all/0003.rss\"") && main.contains(previous), "{main}");
    let ran = world.run();
    assert!(ran.err.contains("up to date"), "{}", ran.err);
}

#[test]
fn a_corrected_item_comes_back_and_its_archive_stays() {
    let mut world = world(SETTINGS);
    world.publishes(HOST, &entries(1..=8));
    world.run();
    let before = archives(&world);
    let mut changed = entries(1..=8);
    changed[0].text = "<p>This is what really happened, and how it was found out.</p>".to_owned();
    world.publishes(HOST, &changed);
    world.run();
    assert_eq!(sizes(&world), [5, 4]);
    let item = world.item("Story 1 of a.example").expect("it is in the main document again");
    assert!(item["content_html"].as_str().is_some_and(|text| text.contains("really")), "{item}");
    assert_eq!(archives(&world), before);
    let ran = world.run();
    assert!(ran.err.contains("up to date"), "{}", ran.err);
    assert_eq!(sizes(&world), [5, 4], "and it stays");
}

#[test]
fn what_is_hidden_leaves_archives_and_nothing_else_moves() {
    let mut world = world(SETTINGS);
    world.publishes(HOST, &entries(1..=12));
    world.run();
    let before = archives(&world);
    let hidden = paged(&world)[2][1].clone();
    assert_eq!(world.run_with(&["hide", &hidden]).code, Some(0));
    world.run();
    let after = archives(&world);
    assert_eq!(sizes(&world), [4, 4, 3]);
    for (name, bytes) in &after {
        let (was, is) = (String::from_utf8_lossy(&before[name]), String::from_utf8_lossy(bytes));
        assert!(!is.contains(&hidden), "{name}");
        assert_eq!(was == is, name.contains("0002"), "{name}");
        let kept: Vec<&str> = is.lines().collect();
        let mut of_before = was.lines();
        let in_order = |line: &&str| of_before.any(|old| old == *line || old.trim_end_matches(',') == *line);
        assert!(kept.iter().all(in_order), "{name} differs beyond the item\n{is}");
    }
}

#[test]
fn a_lost_state_goes_on_with_the_archives_that_stand() {
    let mut world = world(SETTINGS);
    world.publishes(HOST, &entries(1..=12));
    world.run();
    let before = files(&world.feeds());
    world.lose_state();
    world.run();
    let after = files(&world.feeds());
    assert!(after.keys().eq(before.keys()));
    for (name, bytes) in &after {
        assert_eq!(String::from_utf8_lossy(bytes), String::from_utf8_lossy(&before[name]), "{name}");
    }
    world.publishes(HOST, &entries(5..=20));
    world.run();
    let mut all = paged(&world).concat();
    all.sort();
    all.dedup();
    let pages = sizes(&world);
    assert!(pages.len() >= 4 && all.len() == pages.iter().sum::<usize>(), "{pages:?}");
}

#[test]
fn archives_are_no_orphans() {
    let mut world = world(SETTINGS);
    world.publishes(HOST, &entries(1..=8));
    world.run();
    let before = archives(&world);
    let ran = world.run_with(&["prune"]);
    assert!(ran.err.contains("0 files deleted"), "{}{}", ran.out, ran.err);
    assert_eq!(archives(&world), before);
    world.feed("items = 4\n");
    world.run();
    world.run_with(&["prune"]);
    assert_eq!(archives(&world).len(), 0, "a feed without archives has no use for them");
}
