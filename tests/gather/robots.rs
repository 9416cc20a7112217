//! robots.txt as the fetcher asks for it by itself: by class, by host and origin, redirects, pauses.

use std::time::Duration;

use chrono::TimeDelta;
use feedmill::gather::{Barred, Class, Fetch as _, FetchError, Network, Request, Settings};
use feedmill::model::Host;

use super::origin::{Origin, Reply};
use super::{network, now, settings};

fn request(origin: &Origin, path: &str, class: Class) -> Request {
    Request::new(origin.url(path), class, now())
}

fn targets(origin: &Origin) -> Vec<String> {
    origin.requests().into_iter().map(|seen| seen.target).collect()
}

#[tokio::test]
async fn the_class_says_whether_robots_applies() {
    for (class, applies) in [(Class::Feed, false), (Class::Sitemap, true), (Class::Listing, true), (Class::Page, true)]
    {
        let origin = Origin::start().await;
        origin.on("/robots.txt", Reply::ok("User-agent: *\nDisallow: /x")).on("/x", Reply::ok("x"));
        let result = network().fetch(request(&origin, "/x", class)).await;
        let barred = FetchError::Robots { host: "127.0.0.1".to_owned(), by: Barred::Rule };
        assert_eq!(result.err(), applies.then_some(barred), "{class:?}");
        assert_eq!(targets(&origin), [if applies { "/robots.txt" } else { "/x" }], "{class:?}");
    }
    let origin = Origin::start().await;
    origin.on("/robots.txt", Reply::ok("User-agent: *\nDisallow: /"));
    let strict = Network::new(Settings { robots_for_feeds: true, ..settings() }).unwrap();
    assert!(strict.fetch(request(&origin, "/x", Class::Feed)).await.is_err());
    assert_eq!(targets(&origin), ["/robots.txt"]);
}

#[tokio::test]
async fn every_hop_obeys_the_rules_of_its_own_host() {
    let (home, other) = (Origin::start().await, Origin::start().await);
    home.on("/x", Reply::redirect(302, other.url_at("127.0.0.2", "/y").as_str()));
    other.on("/robots.txt", Reply::ok("User-agent: *\nDisallow: /y"));
    let error = network().fetch(request(&home, "/x", Class::Page)).await.unwrap_err();
    assert_eq!(error, FetchError::Robots { host: "127.0.0.2".to_owned(), by: Barred::Rule });
    assert_eq!(
        (targets(&home), targets(&other)),
        (vec!["/robots.txt".into(), "/x".into()], vec!["/robots.txt".into()])
    );
}

#[tokio::test]
async fn five_redirects_of_it_are_followed_and_more_count_as_none() {
    for (hops, is_read) in [(5, true), (6, false)] {
        let origin = Origin::start().await;
        origin.on("/robots.txt", Reply::redirect(301, "/r1"));
        for hop in 1..hops {
            origin.on(&format!("/r{hop}"), Reply::redirect(301, &format!("/r{}", hop + 1)));
        }
        origin.on(&format!("/r{hops}"), Reply::ok("User-agent: *\nDisallow: /")).on("/x", Reply::ok("x"));
        assert_eq!(network().fetch(request(&origin, "/x", Class::Page)).await.is_err(), is_read, "{hops}");
    }
}

#[tokio::test]
async fn half_a_megabyte_of_it_is_read_and_no_more() {
    let origin = Origin::start().await;
    let padding = "# padding\n".repeat(60_000);
    origin
        .on("/robots.txt", Reply::ok(format!("User-agent: *\nDisallow: /early\n{padding}Disallow: /late\n")).endless());
    origin.on("/late", Reply::ok("x"));
    let network = network();
    assert!(network.fetch(request(&origin, "/early", Class::Page)).await.is_err());
    network.fetch(request(&origin, "/late", Class::Page)).await.unwrap();
    assert_eq!(targets(&origin), ["/robots.txt", "/late"]);
}

#[tokio::test]
async fn many_who_wait_for_it_ask_once() {
    let origin = Origin::start().await;
    origin.on("/robots.txt", Reply::ok("User-agent: *\nAllow: /")).on("/x", Reply::ok("x"));
    let network = network();
    let asks = (0..8).map(|_| network.fetch(request(&origin, "/x", Class::Page)));
    assert!(futures_util::future::join_all(asks).await.iter().all(Result::is_ok));
    assert_eq!(targets(&origin).iter().filter(|target| *target == "/robots.txt").count(), 1);
}

#[tokio::test]
async fn a_crawl_delay_counts_for_everything_at_its_host_also_for_the_next_run() {
    let origin = Origin::start().await;
    origin.on("/robots.txt", Reply::ok("User-agent: *\nCrawl-delay: 0.2")).on("/x", Reply::ok("x"));
    let first = network();
    let began = std::time::Instant::now();
    first.fetch(request(&origin, "/x", Class::Listing)).await.unwrap();
    first.fetch(request(&origin, "/x", Class::Feed)).await.unwrap();
    assert!(began.elapsed() >= Duration::from_millis(400), "{:?}", began.elapsed());
    let learnt = first.learnt();
    assert_eq!((learnt.len(), first.learnt().len()), (1, 0));
    assert_eq!(learnt[0].asked_at, Some(now()));
    let later = network();
    later.recall(learnt.clone());
    let began = std::time::Instant::now();
    later.fetch(request(&origin, "/x", Class::Feed)).await.unwrap();
    assert!(began.elapsed() >= Duration::from_millis(200), "the last run asked just now: {:?}", began.elapsed());
    assert_eq!(targets(&origin).len(), 4, "and robots.txt is not asked for again");
    // a day later it is
    later.recall(Vec::<Host>::new());
    let mut again = request(&origin, "/x", Class::Listing);
    again.now += TimeDelta::hours(24);
    later.fetch(again).await.unwrap();
    assert_eq!(targets(&origin)[4..], ["/robots.txt", "/x"]);
}

#[tokio::test]
async fn no_header_of_a_source_goes_along() {
    let origin = Origin::start().await;
    origin.on("/x", Reply::ok("x"));
    let mut asked = request(&origin, "/x", Class::Page);
    asked.headers = vec![("X-Key".to_owned(), "secret".to_owned())];
    network().fetch(asked).await.unwrap();
    let keys: Vec<_> = origin.requests().iter().map(|seen| seen.header("x-key").is_some()).collect();
    assert_eq!(keys, [false, true]);
}

#[tokio::test]
async fn the_time_of_a_slow_robots_txt_is_not_that_of_the_page() {
    let origin = Origin::start().await;
    let pause = Duration::from_millis(200);
    origin.on("/robots.txt", Reply::ok("User-agent: *").drip(pause));
    origin.on("/page", Reply::ok("as long a page").drip(pause));
    let network = Network::new(Settings { timeout: Duration::from_secs(4), ..settings() }).unwrap();
    let fetched = network.fetch(request(&origin, "/page", Class::Page)).await;
    assert!(fetched.is_ok(), "{:?}", fetched.err());
}
