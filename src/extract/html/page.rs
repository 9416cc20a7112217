//! One walk over the tree: what a reader would see, line by line, and where the metadata stands.

use std::collections::HashSet;

use dom_query::{Document, Element, NodeData, NodeId, NodeRef};
use url::Url;

use super::claims::Claims;
use super::element::{attribute, is_block, own_marks};
use super::meta::Meta;
use super::microdata::{self, Property};
use super::named::{self, Named};
use crate::extract::base::Base;
use crate::extract::marks::{self, Marks};
use crate::extract::state;
use crate::markup::fold_white_space;

/// A line of the page as a reader sees it.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    /// White space folded.
    pub text: String,
    pub marks: Marks,
    /// The `datetime` attributes of elements in it, by where they begin in the text.
    pub times: Vec<Time>,
    /// The text nodes that it is made of.
    pub parts: Vec<Part>,
    /// The `figure` that it stands in.
    pub figure: Option<NodeId>,
    /// How many letters stand in links.
    pub linked: usize,
    /// How deep headings go: 1 for `h1`, 0 for none.
    pub heading: u8,
}

/// A text node of a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub node: NodeId,
    /// Where its text begins in that of the line.
    pub start: usize,
    pub marks: Marks,
    /// The link that it stands in: its place in [`Page::links`].
    pub link: Option<usize>,
}

/// A machine-readable date in a line.
#[derive(Clone, Debug)]
pub(super) struct Time {
    /// Where its element begins in the text of the line.
    pub start: usize,
    pub datetime: String,
    pub is_update: bool,
}

impl Line {
    /// The text of a part.
    pub fn part_text(&self, index: usize) -> &str {
        let start = self.parts.get(index).map_or(self.text.len(), |part| part.start).min(self.text.len());
        let end = self.parts.get(index + 1).map_or(self.text.len(), |part| part.start).min(self.text.len());
        self.text.get(start..end).unwrap_or_default().trim()
    }
}

/// A picture of the page.
#[derive(Clone, Debug)]
pub(super) struct PagePicture {
    pub node: NodeId,
    /// How many lines stand before it.
    pub line: usize,
    pub marks: Marks,
    pub figure: Option<NodeId>,
}

/// What the walk found.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub lines: Vec<Line>,
    pub pictures: Vec<PagePicture>,
    pub properties: Vec<Property>,
    /// Where links go.
    pub links: Vec<String>,
    /// Texts of JSON-LD scripts.
    pub scripts: Vec<String>,
    /// Texts of scripts that hold the page's state.
    pub states: Vec<String>,
    /// Elements that are not of the story by their names, and captions; outermost only.
    pub named: Vec<Named>,
    pub title: Option<String>,
    pub language: Option<String>,
    pub base: Option<Url>,
    /// Length of all text.
    pub length: usize,
}

/// Walks the whole tree. Pages with more elements or lines than any story has are read no further.
///
/// Where a name would make foreign what holds the headline or much of the text, that name is not
/// believed, and the tree is walked again.
pub(super) fn walk(document: &Document, base: &Url, claims: &mut Claims) -> Page {
    const MOST_WALKS: usize = 4;
    let mut misnamed: HashSet<NodeId> = HashSet::new();
    for walk in 1.. {
        let mut found = Claims::default();
        let page = walk_once((document, base), &misnamed, &mut found);
        // inside of what was misnamed there may be more
        let known = misnamed.len();
        let headlines = named::headlines(&page);
        let wrong = page.named.iter().filter(|named| named.is_misnamed(&page, &headlines));
        misnamed.extend(wrong.map(|named| named.node));
        if misnamed.len() == known || walk == MOST_WALKS {
            claims.extend(found);
            return page;
        }
    }
    Page::default()
}

fn walk_once((document, base): (&Document, &Url), misnamed: &HashSet<NodeId>, claims: &mut Claims) -> Page {
    const MOST_NODES: usize = 200_000;
    const MOST_LINES: usize = 12_000;
    let mut walker = Walker {
        misnamed,
        page: Page::default(),
        meta: Meta::default(),
        base: Base::new(base.clone()),
        claims,
        line: Line::default(),
        nodes: 0,
    };
    let mut stack = vec![Step::Enter(document.root(), Context::default())];
    while let Some(step) = stack.pop() {
        walker.nodes += 1;
        if walker.nodes > MOST_NODES || walker.page.lines.len() > MOST_LINES {
            break;
        }
        match step {
            Step::Enter(node, context) => {
                if let Some(inner) = walker.enter(&node, &context, &mut stack) {
                    stack.extend(node.children_it(true).map(|child| Step::Enter(child, inner.clone())));
                }
            }
            Step::EndLine => walker.end_line(),
            Step::EndNamed { node, before, line, marks } => {
                let length = walker.page.length - before;
                let lines = line..walker.page.lines.len() + usize::from(!walker.line.parts.is_empty());
                walker.page.named.push(Named { node, length, lines, marks });
            }
        }
    }
    walker.end_line();
    let Walker { mut page, meta, base, claims, .. } = walker;
    meta.finish(claims);
    page.base = Some(base.url);
    page
}

enum Step<'a> {
    Enter(NodeRef<'a>, Context),
    EndLine,
    EndNamed { node: NodeId, before: usize, line: usize, marks: Marks },
}

#[derive(Clone, Debug, Default)]
struct Context {
    marks: Marks,
    link: Option<usize>,
    figure: Option<NodeId>,
    item: microdata::Item,
    heading: u8,
}

struct Walker<'c> {
    misnamed: &'c HashSet<NodeId>,
    page: Page,
    meta: Meta,
    base: Base,
    claims: &'c mut Claims,
    line: Line,
    nodes: usize,
}

impl Walker<'_> {
    /// Looks at a node; the context for its children, if they are to be seen.
    fn enter<'a>(&mut self, node: &NodeRef<'a>, context: &Context, stack: &mut Vec<Step<'a>>) -> Option<Context> {
        let text = node.query_or(None, |tree_node| match &tree_node.data {
            NodeData::Text { contents } => Some(contents.clone()),
            _ => None,
        });
        if let Some(text) = text {
            self.text(node.id, &text, context);
            return None;
        }
        let Some(element) = node.element_ref() else {
            return (node.is_document() || node.is_fragment()).then(|| context.clone());
        };
        let name = &*element.name.local;
        let attribute = |wanted: &str| attribute(&element, wanted);
        if !self.read_metadata(node, &element, context) {
            return None;
        }
        let mut inner = context.clone();
        self.read_item(node.id, &element, &mut inner);
        let mut own = own_marks(name, &element);
        let takes_out = Marks::FOREIGN.with(Marks::CAPTION);
        if self.misnamed.contains(&node.id) {
            own = own.only(Marks::STORY);
        }
        let is_container = matches!(name, "html" | "body" | "main");
        if own.has(takes_out) && !context.marks.has(takes_out) && !is_container {
            let (before, line) = (self.page.length, self.page.lines.len());
            stack.push(Step::EndNamed { node: node.id, before, line, marks: own });
        }
        // the names of what holds the whole page say nothing of one line
        inner.marks = context.marks.with(match name {
            "html" | "body" | "main" => own.only(Marks::STORY),
            "article" => own.only(Marks::STORY.with(Marks::FOREIGN).with(Marks::OTHERS)),
            _ => own,
        });
        if name.len() == 2 && name.starts_with('h') && matches!(name.as_bytes()[1], b'1'..=b'6') {
            inner.heading = name.as_bytes()[1] - b'0';
        }
        match name {
            "a" => {
                let href = attribute("href").unwrap_or_default();
                let is_author = attribute("rel")
                    .is_some_and(|rel| rel.split_ascii_whitespace().any(|rel| rel.eq_ignore_ascii_case("author")));
                if is_author {
                    inner.marks = inner.marks.with(Marks::AUTHOR_LINK);
                } else if marks::is_profile(href) {
                    inner.marks = inner.marks.with(Marks::PROFILE);
                }
                inner.link = Some(self.page.links.len());
                self.page.links.push(href.to_owned());
            }
            "figure" => inner.figure = Some(node.id),
            "img" | "amp-img" => self.page.pictures.push(PagePicture {
                node: node.id,
                line: self.page.lines.len() + usize::from(!self.line.text.is_empty()),
                marks: inner.marks,
                figure: inner.figure,
            }),
            "br" => {
                self.end_line();
                return None;
            }
            _ => {}
        }
        if is_block(name) {
            self.end_line();
            stack.push(Step::EndLine);
        }
        self.read_time(&element, own);
        drop(element);
        Some(inner)
    }

    /// Reads elements that tell of the page; `false` where nothing inside is for readers.
    fn read_metadata(&mut self, node: &NodeRef<'_>, element: &Element, context: &Context) -> bool {
        let attribute = |wanted: &str| attribute(element, wanted);
        match &*element.name.local {
            "script" => {
                let kind = attribute("type").unwrap_or_default();
                let text = node.text();
                if kind.to_ascii_lowercase().contains("ld+json") {
                    self.page.scripts.push(text.to_string());
                } else if state::is_state(kind, attribute("id").unwrap_or_default(), &text) {
                    self.page.states.push(text.to_string());
                }
                return false;
            }
            "style" | "template" | "svg" | "math" | "iframe" | "select" | "option" | "button" | "textarea"
            | "noscript" | "object" => {
                return false;
            }
            "title" => {
                self.page.title.get_or_insert_with(|| fold_white_space(&node.text()));
                return false;
            }
            "base" => {
                if let Some(href) = attribute("href") {
                    self.base.name(href);
                }
                return false;
            }
            "html" => {
                self.page.language = attribute("lang").or_else(|| attribute("xml:lang")).map(str::to_owned);
            }
            "link" => {
                if let (Some(rel), Some(href)) = (attribute("rel"), attribute("href")) {
                    Meta::link(rel, href, &self.base.url, self.claims);
                }
            }
            "meta" => {
                let value = attribute("content").unwrap_or_default();
                let keys = ["property", "name", "itemprop", "http-equiv"]
                    .map(|key| attribute(key).filter(|key| !key.is_empty()));
                if attribute("itemprop").is_none() || context.item == microdata::Item::None {
                    for key in keys.into_iter().flatten().take(2) {
                        self.meta.read((key, value), &self.base.url, self.claims);
                    }
                }
            }
            _ => {}
        }
        true
    }

    /// Reads the date that an element holds in an attribute.
    fn read_time(&mut self, element: &Element, own: Marks) {
        let names: &[&str] = match &*element.name.local {
            "abbr" | "span" if own.has(Marks::DATE) => &["datetime", "title", "data-origindate", "data-datetime"],
            "del" | "ins" | "blockquote" | "q" => return,
            _ => &["datetime"],
        };
        let written = names
            .iter()
            .find_map(|name| attribute(element, name))
            .filter(|text| text.len() <= 80 && text.bytes().filter(u8::is_ascii_digit).count() >= 4);
        if let Some(datetime) = written {
            let is_update = own.has(Marks::UPDATE) && !own.has(Marks::PUBLISHED);
            let datetime = datetime.to_owned();
            self.line.times.push(Time { start: self.line.text.len(), datetime, is_update });
        }
    }

    /// Reads microdata attributes.
    fn read_item(&mut self, node: NodeId, element: &Element, inner: &mut Context) {
        let attribute = |wanted: &str| attribute(element, wanted);
        let item = inner.item;
        let itemtype = attribute("itemtype");
        if attribute("itemscope").is_some() || itemtype.is_some() {
            inner.item = microdata::Item::of(itemtype.unwrap_or_default());
        } else if let Some(kind) = attribute("typeof").and_then(microdata::Item::of_rdfa) {
            inner.item = kind;
        }
        let rdfa = || attribute("property").filter(|_| &*element.name.local != "meta").map(microdata::local_names);
        if let Some(names) = attribute("itemprop").map(str::to_owned).or_else(rdfa) {
            let value =
                ["content", "datetime", "href", "src"].iter().find_map(|name| attribute(name)).map(str::to_owned);
            self.page.properties.push(Property { names, value, node, item, foreign: inner.marks.has(Marks::FOREIGN) });
        }
    }

    fn text(&mut self, node: NodeId, text: &str, context: &Context) {
        let folded = fold_white_space(text);
        if folded.is_empty() {
            if !self.line.text.is_empty() && !self.line.text.ends_with(' ') {
                self.line.text.push(' ');
            }
            return;
        }
        let line = &mut self.line;
        if text.starts_with(char::is_whitespace) && !line.text.is_empty() && !line.text.ends_with(' ') {
            line.text.push(' ');
        }
        line.parts.push(Part { node, start: line.text.len(), marks: context.marks, link: context.link });
        if line.parts.len() == 1 {
            line.marks = context.marks;
            line.figure = context.figure;
            line.heading = context.heading;
        } else {
            line.marks = line.marks.with(context.marks);
        }
        line.text.push_str(&folded);
        if text.ends_with(char::is_whitespace) {
            line.text.push(' ');
        }
        let length = folded.chars().count();
        if context.link.is_some() {
            line.linked += length;
        }
        self.page.length += length;
    }

    fn end_line(&mut self) {
        if self.line.parts.is_empty() && self.line.times.is_empty() {
            self.line = Line::default();
            return;
        }
        let mut line = std::mem::take(&mut self.line);
        line.text.truncate(line.text.trim_end().len());
        // one foreign word, such as the link to the comments, does not make a line foreign
        let foreign: usize = (0..line.parts.len())
            .filter(|index| line.parts[*index].marks.has(Marks::FOREIGN))
            .map(|index| line.part_text(index).len())
            .sum();
        if foreign * 2 < line.text.len() {
            line.marks = line.marks.without(Marks::FOREIGN.with(Marks::OTHERS));
        }
        self.page.lines.push(line);
    }
}
