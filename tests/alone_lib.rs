//! One source never hurts another: faults in the code that fetches, not only in what comes back.

#![expect(clippy::disallowed_methods, reason = "tests make their own files, and measure their own processes")]

use std::collections::HashSet;
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use feedmill::compose::Selection;
use feedmill::gather::{Answer, Fetch, FetchError, Fetched, Freshness, Request};
use feedmill::model::{Document, FeedInfo, Health, SiteInfo, Source};
use feedmill::pipeline::{self, Crew, FeedPlan, Outlets, Parts, Plan, Sources, Wanted};
use feedmill::report::{Outcome, SourceReport};
use feedmill::store::{MemoryStore, Store};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio_util::sync::CancellationToken;

/// Well above what a good source takes on a busy machine.
const SOURCE_TIMEOUT: Duration = Duration::from_secs(5);

/// Hosts tell by their names how they behave.
struct Faulty {
    asked: AtomicUsize,
}

impl Fetch for Faulty {
    fn fetch(&self, request: Request) -> BoxFuture<'_, Result<Fetched, FetchError>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let host = request.url.host_str().unwrap_or_default().to_owned();
        assert!(!host.starts_with("panics-early"), "a fault before the future");
        async move {
            assert!(!host.starts_with("panics"), "a fault while it fetches");
            if host.starts_with("hangs") {
                std::future::pending::<()>().await;
            }
            let body = format!(
                "<rss version=\"2.0\"><channel><title>{host}</title><item><title>Story of {host}</title>\
                 <link>https://{host}/1</link><guid isPermaLink=\"false\">{host}</guid></item></channel></rss>"
            );
            let document = Document {
                url: request.url,
                body: Bytes::from(body),
                content_type: Some("application/rss+xml".to_owned()),
                content_location: None,
                fetched_at: request.now,
            };
            Ok(Fetched {
                answer: Answer::Document(document),
                validators: None,
                freshness: Freshness::default(),
                permanent: None,
                at: request.now,
            })
        }
        .boxed()
    }
}

fn sources(hosts: &[&str]) -> Vec<Arc<Source>> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("feedmill.toml");
    let mut text = "[site]\nbase_url = \"https://feeds.example.org/\"\n".to_owned();
    for host in hosts {
        let _ = write!(text, "[[source]]\nid = \"{}\"\nurl = \"https://{host}/feed\"\n", host.replace('.', "-"));
    }
    std::fs::write(&path, text).expect("a file");
    let config = feedmill::config::load(&path, &|_| None).expect("a config");
    config.sources.into_iter().map(Arc::new).collect()
}

fn plan(hosts: &[&str], concurrency: usize) -> Plan {
    let sources = sources(hosts);
    let base_url = "https://feeds.example.org/".parse().expect("an address");
    let site = SiteInfo { title: "Site".to_owned(), base_url, ..SiteInfo::default() };
    let info = FeedInfo { id: "all".to_owned(), title: "All".to_owned(), ..FeedInfo::default() };
    let feed = FeedPlan { info, number: 0, selection: Selection::default(), was: Vec::new(), members_before: None };
    Plan {
        site,
        outlets: Outlets::new(&sources),
        sources: Sources::new(sources),
        feeds: vec![feed],
        concurrency,
        source_timeout: SOURCE_TIMEOUT,
    }
}

fn now() -> DateTime<Utc> {
    "2026-02-01T00:00:00Z".parse().expect("a time")
}

async fn collect(hosts: &[&str], concurrency: usize) -> (Vec<SourceReport>, Arc<dyn Store>) {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let parts = Parts {
        fetch: Arc::new(Faulty { asked: AtomicUsize::new(0) }),
        store: Arc::clone(&store),
        targets: Arc::new([]),
        crew: Arc::new(Crew::new(2)),
        stop: CancellationToken::new(),
        now: now(),
    };
    let mut plan = plan(hosts, concurrency);
    pipeline::prepare(&parts, &mut plan).await.expect("an empty store");
    let mut told = HashSet::new();
    let wanted = Wanted::default();
    let reports = pipeline::collect(&parts, &Arc::new(plan), &wanted, &mut |report| {
        assert!(told.insert(report.id.to_string()), "{} is told of once", report.id);
    })
    .await
    .expect("a store");
    assert_eq!(told.len(), hosts.len(), "every source is told of");
    (reports, store)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_and_a_hang_cost_their_own_source_only() {
    let hosts = [
        "good-1.example",
        "panics.example",
        "good-2.example",
        "hangs.example",
        "panics-early.example",
        "good-3.example",
    ];
    // one after the other, and all at once
    for concurrency in [1, 16] {
        let (reports, store) = collect(&hosts, concurrency).await;
        let states = store.sources().await.expect("states");
        for (host, report) in hosts.iter().zip(&reports) {
            let state = states.iter().find(|state| *state.id == *report.id).expect("every source is remembered");
            let trouble = report.trouble.clone().unwrap_or_default();
            if host.starts_with("good") {
                assert_eq!((report.outcome, report.new), (Outcome::Ok, 1), "{host}: {trouble}");
                assert_eq!(state.health, Health::Ok);
                continue;
            }
            assert_eq!(report.outcome, Outcome::Failed, "{host}");
            let told = state.trouble.clone().unwrap_or_default();
            assert!(!told.is_empty() && trouble.starts_with(&told), "{host}: {told} / {trouble}");
            assert!(state.next_due.is_some_and(|due| due > now()), "{host} is asked again later");
            let expected = match *host {
                "panics.example" => "a fault while it fetches",
                "panics-early.example" => "a fault before the future",
                _ => "did not end within 5 s",
            };
            assert!(trouble.contains(expected), "{host}: {trouble}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_but_faults_is_a_report_too() {
    let (reports, _) = collect(&["panics-a.example", "panics-early-b.example"], 4).await;
    assert!(reports.iter().all(|report| report.outcome == Outcome::Failed && report.trouble.is_some()));
}
