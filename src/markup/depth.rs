//! The depth guard: how deep a tree builder would have to nest.

use memchr::{memchr, memchr_iter, memchr3_iter};

use super::element::Element;
use super::scan::{MOST_ATTRIBUTES, Opening, attributes, find_end_tag, opening};
use Element as E;

/// Most bytes that may be looked through, over and over, to write all texts out: a tenth of a second.
const MOST_COST: usize = 4_000_000_000;

/// Whether a document nests elements deeper than `limit`, judged without building a tree.
///
/// A tag with hundreds of attributes counts as too deep, and so does a huge text of nothing but signs to
/// escape: they too cost a tree builder quadratic time.
/// Left-out end tags of paragraphs, list items and table cells are allowed for. Formatting elements
/// that are closed by another's end count on, because browsers open them again in every paragraph
/// that follows. Linear in the length; bytes that are not UTF-8 are read as text.
#[must_use]
pub fn depth_exceeds(html: &[u8], limit: usize) -> bool {
    match std::str::from_utf8(html) {
        Ok(text) => exceeds(text, limit),
        Err(_) => exceeds(&String::from_utf8_lossy(html), limit),
    }
}

fn exceeds(html: &str, limit: usize) -> bool {
    let bytes = html.as_bytes();
    let mut open = Open { stack: Vec::with_capacity(limit.min(1024) + 1), reopened: 0, foreign: 0 };
    let mut scratch = Vec::new();
    let mut at = 0;
    let mut text_from = 0;
    let mut cost = 0;
    while let Some(found) = memchr(b'<', &bytes[at..]) {
        let start = at + found;
        let what = opening(html, start);
        if what != Opening::Text {
            cost += cost_of_text(&bytes[text_from..start]);
        }
        match what {
            Opening::Start(name_end) => {
                let name = &html[start + 1..name_end];
                let Some(end) = attributes(html, name_end, &mut scratch) else {
                    return scratch.len() > MOST_ATTRIBUTES;
                };
                at = end;
                if scratch.len() > MOST_ATTRIBUTES {
                    return true;
                }
                let element = E::of(name);
                if element.is_raw_text() {
                    // unclosed raw text swallows the rest of the document
                    let Some(close) = find_end_tag(html, end, name) else { return false };
                    at = close;
                } else {
                    open.start(element, bytes[end - 2] == b'/');
                    if open.stack.len() + open.reopened > limit {
                        return true;
                    }
                }
            }
            Opening::End(name_end) => {
                open.end(E::of(&html[start + 2..name_end]));
                at = attributes(html, name_end, &mut scratch).unwrap_or(html.len());
                if scratch.len() > MOST_ATTRIBUTES {
                    return true;
                }
            }
            Opening::Comment(end) => at = end,
            Opening::Text => {
                at = start + 1;
                continue;
            }
        }
        text_from = at;
    }
    cost + cost_of_text(&bytes[text_from..]) > MOST_COST
}

/// What writing one text out costs: html5ever looks through the rest of it for each character that must
/// be escaped.
fn cost_of_text(text: &[u8]) -> usize {
    const SHORT: usize = 1024;
    if text.len() < SHORT {
        return 0;
    }
    let escaped = memchr3_iter(b'&', b'<', b'>', text).count() + memchr_iter(0xC2, text).count();
    escaped.saturating_mul(text.len())
}

struct Open {
    stack: Vec<Element>,
    /// Formatting elements whose end was never seen.
    reopened: usize,
    /// How many `svg` and `math` elements are open.
    foreign: usize,
}

impl Open {
    fn start(&mut self, element: Element, self_closing: bool) {
        if element.is_void() {
            return;
        }
        if self.foreign > 0 {
            if self_closing {
                return;
            }
            if !matches!(element, E::Other | E::Svg | E::Math | E::A | E::Font) {
                self.foreign = 0; // HTML inside breaks out
            }
        }
        if matches!(element, E::Svg | E::Math) {
            if self_closing {
                return;
            }
            self.foreign += 1;
        }
        while self.stack.last().is_some_and(|top| is_ended(*top, element)) {
            self.stack.pop();
        }
        self.stack.push(element);
    }

    fn end(&mut self, element: Element) {
        // an end tag that matches nothing near is rare: looking no further keeps the scan linear
        const NEAR: usize = 64;
        let lowest = self.stack.len().saturating_sub(NEAR);
        let Some(index) = self.stack[lowest..].iter().rposition(|open| *open == element).map(|near| lowest + near)
        else {
            if element.is_formatting() {
                self.reopened = self.reopened.saturating_sub(1);
            }
            return;
        };
        self.reopened += self.stack[index + 1..].iter().filter(|open| open.is_formatting()).count();
        self.stack.truncate(index);
        if matches!(element, E::Svg | E::Math) {
            self.foreign = self.foreign.saturating_sub(1);
        }
    }
}

fn is_ended(top: Element, next: Element) -> bool {
    match top {
        E::P => next.ends_paragraph(),
        E::Li => next == E::Li,
        E::Dd | E::Dt => matches!(next, E::Dd | E::Dt),
        E::Option => next == E::Option,
        E::Td | E::Th => matches!(next, E::Td | E::Th | E::Tr | E::Tbody | E::Thead | E::Tfoot),
        E::Tr => matches!(next, E::Tr | E::Tbody | E::Thead | E::Tfoot),
        E::A => next == E::A,
        E::Head => next == E::Body,
        _ => false,
    }
}
