//! What people see in a browser, and the lists that programs subscribe from.

use serde_json::Value;

use crate::origin::{Origin, Reply};
use crate::place::{ALL, HEAD, Place, folder_source, web_source};

#[test]
fn a_theme_takes_the_place_of_what_it_brings() {
    let place = Place::with_desk();
    let config = place.read("feedmill.toml").replace("[site]\n", "[site]\ntheme = \"look\"\n");
    place.write("feedmill.toml", format!("{config}\n[[feed]]\nid = \"plain\"\ntheme = \"other\"\n"));
    place.write("look/feed.html", "<h1>{{ title }}</h1>{% for item in items %}{% include \"item.html\" %}{% endfor %}");
    place.write("look/item.html", "<p>{{ item.title }}</p>");
    place.write("look/style.css", "h1{color:teal}");
    place.write("other/style.css", "h1{color:plum}");
    assert_eq!(place.run(&["run"]).code, Some(0));
    assert_eq!(place.read("feeds/all.html"), "<h1>All</h1><p>Article two</p><p>Article one</p>\n");
    let (index, plain) = (place.read("feeds/index.html"), place.read("feeds/plain.html"));
    assert!(index.contains("<style>h1{color:teal}</style>") && index.contains("<main id=\"Feeds\""), "{index}");
    assert!(plain.contains("<style>h1{color:plum}</style>") && plain.contains("<article "), "{plain}");

    // another look is another page, without any news
    place.write("look/item.html", "<b>{{ item.title }}</b>");
    assert_eq!(place.run(&["run"]).code, Some(0));
    assert_eq!(place.read("feeds/all.html"), "<h1>All</h1><b>Article two</b><b>Article one</b>\n");
    assert_eq!(place.read("feeds/plain.html"), plain);

    // a mistake is told before anything is gathered, and the pages stay
    place.write("look/feed.html", "\n{% for item in items %}");
    for command in ["check", "run"] {
        let ran = place.run(&[command]);
        assert_eq!(ran.code, Some(2), "{command}: {}", ran.err);
        assert!(ran.err.contains("feed.html") && ran.err.contains("look"), "{}", ran.err);
    }
    assert_eq!(place.read("feeds/all.html"), "<h1>All</h1><b>Article two</b><b>Article one</b>\n");
}

/// A feed of one item with a picture, a recording and a text with a picture of its own.
fn podcast() -> Reply {
    Reply::ok(
        "<?xml version=\"1.0\"?>\n<rss version=\"2.0\" xmlns:media=\"http://search.yahoo.com/mrss/\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
         xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\"><channel><title>Voices</title>\
         <link>https://voices.example/</link><item><title>صوت المدينة في المساء</title>\
         <link>https://voices.example/1</link><guid isPermaLink=\"false\">voices-1</guid>\
         <pubDate>02 Jan 2026 09:00:00 +0000</pubDate><dc:language>ar</dc:language>\
         <description>خلاصة الحلقة.</description>\
         <content:encoded><![CDATA[<p>نص الحلقة كله.</p><img src=\"https://voices.example/b.jpg\" alt=\"\">]]></content:encoded>\
         <media:content url=\"https://voices.example/a.jpg\" medium=\"image\" width=\"1200\" height=\"800\"/>\
         <enclosure url=\"https://voices.example/1.mp3\" length=\"7000000\" type=\"audio/mpeg\"/>\
         <itunes:duration>20:34</itunes:duration></item></channel></rss>",
    )
}

fn item(place: &Place, feed: &str) -> Value {
    let feed: Value = serde_json::from_str(&place.read(&format!("feeds/{feed}.json"))).expect("JSON");
    feed["items"][0].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_feed_shows_as_much_as_it_should() {
    let origin = Origin::start().await;
    origin.on("/feed", podcast());
    let feed = |id: &str, more: &str| format!("\n[[feed]]\nid = \"{id}\"\n{more}\n");
    let place = Place::new(&format!(
        "{HEAD}{}{}{}{}{}",
        web_source("voices", &origin.url("/feed")),
        feed("full", "content = \"full\""),
        feed("summary", "content = \"summary\""),
        feed("link", "content = \"link\""),
        feed("bare", "content = \"full\"\npictures = false"),
    ));
    let ran = place.run(&["run"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    for (feed, has_content, has_summary) in
        [("full", true, true), ("summary", false, true), ("link", false, false), ("bare", true, true)]
    {
        let shown = item(&place, feed);
        let has = (shown["content_html"].is_string(), shown["summary"].is_string());
        assert_eq!(has, (has_content, has_summary), "{feed}: {shown}");
        for format in ["html", "rss", "atom"] {
            let text = place.read(&format!("feeds/{feed}.{format}"));
            let has = (text.contains("نص الحلقة كله"), text.contains("خلاصة الحلقة"));
            assert_eq!(has, (has_content, has_summary), "{feed}.{format}: {text}");
        }
        let page = place.read(&format!("feeds/{feed}.html"));
        assert!(page.contains(" lang=\"ar\" dir=\"rtl\""), "{page}");
        let pictures = if feed == "bare" { 0 } else { 1 + usize::from(has_content) };
        assert_eq!(page.matches("<img ").count(), pictures, "{page}");
        assert_eq!(page.matches(" loading=\"lazy\"").count(), pictures, "{page}");
        assert_eq!(page.contains("img-src 'none'"), feed == "bare", "{page}");
        // a recording is no picture, and goes wherever the link goes
        assert_eq!(shown["attachments"][0]["size_in_bytes"], 7_000_000, "{shown}");
        assert_eq!(shown["attachments"][0]["duration_in_seconds"], 1_234, "{shown}");
        let (rss, atom) = (place.read(&format!("feeds/{feed}.rss")), place.read(&format!("feeds/{feed}.atom")));
        assert!(rss.contains("length=\"7000000\" type=\"audio/mpeg\"") && rss.contains("duration=\"1234\""), "{rss}");
        assert!(
            atom.contains("type=\"audio/mpeg\" length=\"7000000\"") && atom.contains("duration=\"1234\""),
            "{atom}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_lists_name_feeds_and_sources_and_nothing_local() {
    let origin = Origin::start().await;
    origin.on("/feed", podcast());
    let place = Place::new(&format!(
        "{HEAD}{}{}{ALL}\n[[feed]]\nid = \"atoms\"\ntitle = \"Atoms & more\"\nformats = [\"html\", \"atom\"]\n",
        web_source("voices", &origin.url("/feed")),
        folder_source("desk", ""),
    ));
    place.article("one", "2026-01-02");
    let ran = place.run(&["run"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let outlines = |name: &str| {
        let text = place.read(name);
        text.lines().map(str::trim).filter(|line| line.starts_with("<outline")).map(str::to_owned).collect::<Vec<_>>()
    };
    let site = "https://feeds.example.org";
    assert_eq!(
        outlines("feeds/feeds.opml"),
        [
            format!(
                "<outline type=\"rss\" text=\"All\" title=\"All\" xmlUrl=\"{site}/all.rss\" htmlUrl=\"{site}/all.html\"/>"
            ),
            format!(
                "<outline type=\"rss\" text=\"Atoms &amp; more\" title=\"Atoms &amp; more\" xmlUrl=\"{site}/atoms.atom\" \
                 htmlUrl=\"{site}/atoms.html\"/>"
            ),
        ]
    );
    let address = origin.url("/feed");
    assert_eq!(
        outlines("feeds/sources.opml"),
        [format!(
            "<outline type=\"rss\" text=\"Voices\" title=\"Voices\" xmlUrl=\"{address}\" htmlUrl=\"https://voices.example/\"/>"
        )]
    );
}
