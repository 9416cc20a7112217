//! One walk over the tree: what a reader would see, line by line, and where the metadata stands.

use dom_query::{Document, Element, NodeData, NodeId, NodeRef};
use url::Url;

use super::claims::Claims;
use super::marks::{self, Marks};
use super::meta::Meta;
use super::microdata::{self, Property};
use crate::markup::fold_white_space;

/// A line of the page as a reader sees it.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    /// White space folded.
    pub text: String,
    pub marks: Marks,
    /// The `datetime` of a `time` element in it.
    pub datetime: Option<String>,
    /// The text nodes that it is made of.
    pub nodes: Vec<NodeId>,
    /// The `figure` that it stands in.
    pub figure: Option<NodeId>,
    /// How many letters stand in links.
    pub linked: usize,
    /// Where a link of rel=author in it goes.
    pub author_address: Option<String>,
    /// How deep headings go: 1 for `h1`, 0 for none.
    pub heading: u8,
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
    /// Texts of JSON-LD scripts.
    pub scripts: Vec<String>,
    /// Elements that are not of the story, outermost only, with the length of their text.
    pub foreign: Vec<(NodeId, usize)>,
    pub title: Option<String>,
    pub language: Option<String>,
    pub base: Option<Url>,
    /// Length of all text.
    pub length: usize,
}

/// Walks the whole tree. Pages with more elements are read no further.
pub(super) fn walk(document: &Document, base: &Url, claims: &mut Claims) -> Page {
    const MOST_NODES: usize = 400_000;
    let mut walker = Walker {
        page: Page::default(),
        meta: Meta::default(),
        base: base.clone(),
        claims,
        line: Line::default(),
        nodes: 0,
    };
    let mut stack = vec![Step::Enter(document.root(), Context::default())];
    while let Some(step) = stack.pop() {
        walker.nodes += 1;
        if walker.nodes > MOST_NODES {
            break;
        }
        match step {
            Step::Enter(node, context) => {
                if let Some(inner) = walker.enter(&node, &context, &mut stack) {
                    stack.extend(node.children_it(true).map(|child| Step::Enter(child, inner.clone())));
                }
            }
            Step::EndLine => walker.end_line(),
            Step::EndForeign(node, before) => {
                let length = walker.page.length - before;
                walker.page.foreign.push((node, length));
            }
        }
    }
    walker.end_line();
    let Walker { mut page, meta, base, claims, .. } = walker;
    meta.finish(claims);
    page.base = Some(base);
    page
}

enum Step<'a> {
    Enter(NodeRef<'a>, Context),
    EndLine,
    EndForeign(NodeId, usize),
}

#[derive(Clone, Debug, Default)]
struct Context {
    marks: Marks,
    in_link: bool,
    figure: Option<NodeId>,
    item: microdata::Item,
    heading: u8,
}

struct Walker<'c> {
    page: Page,
    meta: Meta,
    base: Url,
    claims: &'c mut Claims,
    line: Line,
    nodes: usize,
}

impl Walker<'_> {
    /// Looks at a node; the context for its children, if they are to be seen.
    fn enter<'a>(&mut self, node: &NodeRef<'a>, context: &Context, stack: &mut Vec<Step<'a>>) -> Option<Context> {
        let text = node.query_or(None, |tree_node| match &tree_node.data {
            NodeData::Text { contents } => Some(contents.to_string()),
            _ => None,
        });
        if let Some(text) = text {
            self.text(node.id, &text, context);
            return None;
        }
        let Some(element) = node.element_ref() else {
            return (node.is_document() || node.is_fragment()).then(|| context.clone());
        };
        let name = element.name.local.to_string();
        let attribute = |wanted: &str| attribute(&element, wanted);
        if !self.read_metadata(node, &element, context) {
            return None;
        }
        let mut inner = context.clone();
        self.read_item(node.id, &element, &mut inner);
        let own = own_marks(&name, &element);
        if own.has(Marks::FOREIGN)
            && !context.marks.has(Marks::FOREIGN)
            && !matches!(name.as_str(), "html" | "body" | "main")
        {
            stack.push(Step::EndForeign(node.id, self.page.length));
        }
        inner.marks = context.marks.with(if matches!(name.as_str(), "html" | "body" | "main") {
            own.without(Marks::FOREIGN)
        } else {
            own
        });
        if name.len() == 2 && name.starts_with('h') && matches!(name.as_bytes()[1], b'1'..=b'6') {
            inner.heading = name.as_bytes()[1] - b'0';
        }
        match name.as_str() {
            "a" => {
                inner.in_link = true;
                if attribute("rel")
                    .is_some_and(|rel| rel.split_ascii_whitespace().any(|rel| rel.eq_ignore_ascii_case("author")))
                {
                    inner.marks = inner.marks.with(Marks::AUTHOR_LINK);
                    self.line.author_address = attribute("href");
                }
            }
            "figure" => inner.figure = Some(node.id),
            "time" if self.line.datetime.is_none() => {
                self.line.datetime = attribute("datetime").filter(|datetime| !datetime.trim().is_empty());
            }
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
        drop(element);
        if is_block(&name) {
            self.end_line();
            stack.push(Step::EndLine);
        }
        Some(inner)
    }

    /// Reads elements that tell of the page; `false` where nothing inside is for readers.
    fn read_metadata(&mut self, node: &NodeRef<'_>, element: &Element, context: &Context) -> bool {
        let attribute = |wanted: &str| attribute(element, wanted);
        match &*element.name.local {
            "script" if attribute("type").is_some_and(|kind| kind.to_ascii_lowercase().contains("ld+json")) => {
                self.page.scripts.push(node.text().to_string());
                return false;
            }
            "script" | "style" | "template" | "svg" | "math" | "iframe" | "select" | "option" | "button"
            | "textarea" | "noscript" | "object" => {
                return false;
            }
            "title" => {
                self.page.title.get_or_insert_with(|| fold_white_space(&node.text()));
                return false;
            }
            "base" => {
                if let Some(base) = attribute("href").and_then(|href| self.base.join(href.trim()).ok()) {
                    self.base = base;
                }
                return false;
            }
            "html" => self.page.language = attribute("lang").or_else(|| attribute("xml:lang")),
            "link" => {
                if let (Some(rel), Some(href)) = (attribute("rel"), attribute("href")) {
                    Meta::link(&rel, &href, &self.base, self.claims);
                }
            }
            "meta" => {
                let value = attribute("content").unwrap_or_default();
                let keys = ["property", "name", "itemprop", "http-equiv"]
                    .map(|key| attribute(key).filter(|key| !key.is_empty()));
                if attribute("itemprop").is_none() || context.item == microdata::Item::None {
                    for key in keys.into_iter().flatten().take(2) {
                        self.meta.read((&key, &value), &self.base, self.claims);
                    }
                }
            }
            _ => {}
        }
        true
    }

    /// Reads microdata attributes.
    fn read_item(&mut self, node: NodeId, element: &Element, inner: &mut Context) {
        let attribute = |wanted: &str| attribute(element, wanted);
        let item = inner.item;
        let itemtype = attribute("itemtype");
        if attribute("itemscope").is_some() || itemtype.is_some() {
            inner.item = microdata::Item::of(itemtype.as_deref().unwrap_or_default());
        }
        if let Some(names) = attribute("itemprop") {
            let value = ["content", "datetime", "href", "src"].iter().find_map(|name| attribute(name));
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
        if line.nodes.is_empty() {
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
        if context.in_link {
            line.linked += length;
        }
        self.page.length += length;
        line.nodes.push(node);
    }

    fn end_line(&mut self) {
        if self.line.nodes.is_empty() && self.line.datetime.is_none() {
            self.line = Line::default();
            return;
        }
        let mut line = std::mem::take(&mut self.line);
        line.text.truncate(line.text.trim_end().len());
        self.page.lines.push(line);
    }
}

/// The marks of an element itself.
fn own_marks(name: &str, element: &Element) -> Marks {
    let mut marks = match name {
        "nav" | "aside" | "footer" | "dialog" => Marks::FOREIGN,
        "figcaption" => Marks::CAPTION,
        "figure" => Marks::FIGURE,
        "h1" => Marks::H1.with(Marks::HEADING),
        "h2" | "h3" | "h4" => Marks::HEADING,
        "article" | "main" => Marks::STORY,
        "header" => Marks::SITE_HEADER,
        "time" => Marks::DATE,
        "address" => Marks::BYLINE,
        _ => Marks::default(),
    };
    for names in ["class", "id"].into_iter().filter_map(|wanted| attribute(element, wanted)) {
        marks = marks.with(marks::of_names(&names));
    }
    let is_hidden = attribute(element, "hidden").is_some()
        || attribute(element, "style")
            .is_some_and(|style| style.replace(' ', "").to_ascii_lowercase().contains("display:none"));
    if is_hidden { marks.with(Marks::FOREIGN) } else { marks }
}

fn attribute(element: &Element, wanted: &str) -> Option<String> {
    element.attrs.iter().find(|attribute| &*attribute.name.local == wanted).map(|found| found.value.to_string())
}

/// Whether an element's text stands on lines of its own.
fn is_block(name: &str) -> bool {
    #[rustfmt::skip]
    let inline = matches!(
        name,
        "a" | "abbr" | "acronym" | "b" | "bdi" | "bdo" | "big" | "cite" | "code" | "data" | "del" | "dfn" | "em" | "font" | "i" | "img"
            | "ins" | "kbd" | "label" | "mark" | "q" | "s" | "samp" | "small" | "span" | "strike" | "strong" | "sub" | "sup" | "time" | "tt"
            | "u" | "var" | "wbr" | "picture" | "source" | "meta" | "link" | "ruby" | "rt" | "rp" | "amp-img" | "input"
    );
    !inline
}
