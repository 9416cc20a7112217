//! Who wrote an article: names of people, out of bylines and structured claims.

mod page;

use super::byline::{self, Named};
use super::dated::Dating;
use super::inverted;
use super::ledger::{Ledger, Winner, lost};
use super::line::{self, same_letters};
use crate::model::{Field, Person, PersonClaim, Text};

/// More names are no byline.
const MOST_AUTHORS: usize = 50;

/// What must not be taken for a person.
pub(super) struct Others<'a> {
    /// Names of outlet, site and feed.
    pub(super) names: &'a [&'a str],
    pub(super) section: Option<&'a str>,
    /// On pages also words such as "admin" are nobody; a feed's author is who the outlet says.
    pub(super) is_page: bool,
}

impl Others<'_> {
    fn is_person(&self, name: &str) -> bool {
        let is_nobody = self.is_page && byline::is_nobody(name);
        !is_nobody && !self.is_other(name)
    }

    /// Whether a name is the outlet's or its section's.
    fn is_other(&self, name: &str) -> bool {
        self.names.iter().chain(&self.section).any(|other| same_letters(other, name))
    }
}

/// The people of the most trusted kind of claim that names any; other kinds add what they know more.
pub(super) fn choose(
    claims: Vec<PersonClaim>,
    others: &Others<'_>,
    dating: &Dating<'_>,
    ledger: &mut Ledger,
) -> Vec<Person> {
    if others.is_page {
        return page::choose(claims, others, dating, ledger);
    }
    let mut authors: Vec<Person> = Vec::new();
    let mut from = None;
    let mut raw = None;
    let mut passed = Vec::new();
    for claim in claims {
        let kind = claim.from;
        let (people, found) = read(claim, others, dating);
        if from.is_none_or(|from| from == kind) && !people.is_empty() {
            from = Some(kind);
            raw = raw.or_else(|| found.clone());
            for person in people {
                add(&mut authors, person);
            }
            continue;
        }
        let mut text = found;
        for person in people {
            text = text.or_else(|| person.name.clone()).or_else(|| person.email.clone());
            if let Some(known) = authors.iter_mut().find(|known| is_same(known, &person)) {
                complete(known, person);
            }
        }
        passed.extend(text.map(|text| lost(kind, text)));
    }
    if let Some(from) = from {
        ledger.record(Field::Authors, Winner::first(from, &passed), (raw, passed));
    }
    authors
}

/// The people of one claim, and its text where it is more than their names.
fn read(claim: PersonClaim, others: &Others<'_>, dating: &Dating<'_>) -> (Vec<Person>, Option<String>) {
    let PersonClaim { name, url, email, .. } = claim;
    let email = email.map(|email| email.trim().to_owned()).filter(|email| email.contains('@'));
    let text = name.map(|name| line::of(Text::plain(name)).0).filter(|name| !name.is_empty());
    let Some(text) = text else {
        let is_known = email.is_some() || (!others.is_page && url.is_some());
        return (if is_known { vec![Person { name: None, url, email }] } else { Vec::new() }, None);
    };
    if byline::is_plain_name(&text) {
        if !others.is_person(&text) {
            return (Vec::new(), Some(text));
        }
        return (vec![Person { name: Some(text), url, email }], None);
    }
    let mut named = if !others.is_page && text.starts_with('/') {
        Vec::new()
    } else if !others.is_page && inverted::may_be(&text) {
        vec![Named { name: Some(text.clone()), email: None }]
    } else {
        byline::people(&text, dating.hints())
    };
    settle_aside(&mut named, &text, others);
    if named.is_empty() && !others.is_page {
        // "Verge Staff", "norm7": what an outlet puts into the field of the author is one
        named.extend(byline::whole(&text, dating.hints()).map(|name| Named { name: Some(name), email: None }));
    }
    let is_one = named.len() == 1;
    let is_person = |named: &Named| named.name.as_deref().is_none_or(|name| others.is_person(name));
    let mut people: Vec<Person> =
        named.into_iter().filter(is_person).map(|Named { name, email }| Person { name, email, url: None }).collect();
    // one address belongs to one person
    if let (true, [person]) = (is_one, people.as_mut_slice()) {
        person.url = url;
        person.email = person.email.take().or(email);
    }
    let differs = people.len() != 1 || people[0].name.as_ref() != Some(&text);
    (people, differs.then_some(text))
}

/// What only stands in brackets behind the last name and is none: "Jane Doe (redux)". In a feed it belongs to
/// the name, on a page it is anything. Agencies that write themselves small have three letters.
fn settle_aside(named: &mut Vec<Named>, text: &str, others: &Others<'_>) {
    let [.., before, last] = named.as_mut_slice() else { return };
    let (Some(name), Some(aside)) = (&mut before.name, &last.name) else { return };
    let is_small = aside.len() > 3 && aside.chars().all(char::is_lowercase);
    if !is_small || !text.ends_with(&format!("({aside})")) {
        return;
    }
    let whole = format!("{name} ({aside})");
    if !others.is_page && text.ends_with(&whole) {
        *name = whole;
    }
    named.pop();
}

fn add(authors: &mut Vec<Person>, person: Person) {
    match authors.iter().position(|known| is_same(known, &person)) {
        Some(place) => complete(&mut authors[place], person),
        None if authors.len() < MOST_AUTHORS => authors.push(person),
        None => {}
    }
}

fn is_same(a: &Person, b: &Person) -> bool {
    match (&a.name, &b.name) {
        (Some(a), Some(b)) => a == b || same_letters(a, b),
        _ => a.email.is_some() && a.email == b.email,
    }
}

fn complete(known: &mut Person, other: Person) {
    known.name = known.name.take().or(other.name);
    known.url = known.url.take().or(other.url);
    known.email = known.email.take().or(other.email);
}
