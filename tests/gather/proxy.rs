//! Requests through a proxy, and what is left of the guard then.

use feedmill::gather::{FetchError, Network, Settings};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::origin::{Origin, Reply};
use super::{document, fetch, settings};

fn through(proxy: String, allow: &[&str]) -> Network {
    let allow = allow.iter().map(|range| range.parse().unwrap()).collect();
    Network::new(Settings { proxy: Some(proxy), allow, ..settings() }).unwrap()
}

#[tokio::test]
async fn an_http_proxy_is_asked_for_everything_and_literals_are_guarded_all_the_same() {
    let proxy = Origin::start().await;
    proxy.on("http://news.example/feed", Reply::redirect(302, "http://10.0.0.1/secret"));
    let network = through(proxy.url("").to_string(), &[]);
    let error = fetch(&network, &"http://news.example/feed".parse().unwrap()).await.unwrap_err();
    assert!(matches!(error, FetchError::ForbiddenAddress { .. }), "{error}");
    for url in ["http://127.0.0.1/", "http://[::1]/", "http://2130706433/", "http://user@news.example/"] {
        assert!(fetch(&network, &url.parse().unwrap()).await.is_err(), "{url}");
    }
    assert_eq!(proxy.requests().len(), 1);
}

/// A SOCKS 5 proxy that leads every request to one place, and tells what it was asked for.
async fn socks(place: std::net::SocketAddr) -> (String, tokio::task::JoinHandle<Option<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let serving = tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.ok()?;
        let mut greeting = [0; 2];
        client.read_exact(&mut greeting).await.ok()?;
        let mut methods = vec![0; greeting[1].into()];
        client.read_exact(&mut methods).await.ok()?;
        client.write_all(&[5, 0]).await.ok()?;
        let mut head = [0; 4];
        client.read_exact(&mut head).await.ok()?;
        let length = match head[3] {
            1 => 4,
            4 => 16,
            _ => client.read_u8().await.ok()?.into(),
        };
        let mut host = vec![0; length];
        client.read_exact(&mut host).await.ok()?;
        client.read_u16().await.ok()?;
        client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.ok()?;
        #[expect(clippy::disallowed_methods, reason = "the proxy of a test connects by itself")]
        let mut site = TcpStream::connect(place).await.ok()?;
        let _ = tokio::io::copy_bidirectional(&mut client, &mut site).await;
        Some(host)
    });
    (address, serving)
}

#[tokio::test]
async fn socks5_looks_names_up_here_under_guard_and_socks5h_leaves_them_to_the_proxy() {
    let origin = Origin::start().await;
    origin.on("/feed", Reply::ok("by proxy"));
    let place = std::net::SocketAddr::from(([127, 0, 0, 1], origin.url("/").port().unwrap()));
    // scheme, allowed, whether it is asked, and for what
    let rows = [
        ("socks5", &["127.0.0.0/8"][..], Some(&[127, 0, 0, 1][..])),
        ("socks5", &[][..], None),
        ("socks5h", &[][..], Some(&b"localhost"[..])),
    ];
    for (scheme, allow, expected) in rows {
        let (address, serving) = socks(place).await;
        let network = through(format!("{scheme}://{address}"), allow);
        let result = fetch(&network, &"http://localhost/feed".parse().unwrap()).await;
        match (expected, &result) {
            (Some(_), Ok(fetched)) => assert_eq!(&document(fetched).body[..], b"by proxy"),
            (None, Err(error)) => assert!(matches!(error, FetchError::ForbiddenAddress { .. }), "{error:?}"),
            (_, result) => panic!("{scheme} {allow:?}: {:?}", result.as_ref().err()),
        }
        drop(network);
        if expected.is_none() {
            serving.abort();
        }
        let asked = serving.await.ok().flatten();
        assert_eq!(asked.as_deref(), expected, "{scheme} {allow:?}");
    }
}
