use std::io::Write as _;

use super::*;
use crate::extract::{As, Request, extract};
use crate::model::Extracted;

fn document(body: &[u8]) -> Document {
    Document {
        url: "https://courier.example/sitemap.xml".parse().unwrap(),
        body: body.to_vec().into(),
        content_type: Some("application/xml".to_owned()),
        content_location: None,
        fetched_at: now(),
    }
}

fn now() -> DateTime<Utc> {
    "2026-11-24T08:00:00Z".parse().unwrap()
}

fn read_as(body: &[u8], read_as: As) -> (SourceListing, Vec<RawArticle>) {
    let request = Request { read_as, more: false, now: now() };
    match extract(&document(body), &request) {
        Ok(Extracted::Listing { listing, items }) => (*listing, items),
        other => panic!("{other:?}"),
    }
}

fn first(claims: &[crate::model::Claim]) -> &str {
    claims.first().map_or("", |claim| claim.text.text.as_str())
}

const NEWS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!-- made by hand -->
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
  xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
 <url><loc>https://courier.example/a/older</loc>
  <news:news><news:publication><news:name>The Courier</news:name><news:language>en</news:language></news:publication>
  <news:publication_date>2026-11-23T06:00:00Z</news:publication_date><news:title>Salt &amp; sugar get dearer</news:title></news:news></url>
 <url><loc> https://courier.example/a/newer?x=1&amp;y=2 </loc><lastmod>2026-11-24T07:30:00Z</lastmod>
  <news:news><news:publication><news:name>The Courier</news:name><news:language>az</news:language></news:publication>
  <news:publication_date>2026-11-24T07:00:00+04:00</news:publication_date>
  <news:title><![CDATA[Third ship for the ferry line]]></news:title><news:keywords>ferry, ports</news:keywords></news:news>
  <image:image><image:loc>/i/ship.jpg</image:loc><image:caption>The ship</image:caption></image:image></url>
</urlset>"#;

#[test]
fn news_sitemaps_tell_title_date_language_and_picture() {
    let (listing, items) = read_as(NEWS.as_bytes(), As::Sniff);
    assert_eq!((listing.rung, listing.site_name.as_deref(), items.len()), ("news-sitemap", Some("The Courier"), 2));
    let newer = &items[0];
    assert_eq!(first(&newer.urls), "https://courier.example/a/newer?x=1&y=2");
    assert_eq!(first(&newer.titles), "Third ship for the ferry line");
    assert_eq!(first(&newer.published), "2026-11-24T07:00:00+04:00");
    assert_eq!((first(&newer.languages), newer.tags.len()), ("az", 2));
    assert_eq!(newer.images[0].url, "https://courier.example/i/ship.jpg");
    assert_eq!(newer.images[0].caption.as_deref(), Some("The ship"));
    assert_eq!(first(&items[1].titles), "Salt & sugar get dearer");
}

#[test]
fn plain_sitemaps_give_stories_and_no_sections() {
    let plain = "<urlset><url><loc>https://courier.example/</loc><lastmod>2026-11-24</lastmod></url>
        <url><loc>https://courier.example/tag/ferries-and-ships-today</loc></url>
        <url><loc>https://courier.example/2026/11/ferry-line-grows</loc><lastmod>2026-11-20</lastmod></url>
        <url><loc>https://courier.example/2026/11/third-ship-arrives</loc><lastmod>2026-11-22</lastmod></url>";
    let (listing, items) = read_as(plain.as_bytes(), As::Listing);
    assert_eq!(listing.rung, "sitemap");
    let urls: Vec<&str> = items.iter().map(|item| first(&item.urls)).collect();
    assert_eq!(
        urls,
        ["https://courier.example/2026/11/third-ship-arrives", "https://courier.example/2026/11/ferry-line-grows"]
    );
}

#[test]
fn an_index_gives_its_files_newest_first_also_packed() {
    let index = r#"<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
        <sitemap><loc>https://courier.example/2025.xml.gz</loc><lastmod>2025-12-31</lastmod></sitemap>
        <sitemap><loc>/2026.xml.gz</loc><lastmod>2026-11-24</lastmod></sitemap></sitemapindex>"#;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(index.as_bytes()).unwrap();
    let packed = gzip.finish().unwrap();
    for body in [index.as_bytes(), &packed] {
        let (listing, items) = read_as(body, As::Listing);
        assert!(items.is_empty());
        let children: Vec<&str> = listing.children.iter().map(|(url, _)| url.as_str()).collect();
        assert_eq!(children, ["https://courier.example/2026.xml.gz", "https://courier.example/2025.xml.gz"]);
    }
}

#[test]
fn the_fingerprint_follows_title_and_change() {
    let (_, before) = read_as(NEWS.as_bytes(), As::Listing);
    let (_, same) = read_as(NEWS.replace("ship.jpg", "boat.jpg").as_bytes(), As::Listing);
    let (_, moved) = read_as(NEWS.replace("07:30:00Z", "07:45:00Z").as_bytes(), As::Listing);
    assert_eq!(before[0].fingerprint, same[0].fingerprint);
    assert_ne!(before[0].fingerprint, moved[0].fingerprint);
}

#[test]
fn a_bare_ampersand_and_an_element_never_closed_cost_nothing_else() {
    let plain = "<urlset><url><loc>https://courier.example/2026/11/ferry-line-grows?x=1&y=2</loc></url>
        <url><loc>https://courier.example/2026/11/third-ship-arrives</loc><note>A & B</note></url>
        <url><loc>https://courier.example/2026/11/salt-gets-dearer</loc></url></urlset>";
    let (_, items) = read_as(plain.as_bytes(), As::Listing);
    let urls: Vec<&str> = items.iter().map(|item| first(&item.urls)).collect();
    assert_eq!(
        urls,
        [
            "https://courier.example/2026/11/ferry-line-grows?x=1&y=2",
            "https://courier.example/2026/11/third-ship-arrives",
            "https://courier.example/2026/11/salt-gets-dearer",
        ]
    );
}

#[test]
fn names_nested_deep_are_not_kept() {
    let deep = format!(
        "<urlset><url><x>{}{}</x><loc>https://courier.example/2026/11/ferry-line-grows</loc></url></urlset>",
        "<a><loc>".repeat(1000),
        "</loc></a>".repeat(1000)
    );
    let (_, items) = read_as(deep.as_bytes(), As::Listing);
    assert_eq!(items.len(), 1);
}
