//! The element stack: tokens to items and fields, whatever is wrong with their nesting.
//!
//! The *spine* of a document (`rss`, `rdf:RDF`, `channel`, `feed`) is never built; what stands in
//! it comes out as one small tree after another. An item that starts inside another ends it, an
//! end tag that matches nothing is ignored, and a field that starts inside an unclosed one ends that.

use std::borrow::Cow;

use url::Url;

use super::entity::unescape;
use super::namespace::{Ns, by_prefix, by_uri};
use super::scan::{Scanner, Tag, Token, attributes};
use super::shape::{self, Root, Spine};
use super::tree::{Inside, Node, Tree, attribute};

/// Elements nested deeper than this are read as text: no vocabulary nests so deep.
const DEEPEST: usize = 64;
/// Open tags inside a text that are kept track of.
const MOST_OPEN: usize = 4096;
/// Namespace declarations in force at once.
const MOST_BINDINGS: usize = 256;
/// A base address longer than this is none; every item would carry a copy.
const LONGEST_BASE: usize = 2048;
/// How far up the open tags of a text an end tag is matched: keeps hostile nesting linear.
const MATCH_WITHIN: usize = 128;

/// An open element of the spine.
#[derive(Debug)]
struct Vertebra<'a> {
    name: &'a str,
    scope: Scope,
}

/// What an element's attributes changed, to be undone at its end.
#[derive(Clone, Copy, Debug)]
struct Scope {
    bindings: usize,
    base: usize,
    language: Option<usize>,
}

/// A start tag with its name resolved.
#[derive(Debug)]
struct Opening<'a> {
    tag: Tag<'a>,
    ns: Ns,
    /// Lower case, without prefix.
    local: Cow<'a, str>,
    /// How many bindings were in force before it.
    mark: usize,
}

#[derive(Debug)]
pub struct Reader<'a> {
    pub scanner: Scanner<'a>,
    pub tree: Tree<'a>,
    pub root: Option<Root<'a>>,
    /// The attributes of the innermost spine element that holds the feed's fields.
    pub channel: Option<Tag<'a>>,
    /// Language of the feed's element.
    pub feed_language: Option<usize>,
    spine: Vec<Vertebra<'a>>,
    open: Vec<(usize, &'a str, Scope)>,
    inline: Vec<(&'a str, usize)>,
    bindings: Vec<(&'a str, Ns)>,
    base: usize,
    language: Option<usize>,
    /// A start tag that ended what was open and is to be read next.
    pending: Option<Tag<'a>>,
}

impl<'a> Reader<'a> {
    #[must_use]
    pub fn new(text: &'a str, base: Url) -> Self {
        let tree = Tree { nodes: Vec::new(), bases: vec![Some(base)], languages: Vec::new() };
        Self {
            scanner: Scanner::new(text),
            tree,
            root: None,
            channel: None,
            feed_language: None,
            spine: Vec::new(),
            open: Vec::new(),
            inline: Vec::new(),
            bindings: Vec::new(),
            base: 0,
            language: None,
            pending: None,
        }
    }

    /// Builds the next item or field into `tree`; false at the end of the document.
    pub fn advance(&mut self) -> bool {
        self.tree.nodes.clear();
        // What the last item declared is gone with it.
        self.tree.bases.truncate(self.base + 1);
        let languages = [self.language, self.feed_language].into_iter().flatten().max();
        self.tree.languages.truncate(languages.map_or(0, |last| last + 1));
        loop {
            let token = match self.pending.take() {
                Some(tag) => Some(Token::Start(tag)),
                None => self.scanner.next(self.open.last().map_or("", |&(_, name, _)| name)),
            };
            let Some(token) = token else {
                if !self.open.is_empty() {
                    let at = self.scanner.position();
                    self.scanner.note(at, "the document ends inside an element");
                    self.close_to(0);
                }
                return !self.tree.nodes.is_empty();
            };
            let done = match token {
                Token::Text { raw, at } => self.text(raw, at),
                Token::CData(text) => self.cdata(text),
                Token::Start(tag) => self.start(tag),
                Token::End { name, at } => self.end(name, at),
            };
            if done {
                return true;
            }
        }
    }

    fn text(&mut self, raw: &'a str, at: usize) -> bool {
        let Some(&(index, ..)) = self.open.last() else { return false };
        let inline = !self.inline.is_empty();
        let node = &mut self.tree.nodes[index];
        if node.inside == Inside::Children && raw.trim_ascii().is_empty() {
            return false;
        }
        if node.inside == Inside::Markup || inline && node.inside == Inside::Text {
            node.push(Cow::Borrowed(raw));
            return false;
        }
        let expanded = self.scanner.expand(raw);
        let (text, bare) = match expanded {
            None => unescape(raw),
            Some(raw) => (Cow::Owned(unescape(&raw).0.into_owned()), None),
        };
        node.push(text);
        if let Some(bare) = bare {
            self.scanner.note(at + bare, "a \"&\" that starts no reference was read as text");
        }
        false
    }

    fn cdata(&mut self, text: &'a str) -> bool {
        let Some(&(index, ..)) = self.open.last() else { return false };
        let inline = !self.inline.is_empty();
        let node = &mut self.tree.nodes[index];
        node.has_cdata = true;
        if (node.inside == Inside::Markup || inline) && text.contains(['<', '&']) {
            node.push(Cow::Owned(text.replace('&', "&amp;").replace('<', "&lt;")));
        } else {
            node.push(Cow::Borrowed(text));
        }
        false
    }

    fn start(&mut self, tag: Tag<'a>) -> bool {
        let mark = self.bindings.len();
        if !tag.attributes.is_empty() && tag.attributes.contains("xmlns") {
            self.bind(tag.attributes);
        }
        let (ns, local) = self.resolve(tag.name);
        let Some(&(index, ..)) = self.open.last() else { return self.start_in_spine(Opening { tag, ns, local, mark }) };
        let node = &self.tree.nodes[index];
        if shape::ends_item(&self.tree.nodes[0], node, ns, &local) {
            self.bindings.truncate(mark);
            self.scanner.note(tag.at, "an item starts inside an open element");
            self.pending = Some(tag);
            return self.close_to(0);
        }
        if node.inside != Inside::Children {
            if shape::ends_field(node, ns, &local) {
                self.bindings.truncate(mark);
                self.scanner.note(tag.at, "a field starts inside an open one");
                self.pending = Some(tag);
                let keep = self.open.len() - 1;
                return self.close_to(keep);
            }
            self.start_inline(&Opening { tag, ns, local, mark });
            return false;
        }
        if self.open.len() >= DEEPEST {
            self.bindings.truncate(mark);
            if !tag.empty && self.inline.len() < MOST_OPEN {
                self.inline.push((tag.name, mark));
            }
            return false;
        }
        self.open_node(Opening { tag, ns, local, mark })
    }

    fn start_in_spine(&mut self, opening: Opening<'a>) -> bool {
        let Opening { tag, ns, ref local, mark } = opening;
        if let Some(spine) = shape::spine(ns, local) {
            if self.root.is_none() && spine != Spine::List {
                let uri = shape::uri_of(tag, spine);
                self.root = Some(Root { spine, tag, uri });
            }
            let scope = self.enter(tag, mark);
            if matches!(spine, Spine::Channel | Spine::Feed) {
                self.channel = Some(tag);
                self.feed_language = self.language;
            }
            if tag.empty {
                self.leave(scope);
            } else if self.spine.len() < DEEPEST {
                self.spine.push(Vertebra { name: tag.name, scope });
            }
            return false;
        }
        if self.root.is_none() && !shape::is_item(ns, local) {
            // Junk in front of the feed: a server's warning, a page around it.
            self.bindings.truncate(mark);
            return false;
        }
        self.open_node(opening)
    }

    fn open_node(&mut self, opening: Opening<'a>) -> bool {
        let Opening { tag, ns, local, mark } = opening;
        let scope = self.enter(tag, mark);
        let index = self.tree.nodes.len();
        let parent = self.open.last().map(|&(parent, ..)| &self.tree.nodes[parent]);
        let inside = shape::inside(parent, ns, &local, tag.attributes);
        self.tree.nodes.push(Node {
            ns,
            inside,
            has_tags: false,
            has_cdata: false,
            local,
            tag,
            text: Cow::Borrowed(""),
            gap: "",
            end: index + 1,
            base: self.base,
            language: self.language,
        });
        self.open.push((index, tag.name, scope));
        if tag.empty {
            let keep = self.open.len() - 1;
            return self.close_to(keep);
        }
        false
    }

    /// A tag inside a text: written into the text as HTML.
    fn start_inline(&mut self, opening: &Opening<'a>) {
        let Opening { tag, ns, local, mark } = opening;
        let (tag, mark) = (*tag, *mark);
        let Some(&(index, ..)) = self.open.last() else { return };
        let base = tag.attributes.contains("base").then(|| attribute(tag.attributes, "base")).flatten();
        let node = &mut self.tree.nodes[index];
        let is_void = shape::is_void(local);
        if shape::is_markup(*ns) {
            let name = tag.name.rsplit_once(':').map_or(tag.name, |(_, local)| local);
            let space =
                if tag.attributes.is_empty() || tag.attributes.starts_with([' ', '\n', '\t', '\r']) { "" } else { " " };
            node.push_markup(&["<", name, space, tag.attributes, ">"]);
            if tag.empty && !is_void {
                node.push_markup(&["</", name, ">"]);
            }
        }
        // The first element inside says where the whole markup lives.
        if let Some(base) = base
            && self.inline.is_empty()
        {
            let joined = self.joined(&base);
            self.tree.nodes[index].base = joined;
        }
        if tag.empty || is_void || self.inline.len() >= MOST_OPEN {
            self.bindings.truncate(mark);
        } else {
            self.inline.push((tag.name, mark));
        }
    }

    fn end(&mut self, name: &'a str, at: usize) -> bool {
        let within = self.inline.len().saturating_sub(MATCH_WITHIN);
        if let Some(found) = self.inline[within..].iter().rposition(|(open, _)| open.eq_ignore_ascii_case(name)) {
            let (_, mark) = self.inline[within + found];
            self.inline.truncate(within + found);
            self.bindings.truncate(mark);
            if let Some(&(index, ..)) = self.open.last()
                && self.tree.nodes[index].inside != Inside::Children
            {
                let local = name.rsplit_once(':').map_or(name, |(_, local)| local);
                self.tree.nodes[index].push_markup(&["</", local, ">"]);
            }
            return false;
        }
        if let Some(found) = self.open.iter().rposition(|(_, open, _)| open.eq_ignore_ascii_case(name)) {
            return self.close_to(found);
        }
        if let Some(found) = self.spine.iter().rposition(|vertebra| vertebra.name.eq_ignore_ascii_case(name)) {
            let done = self.close_to(0);
            let scope = self.spine[found].scope;
            self.spine.truncate(found);
            self.leave(scope);
            return done;
        }
        if self.root.is_some() && !shape::is_void(name) {
            self.scanner.note(at, "an end tag that matches no open element was ignored");
        }
        false
    }

    /// Closes open elements until `keep` are left; true where that completes a tree.
    fn close_to(&mut self, keep: usize) -> bool {
        self.inline.clear();
        let had = !self.open.is_empty();
        let end = self.tree.nodes.len();
        while self.open.len() > keep {
            if let Some((index, _, scope)) = self.open.pop() {
                let node = &mut self.tree.nodes[index];
                node.end = end;
                node.open_section();
                self.leave(scope);
            }
        }
        had && self.open.is_empty()
    }

    fn enter(&mut self, tag: Tag<'a>, bindings: usize) -> Scope {
        let scope = Scope { bindings, base: self.base, language: self.language };
        if !tag.attributes.is_empty() && tag.attributes.contains("xml:") {
            for (name, value) in attributes(tag.attributes) {
                if name.eq_ignore_ascii_case("xml:base") {
                    self.base = self.joined(&unescape(value).0);
                } else if name.eq_ignore_ascii_case("xml:lang") {
                    self.tree.languages.push(unescape(value).0);
                    self.language = Some(self.tree.languages.len() - 1);
                }
            }
        }
        scope
    }

    fn leave(&mut self, scope: Scope) {
        self.bindings.truncate(scope.bindings);
        self.base = scope.base;
        self.language = scope.language;
    }

    /// The index of a base address that is relative to the one in force; a bad one changes nothing.
    fn joined(&mut self, base: &str) -> usize {
        let inherited = self.tree.bases[self.base].clone();
        let resolved = crate::address::resolve(inherited.as_ref(), base).and_then(|base| Url::parse(&base).ok());
        match resolved {
            Some(resolved) if Some(&resolved) != inherited.as_ref() && resolved.as_str().len() <= LONGEST_BASE => {
                self.tree.bases.push(Some(resolved));
                self.tree.bases.len() - 1
            }
            _ => self.base,
        }
    }

    fn bind(&mut self, raw: &'a str) {
        for (name, uri) in attributes(raw) {
            let prefix = match name.get(..5) {
                Some(start) if start.eq_ignore_ascii_case("xmlns") => name[5..].strip_prefix(':').unwrap_or(""),
                _ => continue,
            };
            let ns = by_uri(uri).or_else(|| by_prefix(prefix)).unwrap_or(if prefix.is_empty() {
                Ns::Plain
            } else {
                Ns::Other
            });
            if self.bindings.len() < MOST_BINDINGS {
                self.bindings.push((prefix, ns));
            }
        }
    }

    /// The namespace of a name and its local part in lower case.
    fn resolve(&self, name: &'a str) -> (Ns, Cow<'a, str>) {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let bound = self.bindings.iter().rev().find(|(known, _)| *known == prefix).map(|&(_, ns)| ns);
        let ns = bound.unwrap_or_else(|| match prefix {
            "" => Ns::Plain,
            _ => by_prefix(prefix).unwrap_or(Ns::Other),
        });
        (ns, shape::lower(local))
    }
}
