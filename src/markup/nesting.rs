//! Open elements, and what a browser would close when the next tag comes (HTML §13.2.6.4.7).

use super::DEPTH_LIMIT;
use super::element::Element;
use Element as E;

/// What to do with a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It stands.
    Take,
    /// It has no effect.
    Drop,
    /// Only a tree builder knows.
    Misnested,
}

/// The open elements. After each step `closing` lists those that must be closed first, innermost first.
#[derive(Debug, Default)]
pub(super) struct Nesting {
    stack: Vec<Element>,
    pub closing: Vec<Element>,
    /// Whether to find a way out of every knot by closing what is in the way.
    forced: bool,
}

impl Nesting {
    pub fn new(forced: bool) -> Self {
        Self { forced, ..Self::default() }
    }

    fn top(&self) -> Option<Element> {
        self.stack.last().copied()
    }

    pub fn is_inside(&self, element: Element) -> bool {
        self.stack.contains(&element)
    }

    pub fn in_table_context(&self) -> bool {
        self.top().is_some_and(Element::is_table_context)
    }

    /// Text that is not white space comes.
    pub fn text(&mut self) -> Verdict {
        self.closing.clear();
        self.leave_table_context()
    }

    /// A start tag comes.
    pub fn start(&mut self, element: Element) -> Verdict {
        self.closing.clear();
        while self.top().is_some_and(|top| implies_end(element, top)) {
            self.close_top();
        }
        let in_table =
            if element.is_table_part() { self.enter_table_part(element) } else { self.leave_table_context() };
        if in_table != Verdict::Take {
            return in_table;
        }
        if element == E::A && self.is_inside(E::A) {
            return if self.forced { Verdict::Drop } else { Verdict::Misnested };
        }
        if let Some(depth) = self.ended_by(element) {
            if !self.forced {
                return Verdict::Misnested;
            }
            self.close_down_to(depth);
        }
        if !element.is_void() {
            if self.stack.len() >= DEPTH_LIMIT {
                return if self.forced { Verdict::Drop } else { Verdict::Misnested };
            }
            self.stack.push(element);
        }
        Verdict::Take
    }

    /// An end tag comes.
    pub fn end(&mut self, element: Element) -> Verdict {
        self.closing.clear();
        if self.top() == Some(element) {
            self.stack.pop();
            return Verdict::Take;
        }
        if element.is_heading() && self.top().is_some_and(Element::is_heading) {
            self.close_top();
            return Verdict::Drop;
        }
        let crosses_cells = element.is_table_part() || element == E::Table;
        let mut optional = true;
        for index in (0..self.stack.len()).rev() {
            let open = self.stack[index];
            if open == element {
                if !optional && !self.forced {
                    return Verdict::Misnested;
                }
                self.close_down_to(index + 1);
                self.stack.pop();
                return Verdict::Take;
            }
            if (open.is_cell() && !crosses_cells) || open == E::Table {
                return Verdict::Drop;
            }
            optional &= open.has_optional_end();
        }
        Verdict::Drop
    }

    /// An element that is dropped itself ends a paragraph before it.
    pub fn end_paragraph(&mut self) {
        self.closing.clear();
        if self.top() == Some(E::P) {
            self.close_top();
        }
    }

    /// The text ends.
    pub fn finish(&mut self) {
        self.closing.clear();
        self.close_down_to(0);
    }

    fn close_top(&mut self) {
        self.closing.extend(self.stack.pop());
    }

    fn close_down_to(&mut self, depth: usize) {
        while self.stack.len() > depth {
            self.close_top();
        }
    }

    /// The depth that the stack must shrink to because an element further down ends here.
    fn ended_by(&self, element: Element) -> Option<usize> {
        let items: &[Element] = match element {
            E::Li => &[E::Li],
            E::Dd | E::Dt => &[E::Dd, E::Dt],
            _ => &[],
        };
        let mut in_item_scope = !items.is_empty();
        let ends_paragraph = element.ends_paragraph();
        if !ends_paragraph && !in_item_scope {
            return None;
        }
        let mut found = None;
        for (index, open) in self.stack.iter().enumerate().rev() {
            if open.is_cell() || *open == E::Table {
                break;
            }
            if ends_paragraph && *open == E::P {
                found = Some(index);
            }
            if in_item_scope && items.contains(open) {
                found = Some(index);
                in_item_scope = false;
            }
            in_item_scope &= !open.ends_paragraph() || matches!(open, E::Div | E::P);
        }
        found
    }

    fn enter_table_part(&mut self, element: Element) -> Verdict {
        if self.top().is_some_and(|top| element.fits_in(top)) {
            return Verdict::Take;
        }
        if !self.forced {
            return Verdict::Misnested;
        }
        for index in (0..self.stack.len()).rev() {
            if element.fits_in(self.stack[index]) {
                self.close_down_to(index + 1);
                return Verdict::Take;
            }
            if self.stack[index] == E::Table {
                break;
            }
        }
        Verdict::Drop
    }

    fn leave_table_context(&mut self) -> Verdict {
        if !self.in_table_context() {
            return Verdict::Take;
        }
        if !self.forced {
            return Verdict::Misnested;
        }
        while self.in_table_context() {
            self.close_top();
        }
        Verdict::Take
    }
}

/// Whether the start of `next` ends the innermost open element.
fn implies_end(next: Element, top: Element) -> bool {
    match top {
        E::P => next.ends_paragraph() || next.is_table_part(),
        E::Li => next == E::Li,
        E::Dd | E::Dt => matches!(next, E::Dd | E::Dt),
        E::Td | E::Th => matches!(next, E::Td | E::Th | E::Tr | E::Tbody | E::Thead),
        E::Tr => matches!(next, E::Tr | E::Tbody | E::Thead),
        E::Tbody | E::Thead => matches!(next, E::Tbody | E::Thead),
        E::Caption => next.is_table_part() && next != E::Caption,
        E::Colgroup => next != E::Col,
        E::Rt | E::Rp => matches!(next, E::Rt | E::Rp),
        _ => top.is_heading() && next.is_heading(),
    }
}
