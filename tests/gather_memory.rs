//! Bombs, in a process of their own: its peak memory is what is measured.

#[path = "support/origin/mod.rs"]
#[expect(dead_code, reason = "the other tests use the rest of the site")]
mod origin;

use std::io::Read as _;

use chrono::{TimeZone as _, Utc};
use feedmill::gather::{Class, Fetch as _, FetchError, Network, Request, Settings};
use origin::{Origin, Reply, bomb, gzip};

#[tokio::test]
async fn bombs_cost_less_than_50_mb() {
    let now = Utc.with_ymd_and_hms(2026, 11, 24, 12, 0, 0).unwrap();
    let whole = bomb(1 << 30);
    let one_member = gzip(&vec![0; 24 << 20]);
    let zstd = zstd::encode_all(std::io::repeat(0).take(1 << 30), 1).unwrap();
    let (nested, unlabelled) = (gzip(&whole), whole.clone());
    let cases = [
        ("gzip", whole),
        ("gzip", one_member),
        ("gzip, gzip", nested.clone()),
        ("gzip", nested),
        ("identity", unlabelled),
        ("zstd", zstd),
    ];
    let allow = vec!["127.0.0.0/8".parse().unwrap()];
    let settings = Settings { allow, host_delay: std::time::Duration::ZERO, ..Settings::default() };
    let network = Network::new(settings).unwrap();
    for (coding, packed) in cases {
        let origin = Origin::start().await;
        origin.on("/", Reply::ok(packed).header("Content-Encoding", coding));
        let before = peak_kib();
        let error = network.fetch(Request::new(origin.url("/"), Class::Page, now)).await.unwrap_err();
        assert!(matches!(error, FetchError::TooLarge { .. }), "{coding}: {error}");
        let grown = peak_kib() - before;
        assert!(grown < 50_000, "{coding}: {grown} KiB");
    }
}

/// The most memory that this process has held so far.
fn peak_kib() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_ascii_whitespace().nth(1).unwrap().parse().unwrap()
}
