//! Errors that a scheduler can tell apart, in words for people.

use std::time::Duration;

use feedmill::gather::{FetchError, Network, Phase, Refusal, Settings, Wall};

use tokio::io::AsyncWriteExt as _;

use super::origin::{Origin, Reply};
use super::{fetch, network, settings};

#[tokio::test]
async fn a_pause_that_a_site_asks_for_is_read() {
    let seconds = |seconds| Some(Duration::from_secs(seconds));
    let cases = [
        (429, vec![("Retry-After", "120")], seconds(120)),
        (503, vec![("Retry-After", " 7 ")], seconds(7)),
        (503, vec![("Retry-After", "Tue, 24 Nov 2026 12:30:00 GMT")], seconds(1800)),
        (
            503,
            // an hour by their clock, which runs a year late
            vec![("Date", "Mon, 24 Nov 2025 09:00:00 GMT"), ("Retry-After", "Mon, 24 Nov 2025 10:00:00 GMT")],
            seconds(3600),
        ),
        (503, vec![("Retry-After", "Monday, 24-Nov-25 10:00:00 GMT")], seconds(0)),
        (503, vec![("Retry-After", "soon")], None),
        (429, vec![("Retry-After", "-5")], None),
        (500, vec![], None),
    ];
    for (code, headers, expected) in cases {
        let origin = Origin::start().await;
        origin.on("/", headers.iter().fold(Reply::new(code), |reply, (name, value)| reply.header(name, value)));
        match fetch(&network(), &origin.url("/")).await {
            Err(FetchError::Status { code: found, retry_after, .. }) => {
                assert_eq!((found, retry_after), (code, expected), "{headers:?}");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn statuses_have_words() {
    let cases = [
        (404, "127.0.0.1 answered 404 Not Found"),
        (204, "127.0.0.1 answered 204 No Content"),
        (206, "127.0.0.1 answered 206 Partial Content"),
        (300, "127.0.0.1 answered 300 Multiple Choices"),
        (599, "127.0.0.1 answered 599"),
        (401, "127.0.0.1 answered 401 Unauthorized with a request to log in"),
        (410, "127.0.0.1 answered 410 Gone: the document was removed for good"),
    ];
    for (code, expected) in cases {
        let origin = Origin::start().await;
        origin.on("/", Reply::new(code));
        let error = fetch(&network(), &origin.url("/")).await.unwrap_err();
        assert_eq!(error.to_string(), expected);
        assert_eq!(matches!(error, FetchError::Gone { .. }), code == 410);
    }
}

#[tokio::test]
async fn refusals_are_told_apart() {
    let wall = |wall, vendor| Some(Refusal { wall, vendor });
    let mark = |code, name: &str, value: &str| Reply::new(code).header(name, value);
    let page = |code, text: &str| Reply::new(code).body(text);
    let cases = [
        (mark(403, "cf-mitigated", "challenge"), wall(Wall::Challenge, Some("Cloudflare"))),
        (mark(503, "cf-mitigated", "challenge"), wall(Wall::Challenge, Some("Cloudflare"))),
        (mark(202, "x-amzn-waf-action", "challenge"), wall(Wall::Challenge, Some("AWS WAF"))),
        (mark(405, "x-amzn-waf-action", "captcha"), wall(Wall::Challenge, Some("AWS WAF"))),
        (mark(403, "X-DataDome", "protected"), wall(Wall::Challenge, Some("DataDome"))),
        (mark(403, "X-Vercel-Mitigated", "deny"), wall(Wall::Firewall, Some("Vercel"))),
        (mark(403, "X-Sucuri-Block", "GEO02"), wall(Wall::Firewall, Some("Sucuri"))),
        (mark(403, "Server", "AkamaiGHost"), wall(Wall::Firewall, Some("Akamai"))),
        (page(403, "<title>Just a moment...</title>"), wall(Wall::Challenge, Some("Cloudflare"))),
        (page(503, "<title>Just a moment...</title>"), wall(Wall::Challenge, Some("Cloudflare"))),
        (page(403, "<script src=https://geo.captcha-delivery.com/x>"), wall(Wall::Challenge, Some("DataDome"))),
        (page(403, "<div id=\"px-captcha\">"), wall(Wall::Challenge, Some("HUMAN"))),
        (page(403, "Solve this CAPTCHA"), wall(Wall::Challenge, None)),
        (page(403, "Sorry, you have been BLOCKED"), wall(Wall::Firewall, Some("Cloudflare"))),
        (page(403, "The page was stopped by mod_security"), wall(Wall::Firewall, None)),
        (page(403, "Please <a>log in</a>"), wall(Wall::Login, None)),
        (page(401, "no"), wall(Wall::Login, None)),
        (page(403, "Automated access is not allowed, see robots.txt"), wall(Wall::Robots, None)),
        (mark(403, "WWW-Authenticate", "Basic"), wall(Wall::Login, None)),
        (page(403, "Forbidden"), None),
        (Reply::new(403).body(vec![b'x'; 1 << 20]), None),
        (Reply::new(403).body(vec![0xff; 100]).header("Content-Encoding", "gzip"), None),
        // a site that is down and shows a login link is down, and one with a captcha in its form is not at war
        (page(503, "Back soon. Log in. captcha"), None),
        (page(404, "<title>Just a moment...</title>"), None),
    ];
    for (reply, expected) in cases {
        let origin = Origin::start().await;
        origin.on("/", reply.clone());
        match fetch(&network(), &origin.url("/")).await {
            Err(FetchError::Status { refusal, .. }) => assert_eq!(refusal, expected, "{reply:?}"),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_slow_site_costs_its_time_out_and_no_more() {
    let cases = [
        (Reply::ok("x").mute(), Phase::Answer),
        (Reply::ok("x").silence(), Phase::Body),
        (Reply::ok(vec![b'x'; 10_000]).drip(Duration::from_millis(10)), Phase::Body),
    ];
    let network = Network::new(Settings { timeout: Duration::from_millis(200), ..settings() }).unwrap();
    for (reply, expected) in cases {
        let origin = Origin::start().await;
        origin.on("/", reply);
        let error = fetch(&network, &origin.url("/")).await.unwrap_err();
        let FetchError::Timeout { phase, after, .. } = &error else { panic!("{error}") };
        assert_eq!((*phase, after.as_millis()), (expected, 200));
    }
}

#[tokio::test]
async fn a_time_out_counts_all_hops_together() {
    let origin = Origin::start().await;
    for hop in 0..4 {
        let reply = Reply::redirect(302, &format!("/{}", hop + 1)).body("x".repeat(9)).drip(Duration::from_secs(1));
        origin.on(&format!("/{hop}"), reply);
    }
    origin.on("/4", Reply::ok("x").mute());
    let network = Network::new(Settings { timeout: Duration::from_millis(200), ..settings() }).unwrap();
    let error = fetch(&network, &origin.url("/0")).await.unwrap_err();
    assert!(matches!(error, FetchError::Timeout { .. }), "{error}");
}

#[tokio::test]
async fn a_broken_connection_is_no_document() {
    let origin = Origin::start().await;
    origin.on("/reset", Reply::ok("<rss>").reset());
    let error = fetch(&network(), &origin.url("/reset")).await.unwrap_err();
    assert!(matches!(error, FetchError::Io { .. }), "{error}");
    assert_eq!(origin.requests().len(), 1, "what was answered is not asked again");
}

#[tokio::test]
async fn a_connection_that_never_came_about_is_tried_twice() {
    // a port that was free a moment ago: nobody listens
    let port = Origin::start().await.url("/").port().unwrap();
    let delay = Duration::from_millis(50);
    let network = Network::new(Settings { host_delay: delay, ..settings() }).unwrap();
    let began = std::time::Instant::now();
    let url = format!("http://127.0.0.9:{port}/feed?token=secret").parse().unwrap();
    let error = fetch(&network, &url).await.unwrap_err();
    assert!(matches!(error, FetchError::Connect { .. }), "{error:?}");
    assert!(began.elapsed() >= delay, "the second try is polite too");
    assert!(!error.to_string().contains("secret"), "{error}");
}

#[tokio::test]
async fn names_are_guarded_after_they_are_resolved() {
    let origin = Origin::start().await;
    origin.on("/", Reply::ok("secret"));
    let closed = Network::new(Settings { allow: Vec::new(), ..settings() }).unwrap();
    let url = origin.url_at("localhost", "/");
    let error = fetch(&closed, &url).await.unwrap_err();
    assert!(matches!(error, FetchError::ForbiddenAddress { .. }), "{error:?}");
    assert!(error.to_string().contains("fetch.allow"), "{error}");
    assert!(origin.requests().is_empty());
    for allow in ["127.0.0.0/8", "localhost", "LocalHost."] {
        let open = Network::new(Settings { allow: vec![allow.parse().unwrap()], ..settings() }).unwrap();
        fetch(&open, &url).await.unwrap();
    }
    let other = Network::new(Settings { allow: vec!["other.example".parse().unwrap()], ..settings() }).unwrap();
    assert!(fetch(&other, &url).await.is_err());
}

#[tokio::test]
async fn a_name_without_address_is_a_dns_error() {
    let error = fetch(&network(), &"http://no-such-host.invalid/".parse().unwrap()).await.unwrap_err();
    assert!(matches!(error, FetchError::Dns { .. }), "{error:?}");
}

#[tokio::test]
async fn plain_text_on_a_tls_port_is_a_tls_error() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap()).parse().unwrap();
    let site = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        socket.write_all(b"HTTP/1.1 400 Plain text\r\n\r\n").await.unwrap();
        socket
    });
    let error = fetch(&network(), &url).await.unwrap_err();
    assert!(matches!(error, FetchError::Tls { .. }), "{error:?}");
    drop(site.await.unwrap());
}
