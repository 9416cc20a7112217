//! Whatever a snapshot holds, what is rendered is valid, and the same each time.

#[path = "support/hostile.rs"]
mod hostile;
#[path = "support/strict_feed/mod.rs"]
mod strict_feed;

use std::sync::Arc;

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use feedmill::extract;
use feedmill::markup;
use feedmill::model::{
    AlsoAt, Attachment, Dated, FeedInfo, FeedSnapshot, Format, Image, Item, ItemSource, Person, Precision, Rights,
    SiteInfo, ZoneFrom,
};
use feedmill::render::{FeedCard, Outline, Verifier, feeds_opml, index, render, sources_opml};
use hostile::text;
use proptest::prelude::*;

const FORMATS: [Format; 4] = [Format::Rss, Format::Atom, Format::Json, Format::Html];

fn rendered(format: Format, snapshot: &FeedSnapshot) -> Vec<u8> {
    let mut bytes = Vec::new();
    render(format, snapshot, &mut bytes).expect("memory takes every byte");
    bytes
}

fn address() -> impl Strategy<Value = String> {
    prop_oneof![
        text(),
        text().prop_map(|text| format!("https://o.example/{text}")),
        prop::sample::select(
            &[
                "https://o.example/a b",
                "http://o.example/é",
                "//o.example/",
                "/relative",
                "javascript:alert(1)",
                "http://[::1]/",
                "https://o.example/%zz",
                "https://o.example/?a=1&b=<2>",
                "https://o.example/ok?x=1&y=2#z",
                "https://o.example/a.mp3",
                "data:text/html,x",
                "HTTPS://O.EXAMPLE/",
                "https://",
            ][..],
        )
        .prop_map(str::to_owned),
    ]
}

fn dated() -> impl Strategy<Value = Dated> {
    let ends = [DateTime::<Utc>::MIN_UTC.timestamp(), DateTime::<Utc>::MAX_UTC.timestamp()];
    let seconds = prop_oneof![
        Just(-62_135_596_800_i64), // year 1
        Just(253_402_300_799),     // year 9999
        Just(0),
        Just(ends[0]),
        Just(ends[1]),
        ends[0]..=ends[1],
        631_152_000_i64..1_800_000_000,
    ];
    (seconds, 0_i64..1_000_000_000, -86_399..86_400, any::<bool>()).prop_map(|(seconds, nanos, offset, day)| {
        let at = DateTime::<Utc>::from_timestamp(seconds, 0).expect("within range");
        let at = at.checked_add_signed(TimeDelta::nanoseconds(nanos)).unwrap_or(at);
        let offset = FixedOffset::east_opt(offset).expect("less than a day");
        let precision = if day { Precision::Day } else { Precision::Time };
        Dated { at: at.with_timezone(&offset), precision, zone: ZoneFrom::Text }
    })
}

fn some<T: std::fmt::Debug>(inner: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>> {
    prop::option::of(inner)
}

fn image() -> impl Strategy<Value = Image> {
    (address(), some(0_u32..3), some(any::<u32>()), some(text()), some(text()), some(text()))
        .prop_map(|(url, width, height, alt, caption, credit)| Image { url, width, height, alt, caption, credit })
}

fn attachment() -> impl Strategy<Value = Attachment> {
    let kind = prop_oneof![
        text(),
        prop::sample::select(&["audio/mpeg", "video/mp4; x=\"y\"", "image/png", "a/b c"][..]).prop_map(str::to_owned)
    ];
    (address(), some(kind), some(text()), some(0_u64..9), some(any::<u64>())).prop_map(
        |(url, mime_type, title, size_in_bytes, duration_in_seconds)| Attachment {
            url,
            mime_type,
            title,
            size_in_bytes,
            duration_in_seconds,
        },
    )
}

prop_compose! {
    fn texts()(
        title in text(), summary in some(text()), html in some(text()), text in some(text()),
        language in some(prop_oneof![text(), Just("ar-EG".to_owned()), Just("xx".to_owned()), Just("en_GB".to_owned())]),
        section in some(text()), copyright in some(text()), license in some(address()),
    ) -> Item {
        Item {
            title, summary, content_text: text, language, section,
            content_html: html.map(|html| markup::clean(&html, None)),
            rights: Some(Box::new(Rights { copyright, license, usage: vec!["noai".into()] })),
            ..item()
        }
    }
}

prop_compose! {
    fn any_item()(
        base in texts(), published in dated(), modified in some(dated()), undated in any::<bool>(),
        authors in prop::collection::vec((some(text()), some(address())), 0..3),
        tags in prop::collection::vec(text(), 0..4), image in some(image()),
        attachments in prop::collection::vec(attachment(), 0..4),
        (url, external_url) in (some(address()), some(address())),
        source in (text(), text(), address(), some(address())),
        also in prop::collection::vec((text(), text(), address()), 0..3),
    ) -> Item {
        let authors = authors.into_iter().map(|(name, url)| Person { name, url, email: None }).collect();
        let also_at = also.into_iter().map(|(outlet, title, url)| AlsoAt { outlet: Arc::from(outlet), title, url }).collect();
        let (id, title, source_url, home_page_url) = source;
        Item {
            url, external_url, authors, tags, attachments, also_at, undated,
            image: image.map(Box::new),
            date_published: published, date_modified: modified,
            outlet: Arc::from(title.as_str()),
            source: ItemSource { id: Arc::from(id), title, url: source_url, home_page_url }.into(),
            ..base
        }
    }
}

fn item() -> Item {
    let at = DateTime::parse_from_rfc3339("2026-11-24T08:00:00+05:00").expect("a date");
    Item {
        uid: "https://o.example/1".into(),
        url: Some("https://o.example/1".into()),
        external_url: None,
        title: "A headline".into(),
        titled: true,
        authors: vec![],
        date_published: Dated { at, precision: Precision::Time, zone: ZoneFrom::Text },
        undated: false,
        date_modified: None,
        first_seen: at.with_timezone(&Utc),
        language: None,
        summary: None,
        content_html: None,
        content_text: None,
        image: None,
        attachments: vec![],
        tags: vec![],
        section: None,
        rights: None,
        outlet: Arc::from("Outlet"),
        source: ItemSource {
            id: Arc::from("o"),
            title: "Outlet".into(),
            url: "https://o.example/feed".into(),
            home_page_url: None,
        }
        .into(),
        also_at: vec![],
    }
}

fn snapshot(facts: [String; 4], mut items: Vec<Item>) -> FeedSnapshot {
    for (number, item) in items.iter_mut().enumerate() {
        item.uid = format!("https://o.example/{number}");
    }
    let [title, description, author, icon] = facts;
    let site = SiteInfo { title: title.clone(), base_url: "https://feeds.example.org/".into(), ..SiteInfo::default() };
    let feed = FeedInfo {
        id: "world".into(),
        urn: "urn:uuid:5f2b3a94-6a53-5a3c-9d8e-0123456789ab".into(),
        title,
        description: Some(description),
        language: Some("en".into()),
        icon: Some(icon),
        author: Some(author),
        rights: None,
        formats: FORMATS.to_vec(),
        pictures: true,
        ..FeedInfo::default()
    };
    let updated = items.iter().map(|item| item.updated().at).max();
    FeedSnapshot {
        site,
        feed,
        items: Arc::new(items),
        updated,
        troubles: Vec::new(),
        archive: None,
        previous: std::collections::BTreeMap::new(),
    }
}

/// What our own reader makes of it.
fn read_back(format: Format, snapshot: &FeedSnapshot, bytes: &[u8]) -> Result<(), String> {
    let base = snapshot.address(format).parse().expect("an address");
    let mut verifier = Verifier::new(format, snapshot);
    let read = extract::each_item(&mut &*bytes, &base, &mut |item| verifier.item(&item));
    read.map_err(|error| error.to_string())?;
    verifier.finish().map_err(|mismatch| mismatch.to_string())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_goes_in_what_comes_out_is_valid(
        items in prop::collection::vec(any_item(), 1..5),
        facts in (text(), text(), text(), address()),
    ) {
        let snapshot = snapshot([facts.0, facts.1, facts.2, facts.3], items);
        for format in FORMATS {
            let bytes = rendered(format, &snapshot);
            let findings = strict_feed::check(&format!("world.{}", format.extension()), &bytes);
            prop_assert!(findings.is_empty(), "{findings:#?}\n{}", String::from_utf8_lossy(&bytes));
            prop_assert_eq!(&bytes, &rendered(format, &snapshot));
            if format != Format::Html {
                prop_assert_eq!(read_back(format, &snapshot, &bytes), Ok(()));
            }
        }
    }

    #[test]
    fn lists_and_index_are_valid_too(title in text(), text in some(text()), url in address()) {
        let snapshot = snapshot([title.clone(), title.clone(), title.clone(), url.clone()], vec![]);
        let outline = Outline {
            title: title.clone(), feed_url: url.clone(), home_page_url: Some(url), description: text, language: None, kind: "rss",
        };
        let mut lists = [Vec::new(), Vec::new(), Vec::new()];
        feeds_opml(&snapshot.site, std::slice::from_ref(&snapshot.feed), &mut lists[0]).expect("written");
        sources_opml(&snapshot.site, &[outline], &mut lists[1]).expect("written");
        let card = FeedCard { feed: snapshot.feed, items: 3, updated: None };
        index(&snapshot.site, &[card], &mut lists[2]).expect("written");
        for (name, bytes) in ["feeds.opml", "sources.opml", "index.html"].iter().zip(&lists) {
            let findings = strict_feed::check(name, bytes);
            prop_assert!(findings.is_empty(), "{findings:#?}\n{}", String::from_utf8_lossy(bytes));
        }
    }
}

#[test]
fn a_large_feed_comes_in_batches_without_a_seam() {
    let items: Vec<Item> = (0..200).map(|number| Item { title: format!("Headline {number}"), ..item() }).collect();
    let snapshot = snapshot([const { String::new() }; 4], items);
    for format in [Format::Rss, Format::Atom, Format::Json] {
        let bytes = rendered(format, &snapshot);
        assert_eq!(strict_feed::check(&format!("x.{}", format.extension()), &bytes), Vec::<String>::new());
        let text = String::from_utf8(bytes).expect("UTF-8");
        let places: Vec<usize> = (0..200)
            .map(|number| {
                text.find(&format!("Headline {number}<"))
                    .or_else(|| text.find(&format!("Headline {number}\"")))
                    .expect("there")
            })
            .collect();
        assert!(places.is_sorted());
    }
}

#[test]
fn the_checker_finds_what_is_wrong() {
    let good = String::from_utf8(rendered(Format::Rss, &snapshot([const { String::new() }; 4], vec![item(), item()])))
        .expect("UTF-8");
    let cases = [
        (
            "<guid isPermaLink=\"false\">https://o.example/1</guid>",
            "<guid isPermaLink=\"false\">https://o.example/0</guid>",
            "repeats the id",
        ),
        ("<pubDate>Tue, 24 Nov 2026", "<pubDate>Wed, 24 Nov 2026", "has the date"),
        ("A headline", "A \u{1} headline", "character"),
        ("xmlns:dc=\"http://purl.org/dc/elements/1.1/\"", "", "is not declared"),
        ("</item>", "</items>", "not well-formed"),
        ("A headline]]>", "<script>]]>", "holds \"<script\""),
        ("A headline]]>", "<a href=\"/x\">]]>", "links to"),
        (" isPermaLink=\"false\"", "", "calls its id a link"),
    ];
    let good = good.replace("</item>", "<dc:creator>A</dc:creator></item>");
    assert_eq!(strict_feed::check("x.rss", good.as_bytes()), Vec::<String>::new());
    for (sound, broken, finding) in cases {
        assert!(good.contains(sound), "{sound}");
        let findings = strict_feed::check("x.rss", good.replacen(sound, broken, 1).as_bytes());
        assert!(findings.iter().any(|found| found.contains(finding)), "{finding}: {findings:?}");
    }
}
