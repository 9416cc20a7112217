//! What a single element says of itself.

use dom_query::Element;

use crate::extract::marks::{self, Marks};

/// The marks of an element itself.
pub(super) fn own_marks(name: &str, element: &Element) -> Marks {
    let mut marks = match name {
        "nav" | "aside" | "footer" | "dialog" | "form" => Marks::FOREIGN,
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
        marks = marks.with(marks::on_article(names));
    }
    if is_hidden(element) { marks.with(Marks::FOREIGN) } else { marks }
}

/// Whether an element says itself that it is not shown.
pub(in crate::extract) fn is_hidden(element: &Element) -> bool {
    attribute(element, "hidden").is_some()
        || attribute(element, "style")
            .is_some_and(|style| style.replace(' ', "").to_ascii_lowercase().contains("display:none"))
}

pub(in crate::extract) fn attribute<'e>(element: &'e Element, wanted: &str) -> Option<&'e str> {
    element.attrs.iter().find(|attribute| &*attribute.name.local == wanted).map(|found| &*found.value)
}

/// Whether an element's text stands on lines of its own.
pub(super) fn is_block(name: &str) -> bool {
    #[rustfmt::skip]
    let inline = matches!(
        name,
        "a" | "abbr" | "acronym" | "b" | "bdi" | "bdo" | "big" | "cite" | "code" | "data" | "del" | "dfn" | "em" | "font" | "i" | "img"
            | "ins" | "kbd" | "label" | "mark" | "q" | "s" | "samp" | "small" | "span" | "strike" | "strong" | "sub" | "sup" | "time" | "tt"
            | "u" | "var" | "wbr" | "picture" | "source" | "meta" | "link" | "ruby" | "rt" | "rp" | "amp-img" | "input"
    );
    !inline
}
