use proptest::prelude::*;
use url::Url;

use super::sanitize::{Mode, Outcome, pass};
use super::*;
use crate::model::Text;

fn base() -> Url {
    Url::parse("https://paper.example/news/story").expect("valid")
}

fn cleaned(html: &str) -> String {
    clean(html, Some(&base())).into_string()
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table of what goes in and what comes out")]
fn cleans_what_feeds_hold() {
    let cases = [
        // what is clean stays
        ("<p>A <a href=\"https://a.example/x?a=1&amp;b=2\">link</a></p>", None),
        ("<ul><li>a</li><li>b</li></ul>\n<img src=\"https://a.example/a.jpg\" alt=\"A\" width=\"640\">", None),
        ("Fish &amp; chips&nbsp;&lt; 5 &gt; 4 \u{a0}«é»", None),
        // tags and attributes
        ("<p class=\"x\" style='color:red' onclick=go()>a<font>b</font></p>", Some("<p>ab</p>")),
        ("<P>a<BR />b</P>", Some("<p>a<br>b</p>")),
        ("<p>a<p>b", Some("<p>a</p><p>b</p>")),
        ("<ul><li>a<li>b</ul>", Some("<ul><li>a</li><li>b</li></ul>")),
        ("<bdo dir=rtl>x</bdo><rtc>y</rtc>", Some("xy")),
        ("<section><p>a</section>", Some("<div><p>a</p></div>")),
        ("a<script>alert('<p>')</script>b<style>p{}</style>c<!-- d -->e", Some("abce")),
        (
            "<a href=x href=y title='a\"b'>z</a>",
            Some("<a href=\"https://paper.example/news/x\" title=\"a&quot;b\">z</a>"),
        ),
        ("<a href=\"javascript:alert(1)\">z</a><a href=\" java&#10;script:x\">y</a>", Some("<a>z</a><a>y</a>")),
        ("<a href=\"mailto:a@b.example\">z</a>", None),
        ("<a href=\"//cdn.example/a b\">z</a>", Some("<a href=\"https://cdn.example/a%20b\">z</a>")),
        ("<a href=\"ftp://a.example/\">z</a>", Some("<a>z</a>")),
        // wrong nesting
        ("<b>a<i>b</b>c</i>", Some("<b>a<i>b</i></b><i>c</i>")),
        ("</p>a</div>b</b>", Some("ab")),
        (
            "<table><tr><td>a<td>b<tr><td>c</table>",
            Some("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>"),
        ),
        ("<table>x<tr><td>a</td></tr></table>", Some("x<table><tbody><tr><td>a</td></tr></tbody></table>")),
        // characters
        ("a\u{0}b\u{b}c\u{85}d\u{fffd}e\u{fdd0}f\u{1ffff}g\r\nh\ri", Some("abcdefg\nh\ni")),
        ("&eacute;&#8217;&#x1F600;&copy 1&#0;&#11;& b &unknown; &quot;", Some("é’😀© 1&amp; b &amp;unknown; \"")),
        ("&#60;script&#62;&#38;lt;", Some("&lt;script&gt;&amp;lt;")),
        ("1 < 2 <3 a<", Some("1 &lt; 2 &lt;3 a&lt;")),
        ("<![CDATA[<p>a</p>", Some("<p>a</p>")),
        ("a<b", Some("a")),
        ("a<!-- b", Some("a")),
        ("a<!doctype html>b<!>c<![if x]>d<!-x>e", Some("abcde")),
        ("a <!? <b>b</b> <! c>", Some("a &lt;!? <b>b</b> &lt;! c>")),
        ("a <!DOCTYPE b", Some("a &lt;!DOCTYPE b")),
        // pictures
        (
            "<img data-src=\"/a.jpg\" src=\"data:image/gif;base64,x\" alt=a>",
            Some("<img src=\"https://paper.example/a.jpg\" alt=\"a\">"),
        ),
        ("<img srcset=\"/s.jpg 300w, /l.jpg 1200w, /m.jpg 600w\">", Some("<img src=\"https://paper.example/l.jpg\">")),
        (
            "<picture><source srcset=\"/w.webp 2x, /s.webp\"><img alt=\"\"></picture>",
            Some("<img src=\"https://paper.example/w.webp\" alt=\"\">"),
        ),
        (
            "<img class=lazy alt=x><noscript><img src=\"/r.jpg\"></noscript>",
            Some("<img src=\"https://paper.example/r.jpg\">"),
        ),
        (
            "<img data-src=\"/a.jpg\"><noscript><img src=\"/a.jpg\"></noscript>",
            Some("<img src=\"https://paper.example/a.jpg\">"),
        ),
        (
            "a<img src=\"https://x.example/p.gif\" width=1 height=1>b<img src=\"https://pixel.wp.com/b.gif\">c",
            Some("abc"),
        ),
        (
            "<img src=\"https://a.example/a.jpg\" width=\"1\" height=\"600\">",
            Some("<img src=\"https://a.example/a.jpg\" width=\"1\" height=\"600\">"),
        ),
        // players and forms
        (
            "<iframe src=\"https://www.youtube.com/embed/abc?rel=0\" title=\"A &amp; B\"></iframe>x",
            Some("<a href=\"https://www.youtube.com/watch?v=abc\">A &amp; B</a>x"),
        ),
        (
            "<video poster=p><source src=\"/v.mp4\">no video</video>",
            Some("<a href=\"https://paper.example/v.mp4\">paper.example</a>"),
        ),
        ("<audio src=\"/a.mp3\">", Some("<a href=\"https://paper.example/a.mp3\">paper.example</a>")),
        ("<iframe src=\"https://ads.doubleclick.net/x\"></iframe>", Some("")),
        // a front page is no player; what stands in its place is shown
        ("a<embed src=\"https://x.example/\"> b", Some("a b")),
        ("a<iframe src=\"https://x.example\">b <b>c</b></iframe> d", Some("ab <b>c</b> d")),
        // frames that never end hide nothing
        ("a<iframe src=\"https://x.example/1\" title=t/>b", Some("a<a href=\"https://x.example/1\">t/</a>b")),
        ("a<iframe src=\"https://x.example/1\" title=\"t\"/>b", Some("a<a href=\"https://x.example/1\">t</a>b")),
        // an address inside of another one is none of a player
        (
            "<iframe src=\"https://x.example/p?u=https://www.youtube.com/embed/abc\" title=t></iframe>",
            Some("<a href=\"https://x.example/p?u=https://www.youtube.com/embed/abc\">t</a>"),
        ),
        (
            "<iframe src=\"https://www.youtube.com/embed/videoseries?list=abc\" title=t></iframe>",
            Some("<a href=\"https://www.youtube.com/embed/videoseries?list=abc\">t</a>"),
        ),
        // the source of a picture without an image is no other's
        ("<picture><source srcset=\"/ad.webp 2x\"></picture><p>a<img src=\"data:x\">", Some("<p>a</p>")),
        // words for readers without scripts
        (
            "<img src=\"/p.gif\" width=1 height=1><noscript>Enable <img src=\"/a.jpg\"> scripts</noscript><p>a</p>",
            Some("<p>a</p>"),
        ),
        ("<img class=lazy><noscript>Enable scripts <img src=\"/a.jpg\"></noscript>", Some("")),
        // addresses that only look finished
        ("<a href=\"https://a.example/#a#b\">x</a>", Some("<a href=\"https://a.example/#a%23b\">x</a>")),
        ("<a href=\"https://256.256.256.256/\">x</a>", Some("<a>x</a>")),
        ("<img alt=\"a &amp; b\">", None),
        ("<img alt=\"a\" class=\"x\">", Some("")),
        ("<img alt=\"\u{FFFD}\">", Some("")),
        ("a<form><p>Newsletter</p><input name=a><button>Go</button></form>b", Some("ab")),
        ("<form><p>A whole page</p></form>", Some("<p>A whole page</p>")),
        ("<svg><path d=\"x\"/><title>t</title></svg>a<math><mi>x</mi></math>", Some("a")),
    ];
    for (html, expected) in cases {
        assert_eq!(cleaned(html), expected.unwrap_or(html), "{html}");
    }
}

#[test]
fn addresses_stay_as_they_stand_where_nothing_resolves_them() {
    for (html, expected) in [
        ("<a href='foo'>x</a>", "<a href=\"foo\">x</a>"),
        ("<a href='../a b?c=d&e#f'>x</a>", "<a href=\"../a b?c=d&amp;e#f\">x</a>"),
        ("<img src='/i/p.jpg'>", "<img src=\"/i/p.jpg\">"),
        ("<a href='https://a.example/ b'>x</a>", "<a href=\"https://a.example/%20b\">x</a>"),
        ("<a href='javascript:alert(1)'>x</a>", "<a>x</a>"),
        ("<a href=' java\nscript:alert(1)'>x</a>", "<a>x</a>"),
        ("<a href='&#1;javascript:alert(1)'>x</a>", "<a>x</a>"),
        ("<a href='data:text/html,x'>x</a>", "<a>x</a>"),
        ("<video src='clip.mp4'></video>", "<a href=\"clip.mp4\">clip.mp4</a>"),
        ("<b><a href='foo'>x</b></a>", "<b><a href=\"foo\">x</a></b>"),
    ] {
        assert_eq!(clean_as_written(html), expected, "{html}");
        assert!(!clean(html, None).as_str().contains("foo"), "{html}");
    }
}

#[test]
fn a_clean_text_is_borrowed() {
    for html in
        ["<p>a</p>", "plain", "", "<p>a<br>b</p>\n<blockquote cite=\"https://a.example/\"><p>c</p></blockquote>"]
    {
        assert!(
            matches!(pass(html, Addresses::Absolute(None), Mode::Strict), Outcome::Done(Cow::Borrowed(_))),
            "{html}"
        );
    }
}

#[test]
fn hostile_texts_are_read_to_the_end() {
    let texts = [
        "<div>".repeat(20_000),
        "<p><b a=1>".repeat(10_000),
        "<a><table><td>".repeat(20_000),
        format!("<p {}>", "a=b ".repeat(100_000)),
        "<".repeat(100_000),
        "&".repeat(100_000),
        "<noscript>".repeat(100_000),
        "<button>".repeat(100_000),
        "<!--".repeat(50_000),
        "<iframe src=x>".repeat(20_000),
        "<form>".repeat(20_000),
        "<li><div>".repeat(20_000),
        format!("<img srcset=\"{}\">", ",".repeat(100_000)),
        "</div>".repeat(50_000),
        format!("{}</noscript>", "<img><noscript><img".repeat(20_000)),
    ];
    for text in &texts {
        let once = clean(text, None);
        assert!(once.as_str().contains('&') || !depth_exceeds(once.as_str().as_bytes(), DEPTH_LIMIT));
        std::hint::black_box(to_text(text));
        std::hint::black_box(text_len(text));
        std::hint::black_box(first_image(text));
        std::hint::black_box(depth_exceeds(text.as_bytes(), DEPTH_LIMIT));
    }
}

#[test]
fn tells_deep_documents() {
    let list = format!("<ul>{}</ul>", "<li>item".repeat(3000));
    let paragraphs = "<p>text".repeat(3000);
    let cells = format!("<table>{}</table>", "<tr><td>a<td>b".repeat(3000));
    let icons = format!("<svg>{}</svg>", "<path d='m0 0'/>".repeat(3000));
    let scripts = format!("<script>{}</script>", "'<div>'".repeat(3000));
    let voids = "<br><img src=a><input>".repeat(3000);
    let good = [list, paragraphs, cells, icons, scripts, voids, "<div>".repeat(500)];
    for html in good {
        assert!(!depth_exceeds(html.as_bytes(), 512), "{}", &html[..40]);
    }
    let bad = [
        "<div>".repeat(600),
        "<div/>".repeat(600),
        "<p><b>".repeat(600),
        "<p><b></p>".repeat(600),
        "<x-a>".repeat(600),
    ];
    for html in bad {
        assert!(depth_exceeds(html.as_bytes(), 512), "{}", &html[..20]);
    }
    assert!(depth_exceeds("&".repeat(100_000).as_bytes(), 512));
    assert!(!depth_exceeds("Q&A: 1 > 0. ".repeat(3000).as_bytes(), 512));
    assert!(depth_exceeds(&[b"\xff".as_slice(), "<i>".repeat(600).as_bytes()].concat(), 512));
}

#[test]
fn text_of_markup() {
    let cases = [
        ("<p>One\n two</p><p>Three</p>", "One two\n\nThree"),
        ("<h1>T</h1>a<br>b<br/>c", "T\n\na\nb\nc"),
        ("<ul><li>a</li><li>b</li></ul>c", "a\nb\n\nc"),
        ("<ul>\n<li><p>a</p></li>\n</ul>", "a"),
        ("a<script>if (a<b) {}</script> b<style>x</style>&nbsp;c &amp; d &lt;e&gt; &eacute; &", "a b c & d <e> é &"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<pre>a\n  b</pre>", "a\nb"),
        ("a<b>b</b>c", "abc"),
        ("a \u{0}b\u{feff}c\u{3000}d", "a bc d"),
        ("1 < 2", "1 < 2"),
        ("a<!-- x -->b<!doctype x>c<?php ?>d", "abcd"),
        ("a<span", "a"),
    ];
    for (html, expected) in cases {
        assert_eq!(to_text(html), expected, "{html}");
    }
    assert_eq!(text_len("<p>Ab c</p><script>x</script>é"), 4);
    assert_eq!(inline_text(&Text::html("<b>A</b>\n&amp; b ")), "A & b");
    assert_eq!(inline_text(&Text::plain(" A\n&amp; b <i>")), "A &amp; b <i>");
}

#[test]
fn finds_the_first_real_picture() {
    let html = "<p><img src=\"https://pixel.wp.com/x\"><img width=1 height=1 src=b><img class=\"wp-smiley\" src=c>\
        <img src=\"data:x\" data-src=\"/real.jpg?a=1&amp;b\" alt=\"A  b\" width=\"640\" height=\"0\"><img src=later>";
    let expected =
        Picture { address: "/real.jpg?a=1&b".to_owned(), alt: Some("A b".to_owned()), width: Some(640), height: None };
    assert_eq!(first_image(html), Some(expected));
    let advertisement = "<picture><source srcset=\"/ad.webp 2x\"></picture><img src=\"data:x\"><img src=\"/a.jpg\">";
    assert_eq!(first_image(advertisement).map(|picture| picture.address).as_deref(), Some("/a.jpg"));
    assert_eq!(first_image("<p>none<!-- <img src=a> -->"), None);
}

#[test]
fn largest_of_a_srcset() {
    let cases = [
        ("a.jpg 1x, b.jpg 2x", Some("b.jpg")),
        ("a.jpg", Some("a.jpg")),
        ("https://x.example/a,b/c.jpg 300w,\n https://x.example/d.jpg 900w", Some("https://x.example/d.jpg")),
        ("a.jpg, b.jpg 3x", Some("b.jpg")),
        ("", None),
        (" , ,", None),
    ];
    for (set, expected) in cases {
        assert_eq!(largest_candidate(set), expected, "{set}");
    }
}

/// Pieces that parsers trip over.
fn piece() -> impl Strategy<Value = String> {
    #[rustfmt::skip]
    let pieces = vec![
        "<p>", "</p>", "<b>", "</b>", "<i>", "</i>", "<a href=\"/x\">", "<a href='https://a.example/?a&b=\"'>", "</a>", "<div>", "</div>",
        "<ul>", "</ul>", "<li>", "<li class=x>", "</li>", "<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<th scope=row>", "<tbody>",
        "<tfoot>", "<caption>", "</caption>", "<colgroup>", "<col span=2>", "<h1>", "<h2>", "</h2>", "<br/>", "<hr>", "<img src=/a.jpg>", "<img data-src=b>", "<img>",
        "<script>", "</script>", "<style>", "</style>", "<!--", "-->", "--!>", "<!", "<?", "]]>", "<![CDATA[", "&", "&amp;", "&#", "&#0;", "&#xD800;",
        "&lt;", "&notit;", "&nbsp", "\"", "'", "<", ">", "/", "=", " ", "\n", "\r", "\0", "\u{85}", "\u{fffe}", "x", "é", "<svg>", "</svg>", "<math>", "<noscript>",
        "</noscript>", "<iframe src=//y.example/>", "</iframe>", "<video>", "<source src=/v>", "</video>", "<form>", "<input>", "</form>", "<button>", "</button>",
        "<dl>", "<dt>", "<dd>", "</dl>", "<ruby>", "<rt>", "<rp>", "<pre>", "</pre>", "<section>", "</section>", "<template>", "<select>", "<option>", "<title>",
        "<textarea>", "<plaintext>", "<blockquote cite=q>", "<font>", "<P ID=1 title=\"a&quot;<b\">", "</br>", "<a\u{0}b>", "<body>", "<frameset>", "<details>", "<summary>",
    ];
    prop_oneof![8 => prop::sample::select(pieces).prop_map(str::to_owned), 1 => "\\PC{0,6}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn cleaning_twice_changes_nothing(pieces in prop::collection::vec(piece(), 0..24)) {
        let html = pieces.concat();
        let base = base();
        let once = clean(&html, Some(&base));
        let twice = clean(once.as_str(), Some(&base));
        prop_assert_eq!(twice.as_str(), once.as_str(), "{}", html);
        // what is clean needs no base, no change and no tree
        let again = pass(once.as_str(), Addresses::Absolute(None), Mode::Strict);
        prop_assert!(matches!(again, Outcome::Done(Cow::Borrowed(_))), "{} gave {}", html, once.as_str());
        // and ammonia, another judge, finds nothing to take away but spelling
        let judged = super::sanitize::tree_builder().clean(once.as_str()).to_string();
        prop_assert_eq!(to_text(&judged).replace(char::is_whitespace, ""), to_text(once.as_str()).replace(char::is_whitespace, ""), "{}", html);
        for bad in ["<script", "<style", "<iframe", "<svg", "<math", "javascript:", "\0", "\u{85}"] {
            prop_assert!(!once.as_str().contains(bad), "{}", once.as_str());
        }
    }

    #[test]
    fn nothing_panics(html in "\\PC{0,200}", pieces in prop::collection::vec(piece(), 0..40)) {
        for text in [html, pieces.concat()] {
            std::hint::black_box(to_text(&text));
            std::hint::black_box(text_len(&text));
            std::hint::black_box(first_image(&text));
            std::hint::black_box(depth_exceeds(text.as_bytes(), 4));
            std::hint::black_box(clean(&text, None));
        }
    }
}

#[test]
fn the_beginning_of_a_text_is_a_prefix_of_it() {
    let html = "<p>One <b>two</b> three.</p><p>Four &amp; five.</p><script>x</script><p>Six.</p>";
    let whole = to_text(html);
    assert_eq!(beginning_of_text(html, usize::MAX), whole);
    for (enough, expected) in [(0, ""), (1, "One"), (4, "One two"), (8, "One two three."), (99, whole.as_str())] {
        assert_eq!(beginning_of_text(html, enough), expected, "{enough}");
    }
}
