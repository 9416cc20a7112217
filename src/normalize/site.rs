//! The name of the outlet that a page is of.

use super::ledger::{Ledger, Winner, lost};
use super::line::{self, same_letters};
use crate::address;
use crate::model::{Claim, Field, Lost};

/// Longer names are slogans, in characters.
const LONGEST: usize = 80;

/// Separators between a headline and the names behind it.
const SEPARATORS: [&str; 8] = [" | ", " - ", " – ", " — ", " :: ", " » ", " · ", "--"];

/// The first name that is one; an address only where nothing else is given.
///
/// Where the page names nobody, the piece of its title that its address repeats, else that address.
pub(super) fn choose(
    claims: Vec<Claim>,
    (titles, page_address): (&[Claim], Option<&str>),
    ledger: &mut Ledger,
) -> Option<String> {
    let mut candidates: Vec<(&'static str, String, String)> = Vec::with_capacity(claims.len());
    for claim in claims {
        let raw = claim.text.text.clone();
        let (name, _) = line::of(claim.text);
        let name = without_slogan(name.trim_start_matches('@').trim());
        if !name.is_empty() && name.chars().count() <= LONGEST {
            candidates.push((claim.from, name.to_owned(), raw));
        }
    }
    let domain = page_address.and_then(address::host).map(address::registrable_domain);
    let named = candidates.iter().position(|(_, name, _)| !is_address(name));
    let Some(best) = named.or_else(|| (!candidates.is_empty()).then_some(0)) else {
        let domain = domain?;
        let label = domain.split('.').next()?;
        let of_title = titles.iter().find_map(|title| tail_that_names(&title.text.text, label));
        let name = of_title.unwrap_or(domain).to_owned();
        let winner = match of_title {
            Some(_) => Winner::new("html:title", "the piece of the title that the address repeats"),
            None => Winner::new("url", "nothing names the outlet but its domain"),
        };
        ledger.record(Field::SiteName, winner, (None, Vec::new()));
        return Some(name);
    };
    let (from, name, raw) = candidates.remove(best);
    let passed: Vec<Lost> = candidates.into_iter().map(|(from, _, raw)| lost(from, raw)).collect();
    let winner = match best {
        0 => Winner::first(from, &passed),
        _ => Winner::new(from, "the most trusted name that is no address"),
    };
    ledger.record(Field::SiteName, winner, ((raw != name).then_some(raw), passed));
    Some(name)
}

/// A name without what is said in praise of it: "Harbour: all news of the coast".
fn without_slogan(name: &str) -> &str {
    let cut = [" | ", " – ", " — ", " :: "].iter().filter_map(|mark| name.find(mark)).min();
    cut.filter(|at| *at >= 2).map_or(name, |at| &name[..at])
}

/// Whether a name is a domain: `harbour.example`, `news.Harbour.example`.
fn is_address(name: &str) -> bool {
    let ending = name.rsplit('.').next().unwrap_or_default();
    name.contains('.')
        && !name.contains(' ')
        && !name.ends_with('.')
        && (2..=8).contains(&ending.len())
        && ending.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// The piece at the end of a title that has the letters of a domain's label.
fn tail_that_names<'t>(title: &'t str, label: &str) -> Option<&'t str> {
    let at = SEPARATORS.iter().filter_map(|mark| title.rfind(mark).map(|at| at + mark.len())).max()?;
    let tail = title[at..].trim();
    let letters: String = tail.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let is_name = same_letters(tail, label) || (label.len() >= 4 && letters.contains(label));
    (is_name && tail.chars().count() <= LONGEST).then_some(tail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Text;

    #[test]
    fn names_come_before_addresses() {
        let claim = |from, text: &str| Claim { from, text: Text::plain(text) };
        for (names, title, expected) in [
            (vec!["harbour.example", "Harbour Broadcasting"], "A story", "Harbour Broadcasting"),
            (vec!["Harbour", "harbour.example"], "A story", "Harbour"),
            (vec!["HARBOUR.NET"], "A story", "HARBOUR.NET"),
            (vec!["Harbour | All news of the coast"], "A story", "Harbour"),
            (vec![], "A story - The Harbour", "The Harbour"),
            (vec![], "A story - and its end", "harbour.example"),
            (vec!["@harbour"], "A story", "harbour"),
        ] {
            let names: Vec<Claim> = names.into_iter().map(|name| claim("test", name)).collect();
            let titles = [claim("html:title", title)];
            let mut ledger = Ledger::default();
            let found = choose(names, (&titles, Some("https://www.harbour.example/a")), &mut ledger);
            assert_eq!(found.as_deref(), Some(expected));
        }
    }
}
