//! Published feeds over HTTP on loopback: what other people's readers make of them, and what a hub is told.

#![expect(clippy::disallowed_methods, reason = "tests make their own files")]

mod place;
#[expect(dead_code, reason = "other tests use more of it")]
#[path = "../support/program/mod.rs"]
mod program;

use std::collections::BTreeSet;
use std::process::Command;

use place::{Place, Seen, Story};

/// A reader that has subscribed to one document; it remembers what it has shown.
trait Reader {
    /// Fetches the document once more; all that it holds now, and the ids that the reader takes for new.
    fn fetch(&mut self, place: &Place, document: &str) -> (BTreeSet<Seen>, BTreeSet<String>);
}

/// Subscribes, updates, and meets another scheme of guids.
fn subscribes(make: &dyn Fn() -> Box<dyn Reader>) {
    for document in ["all.rss", "all.atom"] {
        let mut reader = make();
        let mut place = Place::new();
        let mut stories: Vec<Story> = (1..=6).map(Story::new).collect();
        "Ferry &amp; port: “Қазақстан” <i>new</i> timetable".clone_into(&mut stories[1].title);
        place.publishes(&stories);
        let (held, new) = reader.fetch(&place, document);
        assert_eq!(held, place.published(), "{document}");
        assert_eq!(new.len(), 6, "{document}");

        stories.push(Story::new(7));
        stories.push(Story::new(8));
        place.publishes(&stories);
        let (held, new) = reader.fetch(&place, document);
        assert_eq!(held, place.published(), "{document}, two more");
        let expected = BTreeSet::from([7, 8].map(|number| place.story_url(number)));
        assert_eq!(new, expected, "{document}, two more");

        for story in &mut stories {
            story.guid = format!("scheme-2-{}", story.guid);
        }
        place.publishes(&stories);
        let (held, new) = reader.fetch(&place, document);
        assert_eq!((held.len(), new), (8, BTreeSet::new()), "{document}, other guids");
    }
}

struct Newsboat(tempfile::TempDir);

impl Reader for Newsboat {
    fn fetch(&mut self, place: &Place, document: &str) -> (BTreeSet<Seen>, BTreeSet<String>) {
        let file = |name: &str| self.0.path().join(name);
        std::fs::write(file("urls"), place.address(document) + "\n").expect("a file");
        std::fs::write(file("config"), "").expect("a file");
        let mut newsboat = Command::new("newsboat");
        newsboat.arg("-u").arg(file("urls")).arg("-c").arg(file("cache.db")).arg("-C").arg(file("config"));
        let ran = newsboat.args(["-x", "reload"]).env("HOME", self.0.path()).output().expect("newsboat; see tests/run");
        assert!(ran.status.success(), "{ran:?}");
        let cache = rusqlite::Connection::open(file("cache.db")).expect("a cache");
        let mut select = cache.prepare("SELECT guid, title, pubDate, unread FROM rss_item").expect("a table");
        let rows = select.query_map([], |row| {
            Ok((Seen { id: row.get(0)?, title: row.get(1)?, published: row.get(2)? }, row.get::<_, bool>(3)?))
        });
        let rows: Vec<(Seen, bool)> = rows.expect("rows").collect::<Result<_, _>>().expect("rows");
        cache.execute("UPDATE rss_item SET unread = 0", []).expect("all are read");
        let new = rows.iter().filter(|(_, unread)| *unread).map(|(seen, _)| seen.id.clone()).collect();
        (rows.into_iter().map(|(seen, _)| seen).collect(), new)
    }
}

#[test]
#[ignore = "needs newsboat"]
fn newsboat_sees_each_item_once() {
    subscribes(&|| Box::new(Newsboat(tempfile::tempdir().expect("a folder"))));
}

struct Sfeed {
    folder: tempfile::TempDir,
    shown: BTreeSet<String>,
}

impl Reader for Sfeed {
    fn fetch(&mut self, place: &Place, document: &str) -> (BTreeSet<Seen>, BTreeSet<String>) {
        let (feeds, rc) = (self.folder.path().join("feeds"), self.folder.path().join("sfeedrc"));
        let text =
            format!("sfeedpath='{}'\nfeeds() {{\n feed one '{}'\n}}\n", feeds.display(), place.address(document));
        std::fs::write(&rc, text).expect("a file");
        let ran = Command::new("sfeed_update").arg(&rc).output().expect("sfeed; see tests/run");
        assert!(ran.status.success(), "{ran:?}");
        let lines = std::fs::read_to_string(feeds.join("one")).expect("a feed");
        let (mut held, mut new) = (BTreeSet::new(), BTreeSet::new());
        for line in lines.lines() {
            let fields: Vec<&str> = line.split('\t').collect();
            let published = fields[0].parse().expect("a time");
            held.insert(Seen { id: fields[5].to_owned(), title: fields[1].to_owned(), published });
            // it tells items apart by id, title and link
            if self.shown.insert([fields[5], fields[1], fields[2]].join("\t")) {
                new.insert(fields[5].to_owned());
            }
        }
        (held, new)
    }
}

#[test]
#[ignore = "needs sfeed"]
fn sfeed_sees_each_item_once() {
    subscribes(&|| Box::new(Sfeed { folder: tempfile::tempdir().expect("a folder"), shown: BTreeSet::new() }));
}

/// Python's feedparser keeps nothing: what is new goes by the id.
struct Feedparser(BTreeSet<String>);

const READ: &str = "import calendar, feedparser, json, sys
feed = feedparser.parse(sys.argv[1])
assert not feed.bozo, feed.bozo_exception
print(json.dumps([[e.id, e.title, calendar.timegm(e.published_parsed)] for e in feed.entries]))";

impl Reader for Feedparser {
    fn fetch(&mut self, place: &Place, document: &str) -> (BTreeSet<Seen>, BTreeSet<String>) {
        let python = program::project().join("target/feedparser/bin/python");
        let ran = Command::new(python).args(["-c", READ, &place.address(document)]).output();
        let ran = ran.expect("feedparser; see tests/run");
        assert!(ran.status.success(), "{ran:?}");
        let read: Vec<(String, String, i64)> = serde_json::from_slice(&ran.stdout).expect("JSON");
        let held: BTreeSet<Seen> = read
            .into_iter()
            .map(|(id, title, published)| Seen { id, title: place::plain(&title), published })
            .collect();
        let new = held.iter().map(|seen| seen.id.clone()).filter(|id| self.0.insert(id.clone())).collect();
        (held, new)
    }
}

#[test]
#[ignore = "needs Python's feedparser"]
fn feedparser_sees_each_item_once() {
    subscribes(&|| Box::new(Feedparser(BTreeSet::new())));
}

#[test]
fn a_hub_is_told_of_what_changed_once_it_can_be_read() {
    let mut place = Place::new();
    place.feed(&format!("hub = \"{}\"\n", place.base().join("hub").expect("an address")));
    let stories: Vec<Story> = (1..=2).map(Story::new).collect();
    let ran = place.publishes(&stories);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let topic = |document: &str| {
        let text: String = url::form_urlencoded::byte_serialize(place.address(document).as_bytes()).collect();
        format!("&hub.url={text}")
    };
    let told = format!("hub.mode=publish{}{}{}", topic("all.rss"), topic("all.atom"), topic("all.json"));
    assert_eq!(place.told(), std::slice::from_ref(&told));
    for document in ["all.rss", "all.atom", "all.json"] {
        let text = std::fs::read_to_string(place.folder().join(document)).expect("a feed");
        assert!(text.contains("/hub\""), "{text}");
    }
    let stands = |place: &Place| std::fs::read(place.folder().join("all.json")).expect("a feed");
    assert_eq!(place.readable(), [stands(&place)], "what it was told of could be read already");
    place.publishes(&stories);
    assert_eq!(place.told().len(), 1, "nothing changed, so nobody is told");

    place.hub_fails();
    let ran = place.publishes(&(1..=3).map(Story::new).collect::<Vec<_>>());
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("feed all: the hub was not told of the change"), "{}", ran.err);
    assert_eq!(place.told().len(), 2);
    assert_eq!(place.readable().last(), Some(&stands(&place)));
    assert_eq!(place.published().len(), 3, "the feed stands all the same");
}

#[test]
fn a_hub_of_several_feeds_is_told_once_and_left_alone_while_it_asks_for_that() {
    let mut place = Place::new();
    let hub = place.hub();
    place.feed(&format!("hub = \"{hub}\"\nformats = [\"rss\", \"json\"]\n\n[[feed]]\nid = \"more\"\nformats = [\"rss\"]\nhub = \"{hub}\"\n"));
    place.publishes(&[Story::new(1)]);
    assert_eq!(place.told().len(), 1, "{:?}", place.told());
    assert!(place.told()[0].contains("all.rss") && place.told()[0].contains("more.rss"), "{:?}", place.told());
    place.hub_asks_for_a_pause();
    let ran = place.publishes(&(1..=2).map(Story::new).collect::<Vec<_>>());
    for feed in ["all", "more"] {
        assert!(ran.err.contains(&format!("feed {feed}: the hub was not told of the change")), "{}", ran.err);
    }
    assert_eq!(place.told().len(), 2);
    place.publishes(&(1..=3).map(Story::new).collect::<Vec<_>>());
    assert_eq!(place.told().len(), 2, "it asked for a pause");
}
