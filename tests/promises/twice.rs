//! Nothing is announced twice, and nothing is lost by it.

use crate::world::{Entry, World, entry};

const HOST: &str = "courier.example";

fn entries(numbers: std::ops::RangeInclusive<u32>) -> Vec<Entry> {
    numbers.map(|n| entry(HOST, n)).collect()
}

/// Runs twice, the second time with changed items; ids before and after.
fn change(change: impl Fn(&mut Entry)) -> (World, Vec<String>) {
    let mut world = World::new(&[HOST]);
    world.publishes(HOST, &entries(1..=6));
    world.run();
    let before = world.ids();
    assert_eq!(before.len(), 6);
    let mut changed = entries(1..=6);
    changed.iter_mut().for_each(change);
    world.publishes(HOST, &changed);
    world.run();
    (world, before)
}

#[test]
fn a_guid_scheme_that_changes_announces_nothing() {
    let (world, before) = change(|one| one.guid = format!("urn:x:{}", one.guid));
    assert_eq!(world.ids(), before);
}

#[test]
fn guids_that_vanish_announce_nothing() {
    let (world, before) = change(|one| one.guid.clear());
    assert_eq!(world.ids(), before);
}

#[test]
fn another_scheme_announces_nothing() {
    let (world, before) = change(|one| {
        one.url = one.url.replace("https:", "http:");
        one.guid.clone_from(&one.url);
    });
    assert_eq!(world.ids(), before);
}

#[test]
fn another_domain_announces_nothing() {
    let (world, before) = change(|one| {
        one.url = one.url.replace(HOST, "courier-news.example");
        one.guid.clone_from(&one.url);
    });
    assert_eq!(world.ids(), before);
}

#[test]
fn other_addresses_announce_nothing_while_guids_stay() {
    let (world, before) = change(|one| one.url = format!("{}-new-slug?id=7", one.url));
    assert_eq!(world.ids(), before);
    assert!(world.items().iter().all(|item| item["url"].as_str().is_some_and(|url| url.contains("new-slug"))));
}

#[test]
fn tracking_parameters_announce_nothing() {
    let (world, before) = change(|one| one.url = format!("{}?utm_source=rss#at", one.url));
    assert_eq!(world.ids(), before);
}

#[test]
fn another_headline_is_a_change_and_no_new_item() {
    let (world, before) = change(|one| one.title = format!("{}, corrected", one.title));
    assert_eq!(world.ids(), before);
    let item = world.item("Story 1 of courier.example, corrected").expect("the new headline");
    assert_eq!(item["date_modified"], "2026-02-01T01:00:00+00:00", "the time of the fetch that brought the change");
}

#[test]
fn a_change_that_nobody_sees_moves_no_date() {
    let (world, before) = change(|one| one.text = one.text.replace("<p>", "<p  class='x'>"));
    assert_eq!(world.ids(), before);
    assert!(world.items().iter().all(|item| item.get("date_modified").is_none()));
}

#[test]
fn a_reused_guid_loses_nothing() {
    let mut world = World::new(&[HOST]);
    world.publishes(HOST, &entries(1..=3));
    world.run();
    let reused = Entry { guid: entry(HOST, 1).guid, ..entry(HOST, 9) };
    world.publishes(HOST, &[reused, entry(HOST, 2), entry(HOST, 3)]);
    world.run();
    assert_eq!(world.ids().len(), 4);
    assert!(world.item("Story 1 of courier.example").is_some() && world.item("Story 9 of courier.example").is_some());
}

#[test]
fn one_guid_for_everything_loses_nothing() {
    let mut world = World::new(&[HOST]);
    let same: Vec<Entry> = entries(1..=4).into_iter().map(|one| Entry { guid: "1".to_owned(), ..one }).collect();
    world.publishes(HOST, &same);
    let ran = world.run();
    assert_eq!(world.ids().len(), 4);
    assert!(ran.err.contains("guid"), "the report says so: {}", ran.err);
    let before = world.ids();
    world.run();
    assert_eq!(world.ids(), before);
    // the source goes by address from then on, whatever a single document holds, and whatever its date
    for (number, count) in [(9, 5), (10, 6)] {
        world.publishes(HOST, &[Entry { guid: "1".to_owned(), day: 1, ..entry(HOST, number) }]);
        let ran = world.run();
        assert_eq!(world.ids().len(), count);
        assert!(!ran.err.contains("guid"), "it is told once: {}", ran.err);
    }
}

#[test]
fn an_item_that_left_does_not_return() {
    let mut world = World::new(&[HOST]);
    world.feed("items = 3\n");
    world.publishes(HOST, &entries(1..=3));
    world.run();
    world.publishes(HOST, &entries(4..=6));
    world.run();
    let ids = world.ids();
    world.publishes(HOST, &entries(1..=6));
    world.run();
    assert_eq!(world.ids(), ids);
}

#[test]
fn an_item_that_left_does_not_fill_a_gap() {
    let mut world = World::new(&[HOST]);
    world.feed("items = 3\n");
    world.publishes(HOST, &entries(1..=3));
    world.run();
    world.publishes(HOST, &entries(4..=6));
    world.run();
    assert_eq!(world.run_with(&["hide", "https://courier.example/story-6"]).code, Some(0));
    world.run();
    assert_eq!(world.ids(), ["https://courier.example/story-4", "https://courier.example/story-5"]);
}

#[test]
fn two_outlets_cannot_overwrite_each_other() {
    let other = "rival.example";
    let mut world = World::new(&[HOST, other]);
    world.publishes(HOST, &entries(1..=2));
    // the rival claims the first one's ids and addresses
    let mut stolen = entries(1..=2);
    for one in &mut stolen {
        one.title = format!("Stolen: {}", one.title);
        one.text = "<p>Other words.</p>".to_owned();
    }
    world.publishes(other, &stolen);
    world.run();
    let ids = world.ids();
    assert_eq!(ids.len(), 4);
    assert!(
        world.item("Story 1 of courier.example").is_some()
            && world.item("Stolen: Story 1 of courier.example").is_some()
    );
    world.run();
    assert_eq!(world.ids(), ids);
    let own = world.item("Story 1 of courier.example").expect("the outlet's own");
    assert_eq!(own["id"], "https://courier.example/story-1", "the rival did not take its id");
}

#[test]
fn a_further_source_of_the_outlet_carries_and_does_not_repeat() {
    let mut world = World::new(&[HOST]);
    world.source("section", "https://courier.example/section");
    world.publishes(HOST, &entries(1..=3));
    let of_section: Vec<Entry> = entries(2..=4)
        .into_iter()
        .map(|one| Entry { guid: format!("s{}", one.guid), text: "<p>Cut short.</p>".to_owned(), ..one })
        .collect();
    world.answer("courier.example/section", crate::world::rss(&of_section), "");
    world.run();
    assert_eq!(world.ids().len(), 4);
    let before = std::fs::read(world.feeds().join("all.json")).expect("a feed");
    world.run();
    world.run();
    assert_eq!(std::fs::read(world.feeds().join("all.json")).expect("a feed"), before, "the two do not take turns");
}

#[test]
fn what_is_hidden_stays_hidden() {
    let mut world = World::new(&[HOST]);
    world.publishes(HOST, &entries(1..=3));
    world.run();
    assert_eq!(world.run_with(&["hide", "https://courier.example/story-2"]).code, Some(0));
    world.run();
    assert_eq!(world.ids().len(), 2);
    world.lose_state();
    world.run();
    assert_eq!(world.ids().len(), 2, "also after the state was lost");
    assert!(world.item("Story 2 of courier.example").is_none());
}

#[test]
fn a_publication_stays_where_an_outlet_only_moves_its_last_change() {
    let mut world = World::new(&[HOST]);
    let publish = |world: &World, updated: &str| {
        let atom = format!(
            "<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title><entry><id>https://{HOST}/1</id>\
             <title>One</title><link href='/1'/><updated>{updated}</updated><summary>Text.</summary></entry></feed>"
        );
        world.answer(&format!("{HOST}/feed"), atom, "");
    };
    let mut last = None;
    for (updated, modified) in [
        ("2026-01-05T09:00:00+02:00", None),
        ("2026-01-06T09:00:00+02:00", Some("2026-01-06T09:00:00+02:00")),
        ("2026-01-06T09:00:00+02:00", Some("2026-01-06T09:00:00+02:00")),
        ("2026-01-07T09:00:00+02:00", Some("2026-01-07T09:00:00+02:00")),
    ] {
        publish(&world, updated);
        world.run();
        let item = world.item("One").expect("the item");
        assert_eq!(item["date_published"], "2026-01-05T09:00:00+02:00", "with {updated}");
        assert_eq!(item.get("date_modified").and_then(|date| date.as_str()), modified, "with {updated}");
        let ids = world.ids();
        assert_eq!(*last.get_or_insert_with(|| ids.clone()), ids);
    }
}
