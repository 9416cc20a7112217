//! An outlet, the folder of its feeds and a hub behind one port on loopback.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use url::Url;

use crate::program::{self, Ran};

/// An item as a reader shows it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seen {
    pub id: String,
    /// One line, without markup.
    pub title: String,
    /// Seconds since 1970.
    pub published: i64,
}

/// One story of the outlet.
#[derive(Clone, Debug)]
pub struct Story {
    pub number: u32,
    pub guid: String,
    /// As the feed writes it.
    pub title: String,
}

impl Story {
    pub fn new(number: u32) -> Self {
        Self { number, guid: format!("story-{number}"), title: format!("Story number {number}") }
    }
}

#[derive(Default)]
struct Shared {
    /// The outlet's feed.
    feed: Mutex<String>,
    /// What the hub was sent.
    told: Mutex<Vec<String>>,
    /// The JSON feed as everybody could read it when the hub was told.
    readable: Mutex<Vec<Vec<u8>>>,
    hub_fails: AtomicBool,
    hub_pauses: AtomicBool,
}

pub struct Place {
    folder: tempfile::TempDir,
    base: Url,
    shared: Arc<Shared>,
    settings: String,
    runs: u32,
}

impl Place {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let listener = TcpListener::bind("0.0.0.0:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let base = format!("http://127.0.0.1:{port}/").parse().expect("an address");
        let shared = Arc::new(Shared::default());
        let (published, state) = (folder.path().join("feeds"), Arc::clone(&shared));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (published, state) = (published.clone(), Arc::clone(&state));
                std::thread::spawn(move || answer(stream, &published, &state));
            }
        });
        Self { folder, base, shared, settings: String::new(), runs: 0 }
    }

    pub fn base(&self) -> &Url {
        &self.base
    }

    pub fn folder(&self) -> PathBuf {
        self.folder.path().join("feeds")
    }

    pub fn feed(&mut self, settings: &str) {
        settings.clone_into(&mut self.settings);
    }

    /// The address of a published document.
    pub fn address(&self, document: &str) -> String {
        format!("{}out/{document}", self.base)
    }

    pub fn story_url(&self, number: u32) -> String {
        format!("{}story/{number}", self.base)
    }

    /// What the hub was told so far.
    pub fn told(&self) -> Vec<String> {
        self.shared.told.lock().expect("nobody panicked").clone()
    }

    /// The JSON feed as it stood each time that the hub was told.
    pub fn readable(&self) -> Vec<Vec<u8>> {
        self.shared.readable.lock().expect("nobody panicked").clone()
    }

    /// The hub at a host of its own.
    pub fn hub(&self) -> String {
        format!("http://127.0.0.2:{}/hub", self.base.port().expect("a port"))
    }

    /// From now on the hub answers that it wants to be left alone for two hours.
    pub fn hub_asks_for_a_pause(&self) {
        self.shared.hub_pauses.store(true, Ordering::Relaxed);
    }

    pub fn hub_fails(&self) {
        self.shared.hub_fails.store(true, Ordering::Relaxed);
    }

    /// The outlet's feed holds these stories; the program runs an hour later than the last time.
    pub fn publishes(&mut self, stories: &[Story]) -> Ran {
        let mut feed = String::from("<rss version=\"2.0\"><channel><title>Outlet</title>");
        for story in stories {
            let Story { number, guid, title } = story;
            let _ = write!(
                feed,
                "<item><title><![CDATA[{title}]]></title><link>{}</link><guid isPermaLink=\"false\">{guid}</guid>\
                 <pubDate>Thu, 0{number} Jan 2026 09:30:00 +0500</pubDate><description>Text of {number}.</description></item>",
                self.story_url(*number)
            );
        }
        *self.shared.feed.lock().expect("nobody panicked") = feed + "</channel></rss>";
        let config = format!(
            "clock = \"2026-02-01T{:02}:00:00Z\"\n[site]\ntitle = \"Site\"\nbase_url = \"{}out/\"\n\
             [fetch]\nallow = [\"127.0.0.0/8\"]\n[[source]]\nid = \"outlet\"\nurl = \"{}outlet\"\n\
             [[feed]]\nid = \"all\"\n{}",
            self.runs, self.base, self.base, self.settings
        );
        self.runs += 1;
        std::fs::write(self.folder.path().join("feedmill.toml"), config).expect("a config");
        program::run(self.folder.path(), &["run", "--force"])
    }

    /// What is published, as readers should see it.
    pub fn published(&self) -> BTreeSet<Seen> {
        let json = std::fs::read(self.folder().join("all.json")).expect("a feed");
        let feed: Value = serde_json::from_slice(&json).expect("JSON");
        let text = |item: &Value, name: &str| item[name].as_str().expect("a text").to_owned();
        let one = |item: &Value| Seen {
            id: text(item, "id"),
            title: plain(&text(item, "title")),
            published: chrono::DateTime::parse_from_rfc3339(&text(item, "date_published")).expect("a date").timestamp(),
        };
        feed["items"].as_array().expect("items").iter().map(one).collect()
    }
}

/// A title as one line.
pub fn plain(title: &str) -> String {
    title.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn answer(mut stream: TcpStream, published: &Path, shared: &Shared) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        if line.trim().is_empty() {
            break;
        }
        head.push(line);
    }
    let path = head.first()?.split(' ').nth(1)?.trim_start_matches('/').to_owned();
    let length = head.iter().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    let mut sent = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut sent).ok()?;
    let (status, body) = match path.as_str() {
        "outlet" => ("200 OK", shared.feed.lock().ok()?.clone().into_bytes()),
        "hub" => {
            let stands = std::fs::read(published.join("all.json")).unwrap_or_default();
            shared.readable.lock().ok()?.push(stands);
            shared.told.lock().ok()?.push(String::from_utf8(sent).ok()?);
            let status = if shared.hub_pauses.load(Ordering::Relaxed) {
                "429 Too Many Requests\r\nRetry-After: 7200"
            } else if shared.hub_fails.load(Ordering::Relaxed) {
                "500 Broken"
            } else {
                "204 No Content"
            };
            (status, Vec::new())
        }
        _ => match path.strip_prefix("out/").and_then(|name| std::fs::read(published.join(name)).ok()) {
            Some(bytes) => ("200 OK", bytes),
            None => ("404 Not Found", Vec::new()),
        },
    };
    let kind = if path.rsplit('.').next() == Some("atom") { "application/atom+xml" } else { "application/rss+xml" };
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(&body).ok()
}
