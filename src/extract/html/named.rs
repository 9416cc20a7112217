//! Elements whose names would take them out of the story.

use std::ops::Range;

use dom_query::NodeId;

use super::page::{Line, Page};
use crate::extract::marks::Marks;

/// An element that its names take out of the story.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub node: NodeId,
    /// Letters inside.
    pub length: usize,
    pub lines: Range<usize>,
    pub marks: Marks,
}

impl Named {
    /// Whether it holds so much of the page, or the page's headline, that its name must be wrong.
    /// `headlines` are the [`headlines`] of the page.
    pub fn is_misnamed(&self, page: &Page, headlines: &[usize]) -> bool {
        const LONG_CAPTION: usize = 1500;
        let is_caption = !self.marks.has(Marks::FOREIGN);
        let holds_much = if is_caption { self.length > LONG_CAPTION } else { self.length * 3 >= page.length };
        let holds_headline = || {
            let first_inside = headlines.partition_point(|line| *line < self.lines.start);
            (headlines.len() == 1 || !self.marks.has(Marks::OTHERS))
                && headlines.get(first_inside).is_some_and(|line| *line < self.lines.end)
        };
        holds_much || holds_headline()
    }
}

/// The lines of a page that are headings of the first order and stand in its title, in order.
pub(super) fn headlines(page: &Page) -> Vec<usize> {
    const SHORTEST: usize = 10;
    let title = page.title.as_deref().unwrap_or_default();
    let is_headline = |line: &Line| line.heading == 1 && line.text.len() >= SHORTEST && title.contains(&line.text);
    (0..page.lines.len()).filter(|line| is_headline(&page.lines[*line])).collect()
}
