//! A folder with a config, outlets that answer from files, and the feeds that were published.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::program::{self, Ran};
use crate::strict_feed;

/// One run's world. Outlets answer from `web/HOST/PATH`, nothing asks the network.
pub struct World {
    folder: tempfile::TempDir,
    sources: String,
    feed: String,
    /// Hours after the first run.
    hour: u32,
}

/// An item of an outlet's feed, with what tests change about it.
#[derive(Clone, Debug)]
pub struct Entry {
    pub guid: String,
    pub url: String,
    pub title: String,
    /// Day of January 2026, 09:00 UTC; none where 0.
    pub day: u32,
    pub text: String,
}

/// The item number `n` of a host, unlike every other.
pub fn entry(host: &str, n: u32) -> Entry {
    Entry {
        guid: format!("{host}-{n}"),
        url: format!("https://{host}/story-{n}"),
        title: format!("Story {n} of {host}"),
        day: n % 28 + 1,
        text: format!("<p>The text of story {n} as {host} tells it.</p>"),
    }
}

/// A feed of RSS 2.0 that holds these items.
pub fn rss(entries: &[Entry]) -> String {
    let mut text =
        String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\"><channel><title>T</title>");
    for one in entries {
        let date = match one.day {
            0 => String::new(),
            day => format!("<pubDate>{day:02} Jan 2026 09:00:00 +0000</pubDate>"),
        };
        let _ = write!(
            text,
            "<item><title>{}</title><link>{}</link><guid isPermaLink=\"false\">{}</guid>{date}<description><![CDATA[{}]]></description></item>",
            one.title, one.url, one.guid, one.text
        );
    }
    text + "</channel></rss>"
}

impl World {
    /// A world with one source for each host, `https://HOST/feed`, and one feed of everything.
    pub fn new(hosts: &[&str]) -> Self {
        let mut world = Self {
            folder: tempfile::tempdir().expect("a folder"),
            sources: String::new(),
            feed: "items = 100\nbytes = \"10 MB\"\n".to_owned(),
            hour: 0,
        };
        for host in hosts {
            world.source(&host.replace('.', "-"), &format!("https://{host}/feed"));
        }
        world
    }

    pub fn source(&mut self, id: &str, url: &str) {
        let _ = write!(self.sources, "\n[[source]]\nid = \"{id}\"\nurl = \"{url}\"\nevery = \"15m\"\n");
    }

    /// Replaces the feed's own settings.
    pub fn feed(&mut self, settings: &str) {
        settings.clone_into(&mut self.feed);
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn feeds(&self) -> PathBuf {
        self.path().join("feeds")
    }

    /// What a host answers at a path, with headers of a sidecar file where there are any.
    pub fn answer(&self, address: &str, body: impl AsRef<[u8]>, headers: &str) {
        let place = self.path().join("web").join(address);
        std::fs::create_dir_all(place.parent().expect("a folder")).expect("a folder is made");
        std::fs::write(&place, body).expect("an answer is written");
        let sidecar = PathBuf::from(format!("{}.headers", place.display()));
        if headers.is_empty() {
            let _ = std::fs::remove_file(sidecar);
        } else {
            std::fs::write(sidecar, headers).expect("headers are written");
        }
    }

    /// The host's feed holds these items.
    pub fn publishes(&self, host: &str, entries: &[Entry]) {
        self.answer(&format!("{host}/feed"), rss(entries), "");
    }

    /// Writes the config for a run; every run is an hour later than the one before.
    pub fn config(&mut self) {
        let (day, hour) = (1 + self.hour / 24, self.hour % 24);
        self.hour += 1;
        self.config_at(&format!("2026-02-{day:02}T{hour:02}:00:00Z"));
    }

    pub fn config_at(&self, clock: &str) {
        let text = format!(
            "clock = \"{clock}\"\n\n[site]\ntitle = \"T\"\nbase_url = \"https://feeds.example.org/\"\n\n[fetch]\nreplay = \"web\"\n{}\n\
             [[feed]]\nid = \"all\"\ntitle = \"All\"\n{}",
            self.sources, self.feed
        );
        std::fs::write(self.path().join("feedmill.toml"), text).expect("the config is written");
    }

    /// Runs an hour later; whatever is published afterwards must be sound.
    pub fn run(&mut self) -> Ran {
        self.run_with(&["run", "--force"])
    }

    pub fn run_with(&mut self, arguments: &[&str]) -> Ran {
        self.config();
        let ran = program::run(self.path(), arguments);
        self.assert_sound();
        ran
    }

    pub fn assert_sound(&self) {
        for (name, bytes) in program::files(&self.feeds()) {
            if !name.starts_with("history/") {
                assert_eq!(strict_feed::check(&name, &bytes), Vec::<String>::new(), "{name}");
            }
        }
    }

    /// The published items, as JSON.
    pub fn items(&self) -> Vec<Value> {
        let Ok(bytes) = std::fs::read(self.feeds().join("all.json")) else { return Vec::new() };
        let feed: Value = serde_json::from_slice(&bytes).expect("JSON");
        feed["items"].as_array().expect("items").clone()
    }

    /// Ids of the published items, sorted.
    pub fn ids(&self) -> Vec<String> {
        let mut ids: Vec<String> =
            self.items().iter().map(|item| item["id"].as_str().expect("an id").to_owned()).collect();
        ids.sort_unstable();
        ids
    }

    /// The published item with a title.
    pub fn item(&self, title: &str) -> Option<Value> {
        self.items().into_iter().find(|item| item["title"] == title)
    }

    /// Throws the state away, as a container without a disk does.
    pub fn lose_state(&self) {
        for name in ["feedmill.db", "feedmill.db-wal", "feedmill.db-shm", "feedmill.db.lock"] {
            let _ = std::fs::remove_file(self.path().join(name));
        }
    }
}
