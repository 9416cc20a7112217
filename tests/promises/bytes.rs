//! Same articles, same bytes.

use std::collections::BTreeMap;

use crate::program::{files, times};
use crate::world::{World, entry, rss};

const HOSTS: [&str; 3] = ["courier.example", "harbour.example", "steppe.example"];

fn publish(world: &World) {
    for host in HOSTS {
        let entries: Vec<_> = (1..=9).map(|n| entry(host, n)).collect();
        world.publishes(host, &entries);
    }
}

fn published(hosts: &[&str], reversed: bool) -> BTreeMap<String, Vec<u8>> {
    let mut world = World::new(hosts);
    world.feed("items = 20\n");
    for host in HOSTS {
        let mut entries: Vec<_> = (1..=9).map(|n| entry(host, n)).collect();
        if reversed {
            entries.reverse();
        }
        world.answer(&format!("{host}/feed"), rss(&entries), "");
    }
    assert_eq!(world.run().code, Some(0));
    let mut files = files(&world.feeds());
    // the list of sources is in the config's order by design
    files.remove("sources.opml");
    files
}

#[test]
fn the_order_of_items_and_sources_does_not_matter() {
    let first = published(&HOSTS, false);
    assert_eq!(first.len(), 7);
    for (hosts, reversed) in [
        (["steppe.example", "courier.example", "harbour.example"], false),
        (["harbour.example", "steppe.example", "courier.example"], true),
        (HOSTS, true),
    ] {
        // every run of the program has another seed for its hash maps
        assert!(published(&hosts, reversed) == first, "{hosts:?} {reversed}");
    }
}

#[test]
fn one_guid_for_everything_names_the_same_articles_in_any_order() {
    let published = |reversed| {
        let mut world = World::new(&HOSTS[..1]);
        let guid = "https://courier.example/";
        let mut entries: Vec<_> =
            (1..=4).map(|n| crate::world::Entry { guid: guid.to_owned(), ..entry(HOSTS[0], n) }).collect();
        if reversed {
            entries.reverse();
        }
        world.publishes(HOSTS[0], &entries);
        world.run();
        assert!(!world.ids().contains(&guid.to_owned()), "it is no article's id");
        files(&world.feeds())
    };
    assert!(published(false) == published(true));
}

#[test]
fn a_run_without_news_writes_nothing() {
    let mut world = World::new(&HOSTS);
    publish(&world);
    world.run();
    let before = times(&world.feeds());
    for _ in 0..3 {
        let ran = world.run();
        assert!(ran.err.contains("nothing new") && ran.err.contains("up to date"), "{}", ran.err);
        assert_eq!(times(&world.feeds()), before);
    }
}

#[test]
fn one_new_article_changes_the_feeds_that_hold_it_and_no_other() {
    let mut world = World::new(&HOSTS);
    world.feed("items = 100\n\n[[feed]]\nid = \"harbour\"\nsources = [\"harbour-example\"]\n");
    publish(&world);
    world.run();
    let before = times(&world.feeds());
    let entries: Vec<_> = (1..=10).map(|n| entry("steppe.example", n)).collect();
    world.publishes("steppe.example", &entries);
    world.run();
    let after = times(&world.feeds());
    for (name, time) in &after {
        let is_touched = name.contains("all") || name == "index.html";
        assert_eq!(before[name] != *time, is_touched, "{name}");
    }
}

#[test]
fn no_clock_reaches_the_output() {
    let at = |clock: &str| {
        let world = World::new(&HOSTS);
        publish(&world);
        world.config_at(clock);
        assert_eq!(crate::program::run(world.path(), &["run"]).code, Some(0));
        let mut files = files(&world.feeds());
        // first sightings are what a history is for
        files.retain(|name, _| !name.starts_with("history/"));
        files
    };
    assert!(at("2026-02-01T00:00:00Z") == at("2026-02-03T04:05:06Z"));
}
