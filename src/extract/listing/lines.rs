//! Text of a listing page as a reader sees it: line by line.

use super::page::{Kind, Page};
use crate::extract::marks::Marks;
use crate::markup::fold_white_space;

/// A line of text below a node.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// White space folded.
    pub text: String,
    pub marks: Marks,
}

impl Page<'_> {
    /// The lines that a reader sees within a part of the document.
    pub fn lines(&self, from: usize, to: usize) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        let mut open = false;
        for (at, node) in self.nodes.iter().enumerate().take(to).skip(from) {
            match node.kind {
                Kind::Text => {
                    let glued = open && lines.last().is_some();
                    if !glued {
                        lines.push(Line { text: String::new(), marks: node.marks });
                    }
                    if let Some(line) = lines.last_mut() {
                        line.text.push_str(&node.text);
                    }
                    // a line ends where the innermost block around the text does
                    open = at + 1 < to && self.same_block(at, to);
                }
                // a date beside a name is no part of it
                Kind::Block | Kind::Time => open = false,
                _ => {}
            }
        }
        for line in &mut lines {
            line.text = fold_white_space(&line.text);
        }
        lines.retain(|line| !line.text.is_empty());
        lines
    }

    /// Whether the next text stands in the same block as this one.
    fn same_block(&self, at: usize, to: usize) -> bool {
        let block = self.block_of(at);
        let next = (at + 1..to).find(|next| matches!(self.nodes[*next].kind, Kind::Text | Kind::Block | Kind::Time));
        next.is_some_and(|next| self.nodes[next].kind == Kind::Text && self.block_of(next) == block)
    }

    fn block_of(&self, mut at: usize) -> usize {
        for _ in 0..40 {
            at = self.nodes[at].parent;
            if matches!(self.nodes[at].kind, Kind::Block | Kind::Time) || at == 0 {
                break;
            }
        }
        at
    }

    /// Characters of paragraphs outside links that stand between two of some nodes, at most.
    pub fn longest_prose(&self, nodes: &[usize]) -> usize {
        const LINE: usize = 120;
        let is_linked = |at: usize| {
            std::iter::successors(Some(at), |at| Some(self.nodes[*at].parent).filter(|parent| parent != at))
                .take(12)
                .any(|at| self.nodes[at].kind == Kind::Link)
        };
        let mut sums = vec![0; nodes.len() + 1];
        for (at, node) in self.nodes.iter().enumerate() {
            let counts = node.kind == Kind::Text && node.text.len() >= LINE && !node.marks.has(Marks::CHROME);
            if counts && !is_linked(at) {
                sums[nodes.partition_point(|other| *other < at)] += node.text.trim().chars().count();
            }
        }
        sums.into_iter().max().unwrap_or(0)
    }
}
