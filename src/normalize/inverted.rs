//! Surnames first, as catalogues and some newsrooms write people: "Doe, Jane", "de la Roe, Ann".

/// What a text of surnames first says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Inverted {
    /// One person, in the usual order.
    One(String),
    /// Single words in turns: "Doe, Jane, Roe, Ann" may be two people or four.
    Doubtful,
}

/// Words in small letters that belong to a surname.
const PARTICLES: [&str; 22] = [
    "al", "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "la", "le", "ten", "ter",
    "van", "vom", "von", "zu", "zur",
];

/// Looks at the text of a feed's author; `None` where it is no such text.
pub(super) fn read(text: &str) -> Option<Inverted> {
    if text.contains([';', '|', '/', '(', '&', '@']) {
        return None;
    }
    let pieces: Vec<&str> = text.split(',').map(str::trim).collect();
    match pieces.as_slice() {
        [last, first] if last.contains(' ') && is_surname(last) && is_word(first) && has_small_letters(first) => {
            Some(Inverted::One(format!("{first} {last}")))
        }
        pieces if pieces.len() >= 4 && pieces.len().is_multiple_of(2) => {
            // "AFP, dpa" are no people's names
            let has_name = pieces.iter().any(|piece| has_small_letters(piece) && starts_upper(piece));
            let all_single = pieces.iter().all(|piece| is_surname(piece));
            (has_name && all_single).then_some(Inverted::Doubtful)
        }
        _ => None,
    }
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
    fn surnames_first_are_turned_or_left_alone() {
        let one = |text: &str| Some(Inverted::One(text.to_owned()));
        for (text, expected) in [
            ("de la Roe, Ann", one("Ann de la Roe")),
            ("van Doe, Jan-Piet", one("Jan-Piet van Doe")),
            ("Doe, Jane, Roe, Ann", Some(Inverted::Doubtful)),
            ("de Doe, Jane, agence, AFP", Some(Inverted::Doubtful)),
            ("Doe, Jane, Roe", None),
            ("Jane Doe, Ann Roe, Max Moe, Tom Poe", None),
            ("Doe, J., Roe, A.", None),
            ("AFP, dpa, AP, APA", None),
            ("By Jane Doe, Staff", None),
            ("Doe, Jane", None),
            ("Jane Doe", None),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
