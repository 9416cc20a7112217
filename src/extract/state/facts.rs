//! What an object of a page's state says of a story, by the names of its members.

use serde_json::Value;

use super::Object;

/// Longer texts are no headlines, dates, names or descriptions.
const LONGEST: usize = 2000;

/// The headline.
pub(in crate::extract) fn headline(object: &Object) -> Option<&str> {
    text(object, &["headline", "headlines", "title", "headlineText", "displayTitle", "name"])
}

/// When it was published, as found.
pub(in crate::extract) fn published(object: &Object) -> Option<String> {
    const NAMES: [&str; 21] = [
        "datePublished",
        "publishedAt",
        "published_at",
        "publishDate",
        "publish_date",
        "publishedDate",
        "published_date",
        "firstPublished",
        "firstPublishedAt",
        "first_publish_date",
        "publicationDate",
        "publication_date",
        "publishedOn",
        "published",
        "pubDate",
        "display_date",
        "displayDate",
        "date_gmt",
        "date",
        "created_at",
        "createdAt",
    ];
    date(object, &NAMES)
}

/// When it was changed, as found.
pub(in crate::extract) fn modified(object: &Object) -> Option<String> {
    const NAMES: [&str; 13] = [
        "dateModified",
        "modifiedAt",
        "modified_at",
        "modifiedDate",
        "modified_gmt",
        "modified",
        "updatedAt",
        "updated_at",
        "updateDate",
        "updatedDate",
        "last_updated_date",
        "lastModified",
        "lastUpdated",
    ];
    date(object, &NAMES)
}

/// The address as written: absolute, or a path.
pub(in crate::extract) fn address(object: &Object) -> Option<&str> {
    const NAMES: [&str; 12] = [
        "url",
        "canonicalUrl",
        "canonical_url",
        "permalink",
        "href",
        "link",
        "path",
        "websiteUrl",
        "website_url",
        "uri",
        "webUrl",
        "fullUrl",
    ];
    text(object, &NAMES)
}

/// The last part of the address.
pub(in crate::extract) fn slug(object: &Object) -> Option<&str> {
    text(object, &["slug", "_slug"])
}

/// The outlet's description.
pub(in crate::extract) fn description(object: &Object) -> Option<&str> {
    text(object, &["description", "excerpt", "summary", "dek", "standfirst", "subtitle", "subheadlines", "lead"])
}

/// The section that it stands in.
pub(in crate::extract) fn section(object: &Object) -> Option<&str> {
    ["section", "primarySection", "primary_section", "category", "primaryCategory"].iter().find_map(|name| match object
        .get(*name)?
    {
        Value::Object(section) => text(section, &["name", "title", "label"]),
        other => text_of(other),
    })
}

/// Who wrote it, as written.
pub(in crate::extract) fn authors(object: &Object) -> Vec<&str> {
    const MOST: usize = 20;
    let credits = object.get("credits").and_then(Value::as_object).and_then(|credits| credits.get("by"));
    let named = ["authors", "author", "bylines", "byline", "creators", "creator"];
    let found = named.iter().filter_map(|name| object.get(*name)).chain(credits);
    let names = found.map(|value| match value {
        Value::Array(people) => people.iter().take(MOST).filter_map(name_of).collect(),
        other => name_of(other).into_iter().collect::<Vec<_>>(),
    });
    names.into_iter().find(|names| !names.is_empty()).unwrap_or_default()
}

fn name_of(value: &Value) -> Option<&str> {
    match value {
        Value::Object(person) => {
            let own =
                text(person, &["name", "fullName", "full_name", "displayName", "display_name", "byline", "title"]);
            // the answer of an API wraps what it names: {"node": {"name": …}}
            own.or_else(|| {
                ["node", "author", "attributes", "fields"].iter().find_map(|name| name_of(person.get(*name)?))
            })
        }
        other => text_of(other).filter(|name| name.len() <= 200 && !name.contains("://")),
    }
}

/// A picture as the state writes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::extract) struct Picture<'a> {
    pub url: &'a str,
    pub caption: Option<&'a str>,
    pub credit: Option<&'a str>,
    pub alt: Option<&'a str>,
}

/// The lead picture.
pub(in crate::extract) fn picture(object: &Object) -> Option<Picture<'_>> {
    const NAMES: [&str; 15] = [
        "image",
        "featuredImage",
        "featured_image",
        "leadImage",
        "lead_image",
        "mainImage",
        "heroImage",
        "hero",
        "leadMedia",
        "promo_image",
        "promo_items",
        "thumbnail",
        "thumbnailUrl",
        "picture",
        "images",
    ];
    NAMES.iter().find_map(|name| picture_of(object.get(*name)?, 0))
}

fn picture_of(value: &Value, depth: usize) -> Option<Picture<'_>> {
    const DEEPEST: usize = 4;
    match value {
        Value::String(url) if url.contains('/') && !url.contains(char::is_whitespace) => {
            Some(Picture { url, ..Picture::default() })
        }
        Value::Array(values) => picture_of(values.first()?, depth + 1).filter(|_| depth < DEEPEST),
        Value::Object(object) => {
            let url =
                ["url", "src", "sourceUrl", "source_url", "href"].iter().find_map(|name| object.get(*name)?.as_str());
            let Some(url) = url.filter(|url| url.contains('/')) else {
                let inner = ["basic", "lead_art", "node", "asset", "image", "default", "original", "large"];
                let found = inner.iter().find_map(|name| picture_of(object.get(*name)?, depth + 1))?;
                return (depth < DEEPEST).then(|| described(object, found));
            };
            Some(described(object, Picture { url, ..Picture::default() }))
        }
        _ => None,
    }
}

/// A picture with what an object around it says of it.
fn described<'a>(object: &'a Object, picture: Picture<'a>) -> Picture<'a> {
    let credits = object.get("credits").and_then(Value::as_object);
    let affiliation = || credits.and_then(|credits| name_of(credits.get("by")?.get(0)?));
    Picture {
        caption: picture.caption.or_else(|| text(object, &["caption", "description"])),
        credit: picture.credit.or_else(|| {
            text(object, &["credit", "creditText", "copyright", "photographer", "credit_display"]).or_else(affiliation)
        }),
        alt: picture.alt.or_else(|| text(object, &["alt", "altText", "alt_text"])),
        ..picture
    }
}

/// The story itself as HTML.
pub(in crate::extract) fn body(object: &Object) -> Option<String> {
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

/// The first member that is a text.
fn text<'a>(object: &'a Object, names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| text_of(object.get(*name)?))
}

fn text_of(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text.trim()).filter(|text| !text.is_empty() && text.len() <= LONGEST),
        Value::Object(object) => {
            ["basic", "rendered", "text", "plain", "current", "web"].iter().find_map(|name| object.get(*name)?.as_str())
        }
        _ => None,
    }
}

/// The first member that looks like a date: a text with digits, or a number of seconds or milliseconds.
fn date(object: &Object, names: &[&str]) -> Option<String> {
    const SINCE: u64 = 600_000_000;
    let is_date = |text: &str| text.len() >= 8 && text.bytes().filter(u8::is_ascii_digit).count() >= 6;
    names.iter().find_map(|name| match object.get(*name)? {
        Value::Number(number) => number.as_u64().filter(|number| *number >= SINCE).map(|number| number.to_string()),
        other => text_of(other).filter(|text| is_date(text)).map(str::to_owned),
    })
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
            assert_eq!(body(value.as_object().unwrap()).as_deref(), Some(expected.as_str()), "{value}");
        }
        assert_eq!(body(json!({"body": "Short."}).as_object().unwrap()), None);
    }

    #[test]
    fn people_dates_and_pictures_are_read_in_every_form() {
        for value in [
            json!({"author": "Jo Doe"}),
            json!({"authors": [{"name": "Jo Doe"}]}),
            json!({"author": {"node": {"name": "Jo Doe"}}}),
            json!({"credits": {"by": [{"name": "Jo Doe", "url": "/jo"}]}}),
        ] {
            assert_eq!(authors(value.as_object().unwrap()), ["Jo Doe"], "{value}");
        }
        for (value, expected) in [
            (json!({"publishedAt": "2023-03-01T08:00:00Z"}), Some("2023-03-01T08:00:00Z")),
            (json!({"published": true, "date": 1_677_650_400_000_u64}), Some("1677650400000")),
            (json!({"date": "soon", "createdAt": 7}), None),
        ] {
            assert_eq!(published(value.as_object().unwrap()).as_deref(), expected, "{value}");
        }
        let picture_at = |value: Value| {
            picture(value.as_object().unwrap()).map(|found| (found.url.to_owned(), found.credit.map(str::to_owned)))
        };
        for value in [
            json!({"image": {"url": "/a.jpg", "credit": "Ann"}}),
            json!({"promo_items": {"basic": {"url": "/a.jpg", "credits": {"by": [{"name": "Ann"}]}}}}),
            json!({"mainImage": {"credit": "Ann", "asset": {"url": "/a.jpg"}}}),
        ] {
            assert_eq!(picture_at(value), Some(("/a.jpg".to_owned(), Some("Ann".to_owned()))));
        }
    }
}
