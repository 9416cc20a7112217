//! What pages of many shapes cost, beside building their tree alone, each in two sizes.
//!
//! Run with `cargo bench --bench pages`. Compare within a group: of each shape both sizes have the same
//! throughput, or something grows faster than the page; and reading costs a few times what the tree does.

#![expect(clippy::expect_used, reason = "a bench that cannot begin has nothing to say")]

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use feedmill::extract::{self, As, Request};
use feedmill::model::Document;

fn main() {
    divan::main();
}

/// Bytes of a page of each size.
const SIZES: [usize; 2] = [250_000, 2_000_000];

/// What a page is full of. Each is one that some reader of pages takes quadratic time for.
const SHAPES: [&str; 12] = [
    "paragraphs",
    "short paragraphs",
    "line breaks",
    "links",
    "pictures",
    "comments",
    "dates",
    "spans",
    "microdata",
    "state",
    "cards",
    "links to one story",
];

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000, 0).expect("a time")
}

/// Words that differ from place to place.
fn sentence(number: usize, words: usize) -> String {
    const WORDS: [&str; 13] = [
        "rail", "border", "steppe", "market", "water", "council", "said", "that", "new", "plan", "for", "region",
        "city",
    ];
    let mut text = format!("Story {number}");
    for word in 0..words {
        let _ = write!(text, " {}", WORDS[(number * 7 + word * 5 + word * word) % WORDS.len()]);
    }
    text + "."
}

/// One piece of a shape.
fn piece(shape: &str, number: usize) -> String {
    let text = |words| sentence(number, words);
    let day = number % 28 + 1;
    match shape {
        "paragraphs" => format!("<p>{}</p>\n", text(60)),
        "short paragraphs" => format!("<p>{}</p>\n", text(6)),
        "line breaks" => format!("{}<br>\n", text(12)),
        "links" => format!("<li><a href=\"/2023/03/{day:02}/story-{number}\">{}</a></li>\n", text(6)),
        "pictures" => {
            format!(
                "<figure><img src=\"/{number}.jpg\" width=800 height=600><figcaption>{}</figcaption></figure>\n",
                text(8)
            )
        }
        "comments" => format!(
            "<div class=comment><span class=author>Jo {number}</span><time datetime=2023-03-01>1 March</time><p>{}</p></div>\n",
            text(16)
        ),
        "dates" => format!("<p class=date>March {day}, 2023 10:{:02}</p>\n", number % 60),
        "spans" => format!("<p>{}</p>\n", format!("<span class=x>{}</span> ", text(2)).repeat(8)),
        "microdata" => {
            format!(
                "<div itemprop=author itemscope itemtype=\"http://schema.org/Person\"><span itemprop=name>{}</span></div>\n",
                text(1)
            )
        }
        "state" => format!("{{\"title\":\"{}\",\"url\":\"/s/{number}\",\"date\":\"2023-03-{day:02}\"}},", text(6)),
        "cards" => format!(
            "<div class=card><a href=\"/2023/03/{day:02}/story-{number}\"><img src=\"/{number}.jpg\"><h3>{}</h3></a>\
             <time datetime=2023-03-01>1 March</time><p>{}</p></div>\n",
            text(8),
            text(4)
        ),
        _ => format!("<li><a href=\"/news/the-only-story-of-all\">{}</a></li>\n", text(6)),
    }
}

fn page(shape: &str, size: usize) -> String {
    let mut pieces = String::new();
    for number in 0.. {
        if pieces.len() >= size {
            break;
        }
        pieces.push_str(&piece(shape, number));
    }
    if shape == "state" {
        pieces = format!(
            "<p>{}</p><script id=__NEXT_DATA__ type=\"application/json\">{{\"list\":[{}0]}}</script>",
            sentence(1, 60),
            pieces
        );
    }
    format!(
        "<!doctype html><html lang=en><head><title>Rail link opens | Courier</title></head><body><main><article>\
         <h1>Rail link opens</h1><p class=byline>By Jo Doe, March 1, 2023</p>{pieces}</article></main></body></html>"
    )
}

fn read(bencher: Bencher<'_, '_>, (shape, size): (&str, usize)) {
    let html = page(shape, size);
    let is_list = matches!(shape, "cards" | "links" | "links to one story");
    let read_as = if is_list { As::Listing } else { As::Article };
    let document = Document {
        url: "https://courier.example/2023/03/01/rail-link-opens".parse().expect("an address"),
        body: html.into_bytes().into(),
        content_type: Some("text/html; charset=utf-8".to_owned()),
        content_location: None,
        fetched_at: now(),
    };
    let request = Request { read_as, more: false, now: now() };
    bencher
        .counter(BytesCount::new(document.body.len()))
        .bench_local(|| extract::extract(black_box(&document), &request).map(drop));
}

/// All that `extract` does.
#[divan::bench(args = SHAPES, sample_count = 5, sample_size = 1)]
fn small(bencher: Bencher<'_, '_>, shape: &str) {
    read(bencher, (shape, SIZES[0]));
}

/// The same of eight times as much.
#[divan::bench(args = SHAPES, sample_count = 5, sample_size = 1)]
fn large(bencher: Bencher<'_, '_>, shape: &str) {
    read(bencher, (shape, SIZES[1]));
}

/// The tree alone, of the large pages.
#[divan::bench(args = SHAPES, sample_count = 5, sample_size = 1)]
fn tree(bencher: Bencher<'_, '_>, shape: &str) {
    let html = page(shape, SIZES[1]);
    bencher
        .counter(BytesCount::new(html.len()))
        .bench_local(|| drop(dom_query::Document::from(black_box(html.as_str()))));
}
