//! A text cut into numbers, words and marks, with what each word may mean.

use super::calendar::Month;
use super::fold;
use super::words::{self, Roles};

/// Most tokens that are looked at: a bound on work, far beyond any date line.
const MOST_TOKENS: usize = 400;

/// Most words of one name in the tables.
const MOST_WORDS: usize = 3;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// At most ten digits; a longer run of digits is `Other`.
    Number {
        value: u32,
        digits: u8,
    },
    /// Folded.
    Word {
        text: String,
        month: Option<Month>,
        roles: Roles,
        /// Written in capitals throughout.
        is_capital: bool,
    },
    Mark(char),
    Other,
}

/// One token with its place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether white space stands before it.
    pub(super) is_spaced: bool,
}

impl Token {
    pub(super) fn number(&self) -> Option<(u32, u8)> {
        match self.kind {
            Kind::Number { value, digits } => Some((value, digits)),
            _ => None,
        }
    }

    pub(super) fn is_mark(&self, mark: char) -> bool {
        self.kind == Kind::Mark(mark)
    }

    pub(super) fn month(&self) -> Option<Month> {
        match self.kind {
            Kind::Word { month, .. } => month,
            _ => None,
        }
    }

    /// Whether it is a word that may mean any of these.
    pub(super) fn has(&self, any: Roles) -> bool {
        matches!(&self.kind, Kind::Word { roles, .. } if roles.has(any))
    }

    pub(super) fn word(&self) -> Option<&str> {
        match &self.kind {
            Kind::Word { text, .. } => Some(text),
            _ => None,
        }
    }
}

/// Cuts a text into tokens and joins the words that are one name.
pub(super) fn split(text: &str, language: Option<&str>) -> Vec<Token> {
    let raw = cut(text);
    let mut tokens = Vec::with_capacity(raw.len());
    let mut at = 0;
    while let Some(piece) = raw.get(at) {
        let length = if piece.sort == Sort::Word { joined(text, &raw[at..]) } else { 1 };
        let end = raw.get(at + length - 1).map_or(piece.end, |last| last.end);
        let source = &text[piece.start..end];
        let kind = match piece.sort {
            Sort::Digits => number(source),
            Sort::Mark(mark) => Kind::Mark(mark),
            Sort::Word => word(source, language),
        };
        tokens.push(Token { kind, start: piece.start, end, is_spaced: piece.is_spaced });
        at += length;
    }
    tokens
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Digits,
    Word,
    Mark(char),
}

struct Piece {
    sort: Sort,
    start: usize,
    end: usize,
    is_spaced: bool,
}

fn cut(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut is_spaced = true;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if pieces.len() >= MOST_TOKENS {
            break;
        }
        if c.is_whitespace() || matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{FEFF}') {
            is_spaced = true;
            at += c.len_utf8();
            continue;
        }
        let (sort, length) = if fold::digit(c).is_some() {
            (Sort::Digits, run(&text[at..], |c| fold::digit(c).is_some()))
        } else if fold::is_unspaced(c) {
            (Sort::Word, unspaced(&text[at..]))
        } else if fold::is_word(c) {
            (Sort::Word, run(&text[at..], |c| fold::is_word(c) && !fold::is_unspaced(c)))
        } else {
            (Sort::Mark(plain_mark(c)), c.len_utf8())
        };
        pieces.push(Piece { sort, start: at, end: at + length, is_spaced });
        is_spaced = false;
        at += length;
    }
    pieces
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

/// Length of the longest known word at the start of a text without spaces, else of one character.
fn unspaced(text: &str) -> usize {
    let mut best = None;
    for (count, (at, c)) in text.char_indices().take(words::longest_unspaced()).enumerate() {
        if !fold::is_unspaced(c) {
            break;
        }
        let end = at + c.len_utf8();
        if count == 0 || words::is_known(&text[..end]) {
            best = Some(end);
        }
    }
    best.unwrap_or(text.len())
}

/// How many pieces make one name: `just now`, `p. m.`, `E.S.T.`.
fn joined(text: &str, pieces: &[Piece]) -> usize {
    let is_letter = |piece: &Piece| piece.sort == Sort::Word && text[piece.start..piece.end].chars().nth(1).is_none();
    let dot = |index: usize| pieces.get(index).is_some_and(|piece| piece.sort == Sort::Mark('.'));
    let mut letters = 0;
    while letters < 4 && pieces.get(letters * 2).is_some_and(is_letter) && dot(letters * 2 + 1) {
        letters += 1;
    }
    if letters >= 2 {
        return letters * 2;
    }
    if letters == 1 && pieces.get(2).is_some_and(is_letter) && !pieces[2].is_spaced {
        return 3;
    }
    for count in (2..=MOST_WORDS).rev() {
        let Some(name) = pieces.get(..count) else { continue };
        if name.iter().all(|piece| piece.sort == Sort::Word) {
            let parts: Vec<String> = name.iter().map(|piece| fold::word(&text[piece.start..piece.end])).collect();
            if words::is_known(&parts.join(" ")) {
                return count;
            }
        }
    }
    1
}

fn number(digits: &str) -> Kind {
    let mut value: u32 = 0;
    let mut count: u8 = 0;
    for digit in digits.chars().filter_map(fold::digit) {
        let Some(next) = value.checked_mul(10).and_then(|value| value.checked_add(u32::from(digit))) else {
            return Kind::Other;
        };
        value = next;
        count = count.saturating_add(1);
    }
    Kind::Number { value, digits: count }
}

fn word(source: &str, language: Option<&str>) -> Kind {
    let mut text = String::with_capacity(source.len());
    let mut was_space = false;
    for c in source.chars() {
        if c == '.' {
            continue;
        }
        if c.is_whitespace() {
            // between single letters with dots a space means nothing
            was_space = !source.contains('.');
            continue;
        }
        if was_space {
            text.push(' ');
            was_space = false;
        }
        fold::push(&mut text, c);
    }
    let month = words::month(&text, language);
    let roles = words::roles(&text);
    let is_capital = source.chars().all(|c| !c.is_lowercase());
    Kind::Word { text, month, roles, is_capital }
}

/// Marks that mean the same, as one.
fn plain_mark(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FF0D}' => '-',
        '\u{FF1A}' | '\u{2236}' => ':',
        '\u{FF0E}' => '.',
        '\u{FF0C}' | '\u{3001}' | '\u{60C}' => ',',
        '\u{FF0F}' | '\u{2044}' => '/',
        '\u{FF08}' => '(',
        '\u{FF09}' => ')',
        '\u{2019}' | '\u{2018}' | '`' => '\'',
        other => other,
    }
}
