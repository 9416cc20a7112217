//! Writing of feeds and cleaning of bodies beside the crates that do the like, in one run: compare within a group.
//!
//! Run with `cargo bench --bench feeds`. Times depend on the machine, their ratios hardly. Reading has a table of
//! its own: `cargo bench --bench reading`.

#![expect(clippy::expect_used, reason = "a bench that cannot begin has nothing to say")]

#[path = "support/documents.rs"]
#[expect(dead_code, reason = "the bench of reading uses the rest")]
mod documents;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use documents::{body, now};
use feedmill::compose;
use feedmill::markup;
use feedmill::model::{Dated, FeedInfo, FeedSnapshot, Format, Item, ItemSource, Person, Precision, SiteInfo, ZoneFrom};
use feedmill::render;

/// Items of a feed.
const ITEMS: usize = 200;

fn main() {
    divan::main();
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
        rights: None,
        outlet: "news.example".into(),
        source: ItemSource {
            id: "news".into(),
            title: "News".into(),
            url: "https://news.example/rss".into(),
            home_page_url: None,
        }
        .into(),
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

/// From items to bytes.
mod write {
    use super::{Bencher, Format, black_box, render, snapshot};

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
        bencher
            .bench(|| super::release::rss(black_box(&snapshot)).pretty_write_to(Vec::new(), b' ', 1).expect("written"));
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

    pub fn rss(snapshot: &FeedSnapshot) -> ::rss::Channel {
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
