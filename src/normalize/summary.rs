//! Summaries: an outlet's own description cut to size, or the first sentences of a text.

use crate::model::Claim;

/// The length of a summary that is made from a text, in characters.
pub(super) const LENGTH: usize = 300;

/// A sentence that ends before this share of the length leaves too little.
const LEAST_SHARE: usize = 3;

/// Descriptions with those first that share words with the story.
///
/// Also why the first is first, where not by trust. Many templates put what the whole site is about where the story's description belongs.
pub(super) fn of_story_first(mut summaries: Vec<Claim>, bodies: &[Claim]) -> (Vec<Claim>, Option<&'static str>) {
    let Some(body) = bodies.first().map(|body| body.text.text.to_lowercase()) else { return (summaries, None) };
    let mut why = None;
    if summaries.len() > 1 && body.len() >= SHORTEST_BODY {
        if !is_of_story(&summaries[0].text.text, &body) {
            why = Some("the most trusted one that shares words with the story");
        }
        summaries.sort_by_key(|summary| !is_of_story(&summary.text.text, &body));
    }
    // of two forms of one text the outlet's own cut is the summary
    if let [first, second, ..] = summaries.as_slice()
        && begin_alike(&first.text.text, &second.text.text)
        && is_better_cut(&second.text.text, &first.text.text)
    {
        summaries.swap(0, 1);
        why = Some("of two forms of one text the outlet's better cut");
    }
    (summaries, why)
}

/// Shorter bodies prove nothing, in bytes.
const SHORTEST_BODY: usize = 1_000;

/// Whether a good part of a description's longer words stand in a body, which is in lower case.
fn is_of_story(summary: &str, body: &str) -> bool {
    const LONG: usize = 5;
    let lower = summary.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= LONG).take(40);
    let (mut all, mut found) = (0_usize, 0_usize);
    for word in words {
        all += 1;
        found += usize::from(body.contains(word));
    }
    all < 3 || found * 2 >= all
}

/// Whether one form of a text is clearly shorter than the other, or better set.
fn is_better_cut(one: &str, other: &str) -> bool {
    one.len() * 10 < other.len() * 9 || (other.contains("--") && !one.contains("--"))
}

/// Whether two texts begin with the same letters.
fn begin_alike(one: &str, other: &str) -> bool {
    const LETTERS: usize = 40;
    let letters = |text| str::chars(text).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(LETTERS);
    letters(one).eq(letters(other)) && letters(one).count() == LETTERS
}

/// Text of at most `length` characters, ended at a sentence if one ends late enough, else at a word
/// with an ellipsis.
pub(super) fn cut(text: &str, length: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(length) else { return text.to_owned() };
    let head = &text[..end];
    // the sentence may end just where the head does
    let sentence = sentence_ends(text, end).filter(|at| head[..*at].chars().count() * LEAST_SHARE >= length).last();
    if let Some(at) = sentence {
        return head[..at].trim_end().to_owned();
    }
    let word = if text[end..].starts_with(char::is_whitespace) { Some(end) } else { head.rfind(char::is_whitespace) };
    let cut = word.map_or(head, |at| &head[..at]);
    let cut = cut.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '-' | '–' | '—'));
    format!("{cut}…")
}

/// The beginning of a text as a summary: whole sentences of its first paragraphs.
///
/// A first line without a full stop, such as a heading or a dateline, is not run into the next.
pub(super) fn first_sentences(text: &str) -> Option<String> {
    let mut summary = String::new();
    for paragraph in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if !summary.is_empty() {
            if summary.chars().count() * 2 > LENGTH || !summary.ends_with(is_end) {
                break;
            }
            summary.push(' ');
        }
        summary.push_str(paragraph);
        if summary.len() > LENGTH * 4 {
            break;
        }
    }
    let folded = crate::markup::fold_white_space(&summary);
    (!folded.is_empty()).then(|| cut(&folded, LENGTH))
}

fn is_end(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '।' | '؟' | '۔' | '։' | '"' | '”' | '»' | ')')
}

/// Where sentences end in the first `end` bytes, behind their closing quotes.
fn sentence_ends(text: &str, end: usize) -> impl Iterator<Item = usize> + '_ {
    text[..end].char_indices().filter_map(move |(at, c)| {
        let wide = matches!(c, '。' | '！' | '？');
        if !wide && !matches!(c, '.' | '!' | '?' | '…' | '।' | '؟' | '۔') {
            return None;
        }
        let rest = &text[at + c.len_utf8()..];
        let behind = rest.trim_start_matches(['"', '”', '’', '»', '“', ')', '」', '』']);
        let stop = text.len() - behind.len();
        let next = behind.trim_start();
        let goes_on = next.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit());
        let is_stop = wide || next.is_empty() || (next.len() < behind.len() && !goes_on);
        (is_stop && stop <= end && (c != '.' || !is_abbreviation(&text[..at]))).then_some(stop)
    })
}

/// Whether the dot behind a text belongs to an initial or a short title: "J.", "Mr.", "U.S."
fn is_abbreviation(text: &str) -> bool {
    let word = text.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let starts_upper = word.chars().next().is_some_and(char::is_uppercase);
    (letters == 1 && word.len() <= 4)
        || word.contains('.')
        || (starts_upper
            && matches!(
                word,
                "Mr" | "Mrs" | "Ms" | "Dr" | "St" | "Gen" | "Prof" | "Sen" | "Rep" | "Gov" | "Lt" | "Col" | "Jr" | "No"
            ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cut_ends_at_a_sentence_else_at_a_word() {
        for (text, length, expected) in [
            ("Short.", 20, "Short."),
            ("One sentence here. Another that is long.", 25, "One sentence here."),
            ("One sentence here.", 18, "One sentence here."),
            ("Yes. A much longer sentence follows here", 25, "Yes. A much longer…"),
            ("A line, without any end to it at all", 7, "A line…"),
            ("Said Mr. Smith of the U.S. Senate on a day like any other", 30, "Said Mr. Smith of the U.S.…"),
            ("He said “no more.” Then he left for good", 22, "He said “no more.”"),
            ("他说今天很好。明天也会很好的", 8, "他说今天很好。"),
            ("Это первое предложение. Второе длиннее", 30, "Это первое предложение."),
            ("यह पहला वाक्य है। दूसरा वाक्य", 20, "यह पहला वाक्य है।"),
            ("Unbrokenwordthatislong", 5, "Unbro…"),
        ] {
            assert_eq!(cut(text, length), expected, "{text}");
        }
    }

    #[test]
    fn first_sentences_take_paragraphs_until_there_is_enough() {
        assert_eq!(first_sentences(" \n "), None);
        assert_eq!(first_sentences("One.\n\nTwo.").as_deref(), Some("One. Two."));
        assert_eq!(first_sentences("A heading\n\nThe text.").as_deref(), Some("A heading"));
        let long = "This sentence has a good number of words in it. ".repeat(20);
        let summary = first_sentences(&long).unwrap();
        assert!(summary.chars().count() <= LENGTH && summary.ends_with("it."), "{summary}");
    }
}
