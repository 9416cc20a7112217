//! JSON-LD of a listing: `ItemList`, and articles that are not the page itself.

use serde_json::{Map, Value};
use url::Url;

use super::evidence::{Stories, Story, claim};
use crate::address;
use crate::extract::json::parse;
use crate::model::{ImageClaim, PersonClaim};

type Object = Map<String, Value>;

/// Reads all scripts of a page.
pub(super) fn read(scripts: &[String], base: &Url, stories: &mut Stories) {
    for script in scripts {
        if let Some(root) = parse(script) {
            gather(&root, (0, base), stories);
        }
    }
}

fn gather(value: &Value, (depth, base): (usize, &Url), stories: &mut Stories) {
    const DEEPEST: usize = 12;
    const MOST: usize = 2000;
    if depth > DEEPEST || stories.list.len() > MOST {
        return;
    }
    match value {
        Value::Array(values) => values.iter().for_each(|value| gather(value, (depth + 1, base), stories)),
        Value::Object(object) => {
            let kinds = kinds(object);
            let is = |wanted: &[&str]| kinds.iter().any(|kind| wanted.contains(kind));
            if is(&["BreadcrumbList", "SiteNavigationElement", "WPHeader", "WPFooter", "Product", "Event"]) {
                return;
            }
            let is_entry = is(&["ListItem"]) && !object.contains_key("item");
            if is_entry || kinds.iter().any(|kind| is_article(kind)) {
                stories_of(object, base, stories);
            }
            // comments and related texts of one article are no list
            let skipped = |key: &str| matches!(key, "comment" | "author" | "publisher" | "image");
            for (_, value) in object.iter().filter(|(key, _)| !skipped(key)) {
                gather(value, (depth + 1, base), stories);
            }
        }
        _ => {}
    }
}

fn kinds(object: &Object) -> Vec<&str> {
    let local = |kind: &'_ str| -> usize { kind.rfind(['/', ':', '#']).map_or(0, |at| at + 1) };
    match object.get("@type") {
        Some(Value::String(kind)) => vec![&kind[local(kind)..]],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).map(|kind| &kind[local(kind)..]).collect(),
        _ => Vec::new(),
    }
}

pub(super) fn is_article(kind: &str) -> bool {
    kind.ends_with("Article")
        || matches!(
            kind,
            "BlogPosting" | "LiveBlogPosting" | "Report" | "Review" | "Recipe" | "VideoObject" | "PodcastEpisode"
        )
}

fn stories_of(object: &Object, base: &Url, stories: &mut Stories) {
    let Some(url) = ["url", "mainEntityOfPage", "@id"].iter().find_map(|name| address_of(object.get(*name), base))
    else {
        return;
    };
    let is_page =
        Url::parse(&url).is_ok_and(|url| url.path().trim_end_matches('/') == base.path().trim_end_matches('/'));
    if is_page || !address::same_site(&url, base.as_str()) {
        return;
    }
    let mut story = Story::at(url);
    story.structured = Some("json-ld");
    let mut add = |name: &str, from, list: fn(&mut Story) -> &mut Vec<crate::model::Claim>| {
        if let Some(text) = text_of(object.get(name)) {
            list(&mut story).push(claim(from, text));
        }
    };
    add("headline", "json-ld:headline", |story| &mut story.titles);
    add("name", "json-ld:name", |story| &mut story.titles);
    add("datePublished", "json-ld:datePublished", |story| &mut story.published);
    add("dateModified", "json-ld:dateModified", |story| &mut story.modified);
    add("description", "json-ld:description", |story| &mut story.summaries);
    add("articleSection", "json-ld:articleSection", |story| &mut story.sections);
    let image = object.get("image").or_else(|| object.get("thumbnailUrl"));
    if let Some(url) = address_of(image, base) {
        story.images.push(ImageClaim { from: "json-ld:image", url, ..ImageClaim::default() });
    }
    if let Some(name) = object.get("author").and_then(name_of) {
        story.authors.push(PersonClaim { from: "json-ld:author", name: Some(name.to_owned()), url: None, email: None });
    }
    stories.add(story);
}

fn name_of(value: &Value) -> Option<&str> {
    match value {
        Value::String(name) => Some(name.as_str()).filter(|name| !name.starts_with("http")),
        Value::Array(values) => values.iter().find_map(name_of),
        Value::Object(object) => text_of(object.get("name")),
        _ => None,
    }
}

fn text_of(value: Option<&Value>) -> Option<&str> {
    match value? {
        Value::String(text) => Some(text.trim()).filter(|text| !text.is_empty()),
        Value::Array(values) => text_of(values.first()),
        Value::Object(object) => object.get("@value").and_then(Value::as_str),
        _ => None,
    }
}

fn address_of(value: Option<&Value>, base: &Url) -> Option<String> {
    let written = match value? {
        Value::Array(values) => return address_of(values.first(), base),
        Value::Object(object) => {
            text_of(object.get("url").or_else(|| object.get("contentUrl")).or_else(|| object.get("@id")))?
        }
        other => text_of(Some(other))?,
    };
    address::resolve(Some(base), written).filter(|url| url.starts_with("http"))
}
