//! An item in the making.

use std::cmp::Reverse;

use url::Url;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::markup;
use crate::model::more::{Category, ItemMore, Shared};
use crate::model::{Attachment, Claim, Image, ImageClaim, Person, PersonClaim, RawArticle, Text, TextKind};

use super::person;
use super::subject::Subject;

/// Tags, files, pictures or authors of one item: nobody reads more, and each is compared with all.
pub const MOST: usize = 256;

/// Fields in the order of trust; those that are not named come last, in document order.
const TRUST: [&str; 30] = [
    "feed:title",
    "feed:dc:title",
    "feed:itunes:title",
    "feed:media:title",
    "feed:link",
    "feed:guid",
    "feed:pubDate",
    "feed:published",
    "feed:issued",
    "feed:date_published",
    "feed:prism:publicationDate",
    "feed:dcterms:issued",
    "feed:dc:date",
    "feed:date",
    "feed:dcterms:created",
    "feed:created",
    "feed:updated",
    "feed:modified",
    "feed:dcterms:modified",
    "feed:prism:modificationDate",
    "feed:lastBuildDate",
    "feed:content:encoded",
    "feed:content",
    "feed:xhtml:body",
    "feed:description",
    "feed:summary",
    "feed:itunes:summary",
    "feed:itunes:subtitle",
    "feed:dc:description",
    "feed:media:description",
];

fn trust(from: &str) -> usize {
    TRUST.iter().position(|known| *known == from).unwrap_or(TRUST.len())
}

fn sort(claims: &mut [Claim]) {
    if claims.len() > 1 {
        claims.sort_by_key(|claim| trust(claim.from));
    }
}

/// An item while its fields are read.
#[derive(Debug, Default)]
pub struct Entry {
    pub article: RawArticle,
    pub more: Option<Box<ItemMore>>,
    /// The address that a guid is.
    pub permalink: Option<String>,
    /// Caption and credit that stand beside a picture.
    pub caption: Option<String>,
    pub credit: Option<String>,
    /// Seconds, of the first recording.
    pub duration: Option<u64>,
}

impl Entry {
    #[must_use]
    pub fn new(more: bool) -> Self {
        Self { more: more.then(Box::default), ..Self::default() }
    }

    pub fn attachment(&mut self, attachment: Attachment) {
        let has_room = self.article.attachments.len() < MOST;
        let known = self.article.attachments.iter_mut().find(|known| known.url == attachment.url);
        match known {
            Some(known) => {
                known.mime_type = known.mime_type.take().or(attachment.mime_type);
                known.title = known.title.take().or(attachment.title);
                known.size_in_bytes = known.size_in_bytes.or(attachment.size_in_bytes);
                known.duration_in_seconds = known.duration_in_seconds.or(attachment.duration_in_seconds);
            }
            None if has_room => put(&mut self.article.attachments, attachment),
            None => {}
        }
    }

    /// The finished item.
    #[must_use]
    pub fn finish(mut self) -> RawArticle {
        let article = &mut self.article;
        if article.urls.is_empty()
            && let Some(url) = self.permalink
        {
            put(&mut article.urls, Claim { from: "feed:guid", text: Text::plain(url) });
        }
        for claims in [
            &mut article.titles,
            &mut article.published,
            &mut article.modified,
            &mut article.summaries,
            &mut article.bodies,
        ] {
            sort(claims);
        }
        if let Some(attachment) = article.attachments.first_mut() {
            attachment.duration_in_seconds = attachment.duration_in_seconds.or(self.duration);
        }
        if article.images.len() > 1 {
            article.images.sort_by_key(image_rank);
        }
        if let Some(image) = article.images.iter_mut().find(|image| image.from == "feed:media:content") {
            image.caption = image.caption.take().or(self.caption);
            image.credit = image.credit.take().or(self.credit);
        }
        article.fingerprint = fingerprint(article);
        if let Some(more) = &mut self.more {
            as_named(article, more);
        }
        self.article.more = self.more;
        self.article
    }
}

/// Adds to a list that mostly stays at one: the usual room for four would be most of an item's memory.
pub fn put<T>(list: &mut Vec<T>, value: T) {
    if list.capacity() == 0 {
        list.reserve_exact(1);
    }
    list.push(value);
}

/// Adds a date; of a field that stands there twice the last one counts, as readers have it.
fn put_date(claims: &mut Vec<Claim>, from: &'static str, date: String) {
    match claims.iter_mut().find(|claim| claim.from == from) {
        Some(known) => known.text.text = date,
        None => put(claims, Claim { from, text: Text::plain(date) }),
    }
}

/// A text as `inspect` shows it: sanitized where it is HTML; `None` where it is plain.
#[must_use]
pub fn shown(text: &Text, base: Option<&Url>) -> Option<String> {
    (text.kind == TextKind::Html).then(|| markup::clean(&text.text, base).into_string())
}

/// People and picture as the feed names them, before anybody judges them.
fn as_named(article: &RawArticle, more: &mut ItemMore) {
    let person =
        |claim: &PersonClaim| Person { name: claim.name.clone(), url: claim.url.clone(), email: claim.email.clone() };
    more.authors = article.authors.iter().map(person).collect();
    more.image = article.images.first().map(|claim| Image {
        url: claim.url.clone(),
        width: claim.width,
        height: claim.height,
        alt: claim.alt.clone(),
        ..Image::default()
    });
}

/// A thumbnail up to this wide is one for lists, in pixels.
const ICON: u32 = 100;

/// Of `media:content`, which are renditions of one picture, the widest comes first; thumbnails stand
/// in the order of their importance (Media RSS, `media:thumbnail`), those for lists last.
fn image_rank(image: &ImageClaim) -> (u8, bool, Reverse<Option<u32>>) {
    let trust = match image.from {
        "feed:image" => 0,
        "feed:media:content" => 1,
        "feed:enclosure" => 2,
        "feed:itunes:image" => 3,
        _ => 4,
    };
    let is_rendition = image.from == "feed:media:content";
    let is_icon = !is_rendition && image.width.is_some_and(|width| width <= ICON);
    (trust, is_icon, Reverse(image.width.filter(|_| is_rendition)))
}

/// A hash over all that an item says, in a fixed order.
#[must_use]
pub fn fingerprint(article: &RawArticle) -> u64 {
    let mut hash = 0;
    let mut add = |text: &str| hash = xxh3_64_with_seed(text.as_bytes(), hash);
    add(article.id.as_deref().unwrap_or_default());
    let lists = [
        &article.urls,
        &article.canonical_urls,
        &article.titles,
        &article.published,
        &article.modified,
        &article.languages,
        &article.summaries,
        &article.bodies,
        &article.tags,
        &article.sections,
    ];
    for list in lists {
        // The mark between lists: the same text as a title and as a tag is not the same item.
        add("\u{1}");
        for claim in list {
            add(&claim.text.text);
        }
    }
    for author in &article.authors {
        for part in [&author.name, &author.url, &author.email] {
            add(part.as_deref().unwrap_or("\u{2}"));
        }
    }
    for image in &article.images {
        add(&image.url);
        add(image.caption.as_deref().unwrap_or("\u{2}"));
        add(image.credit.as_deref().unwrap_or("\u{2}"));
    }
    for attachment in &article.attachments {
        add(&attachment.url);
        add(attachment.mime_type.as_deref().unwrap_or("\u{2}"));
    }
    add(article.external_url.as_deref().unwrap_or("\u{2}"));
    add(article.rights.copyright.as_deref().unwrap_or("\u{2}"));
    hash
}

impl Subject for Entry {
    fn further(&mut self) -> Option<&mut Shared> {
        self.more.as_mut().map(|more| &mut more.shared)
    }

    fn keeps_links(&self) -> bool {
        self.more.is_some()
    }

    fn id(&mut self, _from: &'static str, id: String) {
        self.article.id.get_or_insert(id);
    }

    fn title(&mut self, from: &'static str, text: Text) {
        put(&mut self.article.titles, Claim { from, text });
    }

    fn address(&mut self, from: &'static str, url: String) {
        put(&mut self.article.urls, Claim { from, text: Text::plain(url) });
    }

    fn summary(&mut self, from: &'static str, text: Text) {
        put(&mut self.article.summaries, Claim { from, text });
    }

    fn body(&mut self, from: &'static str, text: Text) {
        put(&mut self.article.bodies, Claim { from, text });
    }

    fn published(&mut self, from: &'static str, date: String) {
        put_date(&mut self.article.published, from, date);
    }

    fn modified(&mut self, from: &'static str, date: String) {
        put_date(&mut self.article.modified, from, date);
    }

    fn author(&mut self, from: &'static str, person: Person) {
        person::claim(&mut self.article.authors, from, person);
    }

    fn tag(&mut self, from: &'static str, category: Category) {
        let shown = category.term.as_ref().or(category.label.as_ref());
        if let Some(shown) = shown
            && self.article.tags.len() < MOST
            && !self.article.tags.iter().any(|tag| tag.text.text == *shown)
        {
            put(&mut self.article.tags, Claim { from, text: Text::plain(shown.clone()) });
        }
        if let Some(further) = self.further() {
            further.categories.push(category);
        }
    }

    fn language(&mut self, from: &'static str, language: String) {
        put(&mut self.article.languages, Claim { from, text: Text::plain(language) });
    }

    fn rights(&mut self, _from: &'static str, text: Text) {
        if let Some(more) = &mut self.more {
            more.shared.rights = shown(&text, self.article.base.as_ref());
        }
        let copyright = markup::inline_text(&text);
        if !copyright.is_empty() {
            self.article.rights.copyright.get_or_insert(copyright);
        }
    }

    fn license(&mut self, url: String) {
        if let Some(further) = self.further() {
            further.license.get_or_insert_with(|| url.clone());
        }
        self.article.rights.license.get_or_insert(url);
    }

    fn image(&mut self, image: ImageClaim) {
        if self.article.images.len() < MOST
            && !self.article.images.iter().any(|known| known.url == image.url && known.from == image.from)
        {
            put(&mut self.article.images, image);
        }
    }
}
