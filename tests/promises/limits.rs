//! What leaves a feed by its limits never returns, and the last item always stays.

use crate::world::{World, entry};

/// Numbers of the stories that are published, sorted.
fn numbers(world: &World) -> Vec<u32> {
    let number = |id: &String| id.rsplit('-').next().and_then(|number| number.parse().ok());
    let mut numbers: Vec<u32> = world.ids().iter().filter_map(number).collect();
    numbers.sort_unstable();
    numbers
}

#[test]
fn a_busy_outlet_leaves_room_for_the_others() {
    let mut world = World::new(&["busy.example", "calm.example"]);
    world.feed("per_outlet = 2\n");
    world.publishes("busy.example", &[1, 2, 3, 4].map(|n| entry("busy.example", n)));
    world.publishes("calm.example", &[9].map(|n| entry("calm.example", n)));
    world.run();
    assert_eq!(numbers(&world), [3, 4, 9]);
    world.publishes("busy.example", &[1, 2, 3, 4, 5].map(|n| entry("busy.example", n)));
    world.run();
    assert_eq!(numbers(&world), [4, 5, 9]);
    world.feed("per_outlet = 9\n");
    world.run();
    assert_eq!(numbers(&world), [4, 5, 9], "what left does not come back");
}

#[test]
fn old_items_leave_without_any_news_but_for_the_last() {
    let mut world = World::new(&["a.example"]);
    world.feed("max_age = \"10d\"\n");
    // day n + 1 of January; the first run is on the first of February
    world.publishes("a.example", &[3, 22, 25].map(|n| entry("a.example", n)));
    world.run();
    assert_eq!(numbers(&world), [22, 25]);
    world.config_at("2026-02-03T12:00:00Z");
    crate::program::run(world.path(), &["run", "--force"]);
    world.assert_sound();
    assert_eq!(numbers(&world), [25]);
    world.config_at("2027-02-03T12:00:00Z");
    crate::program::run(world.path(), &["run", "--force"]);
    assert_eq!(numbers(&world), [25], "a feed is never emptied");
}

#[test]
fn old_stock_is_no_news() {
    let mut world = World::new(&["a.example"]);
    world.feed("max_new_age = \"7d\"\n");
    world.publishes("a.example", &[2, 26].map(|n| entry("a.example", n)));
    world.run();
    assert_eq!(numbers(&world), [26]);
}
