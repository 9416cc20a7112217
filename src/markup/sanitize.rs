//! The sanitizer's pass: tokens in, canonical tokens out, and no tree.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::address::Addresses;
use super::attributes::write_tag;
use super::characters::{SUSPECT, push_text, reference, refused_length};
use super::element::Element;
use super::nesting::{Nesting, Verdict};
use super::scan::{Attribute, Opening, attributes, find_end_tag, opening, skip_past_end_tag};

/// What to do about wrong nesting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Give up.
    Strict,
    /// Take no notice: clean each tag by itself.
    Loose,
    /// Close and drop tags until it is right.
    Forced,
}

/// What a pass came to.
#[derive(Debug)]
pub(super) enum Outcome<'a> {
    /// Clean; borrowed where nothing had to change.
    Done(Cow<'a, str>),
    /// Given up; strict passes only.
    Misnested,
}

impl<'a> Outcome<'a> {
    /// The clean text of a pass that cannot give up.
    pub fn text(self) -> Cow<'a, str> {
        match self {
            Self::Done(text) => text,
            Self::Misnested => Cow::Borrowed(""),
        }
    }
}

/// Ammonia, told to let the pass's own output through: it is here to build the tree.
pub(super) fn tree_builder() -> &'static ammonia::Builder<'static> {
    static BUILDER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
        let mut builder = ammonia::Builder::default();
        builder
            .rm_tags(["bdo", "rtc"])
            .rm_tag_attributes("bdo", ["dir"])
            .link_rel(None)
            .url_schemes(HashSet::from(["http", "https", "mailto"]))
            .set_tag_attribute_values(HashMap::new());
        builder
    });
    &BUILDER
}

/// Runs the pass over a text.
pub(super) fn pass<'a>(html: &'a str, addresses: Addresses<'a>, mode: Mode) -> Outcome<'a> {
    let mut pass = Pass {
        html,
        addresses,
        mode,
        at: 0,
        copied: 0,
        output: String::new(),
        nesting: Nesting::new(mode == Mode::Forced),
        attributes: Vec::new(),
        tag: String::new(),
        ends: Vec::new(),
        source: None,
        lost_picture: false,
    };
    if pass.run().is_none() {
        return Outcome::Misnested;
    }
    if pass.copied == 0 && pass.output.is_empty() {
        return Outcome::Done(Cow::Borrowed(html));
    }
    pass.output.push_str(&html[pass.copied..]);
    Outcome::Done(Cow::Owned(pass.output))
}

pub(super) struct Pass<'a> {
    pub(super) html: &'a str,
    pub(super) addresses: Addresses<'a>,
    pub(super) mode: Mode,
    at: usize,
    /// How much of `html` is in `output`, as it was or replaced.
    copied: usize,
    output: String,
    pub(super) nesting: Nesting,
    pub(super) attributes: Vec<Attribute<'a>>,
    /// The tag that is being made.
    pub(super) tag: String,
    /// Where the next end tag of an element was found, or that there is none: it is not looked for again.
    ends: Vec<(Element, Option<usize>)>,
    /// The best source of the `picture` that is open.
    pub(super) source: Option<String>,
    /// Whether the last picture had no address: its twin in a `noscript` is welcome.
    pub(super) lost_picture: bool,
}

/// `None` gives up.
pub(super) type Step = Option<()>;

impl Pass<'_> {
    fn run(&mut self) -> Step {
        let html = self.html;
        let bytes = html.as_bytes();
        while self.at < bytes.len() {
            let rest = &bytes[self.at..];
            let plain = rest.iter().position(|byte| SUSPECT[usize::from(*byte)]).unwrap_or(rest.len());
            if plain > 0 {
                self.text(&rest[..plain])?;
                self.at += plain;
                continue;
            }
            match rest[0] {
                b'<' => self.markup()?,
                b'&' => self.reference()?,
                _ => self.odd_character()?,
            }
        }
        if self.mode != Mode::Loose {
            self.nesting.finish();
            self.write_closing();
        }
        Some(())
    }

    /// Puts `with` in the place of the next bytes, up to `end`.
    pub(super) fn replace(&mut self, end: usize, with: &str) {
        self.output.push_str(&self.html[self.copied..self.at]);
        self.output.push_str(with);
        self.copied = end;
        self.at = end;
    }

    /// Puts the made tag in the place of the next bytes, if it differs.
    pub(super) fn replace_by_tag(&mut self, end: usize) {
        if self.html[self.at..end] == self.tag {
            self.at = end;
        } else {
            let tag = std::mem::take(&mut self.tag);
            self.replace(end, &tag);
            self.tag = tag;
        }
    }

    fn write_closing(&mut self) {
        if self.nesting.closing.is_empty() {
            return;
        }
        self.output.push_str(&self.html[self.copied..self.at]);
        self.copied = self.at;
        for name in self.nesting.closing.drain(..).filter_map(Element::output_name) {
            self.output.push_str("</");
            self.output.push_str(name);
            self.output.push('>');
        }
    }

    /// Text comes: it may not stand between the cells of a table.
    fn text(&mut self, text: &[u8]) -> Step {
        if self.mode != Mode::Loose && self.nesting.in_table_context() && !text.iter().all(u8::is_ascii_whitespace) {
            if self.nesting.text() == Verdict::Misnested {
                return None;
            }
            self.write_closing();
        }
        Some(())
    }

    fn reference(&mut self) -> Step {
        self.text(b"&")?;
        let rest = &self.html.as_bytes()[self.at..];
        for kept in ["&amp;", "&nbsp;", "&lt;", "&gt;"] {
            if rest.starts_with(kept.as_bytes()) {
                self.at += kept.len();
                return Some(());
            }
        }
        match reference(self.html, self.at, false) {
            None => self.replace(self.at + 1, "&amp;"),
            Some((end, decoded)) => {
                self.tag.clear();
                push_text(&mut self.tag, &decoded);
                self.replace_by_tag(end);
            }
        }
        Some(())
    }

    fn odd_character(&mut self) -> Step {
        let bytes = self.html.as_bytes();
        match refused_length(bytes, self.at) {
            0 => {
                self.text(b"x")?;
                self.at += self.html[self.at..].chars().next().map_or(1, char::len_utf8);
            }
            1 if bytes[self.at] == b'\r' && bytes.get(self.at + 1) != Some(&b'\n') => self.replace(self.at + 1, "\n"),
            length => self.replace(self.at + length, ""),
        }
        Some(())
    }

    fn markup(&mut self) -> Step {
        match opening(self.html, self.at) {
            Opening::Start(name_end) => self.start_tag(name_end),
            Opening::End(name_end) => self.end_tag(name_end),
            Opening::Comment(end) => {
                self.replace(end, "");
                Some(())
            }
            Opening::Text => {
                self.text(b"<")?;
                self.replace(self.at + 1, "&lt;");
                Some(())
            }
        }
    }

    fn start_tag(&mut self, name_end: usize) -> Step {
        let html = self.html;
        let name = &html[self.at + 1..name_end];
        let Some(end) = attributes(html, name_end, &mut self.attributes) else {
            self.replace(html.len(), "");
            return Some(());
        };
        let element = output_element(Element::of(name));
        match element {
            Element::Img => return self.picture(end),
            Element::Iframe | Element::Video | Element::Audio | Element::Embed => return self.player(element, end),
            Element::Source => self.remember_source(),
            Element::Picture => self.source = None,
            Element::Noscript => {
                self.noscript(end);
                return Some(());
            }
            Element::Form => {
                self.form(end);
                return Some(());
            }
            _ if element.is_dropped_whole() => {
                let closed = html.as_bytes()[end - 2] == b'/' && !element.is_raw_text();
                let after = if closed { end } else { self.after_content(element, name, end) };
                self.replace(after, "");
                return Some(());
            }
            _ => {}
        }
        if element.output_name().is_none() {
            if element.ends_paragraph() && self.mode != Mode::Loose {
                self.nesting.end_paragraph();
                self.write_closing();
            }
            self.replace(end, "");
            return Some(());
        }
        if self.open(element)? {
            self.tag.clear();
            write_tag(&mut self.tag, element, &self.attributes, self.addresses);
            self.replace_by_tag(end);
        } else {
            self.replace(end, "");
        }
        Some(())
    }

    /// Whether the tag of an element stands here.
    pub(super) fn open(&mut self, element: Element) -> Option<bool> {
        if self.mode == Mode::Loose {
            return Some(true);
        }
        let verdict = self.nesting.start(element);
        self.write_closing();
        match verdict {
            Verdict::Take => Some(true),
            Verdict::Drop => Some(false),
            Verdict::Misnested => None,
        }
    }

    fn end_tag(&mut self, name_end: usize) -> Step {
        let name = &self.html[self.at + 2..name_end];
        let end = attributes(self.html, name_end, &mut self.attributes).unwrap_or(self.html.len());
        let element = output_element(Element::of(name));
        if element == Element::Picture {
            self.source = None;
        }
        let verdict = match (element.output_name(), self.mode) {
            (None, _) => Verdict::Drop,
            (Some(_), _) if element.is_void() => Verdict::Drop,
            (Some(_), Mode::Loose) => Verdict::Take,
            (Some(_), _) => self.nesting.end(element),
        };
        match (verdict, element.output_name()) {
            (Verdict::Misnested, _) => return None,
            (Verdict::Take, Some(name)) => {
                self.write_closing();
                self.tag.clear();
                self.tag.push_str("</");
                self.tag.push_str(name);
                self.tag.push('>');
                self.replace_by_tag(end);
            }
            _ => {
                self.write_closing();
                self.replace(end, "");
            }
        }
        Some(())
    }

    /// Where the content of an element that is thrown away ends. An element that is never closed loses
    /// its tag only, but for those that swallow all the rest in a browser too.
    pub(super) fn after_content(&mut self, element: Element, name: &str, from: usize) -> usize {
        match self.end_of(element, name, from) {
            Some(end) => skip_past_end_tag(self.html, end, name),
            None if element.is_raw_text() => self.html.len(),
            None => from,
        }
    }

    pub(super) fn end_of(&mut self, element: Element, name: &str, from: usize) -> Option<usize> {
        let known = self.ends.iter().position(|(of, _)| *of == element);
        if let Some((_, end)) = known.map(|place| self.ends[place])
            && end.is_none_or(|end| end >= from)
        {
            return end;
        }
        let found = find_end_tag(self.html, from, name);
        match known {
            Some(place) => self.ends[place].1 = found,
            None => self.ends.push((element, found)),
        }
        found
    }
}

/// The allowed element that stands for one that is not, where their meaning is the same.
fn output_element(element: Element) -> Element {
    match element {
        Element::Tfoot => Element::Tbody,
        Element::Section | Element::Main => Element::Div,
        other => other,
    }
}
