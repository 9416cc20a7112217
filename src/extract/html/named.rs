//! Elements whose names would take them out of the story.

use std::ops::Range;

use dom_query::NodeId;

use super::marks::Marks;
use super::page::Page;

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
    pub fn is_misnamed(&self, page: &Page) -> bool {
        const LONG_CAPTION: usize = 1500;
        let is_caption = !self.marks.has(Marks::FOREIGN);
        let holds_much = if is_caption { self.length > LONG_CAPTION } else { self.length * 3 >= page.length };
        let holds_headline = || {
            let title = page.title.as_deref().unwrap_or_default();
            let lines = page.lines.get(self.lines.clone()).unwrap_or_default();
            let mut headlines = page
                .lines
                .iter()
                .filter(|line| line.heading == 1 && title.contains(&line.text) && line.text.len() >= 10);
            let is_only = headlines.next().is_some() && headlines.next().is_none();
            (is_only || !self.marks.has(Marks::OTHERS))
                && lines.iter().any(|line| line.heading == 1 && line.text.len() >= 10 && title.contains(&line.text))
        };
        holds_much || holds_headline()
    }
}
