//! Captions and credits told apart.

use crate::extract::text::words::{self, after_lead, mentions};
use crate::markup::{fold_white_space, steps};

/// A picture's caption and credit, apart.
///
/// Credits stand behind the last " / ", in brackets at the end, behind "Photo:", "Foto:", "©" and
/// their like, or behind a bar.
#[must_use]
pub fn split_credit(text: &str) -> (Option<String>, Option<String>) {
    let text = fold_white_space(text);
    let text = without_end_words(&text);
    let (caption, credit) = split(text);
    (tidy(caption), credit.and_then(|credit| tidy(name_of(credit))))
}

pub(super) fn tidy(part: &str) -> Option<String> {
    let part = part.trim().trim_matches(['|', '/', '–', '—', '-', ' ']).trim_end_matches(['(', '[']).trim();
    (!part.is_empty()).then(|| part.to_owned())
}

/// A credit with nothing before it.
pub(super) fn split_whole(text: &str) -> &str {
    match split(text) {
        (before, Some(credit)) if before.trim_matches(['-', '–', ' ']).is_empty() => credit,
        _ => text,
    }
}

/// Longest credit that is believed, in bytes.
pub(super) const LONGEST_CREDIT: usize = 120;

fn split(text: &str) -> (&str, Option<&str>) {
    if let Some(credit) = after_lead(text, words::Lead::Credit).filter(|credit| credit.len() <= LONGEST_CREDIT)
        && !credit.contains(". ")
    {
        return ("", Some(credit));
    }
    // "… - Copyright Jo Doe/Copyright 2024 The AP. All rights reserved"
    if let Some((caption, credit)) = text.split_once("Copyright ")
        && credit.len() <= LONGEST_CREDIT
        && credit.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
        && caption.trim_end().ends_with(['-', '–', '/', '.'])
    {
        return (caption, Some(credit));
    }
    // "… . Photo: Somebody"
    let near = text.char_indices().rev().take_while(|(at, _)| text.len() - at <= LONGEST_CREDIT);
    let mut starts = near.filter(|(at, _)| {
        let before = text[..*at].trim_end();
        before.len() < *at
            && before.ends_with(['.', '!', '?', ')', '|', '/', '–', '—', '-', ',', ';', '"', '”', '“', '»', '。'])
            || text[*at..].starts_with('©')
    });
    let labelled = starts.find(|(at, _)| {
        let rest = &text[*at..];
        steps::take(rest.len());
        let head: String = rest.chars().take(24).collect();
        let marked =
            rest.starts_with('©') || head.contains(':') || mentions(&head, words::Lead::Credit) && !rest.contains(". ");
        marked && after_lead(rest, words::Lead::Credit).is_some()
    });
    if let Some((at, _)) = labelled {
        return (&text[..at], Some(&text[at..]));
    }
    if let Some((caption, inner)) = bracket_at_end(text)
        && (is_credit(inner) || after_lead(inner, words::Lead::Credit).is_some() || is_name(inner))
    {
        return (caption, Some(inner));
    }
    for mark in [" / ", " | ", " — ", " – "] {
        if let Some((caption, credit)) = text.rsplit_once(mark) {
            // "… in Paris. JO DOE / AFP": the name before the slash goes with the agency behind it
            let (sentence, before) = last_sentence(caption);
            if mark == " / " && is_name(before) && !sentence.is_empty() {
                return (sentence, Some(&text[sentence.len()..]));
            }
            let short = credit.len() <= 60 && credit.split(' ').count() <= 7 && !credit.ends_with(['.', '!', '?']);
            if short && (mark == " / " || mark == " | " || is_credit(credit)) {
                return (caption, Some(credit));
            }
        }
    }
    (text, None)
}

/// The sentences of a text, and what stands behind the last of them.
fn last_sentence(text: &str) -> (&str, &str) {
    let ends = [". ", "! ", "? ", "« ", "» ", "” ", "\" "];
    let end = ends.iter().filter_map(|mark| text.rfind(mark).map(|at| at + mark.len())).max();
    end.map_or(("", text), |end| text.split_at(end))
}

/// Whether a text has the look of somebody's name: two to four words, all in capitals.
fn is_name(text: &str) -> bool {
    (2..=4).contains(&text.split(' ').count())
        && text.split(' ').all(|word| word.chars().next().is_some_and(char::is_uppercase))
        && text.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '.' | '-' | '’' | '\''))
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

pub(super) fn name_of(credit: &str) -> &str {
    let credit = credit.trim();
    // what follows an agency's own notice: "Jo Doe/Copyright 2024 The AP. All rights reserved"
    let credit = ["/Copyright", ". All rights", " All rights"]
        .iter()
        .fold(credit, |credit, mark| credit.split(mark).next().unwrap_or(credit));
    let mut name = credit;
    // brackets around all of it, not those of "Jo Doe (Getty)"
    if let Some(inner) = name.strip_prefix(['(', '[']) {
        name = inner.trim_end_matches([')', ']']).trim();
    } else if !name.contains(['(', '[']) {
        name = name.trim_end_matches([')', ']']);
    }
    // "© Photo: Somebody"
    while let Some(rest) = after_lead(name, words::Lead::Credit) {
        // "AP Photo/Somebody" begins with no label, "Photo by" does
        if name.starts_with("Photo/") {
            break;
        }
        name = rest;
    }
    name
}

pub(super) fn without_end_words(text: &str) -> &str {
    const LONGEST: usize = 40;
    let mut text = text.trim();
    loop {
        let tail = &text[text.ceil_char_boundary(text.len().saturating_sub(LONGEST))..];
        let lower = tail.to_lowercase();
        let ends =
            ["hide caption", "toggle caption", "show caption", "enlarge this image", "vis mer", "bild vergrößern"];
        let Some(end) = ends.iter().find(|end| lower.ends_with(*end) && lower.len() == tail.len()) else { return text };
        text = text[..text.len() - end.len()].trim_end();
    }
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
            ("In Paris. JO DOE / AFP", "In Paris.", "JO DOE / AFP"),
            ("The bridge at dawn. (Jo Doe)", "The bridge at dawn.", "Jo Doe"),
            ("The bridge. Foto: Jo Doe (Getty)", "The bridge.", "Jo Doe (Getty)"),
            ("The bridge. - Copyright Jo Doe/Copyright 2024 The AP. All rights reserved", "The bridge.", "Jo Doe"),
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
