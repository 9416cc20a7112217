//! Microdata (`itemprop`, HTML §5) and `RDFa` (`property`) in the vocabulary of schema.org.

use dom_query::{Document, NodeId, NodeRef};
use url::Url;

use super::claims::Claims;
use super::json_ld::split_keywords;
use crate::address;
use crate::markup::fold_white_space;
use crate::model::{Field, ImageClaim, PersonClaim};

/// The item that a property belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Item {
    /// None was begun.
    #[default]
    None,
    Article,
    Person,
    Picture,
    Other,
}

impl Item {
    /// The kind of an `itemtype`.
    pub fn of(itemtype: &str) -> Self {
        match itemtype.trim().rsplit('/').next().unwrap_or_default() {
            kind if kind.ends_with("Article")
                || matches!(kind, "BlogPosting" | "LiveBlogPosting" | "VideoObject" | "Review" | "Recipe") =>
            {
                Self::Article
            }
            "Person" => Self::Person,
            "ImageObject" => Self::Picture,
            "WebPage" | "ItemPage" => Self::None,
            _ => Self::Other,
        }
    }
}

impl Item {
    /// The kind of an `RDFa` `typeof`, where it is one of these; other vocabularies say nothing.
    pub fn of_rdfa(kinds: &str) -> Option<Self> {
        let local = |kind: &str| Self::of(kind.rsplit([':', '/', '#']).next().unwrap_or(kind));
        kinds
            .split_ascii_whitespace()
            .map(local)
            .find(|kind| matches!(kind, Self::Article | Self::Person | Self::Picture))
    }
}

/// Names of `RDFa` properties without the prefix of their vocabulary.
pub(super) fn local_names(names: &str) -> String {
    let local: Vec<&str> =
        names.split_ascii_whitespace().map(|name| name.rsplit([':', '/', '#']).next().unwrap_or(name)).collect();
    local.join(" ")
}

/// One `itemprop`, or one `property` of `RDFa`.
#[derive(Clone, Debug)]
pub(super) struct Property {
    /// One or several names.
    pub names: String,
    /// The value, where an attribute holds it.
    pub value: Option<String>,
    pub node: NodeId,
    pub item: Item,
    pub foreign: bool,
}

/// Reads the properties that tell of the article.
pub(super) fn read(document: &Document, properties: &[Property], base: &Url, claims: &mut Claims) {
    const LONGEST: usize = 1000;
    const MOST_INSIDE: usize = 40;
    let text_of = |node: NodeId| {
        let text = NodeRef::new(node, &document.tree).text();
        fold_white_space(&text[..text.floor_char_boundary(LONGEST)])
    };
    for (place, property) in properties.iter().enumerate().filter(|(_, property)| !property.foreign) {
        let of_article = matches!(property.item, Item::Article | Item::None);
        if !of_article {
            continue;
        }
        let value = || property.value.clone().unwrap_or_else(|| text_of(property.node));
        for name in property.names.split_ascii_whitespace() {
            match name {
                "headline" => {
                    let text = text_of(property.node);
                    let text = if text.is_empty() { value() } else { text };
                    claims.add((Field::Title, 4, "microdata:headline"), &text);
                }
                "datePublished" => claims.add((Field::DatePublished, 4, "microdata:datePublished"), &value()),
                "dateModified" => claims.add((Field::DateModified, 4, "microdata:dateModified"), &value()),
                "description" => claims.add((Field::Summary, 6, "microdata:description"), &value()),
                "articleSection" => claims.add((Field::Section, 4, "microdata:articleSection"), &value()),
                "inLanguage" => claims.add((Field::Language, 5, "microdata:inLanguage"), &value()),
                "keywords" => split_keywords(&value()).take(50).for_each(|keyword| {
                    claims.add((Field::Tags, 6, "microdata:keywords"), keyword);
                }),
                "author" | "creator" => {
                    // what stands in an element follows it
                    let inside = properties[place + 1..].iter().take(MOST_INSIDE).find(|inner| {
                        inner.item != Item::Article
                            && inner.names.split_ascii_whitespace().any(|name| name == "name")
                            && is_within(document, inner.node, property.node)
                    });
                    let named = inside.unwrap_or(property);
                    let text = text_of(named.node);
                    let name = if text.is_empty() { named.value.clone().unwrap_or_default() } else { text };
                    if name.contains("://") {
                        continue;
                    }
                    let author = PersonClaim { from: "microdata:author", name: Some(name), url: None, email: None };
                    claims.add_author(4, author);
                }
                "image" | "thumbnailUrl" => {
                    let address = property.value.as_deref().and_then(|value| address::resolve(Some(base), value));
                    if let Some(url) = address {
                        claims.add_image(5, ImageClaim { from: "microdata:image", url, ..ImageClaim::default() });
                    }
                }
                _ => {}
            }
        }
    }
}

fn is_within(document: &Document, node: NodeId, ancestor: NodeId) -> bool {
    const FAR: usize = 6;
    NodeRef::new(node, &document.tree).ancestors_it(Some(FAR)).any(|found| found.id == ancestor)
}
