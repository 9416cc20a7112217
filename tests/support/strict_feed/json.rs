//! JSON Feed 1.1.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{Findings, value};

const FEED: [&str; 15] = [
    "version",
    "title",
    "home_page_url",
    "feed_url",
    "description",
    "user_comment",
    "next_url",
    "icon",
    "favicon",
    "authors",
    "language",
    "expired",
    "hubs",
    "items",
    "_feedmill",
];
const ITEM: [&str; 17] = [
    "id",
    "url",
    "external_url",
    "title",
    "content_html",
    "content_text",
    "summary",
    "image",
    "banner_image",
    "date_published",
    "date_modified",
    "authors",
    "tags",
    "language",
    "attachments",
    "_feedmill",
    "",
];

pub fn check(text: &str, findings: &mut Findings) {
    let feed = match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(feed)) => feed,
        Ok(_) => return findings.add("document", "is no object"),
        Err(error) => return findings.add("document", format!("is no JSON: {error}")),
    };
    check_members(&feed, &FEED, "feed", findings);
    findings.require(
        feed.get("version").is_some_and(|v| v == "https://jsonfeed.org/version/1.1"),
        "feed",
        "is not 1.1",
    );
    visible(&feed, "title", "feed", findings);
    for name in ["home_page_url", "feed_url"] {
        findings.require(feed.contains_key(name), "feed", format!("has no {name}"));
    }
    addresses(&feed, &["home_page_url", "feed_url", "icon", "favicon", "next_url"], "feed", findings);
    let Some(items) = feed.get("items").and_then(Value::as_array) else {
        return findings.add("feed", "has no items");
    };
    let mut ids = HashSet::new();
    for (number, item) in items.iter().enumerate() {
        let place = format!("item {}", number + 1);
        let Some(item) = item.as_object() else {
            findings.add(&place, "is no object");
            continue;
        };
        let id = visible(item, "id", &place, findings);
        findings.require(value::is_uri(id), &place, format!("has the id {id:?}"));
        findings.require(ids.insert(id), &place, format!("repeats the id {id}"));
        check_item(item, &place, findings);
    }
}

fn check_item(item: &Map<String, Value>, place: &str, findings: &mut Findings) {
    check_members(item, &ITEM, place, findings);
    visible(item, "title", place, findings);
    addresses(item, &["url", "external_url", "image", "banner_image"], place, findings);
    let html = item.get("content_html").map(|html| html.as_str().unwrap_or_default());
    let text = item.get("content_text").map(|text| text.as_str().unwrap_or_default());
    let content = html.or(text).unwrap_or_default();
    findings.require(!content.trim().is_empty(), place, "has no content");
    value::check_html(place, html.unwrap_or_default(), findings);
    for name in ["date_published", "date_modified"] {
        let date = item.get(name).map(|date| date.as_str().unwrap_or_default());
        findings.require(
            date.is_none_or(|date| value::rfc3339(date).is_some()),
            place,
            format!("has the {name} {date:?}"),
        );
    }
    findings.require(item.contains_key("date_published"), place, "has no date");
    for author in list(item, "authors") {
        let known = ["name", "url", "avatar"].iter().any(|name| author.get(name).is_some_and(|v| v != ""));
        findings.require(known, place, "has an author who is nobody");
    }
    let tags: Vec<&Value> = list(item, "tags").collect();
    findings.require(tags.iter().all(|tag| tag.as_str().is_some_and(|tag| !tag.is_empty())), place, "has an empty tag");
    for attachment in list(item, "attachments") {
        let attachment = attachment.as_object().cloned().unwrap_or_default();
        addresses(&attachment, &["url"], place, findings);
        findings.require(attachment.contains_key("url"), place, "has an attachment without address");
        visible(&attachment, "mime_type", place, findings);
    }
}

fn check_members(object: &Map<String, Value>, known: &[&str], place: &str, findings: &mut Findings) {
    for (name, member) in object {
        findings.require(known.contains(&name.as_str()), place, format!("has the unknown member {name}"));
        findings.require(!member.is_null(), place, format!("has null as {name}"));
    }
}

fn list<'a>(object: &'a Map<String, Value>, name: &str) -> impl Iterator<Item = &'a Value> {
    object.get(name).and_then(Value::as_array).into_iter().flatten()
}

/// A member that must be a text to be seen.
fn visible<'a>(object: &'a Map<String, Value>, name: &str, place: &str, findings: &mut Findings) -> &'a str {
    let text = object.get(name).and_then(Value::as_str).unwrap_or_default();
    findings.require(!text.trim().is_empty(), place, format!("has no {name}"));
    text
}

fn addresses(object: &Map<String, Value>, names: &[&str], place: &str, findings: &mut Findings) {
    for name in names {
        let address = object.get(*name).map(|address| address.as_str().unwrap_or_default());
        findings.require(address.is_none_or(value::is_web_address), place, format!("has the {name} {address:?}"));
    }
}
