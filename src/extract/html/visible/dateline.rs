//! Dates that readers see, and those of the elements that hold them.

use super::{LONGEST_LINE, Place, Window};
use crate::dates::{self, Found, Hints};
use crate::extract::html::claims::Claims;
use crate::extract::html::page::{Line, Page};
use crate::extract::marks::Marks;
use crate::extract::text::words::{Lead, after_lead, is_label, mentions};
use crate::model::Field;

/// Dates of one line that are read.
const MOST: usize = 3;

/// How far visible dates are trusted; metadata has 1 to 5.
mod trust {
    /// In a line that says that it is the publication.
    pub const LABELLED: u8 = 4;
    /// In an element made for dates.
    pub const MARKED: u8 = 5;
    /// Bare, near the headline.
    pub const BARE: u8 = 7;
    /// Farther off; above the headline.
    pub const FARTHER: u8 = 2;
}

/// Reads the dates of a line near the headline; whether the line is there for them.
pub(super) fn read((page, index, window): (&Page, usize, &Window), hints: &Hints<'_>, claims: &mut Claims) -> bool {
    let (title, place) = (window.title, window.place(index));
    let line = &page.lines[index];
    let marks = line.marks;
    let is_above = place == Place::Above;
    if marks.has(Marks::OTHERS) {
        return false;
    }
    if line.text.len() > LONGEST_LINE {
        read_opening(&line.text, hints, claims);
        return false;
    }
    let distance = title.map_or(0, |title| title.abs_diff(index));
    // a box beside the headline that is there for the date
    let is_box = (marks.has(Marks::DATE) || !line.times.is_empty()) && line.text.len() <= 40 && distance <= 4;
    if (marks.has(Marks::FOREIGN) && !is_box) || (line.linked > 40 && !marks.has(Marks::DATE)) {
        return false;
    }
    // above the headline stands the site's own clock, unless the story has begun there
    let begins_with_date = || date_in(&line.text, hints).is_some_and(|found| found.range.start == 0);
    let is_close = distance <= 2 && !marks.has(Marks::FOREIGN) && begins_with_date();
    if is_above && is_site_clock(line) && !is_close {
        return false;
    }
    let label_before = label_of_line_before(page, index);
    let is_labelled = label_before == Some(Lead::Published) || after_lead(&line.text, Lead::Published).is_some();
    let is_strong = marks.has(Marks::DATE) || is_labelled;
    let farther = if is_above { trust::FARTHER } else { 0 };
    read_attributes(line, (trust::MARKED + farther, hints), claims);
    let rank = farther
        + if is_labelled {
            trust::LABELLED
        } else if is_strong {
            trust::MARKED
        } else {
            trust::BARE
        };
    let mut at = 0;
    let mut found_any = false;
    for _ in 0..MOST {
        let Some(found) = date_in(&line.text[at..], hints) else { break };
        let label = &line.text[at..at + found.range.start];
        let raw = &line.text[at + found.range.start..at + found.range.end];
        let is_update = is_of_update(label, marks) || (at == 0 && label_before == Some(Lead::Updated));
        let rest = line.text.len() - raw.len();
        // once there is one, a bare date further down is a caption's or another story's
        if !is_strong && !is_update && claims.of(Field::DatePublished).any(|known| dates::find(known, hints).is_some())
        {
            break;
        }
        // a date in a sentence is of something else
        if rest > 90 && !is_strong && after_lead(&line.text, Lead::By).is_none() {
            break;
        }
        // what counts from now is of a comment or a teaser, if it is not close by
        let counts_back = dates::parse_absolute(raw, hints).is_none();
        if counts_back && distance > 6 {
            break;
        }
        let rank = if counts_back { rank + trust::FARTHER } else { rank };
        let from = if marks.has(Marks::BYLINE) { "byline" } else { "html:dateline" };
        // an element that says publication around a text that says update: the only date is both
        let says_both = is_update && (marks.has(Marks::PUBLISHED) || label.trim().is_empty());
        if says_both {
            claims.add((Field::DatePublished, trust::BARE + 2 * trust::FARTHER, from), raw);
        }
        let field = if is_update { Field::DateModified } else { Field::DatePublished };
        claims.add((field, if is_update { trust::MARKED + 1 } else { rank }, from), raw);
        found_any = true;
        at += found.range.end;
    }
    found_any && line.text.len() <= 160
}

/// Claims the date in brackets that a paragraph opens with: "(18.01.2018) In the north …".
fn read_opening(text: &str, hints: &Hints<'_>, claims: &mut Claims) {
    const LONGEST: usize = 40;
    let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.split_once(')')).map(|(inner, _)| inner) else {
        return;
    };
    if inner.len() <= LONGEST && date_in(inner, hints).is_some_and(|found| found.range.start == 0) {
        claims.add((Field::DatePublished, trust::BARE, "html:dateline"), inner);
    }
}

/// The first date of a text; a short text that is nothing but a date may be written shorter: "02.12.19".
fn date_in(text: &str, hints: &Hints<'_>) -> Option<Found> {
    const SHORT: usize = 40;
    if let Some(found) = dates::find(text, hints) {
        return Some(found);
    }
    let rest = after_lead(text, Lead::Published).unwrap_or(text);
    if rest.len() > SHORT || rest.bytes().filter(u8::is_ascii_digit).count() < 4 {
        return None;
    }
    let when = dates::parse(rest, hints)?;
    Some(Found { when, range: text.len() - rest.len()..text.len() })
}

/// Whether a line above the headline is not of the story.
fn is_site_clock(line: &Line) -> bool {
    (!line.marks.has(Marks::STORY) && !line.marks.has(Marks::DATE)) || after_lead(&line.text, Lead::Updated).is_some()
}

fn is_of_update(label: &str, marks: Marks) -> bool {
    let says_update = mentions(label, Lead::Updated) && !mentions(label, Lead::Published);
    says_update || (label.trim().is_empty() && marks.has(Marks::UPDATE) && !marks.has(Marks::PUBLISHED))
}

/// What the line above says that this one is, where it says nothing else.
fn label_of_line_before(page: &Page, index: usize) -> Option<Lead> {
    let before = &page.lines.get(index.checked_sub(1)?)?.text;
    [Lead::Published, Lead::Updated].into_iter().find(|lead| is_label(before, *lead))
}

/// Claims what `datetime` attributes of a line say.
fn read_attributes(line: &Line, (rank, hints): (u8, &Hints<'_>), claims: &mut Claims) {
    for time in line.times.iter().take(MOST) {
        if dates::parse(&time.datetime, hints).is_none() {
            continue;
        }
        let label = line.text.get(..time.start).unwrap_or_default();
        let label = label.rfind(|c: char| c.is_ascii_digit()).map_or(label, |digit| &label[digit + 1..]);
        let first_words: String = line.text.get(time.start..).unwrap_or_default().chars().take(24).collect();
        let says = |lead| mentions(label, lead) || mentions(&first_words, lead);
        let is_update = (time.is_update || says(Lead::Updated)) && !says(Lead::Published);
        let field = if is_update { Field::DateModified } else { Field::DatePublished };
        claims.add((field, rank, "html:time[datetime]"), &time.datetime);
    }
}

/// Reads dates that stand elsewhere, the surest kind of line that there is; returns the lines.
///
/// Lines that say that they are dates count everywhere; others only where no date is known.
pub(super) fn read_far((page, window): (&Page, &Window), hints: &Hints<'_>, claims: &mut Claims) -> Vec<usize> {
    let mut used = Vec::new();
    let far = |index: &usize| {
        let is_far = window.place(*index) == Place::Far || page.lines[*index].marks.has(Marks::FOREIGN);
        is_far && window.title != Some(*index)
    };
    let is_known = claims.of(Field::DatePublished).any(|known| dates::find(known, hints).is_some());
    let mut best: Option<(u8, usize)> = None;
    for index in (0..page.lines.len()).filter(far) {
        let line = &page.lines[index];
        let marks = line.marks;
        if marks.has(Marks::OTHERS.with(Marks::CAPTION)) || line.text.len() > LONGEST_LINE {
            continue;
        }
        let is_label_above = label_of_line_before(page, index) == Some(Lead::Published);
        let labelled = is_label_above || after_lead(&line.text, Lead::Published).is_some();
        let is_after_title = window.title.is_none_or(|title| index > title);
        if !marks.has(Marks::FOREIGN) && labelled && is_after_title {
            used.extend(read((page, index, window), hints, claims).then_some(index));
            continue;
        }
        if is_known {
            continue;
        }
        let Some(found) = date_in(&line.text, hints) else {
            if !line.times.is_empty() && best.is_none_or(|(rank, _)| rank > 4) {
                best = Some((4, index));
            }
            continue;
        };
        let rest = line.text.len() - found.range.len();
        let most = if marks.has(Marks::DATE) { 140 } else { 60 };
        let counts_back = dates::parse_absolute(&line.text[found.range.clone()], hints).is_none();
        if is_of_update(&line.text[..found.range.start], marks) || rest > most || line.text.contains('©') || counts_back
        {
            continue;
        }
        let is_foreign = marks.has(Marks::FOREIGN);
        let rank = match (labelled, marks.has(Marks::DATE) || !line.times.is_empty()) {
            (true, _) if is_after_title => 0,
            (_, true) if is_after_title && !is_foreign => 1,
            (true, _) => 2,
            _ if index == window.last + 1 && !is_foreign => 2,
            (_, true) if !is_foreign => 3,
            _ if is_after_title && rest < 40 && !is_foreign => 5,
            (_, true) => 6,
            _ if is_after_title && rest < 12 && index < window.from + 60 => 7,
            _ => continue,
        };
        if best.is_none_or(|(lowest, _)| rank < lowest) {
            best = Some((rank, index));
        }
    }
    if let Some((_, index)) = best {
        let line = &page.lines[index];
        read_attributes(line, (trust::BARE + trust::FARTHER, hints), claims);
        if let Some(found) = date_in(&line.text, hints) {
            claims.add((Field::DatePublished, trust::BARE + trust::FARTHER, "html:text"), &line.text[found.range]);
        }
        used.push(index);
    }
    used
}
