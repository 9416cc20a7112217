use proptest::prelude::*;

use super::{document, now, read, request, title};
use crate::extract::{As, Request, extract};

#[test]
fn entities_of_a_document_cannot_explode() {
    let own = "<!DOCTYPE rss [<!ENTITY id \"tag:o.example,\"> <!ENTITY x SYSTEM \"file:///etc/passwd\">]>";
    let (_, items, _) = read(format!(
        "{own}<rss><channel><item><title>&x;</title><guid isPermaLink='false'>&id;1</guid></item></channel></rss>"
    ));
    assert_eq!((items[0].id.as_deref(), title(&items[0])), (Some("tag:o.example,1"), "&x;".into()));
    let bomb = format!("<!DOCTYPE rss [<!ENTITY a \"{}\"><!ENTITY b \"&a;&a;\">]>", "x".repeat(200));
    let (_, items, _) =
        read(format!("{bomb}<rss><channel><item><title>{}</title></item></channel></rss>", "&a;&b;".repeat(100_000)));
    assert!(items[0].titles[0].text.text.len() < 1_000_000);
}

/// Each of these takes hours, or the stack, in a reader that looks ahead carelessly.
#[test]
fn hostile_documents_cost_no_more_than_their_size() {
    let patterns = [
        "<a ",
        "<a b=\"",
        "<a b='>",
        "<!--",
        "<![CDATA[",
        "<?x ",
        "<!x [",
        "&",
        "&#",
        "&a",
        "</x>",
        "<item>",
        "<title>",
        "<a>",
        "<media:group>",
        "<item xml:base='y/'>",
        "<category>x</category>",
        "<a xmlns:b='c'>",
        "<",
        "<b></c>",
        "<title><b>",
        "<media:content><p>",
    ];
    for pattern in patterns {
        for head in ["<rss><channel><item>", "<rss><channel><item><title>"] {
            let body = format!("{head}{}", pattern.repeat(300_000 / pattern.len()));
            assert!(extract(&document(body.as_bytes()), &request(true)).is_ok(), "{pattern}");
        }
    }
    for pattern in ["&lt;![CDATA[", "&lt;![CDATA[]]&gt;", "&lt;![CDATA[&lt;b&gt;]]&amp;gt;", "]]", "&lt;!--"] {
        for end in ["", "]]&gt;", "]]&amp;gt;"] {
            let description = format!("&lt;![CDATA[{}{end}", pattern.repeat(300_000 / pattern.len()));
            let body = format!("<rss><channel><item><description>{description}");
            assert!(extract(&document(body.as_bytes()), &request(true)).is_ok(), "{pattern}{end}");
        }
    }
}

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "<rss>",
        "<channel>",
        "<item>",
        "</item>",
        "<title>",
        "</title>",
        "<link/>",
        "<feed>",
        "<entry>",
        "<content type='xhtml'>",
        "<b>",
        "</b>",
        "<![CDATA[",
        "]]>",
        "&lt;![CDATA[",
        "]]&gt;",
        "<!--",
        "-->",
        "&amp;",
        "&",
        "&#1",
        "é",
        "<a b='",
        "'>",
        "\"",
        "<?",
        "?>",
        "<media:content url='x'>",
        "{",
        "\"items\":[",
        "xml:base='q'",
        "<!DOCTYPE x [",
        "]>",
        " ",
        "x@y.z",
        "<author>",
        "<itunes:duration>",
        "1:2",
        "<georss:point>",
        "\u{0}",
        "<x:y xmlns:x='z'>",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// Byte order marks, the starts of wide units, EBCDIC.
fn starts() -> impl Strategy<Value = &'static [u8]> {
    prop::sample::select(vec![
        &b""[..],
        b"\xFF\xFE",
        b"\xFE\xFF",
        b"\xFF\xFE\0\0",
        b"\0\0\xFE\xFF",
        b"\xEF\xBB\xBF",
        b"<\0r\0",
        b"\0\0\0<",
        b"\x4C\x6F\xA7\x94\x93\x40",
        b"<rss><channel><item><title>",
        "<rss><item><title>Ã©".as_bytes(),
        b"{\"items\":[",
    ])
}

fn labels() -> impl Strategy<Value = Option<&'static str>> {
    prop::option::of(prop::sample::select(vec![
        "utf-16",
        "utf-8",
        "gb18030",
        "iso-2022-jp",
        "replacement",
        "\"",
        "big5",
    ]))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), start in starts(), label in labels()) {
        let mut document = document(&[start, &bytes].concat());
        document.content_type = label.map(|label| format!("text/xml; charset={label}"));
        for read_as in [As::Feed, As::Sniff] {
            let _ = extract(&document, &Request { read_as, more: true, now: now() });
        }
    }

    #[test]
    fn no_markup_panics(text in pieces()) {
        let _ = extract(&document(text.as_bytes()), &request(true));
        let _ = extract(&document(format!("<rss>{text}").as_bytes()), &request(true));
    }
}
