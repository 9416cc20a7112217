//! The headline that a link or a card shows.

use super::lines::Line;
use super::page::{Kind, Page};
use crate::extract::marks::Marks;
use crate::markup::fold_white_space;

/// A headline, and how sure it is one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Title {
    pub text: String,
    pub from: Found,
}

/// Where a headline was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Found {
    #[default]
    Nowhere,
    /// The whole text of the link.
    Link,
    /// A heading in or around the link.
    Heading,
    /// An attribute that stands for the link's text.
    Attribute,
}

impl Title {
    /// How much like a headline it reads, -3 to 4.
    pub fn score(&self) -> f32 {
        let words = words(&self.text);
        let mut score = match self.from {
            Found::Nowhere => return -1.0,
            Found::Link | Found::Attribute if words < 1.5 => -2.5,
            Found::Link | Found::Attribute if words < 2.5 => -1.5,
            _ if words < 1.5 => -1.0,
            _ if words < 2.5 => -0.3,
            _ if words < 3.5 => 0.5,
            _ if words < 4.5 => 1.4,
            _ => 2.2,
        };
        score += match self.from {
            Found::Heading => 1.5,
            Found::Attribute => -0.5,
            _ => 0.0,
        };
        if is_phrase_of_buttons(&self.text) { -2.5 } else { score }
    }
}

/// How many words a text has; scripts that write none count two signs for a word.
pub(super) fn words(text: &str) -> f32 {
    let mut words = 0.0;
    for word in text.split(|character: char| character.is_whitespace() || matches!(character, '—' | '–' | '|' | '·'))
    {
        let dense = word.chars().filter(|character| is_dense(*character)).count();
        if dense > 0 {
            words += f32::from(u16::try_from(dense).unwrap_or(u16::MAX)) / 2.0;
        } else if word.chars().any(char::is_alphanumeric) {
            words += 1.0;
        }
    }
    words
}

/// Whether a sign stands for a syllable or a word.
fn is_dense(character: char) -> bool {
    matches!(character, '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{3040}'..='\u{30FF}'
        | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}')
}

/// "Read more", "12 comments", "Continue reading".
fn is_phrase_of_buttons(text: &str) -> bool {
    const STARTS: [&str; 30] = [
        "read more",
        "read the",
        "read full",
        "continue reading",
        "more from",
        "view all",
        "see all",
        "see more",
        "load more",
        "show more",
        "more »",
        "learn more",
        "click here",
        "leave a comment",
        "add comment",
        "weiterlesen",
        "mehr lesen",
        "lire la suite",
        "leer más",
        "leer mas",
        "ver más",
        "ver mas",
        "leia mais",
        "continua a leggere",
        "читать дальше",
        "подробнее",
        "devamını oku",
        "続きを読む",
        "阅读全文",
        "join the discussion",
    ];
    let lower = text.trim().to_lowercase();
    let is_short = lower.chars().count() <= 40;
    let counts = lower
        .split_whitespace()
        .next()
        .is_some_and(|first| first.chars().all(|c| c.is_ascii_digit() || c == ','))
        && ["comment", "repl", "view", "like", "reaction", "min", "photo", "kommentar", "comentario", "commentaire"]
            .iter()
            .any(|word| lower.split_whitespace().nth(1).is_some_and(|second| second.starts_with(word)))
        && lower.split_whitespace().count() <= 3;
    counts || is_short && STARTS.iter().any(|start| lower.starts_with(start))
}

/// The headline of a link.
pub(super) fn of_link(page: &Page<'_>, node: usize) -> Title {
    let (from, to) = (node, page.nodes[node].end);
    let lines = page.lines(from, to);
    if let Some(title) = of_headings(&lines) {
        return title;
    }
    let plain: Vec<&Line> =
        lines.iter().filter(|line| !line.marks.has(Marks::DATE) && !line.marks.has(Marks::SUMMARY)).collect();
    let first = plain
        .iter()
        .find(|line| words(&line.text) >= 4.0)
        .or_else(|| plain.iter().max_by(|a, b| words(&a.text).total_cmp(&words(&b.text))));
    if let Some(line) = first.filter(|line| line.text.len() <= LONGEST) {
        return Title { text: line.text.clone(), from: Found::Link };
    }
    of_attributes(page, node)
}

/// Bytes of the longest headline; what is longer is a paragraph.
const LONGEST: usize = 400;

/// The headline among lines, where one is marked as such.
pub(super) fn of_headings(lines: &[Line]) -> Option<Title> {
    let is_heading = |line: &&Line| line.marks.has(Marks::HEADING) && !line.marks.has(Marks::TAG);
    let is_title =
        |line: &&Line| line.marks.has(Marks::TITLE) && !line.marks.has(Marks::TAG) && !line.marks.has(Marks::DATE);
    let fits = |line: &&Line| line.text.len() <= LONGEST;
    let length = |line: &&Line| line.text.chars().count();
    let heading = lines.iter().filter(is_heading).filter(fits).max_by_key(length);
    let line = heading.or_else(|| lines.iter().filter(is_title).filter(fits).max_by_key(length))?;
    Some(Title { text: line.text.clone(), from: Found::Heading })
}

/// What stands for the text of a link that shows none.
fn of_attributes(page: &Page<'_>, node: usize) -> Title {
    let attribute = |at: usize, name: &str| {
        page.attribute(at, name).map(|text| fold_white_space(&text)).filter(|text| !text.is_empty())
    };
    let own = attribute(node, "aria-label").or_else(|| attribute(node, "title"));
    let picture = || {
        let mut pictures = (node..page.nodes[node].end).filter(|at| page.nodes[*at].kind == Kind::Picture);
        pictures.find_map(|at| attribute(at, "alt"))
    };
    match own.or_else(picture).filter(|text| text.len() <= LONGEST) {
        Some(text) => Title { text, from: Found::Attribute },
        None => Title::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headlines_read_longer_than_buttons() {
        let score = |text: &str, from| Title { text: text.to_owned(), from }.score();
        assert!(score("Ferry line across the Caspian gets its third ship", Found::Link) > 2.0);
        assert!(score("カスピ海の新しい航路が開通", Found::Link) > 2.0);
        assert!(score("Sport", Found::Link) < -2.0);
        assert!(score("Read more about this", Found::Link) < -2.0);
        assert!(score("14 comments", Found::Link) < -2.0);
        assert!(score("Ferry line", Found::Heading) > 1.0);
        assert!(Title::default().score() < 0.0);
    }
}
