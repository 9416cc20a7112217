use super::{document, read, request, rss, titles, url};
use crate::extract::extract;
use crate::model::{FeedLinks, Image, Person, Text};

#[test]
fn html_hides_nothing_that_was_to_be_read() {
    let cases = [
        ("<![CDATA[<![CDATA[<p>One</p>]]]]><![CDATA[>]]>", "<p>One</p>"),
        ("&lt;![CDATA[&lt;p&gt;One&lt;/p&gt;]]&gt;", "<p>One</p>"),
        ("<![CDATA[<![CDATA[<p>One</p>]]&gt;]]>", "<p>One</p>"),
        (" <![CDATA[ <![CDATA[<p>One</p>]]&gt; ]]> ", "<p>One</p>"),
        ("<![CDATA[<p>a</p><![CDATA[b]]&gt; <![CDATA[<img src='c'>]]&gt; d]]>", "<p>a</p>b <img src='c'> d"),
        ("&lt;![CDATA[a]]&gt; and &lt;![CDATA[b &lt;![CDATA[c]]&gt;", "a and b c"),
        ("What is &lt;i&gt;&lt;![CDATA[]]&gt;&lt;/i&gt; for?", "What is <i>&lt;![CDATA[]]&gt;</i> for?"),
        ("<![CDATA[<![CDATA[<style>p{}</style>]]&gt;<hr>]]>", "&lt;![CDATA[<style>p{}</style>]]&gt;<hr>"),
        ("a]] > &lt;![CDATA[ ]]]&gt;", "a]] >  ]"),
        ("&lt;![CDATA[&lt;p&gt;cut off", "<![CDATA[<p>cut off"),
        ("&lt;p&gt;One&lt;/p&gt;&lt;!-- more &gt;&lt;p&gt;Two&lt;/p&gt;", "<p>One</p><p>Two</p>"),
        ("&lt;!-- a --&gt;One&lt;!-- b &gt;Two&lt;!-- c &gt;Three", "<!-- a -->OneTwoThree"),
        ("&lt;!-- a --&gt;One", "<!-- a -->One"),
        ("One &lt;!-- and no more", "One "),
    ];
    for (description, wanted) in cases {
        let (_, items, _) = read(rss(&format!("<item><description>{description}</description></item>")));
        assert_eq!(items[0].summaries[0].text.text, wanted, "{description}");
    }
}

#[test]
fn a_section_that_was_escaped_too_is_none() {
    let section = |text: &str| format!("&lt;![CDATA[{text}]]&gt;");
    let (_, items, _) = read(rss(&format!(
        "<item><title>{}</title><link>{}</link><author> {}\n</author><description>{}</description></item>
        <item><title><![CDATA[<![CDATA[R&D]]]]><![CDATA[>]]></title></item>
        <item><title>What &lt;![CDATA[]]&gt; is for</title></item><item><title>{} and {}</title></item>",
        section("A &amp;amp; B"),
        section("/1"),
        section("Ann Roe"),
        section(""),
        section("x"),
        section("y"),
    )));
    assert_eq!(titles(&items), ["A & B", "R&D", "What <![CDATA[]]> is for", "<![CDATA[x]]> and <![CDATA[y]]>"]);
    assert_eq!(url(&items[0]), "https://outlet.example/1");
    assert_eq!(items[0].authors[0].name.as_deref(), Some("Ann Roe"));
    assert!(items[0].summaries.is_empty());
}

#[test]
fn entities_of_a_document_may_be_numbers_of_characters() {
    let own = "<!DOCTYPE rss [<!ENTITY mark \"&#169; &#x41;cme\"><!ENTITY a \"&mark;&mark;\">]>";
    let (_, items, _) = read(format!("{own}<rss><channel><item><title>&mark; &a;</title></item></channel></rss>"));
    assert_eq!(titles(&items), ["© Acme &a;"]);
}

#[test]
fn a_feed_that_a_page_shows_is_read_where_a_feed_is_wanted() {
    let feed = "&lt;?xml version=\"1.0\"?&gt;&lt;rss&gt;&lt;channel&gt;&lt;item&gt;&lt;title&gt;R&amp;amp;D&lt;/title&gt;&lt;/item&gt;&lt;/channel&gt;&lt;/rss&gt;";
    let (_, items, _) = read(format!("<html><body><pre>{feed}</pre></body></html>"));
    assert_eq!(titles(&items), ["R&D"]);
    let (_, items, _) = read("<html><body><rss version='2.0'><channel><item><title>One</title></item></channel></rss>");
    assert_eq!(titles(&items), ["One"]);
    let tutorial = format!("<html><body><h1>How feeds look</h1><pre>{feed}</pre></body></html>");
    assert!(extract(&document(tutorial.as_bytes()), &request(false)).is_err());
}

#[test]
fn a_feed_says_where_more_of_it_is() {
    let wanted = FeedLinks {
        hubs: vec!["https://hub.example/".into()],
        next: Some("https://outlet.example/dir/2".into()),
        prev_archive: None,
    };
    let (feed, ..) = read(rss("<atom:link rel='hub' href='https://hub.example/'/><atom:link rel='next' href='2'/>
        <atom:link rel='self' href='/feed'/><fh:archive xmlns:fh='http://purl.org/syndication/history/1.0'/>"));
    assert_eq!(feed.links, wanted);
    assert_eq!((feed.feed_url.as_deref(), feed.history), (Some("https://outlet.example/feed"), Some("archive")));
    let (feed, ..) = read(
        r#"{"version":"https://jsonfeed.org/version/1.1","title":"F","feed_url":"/feed","next_url":"2",
        "hubs":[{"type":"WebSub","url":"https://hub.example/"},7],"expired":true,"items":[]}"#,
    );
    assert_eq!(feed.links, wanted);
    assert_eq!((feed.feed_url.as_deref(), feed.history), (Some("https://outlet.example/feed"), Some("complete")));
    let (feed, ..) = read("<feed xmlns='http://www.w3.org/2005/Atom'><link rel='prev-archive' href='/1'/></feed>");
    assert_eq!(feed.links.prev_archive.as_deref(), Some("https://outlet.example/1"));
}

#[test]
fn inspect_sees_people_and_pictures_as_named() {
    let (_, items, _) = read(rss("<item><author>By A and B</author><media:thumbnail url='/avatar/1.png' width='30'/>
        <media:thumbnail url='/t1.jpg' width='40'/><media:thumbnail url='/t2.jpg' width='300'/></item>"));
    let more = items[0].more.as_deref().unwrap();
    assert_eq!(more.authors, [Person { name: Some("By A and B".into()), ..Person::default() }]);
    let url = "https://outlet.example/t2.jpg".to_owned();
    assert_eq!(more.image, Some(Image { url, width: Some(300), ..Image::default() }));
}

#[test]
fn faults_of_json_are_said_once_with_their_place() {
    let cases = [
        ("[{\"id\":\"a\"}]", "JSON that cannot be read: invalid type: sequence, expected a JSON object", (1, 1)),
        ("{\n \"ä\": [,]}", "JSON that cannot be read: expected value", (2, 8)),
        ("{\"a\":1}", "JSON, but not a JSON Feed: it has no items", (1, 1)),
    ];
    for (text, message, (line, column)) in cases {
        let error = extract(&document(text.as_bytes()), &request(false)).unwrap_err();
        assert_eq!((error.message.as_str(), error.line, error.column), (message, Some(line), Some(column)), "{text}");
    }
    let (feed, items, warnings) =
        read("{\"version\":\"https://jsonfeed.org/version/1\",\n\"items\":[{\"title\":\"A,]\"} , ], \"title\":\"F\"}");
    assert_eq!((titles(&items), feed.title), (vec!["A,]".to_owned()], Some(Text::plain("F"))));
    assert_eq!(warnings[0].message, "a fault of the JSON was mended: trailing comma");
    assert_eq!((warnings[0].line, warnings[0].column), (2, 28));
    let (_, items, warnings) = read("{\"items\":[{\"title\":\"A\"},{\"title\"");
    assert_eq!(
        (titles(&items), warnings[0].message.as_str()),
        (vec!["A".to_owned()], "the JSON was read up to a fault: EOF while parsing an object")
    );
}

#[test]
fn dates_stand_in_many_elements() {
    let cases = [
        ("<date>1</date><created>2</created>", "feed:date"),
        ("<prism:coverDate>1</prism:coverDate><dc:date>2</dc:date>", "feed:prism:publicationDate"),
        ("<dc:issued>1</dc:issued>", "feed:dcterms:issued"),
        ("<PubDate>1</PubDate><publicationDate>2</publicationDate>", "feed:pubDate"),
        ("<publishDate>1</publishDate>", "feed:date"),
    ];
    for (elements, from) in cases {
        let (_, items, _) = read(rss(&format!("<item>{elements}</item>")));
        let first = items[0].published.first().map(|claim| (claim.from, claim.text.text.as_str()));
        assert_eq!(first, Some((from, "1")), "{elements}");
    }
    let (_, items, _) =
        read(rss("<item><dc:modified>1</dc:modified></item><item><lastBuildDate>1</lastBuildDate></item>"));
    let from: Vec<_> = items.iter().flat_map(|item| &item.modified).map(|claim| claim.from).collect();
    assert_eq!(from, ["feed:dcterms:modified", "feed:lastBuildDate"]);
}

#[test]
fn inspect_sees_places_comments_and_licences() {
    let item = r#"<item xmlns:cc="http://creativecommons.org/ns#"><georss:point>45.25 -71.9</georss:point>
        <comments>/1#comments</comments><slash:comments>7</slash:comments>
        <cc:license rdf:resource="https://cc.example/by/4.0/"/><source url="/feed">The Wire</source></item>"#;
    let (_, items, _) = read(rss(item));
    assert_eq!(items[0].rights.license.as_deref(), Some("https://cc.example/by/4.0/"));
    let more = serde_json::to_value(items[0].more.as_deref().unwrap()).unwrap();
    assert_eq!(more["geo"]["type"], "Point", "{more}");
    assert_eq!(more["comments"], "https://outlet.example/1#comments", "{more}");
    assert_eq!(items[0].more.as_deref().unwrap().comment_count, Some(7));
    assert_eq!(more["source"]["title"], "The Wire", "{more}");
    assert_eq!(more["license"], "https://cc.example/by/4.0/", "{more}");
}
