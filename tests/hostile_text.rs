//! Five hundred documents of hostile text go the whole way, and what comes out is sound in every format.

#![expect(clippy::disallowed_methods, reason = "tests make their own files")]

#[path = "support/hostile.rs"]
mod hostile;
#[expect(dead_code, reason = "other tests use more of it")]
#[path = "support/program/mod.rs"]
mod program;
#[path = "support/strict_feed/mod.rs"]
mod strict_feed;

use std::fmt::Write as _;
use std::path::Path;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use hostile::text;

const DOCUMENTS: usize = 500;

fn address() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => text().prop_map(|text| format!("https://o.example/{text}")),
        1 => text(),
        4 => prop::sample::select(
            &[
                "https://o.example/a b", "http://bücher.example/ü?q=ä#ö", "https://пример.example/новости", "//o.example/",
                "/relative path", "http://[::1]/", "https://o.example/%zz%", "https://o.example/?a=1&b=<2>", "https://",
                "HTTPS://O.EXAMPLE:443/A", "https://u:p@o.example/", "https://o.example/a.mp3", "mailto:a@o.example",
                "urn:uuid:x", "tag:o.example,2026:1",
            ][..],
        )
        .prop_map(str::to_owned),
    ]
}

fn date() -> impl Strategy<Value = String> {
    prop::sample::select(
        &[
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59-14:00",
            "Mon, 01 Jan 0001 00:00:00 GMT",
            "99999999999999999",
            "Fri, 31 Dec 9999 23:59:60 +1400",
            "2026-02-30",
            "2026-01-05",
            "Wed, 07 Jan 2026 25:61:00 XYZ",
            "yesterday",
            "2026-01-06T10:00:00+05:45",
            "",
            "1767700000",
            "-1",
            "2026-01-07T09:00:00",
        ][..],
    )
    .prop_map(str::to_owned)
}

fn document() -> impl Strategy<Value = String> {
    let item = ([text(), text(), text(), text()], [address(), address(), address()], [date(), date()]);
    (prop::collection::vec(item, 1..4), text(), 0_u8..3).prop_map(|(items, title, format)| {
        let mut out = String::new();
        match format {
            0 => {
                let _ = write!(out, "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>{title}</title>");
                for ([title, summary, author, tag], [link, guid, media], [published, _]) in &items {
                    let _ = write!(
                        out,
                        "<item><title>{title}</title><link>{link}</link><guid>{guid}</guid><pubDate>{published}</pubDate>\
                         <description><![CDATA[{summary}]]></description><author>{author}</author><category>{tag}</category>\
                         <enclosure url=\"{media}\" type=\"{tag}\" length=\"{author}\"/></item>"
                    );
                }
                out.push_str("</channel></rss>");
            }
            1 => {
                let _ = write!(out, "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{title}\"><title>{title}</title>");
                for ([title, summary, author, tag], [link, id, media], [published, updated]) in &items {
                    let _ = write!(
                        out,
                        "<entry><title type=\"html\">{title}</title><id>{id}</id><link href=\"{link}\"/>\
                         <link rel=\"enclosure\" href=\"{media}\" type=\"audio/mpeg\"/><published>{published}</published>\
                         <updated>{updated}</updated><author><name>{author}</name><uri>{media}</uri></author>\
                         <category term=\"{tag}\"/><content type=\"html\">{summary}</content><rights>{tag}</rights></entry>"
                    );
                }
                out.push_str("</feed>");
            }
            _ => {
                // strings as careless programs write them: quotes escaped, escapes of others left as they are
                let quoted = |text: &str| text.replace('"', "\\\"").replace(['\n', '\r', '\t'], " ");
                let _ = write!(out, "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"{}\",\"items\":[", quoted(&title));
                for (number, ([title, summary, author, tag], [link, id, media], [published, modified])) in items.iter().enumerate() {
                    let [title, summary, author, tag, link, id, media] =
                        [title, summary, author, tag, link, id, media].map(|text| quoted(text));
                    let _ = write!(
                        out,
                        "{}{{\"id\":\"{id}\",\"url\":\"{link}\",\"title\":\"{title}\",\"content_html\":\"{summary}\",\
                         \"image\":\"{media}\",\"date_published\":\"{published}\",\"date_modified\":\"{modified}\",\
                         \"authors\":[{{\"name\":\"{author}\"}}],\"tags\":[\"{tag}\"],\"language\":\"{tag}\"}}",
                        if number == 0 { "" } else { "," }
                    );
                }
                out.push_str("]}");
            }
        }
        out
    })
}

#[test]
fn hostile_text_comes_out_sound() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hostile_text");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut runner = TestRunner::deterministic();
    let mut config = String::from(
        "clock = \"2026-02-01T00:00:00Z\"\n[site]\ntitle = \"T\"\nbase_url = \"https://feeds.example.org/\"\n\
         [fetch]\nreplay = \"web\"\n[[feed]]\nid = \"all\"\nitems = 100000\nbytes = \"1 GB\"\n\
         [[feed]]\nid = \"some\"\nitems = 40\nbytes = \"1 GB\"\narchives = true\n",
    );
    for number in 0..DOCUMENTS {
        let place = folder.join(format!("web/o{number}.example/feed"));
        std::fs::create_dir_all(place.parent().expect("a folder")).expect("a folder");
        let text = document().new_tree(&mut runner).expect("a document").current();
        // now and then a title of a megabyte
        let long = "\"title\":\"long ".to_owned() + &"title ".repeat(180_000);
        let text = match number % 125 {
            0 => text
                .replace("\"title\":\"", &long)
                .replace("<title>", &format!("<title>{}", "long title ".repeat(100_000))),
            _ => text,
        };
        std::fs::write(place, text).expect("a file");
        let _ = write!(config, "[[source]]\nid = \"o{number}\"\nurl = \"https://o{number}.example/feed\"\n");
    }
    std::fs::write(folder.join("feedmill.toml"), config).expect("a config");
    let ran = program::run(&folder, &["run"]);
    assert!(matches!(ran.code, Some(0 | 3)), "{:?}", ran.err.lines().last());
    let files = program::files(&folder.join("feeds"));
    assert!(files.keys().filter(|name| name.starts_with("archive/some/")).count() >= 9, "{:?}", files.keys());
    for (name, bytes) in files.iter().filter(|(name, _)| !name.starts_with("history/")) {
        let findings = strict_feed::check(name, bytes);
        assert!(findings.is_empty(), "{} findings, such as {:?}", findings.len(), &findings[..findings.len().min(5)]);
    }
    let feed: serde_json::Value = serde_json::from_slice(&files["all.json"]).expect("JSON");
    let items = feed["items"].as_array().map_or(0, Vec::len);
    assert!(items >= DOCUMENTS, "only {items} items");
}
