//! Answers that break the rules of HTTP, or never end: a clear error of that source, soon and in little memory.

use std::time::{Duration, Instant};

use feedmill::gather::{Class, Fetch as _, FetchError, Network, Request, Settings};

use super::origin::{Authority, Origin, Reply, Speaks, bomb, gzip};
use super::{document, feed, fetch, network, now, settings};

#[tokio::test]
async fn heads_have_a_limit() {
    let field = |count: usize| format!("HTTP/1.1 200 OK\r\n{}Content-Length: 1\r\n\r\nx", "A: b\r\n".repeat(count));
    let long = |size: usize| format!("HTTP/1.1 200 OK\r\nA: {}\r\nContent-Length: 1\r\n\r\nx", "b".repeat(size));
    let rows = [
        ("90 fields", Reply::raw(field(90)), true),
        ("101 fields", Reply::raw(field(101)), false),
        ("10,000 fields", Reply::raw(field(10_000)), false),
        ("a long field", Reply::raw(long(100 << 10)), true),
        ("a field of a megabyte", Reply::raw(long(1 << 20)), false),
        ("a head without end", Reply::endless_raw("HTTP/1.1 200 OK\r\n"), false),
    ];
    for (what, reply, is_read) in rows {
        let origin = Origin::start().await;
        origin.on("/", reply);
        match fetch(&network(), &origin.url("/")).await {
            Ok(fetched) => assert!(is_read && &document(&fetched).body[..] == b"x", "{what}"),
            Err(error) => {
                assert!(!is_read, "{what}: {error}");
                assert!(matches!(error, FetchError::Head { .. }), "{what}: {error}");
            }
        }
    }
}

#[tokio::test]
async fn wrong_lengths_and_broken_frames_are_errors() {
    let ok = |rest: &str| Reply::raw(format!("HTTP/1.1 200 OK\r\n{rest}"));
    let rows = [
        ("shorter than announced", ok("Content-Length: 100\r\n\r\nshort"), None),
        ("longer than announced", ok("Content-Length: 5\r\n\r\nshort and more"), Some(&b"short"[..])),
        ("no length", ok("\r\nall of it"), Some(b"all of it")),
        ("two lengths", ok("Content-Length: 1\r\nContent-Length: 2\r\n\r\nxy"), None),
        ("a length that is none", ok("Content-Length: many\r\n\r\nx"), None),
        ("a negative length", ok("Content-Length: -1\r\n\r\nx"), None),
        ("a length beyond all limits", ok("Content-Length: 99999999999\r\n\r\nx"), None),
        ("chunks", ok("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"), Some(b"abc")),
        ("chunks that break off", ok("Transfer-Encoding: chunked\r\n\r\n9\r\nabc"), None),
        ("a chunk beyond all limits", ok("Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nx"), None),
        ("a chunk that is none", ok("Transfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n"), None),
        ("no HTTP", Reply::raw("SSH-2.0-OpenSSH_9.2\r\n"), None),
        ("nothing", Reply::raw(""), None),
        ("half a head", Reply::raw("HTTP/1.1 200 OK\r\nContent-Le"), None),
        ("half a gzip", Reply::ok(gzip(b"text")[..12].to_vec()).header("Content-Encoding", "gzip"), None),
        ("no gzip", Reply::ok("plain").header("Content-Encoding", "gzip"), None),
    ];
    for (what, reply, expected) in rows {
        let origin = Origin::start().await;
        origin.on("/", reply);
        let result = fetch(&network(), &origin.url("/")).await;
        let found = result.as_ref().ok().map(|fetched| document(fetched).body.to_vec());
        assert_eq!(found.as_deref(), expected, "{what}: {:?}", result.err());
        if let Err(error) = result {
            assert!(error.to_string().contains("127.0.0.1"), "{what}: {error}");
        }
    }
}

#[tokio::test]
async fn bombs_within_bombs_end_at_the_limit() {
    let brotli = "\u{1b}"; // a stream that begins and has no end
    let zeros = vec![0_u8; 60 << 20];
    let zstd = |bytes: &[u8]| zstd::encode_all(bytes, 1).expect("memory takes all");
    let rows = [
        ("gzip", bomb(60 << 20), "gzip"),
        ("gzip in gzip", gzip(&bomb(60 << 20)), "gzip, gzip"),
        ("zstd", zstd(&zeros), "zstd"),
        ("zstd in gzip", gzip(&zstd(&zeros)), "zstd, gzip"),
        ("four layers", gzip(&gzip(&gzip(&gzip(b"x")))), "gzip, gzip, gzip, gzip"),
        ("brotli that is none", brotli.as_bytes().to_vec(), "br"),
        ("a gzip file that is announced as nothing", bomb(60 << 20), "identity"),
    ];
    for (what, body, coding) in rows {
        let origin = Origin::start().await;
        origin.on("/", Reply::ok(body).header("Content-Encoding", coding));
        let error = fetch(&network(), &origin.url("/")).await.unwrap_err();
        assert!(matches!(error, FetchError::TooLarge { .. } | FetchError::Decode { .. }), "{what}: {error}");
    }
}

#[tokio::test]
async fn a_layer_does_not_wait_for_the_memory_that_the_layer_around_it_holds() {
    // so mixed that it packs badly: both layers are above what needs no reservation
    let mixed = |index: u32| index.wrapping_mul(2_654_435_761).rotate_left(index % 31).to_le_bytes();
    let body: Vec<u8> = (0..800_000_u32).flat_map(mixed).collect();
    let origin = Origin::start().await;
    let packed = gzip(&gzip(&body));
    assert!(packed.len() > 1 << 20, "{}", packed.len());
    origin.on("/", Reply::ok(packed).header("Content-Encoding", "gzip, gzip"));
    let fetched = fetch(&network(), &origin.url("/")).await.unwrap();
    assert!(document(&fetched).body[..] == body[..]);
}

#[tokio::test]
async fn what_never_ends_costs_its_time_and_no_more() {
    let early = Reply::raw("HTTP/1.1 100 Continue\r\n\r\n".repeat(100_000));
    let rows = [
        ("no answer", Reply::ok("x").mute()),
        ("a byte now and then", Reply::ok(vec![b'x'; 10_000]).drip(Duration::from_millis(30))),
        ("a body that stops", Reply::ok("x").silence()),
        ("only early answers", early),
    ];
    for (what, reply) in rows {
        let origin = Origin::start().await;
        origin.on("/", reply);
        let timeout = Duration::from_millis(400);
        let network = Network::new(Settings { timeout, ..settings() }).unwrap();
        let began = Instant::now();
        assert!(fetch(&network, &origin.url("/")).await.is_err(), "{what}");
        assert!(began.elapsed() < timeout * 10, "{what}: {:?}", began.elapsed());
    }
}

#[tokio::test]
async fn ten_thousand_redirects_are_five() {
    let origin = Origin::start().await;
    for hop in 0..10_000 {
        origin.on(&format!("/{hop}"), Reply::redirect(301, &format!("/{}", hop + 1)));
    }
    let error = fetch(&network(), &origin.url("/0")).await.unwrap_err();
    assert!(matches!(error, FetchError::Redirect { .. }), "{error}");
    assert_eq!(origin.requests().len(), 6);
}

#[tokio::test]
async fn http_1_and_2_over_tls_are_spoken_with_who_is_trusted() {
    let folder = tempfile::tempdir().unwrap();
    let (authority, stranger) = (Authority::new(), Authority::new());
    let ca_file = folder.path().join("ca.pem");
    std::fs::write(&ca_file, authority.pem()).unwrap();
    let trusting = Network::new(Settings { ca_file: Some(ca_file), ..settings() }).unwrap();
    for (speaks, version) in [(Speaks::Http1, 11), (Speaks::Http2, 20)] {
        let origin = Origin::start_secure(&authority, speaks).await;
        origin.on("/feed", Reply::ok(gzip(b"secure")).header("ETag", "\"1\"").header("Content-Encoding", "gzip"));
        origin.on("/feed", Reply::new(304));
        origin.on("/down", Reply::redirect(301, "http://127.0.0.1/feed"));
        for host in ["127.0.0.1", "localhost"] {
            let first = fetch(&trusting, &origin.url_at(host, "/feed")).await.unwrap();
            if host == "127.0.0.1" {
                assert_eq!(&document(&first).body[..], b"secure");
                let mut again = feed(&origin.url("/feed"));
                again.validators = first.validators;
                trusting.fetch(again).await.unwrap();
            }
            origin.now_on("/feed", Reply::ok("again"));
        }
        let seen = origin.requests();
        assert!(seen.iter().all(|seen| seen.version == version), "{speaks:?}");
        assert_eq!(seen[1].header("if-none-match"), Some(&b"\"1\""[..]), "{speaks:?}");
        assert_eq!(seen[2].host, "localhost");
        let down = fetch(&trusting, &origin.url("/down")).await.unwrap_err();
        assert!(down.to_string().ends_with("it leads from https to http"), "{speaks:?}: {down}");

        let before = origin.requests().len();
        let error = fetch(&network(), &origin.url("/feed")).await.unwrap_err();
        assert!(matches!(error, FetchError::Tls { .. }), "{speaks:?}: {error}");
        let wrong_name = fetch(&trusting, &origin.url_at("127.0.0.2", "/feed")).await.unwrap_err();
        assert!(matches!(wrong_name, FetchError::Tls { .. }), "{speaks:?}: {wrong_name}");
        let other = Origin::start_secure(&stranger, speaks).await;
        let error = fetch(&trusting, &other.url("/feed")).await.unwrap_err();
        assert!(matches!(error, FetchError::Tls { .. }), "{speaks:?}: {error}");
        assert_eq!((origin.requests().len(), other.requests().len()), (before, 0), "no request was sent");
    }
}

#[tokio::test]
async fn ten_thousand_hosts_need_few_connections_at_a_time() {
    let origin = Origin::start().await;
    origin.on("/", Reply::ok("x")).on("/robots.txt", Reply::new(404));
    let network = network();
    let asks = (0..10_000).map(|number| {
        let url = origin.url_at(&format!("127.{}.{}.1", number / 250 + 1, number % 250), "/");
        // feeds close their connection, pages keep it for the next
        let class = if number % 5 == 0 { Class::Page } else { Class::Feed };
        network.fetch(Request::new(url, class, now()))
    });
    let asks = futures_util::stream::iter(asks);
    let failed = futures_util::StreamExt::buffer_unordered(asks, 1000);
    let failed: Vec<_> = futures_util::StreamExt::collect::<Vec<_>>(failed).await;
    let failed: Vec<_> = failed.into_iter().filter_map(Result::err).collect();
    assert!(failed.is_empty(), "{} failed: {:?}", failed.len(), failed.first());
    // 256 are asked at once, and 128 are kept; some end while others begin
    let most = origin.most_connections();
    assert!(most <= 700, "{most}");
}
