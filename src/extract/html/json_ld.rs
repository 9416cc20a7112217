//! JSON-LD: schema.org's description of the article in a script.

use std::collections::HashMap;

use serde_json::{Map, Value};
use url::Url;

use super::claims::{Claims, Place};
use crate::address;
use crate::extract::json::{mend, parse};
use crate::model::{Field, ImageClaim, PersonClaim};

type Object = Map<String, Value>;

/// Reads all scripts of a page; each is the text of one `application/ld+json`. `page` is its address, `base` what
/// others in it are relative to.
pub(super) fn read(scripts: &[String], (page, base): (&Url, &Url), claims: &mut Claims) {
    let mut roots: Vec<Value> = Vec::with_capacity(scripts.len());
    for script in scripts {
        match parse(script) {
            Some(root) => roots.push(root),
            None => roots.extend(salvage(script)),
        }
    }
    let mut objects = Vec::new();
    for root in &roots {
        gather(root, 0, &mut objects);
    }
    let named: HashMap<&str, &Object> = objects
        .iter()
        .filter_map(|object| Some((text(object.get("@id"))?, *object)))
        .filter(|(_, object)| object.len() > 1)
        .collect();
    let reader = Reader { named, base };
    let articles = objects.iter().filter(|object| is_article(object));
    // a page may describe teasers too: what names the page itself is it, else the fullest
    let best = articles.max_by_key(|object| {
        let is_page = ["url", "mainEntityOfPage", "@id"]
            .iter()
            .any(|name| reader.address(object.get(*name)).is_some_and(|found| same_page(&found, page)));
        (is_page, object.contains_key("headline"), object.contains_key("datePublished"), object.len())
    });
    if let Some(article) = best {
        reader.article(article, claims);
    }
    for object in &objects {
        if has_type(object, |kind| kind == "WebSite") {
            add(claims, (Field::SiteName, 4, "json-ld:WebSite"), object.get("name"));
        }
        if best.is_none() && has_type(object, |kind| matches!(kind, "WebPage" | "VideoObject" | "ItemPage")) {
            add(claims, (Field::DatePublished, 6, "json-ld:WebPage"), object.get("datePublished"));
            add(claims, (Field::DateModified, 6, "json-ld:WebPage"), object.get("dateModified"));
            add(claims, (Field::Summary, 4, "json-ld:WebPage"), object.get("description"));
        }
    }
}

/// What can be had of a script that is beyond repair: its plain texts by their names.
fn salvage(script: &str) -> Option<Value> {
    const NAMES: [&str; 6] = ["@type", "headline", "datePublished", "dateModified", "description", "inLanguage"];
    let mut object = Object::new();
    for name in NAMES {
        let quoted = format!("\"{name}\"");
        let Some(at) = script.find(&quoted) else { continue };
        let rest = script[at + quoted.len()..].trim_start().strip_prefix(':').map(str::trim_start);
        let Some(value) = rest.and_then(|rest| rest.strip_prefix('"')) else { continue };
        let mut end = None;
        let mut escaped = false;
        for (place, character) in value.char_indices() {
            if character == '"' && !escaped {
                end = Some(place);
                break;
            }
            escaped = character == '\\' && !escaped;
        }
        let text = end.and_then(|end| serde_json::from_str(&mend(&format!("\"{}\"", &value[..end]))).ok());
        if let Some(text @ Value::String(_)) = text {
            object.insert(name.to_owned(), text);
        }
    }
    object.contains_key("@type").then_some(Value::Object(object))
}

/// All objects of a value, outer before inner.
fn gather<'a>(value: &'a Value, depth: usize, into: &mut Vec<&'a Object>) {
    const DEEPEST: usize = 8;
    const MOST: usize = 2000;
    if depth > DEEPEST || into.len() > MOST {
        return;
    }
    match value {
        Value::Array(values) => values.iter().for_each(|value| gather(value, depth + 1, into)),
        Value::Object(object) => {
            into.push(object);
            object.values().for_each(|value| gather(value, depth + 1, into));
        }
        _ => {}
    }
}

fn has_type(object: &Object, is: impl Fn(&str) -> bool) -> bool {
    match object.get("@type") {
        Some(Value::String(kind)) => is(local_name(kind)),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).any(|kind| is(local_name(kind))),
        _ => false,
    }
}

fn local_name(kind: &str) -> &str {
    kind.rsplit(['/', ':', '#']).next().unwrap_or(kind)
}

fn is_article(object: &Object) -> bool {
    has_type(object, |kind| {
        kind.ends_with("Article")
            || matches!(
                kind,
                "BlogPosting"
                    | "LiveBlogPosting"
                    | "Report"
                    | "SocialMediaPosting"
                    | "Review"
                    | "ClaimReview"
                    | "Recipe"
                    | "HowTo"
                    | "DiscussionForumPosting"
                    | "Question"
                    | "PodcastEpisode"
            )
    }) && ["headline", "name", "datePublished", "articleBody"].iter().any(|name| object.contains_key(*name))
}

fn same_page(address: &str, page: &Url) -> bool {
    Url::parse(address)
        .is_ok_and(|url| url.path().trim_end_matches('/') == page.path().trim_end_matches('/') && url.path().len() > 1)
}

/// The text of a value: a string, a number, `@value`, or the first of a list.
fn text(value: Option<&Value>) -> Option<&str> {
    match value? {
        Value::String(text) => Some(text.trim()).filter(|text| !text.is_empty()),
        Value::Array(values) => text(values.first()),
        Value::Object(object) => object.get("@value").and_then(Value::as_str),
        _ => None,
    }
}

fn add(claims: &mut Claims, place: Place, value: Option<&Value>) {
    if let Some(text) = text(value) {
        claims.add(place, text);
    }
}

struct Reader<'a> {
    named: HashMap<&'a str, &'a Object>,
    base: &'a Url,
}

impl<'a> Reader<'a> {
    fn article(&self, object: &'a Object, claims: &mut Claims) {
        add(claims, (Field::Title, 2, "json-ld:headline"), object.get("headline"));
        add(claims, (Field::Title, 6, "json-ld:name"), object.get("name"));
        add(claims, (Field::DatePublished, 1, "json-ld:datePublished"), object.get("datePublished"));
        add(claims, (Field::DatePublished, 5, "json-ld:dateCreated"), object.get("dateCreated"));
        add(claims, (Field::DateModified, 1, "json-ld:dateModified"), object.get("dateModified"));
        add(claims, (Field::Summary, 3, "json-ld:description"), object.get("description"));
        add(claims, (Field::Language, 2, "json-ld:inLanguage"), object.get("inLanguage"));
        for section in texts(object.get("articleSection")) {
            claims.add((Field::Section, 1, "json-ld:articleSection"), section);
        }
        for keywords in texts(object.get("keywords")) {
            for keyword in split_keywords(keywords) {
                claims.add((Field::Tags, 1, "json-ld:keywords"), keyword);
            }
        }
        for name in ["mainEntityOfPage", "url"] {
            if let Some(found) = self.address(object.get(name)) {
                claims.add((Field::CanonicalUrl, 2, "json-ld:url"), &found);
            }
        }
        for author in self.objects(object.get("author").or_else(|| object.get("creator"))) {
            self.author(author, claims);
        }
        for publisher in self.objects(object.get("publisher")) {
            match publisher {
                Entity::Text(name) => claims.add((Field::SiteName, 2, "json-ld:publisher"), name),
                Entity::Object(publisher) => {
                    add(claims, (Field::SiteName, 2, "json-ld:publisher"), publisher.get("name"));
                }
            }
        }
        for image in self.objects(object.get("image").or_else(|| object.get("thumbnailUrl"))) {
            self.image(image, claims);
        }
        if let Some(body) = text(object.get("articleBody")).filter(|body| body.len() > 200) {
            claims.add_html((Field::ContentHtml, 9, "json-ld:articleBody"), body_html(body));
        }
        if let Some(license) = text(object.get("license")) {
            claims.article.rights.license = address::resolve(Some(self.base), license);
        }
        let paid = object.get("isAccessibleForFree").is_some_and(|free| {
            *free == Value::Bool(false) || free.as_str().is_some_and(|free| free.eq_ignore_ascii_case("false"))
        });
        if paid {
            claims.article.rights.usage.push("paid".to_owned());
        }
    }

    fn author(&self, author: Entity<'a>, claims: &mut Claims) {
        let from = "json-ld:author";
        match author {
            Entity::Text(name) if name.starts_with("http") => {}
            Entity::Text(name) => {
                let name = Some(name.to_owned());
                claims.add_author(1, PersonClaim { from, name, url: None, email: None });
            }
            Entity::Object(person) => {
                let url = person.get("url").or_else(|| person.get("sameAs"));
                let url = text(url).and_then(|url| address::resolve(Some(self.base), url));
                let email = text(person.get("email")).map(|email| email.trim_start_matches("mailto:").to_owned());
                for name in texts(person.get("name")) {
                    let name = Some(name.to_owned());
                    claims.add_author(1, PersonClaim { from, name, url: url.clone(), email: email.clone() });
                }
            }
        }
    }

    fn image(&self, image: Entity<'a>, claims: &mut Claims) {
        let from = "json-ld:image";
        match image {
            Entity::Text(url) => {
                if let Some(url) = address::resolve(Some(self.base), url) {
                    claims.add_image(3, ImageClaim { from, url, ..ImageClaim::default() });
                }
            }
            Entity::Object(image) => {
                let url = text(image.get("url").or_else(|| image.get("contentUrl")).or_else(|| image.get("@id")));
                let Some(url) = url.and_then(|url| address::resolve(Some(self.base), url)) else { return };
                let maker = ["creditText", "creator", "author", "copyrightHolder"].iter().find_map(|name| {
                    self.objects(image.get(*name)).into_iter().find_map(|maker| match maker {
                        Entity::Text(name) => Some(name),
                        Entity::Object(maker) => text(maker.get("name")),
                    })
                });
                let pixels = |name: &str| match image.get(name)? {
                    Value::Number(number) => number.as_u64().and_then(|number| u32::try_from(number).ok()),
                    Value::String(text) => text.trim_end_matches("px").trim().parse().ok(),
                    Value::Object(quantity) => quantity.get("value")?.as_u64().and_then(|n| u32::try_from(n).ok()),
                    _ => None,
                };
                claims.add_image(
                    3,
                    ImageClaim {
                        from,
                        url,
                        width: pixels("width").filter(|pixels| *pixels > 0),
                        height: pixels("height").filter(|pixels| *pixels > 0),
                        alt: None,
                        caption: text(image.get("caption"))
                            .or_else(|| text(image.get("description")))
                            .map(str::to_owned),
                        credit: maker.map(str::to_owned),
                    },
                );
            }
        }
    }

    /// The entities of a value, references by `@id` followed once.
    fn objects(&self, value: Option<&'a Value>) -> Vec<Entity<'a>> {
        const MOST: usize = 20;
        match value {
            Some(Value::Array(values)) => {
                values.iter().take(MOST).flat_map(|value| self.objects(Some(value))).take(MOST).collect()
            }
            Some(Value::String(text)) => vec![Entity::Text(text.trim())],
            Some(Value::Object(object)) => {
                let target = object.get("@id").and_then(Value::as_str).filter(|_| !object.contains_key("name"));
                let target = target.and_then(|id| self.named.get(id)).copied().unwrap_or(object);
                vec![Entity::Object(target)]
            }
            _ => Vec::new(),
        }
    }

    fn address(&self, value: Option<&Value>) -> Option<String> {
        let written = match value? {
            Value::Object(object) => text(object.get("@id").or_else(|| object.get("url")))?,
            other => text(Some(other))?,
        };
        address::resolve(Some(self.base), written)
    }
}

#[derive(Clone, Copy)]
enum Entity<'a> {
    Text(&'a str),
    Object(&'a Object),
}

fn texts(value: Option<&Value>) -> Vec<&str> {
    const MOST: usize = 100;
    match value {
        Some(Value::Array(values)) => values.iter().take(MOST).filter_map(|value| text(Some(value))).collect(),
        other => text(other).into_iter().collect(),
    }
}

/// Keywords that stand in one text, by comma or semicolon.
pub(super) fn split_keywords(keywords: &str) -> impl Iterator<Item = &str> {
    let mark = if keywords.contains(',') { ',' } else { ';' };
    keywords.split(mark).map(str::trim).filter(|keyword| !keyword.is_empty())
}

/// Paragraphs of a plain text; some sites put markup there.
fn body_html(body: &str) -> String {
    if body.contains("<p") || body.contains("<br") {
        return body.to_owned();
    }
    super::super::text::paragraphs_html(body.split('\n').map(str::trim).filter(|line| !line.is_empty()))
}
