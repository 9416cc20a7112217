//! The story itself in an object of a page's state: a text, or blocks of it.

use serde_json::Value;

use super::Object;

/// The story itself as HTML.
pub(in crate::extract) fn of(object: &Object) -> Option<String> {
    const NAMES: [&str; 13] = [
        "articleBody",
        "body",
        "content_elements",
        "content",
        "contentHtml",
        "bodyHtml",
        "body_html",
        "html",
        "story",
        "text",
        "paragraphs",
        "blocks",
        "elements",
    ];
    const SHORTEST: usize = 200;
    NAMES.iter().find_map(|name| {
        let mut html = String::new();
        write_body(object.get(*name)?, 0, &mut html);
        (html.len() > SHORTEST).then_some(html)
    })
}

/// Kinds of blocks that are not text of the story.
const OTHER_BLOCKS: [&str; 18] = [
    "image",
    "video",
    "gallery",
    "advert",
    "ad_",
    "promo",
    "newsletter",
    "embed",
    "interstitial",
    "related",
    "link_list",
    "linklist",
    "oembed",
    "social",
    "raw_html",
    "rawhtml",
    "comment",
    "recommend",
];

/// Writes a body: a text, or blocks of it.
fn write_body(value: &Value, depth: usize, html: &mut String) {
    const DEEPEST: usize = 8;
    const MOST_BYTES: usize = 8 << 20;
    if depth > DEEPEST || html.len() > MOST_BYTES {
        return;
    }
    match value {
        Value::String(text) => write_text(text, "p", html),
        Value::Array(blocks) => blocks.iter().for_each(|block| write_body(block, depth + 1, html)),
        Value::Object(block) => write_block(block, depth, html),
        _ => {}
    }
}

fn write_block(block: &Object, depth: usize, html: &mut String) {
    let kind = ["type", "_type", "__typename", "kind", "component"].iter().find_map(|name| block.get(*name)?.as_str());
    let kind = kind.unwrap_or_default().to_ascii_lowercase();
    if kind == "ad" || OTHER_BLOCKS.iter().any(|other| kind.contains(other)) {
        return;
    }
    let style = block.get("style").and_then(Value::as_str).unwrap_or_default();
    let is_heading = kind.contains("head") || style.starts_with('h');
    let name = match () {
        () if is_heading => "h2",
        () if kind.contains("list_item") || kind.contains("listitem") => "li",
        () => "p",
    };
    // spans of one paragraph: [{"text": "One "}, {"text": "line."}]
    if let Some(Value::Array(spans)) = block.get("children") {
        let line: String =
            spans.iter().filter_map(|span| span.get("text").or_else(|| span.get("value"))?.as_str()).collect();
        if !line.trim().is_empty() {
            write_text(&line, name, html);
            return;
        }
    }
    for member in ["content", "text", "html", "value", "body", "rendered", "paragraph"] {
        if let Some(Value::String(text)) = block.get(member).filter(|text| text.as_str().is_some_and(is_text)) {
            write_text(text, name, html);
            return;
        }
    }
    let members = [
        "content_elements",
        "content",
        "items",
        "children",
        "blocks",
        "elements",
        "body",
        "data",
        "model",
        "paragraphs",
    ];
    let Some(inner) = members.iter().find_map(|member| block.get(*member).filter(|value| !value.is_string())) else {
        return;
    };
    let is_list = kind.contains("list");
    html.push_str(if is_list { "<ul>" } else { "" });
    write_body(inner, depth + 1, html);
    html.push_str(if is_list { "</ul>" } else { "" });
}

fn is_text(text: &str) -> bool {
    text.contains(char::is_alphabetic)
}

/// Writes a text: markup as it is, plain lines as elements of a name.
fn write_text(text: &str, name: &str, html: &mut String) {
    let text = text.trim();
    let has_blocks = ["<p", "<br", "<h2", "<ul", "<div", "<blockquote"].iter().any(|tag| text.contains(tag));
    if has_blocks {
        html.push_str(text);
        return;
    }
    // links and emphasis stay; a bare sign of less-than is the sanitizer's to mend
    let has_markup = text.contains("</") || text.contains("&amp;") || text.contains("&nbsp;");
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let escaped = if has_markup { None } else { Some(line.replace('&', "&amp;").replace('<', "&lt;")) };
        html.push_str(&["<", name, ">", escaped.as_deref().unwrap_or(line), "</", name, ">\n"].concat());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn bodies_are_read_in_every_form() {
        let long =
            "Ships sail at noon and at night, as they did in the years before the harbour was built anew by the town. "
                .repeat(3);
        let long = long.trim();
        let p = format!("<p>{long}</p>\n");
        for (value, expected) in [
            (json!({"body": long}), p.clone()),
            (json!({"articleBody": format!("<p>{long}</p>")}), format!("<p>{long}</p>")),
            (
                json!({"content_elements": [
                    {"type": "text", "content": long}, {"type": "image", "caption": "x", "content": long},
                    {"type": "header", "content": "Then"}, {"type": "list", "items": [{"type": "text", "content": "One"}]}
                ]}),
                format!("{p}<h2>Then</h2>\n<ul><p>One</p>\n</ul>"),
            ),
            (
                json!({"content": [{"_type": "block", "style": "normal", "children": [{"text": long}, {"text": " & more"}]}]}),
                format!("<p>{long} &amp; more</p>\n"),
            ),
            (json!({"body": {"blocks": [{"kind": "paragraph", "text": long}]}}), p.clone()),
        ] {
            assert_eq!(of(value.as_object().unwrap()).as_deref(), Some(expected.as_str()), "{value}");
        }
        assert_eq!(of(json!({"body": "Short."}).as_object().unwrap()), None);
    }
}
