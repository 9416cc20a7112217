//! Claims while they are gathered, each with how far it is trusted.

use std::fmt::Write as _;

use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use crate::model::{Claim, Field, ImageClaim, PersonClaim, RawArticle, Rights, Text};

/// How far a claim is trusted: lower is better.
pub(super) type Rank = u8;

/// The field that a claim is for, how far it is trusted, and the kind of evidence.
pub(super) type Place = (Field, Rank, &'static str);

/// Claims in the order that they were found.
#[derive(Debug, Default)]
pub(super) struct Claims {
    texts: Vec<(Field, Rank, Claim)>,
    authors: Vec<(Rank, PersonClaim)>,
    images: Vec<(Rank, ImageClaim)>,
    /// How many texts were claimed of each field.
    counts: [usize; Field::ALL],
    pub article: RawArticle,
}

/// Longer texts than this are no titles, names, dates or tags, but bodies and summaries are not cut.
const LONGEST: usize = 4000;

/// Most names of authors that lines are compared with.
const MOST_NAMES: usize = 20;

/// More claims of one field, more authors and more pictures than these are no evidence.
const MOST: usize = 300;

impl Claims {
    /// A claim of plain text; blank ones are not taken.
    pub fn add(&mut self, (field, rank, from): Place, text: &str) {
        let text = text.trim();
        if !text.is_empty() && text.len() <= LONGEST && self.counts[field as usize] < MOST {
            self.counts[field as usize] += 1;
            self.texts.push((field, rank, Claim { from, text: Text::plain(text) }));
        }
    }

    /// A claim of an address, made absolute.
    pub fn add_address(&mut self, place: Place, text: &str, base: &Url) {
        if let Some(address) = crate::address::resolve(Some(base), text) {
            self.add(place, &address);
        }
    }

    pub fn add_html(&mut self, (field, rank, from): Place, html: String) {
        self.texts.push((field, rank, Claim { from, text: Text::html(html) }));
    }

    /// Takes over all claims of another reading.
    pub fn extend(&mut self, other: Self) {
        self.texts.extend(other.texts);
        self.counts = std::array::from_fn(|field| self.counts[field] + other.counts[field]);
        self.authors.extend(other.authors);
        self.images.extend(other.images);
        let Rights { copyright, license, usage } = other.article.rights;
        let rights = &mut self.article.rights;
        rights.copyright = rights.copyright.take().or(copyright);
        rights.license = rights.license.take().or(license);
        rights.usage.extend(usage);
    }

    pub fn add_author(&mut self, rank: Rank, author: PersonClaim) {
        let named = author.name.as_deref().is_some_and(|name| !name.trim().is_empty() && name.len() <= LONGEST);
        let is_one_more = self.authors.len() < MOST && (named || author.url.is_some());
        if is_one_more && !self.authors.iter().any(|(_, known)| *known == author) {
            self.authors.push((rank, author));
        }
    }

    pub fn add_image(&mut self, rank: Rank, mut image: ImageClaim) {
        if self.images.len() < MOST {
            for text in [&mut image.alt, &mut image.caption, &mut image.credit].into_iter().flatten() {
                text.truncate(text.floor_char_boundary(LONGEST));
            }
            self.images.push((rank, image));
        }
    }

    /// What was claimed of a field so far.
    pub fn of(&self, field: Field) -> impl Iterator<Item = &str> {
        self.texts.iter().filter(move |(of, ..)| *of == field).map(|(.., claim)| claim.text.text.as_str())
    }

    /// Bodies that were claimed so far, with the kind of evidence.
    pub fn bodies(&self) -> Vec<(&'static str, String)> {
        let bodies = self.texts.iter().filter(|(of, ..)| *of == Field::ContentHtml);
        bodies.map(|(.., claim)| (claim.from, claim.text.text.clone())).collect()
    }

    /// Names that were claimed of authors.
    pub fn author_names(&self) -> Vec<String> {
        let names = self.authors.iter().filter_map(|(_, author)| author.name.as_deref());
        names.map(str::trim).filter(|name| name.len() >= 5).take(MOST_NAMES).map(str::to_owned).collect()
    }

    /// The most trusted picture so far.
    pub fn best_image(&self) -> Option<&ImageClaim> {
        self.images.iter().min_by_key(|(rank, _)| *rank).map(|(_, image)| image)
    }

    pub fn images_mut(&mut self) -> impl Iterator<Item = &mut ImageClaim> {
        self.images.iter_mut().map(|(_, image)| image)
    }

    /// The article, the most trusted claims first.
    pub fn finish(mut self) -> RawArticle {
        self.texts.sort_by_key(|(_, rank, _)| *rank);
        self.authors.sort_by_key(|(rank, _)| *rank);
        self.images.sort_by_key(|(rank, _)| *rank);
        let mut article = self.article;
        for (field, _, claim) in self.texts {
            let list = match field {
                Field::Url => &mut article.urls,
                Field::CanonicalUrl => &mut article.canonical_urls,
                Field::Title => &mut article.titles,
                Field::DatePublished => &mut article.published,
                Field::DateModified => &mut article.modified,
                Field::Language => &mut article.languages,
                Field::Summary => &mut article.summaries,
                Field::ContentHtml => &mut article.bodies,
                Field::Tags => &mut article.tags,
                Field::Section => &mut article.sections,
                Field::SiteName => &mut article.site_names,
                Field::Authors | Field::Image | Field::Attachments | Field::Rights => continue,
            };
            if !list.contains(&claim) {
                list.push(claim);
            }
        }
        article.authors = self.authors.into_iter().map(|(_, author)| author).collect();
        article.images = self.images.into_iter().map(|(_, image)| image).collect();
        article.fingerprint = fingerprint(&article);
        article
    }
}

/// A hash over all that was found.
pub(in crate::extract) fn fingerprint(article: &RawArticle) -> u64 {
    let mut found = String::new();
    for claims in [
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
        &article.site_names,
    ] {
        for claim in claims {
            let _ = write!(found, "{}\u{1}{}\u{2}", claim.from, claim.text.text);
        }
        found.push('\u{3}');
    }
    let _ = write!(found, "{:?}{:?}{:?}", article.authors, article.images, article.rights);
    xxh3_64(found.as_bytes())
}
