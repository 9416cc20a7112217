//! What an address alone says of the page behind it.

use std::collections::HashMap;
use std::sync::LazyLock;

use url::Url;

/// What an address says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Shape {
    /// Above 0 for articles, below for sections, tags and services.
    pub score: f32,
    /// Equal for addresses that are built alike.
    pub template: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    Service,
    Index,
    Article,
}

static WORDS: LazyLock<HashMap<&'static str, Word>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    for line in include_str!("addresses.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split_ascii_whitespace();
        let word = match columns.next() {
            Some("service") => Word::Service,
            Some("index") => Word::Index,
            Some("article") => Word::Article,
            _ => continue,
        };
        words.extend(columns.map(|column| (column, word)));
    }
    words
});

/// Endings of files that are no pages.
const FILES: [&str; 16] = [
    ".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".pdf", ".mp3", ".mp4", ".zip", ".xml", ".rss", ".json", ".ics",
    ".css", ".js",
];

/// Endings of pages that were written once.
const PAGES: [&str; 3] = [".html", ".htm", ".shtml"];

/// Out of the question.
const NEVER: f32 = -20.0;

/// Judges an address that stands on `page`; both without fragment.
pub(super) fn judge(url: &Url, page: &Url) -> Shape {
    let path = url.path();
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let template = template(url, &segments);
    let shape = |score| Shape { score, template: template.clone() };
    let lower = path.to_ascii_lowercase();
    if FILES.iter().any(|ending| lower.ends_with(ending)) {
        return shape(NEVER);
    }
    let id = id_of_query(url);
    if segments.is_empty() && id.is_none() {
        return shape(NEVER);
    }
    let page_path = page.path().trim_end_matches('/');
    let is_same_host = url.host_str() == page.host_str();
    let own = path.trim_end_matches('/');
    let is_above = page_path == own || page_path.strip_prefix(own).is_some_and(|rest| rest.starts_with('/'));
    if is_same_host && is_above && id.is_none() {
        return shape(NEVER);
    }
    let mut score = by_host(url, page);
    if segments.iter().any(|segment| is_advert(segment))
        || url.query().is_some_and(|query| query.split(['&', '=']).any(is_advert))
    {
        score -= 5.0;
    }
    if let Some(id) = id {
        score += id;
    } else if url.query().is_some_and(is_paging) {
        score -= 4.0;
    }
    let dated = is_dated(&segments);
    score += if dated { 2.0 } else { 0.0 };
    score += by_words(&segments, dated);
    if let Some(best) = segments.iter().rev().take(2).map(|segment| slug(segment)).reduce(f32::max) {
        score += best;
    }
    if !dated && id.is_none() {
        score += depth(&segments);
    }
    if PAGES.iter().any(|ending| lower.ends_with(ending)) {
        score += 0.5;
    }
    shape(score)
}

/// Whether a word in an address says that somebody paid for the page.
fn is_advert(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let words = lower.split(['-', '_', '.']);
    words.into_iter().any(|word| {
        matches!(
            word,
            "sponsored"
                | "sponsor"
                | "sponsors"
                | "advertorial"
                | "advertorials"
                | "vendorcontent"
                | "promoted"
                | "partnercontent"
                | "brandvoice"
        )
    }) && lower.len() <= 40
}

/// What a host beside the page's own says: `help.`, `shop.`.
fn by_host(url: &Url, page: &Url) -> f32 {
    let (host, own) = (url.host_str().unwrap_or_default(), page.host_str().unwrap_or_default());
    if host == own {
        return 0.0;
    }
    let label = host.split('.').next().unwrap_or_default();
    match WORDS.get(label) {
        Some(Word::Service) => -5.0,
        _ if label == "www" || own.starts_with("www.") && own.ends_with(host) => 0.0,
        _ => -0.5,
    }
}

/// What known words in the path say.
fn by_words(segments: &[&str], dated: bool) -> f32 {
    let mut score = 0.0_f32;
    let last = segments.len().saturating_sub(1);
    for (place, segment) in segments.iter().enumerate() {
        let lower = segment.to_ascii_lowercase();
        let stem = lower.split(['.', ';', '=']).next().unwrap_or_default();
        match WORDS.get(stem) {
            Some(Word::Service) if place == last => score -= 5.0,
            Some(Word::Service) if !dated => score -= 2.5,
            Some(Word::Index) if place == last && !dated => score -= 3.5,
            Some(Word::Index) if !dated => score -= 3.5,
            Some(Word::Article) if place < last => score += 0.5,
            _ if stem.starts_with('@') => score -= 1.0,
            _ => {}
        }
    }
    score.max(-8.0)
}

/// What the last parts of a path say: slugs of several words, long numbers, hashes.
fn slug(segment: &str) -> f32 {
    let stem = segment.split(['.', ',', ';']).next().unwrap_or(segment);
    let encoded = segment.matches('%').count();
    let words = stem.split(['-', '_', '+']).filter(|word| word.len() > 1 || word.bytes().all(|b| b.is_ascii_digit()));
    let parts = words.clone().count();
    let longest_number = digits(stem);
    let mut score = match parts {
        _ if encoded >= 8 => 2.0,
        0 | 1 => 0.0,
        2 => 0.3,
        3 => 1.2,
        _ => 2.2,
    };
    if longest_number >= 5 {
        score += 1.2;
    } else if longest_number == 4 && parts >= 2 {
        score += 0.3;
    }
    if is_hash(stem) || words.into_iter().any(is_hash) {
        score += 1.2;
    }
    score
}

/// Digits in the longest number of a text.
fn digits(text: &str) -> usize {
    text.split(|character: char| !character.is_ascii_digit()).map(str::len).max().unwrap_or(0)
}

/// Whether a word is made up by a machine: digits and letters mixed, as in `9f86d081884c`.
fn is_hash(word: &str) -> bool {
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    word.len() >= 8 && letters >= 2 && digits >= 2 && letters + digits == word.len()
}

/// A short path of plain words is a section.
fn depth(segments: &[&str]) -> f32 {
    let is_plain = |segment: &&str| {
        segment.len() <= 24
            && segment.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_'))
            && segment.matches(['-', '_']).count() <= 1
    };
    let plain = segments.iter().filter(|segment| is_plain(segment)).count();
    match segments.len() {
        1 if plain == 1 => -2.0,
        2 if plain == 2 => -1.0,
        _ => 0.0,
    }
}

/// Whether a path holds a date: `/2023/03/`, `/2023/mar/`, `/20230301`, `/2023-03-01`.
fn is_dated(segments: &[&str]) -> bool {
    let is_year = |text: &str| text.len() == 4 && text.parse::<u16>().is_ok_and(|year| (1990..=2100).contains(&year));
    segments.iter().enumerate().any(|(place, segment)| {
        if is_year(segment) {
            let next = segments.get(place + 1).copied().unwrap_or_default();
            let is_month = next.parse::<u8>().is_ok_and(|month| (1..=12).contains(&month));
            let is_name = next.len() == 3 && next.bytes().all(|byte| byte.is_ascii_alphabetic());
            return place + 2 < segments.len() && (is_month || is_name);
        }
        let Some(head) = segment.get(..8) else { return false };
        let compact =
            head.bytes().all(|byte| byte.is_ascii_digit()) && is_year(&head[..4]) && is_day(&head[4..6], &head[6..]);
        let mut parts = segment.split('-');
        let dashed = parts.next().is_some_and(is_year)
            && parts.next().zip(parts.next()).is_some_and(|(month, day)| is_day(month, day));
        compact || dashed
    })
}

fn is_day(month: &str, day: &str) -> bool {
    month.parse::<u8>().is_ok_and(|month| (1..=12).contains(&month))
        && day.get(..day.len().min(2)).is_some_and(|day| day.parse::<u8>().is_ok_and(|day| (1..=31).contains(&day)))
}

/// What a query says where it names the page: `?id=1234`, `?p=77`.
fn id_of_query(url: &Url) -> Option<f32> {
    url.query_pairs().find_map(|(name, value)| {
        let name = name.to_ascii_lowercase();
        let is_name = matches!(
            name.as_str(),
            "id" | "p"
                | "nid"
                | "aid"
                | "newsid"
                | "news_id"
                | "articleid"
                | "article"
                | "sid"
                | "idx"
                | "no"
                | "newsno"
                | "mod"
                | "idxno"
                | "aidx"
        );
        (is_name && value.len() <= 40 && digits(&value) >= 2).then_some(1.2)
    })
}

fn is_paging(query: &str) -> bool {
    query.split('&').any(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        matches!(
            name,
            "page" | "paged" | "offset" | "start" | "sort" | "order" | "filter" | "q" | "s" | "lang" | "replytocom"
        )
    })
}

/// An address with what differs between articles taken out.
fn template(url: &Url, segments: &[&str]) -> String {
    let mut template = url.host_str().unwrap_or_default().to_owned();
    let last = segments.len().saturating_sub(1);
    for (place, segment) in segments.iter().enumerate() {
        template.push('/');
        if segment.bytes().all(|byte| byte.is_ascii_digit()) {
            template.push('0');
        } else if place < last && segment.len() <= 24 && segment.matches('-').count() <= 2 {
            template.push_str(segment);
        } else {
            template.push('*');
        }
    }
    if id_of_query(url).is_some() {
        template.push('?');
    }
    template
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_score_and_sections_do_not() {
        let page = Url::parse("https://courier.example/world/").unwrap();
        let score = |path: &str| judge(&page.join(path).unwrap(), &page).score;
        for path in [
            "/2023/03/01/ferry",
            "/world/ferry-line-gets-third-ship",
            "/news/18273645",
            "/a/9f86d081884c7d65",
            "/world/20230301-ferry.html",
            "/view.php?id=88213",
            "/%D0%BF%D0%BE%D0%B5%D0%B7%D0%B4",
        ] {
            assert!(score(path) >= 1.0, "{path}: {}", score(path));
        }
        for path in [
            "/",
            "/world",
            "/sport",
            "/about-us",
            "/tag/rail-and-road-traffic",
            "/authors/jane-b-doe-smith",
            "/login",
            "/world/?page=2",
            "/a.pdf",
        ] {
            assert!(score(path) < 0.5, "{path}: {}", score(path));
        }
        assert_eq!(
            judge(&page.join("/news/a-b-c").unwrap(), &page).template,
            judge(&page.join("/news/d").unwrap(), &page).template
        );
    }
}
