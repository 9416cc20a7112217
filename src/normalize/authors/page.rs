//! The authors of a page: kinds of evidence as witnesses, weighed against each other.
//!
//! Metadata often names the outlet, an account or whoever pressed the button where the byline names
//! the author, and lists one of two. So the first kind does not simply win: a kind that names
//! people beats one that names accounts, two that agree beat one, and the fuller of two that agree
//! is taken.

use std::borrow::Cow;

use super::{MOST_AUTHORS, Others, add, byline, complete, is_same, read};
use crate::model::{Field, Person, PersonClaim};
use crate::normalize::dated::Dating;
use crate::normalize::ledger::{Ledger, MOST_TRUSTED, ONLY, Winner, lost};

/// More people than these are a list of something else.
const MOST_VISIBLE: usize = 6;

/// What one kind of evidence says.
struct Witness {
    from: &'static str,
    people: Vec<Person>,
    /// As found, where that is more than the names.
    raw: Option<String>,
    worth: Worth,
}

/// How good the names of a witness are, best last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Worth {
    /// Names of the outlet, or of nobody in particular.
    Nobody,
    /// An organization, or a group of people.
    Body,
    /// One word in lower case: an account.
    Account,
    /// One word that may be a name.
    Word,
    Person,
}

impl Worth {
    /// Why names of this worth win against lesser ones.
    const fn words(self) -> &'static str {
        match self {
            Self::Person => "names people, which nothing else does",
            Self::Word => "may be a name, where the rest is none",
            Self::Account => "an account, where the rest names the outlet or nobody",
            Self::Body | Self::Nobody => "a group, where the rest names nobody",
        }
    }
}

/// The people that the best witness names; others add what they know more of them.
pub(super) fn choose(
    claims: Vec<PersonClaim>,
    others: &Others<'_>,
    dating: &Dating<'_>,
    ledger: &mut Ledger,
) -> Vec<Person> {
    let mut witnesses: Vec<Witness> = Vec::new();
    let mut passed = Vec::new();
    for claim in claims {
        let from = claim.from;
        let whole = claim.name.clone();
        let (people, found) = read(claim, others, dating);
        if people.is_empty() {
            match last_resort(whole.as_deref(), (from, others, dating)) {
                Some((person, worth)) if !witnesses.iter().any(|known| known.from == from) => {
                    witnesses.push(Witness { from, people: vec![person], raw: found, worth });
                }
                _ => passed.extend(found.map(|text| lost(from, text))),
            }
            continue;
        }
        let is_site = whole.as_deref().is_some_and(|whole| whole.contains("www."));
        let worth = if is_site { Worth::Body } else { people.iter().map(worth).max().unwrap_or(Worth::Nobody) };
        match witnesses.iter_mut().find(|known| known.from == from && known.worth > Worth::Body) {
            // beside people, an account of the same kind is one of theirs
            Some(known) if known.worth >= worth || known.worth < Worth::Person => {
                known.worth = known.worth.max(worth);
                for person in people {
                    add(&mut known.people, person);
                }
                known.raw = known.raw.take().or(found);
            }
            _ => witnesses.push(Witness { from, people, raw: found, worth }),
        }
    }
    let Some((best, why)) = best(&witnesses) else { return Vec::new() };
    let Witness { from, mut people, raw, .. } = witnesses.remove(best);
    people.truncate(MOST_AUTHORS);
    // beside people, what has digits or the words of a role or a body is no name
    if people.iter().any(|person| worth(person) == Worth::Person) {
        let is_kept =
            |person: &Person| worth(person) >= Worth::Word || person.name.as_deref().is_none_or(byline::is_agency);
        people.retain(is_kept);
    }
    for witness in witnesses {
        let text = witness.raw.clone().or_else(|| names(&witness.people));
        for person in witness.people {
            if let Some(known) = people.iter_mut().find(|known| is_same(known, &person)) {
                complete(known, person);
            }
        }
        passed.extend(text.map(|text| lost(witness.from, text)));
    }
    ledger.record(Field::Authors, Winner::new(from, why), (raw, passed));
    people
}

fn names(people: &[Person]) -> Option<String> {
    let names: Vec<&str> = people.iter().filter_map(|person| person.name.as_deref()).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn worth(person: &Person) -> Worth {
    let Some(name) = person.name.as_deref() else { return Worth::Account };
    if name.contains(|c: char| c.is_ascii_digit()) && name.contains(' ') || name.contains("www.") {
        return Worth::Body;
    }
    if byline::is_like_person(name) {
        return Worth::Person;
    }
    match (name.contains(' '), name.chars().next().is_some_and(char::is_lowercase)) {
        (true, _) => Worth::Body,
        (false, true) => Worth::Account,
        (false, false) => Worth::Word,
    }
}

/// The best witness: by worth of its names, by how many others agree, by trust; and which of these decided.
fn best(witnesses: &[Witness]) -> Option<(usize, Cow<'static, str>)> {
    let agreement = |witness: &Witness| {
        let names_same = |other: &&Witness| {
            family(other.from) != family(witness.from)
                && other.people.iter().any(|person| witness.people.iter().any(|known| is_same(known, person)))
        };
        let mut families: Vec<&str> = witnesses.iter().filter(names_same).map(|other| family(other.from)).collect();
        families.sort_unstable();
        families.dedup();
        families.len()
    };
    let weighed: Vec<(Worth, usize)> = witnesses.iter().map(|witness| (witness.worth, agreement(witness))).collect();
    let first = (0..weighed.len()).max_by_key(|place| (weighed[*place], std::cmp::Reverse(*place)))?;
    // a list that holds these people and more is the whole byline
    let chosen = &witnesses[first];
    let holds_all = |witness: &Witness| {
        witness.people.len() > chosen.people.len()
            && matches!(witness.from, "byline" | "html:rel-author")
            && witness.people.len() <= MOST_VISIBLE
            && chosen.people.iter().all(|person| witness.people.iter().any(|known| is_same(known, person)))
            && witness.people.iter().all(|person| worth(person) == Worth::Person)
    };
    if let Some(fuller) = witnesses.iter().position(holds_all) {
        return Some((fuller, Cow::Borrowed("the visible byline names the same people and more")));
    }
    let (worth, agreeing) = weighed[first];
    let others = || (0..weighed.len()).filter(|place| *place != first).map(|place| weighed[place]);
    let why = if witnesses.len() == 1 {
        Cow::Borrowed(ONLY)
    } else if others().all(|other| other.0 < worth) {
        Cow::Borrowed(worth.words())
    } else if others().all(|other| other < (worth, agreeing)) {
        Cow::Owned(format!("agrees with {agreeing} other kinds of evidence"))
    } else if agreeing > 0 {
        Cow::Borrowed("the most trusted of those that agree")
    } else {
        Cow::Borrowed(MOST_TRUSTED)
    };
    Some((first, why))
}

/// Kinds of evidence that one hand writes: where one errs, so does the other.
fn family(from: &str) -> &str {
    match from.split(':').next().unwrap_or(from) {
        "byline" | "html" => "visible",
        other => other,
    }
}

/// What a claim that names no people says all the same: a person whose name the site bears, a group.
fn last_resort(
    text: Option<&str>,
    (from, others, dating): (&'static str, &Others<'_>, &Dating<'_>),
) -> Option<(Person, Worth)> {
    // handles and addresses of profiles are nobody's names
    let text = text.filter(|text| !text.trim_start().starts_with('@') && !text.contains("://"))?;
    let name = byline::whole(text, dating.hints()).filter(|name| byline::is_name(name) && !byline::is_nobody(name))?;
    let is_short = name.split(' ').count() <= 5 && name.chars().next().is_some_and(char::is_alphanumeric);
    if !is_short {
        return None;
    }
    let is_visible = family(from) == "visible";
    let worth = match (others.is_other(&name), byline::is_like_person(&name)) {
        (true, true) => Worth::Word,
        (true, false) if !is_visible || name.contains('.') => return None,
        _ => Worth::Nobody,
    };
    Some((Person { name: Some(name), url: None, email: None }, worth))
}
