//! The story line by line: for pages that keep it in several containers, or in none.

use super::Marks;
use super::{Line, Page, Visible};

/// Shorter lines are no paragraphs, in bytes.
const PARAGRAPH: usize = 40;

/// Letters by which a line is found again in a text.
const BEGINNING: usize = 40;

/// Lines below the headline that read like a story, with its headings.
#[derive(Debug, Default)]
pub(super) struct Story<'p> {
    lines: Vec<&'p Line>,
    /// How many lines stand before each heading that is a link.
    teasers: Vec<usize>,
    /// Bytes of its paragraphs.
    pub length: usize,
}

/// Chooses the lines.
pub(super) fn choose<'p>(page: &'p Page, visible: &Visible, junk: &[usize]) -> Story<'p> {
    let from = visible.title.map_or(0, |title| title + 1);
    let mut story = Story::default();
    let mut kept = 0;
    for (index, line) in page.lines.iter().enumerate().skip(from) {
        let is_out = line.marks.has(Marks::FOREIGN)
            || line.marks.has(Marks::CAPTION)
            || visible.around.contains(&index)
            || junk.binary_search(&index).is_ok();
        if line.heading > 0 && line.linked * 2 >= line.text.chars().count() {
            story.teasers.push(story.lines.len());
        }
        if is_out || line.linked * 3 >= line.text.len() {
            continue;
        }
        if line.heading > 0 {
            story.lines.push(line);
        } else if line.text.len() >= PARAGRAPH {
            story.lines.push(line);
            story.length += line.text.len();
            kept = story.lines.len();
        }
    }
    // headings with nothing below them are of what follows the story
    story.lines.truncate(kept);
    story
}

impl Story<'_> {
    /// Whether a text is a small part of it, and what the text lacks is no list of other stories.
    pub fn holds_more_of(&self, text: &str) -> bool {
        let (mut found, mut last_found, mut missing_after) = (0, 0, 0);
        for (place, line) in self.lines.iter().enumerate().filter(|(_, line)| line.heading == 0) {
            if text.contains(beginning(&line.text)) {
                (found, last_found, missing_after) = (found + line.text.len(), place, 0);
            } else {
                missing_after += 1;
            }
        }
        let is_between = |place: &&usize| **place > last_found && **place < self.lines.len();
        let teasers = self.teasers.iter().filter(is_between).count();
        let share = ratio(found, self.length);
        // where hardly anything was found, more is needed to doubt the rest
        let most_teasers = if share < 0.25 { missing_after } else { missing_after / 2 };
        share < 0.6 && (teasers == 0 || teasers < most_teasers)
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
    let pieces: Vec<&str> = of.split(". ").filter(|piece| piece.len() >= BEGINNING).collect();
    let found = pieces.iter().filter(|piece| within.contains(beginning(piece))).count();
    ratio(found, pieces.len())
}

fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(BEGINNING)]
}

fn ratio(part: usize, whole: usize) -> f64 {
    let count = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    count(part) / count(whole.max(1))
}
