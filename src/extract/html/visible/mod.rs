//! What a reader sees around the headline: title, byline, dates.

mod byline;
mod dateline;
mod title;

use super::claims::Claims;
use super::page::{Line, Page};
use crate::dates::Hints;
use crate::extract::marks::Marks;
use crate::model::Field;

/// Lines of the page that are known to be no text of the story.
#[derive(Debug, Default)]
pub(super) struct Visible {
    pub title: Option<usize>,
    pub around: Vec<usize>,
}

/// A longer line is a paragraph.
const LONGEST_LINE: usize = 220;

/// How many lines below a byline it may go on.
const NEXT: usize = 2;

/// Where a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Just above the headline.
    Above,
    /// Below the headline, before the second paragraph.
    Below,
    /// Anywhere else.
    Far,
}

/// Reads the lines around the headline, then what stands elsewhere and says what it is.
pub(super) fn read(page: &Page, hints: &Hints<'_>, claims: &mut Claims) -> Visible {
    let mut visible = Visible { title: title::find(page, claims), around: Vec::new() };
    visible.around.extend(visible.title);
    let window = Window::new(page, visible.title);
    let mut bylines: Option<usize> = None;
    for index in window.from..page.lines.len() {
        let line = &page.lines[index];
        let place = window.place(index);
        // a line that is called a caption, without a picture, just below the headline is the dateline
        let is_caption = line.marks.has(Marks::CAPTION)
            && !(line.figure.is_none()
                && line.text.len() <= 60
                && visible.title.is_some_and(|title| title + 1 == index));
        if visible.title == Some(index) || is_caption || place == Place::Far {
            continue;
        }
        let has_date = dateline::read((page, index, &window), hints, claims);
        // further down names others: who took the picture, who wrote the next story
        let may_be_byline = bylines.is_none_or(|last| index <= last + NEXT);
        let is_byline = may_be_byline && byline::read((page, index, place), hints, claims);
        bylines = if is_byline { Some(index) } else { bylines };
        if line.marks.has(Marks::SUMMARY) && !line.marks.has(Marks::FOREIGN) && line.text.len() > 40 {
            claims.add((Field::Summary, 4, "html:standfirst"), &line.text);
        }
        let is_above = place == Place::Above;
        if has_date || is_byline || (is_above && line.text.len() <= LONGEST_LINE) {
            visible.around.push(index);
        }
    }
    visible.around.extend(dateline::read_far((page, &window), hints, claims));
    visible.around.extend(byline::read_far((page, &window), hints, claims));
    visible
}

/// The lines near the headline.
struct Window {
    title: Option<usize>,
    from: usize,
    to: usize,
    /// The last paragraph of the page's text.
    last: usize,
}

impl Window {
    fn new(page: &Page, title: Option<usize>) -> Self {
        const ABOVE: usize = 5;
        const BELOW: usize = 18;
        let (from, most) = title.map_or((0, 40), |title| (title.saturating_sub(ABOVE), title + BELOW));
        let mut paragraphs = 0;
        let mut to = most.min(page.lines.len());
        for index in title.unwrap_or(0)..to {
            paragraphs += usize::from(is_paragraph(&page.lines[index]));
            if paragraphs == 2 {
                to = index;
                break;
            }
        }
        let is_last = |line: &Line| is_paragraph(line) && !line.marks.has(Marks::FOREIGN);
        let last = page.lines.iter().rposition(is_last).unwrap_or(0);
        Self { title, from, to, last }
    }

    fn place(&self, index: usize) -> Place {
        match self.title {
            Some(title) if index < title && index >= self.from => Place::Above,
            _ if index >= self.from && index < self.to => Place::Below,
            _ => Place::Far,
        }
    }
}

fn is_paragraph(line: &Line) -> bool {
    line.text.len() > LONGEST_LINE && line.linked * 2 < line.text.len()
}
