//! Good outlets beside hostile ones: all of the good are gathered, in little memory.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::origin::{Origin, Reply, bomb, gzip};
use crate::outlet::{feed, start};
use crate::program::feedmill;

const GOOD: usize = 200;
const BAD: usize = 50;
const MOST_MEMORY_MB: u64 = 200;

/// What hostile outlets do, one after the other.
fn hostile(origin: &Origin) -> Vec<String> {
    let zeros = |size: usize| vec![0_u8; size];
    let brotli_zstd: [(&str, Vec<u8>); 2] =
        [("zstd", zstd::encode_all(&zeros(200 << 20)[..], 1).expect("memory takes all")), ("br", vec![0xff; 4096])];
    let mut replies = vec![
        Reply::ok(bomb(200 << 20)).header("Content-Encoding", "gzip"),
        Reply::ok(gzip(&bomb(100 << 20))).header("Content-Encoding", "gzip, gzip"),
        Reply::ok("<rss>").endless(),
        Reply::ok("<rss><channel>".repeat(100)).drip(Duration::from_millis(100)),
        Reply::ok("<rss>").silence(),
        Reply::ok("").mute(),
        Reply::ok("<rss><channel>").reset(),
        Reply::endless_raw("HTTP/1.1 200 OK\r\n"),
        Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\nshort"),
        Reply::raw("not HTTP at all\r\n\r\n"),
        Reply::raw(format!("HTTP/1.1 200 OK\r\n{}\r\n", "A: b\r\n".repeat(10_000))),
        Reply::raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nx"),
        Reply::redirect(302, "file:///etc/passwd"),
        Reply::redirect(302, "http://169.254.169.254/latest/meta-data/"),
        Reply::redirect(302, "http://[::ffff:10.0.0.1]/"),
        Reply::ok(vec![b'<'; 20 << 20]),
        Reply::ok("<div>".repeat(1 << 20)),
        Reply::new(503),
    ];
    replies.extend(brotli_zstd.map(|(coding, body)| Reply::ok(body).header("Content-Encoding", coding)));
    let mut paths = Vec::new();
    for (number, reply) in replies.into_iter().enumerate() {
        let path = format!("/hostile-{number}");
        origin.on(&path, reply);
        paths.push(path);
    }
    // 10,000 redirects, none of them to the same place
    for hop in 0..10_000 {
        origin.on(&format!("/hop-{hop}"), Reply::redirect(302, &format!("/hop-{}", hop + 1)));
    }
    paths.push("/hop-0".to_owned());
    paths
}

struct Gathered {
    good: usize,
    bad: usize,
    troubles: Vec<String>,
    seconds: f64,
    peak_mb: u64,
}

async fn gather(origin: &Origin, bad: &[String]) -> Gathered {
    let folder = tempfile::tempdir().expect("a folder");
    let mut config = "clock = 2026-11-24T12:00:00Z\n[site]\nbase_url = \"https://feeds.example.org/\"\n[fetch]\nallow = [\"127.0.0.0/8\"]\nhost_delay = \"0s\"\ntimeout = \"2s\"\nsource_timeout = \"5s\"\n".to_owned();
    let mut source = |id: &str, host: &str, path: &str| {
        let url = origin.url_at(host, path);
        let _ = write!(config, "[[source]]\nid = \"{id}\"\nurl = \"{url}\"\n");
    };
    for number in 0..GOOD {
        source(&format!("good-{number}"), &format!("127.1.{}.{}", number / 200, number % 200 + 1), "/good");
    }
    for (number, path) in bad.iter().enumerate() {
        source(&format!("bad-{number}"), &format!("127.2.0.{}", number + 1), path);
    }
    std::fs::write(folder.path().join("feedmill.toml"), config + "[[feed]]\nid = \"all\"\n").expect("a config");
    let run = move || {
        let began = Instant::now();
        let mut child = feedmill()
            .current_dir(folder.path())
            .args(["run", "--report", "json", "--quiet"])
            .stdout(std::fs::File::create(folder.path().join("report")).expect("a file"))
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("a run");
        let mut peak_mb = 0;
        while child.try_wait().expect("a child").is_none() {
            peak_mb = peak_mb.max(peak_memory_mb(child.id()));
            std::thread::sleep(Duration::from_millis(10));
        }
        let seconds = began.elapsed().as_secs_f64();
        let report = std::fs::read(folder.path().join("report")).expect("a report");
        (serde_json::from_slice::<Value>(&report).expect("JSON"), peak_mb, seconds)
    };
    let (report, peak_mb, seconds) = tokio::task::spawn_blocking(run).await.expect("a run");
    let sources = report["sources"].as_array().expect("sources");
    let count = |prefix: &str, outcome: &str| {
        let of = |source: &&Value| source["id"].as_str().is_some_and(|id| id.starts_with(prefix));
        sources.iter().filter(of).filter(|source| source["outcome"] == outcome).count()
    };
    let troubles = sources.iter().filter_map(|source| source["trouble"].as_str().map(str::to_owned)).collect();
    Gathered { good: count("good", "ok"), bad: count("bad", "failed"), troubles, seconds, peak_mb }
}

/// The most memory that a process has had, as the kernel counts it; 0 where it does not say.
fn peak_memory_mb(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) / 1000
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_good_sources_are_gathered_beside_fifty_hostile_ones() {
    let origin = Origin::start().await;
    let published: Vec<_> = (0..20).map(|hour| start() - chrono::TimeDelta::hours(hour)).collect();
    origin.on("/good", Reply::ok(feed(&published)));
    let kinds = hostile(&origin);
    let bad: Vec<String> = kinds.iter().cycle().take(BAD).cloned().collect();
    let alone = gather(&origin, &[]).await;
    assert_eq!((alone.good, alone.troubles.len()), (GOOD, 0), "{:?}", alone.troubles);
    let beside = gather(&origin, &bad).await;
    println!("alone {:.1} s, beside hostile ones {:.1} s and {} MB", alone.seconds, beside.seconds, beside.peak_mb);
    assert_eq!((beside.good, beside.bad), (GOOD, BAD), "{:?}", beside.troubles);
    assert!(beside.troubles.len() == BAD && beside.troubles.iter().all(|trouble| trouble.len() > 20), "clear words");
    assert!(beside.peak_mb < MOST_MEMORY_MB, "{} MB", beside.peak_mb);
}
