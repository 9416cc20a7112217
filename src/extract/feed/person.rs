//! Names and e-mail addresses out of one string: `jane@example.org (Jane Doe)` and its kin.

use crate::model::{Person, PersonClaim};

use super::entry::{MOST, put};
use super::tree::Tree;

/// Splits a person as RSS writes it; `None` where the text is blank.
#[must_use]
pub fn parse(text: &str) -> Option<Person> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let Some(range) = find_email(text) else {
        return Some(Person { name: Some(text.to_owned()), ..Person::default() });
    };
    let before = text[..range.start].trim_end_matches("mailto:");
    let around = format!("{before} {}", &text[range.end..]);
    let is_frame = |char: char| char.is_whitespace() || "()<>[]\"',;:&".contains(char);
    let name = around.trim_matches(is_frame);
    let name = around_name(&around, name);
    Some(Person { name: (!name.is_empty()).then(|| name.to_owned()), url: None, email: Some(text[range].to_owned()) })
}

/// The name with its own closing bracket: `Doe, J. (AFP)` keeps it.
fn around_name<'a>(around: &'a str, name: &'a str) -> &'a str {
    if name.contains('(') && !name.contains(')') {
        let start = around.find(name).unwrap_or(0);
        let end = start + name.len();
        if around[end..].starts_with(')') {
            return &around[start..=end];
        }
    }
    name
}

fn find_email(text: &str) -> Option<std::ops::Range<usize>> {
    let is_local = |byte: &u8| byte.is_ascii_alphanumeric() || b"._%+-'".contains(byte);
    let is_domain = |byte: &u8| byte.is_ascii_alphanumeric() || b".-".contains(byte);
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'@', bytes).find_map(|at| {
        let left = bytes[..at].iter().rev().take(64).take_while(|byte| is_local(byte)).count();
        let right = bytes[at + 1..].iter().take(255).take_while(|byte| is_domain(byte)).count();
        let domain = text[at + 1..=at + right].trim_end_matches('.');
        (left > 0 && domain.contains('.')).then(|| at - left..at + 1 + domain.len())
    })
}

/// An Atom person construct (RFC 4287 §3.2), or the text of one that has no children.
#[must_use]
pub fn construct(tree: &Tree<'_>, index: usize) -> Option<Person> {
    let text = |local: &str| tree.child_text(index, local).map(ToOwned::to_owned);
    let url = ["uri", "url", "homepage"].iter().find_map(|&local| {
        let child = tree.child(index, local)?;
        tree.text_address(child)
    });
    let email = text("email");
    let name = text("name");
    if name.is_none() && email.is_none() && url.is_none() {
        return parse(tree.text_within(index)?);
    }
    let split = name.as_deref().filter(|name| email.is_none() && name.contains('@')).and_then(parse);
    Some(match split {
        Some(person) => Person { url, ..person },
        None => Person { name, url, email },
    })
}

/// Adds a claim; one that names a person who is there already only completes them.
pub fn claim(claims: &mut Vec<PersonClaim>, from: &'static str, person: Person) {
    let known = claims.iter_mut().map(|known| (&mut known.name, &mut known.email, &mut known.url));
    if let Some(person) = complete(known, person).filter(|_| claims.len() < MOST) {
        put(claims, PersonClaim { from, name: person.name, url: person.url, email: person.email });
    }
}

/// As [`claim`], for the people of a feed.
pub fn add(people: &mut Vec<Person>, person: Person) {
    let known = people.iter_mut().map(|known| (&mut known.name, &mut known.email, &mut known.url));
    let another = complete(known, person).filter(|_| people.len() < MOST);
    people.extend(another);
}

type Part<'a> = &'a mut Option<String>;

/// Completes the one of some people, as name, e-mail and address, who is `person`; gives back who is
/// none of them.
fn complete<'a>(known: impl Iterator<Item = (Part<'a>, Part<'a>, Part<'a>)>, person: Person) -> Option<Person> {
    for (name, email, url) in known {
        if name.is_some() && *name == person.name || email.is_some() && *email == person.email {
            *name = name.take().or(person.name);
            *email = email.take().or(person.email);
            *url = url.take().or(person.url);
            return None;
        }
    }
    Some(person)
}
