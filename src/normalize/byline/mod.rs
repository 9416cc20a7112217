//! Names in a byline: "By A, B and C, staff writers | March 1, 2023".

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::dates::{self, Hints};

/// What stands around names, by kind; the file explains the kinds.
struct Words {
    /// Prefixes, longest first, and whether they may be part of a name.
    prefixes: Vec<(&'static str, bool)>,
    ands: HashSet<&'static str>,
    roles: HashSet<&'static str>,
    nots: Vec<&'static str>,
    nobodies: HashSet<&'static str>,
    /// Words that a name ends before: "in", "on".
    behind: HashSet<&'static str>,
    /// Letters behind a name: "`PhD`".
    degrees: HashSet<&'static str>,
    /// Words of names that are no people's: "Foundation".
    bodies: HashSet<&'static str>,
    agencies: HashSet<&'static str>,
    /// Small words that no name ends with: "and".
    lasts: HashSet<&'static str>,
    /// Every word that makes a text more than one plain name.
    telling: HashSet<&'static str>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let lines = include_str!("../data/bylines.txt").lines().filter(|line| !line.starts_with('#'));
    let mut kinds: HashMap<&str, Vec<&'static str>> = HashMap::new();
    for (kind, words) in lines.filter_map(|line| line.split_once(' ')) {
        kinds.entry(kind).or_default().push(words);
    }
    let mut of = |kind| kinds.remove(kind).unwrap_or_default();
    let (sure, perhaps, ands, roles, nots) = (of("by"), of("by?"), of("and"), of("role"), of("not"));
    let first_word = |words: &&'static str| words.split(' ').next();
    let telling = [&sure, &perhaps, &ands, &roles, &nots].into_iter().flatten().filter_map(first_word).collect();
    let mut prefixes: Vec<_> =
        sure.iter().map(|words| (*words, false)).chain(perhaps.iter().map(|words| (*words, true))).collect();
    prefixes.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
    let nobodies = of("nobody").into_iter().collect();
    let [behind, degrees, bodies, agencies, lasts]: [HashSet<&str>; 5] =
        ["behind", "degree", "body", "agency", "last"].map(|kind| of(kind).into_iter().collect());
    let telling: HashSet<&str> = telling;
    let telling = &(&telling | &behind) | &degrees;
    Words {
        behind,
        degrees,
        bodies,
        agencies,
        lasts,
        prefixes,
        ands: ands.into_iter().collect(),
        roles: roles.into_iter().collect(),
        nots,
        nobodies,
        telling,
    }
});

/// Longer pieces are sentences, in characters and words.
const LONGEST_NAME: (usize, usize) = (70, 8);

/// Longer bylines are texts; only their beginning is read, in bytes.
const LONGEST_BYLINE: usize = 1_000;

/// A name or an address of mail that a byline holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
}

/// Whether a text is one plain name, with nothing to split off.
pub(super) fn is_plain_name(text: &str) -> bool {
    let mut words = 0;
    let mut buffer = String::new();
    for word in text.split(' ') {
        words += 1;
        let is_name = |c: char| c.is_alphabetic() || matches!(c, '.' | '-' | '\'' | '’') || is_vowel_sign(c);
        if words > 4 || word.is_empty() || !word.chars().all(is_name) {
            return false;
        }
        buffer.clear();
        buffer.extend(word.chars().flat_map(char::to_lowercase));
        if WORDS.telling.contains(buffer.as_str()) {
            return false;
        }
    }
    words >= 2 && text.len() <= 80
}

/// Vowel signs of Indic and other scripts, which are no letters for Unicode.
fn is_vowel_sign(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{900}'..='\u{DFF}' | '\u{E30}'..='\u{E4F}')
}

/// Whether a name stands for nobody: "admin", "staff writer".
pub(super) fn is_nobody(name: &str) -> bool {
    WORDS.nobodies.contains(name.to_lowercase().as_str())
}

/// Whether a name has the look of a person's: two words or more, in capitals, none that organizations have.
///
/// Scripts without capitals or spaces count by their letters.
pub(super) fn is_like_person(name: &str) -> bool {
    let words: Vec<&str> = name.split(' ').collect();
    if name.chars().any(is_wide) {
        return (2..=12).contains(&name.chars().count());
    }
    let is_body = |word: &&str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        WORDS.bodies.contains(word.as_str()) || WORDS.roles.contains(word.as_str())
    };
    let starts_lower = |word: &&str| word.chars().next().is_some_and(char::is_lowercase);
    (2..=5).contains(&words.len())
        && !words.first().is_some_and(starts_lower)
        && !words.last().is_some_and(starts_lower)
        && !words.iter().any(is_body)
        && !name.contains('/')
        && words.iter().all(|word| !word.contains('.') || word.ends_with('.') || word.len() <= 5)
}

/// Whether a name is a news agency's.
pub(super) fn is_agency(name: &str) -> bool {
    WORDS.agencies.contains(name.to_lowercase().as_str())
}

/// The people that a byline names, in order.
pub(super) fn people(byline: &str, hints: &Hints<'_>) -> Vec<Named> {
    let byline = &byline[..byline.floor_char_boundary(LONGEST_BYLINE)];
    let (text, mut emails) = without_emails(byline);
    let text = without_date(text, hints);
    let pieces = with_initials_first(split(without_prefix(&text)));
    let mut named: Vec<Named> =
        pieces.iter().filter_map(|piece| person(piece)).map(|name| Named { name: Some(name), email: None }).collect();
    // "Jane Doe, M.D.": letters behind a name are none
    let is_more = |named: &Named| named.name.as_deref().is_some_and(|name| !are_initials(name));
    if named.iter().any(is_more) {
        named.retain(is_more);
    }
    if named.len() == 1 && emails.len() == 1 {
        named[0].email = emails.pop();
    }
    named.extend(emails.into_iter().map(|email| Named { name: None, email: Some(email) }));
    named
}

/// What a byline says, verbatim but for "By" and the like; `None` where it cannot be a name at all.
pub(super) fn whole(byline: &str, hints: &Hints<'_>) -> Option<String> {
    let name = without_prefix(byline).trim();
    let name = if byline.starts_with('/') { byline } else { name };
    let is_address = name.contains("://") || name.contains('@');
    let is_short = name.chars().count() <= LONGEST_NAME.0;
    let is_text = is_short && name.chars().any(char::is_alphabetic);
    (is_text && !is_address && dates::parse(name, hints).is_none()).then(|| name.to_owned())
}

/// "Doe, J., Roe, A. B." of journals: surnames and initials in turns.
fn with_initials_first(pieces: Vec<String>) -> Vec<String> {
    let pairs = pieces.chunks_exact(2);
    // a single pair is rather a name and what stands behind it: "Jane Doe, M.D."
    let most_words = if pieces.len() < 4 { 1 } else { 3 };
    let is_surname = |text: &str| !text.contains('.') && text.split(' ').count() <= most_words;
    // small letters are initials only where the turns leave no doubt
    let are_small = |text: &str| pieces.len() >= 4 && are_initials(&text.to_uppercase());
    let is_pair = |pair: &[String]| is_surname(&pair[0]) && (are_initials(&pair[1]) || are_small(&pair[1]));
    let are_pairs = pieces.len() >= 2 && pairs.clone().all(is_pair);
    if !are_pairs {
        return pieces;
    }
    pairs.map(|pair| format!("{} {}", pair[1], pair[0])).collect()
}

/// Whether a text is initials: `J.`, `A. B.`, `J.-F.`
fn are_initials(text: &str) -> bool {
    text.split([' ', '-']).all(|part| {
        let mut letters = part.split('.').collect::<Vec<_>>();
        letters.pop() == Some("")
            && !letters.is_empty()
            && letters.iter().all(|letter| letter.chars().count() == 1 && letter.chars().all(char::is_uppercase))
    })
}

/// The text without addresses of pages and mail, and the latter.
fn without_emails(text: &str) -> (String, Vec<String>) {
    if !text.contains('@') && !text.contains("://") {
        return (text.to_owned(), Vec::new());
    }
    let mut emails = Vec::new();
    let mut kept = Vec::new();
    for word in text.split_whitespace() {
        let bare =
            word.trim_matches(|c: char| matches!(c, '<' | '>' | '(' | ')' | '[' | ']' | ',' | ';' | ':' | '"' | '.'));
        let bare = bare.strip_prefix("mailto:").unwrap_or(bare);
        match bare.split_once('@') {
            Some((user, domain)) if !user.is_empty() && domain.contains('.') => emails.push(bare.to_owned()),
            // a handle
            Some(("", _)) => {}
            _ if bare.contains("://") => {}
            _ => kept.push(word),
        }
    }
    (kept.join(" "), emails)
}

/// The text without a date in it, and without what only leads to the date.
fn without_date(mut text: String, hints: &Hints<'_>) -> String {
    if text.bytes().any(|b| b.is_ascii_digit()) || !text.is_ascii() {
        for _ in 0..2 {
            let Some(found) = dates::find(&text, hints) else { break };
            text.replace_range(found.range, " | ");
        }
    }
    text
}

/// The text behind "By", "von", "par", "Автор:" and the like.
fn without_prefix(text: &str) -> &str {
    let mut rest = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    'again: loop {
        let lower = rest.to_lowercase();
        for (prefix, perhaps) in &WORDS.prefixes {
            let Some(behind) = lower.strip_prefix(prefix) else { continue };
            // lower case may have another length, so count characters
            let Some((at, next)) = rest.char_indices().nth(prefix.chars().count()) else { continue };
            let has_colon = matches!(behind.trim_start().chars().next(), Some(':' | '：' | '/' | '／'));
            let is_word = next.is_whitespace() || has_colon || is_wide(next);
            let name = rest[at..].trim_start_matches(|c: char| !c.is_alphanumeric());
            let starts_upper = name.chars().next().is_some_and(|c| !c.is_lowercase());
            if is_word && (has_colon || !perhaps || (starts_upper && name.contains(' '))) && !name.is_empty() {
                rest = name;
                continue 'again;
            }
        }
        return rest;
    }
}

/// Whether a character is of a script that puts no spaces between words.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}')
}

/// The pieces between commas, "and" in many languages, bars, bullets and brackets.
fn split(text: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut commas = 0;
    for chunk in text
        .split_inclusive([',', ';', '|', '•', '·', '、', '，', '/', '(', ')', '（', '）', '\n', '\u{2022}', '–', '—'])
    {
        let mut words =
            chunk.trim_end_matches([',', ';', '|', '•', '·', '、', '，', '/', '(', ')', '（', '）', '\n', '–', '—']);
        let ends = words.len() < chunk.len();
        commas += usize::from(chunk.ends_with(','));
        // " - " separates, a hyphen does not
        while let Some((head, rest)) = words.split_once(" - ") {
            push_words(&mut pieces, head);
            pieces.push(String::new());
            words = rest;
        }
        push_words(&mut pieces, words);
        if ends {
            pieces.push(String::new());
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    // "Smith, John" of library catalogues
    if let [last, first] = pieces.as_slice()
        && commas == 1
        && !last.contains(' ')
        && !first.contains(' ')
        && text.matches([';', '|', '/']).next().is_none()
        && text.contains(", ")
        && [last, first].iter().all(|word| word.chars().any(char::is_lowercase) && !has_role(word))
    {
        return vec![format!("{first} {last}")];
    }
    pieces
}

fn push_words(pieces: &mut Vec<String>, text: &str) {
    for word in text.split_whitespace() {
        let lower = word.to_lowercase();
        // upper case and short, it is an initial or a name: "E. Jones", "Ja Rule"; so it is where a
        // name begins: "Dan Brown"
        let is_inside = pieces.last().is_some_and(|piece| piece.contains(' '));
        let is_and = WORDS.ands.contains(lower.as_str())
            && (word == lower || (lower.len() > 2 && (is_inside || lower == "and")));
        if is_and {
            pieces.push(String::new());
        } else if let Some(piece) = pieces.last_mut() {
            if !piece.is_empty() {
                piece.push(' ');
            }
            piece.push_str(word);
        }
    }
}

/// The name in a piece: roles, places and labels removed; `None` where no name is left.
fn person(piece: &str) -> Option<String> {
    let lower = piece.to_lowercase();
    if WORDS.nots.iter().any(|start| lower.starts_with(start)) {
        return None;
    }
    let mut words: Vec<&str> = without_prefix(piece).split(' ').collect();
    // "Jane Doe in Kyiv", "Jane Doe on"
    let end =
        words.iter().position(|word| WORDS.behind.contains(word.to_lowercase().as_str()) && starts_lower_or_long(word));
    if let Some(at) = end.filter(|at| *at >= 2 || (*at == 1 && words.len() == 2)) {
        words.truncate(at);
    }
    while words.len() > 1 && words.last().is_some_and(|word| WORDS.lasts.contains(word)) {
        words.pop();
    }
    while words.len() > 2 && words.last().is_some_and(|word| is_degree(word)) {
        words.pop();
    }
    if words.iter().all(|word| is_degree(word)) {
        return None;
    }
    if words.iter().any(|word| has_role(word)) {
        // "Chief correspondent John Smith": the name stands behind the role, else there is none
        let last = words.iter().rposition(|word| has_role(word)).unwrap_or_default();
        let behind = &words[last + 1..];
        if behind.len() < 2 || !behind.iter().all(|word| word.chars().next().is_some_and(|c| !c.is_lowercase())) {
            return None;
        }
        words = behind.to_vec();
    }
    let name = words.join(" ");
    // "Yahoo!", "Who Knows?": marks at the end are of the name
    let is_edge = |c: char| !c.is_alphanumeric() && !matches!(c, '.' | '!' | '?') && !is_vowel_sign(c);
    let name = name.trim_matches(is_edge).trim_start_matches(['.', '!', '?']);
    is_name(name).then(|| name.to_owned())
}

/// Whether a word ends a name where it stands: small ones only in lower case, since "In" begins names.
fn starts_lower_or_long(word: &str) -> bool {
    word.chars().count() > 5 || word.chars().next().is_some_and(char::is_lowercase)
}

/// Whether a word is a degree or the like: "M.D.", "RDN".
fn is_degree(word: &str) -> bool {
    let letters: String = word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    WORDS.degrees.contains(letters.as_str()) && word.chars().any(char::is_uppercase)
}

/// Whether a word is a role: "editor".
pub(super) fn has_role(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    WORDS.roles.contains(word.as_str())
}

/// Whether text may be a name: not a handle, an address, a number, a time or a sentence.
pub(super) fn is_name(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let is_address = lower.contains("://") || lower.starts_with("www.") || lower.starts_with('@');
    let is_domain = !text.contains(' ')
        && text.split_once('.').is_some_and(|(head, rest)| {
            // "J.Doe"
            let is_initial =
                head.chars().count() == 1 && head.chars().chain(rest.chars().take(1)).all(char::is_uppercase);
            rest.len() >= 2 && !rest.contains('.') && !is_initial
        });
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    !is_address
        && !is_domain
        && letters >= 2
        && digits * 2 < letters
        && text.chars().count() <= LONGEST_NAME.0
        && text.split(' ').count() <= LONGEST_NAME.1
}

#[cfg(test)]
mod tests;
