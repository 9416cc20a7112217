//! The headline: the outlet's name at its end or beginning removed.

use super::line::same_letters;

/// What outlets put between a headline and their name, with white space around it.
const SEPARATORS: [&str; 10] = [" | ", " - ", " – ", " — ", " :: ", " » ", " « ", " • ", " · ", " / "];

/// How many tails may be cut: "… | Section | Outlet".
const MOST_TAILS: usize = 3;

/// The range of a title without tails and heads that repeat one of `names`.
///
/// A dash of the headline's own stays: only what is a name is cut. Never cuts everything. A name and a
/// colon before it is the outlet's on a page; in a feed, which is often one series, it is the kicker.
pub(super) fn without_names<'a>(title: &'a str, is_name: &dyn Fn(&str) -> bool, is_page: bool) -> &'a str {
    let mut rest = title;
    for _ in 0..MOST_TAILS {
        let cut = last_separator(rest).filter(|(head, tail)| is_name(tail) && is_text(head)).map(|(head, _)| head);
        let cut = cut.or_else(|| {
            let (head, tail) = first_separator(rest, is_page)?;
            // one word before a headline is rather its subject: "Iran: …" in a feed called "Iran"
            (head.contains(' ') && is_name(head) && is_text(tail)).then_some(tail)
        });
        match cut {
            Some(shorter) => rest = shorter.trim(),
            None => break,
        }
    }
    rest
}

fn is_text(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

fn last_separator(text: &str) -> Option<(&str, &str)> {
    let (at, length) =
        memchr::memrchr_iter(b' ', text.as_bytes()).find_map(|at| Some((at, separator(&text[at..])?)))?;
    Some((&text[..at], &text[at + length..]))
}

fn first_separator(text: &str, with_colon: bool) -> Option<(&str, &str)> {
    let length_at = |at: usize| match &text[at..] {
        rest if rest.starts_with(": ") => with_colon.then_some(2),
        rest => separator(rest),
    };
    let (at, length) = memchr::memchr2_iter(b' ', b':', text.as_bytes()).find_map(|at| Some((at, length_at(at)?)))?;
    Some((&text[..at], &text[at + length..]))
}

/// The length of the separator that a text begins with.
fn separator(text: &str) -> Option<usize> {
    // asked at every space of every title: nearly all are told by the byte behind it
    let [b' ', b'|' | b'-' | b':' | b'/' | 0xC2 | 0xE2, ..] = text.as_bytes() else { return None };
    SEPARATORS.iter().find(|mark| text.starts_with(**mark)).map(|mark| mark.len())
}

/// Whether a piece of a title is one of the names, or the domain that the article is on.
pub(super) fn repeats(piece: &str, names: &[&str], host: Option<&str>) -> bool {
    names.iter().any(|name| same_letters(piece, name))
        || host.is_some_and(|host| {
            let host = host.strip_prefix("www.").unwrap_or(host);
            let domain = crate::address::registrable_domain(host);
            let label = domain.split('.').next().unwrap_or_default();
            piece.eq_ignore_ascii_case(host) || piece.eq_ignore_ascii_case(domain) || same_letters(piece, label)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_are_cut() {
        let names = ["Steppe Courier", "Das Blatt", "Вечерний Вестник", "明日新聞"];
        let host = Some("www.silk-ledger.example.com");
        for (title, expected) in [
            ("Rail link opens | Steppe Courier", "Rail link opens"),
            ("Rail link opens – STEPPE COURIER", "Rail link opens"),
            ("Steppe Courier: Rail link opens", "Rail link opens"),
            ("Steppe Courier - Rail link - a first", "Rail link - a first"),
            ("Bahn eröffnet - Politik", "Bahn eröffnet - Politik"),
            ("Bahn eröffnet | Das Blatt", "Bahn eröffnet"),
            ("Открыта дорога — «Вечерний вестник»", "Открыта дорога"),
            ("鉄道が開通 | 明日新聞", "鉄道が開通"),
            ("War - and what comes after", "War - and what comes after"),
            ("Rail link opens - example.com", "Rail link opens"),
            ("Rail link opens | Example", "Rail link opens"),
            ("Example: what it teaches", "Example: what it teaches"),
            ("Steppe Courier", "Steppe Courier"),
            (" | Steppe Courier", " | Steppe Courier"),
            ("Rail link opens | Das Blatt | Steppe Courier", "Rail link opens"),
        ] {
            let cut = without_names(title, &|piece| repeats(piece, &names, host), true);
            assert_eq!(cut, expected, "{title}");
        }
        for (title, expected) in [
            ("Steppe Courier: Rail link opens", "Steppe Courier: Rail link opens"),
            ("Steppe Courier - Rail link opens", "Rail link opens"),
            ("Rail: a link opens | Steppe Courier", "Rail: a link opens"),
        ] {
            let cut = without_names(title, &|piece| repeats(piece, &names, host), false);
            assert_eq!(cut, expected, "{title}, of a feed");
        }
    }
}
