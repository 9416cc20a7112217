//! A state that is lost is rebuilt from what was published, also where that takes two runs.

use std::collections::BTreeMap;

use feedmill::store::SqliteStore;

use crate::program::files;
use crate::world::{Entry, World, entry};

const HOST: &str = "a.example";

fn entries(numbers: std::ops::RangeInclusive<u32>) -> Vec<Entry> {
    numbers.map(|number| entry(HOST, number)).collect()
}

/// A world with three archives, of which one item is hidden, and whose state was lost.
fn lost() -> (World, BTreeMap<String, Vec<u8>>) {
    let mut world = World::new(&[HOST]);
    world.feed("items = 4\nbytes = \"10 MB\"\narchives = true\n");
    world.publishes(HOST, &entries(1..=16));
    world.run();
    let published = files(&world.feeds());
    assert_eq!(published.keys().filter(|name| name.ends_with(".json") && name.starts_with("archive/")).count(), 3);
    world.lose_state();
    (world, published)
}

/// Has a statement of the next run fail, as if the process had died before it.
fn die_before(world: &World, statement: &str) {
    let path = world.path().join("feedmill.db");
    drop(SqliteStore::open(&path).expect("a new state"));
    let state = rusqlite::Connection::open(&path).expect("the state");
    let trigger = format!("CREATE TRIGGER dies BEFORE {statement} BEGIN SELECT RAISE(ABORT, 'the end'); END");
    state.execute_batch(&trigger).expect("a trigger");
}

fn live_on(world: &World) {
    let state = rusqlite::Connection::open(world.path().join("feedmill.db")).expect("the state");
    state.execute_batch("DROP TRIGGER dies").expect("the trigger");
}

#[test]
fn a_rebuild_that_dies_half_way_is_finished_by_the_next_run() {
    let steps = ["UPDATE OF state ON source", "UPDATE OF story ON member", "UPDATE OF bound_entered ON feed"];
    for statement in steps.into_iter().chain(["INSERT ON file WHEN new.path LIKE 'archive/%'"]) {
        let (mut world, before) = lost();
        // one that no feed knows, and that is no news since it has no date
        let undated = Entry { day: 0, ..entry(HOST, 99) };
        world.publishes(HOST, &[entries(1..=16), vec![undated]].concat());
        die_before(&world, statement);
        let ran = world.run();
        assert!(ran.err.contains("the end"), "{statement}: {}", ran.err);
        live_on(&world);
        world.run();
        let after = files(&world.feeds());
        assert!(after.keys().eq(before.keys()), "{statement}: {:?}", after.keys());
        for (name, bytes) in &after {
            assert!(*bytes == before[name], "{statement}: {name}\n{}", String::from_utf8_lossy(bytes));
        }
    }
}

#[test]
fn what_is_hidden_leaves_all_archives_of_a_rebuilt_state() {
    let (mut world, before) = lost();
    world.run();
    let first: serde_json::Value = serde_json::from_slice(&before["archive/all/0001.json"]).expect("JSON");
    let uid = first["items"][1]["id"].as_str().expect("an id").to_owned();
    assert_eq!(world.run_with(&["hide", &uid]).code, Some(0));
    world.run();
    for (name, bytes) in files(&world.feeds()).iter().filter(|(name, _)| name.starts_with("archive/")) {
        assert!(!String::from_utf8_lossy(bytes).contains(&uid), "{name}");
    }
}

#[test]
fn a_history_that_cannot_be_read_is_taken_from_another_target() {
    let (mut world, before) = lost();
    world.feed("items = 4\nbytes = \"10 MB\"\narchives = true\n\n[publish]\nto = [\"broken\", \"feeds\"]\n");
    let broken = world.path().join("broken/history");
    std::fs::create_dir_all(&broken).expect("a folder");
    std::fs::write(broken.join("all.json"), "{\"version\": 1, \"items\": [").expect("a history");
    let ran = world.run();
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(files(&world.feeds()), before);
}
