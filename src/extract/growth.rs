//! Hostile documents, each twice: reading one of double size may take little more than double the steps.

#[path = "../../benches/support/shapes.rs"]
mod shapes;

use shapes::Shape;

use super::{As, Request, extract};
use crate::markup::{self, steps};
use crate::model::Document;

/// Pieces of the smaller document.
const PIECES: usize = 3_000;

/// Fewer steps than these are what any document takes.
const SMALL: usize = 4 << 20;

fn grows_in_proportion(shapes: &[Shape], read: impl Fn(&str)) {
    let of = |shape: &Shape| judged(shape.name, PIECES, |pieces| shape.of(pieces), &read);
    let costly: Vec<String> = shapes.iter().filter_map(of).collect();
    assert!(costly.is_empty(), "{costly:#?}");
}

/// What is wrong with the steps that two sizes take.
fn judged(name: &str, pieces: usize, text: impl Fn(usize) -> String, read: &impl Fn(&str)) -> Option<String> {
    let cost = |pieces: usize| {
        let text = text(pieces);
        steps::taken();
        read(&text);
        steps::taken()
    };
    let (once, twice) = (cost(pieces), cost(2 * pieces));
    (twice > SMALL && twice * 10 > once * 26).then(|| format!("{name}: {once} steps, at double size {twice}"))
}

fn read_as(text: &str, read_as: As) {
    let document = Document {
        url: "https://x.example/list".parse().unwrap(),
        body: text.to_owned().into(),
        content_type: None,
        content_location: None,
        fetched_at: "2026-11-24T08:00:00Z".parse().unwrap(),
    };
    let request = Request { read_as, more: false, now: document.fetched_at };
    std::hint::black_box(extract(&document, &request).is_ok());
}

#[test]
fn bodies() {
    grows_in_proportion(&shapes::BODIES, |html| {
        std::hint::black_box(markup::clean(html, None));
        std::hint::black_box(markup::to_text(html));
        std::hint::black_box(markup::first_image(html));
    });
}

#[test]
fn feeds() {
    let read = |text: &str| read_as(text, As::Feed);
    grows_in_proportion(&shapes::FEEDS, read);
    assert_eq!(judged("spaces", PIECES, shapes::spaces_before_pieces, &read), None);
}

#[test]
fn lists() {
    let read = |text: &str| read_as(text, As::Listing);
    grows_in_proportion(&shapes::LISTS, read);
    assert_eq!(judged("items in items", 200, shapes::items_in_items, &read), None);
}

#[test]
fn pages() {
    grows_in_proportion(&shapes::PAGES, |text| read_as(text, As::Article));
}

#[test]
fn sitemaps() {
    grows_in_proportion(&shapes::SITEMAPS, |text| read_as(text, As::Listing));
}
