//! Sources at outlets on loopback, gathered by three kinds of program at times of the test's choosing.

use std::fmt::Write as _;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use feedmill::config::Config;
use feedmill::gather::{Fetch, Network, Settings};
use feedmill::model::SiteInfo;
use feedmill::pipeline::{self, Crew, Outlets, Parts, Plan, Sources, Wanted};
use feedmill::report;
use feedmill::store::{MemoryStore, Store};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::origin::{Authority, Origin, Reply, Seen, Speaks};
use crate::program;

/// How the program lives between two runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// It goes on, as `watch` does, and knows nothing at first.
    Cold,
    /// It goes on, and has gathered the same sources before.
    Warm,
    /// Each run is a process.
    Restarted,
}

impl Life {
    pub const ALL: [Self; 3] = [Self::Cold, Self::Warm, Self::Restarted];
}

/// An outlet, and somebody who reads it.
pub struct Reader {
    pub origin: Origin,
    pub life: Life,
    folder: tempfile::TempDir,
    sources: String,
    fetch_settings: String,
    /// Of a long life.
    kept: Option<(Arc<dyn Fetch>, Arc<dyn Store>)>,
}

/// How a source stands.
#[derive(Debug)]
pub struct Standing {
    pub state: String,
    pub trouble: String,
    pub next_due: Option<DateTime<Utc>>,
}

/// The time of the first run.
pub fn start() -> DateTime<Utc> {
    "2026-11-24T12:00:00Z".parse().expect("a time")
}

/// The feed of an outlet with its newest items at these times.
pub fn feed(published: &[DateTime<Utc>]) -> String {
    let mut text = "<rss version=\"2.0\"><channel><title>T</title>".to_owned();
    for at in published {
        let (number, date) = (at.timestamp(), at.to_rfc2822());
        let _ = write!(
            text,
            "<item><title>Story {number}</title><link>https://outlet.example/{number}</link><guid \
             isPermaLink=\"false\">{number}</guid><pubDate>{date}</pubDate><description>Text</description></item>"
        );
    }
    text + "</channel></rss>"
}

/// A feed with a single item that has no date.
pub fn small() -> Reply {
    Reply::ok(
        "<rss version=\"2.0\"><channel><title>T</title><item><title>One</title><link>https://outlet.example/1</link></item></channel></rss>",
    )
}

/// An article's page.
pub fn page() -> Reply {
    let text = "A sentence of the story that goes on for long enough to be taken for one. ".repeat(8);
    Reply::ok(format!(
        "<html><head><title>A story</title></head><body><article><h1>A story</h1><p>{text}</p></article>"
    ))
    .header("Content-Type", "text/html")
}

/// A front page with so many stories, `/story-of-the-day-1` and so on.
pub fn listing(stories: usize) -> Reply {
    let mut items = Vec::new();
    let mut blocks = String::new();
    for number in 1..=stories {
        let (url, title) =
            (format!("/story-of-the-day-{number}"), format!("The story number {number} of this long day"));
        items.push(format!(
            "{{\"@type\":\"ListItem\",\"position\":{number},\"item\":{{\"@type\":\"NewsArticle\",\"url\":\"{url}\",\"headline\":\"{title}\"}}}}"
        ));
        let _ = write!(blocks, "<article><h2><a href=\"{url}\">{title}</a></h2><p>What it is about.</p></article>");
    }
    let list = format!(
        "{{\"@context\":\"https://schema.org\",\"@type\":\"ItemList\",\"itemListElement\":[{}]}}",
        items.join(",")
    );
    Reply::ok(format!(
        "<html><head><title>News</title><script type=\"application/ld+json\">{list}</script></head><body>{blocks}</body></html>"
    ))
    .header("Content-Type", "text/html")
}

impl Reader {
    /// Of an outlet that speaks plain HTTP, or TLS where that is said.
    pub async fn new(life: Life, secure: Option<Speaks>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let origin = match secure {
            None => Origin::start().await,
            Some(speaks) => {
                let authority = Authority::new();
                std::fs::write(folder.path().join("ca.pem"), authority.pem()).expect("a certificate");
                Origin::start_secure(&authority, speaks).await
            }
        };
        Self { origin, life, folder, sources: String::new(), fetch_settings: String::new(), kept: None }
    }

    pub fn source_at(&mut self, host: &str, id: &str, (path, settings): (&str, &str)) {
        let url = self.origin.url_at(host, path);
        let _ = write!(self.sources, "[[source]]\nid = \"{id}\"\nurl = \"{url}\"\n{settings}\n");
    }

    /// Takes all sources out of the config.
    pub fn no_sources(&mut self) {
        self.sources.clear();
    }

    /// Further settings of `[fetch]`, in place of those that let loopback be asked.
    pub fn fetch_settings(&mut self, settings: &str) {
        let allow = if settings.contains("allow =") { "" } else { "allow = [\"127.0.0.0/8\"]\n" };
        let delay = if settings.contains("host_delay =") { "" } else { "host_delay = \"0s\"\n" };
        self.fetch_settings = format!("{allow}{delay}{settings}\n");
    }

    /// Runs so many minutes after the start.
    pub async fn run(&mut self, minutes: i64) {
        self.run_with(minutes, false).await;
    }

    /// The same, whether the time of the sources has come or not.
    pub async fn run_forced(&mut self, minutes: i64) {
        self.run_with(minutes, true).await;
    }

    async fn run_with(&mut self, minutes: i64, force: bool) {
        let now = start() + TimeDelta::minutes(minutes);
        self.configure(now);
        match self.life {
            Life::Restarted => {
                let arguments: &[&str] = if force { &["run", "--force"] } else { &["run"] };
                let ran = self.program(arguments).await;
                assert!(matches!(ran.code, Some(0 | 3 | 4)), "{}", ran.err);
            }
            Life::Cold | Life::Warm => {
                let (fetch, store) = match self.kept.take() {
                    Some(kept) => kept,
                    None => (self.network(), Arc::new(MemoryStore::new()) as Arc<dyn Store>),
                };
                self.collect((&fetch, &store), now, force).await;
                self.kept = Some((fetch, store));
            }
        }
    }

    /// The program itself, run here.
    pub async fn program(&self, arguments: &[&str]) -> program::Ran {
        let folder = self.folder.path().to_owned();
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        let run = move || program::run(&folder, &arguments.iter().map(String::as_str).collect::<Vec<_>>());
        tokio::task::spawn_blocking(run).await.expect("a run")
    }

    fn config(&self) -> Config {
        feedmill::config::load(&self.folder.path().join("feedmill.toml"), &|_| None).expect("a config")
    }

    fn network(&self) -> Arc<dyn Fetch> {
        let config = self.config();
        let allow = config.fetch.allow.clone();
        let settings = Settings {
            allow,
            contact: config.site.contact,
            host_delay: config.fetch.host_delay,
            timeout: config.fetch.timeout,
            source_timeout: config.fetch.source_timeout,
            proxy: config.fetch.proxy.map(|proxy| proxy.expose().to_owned()),
            ca_file: config.fetch.ca_file,
            robots_for_feeds: config.fetch.robots_for_feeds,
            ..Settings::default()
        };
        Arc::new(Network::new(settings).expect("a client"))
    }

    fn configure(&self, now: DateTime<Utc>) {
        let clock = now.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        let text = format!(
            "clock = \"{clock}\"\n[site]\nbase_url = \"https://feeds.example.org/\"\ncontact = \"desk@example.org\"\n[fetch]\n{}\n{}",
            self.fetch_settings, self.sources
        );
        std::fs::write(self.folder.path().join("feedmill.toml"), text).expect("a config");
    }

    async fn collect(&self, (fetch, store): (&Arc<dyn Fetch>, &Arc<dyn Store>), now: DateTime<Utc>, force: bool) {
        let config = self.config();
        let source_timeout = config.fetch.source_timeout;
        let sources: Vec<_> = config.sources.into_iter().map(Arc::new).collect();
        let base_url = "https://feeds.example.org/".parse().expect("an address");
        let site = SiteInfo { title: "Site".to_owned(), base_url, ..SiteInfo::default() };
        let plan = Plan {
            site,
            outlets: Outlets::new(&sources),
            sources: Sources::new(sources),
            feeds: Vec::new(),
            concurrency: 8,
            source_timeout,
        };
        let parts = Parts {
            fetch: Arc::clone(fetch),
            store: Arc::clone(store),
            targets: Arc::new([]),
            crew: Arc::new(Crew::new(2)),
            stop: CancellationToken::new(),
            now,
        };
        let wanted = Wanted { force, ..Wanted::default() };
        pipeline::collect(&parts, &Arc::new(plan), &wanted, &mut |_| ()).await.expect("a state");
    }

    /// How many articles are stored.
    pub async fn articles(&self) -> u64 {
        if let Some((_, store)) = &self.kept {
            return store.count().await.expect("a state").articles;
        }
        let ran = self.program(&["status", "--json"]).await;
        let status: Value = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}", ran.err));
        status["articles"].as_u64().expect("a number")
    }

    /// How a source stands so many minutes after the start.
    pub async fn standing(&self, id: &str, minutes: i64) -> Standing {
        let now = start() + TimeDelta::minutes(minutes);
        if self.life == Life::Restarted {
            self.configure(now);
            let ran = self.program(&["status", "--json"]).await;
            let status: Value = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}", ran.err));
            let sources = status["sources"].as_array().expect("sources");
            let source = sources.iter().find(|source| source["id"] == id).expect("the source");
            let text = |key: &str| source[key].as_str().unwrap_or_default().to_owned();
            return Standing {
                state: text("state"),
                trouble: text("trouble"),
                next_due: text("next_due").parse().ok(),
            };
        }
        let (_, store) = self.kept.as_ref().expect("a run before");
        let states = store.sources().await.expect("a state");
        let state = states.iter().find(|state| state.id == id).expect("the source");
        Standing {
            state: state.health.word().to_owned(),
            trouble: report::standing(state, now).unwrap_or_default(),
            next_due: state.next_due,
        }
    }
}

/// A header as text.
pub fn header(seen: &Seen, name: &str) -> Option<String> {
    seen.header(name).map(|value| String::from_utf8_lossy(value).into_owned())
}
