//! One item, or one field of a feed, as a small tree that borrows from the document.
//!
//! Nodes lie in one vector in document order, which is emptied and used again for the next item:
//! reading 10,000 items allocates for one.

use std::borrow::Cow;

use url::Url;

use super::entity::unescape;
use super::namespace::Ns;
use super::scan::{Tag, attributes};

/// How a CDATA section begins.
pub const SECTION: &str = "<![CDATA[";

/// How what stands inside an element is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inside {
    /// Elements, and text of its own.
    Children,
    /// Text; tags inside it are kept as markup.
    Text,
    /// Markup that is not escaped: references stay.
    Markup,
}

/// An element.
#[derive(Debug)]
pub struct Node<'a> {
    pub ns: Ns,
    pub inside: Inside,
    /// Whether tags stood inside the text.
    pub has_tags: bool,
    /// Whether text came out of a CDATA section.
    pub has_cdata: bool,
    /// Lower case, without prefix.
    pub local: Cow<'a, str>,
    pub tag: Tag<'a>,
    /// References decoded once, unless it is markup.
    pub text: Cow<'a, str>,
    /// White space that belongs to the text only if more follows.
    pub gap: &'a str,
    /// One past the last node inside.
    pub end: usize,
    pub base: usize,
    pub language: Option<usize>,
}

impl<'a> Node<'a> {
    /// The value of an attribute, by lower-case name without prefix; references decoded, trimmed.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        attribute(self.tag.attributes, name)
    }

    /// As [`Self::attribute`], to keep; `None` where it is empty.
    #[must_use]
    pub fn owned(&self, name: &str) -> Option<String> {
        self.attribute(name).filter(|value| !value.is_empty()).map(Cow::into_owned)
    }

    /// Adds text, keeping the borrow where it is the only piece.
    pub fn push(&mut self, piece: Cow<'a, str>) {
        if self.text.is_empty() || self.text.trim_ascii().is_empty() && !self.has_tags {
            self.text = piece;
        } else if piece.trim_ascii().is_empty()
            && let Cow::Borrowed(gap) = piece
            && self.gap.is_empty()
        {
            self.gap = gap;
        } else {
            let text = self.text.to_mut();
            text.push_str(self.gap);
            text.push_str(&piece);
            self.gap = "";
        }
    }

    /// Adds markup that is written as it stands.
    pub fn push_markup(&mut self, pieces: &[&str]) {
        let text = self.text.to_mut();
        text.push_str(self.gap);
        for piece in pieces {
            text.push_str(piece);
        }
        self.gap = "";
        self.has_tags = true;
    }

    /// Takes off a CDATA section that is all of the text: some systems write one and escape it too.
    pub fn open_section(&mut self) {
        fn within(text: &str) -> Option<&str> {
            let within = text.trim_ascii().strip_prefix(SECTION)?.strip_suffix("]]>")?;
            (!within.contains(SECTION)).then_some(within)
        }
        match &self.text {
            Cow::Borrowed(text) => self.text = Cow::Borrowed(within(text).unwrap_or(text)),
            Cow::Owned(text) => {
                if let Some(within) = within(text) {
                    self.text = Cow::Owned(within.to_owned());
                }
            }
        }
    }
}

/// An attribute of a raw attribute list.
#[must_use]
pub fn attribute<'a>(raw: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let value = attributes(raw).find(|(found, _)| {
        let local = found.rsplit_once(':').map_or(*found, |(_, local)| local);
        local.eq_ignore_ascii_case(name)
    });
    let (_, value) = value?;
    Some(match unescape(value.trim()).0 {
        Cow::Borrowed(value) => Cow::Borrowed(value),
        Cow::Owned(value) => Cow::Owned(value.trim().to_owned()),
    })
}

/// The nodes of one item or field; node 0 is the item itself.
#[derive(Debug, Default)]
pub struct Tree<'a> {
    pub nodes: Vec<Node<'a>>,
    /// Base addresses of the document, by index.
    pub bases: Vec<Option<Url>>,
    /// Declared languages of the document, by index.
    pub languages: Vec<Cow<'a, str>>,
}

impl<'a> Tree<'a> {
    #[must_use]
    pub fn node(&self, index: usize) -> &Node<'a> {
        &self.nodes[index]
    }

    /// The children of a node; the iterator does not borrow the tree.
    #[must_use]
    pub fn first_child(&self, parent: usize) -> Option<usize> {
        (parent + 1 < self.nodes[parent].end).then_some(parent + 1)
    }

    /// The next sibling of a node within its parent.
    #[must_use]
    pub fn after(&self, index: usize, parent: usize) -> Option<usize> {
        let next = self.nodes[index].end;
        (next < self.nodes[parent].end).then_some(next)
    }

    pub fn children(&self, parent: usize) -> impl Iterator<Item = usize> {
        let mut next = self.first_child(parent);
        std::iter::from_fn(move || {
            let index = next?;
            next = self.after(index, parent);
            Some(index)
        })
    }

    /// The first child of some name, whatever its namespace.
    #[must_use]
    pub fn child(&self, parent: usize, local: &str) -> Option<usize> {
        self.children(parent).find(|&index| self.nodes[index].local == local)
    }

    /// The trimmed text of a node; `None` where it is blank.
    #[must_use]
    pub fn text(&self, index: usize) -> Option<&str> {
        let text = self.nodes[index].text.trim();
        (!text.is_empty()).then_some(text)
    }

    /// The trimmed text of a child; `None` where there is none.
    #[must_use]
    pub fn child_text(&self, parent: usize, local: &str) -> Option<&str> {
        self.children(parent).filter(|&index| self.nodes[index].local == local).find_map(|index| self.text(index))
    }

    /// The text of a node or, where it has none of its own, of the first inside it that has.
    #[must_use]
    pub fn text_within(&self, index: usize) -> Option<&str> {
        (index..self.nodes[index].end).find_map(|inner| self.text(inner))
    }

    /// Takes the trimmed text out of a node, without a copy where it is owned.
    pub fn take(&mut self, index: usize) -> Option<String> {
        let text = match std::mem::take(&mut self.nodes[index].text) {
            Cow::Borrowed(text) => text.trim().to_owned(),
            Cow::Owned(mut text) => {
                text.truncate(text.trim_end().len());
                let lead = text.len() - text.trim_start().len();
                text.drain(..lead);
                text
            }
        };
        (!text.is_empty()).then_some(text)
    }

    #[must_use]
    pub fn base(&self, index: usize) -> Option<&Url> {
        self.bases[self.nodes[index].base].as_ref()
    }

    /// The absolute address that an attribute holds.
    #[must_use]
    pub fn address(&self, index: usize, attribute: &str) -> Option<String> {
        let value = self.nodes[index].attribute(attribute)?;
        crate::address::resolve(self.base(index), &value)
    }

    /// The absolute address that the text of a node is.
    #[must_use]
    pub fn text_address(&self, index: usize) -> Option<String> {
        crate::address::resolve(self.base(index), self.text(index)?)
    }

    #[must_use]
    pub fn language(&self, index: usize) -> Option<&str> {
        let language = self.languages[self.nodes[index].language?].trim();
        (!language.is_empty()).then_some(language)
    }
}
