//! The state in a bucket: machines that keep nothing share it, one run at a time.

use crate::place::{FEEDS, Place, STATE, published, titles};
use crate::program;
use crate::server::Server;

fn place(server: &Server) -> Place {
    let place = Place::new(&server.endpoint(), (&format!("state = \"{STATE}\""), &format!("to = \"{FEEDS}\"")));
    std::fs::create_dir(place.path().join("temporary")).expect("a folder");
    place
}

fn lease(server: &Server) -> serde_json::Value {
    let text = std::fs::read_to_string(server.bucket("private").join("feedmill.db.lease")).expect("a lease");
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn machines_without_a_disk_share_it() {
    let server = Server::start();
    let first = place(&server);
    let mut command = first.command(&["run"]);
    let output = command.env("TMPDIR", first.path().join("temporary")).output().expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let here: Vec<String> = program::files(first.path()).into_keys().collect();
    assert_eq!(here, ["desk/one.md", "desk/two.md", "feedmill.toml"], "nothing stays on the machine");
    let state = std::fs::read(server.bucket("private").join("feedmill.db")).expect("a state");
    assert!(state.starts_with(b"SQLite format 3"));
    assert_eq!(lease(&server)["owner"], "");

    // another machine goes on
    let second = place(&server);
    second.article("three", 4);
    let before = published(&server.bucket("news"));
    server.expect(None);
    second.runs();
    assert_eq!(titles(&server.bucket("news")), ["Article three", "Article two", "Article one"]);
    assert!(!server.puts().iter().any(|path| path.ends_with("owner.json")), "the claim is that of the state");
    let history = |all: &std::collections::BTreeMap<String, String>| all["history/all.json"].len();
    assert!(history(&published(&server.bucket("news"))) > history(&before));

    let status = second.run(&["status", "--json"]);
    assert!(status.out.contains("\"articles\":3"), "{}", status.out);
    server.expect(None);
    let ran = second.run(&["run", "--dry-run"]);
    assert!(ran.code == Some(0) && server.puts().is_empty(), "{} {:?}", ran.err, server.puts());
    let ran = second.run(&["hide", "https://nowhere.example/"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    second.runs();
}

#[test]
fn a_second_run_ends_at_once_and_a_dead_one_is_followed() {
    let server = Server::start();
    let place = place(&server);
    place.runs();
    let fence = lease(&server)["fence"].as_u64().expect("a number");
    let held = |until: &str| {
        let until = until.parse::<i64>().expect("a number");
        let text = serde_json::json!({"owner": "process 1 on elsewhere", "fence": fence, "until": until}).to_string();
        std::fs::write(server.bucket("private").join("feedmill.db.lease"), text).expect("written");
    };
    held("32503680000");
    place.article("three", 4);
    server.expect(None);
    for command in ["run", "watch", "hide x", "prune"] {
        let ran = place.run(&command.split(' ').collect::<Vec<_>>());
        assert_eq!(ran.code, Some(5), "{command}: {}", ran.err);
        assert!(ran.err.contains("another run holds the state s3://private/feedmill.db (process 1 on elsewhere)"));
    }
    assert!(server.puts().is_empty(), "{:?}", server.puts());
    assert_eq!(place.run(&["status"]).code, Some(0), "looking needs no lease");
    held("1000");
    place.runs();
    assert_eq!(lease(&server)["fence"], fence + 1);
    assert_eq!(titles(&server.bucket("news")).len(), 3);
    // a run of the old fence that wakes up now finds the bucket taken
    held("0");
    let text = serde_json::json!({"owner": "", "fence": fence, "until": 0}).to_string();
    std::fs::write(server.bucket("private").join("feedmill.db.lease"), text).expect("written");
    place.article("four", 5);
    let ran = place.run(&["run"]);
    assert_eq!(ran.code, Some(5), "{}", ran.err);
    assert_eq!(titles(&server.bucket("news")).len(), 3);
}

#[test]
fn a_store_that_ignores_conditions_is_refused() {
    let server = Server::careless();
    let place = place(&server);
    let ran = place.run(&["run"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(
        ran.err.contains("ignores conditional writes") && ran.err.contains("keep the state in a file"),
        "{}",
        ran.err
    );
    assert!(published(&server.bucket("news")).is_empty());
    assert!(!server.bucket("private").join("feedmill.db").exists());
    // feeds alone can go there
    let config = std::fs::read_to_string(place.path().join("feedmill.toml")).expect("a config");
    place.write("feedmill.toml", &config.replace(&format!("state = \"{STATE}\""), ""));
    place.runs();
    assert_eq!(titles(&server.bucket("news")).len(), 2);
}

#[test]
fn a_store_that_knows_no_conditions_takes_feeds_where_that_is_said() {
    let server = Server::ignorant();
    let place = place(&server);
    let ran = place.run(&["run"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains("ignores conditional writes (it does not know them)"), "{}", ran.err);
    let config = std::fs::read_to_string(place.path().join("feedmill.toml")).expect("a config");
    place.write("feedmill.toml", &config.replace(&format!("state = \"{STATE}\""), ""));
    let ran = place.run(&["run"]);
    assert_eq!(ran.code, Some(6), "{}", ran.err);
    assert!(ran.err.contains("501") && ran.err.contains("AWS_CONDITIONAL_PUT=disabled"), "{}", ran.err);
    for _ in 0..2 {
        let mut command = place.command(&["run"]);
        let output = command.env("AWS_CONDITIONAL_PUT", "disabled").output().expect("the program starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(titles(&server.bucket("news")).len(), 2);
}

#[test]
fn a_daemon_leaves_it_free_between_its_rounds() {
    let server = Server::start();
    let place = place(&server);
    let mut watch = place.start(&["watch"]);
    let began = std::time::Instant::now();
    let deadline = std::time::Duration::from_mins(1);
    let is_free = || server.bucket("private").join("feedmill.db").exists() && lease(&server)["owner"] == "";
    while !is_free() {
        assert!(began.elapsed() < deadline, "waited in vain");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let ran = place.run(&["run"]);
    watch.kill().expect("killed");
    watch.wait().expect("ended");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(titles(&server.bucket("news")).len(), 2);
}

#[test]
fn what_a_killed_run_has_published_is_known_to_the_next() {
    let server = Server::start();
    let place = place(&server);
    place.runs();
    place.article("three", 4);
    // the state is put back before feeds are published, and once more at the end, which does not come
    server.expect(None);
    let mut run = place.start(&["run"]);
    let began = std::time::Instant::now();
    while !server.puts().iter().any(|path| path.ends_with("/index.html")) {
        assert!(began.elapsed() < std::time::Duration::from_mins(1), "waited in vain: {:?}", server.puts());
        std::thread::yield_now();
    }
    run.kill().expect("killed");
    run.wait().expect("ended");
    let puts = server.puts();
    let first = |ending: &str| puts.iter().position(|path| path.ends_with(ending)).expect("it was put");
    assert!(first("/feedmill.db") < first("/all.json"), "{puts:?}");
    assert_eq!(titles(&server.bucket("news")), ["Article three", "Article two", "Article one"]);

    // the outlet has dropped it since
    std::fs::remove_file(place.path().join("desk/three.md")).expect("removed");
    place.article("four", 5);
    let text = std::fs::read_to_string(server.bucket("private").join("feedmill.db.lease")).expect("a lease");
    let mut lease: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    lease["until"] = 1000.into();
    std::fs::write(server.bucket("private").join("feedmill.db.lease"), lease.to_string()).expect("written");
    place.runs();
    let expected = ["Article four", "Article three", "Article two", "Article one"];
    assert_eq!(titles(&server.bucket("news")), expected);
}
