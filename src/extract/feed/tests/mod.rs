mod encodings;
mod mending;
mod robust;

use chrono::{DateTime, Utc};
use url::Url;

use crate::extract::{As, Request, extract};
use crate::markup;
use crate::model::{Document, Extracted, RawArticle, SourceFeed, Text, Warning};

fn document(body: &[u8]) -> Document {
    Document {
        url: Url::parse("https://outlet.example/dir/feed.xml").unwrap(),
        body: body.to_vec().into(),
        content_type: None,
        content_location: None,
        fetched_at: now(),
    }
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).unwrap()
}

fn request(more: bool) -> Request {
    Request { read_as: As::Feed, more, now: now() }
}

fn read(body: impl AsRef<[u8]>) -> (SourceFeed, Vec<RawArticle>, Vec<Warning>) {
    read_document(&document(body.as_ref()))
}

fn read_document(document: &Document) -> (SourceFeed, Vec<RawArticle>, Vec<Warning>) {
    match extract(document, &request(true)) {
        Ok(Extracted::Feed { feed, items, warnings }) => (*feed, items.into_vec(), warnings),
        other => panic!("not read as a feed: {other:?}"),
    }
}

fn title(item: &RawArticle) -> String {
    item.titles.first().map(|claim| markup::inline_text(&claim.text)).unwrap_or_default()
}

fn titles(items: &[RawArticle]) -> Vec<String> {
    items.iter().map(title).collect()
}

fn url(item: &RawArticle) -> &str {
    item.urls.first().map_or("", |claim| &claim.text.text)
}

fn rss(items: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Feed</title>{items}</channel></rss>"#
    )
}

/// Three items of which the second is as given.
fn three(second: &str) -> String {
    let item = |n: u8| format!("<item><title>T{n}</title><link>https://outlet.example/{n}</link></item>");
    rss(&format!("{}{second}{}", item(1), item(3)))
}

#[test]
fn a_fault_in_one_item_costs_no_other() {
    let cases = [
        ("bare & in title", "<item><title>R&D & more</title></item>", "R&D & more"),
        ("bare & in link", "<item><title>A</title><link>https://outlet.example/?a=1&b=2</link></item>", "A"),
        ("entities of HTML", "<item><title>caf&eacute;&nbsp;&hellip;</title></item>", "café …"),
        ("NUL and surrogate", "<item><title>a&#0;b&#xD800;c</title></item>", "abc"),
        ("control characters", "<item><title>a&#x1F;b\u{b}c\0d</title></item>", "abcd"),
        ("windows-1252 numbers", "<item><title>don&#146;t</title></item>", "don’t"),
        ("halves of a pair", "<item><title>&#55357;&#56832;</title></item>", "😀"),
        ("unclosed br", "<item><title>A</title><description>one<br>two</description></item>", "A"),
        ("mistyped end tag", "<item><title>A</titel><link>https://outlet.example/2</link></item>", "A"),
        ("unclosed title", "<item><title>A<link>https://outlet.example/2</link></item>", "A"),
        ("unclosed item", "<item><title>A</title>", "A"),
        ("markup in title", "<item><title>a <b>bold</b> c</title></item>", "a bold c"),
        ("less than", "<item><title>a < b</title></item>", "a < b"),
        ("less than and a letter", "<item><title>a <b</title></item>", "a <b"),
        ("no markup after all", "<item><title>a &lt;b&gt; b</title></item>", "a <b> b"),
        ("escaped twice", "<item><title>AT&amp;amp;T &amp;lt;b&amp;gt;</title></item>", "AT&T <b>"),
        ("CDATA", "<item><title><![CDATA[R&D <i>x</i>]]></title></item>", "R&D x"),
        ("upper case", "<ITEM><TITLE>A</TITLE></ITEM>", "A"),
        ("unquoted attributes", "<item><title>A</title><enclosure url=https://o.example/a.mp3 length=1 /></item>", "A"),
        ("unclosed quote", "<item><title>A</title><enclosure url=\"https://o.example/a.mp3></enclosure></item>", "A"),
        ("undeclared prefix", "<item><title>A</title><dc:creator>Jane</dc:creator><x:y>z</x:y></item>", "A"),
        ("wide colon by an address", "<item><title>A</title><author>记者：a@b.example（张）</author></item>", "A"),
        (
            "endless duration",
            "<item><title>A</title><itunes:duration>99999999999999999999999999</itunes:duration></item>",
            "A",
        ),
        ("foreign digits", "<item><title>A</title><itunes:duration>٣٠</itunes:duration></item>", "A"),
        ("crossed tags", "<item><title>A <b>bold <i>and</b> more</i></title></item>", "A bold and more"),
        ("crossed fields", "<item><title>A<link>https://outlet.example/2</title></link></item>", "A"),
        ("wrong namespace", "<item xmlns='http://bogus.example/ns'><title>A</title></item>", "A"),
        ("entity of no file", "<item><title>A &file; b</title></item>", "A &file; b"),
        ("comment without end", "<item><title>A</title><!-- </item>", "A"),
    ];
    for (name, second, wanted) in cases {
        let (_, items, _) = read(three(second));
        assert_eq!(titles(&items), ["T1", wanted, "T3"], "{name}");
    }
    let (_, items, _) = read(three(cases[1].1));
    assert_eq!(url(&items[1]), "https://outlet.example/?a=1&b=2");
}

#[test]
fn what_is_odd_is_said_with_its_place() {
    let (_, _, warnings) = read("<rss>\n<channel>\n<item><title>R & D</title></item></channel></rss>");
    let places: Vec<_> = warnings.iter().map(|warning| (warning.offset, warning.line, warning.column)).collect();
    assert_eq!(places, [(31, 3, 16)]);
    let (_, _, warnings) = read(three("<item><title>fine</title></item>"));
    assert_eq!(warnings, []);
}

#[test]
fn roots_of_every_kind_are_read() {
    let item = "<item><title>One</title><link>https://outlet.example/1</link></item>";
    let rdf = r#"xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#""#;
    let cases = [
        ("rss-2.0", format!("<rss version='2.0'><channel>{item}</channel></rss>")),
        ("rss-2.0", format!("<rss version='2.00'><channel>{item}</channel></rss>")),
        ("rss-0.91", format!("<rss version='0.91'><channel>{item}</channel></rss>")),
        ("rss-0.93", format!("<rss version='0.93'><channel>{item}</channel></rss>")),
        ("rss-0.92", format!("<rss version='0.92'><channel>{item}</channel></rss>")),
        ("rss-0.94", format!("<rss version='0.94'><channel>{item}</channel></rss>")),
        ("rss-2.0", format!("<rss version='2.1'><channel>{item}</channel></rss>")),
        ("rss", format!("<rss version='3.0'><channel>{item}</channel></rss>")),
        ("rss", format!("<rss version='latest'><channel>{item}</channel></rss>")),
        ("rss", format!("<rss>{item}</rss>")),
        ("rss", format!("<rss><channel>{item}</channel></rss>")),
        ("rss", format!("<RSS><CHANNEL>{item}</CHANNEL></RSS>")),
        ("rss-2.0", format!("<rss version='2.0'><channel></channel>{item}</rss>")),
        ("rss-2.0", format!("<br />\n<b>Warning</b>: x in y\n<?xml version='1.0'?><rss version='2.0'><channel>{item}</channel></rss>")),
        ("rss-2.0", format!("<rss version='2.0' xmlns='http://purl.org/rss/1.0/'><channel>{item}</channel></rss>")),
        ("rss-1.0", format!("<rdf:RDF {rdf} xmlns='http://purl.org/rss/1.0/'><channel/>{item}</rdf:RDF>")),
        ("rss-0.90", format!("<rdf:RDF {rdf} xmlns='http://my.netscape.com/rdf/simple/0.9/'><channel/>{item}</rdf:RDF>")),
        ("rss-1.1", format!("<Channel {rdf} xmlns='http://purl.org/net/rss1.1#'><items>{item}</items></Channel>")),
        ("atom-1.0", "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>One</title><link href='/1'/></entry></feed>".into()),
        ("atom-1.0", "<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:entry><a:title>One</a:title><a:link href='/1'/></a:entry></a:feed>".into()),
        ("atom-1.0", "<feed><entry><title>One</title><link href='/1'/></entry></feed>".into()),
        ("atom-1.0", "<feed xmlns='http://www.w3.org/2005/atom'><entry><title>One</title><link href='/1'/></entry></feed>".into()),
        ("atom-1.0", "<atom:feed><atom:entry><atom:title>One</atom:title><atom:link href='/1'/></atom:entry></atom:feed>".into()),
        ("atom-0.3", "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><title>One</title><link href='/1'/></entry></feed>".into()),
        ("json-1.1", r#"{"version":"https://jsonfeed.org/version/1.1","items":[{"id":1,"url":"/1","title":"One"}]}"#.into()),
        ("json-1.0", "\u{feff}{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{\"id\":\"a\",\"url\":\"/1\",\"title\":\"One\"}]}".into()),
    ];
    for (format, text) in cases {
        let (feed, items, _) = read(&text);
        assert_eq!(
            (feed.format, titles(&items), url(&items[0])),
            (format, vec!["One".to_owned()], "https://outlet.example/1"),
            "{text}"
        );
    }
}

#[test]
fn a_document_that_is_cut_off_keeps_what_came() {
    let (_, items, warnings) =
        read("<rss><channel><item><title>One</title><link>https://outlet.example/1</link><description>Te");
    assert_eq!((titles(&items), url(&items[0]), warnings.len()), (vec!["One".into()], "https://outlet.example/1", 1));
    let (_, items, _) =
        read("<rss><channel><item><title>One</title><description><![CDATA[Text</description></item><item><title>Two");
    assert_eq!(titles(&items), ["One", "Two"]);
    let (_, items, warnings) = read(
        r#"{"version":"https://jsonfeed.org/version/1","title":"F","items":[{"id":"a","title":"One"},{"id":"b","ti"#,
    );
    assert_eq!((titles(&items), warnings.len()), (vec!["One".into()], 1));
}

#[test]
fn only_a_document_without_a_feed_is_refused() {
    let refused =
        ["", "  \n", "<html><body><p>x</p></body></html>", "plain words", "{\"a\":1}", "{", "<opml><body/></opml>"];
    for text in refused {
        assert!(extract(&document(text.as_bytes()), &request(false)).is_err(), "{text}");
    }
    let page = extract(&document(b"<!doctype html><title>x</title><p>y"), &request(false)).unwrap_err();
    assert!(page.message.starts_with("an HTML page, not a feed"), "{page}");
    let json = extract(&document(b"{\n \"items\": [,]}"), &request(false)).unwrap_err();
    assert_eq!(json.line, Some(2));
}

#[test]
fn who_says_that_a_document_is_a_feed_gets_an_empty_one() {
    let said = |body: &str| extract(&document(body.as_bytes()), &Request { read_as: As::SaidFeed, ..request(true) });
    for body in ["", " \n", "<!-- a comment -->", "<?xml version='1.0'?>\n", "out of order", "<answer>none</answer>"] {
        let Ok(Extracted::Feed { items, warnings, .. }) = said(body) else { panic!("refused: {body}") };
        assert!(items.is_empty() && warnings.len() == 1, "{body}: {warnings:?}");
        // who gathers must not take it for one
        assert!(extract(&document(body.as_bytes()), &request(true)).is_err(), "{body}");
    }
    for body in ["<!DOCTYPE html><html><body><p>A page</p></body></html>", "{\"title\": 1", "<urlset></urlset>"] {
        assert!(said(body).is_err(), "{body}");
    }
}

#[test]
fn claims_come_in_the_order_of_trust() {
    let item = r#"<item xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
        <dc:date>2024-03-01</dc:date><pubDate>Sat, 02 Mar 2024 09:05:03 GMT</pubDate>
        <dc:title>Other</dc:title><title>Own</title><atom:updated>2024-03-03T00:00:00Z</atom:updated>
        <author>jane@outlet.example (Jane Doe)</author><dc:creator>Jane Doe</dc:creator><dc:creator>John</dc:creator>
        <category domain="https://c.example/">A</category><category>A</category><dc:subject>B</dc:subject>
        <description>Short &lt;b&gt;text&lt;/b&gt;</description><content:encoded><![CDATA[<p>Long</p>]]></content:encoded>
        <guid>https://outlet.example/1</guid></item>"#;
    let (_, items, _) = read(rss(item));
    let item = &items[0];
    let pairs = |claims: &[crate::model::Claim]| -> Vec<(&str, String)> {
        claims.iter().map(|claim| (claim.from, claim.text.text.clone())).collect()
    };
    assert_eq!(pairs(&item.titles), [("feed:title", "Own".into()), ("feed:dc:title", "Other".into())]);
    assert_eq!(
        pairs(&item.published),
        [("feed:pubDate", "Sat, 02 Mar 2024 09:05:03 GMT".into()), ("feed:dc:date", "2024-03-01".into())]
    );
    assert_eq!(pairs(&item.modified), [("feed:updated", "2024-03-03T00:00:00Z".into())]);
    assert_eq!(pairs(&item.tags), [("feed:category", "A".into()), ("feed:dc:subject", "B".into())]);
    assert_eq!(pairs(&item.urls), [("feed:guid", "https://outlet.example/1".into())]);
    assert_eq!(item.bodies[0].text, Text::html("<p>Long</p>"));
    assert_eq!(item.summaries[0].text, Text::html("Short <b>text</b>"));
    let authors: Vec<_> = item.authors.iter().map(|author| (author.name.as_deref(), author.email.as_deref())).collect();
    assert_eq!(authors, [(Some("Jane Doe"), Some("jane@outlet.example")), (Some("John"), None)]);
    assert_eq!(item.id.as_deref(), Some("https://outlet.example/1"));
}

#[test]
fn addresses_are_absolute() {
    let atom = r#"<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example/x/"><title type="html">&lt;a href="t">t&lt;/a></title>
        <link href="/"/><entry><link href="1"/><link rel="enclosure" href="a.mp3" type="audio/mpeg" length="5"/>
        <content type="html" xml:base="https://b.example/d/">&lt;a href="x">x&lt;/a></content>
        <summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><a href="y">y</a></div></summary></entry></feed>"#;
    let (feed, items, _) = read(atom);
    assert_eq!(feed.home_page_url.as_deref(), Some("https://a.example/"));
    assert_eq!(feed.title.unwrap().text, "<a href=\"https://a.example/x/t\">t</a>");
    let item = &items[0];
    assert_eq!((url(item), item.attachments[0].url.as_str()), ("https://a.example/x/1", "https://a.example/x/a.mp3"));
    assert_eq!(item.attachments[0].size_in_bytes, Some(5));
    assert_eq!(item.base.as_ref().map(Url::as_str), Some("https://a.example/x/"));
    assert_eq!(item.bodies[0].text.text, "<a href=\"https://b.example/d/x\">x</a>");
    assert!(item.summaries[0].text.text.contains("<a href=\"y\">y</a>"), "{:?}", item.summaries);
    let mut moved = document(rss("<item><link>/n</link></item>").as_bytes());
    moved.content_location = Some("https://c.example/z".into());
    assert_eq!(url(&read_document(&moved).1[0]), "https://c.example/n");
}

#[test]
fn texts_of_atom_keep_their_kind() {
    let entry =
        |construct: &str| format!("<feed xmlns='http://www.w3.org/2005/Atom'><entry>{construct}</entry></feed>");
    let cases = [
        ("<content>a &lt;b> c</content>", Text::plain("a <b> c")),
        ("<content type='text'>AT&amp;amp;T</content>", Text::plain("AT&amp;T")),
        ("<content type='html'>&lt;p>x&lt;/p></content>", Text::html("<p>x</p>")),
        ("<content type='html'><p>one <b>two</b></p></content>", Text::html("<p>one <b>two</b></p>")),
        ("<content type='html/text'>&lt;p>x&lt;/p></content>", Text::html("<p>x</p>")),
        (
            "<content type='xhtml'><h:div xmlns:h='http://www.w3.org/1999/xhtml'><h:p>a &amp; b<h:br/></h:p></h:div></content>",
            Text::html("<div xmlns:h='http://www.w3.org/1999/xhtml'><p>a &amp; b<br></p></div>"),
        ),
        ("<content type='text/html' mode='base64'>PGI+eDwvYj4=</content>", Text::html("<b>x</b>")),
    ];
    for (construct, wanted) in cases {
        let (_, items, _) = read(entry(construct));
        assert_eq!(items[0].bodies[0].text, wanted, "{construct}");
    }
}

#[test]
fn pictures_and_recordings_are_told_apart() {
    let item = r#"<item><media:group><media:content url="/big.jpg" type="image/jpeg" width="800" height="600"><media:description>Seen</media:description>
        <media:credit>AFP</media:credit></media:content><media:content url="/v.mp4" medium="video" fileSize="9" duration="62"/></media:group>
        <media:thumbnail url="/small.jpg" width="80"/><enclosure url="/a.mp3" type="audio/mpeg" length="7"/><itunes:duration>1:02:03</itunes:duration></item>"#;
    let (_, items, _) = read(rss(item));
    let images: Vec<_> = items[0].images.iter().map(|image| (image.url.as_str(), image.width)).collect();
    assert_eq!(images, [("https://outlet.example/big.jpg", Some(800)), ("https://outlet.example/small.jpg", Some(80))]);
    assert_eq!(
        (items[0].images[0].caption.as_deref(), items[0].images[0].credit.as_deref()),
        (Some("Seen"), Some("AFP"))
    );
    let files: Vec<_> = items[0]
        .attachments
        .iter()
        .map(|file| (file.url.as_str(), file.size_in_bytes, file.duration_in_seconds))
        .collect();
    assert_eq!(
        files,
        [("https://outlet.example/v.mp4", Some(9), Some(62)), ("https://outlet.example/a.mp3", Some(7), None)]
    );
}

#[test]
fn a_feed_says_when_to_come_back() {
    let (feed, ..) = read(rss(
        "<ttl>90</ttl><skipHours><hour>24</hour><hour>5</hour></skipHours><skipDays><day>Sunday</day></skipDays>
        <sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
    ));
    let schedule = feed.schedule;
    assert_eq!(
        (schedule.ttl, schedule.skip_hours, schedule.skip_days, schedule.update_seconds),
        (Some(90), vec![0, 5], vec![6], Some(21_600))
    );
}

#[test]
fn facts_of_the_feed_are_its_own() {
    let (feed, ..) = read(rss("<image><url>/i.png</url><title>Logo</title><link>https://other.example/</link></image><link>https://outlet.example/</link>
        <language>de</language><copyright>(c) X</copyright><managingEditor>ed@o.example (Ed)</managingEditor><generator>WP 6</generator>"));
    assert_eq!(
        (feed.title, feed.home_page_url.as_deref()),
        (Some(Text::plain("Feed")), Some("https://outlet.example/"))
    );
    assert_eq!(
        (feed.image.unwrap().url.as_str(), feed.image_title.as_deref()),
        ("https://outlet.example/i.png", Some("Logo"))
    );
    assert_eq!((feed.language.as_deref(), feed.rights.copyright.as_deref()), (Some("de"), Some("(c) X")));
    assert_eq!((feed.authors[0].name.as_deref(), feed.authors[0].email.as_deref()), (Some("Ed"), Some("ed@o.example")));
    assert_eq!(feed.generator.unwrap().0.as_deref(), Some("WP 6"));
}

#[test]
fn a_fingerprint_changes_with_what_is_said_and_with_nothing_else() {
    let of = |inside: &str| read(rss(&format!("<item>{inside}</item>"))).1[0].fingerprint;
    let one = of("<title>A</title><description>B</description>");
    assert_eq!(one, of("<title>A</title>\n<description>B</description><slash:comments>7</slash:comments>"));
    assert_ne!(one, of("<title>A</title><description>C</description>"));
    assert_ne!(of("<title>A</title>"), of("<category>A</category>"));
}
