use std::fmt::Write as _;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use url::Url;

use super::*;
use crate::extract::As;
use crate::markup::to_text;

const ADDRESS: &str = "https://harbour.example/news/ferries-return-2024-5-2-0/";
const STAMP: &str = "Last update: June 7, 2025 09:12";
const TITLE: &str = "Ferries Return to the Northern Islands after a Winter of Repairs";
const CAPTION: &str = "A ferry leaves the old harbour of Varnholm, on April 30, 2024.";
const PARAGRAPHS: [&str; 6] = [
    "The first ferry of the season left Varnholm on Thursday morning with some two hundred passengers on board, ending five months in which the northern islands could be reached by small boats only.",
    "The harbour office said that both piers had been rebuilt over the winter, after a storm in November damaged the pillars of the older one and put the newer one out of use for large vessels.",
    "“We have waited for this sound all spring,” said Marta Lindqvist, who runs a small bakery near the landing place, as the horn of the ferry echoed from the hills around the bay.",
    "The repairs cost about nine million crowns, two thirds of which were paid by the region, and the rest by the company that runs the line under a contract until the end of the decade.",
    "Farmers on the islands, who had to store most of last year's harvest in barns and cellars, expect that the first lorries will cross the strait at the beginning of next week.",
    "Until the end of May there will be four crossings a day; from June on, when most visitors come, the company plans eight, and a night ferry on Fridays and Saturdays.",
];

fn now() -> DateTime<Utc> {
    "2026-11-24T12:00:00Z".parse().expect("valid")
}

fn read(html: &str) -> RawArticle {
    let document = Document {
        url: Url::parse(ADDRESS).expect("valid"),
        body: Bytes::new(),
        content_type: None,
        content_location: None,
        fetched_at: now(),
    };
    article(&document, html, &Request { read_as: As::Article, more: false, now: now() })
}

fn first(claims: &[crate::model::Claim]) -> &str {
    claims.first().map_or("", |claim| claim.text.text.as_str())
}

/// One article in many markups.
fn markups() -> Vec<(&'static str, String)> {
    let spaced = PARAGRAPHS.join("<br><br>");
    let marked = PARAGRAPHS.map(|text| format!("<p>{text}</p>")).concat();
    let divided = PARAGRAPHS.map(|text| format!("<div class=\"q7\">{text}</div>")).concat();
    let picture = "<img src=\"/media/ferry.jpg\" width=\"900\" height=\"600\">";
    let related =
        "<aside class=\"related\"><h3>More</h3><a href=\"/a\">Another story of the day</a> June 6, 2025</aside>";
    vec![
        (
            "semantic",
            format!(
                "<header><div>{STAMP}</div><img src=\"/logo.png\" alt=\"Harbour logo\"><nav><a href=\"/\">Home</a></nav></header>\
            <main><article><h1>{TITLE}</h1><p class=\"byline\">By <a rel=\"author\" href=\"/jo\">Jo Marten</a> <time>May 2, 2024</time></p>\
            <figure>{picture}<figcaption>{CAPTION} / Harbour News</figcaption></figure>{marked}</article>{related}</main><footer>© 2025 Harbour</footer>"
            ),
        ),
        (
            "tables",
            format!(
                "<table><tr><td>{STAMP}<td><img src=\"/logo.png\"></table><table><tr><td><a href=\"/1\">Home</a><br><a href=\"/2\">World</a></td>\
            <td><font size=5><b>{TITLE}</b></font><br>By Jo Marten May 2, 2024<br><table><tr><td>{picture}<tr><td><small>{CAPTION} / Harbour News</small></table>\
            <br>{spaced}</td><td><a href=\"/x\">Another story</a><br>June 6, 2025</td></tr></table>"
            ),
        ),
        (
            "br only",
            format!(
                "<div>{STAMP}<br><br>Harbour logo<br><br>{TITLE}<br><br>By Jo Marten May 2, 2024<br><br>{picture}<br>{CAPTION} / Harbour News<br><br>{spaced}</div>"
            ),
        ),
        (
            "div only",
            format!(
                "<div>{STAMP}</div><div>{TITLE}</div><div>By Jo Marten May 2, 2024</div><div>{picture}</div><div>{CAPTION} / Harbour News</div>{divided}"
            ),
        ),
    ]
}

#[test]
fn one_article_in_many_markups() {
    let json = format!(
        "<script type=\"application/ld+json\">{{\"@type\":\"NewsArticle\",\"headline\":\"{TITLE}\",\"datePublished\":\"2024-05-02\",\"author\":{{\"@type\":\"Person\",\"name\":\"Jo Marten\"}}}}</script>"
    );
    let graph = format!(
        "<meta property=\"og:title\" content=\"{TITLE}\"><meta property=\"og:image\" content=\"/media/ferry.jpg\">"
    );
    let heads = [String::new(), format!("<title>{TITLE} - Harbour</title>"), json, graph];
    for (name, body) in markups() {
        for head in &heads {
            let found = read(&format!("<!doctype html><html lang=en><head>{head}</head><body>{body}</body></html>"));
            let case = format!("{name}, {}", &head[..head.len().min(30)]);
            assert_eq!(first(&found.titles), TITLE, "{case}");
            assert_eq!(found.authors[0].name.as_deref(), Some("Jo Marten"), "{case}");
            assert!(matches!(first(&found.published), "May 2, 2024" | "2024-05-02"), "{case}: {:?}", found.published);
            assert!(
                !found.published.iter().any(|claim| claim.text.text.contains("2025")),
                "{case}: {:?}",
                found.published
            );
            assert_eq!(found.modified, [], "{case}");
            assert_eq!(found.images[0].url, "https://harbour.example/media/ferry.jpg", "{case}");
            assert_eq!(found.images[0].caption.as_deref(), Some(CAPTION), "{case}");
            assert_eq!(found.images[0].credit.as_deref(), Some("Harbour News"), "{case}");
            let text = to_text(first(&found.bodies));
            let paragraphs: Vec<&str> = text.split('\n').filter(|line| !line.is_empty()).collect();
            assert_eq!(paragraphs, PARAGRAPHS, "{case}");
        }
    }
}

#[test]
fn json_ld_with_its_usual_slips() {
    let scripts = [
        r#"<!-- {"@type":"NewsArticle","headline":"A","datePublished":"2024-05-02T10:00:00+02:00",} -->"#,
        "[{\"@type\":[\"Thing\",\"BlogPosting\"],\"headline\":\"A\",\"datePublished\":\"2024-05-02T10:00:00+02:00\",\"description\":\"two\nlines\"}]",
        r##"{"@graph":[{"@id":"#p","@type":"Person","name":"Jo"},{"@type":"ReportageNewsArticle","headline":"A","author":{"@id":"#p"},"datePublished":"2024-05-02T10:00:00+02:00"}]};"##,
        r#"//<![CDATA[
        {"@type":"http://schema.org/NewsArticle","headline":"A","datePublished":"2024-05-02T10:00:00+02:00"}
        //]]>"#,
    ];
    for script in scripts {
        let found = read(&format!("<head><script type='application/ld+json'>{script}</script></head>"));
        assert_eq!(first(&found.titles), "A", "{script}");
        assert_eq!(first(&found.published), "2024-05-02T10:00:00+02:00", "{script}");
    }
    let full = r#"{"@type":"NewsArticle","headline":"A","author":[{"name":"Jo","url":"/jo"},"Di"],"dateModified":"2024-05-03","keywords":"x, y","articleSection":["World"],
        "image":{"@type":"ImageObject","url":"/i.jpg","width":"1200","height":800,"caption":"At sea. (AP Photo/Jo Doe)"},"publisher":{"name":"Harbour"},"inLanguage":"en-GB",
        "isAccessibleForFree":false,"mainEntityOfPage":{"@id":"/story"}}"#;
    let found = read(&format!("<script type='application/ld+json'>{full}</script>"));
    let names: Vec<_> = found.authors.iter().filter_map(|author| author.name.as_deref()).collect();
    assert_eq!(names, ["Jo", "Di"]);
    assert_eq!(found.authors[0].url.as_deref(), Some("https://harbour.example/jo"));
    assert_eq!((found.images[0].width, found.images[0].height), (Some(1200), Some(800)));
    assert_eq!(first(&found.modified), "2024-05-03");
    assert_eq!(found.tags.len(), 2);
    assert_eq!(
        (first(&found.sections), first(&found.site_names), first(&found.languages)),
        ("World", "Harbour", "en-GB")
    );
    assert_eq!(first(&found.canonical_urls), "https://harbour.example/story");
    assert_eq!(found.rights.usage, ["paid"]);
}

#[test]
fn meta_links_and_microdata() {
    let found = read(
        "<html lang=de><head><base href='https://cdn.example/x/'><link rel=canonical href='/story'><meta name=author content='Jo Marten'>\
         <meta property=article:published_time content='2024-05-02T08:00:00Z'><meta property=og:image content=a.jpg><meta property=og:image:width content=800>\
         <meta name=robots content='index, noarchive, max-snippet:80, max-image-preview:large'><meta property=article:tag content=Sea><meta property=article:tag content=Ships></head>\
         <body><div itemscope itemtype='https://schema.org/NewsArticle'><h1 itemprop=headline>A headline of four words</h1><span itemprop=author itemscope \
         itemtype='https://schema.org/Person'><b itemprop=name>Di Poe</b></span><meta itemprop=dateModified content=2024-05-04></div></body>",
    );
    assert_eq!(first(&found.canonical_urls), "https://cdn.example/story");
    assert_eq!(first(&found.published), "2024-05-02T08:00:00Z");
    assert_eq!(first(&found.modified), "2024-05-04");
    assert_eq!(found.images[0].url, "https://cdn.example/x/a.jpg");
    assert_eq!(found.images[0].width, Some(800));
    assert_eq!(found.rights.usage, ["noarchive", "max-snippet:80"]);
    assert_eq!(found.tags.iter().map(|tag| tag.text.text.as_str()).collect::<Vec<_>>(), ["Sea", "Ships"]);
    let names: Vec<_> = found.authors.iter().filter_map(|author| author.name.as_deref()).collect();
    assert_eq!(names, ["Jo Marten", "Di Poe"]);
    assert_eq!(first(&found.languages), "de");
}

#[test]
fn rdfa_and_signals_of_rights() {
    let found = read(
        "<head><meta name=content-usage content='train-ai=n'><link rel=license type='application/rsl+xml' href=/rsl.xml></head><body>\
         <article vocab='http://schema.org/' typeof='schema:NewsArticle'><h1 property='schema:headline'>A headline of four words</h1>\
         <span property='schema:datePublished' content='2024-05-02'>Thursday</span></article><footer>© 2024 Harbour News Ltd.</footer>",
    );
    assert_eq!(first(&found.published), "2024-05-02");
    assert_eq!(found.rights.usage, ["content-usage: train-ai=n"]);
    assert_eq!(found.rights.license.as_deref(), Some("https://harbour.example/rsl.xml"));
    assert_eq!(found.rights.copyright.as_deref(), Some("© 2024 Harbour News Ltd."));
}

#[test]
fn a_script_beyond_repair_still_tells_its_dates() {
    let script = r#"{"@type":"NewsArticle","headline":"A \"fine\" day","datePublished":"2024-05-02T10:00:00+02:00","image":{"url":}"#;
    let found = read(&format!("<script type='application/ld+json'>{script}</script>"));
    assert_eq!(first(&found.published), "2024-05-02T10:00:00+02:00");
    assert_eq!(first(&found.titles), "A \"fine\" day");
}

#[test]
fn updates_are_told_from_publication() {
    let body = PARAGRAPHS.map(|text| format!("<p>{text}</p>")).concat();
    let found = read(&format!(
        "<article><h1>{TITLE}</h1><p>Published 2 May 2024, 10:15 · Updated 3 May 2024, 11:30</p>{body}</article>"
    ));
    assert!(first(&found.published).starts_with("2 May 2024"), "{:?}", found.published);
    assert!(first(&found.modified).starts_with("3 May 2024"), "{:?}", found.modified);
}

#[test]
fn days_of_addresses() {
    let cases = [
        ("https://a.example/2023/03/01/x", Some("2023-03-01")),
        ("https://a.example/x-2023-3-1-0/", Some("2023-03-01")),
        ("https://a.example/20230301/x", Some("2023-03-01")),
        ("https://a.example/2023/03/x", None),
        ("https://a.example/2023/13/41/", None),
        ("https://a.example/id-20231", None),
        ("https://a.example/2023", None),
        ("https://a.example/", None),
    ];
    for (address, day) in cases {
        assert_eq!(day_of_address(&Url::parse(address).expect("valid")).as_deref(), day, "{address}");
    }
}

#[test]
fn hostile_pages_are_read_to_the_end() {
    let mut attributes = String::from("<p ");
    for number in 0..200_000 {
        let _ = write!(attributes, "a{number}=b ");
    }
    let head =
        "<head><title>A title of some words</title><meta property=og:title content='A title of some words'></head>";
    let pages = [
        String::new(),
        "\0".repeat(1000),
        format!("{head}<body>{}", "<div>".repeat(50_000)),
        format!("{head}<body>{}", "<b><p>".repeat(20_000)),
        "<table><tr><td>".repeat(5_000),
        attributes,
        format!("<script type='application/ld+json'>{}</script>", "[".repeat(100_000)),
        "<p>a".repeat(20_000),
    ];
    for page in &pages {
        let found = read(page);
        if page.starts_with(head) {
            assert_eq!(first(&found.titles), "A title of some words");
        }
    }
}

#[test]
fn a_page_of_nothing_but_tags_builds_no_tree() {
    let page = format!("<html><head><title>Crowded</title></head><body>{}</body></html>", "a<br>".repeat(300_000));
    assert!(super::is_crowded(&page));
    assert!(!super::is_crowded(&page[..100_000]));
}

#[test]
fn a_base_element_is_not_the_address_of_the_page() {
    let found = read(
        "<head><base href='https://cdn.example/2020/01/01/x/'><script type='application/ld+json'>[{\"@type\":\"NewsArticle\",\"url\":\"https://harbour.example/news/ferries-return-2024-5-2-0/\",\"headline\":\"Ferries return to the islands\"},\
         {\"@type\":\"NewsArticle\",\"url\":\"https://cdn.example/2020/01/01/x/\",\"headline\":\"Another story of another day\",\"datePublished\":\"2019-01-01\",\"image\":\"b.jpg\"}]</script></head>\
         <body><h1>Ferries return to the islands</h1><img src=a.jpg width=900 height=600></body>",
    );
    assert_eq!(first(&found.titles), "Ferries return to the islands");
    let dates: Vec<&str> = found.published.iter().map(|claim| claim.text.text.as_str()).collect();
    assert_eq!(dates, ["2024-05-02"], "the day of the page's own address");
    assert!(
        found.images.iter().all(|image| image.url == "https://cdn.example/2020/01/01/x/a.jpg"),
        "{:?}",
        found.images
    );
}
