//! First contact, validators, intervals, freshness, and the audit of validators that may lie.

use chrono::TimeDelta;

use crate::origin::Reply;
use crate::outlet::{Life, Reader, feed, header, small, start};

const DAY: i64 = 24 * 60;

#[tokio::test(flavor = "multi_thread")]
async fn first_contact_makes_nothing_up_and_asks_once() {
    for life in Life::ALL {
        let mut reader = Reader::of_feed(life).await;
        reader.origin.on("/feed", small());
        for minute in [0, 1, 2] {
            reader.run(minute).await;
        }
        assert_eq!(reader.targets(), ["/feed"], "{life:?}: no second request on start, none on add");
        let first = reader.last();
        let mut names: Vec<_> = first.headers.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        // nothing else: no validators, no cookies, no Referer, no cache control
        let expected = ["accept", "accept-encoding", "host", "user-agent"];
        let is_expected = |name: &&str| expected.contains(name) || *name == "connection";
        assert!(names.iter().all(is_expected) && names.len() >= 4, "{life:?}: {names:?}");
        assert_eq!(header(&first, "user-agent"), Some(format!("feedmill/{}", env!("CARGO_PKG_VERSION"))));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn never_sent_are_cookies_referers_and_cache_busters() {
    for life in Life::ALL {
        let mut reader = Reader::of_feed(life).await;
        let with_cookie = |reply: Reply| reply.header("Set-Cookie", "session=1; Path=/").header("Vary", "Cookie");
        reader.origin.on("/feed", with_cookie(Reply::redirect(302, "/real?x=1")));
        reader.origin.on("/real?x=1", with_cookie(small()));
        for minute in [0, 120, 240] {
            reader.run(minute).await;
        }
        assert_eq!(reader.targets(), ["/feed", "/real?x=1"].repeat(3), "{life:?}");
        for seen in reader.origin.requests() {
            for name in ["cookie", "referer", "cache-control", "pragma", "if-none-match"] {
                assert_eq!(header(&seen, name), None, "{life:?}: {name}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn validators_come_back_byte_for_byte_are_replaced_and_never_forgotten() {
    for life in Life::ALL {
        let mut reader = Reader::of_feed(life).await;
        let marked = |reply: Reply, etag: &str| reply.header("ETag", etag).header("Last-Modified", "Some  day, or so");
        reader.origin.on("/feed", marked(small(), "W/\"one, two\""));
        reader.origin.on("/feed", marked(small(), "unquoted caf\u{e9}"));
        reader.origin.on("/feed", Reply::new(304).header("ETag", "\"three\""));
        reader.origin.on("/feed", Reply::new(304));
        reader.origin.on("/feed", Reply::new(500));
        reader.origin.on("/feed", Reply::new(304));
        let mut minute = 0;
        for (wait, etag) in [
            (0, None),
            (2 * 60, Some("W/\"one, two\"")),
            // new with every document, even if its body is equal
            (2 * 60, Some("unquoted caf\u{e9}")),
            (2 * 60, Some("\"three\"")),
            (2 * 60, Some("\"three\"")),
            // a failure costs nothing
            (DAY, Some("\"three\"")),
            // nor does time
            (800 * DAY, Some("\"three\"")),
        ] {
            minute += wait;
            reader.run(minute).await;
            let last = reader.last();
            assert_eq!(header(&last, "if-none-match").as_deref(), etag, "{life:?} {minute}");
            let modified = etag.map(|_| "Some  day, or so".to_owned());
            assert_eq!(header(&last, "if-modified-since"), modified, "{life:?} {minute}");
        }
        assert_eq!(reader.origin.requests().len(), 7, "{life:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_304_is_a_success() {
    for life in Life::ALL {
        let mut reader = Reader::of_feed(life).await;
        reader.origin.on("/feed", small().header("ETag", "\"1\""));
        reader.origin.on("/feed", Reply::new(304));
        reader.run(0).await;
        reader.run(120).await;
        let standing = reader.standing("feed", 120).await;
        assert_eq!((standing.state.as_str(), standing.trouble.as_str()), ("ok", ""), "{life:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn asked_at_most_every_15_minutes_and_never_unconditionally_whatever_the_rhythm_of_cron() {
    for life in Life::ALL {
        let mut reader = Reader::new(life).await;
        reader.source("feed", "/feed", "every = \"1m\"");
        reader.source("busy", "/busy", "");
        let minutes: Vec<_> = (0..20).map(|n| start() - TimeDelta::minutes(n)).collect();
        reader.origin.on("/feed", small().header("ETag", "\"1\"")).on("/feed", Reply::new(304));
        reader.origin.on("/busy", Reply::ok(feed(&minutes)).header("ETag", "\"1\"")).on("/busy", Reply::new(304));
        let every = if life == Life::Process { 3 } else { 1 };
        let times = reader.run_every(every, 0..120).await;
        for path in ["/feed", "/busy"] {
            let targets = reader.targets();
            let times: Vec<_> = times.iter().zip(&targets).filter(|(_, target)| *target == path).collect();
            assert!(times.len() >= 6, "{life:?} {path}: {times:?}");
            assert!(times.windows(2).all(|pair| pair[1].0 - pair[0].0 >= 15), "{life:?} {path}: {times:?}");
        }
        let requests = reader.origin.requests();
        let unconditional: Vec<_> = requests.iter().filter(|seen| header(seen, "if-none-match").is_none()).collect();
        assert_eq!(unconditional.len(), 2, "{life:?}: the first of each");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_max_age_of_twelve_hours_is_honoured() {
    for life in Life::ALL {
        let mut reader = Reader::of_feed(life).await;
        reader.origin.on("/feed", small().header("Cache-Control", "public, max-age=43200"));
        let times = reader.run_every(60, 0..40 * 60).await;
        assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= 12 * 60), "{life:?}: {times:?}");
        assert_eq!(times.len(), 4, "{life:?}: {times:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_is_asked_no_more_often_than_it_asks_for() {
    let ttl = "<rss version=\"2.0\"><channel><title>T</title><ttl>300</ttl></channel></rss>";
    let expires =
        || small().header("Date", "Mon, 23 Nov 2025 12:00:00 GMT").header("Expires", "Mon, 23 Nov 2025 17:00:00 GMT");
    for reply in [Reply::ok(ttl), expires(), small().header("Cache-Control", "max-age=20000").header("Age", "2000")] {
        for life in [Life::Long, Life::Anew] {
            let mut reader = Reader::of_feed(life).await;
            reader.origin.on("/feed", reply.clone());
            let times = reader.run_every(30, 0..12 * 60).await;
            assert!(times.len() >= 2 && times.windows(2).all(|pair| pair[1] - pair[0] >= 300), "{life:?}: {times:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn force_ignores_the_time_and_nothing_else() {
    for life in Life::ALL {
        let mut reader = Reader::of_feed(life).await;
        reader.origin.on("/feed", small().header("ETag", "\"1\""));
        reader.run(0).await;
        reader.run_forced(1).await;
        assert_eq!(header(&reader.last(), "if-none-match").as_deref(), Some("\"1\""), "{life:?}");
        assert_eq!(reader.origin.requests().len(), 2);
        reader.origin.now_on("/feed", Reply::new(429).header("Retry-After", "3600"));
        for minute in [2, 3, 30, 61] {
            reader.run_forced(minute).await;
        }
        assert_eq!(reader.origin.requests().len(), 3, "{life:?}: a hold is not for us to end");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn validators_that_lie_are_found_by_a_rare_audit_and_marked() {
    for life in Life::ALL {
        let mut reader = Reader::of_feed(life).await;
        let daily = |until: i64| -> Vec<_> { (0..10).map(|n| start() + TimeDelta::days(until - n)).collect() };
        reader.origin.on("/feed", Reply::ok(feed(&daily(0))).header("ETag", "\"1\"")).on("/feed", Reply::new(304));
        let every = if life == Life::Process { 12 * 60 } else { 6 * 60 };
        reader.run_every(every, 0..20 * DAY).await;
        let requests = reader.origin.requests();
        let unconditional: Vec<_> = requests.iter().filter(|seen| header(seen, "if-none-match").is_none()).collect();
        // the first contact, and two audits in 20 days; the rest is conditional
        assert_eq!(unconditional.len(), 3, "{life:?}");
        assert!(requests.len() > 25, "{life:?}: {}", requests.len());
        assert_eq!(reader.standing("feed", 20 * DAY).await.trouble, "", "{life:?}: so far they told the truth");
        // now there is news, and only who asks as if for the first time is told
        reader.origin.now_on("/feed", Reply::ok(feed(&daily(5))).header("ETag", "\"1\"").deaf());
        reader.run_every(every, 20 * DAY..27 * DAY).await;
        let requests = reader.origin.requests();
        let unconditional = requests.iter().filter(|seen| header(seen, "if-none-match").is_none()).count();
        assert_eq!(unconditional, 4, "{life:?}: one more");
        let trouble = reader.standing("feed", 27 * DAY).await.trouble;
        assert!(trouble.contains("validators lie"), "{life:?}: {trouble}");
    }
}
