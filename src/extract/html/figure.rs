//! The lead picture with its caption and credit.

use dom_query::{Document, NodeRef};
use url::Url;

use super::claims::Claims;
use super::marks::Marks;
use super::page::{Line, Page, PagePicture};
use crate::address;
use crate::extract::text::words::{Lead, after_lead, mentions};
use crate::markup::{first_image, fold_white_space};
use crate::model::ImageClaim;

/// A picture's caption and credit, apart.
///
/// Credits stand behind the last " / ", in brackets at the end, behind "Photo:", "Foto:", "©" and
/// their like, or behind a bar.
#[must_use]
pub fn split_credit(text: &str) -> (Option<String>, Option<String>) {
    let text = fold_white_space(text);
    let text = without_end_words(&text);
    let (caption, credit) = split(text);
    let tidy = |part: &str| {
        let part = part.trim().trim_end_matches(['|', '/', '–', '—', '(', '[']).trim();
        (!part.is_empty()).then(|| part.to_owned())
    };
    (tidy(caption), credit.and_then(|credit| tidy(name_of(credit))))
}

/// Longest credit that is believed, in bytes.
const LONGEST_CREDIT: usize = 120;

fn split(text: &str) -> (&str, Option<&str>) {
    if let Some(credit) = after_lead(text, Lead::Credit).filter(|credit| credit.len() <= LONGEST_CREDIT)
        && !credit.contains(". ")
    {
        return ("", Some(credit));
    }
    if let Some((caption, inner)) = bracket_at_end(text)
        && (is_credit(inner) || after_lead(inner, Lead::Credit).is_some())
    {
        return (caption, Some(inner));
    }
    // "… . Photo: Somebody"
    let mut starts = text.char_indices().rev().filter(|(at, _)| {
        let before = text[..*at].trim_end();
        before.len() < *at
            && before.ends_with(['.', '!', '?', ')', '|', '/', '–', '—', '-', ',', ';', '"', '”', '“', '»', '。'])
            || text[*at..].starts_with('©')
    });
    let labelled = starts.find(|(at, _)| {
        let rest = &text[*at..];
        let head: String = rest.chars().take(24).collect();
        let marked =
            rest.starts_with('©') || head.contains(':') || mentions(&head, Lead::Credit) && !rest.contains(". ");
        marked && rest.len() <= LONGEST_CREDIT && after_lead(rest, Lead::Credit).is_some()
    });
    if let Some((at, _)) = labelled {
        return (&text[..at], Some(&text[at..]));
    }
    for mark in [" / ", " | ", " — ", " – "] {
        if let Some((caption, credit)) = text.rsplit_once(mark) {
            let short = credit.len() <= 60 && credit.split(' ').count() <= 7 && !credit.ends_with(['.', '!', '?']);
            if short && (mark == " / " || mark == " | " || is_credit(credit)) {
                return (caption, Some(credit));
            }
        }
    }
    (text, None)
}

/// The text before, and inside of, a pair of brackets at the end.
fn bracket_at_end(text: &str) -> Option<(&str, &str)> {
    let inner = text.trim_end_matches('.');
    let open = match inner.chars().last()? {
        ')' => '(',
        ']' => '[',
        '）' => '（',
        _ => return None,
    };
    let at = inner.rfind(open)?;
    let content = &inner[at + open.len_utf8()..inner.len() - inner.chars().last()?.len_utf8()];
    (content.len() <= LONGEST_CREDIT).then_some((&text[..at], content))
}

/// Whether a text names an agency or says that it names a photographer.
fn is_credit(text: &str) -> bool {
    #[rustfmt::skip]
    const AGENCIES: [&str; 24] = [
        "ap", "afp", "reuters", "getty", "dpa", "epa", "upi", "tass", "xinhua", "shutterstock", "istock", "unsplash", "pexels", "images", "pool", "photo",
        "foto", "courtesy", "imago", "keystone", "via", "wikimedia", "handout", "efe",
    ];
    text.contains('/')
        || text.ends_with("提供")
        || text.ends_with("撮影")
        || text
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| AGENCIES.iter().any(|agency| word.eq_ignore_ascii_case(agency)))
}

fn name_of(credit: &str) -> &str {
    let credit = credit.trim().trim_start_matches(['(', '[']).trim_end_matches([')', ']']);
    let mut name = credit;
    // "© Photo: Somebody"
    while let Some(rest) = after_lead(name, Lead::Credit) {
        // "AP Photo/Somebody" begins with no label, "Photo by" does
        if name.starts_with("Photo/") {
            break;
        }
        name = rest;
    }
    name
}

fn without_end_words(text: &str) -> &str {
    let mut text = text.trim();
    loop {
        let lower = text.to_lowercase();
        let ends =
            ["hide caption", "toggle caption", "show caption", "enlarge this image", "vis mer", "bild vergrößern"];
        let Some(end) = ends.iter().find(|end| lower.ends_with(*end) && lower.len() == text.len()) else { return text };
        text = text[..text.len() - end.len()].trim_end();
    }
}

/// Finds the lead picture, and the caption of those that metadata names. Returns the caption's lines.
pub(super) fn read(document: &Document, page: &Page, title: Option<usize>, claims: &mut Claims) -> Vec<usize> {
    let base = page.base.as_ref();
    let Some((picture, claim)) = lead(document, page, title, base) else { return Vec::new() };
    let (lines, caption, credit) = caption_of(page, picture);
    let claim = ImageClaim { caption, credit, ..claim };
    let mut shared = false;
    for known in claims.images_mut() {
        if known.from.starts_with("microdata") {
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
    }
    claims.add_image(if shared { 6 } else { 1 }, claim);
    lines
}

fn lead<'p>(
    document: &Document,
    page: &'p Page,
    title: Option<usize>,
    base: Option<&Url>,
) -> Option<(&'p PagePicture, ImageClaim)> {
    /// How many lines above and below the headline it may stand.
    const ABOVE: usize = 4;
    const BELOW: usize = 30;
    let around = title.map_or(0..page.lines.len() + 1, |line| line.saturating_sub(ABOVE)..line + BELOW);
    let mut best: Option<(i32, &PagePicture, ImageClaim)> = None;
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
        score += 2 * i32::from(!caption_of(page, picture).0.is_empty());
        if best.as_ref().is_none_or(|(highest, ..)| score > *highest) {
            let claim = ImageClaim {
                from: "html:figure",
                url,
                width: found.width,
                height: found.height,
                alt: found.alt,
                ..ImageClaim::default()
            };
            best = Some((score, picture, claim));
        }
    }
    best.map(|(_, picture, claim)| (picture, claim))
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
        && after_lead(&next.text, Lead::By).is_none()
    {
        lines.push(picture.line);
    }
    let mut caption = None;
    let mut credit = None;
    for line in lines.iter().map(|index| &page.lines[*index]) {
        let only_credit =
            line.marks.has(Marks::CREDIT) && !line.marks.has(Marks::CAPTION) && line.text.len() <= LONGEST_CREDIT;
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
    let stem = |address: &str| {
        let path = address.split(['?', '#']).next().unwrap_or_default();
        let file = path.rsplit('/').next().unwrap_or_default();
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        stem.to_ascii_lowercase()
    };
    one == other || (stem(one) == stem(other) && stem(one).len() > 5)
}

#[cfg(test)]
mod tests {
    use super::split_credit;

    #[test]
    fn captions_and_credits_apart() {
        let cases = [
            (
                "Two ministers meet in Oslo, on May 2, 2024. / Harbour News",
                "Two ministers meet in Oslo, on May 2, 2024.",
                "Harbour News",
            ),
            ("A bridge / a dam, both old. / Reuters", "A bridge / a dam, both old.", "Reuters"),
            ("A bridge at dawn. (AP Photo/Jo Doe)", "A bridge at dawn.", "AP Photo/Jo Doe"),
            ("A bridge at dawn [Jo Doe/Reuters]", "A bridge at dawn", "Jo Doe/Reuters"),
            ("Die Brücke am Morgen. Foto: Jo Doe/dpa", "Die Brücke am Morgen.", "Jo Doe/dpa"),
            ("The bridge. © Jo Doe", "The bridge.", "Jo Doe"),
            ("Photo: Jo Doe", "", "Jo Doe"),
            ("Photo by Jo Doe / Agency", "", "Jo Doe / Agency"),
            ("The bridge | Jo Doe", "The bridge", "Jo Doe"),
            ("The bridge. Jo Doe hide caption", "The bridge. Jo Doe", ""),
            ("The old bridge (left) in the valley", "The old bridge (left) in the valley", ""),
            ("The bridge (built in 1901)", "The bridge (built in 1901)", ""),
            ("", "", ""),
        ];
        for (text, caption, credit) in cases {
            let (found, by) = split_credit(text);
            assert_eq!((found.as_deref().unwrap_or(""), by.as_deref().unwrap_or("")), (caption, credit), "{text}");
        }
    }
}
