//! Validators, freshness and "not modified".

use chrono::TimeDelta;
use feedmill::gather::{Answer, Fetch as _, FetchError, Freshness};
use feedmill::model::Validators;

use super::origin::{Origin, Reply};
use super::{document, feed, fetch, network, now};

#[tokio::test]
async fn a_first_contact_makes_nothing_up() {
    let origin = Origin::start().await;
    origin.on("/feed", Reply::ok("x").header("Set-Cookie", "a=b"));
    let network = network();
    for _ in 0..2 {
        fetch(&network, &origin.url("/feed")).await.unwrap();
    }
    for seen in origin.requests() {
        let unwanted = ["if-none-match", "if-modified-since", "cookie", "referer", "cache-control", "pragma"];
        for name in unwanted {
            assert_eq!(seen.header(name), None, "{name}");
        }
        assert_eq!(seen.header("accept-encoding"), Some(&b"gzip, br, zstd"[..]));
        let agent = format!("feedmill/{}", env!("CARGO_PKG_VERSION"));
        assert_eq!(seen.header("user-agent"), Some(agent.as_bytes()));
    }
}

#[tokio::test]
async fn validators_come_back_byte_for_byte() {
    let cases: [(&[u8], &[u8]); 5] = [
        (b"\"abc\"", b"Tue, 24 Nov 2026 10:00:00 GMT"),
        (b"W/\"abc-gzip\"", b"2026-11-24 not a date"),
        (b"unquoted, with comma", b"tue, 24-nov-26 10:00:00 gmt"),
        (b"\"caf\xe9\"", b"0"),
        (b"W/\"a  b\"", b"Tue,  24 Nov 2026 10:00:00 +0000"),
    ];
    let network = network();
    for (etag, modified) in cases {
        let origin = Origin::start().await;
        origin.on("/feed", Reply::ok("x").header("ETag", etag).header("Last-Modified", modified));
        origin.on("/feed", Reply::new(304));
        let first = fetch(&network, &origin.url("/feed")).await.unwrap();
        let mut again = feed(&origin.url("/feed"));
        again.validators = first.validators.clone();
        let second = network.fetch(again).await.unwrap();
        assert!(matches!(second.answer, Answer::NotModified));
        assert_eq!(second.validators, first.validators, "a 304 without validators keeps them");
        let sent = &origin.requests()[1];
        assert_eq!(sent.header("if-none-match"), Some(etag));
        assert_eq!(sent.header("if-modified-since"), Some(modified));
    }
}

#[tokio::test]
async fn every_document_replaces_the_validators_even_if_equal() {
    let origin = Origin::start().await;
    origin.on("/feed", Reply::ok("same").header("ETag", "\"1\"").header("Last-Modified", "x"));
    origin.on("/feed", Reply::ok("same").header("ETag", "\"2\""));
    origin.on("/feed", Reply::ok("same"));
    let (network, url) = (network(), origin.url("/feed"));
    let mut kept = None;
    let expected = [(Some("\"1\""), Some("x")), (Some("\"2\""), None), (None, None)];
    for (etag, modified) in expected {
        let mut request = feed(&url);
        request.validators = kept;
        kept = network.fetch(request).await.unwrap().validators;
        let found = kept.clone().unwrap_or_default();
        assert_eq!(found.etag.as_deref(), etag.map(str::as_bytes));
        assert_eq!(found.last_modified.as_deref(), modified.map(str::as_bytes));
    }
    assert_eq!(kept, None);
}

#[tokio::test]
async fn a_304_may_bring_new_validators() {
    let origin = Origin::start().await;
    origin.on("/feed", Reply::new(304).header("ETag", "\"new\""));
    let url = origin.url("/feed");
    let mut request = feed(&url);
    request.validators = Some(validators(url.as_str()));
    let fetched = network().fetch(request).await.unwrap();
    let kept = fetched.validators.unwrap();
    assert_eq!(kept.etag.as_deref(), Some(&b"\"new\""[..]));
    assert_eq!(kept.last_modified.as_deref(), Some(&b"old date"[..]), "what it does not replace stays");
    origin.now_on("/feed", Reply::new(304).header("Last-Modified", "new date"));
    let mut request = feed(&url);
    request.validators = Some(kept);
    let kept = network().fetch(request).await.unwrap().validators.unwrap();
    assert_eq!((kept.etag.as_deref(), kept.last_modified.as_deref()), (Some(&b"\"new\""[..]), Some(&b"new date"[..])));
}

#[tokio::test]
async fn validators_of_another_url_are_not_sent() {
    let origin = Origin::start().await;
    origin.on("/feed", Reply::ok("x"));
    for other in [origin.url("/feed?a").to_string(), origin.url("/Feed").to_string(), String::new()] {
        let mut request = feed(&origin.url("/feed"));
        request.validators = Some(validators(&other));
        network().fetch(request).await.unwrap();
    }
    assert!(origin.requests().iter().all(|seen| seen.header("if-none-match").is_none()));
}

#[tokio::test]
async fn validators_belong_to_the_end_of_a_redirect() {
    let origin = Origin::start().await;
    origin.on("/old", Reply::redirect(302, "/new"));
    origin.on("/new", Reply::ok("x").header("ETag", "\"1\""));
    origin.on("/new", Reply::new(304));
    let (network, url) = (network(), origin.url("/old"));
    let first = fetch(&network, &url).await.unwrap();
    assert_eq!(first.validators.as_ref().unwrap().url, Validators::place(origin.url("/new").as_str()));
    let mut again = feed(&url);
    again.validators = first.validators;
    assert!(matches!(network.fetch(again).await.unwrap().answer, Answer::NotModified));
    let sent: Vec<_> = origin.requests().iter().map(|seen| seen.header("if-none-match").is_some()).collect();
    assert_eq!(sent, [false, false, false, true]);
}

#[tokio::test]
async fn a_304_that_nobody_asked_for_is_an_error() {
    let origin = Origin::start().await;
    origin.on("/feed", Reply::new(304));
    let error = fetch(&network(), &origin.url("/feed")).await.unwrap_err();
    assert!(matches!(error, FetchError::Status { code: 304, .. }), "{error}");
}

#[tokio::test]
async fn freshness_is_read_by_our_clock() {
    let at = |hours| Some(now() + TimeDelta::hours(hours));
    let cases = [
        (vec![], Freshness::default()),
        (
            vec![("Cache-Control", "public, max-age=300"), ("Age", "20")],
            Freshness { max_age: Some(300), age: Some(20), expires: None },
        ),
        (
            vec![("Cache-Control", "MAX-AGE=\"60\""), ("Expires", "Tue, 24 Nov 2026 14:00:00 GMT")],
            Freshness { max_age: Some(60), age: None, expires: None },
        ),
        (
            // their clock is a day behind: two hours are two hours
            vec![("Date", "Mon, 23 Nov 2026 12:00:00 GMT"), ("Expires", "Mon, 23 Nov 2026 14:00:00 GMT")],
            Freshness { max_age: None, age: None, expires: at(2) },
        ),
        (vec![("Expires", "Tuesday, 24-Nov-26 15:00:00 GMT")], Freshness { max_age: None, age: None, expires: at(3) }),
        (vec![("Expires", "0"), ("Cache-Control", "max-age=soon"), ("Age", "-1")], Freshness::default()),
    ];
    for (headers, expected) in cases {
        let origin = Origin::start().await;
        let reply = headers.iter().fold(Reply::ok("x"), |reply, (name, value)| reply.header(name, value));
        origin.on("/feed", reply);
        let fetched = fetch(&network(), &origin.url("/feed")).await.unwrap();
        assert_eq!(fetched.freshness, expected, "{headers:?}");
    }
}

#[tokio::test]
async fn a_document_keeps_what_the_site_says_of_it() {
    let origin = Origin::start().await;
    let reply = Reply::ok("body")
        .header("Content-Type", "text/xml; charset=\"windows-1251\"")
        .header("Content-Location", "/real/feed.xml");
    origin.on("/feed?x=1", reply);
    let fetched = fetch(&network(), &origin.url("/feed?x=1#part")).await.unwrap();
    let document = document(&fetched);
    assert_eq!(&document.body[..], b"body");
    assert_eq!(document.url, origin.url("/feed?x=1"));
    assert_eq!(document.charset(), Some("windows-1251"));
    assert_eq!(document.base(), origin.url("/real/feed.xml"));
    assert_eq!(document.fetched_at, now());
}

fn validators(url: &str) -> Validators {
    Validators {
        url: Validators::place(url),
        etag: Some(b"\"old\"".to_vec()),
        last_modified: Some(b"old date".to_vec()),
    }
}
