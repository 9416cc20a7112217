use std::sync::Arc;

use chrono::{DateTime, FixedOffset, Utc};

use super::*;
use crate::markup;
use crate::model::{
    Article, ArticleId, Dated, FeedInfo, ItemSource, Person, Precision, Presented, Rights, SiteInfo, SourceKind,
    Stored, Text, ZoneFrom,
};

fn pattern(written: &str) -> Pattern {
    Pattern::try_from(written.to_owned()).expect("a valid pattern")
}

fn article() -> Article {
    Article {
        url: Some("https://outlet.example/kz/2026/pipeline?id=7".into()),
        title: Some("Kazakhstan’s pipeline: Čerpadlo v Ташкенте".into()),
        summary: Some(Text::html("<p>About <b>Central\n Asia</b> &amp; more</p>")),
        body: Some(Text::html("<p data-x=\"secret\">中文新闻报道 and 서울에서</p>")),
        tags: vec!["World/Asia".into(), "Energy".into()],
        section: Some("Business".into()),
        authors: vec![Person { name: Some("Aigül Nur".into()), ..Person::default() }],
        language: Some("en-GB".into()),
        ..Article::default()
    }
}

fn takes(selection: &Selection, article: &Article) -> bool {
    let candidate = Candidate {
        article,
        sources: &["caspian", "steppe"],
        outlet: "outlet.example",
        source_tags: &["wire"],
        first_seen: at("2026-11-24T08:00:00Z").with_timezone(&Utc),
    };
    selects(selection, &candidate)
}

fn looking_in(field: &str, pattern: Pattern) -> Filter {
    let mut filter = Filter::default();
    let patterns = match field {
        "title" => &mut filter.title,
        "summary" => &mut filter.summary,
        "content" => &mut filter.content,
        "tags" => &mut filter.tags,
        "authors" => &mut filter.authors,
        "url" => &mut filter.url,
        _ => &mut filter.any,
    };
    patterns.push(pattern);
    filter
}

#[test]
fn words_are_found_whole_and_in_any_case() {
    // (field filled, pattern, found)
    let cases = [
        ("title", "kazakhstan", true),
        ("title", "KAZAKHSTAN", true),
        ("title", "Kazakh", false),
        ("title", "Kazakh*", true),
        ("title", "azakhstan", false),
        ("title", "ташкенте", true),
        ("title", "Ташкент", false),
        ("title", "čerpadlo", true),
        ("title", "pipeline: Čerpadlo", true),
        ("title", "Energy", false),
        ("summary", "central asia", true),
        ("summary", "& more", true),
        ("content", "新闻", true),
        ("content", "서울", true),
        ("content", "secret", false),
        ("tags", "asia", true),
        ("tags", "business", true),
        ("tags", "wire", true),
        ("authors", "aigül nur", true),
        ("url", "2026", true),
        ("url", "/kz\\/\\d{4}/", true),
        ("title", "/^Kaz/", true),
        ("title", "/^kaz/", false),
        ("title", "/^kaz/i", true),
        ("any", "energy", true),
        ("any", "oil", false),
        ("any", "energy business", false),
    ];
    for (field, written, found) in cases {
        let filter = looking_in(field, pattern(written));
        let include = Selection { include: filter.clone(), ..Selection::default() };
        let exclude = Selection { exclude: filter, ..Selection::default() };
        assert_eq!(takes(&include, &article()), found, "{field} {written}");
        assert_eq!(takes(&exclude, &article()), !found, "not {field} {written}");
    }
}

#[test]
fn every_list_that_is_given_must_agree() {
    let list = |one: &str| vec!["other".to_owned(), one.to_owned()];
    let base = Selection::default();
    let cases = [
        (base.clone(), true),
        (Selection { sources: list("steppe"), ..base.clone() }, true),
        (Selection { sources: list("step"), ..base.clone() }, false),
        (Selection { outlets: list("outlet.example"), ..base.clone() }, true),
        (Selection { outlets: list("x"), sources: list("steppe"), ..base.clone() }, false),
        (Selection { tags: list("ENERGY"), ..base.clone() }, true),
        (Selection { tags: list("wire"), ..base.clone() }, true),
        (Selection { tags: list("Asia"), ..base.clone() }, false),
        (Selection { languages: list("EN"), ..base.clone() }, true),
        (Selection { languages: list("en-gb"), ..base.clone() }, true),
        (Selection { languages: list("en-US"), ..base.clone() }, false),
        (Selection { languages: list("e"), ..base }, false),
    ];
    for (selection, taken) in cases {
        assert_eq!(takes(&selection, &article()), taken, "{selection:?}");
    }
    let mute = Article { language: None, ..article() };
    assert!(!takes(&Selection { languages: list("en"), ..Selection::default() }, &mute));
}

#[test]
fn a_selection_that_says_the_same_has_the_same_hash() {
    let plain = Selection::default();
    assert_eq!(plain.hash(), 1_280_766_642_958_907_420_u64, "a changed hash makes every feed compute its members anew");
    let filtered =
        Selection { include: Filter { any: vec![pattern("a")], ..Filter::default() }, ..Selection::default() };
    assert_eq!(filtered.hash(), filtered.clone().hash());
    let changed = [
        filtered,
        Selection { items: 51, ..plain.clone() },
        Selection { sources: vec!["a".into()], ..plain.clone() },
        Selection { outlets: vec!["a".into()], ..plain.clone() },
        Selection { stories: Stories::First, ..plain.clone() },
        Selection { content: Some(Content::Link), ..plain.clone() },
    ];
    let mut hashes: Vec<u64> = changed.iter().map(Selection::hash).chain([plain.hash()]).collect();
    hashes.sort_unstable();
    hashes.dedup();
    assert_eq!(hashes.len(), changed.len() + 1);
}

#[test]
fn patterns_that_mean_nothing_are_refused() {
    for written in ["", "  ", "*", "/(/", "/[z-a]/i"] {
        assert!(Pattern::try_from(written.to_owned()).is_err(), "{written:?}");
    }
}

#[test]
fn old_stock_does_not_enter() {
    let article = |days| Article { date_published: Some(dated("2026-11-24T08:00:00Z", days)), ..Article::default() };
    let fresh = Selection { max_new_age: Some(86_400), ..Selection::default() };
    for (days, enters) in [(0, true), (1, true), (2, false), (-1, true)] {
        assert_eq!(takes(&fresh, &article(days)), enters, "{days}");
    }
    assert!(takes(&fresh, &Article::default()), "an undated one is new");
}

/// So many days before.
fn dated(text: &str, days: i64) -> Dated {
    Dated { at: at(text) - chrono::TimeDelta::days(days), precision: Precision::Time, zone: ZoneFrom::Text }
}

fn at(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(text).expect("a date")
}

fn stored(article: Article) -> Stored {
    Stored {
        id: ArticleId(1),
        uid: "urn:uuid:00000000-0000-5000-8000-000000000001".into(),
        outlet: Arc::from("outlet.example"),
        sources: vec![Arc::from("caspian")],
        first_seen: at("2026-11-24T08:00:00Z").with_timezone(&Utc),
        article,
        keys: Vec::new(),
        quiet: false,
        is_gone: false,
    }
}

fn given(content: Content) -> Parts {
    Parts {
        presented: Presented {
            summary: Some("First sentence of it. Second one.".into()),
            content_html: Some(markup::clean("<p>The text</p>", None)),
            content_text: Some("The text".into()),
            ..Presented::default()
        },
        source: ItemSource::default().into(),
        also_at: Vec::new(),
        content,
    }
}

#[test]
fn an_item_shows_what_the_config_wants_and_the_outlet_allows() {
    // (wanted, usage, summary, content, image)
    let cases = [
        (Content::Full, "", true, true, true),
        (Content::Summary, "", true, false, true),
        (Content::Link, "", false, false, true),
        (Content::Full, "noarchive", true, false, true),
        (Content::Full, "NoArchive", true, false, true),
        (Content::Link, "noarchive", false, false, true),
        (Content::Full, "nosnippet", false, false, true),
        (Content::Full, "max-snippet:0", false, false, true),
        (Content::Full, "max-snippet:-1", true, true, true),
        (Content::Full, "max-image-preview:none", true, true, false),
        (Content::Full, "noimageindex", true, true, false),
        (Content::Full, "max-image-preview:large", true, true, true),
        (Content::Full, "nofollow", true, true, true),
    ];
    for (wanted, usage, summary, content, image) in cases {
        let article = Article {
            image: Some(crate::model::Image { url: "https://o.example/a.jpg".into(), ..Default::default() }),
            rights: Rights { usage: vec![usage.into()], ..Rights::default() },
            ..article()
        };
        let item = item(stored(article), given(wanted));
        let shown = (item.summary.is_some(), item.content_html.is_some(), item.image.is_some());
        assert_eq!(shown, (summary, content, image), "{wanted:?} {usage}");
        assert_eq!(item.content_text, None, "the HTML says it all");
    }
    let short = Article { rights: Rights { usage: vec!["max-snippet:17".into()], ..Rights::default() }, ..article() };
    assert_eq!(item(stored(short), given(Content::Full)).summary.as_deref(), Some("First sentence"));
    assert_eq!(Content::usual(SourceKind::Article), Content::Summary);
    assert_eq!(Content::usual(SourceKind::Folder), Content::Full);
}

#[test]
fn an_item_without_title_or_date_gets_one() {
    let bare = Article { title: Some("\u{200B} \u{0} ".into()), ..article() };
    let made = item(stored(bare.clone()), given(Content::Summary));
    assert_eq!((made.title.as_str(), made.titled, made.undated), ("The text", false, true));
    assert_eq!(made.date_published.at, at("2026-11-24T08:00:00Z"));

    let long = "word ".repeat(40);
    let cases = [
        (long.as_str(), format!("{}…", "word ".repeat(16).trim_end())),
        ("  one\n two ", "one two".to_owned()),
        (&*"x".repeat(200), format!("{}…", "x".repeat(79))),
        ("", "First sentence of it. Second one.".to_owned()),
    ];
    for (text, title) in cases {
        let mut parts = given(Content::Full);
        parts.presented.content_text = Some(text.to_owned());
        let made = item(stored(bare.clone()), parts);
        assert_eq!(made.title, title);
        assert!(made.title.chars().count() <= 80);
    }
    let nothing = Parts { presented: Presented::default(), ..given(Content::Full) };
    let made = item(stored(Article::default()), nothing);
    assert_eq!(made.title, made.uid);
}

#[test]
fn a_snapshot_is_in_published_order_and_has_each_uid_once() {
    let dated = |uid: &str, date: &str, modified: Option<&str>| {
        let dated = |text: &str| Dated { at: at(text), precision: Precision::Time, zone: ZoneFrom::Text };
        let mut stored =
            stored(Article { date_published: Some(dated(date)), date_modified: modified.map(dated), ..article() });
        stored.uid = uid.into();
        item(stored, given(Content::Full))
    };
    let items = vec![
        dated("a:1", "2026-01-01T00:00:00Z", Some("2026-03-01T05:00:00+05:00")),
        dated("a:2", "2026-01-02T00:00:00Z", None),
        dated("a:1", "2026-01-01T00:00:00Z", None),
        dated("a:3", "2026-01-02T00:00:00Z", Some("2025-01-01T00:00:00Z")),
    ];
    let snapshot = snapshot(SiteInfo::default(), FeedInfo::default(), items);
    let order: Vec<&str> = snapshot.items.iter().map(|item| item.uid.as_str()).collect();
    assert_eq!(order, ["a:3", "a:2", "a:1"]);
    assert_eq!(snapshot.updated, Some(at("2026-03-01T00:00:00Z")));
}

#[test]
fn an_item_that_leads_nowhere_leads_to_its_place_on_the_page() {
    let led = |url: Option<&str>, formats: Vec<crate::model::Format>| {
        let one = item(stored(Article { url: url.map(str::to_owned), ..article() }), given(Content::Full));
        let (uid, site) = (one.anchor(), SiteInfo { base_url: "https://f.example/".into(), ..SiteInfo::default() });
        let feed = FeedInfo { id: "all".into(), formats, ..FeedInfo::default() };
        (snapshot(site, feed, vec![one]).items[0].url.clone(), format!("https://f.example/all.html#{uid}"))
    };
    for url in [None, Some("http://[::1]/a"), Some("https://user@o.example/"), Some("ftp://o.example/a")] {
        let (url, anchor) = led(url, vec![crate::model::Format::Rss, crate::model::Format::Html]);
        assert_eq!(url, Some(anchor));
    }
    let good = "https://o.example/a";
    assert_eq!(led(Some(good), vec![crate::model::Format::Rss, crate::model::Format::Html]).0.as_deref(), Some(good));
    assert_eq!(led(None, vec![crate::model::Format::Rss]).0, None, "there is no page");
}

#[test]
fn what_was_released_composes_to_the_same_item() {
    let full = Article {
        image: Some(crate::model::Image { url: "https://o.example/a.jpg".into(), ..Default::default() }),
        ..article()
    };
    for (article, content) in
        [(full.clone(), Content::Full), (full, Content::Summary), (Article::default(), Content::Link)]
    {
        let first = item(stored(article), given(content));
        let again = released(&first, false);
        let presented = Presented {
            summary: again.summary.clone().map(|text| text.text),
            content_html: first.content_html.clone(),
            content_text: first.content_text.clone(),
            ..Presented::default()
        };
        let mut second = item(stored(again), Parts { presented, ..given(Content::Full) });
        second.titled = first.titled;
        assert_eq!(format!("{first:?}"), format!("{second:?}"));
    }
}
