//! JSON Feed 1.0 and 1.1, forgiving: ids may be numbers, a bad item costs no other.

mod partial;

use serde_json::{Map, Value};
use url::Url;

use crate::address;
use crate::model::more::{Link, Origin};
use crate::model::{Attachment, ImageClaim, Person, RawArticle, RawItems, SourceFeed, Text, Warning};

use super::Input;
use super::channel::Channel;
use super::entry::Entry;
use super::subject::Subject;
use super::text::as_html;

/// A feed with its items, and what was odd.
pub type Found = (SourceFeed, RawItems, Vec<Warning>);

/// Reads a JSON Feed; an error in words, with line and column, where the document is none.
pub fn read(input: &Input<'_>) -> Result<Found, (String, u32, u32)> {
    // an item at a time: as JSON values all of them would be a multiple of the document
    let items_of = |text: &str| {
        let mut items = RawItems::default();
        let (fields, fault) = partial::read(text, &mut |item| items.push(article(&item, &input.base, input.more)));
        (fields, fault, items)
    };
    let (mut fields, mut fault, mut items) = items_of(input.text);
    let mut mended = None;
    if fault.is_some() {
        let again = items_of(&partial::mended(input.text));
        if again.2.len() >= items.len() {
            mended = if again.1.is_none() { fault.take() } else { None };
            (fields, fault, items) = again;
        }
    }
    let version = string(&fields, "version").unwrap_or_default();
    if !version.contains("jsonfeed") && items.is_empty() {
        return Err(match fault.as_ref().or(mended.as_ref()) {
            Some(fault) => {
                let Warning { message, line, column, .. } = described(fault, input.text);
                (format!("JSON that cannot be read: {message}"), line, column)
            }
            None => ("JSON, but not a JSON Feed: it has no items".to_owned(), 1, 1),
        });
    }
    let warning = |fault: &serde_json::Error, what: &str| {
        let warning = described(fault, input.text);
        Warning { message: format!("{what}: {}", warning.message), ..warning }
    };
    let cut = fault.iter().map(|fault| warning(fault, "the JSON was read up to a fault"));
    let warnings = cut.chain(mended.iter().map(|fault| warning(fault, "a fault of the JSON was mended"))).collect();
    Ok((feed(&fields, version.ends_with("1.1"), input), items, warnings))
}

/// What is wrong and where, the place not among the words: `serde_json` counts columns in bytes, from 0
/// where the fault is a whole value.
fn described(fault: &serde_json::Error, text: &str) -> Warning {
    let words = fault.to_string();
    let place = format!(" at line {} column {}", fault.line(), fault.column());
    let message = words.strip_suffix(&place).unwrap_or(&words).to_owned();
    let before: usize = text.split_inclusive('\n').take(fault.line().saturating_sub(1)).map(str::len).sum();
    let row = text[before..].split('\n').next().unwrap_or_default();
    let at = row.floor_char_boundary(fault.column().saturating_sub(1));
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let column = count(row[..at].chars().count()).saturating_add(1);
    Warning { message, offset: before + at, line: count(fault.line().max(1)), column }
}

/// A value as text: numbers and booleans too.
fn string(map: &Map<String, Value>, key: &str) -> Option<String> {
    let text = match map.get(key)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(value) => value.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn absolute(map: &Map<String, Value>, key: &str, base: &Url) -> Option<String> {
    address::resolve(Some(base), &string(map, key)?)
}

/// The people of `authors`, or of the `author` of version 1.0.
fn people(map: &Map<String, Value>, base: &Url) -> Vec<Person> {
    let person = |value: &Value| match value {
        Value::String(name) => super::person::parse(name),
        Value::Object(author) => {
            let person = Person {
                name: string(author, "name"),
                url: absolute(author, "url", base),
                email: string(author, "email"),
            };
            (person != Person::default()).then_some(person)
        }
        _ => None,
    };
    match (map.get("authors"), map.get("author")) {
        (Some(Value::Array(authors)), _) if !authors.is_empty() => authors.iter().filter_map(person).collect(),
        (Some(author @ (Value::Object(_) | Value::String(_))), _) | (_, Some(author)) => {
            person(author).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn feed(map: &Map<String, Value>, is_latest: bool, input: &Input<'_>) -> SourceFeed {
    let base = &input.base;
    let mut channel = Channel::new(input.more);
    let feed = &mut channel.feed;
    feed.format = if is_latest { "json-1.1" } else { "json-1.0" };
    feed.encoding = input.encoding;
    feed.icon = absolute(map, "favicon", base);
    feed.authors = people(map, base);
    if let Some(url) = absolute(map, "icon", base) {
        channel.image(ImageClaim { from: "feed:icon", url, ..ImageClaim::default() });
    }
    for (key, rel) in [("feed_url", "self"), ("next_url", "next")] {
        if let Some(href) = absolute(map, key, base) {
            channel.link(Link { href, rel: rel.to_owned(), ..Link::default() });
        }
    }
    let hubs = map.get("hubs").and_then(Value::as_array);
    for hub in hubs.into_iter().flatten().filter_map(Value::as_object) {
        if let Some(href) = absolute(hub, "url", base) {
            channel.link(Link { href, rel: "hub".to_owned(), ..Link::default() });
        }
    }
    if let Some(title) = string(map, "title") {
        channel.title("feed:title", Text::plain(title));
    }
    if let Some(url) = absolute(map, "home_page_url", base) {
        channel.address("feed:home_page_url", url);
    }
    let description = string(map, "description");
    if let Some(text) = description {
        channel.summary("feed:description", Text::plain(text));
    }
    if let Some(language) = string(map, "language") {
        channel.language("feed:language", language);
    }
    if map.get("expired").and_then(Value::as_bool) == Some(true) {
        channel.feed.history = Some("complete");
        if let Some(more) = &mut channel.more {
            more.history = Some("complete");
        }
    }
    channel.finish()
}

fn article(item: &Map<String, Value>, base: &Url, more: bool) -> RawArticle {
    let mut entry = Entry::new(more);
    entry.article.base = Some(base.clone());
    entry.article.id = string(item, "id");
    entry.article.external_url = absolute(item, "external_url", base);
    if let Some(url) = absolute(item, "url", base) {
        entry.address("feed:url", url);
    } else if let Some(id) = entry.article.id.as_deref().filter(|id| id.starts_with("http")) {
        entry.permalink = address::resolve(Some(base), id);
    }
    if let Some(title) = string(item, "title") {
        entry.title("feed:title", Text::plain(title));
    }
    if let Some(text) = string(item, "summary") {
        entry.summary("feed:summary", Text::plain(text));
    }
    if let Some(text) = string(item, "content_html") {
        entry.body("feed:content_html", as_html(text));
    }
    if let Some(text) = string(item, "content_text") {
        entry.body("feed:content_text", Text::plain(text));
    }
    if let Some(date) = string(item, "date_published") {
        entry.published("feed:date_published", date);
    }
    if let Some(date) = string(item, "date_modified") {
        entry.modified("feed:date_modified", date);
    }
    if let Some(language) = string(item, "language") {
        entry.language("feed:language", language);
    }
    for person in people(item, base) {
        entry.author("feed:authors", person);
    }
    for (key, from) in [("image", "feed:image"), ("banner_image", "feed:banner_image")] {
        if let Some(url) = absolute(item, key, base) {
            entry.image(ImageClaim { from, url, ..ImageClaim::default() });
        }
    }
    tags(item, &mut entry);
    attachments(item, base, &mut entry);
    if let Some(more) = &mut entry.more
        && let Some(url) = &entry.article.external_url
    {
        more.shared.links.push(Link { href: url.clone(), rel: "related".to_owned(), ..Link::default() });
    }
    source(item, base, &mut entry);
    entry.finish()
}

fn tags(item: &Map<String, Value>, entry: &mut Entry) {
    let found: Vec<String> = match item.get("tags") {
        Some(Value::Array(tags)) => tags.iter().filter_map(Value::as_str).map(|tag| tag.trim().to_owned()).collect(),
        Some(Value::String(tags)) => tags.split(',').map(|tag| tag.trim().to_owned()).collect(),
        _ => Vec::new(),
    };
    for tag in found.into_iter().filter(|tag| !tag.is_empty()) {
        entry.tag("feed:tags", crate::model::more::Category { term: Some(tag), ..Default::default() });
    }
}

fn attachments(item: &Map<String, Value>, base: &Url, entry: &mut Entry) {
    let attachments = item.get("attachments").and_then(Value::as_array);
    for attachment in attachments.into_iter().flatten().filter_map(Value::as_object) {
        let number = |key: &str| {
            let value = attachment.get(key)?;
            value
                .as_u64()
                .or_else(|| value.as_f64().filter(|number| *number >= 0.0).map(whole))
                .filter(|&number| number > 0)
        };
        if let Some(url) = absolute(attachment, "url", base) {
            let mime_type = string(attachment, "mime_type");
            super::rss::enclosed_picture(&url, mime_type.as_deref(), entry);
            entry.attachment(Attachment {
                url,
                mime_type,
                title: string(attachment, "title"),
                size_in_bytes: number("size_in_bytes"),
                duration_in_seconds: number("duration_in_seconds"),
            });
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, and negatives were refused"
)]
fn whole(number: f64) -> u64 {
    number as u64
}

/// The source that Feedmill's own feeds name beside an item.
fn source(item: &Map<String, Value>, base: &Url, entry: &mut Entry) {
    let Some(source) = item.get("_feedmill").and_then(|own| own.get("source")).and_then(Value::as_object) else {
        return;
    };
    let title = string(source, "title");
    if let Some(title) = &title {
        let claim = crate::model::Claim { from: "feed:_feedmill.source", text: Text::plain(title.clone()) };
        entry.article.site_names.push(claim);
    }
    if let Some(more) = &mut entry.more {
        more.source = Some(Origin { title, href: absolute(source, "url", base), ..Origin::default() });
    }
}
