//! What we write, our own reader reads back: the same items, people, tags, pictures, files and dates.

use std::sync::Arc;

use chrono::{DateTime, FixedOffset, Utc};
use feedmill::dates::{self, Hints};
use feedmill::extract::{self, As, Request};
use feedmill::markup;
use feedmill::model::{
    Attachment, Dated, Document, Extracted, FeedInfo, FeedSnapshot, Format, Image, Item, ItemSource, Person, Precision,
    RawArticle, SiteInfo, ZoneFrom,
};
use feedmill::render::{Verifier, render};
use proptest::prelude::*;

const FORMATS: [Format; 3] = [Format::Rss, Format::Atom, Format::Json];

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000, 0).expect("a time")
}

/// Words of any script, with what markup is made of between them. What could be taken for a tag or a
/// reference is left to the tests of rendering, which may change its looks.
fn line() -> impl Strategy<Value = String> {
    let word = "[\\p{Lu}\\p{Ll}\\p{Lo}0-9'\";#/!-]{1,12}";
    let sign = prop::sample::select(vec!["&", "<", ">", "]]>", "--", "\"", "'"]).prop_map(str::to_owned);
    prop::collection::vec(prop_oneof![3 => word.prop_map(String::from), 1 => sign], 1..5)
        .prop_map(|words| words.join(" "))
        .prop_filter("letters are needed", |line| line.chars().any(char::is_alphabetic))
}

/// Names: letters only, so that nothing of them is markup or a place to cut.
fn name() -> impl Strategy<Value = String> {
    ("[A-Z][a-zé]{2,8}", "[A-Z][a-zø]{2,8}").prop_map(|(first, last)| format!("{first} {last}"))
}

fn address(kind: &'static str) -> impl Strategy<Value = String> {
    ("[a-z0-9]{1,8}", "[a-z0-9=&]{0,8}").prop_map(move |(path, query)| match query.as_str() {
        "" => format!("https://o.example/{path}{kind}"),
        query => format!("https://o.example/{path}{kind}?{query}"),
    })
}

fn body() -> impl Strategy<Value = String> {
    prop::collection::vec((line(), address("")), 1..4).prop_map(|paragraphs| {
        let paragraph = |(text, url): (String, String)| {
            let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            let url = url.replace('&', "&amp;");
            format!("<p>{text} <a href=\"{url}\">there</a></p>")
        };
        paragraphs.into_iter().map(paragraph).collect()
    })
}

fn dated() -> impl Strategy<Value = Dated> {
    (631_152_000_i64..1_795_000_000, -56_i32..=56).prop_map(|(seconds, quarters)| {
        let offset = FixedOffset::east_opt(quarters * 900).expect("less than a day");
        let at = DateTime::from_timestamp(seconds, 0).expect("a time").with_timezone(&offset);
        Dated { at, precision: Precision::Time, zone: ZoneFrom::Text }
    })
}

prop_compose! {
    fn any_item()(
        title in line(), summary in prop::option::of(line()), html in body(), url in address(""),
        authors in prop::collection::btree_set(name(), 0..3), tags in prop::collection::btree_set("[a-z]{3,9}", 0..4),
        (picture, credit) in (prop::option::of(address(".jpg")), prop::option::of(name())),
        sound in prop::option::of((address(".mp3"), 1_u64..1 << 40)), date_published in dated(),
    ) -> Item {
        let person = |name| Person { name: Some(name), ..Person::default() };
        let sound = sound.map(|(url, size)| Attachment {
            url, mime_type: Some("audio/mpeg".into()), title: None, size_in_bytes: Some(size), duration_in_seconds: None,
        });
        Item {
            uid: String::new(),
            url: Some(url), external_url: None, title, titled: true,
            authors: authors.into_iter().map(person).collect(),
            date_published, undated: false, date_modified: None, first_seen: now(), language: Some("en".into()),
            summary, content_html: Some(markup::clean(&html, None)), content_text: None,
            image: picture.map(|url| Image { url, credit, ..Image::default() }.into()),
            attachments: sound.into_iter().collect(), tags: tags.into_iter().collect(), section: None,
            rights: None, outlet: Arc::from("Outlet"),
            source: ItemSource { id: Arc::from("o"), title: "Outlet".into(), url: "https://o.example/feed".into(), home_page_url: None }.into(),
            also_at: Vec::new(),
        }
    }
}

fn snapshot(mut items: Vec<Item>) -> FeedSnapshot {
    for (number, item) in items.iter_mut().enumerate() {
        item.uid = format!("https://o.example/id/{number}");
    }
    let site = SiteInfo { title: "Site".into(), base_url: "https://feeds.example/".into(), ..SiteInfo::default() };
    let feed = FeedInfo {
        id: "world".into(),
        urn: "urn:uuid:5f2b3a94-6a53-5a3c-9d8e-0123456789ab".into(),
        title: "World".into(),
        formats: FORMATS.to_vec(),
        ..FeedInfo::default()
    };
    let updated = items.iter().map(|item| item.updated().at).max();
    let (troubles, previous) = (Vec::new(), std::collections::BTreeMap::new());
    FeedSnapshot { site, feed, items: Arc::new(items), updated, troubles, archive: None, previous }
}

fn document(format: Format, snapshot: &FeedSnapshot) -> Document {
    let mut body = Vec::new();
    render(format, snapshot, &mut body).expect("memory takes every byte");
    Document {
        url: snapshot.address(format).parse().expect("an address"),
        body: body.into(),
        content_type: Some(format!("{}; charset=utf-8", format.media_type())),
        content_location: None,
        fetched_at: now(),
    }
}

fn first(claims: &[feedmill::model::Claim]) -> String {
    claims.first().map(|claim| markup::inline_text(&claim.text)).unwrap_or_default()
}

/// What is the same in every format.
fn compare(item: &Item, read: &RawArticle) -> Result<(), TestCaseError> {
    prop_assert_eq!(read.id.as_deref(), Some(item.uid.as_str()));
    prop_assert_eq!(first(&read.urls), item.url.clone().unwrap_or_default());
    prop_assert_eq!(first(&read.titles), item.title.clone());
    let names: Vec<_> = read.authors.iter().map(|author| author.name.clone()).collect();
    prop_assert_eq!(names, item.authors.iter().map(|author| author.name.clone()).collect::<Vec<_>>());
    let tags: Vec<_> = read.tags.iter().map(|tag| tag.text.text.clone()).collect();
    prop_assert_eq!(&tags, &item.tags);
    let when = dates::parse(&first(&read.published), &Hints::at(now())).map(|when| dates::place(when, None).at);
    prop_assert_eq!(when, Some(item.date_published.at));
    if let Some(summary) = &item.summary {
        prop_assert_eq!(&first(&read.summaries), summary);
    }
    let html = read.bodies.first().map(|body| markup::clean(&body.text.text, None));
    prop_assert_eq!(html.as_ref(), item.content_html.as_ref());
    prop_assert_eq!(read.images.first().map(|image| &image.url), item.image.as_ref().map(|image| &image.url));
    for file in &item.attachments {
        let found = read.attachments.iter().find(|found| found.url == file.url);
        prop_assert_eq!(
            found.map(|found| (&found.mime_type, found.size_in_bytes)),
            Some((&file.mime_type, file.size_in_bytes))
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn items_read_back_as_they_were_written(items in prop::collection::vec(any_item(), 1..4)) {
        let snapshot = snapshot(items);
        for format in FORMATS {
            let document = document(format, &snapshot);
            let text = String::from_utf8_lossy(&document.body).into_owned();
            let request = Request { read_as: As::Feed, more: false, now: now() };
            let Ok(Extracted::Feed { feed, items, warnings }) = extract::extract(&document, &request) else {
                return Err(TestCaseError::fail(text));
            };
            prop_assert_eq!(&warnings, &[], "{}", text);
            prop_assert_eq!(feed.feed_url, Some(snapshot.address(format)));
            prop_assert_eq!(items.len(), snapshot.items.len());
            for (item, read) in snapshot.items.iter().zip(items) {
                compare(item, &read).map_err(|error| TestCaseError::fail(format!("{error}\n{format:?}: {text}")))?;
            }
            let mut verifier = Verifier::new(format, &snapshot);
            let own = &mut document.body.as_ref();
            extract::each_item(own, &document.url, &mut |item| verifier.item(&item)).expect("a feed");
            prop_assert_eq!(verifier.finish(), Ok(()));
        }
    }
}
