//! Reading large feeds, each in a process of its own: its peak memory is what is measured.

use std::fmt::Write as _;
use std::process::Command;

use chrono::DateTime;
use feedmill::extract::{As, Request, extract};
use feedmill::model::{Document, Extracted};

/// Names the case that a process of its own reads.
const CASE: &str = "FEEDMILL_MEMORY_CASE";

/// Bytes of a document.
const SIZE: usize = 16 << 20;

/// Head, one item's beginning and end, and the end of the document. `#` is the number of the item.
type Shape = (&'static str, [&'static str; 4]);

const SHAPES: [Shape; 4] = [
    (
        "rss",
        [
            "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>News</title>",
            "<item><title>Story #</title><link>https://news.example/#</link><guid>https://news.example/#</guid>\
             <pubDate>Tue, 24 Nov 2026 08:00:00 GMT</pubDate><description>",
            "</description></item>",
            "</channel></rss>",
        ],
    ),
    (
        "atom",
        [
            "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>News</title>",
            "<entry><title>Story #</title><link href=\"https://news.example/#\"/><id>https://news.example/#</id>\
             <updated>2026-11-24T08:00:00Z</updated><summary>",
            "</summary></entry>",
            "</feed>",
        ],
    ),
    (
        "rdf",
        [
            "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\" \
             xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>News</title></channel>",
            "<item rdf:about=\"https://news.example/#\"><title>Story #</title><link>https://news.example/#</link>\
             <dc:date>2026-11-24T08:00:00Z</dc:date><description>",
            "</description></item>",
            "</rdf:RDF>",
        ],
    ),
    (
        "json",
        [
            "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"News\",\"items\":[{}",
            ",{\"id\":\"https://news.example/#\",\"url\":\"https://news.example/#\",\"title\":\"Story #\",\
             \"date_published\":\"2026-11-24T08:00:00Z\",\"content_text\":\"",
            "\"}",
            "]}",
        ],
    ),
];

/// Bytes of an item: a headline with its address, a teaser, a long text.
const ITEMS: [usize; 3] = [200, 500, 5_000];

/// A document of items of about so many bytes.
fn feed([head, start, end, foot]: [&str; 4], item: usize) -> String {
    let mut text = String::with_capacity(SIZE + 16_384);
    text.push_str(head);
    let mut number = 0;
    while text.len() < SIZE {
        number += 1;
        let before = text.len();
        text.push_str(&start.replace('#', &number.to_string()));
        while text.len() - before + end.len() + 40 <= item {
            let _ = write!(text, "What was said of {number} &amp; done is told. ");
        }
        text.push_str(end);
    }
    text + foot
}

#[test]
fn a_feed_costs_less_than_four_times_its_size() {
    if let Ok(case) = std::env::var(CASE) {
        return read(&case);
    }
    let program = std::env::current_exe().expect("the test's own program");
    let mut costly = String::new();
    for (name, item) in SHAPES.iter().flat_map(|(name, _)| ITEMS.map(|item| (name, item))) {
        let ran = Command::new(&program)
            .args(["--exact", "a_feed_costs_less_than_four_times_its_size", "--nocapture"])
            .env(CASE, format!("{name} {item}"))
            .output()
            .expect("the program runs again");
        print!(
            "{}",
            String::from_utf8_lossy(&ran.stdout)
                .lines()
                .filter(|line| line.contains("KiB"))
                .fold(String::new(), |all, line| all + line + "\n",)
        );
        if !ran.status.success() {
            costly.push_str(&String::from_utf8_lossy(&ran.stderr));
        }
    }
    assert!(costly.is_empty(), "{costly}");
}

/// Reads the document of one case, and says what it cost.
fn read(case: &str) {
    let (name, item) = case.split_once(' ').expect("a shape and a size");
    let item: usize = item.parse().expect("a size");
    let (_, shape) = SHAPES.iter().find(|(known, _)| *known == name).expect("a shape");
    let now = DateTime::from_timestamp(1_795_000_000, 0).expect("a time");
    let document = Document {
        url: "https://news.example/rss".parse().expect("an address"),
        body: feed(*shape, item).into(),
        content_type: None,
        content_location: None,
        fetched_at: now,
    };
    let request = Request { read_as: As::Feed, more: false, now };
    let Ok(Extracted::Feed { items, .. }) = extract(&document, &request) else { panic!("{case}: no feed") };
    assert!(items.len() >= SIZE / item / 2, "{case}: {} items", items.len());
    let count = items.len();
    // who takes the items one by one must not need more
    assert_eq!(items.into_iter().filter(|item| item.id.is_some()).count(), count - usize::from(name == "json"));
    let (peak, size) = (peak_kib(), document.body.len() / 1024);
    println!("{name}, {count} items of {item} bytes: {peak} KiB for {size} KiB");
    assert!(peak < 4 * size, "{name}, {count} items of {item} bytes: {peak} KiB for {size} KiB");
}

/// What stands before, again and again, and behind; and what the document is read as.
type Hostile = (&'static str, [&'static str; 3], As);

/// Documents of small pieces, each of which takes far more in memory than it is long.
const HOSTILE: [Hostile; 9] = [
    ("elements", ["<rss><channel><item>", "<a/>", ""], As::Feed),
    ("bases", ["<rss><channel><item>", "<a xml:base=\"b/\"/>", ""], As::Feed),
    ("unknown member", ["{\"version\":\"jsonfeed\",\"x\":[", "1,", "1],\"items\":[]}"], As::Feed),
    ("values of an item", ["{\"version\":\"jsonfeed\",\"items\":[{\"x\":[", "{\"a\":1},", "1]}]}"], As::Feed),
    ("values of a list", ["[{\"link\":\"https://a.example/\",\"x\":[", "1,", "1]}]"], As::Listing),
    ("open elements", ["<urlset>", "<a>", ""], As::Listing),
    ("state", ["<script>window.__INITIAL_STATE__=[", "{\"a\":1},", "1];</script>"], As::Article),
    ("state in a script's own form", ["<script>window.__INITIAL_STATE__=[", "{a:1},", "1];</script>"], As::Article),
    (
        "a parameter again and again",
        ["<script>window.__NUXT__=(function(a){return [", "a,", "a]}([1,1,1,1,1,1,1,1,1,1]));</script>"],
        As::Article,
    ),
];

/// Bytes of a hostile document, and what any document may take.
const HOSTILE_SIZE: usize = 6 << 20;
const ANY_KIB: usize = 80 << 10;

#[test]
fn a_hostile_document_costs_less_than_eight_times_its_size() {
    if let Ok(case) = std::env::var(CASE) {
        return read_hostile(&case);
    }
    let program = std::env::current_exe().expect("the test's own program");
    let mut costly = String::new();
    for (name, ..) in &HOSTILE {
        let ran = Command::new(&program)
            .args(["--exact", "a_hostile_document_costs_less_than_eight_times_its_size", "--nocapture"])
            .env(CASE, name)
            .output()
            .expect("the program runs again");
        if !ran.status.success() {
            costly.push_str(&String::from_utf8_lossy(&ran.stderr));
        }
    }
    assert!(costly.is_empty(), "{costly}");
}

fn read_hostile(case: &str) {
    let (name, [before, piece, behind], read_as) = HOSTILE.iter().find(|(name, ..)| *name == case).expect("a case");
    let now = DateTime::from_timestamp(1_795_000_000, 0).expect("a time");
    let document = Document {
        url: "https://news.example/list".parse().expect("an address"),
        body: [*before, &piece.repeat(HOSTILE_SIZE / piece.len()), behind].concat().into(),
        content_type: None,
        content_location: None,
        fetched_at: now,
    };
    std::hint::black_box(extract(&document, &Request { read_as: *read_as, more: false, now }).is_ok());
    let (peak, size) = (peak_kib(), document.body.len() / 1024);
    assert!(peak < 8 * size + ANY_KIB, "{name}: {peak} KiB for {size} KiB");
}

/// The most memory that this process has held so far.
fn peak_kib() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("the kernel tells");
    let line = status.lines().find(|line| line.starts_with("VmHWM")).expect("the peak is told");
    line.split_ascii_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a number")
}
