//! `meta` and `link` elements: Open Graph, Dublin Core, Twitter and their like.

use url::Url;

use super::claims::Claims;
use super::json_ld::split_keywords;
use super::usage::usage_signals;
use crate::address;
use crate::extract::text::words::{Lead, is_label};
use crate::model::{Field, ImageClaim, PersonClaim};

/// Pictures that Open Graph describes: each `og:image` begins one, what follows belongs to it.
#[derive(Debug, Default)]
pub(super) struct Meta {
    images: Vec<ImageClaim>,
    /// What `robots` and its like say.
    pub robots: Vec<String>,
    /// Of cards: what the next value is.
    label: Option<String>,
}

/// More pictures, or signals, than these are not kept.
const MOST: usize = 100;

impl Meta {
    /// Reads one `meta`: its `name`, `property` or `itemprop`, and its content.
    pub fn read(&mut self, (key, content): (&str, &str), base: &Url, claims: &mut Claims) {
        let mut lower = key.trim().to_ascii_lowercase();
        if lower.contains(' ') {
            lower.truncate(lower.find(' ').unwrap_or(lower.len()));
        }
        let key = lower.as_str();
        if let Some((field, rank, from)) = text_claim(key) {
            claims.add((field, rank, from), content);
            return;
        }
        match key {
            "og:url" => claims.add_address((Field::CanonicalUrl, 3, "meta:og:url"), content, base),
            "og:image" | "og:image:url" => self.begin_image("meta:og:image", content, base),
            "og:image:secure_url" => {
                if let (Some(image), Some(url)) = (self.images.last_mut(), address::resolve(Some(base), content)) {
                    image.url = url;
                } else {
                    self.begin_image("meta:og:image", content, base);
                }
            }
            "og:image:width" => self.last_image(|image| image.width = positive(content)),
            "og:image:height" => self.last_image(|image| image.height = positive(content)),
            "og:image:alt" => self.last_image(|image| image.alt = Some(content.trim().to_owned())),
            "twitter:image" | "twitter:image:src" => self.begin_image("meta:twitter:image", content, base),
            "parsely-image-url" | "sailthru.image.full" | "thumbnail" | "image" => {
                self.begin_image("meta:image", content, base);
            }
            "author"
            | "article:author_name"
            | "dc.creator"
            | "dcterms.creator"
            | "dc.contributor"
            | "parsely-author"
            | "sailthru.author"
            | "citation_author"
            | "byl"
            | "byline"
            | "article:author"
            | "og:article:author"
            | "creator"
            | "dcsext.author"
            | "cxenseparse:author"
            | "article.author"
            | "authors"
            | "rbauthors"
            | "vr:author"
            | "shareaholic:article_author_name"
            | "content_author" => {
                author(key, content, base, claims);
            }
            "twitter:label1" | "twitter:label2" => self.label = Some(content.to_owned()),
            "twitter:data1" | "twitter:data2" if self.label.take().is_some_and(|label| is_label(&label, Lead::By)) => {
                let name = Some(content.trim().to_owned());
                claims.add_author(4, PersonClaim { from: "meta:twitter:data", name, url: None, email: None });
            }
            "keywords" | "news_keywords" | "parsely-tags" | "sailthru.tags" | "dc.subject" => {
                let rank = if key == "keywords" { 5 } else { 4 };
                for keyword in split_keywords(content).take(100) {
                    claims.add((Field::Tags, rank, "meta:keywords"), keyword);
                }
            }
            "robots" | "googlebot" | "tdm-reservation" | "content-usage" | "ai-content-declaration" => {
                let is_named = key.starts_with("tdm") || key == "content-usage";
                if self.robots.len() < MOST {
                    self.robots.push(if is_named { format!("{key}: {content}") } else { content.to_owned() });
                }
            }
            "copyright" | "dc.rights" | "dcterms.rights" | "og:article:copyright" => {
                claims.article.rights.copyright.get_or_insert_with(|| content.trim().to_owned());
            }
            _ => {}
        }
    }

    /// Reads one `link`.
    pub fn link(rel: &str, href: &str, base: &Url, claims: &mut Claims) {
        for rel in rel.split_ascii_whitespace() {
            match rel.to_ascii_lowercase().as_str() {
                "canonical" => claims.add_address((Field::CanonicalUrl, 1, "html:canonical"), href, base),
                // an RSL document is a licence too
                "license" => claims.article.rights.license = address::resolve(Some(base), href),
                _ => {}
            }
        }
    }

    /// Hands over what could not be told at once.
    pub fn finish(self, claims: &mut Claims) {
        for image in self.images {
            let rank = if image.from == "meta:og:image" { 2 } else { 4 };
            claims.add_image(rank, image);
        }
        for signal in usage_signals(self.robots.iter().map(String::as_str)) {
            if !claims.article.rights.usage.contains(&signal) {
                claims.article.rights.usage.push(signal);
            }
        }
    }

    fn begin_image(&mut self, from: &'static str, content: &str, base: &Url) {
        let Some(url) = address::resolve(Some(base), content) else { return };
        let is_one_more = self.images.len() < MOST;
        if is_one_more && !self.images.iter().any(|image| image.url == url) {
            self.images.push(ImageClaim { from, url, ..ImageClaim::default() });
        }
    }

    fn last_image(&mut self, set: impl FnOnce(&mut ImageClaim)) {
        if let Some(image) = self.images.last_mut() {
            set(image);
        }
    }
}

fn positive(content: &str) -> Option<u32> {
    content.trim().parse().ok().filter(|pixels| *pixels > 0)
}

fn author(key: &str, content: &str, base: &Url, claims: &mut Claims) {
    let (rank, from) = match key {
        "article:author" | "og:article:author" => (3, "meta:article:author"),
        "parsely-author" | "sailthru.author" | "citation_author" | "byl" => (2, "meta:author"),
        _ => (3, "meta:author"),
    };
    // addresses of profiles are no names
    if content.contains("://") || content.trim().starts_with("www.") {
        let url = address::resolve(Some(base), content);
        claims.add_author(8, PersonClaim { from, name: None, url, email: None });
        return;
    }
    let name = Some(content.trim().to_owned());
    claims.add_author(rank, PersonClaim { from, name, url: None, email: None });
}

#[rustfmt::skip]
fn text_claim(key: &str) -> Option<(Field, u8, &'static str)> {
    use Field as F;
    Some(match key {
        "og:title" => (F::Title, 3, "meta:og:title"),
        "twitter:title" => (F::Title, 4, "meta:twitter:title"),
        "dc.title" | "dcterms.title" | "parsely-title" | "sailthru.title" | "citation_title" | "headline" => (F::Title, 4, "meta:title"),
        "article:published_time" | "og:article:published_time" | "article:published" => (F::DatePublished, 2, "meta:article:published_time"),
        "datepublished" | "parsely-pub-date" | "sailthru.date" | "pubdate" | "publishdate" | "publish-date" | "publication_date" | "publish_date" | "ptime"
        | "cxenseparse:recs:publishtime" | "article.published" | "published-date" | "publisheddate" | "date.published" | "dcterms.issued"
        | "dc.date.issued" | "citation_publication_date" | "rnews:datepublished" | "og:published_time" | "og:pubdate" | "timestamp" | "displaydate"
        | "cxense:publishtime" | "publishtime" | "bt:pubdate" | "date_published" | "article_date_original" | "originalpublicationdate" | "vr:published_time"
            => (F::DatePublished, 3, "meta:published"),
        "dc.date" | "dcterms.date" | "dc.date.created" | "dcterms.created" | "date" | "citation_date" | "article:post_date" | "created" | "create_date"
        | "last-publish-date" | "og:release_date"
            => (F::DatePublished, 6, "meta:date"),
        "article:modified_time" | "og:article:modified_time" | "article:modified" => (F::DateModified, 2, "meta:article:modified_time"),
        "og:updated_time" | "datemodified" | "dcterms.modified" | "dc.date.modified" | "last-modified" | "lastmod" | "utime" | "article.updated" | "revision_date" | "updated" | "modified"
            => (F::DateModified, 3, "meta:modified"),
        "description" => (F::Summary, 1, "meta:description"),
        "og:description" => (F::Summary, 2, "meta:og:description"),
        "twitter:description" => (F::Summary, 4, "meta:twitter:description"),
        "dc.description" | "dcterms.description" | "dcterms.abstract" | "sailthru.description" => (F::Summary, 5, "meta:description"),
        "og:site_name" => (F::SiteName, 1, "meta:og:site_name"),
        "application-name" | "apple-mobile-web-app-title" | "al:ios:app_name" | "cre" => (F::SiteName, 5, "meta:application-name"),
        "dc.publisher" | "dcterms.publisher" | "citation_journal_title" => (F::SiteName, 4, "meta:publisher"),
        "article:section" | "og:article:section" => (F::Section, 2, "meta:article:section"),
        "parsely-section" | "section" | "cxenseparse:section" | "sailthru.vertical" => (F::Section, 3, "meta:section"),
        "article:tag" | "og:article:tag" | "video:tag" => (F::Tags, 2, "meta:article:tag"),
        "og:locale" => (F::Language, 3, "meta:og:locale"),
        "content-language" | "dc.language" | "dcterms.language" | "language" => (F::Language, 4, "meta:language"),
        _ => return None,
    })
}
