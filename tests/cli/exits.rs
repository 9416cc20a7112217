//! Exit codes, each as documented in `--help`.

use crate::origin::{Origin, Reply};
use crate::place::{ALL, HEAD, Place, rss, web_source};

#[test]
fn all_well() {
    let place = Place::with_desk();
    for _ in 0..2 {
        let ran = place.run(&["run"]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
    }
    assert_eq!(place.titles(), ["Article one", "Article two"]);
}

#[test]
fn a_wrong_command_line_or_config() {
    let place = Place::with_desk();
    place.write("bad.toml", "[site]\nbase_url = \"https://e.example/\"\n[[source]]\nid = \"a\"\n");
    place.write("a-file", "");
    for line in [
        "fly",
        "run --fast",
        "run --report xml",
        "run -v -q",
        "run -c bad.toml",
        "run -c none.toml",
        "watch -c bad.toml",
        "status -c bad.toml",
        "check -c bad.toml",
        "inspect -c none.toml desk/one.md",
        "run --source nobody",
        "run --replay none",
        "run --replay a-file",
        "run --record a --replay b",
    ] {
        let ran = place.run(&line.split(' ').collect::<Vec<_>>());
        assert_eq!(ran.code, Some(2), "{line}: {}", ran.err);
        assert!(ran.out.is_empty() && !ran.err.is_empty(), "{line}: {}", ran.out);
    }
    assert!(!place.feeds().exists(), "nothing was done");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn some_sources_failed_and_all_failed() {
    let origin = Origin::start().await;
    origin.on("/good", Reply::ok(rss("good.example", 3)));
    let (good, bad) = (origin.url("/good"), origin.url_at("127.0.0.2", "/bad"));
    let place = Place::new(&format!("{HEAD}{}{}{ALL}", web_source("good", &good), web_source("bad", &bad)));
    let ran = place.run(&["run"]);
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    assert_eq!(place.titles().len(), 3, "the rest was published");

    let place = Place::new(&format!("{HEAD}{}{ALL}", web_source("bad", &bad)));
    let ran = place.run(&["run"]);
    assert_eq!(ran.code, Some(4), "{}", ran.err);
    assert!(!place.feeds().join("all.json").exists());
    let ran = place.run(&["run"]);
    assert_eq!(ran.code, Some(0), "a source that waits has not failed again: {}", ran.err);
}

#[test]
fn another_run_holds_the_lock() {
    let place = Place::with_desk();
    let watch = place.start(&["watch"]);
    watch.await_said("watching");
    let before = crate::program::times(place.path());
    for command in ["run", "run --dry-run", "watch", "hide x", "prune"] {
        let ran = place.run(&command.split(' ').collect::<Vec<_>>());
        assert_eq!(ran.code, Some(5), "{command}: {}", ran.err);
        assert!(ran.err.contains("another run holds the state (process "), "{command}: {}", ran.err);
    }
    let ran = place.run(&["status"]);
    assert_eq!(ran.code, Some(0), "looking needs no lock: {}", ran.err);
    let feeds = |times: &std::collections::BTreeMap<String, _>| {
        times
            .iter()
            .filter(|(name, _)| name.starts_with("feeds"))
            .map(|(name, time)| (name.clone(), *time))
            .collect::<Vec<_>>()
    };
    assert_eq!(feeds(&crate::program::times(place.path())), feeds(&before));
}

#[test]
fn publishing_failed() {
    let place = Place::with_desk();
    place.write("feeds", "a file stands where the folder should be");
    let ran = place.run(&["run"]);
    assert_eq!(ran.code, Some(6), "{}", ran.err);
    assert!(ran.err.contains("feeds"), "{}", ran.err);

    // a folder where one of the files should be
    let place = Place::with_desk();
    place.write("feeds/all.rss/in-the-way", "");
    let ran = place.run(&["run"]);
    assert_eq!(ran.code, Some(6), "{}", ran.err);
    assert!(ran.err.contains("all.rss"), "{}", ran.err);
    std::fs::remove_dir_all(place.feeds().join("all.rss")).expect("a folder");
    let ran = place.run(&["run"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(place.titles().len(), 2, "what was gathered is published by the next run");
}

#[test]
#[cfg(target_os = "linux")]
fn what_cannot_be_said_is_no_mistake_of_the_config() {
    let place = Place::with_desk();
    let full = std::fs::File::options().write(true).open("/dev/full").expect("a device");
    let output = crate::program::feedmill()
        .current_dir(place.path())
        .args(["run", "--report", "json"])
        .stdout(full)
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(place.titles().len(), 2, "what could be done was done");
}
