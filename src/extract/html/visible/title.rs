//! The headline as readers see it.

use crate::extract::html::claims::Claims;
use crate::extract::html::page::{Line, Page};
use crate::extract::marks::Marks;
use crate::extract::text::words::{Lead, after_lead};
use crate::model::Field;

/// The line of the headline; claims it.
pub(super) fn find(page: &Page, claims: &mut Claims) -> Option<usize> {
    let page_title = page.title.as_deref().map(key);
    let named: Vec<String> = claims.of(Field::Title).map(key).filter(|title| !title.is_empty()).take(MOST).collect();
    let sites: Vec<String> = claims.of(Field::SiteName).map(key).take(MOST).collect();
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

/// Most titles and names of metadata that lines are compared with.
const MOST: usize = 30;

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
