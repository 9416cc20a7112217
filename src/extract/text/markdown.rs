//! Markdown article files with front matter.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::front_matter;
use crate::address;
use crate::extract::html::{fingerprint, split_credit};
use crate::markup::first_image;
use crate::model::{Claim, Document, ImageClaim, PersonClaim, RawArticle, Text};

/// Reads a Markdown file (`CommonMark` with tables, strike-through and footnotes).
///
/// Front matter in YAML (`---`) or TOML (`+++`) tells title, author, date, tags and so on. Without a
/// title there, a heading of the first level that begins the text is it.
#[must_use]
pub fn markdown(document: &Document, text: &str) -> RawArticle {
    let (fields, text) = front_matter::split(text);
    let base = document.base();
    let mut article = RawArticle { base: Some(base.clone()), ..RawArticle::default() };
    let mut image = ImageClaim { from: "front-matter:image", ..ImageClaim::default() };
    let mut author = PersonClaim { from: "front-matter:author", name: None, url: None, email: None };
    for (path, value) in fields {
        let value = value.trim();
        if value.is_empty() {
            continue;
        }
        let claim = |from| Claim { from, text: Text::plain(value) };
        let key = path.strip_prefix("params.").or_else(|| path.strip_prefix("extra.")).unwrap_or(&path);
        match key {
            "title" | "headline" => article.titles.push(claim("front-matter:title")),
            "author" | "authors" | "author.name" | "authors.name" | "taxonomies.authors" | "by" | "byline" => {
                if author.name.is_some() {
                    article.authors.push(std::mem::replace(
                        &mut author,
                        PersonClaim { from: "front-matter:author", name: None, url: None, email: None },
                    ));
                }
                author.name = Some(value.to_owned());
            }
            "author.url" | "authors.url" => author.url = address::resolve(Some(&base), value),
            "author.email" | "authors.email" => author.email = Some(value.to_owned()),
            "date" | "published" | "pubdate" | "publishdate" | "date_published" | "published_at" | "created" => {
                article.published.push(claim("front-matter:date"));
            }
            "updated" | "lastmod" | "modified" | "last_modified_at" | "date_modified" | "updated_at" => {
                article.modified.push(claim("front-matter:updated"));
            }
            "tags" | "tag" | "keywords" | "categories" | "taxonomies.tags" | "taxonomies.categories" => {
                article.tags.extend(
                    value
                        .split(',')
                        .map(str::trim)
                        .filter(|tag| !tag.is_empty())
                        .map(|tag| Claim { from: "front-matter:tags", text: Text::plain(tag) }),
                );
            }
            "category" | "section" => article.sections.push(claim("front-matter:section")),
            "summary" | "description" | "excerpt" | "abstract" => {
                article.summaries.push(claim("front-matter:summary"));
            }
            "language" | "lang" | "locale" => article.languages.push(claim("front-matter:language")),
            "url" | "link" => article.urls.extend(resolved(&base, value, "front-matter:url")),
            "canonical_url" | "canonicalurl" | "canonical" => {
                article.canonical_urls.extend(resolved(&base, value, "front-matter:canonical_url"));
            }
            "image" | "cover" | "images" | "image.url" | "image.src" | "cover.image" | "cover.url"
            | "featured_image" | "hero" | "thumbnail"
                if image.url.is_empty() =>
            {
                image.url = address::resolve(Some(&base), value).unwrap_or_default();
            }
            "image.caption" | "cover.caption" | "image_caption" | "caption" => image.caption = Some(value.to_owned()),
            "image.credit" | "cover.credit" | "image_credit" | "credit" => image.credit = Some(value.to_owned()),
            "image.alt" | "cover.alt" | "image_alt" => image.alt = Some(value.to_owned()),
            "copyright" | "rights" => article.rights.copyright = Some(value.to_owned()),
            "license" => article.rights.license = address::resolve(Some(&base), value),
            "site" | "site_name" | "publisher" => article.site_names.push(claim("front-matter:site_name")),
            _ => {}
        }
    }
    if author.name.is_some() {
        article.authors.push(author);
    }
    let (heading, body) = render(text, article.titles.is_empty());
    article.titles.extend(heading.map(|title| Claim { from: "markdown:heading", text: Text::plain(title) }));
    if !image.url.is_empty() || image.caption.is_some() {
        if image.credit.is_none()
            && let Some(caption) = &image.caption
        {
            (image.caption, image.credit) = split_credit(caption);
        }
        article.images.push(image);
    } else if let Some(picture) = first_image(&body)
        && let Some(url) = address::resolve(Some(&base), &picture.address)
    {
        article.images.push(ImageClaim { from: "markdown:image", url, alt: picture.alt, ..ImageClaim::default() });
    }
    if !body.trim().is_empty() {
        article.bodies.push(Claim { from: "markdown:body", text: Text::html(body) });
    }
    article.fingerprint = fingerprint(&article);
    article
}

fn resolved(base: &url::Url, value: &str, from: &'static str) -> Option<Claim> {
    address::resolve(Some(base), value).map(|url| Claim { from, text: Text::plain(url) })
}

/// The text as HTML; a heading of the first level at its start is taken out, if wanted.
fn render(text: &str, take_heading: bool) -> (Option<String>, String) {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
    let events: Vec<Event<'_>> = Parser::new_ext(text, options).collect();
    let starts_with_heading =
        matches!(events.first(), Some(Event::Start(Tag::Heading { level: HeadingLevel::H1, .. })));
    let end = events.iter().position(|event| matches!(event, Event::End(TagEnd::Heading(HeadingLevel::H1))));
    let mut title = None;
    let mut from = 0;
    if let (true, true, Some(end)) = (take_heading, starts_with_heading, end) {
        let text = events[..end].iter().filter_map(|event| match event {
            Event::Text(text) | Event::Code(text) => Some(&**text),
            Event::SoftBreak | Event::HardBreak => Some(" "),
            _ => None,
        });
        title = Some(text.collect::<String>()).filter(|title| !title.trim().is_empty());
        from = end + 1;
    }
    let mut body = String::with_capacity(text.len() * 3 / 2);
    html::push_html(&mut body, events.into_iter().skip(from));
    (title, body)
}
