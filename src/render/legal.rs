//! The choke point in front of all writers: what no output may hold is taken out here.

use std::borrow::Cow;

use crate::model::is_visible;

/// A text without the characters that no output may hold (DESIGN §8).
///
/// Out go U+0000-001F but tab and line ends, U+007F, U+0080-009F, U+FFFD and what XML 1.0 §2.2
/// forbids; line ends become U+000A, as XML readers make them (XML 1.0 §2.11).
#[must_use]
pub fn legal(text: &str) -> Cow<'_, str> {
    // blocks without a branch in them are read many bytes at a time
    let mut blocks = text.as_bytes().chunks(BLOCK);
    match blocks.position(|block| block.iter().fold(false, |found, &byte| found | is_suspect(byte))) {
        None => Cow::Borrowed(text),
        Some(first) => filtered(text, first * BLOCK),
    }
}

/// Bytes that are looked at between two decisions.
const BLOCK: usize = 64;

/// Whether a byte may begin something illegal.
const fn is_suspect(byte: u8) -> bool {
    matches!(byte, 0..=8 | 0x0B..=0x1F | 0x7F | 0xC2 | 0xEF)
}

fn filtered(text: &str, first: usize) -> Cow<'_, str> {
    if let Some(meant) = twice_encoded(text) {
        return Cow::Owned(legal(&meant).into_owned());
    }
    let start = text.floor_char_boundary(first);
    let Some(illegal) = text[start..].find(is_illegal) else {
        return Cow::Borrowed(text);
    };
    let (clean, rest) = text.split_at(start + illegal);
    let mut kept = String::with_capacity(text.len());
    kept.push_str(clean);
    let mut rest = rest.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\r' if rest.peek() != Some(&'\n') => kept.push('\n'),
            c if is_illegal(c) => {}
            c => kept.push(c),
        }
    }
    Cow::Owned(kept)
}

/// What a text was before somebody took its UTF-8 for Latin-1: only where all of it can be undone.
fn twice_encoded(text: &str) -> Option<String> {
    // U+00C2 or U+00C3, and a sign of U+0080-00BF behind it
    let is_likely = memchr::memchr_iter(0xC2, text.as_bytes())
        .any(|at| at >= 2 && text.as_bytes()[at - 2] == 0xC3 && matches!(text.as_bytes()[at - 1], 0x82 | 0x83));
    if !is_likely {
        return None;
    }
    let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect::<Option<_>>()?;
    String::from_utf8(bytes).ok()
}

const fn is_illegal(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{B}'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{FFFD}'..='\u{FFFF}')
}

/// One line of legal text, white space folded and trimmed; `None` where nothing is to be seen.
pub(super) fn line(text: &str) -> Option<Cow<'_, str>> {
    let text = legal(text);
    if !is_visible(&text) {
        return None;
    }
    let folded = text.bytes().any(|byte| matches!(byte, b'\t' | b'\n'))
        || text.contains("  ")
        || text.trim().len() != text.len();
    if !folded {
        return Some(text);
    }
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    Some(Cow::Owned(line))
}

/// Plain text that nobody can take for markup: a space parts `<` and `&` from what follows.
///
/// For names, tags and captions: readers and validators guess whether those are HTML. Headlines are
/// never bent this way.
pub(super) fn unmarked(text: Cow<'_, str>) -> Cow<'_, str> {
    let mut out: Option<String> = None;
    let mut copied = 0;
    for (at, sign) in text.match_indices(['<', '&']) {
        let rest = &text[at + 1..];
        let looks = if sign == "<" {
            rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
        } else {
            is_reference(rest)
        };
        if looks {
            let out = out.get_or_insert_with(|| String::with_capacity(text.len() + 8));
            out.push_str(&text[copied..=at]);
            out.push(' ');
            copied = at + 1;
        }
    }
    match out {
        None => text,
        Some(mut out) => {
            out.push_str(&text[copied..]);
            Cow::Owned(out)
        }
    }
}

/// Whether what follows an ampersand may be read as a character reference, with or without its
/// semicolon.
fn is_reference(rest: &str) -> bool {
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '#').unwrap_or(rest.len());
    let name = &rest[..end];
    if name.starts_with('#') || name.bytes().any(|byte| !byte.is_ascii_alphabetic()) {
        return !name.is_empty();
    }
    !name.is_empty() && !htmlize::unescape(format!("&{name};")).starts_with('&')
        || matches!(name, "amp" | "AMP" | "apos")
}

/// Plain text as HTML.
pub(super) fn escape_html(text: &str) -> Cow<'_, str> {
    quick_xml::escape::escape(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn illegal_characters_go_and_everything_else_stays() {
        let cases = [
            ("", ""),
            ("plain", "plain"),
            ("tab\tline\nend", "tab\tline\nend"),
            ("a\r\nb\rc\r", "a\nb\nc\n"),
            ("a\0b\u{1}c\u{1F}d\u{7F}e", "abcde"),
            ("\u{80}a\u{9F}b\u{85}", "ab"),
            ("\u{A0}¡é", "\u{A0}¡é"),
            ("a\u{FFFD}b\u{FFFE}\u{FFFF}", "ab"),
            ("ﬁ\u{FFFC}\u{FEFF}", "ﬁ\u{FFFC}\u{FEFF}"),
            ("😀\u{10FFFF}é\u{0}", "😀\u{10FFFF}é"),
            ("\u{202E}rtl", "\u{202E}rtl"),
            ("Guant\u{C3}\u{A1}namo", "Guantánamo"),
            ("\u{C3}\u{83}\u{C2}\u{A1}", "á"),
            ("\u{C3}\u{A1} – é", "\u{C3}\u{A1} – é"),
            ("\u{C3}\u{A1} é", "\u{C3}\u{A1} é"),
        ];
        for (text, expected) in cases {
            assert_eq!(legal(text), expected, "{text:?}");
            assert_eq!(matches!(legal(text), Cow::Borrowed(_)), text == expected, "{text:?}");
        }
    }

    #[test]
    fn a_line_is_one_line_or_nothing() {
        let cases = [
            ("a b", Some("a b")),
            ("  a \n\t b  ", Some("a b")),
            ("a\u{0}", Some("a")),
            (" \u{200B}\u{FFFD}\n", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(line(text).as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn text_that_looks_like_markup_is_parted() {
        let cases = [
            ("R&D", "R&D"),
            ("AT&T; Q&A", "AT&T; Q&A"),
            ("a < b && c", "a < b && c"),
            ("a<b>c</b>", "a< b>c< /b>"),
            ("x &amp; y&lt", "x & amp; y& lt"),
            ("&#0; M&5", "& #0; M& 5"),
            ("&copy 2020", "& copy 2020"),
            ("<!-- -->", "< !-- -->"),
        ];
        for (text, expected) in cases {
            assert_eq!(unmarked(Cow::Borrowed(text)), expected, "{text:?}");
        }
    }
}
