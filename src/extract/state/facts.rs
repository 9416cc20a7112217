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
    let members = ["authors", "author", "bylines", "byline", "creators", "creator"];
    let found = members.iter().filter_map(|name| object.get(*name)).chain(credits);
    let people = found.map(|value| match value {
        Value::Array(list) => list.iter().take(MOST).filter_map(name_of).collect(),
        other => name_of(other).into_iter().collect::<Vec<_>>(),
    });
    people.into_iter().find(|people| !people.is_empty()).unwrap_or_default()
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
