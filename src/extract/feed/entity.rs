//! Character and entity references, decoded once and never an error.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;
use memchr::memchr;

/// The longest name of an HTML entity, with room: `&CounterClockwiseContourIntegral;`.
const LONGEST: usize = 34;

/// Text with its references decoded, and the offset of the first `&` that starts none.
///
/// Knows the names of HTML; numbers from 128 to 159 mean windows-1252, as they do in HTML (§13.2.5.80);
/// numbers of characters that XML forbids are dropped.
#[must_use]
pub fn unescape(raw: &str) -> (Cow<'_, str>, Option<usize>) {
    let Some(first) = memchr(b'&', raw.as_bytes()) else { return (Cow::Borrowed(raw), None) };
    let mut text = String::with_capacity(raw.len());
    text.push_str(&raw[..first]);
    let (mut at, mut bare) = (first, None);
    loop {
        let rest = &raw[at..];
        let length = push_reference(rest, &mut text);
        if length == 0 {
            bare.get_or_insert(at);
            text.push('&');
            at += 1;
        } else {
            at += length;
        }
        let Some(distance) = memchr(b'&', &raw.as_bytes()[at..]) else {
            text.push_str(&raw[at..]);
            return (Cow::Owned(text), bare);
        };
        text.push_str(&raw[at..at + distance]);
        at += distance;
    }
}

/// Decodes the reference that `rest` starts with; its length, or 0 where it is none.
fn push_reference(rest: &str, text: &mut String) -> usize {
    let bytes = rest.as_bytes();
    let (char, length) = match &bytes[1..] {
        [b'l', b't', b';', ..] => ('<', 4),
        [b'g', b't', b';', ..] => ('>', 4),
        [b'a', b'm', b'p', b';', ..] => ('&', 5),
        [b'q', b'u', b'o', b't', b';', ..] => ('"', 6),
        [b'a', b'p', b'o', b's', b';', ..] => ('\'', 6),
        [b'#', ..] => return push_numeric(rest, text),
        _ => return push_named(rest, text),
    };
    text.push(char);
    length
}

fn push_named(rest: &str, text: &mut String) -> usize {
    let within = &rest.as_bytes()[..rest.len().min(LONGEST)];
    let Some(end) = memchr(b';', within) else { return 0 };
    if end < 2 || !within[1..end].iter().all(u8::is_ascii_alphanumeric) {
        return 0;
    }
    let reference = &rest[..=end];
    let decoded = htmlize::unescape(reference);
    if decoded == reference || decoded.ends_with(';') && decoded.len() > 1 {
        return 0;
    }
    text.push_str(&decoded);
    end + 1
}

fn push_numeric(rest: &str, text: &mut String) -> usize {
    let Some((code, length)) = numeric(rest) else { return 0 };
    match code {
        0x80..=0x9F => {
            let byte = [u8::try_from(code).unwrap_or(b'?')];
            text.push_str(&WINDOWS_1252.decode_without_bom_handling(&byte).0);
        }
        // The halves of a pair, as writers of UTF-16 leave them.
        0xD800..=0xDBFF => {
            if let Some((low @ 0xDC00..=0xDFFF, more)) = numeric(&rest[length..]) {
                let joined = 0x1_0000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                text.extend(char::from_u32(joined));
                return length + more;
            }
        }
        0..=8 | 11 | 12 | 14..=31 | 0xFFFE | 0xFFFF => {}
        _ => text.extend(char::from_u32(code)),
    }
    length
}

/// The number of `&#38;` or `&#x26;` at the start of `rest`, and the length of the reference.
fn numeric(rest: &str) -> Option<(u32, usize)> {
    let digits = rest.strip_prefix("&#")?;
    let (digits, radix) = match digits.as_bytes().first()? {
        b'x' | b'X' => (&digits[1..], 16),
        _ => (digits, 10),
    };
    let count = digits.bytes().take(16).take_while(|byte| (*byte as char).is_digit(radix)).count();
    let code = u32::from_str_radix(&digits[..count], radix).ok()?;
    let ended = digits.as_bytes().get(count) == Some(&b';');
    let length = rest.len() - digits.len() + count + usize::from(ended);
    Some((code, length))
}
