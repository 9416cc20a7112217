//! Reading feeds beside other readers: one table of ratios, each measured in this one run.
//!
//! `cargo bench --bench reading`. One thread, bytes in memory, seconds of CPU. In each round every reader reads
//! all documents; of its rounds the fastest counts, since nothing but other work makes one slower.
//!
//! | variable | what |
//! |---|---|
//! | `FEEDMILL_BENCH_FEEDS` | a folder, of which the first 1,000 XML feeds are read; else a document made here |
//! | `FEEDMILL_BENCH_FEEDPARSER` | a Python that has feedparser; else `target/feedparser/bin/python`, as `tests/run` makes it |
//! | `FEEDMILL_BENCH_ROUNDS` | 7 if not given |

#![expect(clippy::expect_used, reason = "a bench that cannot begin has nothing to say")]

#[path = "support/documents.rs"]
mod documents;

use std::hint::black_box;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use feedmill::extract::{self, As, Request};
use feedmill::markup;
use feedmill::model::{Document, Extracted, TextKind};
use quick_xml::events::Event;

/// Documents are taken up to this number.
const MOST: usize = 1_000;

/// Feedparser reads every so manieth document: all of them take it minutes.
const SAMPLE: usize = 10;

/// Items of the documents that show how the cost grows.
const GROWTH: [usize; 3] = [1_000, 10_000, 100_000];

type Reader = fn(&[Document]);

fn main() {
    // `cargo test` runs benches too, to see that they start
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let documents = match std::env::var_os("FEEDMILL_BENCH_FEEDS") {
        Some(folder) => documents::below(Path::new(&folder), MOST, &|feed| {
            extract::extract(feed, &request()).is_ok() && feed_rs::parser::parse(feed.body.as_ref()).is_ok()
        }),
        None => vec![documents::document(documents::feed(200).into_bytes())],
    };
    let rounds = std::env::var("FEEDMILL_BENCH_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(7);
    println!(
        "{} documents, {:.1} MB, one thread, the fastest of {rounds} rounds\n",
        documents.len(),
        megabytes(&documents)
    );
    let readers: [Reader; 5] = [parse, feed_rs, quick_xml_events, parse_and_clean, feed_rs_and_ammonia];
    let [parsed, feed_rs, events, cleaned, ammonia] = fastest(readers, &documents, rounds);
    let mut table = Table::new(megabytes(&documents));
    table.row(("parsed", "feed-rs"), (parsed, feed_rs), &At::Least(1.3));
    table.row(("parsed", "quick-xml, events only"), (parsed, events), &At::Most(3.5));
    table.row(("sanitized", "feed-rs and ammonia"), (cleaned, ammonia), &At::Least(0.8));

    let sample: Vec<Document> = documents.into_iter().step_by(SAMPLE).collect();
    match feedparser(&sample) {
        Ok(theirs) => {
            let [ours] = fastest([parse_and_clean as Reader], &sample, rounds);
            table.size = megabytes(&sample);
            table.row(("sanitized", "feedparser"), (ours, theirs), &At::Least(40.0));
        }
        Err(reason) => println!("{:<10} {:<24} not measured: {reason}", "sanitized", "feedparser"),
    }

    println!("\n{:<10} {:>12} {:>16}", "items", "ms", "\u{b5}s an item");
    for items in GROWTH {
        // the short ones again and again: the kernel's clock of a thread is coarse
        let times = GROWTH[GROWTH.len() - 1] / items;
        let document = documents::document(documents::feed(items).into_bytes());
        let [all] = fastest([parse as Reader], &vec![document; times], rounds.min(5));
        let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        let (seconds, each) = (all / number(times), number(items));
        println!("{items:<10} {:>12.1} {:>16.2}", seconds * 1e3, seconds * 1e6 / each);
    }
}

fn request() -> Request {
    Request { read_as: As::Feed, more: false, now: documents::now() }
}

/// From bytes to items.
fn parse(documents: &[Document]) {
    let request = request();
    for document in documents {
        black_box(extract::extract(black_box(document), &request).expect("a feed"));
    }
}

fn feed_rs(documents: &[Document]) {
    for document in documents {
        black_box(feed_rs::parser::parse(black_box(document.body.as_ref())).expect("a feed"));
    }
}

/// Events only: nothing is decoded, kept or understood.
fn quick_xml_events(documents: &[Document]) {
    for document in documents {
        let mut reader = quick_xml::Reader::from_reader(black_box(document.body.as_ref()));
        let mut events = 0;
        while !matches!(reader.read_event(), Ok(Event::Eof) | Err(_)) {
            events += 1;
        }
        black_box(events);
    }
}

/// From bytes to texts that may be shown: sanitized, with absolute addresses.
fn parse_and_clean(documents: &[Document]) {
    let request = request();
    for document in documents {
        let Ok(Extracted::Feed { items, .. }) = extract::extract(black_box(document), &request) else { continue };
        for item in items {
            let texts = item.summaries.iter().take(1).chain(item.bodies.iter().take(1));
            for claim in texts.filter(|claim| claim.text.kind == TextKind::Html) {
                black_box(markup::clean(&claim.text.text, item.base.as_ref()));
            }
        }
    }
}

/// Its texts through ammonia with a base, the usual way.
fn feed_rs_and_ammonia(documents: &[Document]) {
    let mut cleaner = ammonia::Builder::default();
    let base = "https://news.example/rss".parse().expect("an address");
    cleaner.url_relative(ammonia::UrlRelative::RewriteWithBase(base));
    for document in documents {
        let feed = feed_rs::parser::parse(black_box(document.body.as_ref())).expect("a feed");
        for entry in &feed.entries {
            let body = entry.content.as_ref().and_then(|content| content.body.as_deref());
            let summary = entry.summary.as_ref().map(|summary| summary.content.as_str());
            for text in summary.into_iter().chain(body) {
                black_box(cleaner.clean(text).to_string());
            }
        }
    }
}

/// Seconds of CPU that feedparser needs, its sanitizing and resolving included, as it does by itself.
fn feedparser(documents: &[Document]) -> Result<f64, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let given = std::env::var_os("FEEDMILL_BENCH_FEEDPARSER").map(PathBuf::from);
    let python = given.unwrap_or_else(|| root.join("target/feedparser/bin/python"));
    let failed = |what: &str, error: &dyn std::fmt::Display| format!("{what} {}: {error}", python.display());
    let mut child = Command::new(&python)
        .arg(root.join("benches/support/feedparser.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| failed("cannot start", &error))?;
    let mut stdin = child.stdin.take().expect("it is piped");
    for document in documents {
        let head = format!("{}\n", document.body.len());
        let written = stdin.write_all(head.as_bytes()).and_then(|()| stdin.write_all(&document.body));
        written.map_err(|error| failed("no feedparser in", &error))?;
    }
    drop(stdin);
    let answer = child.wait_with_output().map_err(|error| failed("no answer of", &error))?;
    let text = String::from_utf8_lossy(&answer.stdout);
    text.trim().parse().map_err(|error| failed("no answer of", &error))
}

/// The seconds of each reader's fastest round.
fn fastest<const N: usize>(readers: [Reader; N], documents: &[Document], rounds: usize) -> [f64; N] {
    let mut best = [f64::INFINITY; N];
    for _ in 0..rounds.max(1) {
        for (best, read) in best.iter_mut().zip(readers) {
            let start = cpu_seconds();
            read(documents);
            *best = best.min(cpu_seconds() - start);
        }
    }
    best
}

/// Seconds for which this thread had a core.
fn cpu_seconds() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").expect("the kernel tells");
    let nanoseconds = told.split(' ').next().and_then(|first| first.parse::<u64>().ok()).expect("a number");
    std::time::Duration::from_nanos(nanoseconds).as_secs_f64()
}

fn megabytes(documents: &[Document]) -> f64 {
    let bytes: usize = documents.iter().map(|document| document.body.len()).sum();
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1e6
}

/// What a ratio is to be.
enum At {
    /// So many times as fast as the other, or more.
    Least(f64),
    /// So many times the other's time, or less.
    Most(f64),
}

struct Table {
    /// Of the documents, in megabytes.
    size: f64,
}

impl Table {
    fn new(size: f64) -> Self {
        println!("{:<10} {:<24} {:>9} {:>9} {:>8} {:>8}", "feedmill", "beside", "MB/s", "its MB/s", "ratio", "wanted");
        Self { size }
    }

    fn row(&self, (what, other): (&str, &str), (ours, theirs): (f64, f64), wanted: &At) {
        let (ratio, wanted) = match wanted {
            At::Least(least) => (theirs / ours, format!(">= {least}")),
            At::Most(most) => (ours / theirs, format!("<= {most}")),
        };
        let (speed, other_speed) = (self.size / ours, self.size / theirs);
        println!("{what:<10} {other:<24} {speed:>9.1} {other_speed:>9.1} {ratio:>8.2} {wanted:>8}");
    }
}
