//! Each trouble in words that a person can act on, and with its own pause.

use crate::origin::Reply;
use crate::outlet::{Life, Reader, small};

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_told_apart_with_advice_and_the_next_try() {
    let page = |code, text: &str| Reply::new(code).body(text);
    let rows = [
        (
            Reply::new(403).header("cf-mitigated", "challenge"),
            "127.0.0.1 answered 403 Forbidden with a challenge of Cloudflare",
            "a feed or sitemap address",
        ),
        (page(403, "Sorry, you have been blocked"), "with a firewall of Cloudflare", "User-Agent"),
        (page(401, ""), "401 Unauthorized with a request to log in", "`headers`"),
        (page(403, "No robots: see robots.txt"), "robots are not welcome", "ask it for one"),
        (page(403, "Forbidden"), "answered 403 Forbidden;", "`contact`"),
    ];
    for life in Life::IN_PROCESS {
        for (reply, told, advice) in &rows {
            let mut reader = Reader::of_feed(life).await;
            reader.origin.on("/feed", reply.clone());
            let times = reader.run_every(60, 0..3 * 24 * 60).await;
            let gaps: Vec<_> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
            let expected = [60, 120, 240, 480, 960, 1440];
            for (gap, least) in gaps.iter().zip(expected) {
                assert!((least..=least + least / 10 + 60).contains(gap), "{life:?} {told}: {gaps:?}");
            }
            let standing = reader.standing("feed", 3 * 24 * 60).await;
            let trouble = &standing.trouble;
            assert!(trouble.contains(told) && trouble.contains(advice), "{life:?}: {trouble}");
            assert!(trouble.contains("; next try "), "{life:?}: {trouble}");
            reader.origin.now_on("/feed", small());
            reader.run(10 * 24 * 60).await;
            assert_eq!(reader.standing("feed", 10 * 24 * 60).await.trouble, "", "{life:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn run_tells_the_same_words() {
    let mut reader = Reader::of_feed(Life::Process).await;
    reader.origin.on("/feed", Reply::new(403).header("cf-mitigated", "challenge"));
    reader.run(0).await;
    reader.origin.now_on("/feed", Reply::new(404));
    let ran = reader.program(&["run", "--force"]).await;
    let line = ran.err.lines().find(|line| line.starts_with("source feed: ")).unwrap_or_default();
    assert!(line.contains("404 Not Found; look for the source's new address"), "{}", ran.err);
    assert!(line.contains("; next try today ") && line.ends_with(" UTC"), "{}", ran.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_that_may_pass_weigh_half_and_are_not_retried_in_the_run() {
    for life in Life::IN_PROCESS {
        for reply in [Reply::new(500), Reply::new(502), small().reset()] {
            let mut reader = Reader::of_feed(life).await;
            reader.origin.on("/feed", reply);
            reader.run(0).await;
            assert_eq!(reader.origin.requests().len(), 1, "{life:?}: no second try");
            let times = reader.run_every(30, 30..24 * 60).await;
            // 1 h x 2^0.5, 2, 2^1.5 ...
            assert!((5..=7).contains(&times.len()), "{life:?}: {times:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_where_no_connection_came_about_is_there_a_second_try_in_the_run() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("a port").port();
    drop(listener);
    let mut reader = Reader::new(Life::Anew).await;
    reader.source("feed", "/feed", "");
    reader.origin.on("/feed", Reply::redirect(302, &format!("http://127.0.0.1:{port}/feed")));
    reader.run(0).await;
    assert_eq!(reader.targets(), ["/feed"], "the second try is of the hop that failed");
    let standing = reader.standing("feed", 0).await;
    assert!(standing.trouble.contains("no connection to 127.0.0.1"), "{}", standing.trouble);
}

#[tokio::test(flavor = "multi_thread")]
async fn private_addresses_are_refused_before_a_byte_is_sent() {
    for life in Life::ALL {
        let mut reader = Reader::of_feed(life).await;
        reader.fetch_settings("allow = [\"10.0.0.0/8\"]");
        reader.origin.on("/feed", small());
        reader.run(0).await;
        assert_eq!(reader.origin.connections(), 0, "{life:?}");
        let standing = reader.standing("feed", 0).await;
        assert!(standing.trouble.contains("fetch.allow"), "{life:?}: {}", standing.trouble);
    }
}
