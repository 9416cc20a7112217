//! Microdata of a listing: items of an article's type with their properties.

use url::Url;

use super::evidence::{Stories, Story, claim};
use super::json_ld::is_article;
use super::page::{Kind, Page};
use crate::address;
use crate::markup::{fold_white_space, steps};
use crate::model::{ImageClaim, PersonClaim};

/// Reads the items of a page.
pub(super) fn read(page: &Page<'_>, base: &Url, stories: &mut Stories) {
    const MOST: usize = 500;
    let items = page.items.iter().filter(|(_, kind)| is_article(kind)).take(MOST);
    for (at, _) in items {
        let mut story = Story { structured: Some("microdata"), ..Story::default() };
        let mut link = None;
        for inner in properties(page, *at) {
            let names = page.attribute(inner, "itemprop").unwrap_or_default();
            let value = ["content", "datetime", "href", "src"].iter().find_map(|name| page.attribute(inner, name));
            let value = fold_white_space(&value.unwrap_or_else(|| text_of(page, inner)));
            for name in names.split_ascii_whitespace().filter(|_| !value.is_empty()) {
                match name {
                    "url" | "mainEntityOfPage" if link.is_none() => link = address::resolve(Some(base), &value),
                    "headline" | "name" if story.titles.is_empty() => {
                        story.titles.push(claim("microdata:headline", &value));
                    }
                    "datePublished" if story.published.is_empty() => {
                        story.published.push(claim("microdata:datePublished", &value));
                    }
                    "dateModified" if story.modified.is_empty() => {
                        story.modified.push(claim("microdata:dateModified", &value));
                    }
                    "description" if story.summaries.is_empty() => {
                        story.summaries.push(claim("microdata:description", &value));
                    }
                    "author" if story.authors.is_empty() => story.authors.push(PersonClaim {
                        from: "microdata:author",
                        name: Some(value.clone()),
                        url: None,
                        email: None,
                    }),
                    "image" if story.images.is_empty() => {
                        story.images.extend(address::resolve(Some(base), &value).map(|url| ImageClaim {
                            from: "microdata:image",
                            url,
                            ..ImageClaim::default()
                        }));
                    }
                    _ => {}
                }
            }
        }
        let first = || {
            page.links
                .iter()
                .find(|(node, _)| (*at..page.nodes[*at].end).contains(node))
                .map(|(_, url)| url.to_string())
        };
        let Some(url) = link.or_else(first).filter(|url| address::same_site(url, base.as_str())) else { continue };
        let is_page =
            Url::parse(&url).is_ok_and(|url| url.path().trim_end_matches('/') == base.path().trim_end_matches('/'));
        if !is_page {
            story.url = url;
            stories.add(story);
        }
    }
}

/// The elements that are properties of an item, not of an item inside of it.
fn properties(page: &Page<'_>, item: usize) -> Vec<usize> {
    const MOST: usize = 200;
    let mut found = Vec::new();
    let mut at = item;
    while at < page.nodes[item].end && found.len() < MOST {
        let is_element = page.nodes[at].kind != Kind::Text;
        if is_element && page.attribute(at, "itemprop").is_some() {
            found.push(at);
        }
        let is_inner = is_element && at != item && page.attribute(at, "itemscope").is_some();
        at = if is_inner { page.nodes[at].end } else { at + 1 };
    }
    found
}

/// The text of an element as far as a field is long.
fn text_of(page: &Page<'_>, at: usize) -> String {
    const LONGEST: usize = 1000;
    const MOST_NODES: usize = 500;
    let mut text = String::new();
    for node in page.nodes[at..page.nodes[at].end].iter().take(MOST_NODES) {
        if text.len() >= LONGEST {
            break;
        }
        let cut = node.text.floor_char_boundary(LONGEST - text.len());
        text.push_str(&node.text[..cut]);
    }
    steps::take(text.len());
    text
}
