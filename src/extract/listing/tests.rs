use super::*;
use crate::extract::{As, extract};
use crate::model::Extracted;

fn document(url: &str, html: &str) -> Document {
    Document {
        url: url.parse().unwrap(),
        body: html.to_owned().into(),
        content_type: Some("text/html; charset=utf-8".to_owned()),
        content_location: None,
        fetched_at: "2026-11-24T08:00:00Z".parse().unwrap(),
    }
}

fn read_as(url: &str, html: &str, read_as: As) -> Option<(SourceListing, Vec<RawArticle>)> {
    let request = Request { read_as, more: false, now: "2026-11-24T08:00:00Z".parse().unwrap() };
    match extract(&document(url, html), &request) {
        Ok(Extracted::Listing { listing, items }) => Some((*listing, items)),
        _ => None,
    }
}

fn paths(url: &str, html: &str) -> (Vec<String>, &'static str) {
    let (listing, items) = read_as(url, html, As::Listing).expect("a list");
    let path = |item: &RawArticle| Url::parse(&item.urls[0].text.text).unwrap().path().to_owned();
    (items.iter().map(path).collect(), listing.rung)
}

fn first(claims: &[crate::model::Claim]) -> &str {
    claims.first().map_or("", |claim| claim.text.text.as_str())
}

const HOME: &str = "https://courier.example/";

/// A front page as papers have it: everything that is no story stands around four stories.
const FRONT: &str = r#"<html lang="en"><head><title>The Courier</title><link rel="next" href="/?page=2">
<link rel="alternate" type="application/rss+xml" title="All" href="/feed"></head><body class="home has-nav">
<nav><a href="/world">World</a><a href="/the-weather-where-you-are">The weather where you are</a></nav>
<main>
 <article class="teaser"><a href="/world/ferry-line-gets-third-ship-2026"><img src="/blank.gif" data-src="/i/ship.jpg" width="600" height="400">
  <h2>Ferry line gets its third ship</h2></a><p class="excerpt">It will sail from Alat to Kuryk twice a week, whatever the wind says.</p>
  <span class="author">By <a href="/authors/leyla-m-aliyeva">Leyla Aliyeva</a></span> <time datetime="2026-11-23T10:00:00Z">Monday</time></article>
 <div class="teaser"><a class="kicker" href="/tag/salt-and-other-spices">Salt and spices</a>
  <h3><a href="/economy/salt-gets-dearer">Salt gets dearer</a></h3><span class="date">November 22, 2026</span>
  <a href="/economy/salt-gets-dearer?#comments">14 comments</a></div>
 <div class="teaser"><h3>Observatory opens its dome</h3><p>After ten years the old telescope sees the sky over Bishkek again.</p>
  <a href="/2026/11/21/observatory">Read more</a></div>
 <div class="teaser"><h3><a href="https://www.courier.example/culture/a-bridge-a-bakery-and-the-first-snow?utm_source=front">A bridge, a bakery and the first snow</a></h3></div>
 <div class="teaser sponsored"><h3><a href="/partner/why-our-pumps-are-the-best-ones">Why our pumps are the best ones</a></h3></div>
 <div class="teaser"><h3><a href="https://other.example/a-story-of-somebody-else">A story of somebody else entirely</a></h3></div>
</main>
<aside class="sidebar"><h4>Most read</h4><a href="/culture/an-old-story-that-everybody-reads">An old story that everybody reads</a></aside>
<footer><a href="/privacy-policy">How we treat what we know about you</a><a href="/i/plan.pdf">The plan of the new port</a></footer></body></html>"#;

#[test]
fn a_front_page_gives_its_stories_and_nothing_else() {
    let (paths, rung) = paths(HOME, FRONT);
    assert_eq!(
        paths,
        [
            "/world/ferry-line-gets-third-ship-2026",
            "/economy/salt-gets-dearer",
            "/2026/11/21/observatory",
            "/culture/a-bridge-a-bakery-and-the-first-snow"
        ]
    );
    assert_eq!(rung, "blocks");
}

#[test]
fn cards_tell_headline_date_summary_picture_and_author() {
    let (listing, items) = read_as(HOME, FRONT, As::Listing).unwrap();
    assert_eq!(listing.next.as_deref(), Some("https://courier.example/?page=2"));
    assert_eq!(listing.feeds, [("https://courier.example/feed".to_owned(), "All".to_owned())]);
    let ferry = &items[0];
    assert_eq!(first(&ferry.titles), "Ferry line gets its third ship");
    assert_eq!(first(&ferry.published), "2026-11-23T10:00:00Z");
    assert!(first(&ferry.summaries).starts_with("It will sail"));
    assert_eq!(ferry.images[0].url, "https://courier.example/i/ship.jpg");
    assert_eq!(ferry.authors[0].name.as_deref(), Some("Leyla Aliyeva"));
    assert_eq!((first(&items[1].titles), first(&items[1].published)), ("Salt gets dearer", "November 22, 2026"));
    assert_eq!(first(&items[2].titles), "Observatory opens its dome");
}

#[test]
fn the_fingerprint_is_that_of_address_and_headline() {
    let (_, before) = read_as(HOME, FRONT, As::Listing).unwrap();
    let (_, after) =
        read_as(HOME, &FRONT.replace("/i/ship.jpg", "/i/boat.jpg").replace("twice a week", "daily"), As::Listing)
            .unwrap();
    let (_, other) = read_as(HOME, &FRONT.replace("third ship<", "fourth ship<"), As::Listing).unwrap();
    assert_eq!(before[0].fingerprint, after[0].fingerprint);
    assert_ne!(before[0].fingerprint, other[0].fingerprint);
}

#[test]
fn lists_in_other_scripts() {
    let card =
        |slug: &str, title: &str| format!("<li><a href=\"/news/{slug}.html\">{title}</a><span>2026-11-23</span></li>");
    let chinese = ["c1088731", "c1088702", "c1088655", "c1088640"]
        .map(|slug| card(slug, "湖滨渔民试用太阳能渔船出湖捕鱼"))
        .concat();
    let arabic =
        ["5521", "5522", "5523", "5524"].map(|slug| card(slug, "قافلة جديدة تصل إلى الواحة بعد رحلة طويلة")).concat();
    for (list, nav) in [(chinese, "政务"), (arabic, "رياضة")] {
        let page = format!(
            "<body><div class=nav><a href=/gov/>{nav}</a><a href=/about/>{nav}</a></div><ul>{list}</ul></body>"
        );
        let (found, _) = paths("https://paper.example/", &page);
        assert_eq!(found.len(), 4, "{found:?}");
    }
}

#[test]
fn structured_data_names_stories_that_links_alone_would_not() {
    let page = r#"<body><script type="application/ld+json">{"@graph":[{"@type":"BreadcrumbList","itemListElement":[
        {"@type":"ListItem","item":{"@type":"NewsArticle","url":"/nowhere","headline":"Not a story"}}]},
        {"@type":"ItemList","itemListElement":[{"@type":"ListItem","position":1,"url":"/x1"},{"@type":"ListItem","position":2,"url":"/x2"},]},
        {"@type":"NewsArticle","url":"https://courier.example/x3","headline":"Third","datePublished":"2026-11-20"}]}</script>
        <a href="/x1">Ferry returns</a><a href="/x2">Salt dearer</a><a href="/x3">Third</a><a href="/x4">World</a></body>"#;
    let (paths, rung) = paths(HOME, page);
    assert_eq!((paths, rung), (vec!["/x1".to_owned(), "/x2".to_owned(), "/x3".to_owned()], "json-ld"));
}

#[test]
fn microdata_of_cards() {
    let card = |slug: &str| {
        format!(
            "<div itemscope itemtype=\"https://schema.org/NewsArticle\"><a itemprop=url href=\"/{slug}\"><span itemprop=headline>Story {slug}</span></a>\
             <meta itemprop=datePublished content=\"2026-11-20T10:00:00Z\"></div>"
        )
    };
    let page = format!("<body>{}{}{}</body>", card("a1"), card("a2"), card("a3"));
    let (listing, items) = read_as(HOME, &page, As::Listing).unwrap();
    assert_eq!((listing.rung, items.len()), ("microdata", 3));
    assert_eq!((first(&items[0].titles), first(&items[0].published)), ("Story a1", "2026-11-20T10:00:00Z"));
}

#[test]
fn state_of_pages_that_scripts_draw() {
    let posts = r#"[{"title":"Ferry line gets its third ship","path":"/p/ferry","publishedAt":"2026-11-20T10:00:00Z"},
        {"title":"Salt gets dearer before the feast","path":"/p/salt","publishedAt":"2026-11-19T10:00:00Z"}]"#;
    let menu = r#"[{"title":"Everything about our house","path":"/house/about"}]"#;
    for script in [
        format!(
            "<script id=\"__NEXT_DATA__\" type=\"application/json\">{{\"menu\":{menu},\"posts\":{posts}}}</script>"
        ),
        format!("<script>window.__INITIAL_STATE__ = {{\"menu\":{menu},\"posts\":{posts}}};start();</script>"),
    ] {
        let (found, rung) = paths(HOME, &format!("<body><div id=app></div>{script}</body>"));
        assert_eq!((found, rung), (vec!["/p/ferry".to_owned(), "/p/salt".to_owned()], "state"));
    }
}

#[test]
fn posts_of_a_wordpress_api() {
    let posts = r#"[{"link":"https://courier.example/ferry/","date_gmt":"2026-11-20T10:00:00","title":{"rendered":"Ferry &amp; ship"},
        "content":{"rendered":"<p>Whole.</p>"},"excerpt":{"rendered":"<p>Part.</p>"}}]"#;
    let (listing, items) = read_as("https://courier.example/wp-json/wp/v2/posts", posts, As::Sniff).unwrap();
    assert_eq!((listing.rung, first(&items[0].published)), ("wordpress", "2026-11-20T10:00:00Z"));
    assert_eq!(first(&items[0].bodies), "<p>Whole.</p>");
}

#[test]
fn only_what_is_a_list_is_taken_for_one() {
    assert!(read_as(HOME, FRONT, As::Sniff).is_none(), "four stories are too few to be sure");
    let more = FRONT.replace("</main>", "<h3><a href=/world/a-fifth-story-of-today>A fifth story of today</a></h3><h3><a href=/world/a-sixth-story-of-today>A sixth story of today</a></h3></main>");
    assert!(read_as(HOME, &more, As::Sniff).is_some());
    assert!(read_as(HOME, &more, As::Article).is_none());
    let article = more.replace("<title>", "<meta property=og:type content=article><title>");
    assert!(read_as(HOME, &article, As::Sniff).is_none());
}

#[test]
fn hostile_pages_cost_little_and_give_nothing() {
    for page in ["<div>".repeat(50_000), "<a href=/a-b-c-d>x</a>".repeat(60_000), "<a href=x>".repeat(5_000)] {
        let (_, items) = read_as(HOME, &page, As::Listing).expect("a list");
        assert!(items.is_empty());
    }
}

#[test]
fn what_is_not_shown_is_no_story() {
    let hidden = FRONT
        .replace("<div class=\"teaser\"><a class=\"kicker\"", "<div class=\"teaser\" hidden><a class=\"kicker\"")
        .replace(
            "<div class=\"teaser\"><h3>Observatory",
            "<div class=\"teaser\" style=\"Display: none\"><h3>Observatory",
        );
    let (found, _) = paths(HOME, &hidden);
    assert_eq!(found, ["/world/ferry-line-gets-third-ship-2026", "/culture/a-bridge-a-bakery-and-the-first-snow"]);
}

#[test]
fn properties_of_an_item_inside_are_not_those_of_the_outer_one() {
    let page = r#"<div itemscope itemtype="https://schema.org/NewsArticle"><a itemprop="url" href="/a/ferry-line-gets-third-ship">More</a>
        <span itemprop="publisher" itemscope itemtype="https://schema.org/Organization"><b itemprop="name">The Courier</b></span>
        <b itemprop="headline">Ferry line gets its third ship</b><i itemprop="datePublished" content="2026-11-20"></i>
        <i itemprop="datePublished" content="2026-11-21"></i></div>"#;
    let (_, items) = read_as(HOME, page, As::Listing).expect("a list");
    assert_eq!(first(&items[0].titles), "Ferry line gets its third ship");
    assert_eq!(items[0].published.len(), 1);
}
