//! Candidates for an article's permanent id.

use xxhash_rust::xxh3::Xxh3;

use crate::address;
use crate::model::{Article, Uids};

/// Candidates for the permanent id of an article, best first (DESIGN §6); `id` is what its outlet calls it alone.
///
/// The outlet's own id where it is a canonical URI; the canonical address; the address as found; where
/// there is none of them a `urn:uuid` of outlet and id; one of everything that is known, which is unique
/// by construction.
/// Ids and addresses on a registrable domain that `is_foreign` knows as another outlet's are left
/// out, so that nobody takes the id of somebody else's article.
#[must_use]
pub fn uids(outlet: &str, (id, article): (Option<&str>, &Article), is_foreign: &dyn Fn(&str) -> bool) -> Uids {
    let named = [id, article.canonical_url.as_deref(), article.url.as_deref()];
    let mut uris: Vec<String> = Vec::with_capacity(named.len());
    for candidate in named.into_iter().flatten() {
        if !uris.iter().any(|known| known == candidate)
            && address::is_uri(candidate)
            && !is_of_domain(candidate, is_foreign)
        {
            uris.push(candidate.to_owned());
        }
    }
    let address = article.canonical_url.as_deref().or(article.url.as_deref());
    let name = id.or(address).filter(|_| uris.is_empty()).map(|name| format!("{outlet}\n{name}"));
    let text = article.body.as_ref().or(article.summary.as_ref()).map_or("", |text| &text.text);
    let id = article.id.as_deref().unwrap_or_default();
    let title = article.title.as_deref().unwrap_or_default();
    let date = article.date_published.map_or(0, |date| date.at.timestamp());
    // made for every article and nearly never needed: by a quick hash
    let mut hash = Xxh3::new();
    for part in [outlet, id, address.unwrap_or_default(), title, text] {
        hash.update(part.as_bytes());
        hash.update(b"\n");
    }
    hash.update(&date.to_le_bytes());
    Uids { uris, name, hash: hash.digest128() }
}

/// Whether the domain that a `http`, `https`, `ftp` or `tag` URI names passes a test.
fn is_of_domain(uri: &str, test: &dyn Fn(&str) -> bool) -> bool {
    let host = match uri.strip_prefix("tag:") {
        Some(rest) => rest.split(',').next().map(|authority| authority.rsplit('@').next().unwrap_or(authority)),
        None => address::host(uri),
    };
    host.is_some_and(|host| test(address::registrable_domain(host)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Text;

    fn article(id: Option<&str>, canonical: Option<&str>, url: Option<&str>) -> Article {
        let own = |text: Option<&str>| text.map(str::to_owned);
        Article { id: own(id), canonical_url: own(canonical), url: own(url), ..Article::default() }
    }

    #[test]
    fn the_first_candidate_is_the_outlets_id_then_an_address_then_an_urn() {
        let is_foreign = |domain: &str| domain == "other.example";
        let page = "https://example.org/a";
        for (id, canonical, url, first) in [
            (Some("tag:example.org,2023:a"), Some(page), None, Some("tag:example.org,2023:a")),
            (Some("https://example.org/?p=1"), Some(page), None, Some("https://example.org/?p=1")),
            (Some("https://Example.org/?p=1"), Some(page), None, Some(page)),
            (Some("https://news.other.example/?p=1"), Some(page), None, Some(page)),
            (Some("tag:other.example,2023:a"), Some(page), None, Some(page)),
            (Some("tag:desk@other.example,2023:a"), Some(page), None, Some(page)),
            (Some("tag:desk@example.org,2023:a"), Some(page), None, Some("tag:desk@example.org,2023:a")),
            (Some("12345"), Some(page), Some("http://example.org/a"), Some(page)),
            (Some("12345"), None, Some("http://example.org/a"), Some("http://example.org/a")),
            (None, Some("https://other.example/a"), None, None),
            (Some("12345"), None, None, None),
            (None, None, None, None),
        ] {
            let uids = uids("outlet", (id, &article(id, canonical, url)), &is_foreign);
            match first {
                Some(first) => assert_eq!(uids.first(), first),
                None => assert!(uids.first().starts_with("urn:uuid:"), "{uids:?}"),
            }
            let candidates: Vec<_> = uids.candidates().take(6).collect();
            assert!(candidates.iter().all(|uid| address::is_uri(uid)), "{uids:?}");
            assert!(candidates[5].starts_with("urn:uuid:") && candidates[4] != candidates[5], "{candidates:?}");
        }
    }

    #[test]
    fn the_urn_depends_on_outlet_and_id_and_for_items_with_nothing_on_the_text() {
        let first =
            |outlet, article: &Article| uids(outlet, (article.id.as_deref(), article), &|_| false).first().into_owned();
        let plain = article(Some("1"), None, None);
        assert_eq!(first("a", &plain), first("a", &plain));
        assert_ne!(first("a", &plain), first("b", &plain));
        // for ever the same, in all versions, whatever else the item says
        let told = Article { title: Some("T".into()), summary: Some(Text::plain("x")), ..plain.clone() };
        for article in [&plain, &told] {
            assert_eq!(first("a", article), "urn:uuid:56761686-59a6-5836-b823-4b0704366c32");
        }
        let of_text = |text: &str| Article { summary: Some(Text::plain(text)), ..Article::default() };
        assert_eq!(first("a", &of_text("x")), first("a", &of_text("x")));
        assert_ne!(first("a", &of_text("x")), first("a", &of_text("y")));
        assert_ne!(first("a", &of_text("x")), first("b", &of_text("x")));
    }
}
