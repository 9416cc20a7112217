//! Microdata of a listing: items of an article's type with their properties.

use url::Url;

use super::evidence::{Stories, Story, claim};
use super::json_ld::is_article;
use super::page::Page;
use crate::address;
use crate::markup::fold_white_space;
use crate::model::{ImageClaim, PersonClaim};

/// Reads the items of a page.
pub(super) fn read(page: &Page<'_>, base: &Url, stories: &mut Stories) {
    const MOST: usize = 500;
    let items = page.items.iter().filter(|(_, kind)| is_article(kind)).take(MOST);
    for (at, _) in items {
        let mut story = Story { structured: Some("microdata"), ..Story::default() };
        let mut link = None;
        for inner in *at..page.nodes[*at].end {
            let Some(names) = page.attribute(inner, "itemprop") else { continue };
            let value = ["content", "datetime", "href", "src"].iter().find_map(|name| page.attribute(inner, name));
            let value = value.unwrap_or_else(|| page.node(inner).text().to_string());
            let value = fold_white_space(&value);
            for name in names.split_ascii_whitespace().filter(|_| !value.is_empty()) {
                match name {
                    "url" | "mainEntityOfPage" if link.is_none() => link = address::resolve(Some(base), &value),
                    "headline" | "name" if story.titles.is_empty() => {
                        story.titles.push(claim("microdata:headline", &value));
                    }
                    "datePublished" => story.published.push(claim("microdata:datePublished", &value)),
                    "dateModified" => story.modified.push(claim("microdata:dateModified", &value)),
                    "description" => story.summaries.push(claim("microdata:description", &value)),
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
