//! The story in the state that a page's scripts start from.
//!
//! A state holds many objects that look like stories: teasers, comments, the next one. What is believed
//! agrees with the page: its address, or the headline that its metadata has.

use url::Url;

use super::claims::Claims;
use crate::address;
use crate::extract::state::{self, Object, body, facts};
use crate::model::{Field, ImageClaim, PersonClaim};

/// A page's address, and what others in it are relative to.
type Place<'u> = (&'u Url, &'u Url);

/// Reads scripts that hold state.
pub(super) fn read(scripts: &[String], (place, page_title): (Place<'_>, Option<&str>), claims: &mut Claims) {
    let mut titles: Vec<String> = claims.of(Field::Title).chain(page_title).map(letters).collect();
    titles.retain(|title| title.len() >= SHORTEST);
    titles.truncate(MOST_TITLES);
    for value in state::values(scripts) {
        let best = state::objects(&value)
            .filter_map(|object| Some((agreement(object, place, &titles)?, object)))
            // of equal ones the first
            .reduce(|best, next| if next.0 > best.0 { next } else { best });
        if let Some((_, object)) = best {
            claim(object, place.1, claims);
        }
    }
}

/// Shorter headlines may be anything, in letters.
const SHORTEST: usize = 10;

const MOST_TITLES: usize = 10;

/// How much an object that looks like a story agrees with the page; `None` where nothing does.
fn agreement(object: &Object, (page, base): Place<'_>, titles: &[String]) -> Option<u32> {
    let headline = facts::headline(object)?;
    let has_date = facts::published(object).is_some();
    let written = facts::address(object).filter(|written| written.contains('/'));
    let url = written.and_then(|written| address::resolve(Some(base), written));
    let is_page = url.is_some_and(|url| address::key_form(&url) == address::key_form(page.as_str()));
    let last = page.path().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let is_slug = facts::slug(object).is_some_and(|slug| slug.len() >= SHORTEST && last.starts_with(slug));
    let own = letters(headline);
    let is_headline =
        own.len() >= SHORTEST && titles.iter().any(|title| title.contains(&own) && own.len() * 2 >= title.len());
    if !is_page && !is_slug && !is_headline {
        return None;
    }
    let has_body = body::of(object).is_some();
    if !has_date && !has_body {
        return None;
    }
    let counts = [is_page, is_slug, is_headline, has_body, has_body, has_date];
    Some(counts.into_iter().map(u32::from).sum())
}

/// Letters and digits of a text, in lower case.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn claim(object: &Object, base: &Url, claims: &mut Claims) {
    let mut add = |place, text: Option<&str>| {
        if let Some(text) = text {
            claims.add(place, text);
        }
    };
    add((Field::Title, 4, "state:headline"), facts::headline(object));
    add((Field::DatePublished, 3, "state:date"), facts::published(object).as_deref());
    add((Field::DateModified, 4, "state:modified"), facts::modified(object).as_deref());
    add((Field::Summary, 5, "state:description"), facts::description(object));
    add((Field::Section, 5, "state:section"), facts::section(object));
    for name in facts::authors(object) {
        let author = PersonClaim { from: "state:author", name: Some(name.to_owned()), url: None, email: None };
        claims.add_author(3, author);
    }
    if let Some(picture) = facts::picture(object)
        && let Some(url) = address::resolve(Some(base), picture.url)
    {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let (alt, caption, credit) = (owned(picture.alt), owned(picture.caption), owned(picture.credit));
        claims.add_image(4, ImageClaim { from: "state:image", url, alt, caption, credit, ..ImageClaim::default() });
    }
    if let Some(body) = body::of(object) {
        claims.add_html((Field::ContentHtml, 10, "state:body"), body);
    }
}
