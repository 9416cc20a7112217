//! Redirects: how far, where to, and what goes along.

use feedmill::gather::{Fetch as _, FetchError};

use super::origin::{Origin, Reply};
use super::{document, feed, fetch, network};

#[tokio::test]
async fn five_hops_are_followed_and_a_sixth_is_not() {
    let origin = Origin::start().await;
    for hop in 0..6 {
        origin.on(&format!("/{hop}"), Reply::redirect(302, &format!("/{}", hop + 1)));
    }
    origin.on("/6", Reply::ok("end"));
    let network = network();
    let fetched = fetch(&network, &origin.url("/1")).await.unwrap();
    assert_eq!(document(&fetched).url, origin.url("/6"));
    let error = fetch(&network, &origin.url("/0")).await.unwrap_err();
    assert_eq!(error.to_string(), "redirect from 127.0.0.1 not followed: more than 5 hops");
}

#[tokio::test]
async fn a_permanent_move_is_reported_as_far_as_it_is_permanent() {
    // each path: its status; where the address has moved to in the end
    let cases: [(&[u16], Option<&str>); 7] = [
        (&[301], Some("/1")),
        (&[308, 301], Some("/2")),
        (&[301, 302], Some("/1")),
        (&[302, 301], None),
        (&[307], None),
        (&[303], None),
        (&[], None),
    ];
    for (codes, expected) in cases {
        let origin = Origin::start().await;
        for (at, code) in codes.iter().enumerate() {
            origin.on(&format!("/{at}"), Reply::redirect(*code, &format!("/{}", at + 1)));
        }
        origin.on(&format!("/{}", codes.len()), Reply::ok("x"));
        let fetched = fetch(&network(), &origin.url("/0")).await.unwrap();
        assert_eq!(fetched.permanent, expected.map(|path| origin.url(path)), "{codes:?}");
    }
}

#[tokio::test]
async fn targets_that_lead_nowhere_are_refused() {
    let cases = [
        ("/loop", "it leads in a circle"),
        ("/loop#part", "it leads in a circle"),
        ("http://[::1", "its target is not an address"),
        ("", "it leads in a circle"),
    ];
    for (target, reason) in cases {
        let origin = Origin::start().await;
        origin.on("/loop", Reply::redirect(301, target));
        let error = fetch(&network(), &origin.url("/loop")).await.unwrap_err();
        let FetchError::Redirect { reason: found, .. } = error else { panic!("{error}") };
        assert_eq!(found, reason, "{target}");
    }
    let origin = Origin::start().await;
    origin.on("/none", Reply::new(301));
    let error = fetch(&network(), &origin.url("/none")).await.unwrap_err();
    assert!(error.to_string().ends_with("it names no target"), "{error}");
}

#[tokio::test]
async fn every_hop_is_guarded() {
    let targets = [
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:10.0.0.1]/",
        "http://0x0a000001/",
        "//192.168.1.1/",
        "http://user:hunter2@127.0.0.1/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "data:text/plain,secret",
    ];
    for target in targets {
        let origin = Origin::start().await;
        origin.on("/", Reply::redirect(301, target));
        let error = fetch(&network(), &origin.url("/")).await.unwrap_err();
        let is_refused = matches!(error, FetchError::ForbiddenAddress { .. } | FetchError::RefusedUrl { .. });
        assert!(is_refused, "{target}: {error}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
        assert_eq!(origin.requests().len(), 1, "{target}");
    }
}

#[tokio::test]
async fn own_headers_go_to_the_own_host_only() {
    let (home, other) = (Origin::start().await, Origin::start().await);
    home.on("/", Reply::redirect(302, "/next"));
    home.on("/next", Reply::redirect(302, other.url("/away").as_str()));
    other.on("/away", Reply::redirect(302, home.url_at("127.0.0.2", "/sibling").as_str()));
    home.on("/sibling", Reply::redirect(302, home.url("/back").as_str()));
    home.on("/back", Reply::ok("end"));
    let mut request = feed(&home.url("/"));
    request.headers = vec![("Authorization".into(), "Bearer secret".into()), ("X-Key".into(), "secret".into())];
    network().fetch(request).await.unwrap();
    let sent = |origin: &Origin| -> Vec<_> {
        let seen = origin.requests();
        seen.iter()
            .map(|seen| (seen.target.clone(), seen.header("authorization").and(seen.header("x-key")).is_some()))
            .collect()
    };
    let expected = [("/", true), ("/next", true), ("/sibling", false), ("/back", false)];
    assert_eq!(sent(&home), expected.map(|(path, is_sent)| (path.to_owned(), is_sent)));
    assert_eq!(sent(&other), [("/away".to_owned(), false)]);
}

#[tokio::test]
async fn a_header_that_cannot_be_sent_is_named_without_its_value() {
    let origin = Origin::start().await;
    let mut request = feed(&origin.url("/"));
    request.headers = vec![("X-Key".into(), "se\ncret".into())];
    let error = network().fetch(request).await.unwrap_err();
    assert!(matches!(&error, FetchError::Header { name } if name == "X-Key"));
    assert!(!error.to_string().contains("cret"), "{error}");
    assert!(origin.requests().is_empty());
}
