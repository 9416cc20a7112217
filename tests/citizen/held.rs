//! Hosts that ask for a pause get it: all their sources, all runs.

use std::fmt::Write as _;

use crate::origin::{Origin, Reply};
use crate::outlet::{Life, Reader, small};

/// A host with two sources, the first of which answers so.
async fn reader_of_two(life: Life, reply: Reply) -> Reader {
    let mut reader = Reader::new(life).await;
    reader.source("first", "/first", "");
    reader.source("second", "/second", "");
    reader.origin.on("/first", reply).on("/first", small());
    reader.origin.on("/second", small());
    reader
}

#[tokio::test(flavor = "multi_thread")]
async fn a_429_or_503_holds_the_host_and_not_only_the_source() {
    for life in Life::ALL {
        for code in [429, 503] {
            let mut reader = reader_of_two(life, Reply::new(code)).await;
            // another host that leads to the same place is another host
            reader.source_at("127.0.0.2", "other", ("/second", ""));
            reader.run(0).await;
            let asked: Vec<_> = reader.origin.requests().into_iter().map(|seen| (seen.host, seen.target)).collect();
            assert_eq!(asked.len(), 2, "{life:?} {code}: {asked:?}");
            assert!(asked.contains(&("127.0.0.2".into(), "/second".into())), "{asked:?}");
            for id in ["first", "second"] {
                let standing = reader.standing(id, 0).await;
                assert_eq!(standing.state, "held", "{life:?} {code} {id}");
                assert!(standing.trouble.ends_with("next try today 12:10 UTC"), "{id}: {}", standing.trouble);
            }
            let times = reader.run_every(1, 1..12).await;
            assert_eq!(times, [10, 10], "{life:?} {code}: ten minutes, then both");
            assert_eq!(reader.standing("first", 12).await.state, "ok", "recovery resets");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_comes_later_finds_its_host_held() {
    for life in Life::ALL {
        let mut reader = Reader::new(life).await;
        reader.source("first", "/first", "");
        reader.origin.on("/first", Reply::new(429).header("Retry-After", "3600")).on("/second", small());
        reader.run(0).await;
        reader.source("second", "/second", "");
        for minute in [1, 59] {
            reader.run_forced(minute).await;
        }
        assert_eq!(reader.targets(), ["/first"], "{life:?}");
        reader.run(60).await;
        assert_eq!(reader.targets(), ["/first", "/first"], "{life:?}: and the first one's answer holds both again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_retry_after_the_pause_doubles_up_to_a_day() {
    for life in Life::ALL {
        let mut reader = Reader::of_feed(life).await;
        reader.origin.on("/feed", Reply::new(429));
        let mut last = 0;
        reader.run(last).await;
        for (before, pause) in [10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440].into_iter().enumerate() {
            reader.run(last + pause - 1).await;
            assert_eq!(reader.origin.requests().len(), before + 1, "{life:?}: {pause} minutes");
            last += pause;
            if before < 9 {
                reader.run(last).await;
                assert_eq!(reader.origin.requests().len(), before + 2, "{life:?}: {pause} minutes");
            }
        }
        reader.origin.now_on("/feed", small());
        reader.run(last).await;
        reader.origin.now_on("/feed", Reply::new(503));
        reader.run(last + 24 * 60).await;
        assert_eq!(reader.standing("feed", last).await.state, "held");
        let before = reader.origin.requests().len();
        reader.run(last + 24 * 60 + 10).await;
        assert_eq!(reader.origin.requests().len(), before + 1, "{life:?}: after a good answer it is ten minutes again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn retry_after_is_read_as_seconds_and_as_a_date_against_the_answers_own() {
    let rows: [(&[(&str, &str)], i64); 4] = [
        (&[("Retry-After", "3600")], 60),
        (&[("Retry-After", "Tue, 24 Nov 2026 14:00:00 GMT")], 120),
        // their clock runs a year late: an hour is an hour
        (&[("Date", "Mon, 24 Nov 2025 09:00:00 GMT"), ("Retry-After", "Mon, 24 Nov 2025 10:00:00 GMT")], 60),
        (&[("Retry-After", "86400")], 1440),
    ];
    for life in Life::ALL {
        for code in [429, 503] {
            for (headers, minutes) in rows {
                let reply = headers.iter().fold(Reply::new(code), |reply, (name, value)| reply.header(name, value));
                let mut reader = reader_of_two(life, reply).await;
                reader.run(0).await;
                for minute in [1, minutes / 2, minutes - 1] {
                    reader.run_forced(minute).await;
                }
                assert_eq!(reader.targets(), ["/first"], "{life:?} {code} {headers:?}");
                reader.run(minutes).await;
                assert_eq!(reader.targets(), ["/first", "/first", "/second"], "{life:?} {code} {headers:?}");
            }
        }
    }
}

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
