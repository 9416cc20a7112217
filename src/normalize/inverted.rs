//! Surnames first, as catalogues and some newsrooms write people: "Doe, Jane", "de la Roe, Ann".

use super::byline;

/// Words in small letters that belong to a surname.
const PARTICLES: [&str; 22] = [
    "al", "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "la", "le", "ten", "ter",
    "van", "vom", "von", "zu", "zur",
];

/// Whether the text of a feed's author may name people surnames first.
///
/// "Doe, Jane" may be one person or two, "Doe, Jane, Roe, Ann" two or four: only who wrote it knows,
/// so it is to be left as it is. Initials leave no doubt and are not meant.
pub(super) fn may_be(text: &str) -> bool {
    if text.contains([';', '|', '/', '(', '&', '@']) {
        return false;
    }
    let pieces: Vec<&str> = text.split(',').map(str::trim).collect();
    let are_names = match pieces.as_slice() {
        pair @ [_, _] => pair.iter().all(|piece| has_small_letters(piece) && !byline::has_role(piece)),
        // "AFP, dpa" are no people's names
        pieces => pieces.iter().any(|piece| has_small_letters(piece) && starts_upper(piece)),
    };
    are_names && pieces.len().is_multiple_of(2) && pieces.iter().all(|piece| is_surname(piece))
}

/// A word, perhaps behind particles.
fn is_surname(text: &str) -> bool {
    let mut words: Vec<&str> = text.split(' ').collect();
    let last = words.pop();
    last.is_some_and(is_word) && words.iter().all(|word| PARTICLES.contains(word))
}

/// A word that is no initial: with those it is clear who is who.
fn is_word(text: &str) -> bool {
    !text.is_empty()
        && !text.ends_with('.')
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '\'' | '’'))
}

fn starts_upper(text: &str) -> bool {
    text.chars().next().is_some_and(char::is_uppercase)
}

fn has_small_letters(text: &str) -> bool {
    text.chars().any(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surnames_first_are_told_from_lists_of_names() {
        for text in [
            "Doe, Jane",
            "Roe, Ann-Mary",
            "de la Roe, Ann",
            "van Doe, Jan-Piet",
            "example.com, The",
            "Doe, Jane, Roe, Ann",
            "de Doe, Jane, agence, AFP",
        ] {
            assert!(may_be(text), "{text}");
        }
        for text in [
            "Jane Doe",
            "Doe, Jane, Roe",
            "Doe, J.",
            "Doe, J., Roe, A.",
            "Doe, Editor",
            "Doe, AFP",
            "AFP, dpa, AP, APA",
            "Jane Doe, Ann Roe",
            "Jane Doe, Ann Roe, Max Moe, Tom Poe",
            "By Jane Doe, Staff",
            "Doe, Jane (AFP)",
        ] {
            assert!(!may_be(text), "{text}");
        }
    }
}
