//! What several outlets tell is one item or several, as the feed wants it, and stays so.

use serde_json::Value;

use crate::program::{files, times};
use crate::world::{Entry, World, entry};

const FIRST: &str = "courier.example";
const SECOND: &str = "steppe.example";

/// The one story that both outlets have, the second outlet a day later.
fn shared(host: &str) -> Entry {
    let day = if host == FIRST { 20 } else { 21 };
    Entry { title: "A bridge across the great river is opened".to_owned(), day, ..entry(host, 30) }
}

/// Both outlets have it at once, each beside an article of its own.
fn world(stories: &str) -> World {
    let mut world = World::new(&[FIRST, SECOND]);
    world.feed(&format!("stories = \"{stories}\"\n"));
    for host in [FIRST, SECOND] {
        world.publishes(host, &[entry(host, 1), shared(host)]);
    }
    world.run();
    world
}

/// Who tells the story, each with the outlets that it names.
fn tellers(world: &World) -> Vec<(String, Vec<String>)> {
    let host = |url: &Value| url.as_str().expect("an address").split('/').nth(2).expect("a host").to_owned();
    let items = world.items().into_iter().filter(|item| item["title"] == shared(FIRST).title);
    let mut tellers: Vec<_> = items
        .map(|item| {
            let others = item["_feedmill"]["also_at"].as_array().cloned().unwrap_or_default();
            (host(&item["url"]), others.iter().map(|other| host(&other["url"])).collect())
        })
        .collect();
    tellers.sort();
    tellers
}

fn alone(host: &str) -> (String, Vec<String>) {
    (host.to_owned(), Vec::new())
}

fn naming(host: &str, other: &str) -> (String, Vec<String>) {
    (host.to_owned(), vec![other.to_owned()])
}

#[test]
fn each_feed_shows_a_story_as_it_wants() {
    assert_eq!(tellers(&world("all")), [alone(FIRST), alone(SECOND)]);
    assert_eq!(tellers(&world("first")), [naming(FIRST, SECOND)]);
    assert_eq!(tellers(&world("prefer:steppe.example")), [naming(SECOND, FIRST)]);
    assert_eq!(world("first").items().len(), 3, "what only one outlet tells stays");
}

#[test]
fn who_was_released_leads_for_ever() {
    for stories in ["first", "prefer:steppe.example"] {
        let mut world = World::new(&[FIRST, SECOND]);
        world.feed(&format!("stories = \"{stories}\"\n"));
        world.publishes(FIRST, &[shared(FIRST)]);
        world.publishes(SECOND, &[entry(SECOND, 1)]);
        world.run();
        let ids = world.ids();
        // the other one is dated earlier
        world.publishes(SECOND, &[entry(SECOND, 1), Entry { day: 19, ..shared(SECOND) }]);
        world.run();
        assert_eq!(world.ids(), ids, "{stories}");
        assert_eq!(tellers(&world), [naming(FIRST, SECOND)], "{stories}");
    }
}

#[test]
fn a_feed_that_begins_to_group_takes_none_of_its_items_back() {
    let mut world = world("all");
    let ids = world.ids();
    world.feed("stories = \"first\"\n");
    world.run();
    assert_eq!(world.ids(), ids);
    let third = "harbour.example";
    world.source("harbour-example", &format!("https://{third}/feed"));
    world.publishes(third, &[Entry { day: 22, ..shared(third) }]);
    world.run();
    assert_eq!(world.ids(), ids);
}

#[test]
fn a_hidden_article_is_named_nowhere() {
    let mut world = world("first");
    let url = shared(SECOND).url;
    assert_eq!(world.run_with(&["hide", &url]).code, Some(0));
    world.run();
    assert_eq!(tellers(&world), [alone(FIRST)]);
    for (name, bytes) in files(&world.feeds()).iter().filter(|(name, _)| name.starts_with("all.")) {
        assert!(!String::from_utf8_lossy(bytes).contains(&url), "{name}");
    }
}

#[test]
fn stories_outlive_a_lost_state() {
    for stories in ["first", "prefer:steppe.example"] {
        let mut world = world(stories);
        let (before, when) = (tellers(&world), times(&world.feeds()));
        world.lose_state();
        world.run();
        assert_eq!(tellers(&world), before, "{stories}");
        assert_eq!(times(&world.feeds()), when, "{stories}");
    }
}
