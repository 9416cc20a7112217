//! A folder with a config, and processes that work in it.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::program::{self, Ran, feedmill};

/// Nothing here takes so long on any machine; a test that waits longer has failed.
pub const DEADLINE: Duration = Duration::from_mins(1);

/// The head of a config whose run asks loopback and keeps no manners.
pub const HEAD: &str = "[site]\nbase_url = \"https://feeds.example.org/\"\n\n\
                        [fetch]\nallow = [\"127.0.0.0/8\"]\nhost_delay = \"1ms\"\n";

/// A folder where the program runs.
pub struct Place(tempfile::TempDir);

impl Place {
    /// A folder with this config.
    pub fn new(config: &str) -> Self {
        let place = Self(tempfile::tempdir().expect("a folder"));
        place.write("feedmill.toml", config);
        place
    }

    /// A folder with a source `desk` of two Markdown articles and a feed `all` of everything.
    pub fn with_desk() -> Self {
        let place = Self::new(&format!("{HEAD}{}{}", folder_source("desk", "every = \"1s\""), ALL));
        place.article("one", "2026-01-02");
        place.article("two", "2026-01-03");
        place
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn feeds(&self) -> PathBuf {
        self.path().join("feeds")
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder is made");
        std::fs::write(path, bytes).expect("a file is written");
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).unwrap_or_default()
    }

    /// An article of the folder source `desk`.
    pub fn article(&self, name: &str, day: &str) {
        let text = format!("---\ntitle: Article {name}\ndate: {day}\n---\n\nThe text of article {name}.\n");
        self.write(&format!("desk/{name}.md"), text);
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        program::run(self.path(), arguments)
    }

    /// Titles of the items of the feed `all`.
    pub fn titles(&self) -> Vec<String> {
        let Ok(feed) = serde_json::from_str::<serde_json::Value>(&self.read("feeds/all.json")) else {
            return Vec::new();
        };
        let items = feed["items"].as_array().expect("items");
        let mut titles: Vec<String> =
            items.iter().map(|item| item["title"].as_str().unwrap_or_default().to_owned()).collect();
        titles.sort_unstable();
        titles
    }

    /// Starts the program and goes on.
    pub fn start(&self, arguments: &[&str]) -> Running {
        let mut child = feedmill()
            .current_dir(self.path())
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let said = Arc::<Mutex<Vec<String>>>::default();
        let lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        let keep = Arc::clone(&said);
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| keep.lock().unwrap().push(line)));
        Running { child, said }
    }
}

/// A feed of everything.
pub const ALL: &str = "\n[[feed]]\nid = \"all\"\ntitle = \"All\"\n";

/// A source that is a folder of its own name.
pub fn folder_source(id: &str, more: &str) -> String {
    format!("\n[[source]]\nid = \"{id}\"\nurl = \"{id}\"\nkind = \"folder\"\n{more}\n")
}

/// A source on the web.
pub fn web_source(id: &str, url: &url::Url) -> String {
    format!("\n[[source]]\nid = \"{id}\"\nurl = \"{url}\"\n")
}

/// A feed of RSS 2.0 with so many items.
pub fn rss(host: &str, items: u32) -> String {
    let item = |n: u32| {
        format!(
            "<item><title>Story {n} of {host}</title><link>https://{host}/{n}</link>\
             <guid isPermaLink=\"false\">{host}-{n}</guid><pubDate>{:02} Jan 2026 09:00:00 +0000</pubDate></item>",
            n % 28 + 1
        )
    };
    let items: String = (1..=items).map(item).collect();
    format!("<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><title>{host}</title>{items}</channel></rss>")
}

/// Waits until something is so; fails after the deadline.
pub fn await_that(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < DEADLINE, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A process of the program; killed when dropped.
pub struct Running {
    child: Child,
    said: Arc<Mutex<Vec<String>>>,
}

impl Running {
    /// What it said on stderr so far.
    pub fn said(&self) -> String {
        self.said.lock().unwrap().join("\n")
    }

    pub fn await_said(&self, text: &str) {
        await_that(text, || self.said().contains(text));
    }

    /// Sends a signal by its name: `TERM`, `HUP`, `INT`.
    pub fn signal(&self, name: &str) {
        let sent =
            std::process::Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(sent.expect("kill is there").success());
    }

    /// Waits for its end; answers the exit code and how long that took.
    pub fn end(mut self) -> (Option<i32>, Duration, String) {
        let began = Instant::now();
        let mut code = None;
        await_that("the end of the program", || {
            code = self.child.try_wait().expect("a child").map(|status| status.code());
            code.is_some()
        });
        (code.flatten(), began.elapsed(), self.said())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
