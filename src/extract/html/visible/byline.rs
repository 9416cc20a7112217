//! Names that readers see: around the headline, in links to people's pages, below the story.

use super::{LONGEST_LINE, Place, Window};
use crate::address;
use crate::dates::{self, Hints};
use crate::extract::html::claims::Claims;
use crate::extract::html::page::{Line, Page};
use crate::extract::marks::Marks;
use crate::extract::text::words::{Lead, after_lead, is_label, mentions};
use crate::model::PersonClaim;

/// Longest byline, in bytes.
const LONGEST: usize = 160;

/// How far visible names are trusted; metadata has 1 to 4.
mod trust {
    pub const AUTHOR_LINK: u8 = 5;
    pub const MARKED: u8 = 6;
    pub const SAID: u8 = 7;
    pub const PROFILE: u8 = 8;
    /// Not near the headline.
    pub const FAR: u8 = 4;
}

/// Reads the names of a line near the headline; whether the line is there for them.
pub(super) fn read((page, index, place): (&Page, usize, Place), hints: &Hints<'_>, claims: &mut Claims) -> bool {
    let line = &page.lines[index];
    let marks = line.marks;
    let is_byline = marks.has(Marks::BYLINE.with(Marks::AUTHOR_LINK));
    if marks.has(Marks::FOREIGN) || (marks.has(Marks::HEADING) && !is_byline) || (place == Place::Above && !is_byline) {
        return false;
    }
    let found = find((page, index, true), hints);
    let any = !found.is_empty();
    for found in found {
        claims.add_author(found.rank, found.claim);
    }
    any && line.text.len() <= LONGEST
}

/// Reads names from the rest of the page, where none are known; returns the lines.
pub(super) fn read_far((page, window): (&Page, &Window), hints: &Hints<'_>, claims: &mut Claims) -> Vec<usize> {
    let mut best: Option<(u8, usize, Vec<Found>)> = None;
    for index in 0..page.lines.len() {
        let line = &page.lines[index];
        let is_near = window.place(index) != Place::Far && !line.marks.has(Marks::FOREIGN);
        if is_near || line.marks.has(Marks::OTHERS.with(Marks::CAPTION)) || window.title == Some(index) {
            continue;
        }
        let is_below = window.title.is_none_or(|title| index > title);
        let found = find((page, index, false), hints);
        let Some(lowest) = found.iter().map(|found| found.rank).min() else { continue };
        let rank = lowest + u8::from(line.marks.has(Marks::FOREIGN)) + 3 * u8::from(!is_below);
        if best.as_ref().is_none_or(|(known, ..)| rank < *known) {
            best = Some((rank, index, found));
        }
    }
    let mut used = Vec::new();
    if let Some((_, index, found)) = best {
        for Found { rank, claim } in found {
            claims.add_author(rank + trust::FAR, PersonClaim { from: "html:elsewhere", ..claim });
        }
        used.push(index);
    }
    used.extend(signature(page, window, claims));
    used
}

/// A name that stands alone under the last paragraph.
fn signature(page: &Page, window: &Window, claims: &mut Claims) -> Option<usize> {
    let index = window.last + 1;
    let line = page.lines.get(index)?;
    let words = line.text.split(' ').count();
    let is_name = (2..=4).contains(&words)
        && line.text.split(' ').all(|word| word.chars().next().is_some_and(char::is_uppercase))
        && line.text.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '.' | '-' | '’' | '\''));
    let is_plain = line.linked == 0 && !line.marks.has(Marks::FOREIGN.with(Marks::HEADING).with(Marks::CAPTION));
    if !is_name || !is_plain || window.last == 0 {
        return None;
    }
    let claim = PersonClaim { from: "html:signature", name: Some(line.text.clone()), url: None, email: None };
    claims.add_author(trust::PROFILE + trust::FAR + 1, claim);
    Some(index)
}

struct Found {
    rank: u8,
    claim: PersonClaim,
}

/// The names of a line: in links to people, in elements made for bylines, behind "By".
///
/// Near the headline more is taken for a name than elsewhere.
fn find((page, index, is_near): (&Page, usize, bool), hints: &Hints<'_>) -> Vec<Found> {
    let line = &page.lines[index];
    let mut found = Vec::new();
    // who took the picture did not write the story
    if line.text.len() > LONGEST_LINE || after_lead(&line.text, Lead::Credit).is_some() {
        return found;
    }
    for (wanted, rank) in [(Marks::AUTHOR_LINK, trust::AUTHOR_LINK), (Marks::BYLINE, trust::MARKED)] {
        if !found.is_empty() {
            break;
        }
        for (text, link) in runs(line, wanted) {
            let url = link.and_then(|link| address_of(page, link));
            let from = if rank == trust::AUTHOR_LINK { "html:rel-author" } else { "byline" };
            add(&mut found, (rank, from), &text, (url, hints));
        }
    }
    if found.is_empty()
        && let Some(name) = said(page, index).filter(|name| is_near || is_like_name(name))
    {
        let profile = line.parts.iter().find(|part| part.marks.has(Marks::PROFILE)).and_then(|part| part.link);
        add(&mut found, (trust::SAID, "byline"), name, (profile.and_then(|link| address_of(page, link)), hints));
    }
    if found.is_empty() && is_near {
        found.extend(beside_date(line, hints));
    }
    if found.is_empty() && is_near {
        for (text, link) in runs(line, Marks::PROFILE) {
            if is_like_name(&text) && text.contains(' ') && !line.marks.has(Marks::HEADING) {
                let url = link.and_then(|link| address_of(page, link));
                add(&mut found, (trust::PROFILE, "html:profile-link"), &text, (url, hints));
            }
        }
    }
    found
}

/// Whether a text has the look of a name: few words, none in lower case but particles.
fn is_like_name(text: &str) -> bool {
    let is_particle = |word: &str| word.chars().count() <= 3;
    let starts_lower = |word: &str| word.chars().next().is_some_and(char::is_lowercase);
    text.split(' ').count() <= 5
        && text.chars().count() <= 50
        && text.split(' ').all(|word| !starts_lower(word) || is_particle(word))
        && !text.ends_with(['.', ':', '?', '!'])
}

/// What stands behind "By" and its like, in this line or where the line above says so.
fn said(page: &Page, index: usize) -> Option<&str> {
    let line = &page.lines[index];
    if line.text.len() > LONGEST {
        return None;
    }
    if let Some(name) = after_lead(&line.text, Lead::By) {
        return Some(name);
    }
    let before = &page.lines.get(index.checked_sub(1)?)?.text;
    (is_label(before, Lead::By) && line.text.split(' ').count() <= 6).then_some(line.text.as_str())
}

/// A name that shares a line with the date, or with what somebody does, and nothing else.
fn beside_date(line: &Line, hints: &Hints<'_>) -> Option<Found> {
    if line.text.len() > 90 || line.marks.has(Marks::HEADING) {
        return None;
    }
    let date = dates::find(&line.text, hints)?;
    let rest = format!("{} | {}", &line.text[..date.range.start], &line.text[date.range.end..]);
    let is_separator = |c: char| matches!(c, '|' | '•' | '·' | '–' | '—' | ',' | '/');
    let mut pieces = rest.split(is_separator).flat_map(|piece| piece.split(" - ")).map(str::trim);
    let is_name = |piece: &&str| {
        is_like_name(piece)
            && (2..=3).contains(&piece.split(' ').count())
            && piece.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '.' | '-' | '’' | '\''))
            && !is_label(piece, Lead::Published)
            && !mentions(piece, Lead::Updated)
    };
    let name = pieces.find(is_name)?.to_owned();
    let claim = PersonClaim { from: "html:dateline", name: Some(name), url: None, email: None };
    Some(Found { rank: trust::PROFILE, claim })
}

/// Whether a text is more than "Published on".
fn is_text(text: &str) -> bool {
    text.chars().any(char::is_alphabetic) && !is_label(text, Lead::Published) && !is_label(text, Lead::By)
}

/// The texts of adjoining parts that bear a mark, with the link that they stand in.
fn runs(line: &Line, wanted: Marks) -> Vec<(String, Option<usize>)> {
    let mut runs: Vec<(String, Option<usize>)> = Vec::new();
    let mut is_open = false;
    for (index, part) in line.parts.iter().enumerate() {
        let text = line.part_text(index);
        if !part.marks.has(wanted) || text.is_empty() {
            is_open = is_open && text.is_empty();
            continue;
        }
        let is_per_link = wanted != Marks::BYLINE;
        match runs.last_mut().filter(|(_, known)| is_open && !(is_per_link && *known != part.link)) {
            Some((run, known)) => {
                run.push(' ');
                run.push_str(text);
                *known = known.or(part.link);
            }
            None => runs.push((text.to_owned(), part.link)),
        }
        is_open = true;
    }
    runs
}

fn address_of(page: &Page, link: usize) -> Option<String> {
    address::resolve(page.base.as_ref(), page.links.get(link)?)
}

/// Takes a text as a byline, without its date and what stands behind bars.
fn add(
    found: &mut Vec<Found>,
    (rank, from): (u8, &'static str),
    text: &str,
    (url, hints): (Option<String>, &Hints<'_>),
) {
    let text = after_lead(text, Lead::By).unwrap_or(text);
    let name = match dates::find(text, hints) {
        Some(date) if is_text(&text[..date.range.start]) => &text[..date.range.start],
        Some(date) => &text[date.range.end..],
        None => text,
    };
    let name = after_lead(name.trim_start(), Lead::By).unwrap_or(name);
    let name = name.split(['|', '•', '·', '\u{2022}']).map(str::trim).find(|name| !name.is_empty()).unwrap_or_default();
    let name = name.trim_matches([',', '-', '–', '—', '/', ':', '(', ' ', '>', '»']).trim();
    let is_plausible = name.chars().any(char::is_alphabetic)
        && name.split_whitespace().count() <= 14
        && name.len() <= LONGEST
        && !name.ends_with(['?', '!'])
        && !(name.ends_with('.') && name.split(' ').count() > 5)
        && !mentions(name, Lead::Updated)
        && !is_label(name, Lead::Published)
        && !is_label(name, Lead::By);
    if is_plausible {
        found.push(Found { rank, claim: PersonClaim { from, name: Some(name.to_owned()), url, email: None } });
    }
}
