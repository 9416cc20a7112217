//! The story line by line: for pages that keep it in several containers, or in none.

use std::collections::HashSet;

use xxhash_rust::xxh3::xxh3_64;

use super::Marks;
use super::passages;
use super::{Line, Page, Visible};

/// Shorter lines are no paragraphs, in letters; East Asian ones count twice.
const PARAGRAPH: usize = 40;

/// Letters by which a line is found again in a text.
const BEGINNING: usize = 40;

/// Lines below the headline that read like a story, with its headings.
#[derive(Debug, Default)]
pub(super) struct Story<'p> {
    lines: Vec<&'p Line>,
    /// All lines that are not foreign, short ones too.
    all: Vec<&'p Line>,
    /// How many lines stand before each heading that is a link.
    teasers: Vec<usize>,
    /// Letters of its paragraphs.
    pub length: usize,
}

/// Chooses the lines.
pub(super) fn choose<'p>(page: &'p Page, visible: &Visible, junk: &[usize]) -> Story<'p> {
    let from = visible.title.map_or(0, |title| title + 1);
    let mut story = Story::default();
    let mut kept = 0;
    let mut seen: HashSet<u64> = HashSet::new();
    let around: HashSet<usize> = visible.around.iter().copied().collect();
    for (index, line) in page.lines.iter().enumerate().skip(from) {
        let is_out = line.marks.has(Marks::FOREIGN)
            || line.marks.has(Marks::CAPTION)
            || around.contains(&index)
            || junk.binary_search(&index).is_ok();
        if line.heading > 0 && line.linked * 2 >= line.text.chars().count() {
            story.teasers.push(story.lines.len());
        }
        if is_out {
            continue;
        }
        story.all.push(line);
        if line.linked * 3 >= line.text.len() {
            continue;
        }
        if line.heading > 0 {
            story.lines.push(line);
        } else if letters(&line.text) >= PARAGRAPH && seen.insert(xxh3_64(line.text.as_bytes())) {
            story.lines.push(line);
            story.length += letters(&line.text);
            kept = story.lines.len();
        }
    }
    // headings with nothing below them are of what follows the story
    story.lines.truncate(kept);
    story
}

impl Story<'_> {
    /// Whether a text is a small part of it, or mostly something else, and what the text lacks is no
    /// list of other stories. `length` is the text's, in letters.
    /// `is_found` is what [`found_in`](Self::found_in) says of the text.
    pub fn holds_more_of(&self, is_found: &[bool], length: usize) -> bool {
        let (mut found, mut last_found, mut missing_after) = (0, 0, 0);
        for (place, line) in self.lines.iter().enumerate().filter(|(_, line)| line.heading == 0) {
            if is_found[place] {
                (found, last_found, missing_after) = (found + letters(&line.text), place, 0);
            } else {
                missing_after += 1;
            }
        }
        let is_between = |place: &&usize| **place > last_found && **place < self.lines.len();
        let teasers = self.teasers.iter().filter(is_between).count();
        let share = ratio(found, self.length);
        // where hardly anything was found, more is needed to doubt the rest
        let most_teasers = if share < 0.25 { missing_after } else { missing_after / 2 };
        let is_larger = self.length * 2 > length * 3;
        let is_elsewhere = found * 2 < length && self.length * 2 > found * 3;
        share < 0.6 && (is_larger || is_elsewhere) && (teasers == 0 || teasers < most_teasers)
    }

    /// The story without what follows the last line that a text has, if that text skips much of it.
    pub fn with_gaps_filled(&self, is_found: &[bool]) -> Option<Story<'_>> {
        let last = (0..self.lines.len()).rfind(|place| self.lines[*place].heading == 0 && is_found[*place])?;
        let (mut found, mut length, mut skipped) = (0, 0, 0);
        for (line, is_found) in self.lines[..=last].iter().zip(is_found).filter(|(line, _)| line.heading == 0) {
            length += letters(&line.text);
            if *is_found {
                found += letters(&line.text);
            } else {
                skipped += 1;
            }
        }
        let skips_much = skipped >= 2 && (length - found) * 7 > found && (length - found) * 3 < found * 2;
        let end = self.all.iter().rposition(|line| std::ptr::eq(*line, self.lines[last]))?;
        let lines = self.all[..=end].to_vec();
        skips_much.then_some(Story { lines, length, ..Story::default() })
    }

    /// For each line whether a text holds its beginning.
    pub fn found_in(&self, text: &str) -> Vec<bool> {
        let beginnings: Vec<&str> = self.lines.iter().map(|line| beginning(&line.text)).collect();
        passages::found(&beginnings, text)
    }

    /// As headings and paragraphs.
    pub fn html(&self) -> String {
        let mut html = String::with_capacity(self.length + self.lines.len() * 8);
        for line in &self.lines {
            let escaped = line.text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            let name = match line.heading {
                0 => "p",
                1 | 2 => "h2",
                _ => "h3",
            };
            html.push_str(&["<", name, ">", &escaped, "</", name, ">\n"].concat());
        }
        html
    }
}

/// How much of the sentences of one text stands in another, 0 to 1.
pub(super) fn share(of: &str, within: &str) -> f64 {
    let pieces: Vec<&str> = of.split(". ").filter(|piece| piece.len() >= BEGINNING).map(beginning).collect();
    let found = passages::found(&pieces, within).into_iter().filter(|found| *found).count();
    ratio(found, pieces.len())
}

/// How much a text says, in letters of alphabets.
fn letters(text: &str) -> usize {
    text.chars().map(|c| 1 + usize::from(c >= '\u{2E80}')).sum()
}

fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(BEGINNING)]
}

fn ratio(part: usize, whole: usize) -> f64 {
    let count = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    count(part) / count(whole.max(1))
}
