//! The release of a large feed, in a process that does nothing else: its peak memory is what is measured.

#![expect(clippy::disallowed_methods, reason = "tests make their own files, and measure their own processes")]

#[path = "support/program/mod.rs"]
#[expect(dead_code, reason = "this test needs less of the program than others")]
mod program;

use std::fmt::Write as _;
use std::path::Path;
use std::process::Stdio;

const ITEMS: usize = 10_000;

/// An outlet's feed whose items have bodies of so many sentences.
fn outlet(sentences: usize) -> String {
    let mut xml = String::from("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>News</title>");
    for number in 0..ITEMS {
        let _ = write!(
            xml,
            "<item><title>Story {number} and what it means</title><link>https://news.example/{number}</link>\
             <guid>https://news.example/{number}</guid><pubDate>Tue, 20 Jan 2026 08:{:02}:{:02} GMT</pubDate>\
             <category>World</category><description>&lt;p&gt;",
            number / 60 % 60,
            number % 60
        );
        for sentence in 0..sentences {
            let _ = write!(xml, "What was said of {number} is told here &lt;b&gt;{sentence}&lt;/b&gt; in a sentence. ");
        }
        xml.push_str("&lt;/p&gt;</description></item>");
    }
    xml.push_str("</channel></rss>");
    xml
}

/// Runs the program; answers the most memory that it held, in KiB.
fn peak(folder: &Path) -> usize {
    let mut command = program::feedmill();
    let mut child = command.current_dir(folder).arg("run").stderr(Stdio::null()).spawn().expect("the program starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    let code = loop {
        // a process that has ended tells none; the figure only grows
        let told = std::fs::read_to_string(&status).unwrap_or_default();
        let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = line.and_then(|line| line.split_ascii_whitespace().next()?.parse().ok()).unwrap_or(peak);
        if let Some(status) = child.try_wait().expect("a child") {
            break status.code();
        }
        std::thread::yield_now();
    };
    assert_eq!(code, Some(0));
    peak
}

#[test]
fn a_release_costs_less_than_three_times_its_largest_document() {
    // bodies of 300 and of 900 bytes: the shorter they are, the more what is known beside them weighs
    for sentences in [4, 12] {
        holds(sentences);
    }
}

/// One feed, gathered and released, then released once more by a process that does nothing else.
fn holds(sentences: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let web = folder.path().join("web/news.example");
    std::fs::create_dir_all(&web).expect("a folder");
    std::fs::write(web.join("feed"), outlet(sentences)).expect("a feed");
    let config = format!(
        "clock = \"2026-01-20T12:00:00Z\"\n[site]\nbase_url = \"https://feeds.example.org/\"\n\
         [fetch]\nreplay = \"web\"\n[[source]]\nid = \"news\"\nurl = \"https://news.example/feed\"\n\
         [[feed]]\nid = \"all\"\ntitle = \"All\"\nitems = {ITEMS}\nbytes = \"100 MB\"\n"
    );
    std::fs::write(folder.path().join("feedmill.toml"), config).expect("a config");
    peak(folder.path());
    // nothing is due but the feed itself, since a file of it is missing
    let documents =
        ["rss", "atom", "json", "html"].map(|extension| folder.path().join("feeds/all").with_extension(extension));
    let largest = documents.iter().map(|path| std::fs::metadata(path).expect("a document").len()).max();
    let largest = usize::try_from(largest.expect("a document")).expect("a size") / 1024;
    let written = std::fs::read(&documents[0]).expect("a document");
    let idle = peak(folder.path());
    std::fs::remove_file(&documents[0]).expect("a document");
    let busy = peak(folder.path());
    assert!(std::fs::read(&documents[0]).expect("a document") == written, "it was released once more");
    let cost = busy - idle;
    println!("{sentences} sentences: {cost} KiB for {largest} KiB (an idle run {idle} KiB)");
    assert!(largest > 1_000 && cost < 3 * largest, "{sentences}: {cost} KiB for {largest} KiB");
}
