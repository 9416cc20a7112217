//! What is put into a bucket, with which headers, and how little of it.

use object_store::{Attribute, Attributes, ObjectStoreExt as _};

use crate::place::{FEEDS, Place, published, titles};
use crate::program;
use crate::server::{Server, client};

const CLAIM: &str = "/news/wire/.feedmill/owner.json";

/// The attributes and the bytes of an object below the target.
fn object(server: &Server, path: &str) -> (Attributes, Vec<u8>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let found = client(&server.endpoint()).get(&format!("wire/{path}").into()).await.expect("the object is there");
        let attributes = found.attributes.clone();
        (attributes, found.bytes().await.expect("bytes").to_vec())
    })
}

fn value(attributes: &Attributes, key: &Attribute) -> String {
    attributes.get(key).map(|value| value.as_ref().to_owned()).unwrap_or_default()
}

#[test]
fn objects_say_what_they_are() {
    let server = Server::start();
    Place::usual(&server).runs();
    let paths: Vec<String> = published(&server.bucket("news")).into_keys().collect();
    let expected = ["all.atom", "all.html", "all.json", "all.rss", "feeds.opml", "history/all.json", "index.html"];
    assert!(expected.iter().all(|path| paths.iter().any(|found| found == path)), "{paths:?}");
    for (path, media_type, cache_control) in [
        ("all.rss", "application/rss+xml; charset=utf-8", "public, max-age=300"),
        ("all.atom", "application/atom+xml; charset=utf-8", "public, max-age=300"),
        ("all.json", "application/feed+json; charset=utf-8", "public, max-age=300"),
        ("all.html", "text/html; charset=utf-8", "public, max-age=300"),
        ("feeds.opml", "text/x-opml; charset=utf-8", "public, max-age=300"),
        ("history/all.json", "application/json; charset=utf-8", "no-cache"),
    ] {
        let (attributes, bytes) = object(&server, path);
        assert_eq!(value(&attributes, &Attribute::ContentType), media_type, "{path}");
        assert_eq!(value(&attributes, &Attribute::CacheControl), cache_control, "{path}");
        assert_eq!(value(&attributes, &Attribute::ContentEncoding), "", "{path}");
        let hash = format!("{:032x}", xxhash_rust::xxh3::xxh3_128(&bytes));
        assert_eq!(value(&attributes, &Attribute::Metadata("feedmillhash".into())), hash, "{path}");
    }
}

#[test]
fn packed_objects_hold_the_same() {
    let server = Server::start();
    let place = Place::new(&server.endpoint(), ("", &format!("to = [\"{FEEDS}\", \"feeds\"]\ncompression = \"gzip\"")));
    place.runs();
    let (attributes, bytes) = object(&server, "all.rss");
    assert_eq!(value(&attributes, &Attribute::ContentEncoding), "gzip");
    assert_eq!(value(&attributes, &Attribute::ContentType), "application/rss+xml; charset=utf-8");
    let mut unpacked = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&bytes[..]), &mut unpacked).expect("gzip");
    assert_eq!(unpacked, std::fs::read(place.path().join("feeds/all.rss")).expect("the same in the folder"));
    // a lost state reads its history from the bucket, packed as it is
    std::fs::remove_file(place.path().join("feedmill.db")).expect("a state");
    std::fs::remove_dir_all(place.path().join("feeds")).expect("a folder");
    let before = object(&server, "all.rss").1;
    server.expect(None);
    place.runs();
    assert_eq!(object(&server, "all.rss").1, before);
    assert!(server.puts().iter().all(|path| path == CLAIM), "{:?}", server.puts());
}

#[test]
fn a_second_run_puts_nothing_and_one_changed_article_what_holds_it() {
    let server = Server::start();
    let place = Place::usual(&server);
    let ran = place.runs();
    assert!(ran.err.contains(FEEDS), "{}", ran.err);
    let first = server.puts();
    let at = |path: &str| first.iter().position(|put| put.ends_with(path)).expect("it was put");
    assert!(at("all.rss") < at("index.html") && at("feeds.opml") < at("index.html"), "{first:?}");
    assert_eq!(first.last().map(String::as_str), Some(CLAIM), "the claim is settled last");

    server.expect(None);
    let ran = place.runs();
    assert!(ran.err.contains("is up to date"), "{}", ran.err);
    assert_eq!(server.seen(), [("GET".to_owned(), CLAIM.to_owned())]);

    let before = published(&server.bucket("news"));
    place.write("desk/one.md", "---\ntitle: Article one\ndate: 2026-01-02\n---\n\nQuite another text.\n");
    server.expect(None);
    place.runs();
    let after = published(&server.bucket("news"));
    let changed: Vec<String> = after
        .iter()
        .filter(|(path, text)| before.get(*path) != Some(text))
        .map(|(path, _)| format!("/news/wire/{path}"))
        .collect();
    let mut put = server.puts();
    put.sort_unstable();
    assert_eq!(put, changed);
    assert!(changed.iter().any(|path| path.ends_with("all.rss")), "{changed:?}");
    assert!(!changed.iter().any(|path| path.contains("opml")), "{changed:?}");
}

#[test]
fn what_somebody_deleted_comes_back_after_a_day() {
    let server = Server::start();
    let place = Place::usual(&server);
    place.runs();
    let before = published(&server.bucket("news"));
    std::fs::remove_file(server.bucket("news").join("wire/all.atom")).expect("an object");
    place.runs();
    assert!(!server.bucket("news").join("wire/all.atom").exists(), "believed for a day");
    let config = std::fs::read_to_string(place.path().join("feedmill.toml")).expect("a config");
    place.write("feedmill.toml", &config.replace("2026-01-20T00", "2026-01-21T01"));
    server.expect(None);
    place.runs();
    assert_eq!(server.puts(), ["/news/wire/all.atom"]);
    assert_eq!(published(&server.bucket("news")), before);
}

#[test]
fn a_target_that_is_down_keeps_back_its_own_releases_only() {
    let server = Server::start();
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let place = Place::new(&format!("http://{nobody}"), ("", "to = \"feeds\""));
    place.runs();
    let config = std::fs::read_to_string(place.path().join("feedmill.toml")).expect("a config");
    let all = format!("to = [\"{FEEDS}\", \"feeds\", \"a-file/feeds\"]");
    place.write("feedmill.toml", &config.replace("to = \"feeds\"", &all));
    place.article("three", 4);
    place.write("a-file", "");
    let ran = place.run(&["run"]);
    assert_eq!(ran.code, Some(6), "{}", ran.err);
    assert!(ran.err.contains("cannot read s3://news/wire/.feedmill/owner.json: "), "{}", ran.err);
    assert!(
        ran.err.contains("publish.to must name a folder") && ran.err.contains("next run tries again"),
        "{}",
        ran.err
    );
    let folder = program::files(&place.path().join("feeds"));
    assert!(String::from_utf8_lossy(&folder["all.rss"]).contains("Article three"));

    // both are there again
    std::fs::remove_file(place.path().join("a-file")).expect("a file");
    let times = program::times(&place.path().join("feeds"));
    let mut command = place.command(&["run"]);
    let output = command.env("AWS_ENDPOINT_URL", server.endpoint()).output().expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(titles(&server.bucket("news")), ["Article three", "Article two", "Article one"]);
    assert_eq!(program::files(&place.path().join("a-file/feeds")), folder);
    assert_eq!(program::times(&place.path().join("feeds")), times, "the healthy one is not touched");
}

#[test]
fn archives_wait_for_a_target_that_is_down_and_the_others_do_not() {
    let server = Server::start();
    let place = Place::new(&server.endpoint(), ("", &format!("to = [\"{FEEDS}\", \"feeds\"]")));
    let config = std::fs::read_to_string(place.path().join("feedmill.toml")).expect("a config");
    place.write("feedmill.toml", &(config + "archives = true\nitems = 2\n"));
    place.runs();
    let before = published(&server.bucket("news"));
    let feeds = place.path().join("feeds");
    for (day, name) in [(4, "three"), (5, "four"), (6, "five"), (7, "six")] {
        place.article(name, day);
        let mut command = place.command(&["run"]);
        let output = command.env("AWS_ENDPOINT_URL", "http://127.0.0.1:9").output().expect("the program starts");
        assert_eq!(output.status.code(), Some(6), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let folder = program::files(&feeds);
    assert!(folder.contains_key("archive/all/0002.rss"), "{:?}", folder.keys());
    assert!(String::from_utf8_lossy(&folder["all.rss"]).contains("Article six"));
    assert_eq!(published(&server.bucket("news")), before);

    let times = program::times(&feeds);
    place.runs();
    let all = program::files(&server.bucket("news").join("wire")).into_iter();
    assert_eq!(all.filter(|(path, _)| !path.starts_with('.')).collect::<std::collections::BTreeMap<_, _>>(), folder);
    assert_eq!(program::times(&feeds), times, "the healthy one is not touched");
    // one that is new gets them too
    let config = std::fs::read_to_string(place.path().join("feedmill.toml")).expect("a config");
    place.write("feedmill.toml", &config.replace("\"feeds\"]", "\"feeds\", \"more\"]"));
    place.runs();
    assert_eq!(program::files(&place.path().join("more")), folder);
}

#[test]
fn what_a_target_holds_is_not_announced_again_because_it_is_down() {
    let server = Server::start();
    let place = Place::new(&server.endpoint(), ("", &format!("to = [\"feeds\", \"{FEEDS}\"]")));
    place.runs();
    let feeds = program::files(&place.path().join("feeds"));
    let lose = || std::fs::remove_file(place.path().join("feedmill.db")).expect("a state");
    let down = || {
        let mut command = place.command(&["run"]);
        command.env("AWS_ENDPOINT_URL", "http://127.0.0.1:9").output().expect("the program starts").status.code()
    };
    // the folder tells the history of both
    lose();
    assert_eq!(down(), Some(6));
    assert!(program::files(&place.path().join("feeds")) == feeds);
    // nobody does
    lose();
    std::fs::remove_dir_all(place.path().join("feeds")).expect("a folder");
    assert_eq!(down(), Some(6));
    assert!(program::files(&place.path().join("feeds")).is_empty(), "nothing is published without it");
    place.runs();
    assert!(program::files(&place.path().join("feeds")) == feeds);
}

#[test]
fn another_state_is_kept_off_and_a_lost_one_goes_on() {
    let server = Server::start();
    let place = Place::usual(&server);
    place.runs();
    let before = published(&server.bucket("news"));

    let other = Place::new(&server.endpoint(), ("", "to = \"feeds\""));
    other.runs();
    let config = std::fs::read_to_string(other.path().join("feedmill.toml")).expect("a config");
    other.write("feedmill.toml", &config.replace("to = \"feeds\"", &format!("to = \"{FEEDS}\"")));
    server.expect(None);
    let ran = other.run(&["run"]);
    assert_eq!(ran.code, Some(5), "{}", ran.err);
    assert!(ran.err.contains("another state publishes to s3://news/wire"), "{}", ran.err);
    assert_eq!(server.puts(), Vec::<String>::new());

    std::fs::remove_file(place.path().join("feedmill.db")).expect("a state");
    place.runs();
    assert_eq!(published(&server.bucket("news")), before, "nothing is announced again");
}

#[test]
fn orphans_are_pruned_and_commands_that_only_look_write_nothing() {
    let server = Server::start();
    let place = Place::usual(&server);
    server.expect(None);
    let ran = place.run(&["run", "--dry-run"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.contains("+ Article one") && server.puts().is_empty(), "{} {:?}", ran.out, server.puts());
    place.runs();
    let config = std::fs::read_to_string(place.path().join("feedmill.toml")).expect("a config");
    place.write("feedmill.toml", &config.replace("id = \"all\"", "id = \"else\""));
    place.runs();
    let status = place.run(&["status"]);
    assert!(status.out.contains("s3://news/wire/all.rss") && !status.out.contains("//claim"), "{}", status.out);
    let ran = place.run(&["prune"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let left = published(&server.bucket("news"));
    assert!(left.contains_key("else.rss") && !left.contains_key("all.rss"), "{:?}", left.keys());
}
