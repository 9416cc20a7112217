//! The keys that lead to an article, and what they are made of.

use chrono::NaiveDate;
use xxhash_rust::xxh3::xxh3_64;

use crate::address;
use crate::model::{Article, Key, Keys};

/// Whose keys they are: guids and titles belong to a source, addresses to an outlet's own domain.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    pub source: &'a str,
    pub outlet: &'a str,
    /// The registrable domains of the outlet's sources: where its addresses count across sources.
    pub domains: &'a [String],
}

/// What an item is recognized by.
#[derive(Clone, Copy, Debug, Default)]
pub struct Identifiers<'a> {
    /// The document's own id, verbatim.
    pub guid: Option<&'a str>,
    /// As found, absolute.
    pub url: Option<&'a str>,
    /// As `address::canonical` made it.
    pub canonical: Option<&'a str>,
    /// The title and the day of publication.
    pub title_day: Option<(&'a str, NaiveDate)>,
    /// Title or text: what an item is recognized by that has nothing of the above.
    pub text: Option<&'a str>,
}

impl<'a> Identifiers<'a> {
    /// Those of a normalized article; the day is that of UTC, so that a change of zone moves nothing.
    #[must_use]
    pub fn of(article: &'a Article) -> Self {
        let title_day = article.title.as_deref().zip(article.date_published.map(|date| date.at.to_utc().date_naive()));
        let text = [&article.body, &article.summary]
            .into_iter()
            .flatten()
            .map(|text| &*text.text)
            .find(|text| !text.is_empty());
        Self {
            text: article.title.as_deref().or(text),
            guid: article.id.as_deref(),
            url: article.url.as_deref(),
            canonical: article.canonical_url.as_deref(),
            title_day,
        }
    }
}

/// The keys of one item (DESIGN §6): 16 bytes of BLAKE3 over kind, scope and what is named.
///
/// An item without guid and address always has a last key, of title and day or of its text: without
/// one it would be new each time.
#[must_use]
pub fn keys(scope: &Scope<'_>, identifiers: &Identifiers<'_>) -> Keys {
    let url_form = identifiers.url.map(address::key_form);
    let form = identifiers.canonical.map(address::key_form_of_canonical);
    let form = form.filter(|form| url_form.as_deref() != Some(form));
    let url = url_form.and_then(|form| form_key(scope, &form));
    let canonical = form.and_then(|form| form_key(scope, &form));
    let title_day = identifiers.title_day.and_then(|(title, day)| title_day_key(scope, title, day));
    let guid = identifiers.guid.and_then(|guid| guid_key(scope, guid));
    let is_nameless = guid.is_none() && url.is_none() && canonical.is_none();
    let text = identifiers.text.filter(|_| is_nameless).map(|text| hash(b"text", scope.source, text.trim()));
    Keys { guid, url: url.or(canonical), canonical: canonical.filter(|_| url.is_some()), title_day: title_day.or(text) }
}

/// The key of a guid, which belongs to its source; white space around it is no part of it.
pub(super) fn guid_key(scope: &Scope<'_>, guid: &str) -> Option<Key> {
    let guid = guid.trim();
    (!guid.is_empty()).then(|| hash(b"guid", scope.source, guid))
}

/// The key of an address: of its domain where that is the outlet's own, else of the source.
pub(super) fn url_key(scope: &Scope<'_>, url: &str) -> Option<Key> {
    form_key(scope, &address::key_form(url))
}

fn form_key(scope: &Scope<'_>, form: &str) -> Option<Key> {
    if form.is_empty() {
        return None;
    }
    let host = form.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let domain = address::registrable_domain(host);
    Some(if scope.domains.iter().any(|own| own == domain) {
        hash(b"site", domain, form)
    } else {
        hash(b"url", scope.source, form)
    })
}

fn title_day_key(scope: &Scope<'_>, title: &str, day: NaiveDate) -> Option<Key> {
    let mut text = fold_title(title);
    if text.is_empty() {
        return None;
    }
    text.push('\n');
    text.push_str(&day.to_string());
    Some(hash(b"title", scope.source, &text))
}

/// A hash of a title without case, white space and punctuation; 0 where nothing is left.
#[must_use]
pub fn title_hash(title: &str) -> u64 {
    let folded = fold_title(title);
    if folded.is_empty() { 0 } else { xxh3_64(folded.as_bytes()) }
}

/// Letters and digits only, in lower case: what stays of a title when its spelling changes.
fn fold_title(title: &str) -> String {
    let mut folded = String::with_capacity(title.len());
    for character in title.chars() {
        if character.is_ascii_alphanumeric() {
            folded.push(character.to_ascii_lowercase());
        } else if !character.is_ascii() && character.is_alphanumeric() {
            folded.extend(character.to_lowercase());
        }
    }
    folded
}

fn hash(kind: &[u8], scope: &str, text: &str) -> Key {
    let mut hasher = blake3::Hasher::new();
    for part in [kind, scope.as_bytes()] {
        hasher.update(part);
        // cannot occur in a kind, an id or a domain
        hasher.update(&[0]);
    }
    hasher.update(text.as_bytes());
    let mut key = [0; 16];
    key.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    Key(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Dated, Precision, ZoneFrom};

    fn scope<'a>(source: &'a str, domains: &'a [String]) -> Scope<'a> {
        Scope { source, outlet: "outlet", domains }
    }

    #[test]
    fn addresses_count_across_sources_only_on_the_outlets_own_domain() {
        let domains = ["example.org".to_owned()];
        let of =
            |source, url| keys(&scope(source, &domains), &Identifiers { url: Some(url), ..Default::default() }).url;
        assert_eq!(of("a", "https://www.example.org/x"), of("b", "http://example.org/x/?utm_source=b"));
        assert_eq!(of("a", "https://news.example.org/x"), of("b", "https://news.example.org/x"));
        assert_ne!(of("a", "https://other.example/x"), of("b", "https://other.example/x"));
        assert_eq!(of("a", "https://other.example/x"), of("a", "http://other.example/x"));
    }

    #[test]
    fn guids_and_titles_belong_to_their_source() {
        let day = NaiveDate::from_ymd_opt(2023, 3, 1);
        let of = |source, guid, title| {
            let title_day = Some(title).zip(day);
            keys(&scope(source, &[]), &Identifiers { guid: Some(guid), title_day, ..Default::default() })
        };
        assert_ne!(of("a", "1", "T").guid, of("b", "1", "T").guid);
        assert_ne!(of("a", "1", "T").title_day, of("b", "1", "T").title_day);
        assert_eq!(of("a", " 1\n", "“Hello, World!”"), of("a", "1", "hello  world"));
        assert_eq!(of("a", " ", "…").iter().count(), 0, "blanks are no keys");
    }

    #[test]
    fn title_and_day_are_one_key_by_the_day_of_utc() {
        let of = |title: &str, at: &str| {
            let at = chrono::DateTime::parse_from_rfc3339(at).unwrap();
            let date = Dated { at, precision: Precision::Time, zone: ZoneFrom::Text };
            let article = Article { title: Some(title.to_owned()), date_published: Some(date), ..Article::default() };
            keys(&scope("a", &[]), &Identifiers::of(&article)).title_day
        };
        let key = of("Rates", "2023-03-02T04:30:00Z");
        assert!(key.is_some());
        assert_eq!(of("Rates", "2023-03-01T23:30:00-05:00"), key, "one moment, told in another zone");
        assert_ne!(of("Rates", "2023-03-03T04:30:00Z"), key);
        assert_ne!(of("Rate", "2023-03-02T04:30:00Z"), key);
    }

    #[test]
    fn text_is_a_key_of_what_has_no_other() {
        let of = |guid, url, text| keys(&scope("a", &[]), &Identifiers { guid, url, text, ..Default::default() });
        let page = Some("https://example.org/x");
        assert_eq!(of(Some("1"), None, Some("T")).title_day, None);
        assert_eq!(of(None, page, Some("T")).title_day, None);
        let last = of(None, None, Some("T")).title_day;
        assert!(last.is_some() && last == of(Some(" "), None, Some(" T\n")).title_day);
        assert_ne!(last, of(None, None, Some("U")).title_day);
    }

    #[test]
    fn a_canonical_address_with_the_same_key_is_left_out() {
        let of = |url, canonical| keys(&scope("a", &[]), &Identifiers { url, canonical, ..Default::default() });
        assert_eq!(of(Some("http://example.org/x?utm_source=y"), Some("https://example.org/x")).canonical, None);
        assert!(of(Some("http://example.org/x"), Some("https://example.org/y")).canonical.is_some());
        assert_eq!(of(None, Some("https://example.org/y")).url, of(Some("https://example.org/y"), None).url);
    }

    #[test]
    fn title_hash_forgets_spelling_only() {
        assert_eq!(title_hash("Привет, мир!"), title_hash("«ПРИВЕТ  МИР»"));
        assert_ne!(title_hash("Part 1"), title_hash("Part 2"));
        assert_eq!(title_hash("…"), 0);
    }
}
