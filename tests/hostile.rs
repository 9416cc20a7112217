//! Hostile input: the program answers with a result or a clear error, in time and in little memory.

#![expect(clippy::disallowed_methods, reason = "tests make their own files, and measure their own processes")]

#[path = "support/origin/mod.rs"]
#[expect(dead_code, reason = "these tests need less of the site than others")]
mod origin;
#[path = "support/program/mod.rs"]
#[expect(dead_code, reason = "these tests need less of it than others")]
mod program;

use std::fmt::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use origin::{Origin, Reply, bomb};
use program::{Ran, feedmill};
use serde_json::Value;

/// What one hostile input may take; a build without optimization on a busy machine gets more.
const MOST_TIME: Duration = Duration::from_secs(if cfg!(debug_assertions) { 120 } else { 10 });
const MOST_MEMORY_MB: u64 = 300;

/// Runs the program, and fails where it takes too much time or memory.
fn run(folder: &Path, arguments: &[&str]) -> Ran {
    let mut child = feedmill()
        .current_dir(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(std::fs::File::create(folder.join("stdout")).expect("a file"))
        .stderr(std::fs::File::create(folder.join("stderr")).expect("a file"))
        .spawn()
        .expect("the program starts");
    let began = Instant::now();
    let mut peak = 0;
    let status = loop {
        peak = peak.max(peak_memory_mb(child.id()));
        if let Some(status) = child.try_wait().expect("a child") {
            break status;
        }
        if began.elapsed() > MOST_TIME {
            let _ = child.kill();
            panic!("{arguments:?} did not end within {MOST_TIME:?}");
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    assert!(peak <= MOST_MEMORY_MB, "{arguments:?} took {peak} MB");
    let text = |name| String::from_utf8_lossy(&std::fs::read(folder.join(name)).expect("a file")).into_owned();
    let ran = Ran { code: status.code(), out: text("stdout"), err: text("stderr") };
    assert!(ran.code.is_some(), "it died of a signal: {}", ran.err);
    assert!(!ran.err.contains("panicked") && !ran.err.contains("a fault in the program"), "{}", ran.err);
    ran
}

/// The most memory that a process has had, as the kernel counts it; 0 where it does not say.
fn peak_memory_mb(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) / 1000
}

/// What `inspect` says of bytes.
fn inspected(bytes: &[u8]) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("input"), bytes).expect("a file");
    let ran = run(folder.path(), &["inspect", "--json", "input"]);
    let seen: Value = serde_json::from_str(ran.out.trim_end()).unwrap_or_else(|error| panic!("{error}: {}", ran.err));
    assert_eq!(ran.code, Some(if seen["kind"] == "error" { 4 } else { 0 }));
    if seen["kind"] == "error" {
        assert!(seen["error"].as_str().is_some_and(|error| error.len() > 10), "a clear error: {seen}");
    }
    seen
}

fn feed_of(description: &str) -> String {
    format!(
        "<rss version=\"2.0\"><channel><title>T</title><item><title>One</title><link>https://a.example/1</link>\
         <description><![CDATA[{description}]]></description></item></channel></rss>"
    )
}

#[test]
fn an_empty_document() {
    assert_eq!(inspected(b"")["kind"], "error");
    assert_eq!(inspected(b" \r\n\t ")["kind"], "error");
    assert_eq!(inspected(b"\xef\xbb\xbf")["kind"], "error");
}

#[test]
fn a_file_of_100_mb() {
    let seen = inspected(&vec![b'a'; 100_000_000]);
    assert_eq!(seen["kind"], "error");
    assert!(seen["error"].as_str().is_some_and(|error| error.contains("MiB")), "{seen}");
}

#[test]
fn a_page_as_large_as_may_be() {
    let paragraph = "<p>A line of a very long page that says the same over and over again.</p>\n";
    inspected(format!("<html><body>{}", paragraph.repeat((5 << 20) / paragraph.len())).as_bytes());
}

#[test]
fn fifty_thousand_nested_elements() {
    let deep = "<div>".repeat(50_000);
    inspected(format!("<!DOCTYPE html><html><head><title>T</title></head><body>{deep}text").as_bytes());
    let seen = inspected(feed_of(&deep).as_bytes());
    assert_eq!(seen["items"][0]["title"], "One", "the item is read, whatever its text");
    inspected(format!("<rss><channel>{}", "<item>".repeat(50_000)).as_bytes());
    inspected(
        format!("{{\"version\": \"https://jsonfeed.org/version/1.1\", \"items\": {}", "[".repeat(50_000)).as_bytes(),
    );
}

#[test]
fn bytes_that_are_no_text() {
    inspected(&[0; 4096]);
    inspected(&[0xff; 4096]);
    let mut with_nul = feed_of("some\0text").into_bytes();
    let seen = inspected(&with_nul);
    assert_eq!(seen["items"][0]["title"], "One");
    assert!(!seen.to_string().contains("\\u0000"), "{seen}");
    with_nul.extend_from_slice(b"\xc3\x28\xa0\xa1\xe2\x28\xa1\xf0\x28\x8c\xbc");
    inspected(&with_nul);
    inspected(b"<rss><channel><item><title>\xff\xfe\xc0\xaf</title><link>https://a.example/\xff</link></item></channel></rss>");
    let every_byte: Vec<u8> = (0..=255).cycle().take(65_536).collect();
    inspected(&every_byte);
}

#[test]
fn a_hundred_thousand_items() {
    let items: String = (0..100_000).fold(String::new(), |mut text, n| {
        let _ = write!(text, "<item><title>T{n}</title><link>https://a.example/{n}</link></item>");
        text
    });
    let seen = inspected(format!("<rss version=\"2.0\"><channel>{items}</channel></rss>").as_bytes());
    assert_eq!(seen["kind"], "feed");
    assert!(seen["items"].as_array().is_some_and(|items| !items.is_empty()));
}

#[test]
fn names_and_attributes_without_end() {
    inspected(format!("<rss {}>", "a=\"b\" ".repeat(200_000)).as_bytes());
    inspected(format!("<{}", "x".repeat(5_000_000)).as_bytes());
    inspected(format!("<html><body><p {}>text", "class=\"a b\" ".repeat(200_000)).as_bytes());
    inspected(feed_of(&"&amp;".repeat(500_000)).as_bytes());
    inspected(feed_of(&"<b><i>".repeat(100_000)).as_bytes());
    inspected(feed_of(&"<".repeat(500_000)).as_bytes());
    inspected(format!("<html><head><title>{}", "A title, ".repeat(200_000)).as_bytes());
    let entities = "<!DOCTYPE r [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">\
                    <!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;\"><!ENTITY e \"&d;&d;&d;&d;&d;&d;&d;&d;\">]>";
    inspected(format!("{entities}{}", feed_of("x").replace("One", &"&e;".repeat(1000))).as_bytes());
}

// ---- over the network, among good sources

/// A world of one bad and two good sources; what the good ones bring must be published.
struct World {
    origin: Origin,
    folder: tempfile::TempDir,
}

impl World {
    /// The bad source answers so.
    async fn new(bad: Reply) -> Self {
        let origin = Origin::start().await;
        origin.on("/bad", bad);
        let mut config = "[site]\nbase_url = \"https://feeds.example.org/\"\n[fetch]\nallow = [\"127.0.0.0/8\"]\n\
                          host_delay = \"1ms\"\ntimeout = \"4s\"\nsource_timeout = \"6s\"\n"
            .to_owned();
        for (host, id) in [(2, "good-one"), (3, "bad"), (4, "good-two")] {
            let path = if id == "bad" { "/bad".to_owned() } else { format!("/{id}") };
            let url = origin.url_at(&format!("127.0.0.{host}"), &path);
            let _ = write!(config, "[[source]]\nid = \"{id}\"\nurl = \"{url}\"\n");
            if id != "bad" {
                origin.on(&path, Reply::ok(feed_of("text").replace("a.example", &format!("{id}.example"))));
            }
        }
        config.push_str("[[feed]]\nid = \"all\"\n");
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("feedmill.toml"), config).expect("a file");
        Self { origin, folder }
    }

    /// One run; answers what it said of the bad source.
    fn run(&self, code: i32) -> String {
        let ran = run(self.folder.path(), &["run"]);
        assert_eq!(ran.code, Some(code), "{}", ran.err);
        let feed = std::fs::read_to_string(self.folder.path().join("feeds/all.json")).expect("a feed");
        for good in ["good-one.example", "good-two.example"] {
            assert!(feed.contains(good), "{good} was hurt: {}", ran.err);
        }
        assert!(self.origin.requests().len() >= 3);
        ran.err.lines().find(|line| line.starts_with("source bad: ")).unwrap_or_default().to_owned()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bomb_of_one_gibibyte() {
    let reply = Reply::ok(bomb(1 << 30)).header("Content-Encoding", "gzip").header("Content-Type", "application/xml");
    let said = World::new(reply).await.run(3);
    assert!(said.contains("MiB") || said.contains("larger"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_that_hangs_for_ever() {
    for reply in
        [Reply::ok("").mute(), Reply::ok("<rss>").silence(), Reply::ok("<rss>").drip(Duration::from_millis(900))]
    {
        let said = World::new(reply).await.run(3);
        assert!(!said.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_that_never_stops_sending() {
    let said = World::new(Reply::ok("<item>x</item>".repeat(10_000)).endless()).await.run(3);
    assert!(!said.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_that_resets() {
    let said = World::new(Reply::ok("<rss><channel>").reset()).await.run(3);
    assert!(!said.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redirects_in_a_circle_and_into_the_machine() {
    let said = World::new(Reply::redirect(302, "/bad")).await.run(3);
    assert!(said.contains("redirect"), "{said}");
    World::new(Reply::redirect(301, "file:///etc/passwd")).await.run(3);
    World::new(Reply::redirect(301, "http://169.254.169.254/latest/meta-data/")).await.run(3);
}

// ---- a folder

#[cfg(unix)]
#[test]
fn a_folder_with_an_unreadable_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = folder.path().join("desk");
    std::fs::create_dir(&desk).expect("a folder");
    std::fs::write(desk.join("good.md"), "# A good one\n\nText.\n").expect("a file");
    std::fs::write(desk.join("rubbish.md"), [0xff; 1000]).expect("a file");
    std::fs::write(desk.join("empty.html"), "").expect("a file");
    // unreadable for everybody, root included
    std::os::unix::fs::symlink("nowhere", desk.join("lost.md")).expect("a link");
    std::os::unix::fs::symlink(".", desk.join("circle")).expect("a link");
    std::fs::create_dir(desk.join("folder.md")).expect("a folder");
    let made = std::process::Command::new("mkfifo").arg(desk.join("pipe.md")).status().expect("mkfifo is there");
    assert!(made.success(), "a pipe that nobody writes to hangs whoever opens it");
    let config = "[site]\nbase_url = \"https://feeds.example.org/\"\n[[source]]\nid = \"desk\"\nurl = \"desk\"\nkind = \"folder\"\n[[feed]]\nid = \"all\"\n";
    std::fs::write(folder.path().join("feedmill.toml"), config).expect("a file");
    let ran = run(folder.path(), &["run"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let feed = std::fs::read_to_string(folder.path().join("feeds/all.json")).expect("a feed");
    assert!(feed.contains("A good one"));
    assert!(ran.err.contains("source desk: "), "what could not be read is told: {}", ran.err);
}

#[cfg(unix)]
#[test]
fn inspect_of_what_is_no_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = std::process::Command::new("mkfifo").arg(folder.path().join("pipe")).status().expect("mkfifo is there");
    assert!(made.success());
    for input in ["pipe", ".", "/dev/zero", "none"] {
        let ran = run(folder.path(), &["inspect", input]);
        assert_eq!(ran.code, Some(4), "{input}: {}", ran.err);
        assert!(ran.err.contains("cannot be read"), "{input}: {}", ran.err);
    }
}
