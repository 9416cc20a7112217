//! Tags and attributes as the HTML standard's tokenizer sees them (HTML §13.2.5), without a tree.

use memchr::{memchr, memmem};

use super::steps;

/// One attribute as written, entities not decoded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attribute<'a> {
    pub name: &'a str,
    pub value: &'a str,
}

impl Attribute<'_> {
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// The value of the first attribute of that name.
pub(super) fn value_of<'a>(attributes: &[Attribute<'a>], name: &str) -> Option<&'a str> {
    attributes.iter().find(|attribute| attribute.is(name)).map(|attribute| attribute.value)
}

/// What stands at a `<`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opening {
    /// `<name`: the name ends before this index.
    Start(usize),
    /// `</name`: the name ends before this index.
    End(usize),
    /// A comment, doctype, processing instruction, CDATA mark: goes on at this index.
    Comment(usize),
    /// A character of the text.
    Text,
}

/// Looks at the `<` at `at`.
pub(super) fn opening(html: &str, at: usize) -> Opening {
    let bytes = html.as_bytes();
    match bytes.get(at + 1) {
        Some(byte) if byte.is_ascii_alphabetic() => Opening::Start(name_end(bytes, at + 1)),
        Some(b'/') => match bytes.get(at + 2) {
            Some(byte) if byte.is_ascii_alphabetic() => Opening::End(name_end(bytes, at + 2)),
            Some(_) => Opening::Comment(after_tag(bytes, at + 2)),
            None => Opening::Text,
        },
        Some(b'!') => comment_end(bytes, at).map_or(Opening::Text, Opening::Comment),
        Some(b'?') => Opening::Comment(after_tag(bytes, at + 1)),
        _ => Opening::Text,
    }
}

/// The longest declaration, in bytes: a doctype with both its identifiers has a fraction of that.
const LONGEST_DECLARATION: usize = 1024;

/// Where a comment, doctype or CDATA section's opening mark ends; `None` where none begins.
///
/// A browser hides all behind `<!` up to the next `>`. What was written by hand, such as `<!' and no
/// more`, is shown instead: nothing of it can do harm once it is escaped.
fn comment_end(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = &bytes[at..];
    if rest.starts_with(b"<!--") {
        if rest[4..].starts_with(b">") {
            return Some(at + 5);
        }
        if rest[4..].starts_with(b"->") {
            return Some(at + 6);
        }
        let mut from = at + 4;
        while let Some(found) = memmem::find(&bytes[from..], b"--") {
            let after = from + found + 2;
            match bytes.get(after) {
                Some(b'>') => return Some(after + 1),
                Some(b'!') if bytes.get(after + 1) == Some(&b'>') => return Some(after + 2),
                _ => from = after - 1,
            }
        }
        Some(bytes.len())
    } else if rest.starts_with(b"<![CDATA[") {
        // a wrapper of XML that was left in: its content is the content
        Some(at + "<![CDATA[".len())
    } else if rest.get(2).is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'[' | b'-' | b'>')) {
        let window = &rest[..rest.len().min(LONGEST_DECLARATION)];
        memchr(b'>', window).map(|found| at + found + 1)
    } else {
        None
    }
}

/// The index after the next `>`, or the end.
fn after_tag(bytes: &[u8], from: usize) -> usize {
    memchr(b'>', &bytes[from..]).map_or(bytes.len(), |found| from + found + 1)
}

fn name_end(bytes: &[u8], from: usize) -> usize {
    let end = bytes[from..].iter().position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'));
    end.map_or(bytes.len(), |length| from + length)
}

/// Most attributes of one tag: each is compared with all before it, and no honest page has so many.
pub(super) const MOST_ATTRIBUTES: usize = 256;

/// Reads the attributes of a tag whose name ends at `from` into `into`; of more than [`MOST_ATTRIBUTES`] the
/// first ones and one more.
///
/// Returns the index after the tag's `>`; `None` where the text ends within the tag.
pub(super) fn attributes<'a>(html: &'a str, from: usize, into: &mut Vec<Attribute<'a>>) -> Option<usize> {
    let bytes = html.as_bytes();
    let mut at = from;
    into.clear();
    loop {
        while bytes.get(at).is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'/') {
            at += 1;
        }
        if *bytes.get(at)? == b'>' {
            return Some(at + 1);
        }
        let start = at;
        at += 1; // a leading "=" belongs to the name
        while !matches!(bytes.get(at)?, b'=' | b'>' | b'/') && !bytes[at].is_ascii_whitespace() {
            at += 1;
        }
        let name = &html[start..at];
        let mut ahead = at;
        while bytes.get(ahead)?.is_ascii_whitespace() {
            ahead += 1;
        }
        let mut value = "";
        if bytes[ahead] == b'=' {
            (value, at) = attribute_value(html, ahead + 1)?;
        }
        if into.len() <= MOST_ATTRIBUTES {
            into.push(Attribute { name, value });
        }
    }
}

fn attribute_value(html: &str, from: usize) -> Option<(&str, usize)> {
    let bytes = html.as_bytes();
    let mut at = from;
    while bytes.get(at)?.is_ascii_whitespace() {
        at += 1;
    }
    if let quote @ (b'"' | b'\'') = bytes[at] {
        let end = at + 1 + memchr(quote, &bytes[at + 1..])?;
        return Some((&html[at + 1..end], end + 1));
    }
    let start = at;
    while !bytes.get(at)?.is_ascii_whitespace() && bytes[at] != b'>' {
        at += 1;
    }
    Some((&html[start..at], at))
}

/// Where the end tag of `name` begins, at or after `from`, in any case of letters.
pub(super) fn find_end_tag(html: &str, from: usize, name: &str) -> Option<usize> {
    let bytes = html.as_bytes();
    let mut at = from;
    while let Some(found) = memmem::find(&bytes[at..], b"</") {
        let start = at + found;
        let after = start + 2 + name.len();
        let matches = bytes.get(start + 2..after).is_some_and(|there| there.eq_ignore_ascii_case(name.as_bytes()));
        let ends = bytes.get(after).is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'));
        if matches && ends {
            steps::take(start - from);
            return Some(start);
        }
        at = start + 2;
    }
    steps::take(bytes.len() - from);
    None
}

/// The index after the end tag of `name`, or the end of the text.
pub(super) fn skip_past_end_tag(html: &str, from: usize, name: &str) -> usize {
    find_end_tag(html, from, name).map_or(html.len(), |start| after_tag(html.as_bytes(), start))
}

/// Start tags of a text with their attributes: a cheap look for a few elements, not a tree.
pub(super) struct StartTags<'a> {
    html: &'a str,
    at: usize,
    pub attributes: Vec<Attribute<'a>>,
    /// Whether a `picture` ended before the tag.
    pub left_picture: bool,
}

impl<'a> StartTags<'a> {
    pub fn new(html: &'a str) -> Self {
        Self { html, at: 0, attributes: Vec::new(), left_picture: false }
    }

    /// The next start tag's name; its attributes stand in `attributes`. Comments are passed over.
    pub fn advance(&mut self) -> Option<&'a str> {
        self.left_picture = false;
        loop {
            let found = self.at + memchr(b'<', self.html.as_bytes().get(self.at..)?)?;
            match opening(self.html, found) {
                Opening::Start(name_end) => {
                    self.at = attributes(self.html, name_end, &mut self.attributes)?;
                    return Some(&self.html[found + 1..name_end]);
                }
                Opening::End(end) => {
                    self.left_picture |= self.html[found + 2..end].eq_ignore_ascii_case("picture");
                    self.at = end;
                }
                Opening::Comment(end) => self.at = end,
                Opening::Text => self.at = found + 1,
            }
        }
    }
}
