//! Writing of feeds and cleaning of bodies beside the crates that do the like, in one run: compare within a group.
//!
//! Run with `cargo bench --bench feeds`. Times depend on the machine, their ratios hardly. Reading has a table of
//! its own: `cargo bench --bench reading`.

#![expect(clippy::expect_used, reason = "a bench that cannot begin has nothing to say")]

#[path = "support/bare.rs"]
mod bare;
#[path = "support/documents.rs"]
#[expect(dead_code, reason = "the bench of reading uses the rest")]
mod documents;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use documents::{body, now};
use feedmill::compose;
use feedmill::markup;
use feedmill::model::{
    Dated, FeedInfo, FeedSnapshot, Format, Item, ItemSource, Person, Precision, Rights, SiteInfo, ZoneFrom,
};
use feedmill::render;

fn main() {
    divan::main();
}

/// A feed of so many items.
fn snapshot(items: usize) -> FeedSnapshot {
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

/// From items to bytes, beside the bare writers with the same items.
mod write {
    use std::io::Write as _;

    use super::{Bencher, FeedSnapshot, Format, bare, black_box, render, snapshot};

    /// One format at a time.
    #[divan::bench(args = [Format::Rss, Format::Atom, Format::Json])]
    fn feedmill(bencher: Bencher<'_, '_>, format: Format) {
        let snapshot = snapshot(200);
        bencher.bench(|| ours(&snapshot, format));
    }

    #[divan::bench(args = [Format::Rss, Format::Atom, Format::Json])]
    fn bare_writer(bencher: Bencher<'_, '_>, format: Format) {
        let snapshot = snapshot(200);
        bencher.bench(|| theirs(&snapshot, format));
    }

    pub fn ours(snapshot: &FeedSnapshot, format: Format) {
        let mut out = std::io::BufWriter::new(std::io::sink());
        render::render(format, black_box(snapshot), &mut out).expect("written");
        out.flush().expect("written");
    }

    pub fn theirs(snapshot: &FeedSnapshot, format: Format) {
        let snapshot = black_box(snapshot);
        match format {
            Format::Atom => {
                let config = atom_syndication::WriteConfig { write_document_declaration: true, indent_size: Some(1) };
                bare::atom(snapshot).write_with_config(std::io::sink(), config).expect("written");
            }
            Format::Json => serde_json::to_writer_pretty(std::io::sink(), &bare::json(snapshot)).expect("written"),
            _ => {
                bare::rss(snapshot).pretty_write_to(std::io::sink(), b' ', 1).expect("written");
            }
        }
    }
}

/// A release of 10,000 items in all formats.
mod release {
    use super::{Bencher, FeedSnapshot, Format, snapshot, write};

    type Write = fn(&FeedSnapshot, Format);

    #[divan::bench(sample_count = 10)]
    fn feedmill(bencher: Bencher<'_, '_>) {
        all_formats(bencher, write::ours);
    }

    #[divan::bench(sample_count = 10)]
    fn bare(bencher: Bencher<'_, '_>) {
        all_formats(bencher, write::theirs);
    }

    fn all_formats(bencher: Bencher<'_, '_>, write: Write) {
        let snapshot = snapshot(10_000);
        bencher.bench(|| [Format::Rss, Format::Atom, Format::Json].map(|format| write(&snapshot, format)));
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
