//! One line of plain text of a claim, made without copying where the claim is one already.

use std::borrow::Cow;

use crate::markup;
use crate::model::{Text, TextKind};

/// The line, and the text as found where that differs.
///
/// Entities are decoded once more where an outlet encoded twice: `AT&amp;amp;T`.
pub(super) fn of(text: Text) -> (String, Option<String>) {
    if is_line(&text) {
        return (text.text, None);
    }
    let mut line = markup::inline_text(&text);
    if has_entity(&line)
        && let Cow::Owned(decoded) = htmlize::unescape(&line)
    {
        line = markup::fold_white_space(&decoded);
    }
    let raw = (line != text.text).then_some(text.text);
    (line, raw)
}

/// Whether a text is a line already; rather `false` than wrong.
fn is_line(text: &Text) -> bool {
    let mut gap = true;
    for c in text.text.chars() {
        match c {
            '<' if text.kind == TextKind::Html => return false,
            ' ' if gap => return false,
            ' ' => gap = true,
            '&' | '\u{FEFF}' | '\u{FFFD}'..='\u{FFFF}' => return false,
            c if c.is_whitespace() || c.is_control() => return false,
            _ => gap = false,
        }
    }
    !gap
}

/// Whether something that looks like a character reference is left.
fn has_entity(line: &str) -> bool {
    line.split('&').skip(1).any(|rest| {
        let name = rest.split(';').next().unwrap_or_default();
        name.len() < rest.len()
            && (2..=10).contains(&name.len())
            && name.bytes().enumerate().all(|(at, b)| b.is_ascii_alphanumeric() || (at == 0 && b == b'#'))
    })
}

/// Whether two texts have the same letters and digits.
pub(super) fn same_letters(a: &str, b: &str) -> bool {
    let letters = |text| str::chars(text).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    letters(a).eq(letters(b)) && letters(a).next().is_some()
}
