//! Secrets from the environment are sent where they belong, and are nowhere else.

use crate::origin::{Origin, Reply};
use crate::outlet::{header, small};
use crate::program::{feedmill, files};

const TOKEN: &str = "tok-6b1f0c55aa";
const PASSWORD: &str = "pw-93d27e41bb";
const KEY: &str = "key-1175f0e2cc";

/// All that the program logs; its parser of pages tells each character of them.
const LOG: &str = "trace,html5ever=info";

#[tokio::test(flavor = "multi_thread")]
async fn logins_reach_their_own_host_and_are_neither_logged_nor_stored() {
    let (home, other) = (Origin::start().await, Origin::start().await);
    home.on("/token", small().header("ETag", "\"1\""));
    home.on("/basic", Reply::redirect(301, other.url("/away").as_str()));
    home.on("/refused", Reply::new(403));
    home.on(&format!("/query?key={KEY}"), Reply::redirect(301, &format!("/moved?key={KEY}")));
    home.on(&format!("/moved?key={KEY}"), small().header("ETag", "\"2\""));
    other.on("/away", small());
    let folder = tempfile::tempdir().expect("a folder");
    let base = home.url("/");
    let base = base.as_str().trim_end_matches('/');
    let source = |id: &str, path: &str, headers: &str| {
        format!("[[source]]\nid = \"{id}\"\nurl = \"{base}{path}\"\nevery = \"1h\"\n{headers}\n")
    };
    let sources = [
        source("token", "/token", "headers = { Authorization = \"Bearer ${TOKEN}\" }"),
        source("basic", "/basic", "headers = { Authorization = \"Basic desk:${PASSWORD}\", X-Key = \"${TOKEN}\" }"),
        source("refused", "/refused", "headers = { X-Key = \"${TOKEN}\" }"),
        source("query", "/query?key=${KEY}", ""),
    ]
    .concat();
    let mut told = String::new();
    for day in 1..=12 {
        let config = format!(
            "clock = 2026-11-{day:02}T12:00:00Z\n[site]\nbase_url = \"https://feeds.example.org/\"\n[fetch]\nallow = [\"127.0.0.0/8\"]\nhost_delay = \"0s\"\n{sources}[[feed]]\nid = \"all\"\n"
        );
        std::fs::write(folder.path().join("feedmill.toml"), config).expect("a config");
        let path = folder.path().to_owned();
        let run = move |arguments: &'static [&'static str]| {
            let mut command = feedmill();
            command.current_dir(&path).args(arguments).env("RUST_LOG", "trace");
            command.env("TOKEN", TOKEN).env("PASSWORD", PASSWORD).env("KEY", KEY).output().expect("a run")
        };
        let both = move || [run(&["run", "--report", "json"]), run(&["status", "--json"])];
        for output in tokio::task::spawn_blocking(both).await.expect("a run") {
            told.push_str(&String::from_utf8_lossy(&output.stdout));
            told.push_str(&String::from_utf8_lossy(&output.stderr));
        }
    }
    assert!(told.len() > 1000, "there was something to look through");
    assert!(told.contains("\"moved\""), "the source with a secret query has moved: {told}");

    let sent = home.requests();
    let of = |path: &str| sent.iter().find(|seen| seen.target.starts_with(path)).expect("it was asked").clone();
    assert_eq!(header(&of("/token"), "authorization"), Some(format!("Bearer {TOKEN}")));
    // base64 of desk:PASSWORD
    assert_eq!(header(&of("/basic"), "authorization").as_deref(), Some("Basic ZGVzazpwdy05M2QyN2U0MWJi"));
    assert_eq!(header(&of("/basic"), "x-key").as_deref(), Some(TOKEN));
    assert_eq!(sent.last().map(|seen| seen.target.clone()), Some(format!("/moved?key={KEY}")));
    for seen in other.requests() {
        assert_eq!(header(&seen, "authorization").or(header(&seen, "x-key")), None, "another host gets nothing");
    }

    let secrets = [TOKEN, PASSWORD, KEY, "ZGVzazpwdy05M2QyN2U0MWJi"];
    for secret in secrets {
        assert!(!told.contains(secret), "{secret} was told: {}", around(&told, secret));
        for (name, bytes) in files(folder.path()) {
            let is_found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!is_found, "{secret} stands in {name}");
        }
    }
}

fn around<'a>(text: &'a str, secret: &str) -> &'a str {
    text.lines().find(|line| line.contains(secret)).unwrap_or_default()
}

/// What a source of each kind holds: a page, a list, a story, a feed; with its secret in the query or in the path.
#[tokio::test(flavor = "multi_thread")]
async fn a_secret_of_an_address_is_neither_stored_nor_published() {
    let home = Origin::start().await;
    let page = |text: &str| Reply::ok(text.to_owned()).header("Content-Type", "text/html; charset=utf-8");
    let text = "The whole story stands on its own page, and it says more than the list did. ".repeat(4);
    let link = |n: u32| {
        format!("<h3><a href=\"/2026/01/story-number-{n}-of-the-day\">Story number {n} of a long day</a></h3>")
    };
    let list = format!("<html><body><main>{}</main></body></html>", (1..=4).map(link).collect::<String>());
    for n in 1..=4 {
        let title = format!("Story number {n} of a long day");
        home.on(
            &format!("/2026/01/story-number-{n}-of-the-day"),
            page(&format!(
                "<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"
            )),
        );
    }
    let story =
        format!("<html><body><h1>One story of a long day</h1><p>{text}<a href=more.html>More</a></p></body></html>");
    let feed = |word: &str, count: u32| {
        let name = if word == "Foreign" { "other" } else { "story" };
        let item = |n: u32| {
            format!(
                "<item><title>{word} {n}</title><link>{name}-{n}.html</link><guid isPermaLink=\"false\">{word}-{n}</guid>\
                 <description>&lt;img src=\"picture-{n}.png\"&gt; &lt;a href=\"more.html\"&gt;More&lt;/a&gt;</description></item>"
            )
        };
        let items: String = (1..=count).map(item).collect();
        Reply::ok(format!("<rss version=\"2.0\"><channel><title>{word}</title><link>./</link>{items}</channel></rss>"))
            .header("Content-Type", "application/rss+xml")
    };
    home.on(&format!("/list?key={KEY}"), page(&list).header("Link", "</list>; rel=canonical"));
    home.on(&format!("/front?key={KEY}"), page(&list));
    home.on(&format!("/story?key={KEY}"), page(&story));
    home.on(&format!("/{KEY}/list"), page(&list));
    home.on(&format!("/{KEY}/story"), page(&story));
    home.on(&format!("/{KEY}/feed"), feed("Path", 3));
    home.on(&format!("/a/{KEY}/feed"), Reply::redirect(301, &format!("/b/{KEY}/feed")));
    home.on(&format!("/b/{KEY}/feed"), feed("Moved", 3));
    home.on(&format!("/strange/{KEY}/feed"), feed("Known", 12));
    home.on(&format!("/strange/{KEY}/feed"), feed("Foreign", 12));
    let linked = format!(
        "<html><head><link rel=alternate type=application/rss+xml href=\"/linked/{KEY}/x.xml\"></head><body>{list}</body></html>"
    );
    home.on(&format!("/linking/{KEY}"), page(&linked));
    home.on(&format!("/linked/{KEY}/x.xml"), feed("Linked", 3));
    let folder = tempfile::tempdir().expect("a folder");
    let base = home.url("/");
    let base = base.as_str().trim_end_matches('/');
    let sources = [
        ("list", "/list?key=${KEY}", "listing"),
        ("front", "/front?key=${KEY}", "auto"),
        ("story", "/story?key=${KEY}", "article"),
        ("path-list", "/${KEY}/list", "listing"),
        ("path-story", "/${KEY}/story", "article"),
        ("path-feed", "/${KEY}/feed", "feed"),
        ("moved", "/a/${KEY}/feed", "feed"),
        ("strange", "/strange/${KEY}/feed", "feed"),
        ("linked", "/linking/${KEY}", "auto"),
    ];
    let block = |(id, path, kind)| {
        format!(
            "[[source]]\nid = \"{id}\"\nurl = \"{base}{path}\"\nkind = \"{kind}\"\noutlet = \"{id}\"\nevery = \"1h\"\n"
        )
    };
    let sources: String = sources.map(block).concat();
    let mut told = String::new();
    for day in 1..=9 {
        let config = format!(
            "clock = 2026-11-{day:02}T12:00:00Z\n[site]\nbase_url = \"https://feeds.example.org/\"\n[fetch]\nallow = [\"127.0.0.0/8\"]\nhost_delay = \"0s\"\n{sources}[[feed]]\nid = \"all\"\nitems = 500\n"
        );
        std::fs::write(folder.path().join("feedmill.toml"), config).expect("a config");
        let path = folder.path().to_owned();
        let run = move |arguments: &'static [&'static str]| {
            let mut command = feedmill();
            command.current_dir(&path).args(arguments).env("RUST_LOG", LOG).env("KEY", KEY).output().expect("a run")
        };
        let both = move || [run(&["run", "--report", "json"]), run(&["status", "--json"]), run(&["status"])];
        for output in tokio::task::spawn_blocking(both).await.expect("a run") {
            told.push_str(&String::from_utf8_lossy(&output.stdout));
            told.push_str(&String::from_utf8_lossy(&output.stderr));
        }
        for (name, bytes) in files(folder.path()) {
            let text = String::from_utf8_lossy(&bytes);
            let found = text.find(KEY).map(|at| {
                text[text.floor_char_boundary(at.saturating_sub(200))..].chars().take(260).collect::<String>()
            });
            assert!(found.is_none(), "{KEY} stands in {name} on day {day}: {found:?}");
        }
    }
    assert!(!told.contains(KEY), "{KEY} was told: {}", around(&told, KEY));
    assert!(told.contains("/b/${KEY}/feed for good"), "the operator is told where it has moved: {told}");
    assert!(told.contains("nothing of what the document holds is known"), "one was put aside");
    assert!(told.contains("\"rung\":\"linked-feed\""), "one feed was found");
    let asks = |target: &str| home.requests().iter().filter(|seen| seen.target == target).count();
    assert!(asks(&format!("/linked/{KEY}/x.xml")) >= 8, "a feed that was found is asked where it is");
    assert_eq!(asks(&format!("/a/{KEY}/feed")), 8, "and one that has moved at its new address");
    let feed = std::fs::read_to_string(folder.path().join("feeds/all.json")).expect("a feed");
    for expected in ["/story\"", "/list\"", "/story-1.html\"", "/picture-1.png"] {
        assert!(feed.contains(expected), "{expected}: {feed}");
    }
}
