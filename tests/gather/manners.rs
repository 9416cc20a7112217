//! One request in flight per host, a pause between two, and connections that do not linger.

use std::sync::Arc;
use std::time::{Duration, Instant};

use feedmill::gather::{Class, Fetch as _, Network, Request, Settings};
use tokio::sync::Notify;

use super::origin::{Origin, Reply};
use super::{feed, fetch, now, settings};

#[tokio::test]
async fn one_request_at_a_time_goes_to_a_host_and_hosts_do_not_wait_for_each_other() {
    let origin = Origin::start().await;
    let gate = Arc::new(Notify::new());
    origin.on("/slow", Reply::ok("x").after(&gate));
    origin.on("/fast", Reply::ok("x"));
    let network = Arc::new(super::network());
    let ask = |url| {
        let network = Arc::clone(&network);
        tokio::spawn(async move { fetch(&network, &url).await.map(drop) })
    };
    let slow = ask(origin.url("/slow"));
    origin.await_requests(1).await;
    let same_host = ask(origin.url("/fast"));
    ask(origin.url_at("127.0.0.2", "/fast")).await.unwrap().unwrap();
    assert_eq!(origin.requests().len(), 2, "the second for the busy host waits");
    assert!(!same_host.is_finished());
    gate.notify_one();
    slow.await.unwrap().unwrap();
    same_host.await.unwrap().unwrap();
    assert_eq!(origin.requests().len(), 3);
}

#[tokio::test]
async fn a_pause_stands_between_two_requests_and_does_not_count_as_time_out() {
    let origin = Origin::start().await;
    origin.on("/", Reply::ok("x"));
    let delay = Duration::from_millis(60);
    let network =
        Network::new(Settings { host_delay: delay, timeout: Duration::from_millis(250), ..settings() }).unwrap();
    let began = Instant::now();
    fetch(&network, &origin.url("/")).await.unwrap();
    fetch(&network, &origin.url("/")).await.unwrap();
    assert!(began.elapsed() >= delay, "{:?}", began.elapsed());
    // five times the pause, longer than the time-out
    network.fetch(Request::new(origin.url("/"), Class::Page, now())).await.unwrap();
    assert!(began.elapsed() >= delay * 6, "{:?}", began.elapsed());
}

#[tokio::test]
async fn only_so_many_hosts_are_asked_at_once() {
    let origin = Origin::start().await;
    let gate = Arc::new(Notify::new());
    origin.on("/slow", Reply::ok("x").after(&gate));
    let network = Arc::new(Network::new(Settings { concurrency: 2, ..settings() }).unwrap());
    let asks: Vec<_> = (1..=3)
        .map(|host| {
            let (network, url) = (Arc::clone(&network), origin.url_at(&format!("127.0.0.{host}"), "/slow"));
            tokio::spawn(async move { fetch(&network, &url).await.map(drop) })
        })
        .collect();
    origin.await_requests(2).await;
    tokio::task::yield_now().await;
    assert_eq!(origin.requests().len(), 2);
    for count in 1..=3 {
        gate.notify_one();
        origin.await_requests((count + 2).min(3)).await;
    }
    for ask in asks {
        ask.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn pages_of_one_host_share_a_connection_and_feeds_leave_none() {
    let origin = Origin::start().await;
    origin.on("/", Reply::ok("x"));
    let network = super::network();
    for _ in 0..3 {
        network.fetch(Request::new(origin.url("/"), Class::Page, now())).await.unwrap();
    }
    assert_eq!(origin.connections(), 1);
    for host in 1..=3 {
        fetch(&network, &origin.url_at(&format!("127.0.1.{host}"), "/")).await.unwrap();
        fetch(&network, &origin.url_at(&format!("127.0.1.{host}"), "/")).await.unwrap();
    }
    assert_eq!(origin.connections(), 7);
}

#[tokio::test]
async fn the_contact_stands_in_the_user_agent() {
    let origin = Origin::start().await;
    origin.on("/", Reply::ok("x"));
    let contact = Some("editor@example.org".to_owned());
    let network = Network::new(Settings { contact, ..settings() }).unwrap();
    network.fetch(feed(&origin.url("/"))).await.unwrap();
    let expected = format!("feedmill/{} (+editor@example.org)", env!("CARGO_PKG_VERSION"));
    assert_eq!(origin.requests()[0].header("user-agent"), Some(expected.as_bytes()));
    let bad = Network::new(Settings { contact: Some("two\nlines".to_owned()), ..settings() });
    assert!(bad.is_err());
}

#[tokio::test]
async fn settings_that_cannot_be_used_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let junk = folder.path().join("ca.pem");
    std::fs::write(&junk, "no certificate").unwrap();
    let cases = [
        (Settings { ca_file: Some(folder.path().join("none.pem")), ..settings() }, "cannot read the certificate file"),
        (Settings { ca_file: Some(junk), ..settings() }, "cannot read the certificate file"),
        (Settings { proxy: Some("user:secret@proxy".to_owned()), ..settings() }, "fetch.proxy is not the address"),
        (Settings { proxy: Some("ftp://user:secret@proxy/".to_owned()), ..settings() }, "fetch.proxy is not"),
    ];
    for (settings, expected) in cases {
        let message = Network::new(settings).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(message.starts_with(expected) && !message.contains("secret"), "{message}");
    }
}

#[tokio::test]
async fn a_proxy_is_asked_for_everything() {
    let proxy = Origin::start().await;
    proxy.on("http://news.example/feed", Reply::ok("by proxy"));
    let address = proxy.url("").to_string();
    let network = Network::new(Settings { proxy: Some(address), ..settings() }).unwrap();
    let fetched = fetch(&network, &"http://news.example/feed".parse().unwrap()).await.unwrap();
    assert_eq!(&super::document(&fetched).body[..], b"by proxy");
}
