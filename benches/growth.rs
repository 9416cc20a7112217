//! Hostile documents, each in two sizes: the time that one of fourfold size takes may be little more than fourfold.
//!
//! Run with `cargo bench --bench growth`; ends with an error where something grows out of proportion. Steps that are
//! known to be at risk are counted by a test; this one sees the others too.

#![expect(clippy::expect_used, reason = "a bench that cannot begin has nothing to say")]
#![expect(clippy::disallowed_methods, reason = "what is measured is time")]

#[path = "support/shapes.rs"]
mod shapes;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use chrono::DateTime;
use feedmill::extract::{As, Request, extract};
use feedmill::markup;
use feedmill::model::Document;

/// Pieces of the smaller document.
const PIECES: usize = 4_000;

/// The least of so many times is what a document takes.
const TIMES: usize = 7;

/// How much larger the larger document is.
const TIMES_LARGER: usize = 4;

/// Above this the time has grown with more than the size: with its square it is sixteenfold. The allocator's own steps,
/// where a size needs its first pages of the system, lie below.
const MOST: f64 = 9.0;

/// Shorter times are nobody's concern, and told by chance.
const SHORT: Duration = Duration::from_millis(2);

fn main() -> ExitCode {
    let mut is_well = true;
    let mut judge = |name: &str, text: &dyn Fn(usize) -> String, read: &dyn Fn(&str)| {
        let least = |pieces| {
            let text = text(pieces);
            let took = |_| {
                let began = Instant::now();
                read(&text);
                began.elapsed()
            };
            (0..TIMES).map(took).min().expect("it was read")
        };
        let (small, large) = (least(PIECES), least(TIMES_LARGER * PIECES));
        let ratio = large.as_secs_f64() / small.as_secs_f64();
        let is_costly = large > SHORT && ratio > MOST;
        println!("{name:32} {small:>10.2?} {large:>10.2?} {ratio:>5.1} {}", if is_costly { "TOO MUCH" } else { "" });
        is_well &= !is_costly;
    };
    for shape in &shapes::BODIES {
        judge(shape.name, &|pieces| shape.of(pieces), &|html| drop(markup::clean(html, None)));
    }
    for (shapes, kind) in [
        (shapes::FEEDS.as_slice(), As::Feed),
        (&shapes::LISTS, As::Listing),
        (&shapes::PAGES, As::Article),
        (&shapes::SITEMAPS, As::Listing),
    ] {
        for shape in shapes {
            judge(shape.name, &|pieces| shape.of(pieces), &|text| read_as(text, kind));
        }
    }
    judge("white space before pieces", &shapes::spaces_before_pieces, &|text| read_as(text, As::Feed));
    judge("items in items", &|pieces| shapes::items_in_items(pieces / 20), &|text| read_as(text, As::Listing));
    if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn read_as(text: &str, read_as: As) {
    let now = DateTime::from_timestamp(1_795_000_000, 0).expect("a time");
    let document = Document {
        url: "https://x.example/list".parse().expect("an address"),
        body: text.to_owned().into(),
        content_type: None,
        content_location: None,
        fetched_at: now,
    };
    std::hint::black_box(extract(&document, &Request { read_as, more: false, now }).is_ok());
}
