//! The operator's own CSS selectors, in place of what is found by itself.

use dom_query::{Document as Tree, NodeRef};
use url::Url;

use super::base::Base;
use super::{decode, html, listing};
use crate::address;
use crate::markup::{self, DEPTH_LIMIT, depth_exceeds, fold_white_space};
use crate::model::{Claim, Document, ImageClaim, PersonClaim, RawArticle, Select, Text};

/// What selectors found in a document.
#[derive(Debug, Default)]
pub struct Selected {
    /// The stories of a list, or the one of a page.
    pub items: Vec<RawArticle>,
    /// How many elements each given selector matched.
    pub counts: Vec<(&'static str, usize)>,
}

/// Most stories of a list.
const MOST: usize = 500;

/// The stories of a list as the selectors find them: within each `item`, else at each `link`.
#[must_use]
pub fn of_list(document: &Document, select: &Select) -> Selected {
    read(document, |tree, base, selected| {
        let Some(wanted) = select.item.as_ref().or(select.link.as_ref()) else { return };
        let places = tree.select(wanted).nodes().to_vec();
        count(selected, if select.item.is_some() { "item" } else { "link" }, places.len());
        for place in places.iter().take(MOST) {
            let link = match (&select.item, &select.link) {
                (Some(_), Some(link)) => within(place, link).into_iter().next(),
                _ if place.has_name("a") => Some(*place),
                _ => within(place, "a[href]").into_iter().next(),
            };
            if select.item.is_some() && select.link.is_some() {
                count(selected, "link", usize::from(link.is_some()));
            }
            let href = link.and_then(|link| link.attr("href")).or_else(|| place.attr("href"));
            let Some(url) = href.and_then(|href| address::resolve(Some(base), &href)) else { continue };
            let mut item = RawArticle { base: Some(base.clone()), ..RawArticle::default() };
            fields(&mut item, select, (*place, base, selected));
            if item.titles.is_empty() {
                let text = link.map(|link| fold_white_space(&link.text())).filter(|text| !text.is_empty());
                item.titles.extend(text.map(|text| listing::claim("select:link", &text)));
            }
            item.urls.push(listing::claim("select:link", &url));
            let title = item.titles.first().map_or("", |claim| claim.text.text.as_str());
            item.fingerprint = listing::fingerprint(&url, title, "");
            selected.items.push(item);
        }
    })
}

/// The fields of an article's page as the selectors find them.
#[must_use]
pub fn of_page(document: &Document, select: &Select) -> Selected {
    read(document, |tree, base, selected| {
        let root = tree.root();
        let mut item = RawArticle::default();
        fields(&mut item, select, (root, base, selected));
        if let Some(body) = &select.body {
            let found = within(&root, body);
            count(selected, "body", found.len());
            let html: String = found.iter().take(MOST).map(|node| node.html().to_string()).collect();
            if !html.is_empty() {
                item.bodies.push(Claim { from: "select:body", text: Text::html(html) });
            }
        }
        selected.items.push(item);
    })
}

fn read(document: &Document, find: impl FnOnce(&Tree, &Url, &mut Selected)) -> Selected {
    let mut selected = Selected::default();
    let decoded = decode::decode(&document.body, document.charset());
    let text = decoded.text.as_ref();
    if !depth_exceeds(text.as_bytes(), DEPTH_LIMIT) && !html::is_crowded(text) {
        let tree = Tree::from(text);
        let mut base = Base::new(document.base());
        for href in tree.select("base[href]").nodes().iter().filter_map(|node| node.attr("href")) {
            base.name(&href);
        }
        find(&tree, &base.url, &mut selected);
    }
    selected
}

fn within<'a>(place: &NodeRef<'a>, css: &str) -> Vec<NodeRef<'a>> {
    dom_query::Selection::from(*place).select(css).nodes().to_vec()
}

fn count(selected: &mut Selected, name: &'static str, matches: usize) {
    match selected.counts.iter_mut().find(|(known, _)| *known == name) {
        Some((_, known)) => *known += matches,
        None => selected.counts.push((name, matches)),
    }
}

/// Reads the fields that stand in a list as well as on a page.
fn fields(item: &mut RawArticle, select: &Select, (place, base, selected): (NodeRef<'_>, &Url, &mut Selected)) {
    let mut first = |name, css: &Option<String>| {
        let found = within(&place, css.as_deref()?);
        count(selected, name, found.len());
        found.into_iter().next()
    };
    let text = |node: NodeRef<'_>| Some(fold_white_space(&node.text())).filter(|text| !text.is_empty());
    if let Some(text) = first("title", &select.title).and_then(text) {
        item.titles.push(listing::claim("select:title", &text));
    }
    if let Some(node) = first("date", &select.date) {
        let written = node.attr("datetime").or_else(|| node.attr("content")).map(|date| date.to_string());
        let date = written.filter(|date| !date.trim().is_empty()).or_else(|| text(node));
        item.published.extend(date.map(|date| listing::claim("select:date", &date)));
    }
    if let Some(name) = first("author", &select.author).and_then(text) {
        item.authors.push(PersonClaim { from: "select:author", name: Some(name), url: None, email: None });
    }
    if let Some(node) = first("image", &select.image) {
        let picture = markup::first_image(&node.html()).map(|picture| picture.address);
        let content = node.attr("content").map(|content| content.to_string());
        let url = picture.or(content).and_then(|address| address::resolve(Some(base), &address));
        item.images.extend(url.map(|url| ImageClaim { from: "select:image", url, ..ImageClaim::default() }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<base href="https://courier.example/x/"><ul>
        <li class=c><h3>Third ship</h3><i>3 March 2026</i><a href=third>go</a><img src=/s.jpg></li>
        <li class=c><h3>Salt gets dearer</h3><a href=salt>go</a></li></ul>
        <div class=b><p>One.</p></div><div class=b><p>Two.</p></div>"#;

    fn document() -> Document {
        Document {
            url: "https://courier.example/".parse().unwrap(),
            body: PAGE.into(),
            content_type: None,
            content_location: None,
            fetched_at: "2026-11-24T08:00:00Z".parse().unwrap(),
        }
    }

    fn select(css: [&str; 7]) -> Select {
        let [item, link, title, date, author, image, body] =
            css.map(|css| Some(css.to_owned()).filter(|css| !css.is_empty()));
        Select { item, link, title, date, author, image, body }
    }

    #[test]
    fn items_are_read_field_by_field() {
        let select = select(["li.c", "", "h3", "i", ".no", "img", ""]);
        let selected = of_list(&document(), &select);
        assert_eq!(selected.items.len(), 2);
        let first = &selected.items[0];
        assert_eq!(first.urls[0].text.text, "https://courier.example/x/third");
        assert_eq!(first.titles[0].text.text, "Third ship");
        assert_eq!(first.published[0].text.text, "3 March 2026");
        assert_eq!(first.images[0].url, "https://courier.example/s.jpg");
        assert_eq!(selected.counts, [("item", 2), ("title", 2), ("date", 1), ("author", 0), ("image", 1)]);
    }

    #[test]
    fn links_alone_are_enough_and_bodies_are_joined() {
        let links = of_list(&document(), &select(["", "li a", "", "", "", "", ""]));
        let titles: Vec<&str> = links.items.iter().map(|item| item.titles[0].text.text.as_str()).collect();
        assert_eq!((titles, links.counts), (vec!["go", "go"], vec![("link", 2)]));
        let page = of_page(&document(), &select(["", "", "", "", "", "", ".b"]));
        assert!(
            page.items[0].bodies[0].text.text.contains("One.") && page.items[0].bodies[0].text.text.contains("Two.")
        );
    }
}
