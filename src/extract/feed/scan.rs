//! Markup to tokens, without errors: whatever the bytes, each is part of some token or skipped.
//!
//! XML parsers must stop at the first fault; this one reads `<` that starts no tag as text, ends a
//! tag whose quote is never closed at its `>`, and goes on. Linear: what is looked for far ahead
//! and not found is never looked for again.

use memchr::{memchr, memchr2, memchr3, memmem};

use crate::markup::steps;

/// A start tag, as found.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tag<'a> {
    /// With its prefix.
    pub name: &'a str,
    /// Everything behind the name.
    pub attributes: &'a str,
    /// `<name/>`.
    pub empty: bool,
    /// Where its `<` stands.
    pub at: usize,
}

#[derive(Clone, Copy, Debug)]
pub enum Token<'a> {
    /// References not decoded.
    Text {
        raw: &'a str,
        at: usize,
    },
    CData(&'a str),
    Start(Tag<'a>),
    End {
        name: &'a str,
        at: usize,
    },
}

/// Where the next of something stands, one more than its offset: 0 is not yet asked, `usize::MAX` nowhere.
#[derive(Clone, Copy, Debug, Default)]
struct Ahead(usize);

impl Ahead {
    /// The first position from `from` on, asking `find` only if the last answer lies behind.
    fn next(&mut self, from: usize, find: impl FnOnce() -> Option<usize>) -> Option<usize> {
        if self.0 <= from {
            let found = find();
            steps::take(found.unwrap_or(1 << 20));
            self.0 = found.map_or(usize::MAX, |distance| from + distance + 1);
        }
        (self.0 != usize::MAX).then(|| self.0 - 1)
    }
}

#[derive(Debug)]
pub struct Scanner<'a> {
    text: &'a str,
    at: usize,
    double: Ahead,
    single: Ahead,
    comment_end: Ahead,
    cdata_end: Ahead,
    instruction_end: Ahead,
    tag_end: Ahead,
    subset_end: Ahead,
    bracket: Ahead,
    /// Names and values of the document's own entities.
    entities: Vec<(&'a str, &'a str)>,
    /// Bytes that those may still become.
    expansion_left: usize,
    /// Offset and words of what was odd.
    pub oddities: Vec<(usize, &'static str)>,
}

/// Bounds of the document's own entities: enough for every honest use, too small for a bomb.
const MOST_ENTITIES: usize = 32;
const LONGEST_ENTITY: usize = 256;
const MOST_EXPANSION: usize = 64 * 1024;

/// More warnings of one document help nobody.
pub const MOST_ODDITIES: usize = 100;

impl<'a> Scanner<'a> {
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            double: Ahead(0),
            single: Ahead(0),
            comment_end: Ahead(0),
            cdata_end: Ahead(0),
            instruction_end: Ahead(0),
            tag_end: Ahead(0),
            subset_end: Ahead(0),
            bracket: Ahead(0),
            entities: Vec::new(),
            expansion_left: MOST_EXPANSION,
            oddities: Vec::new(),
        }
    }

    /// Raw text with the document's own entities replaced; `None` where it uses none.
    ///
    /// Their values name no entities, so nothing expands twice, and their sum is bounded.
    pub fn expand(&mut self, raw: &str) -> Option<String> {
        if self.entities.is_empty() || memchr(b'&', raw.as_bytes()).is_none() {
            return None;
        }
        let mut expanded = None;
        for (name, value) in &self.entities {
            let reference = format!("&{name};");
            let text = expanded.as_deref().unwrap_or(raw);
            let uses = text.matches(&reference).count();
            if uses > 0 && uses * value.len() <= self.expansion_left {
                self.expansion_left -= uses * value.len();
                expanded = Some(text.replace(&reference, value));
            }
        }
        expanded
    }

    pub fn note(&mut self, at: usize, what: &'static str) {
        if self.oddities.len() < MOST_ODDITIES {
            self.oddities.push((at, what));
        }
    }

    #[must_use]
    pub const fn position(&self) -> usize {
        self.at
    }

    /// The next token; `open` is the name of the innermost open element, whose end tag also ends a
    /// CDATA section that nothing else ends.
    pub fn next(&mut self, open: &str) -> Option<Token<'a>> {
        loop {
            let bytes = self.text.as_bytes();
            let at = self.at;
            let first = *bytes.get(at)?;
            if first != b'<' {
                let length = memchr(b'<', &bytes[at..]).unwrap_or(bytes.len() - at);
                self.at += length;
                return Some(Token::Text { raw: &self.text[at..at + length], at });
            }
            match bytes.get(at + 1) {
                Some(b'!') => {
                    if let Some(token) = self.declaration(open) {
                        return Some(token);
                    }
                }
                Some(b'?') => self.instruction(),
                Some(b'/') => return Some(self.end_tag()),
                Some(&byte) if byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80 => {
                    if let Some(tag) = self.start_tag() {
                        return Some(Token::Start(tag));
                    }
                    return Some(self.stray());
                }
                _ => return Some(self.stray()),
            }
        }
    }

    /// A `<` that starts nothing, as text.
    fn stray(&mut self) -> Token<'a> {
        let at = self.at;
        self.note(at, "a \"<\" that starts no tag was read as text");
        self.at += 1;
        Token::Text { raw: &self.text[at..=at], at }
    }

    fn declaration(&mut self, open: &str) -> Option<Token<'a>> {
        let (text, at) = (self.text, self.at);
        let rest = &text[at..];
        if rest.starts_with("<!--") {
            let found = self.comment_end.next(at + 4, || memmem::find(&text.as_bytes()[at + 4..], b"-->"));
            if let Some(end) = found {
                self.at = end + 3;
            } else {
                self.note(at, "a comment never ends");
                self.at += 4;
            }
            return None;
        }
        if rest.as_bytes().get(..9).is_some_and(|start| start.eq_ignore_ascii_case(b"<![CDATA[")) {
            let from = at + 9;
            if let Some(end) = self.cdata_end.next(from, || memmem::find(&text.as_bytes()[from..], b"]]>")) {
                self.at = end + 3;
                return Some(Token::CData(&text[from..end]));
            }
            self.note(at, "a CDATA section never ends");
            let end = find_end_tag(&text[from..], open).map_or(text.len(), |distance| from + distance);
            self.at = end;
            return Some(Token::CData(&text[from..end]));
        }
        // A document type: of its internal subset only short entities without references are kept.
        let from = at + 2;
        let bytes = text.as_bytes();
        let end = match memchr2(b'>', b'[', &bytes[from..]) {
            Some(distance) if bytes[from + distance] == b'[' => self
                .subset_end
                .next(from, || memmem::find(&bytes[from..], b"]>"))
                .or_else(|| self.bracket.next(from, || memchr(b']', &bytes[from..])))
                .map(|end| end + 1),
            Some(distance) => Some(from + distance),
            None => None,
        };
        self.keep_entities(&text[from..end.unwrap_or(from).min(text.len())]);
        self.at = match end {
            Some(end) if bytes.get(end) == Some(&b'>') => end + 1,
            Some(end) => memchr(b'>', &bytes[end..]).map_or(bytes.len(), |distance| end + distance + 1),
            None => bytes.len(),
        };
        None
    }

    fn keep_entities(&mut self, subset: &'a str) {
        for declaration in subset.split("<!ENTITY").skip(1) {
            let declaration = declaration.trim_ascii_start();
            let Some((name, rest)) = declaration.split_once(|char: char| char.is_ascii_whitespace()) else { continue };
            let rest = rest.trim_ascii_start();
            let Some(quote @ ('"' | '\'')) = rest.chars().next() else { continue };
            let Some((value, _)) = rest[1..].split_once(quote) else { continue };
            // Numbers of characters are decoded with the text that they come to stand in.
            let is_simple = value.len() <= LONGEST_ENTITY
                && !value.contains(['%', '<'])
                && value.split('&').skip(1).all(|reference| reference.starts_with('#'));
            if is_simple && !name.is_empty() && name.len() <= 32 && self.entities.len() < MOST_ENTITIES {
                self.entities.push((name, value));
            }
        }
    }

    fn instruction(&mut self) {
        let (text, at) = (self.text, self.at);
        // An instruction that lost its "?" ends at its ">".
        let proper = self.instruction_end.next(at, || memmem::find(&text.as_bytes()[at..], b"?>"));
        let plain = self.tag_end.next(at, || memchr(b'>', &text.as_bytes()[at..]));
        let next = memchr(b'<', &text.as_bytes()[at + 1..]).map_or(text.len(), |distance| at + 1 + distance);
        self.at = match (proper, plain) {
            (Some(end), _) if end < next => end + 2,
            (_, Some(end)) if end < next => end + 1,
            (Some(end), _) => end + 2,
            _ => next,
        };
    }

    fn end_tag(&mut self) -> Token<'a> {
        let (text, at) = (self.text, self.at);
        let bytes = text.as_bytes();
        let from = at + 2;
        let end = memchr2(b'>', b'<', &bytes[from..]).map_or(bytes.len(), |distance| from + distance);
        self.at = if bytes.get(end) == Some(&b'>') { end + 1 } else { end };
        let name = text[from..end].trim_ascii();
        let name = name.split(|char: char| char.is_ascii_whitespace()).next().unwrap_or(name);
        Token::End { name, at }
    }

    fn start_tag(&mut self) -> Option<Tag<'a>> {
        let (text, at) = (self.text, self.at);
        let bytes = text.as_bytes();
        let named =
            |byte: &u8| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'/' | b'>' | b'<' | b'=' | b'"' | b'\'');
        let length = bytes[at + 1..].iter().position(|byte| !named(byte)).unwrap_or(bytes.len() - at - 1);
        let name_end = at + 1 + length;
        let name = &text[at + 1..name_end];
        let mut from = name_end;
        if matches!(bytes.get(name_end), Some(b'<' | b'=' | b'"' | b'\'') | None) {
            return None;
        }
        let mut less = self.less_than(from);
        let end = loop {
            if less < from {
                less = self.less_than(from);
            }
            let Some(distance) = memchr3(b'>', b'"', b'\'', &bytes[from..less]) else {
                if less == bytes.len() {
                    // The document ends inside the tag.
                    return None;
                }
                self.note(at, "a tag without \">\"");
                break less;
            };
            let found = from + distance;
            if bytes[found] == b'>' {
                break found;
            }
            from = found + 1;
            let assigned = text[name_end..found].trim_ascii_end().ends_with('=');
            if assigned && let Some(close) = self.closing_quote(bytes[found], from) {
                from = close + 1;
            }
        };
        let has_end = bytes.get(end) == Some(&b'>');
        let inner = &text[name_end..end];
        let empty = inner.ends_with('/');
        self.at = if has_end { end + 1 } else { end };
        Some(Tag { name, attributes: inner.strip_suffix('/').unwrap_or(inner), empty, at })
    }

    fn less_than(&self, from: usize) -> usize {
        memchr(b'<', &self.text.as_bytes()[from..]).map_or(self.text.len(), |distance| from + distance)
    }

    /// Where the quoted value that starts at `from` ends; `None` where its quote was forgotten.
    fn closing_quote(&mut self, quote: u8, from: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let ahead = if quote == b'"' { &mut self.double } else { &mut self.single };
        let close = ahead.next(from, || memchr(quote, &bytes[from..]))?;
        let followed = bytes.get(close + 1).is_none_or(|byte| b" \t\r\n/>?".contains(byte));
        if followed {
            return Some(close);
        }
        // A value that holds a whole tag and is not followed by the end of an attribute: the quote
        // that was found opens another value.
        let value = &bytes[from..close];
        let holds_tag = memchr(b'>', value).is_some_and(|end| memchr(b'<', &value[end..]).is_some());
        (!holds_tag).then_some(close)
    }
}

fn find_end_tag(text: &str, name: &str) -> Option<usize> {
    if name.is_empty() {
        return None;
    }
    memmem::find_iter(text.as_bytes(), b"</").find(|&at| {
        text.as_bytes()[at + 2..].get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes()))
    })
}

/// The attributes of a tag: name and raw value, as far as they make sense.
pub fn attributes(raw: &str) -> Attributes<'_> {
    Attributes { rest: raw }
}

#[derive(Clone, Debug)]
pub struct Attributes<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let is_space = |char: char| char.is_ascii_whitespace() || char == '/';
        let rest = self.rest.trim_start_matches(is_space);
        if rest.is_empty() {
            return None;
        }
        let end = rest.find(|char: char| char.is_ascii_whitespace() || char == '=').unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let Some(value) = after.trim_ascii_start().strip_prefix('=') else {
            self.rest = after;
            return Some((name, ""));
        };
        let value = value.trim_ascii_start();
        if let Some(quote @ (b'"' | b'\'')) = value.as_bytes().first()
            && let Some(close) = memchr(*quote, &value.as_bytes()[1..])
        {
            self.rest = &value[close + 2..];
            return Some((name, &value[1..=close]));
        }
        let end = value.find(|char: char| char.is_ascii_whitespace()).unwrap_or(value.len());
        self.rest = &value[end..];
        Some((name, value[..end].trim_matches(['"', '\''])))
    }
}
