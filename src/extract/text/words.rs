//! Words that tell what a line is.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What a line begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::extract) enum Lead {
    By,
    Updated,
    Published,
    Credit,
}

/// The words of each kind, by their first letter.
type Leads = HashMap<(Lead, char), Vec<String>>;

static LEADS: LazyLock<Leads> = LazyLock::new(|| {
    let mut leads: Leads = HashMap::new();
    for line in include_str!("words.txt").lines() {
        let mut columns = line.split(' ');
        let lead = match columns.next() {
            Some("by") => Lead::By,
            Some("updated") => Lead::Updated,
            Some("published") => Lead::Published,
            Some("credit") => Lead::Credit,
            _ => continue,
        };
        for word in columns.map(|word| word.replace('+', " ")) {
            if let Some(first) = word.chars().next() {
                leads.entry((lead, first)).or_default().push(word);
            }
        }
    }
    leads
});

/// The rest of a line behind a word of a kind at its start, if it begins with one.
pub(in crate::extract) fn after_lead(line: &str, wanted: Lead) -> Option<&str> {
    let line = line.trim_start();
    let longest = words(line, wanted).iter().filter_map(|word| {
        let end = prefix_len(line, word)?;
        let rest = &line[end..];
        let is_whole = !word.ends_with(char::is_alphabetic)
            || !rest.starts_with(char::is_alphanumeric)
            || word.chars().any(|letter| letter >= '\u{3000}');
        (is_whole && !rest.trim().is_empty()).then_some(end)
    });
    longest
        .max()
        .map(|end| line[end..].trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–' | '|')))
}

/// Whether a text is a word of a kind and nothing else: "Author:", "Published".
pub(in crate::extract) fn is_label(text: &str, wanted: Lead) -> bool {
    const LONGEST: usize = 40;
    let text = text.trim().trim_end_matches([':', '：', ' ']);
    text.len() <= LONGEST
        && words(text, wanted).iter().any(|word| {
            let word = word.trim_end_matches(':');
            prefix_len(text, word).is_some_and(|end| end == text.len())
        })
}

/// Whether a word of a kind stands anywhere in a text.
pub(in crate::extract) fn mentions(text: &str, wanted: Lead) -> bool {
    const MOST_WORDS: usize = 60;
    let behind_signs = text.char_indices().filter(|(_, c)| !c.is_alphanumeric()).map(|(at, c)| at + c.len_utf8());
    std::iter::once(0).chain(behind_signs).take(MOST_WORDS).any(|start| {
        words(&text[start..], wanted).iter().any(|word| {
            prefix_len(&text[start..], word).is_some_and(|end| !text[start + end..].starts_with(char::is_alphabetic))
        })
    })
}

/// The words of a kind that begin with the first letter of a text.
fn words(text: &str, wanted: Lead) -> &'static [String] {
    let leads: &'static Leads = &LEADS;
    let Some(first) = text.chars().next() else { return &[] };
    // no letter but one becomes several in lower case
    let lower =
        if first.is_ascii() { first.to_ascii_lowercase() } else { first.to_lowercase().next().unwrap_or(first) };
    leads.get(&(wanted, lower)).or_else(|| leads.get(&(wanted, first))).map_or(&[], Vec::as_slice)
}

/// How many bytes of `text` are `prefix`, whatever the case of its letters.
fn prefix_len(text: &str, prefix: &str) -> Option<usize> {
    let mut letters = text.char_indices();
    for wanted in prefix.chars() {
        let (_, letter) = letters.next()?;
        if letter != wanted && !letter.to_lowercase().eq(std::iter::once(wanted)) {
            return None;
        }
    }
    Some(letters.next().map_or(text.len(), |(at, _)| at))
}
