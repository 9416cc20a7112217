//! Answers from a folder, and folders from answers.

use std::fs;
use std::path::Path;
use std::time::Duration;

use feedmill::gather::{Answer, Class, Fetch, FetchError, Record, Replay, Request};
use url::Url;

use super::origin::{Origin, Reply, gzip};
use super::{document, feed, network, now};

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, body) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, body).unwrap();
    }
    folder
}

async fn ask(fetch: &dyn Fetch, url: &str) -> Result<(String, String, Option<String>), FetchError> {
    let fetched = fetch.fetch(feed(&url.parse().unwrap())).await?;
    let document = document(&fetched);
    let body = String::from_utf8_lossy(&document.body).into_owned();
    Ok((document.url.to_string(), body, document.content_type.clone()))
}

#[tokio::test]
async fn files_answer_for_addresses() {
    let folder = folder(&[
        ("news.example/index.html", b"front"),
        ("news.example/rss.xml", b"feed"),
        ("news.example/list?page=2", b"second"),
        ("news.example/list", b"first"),
        ("news.example/blog/feed.xml", b"blog"),
        ("news.example/two words.html", b"words"),
        ("news.example/odd%2Fname.json", b"odd"),
        ("news.example:8080/rss.xml", b"port"),
        ("news.example/typed", b"typed"),
        ("news.example/typed.headers", b"Content-Type: text/x-own\nX: y\n"),
    ]);
    let replay = Replay::new(folder.path());
    let cases = [
        ("http://news.example/", "front", Some("text/html")),
        ("https://news.example", "front", Some("text/html")),
        ("https://NEWS.example/rss.xml#top", "feed", Some("application/xml")),
        ("https://news.example/list?page=2", "second", None),
        ("https://news.example/list", "first", None),
        ("https://news.example/blog/", "blog", Some("application/xml")),
        ("https://news.example/blog", "blog", Some("application/xml")),
        ("https://news.example/two%20words.html", "words", Some("text/html")),
        ("https://news.example/odd%2Fname.json", "odd", Some("application/json")),
        ("https://news.example:8080/rss.xml", "port", Some("application/xml")),
        ("https://news.example:9090/rss.xml", "feed", Some("application/xml")),
        ("https://news.example/typed", "typed", Some("text/x-own")),
    ];
    for (url, body, content_type) in cases {
        let (_, found, kind) = ask(&replay, url).await.unwrap_or_else(|error| panic!("{url}: {error}"));
        assert_eq!((found.as_str(), kind.as_deref()), (body, content_type), "{url}");
    }
    for url in ["https://news.example/none", "https://other.example/", "https://news.example/list?page=3"] {
        let error = ask(&replay, url).await.unwrap_err();
        assert!(matches!(error, FetchError::Status { code: 404, .. }), "{url}: {error}");
    }
}

#[tokio::test]
async fn sidecars_speak_as_a_site_would() {
    let folder = folder(&[
        ("a.example/old.headers", b"HTTP/1.1 301 Moved\nLocation: https://b.example/new\n"),
        ("b.example/new", b"moved"),
        ("b.example/gone.headers", b"HTTP/1.1 410 Gone\n"),
        ("b.example/busy.headers", b"HTTP/1.1 503 Busy\r\nRetry-After: 60\r\n"),
        ("b.example/down.headers", b"HTTP/1.1 302 Found\nLocation: http://b.example/new\n"),
    ]);
    let replay = Replay::new(folder.path());
    let moved = replay.fetch(feed(&"https://a.example/old".parse().unwrap())).await.unwrap();
    assert_eq!(moved.permanent.unwrap().as_str(), "https://b.example/new");
    let error = ask(&replay, "https://b.example/gone").await.unwrap_err();
    assert!(matches!(error, FetchError::Gone { .. }));
    let error = ask(&replay, "https://b.example/down").await.unwrap_err();
    assert!(error.to_string().ends_with("it leads from https to http"), "{error}");
    let error = ask(&replay, "https://b.example/busy").await.unwrap_err();
    assert!(matches!(error, FetchError::Status { retry_after: Some(pause), .. } if pause == Duration::from_mins(1)));
    let error = ask(&replay, "https://b.example/new").await.unwrap_err();
    assert!(matches!(error, FetchError::Held { .. }), "the host is left alone: {error}");
}

#[tokio::test]
async fn validators_are_compared() {
    let headers = b"ETag: \"1\"\nLast-Modified: some day\n";
    let folder = folder(&[("a.example/feed", b"x"), ("a.example/feed.headers", headers)]);
    let replay = Replay::new(folder.path());
    let url: Url = "https://a.example/feed".parse().unwrap();
    let first = replay.fetch(feed(&url)).await.unwrap();
    let mut again = feed(&url);
    again.validators = first.validators;
    assert!(matches!(replay.fetch(again.clone()).await.unwrap().answer, Answer::NotModified));
    again.validators.as_mut().unwrap().etag = Some(b"\"2\"".to_vec());
    document(&replay.fetch(again).await.unwrap());
}

#[tokio::test]
async fn nothing_outside_the_folder_is_read() {
    let folder = folder(&[("root/a.example/x", b"x"), ("secret", b"secret"), ("root/b", b"b")]);
    std::os::unix::fs::symlink(folder.path().join("secret"), folder.path().join("root/a.example/link")).unwrap();
    let replay = Replay::new(folder.path().join("root"));
    let urls = [
        "https://a.example/../../secret",
        "https://a.example/%2e%2e/%2e%2e/secret",
        "https://a.example/..%2f..%2fsecret",
        "https://a.example/..%2fb",
        "https://a.example/x/../../secret",
        "https://a.example/link",
        "https://a.example/?/../../../secret",
        "file:///etc/passwd",
    ];
    for url in urls {
        assert!(ask(&replay, url).await.is_err(), "{url}");
    }
}

#[tokio::test]
async fn what_was_recorded_is_replayed() {
    let origin = Origin::start().await;
    let packed = Reply::ok(gzip(b"the feed"))
        .header("Content-Encoding", "gzip")
        .header("Content-Type", "application/rss+xml; charset=utf-8")
        .header("ETag", b"\"caf\xe9\"")
        .header("Last-Modified", "whenever")
        .header("Cache-Control", "max-age=60")
        .header("Set-Cookie", "session=secret");
    origin.on("/feed?format=rss/2", packed);
    origin.on("/moved", Reply::redirect(301, "/feed?format=rss/2"));
    origin.on("/news", Reply::ok("a page"));
    origin.on("/news/1", Reply::ok("an article"));
    origin.on("/dir", Reply::redirect(302, "/dir/"));
    origin.on("/dir/", Reply::ok("a folder"));
    origin.on("/busy", Reply::new(429).header("Retry-After", "30"));
    origin.on("/gone", Reply::new(410));
    let long = format!("/{}", "x".repeat(400));
    origin.on(&long, Reply::ok("long"));
    let expires = Reply::ok("x").header("Expires", "Tue, 24 Nov 2026 14:00:00 GMT");
    origin.on("/expires", expires);

    let folder = tempfile::tempdir().unwrap();
    let (record, replay) = (Record::new(network(), folder.path()), Replay::new(folder.path()));
    let paths = [
        "/feed?format=rss/2",
        "/moved",
        "/news",
        "/news/1",
        "/news",
        "/dir",
        "/dir/",
        "/busy",
        "/gone",
        &long,
        "/expires",
    ];
    let mut answers = Vec::new();
    for path in paths {
        let mut request = Request::new(origin.url(path), Class::Feed, now());
        request.headers.push(("Authorization".to_owned(), "Bearer secret".to_owned()));
        answers.push(format!("{:?}", record.fetch(request).await));
    }
    for (path, expected) in paths.iter().zip(answers) {
        let found = format!("{:?}", replay.fetch(Request::new(origin.url(path), Class::Feed, now())).await);
        assert_eq!(found, expected, "{path}");
    }
    let mut files = Vec::new();
    list(folder.path(), &mut files);
    assert!(files.len() > 10, "{files:?}");
    for file in files {
        let bytes = fs::read(&file).unwrap();
        assert!(!bytes.windows(6).any(|window| window == b"secret"), "{}", file.display());
    }
}

fn list(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { list(&path, files) } else { files.push(path) }
    }
}

#[tokio::test]
async fn what_a_private_address_answers_is_written_nowhere() {
    let origin = Origin::start().await;
    origin.on("/feed?key=hush", Reply::ok("x"));
    let folder = tempfile::tempdir().unwrap();
    let record = Record::new(network(), folder.path());
    let request = Request { is_private: true, ..feed(&origin.url("/feed?key=hush")) };
    assert_eq!(&document(&record.fetch(request).await.unwrap()).body[..], b"x");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
