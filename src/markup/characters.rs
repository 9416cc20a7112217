//! Which characters may stand in a feed, and character references.

use std::borrow::Cow;

/// Whether a character must not come out: controls but tab and line feed, U+0080 to U+009F, U+FFFD and
/// noncharacters.
pub(super) fn is_refused(character: char) -> bool {
    match character {
        '\t' | '\n' => false,
        '\0'..='\u{1F}' | '\u{80}'..='\u{9F}' | '\u{FDD0}'..='\u{FDEF}' | '\u{FFFD}' => true,
        other => (other as u32) & 0xFFFE == 0xFFFE,
    }
}

/// Whether the character that begins with this byte may need a look: all that is refused, `&` and `<`.
pub(super) const SUSPECT: [bool; 256] = suspects();

const fn suspects() -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = !(byte == 9 || byte == 10);
        byte += 1;
    }
    table[b'&' as usize] = true;
    table[b'<' as usize] = true;
    // U+0080 to U+00BF, U+F000 to U+FFFF, and what lies above the basic plane
    table[0xC2] = true;
    table[0xEF] = true;
    table[0xF0] = true;
    table[0xF1] = true;
    table[0xF2] = true;
    table[0xF3] = true;
    table[0xF4] = true;
    table
}

/// First bytes of characters that may be white space or fall away: U+0080 to U+00BF, U+1000 to U+1FFF,
/// U+2000 to U+3FFF, U+F000 and above.
pub(super) const UNSETTLED: [bool; 256] = {
    let mut table = [false; 256];
    table[0xC2] = true;
    table[0xE1] = true;
    table[0xE2] = true;
    table[0xE3] = true;
    let mut byte = 0xEF;
    while byte <= 0xF4 {
        table[byte] = true;
        byte += 1;
    }
    table
};

/// The length of the refused character that begins at `at`, 0 where a good one does.
pub(super) fn refused_length(bytes: &[u8], at: usize) -> usize {
    let byte = |offset: usize| bytes.get(at + offset).copied().unwrap_or(0);
    match byte(0) {
        0..0x20 => usize::from(!matches!(byte(0), b'\t' | b'\n')),
        0xC2 if byte(1) < 0xA0 => 2,
        0xEF => match (byte(1), byte(2)) {
            (0xBF, 0xBD..=0xBF) | (0xB7, 0x90..=0xAF) => 3,
            _ => 0,
        },
        0xF0..=0xF4 if byte(1) & 0x0F == 0x0F && byte(2) == 0xBF && byte(3) >= 0xBE => 4,
        _ => 0,
    }
}

/// The character reference that begins at the `&` at `at`: its end and what it stands for.
///
/// `None` for a bare ampersand. `attribute` says which of the two rules for references without a
/// semicolon holds (HTML §13.2.5.73).
pub(super) fn reference(text: &str, at: usize, attribute: bool) -> Option<(usize, Cow<'static, str>)> {
    let bytes = text.as_bytes();
    // the longest name of the standard's table has 32 letters
    let window = &bytes[at + 1..bytes.len().min(at + 1 + 34)];
    let length = window
        .iter()
        .enumerate()
        .position(|(index, byte)| !(byte.is_ascii_alphanumeric() || (index == 0 && *byte == b'#')))
        .unwrap_or(window.len());
    if length == 0 {
        return None;
    }
    let semicolon = window.get(length) == Some(&b';');
    let end = at + 1 + length + usize::from(semicolon);
    match (&window[..length], semicolon) {
        (b"amp", true) => return Some((end, Cow::Borrowed("&"))),
        (b"lt", true) => return Some((end, Cow::Borrowed("<"))),
        (b"gt", true) => return Some((end, Cow::Borrowed(">"))),
        (b"quot", true) => return Some((end, Cow::Borrowed("\""))),
        (b"nbsp", true) => return Some((end, Cow::Borrowed("\u{A0}"))),
        _ => {}
    }
    // one more byte shows the decoder of attributes what follows
    let seen = if attribute && !semicolon && bytes.get(end) == Some(&b'=') { end + 1 } else { end };
    let written = &text[at..seen];
    let decoded = if attribute { htmlize::unescape_attribute(written) } else { htmlize::unescape(written) };
    (decoded != written).then(|| (seen, Cow::Owned(decoded.into_owned())))
}

/// Decodes the references of an attribute's value.
pub(super) fn decode_attribute(value: &str) -> Cow<'_, str> {
    if memchr::memchr(b'&', value.as_bytes()).is_none() {
        return Cow::Borrowed(value);
    }
    htmlize::unescape_attribute(value)
}

/// Appends text escaped for an attribute's value, without refused characters.
pub(super) fn push_attribute_value(into: &mut String, value: &str) {
    for character in value.chars() {
        match character {
            '&' => into.push_str("&amp;"),
            '"' => into.push_str("&quot;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            other if is_refused(other) => {}
            other => into.push(other),
        }
    }
}

/// Appends text escaped for an element's content, without refused characters.
pub(super) fn push_text(into: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '\u{A0}' => into.push_str("&nbsp;"),
            other if is_refused(other) => {}
            other => into.push(other),
        }
    }
}

/// How many bytes neither fold nor fall away: words with one space between each two. `unsettled` are the
/// first bytes of those characters that may.
pub(super) fn plain_run(bytes: &[u8], unsettled: &[bool; 256]) -> usize {
    let is_plain = |byte: &u8| *byte > b' ' && !unsettled[usize::from(*byte)];
    let mut end = 0;
    loop {
        end += bytes[end..].iter().position(|byte| !is_plain(byte)).unwrap_or(bytes.len() - end);
        match &bytes[end..] {
            [b' ', next, ..] if end > 0 && is_plain(next) => end += 2,
            _ => return end,
        }
    }
}

/// One line: white space folded to single spaces, refused characters gone.
#[must_use]
pub fn fold_white_space(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut gap = false;
    let mut rest = text;
    while let Some(&first) = rest.as_bytes().first() {
        let run = plain_run(rest.as_bytes(), &UNSETTLED);
        if run > 0 {
            if gap && !line.is_empty() {
                line.push(' ');
            }
            gap = false;
            line.push_str(&rest[..run]);
            rest = &rest[run..];
            continue;
        }
        let character = rest.chars().next().unwrap_or(char::from(first));
        rest = &rest[character.len_utf8()..];
        if character.is_whitespace() {
            gap = true;
        } else if !is_refused(character) && character != '\u{FEFF}' {
            if gap && !line.is_empty() {
                line.push(' ');
            }
            gap = false;
            line.push(character);
        }
    }
    line
}
