use super::*;
use crate::model::{ImageClaim, Lost, Person, PersonClaim, Precision, SourceFeed, TextKind, Where, ZoneFrom};

mod authors;

fn now() -> DateTime<Utc> {
    "2023-03-05T12:00:00Z".parse().unwrap()
}

fn source() -> Source {
    let location = Where::Web("https://courier.example/feed".parse().unwrap());
    Source {
        title: Some("Steppe Courier".to_owned()),
        timezone: Some(chrono_tz::Asia::Almaty),
        tags: vec!["Asia".to_owned(), "politics".to_owned()],
        ..Source::new("courier", "courier.example", location)
    }
}

const PAGE: Context<'_> =
    Context { source: None, feed: None, now: DateTime::UNIX_EPOCH, clock: None, outlet_names: &[], explains: true };

fn page() -> Context<'static> {
    Context { now: now(), ..PAGE }
}

fn claims(texts: &[&str]) -> Vec<Claim> {
    texts
        .iter()
        .zip(["first", "second", "third"])
        .map(|(text, from)| Claim { from, text: Text::plain(*text) })
        .collect()
}

fn person(from: &'static str, name: &str) -> PersonClaim {
    PersonClaim { from, name: Some(name.to_owned()), url: None, email: None }
}

fn provenance(article: &Article, field: Field) -> Option<(String, Option<String>, Vec<Lost>)> {
    let found = article.provenance.iter().find(|provenance| provenance.field == field)?;
    Some((found.from.to_string(), found.raw.clone(), found.lost.clone()))
}

#[test]
fn titles_are_one_line_of_text_without_the_outlets_name() {
    let source = source();
    for (claim, expected) in [
        (Text::html("A &lt;b&gt; c"), Some("A <b> c")),
        (Text::html("A <b>bold</b> c"), Some("A bold c")),
        (Text::html("AT&amp;amp;T"), Some("AT&T")),
        (Text::plain("Q&amp;A"), Some("Q&A")),
        (Text::plain("R&D; more"), Some("R&D; more")),
        (Text::plain("  one\n two\u{a0}three "), Some("one two three")),
        (Text::plain("Rail link opens | Steppe Courier"), Some("Rail link opens")),
        (Text::plain("Rail link opens | News | Other"), Some("Rail link opens | News | Other")),
        (Text::plain("Rail link opens - World Desk"), Some("Rail link opens")),
        (Text::plain(" \u{a0} "), None),
    ] {
        let raw = RawArticle { titles: vec![Claim { from: "t", text: claim.clone() }], ..RawArticle::default() };
        let article = article(raw, &Context { source: Some(&source), outlet_names: &["World Desk"], ..page() });
        assert_eq!(article.title.as_deref(), expected, "{claim:?}");
        let raw = provenance(&article, Field::Title).and_then(|(_, raw, _)| raw);
        assert_eq!(raw, expected.filter(|title| *title != claim.text).map(|_| claim.text), "raw only where it differs");
    }
}

#[test]
fn the_first_believable_date_wins_and_the_others_are_kept() {
    let source = source();
    for (published, modified, expected) in [
        (&["2023-03-01T10:00:00+01:00"][..], &[][..], Some(("2023-03-01T10:00:00+01:00", ZoneFrom::Text))),
        (&["1970-01-01", "2023-03-01T10:00:00Z"], &[], Some(("2023-03-01T10:00:00+00:00", ZoneFrom::Text))),
        (
            &["2033-03-01T10:00:00Z", "nonsense", "2023-03-01 10:00"],
            &[],
            Some(("2023-03-01T10:00:00+06:00", ZoneFrom::Source)),
        ),
        (&["1. März 2023"], &[], Some(("2023-03-01T12:00:00+06:00", ZoneFrom::Source))),
        (&["1 марта 2023, 16:50"], &[], Some(("2023-03-01T16:50:00+06:00", ZoneFrom::Source))),
        (&["2023年3月1日"], &[], Some(("2023-03-01T12:00:00+06:00", ZoneFrom::Source))),
        (&["2023-03-01", "2023-03-01T10:00:00Z"], &[], Some(("2023-03-01T10:00:00+00:00", ZoneFrom::Text))),
        (&["2023-03-01", "2023-03-02T10:00:00Z"], &[], Some(("2023-03-01T12:00:00+06:00", ZoneFrom::Source))),
        (&["nonsense"], &["2023-03-01"], None),
    ] {
        let raw = RawArticle { published: claims(published), modified: claims(modified), ..RawArticle::default() };
        let article = article(raw, &Context { source: Some(&source), ..page() });
        let got = article.date_published.map(|date| (date.at.to_rfc3339(), date.zone));
        assert_eq!(got, expected.map(|(at, zone)| (at.to_owned(), zone)), "{published:?}");
        if expected.is_some() {
            let (_, raw, lost) = provenance(&article, Field::DatePublished).unwrap();
            assert!(raw.is_some());
            assert_eq!(lost.len(), published.len() - 1);
        }
    }
}

#[test]
fn a_zone_of_the_outlets_own_evidence_counts_before_utc() {
    let raw = |texts: &[&str]| RawArticle { published: claims(texts), ..RawArticle::default() };
    let alone = article(raw(&["2023-03-01T10:00:00"]), &page());
    assert_eq!(alone.date_published.map(|date| date.zone), Some(ZoneFrom::Assumed));
    let backed = article(raw(&["2023-03-01T10:00:00", "2023-03-01T10:00:00-05:00"]), &page());
    assert_eq!(backed.date_published.map(|date| date.at.to_rfc3339()).as_deref(), Some("2023-03-01T10:00:00-05:00"));
}

#[test]
fn a_modification_before_the_publication_is_dropped() {
    for (modified, kept) in
        [("2023-03-01T09:59:59Z", false), ("2023-03-01T10:00:00Z", true), ("2023-03-01", true), ("2023-02-28", false)]
    {
        let raw = RawArticle {
            published: claims(&["2023-03-01T10:00:00Z"]),
            modified: claims(&[modified]),
            ..RawArticle::default()
        };
        let article = article(raw, &page());
        assert_eq!(article.date_modified.is_some(), kept, "{modified}");
        assert_eq!(provenance(&article, Field::DateModified).is_some(), kept);
    }
}

#[test]
fn an_article_with_nothing_but_a_change_can_be_dated_by_it() {
    let raw = RawArticle { modified: claims(&["2023-03-01T10:00:00Z"]), ..RawArticle::default() };
    let mut changed = article(raw, &page());
    assert!(changed.date_published.is_none() && changed.date_modified.is_some(), "as the document says");
    date_by_change(&mut changed);
    assert_eq!(changed.date_published.map(|date| date.at.to_rfc3339()).as_deref(), Some("2023-03-01T10:00:00+00:00"));
    assert!(changed.date_modified.is_none() && provenance(&changed, Field::DatePublished).is_some());
}

#[test]
fn a_publication_stays_where_the_outlet_only_moves_its_last_change() {
    let of = |field: &str, text: &str| {
        let from = if field == "published" { "feed:published" } else { "feed:updated" };
        let claim = vec![Claim { from, text: Text::plain(text) }];
        let mut raw = RawArticle::default();
        *(if field == "published" { &mut raw.published } else { &mut raw.modified }) = claim;
        let mut article = article(raw, &page());
        date_by_change(&mut article);
        article
    };
    let at = |date: Option<Dated>| date.map(|date| date.at.to_rfc3339());
    let (first, second) = ("2023-03-01T10:00:00+00:00", "2023-03-02T10:00:00+00:00");
    let known = of("updated", first);
    for (field, published, modified, from) in [
        ("updated", first, Some(second), "last-change:feed:updated"),
        // a publication of its own is believed
        ("published", second, None, "feed:published"),
    ] {
        let mut again = of(field, second);
        keep_publication(&mut again, &known);
        assert_eq!(at(again.date_published).as_deref(), Some(published), "{field}");
        assert_eq!(at(again.date_modified).as_deref(), modified, "{field}");
        assert_eq!(provenance(&again, Field::DatePublished).map(|(found, ..)| found).as_deref(), Some(from));
        assert_eq!(provenance(&again, Field::DateModified).is_some(), modified.is_some());
    }
}

#[test]
fn words_that_count_from_now_are_no_dates_of_feeds() {
    for (from, dated) in [("feed:pubDate", false), ("html:time", true)] {
        let published = vec![Claim { from, text: Text::plain("yesterday") }];
        let article = article(RawArticle { published, ..RawArticle::default() }, &page());
        assert_eq!(article.date_published.is_some(), dated, "{from}");
    }
}

#[test]
fn the_order_of_losers_changes_no_value() {
    let build = |order: [usize; 3]| {
        let pick = |texts: [&str; 3]| claims(&["", texts[order[0]], texts[order[1]], texts[order[2]]]);
        let lead = |text: &str| Claim { from: "lead", text: Text::plain(text) };
        let with = |text: &str, mut rest: Vec<Claim>| {
            rest.insert(0, lead(text));
            rest
        };
        let raw = RawArticle {
            titles: with("Title", pick(["A", "B", "C"])),
            published: with("2023-03-01T10:00:00Z", pick(["2023-03-02", "2023-03-01", "x"])),
            languages: with("en", pick(["de", "fr", "ru"])),
            urls: with("https://courier.example/a", pick(["https://courier.example/b", "x", "y"])),
            ..RawArticle::default()
        };
        let mut article = article(raw, &page());
        article.provenance.clear();
        article
    };
    let expected = build([0, 1, 2]);
    for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        assert_eq!(build(order), expected, "{order:?}");
    }
}

#[test]
fn a_day_is_marked_and_stays_a_day() {
    let raw = RawArticle { published: claims(&["March 1, 2023"]), ..RawArticle::default() };
    assert_eq!(article(raw, &page()).date_published.map(|date| date.precision), Some(Precision::Day));
}

#[test]
fn addresses_are_canonical_on_the_same_site_only() {
    let page_url = "https://www.courier.example/a?utm_source=rss";
    for (canonical, expected, from) in [
        ("https://courier.example/story/1?fbclid=x", "https://courier.example/story/1", "first"),
        ("https://aggregator.example/a", "https://www.courier.example/a", "url"),
        ("https://www.courier.example/", "https://www.courier.example/a", "url"),
        ("nonsense", "https://www.courier.example/a", "url"),
    ] {
        let raw = RawArticle {
            urls: claims(&["javascript:", page_url]),
            canonical_urls: claims(&[canonical]),
            ..RawArticle::default()
        };
        let article = article(raw, &page());
        assert_eq!(article.url.as_deref(), Some(page_url), "as found");
        assert_eq!(article.canonical_url.as_deref(), Some(expected));
        assert_eq!(provenance(&article, Field::CanonicalUrl).map(|(from, _, _)| from).as_deref(), Some(from));
    }
}

#[test]
fn tags_keep_their_order_and_appear_once() {
    let source = source();
    let keywords = Claim { from: "meta:keywords", text: Text::plain("rail, Politics , ") };
    let mut tags = claims(&["Politics", "news/asia", "POLITICS"]);
    tags.push(keywords);
    let raw = RawArticle { tags, ..RawArticle::default() };
    let article = article(raw, &Context { source: Some(&source), ..page() });
    assert_eq!(article.tags, ["Politics", "news/asia", "rail", "Asia"]);
}

#[test]
fn languages_are_tags_and_junk_is_passed_over() {
    let raw = RawArticle { languages: claims(&["{lang}", "en_us", "de"]), ..RawArticle::default() };
    let article = article(raw, &page());
    assert_eq!(article.language.as_deref(), Some("en-US"));
    assert_eq!(provenance(&article, Field::Language).and_then(|(_, raw, _)| raw).as_deref(), Some("en_us"));
}

#[test]
fn a_summary_that_is_the_body_is_no_summary() {
    let raw = |summary: &str, body: &str| RawArticle {
        summaries: claims(&["", summary]),
        bodies: vec![Claim { from: "content", text: Text::html(body) }],
        ..RawArticle::default()
    };
    let one = article(raw("<p>Text</p>", " <p>Text</p>"), &page());
    assert!(one.summary.is_none() && one.body.is_some());
    let two = article(raw("Teaser", "<p>Text</p>"), &page());
    assert_eq!(two.summary, Some(Text::plain("Teaser")));
    assert_eq!(text_size(&two), 17);
}

#[test]
fn presenting_cleans_and_summarizes() {
    let body = "<p onclick=x()>The president opened the bridge on Tuesday. It is the longest one in the country by far.</p>\
        <img src='/pic/bridge.jpg' alt=Bridge><script>x</script>";
    let of = |summary: Option<Text>, given: Given<'_>| {
        let article = Article {
            title: Some("A bridge opens".to_owned()),
            body: Some(Text::html(body)),
            base: Some("https://courier.example/a/".to_owned()),
            summary,
            ..Article::default()
        };
        present(&article, &given)
    };
    let published = Given { max_summary: Some(300), ..Given::default() };
    let made = of(None, published);
    assert_eq!(
        made.summary.as_deref(),
        Some("The president opened the bridge on Tuesday. It is the longest one in the country by far.")
    );
    assert_eq!(made.content_text, made.summary);
    assert!(
        made.content_html.is_some_and(|html| !html.as_str().contains("script") && !html.as_str().contains("onclick"))
    );
    assert_eq!(made.image.map(|image| image.url).as_deref(), Some("https://courier.example/pic/bridge.jpg"));
    assert_eq!(made.language.as_deref(), Some("en"));
    assert_eq!(
        of(Some(Text::plain("A bridge opens!")), published).summary,
        made.summary,
        "the title is no description"
    );
    let teaser = Text::html("<p>A <i>bridge</i>.</p><p>The post A bridge opens appeared first on Courier.</p>");
    let own = of(Some(teaser.clone()), published);
    assert_eq!(own.summary.as_deref(), Some("A bridge."));
    assert!(own.summary_html.is_some());
    let uncut = of(Some(Text::plain("word ".repeat(100))), Given::default());
    assert_eq!(uncut.summary.map(|summary| summary.len()), Some(499));
    let cut = of(Some(Text::plain("word ".repeat(100))), published);
    assert!(cut.summary.is_some_and(|summary| summary.chars().count() <= 301 && summary.ends_with('…')));
}

#[test]
fn nothing_in_gives_nothing_out() {
    let article = article(RawArticle::default(), &page());
    assert_eq!(article, Article::default());
    assert_eq!(present(&article, &Given::default()), crate::model::Presented::default());
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_without_harm(text in "\\PC{0,60}", html: bool) {
        let kind = if html { TextKind::Html } else { TextKind::Plain };
        let claim = || vec![Claim { from: "any", text: Text { kind, text: text.clone() } }];
        let raw = RawArticle {
            titles: claim(), published: claim(), languages: claim(), summaries: claim(), bodies: claim(), tags: claim(), urls: claim(),
            authors: vec![person("any", &text)],
            images: vec![ImageClaim { url: text.clone(), caption: Some(text.clone()), ..ImageClaim::default() }],
            ..RawArticle::default()
        };
        let feed = SourceFeed::default();
        let article = article(raw, &Context { feed: Some(&feed), ..page() });
        let given = Given { max_summary: Some(20), ..Given::default() };
        let presented = present(&article, &given);
        proptest::prop_assert!(presented.summary.is_none_or(|summary| summary.chars().count() <= 301));
    }

    #[test]
    fn captions_split_anywhere(text in "[a-z©:/|() ]{0,40}(Photo|Foto|Фото|图片来源)?[：: ]{0,2}[A-Zäж()/]{0,10}") {
        let (caption, credit) = split_credit(&text);
        proptest::prop_assert!(caption.is_none_or(|caption| !caption.is_empty()) && credit.is_none_or(|credit| !credit.is_empty()));
    }
}

#[test]
fn a_claim_without_words_hides_none_behind_it() {
    let sections = vec![
        Claim { from: "first", text: Text::html("<i></i>") },
        Claim { from: "second", text: Text::html("<b>World</b>") },
    ];
    let article = article(RawArticle { sections, ..RawArticle::default() }, &page());
    assert_eq!(article.section.as_deref(), Some("World"));
}

#[test]
fn a_feeds_title_is_known_as_people_read_it() {
    for text in ["Steppe &amp; Sea", "<b>Steppe</b> &amp; Sea", "Steppe & Sea"] {
        let feed = SourceFeed { title: Some(Text::html(text)), ..SourceFeed::default() };
        let raw = RawArticle { titles: claims(&["Rail link opens | Steppe & Sea"]), ..RawArticle::default() };
        let article = article(raw, &Context { feed: Some(&feed), ..page() });
        assert_eq!(article.title.as_deref(), Some("Rail link opens"), "{text}");
    }
}
