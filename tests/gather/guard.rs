//! Ways into private space: each is refused before a byte is sent.

use feedmill::gather::{FetchError, Network, Settings};
use url::Url;

use super::origin::{Origin, Reply};
use super::{document, fetch, settings};

/// Ways of writing loopback, and other places that are nobody's but one's own. `PORT` is the origin's.
const PLACES: &[&str] = &[
    "http://127.0.0.1:PORT/",
    "http://127.1:PORT/",
    "http://127.0.1:PORT/",
    "http://127.255.255.254:PORT/",
    "http://2130706433:PORT/",
    "http://0x7f000001:PORT/",
    "http://0x7F.0x00.0x00.0x01:PORT/",
    "http://0x7f.1:PORT/",
    "http://0177.0.0.1:PORT/",
    "http://0177.0.0.01:PORT/",
    "http://017700000001:PORT/",
    "http://00000177.0.0.1:PORT/",
    "http://127.0.0.1.:PORT/",
    "http://%31%32%37.0.0.1:PORT/",
    "http://127%2e0%2e0%2e1:PORT/",
    "http://\u{ff11}\u{ff12}\u{ff17}.0.0.1:PORT/",
    "http://\u{2460}\u{2461}\u{2466}.0.0.1:PORT/",
    "http://127\u{3002}0\u{3002}0\u{3002}1:PORT/",
    "http://0:PORT/",
    "http://0.0.0.0:PORT/",
    "http://0x0:PORT/",
    "http://[::1]:PORT/",
    "http://[0:0:0:0:0:0:0:1]:PORT/",
    "http://[::]:PORT/",
    "http://[::127.0.0.1]:PORT/",
    "http://[::7f00:1]:PORT/",
    "http://[::ffff:127.0.0.1]:PORT/",
    "http://[::ffff:7f00:1]:PORT/",
    "http://[0:0:0:0:0:ffff:127.0.0.1]:PORT/",
    "http://[::ffff:0:127.0.0.1]:PORT/",
    "http://[64:ff9b::127.0.0.1]:PORT/",
    "http://[64:ff9b::7f00:1]:PORT/",
    "http://[64:ff9b:1::7f00:1]:PORT/",
    "http://[2002:7f00:1::]:PORT/",
    "http://[2002:7f00:0001::1]:PORT/",
    "http://[2001:0:7f00:1::]:PORT/",
    "http://[fe80::1]:PORT/",
    "http://[fec0::1]:PORT/",
    "http://[fc00::1]:PORT/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://[ff02::1]:PORT/",
    "http://[2001:db8::1]/",
    "http://[100::1]/",
    "http://10.0.0.1/",
    "http://167772161/",
    "http://10.1/",
    "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://0xa9fea9fe/",
    "http://0xA9.0xFE.0xA9.0xFE/",
    "http://2852039166/",
    "http://[::ffff:169.254.169.254]/",
    "http://172.16.0.1/",
    "http://192.0.0.192/",
    "http://192.168.0.1/",
    "http://192.168.257/",
    "http://198.18.0.1/",
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://localhost:PORT/",
    "http://LOCALHOST:PORT/",
    "http://localhost.:PORT/",
    "http://\u{24db}ocalhost:PORT/",
    "http://user@127.0.0.1:PORT/",
    "http://user:hunter2@localhost:PORT/",
    "http://1.1.1.1@127.0.0.1:PORT/",
    "http://127.0.0.1:PORT#@1.1.1.1/",
    "http://127.0.0.1:PORT\\@1.1.1.1/",
    "http://127.0.0.1:PORT/#fragment",
    "http:127.0.0.1:PORT/",
    "http:\\\\127.0.0.1:PORT\\",
    "https://127.0.0.1:PORT/",
    "ftp://127.0.0.1:PORT/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:PORT/",
    "data:text/xml,<rss/>",
];

fn places(origin: &Origin) -> impl Iterator<Item = String> {
    let port = origin.url("/").port().expect("a port").to_string();
    PLACES.iter().map(move |place| place.replace("PORT", &port))
}

fn is_refusal(error: &FetchError) -> bool {
    matches!(error, FetchError::ForbiddenAddress { .. } | FetchError::RefusedUrl { .. })
}

#[tokio::test]
async fn no_notation_reaches_private_space() {
    let origin = Origin::start().await;
    let closed = Network::new(Settings { allow: Vec::new(), ..settings() }).unwrap();
    let mut count = 0;
    for place in places(&origin) {
        // what the parser of addresses refuses goes nowhere either
        let Ok(url) = place.parse::<Url>() else { continue };
        let error = fetch(&closed, &url).await.unwrap_err();
        // not every system looks up a name with a dot at its end
        let is_unknown = place.contains("localhost.:") && matches!(error, FetchError::Dns { .. });
        assert!(is_refusal(&error) || is_unknown, "{place}: {error}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
        count += 1;
    }
    assert!(count >= 60, "{count}");
    assert_eq!(origin.connections(), 0, "not a byte was sent");
}

#[tokio::test]
async fn no_redirect_leads_into_private_space() {
    // only the first hop's own address is open
    let home = "127.7.7.7";
    let open = Network::new(Settings { allow: vec![home.parse().unwrap()], ..settings() }).unwrap();
    // without slashes it would be a path of the same host
    for place in places(&Origin::start().await).filter(|place| !place.starts_with("http:1")) {
        let (gate, target) = (Origin::start().await, Origin::start().await);
        let old = place.parse::<Url>().ok().and_then(|url| url.port());
        let port = target.url("/").port().expect("a port").to_string();
        let place = old.map_or(place.clone(), |old| place.replace(&old.to_string(), &port));
        // through one more hop, of each kind
        gate.on("/", Reply::redirect(301, "/next")).on("/next", Reply::redirect(307, &place));
        let error = fetch(&open, &gate.url_at(home, "/")).await.unwrap_err();
        let is_unknown = place.contains("localhost.:") && matches!(error, FetchError::Dns { .. });
        let is_refused = is_refusal(&error) || is_unknown || matches!(error, FetchError::Redirect { .. });
        assert!(is_refused, "{place}: {error}");
        assert_eq!((gate.requests().len(), target.connections()), (2, 0), "{place}");
    }
}

#[tokio::test]
async fn allow_opens_exactly_what_it_names() {
    // entry, host, open
    let rows = [
        ("127.0.0.0/8", "127.0.0.1", true),
        ("127.0.0.0/8", "127.200.3.4", true),
        ("127.0.0.0/8", "localhost", true),
        ("127.0.0.0/8", "[::ffff:127.0.0.1]", true),
        ("127.0.0.0/8", "2130706433", true),
        ("127.0.0.0/8", "0.0.0.0", false),
        ("127.0.0.0/8", "[64:ff9b::7f00:1]", false),
        ("127.0.0.0/8", "[2002:7f00:1::]", false),
        ("127.0.0.1", "127.0.0.1", true),
        ("127.0.0.1", "127.0.0.2", false),
        ("127.0.0.2/31", "127.0.0.3", true),
        ("127.0.0.2/31", "127.0.0.4", false),
        ("10.0.0.0/8", "127.0.0.1", false),
        ("::1", "127.0.0.1", false),
        ("localhost", "localhost", true),
        ("LocalHost.", "LOCALHOST", true),
        // a name opens that name, not the address behind it
        ("localhost", "127.0.0.1", false),
        ("other.example", "localhost", false),
        ("host", "localhost", false),
    ];
    let origin = Origin::start().await;
    origin.on("/", Reply::ok("open"));
    for (entry, host, is_open) in rows {
        let network = Network::new(Settings { allow: vec![entry.parse().unwrap()], ..settings() }).unwrap();
        let before = origin.connections();
        let result = fetch(&network, &origin.url_at(host, "/")).await;
        let expected = if is_open { "open" } else { "" };
        let found = result.as_ref().map(|fetched| document(fetched).body.clone()).unwrap_or_default();
        assert_eq!(&found[..], expected.as_bytes(), "{entry} {host}: {:?}", result.err());
        assert_eq!(origin.connections() - before, usize::from(is_open), "{entry} {host}");
    }
}
