//! Plain text of markup.

use memchr::memchr;

use super::characters::{fold_white_space, is_refused, plain_run, reference};
use super::element::Element;
use super::scan::{Opening, attributes, find_end_tag, opening, skip_past_end_tag};
use crate::model::{Text, TextKind};
use Element as E;

/// The text of a fragment of HTML: blocks on lines, a blank line between paragraphs.
///
/// Entities are decoded, white space is folded outside of `pre`, scripts and styles are left out.
/// Reads anything; linear in the length.
#[must_use]
pub fn to_text(html: &str) -> String {
    text_of(html, usize::MAX)
}

/// The beginning of a fragment's text: all of it up to the tag behind which it has `enough` bytes.
#[must_use]
pub fn beginning_of_text(html: &str, enough: usize) -> String {
    text_of(html, enough)
}

fn text_of(html: &str, enough: usize) -> String {
    let room = (html.len() / 2).min(enough);
    let mut writer = Writer { text: String::with_capacity(room), gap: Gap::None, preformatted: 0 };
    let bytes = html.as_bytes();
    let mut scratch = Vec::new();
    let mut endless = 0_u128;
    let mut at = 0;
    while at < bytes.len() {
        let end = memchr(b'<', &bytes[at..]).map_or(bytes.len(), |found| at + found);
        writer.push(&html[at..end]);
        if end == bytes.len() || writer.text.len() >= enough {
            break;
        }
        at = match opening(html, end) {
            Opening::Start(name_end) => {
                let name = &html[end + 1..name_end];
                let element = E::of(name);
                let Some(after) = attributes(html, name_end, &mut scratch) else { break };
                let self_closing = bytes[after - 2] == b'/' && (element == E::Iframe || !element.is_raw_text());
                writer.mark(element, true);
                if is_skipped(element) && !self_closing {
                    after_skipped(html, (element, name), after, &mut endless)
                } else {
                    after
                }
            }
            Opening::End(name_end) => {
                writer.mark(E::of(&html[end + 2..name_end]), false);
                memchr(b'>', &bytes[name_end..]).map_or(bytes.len(), |found| name_end + found + 1)
            }
            Opening::Comment(after) => after,
            Opening::Text => {
                writer.push("<");
                end + 1
            }
        };
    }
    writer.text
}

/// One line of plain text of a title, a name, a caption.
#[must_use]
pub fn inline_text(text: &Text) -> String {
    match text.kind {
        TextKind::Plain => fold_white_space(&text.text),
        TextKind::Html if memchr::memchr2(b'<', b'&', text.text.as_bytes()).is_none() => fold_white_space(&text.text),
        TextKind::Html => fold_white_space(&to_text(&text.text)),
    }
}

/// About how many characters of text a fragment of HTML has; white space, scripts and styles are not
/// counted, a reference counts as written.
#[must_use]
pub fn text_len(html: &str) -> usize {
    let bytes = html.as_bytes();
    let mut endless = 0_u128;
    let mut length = 0;
    let mut at = 0;
    while at < bytes.len() {
        let end = memchr(b'<', &bytes[at..]).map_or(bytes.len(), |found| at + found);
        // bytes that begin a character: neither white space nor a continuation
        length += bytes[at..end].iter().filter(|byte| **byte > b' ' && (**byte & 0xC0) != 0x80).count();
        if end == bytes.len() {
            break;
        }
        at = match opening(html, end) {
            Opening::Start(name_end) => {
                let name = &html[end + 1..name_end];
                let element = E::of(name);
                let after = memchr(b'>', &bytes[name_end..]).map_or(bytes.len(), |found| name_end + found + 1);
                if is_skipped(element) { after_skipped(html, (element, name), after, &mut endless) } else { after }
            }
            Opening::End(name_end) => {
                memchr(b'>', &bytes[name_end..]).map_or(bytes.len(), |found| name_end + found + 1)
            }
            Opening::Comment(after) => after,
            Opening::Text => {
                length += 1;
                end + 1
            }
        };
    }
    length
}

fn is_skipped(element: Element) -> bool {
    element.is_dropped_whole() || matches!(element, E::Iframe | E::Noscript)
}

/// Where the text goes on behind an element that is not for readers. One that has no end tag is passed
/// over alone, and its end is not looked for again.
fn after_skipped(html: &str, (element, name): (Element, &str), from: usize, endless: &mut u128) -> usize {
    let bit = 1_u128 << (element as u8);
    if *endless & bit == 0 {
        if let Some(close) = find_end_tag(html, from, name) {
            return skip_past_end_tag(html, close, name);
        }
        *endless |= bit;
    }
    if element.is_raw_text() && element != E::Iframe { html.len() } else { from }
}

/// The white space that is due before the next word.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    None,
    Space,
    Line,
    Paragraph,
}

struct Writer {
    text: String,
    gap: Gap,
    preformatted: usize,
}

impl Writer {
    /// An element begins or ends.
    fn mark(&mut self, element: Element, begins: bool) {
        let gap = match element {
            E::Br | E::Li | E::Tr | E::Dt | E::Dd | E::Option => Gap::Line,
            E::Td | E::Th | E::Button | E::Select | E::Textarea => Gap::Space,
            element if element.is_block() => Gap::Paragraph,
            _ => Gap::None,
        };
        self.gap = self.gap.max(gap);
        if element == E::Pre {
            self.preformatted = if begins { self.preformatted + 1 } else { self.preformatted.saturating_sub(1) };
        }
    }

    /// Text between two tags, references not decoded.
    fn push(&mut self, mut text: &str) {
        while let Some(ampersand) = memchr(b'&', text.as_bytes()) {
            self.push_decoded(&text[..ampersand]);
            if let Some((end, decoded)) = reference(text, ampersand, false) {
                self.push_decoded(&decoded);
                text = &text[end..];
            } else {
                self.push_decoded("&");
                text = &text[ampersand + 1..];
            }
        }
        self.push_decoded(text);
    }

    fn push_decoded(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let run = plain_run(&bytes[at..], &WIDE);
            if run > 0 {
                self.fill_gap();
                self.text.push_str(&text[at..at + run]);
                at += run;
                continue;
            }
            let Some(character) = text[at..].chars().next() else { break };
            at += character.len_utf8();
            if character == '\n' && self.preformatted > 0 {
                self.fill_gap_before_line();
            } else if character.is_whitespace() {
                self.gap = self.gap.max(Gap::Space);
            } else if !is_refused(character) && !matches!(character, '\u{FEFF}' | '\u{AD}' | '\u{200B}') {
                self.fill_gap();
                self.text.push(character);
            }
        }
    }

    fn fill_gap(&mut self) {
        if self.gap == Gap::None {
            return;
        }
        if !self.text.is_empty() {
            self.text.push_str(match self.gap {
                Gap::None => "",
                Gap::Space => " ",
                Gap::Line => "\n",
                Gap::Paragraph => "\n\n",
            });
        }
        self.gap = Gap::None;
    }

    fn fill_gap_before_line(&mut self) {
        self.gap = self.gap.max(Gap::Line);
    }
}

/// First bytes of characters that need a look: U+0080 to U+00BF, U+2000 to U+2FFF, U+3000, U+F000 up.
const WIDE: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0xEF;
    while byte <= 0xF4 {
        table[byte] = true;
        byte += 1;
    }
    table[0xC2] = true;
    table[0xE2] = true;
    table[0xE3] = true;
    table
};
