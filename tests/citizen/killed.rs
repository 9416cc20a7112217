//! A run that is killed has asked nobody in vain: who answered is not asked again within 15 minutes.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::process::{Child, Stdio};
use std::sync::Arc;

use tokio::sync::Notify;

use crate::origin::{Origin, Reply};
use crate::outlet::small;
use crate::program::{self, feedmill};

/// Sources of one host, more than are ever stored together.
const SOURCES: usize = 20;

struct Place {
    origin: Origin,
    folder: tempfile::TempDir,
}

impl Place {
    async fn new() -> Self {
        Self { origin: Origin::start().await, folder: tempfile::tempdir().expect("a folder") }
    }

    fn configure(&self, clock: &str) {
        let mut config = format!(
            "clock = {clock}\n[site]\nbase_url = \"https://feeds.example.org/\"\n[fetch]\nallow = [\"127.0.0.0/8\"]\nhost_delay = \"0s\"\n"
        );
        for number in 0..SOURCES {
            let url = self.origin.url(&format!("/feed/{number}"));
            let _ = write!(config, "[[source]]\nid = \"s{number}\"\nurl = \"{url}\"\n");
        }
        std::fs::write(self.folder.path().join("feedmill.toml"), config).expect("a config");
    }

    fn run(&self) {
        let ran = program::run(self.folder.path(), &["run"]);
        assert!(matches!(ran.code, Some(0 | 3 | 4)), "{}", ran.err);
    }

    fn begun(&self) -> Child {
        feedmill()
            .current_dir(self.folder.path())
            .arg("run")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a run")
    }

    /// A run that is killed when so many requests came in, the last of which is not answered.
    async fn killed_at(&self, requests: usize) {
        let mut run = self.begun();
        self.origin.await_requests(requests).await;
        run.kill().expect("it is running");
        run.wait().expect("it was a child");
    }

    /// A run that is killed as soon as the first source is known to be held.
    async fn killed_when_held(&self) {
        let mut run = self.begun();
        self.origin.await_requests(2).await;
        let is_held = || {
            let ran = program::run(self.folder.path(), &["status", "--json"]);
            let status: serde_json::Value = serde_json::from_str(&ran.out).unwrap_or_default();
            status["sources"][0]["state"] == "held"
        };
        while !is_held() {
            assert!(run.try_wait().expect("a child").is_none(), "it waits for the other host");
        }
        run.kill().expect("it is running");
        run.wait().expect("it was a child");
    }

    /// A run that is killed as soon as what the first source answered is stored.
    async fn killed_when_stored(&self, requests: usize) {
        let last_success = || {
            let ran = program::run(self.folder.path(), &["status", "--json"]);
            let status: serde_json::Value = serde_json::from_str(&ran.out).unwrap_or_default();
            status["sources"][0]["last_success"].clone()
        };
        let before = last_success();
        let mut run = self.begun();
        self.origin.await_requests(requests).await;
        while last_success() == before {
            assert!(run.try_wait().expect("a child").is_none(), "it waits for the other host");
        }
        run.kill().expect("it is running");
        run.wait().expect("it was a child");
    }

    fn asked(&self, from: usize) -> HashMap<String, usize> {
        let mut times = HashMap::new();
        for seen in &self.origin.requests()[from..] {
            *times.entry(seen.target.clone()).or_default() += 1;
        }
        times
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_said_not_modified_is_not_asked_again_by_the_next_run() {
    for answer in [Reply::new(304), small().header("ETag", "\"2\""), Reply::new(404), Reply::new(500)] {
        let place = Place::new().await;
        for number in 0..SOURCES {
            place.origin.now_on(&format!("/feed/{number}"), small().header("ETag", "\"1\""));
        }
        place.configure("2026-11-24T12:00:00Z");
        place.run();
        let before = place.origin.requests().len();
        assert_eq!(before, SOURCES);
        // the last one keeps its answer to itself until the run is dead
        let never = Arc::new(Notify::new());
        for number in 0..SOURCES - 1 {
            place.origin.now_on(&format!("/feed/{number}"), answer.clone());
        }
        let last = format!("/feed/{}", SOURCES - 1);
        place.origin.now_on(&last, answer.clone().after(&never));
        place.configure("2026-11-24T14:00:00Z");
        place.killed_at(before + SOURCES).await;
        place.origin.now_on(&last, answer.clone());
        for clock in ["2026-11-24T14:01:00Z", "2026-11-24T14:14:00Z"] {
            place.configure(clock);
            place.run();
        }
        let asked = place.asked(before);
        let again: Vec<_> = asked.iter().filter(|(target, times)| **times > 1 && **target != last).collect();
        assert!(again.is_empty() && asked.len() == SOURCES, "{answer:?}: {again:?}");
        // whose answer never came is asked once more
        assert_eq!(asked[&last], 2, "{answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_that_was_asked_for_outlives_a_run_that_is_killed() {
    let place = Place::new().await;
    place.origin.now_on("/feed/0", Reply::new(429).header("Retry-After", "3600"));
    for number in 1..SOURCES {
        place.origin.now_on(&format!("/feed/{number}"), small());
    }
    let never = Arc::new(Notify::new());
    place.origin.now_on("/feed/elsewhere", small().after(&never));
    place.configure("2026-11-24T12:00:00Z");
    let path = place.folder.path().join("feedmill.toml");
    let elsewhere = place.origin.url_at("127.0.0.2", "/feed/elsewhere");
    let config = std::fs::read_to_string(&path).expect("a config");
    // another host keeps the run alive
    std::fs::write(&path, format!("{config}[[source]]\nid = \"other\"\nurl = \"{elsewhere}\"\n")).expect("a config");
    place.killed_when_held().await;
    for clock in ["2026-11-24T12:01:00Z", "2026-11-24T12:59:00Z"] {
        place.configure(clock);
        place.run();
    }
    let asked = place.asked(0);
    assert_eq!(asked.get("/feed/0").copied(), Some(1), "{asked:?}");
    assert!((1..SOURCES).all(|number| !asked.contains_key(&format!("/feed/{number}"))), "{asked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_robots_txt_outlives_a_run_that_is_killed() {
    for answer in [small().header("ETag", "\"2\""), Reply::new(304)] {
        let place = Place::new().await;
        let never = Arc::new(Notify::new());
        place.origin.now_on("/robots.txt", Reply::ok("User-agent: *\nDisallow: /x"));
        place.origin.now_on("/feed/0", small().header("ETag", "\"1\""));
        // another host keeps the second run alive, and is not asked in the others
        let elsewhere = place.origin.url_at("127.0.0.2", "/feed/elsewhere");
        place.origin.now_on("/feed/elsewhere", small().after(&never));
        let own = place.origin.url("/feed/0");
        let configure = |clock: &str, other: &str| {
            let config = format!(
                "clock = {clock}\n[site]\nbase_url = \"https://feeds.example.org/\"\n[fetch]\nallow = [\"127.0.0.0/8\"]\n\
                 host_delay = \"0s\"\nrobots = \"all\"\n[[source]]\nid = \"own\"\nurl = \"{own}\"\n{other}"
            );
            std::fs::write(place.folder.path().join("feedmill.toml"), config).expect("a config");
        };
        configure("2026-11-24T12:00:00Z", "");
        place.run();
        place.origin.now_on("/feed/0", answer.clone());
        configure("2026-11-25T14:00:00Z", &format!("[[source]]\nid = \"zzz\"\nurl = \"{elsewhere}\"\n"));
        // its robots.txt and itself, as of the first run, and those of the other host
        place.killed_when_stored(6).await;
        configure("2026-11-25T18:00:00Z", "");
        place.run();
        let files = place.origin.requests().iter().filter(|seen| seen.target == "/robots.txt").count();
        let asked = place.asked(0);
        assert_eq!((asked["/feed/0"], files), (3, 3), "{answer:?}: {asked:?}");
    }
}
