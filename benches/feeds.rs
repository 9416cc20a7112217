//! Reading and writing of feeds beside the crates that do the like, in one run: compare within a group.
//!
//! Run with `cargo bench`. Times depend on the machine, their ratios hardly. The documents are made here,
//! unless `FEEDMILL_BENCH_FEEDS` names a folder of feeds.

#![expect(clippy::expect_used, reason = "a bench that cannot begin has nothing to say")]

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use feedmill::compose;
use feedmill::extract::{self, As, Request};
use feedmill::markup;
use feedmill::model::{
    Dated, Document, Extracted, FeedInfo, FeedSnapshot, Format, Item, ItemSource, Person, Precision, Rights, SiteInfo,
    ZoneFrom,
};
use feedmill::render;

/// Items of a document.
const ITEMS: usize = 200;

fn main() {
    divan::main();
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000, 0).expect("a time")
}

/// A body of some paragraphs, as most articles have.
fn body(number: usize) -> String {
    let mut html = String::new();
    for paragraph in 0..6 {
        let _ = write!(
            html,
            "<p>Paragraph {paragraph} of story {number} says what was said &amp; done, and names \
             <a href=\"https://news.example/{number}/{paragraph}\">who said it</a> on the day before.</p>"
        );
    }
    html
}

fn document() -> String {
    document_of(ITEMS)
}

fn document_of(items: usize) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\">\
         <channel><title>News</title><link>https://news.example/</link><description>All</description>",
    );
    for number in 0..items {
        let _ = write!(
            xml,
            "<item><title>Story {number} &amp; what it means</title><link>https://news.example/{number}</link>\
             <guid>https://news.example/{number}</guid><pubDate>Tue, 24 Nov 2026 08:{:02}:00 GMT</pubDate>\
             <author>desk@news.example (The Desk)</author><category>World</category>\
             <description>The story in a sentence.</description>\
             <content:encoded><![CDATA[{}]]></content:encoded></item>",
            number % 60,
            body(number)
        );
    }
    xml + "</channel></rss>"
}

fn snapshot() -> FeedSnapshot {
    snapshot_of(ITEMS)
}

fn snapshot_of(items: usize) -> FeedSnapshot {
    let at = Dated { at: now().fixed_offset(), precision: Precision::Time, zone: ZoneFrom::Text };
    let item = |number: usize| Item {
        uid: format!("https://news.example/{number}"),
        url: Some(format!("https://news.example/{number}")),
        external_url: None,
        title: format!("Story {number} and what it means"),
        titled: true,
        authors: vec![Person { name: Some("The Desk".into()), ..Person::default() }],
        date_published: at,
        undated: false,
        date_modified: None,
        first_seen: now(),
        language: Some("en".into()),
        summary: Some("The story in a sentence.".into()),
        content_html: Some(markup::clean(&body(number), None)),
        content_text: None,
        image: None,
        attachments: Vec::new(),
        tags: vec!["World".into()],
        section: None,
        rights: Rights::default(),
        outlet: "news.example".into(),
        source: ItemSource {
            id: "news".into(),
            title: "News".into(),
            url: "https://news.example/rss".into(),
            home_page_url: None,
        },
        also_at: Vec::new(),
    };
    let site = SiteInfo { title: "Site".into(), base_url: "https://feeds.example/".into(), ..SiteInfo::default() };
    let feed = FeedInfo {
        id: "all".into(),
        urn: "urn:uuid:5f2b3a94-6a53-5a3c-9d8e-0123456789ab".into(),
        title: "All".into(),
        formats: vec![Format::Rss, Format::Atom, Format::Json],
        ..FeedInfo::default()
    };
    compose::snapshot(site, feed, (0..items).map(item).collect())
}

/// Documents to read: those of a folder, or one of our own.
mod corpus {
    use std::path::{Path, PathBuf};

    use super::{As, Document, Request, document, extract, now};

    /// Documents are taken up to this number, in the order of their paths.
    const MOST: usize = 1_000;

    /// XML feeds that both readers read, below the folder that `FEEDMILL_BENCH_FEEDS` names.
    pub fn documents() -> Vec<Document> {
        let Some(folder) = std::env::var_os("FEEDMILL_BENCH_FEEDS") else { return vec![of(document().into_bytes())] };
        let mut paths = Vec::new();
        collect(Path::new(&folder), &mut paths);
        paths.sort();
        let read = paths.iter().filter_map(|path| std::fs::read(path).ok());
        let is_xml = |bytes: &Vec<u8>| bytes.trim_ascii_start().starts_with(b"<");
        let request = request();
        let is_feed = |feed: &Document| {
            extract::extract(feed, &request).is_ok() && feed_rs::parser::parse(feed.body.as_ref()).is_ok()
        };
        let documents: Vec<Document> = read.filter(is_xml).map(of).filter(is_feed).take(MOST).collect();
        assert!(!documents.is_empty(), "no feed below {}", Path::new(&folder).display());
        documents
    }

    pub fn request() -> Request {
        Request { read_as: As::Feed, more: false, now: now() }
    }

    pub fn of(body: Vec<u8>) -> Document {
        Document {
            url: "https://news.example/rss".parse().expect("an address"),
            body: body.into(),
            content_type: Some("application/xml".to_owned()),
            content_location: None,
            fetched_at: now(),
        }
    }

    pub fn size(documents: &[Document]) -> usize {
        documents.iter().map(|document| document.body.len()).sum()
    }

    fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let is_packed = path.extension().is_some_and(|extension| extension == "gz" || extension == "html");
            if path.is_dir() {
                collect(&path, paths);
            } else if !is_packed {
                paths.push(path);
            }
        }
    }
}

/// From bytes to items. One thread, bytes in memory.
mod read {
    use quick_xml::events::Event;

    use super::{Bencher, BytesCount, Extracted, black_box, corpus, extract};

    #[divan::bench]
    fn feedmill(bencher: Bencher<'_, '_>) {
        let (documents, request) = (corpus::documents(), corpus::request());
        bencher.counter(BytesCount::new(corpus::size(&documents))).bench(|| {
            for document in &documents {
                black_box(extract::extract(black_box(document), &request).expect("a feed"));
            }
        });
    }

    #[divan::bench]
    fn feed_rs(bencher: Bencher<'_, '_>) {
        let documents = corpus::documents();
        bencher.counter(BytesCount::new(corpus::size(&documents))).bench(|| {
            for document in &documents {
                black_box(feed_rs::parser::parse(black_box(document.body.as_ref())).expect("a feed"));
            }
        });
    }

    /// Events only: nothing is decoded, kept or understood.
    #[divan::bench]
    fn quick_xml_events(bencher: Bencher<'_, '_>) {
        let documents = corpus::documents();
        bencher.counter(BytesCount::new(corpus::size(&documents))).bench(|| {
            let mut events = 0;
            for document in &documents {
                let mut reader = quick_xml::Reader::from_reader(black_box(document.body.as_ref()));
                while !matches!(reader.read_event(), Ok(Event::Eof) | Err(_)) {
                    events += 1;
                }
            }
            black_box(events)
        });
    }

    /// The `rss` crate, on a document of its one format.
    #[divan::bench]
    fn rss(bencher: Bencher<'_, '_>) {
        let xml = super::document();
        bencher
            .counter(BytesCount::of_str(&xml))
            .bench(|| ::rss::Channel::read_from(black_box(xml.as_bytes())).expect("a feed"));
    }

    /// Cost must grow with the items and not faster.
    #[divan::bench(args = [1_000, 10_000, 100_000], sample_count = 5)]
    fn items(bencher: Bencher<'_, '_>, items: usize) {
        let document = corpus::of(super::document_of(items).into_bytes());
        let request = corpus::request();
        bencher.counter(BytesCount::new(document.body.len())).bench(|| {
            let read = extract::extract(black_box(&document), &request).expect("a feed");
            assert!(matches!(&read, Extracted::Feed { items: read, .. } if read.len() == items));
            read
        });
    }
}

/// From bytes to bodies that may be shown: sanitized, with absolute addresses.
mod read_and_clean {
    use super::{Bencher, BytesCount, Extracted, black_box, corpus, extract, markup};
    use feedmill::model::TextKind;

    #[divan::bench]
    fn feedmill(bencher: Bencher<'_, '_>) {
        let (documents, request) = (corpus::documents(), corpus::request());
        bencher.counter(BytesCount::new(corpus::size(&documents))).bench(|| {
            for document in &documents {
                let Ok(Extracted::Feed { items, .. }) = extract::extract(black_box(document), &request) else {
                    continue;
                };
                for item in &items {
                    let texts = item.summaries.iter().take(1).chain(item.bodies.iter().take(1));
                    for claim in texts.filter(|claim| claim.text.kind == TextKind::Html) {
                        black_box(markup::clean(&claim.text.text, item.base.as_ref()));
                    }
                }
            }
        });
    }

    /// Its texts through ammonia with a base, the usual way.
    #[divan::bench]
    fn feed_rs_and_ammonia(bencher: Bencher<'_, '_>) {
        let documents = corpus::documents();
        let mut cleaner = ammonia::Builder::default();
        let base = "https://news.example/rss".parse().expect("an address");
        cleaner.url_relative(ammonia::UrlRelative::RewriteWithBase(base));
        bencher.counter(BytesCount::new(corpus::size(&documents))).bench(|| {
            for document in &documents {
                let feed = feed_rs::parser::parse(black_box(document.body.as_ref())).expect("a feed");
                for entry in &feed.entries {
                    let body = entry.content.as_ref().and_then(|content| content.body.as_deref());
                    let summary = entry.summary.as_ref().map(|summary| summary.content.as_str());
                    for text in summary.into_iter().chain(body) {
                        black_box(cleaner.clean(text).to_string());
                    }
                }
            }
        });
    }
}

/// From items to bytes.
mod write {
    use super::{Bencher, Format, Item, black_box, render, snapshot};

    #[divan::bench(args = [Format::Rss, Format::Atom, Format::Json])]
    fn feedmill(bencher: Bencher<'_, '_>, format: Format) {
        let snapshot = snapshot();
        bencher.bench(|| {
            let mut out = Vec::new();
            render::render(format, black_box(&snapshot), &mut out).expect("written");
            out
        });
    }

    /// The bare crate with the same elements, copied from the same items.
    #[divan::bench]
    fn rss(bencher: Bencher<'_, '_>) {
        let snapshot = snapshot();
        bencher.bench(|| {
            let item = |item: &Item| ::rss::Item {
                title: Some(item.title.clone()),
                link: item.url.clone(),
                description: item.summary.clone(),
                guid: Some(::rss::Guid { value: item.uid.clone(), permalink: false }),
                pub_date: Some(item.date_published.at.to_rfc2822()),
                content: item.content_html.as_ref().map(|html| html.as_str().to_owned()),
                ..::rss::Item::default()
            };
            let channel = ::rss::Channel {
                title: snapshot.feed.title.clone(),
                link: snapshot.site.base_url.clone(),
                items: black_box(&snapshot).items.iter().map(item).collect(),
                ..::rss::Channel::default()
            };
            channel.pretty_write_to(Vec::new(), b' ', 1).expect("written")
        });
    }
}

/// A release of 10,000 items in RSS, Atom and JSON: staged, read back, compared, put in place; beside it the
/// bare writers with the same items, one format at a time, each into a file.
mod release {
    use std::fs::File;
    use std::io::{BufWriter, Write as _};
    use std::path::Path;

    use super::{Bencher, FeedSnapshot, Format, Item, black_box, markup, snapshot_of};
    use feedmill::pipeline::stage_documents;
    use feedmill::publish::{Folder, Target};

    const MANY: usize = 10_000;

    /// Staged, read back and compared: all but the disk's own time until the bytes are safe.
    #[divan::bench(sample_count = 10)]
    fn staged(bencher: Bencher<'_, '_>) {
        let snapshot = snapshot_of(MANY);
        bencher.with_inputs(|| tempfile::tempdir().expect("a folder")).bench_refs(|folder| {
            let target = Target::Folder(Folder::open(folder.path()).expect("a folder").into());
            stage_documents(&target, (black_box(&snapshot), &[])).expect("staged")
        });
    }

    #[divan::bench(sample_count = 10)]
    fn in_place(bencher: Bencher<'_, '_>) {
        let snapshot = snapshot_of(MANY);
        bencher.with_inputs(|| tempfile::tempdir().expect("a folder")).bench_refs(|folder| {
            let folder = std::sync::Arc::new(Folder::open(folder.path()).expect("a folder"));
            let target = Target::Folder(std::sync::Arc::clone(&folder));
            let staged = stage_documents(&target, (black_box(&snapshot), &[])).expect("staged");
            folder.commit(staged).expect("in place")
        });
    }

    #[divan::bench(args = [Format::Rss, Format::Atom, Format::Json], sample_count = 10)]
    fn staged_one(bencher: Bencher<'_, '_>, format: Format) {
        let mut snapshot = snapshot_of(MANY);
        snapshot.feed.formats = vec![format];
        bencher.with_inputs(|| tempfile::tempdir().expect("a folder")).bench_refs(|folder| {
            let target = Target::Folder(Folder::open(folder.path()).expect("a folder").into());
            stage_documents(&target, (black_box(&snapshot), &[])).expect("staged")
        });
    }

    #[divan::bench(sample_count = 10)]
    fn bare(bencher: Bencher<'_, '_>) {
        let snapshot = snapshot_of(MANY);
        bencher.with_inputs(|| tempfile::tempdir().expect("a folder")).bench_refs(|folder| {
            for format in [Format::Rss, Format::Atom, Format::Json] {
                written(black_box(&snapshot), format, folder.path());
            }
        });
    }

    #[divan::bench(args = [Format::Rss, Format::Atom, Format::Json], sample_count = 10)]
    fn bare_one(bencher: Bencher<'_, '_>, format: Format) {
        let snapshot = snapshot_of(MANY);
        bencher
            .with_inputs(|| tempfile::tempdir().expect("a folder"))
            .bench_refs(|folder| written(black_box(&snapshot), format, folder.path()));
    }

    #[expect(clippy::disallowed_methods, reason = "what is measured is the bare writer")]
    fn written(snapshot: &FeedSnapshot, format: Format, folder: &Path) {
        let file = File::create(folder.join(format.extension())).expect("a file");
        let mut out = BufWriter::new(file);
        match format {
            Format::Rss => {
                rss(snapshot).pretty_write_to(&mut out, b' ', 1).expect("written");
            }
            Format::Atom => {
                let config = atom_syndication::WriteConfig { write_document_declaration: true, indent_size: Some(1) };
                atom(snapshot).write_with_config(&mut out, config).expect("written");
            }
            _ => serde_json::to_writer_pretty(&mut out, &json(snapshot)).expect("written"),
        }
        out.flush().expect("written");
    }

    fn rss(snapshot: &FeedSnapshot) -> ::rss::Channel {
        let item = |item: &Item| ::rss::Item {
            title: Some(item.title.clone()),
            link: item.url.clone(),
            description: item.summary.clone(),
            guid: Some(::rss::Guid { value: item.uid.clone(), permalink: false }),
            pub_date: Some(item.date_published.at.to_rfc2822()),
            content: item.content_html.as_ref().map(|html| html.as_str().to_owned()),
            categories: item.tags.iter().map(|tag| ::rss::Category { name: tag.clone(), domain: None }).collect(),
            source: Some(::rss::Source { url: item.source.url.clone(), title: Some(item.source.title.clone()) }),
            dublin_core_ext: Some(::rss::extension::dublincore::DublinCoreExtension {
                creators: item.authors.iter().filter_map(|author| author.name.clone()).collect(),
                ..Default::default()
            }),
            ..::rss::Item::default()
        };
        ::rss::Channel {
            title: snapshot.feed.title.clone(),
            link: snapshot.site.base_url.clone(),
            items: snapshot.items.iter().map(item).collect(),
            ..::rss::Channel::default()
        }
    }

    fn atom(snapshot: &FeedSnapshot) -> atom_syndication::Feed {
        use atom_syndication::{Category, Content, Entry, Feed, Link, Person, Source, Text};
        let entry = |item: &Item| Entry {
            title: Text::plain(item.title.clone()),
            id: item.uid.clone(),
            updated: item.date_published.at,
            published: Some(item.date_published.at),
            links: vec![Link { href: item.url.clone().unwrap_or_default(), ..Link::default() }],
            authors: item
                .authors
                .iter()
                .map(|author| Person { name: author.name.clone().unwrap_or_default(), ..Person::default() })
                .collect(),
            categories: item.tags.iter().map(|tag| Category { term: tag.clone(), ..Category::default() }).collect(),
            summary: item.summary.clone().map(Text::plain),
            content: item.content_html.as_ref().map(|html| Content {
                value: Some(html.as_str().to_owned()),
                content_type: Some("html".to_owned()),
                ..Content::default()
            }),
            source: Some(Source {
                title: Text::plain(item.source.title.clone()),
                id: item.source.url.clone(),
                updated: item.date_published.at,
                ..Source::default()
            }),
            ..Entry::default()
        };
        Feed {
            title: Text::plain(snapshot.feed.title.clone()),
            id: snapshot.feed.urn.clone(),
            entries: snapshot.items.iter().map(entry).collect(),
            ..Feed::default()
        }
    }

    fn json(snapshot: &FeedSnapshot) -> serde_json::Value {
        let item = |item: &Item| {
            serde_json::json!({
                "id": item.uid,
                "url": item.url,
                "title": item.title,
                "content_html": item.content_html.as_ref().map(markup::CleanHtml::as_str),
                "summary": item.summary,
                "date_published": item.date_published.at.to_rfc3339(),
                "authors": [{"name": item.authors.first().and_then(|author| author.name.as_deref())}],
                "tags": item.tags,
                "_source": {"title": item.source.title, "url": item.source.url},
            })
        };
        let items: Vec<serde_json::Value> = snapshot.items.iter().map(item).collect();
        serde_json::json!({
            "version": "https://jsonfeed.org/version/1.1",
            "title": snapshot.feed.title,
            "items": items,
        })
    }
}

/// Bodies: made fit to be seen.
mod markup_of_a_body {
    use super::{Bencher, BytesCount, black_box, body, markup};

    #[divan::bench]
    fn clean(bencher: Bencher<'_, '_>) {
        let html = body(1);
        bencher.counter(BytesCount::of_str(&html)).bench(|| markup::clean(black_box(&html), None));
    }

    #[divan::bench]
    fn ammonia(bencher: Bencher<'_, '_>) {
        let html = body(1);
        bencher.counter(BytesCount::of_str(&html)).bench(|| ::ammonia::clean(black_box(&html)));
    }
}
