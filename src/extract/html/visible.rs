//! What a reader sees around the headline: title, byline, dates.

use super::claims::Claims;
use super::marks::Marks;
use super::page::{Line, Page};
use crate::dates::{self, Hints};
use crate::extract::text::words::{Lead, after_lead, mentions};
use crate::model::{Field, PersonClaim};

/// Lines of the page that are known to be no text of the story.
#[derive(Debug, Default)]
pub(super) struct Visible {
    pub title: Option<usize>,
    pub around: Vec<usize>,
}

/// A longer line is a paragraph.
const LONGEST_LINE: usize = 220;

/// Reads the lines around the headline.
pub(super) fn read(page: &Page, hints: &Hints<'_>, claims: &mut Claims) -> Visible {
    let mut visible = Visible { title: find_title(page, claims), around: Vec::new() };
    if let Some(index) = visible.title {
        visible.around.push(index);
    }
    let window = window(page, visible.title);
    let mut bylines = 0;
    for index in window {
        let line = &page.lines[index];
        if visible.title == Some(index) || line.marks.has(Marks::CAPTION) {
            continue;
        }
        let is_above = visible.title.is_some_and(|title| index < title);
        let has_date = read_dates(line, is_above, hints, claims);
        let is_byline = bylines < 3 && !is_above && read_byline(page, index, hints, claims);
        bylines += usize::from(is_byline);
        if line.marks.has(Marks::SUMMARY) && !line.marks.has(Marks::FOREIGN) && line.text.len() > 40 {
            claims.add((Field::Summary, 4, "html:standfirst"), &line.text);
        }
        if has_date || is_byline || (is_above && line.text.len() <= LONGEST_LINE) {
            visible.around.push(index);
        }
    }
    visible
}

/// The lines near the headline, and those further down that say that they are dates.
fn window(page: &Page, title: Option<usize>) -> Vec<usize> {
    const ABOVE: usize = 4;
    const BELOW: usize = 16;
    let (from, to) = title.map_or((0, 40), |title| (title.saturating_sub(ABOVE), title + BELOW));
    let mut lines = Vec::new();
    let mut paragraphs = 0;
    for (index, line) in page.lines.iter().enumerate().skip(from) {
        let is_paragraph = line.text.len() > LONGEST_LINE && line.linked * 2 < line.text.len();
        paragraphs += usize::from(is_paragraph);
        let near = index < to && paragraphs < 2;
        let marked = line.datetime.is_some() || after_lead(&line.text, Lead::Published).is_some();
        if !is_paragraph && (near || marked) && line.text.len() <= LONGEST_LINE {
            lines.push(index);
        }
    }
    lines
}

/// The dates of a line; whether the line is there for them.
fn read_dates(line: &Line, is_above: bool, hints: &Hints<'_>, claims: &mut Claims) -> bool {
    let marks = line.marks;
    if marks.has(Marks::FOREIGN) || (line.linked > 40 && !marks.has(Marks::DATE)) {
        return false;
    }
    // above the headline stands the site's own clock, unless the story has begun there
    if is_above
        && (!marks.has(Marks::STORY) && !marks.has(Marks::DATE) || after_lead(&line.text, Lead::Updated).is_some())
    {
        return false;
    }
    let strong = marks.has(Marks::DATE) || after_lead(&line.text, Lead::Published).is_some();
    if let Some(datetime) = &line.datetime
        && dates::parse(datetime, hints).is_some()
    {
        let field = if mentions(&line.text, Lead::Updated) && !mentions(&line.text, Lead::Published) {
            Field::DateModified
        } else {
            Field::DatePublished
        };
        claims.add((field, 6 + u8::from(is_above), "html:time[datetime]"), datetime);
    }
    let mut at = 0;
    let mut found_any = false;
    for _ in 0..3 {
        let Some(found) = dates::find(&line.text[at..], hints) else { break };
        let label = &line.text[at..at + found.range.start];
        let raw = &line.text[at + found.range.start..at + found.range.end];
        let is_update = mentions(label, Lead::Updated) && !mentions(label, Lead::Published);
        let rest = line.text.len() - raw.len();
        // once there is one, a bare date further down is a caption's or another story's
        if !strong && !is_update && claims.of(Field::DatePublished).any(|known| dates::find(known, hints).is_some()) {
            break;
        }
        // a date in a sentence is of something else
        if rest > 90 && !strong && after_lead(&line.text, Lead::By).is_none() {
            break;
        }
        let field = if is_update { Field::DateModified } else { Field::DatePublished };
        let rank = 7 + u8::from(!strong) + u8::from(is_above);
        claims.add((field, rank, if marks.has(Marks::BYLINE) { "byline" } else { "html:dateline" }), raw);
        found_any = true;
        at += found.range.end;
    }
    found_any && line.text.len() <= 160
}

/// The names of a byline; whether the line is one.
fn read_byline(page: &Page, index: usize, hints: &Hints<'_>, claims: &mut Claims) -> bool {
    let line = &page.lines[index];
    let marks = line.marks;
    if marks.has(Marks::FOREIGN) || line.text.len() > 160 || marks.has(Marks::HEADING) && !marks.has(Marks::BYLINE) {
        return false;
    }
    let by = after_lead(&line.text, Lead::By);
    if by.is_none() && !marks.has(Marks::BYLINE) && !marks.has(Marks::AUTHOR_LINK) {
        return false;
    }
    let text = by.unwrap_or(&line.text);
    let name = match dates::find(text, hints) {
        Some(found) if text[..found.range.start].chars().any(char::is_alphabetic) => &text[..found.range.start],
        Some(found) => &text[found.range.end..],
        None => text,
    };
    let name = name.split([&['|', '•', '·'][..], &['\u{2022}'][..]].concat().as_slice()).next().unwrap_or(name);
    let name = name.trim().trim_end_matches([',', '-', '–', '—', '/', ':', '.', '(']).trim();
    let plausible = name.chars().any(char::is_alphabetic)
        && name.split_whitespace().count() <= 14
        && !name.ends_with(['?', '!'])
        && !mentions(name, Lead::Updated);
    if !plausible {
        return false;
    }
    let rank = match (marks.has(Marks::AUTHOR_LINK), by.is_some()) {
        (true, _) => 5,
        (false, true) => 6,
        _ => 7,
    };
    let from = if marks.has(Marks::AUTHOR_LINK) { "html:rel-author" } else { "byline" };
    let url = line.author_address.as_deref().and_then(|href| crate::address::resolve(page.base.as_ref(), href));
    claims.add_author(rank, PersonClaim { from, name: Some(name.to_owned()), url, email: None });
    true
}

/// The line of the headline; claims it.
fn find_title(page: &Page, claims: &mut Claims) -> Option<usize> {
    let page_title = page.title.as_deref().map(key);
    let named: Vec<String> = claims.of(Field::Title).map(key).filter(|title| !title.is_empty()).collect();
    let sites: Vec<String> = claims.of(Field::SiteName).map(key).collect();
    let known: Vec<&String> = named.iter().chain(&page_title).collect();
    let likeness = |line: &Line| known.iter().map(|title| alike(&key(&line.text), title)).fold(0.0_f64, f64::max);
    let is_candidate =
        |line: &&(usize, &Line)| !line.1.marks.has(Marks::FOREIGN) && (4..=400).contains(&line.1.text.len());
    let headings: Vec<(usize, &Line)> = page
        .lines
        .iter()
        .enumerate()
        .filter(|(_, line)| line.heading > 0 || line.marks.has(Marks::TITLE))
        .filter(|line| is_candidate(&line))
        .take(200)
        .collect();
    let mut best: Option<(f64, usize)> = None;
    for (index, line) in headings.iter().copied() {
        let like = likeness(line);
        let own = key(&line.text);
        let mut score = like;
        score += if line.heading == 1 { 0.3 } else { 0.0 };
        score -= if line.linked * 2 > line.text.len() { 0.2 } else { 0.0 };
        // a logo is a heading on many sites, and part of the page's title
        score -= if sites.contains(&own) { 0.8 } else { 0.0 };
        if like >= 0.5 && best.is_none_or(|(highest, _)| score > highest + 0.01) {
            best = Some((score, index));
        }
    }
    if let Some((_, index)) = best {
        // with a kicker in front, what metadata has without it is the headline
        let own = key(&page.lines[index].text);
        let has_kicker =
            named.iter().any(|title| title.len() < own.len() && title.len() * 2 >= own.len() && own.ends_with(title));
        let rank = if page.lines[index].heading == 1 && !has_kicker { 1 } else { 5 };
        claims.add((Field::Title, rank, "html:h1"), &page.lines[index].text);
        return Some(index);
    }
    let mut first_headings =
        headings.iter().filter(|(_, line)| line.heading == 1 && line.text.split_whitespace().count() >= 3);
    if let (Some((index, line)), None) = (first_headings.next(), first_headings.next()) {
        claims.add((Field::Title, 5, "html:h1"), &line.text);
        return Some(*index);
    }
    // no heading: the line that the page's title repeats, else the one above the byline
    let repeated = page.lines.iter().enumerate().filter(|line| is_candidate(&line)).take(400).find(|(_, line)| {
        let words = line.text.split_whitespace().count();
        let is_sentence = words >= 4 || line.text.chars().count() >= 12 && words == 1;
        is_sentence && !line.text.contains('©') && likeness(line) >= 0.6
    });
    if let Some((index, line)) = repeated {
        claims.add((Field::Title, 6, "html:text"), &line.text);
        return Some(index);
    }
    let byline = page.lines.iter().take(60).position(|line| {
        line.text.len() <= 160 && after_lead(&line.text, Lead::By).is_some() && !line.marks.has(Marks::FOREIGN)
    });
    let above = byline.and_then(|byline| {
        (byline.saturating_sub(4)..byline).rev().find(|index| {
            let line = &page.lines[*index];
            line.text.split_whitespace().count() >= 3 && after_lead(&line.text, Lead::Updated).is_none()
        })
    });
    if let Some(index) = above {
        claims.add((Field::Title, 7, "html:text"), &page.lines[index].text);
    }
    above
}

/// Letters and digits, lower case, words apart.
fn key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for character in text.chars().take(400) {
        if character.is_alphanumeric() {
            key.extend(character.to_lowercase());
        } else if !key.ends_with(' ') && !key.is_empty() && character.is_whitespace() {
            key.push(' ');
        }
    }
    key.truncate(key.trim_end().len());
    key
}

/// How much of the words of two keys is common, 0 to 1.
fn alike(one: &str, other: &str) -> f64 {
    if one.is_empty() || other.is_empty() {
        return 0.0;
    }
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if long.contains(short) && short.len() * 3 >= long.len() {
        return 0.7 + 0.3 * share(short.len(), long.len());
    }
    let words: std::collections::HashSet<&str> = long.split(' ').collect();
    let common = short.split(' ').filter(|word| words.contains(word)).count();
    let total = short.split(' ').count().max(words.len());
    share(common, total)
}

fn share(part: usize, whole: usize) -> f64 {
    let whole_or_one = u32::try_from(whole.max(1)).unwrap_or(u32::MAX);
    f64::from(u32::try_from(part).unwrap_or(u32::MAX)) / f64::from(whole_or_one)
}
