//! Every request fails once in turn: the next run ends where an undisturbed one ends.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::place::{FEEDS, Place, STATE, published};
use crate::program;
use crate::server::{Fault, Server};

/// Where runs stand: what lies in the buckets and on the disk.
struct World {
    server: Server,
    place: Place,
    /// Copies to begin anew from.
    saved: tempfile::TempDir,
}

impl World {
    /// A world before its first run.
    fn new(top: &str) -> Self {
        let server = Server::start();
        let publish = format!("to = \"{FEEDS}\"\nformats = [\"json\"]");
        let place = Place::new(&server.endpoint(), (top, &publish));
        let world = Self { server, place, saved: tempfile::tempdir().expect("a folder") };
        world.save();
        world
    }

    fn kept(&self) -> [(PathBuf, PathBuf); 2] {
        let saved = self.saved.path();
        [(self.server.folder().to_owned(), saved.join("buckets")), (self.place.path().to_owned(), saved.join("place"))]
    }

    fn save(&self) {
        for (from, to) in self.kept() {
            replace(&from, &to);
        }
    }

    fn restore(&self) {
        for (to, from) in self.kept() {
            replace(&from, &to);
        }
    }

    fn objects(&self) -> BTreeMap<String, String> {
        published(&self.server.bucket("news"))
    }

    /// Runs undisturbed; answers how many requests it made.
    fn run(&self) -> usize {
        self.server.expect(None);
        self.place.runs();
        self.server.seen().len()
    }
}

/// Makes a folder equal to another one.
fn replace(from: &Path, to: &Path) {
    if let Ok(entries) = std::fs::read_dir(to) {
        for entry in entries {
            let path = entry.expect("an entry").path();
            if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) }.expect("removed");
        }
    }
    program::copy(from, to);
    // buckets stay also where they are empty
    for bucket in ["news", "private"] {
        if from.join("news").is_dir() || from.join("private").is_dir() {
            std::fs::create_dir_all(to.join(bucket)).expect("a bucket");
        }
    }
}

/// Has each request of a run fail, from where the world was saved, and looks at the next run's end.
fn each_fails(world: &World, fault: Fault) {
    let requests = world.run();
    let expected = world.objects();
    assert!(requests > 5 && expected.len() > 3, "{requests} {:?}", expected.keys());
    for number in 0..requests {
        world.restore();
        world.server.expect(Some((number, fault)));
        let mut command = world.place.command(&["run"]);
        let output = command.env("AWS_TIMEOUT", "400ms").output().expect("the program starts");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let failed = world.server.seen().get(number).cloned();
        let context = format!("request {number} {failed:?} {fault:?}: {said}");
        assert!(matches!(output.status.code(), Some(0 | 5 | 6)), "{context}");
        // what the index names is there
        let objects = world.objects();
        assert!(!objects.contains_key("index.html") || objects.contains_key("all.json"), "{context}");
        assert_eq!(dangling(&objects), None, "{context}");
        world.server.expect(None);
        let ran = world.place.run(&["run"]);
        assert_eq!(ran.code, Some(0), "{context}\nthen: {}", ran.err);
        assert!(world.objects() == expected, "{context}");
    }
}

/// The archive that a document names and that is not there.
fn dangling(objects: &BTreeMap<String, String>) -> Option<String> {
    let names = |text: &String| {
        let feed: serde_json::Value = serde_json::from_str(text).expect("JSON");
        let next = feed["next_url"].as_str()?;
        Some(next.strip_prefix("https://feeds.example.org/").expect("an address of the site").to_owned())
    };
    let documents = objects.iter().filter(|(path, _)| {
        Path::new(path).extension().is_some_and(|it| it == "json") && !path.starts_with("history/")
    });
    documents.filter_map(|(_, text)| names(text)).find(|path| !objects.contains_key(path))
}

/// The first run, and one that brings a change.
fn first_and_next(fault: Fault) {
    let world = World::new("");
    each_fails(&world, fault);
    world.place.write("desk/one.md", "---\ntitle: Article one\ndate: 2026-01-02\n---\n\nQuite another text.\n");
    world.place.article("three", 4);
    world.save();
    each_fails(&world, fault);
}

#[test]
fn an_error_of_the_server() {
    first_and_next(Fault::Status(500));
}

#[test]
fn a_server_that_is_too_busy() {
    first_and_next(Fault::Status(503));
}

#[test]
fn a_refusal() {
    first_and_next(Fault::Status(403));
}

#[test]
fn a_condition_that_does_not_hold() {
    first_and_next(Fault::Status(412));
}

#[test]
fn a_connection_that_breaks() {
    first_and_next(Fault::Reset);
}

#[test]
fn an_answer_that_is_lost() {
    first_and_next(Fault::ResetAfter);
}

#[test]
fn a_server_that_is_silent() {
    first_and_next(Fault::Silence);
}

/// With the state in a bucket too.
fn with_state(fault: Fault) {
    let world = World::new(&format!("state = \"{STATE}\""));
    each_fails(&world, fault);
    world.place.article("three", 4);
    world.save();
    each_fails(&world, fault);
}

#[test]
fn a_state_in_a_bucket_survives_refusals() {
    with_state(Fault::Status(403));
}

#[test]
fn a_state_in_a_bucket_survives_conditions_that_do_not_hold() {
    with_state(Fault::Status(412));
}

#[test]
fn a_state_in_a_bucket_survives_lost_answers() {
    with_state(Fault::ResetAfter);
}

/// With archives: two articles stay in the main document, the others are closed.
fn with_archives(fault: Fault) {
    let world = World::new("");
    let config = std::fs::read_to_string(world.place.path().join("feedmill.toml")).expect("a config");
    world.place.write("feedmill.toml", &(config + "archives = true\nitems = 2\n"));
    world.place.article("three", 4);
    world.place.article("four", 5);
    world.save();
    each_fails(&world, fault);
    assert!(world.objects().contains_key("archive/all/0001.json"));
    world.place.article("five", 6);
    world.place.article("six", 7);
    world.save();
    each_fails(&world, fault);
    assert!(world.objects().contains_key("archive/all/0002.json"));
}

/// With both: the state in a bucket, and an archive that closes.
fn with_all(fault: Fault) {
    let world = World::new(&format!("state = \"{STATE}\""));
    let config = std::fs::read_to_string(world.place.path().join("feedmill.toml")).expect("a config");
    world.place.write("feedmill.toml", &(config + "archives = true\nitems = 1\n"));
    world.save();
    each_fails(&world, fault);
    assert!(world.objects().contains_key("archive/all/0001.json"));
}

#[test]
fn no_feed_names_an_archive_that_the_server_failed_at() {
    with_all(Fault::Status(500));
}

#[test]
fn no_feed_names_an_archive_that_the_server_was_too_busy_for() {
    with_all(Fault::Status(503));
}

#[test]
fn no_feed_names_an_archive_whose_connection_broke() {
    with_all(Fault::Reset);
}

#[test]
fn no_feed_names_an_archive_that_was_never_answered() {
    with_all(Fault::Silence);
}

/// Readers look at any moment: what an object names was put before it.
#[test]
fn archives_are_put_before_what_names_them_and_the_index_last() {
    let world = World::new("");
    let config = std::fs::read_to_string(world.place.path().join("feedmill.toml")).expect("a config");
    world.place.write("feedmill.toml", &(config + "archives = true\nitems = 2\n"));
    for (name, day) in [("three", 4), ("four", 5), ("five", 6), ("six", 7)] {
        world.place.article(name, day);
    }
    world.run();
    let puts = world.server.puts();
    let at = |path: &str| puts.iter().position(|put| put.ends_with(path)).unwrap_or_else(|| panic!("{path}: {puts:?}"));
    let order = ["archive/all/0001.json", "archive/all/0002.json", "/all.json", "index.html"].map(at);
    assert!(order.is_sorted(), "{puts:?}");
}

#[test]
fn no_feed_names_an_archive_that_was_refused() {
    with_archives(Fault::Status(403));
}

#[test]
fn no_feed_names_an_archive_whose_answer_was_lost() {
    with_archives(Fault::ResetAfter);
}

#[test]
fn no_feed_names_an_archive_whose_condition_did_not_hold() {
    with_archives(Fault::Status(412));
}
