//! Compression and caps.

use feedmill::gather::{Class, Fetch as _, FetchError, Measure, Request};

use super::origin::{Origin, Reply, bomb, gzip};
use super::{document, fetch, network, now};

const TEXT: &[u8] = b"the same words again and again and again and again, the same words";
/// `TEXT`, packed by brotli.
const BROTLI: &[u8] = &[
    0x1b, 0x41, 0x00, 0xe0, 0x24, 0x41, 0x58, 0xe8, 0x60, 0x03, 0x0e, 0x1c, 0x82, 0x20, 0xd5, 0x45, 0x6e, 0x85, 0xa7,
    0xd4, 0x62, 0x85, 0x18, 0x79, 0x08, 0x37, 0x3e, 0x0b,
];

#[tokio::test]
async fn every_coding_is_unpacked() {
    let read = |mut packer: Box<dyn std::io::Read>| {
        let mut packed = Vec::new();
        packer.read_to_end(&mut packed).unwrap();
        packed
    };
    let zlib = read(Box::new(flate2::read::ZlibEncoder::new(TEXT, flate2::Compression::fast())));
    let raw = read(Box::new(flate2::read::DeflateEncoder::new(TEXT, flate2::Compression::fast())));
    let zstd = zstd::encode_all(TEXT, 3).unwrap();
    let cases: [(&str, Vec<u8>, &[u8]); 14] = [
        ("identity", TEXT.to_vec(), TEXT),
        ("", TEXT.to_vec(), TEXT),
        ("utf-8", TEXT.to_vec(), TEXT),
        ("gzip", gzip(TEXT), TEXT),
        ("GZip", gzip(TEXT), TEXT),
        ("x-gzip", gzip(TEXT), TEXT),
        ("gzip", [gzip(&TEXT[..10]), gzip(&TEXT[10..])].concat(), TEXT),
        ("gzip", [gzip(TEXT), b"\0\0\0 padding".to_vec()].concat(), TEXT),
        ("deflate", zlib, TEXT),
        ("deflate", raw, TEXT),
        ("br", BROTLI.to_vec(), TEXT),
        ("zstd", [zstd.clone(), zstd].concat(), &[TEXT, TEXT].concat()),
        ("gzip, gzip", gzip(&gzip(TEXT)), TEXT),
        ("gzip", Vec::new(), b""),
    ];
    for (coding, packed, expected) in cases {
        let origin = Origin::start().await;
        origin.on("/feed", Reply::ok(packed).header("Content-Encoding", coding));
        let fetched = fetch(&network(), &origin.url("/feed")).await.unwrap_or_else(|error| panic!("{coding}: {error}"));
        assert_eq!(&document(&fetched).body[..], expected, "{coding}");
    }
}

#[tokio::test]
async fn a_body_that_is_gzip_by_itself_is_unpacked() {
    let origin = Origin::start().await;
    origin.on("/sitemap.xml.gz", Reply::ok(gzip(TEXT)).header("Content-Type", "application/gzip"));
    let fetched = fetch(&network(), &origin.url("/sitemap.xml.gz")).await.unwrap();
    assert_eq!(&document(&fetched).body[..], TEXT);
}

#[tokio::test]
async fn a_large_body_arrives_whole_in_any_coding() {
    // three megabytes that do not repeat: beyond what needs no reservation, in many pieces
    let mut state = 1_u32;
    let large: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        b'a' + u8::try_from(state >> 28).unwrap()
    })
    .take(3 << 20)
    .collect();
    let cases =
        [("identity", large.clone()), ("gzip", gzip(&large)), ("zstd", zstd::encode_all(&large[..], 1).unwrap())];
    for (coding, packed) in cases {
        let origin = Origin::start().await;
        origin.on("/feed", Reply::ok(packed).header("Content-Encoding", coding));
        let fetched = fetch(&network(), &origin.url("/feed")).await.unwrap();
        assert!(document(&fetched).body == large, "{coding}");
    }
}

#[tokio::test]
async fn a_body_that_is_not_what_it_says_is_an_error() {
    let whole = gzip(TEXT);
    let cases: [(&str, &[u8]); 7] = [
        ("gzip", TEXT),
        ("gzip", &whole[..whole.len() - 9]),
        ("gzip", &whole[..10]),
        ("br", TEXT),
        ("zstd", TEXT),
        ("compress", TEXT),
        ("gzip, gzip, gzip, gzip", TEXT),
    ];
    for (coding, body) in cases {
        let origin = Origin::start().await;
        origin.on("/feed", Reply::ok(body).header("Content-Encoding", coding));
        let error = fetch(&network(), &origin.url("/feed")).await.unwrap_err();
        assert!(matches!(error, FetchError::Decode { .. }), "{coding}: {error}");
    }
}

#[tokio::test]
async fn caps_hold_at_the_byte() {
    const MIB: usize = 1 << 20;
    let cases = [
        (Class::Page, 5 * MIB, None, true),
        (Class::Page, 5 * MIB + 1, None, false),
        (Class::Feed, 10 * MIB, None, true),
        (Class::Feed, 10 * MIB + 1, None, false),
        (Class::Page, 20 * MIB, Some("gzip"), true),
        (Class::Page, 20 * MIB + 1, Some("gzip"), false),
        (Class::Feed, 50 * MIB, Some("gzip"), true),
        (Class::Feed, 50 * MIB + 1, Some("gzip"), false),
    ];
    for (class, size, coding, is_within) in cases {
        let origin = Origin::start().await;
        let reply = match coding {
            Some(coding) => Reply::ok(bomb(size)).header("Content-Encoding", coding),
            None => Reply::ok(vec![b'x'; size]),
        };
        origin.on("/", reply);
        let result = network().fetch(Request::new(origin.url("/"), class, now())).await;
        match result {
            Ok(fetched) => assert!(is_within && document(&fetched).body.len() == size, "{class:?} {size}"),
            Err(FetchError::TooLarge { measure, .. }) => {
                assert!(!is_within, "{class:?} {size}");
                assert_eq!(measure, if coding.is_some() { Measure::Unpacked } else { Measure::Packed });
            }
            Err(error) => panic!("{error}"),
        }
    }
}

#[tokio::test]
async fn a_body_without_end_is_cut_off() {
    let origin = Origin::start().await;
    origin.on("/", Reply::ok(vec![b'x'; 1 << 16]).endless());
    let error = network().fetch(Request::new(origin.url("/"), Class::Page, now())).await.unwrap_err();
    assert!(matches!(error, FetchError::TooLarge { limit: 5_242_880, measure: Measure::Packed, .. }), "{error}");
    assert_eq!(error.to_string(), "the body from 127.0.0.1 is larger than 5 MiB as sent");
}

#[tokio::test]
async fn large_bodies_wait_for_each_other_and_all_arrive() {
    let origin = Origin::start().await;
    // each may need 50 of the 64 MiB that all share
    origin.on("/", Reply::ok(bomb(2 << 20)).header("Content-Encoding", "gzip"));
    let network = network();
    let fetches = (0..12).map(|at| fetch_and_drop(&network, origin.url_at(&format!("127.0.1.{at}"), "/")));
    let sizes = futures_util::future::join_all(fetches).await;
    assert_eq!(sizes, [2 << 20; 12]);
}

async fn fetch_and_drop(network: &feedmill::gather::Network, url: url::Url) -> usize {
    document(&fetch(network, &url).await.unwrap()).body.len()
}
