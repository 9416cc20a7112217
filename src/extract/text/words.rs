//! Words that tell what a line is.

use std::sync::LazyLock;

/// What a line begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::extract) enum Lead {
    By,
    Updated,
    Published,
    Credit,
}

static LEADS: LazyLock<Vec<(Lead, String)>> = LazyLock::new(|| {
    let mut leads = Vec::new();
    for line in include_str!("words.txt").lines() {
        let mut columns = line.split(' ');
        let lead = match columns.next() {
            Some("by") => Lead::By,
            Some("updated") => Lead::Updated,
            Some("published") => Lead::Published,
            Some("credit") => Lead::Credit,
            _ => continue,
        };
        leads.extend(columns.map(|word| (lead, word.replace('+', " "))));
    }
    leads
});

/// The rest of a line behind a word of a kind at its start, if it begins with one.
pub(in crate::extract) fn after_lead(line: &str, wanted: Lead) -> Option<&str> {
    let line = line.trim_start();
    let longest = LEADS.iter().filter(|(lead, _)| *lead == wanted).filter_map(|(_, word)| {
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
        && LEADS.iter().any(|(lead, word)| {
            let word = word.trim_end_matches(':');
            *lead == wanted && prefix_len(text, word).is_some_and(|end| end == text.len())
        })
}

/// Whether a word of a kind stands anywhere in a text.
pub(in crate::extract) fn mentions(text: &str, wanted: Lead) -> bool {
    let mut starts = vec![0];
    starts.extend(text.char_indices().filter(|(_, c)| !c.is_alphanumeric()).map(|(at, c)| at + c.len_utf8()));
    starts.iter().take(60).any(|start| {
        LEADS.iter().any(|(lead, word)| {
            *lead == wanted
                && prefix_len(&text[*start..], word)
                    .is_some_and(|end| !text[start + end..].starts_with(char::is_alphabetic))
        })
    })
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
