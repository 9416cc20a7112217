//! The lead picture, and its caption and credit told apart.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::ledger::{Ledger, Winner, lost};
use super::line;
use crate::model::{Field, Image, ImageClaim, Text};

/// Words in names of files that are no pictures of anything.
static NO_PICTURES: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("data/no-pictures.txt").lines().collect());

/// Words that stand before a credit, longest first.
static MARKERS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut markers: Vec<&str> = include_str!("data/credits.txt").lines().collect();
    markers.sort_by_key(|marker| std::cmp::Reverse(marker.len()));
    markers
});

/// Pictures this small on both sides are icons, in pixels.
const ICON: u32 = 32;

/// Longer texts behind a slash or in brackets are no credit, in characters.
const LONGEST_CREDIT: usize = 60;

/// The first claim that is a picture of the story, completed by other claims about the same file; where
/// there is none, the first caption that stands alone, as in a plain text.
pub(super) fn choose(claims: Vec<ImageClaim>, ledger: &mut Ledger) -> Option<Image> {
    let may_be_logo = |claim: &ImageClaim| claim.from.starts_with("feed:") && is_picture(claim, true);
    // where a feed names nothing better for an item, its logo is what the outlet wants to be shown
    let chosen =
        claims.iter().position(|claim| is_picture(claim, false)).or_else(|| claims.iter().position(may_be_logo));
    let mut best: Option<ImageClaim> = None;
    let mut lonely: Option<ImageClaim> = None;
    let mut passed = Vec::new();
    let is_described =
        |claim: &&ImageClaim| claim.from.starts_with("json-ld") && (claim.caption.is_some() || claim.credit.is_some());
    let described: Vec<ImageClaim> = claims.iter().filter(is_described).cloned().collect();
    for (place, claim) in claims.into_iter().enumerate() {
        if claim.url.is_empty() {
            lonely = lonely.or(Some(claim));
            continue;
        }
        match &mut best {
            None if Some(place) == chosen => best = Some(claim),
            Some(best) if stem(&best.url) == stem(&claim.url) => complete(best, claim),
            _ => passed.push(lost(claim.from, claim.url)),
        }
    }
    let claim = match best {
        Some(best) => complete_from_metadata(best, described),
        None => lonely?,
    };
    let winner = match chosen {
        None => Winner::new(claim.from, "no picture, but a caption"),
        Some(0) => Winner::first(claim.from, &passed),
        Some(_) => Winner::new(claim.from, "the most trusted one that is no logo, icon or avatar"),
    };
    ledger.record(Field::Image, winner, (None, passed));
    let plain = |text: Option<String>| text.map(|text| line::of(Text::plain(text)).0).filter(|text| !text.is_empty());
    let (caption, credit) = match (plain(claim.caption), plain(claim.credit)) {
        (Some(caption), None) => split_credit(&caption),
        (caption, credit) => (caption, credit.map(|credit| without_marker(&credit).to_owned())),
    };
    // both names of one text say it once
    let caption = caption.filter(|caption| credit.as_ref() != Some(caption));
    Some(Image {
        url: claim.url,
        width: claim.width.filter(|pixels| *pixels > 0),
        height: claim.height.filter(|pixels| *pixels > 0),
        alt: plain(claim.alt),
        caption,
        credit,
    })
}

/// Takes caption and credit of the only picture that JSON-LD describes, which other addresses show too.
fn complete_from_metadata(mut best: ImageClaim, mut described: Vec<ImageClaim>) -> ImageClaim {
    described.dedup_by(|a, b| a.caption == b.caption && a.credit == b.credit);
    if let ([claim], None, None) = (described.as_mut_slice(), &best.caption, &best.credit)
        && !best.from.starts_with("html")
    {
        best.caption = claim.caption.take();
        best.credit = claim.credit.take();
    }
    best
}

fn complete(best: &mut ImageClaim, other: ImageClaim) {
    if best.url == other.url {
        best.width = best.width.or(other.width);
        best.height = best.height.or(other.height);
    }
    best.alt = best.alt.take().or(other.alt);
    best.caption = best.caption.take().or(other.caption);
    best.credit = best.credit.take().or(other.credit);
}

/// Whether a claim may be a picture of a story: no avatar, tracking pixel or placeholder, and no logo
/// unless it may be one.
fn is_picture(claim: &ImageClaim, may_be_logo: bool) -> bool {
    let small = |side: Option<u32>| side.is_some_and(|pixels| (1..=ICON).contains(&pixels));
    if claim.url.is_empty() || (small(claim.width) && small(claim.height)) {
        return false;
    }
    let path = claim.url.split(['?', '#']).next().unwrap_or_default();
    if is_of_avatars(path) {
        return false;
    }
    let file = path.rsplit('/').find(|segment| !segment.is_empty()).unwrap_or_default();
    let mut word = String::new();
    for c in file.chars().chain(['.']) {
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        } else if NO_PICTURES.contains(word.as_str()) && !(may_be_logo && word.starts_with("logo")) {
            return false;
        } else {
            word.clear();
        }
    }
    true
}

/// Whether an address is of a service or folder of avatars: `https://avatars.example/u/1`, `/avatar/a1b2`.
fn is_of_avatars(path: &str) -> bool {
    let is_avatars =
        |name: &str| ["avatar", "avatars", "gravatar"].iter().any(|known| name.eq_ignore_ascii_case(known));
    let mut segments = path.split('/').skip_while(|segment| segment.is_empty() || segment.ends_with(':'));
    segments.next().is_some_and(|host| host.split('.').any(is_avatars)) || segments.any(is_avatars)
}

/// The name of a picture's file without ending and size, which all its crops share.
fn stem(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let file = path.rsplit('/').find(|segment| !segment.is_empty()).unwrap_or(path);
    let name = file.rsplit_once('.').map_or(file, |(name, _)| name);
    match name.rsplit_once(['-', '_']) {
        Some((name, size)) if is_size(size) => name,
        _ => name,
    }
}

/// Whether text is `1200x800`.
fn is_size(text: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.split_once('x').is_some_and(|(width, height)| is_number(width) && is_number(height))
}

/// Caption and credit of a line that may hold both.
///
/// A credit stands last: behind " / " or " | ", in brackets, behind "Photo:" and its like in many
/// languages, or behind ©.
#[must_use]
pub fn split_credit(caption: &str) -> (Option<String>, Option<String>) {
    let caption = caption.trim();
    let found = marked(caption).or_else(|| bracketed(caption)).or_else(|| behind_slash(caption));
    let some = |text: &str| {
        let text = text.trim().trim_end_matches(['|', '/', '-', '–', '—', '(', '[', ',', ';']).trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    match found {
        Some((head, credit)) if some(credit).is_some() => (some(head), some(credit)),
        _ => (some(caption), None),
    }
}

/// Behind the last marker with a colon, or the last ©.
fn marked(caption: &str) -> Option<(&str, &str)> {
    let colon = caption.rmatch_indices([':', '：', '©']).find_map(|(at, mark)| {
        let credit = caption[at + mark.len()..].trim().trim_end_matches([')', ']', '）', '.']);
        if credit.is_empty() || credit.chars().count() > LONGEST_CREDIT {
            return None;
        }
        if mark == "©" {
            return Some((&caption[..at], without_marker(credit)));
        }
        let before = &caption[..at];
        let start = MARKERS.iter().find_map(|marker| marker_start(before, marker))?;
        Some((&caption[..start], credit))
    })?;
    Some((colon.0.trim_end(), colon.1))
}

/// Where a marker begins that text ends with, at the start of a word.
fn marker_start(text: &str, marker: &str) -> Option<usize> {
    let text = text.trim_end();
    let start = text.len().checked_sub(marker.len()).filter(|start| text.is_char_boundary(*start))?;
    let matches = text[start..].eq_ignore_ascii_case(marker) || text[start..].to_lowercase() == marker;
    let is_word = text[..start].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
    (matches && is_word).then_some(start)
}

/// In brackets at the end, where it names an agency with a slash or a photographer by a word.
fn bracketed(caption: &str) -> Option<(&str, &str)> {
    let trimmed = caption.trim_end_matches('.');
    let inner = trimmed.strip_suffix([')', ']', '）'])?;
    let open = inner.rfind(['(', '[', '（'])?;
    let credit = inner[open..].trim_start_matches(['(', '[', '（']);
    let lower = credit.to_lowercase();
    let names_one = credit.contains('/') || MARKERS.iter().any(|marker| lower.split(' ').any(|word| word == *marker));
    (names_one && credit.chars().count() <= LONGEST_CREDIT).then(|| (&caption[..open], without_marker(credit)))
}

/// Behind the last slash or bar that stands between spaces.
fn behind_slash(caption: &str) -> Option<(&str, &str)> {
    let (head, credit) = caption.rsplit_once(" / ").or_else(|| caption.rsplit_once(" | "))?;
    let is_credit = credit.chars().count() <= LONGEST_CREDIT && credit.chars().any(char::is_alphabetic);
    is_credit.then(|| (head, without_marker(credit)))
}

/// A credit without the word that says that it is one.
fn without_marker(credit: &str) -> &str {
    let credit = credit.trim().trim_start_matches(['©', '(']).trim_start();
    for marker in MARKERS.iter() {
        if let Some((head, rest)) = credit.split_at_checked(marker.len())
            && head.to_lowercase() == *marker
            && (rest.starts_with([':', '：'])
                || (marker.contains(' ') || *marker == "copyright") && rest.starts_with(' '))
        {
            return rest.trim_start_matches([':', '：', ' ']);
        }
    }
    credit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn caption_and_credit_are_told_apart() {
        for (line, caption, credit) in [
            (
                "Blinken attends a meeting in Astana, Kazakhstan, on February 28, 2023. / VOA News",
                Some("Blinken attends a meeting in Astana, Kazakhstan, on February 28, 2023."),
                Some("VOA News"),
            ),
            ("A bridge. Photo: Jane Doe", Some("A bridge."), Some("Jane Doe")),
            ("Die Brücke. Foto: Max Muster/dpa", Some("Die Brücke."), Some("Max Muster/dpa")),
            ("Мост через реку. Фото: ТАСС", Some("Мост через реку."), Some("ТАСС")),
            ("Le pont © AFP", Some("Le pont"), Some("AFP")),
            ("The bridge (AP Photo/John Smith)", Some("The bridge"), Some("AP Photo/John Smith")),
            ("The bridge [Source: Agency]", Some("The bridge"), Some("Agency")),
            ("大桥开通。图片来源：新华社", Some("大桥开通。"), Some("新华社")),
            ("The bridge / Copyright Jane Doe/AP", Some("The bridge"), Some("Jane Doe/AP")),
            ("The bridge | Reuters", Some("The bridge"), Some("Reuters")),
            ("The bridge (built 1902)", Some("The bridge (built 1902)"), None),
            ("He said: no more", Some("He said: no more"), None),
            ("Photo: Jane Doe", None, Some("Jane Doe")),
            ("Telephoto: not a credit", Some("Telephoto: not a credit"), None),
            ("", None, None),
        ] {
            let (got_caption, got_credit) = split_credit(line);
            assert_eq!((got_caption.as_deref(), got_credit.as_deref()), (caption, credit), "{line}");
        }
    }

    fn claim(url: &str, side: u32) -> ImageClaim {
        ImageClaim { from: "test", url: url.to_owned(), width: Some(side), height: Some(side), ..ImageClaim::default() }
    }

    #[test]
    fn the_first_picture_of_the_story_is_taken_and_completed() {
        let mut ledger = Ledger::new(true);
        let caption = Some("A bridge / Agency".to_owned());
        let claims = vec![
            claim("https://example.org/site-logo.png", 600),
            claim("https://example.org/1x1.gif", 600),
            claim("https://example.org/dot.png", 1),
            claim("https://example.org/a/bridge.jpg", 0),
            ImageClaim {
                caption,
                alt: Some(" A  bridge ".to_owned()),
                ..claim("https://cdn.example.org/b/bridge-300x200.jpg", 300)
            },
            claim("https://example.org/logotherapy.jpg", 600),
        ];
        let image = choose(claims, &mut ledger).unwrap();
        assert_eq!((image.url.as_str(), image.width), ("https://example.org/a/bridge.jpg", None));
        assert_eq!((image.caption.as_deref(), image.credit.as_deref()), (Some("A bridge"), Some("Agency")));
        assert_eq!(image.alt.as_deref(), Some("A bridge"));
        assert_eq!(ledger.notes[0].lost.len(), 4);
        assert!(is_picture(&claim("https://example.org/logotherapy.jpg", 600), false));
    }
    #[test]
    fn a_logo_is_shown_where_a_feed_names_nothing_better() {
        let named = |from, url| ImageClaim { from, ..claim(url, 600) };
        let (logo, bridge) = ("https://example.org/show-logo.jpg", "https://example.org/bridge.jpg");
        let avatars = [
            "https://0.gravatar.example/avatar/a1b2",
            "https://avatars.example.org/u/7",
            "https://example.org/avatar/7.jpg",
        ];
        for (claims, expected) in [
            (vec![named("feed:itunes:image", logo)], Some(logo)),
            (vec![named("feed:itunes:image", logo), named("feed:media:content", bridge)], Some(bridge)),
            (vec![named("meta:og:image", logo)], None),
            (avatars.iter().map(|url| named("feed:media:content", url)).collect(), None),
            (vec![named("feed:media:content", avatars[0]), named("feed:media:thumbnail", logo)], Some(logo)),
        ] {
            let text = format!("{claims:?}");
            let image = choose(claims, &mut Ledger::default());
            assert_eq!(image.as_ref().map(|image| image.url.as_str()), expected, "{text}");
        }
    }
}
