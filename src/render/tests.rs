use super::*;
use crate::model::{
    Article, Bound, Claim, FeedInfo, History, HistoryItem, HistorySource, Item, RawArticle, SiteInfo, Text,
    archive_path,
};

pub(super) fn snapshot() -> FeedSnapshot {
    let at = chrono::DateTime::parse_from_rfc3339("2026-11-24T08:00:00+05:00").expect("a date");
    let dated =
        crate::model::Dated { at, precision: crate::model::Precision::Day, zone: crate::model::ZoneFrom::Source };
    let item = Item {
        uid: "https://o.example/1".into(),
        url: Some("https://o.example/1?a=1&b=2".into()),
        external_url: None,
        title: "Fish & chips <b>".into(),
        titled: true,
        authors: vec![crate::model::Person { name: Some("A & B".into()), ..Default::default() }],
        date_published: dated,
        undated: false,
        date_modified: None,
        first_seen: at.with_timezone(&chrono::Utc),
        language: Some("kk".into()),
        summary: Some("One < two".into()),
        content_html: Some(crate::markup::clean("<p>Text &amp; more</p>", None)),
        content_text: Some("Text & more".into()),
        image: Some(Box::new(crate::model::Image {
            url: "https://o.example/a.jpg?x&y".into(),
            width: Some(0),
            height: Some(9),
            caption: Some("Caption & all".into()),
            credit: Some("Photographer".into()),
            ..Default::default()
        })),
        attachments: vec![
            crate::model::Attachment { url: "https://o.example/a.pdf".into(), ..Default::default() },
            crate::model::Attachment {
                url: "https://o.example/a.mp3".into(),
                size_in_bytes: Some(7_000_000),
                duration_in_seconds: Some(1_234),
                ..Default::default()
            },
        ],
        tags: vec!["a".into(), "a".into(), "b&b".into()],
        section: Some("World".into()),
        rights: Some(Box::new(crate::model::Rights {
            copyright: Some("© Outlet".into()),
            license: Some("https://o.example/licence".into()),
            usage: vec!["noarchive".into()],
        })),
        outlet: "o.example".into(),
        source: std::sync::Arc::new(crate::model::ItemSource {
            id: "o".into(),
            title: "Outlet".into(),
            url: "https://o.example/feed".into(),
            home_page_url: Some("https://o.example/".into()),
        }),
        also_at: vec![crate::model::AlsoAt {
            outlet: "Other".into(),
            title: "T".into(),
            url: "https://x.example/".into(),
        }],
    };
    let formats = vec![Format::Rss, Format::Atom, Format::Json, Format::Html];
    FeedSnapshot {
        site: SiteInfo { title: "Site".into(), base_url: "https://f.example/".into(), ..SiteInfo::default() },
        feed: FeedInfo {
            id: "world".into(),
            urn: "urn:uuid:5f2b3a94-6a53-5a3c-9d8e-0123456789ab".into(),
            title: "World".into(),
            language: Some("en".into()),
            icon: Some("https://f.example/icon.png".into()),
            formats,
            pictures: true,
            ..FeedInfo::default()
        },
        items: std::sync::Arc::new(vec![item]),
        updated: Some(at),
        troubles: Vec::new(),
        archive: None,
        previous: std::collections::BTreeMap::new(),
    }
}

fn text(format: Format) -> String {
    let mut bytes = Vec::new();
    render(format, &snapshot(), &mut bytes).expect("memory takes every byte");
    String::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn every_cell_of_the_mapping_is_there() {
    let cases: [(Format, &[&str]); 4] = [
        (
            Format::Rss,
            &[
                "<title>Fish &#x26; chips &#x3C;b&gt;</title>",
                "<link>https://o.example/1?a=1&amp;b=2</link>",
                "<guid isPermaLink=\"false\">https://o.example/1</guid>",
                "<pubDate>Tue, 24 Nov 2026 08:00:00 +0500</pubDate>",
                "<lastBuildDate>Tue, 24 Nov 2026 08:00:00 +0500</lastBuildDate>",
                "<dc:creator>A &amp; B</dc:creator>",
                "<dc:language>kk</dc:language>",
                "<dc:rights>© Outlet</dc:rights>",
                "<source url=\"https://o.example/feed\">Outlet</source>",
                "<description><![CDATA[One &lt; two]]></description>",
                "<content:encoded><![CDATA[<p>Text &amp; more</p><p>Also at: <a href=\"https://x.example/\">Other</a></p>]]>",
                "<dc:rights>https://o.example/licence</dc:rights>",
                "<enclosure url=\"https://o.example/a.mp3\" length=\"7000000\" type=\"audio/mpeg\"",
                "<media:content duration=\"1234\" fileSize=\"7000000\" type=\"audio/mpeg\" url=\"https://o.example/a.mp3\">",
                "<media:content height=\"9\" medium=\"image\" url=\"https://o.example/a.jpg?x&amp;y\">",
                "<media:description>Caption &amp; all</media:description>",
                "<media:credit>Photographer</media:credit>",
                "<media:content type=\"application/pdf\" url=\"https://o.example/a.pdf\">",
                "<atom:link href=\"https://f.example/world.rss\" rel=\"self\" type=\"application/rss+xml\"/>",
                "<generator>Feedmill</generator>",
                "<category>b&amp;b</category>",
            ],
        ),
        (
            Format::Atom,
            &[
                "<id>urn:uuid:5f2b3a94-6a53-5a3c-9d8e-0123456789ab</id>",
                "<title xml:lang=\"kk\">Fish &amp; chips &lt;b&gt;</title>",
                "<id>https://o.example/1</id>",
                "<updated>2026-11-24T08:00:00+05:00</updated>",
                "<published>2026-11-24T08:00:00+05:00</published>",
                "<name>A &amp; B</name>",
                "<link href=\"https://o.example/feed\" rel=\"self\"/>",
                "<summary xml:lang=\"kk\" type=\"html\">One &amp;lt; two</summary>",
                "<content xml:lang=\"kk\" type=\"html\">&lt;p&gt;Text &amp;amp; more&lt;/p&gt;",
                "<link href=\"https://o.example/a.mp3\" rel=\"enclosure\" type=\"audio/mpeg\" length=\"7000000\"/>",
                "<media:content duration=\"1234\" type=\"audio/mpeg\" url=\"https://o.example/a.mp3\">",
                "<link href=\"https://o.example/licence\" rel=\"license\"/>",
                "<rights>© Outlet</rights>",
                "<link href=\"https://o.example/a.pdf\" rel=\"enclosure\" type=\"application/pdf\"/>",
                "url=\"https://o.example/a.jpg?x&amp;y\"",
                "<link href=\"https://f.example/world.atom\" rel=\"self\" type=\"application/atom+xml\"/>",
                "<link href=\"https://x.example/\" rel=\"related\" title=\"T\"/>",
                "<generator>Feedmill</generator>",
                "<category term=\"b&amp;b\"",
            ],
        ),
        (
            Format::Json,
            &[
                "\"id\": \"https://o.example/1\"",
                "\"date_published\": \"2026-11-24T08:00:00+05:00\"",
                "\"date_precision\": \"day\"",
                "\"content_html\": \"<p>Text &amp; more</p>\"",
                "\"summary\": \"One < two\"",
                "\"caption\": \"Caption & all\"",
                "\"credit\": \"Photographer\"",
                "\"feed_url\": \"https://f.example/world.json\"",
                "\"home_page_url\": \"https://f.example/world.html\"",
                "\"mime_type\": \"audio/mpeg\"",
                "\"size_in_bytes\": 7000000",
                "\"duration_in_seconds\": 1234",
                "\"license\": \"https://o.example/licence\"",
                "\"noarchive\"",
                "\"section\": \"World\"",
                "\"outlet\": \"Other\"",
            ],
        ),
        (
            Format::Html,
            &[
                "<html lang=\"en\" dir=\"ltr\">",
                "<link rel=\"alternate\" type=\"application/atom+xml\" title=\"World (Atom)\" href=\"https://f.example/world.atom\">",
                "lang=\"kk\" dir=\"ltr\" class=\"pictured\">",
                "<time datetime=\"2026-11-24\">24 November 2026</time>",
                "<p>Text &amp; more</p>",
                "Fish &amp; chips &lt;b&gt;",
                "<bdi class=\"outlet\">Outlet</bdi>",
                "Caption &amp; all <span class=\"credit\">Photographer</span></figcaption>",
                "<a href=\"https://x.example/\"><bdi>Other</bdi></a>",
                "<li><a href=\"https://f.example/world.rss\" type=\"application/rss+xml\">RSS</a></li>",
            ],
        ),
    ];
    for (format, parts) in cases {
        let text = text(format);
        for part in parts {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
    }
    assert!(!text(Format::Rss).contains("width=") && !text(Format::Rss).contains("cloud"));
    assert!(!text(Format::Html).contains("<script"));
}

#[test]
fn hubs_and_archives_are_named_in_every_format() {
    let mut main = snapshot();
    main.feed.hub = Some("https://hub.example/".into());
    let archived = |number: u32| {
        [Format::Rss, Format::Atom, Format::Json].map(|format| (format, archive_path("world", number, format)))
    };
    main.previous = archived(3).into();
    let archive = FeedSnapshot { archive: Some(3), previous: archived(2).into(), ..main.clone() };
    let text = |format, snapshot: &FeedSnapshot| {
        let mut bytes = Vec::new();
        render(format, snapshot, &mut bytes).expect("memory takes every byte");
        String::from_utf8(bytes).expect("UTF-8")
    };
    let site = "https://f.example";
    for (format, kind, prefix) in
        [(Format::Rss, "application/rss+xml", "atom:"), (Format::Atom, "application/atom+xml", "")]
    {
        let link = |rel: &str, path: &str| {
            let extension = format.extension();
            format!("<{prefix}link href=\"{site}/{path}.{extension}\" rel=\"{rel}\" type=\"{kind}\"/>")
        };
        let (main, archive) = (text(format, &main), text(format, &archive));
        let hub = format!("<{prefix}link href=\"https://hub.example/\" rel=\"hub\"/>");
        for part in [link("self", "world"), link("prev-archive", "archive/world/0003"), hub.clone()] {
            assert!(main.contains(&part), "{part} is not in\n{main}");
        }
        let parts = [
            link("self", "archive/world/0003"),
            link("current", "world"),
            link("prev-archive", "archive/world/0002"),
            "fh:archive".to_owned(),
        ];
        for part in parts {
            assert!(archive.contains(&part), "{part} is not in\n{archive}");
        }
        assert!(!main.contains("fh:archive") && !archive.contains(&hub));
    }
    let (main, archive) = (text(Format::Json, &main), text(Format::Json, &archive));
    assert!(main.contains("\"next_url\": \"https://f.example/archive/world/0003.json\""), "{main}");
    assert!(main.contains("\"type\": \"WebSub\""), "{main}");
    assert!(archive.contains("\"next_url\": \"https://f.example/archive/world/0002.json\""), "{archive}");
    assert!(archive.contains("\"feed_url\": \"https://f.example/world.json\"") && !archive.contains("hubs"));
}

fn read_back(title: &str, date: &str, body: &str) -> RawArticle {
    let claim = |text: &str| vec![Claim { from: "feed", text: Text::plain(text) }];
    RawArticle {
        id: Some("https://o.example/1".into()),
        urls: claim("https://o.example/1?a=1&b=2"),
        titles: claim(title),
        published: claim(date),
        modified: claim(date),
        bodies: claim(body),
        ..RawArticle::default()
    }
}

fn verify(format: Format, snapshot: &FeedSnapshot, read: &[RawArticle]) -> Result<(), Mismatch> {
    let mut verifier = Verifier::new(format, snapshot);
    for item in read {
        verifier.item(item);
    }
    verifier.finish()
}

#[test]
fn reading_back_tells_the_first_difference() {
    let (title, html) = ("Fish & chips <b>", "<p>Text &amp; more</p>");
    let with_also = format!("{html}<p>Also at: <a href=\"https://x.example/\">Other</a></p>");
    let (rfc822, rfc3339) = ("Tue, 24 Nov 2026 03:00:00 +0000", "2026-11-24T08:00:00+05:00");
    let snapshot = snapshot();
    for (format, date, body) in
        [(Format::Rss, rfc822, &*with_also), (Format::Atom, rfc3339, &*with_also), (Format::Json, rfc3339, html)]
    {
        let good = read_back(&format!(" {title}\n"), date, body);
        assert_eq!(verify(format, &snapshot, std::slice::from_ref(&good)), Ok(()));
        assert!(matches!(verify(format, &snapshot, &[]), Err(Mismatch::Count { expected: 1, read: 0, .. })));
        let broken = [
            ("id", RawArticle { id: Some("https://o.example/2".into()), ..good.clone() }),
            ("url", RawArticle { urls: vec![], ..good.clone() }),
            ("title", read_back("Fish & chips", date, body)),
            ("date_published", read_back(title, "Tue, 24 Nov 2026 08:00:00 +0000", body)),
            ("content", read_back(title, date, "<p>Text</p>")),
        ];
        for (name, read) in broken {
            let error = verify(format, &snapshot, &[read]).expect_err("a difference");
            assert!(matches!(&error, Mismatch::Field { field, number: 1, .. } if *field == name), "{name}: {error}");
        }
    }
}

#[test]
fn a_history_reads_back_as_it_was() {
    let item = HistoryItem {
        uid: "https://o.example/1".into(),
        keys: vec!["00ff".repeat(8).parse().expect("a key")],
        outlet: "o.example".into(),
        sources: vec!["o".into()],
        entered: 1_700_000_000,
        published: 1_699_999_999,
        size: 12,
        hidden: true,
        story: Some("https://x.example/".into()),
        article: Some(Box::new(Article { title: Some("T \u{1}".into()), ..Article::default() })),
        ..HistoryItem::default()
    };
    let source = HistorySource { id: "o".into(), title: "Outlet".into(), ..HistorySource::default() };
    let mut full = History {
        archives: vec![archive_path("world", 3, Format::Rss)],
        feed: "world".into(),
        urn: "urn:uuid:5f2b3a94-6a53-5a3c-9d8e-0123456789ab".into(),
        bound: Some(Bound { entered: 1, published: -2, uid: "}".into() }),
        sources: vec![source],
        items: vec![item.clone(), HistoryItem::default()],
    };
    for written in [History::default(), full.clone()] {
        let mut bytes = Vec::new();
        history(&written, &|_| None, &mut bytes).expect("written");
        assert_eq!(read_history(&bytes).expect("read"), written);
        assert_eq!(memchr::memchr_iter(b'\n', &bytes).count(), written.items.len() + 2);
    }
    let article = Article { title: Some("Later".into()), ..Article::default() };
    let mut bytes = Vec::new();
    history(&full, &|_| Some((article.clone(), None)), &mut bytes).expect("written");
    let read = read_history(&bytes).expect("read");
    assert_eq!((&read.items[0], read.items[1].article.as_deref()), (&full.items[0], Some(&article)));

    full.items = vec![HistoryItem::default(); HISTORY_ITEMS + 5];
    let mut bytes = Vec::new();
    history(&full, &|_| None, &mut bytes).expect("written");
    assert_eq!(read_history(&bytes).expect("read").items.len(), HISTORY_ITEMS);

    assert!(matches!(read_history(b"{\"version\":2,\"what\":[]}"), Err(HistoryError::Newer(2))));
    assert!(matches!(read_history(b"{\"version\":1,\"feed\":3}"), Err(HistoryError::Malformed(_))));
    assert!(matches!(read_history(&bytes[..bytes.len() / 2]), Err(HistoryError::Malformed(_))));
}

/// SHA-256 (FIPS 180-4), for the one constant that it checks.
fn sha256(bytes: &[u8]) -> [u8; 32] {
    let fraction = |root: f64| {
        let fraction = root - root.floor();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the first 32 bits of a fraction")]
        let bits = (fraction * 4_294_967_296.0) as u32;
        bits
    };
    let primes: Vec<f64> =
        (2_u32..312).filter(|&n| (2..n).all(|factor| n % factor != 0)).map(f64::from).take(64).collect();
    let rounds: Vec<u32> = primes.iter().map(|prime| fraction(prime.cbrt())).collect();
    let mut state: Vec<u32> = primes[..8].iter().map(|prime| fraction(prime.sqrt())).collect();
    let mut padded = bytes.to_vec();
    padded.push(0x80);
    while padded.len() % 64 != 56 {
        padded.push(0);
    }
    padded.extend_from_slice(&(bytes.len() as u64 * 8).to_be_bytes());
    for block in padded.chunks(64) {
        let mut words: Vec<u32> =
            block.chunks(4).map(|word| word.iter().fold(0, |word, &byte| word << 8 | u32::from(byte))).collect();
        for at in 16..64 {
            let (early, late) = (words[at - 15], words[at - 2]);
            let early = early.rotate_right(7) ^ early.rotate_right(18) ^ (early >> 3);
            let late = late.rotate_right(17) ^ late.rotate_right(19) ^ (late >> 10);
            words.push(words[at - 16].wrapping_add(early).wrapping_add(words[at - 7]).wrapping_add(late));
        }
        let mut now = state.clone();
        for (word, round) in words.iter().zip(&rounds) {
            let spread = now[4].rotate_right(6) ^ now[4].rotate_right(11) ^ now[4].rotate_right(25);
            let choice = (now[4] & now[5]) ^ (!now[4] & now[6]);
            let first = [spread, choice, *round, *word].iter().fold(now[7], |sum, part| sum.wrapping_add(*part));
            let spread = now[0].rotate_right(2) ^ now[0].rotate_right(13) ^ now[0].rotate_right(22);
            let majority = (now[0] & now[1]) ^ (now[0] & now[2]) ^ (now[1] & now[2]);
            now.rotate_right(1);
            now[0] = first.wrapping_add(spread).wrapping_add(majority);
            now[4] = now[4].wrapping_add(first);
        }
        for (kept, now) in state.iter_mut().zip(now) {
            *kept = kept.wrapping_add(now);
        }
    }
    let mut digest = [0; 32];
    for (bytes, word) in digest.chunks_mut(4).zip(state) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    digest
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits = (0..3).fold(0, |bits: usize, at| bits << 8 | usize::from(group.get(at).copied().unwrap_or(0)));
        for digit in 0..4 {
            let value = bits >> (18 - 6 * digit) & 63;
            text.push(if digit <= group.len() { char::from(DIGITS[value]) } else { '=' });
        }
    }
    text
}

#[test]
fn the_policy_allows_the_style_that_the_page_has() {
    assert_eq!(base64(&sha256(b"abc")), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    let page = text(Format::Html);
    let style = page.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>")).expect("a style").0;
    let allowed = format!("style-src 'sha256-{}'", base64(&sha256(style.as_bytes())));
    assert!(page.contains(&allowed), "{allowed}");
}
