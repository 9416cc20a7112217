//! Article pages: one parse, every kind of evidence, claims in the order of trust.
//!
//! JSON-LD, `meta` elements, microdata, embedded state and what a reader sees each have a file. None of them decides:
//! each claims, with a rank. Pages nested too deep for a tree builder are read by their `head` alone.

mod body;
mod claims;
mod credit;
mod element;
mod figure;
mod json_ld;
mod meta;
mod microdata;
mod named;
mod page;
mod state;
mod usage;
mod visible;

use url::Url;

use super::Request;
use super::marks::Marks;
use crate::dates::Hints;
use crate::markup::{DEPTH_LIMIT, depth_exceeds};
use crate::model::{Document, Field, RawArticle};
use claims::Claims;
pub(in crate::extract) use claims::fingerprint;
pub use credit::split_credit;
pub(in crate::extract) use element::{attribute, is_hidden};
pub use usage::usage_signals;

/// Most tags of a page whose tree is built, each some hundred bytes in memory; honest pages have a tenth.
const MOST_TAGS: usize = 250_000;

/// Whether a page holds more tags than a tree may have.
pub(in crate::extract) fn is_crowded(html: &str) -> bool {
    memchr::memchr_iter(b'<', html.as_bytes()).nth(MOST_TAGS).is_some()
}

/// Reads an article's page. `html` is the document's body, decoded.
#[must_use]
pub fn article(document: &Document, html: &str, request: &Request) -> RawArticle {
    // what the page is; a `base` element only says what its links are relative to
    let address = document.base();
    let is_deep = depth_exceeds(html.as_bytes(), DEPTH_LIMIT) || is_crowded(html);
    let readable = if is_deep { head_of(html) } else { html };
    let mut claims = Claims::default();
    if matches!(address.scheme(), "http" | "https") {
        claims.add((Field::Url, 1, "document"), address.as_str());
    }
    let tree = dom_query::Document::from(readable);
    let page = page::walk(&tree, &address, &mut claims);
    let base = page.base.clone().unwrap_or_else(|| address.clone());

    json_ld::read(&page.scripts, (&address, &base), &mut claims);
    microdata::read(&tree, &page.properties, &base, &mut claims);
    state::read(&page.states, ((&address, &base), page.title.as_deref()), &mut claims);
    let language = page.language.clone().filter(|language| !language.trim().is_empty());
    if let Some(language) = &language {
        claims.add((Field::Language, 1, "html:lang"), language);
    }
    let hints = Hints { language: language.as_deref(), ..Hints::at(request.now) };
    let mut visible = visible::read(&page, &hints, &mut claims);
    if let Some(title) = &page.title {
        claims.add((Field::Title, 8, "html:title"), title);
    }
    if let Some(day) = day_of_address(&address) {
        claims.add((Field::DatePublished, 12, "url"), &day);
    }
    let captions = figure::read(&tree, &page, visible.title, &mut claims);
    visible.around.extend(captions);

    if claims.article.rights.copyright.is_none() {
        claims.article.rights.copyright = copyright_line(&page);
    }
    claims.article.base = Some(base.clone());
    if !is_deep {
        let bodies = claims.bodies();
        let authors = claims.author_names();
        let witness = body::Witness { bodies: &bodies, authors: &authors };
        if let Some(found) = body::extract(tree, (&page, &visible), &base, witness) {
            claims.add_html((Field::ContentHtml, 1, found.from), found.html);
            claims.article.body_why = Some(found.why);
        }
    }
    claims.finish()
}

/// The line in which a page claims its copyright: the last one with the sign and a year.
fn copyright_line(page: &page::Page) -> Option<String> {
    const LONGEST: usize = 160;
    let is_year = |word: &str| word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
    let claims_it = |line: &&page::Line| {
        line.text.len() <= LONGEST
            && line.text.trim_start().starts_with(['©', 'C', 'c'])
            && (line.text.contains('©') || line.text.to_lowercase().starts_with("copyright"))
            && line.text.split(|c: char| !c.is_ascii_digit()).any(is_year)
            && !line.marks.has(Marks::CAPTION)
    };
    page.lines.iter().rev().find(claims_it).map(|line| line.text.clone())
}

/// What stands before the body of a page; nothing where that is nested too deep itself.
fn head_of(html: &str) -> &str {
    const LONGEST: usize = 1 << 20;
    let within = &html[..html.floor_char_boundary(LONGEST)];
    let end = ["</head", "<body", "</HEAD", "<BODY"].iter().filter_map(|mark| within.find(mark)).min();
    let head = &within[..end.unwrap_or(0)];
    if depth_exceeds(head.as_bytes(), DEPTH_LIMIT) { "" } else { head }
}

/// The day that a page's path names: `/2023/03/01/`, `/2023-3-1`, `/20230301`.
fn day_of_address(url: &Url) -> Option<String> {
    let path = url.path();
    let bytes = path.as_bytes();
    let number = |from: usize, most: usize| {
        let digits = bytes[from..].iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
        (digits > 0).then(|| Some((path[from..from + digits].parse::<u32>().ok()?, from + digits)))?
    };
    for start in 1..bytes.len().saturating_sub(5) {
        if bytes[start - 1].is_ascii_alphanumeric() || !bytes[start].is_ascii_digit() {
            continue;
        }
        let Some((year, after)) = number(start, 4) else { continue };
        if after != start + 4 || !(1990..=2100).contains(&year) {
            continue;
        }
        let gap = usize::from(matches!(bytes.get(after), Some(b'/' | b'-' | b'_')));
        bytes.get(after + gap)?;
        let Some((month, after_month)) = number(after + gap, 2) else { continue };
        if after_month + gap >= bytes.len() || (gap == 1 && bytes[after_month] != bytes[after]) {
            continue;
        }
        let Some((day, end)) = number(after_month + gap, 2) else { continue };
        let ends = bytes.get(end).is_none_or(|byte| !byte.is_ascii_digit());
        if ends
            && (gap == 1 || end == start + 8)
            && chrono::NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day).is_some()
        {
            return Some(format!("{year:04}-{month:02}-{day:02}"));
        }
    }
    None
}

#[cfg(test)]
mod tests;
