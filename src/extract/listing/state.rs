//! State that a page's scripts start from, as JSON: Next, Nuxt, Apollo and the like.
//!
//! Nobody documents these; what is read is any object that has an address and a headline.

use serde_json::{Map, Value};
use url::Url;

use super::evidence::{Stories, Story, claim};
use super::title;
use crate::address;
use crate::extract::html::parse_script;
use crate::model::ImageClaim;

type Object = Map<String, Value>;

/// Reads the scripts; of an object without an address of its own, `is_linked` tells whether a path
/// is one that the page links to.
pub(super) fn read(scripts: &[String], base: &Url, is_linked: &dyn Fn(&str) -> Option<String>, stories: &mut Stories) {
    const MOST: usize = 20_000;
    for script in scripts {
        let Some(root) = parse(script) else { continue };
        let mut left = MOST;
        let mut stack = vec![(&root, 0)];
        while let Some((value, depth)) = stack.pop() {
            if left == 0 || depth > 24 {
                continue;
            }
            left -= 1;
            match value {
                Value::Array(values) => stack.extend(values.iter().rev().map(|value| (value, depth + 1))),
                Value::Object(object) => {
                    stories_of(object, base, is_linked, stories);
                    let inner: Vec<_> = object.values().filter(|value| value.is_object() || value.is_array()).collect();
                    stack.extend(inner.into_iter().rev().map(|value| (value, depth + 1)));
                }
                _ => {}
            }
        }
    }
}

/// A script that is JSON, or that assigns JSON to a variable.
fn parse(script: &str) -> Option<Value> {
    let text = script.trim();
    if text.starts_with(['{', '[']) {
        return parse_script(text);
    }
    let at = ["_STATE__", "__DATA__", "NEXT_DATA__"].iter().filter_map(|name| text.find(name)).min()?;
    let begin = at + text[at..].find(['{', '['])?;
    let mut values = serde_json::Deserializer::from_str(&text[begin..]).into_iter::<Value>();
    values.next()?.ok()
}

fn stories_of(object: &Object, base: &Url, is_linked: &dyn Fn(&str) -> Option<String>, stories: &mut Stories) {
    let text = |names: &[&str]| names.iter().find_map(|name| text_of(object.get(*name)));
    let Some(headline) = text(&["headline", "title", "headlineText", "displayTitle", "name"]) else { return };
    let date = text(&[
        "datePublished",
        "publishedAt",
        "published_at",
        "publishDate",
        "publish_date",
        "publishedDate",
        "firstPublished",
        "pubDate",
        "date",
        "created_at",
        "createdAt",
        "display_date",
        "displayDate",
        "first_publish_date",
    ]);
    let dated = date.is_some_and(|date| date.len() >= 8 && date.bytes().filter(u8::is_ascii_digit).count() >= 6);
    if title::words(headline) < 3.0 && !dated {
        return;
    }
    let written = text(&[
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
    ]);
    let slug = || text(&["slug", "_slug"]);
    let url = match written.filter(|written| written.contains('/')) {
        Some(written) if written.starts_with("http") => address::resolve(Some(base), written),
        // a path is believed where the page links to it, or where the object is dated like a story
        Some(written) => address::resolve(Some(base), written)
            .filter(|url| is_linked(url).is_some() || dated && title::words(headline) >= 3.0),
        None => slug().filter(|slug| slug.len() >= 8).and_then(is_linked),
    };
    let Some(url) = url.filter(|url| address::same_site(url, base.as_str())) else { return };
    // links of menus stand in the state too: the story needs a date, or a link of the page
    if !dated && is_linked(&url).is_none() {
        return;
    }
    let mut story = Story::at(url);
    story.structured = dated.then_some("state");
    story.titles.push(claim("state:headline", headline));
    story.published.extend(date.filter(|_| dated).map(|date| claim("state:date", date)));
    let summary = text(&["description", "excerpt", "summary", "dek", "standfirst", "subtitle"]);
    story.summaries.extend(summary.map(|summary| claim("state:description", summary)));
    let image = ["image", "featuredImage", "thumbnail", "promo_image", "leadImage"]
        .iter()
        .find_map(|name| image_of(object.get(*name)?));
    story.images.extend(image.and_then(|image| address::resolve(Some(base), image)).map(|url| ImageClaim {
        from: "state:image",
        url,
        ..ImageClaim::default()
    }));
    stories.add(story);
}

fn image_of(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) if text.contains('/') => Some(text),
        Value::Object(object) => ["url", "src", "sourceUrl"].iter().find_map(|name| object.get(*name)?.as_str()),
        _ => None,
    }
}

fn text_of(value: Option<&Value>) -> Option<&str> {
    match value? {
        Value::String(text) => Some(text.trim()).filter(|text| !text.is_empty() && text.len() <= 2000),
        Value::Object(object) => {
            ["basic", "rendered", "text", "plain", "current", "web"].iter().find_map(|name| object.get(*name)?.as_str())
        }
        _ => None,
    }
}
