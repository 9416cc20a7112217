//! The lead picture with its caption and credit.

use dom_query::{Document, NodeRef};
use url::Url;

use super::claims::Claims;
use super::credit::{LONGEST_CREDIT, name_of, split_credit, split_whole, tidy, without_end_words};
use super::page::{Line, Page, PagePicture, Part};
use crate::address;
use crate::extract::marks::Marks;
use crate::extract::text::words::{self, after_lead};
use crate::markup::first_image;
use crate::model::ImageClaim;

/// Finds the lead picture, and the caption of those that metadata names. Returns the caption's lines.
pub(super) fn read(document: &Document, page: &Page, title: Option<usize>, claims: &mut Claims) -> Vec<usize> {
    let base = page.base.as_ref();
    let Some(Lead { picture, claim, is_leading, shown }) = lead(document, page, title, base) else { return Vec::new() };
    let (lines, caption, credit) = caption_of(page, picture);
    let claim = ImageClaim { caption, credit, ..claim };
    let mut shared = false;
    // a share card that the page does not show, where a picture leads the story
    let is_shown = |known: &ImageClaim| {
        let stem = stem(&known.url);
        shown.iter().any(|url| same_picture(url, &known.url) || (stem.len() >= 10 && url.contains(stem)))
    };
    let leads = is_leading && claims.best_image().is_none_or(|known| !is_shown(known));
    for known in claims.images_mut() {
        if known.from.starts_with("microdata") || leads {
            continue;
        }
        if known.caption.is_none() || same_picture(&known.url, &claim.url) {
            known.caption = claim.caption.clone().or_else(|| known.caption.take());
        }
        if known.credit.is_none() {
            known.credit.clone_from(&claim.credit);
        }
        if known.alt.is_none() && same_picture(&known.url, &claim.url) {
            known.alt.clone_from(&claim.alt);
        }
        shared = true;
    }
    // captions in metadata carry their credit too
    for known in claims.images_mut() {
        if let (Some(caption), None) = (&known.caption, &known.credit) {
            (known.caption, known.credit) = split_credit(caption);
        }
        if known.credit.is_none() {
            known.credit = known.alt.as_deref().and_then(|alt| split_credit(alt).1).filter(|_| known.caption.is_none());
        }
    }
    claims.add_image(if shared && !leads { 6 } else { 1 }, claim);
    lines
}

/// The picture that leads the story.
struct Lead<'p> {
    picture: &'p PagePicture,
    claim: ImageClaim,
    /// Whether it surely does: large or with a caption, before the text.
    is_leading: bool,
    /// Addresses of all pictures near the headline.
    shown: Vec<String>,
}

fn lead<'p>(document: &Document, page: &'p Page, title: Option<usize>, base: Option<&Url>) -> Option<Lead<'p>> {
    /// How many lines above and below the headline it may stand.
    const ABOVE: usize = 4;
    const BELOW: usize = 30;
    let around = title.map_or(0..page.lines.len() + 1, |line| line.saturating_sub(ABOVE)..line + BELOW);
    let is_paragraph = |line: &Line| {
        let no_text = Marks::FOREIGN.with(Marks::SUMMARY).with(Marks::CAPTION);
        line.text.len() > 200 && line.linked * 2 < line.text.len() && !line.marks.has(no_text)
    };
    let first_paragraph =
        title.and_then(|title| page.lines.iter().skip(title + 1).position(is_paragraph).map(|place| place + title + 1));
    let mut shown = Vec::new();
    let mut best: Option<(i32, &PagePicture, ImageClaim, bool)> = None;
    for picture in page.pictures.iter().filter(|picture| around.contains(&picture.line)).take(60) {
        if picture.marks.has(Marks::FOREIGN) || picture.marks.has(Marks::BYLINE) {
            continue;
        }
        let node = NodeRef::new(picture.node, &document.tree);
        let html = node
            .parent()
            .filter(|parent| parent.has_name("picture"))
            .map_or_else(|| node.html(), |parent| parent.html());
        let Some(found) = first_image(&html) else { continue };
        let Some(url) = address::resolve(base, &found.address) else { continue };
        shown.extend(found_addresses(&html));
        let small = found.width.is_some_and(|width| width < 150) || found.height.is_some_and(|height| height < 100);
        if small || is_logo(&url, found.alt.as_deref()) {
            continue;
        }
        let mut score = 0;
        score += 3 * i32::from(picture.figure.is_some());
        score += 2 * i32::from(picture.marks.has(Marks::STORY));
        score += 2 * i32::from(title.is_none_or(|title| picture.line > title));
        score -= 3 * i32::from(picture.marks.has(Marks::SITE_HEADER) && !picture.marks.has(Marks::STORY));
        score += i32::from(found.width.is_some_and(|width| width >= 500));
        let (lines, caption, _) = caption_of(page, picture);
        score += 2 * i32::from(!lines.is_empty());
        // a portrait in the byline
        if caption.as_deref().is_some_and(|caption| after_lead(caption, words::Lead::By).is_some()) {
            continue;
        }
        let is_before_text = title.is_some_and(|title| picture.line + 2 >= title)
            && first_paragraph.is_some_and(|first| picture.line <= first);
        score += i32::from(is_before_text);
        let is_large = found.width.is_some_and(|width| width >= 400) || !lines.is_empty();
        let is_leading = is_before_text && is_large && picture.figure.is_some();
        if best.as_ref().is_none_or(|(highest, ..)| score > *highest) {
            let claim = ImageClaim {
                from: "html:figure",
                url,
                width: found.width,
                height: found.height,
                alt: found.alt,
                ..ImageClaim::default()
            };
            best = Some((score, picture, claim, is_leading));
        }
    }
    best.map(|(_, picture, claim, is_leading)| Lead { picture, claim, is_leading, shown })
}

/// All addresses in the markup of a picture.
fn found_addresses(html: &str) -> Vec<String> {
    const MOST: usize = 12;
    let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>');
    html.split(is_end).filter(|word| word.contains('/') && word.len() > 8).take(MOST).map(str::to_owned).collect()
}

fn is_logo(url: &str, alt: Option<&str>) -> bool {
    let file = url.split(['?', '#']).next().unwrap_or(url).to_ascii_lowercase();
    let parts = ["logo", "avatar", "icon", "sprite", "placeholder", "gravatar", "spinner", "badge", "button"];
    let named = parts.iter().any(|part| file.contains(part));
    named || file.rsplit('.').next() == Some("svg") || alt.is_some_and(|alt| alt.to_ascii_lowercase().ends_with("logo"))
}

/// The lines, caption and credit of a picture.
fn caption_of(page: &Page, picture: &PagePicture) -> (Vec<usize>, Option<String>, Option<String>) {
    const NEAR: usize = 4;
    let inside = |line: &Line| picture.figure.is_some() && line.figure == picture.figure;
    let mut lines: Vec<usize> = (picture.line.saturating_sub(2)..page.lines.len().min(picture.line + 8))
        .filter(|index| inside(&page.lines[*index]))
        .collect();
    if lines.is_empty() {
        let near = picture.line..page.lines.len().min(picture.line + NEAR);
        lines = near.filter(|index| is_marked(&page.lines[*index])).take(2).collect();
    }
    if lines.is_empty()
        && let Some(next) = page.lines.get(picture.line)
        && !next.marks.has(Marks::HEADING)
        && (20..=400).contains(&next.text.len())
        && split_credit(&next.text).1.is_some()
        && after_lead(&next.text, words::Lead::By).is_none()
    {
        lines.push(picture.line);
    }
    let mut caption = None;
    let mut credit = None;
    let marks_credit = Marks::CREDIT.with(Marks::BYLINE);
    let is_mixed = lines.iter().any(|index| {
        let marked = page.lines[*index].parts.iter().filter(|part| part.marks.has(marks_credit)).count();
        marked < page.lines[*index].parts.len()
    });
    for line in lines.iter().map(|index| &page.lines[*index]) {
        let is_credit = |part: &Part| part.marks.has(marks_credit);
        let all_credit = line.parts.iter().all(is_credit);
        let only_credit = line.marks.has(Marks::CREDIT)
            && (!line.marks.has(Marks::CAPTION) || (all_credit && is_mixed))
            && line.text.len() <= LONGEST_CREDIT;
        // the end of the line in an element made for credits
        let start = line.parts.iter().position(is_credit).filter(|first| {
            *first > 0
                && line.parts[*first..].iter().all(is_credit)
                && line.text.len() - line.parts[*first].start <= LONGEST_CREDIT
        });
        if let Some(start) = start.map(|first| line.parts[first].start) {
            let (before, after) = line.text.split_at(start.min(line.text.len()));
            caption = caption.or_else(|| tidy(without_end_words(before)));
            let after = without_end_words(after);
            let name = if after.starts_with(['(', '[']) { name_of(after) } else { split_whole(after) };
            credit = credit.or_else(|| tidy(name_of(name)));
            continue;
        }
        let (text, name) = split_credit(&line.text);
        if only_credit && name.is_none() {
            credit = credit.or(text);
        } else {
            caption = caption.or(text);
            credit = credit.or(name);
        }
    }
    (lines, caption, credit)
}

fn is_marked(line: &Line) -> bool {
    (line.marks.has(Marks::CAPTION) || line.marks.has(Marks::CREDIT))
        && !line.marks.has(Marks::FOREIGN)
        && line.text.len() <= 600
}

/// Whether two addresses show one picture in different cuts.
fn same_picture(one: &str, other: &str) -> bool {
    one == other || (stem(one).eq_ignore_ascii_case(stem(other)) && stem(one).len() > 5)
}

/// The name of a picture's file, without its ending and what asks for a size.
fn stem(address: &str) -> &str {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let file = path.rsplit('/').find(|segment| !segment.is_empty()).unwrap_or(path);
    let name = file.rsplit_once('.').map_or(file, |(name, _)| name);
    let is_size = |tail: &str| {
        let digits = tail.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'x')
    };
    match name.rsplit_once(['-', '=', '_']) {
        Some((name, tail)) if is_size(tail) && name.len() > 8 => name,
        _ => name,
    }
}
