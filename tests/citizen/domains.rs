//! Holds of registrable domains, a proxy with its warning, and the words of `run`.

use std::fmt::Write as _;

use crate::origin::{Origin, Reply};
use crate::outlet::{Life, Reader, small};

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_covers_the_registrable_domain_and_no_neighbour_of_it() {
    let proxy = Origin::start().await;
    let hosts = ["feeds.outlet.example", "www.outlet.example", "one.github.io", "two.github.io"];
    for host in hosts {
        let reply = if host == "www.outlet.example" || host == "two.github.io" { small() } else { Reply::new(429) };
        proxy.on(&format!("http://{host}/feed"), reply);
    }
    let folder = tempfile::tempdir().expect("a folder");
    let mut config = format!(
        "clock = 2026-11-24T12:00:00Z\n[site]\nbase_url = \"https://feeds.example.org/\"\n[fetch]\nhost_delay = \"0s\"\nproxy = \"{}\"\n",
        proxy.url("")
    );
    for (number, host) in hosts.iter().enumerate() {
        let _ = write!(config, "[[source]]\nid = \"s{number}\"\nurl = \"http://{host}/feed\"\n");
    }
    std::fs::write(folder.path().join("feedmill.toml"), config).expect("a config");
    let path = folder.path().to_owned();
    let run = move || crate::program::run(&path, &["run"]);
    let ran = tokio::task::spawn_blocking(run).await.expect("a run");
    assert!(ran.err.contains("fetch.proxy"), "what a proxy means is told: {}", ran.err);
    let mut asked: Vec<_> = proxy.requests().into_iter().map(|seen| seen.target).collect();
    asked.sort_unstable();
    let expected = ["http://feeds.outlet.example/feed", "http://one.github.io/feed", "http://two.github.io/feed"];
    assert_eq!(asked, expected, "www.outlet.example waits with its sister");
}

#[tokio::test(flavor = "multi_thread")]
async fn run_tells_the_same_words() {
    let mut reader = Reader::new(Life::Restarted, None).await;
    reader.fetch_settings("");
    reader.source_at("127.0.0.1", "feed", ("/feed", ""));
    reader.origin.on("/feed", Reply::new(403).header("cf-mitigated", "challenge"));
    reader.run(0).await;
    reader.origin.now_on("/feed", Reply::new(404));
    let ran = reader.program(&["run", "--force"]).await;
    let line = ran.err.lines().find(|line| line.starts_with("source feed: ")).unwrap_or_default();
    assert!(line.contains("404 Not Found; look for the source's new address"), "{}", ran.err);
    assert!(line.contains("; next try today ") && line.ends_with(" UTC"), "{}", ran.err);
}
