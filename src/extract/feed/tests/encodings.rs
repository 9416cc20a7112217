use super::{document, read, read_document, titles};
use crate::extract::each_item;

#[test]
fn encodings_are_found() {
    let xml = |label: &str, title: &str| {
        format!("<?xml version=\"1.0\"{label}?><rss><channel><item><title>{title}</title></item></channel></rss>")
    };
    let windows = |text: &str| encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
    let cyrillic = |text: &str| encoding_rs::WINDOWS_1251.encode(text).0.into_owned();
    let utf16 = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let utf16_turned = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_be_bytes).collect() };
    let utf32_turned = |text: &str| -> Vec<u8> { text.chars().flat_map(|char| (char as u32).to_le_bytes()).collect() };
    let utf32 = |text: &str| -> Vec<u8> { text.chars().flat_map(|char| (char as u32).to_be_bytes()).collect() };
    let cases: Vec<(&str, Vec<u8>, Option<&str>, &str)> = vec![
        ("says UTF-8, is windows-1252", windows(&xml(" encoding=\"utf-8\"", "café – €")), None, "café – €"),
        ("says windows-1251, is UTF-8", xml(" encoding=\"windows-1251\"", "Новости").into_bytes(), None, "Новости"),
        ("says UTF-16, is UTF-8", xml(" encoding=\"utf-16\"", "Новости").into_bytes(), None, "Новости"),
        (
            "says nothing, is windows-1251",
            cyrillic(&xml("", "Новости дня на русском языке")),
            None,
            "Новости дня на русском языке",
        ),
        ("HTTP knows", cyrillic(&xml("", "Да")), Some("text/xml; charset=windows-1251"), "Да"),
        (
            "HTTP has a default",
            cyrillic(&xml(" encoding='windows-1251'", "Да")),
            Some("text/xml; charset=ISO-8859-1"),
            "Да",
        ),
        ("UTF-16 the other way round", utf16_turned(&xml(" encoding=\"utf-16le\"", "café")), None, "café"),
        ("UTF-16 the other way round, with mark", utf16_turned(&format!("\u{feff}{}", xml("", "café"))), None, "café"),
        ("UTF-32 the other way round", utf32_turned(&xml(" encoding=\"utf-16\"", "café")), None, "café"),
        ("UTF-32 the other way round, with mark", utf32_turned(&format!("\u{feff}{}", xml("", "café"))), None, "café"),
        ("HTTP says UTF-8, is UTF-16", utf16_turned(&xml("", "café")), Some("text/xml; charset=utf-8"), "café"),
        ("HTTP says UTF-16, is UTF-8", xml("", "café").into_bytes(), Some("text/xml; charset=utf-16"), "café"),
        (
            "HTTP says UTF-16, is windows-1251",
            cyrillic(&xml(" encoding='windows-1251'", "Да")),
            Some("text/xml; charset=utf-16"),
            "Да",
        ),
        ("says nothing, is windows-1252", windows(&xml("", "café – €")), None, "café – €"),
        ("UTF-16 without mark", utf16(&xml(" encoding=\"utf-16\"", "café")), None, "café"),
        ("UTF-16 with mark", utf16(&format!("\u{feff}{}", xml("", "café"))), None, "café"),
        ("UTF-32 with mark", utf32(&format!("\u{feff}{}", xml("", "café"))), None, "café"),
        (
            "UTF-8 with a bad byte",
            [xml("", "café naïve").into_bytes().as_slice(), b"<!-- \xff -->"].concat(),
            None,
            "café naïve",
        ),
        ("C1 controls", xml("", "don\u{92}t").into_bytes(), None, "don’t"),
        ("UTF-16 behind a line end", utf16(&format!("\n{}", xml("", "café"))), None, "café"),
        ("UTF-32 behind a space", utf32(&format!(" {}", xml("", "café"))), None, "café"),
        ("says windows-1252, is UTF-16", utf16(&xml(" encoding=\"windows-1252\"", "café")), None, "café"),
        ("unknown label", xml(" encoding=\"x-bogus\"", "café").into_bytes(), None, "café"),
    ];
    for (name, bytes, content_type, wanted) in cases {
        let mut document = document(&bytes);
        document.content_type = content_type.map(ToOwned::to_owned);
        let (_, items, _) = read_document(&document);
        assert_eq!(titles(&items), [wanted], "{name}");
    }
    assert_eq!(read(cyrillic(&xml(" encoding='windows-1251'", "Да"))).0.encoding, "windows-1251");
}

/// Windows-1252 taken for what it is not: each byte a character.
fn as_1252(text: &str) -> String {
    encoding_rs::WINDOWS_1252.decode_without_bom_handling(text.as_bytes()).0.into_owned()
}

#[test]
fn text_that_was_encoded_twice_is_read_as_meant() {
    let cases = [
        (as_1252("café"), "café"),
        (as_1252("Øresund – “på” dansk …"), "Øresund – “på” dansk …"),
        (as_1252("Новости дня"), "Новости дня"),
        (as_1252("a\u{A0}b\u{A0}c\u{A0}d"), "a b c d"),
        (as_1252("a\u{A0}b – c – d – e").replace('\u{A0}', " "), "a b – c – d – e"),
        // these are what they are
        ("SÂ O".into(), "SÂ O"),
        ("AMANHÃ»".into(), "AMANHÃ»"),
        ("Ã".into(), "Ã"),
        ("café Ã©".into(), "café Ã©"),
        ("Ã©, 新闻".into(), "Ã©, 新闻"),
        ("naïve café".into(), "naïve café"),
    ];
    for (text, wanted) in cases {
        let (_, items, _) = read(super::rss(&format!("<item><title>{text}</title></item>")));
        assert_eq!(titles(&items), [wanted], "{text}");
    }
    let own = super::rss("<item><title>cafÃ©</title></item>");
    let base = "https://feeds.example/all.rss".parse().unwrap();
    let mut read = Vec::new();
    each_item(&mut own.as_bytes(), &base, &mut |item| read.push(item)).unwrap();
    assert_eq!(titles(&read), ["cafÃ©"], "our own documents are sound");
}

#[test]
fn ebcdic_is_read_where_it_is_declared() {
    let from_037 = |text: &str| -> Vec<u8> {
        let letter = |char: char, first: char, code: u8| code + u8::try_from(char as u32 - first as u32).unwrap();
        let byte = |char: char| match char {
            'a'..='i' => letter(char, 'a', 0x81),
            'j'..='r' => letter(char, 'j', 0x91),
            's'..='z' => letter(char, 's', 0xA2),
            'A'..='I' => letter(char, 'A', 0xC1),
            'J'..='R' => letter(char, 'J', 0xD1),
            'S'..='Z' => letter(char, 'S', 0xE2),
            '0'..='9' => letter(char, '0', 0xF0),
            '<' => 0x4C,
            '>' => 0x6E,
            '?' => 0x6F,
            '/' => 0x61,
            '=' => 0x7E,
            '"' => 0x7F,
            '-' => 0x60,
            '.' => 0x4B,
            'é' => 0x51,
            '!' => 0x5A,
            '\n' => 0x25,
            _ => 0x40,
        };
        text.chars().map(byte).collect()
    };
    let cases = [
        ("ebcdic-cp-us", "ibm037", "Café!"),
        ("IBM037", "ibm037", "Café!"),
        ("cp500", "ibm500", "Café]"),
        ("ibm-1026", "ibm1026", "CaféĞ"),
        ("x-no-such-page", "ibm037", "Café!"),
    ];
    for (label, encoding, wanted) in cases {
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"{label}\"?>\n<rss><channel><item><title>Café!</title></item></channel></rss>"
        );
        let (feed, items, _) = read(from_037(&text));
        assert_eq!((feed.encoding, titles(&items)), (encoding, vec![wanted.to_owned()]), "{label}");
    }
}
