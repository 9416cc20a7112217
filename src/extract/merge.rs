//! One article of what two documents claim about it: the list that named it, and its own page.

use crate::model::{Claim, RawArticle};

/// Claims of a page that know less than any list does: its address, the title of its window.
fn is_weak(from: &str) -> bool {
    matches!(from, "url" | "html:title" | "html:text")
}

/// The page's claims first, field by field; then the list's; then what the page only hints at.
///
/// The address stays the list's, and so does the fingerprint: the list is what is compared next time.
#[must_use]
pub fn merge(card: RawArticle, page: RawArticle) -> RawArticle {
    let fields = |page: Vec<Claim>, card: Vec<Claim>| {
        let (weak, strong): (Vec<Claim>, Vec<Claim>) = page.into_iter().partition(|claim| is_weak(claim.from));
        let mut claims: Vec<Claim> = Vec::with_capacity(strong.len() + card.len() + weak.len());
        for claim in strong.into_iter().chain(card).chain(weak) {
            if !claims.iter().any(|known| known.text == claim.text) {
                claims.push(claim);
            }
        }
        claims
    };
    let mut urls = card.urls;
    urls.extend(page.urls);
    let mut images = page.images;
    images.extend(card.images);
    let mut authors = page.authors;
    authors.extend(card.authors);
    let mut rights = page.rights;
    rights.copyright = rights.copyright.or(card.rights.copyright);
    rights.license = rights.license.or(card.rights.license);
    rights.usage.extend(card.rights.usage);
    RawArticle {
        id: card.id,
        urls,
        canonical_urls: fields(page.canonical_urls, card.canonical_urls),
        external_url: card.external_url,
        titles: fields(page.titles, card.titles),
        authors,
        published: fields(page.published, card.published),
        modified: fields(page.modified, card.modified),
        languages: fields(page.languages, card.languages),
        summaries: fields(page.summaries, card.summaries),
        bodies: fields(page.bodies, card.bodies),
        body_why: page.body_why.or(card.body_why),
        images,
        attachments: if card.attachments.is_empty() { page.attachments } else { card.attachments },
        tags: fields(page.tags, card.tags),
        sections: fields(page.sections, card.sections),
        site_names: fields(page.site_names, card.site_names),
        rights,
        base: page.base.or(card.base),
        fingerprint: card.fingerprint,
        more: card.more,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::listing::claim;

    #[test]
    fn the_page_wins_where_it_has_evidence() {
        let card = RawArticle {
            urls: vec![claim("listing:link", "https://a.example/1")],
            titles: vec![claim("listing:link", "Ship arrives")],
            published: vec![claim("listing:time", "2026-03-01T10:00:00Z")],
            summaries: vec![claim("listing:summary", "A third ship.")],
            fingerprint: 7,
            ..RawArticle::default()
        };
        let page = RawArticle {
            urls: vec![claim("document", "https://a.example/1?x")],
            titles: vec![claim("html:h1", "Third ship arrives"), claim("html:title", "Third ship arrives | A")],
            published: vec![claim("url", "2026-03-01")],
            fingerprint: 8,
            ..RawArticle::default()
        };
        let merged = merge(card, page);
        let first = |claims: &[Claim]| claims[0].text.text.clone();
        assert_eq!(first(&merged.urls), "https://a.example/1");
        assert_eq!(first(&merged.titles), "Third ship arrives");
        assert_eq!(first(&merged.published), "2026-03-01T10:00:00Z");
        assert_eq!(first(&merged.summaries), "A third ship.");
        assert_eq!((merged.fingerprint, merged.titles.len()), (7, 3));
    }
}
