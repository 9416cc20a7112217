//! Plain-text article files: a headline, a byline, a caption, paragraphs between blank lines.

use super::paragraphs_html;
use super::words::{Lead, after_lead, mentions};
use crate::dates::{self, Hints};
use crate::extract::html::{fingerprint, split_credit};
use crate::model::{Claim, Document, ImageClaim, PersonClaim, RawArticle, Text};

/// Longest headline, in bytes.
const LONGEST_TITLE: usize = 300;
/// Longest line that is a byline or a date.
const LONGEST_BYLINE: usize = 200;

/// Reads a plain-text file laid out like an article.
///
/// Above the headline a site's own stamp ("Last update: …") and the name of its logo are passed over. A
/// caption that stands in the text comes out as a picture without an address.
#[must_use]
pub fn plain(document: &Document, text: &str) -> RawArticle {
    let hints = Hints::at(document.fetched_at);
    let blocks = blocks(text);
    let mut article = RawArticle { base: Some(document.base()), ..RawArticle::default() };
    let mut rest = blocks.as_slice();
    while let Some((block, after)) = rest.split_first() {
        let titled = !article.titles.is_empty();
        if !take_head(block, titled, &hints, &mut article) {
            break;
        }
        rest = after;
    }
    let body: Vec<&str> = rest.iter().map(|block| block.trim()).filter(|block| !block.is_empty()).collect();
    if !body.is_empty() {
        article.bodies.push(Claim { from: "text:body", text: Text::html(paragraphs_html(body)) });
    }
    article.fingerprint = fingerprint(&article);
    article
}

/// Blocks between blank lines; where there are none each line is one.
fn blocks(text: &str) -> Vec<String> {
    let text = text.trim_start_matches('\u{FEFF}');
    let lines = || text.lines().map(str::trim);
    let is_spaced = text.trim().lines().any(|line| line.trim().is_empty());
    if !is_spaced {
        return lines().map(str::to_owned).filter(|line| !line.is_empty()).collect();
    }
    let mut blocks = vec![String::new()];
    for line in lines() {
        let last = blocks.last_mut().expect("begun with one");
        match (line.is_empty(), last.is_empty()) {
            (true, false) => blocks.push(String::new()),
            (true, true) => {}
            (false, true) => last.push_str(line),
            (false, false) => {
                last.push('\n');
                last.push_str(line);
            }
        }
    }
    blocks.retain(|block| !block.is_empty());
    blocks
}

/// Takes a block that stands before the story; `false` where the story begins.
fn take_head(block: &str, titled: bool, hints: &Hints<'_>, article: &mut RawArticle) -> bool {
    let claim = |from, text: &str| Claim { from, text: Text::plain(text) };
    if block.len() <= LONGEST_BYLINE {
        if !block.contains(' ') && (block.starts_with("https://") || block.starts_with("http://")) {
            article.urls.extend(crate::address::resolve(None, block).map(|url| claim("text:url", &url)));
            return true;
        }
        if after_lead(block, Lead::Updated).is_some_and(|stamp| dates::find(stamp, hints).is_some()) {
            // above the headline it is the site's; below it is the article's
            if titled {
                article.modified.extend(date_in(block, hints).map(|date| claim("text:updated", date)));
            }
            return true;
        }
        if !titled && is_logo(block) {
            return true;
        }
        if titled && article.authors.is_empty() && take_byline(block, hints, article) {
            return true;
        }
        if let Some(date) = date_in(block, hints)
            && (block.len() - date.len() <= 30 || after_lead(block, Lead::Published).is_some())
            && article.published.is_empty()
        {
            article.published.push(claim("text:date", date));
            return true;
        }
    }
    if !titled {
        if block.len() > LONGEST_TITLE || block.lines().count() > 3 {
            return false;
        }
        article.titles.push(claim("text:title", &block.replace('\n', " ")));
        return true;
    }
    let (caption, credit) = split_credit(block);
    if credit.is_some() && block.len() <= 600 && article.images.is_empty() {
        article.images.push(ImageClaim { from: "text:caption", caption, credit, ..ImageClaim::default() });
        return true;
    }
    false
}

fn is_logo(block: &str) -> bool {
    block.split_whitespace().count() <= 5 && block.to_lowercase().split_whitespace().any(|word| word == "logo")
}

fn date_in<'a>(text: &'a str, hints: &Hints<'_>) -> Option<&'a str> {
    dates::find(text, hints).map(|found| &text[found.range])
}

/// "By Somebody March 1, 2023".
fn take_byline(block: &str, hints: &Hints<'_>, article: &mut RawArticle) -> bool {
    let Some(byline) = after_lead(block, Lead::By) else { return false };
    let line = byline.lines().next().unwrap_or(byline);
    let found = dates::find(block, hints);
    let name = match dates::find(line, hints) {
        Some(found) if found.range.start > 0 => &line[..found.range.start],
        _ => line,
    };
    let name = name.trim().trim_end_matches([',', '|', '-', '–', '—', '·', '•', '(', '/']).trim();
    if name.is_empty() || name.split_whitespace().count() > 12 || name.ends_with('.') {
        return false;
    }
    article.authors.push(PersonClaim { from: "byline", name: Some(name.to_owned()), url: None, email: None });
    if let Some(found) = found {
        let is_update = mentions(&block[..found.range.start], Lead::Updated);
        let claim = Claim { from: "byline", text: Text::plain(&block[found.range]) };
        if is_update { article.modified.push(claim) } else { article.published.push(claim) }
    }
    true
}
