use std::path::{Path, PathBuf};
use std::time::Duration;

use feedmill::compose::{Content, Filter, Selection, Stories};
use feedmill::config::{Destination, FetchConfig, StateLocation, load};
use feedmill::model::{Format, SourceKind, Where};

use super::{read, with_site};

#[test]
fn the_shortest_file_gets_every_default() {
    let config = read(&with_site("")).expect("it is right");
    assert_eq!(config.state, StateLocation::Sqlite(PathBuf::from("/etc/feedmill/feedmill.db")));
    assert_eq!(config.clock, None);
    assert_eq!(config.site.base_url, "https://feeds.example.org/");
    assert_eq!(config.site.title, "feeds.example.org");
    assert_eq!(config.publish.to, [folder("/etc/feedmill/feeds")]);
    assert_eq!(config.publish.formats, [Format::Rss, Format::Atom, Format::Json, Format::Html]);
    assert_eq!(config.fetch, FetchConfig::default());
    assert!(config.sources.is_empty() && config.feeds.is_empty());
}

fn folder(path: &str) -> Destination {
    Destination::Folder(PathBuf::from(path))
}

#[test]
fn places_in_buckets_are_read() {
    let config = read(
        r#"
        state = "s3://private/feedmill/state.db"
        site = { base_url = "https://a.example" }
        [publish]
        to = ["s3://news", "gs://news/feeds/", "az://news/a/b", "local"]
        compression = "gzip"
        "#,
    )
    .expect("it is right");
    let StateLocation::Bucket(state) = &config.state else { panic!("a bucket") };
    assert_eq!((state.bucket.as_str(), state.path.as_str()), ("private", "feedmill/state.db"));
    let shown: Vec<String> = config.publish.to.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["s3://news", "gs://news/feeds", "az://news/a/b", "/etc/feedmill/local"]);
    assert!(config.publish.gzip);
}

#[test]
fn base_url_ends_with_one_slash() {
    let cases = [
        ("https://a.example", "https://a.example/"),
        ("https://a.example/", "https://a.example/"),
        ("https://a.example/feeds", "https://a.example/feeds/"),
        ("HTTP://A.example:8080/x/", "http://a.example:8080/x/"),
    ];
    for (given, kept) in cases {
        let config = read(&format!("[site]\nbase_url = \"{given}\"")).expect(given);
        assert_eq!(config.site.base_url, kept);
    }
}

#[test]
fn top_publish_and_fetch_are_read() {
    let config = read(
        r#"
        state = "/var/lib/feedmill/state.db"
        clock = 2026-01-31T08:00:00+02:00
        site = { title = "Wire", base_url = "https://a.example", contact = "me@a.example", language = "pt-BR" }
        [publish]
        to = ["out", "/srv/feeds"]
        formats = ["json"]
        [fetch]
        allow = ["127.0.0.0/8", "intranet.example"]
        concurrency = 8
        host_delay = "0s"
        timeout = "1m 30s"
        replay = "./rec"
        proxy = "http://user:${TOKEN}@proxy.example:3128"
        ca_file = "ca.pem"
        "#,
    )
    .expect("it is right");
    assert_eq!(config.state, StateLocation::Sqlite(PathBuf::from("/var/lib/feedmill/state.db")));
    assert_eq!(config.clock.expect("given").to_rfc3339(), "2026-01-31T06:00:00+00:00");
    assert_eq!(config.site.contact.as_deref(), Some("me@a.example"));
    assert_eq!(config.publish.to, [folder("/etc/feedmill/out"), folder("/srv/feeds")]);
    assert_eq!(config.publish.formats, [Format::Json]);
    assert_eq!(config.fetch.allow, ["127.0.0.0/8", "intranet.example"].map(|range| range.parse().expect("a range")));
    assert_eq!((config.fetch.concurrency, config.fetch.host_delay), (8, Duration::ZERO));
    assert_eq!(config.fetch.timeout, Duration::from_secs(90));
    assert_eq!(config.fetch.replay, Some(PathBuf::from("/etc/feedmill/rec")));
    assert_eq!(config.fetch.ca_file, Some(PathBuf::from("/etc/feedmill/ca.pem")));
    assert_eq!(config.fetch.proxy.expect("given").expose(), "http://user:hunter2@proxy.example:3128");
}

#[test]
fn the_clock_may_stand_in_quotes() {
    let config = read(&with_site("clock = \"2026-01-31T06:00:00Z\""));
    assert!(config.is_ok_and(|config| config.clock.is_some()));
}

#[test]
fn a_source_is_read_whole() {
    let config = read(&with_site(
        r#"
        [[source]]
        id = "caspian"
        url = "https://news.outlet.co.uk/feed?key=${TOKEN}"
        kind = "feed"
        title = "The Outlet"
        timezone = "Asia/Baku"
        language = "az"
        every = "1h"
        headers = { Authorization = "Bearer ${TOKEN}", "X-Plain" = "$${TOKEN}" }
        tags = ["caucasus"]
        "#,
    ))
    .expect("it is right");
    let source = &config.sources[0];
    assert_eq!(&*source.id, "caspian");
    let Where::Web(url) = &source.location else { panic!("an address is no folder") };
    assert_eq!(url.as_str(), "https://news.outlet.co.uk/feed?key=hunter2");
    assert_eq!(source.kind, SourceKind::Feed);
    assert_eq!(&*source.outlet, "outlet.co.uk");
    assert_eq!(source.title.as_deref(), Some("The Outlet"));
    assert_eq!(source.timezone, Some(chrono_tz::Asia::Baku));
    assert_eq!(source.every, Some(Duration::from_hours(1)));
    let headers = [("Authorization", "Bearer hunter2"), ("X-Plain", "${TOKEN}")];
    assert_eq!(source.headers, headers.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!(source.tags, ["caucasus"]);
}

#[test]
fn outlets_come_from_host_or_folder() {
    let config = read(&with_site(
        r#"
        [[source]]
        id = "a"
        url = "https://www.outlet.example:8080/feed"
        [[source]]
        id = "b"
        url = "http://127.0.0.1:8000/feed"
        [[source]]
        id = "c"
        url = "./texts/mine/"
        kind = "folder"
        [[source]]
        id = "d"
        url = "https://blog.github.io/feed"
        [[source]]
        id = "e"
        url = "http://[::1]/feed"
        [[source]]
        id = "f"
        url = "http://localhost/feed"
        outlet = "Me"
        "#,
    ))
    .expect("it is right");
    let outlets: Vec<&str> = config.sources.iter().map(|source| &*source.outlet).collect();
    assert_eq!(outlets, ["outlet.example", "127.0.0.1", "mine", "blog.github.io", "[::1]", "Me"]);
    assert_eq!(config.sources[2].location, Where::Folder(PathBuf::from("/etc/feedmill/texts/mine")));
}

#[test]
fn web_sources_wait_at_least_a_quarter_of_an_hour() {
    let config = read(&with_site(
        r#"
        source = [
            { id = "web", url = "https://outlet.example/", every = "10s" },
            { id = "disk", url = "texts", kind = "folder", every = "10s" },
            { id = "slow", url = "https://outlet.example/", every = "1d" },
        ]
        "#,
    ))
    .expect("it is right");
    let every: Vec<u64> =
        config.sources.iter().filter_map(|source| source.every).map(|every| every.as_secs()).collect();
    assert_eq!(every, [900, 10, 86_400]);
}

#[test]
fn a_feed_is_read_whole() {
    let config = read(&with_site(
        r#"
        source = [{ id = "a", url = "https://a.example/" }, { id = "b", url = "https://b.example/" }]
        [[feed]]
        id = "all"
        [[feed]]
        id = "asia"
        title = "Asia"
        was = ["east", "orient"]
        content = "link"
        stories = "prefer:a.example"
        sources = ["b", "a", "b"]
        outlets = ["b.example"]
        languages = ["en", "pt-BR"]
        include.title = ["Tashkent", "/^Live:/"]
        exclude = { any = ["/"] }
        formats = ["atom", "rss"]
        items = 0x10
        bytes = "1 MB"
        "#,
    ))
    .expect("it is right");
    let [all, asia] = &config.feeds[..] else { panic!("two feeds") };
    assert_eq!((all.title.as_str(), &all.formats), ("all", &None));
    assert_eq!(all.selection, Selection::default());

    assert_eq!(asia.was, ["east", "orient"]);
    assert_eq!(asia.formats.as_deref(), Some(&[Format::Atom, Format::Rss][..]));
    let patterns =
        |words: &[&str]| words.iter().map(|word| (*word).to_owned().try_into().expect("a pattern")).collect();
    let expected = Selection {
        sources: vec!["b".into(), "a".into()],
        outlets: vec!["b.example".into()],
        include: Filter { title: patterns(&["Tashkent", "/^Live:/"]), ..Filter::default() },
        exclude: Filter { any: patterns(&["/"]), ..Filter::default() },
        languages: vec!["en".into(), "pt-BR".into()],
        items: 16,
        bytes: 1_000_000,
        content: Some(Content::Link),
        stories: Stories::Prefer("a.example".into()),
        ..Selection::default()
    };
    assert_eq!(asia.selection, expected);
}

#[test]
fn debug_output_shows_no_secret() {
    let config = read(&with_site(
        r#"
        fetch.proxy = "http://user:${TOKEN}@proxy.example"
        [[source]]
        id = "a"
        url = "https://outlet.example/feed?key=${TOKEN}"
        headers = { Authorization = "${TOKEN}" }
        "#,
    ))
    .expect("it is right");
    assert_eq!(config.sources[0].headers[0].1, "hunter2");
    for shown in [format!("{config:?}"), format!("{:#?}", config.sources)] {
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}

#[test]
fn relative_paths_start_from_the_file_itself() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("feedmill.toml");
    #[expect(clippy::disallowed_methods, reason = "a test makes its own input")]
    std::fs::write(&file, with_site("")).expect("it can be written");
    let config = load(&file, &|_| None).expect("it is right");
    assert_eq!(config.publish.to, [Destination::Folder(folder.path().join("feeds"))]);

    let here = std::env::current_dir().expect("there is one");
    let config = feedmill::config::parse(&with_site(""), Path::new("feedmill.toml"), &|_| None).expect("it is right");
    assert_eq!(config.publish.to, [Destination::Folder(here.join("feeds"))]);
}

#[test]
fn thousands_of_sources_are_no_trouble() {
    let text = many_sources(10_000);
    let config = read(&text).expect("it is right");
    assert_eq!(config.sources.len(), 10_000);
    assert_eq!(config.feeds[0].selection.sources.len(), 10_000);
}

fn many_sources(count: usize) -> String {
    use std::fmt::Write as _;
    let mut text = with_site("");
    for n in 0..count {
        let _ = write!(
            text,
            "[[source]]\nid = \"source-{n}\"\nurl = \"https://outlet-{n}.example.org/feeds/all.xml\"\n\
             timezone = \"Asia/Baku\"\nevery = \"30m\"\n"
        );
    }
    let ids: Vec<String> = (0..count).map(|n| format!("\"source-{n}\"")).collect();
    let _ = write!(text, "[[feed]]\nid = \"all\"\nsources = [{}]\n", ids.join(", "));
    text
}
