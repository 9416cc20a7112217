//! Answers that mean harm: each is a clear error of that source, within its limits.

use std::time::Duration;

use crate::origin::{Reply, Speaks, bomb, gzip};
use crate::outlet::small;
use crate::script::{Rule, at, forced_at};

/// A source that answers so has this trouble, the one beside it none, and it comes back when it answers well.
fn harm(name: &str, reply: Reply, told: &'static [&'static str]) -> Rule {
    Rule::new(name, move |_| {
        let words: Vec<&str> = told.iter().copied().chain(["next try"]).collect();
        vec![
            at(0)
                .answers("/feed", reply.clone())
                .answers("/feed/good", small())
                .asks("/feed")
                .asks_at("127.0.0.2", "/feed/good")
                .stands("feed", "backoff", &words)
                .stands("good", "ok", &[]),
            forced_at(200).answers("/feed", small()).asks("/feed").asks_at("127.0.0.2", "/feed/good").stands(
                "feed",
                "ok",
                &[],
            ),
        ]
    })
    .fetch("timeout = \"1s\"\nsource_timeout = \"2s\"")
    .source("feed", "/feed", "")
    .source_at("127.0.0.2", "good", ["/feed/good", ""])
}

pub fn bombs() -> Vec<Rule> {
    let zeros = vec![0_u8; 60 << 20];
    let zstd = |bytes: &[u8]| zstd::encode_all(bytes, 1).expect("memory takes all");
    let large = "is larger than 50 MiB when unpacked";
    let rows: [(&str, Vec<u8>, &str, &str); 7] = [
        ("gzip", bomb(60 << 20), "gzip", large),
        ("gzip in gzip", gzip(&bomb(60 << 20)), "gzip, gzip", large),
        ("zstd", zstd(&zeros), "zstd", large),
        ("zstd in gzip", gzip(&zstd(&zeros)), "zstd, gzip", large),
        ("brotli", BROTLI.to_vec(), "br", large),
        ("four layers", gzip(&gzip(&gzip(&gzip(b"x")))), "gzip, gzip, gzip, gzip", "cannot be unpacked"),
        ("as sent", vec![b'<'; 11 << 20], "identity", "is larger than 10 MiB as sent"),
    ];
    rows.into_iter()
        .map(|(name, body, coding, told)| {
            let told: &'static [&'static str] = Box::leak(Box::new([told]));
            harm(name, Reply::ok(body).header("Content-Encoding", coding), told).fetch("timeout = \"20s\"")
        })
        .collect()
}

/// 60 MiB of zeros, packed by brotli.
const BROTLI: &[u8] = &[
    0xcb, 0xff, 0xff, 0x3f, 0x00, 0x24, 0x00, 0xe2, 0xb1, 0x40, 0x72, 0xef, 0xff, 0xf8, 0xff, 0xff, 0x07, 0x80, 0x04,
    0x40, 0x1c, 0x16, 0x80, 0xee, 0xfd, 0x1f, 0xff, 0xff, 0xff, 0x00, 0x90, 0x00, 0x88, 0xc3, 0x02, 0xd0, 0xbd, 0xff,
    0xe3, 0xff, 0xff, 0x1f, 0x00, 0x12, 0x00, 0x71, 0x58, 0x00, 0xba, 0xf7, 0x7f, 0xfc, 0xff, 0xff, 0x03, 0x40, 0x02,
    0x20, 0x0e, 0x0b, 0x40, 0xf7, 0xfe, 0x8f, 0xff, 0xff, 0x7f, 0x00, 0x48, 0x00, 0xc4, 0x61, 0x01, 0xe8, 0xde, 0xff,
    0xf1, 0xff, 0xff, 0x0f, 0x00, 0x09, 0x80, 0x38, 0x2c, 0x00, 0xdd, 0xfb, 0xbf, 0xfc, 0xff, 0xff, 0x01, 0x20, 0x01,
    0x10, 0x87, 0x05, 0xa0, 0x7b, 0xff, 0x03,
];

pub fn endless() -> Vec<Rule> {
    let head = Reply::endless_raw("HTTP/1.1 200 OK\r\n");
    vec![
        harm("a body without end", Reply::ok("<rss>").endless(), &["127.0.0.1"]),
        harm("a head without end", head, &["too many header fields, or too long ones"]),
        harm(
            "ten thousand fields",
            Reply::raw(format!("HTTP/1.1 200 OK\r\n{}\r\n", "A: b\r\n".repeat(10_000))),
            &["too many header fields, or too long ones"],
        ),
        harm("early answers without end", Reply::raw("HTTP/1.1 100 Continue\r\n\r\n".repeat(100_000)), &["127.0.0.1"]),
    ]
}

pub fn time() -> Vec<Rule> {
    let drip = Reply::ok(vec![b'x'; 1000]).drip(Duration::from_millis(50));
    vec![
        harm("no answer", Reply::ok("x").mute(), &["127.0.0.1 did not answer within 1 s"]),
        harm("a body that stops", Reply::ok("x").silence(), &["did not finish its answer within 1 s"]),
        harm("a byte now and then", drip.clone(), &["did not finish its answer within 1 s"]),
        harm("a byte now and then, cut at the limit of the source", drip, &["within 1 s"])
            .fetch("timeout = \"30s\"\nsource_timeout = \"1s\""),
    ]
}

pub fn broken() -> Vec<Rule> {
    let ok = |rest: &str| Reply::raw(format!("HTTP/1.1 200 OK\r\n{rest}"));
    let rows: [(&str, Reply, &'static [&'static str]); 10] = [
        ("a reset in the middle", Reply::ok("<rss><channel>").reset(), &["broke off"]),
        ("shorter than announced", ok("Content-Length: 100\r\n\r\nshort"), &["broke off"]),
        ("two lengths", ok("Content-Length: 1\r\nContent-Length: 2\r\n\r\nxy"), &["127.0.0.1"]),
        ("a length that is none", ok("Content-Length: many\r\n\r\nx"), &["127.0.0.1"]),
        ("a length beyond all limits", ok("Content-Length: 99999999999\r\n\r\nx"), &["127.0.0.1"]),
        ("chunks that break off", ok("Transfer-Encoding: chunked\r\n\r\n9\r\nabc"), &["broke off"]),
        ("a chunk beyond all limits", ok("Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nx"), &["127.0.0.1"]),
        ("no HTTP", Reply::raw("SSH-2.0-OpenSSH_9.2\r\n"), &["127.0.0.1"]),
        (
            "half a gzip",
            Reply::ok(gzip(b"text")[..12].to_vec()).header("Content-Encoding", "gzip"),
            &["unpacked as gzip"],
        ),
        ("no gzip", Reply::ok("plain").header("Content-Encoding", "gzip"), &["unpacked as gzip"]),
    ];
    rows.into_iter().map(|(name, reply, told)| harm(name, reply, told)).collect()
}

pub fn tls() -> Vec<Rule> {
    let refused = |name: &str, host: &'static str, settings: &'static str| {
        Rule::new(name, move |_| {
            vec![
                at(0).answers("/feed", small()).stands("feed", "backoff", &["no trusted connection", "fetch.ca_file"]),
                at(60),
            ]
        })
        .fetch(settings)
        .secure(Speaks::Http2)
        .source_at(host, "feed", ["/feed", ""])
        .cold_outlet()
    };
    vec![
        refused("an authority that nobody knows", "127.0.0.1", ""),
        refused("a certificate of another name", "127.0.0.2", "ca_file = \"ca.pem\""),
    ]
}

pub fn redirects() -> Vec<Rule> {
    vec![Rule::of_feed("end after five", |_| {
        let mut step = at(0).answers("/feed", Reply::redirect(301, "/0"));
        for hop in 0..10_000 {
            step = step.answers(&format!("/{hop}"), Reply::redirect(301, &format!("/{}", hop + 1)));
        }
        let step = step.asks("/feed").asks("/0").asks("/1").asks("/2").asks("/3").asks("/4");
        vec![step.stands("feed", "backoff", &["not followed: more than 5 hops"])]
    })]
}
