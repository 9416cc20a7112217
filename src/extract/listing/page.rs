//! One walk over a listing page: its elements in order, its links, its facts.

use dom_query::{Document, Element, NodeData, NodeId, NodeRef};
use url::Url;

use crate::extract::base::Base;
use crate::extract::html::{attribute, is_hidden};
use crate::extract::marks::{self, Marks};
use crate::extract::state;
use crate::markup::fold_white_space;

/// What an element is for a reader of lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Link,
    Time,
    Picture,
    Block,
    Inline,
}

/// One node, in the order of the document.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub id: NodeId,
    pub parent: usize,
    /// Behind its last descendant.
    pub end: usize,
    pub kind: Kind,
    /// Its own marks and, once the walk is over, those of what it stands in.
    pub marks: Marks,
    /// Equal for elements of one name and class.
    pub shape: u64,
    /// Of text nodes, as written.
    pub text: String,
}

/// What the walk found.
pub(super) struct Page<'d> {
    pub document: &'d Document,
    pub nodes: Vec<Node>,
    /// Links with the address as resolved, in the order of the document.
    pub links: Vec<(usize, Url)>,
    /// `application/ld+json`.
    pub linked_data: Vec<String>,
    /// Scripts that hold the page's state as JSON.
    pub states: Vec<String>,
    /// Elements that are items of microdata, with the local name of their type.
    pub items: Vec<(usize, String)>,
    /// `rel=alternate` feeds: address and title.
    pub feeds: Vec<(String, String)>,
    /// The root of a `WordPress` API.
    pub api: Option<String>,
    pub next: Option<String>,
    pub title: Option<String>,
    pub site_name: Option<String>,
    pub language: Option<String>,
    /// Whether the page says of itself that it is one article.
    pub says_article: bool,
}

/// Pages with more nodes, or more links, are read no further: of a list 500 stories are taken.
const MOST_NODES: usize = 100_000;
const MOST_LINKS: usize = 4_000;

enum Step<'a> {
    Enter(NodeRef<'a>, usize),
    Leave(usize),
}

/// Walks the whole tree.
pub(super) fn walk<'d>(document: &'d Document, base: &Url) -> Page<'d> {
    let mut page = Page::of(document);
    let mut base = Base::new(base.clone());
    let mut stack = vec![Step::Enter(document.root(), 0)];
    while let Some(step) = stack.pop() {
        match step {
            Step::Leave(at) => page.nodes[at].end = page.nodes.len(),
            Step::Enter(node, parent) => {
                if page.nodes.len() >= MOST_NODES || page.links.len() >= MOST_LINKS {
                    continue;
                }
                if let Some(at) = enter(&mut page, &node, parent, &mut base) {
                    stack.push(Step::Leave(at));
                    stack.extend(node.children_it(true).map(|child| Step::Enter(child, at)));
                }
            }
        }
    }
    inherit(&mut page);
    page
}

/// Notes a node; its place, where its children are to be seen.
fn enter(page: &mut Page<'_>, node: &NodeRef<'_>, parent: usize, base: &mut Base) -> Option<usize> {
    let at = page.nodes.len();
    let push = |page: &mut Page<'_>, kind, marks, shape, text| {
        page.nodes.push(Node { id: node.id, parent, end: at + 1, kind, marks, shape, text });
    };
    let text = node.query_or(None, |tree_node| match &tree_node.data {
        NodeData::Text { contents } => Some(contents.clone()),
        _ => None,
    });
    if let Some(text) = text {
        // white space between two links is a space to a reader
        let text = if text.trim().is_empty() { " ".to_owned() } else { text.to_string() };
        push(page, Kind::Text, Marks::default(), 0, text);
        return None;
    }
    let Some(element) = node.element_ref() else {
        if node.is_document() || node.is_fragment() {
            push(page, Kind::Block, Marks::default(), 0, String::new());
            return Some(at);
        }
        return None;
    };
    let name = &*element.name.local;
    if !facts(page, node, (name, &element), base) {
        return None;
    }
    if attribute(&element, "itemscope").is_some()
        && let Some(kind) = attribute(&element, "itemtype")
    {
        let kind = kind.trim().rsplit('/').next().unwrap_or_default().to_owned();
        page.items.push((at, kind));
    }
    let kind = match name {
        "a" => Kind::Link,
        "time" => Kind::Time,
        "img" | "amp-img" => Kind::Picture,
        _ if is_inline(name) => Kind::Inline,
        _ => Kind::Block,
    };
    if kind == Kind::Link
        && let Some(href) = attribute(&element, "href")
        && let Some(url) = crate::address::resolve(Some(&base.url), href).and_then(|url| Url::parse(&url).ok())
        && matches!(url.scheme(), "http" | "https")
    {
        page.links.push((at, url));
    }
    let marks = own_marks(name, &element);
    push(page, kind, marks, shape(name, &element), String::new());
    Some(at)
}

/// Reads what tells of the page; `false` where nothing inside is for readers.
fn facts(page: &mut Page<'_>, node: &NodeRef<'_>, (name, element): (&str, &Element), base: &mut Base) -> bool {
    let attribute = |wanted: &str| attribute(element, wanted);
    match name {
        "script" => {
            script(page, node, (attribute("type").unwrap_or_default(), attribute("id").unwrap_or_default()));
            return false;
        }
        "style" | "template" | "svg" | "math" | "iframe" | "select" | "textarea" | "noscript" | "object" => {
            return false;
        }
        "title" => {
            page.title.get_or_insert_with(|| fold_white_space(&node.text()));
            return false;
        }
        "html" => page.language = attribute("lang").filter(|language| !language.trim().is_empty()).map(str::to_owned),
        "base" => {
            if let Some(href) = attribute("href") {
                base.name(href);
            }
        }
        "link" | "a" => {
            let Some(rel) = attribute("rel").map(str::to_ascii_lowercase) else { return true };
            let Some(address) = attribute("href").and_then(|href| crate::address::resolve(Some(&base.url), href))
            else {
                return true;
            };
            let has = |wanted: &str| rel.split_ascii_whitespace().any(|word| word == wanted);
            if has("next") && page.next.is_none() {
                page.next = Some(address);
            } else if name == "link" && rel == "https://api.w.org/" {
                page.api = Some(address);
            } else if name == "link" && has("alternate") && is_feed(attribute("type")) {
                page.feeds.push((address, attribute("title").unwrap_or_default().to_owned()));
            }
        }
        "meta" => {
            let key = attribute("property").or_else(|| attribute("name")).unwrap_or_default();
            let content = attribute("content").unwrap_or_default();
            match key.to_ascii_lowercase().as_str() {
                "og:site_name" => page.site_name = Some(fold_white_space(content)).filter(|name| !name.is_empty()),
                "og:type" => page.says_article |= content.trim().eq_ignore_ascii_case("article"),
                "article:published_time" => page.says_article = true,
                _ => {}
            }
        }
        _ => {}
    }
    true
}

fn is_feed(kind: Option<&str>) -> bool {
    let kind = kind.unwrap_or_default().trim().to_ascii_lowercase();
    ["application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"]
        .contains(&kind.as_str())
}

/// Keeps scripts that hold data.
fn script(page: &mut Page<'_>, node: &NodeRef<'_>, (kind, id): (&str, &str)) {
    let text = node.text();
    if kind.to_ascii_lowercase().contains("ld+json") {
        page.linked_data.push(text.to_string());
    } else if state::is_state(kind, id, &text) {
        page.states.push(text.to_string());
    }
}

/// Adds to each node the marks of what it stands in. What holds much of a page is misnamed: a tag
/// holds no cards, an advertisement not half of the page.
fn inherit(page: &mut Page<'_>) {
    const SMALL: usize = 60;
    let of_small = Marks::TAG.with(Marks::PERSON).with(Marks::DATE).with(Marks::SUMMARY).with(Marks::TITLE);
    let all = page.nodes.len();
    for at in 0..all {
        let above = if at == 0 { Marks::default() } else { page.nodes[page.nodes[at].parent].marks };
        let node = &mut page.nodes[at];
        let size = node.end - at;
        if size > SMALL {
            node.marks = node.marks.without(of_small);
        }
        if size * 2 > all {
            node.marks = node.marks.without(Marks::CHROME.with(Marks::ADVERT).with(Marks::HIDDEN).with(Marks::ASIDE));
        }
        node.marks = node.marks.with(above);
    }
}

/// The marks of an element itself.
fn own_marks(name: &str, element: &Element) -> Marks {
    if matches!(name, "html" | "body" | "main") {
        return Marks::default();
    }
    let mut marks = match name {
        "nav" | "footer" | "dialog" | "form" => Marks::CHROME,
        "aside" => Marks::ASIDE,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Marks::HEADING,
        "article" => Marks::STORY,
        "time" => Marks::DATE,
        _ => Marks::default(),
    };
    for names in ["class", "id"].into_iter().filter_map(|wanted| attribute(element, wanted)) {
        marks = marks.with(marks::on_listing(names));
    }
    if attribute(element, "role")
        .is_some_and(|role| matches!(role.trim(), "navigation" | "search" | "contentinfo" | "banner"))
    {
        marks = marks.with(Marks::CHROME);
    }
    if is_hidden(element) {
        marks = marks.with(Marks::HIDDEN);
    }
    for word in attribute(element, "rel").unwrap_or_default().split_ascii_whitespace() {
        marks = marks.with(match word.to_ascii_lowercase().as_str() {
            "sponsored" => Marks::ADVERT,
            "author" => Marks::PERSON,
            "tag" => Marks::TAG,
            _ => Marks::default(),
        });
    }
    marks
}

/// A hash over name and classes, numbers left out: they count elements.
fn shape(name: &str, element: &Element) -> u64 {
    let class = attribute(element, "class").unwrap_or_default();
    let mut text = String::with_capacity(name.len() + class.len() + 1);
    text.push_str(name);
    text.push(' ');
    text.extend(class.split(|character: char| character.is_ascii_digit()));
    xxhash_rust::xxh3::xxh3_64(text.as_bytes())
}

fn is_inline(name: &str) -> bool {
    #[rustfmt::skip]
    let inline = matches!(
        name,
        "abbr" | "b" | "bdi" | "bdo" | "big" | "cite" | "code" | "em" | "font" | "i" | "ins" | "label" | "mark" | "q" | "s" | "small"
            | "span" | "strong" | "sub" | "sup" | "u" | "wbr" | "picture" | "source" | "meta" | "link" | "ruby" | "data"
    );
    inline
}

impl<'d> Page<'d> {
    fn of(document: &'d Document) -> Self {
        Self {
            document,
            nodes: Vec::new(),
            links: Vec::new(),
            linked_data: Vec::new(),
            states: Vec::new(),
            items: Vec::new(),
            feeds: Vec::new(),
            api: None,
            next: None,
            title: None,
            site_name: None,
            language: None,
            says_article: false,
        }
    }

    /// The node of the tree at a place.
    pub fn node(&self, at: usize) -> NodeRef<'d> {
        NodeRef::new(self.nodes[at].id, &self.document.tree)
    }

    /// An attribute of the element at a place.
    pub fn attribute(&self, at: usize, name: &str) -> Option<String> {
        self.node(at).attr(name).map(|value| value.to_string())
    }
}
