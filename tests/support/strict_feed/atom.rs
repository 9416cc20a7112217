//! Atom 1.0 (RFC 4287).

use std::collections::HashSet;

use super::rss::check_media;
use super::xml::{Element, parse};
use super::{Findings, check_archive, value};

const ATOM: &str = "http://www.w3.org/2005/Atom";
const MEDIA: &str = "http://search.yahoo.com/mrss/";

pub fn check(text: &str, is_archive: bool, findings: &mut Findings) {
    let Some(feed) = parse(text, findings) else {
        return;
    };
    findings.require(feed.is(ATOM, "feed"), "root", "is not Atom 1.0");
    check_facts(&feed, "feed", findings);
    check_archive(&feed, is_archive, findings);
    let own: Vec<&Element> = feed.children(ATOM, "link").filter(|link| link.attr("rel") == Some("self")).collect();
    findings.require(own.len() == 1, "feed", "does not name itself once");
    for generator in feed.children(ATOM, "generator") {
        findings.require(generator.attr("version").is_none(), "feed", "names a version");
    }
    let feed_has_author = feed.children(ATOM, "author").count() > 0;
    let mut ids = HashSet::new();
    for (number, entry) in feed.children(ATOM, "entry").enumerate() {
        let place = format!("entry {}", number + 1);
        let id = check_facts(entry, &place, findings);
        findings.require(ids.insert(id), &place, format!("repeats the id {id}"));
        check_entry(entry, &place, feed_has_author, findings);
    }
    let last = feed.elements.iter().rposition(|element| !element.is(ATOM, "entry"));
    let first = feed.elements.iter().position(|element| element.is(ATOM, "entry"));
    findings.require(first.is_none_or(|first| last < Some(first)), "feed", "has facts after its entries");
}

/// What feeds, entries and sources have alike; the id.
fn check_facts<'a>(element: &'a Element, place: &str, findings: &mut Findings) -> &'a str {
    element.one_text((ATOM, "title"), place, findings);
    let id = element.one_text((ATOM, "id"), place, findings);
    findings.require(value::is_uri(id), place, format!("has the id {id:?}"));
    let updated = element.one_text((ATOM, "updated"), place, findings);
    findings.require(value::rfc3339(updated).is_some(), place, format!("was updated {updated:?}"));
    let mut alternates = HashSet::new();
    for link in element.children(ATOM, "link") {
        let href = link.attr("href").unwrap_or_default();
        findings.require(value::is_web_address(href), place, format!("links to {href:?}"));
        if link.attr("rel").is_none_or(|rel| rel == "alternate") {
            let once = alternates.insert((link.attr("type"), link.attr("hreflang")));
            findings.require(once, place, "has two alternates of a kind");
        }
    }
    for author in element.children(ATOM, "author") {
        author.one_text((ATOM, "name"), place, findings);
        let uri = author.text_of(ATOM, "uri");
        findings.require(uri.is_none_or(value::is_uri), place, format!("has an author at {uri:?}"));
    }
    for category in element.children(ATOM, "category") {
        findings.require(category.attr("term").is_some_and(|term| !term.trim().is_empty()), place, "has an empty tag");
    }
    id
}

fn check_entry(entry: &Element, place: &str, feed_has_author: bool, findings: &mut Findings) {
    let sources: Vec<&Element> = entry.children(ATOM, "source").collect();
    for source in &sources {
        check_facts(source, &format!("{place}: source"), findings);
        let updated = source.text_of(ATOM, "updated");
        findings.require(updated == entry.text_of(ATOM, "updated"), place, "is not as old as its source");
    }
    let outlet_named = sources.iter().any(|source| source.children(ATOM, "author").count() > 0);
    let authored = entry.children(ATOM, "author").count() > 0 || feed_has_author || outlet_named;
    findings.require(authored, place, "has no author (RFC 4287 §4.1.2)");
    let published = entry.text_of(ATOM, "published");
    findings.require(published.is_some_and(|date| value::rfc3339(date).is_some()), place, "was never published");

    let contents: Vec<&Element> = entry.children(ATOM, "content").collect();
    let summaries: Vec<&Element> = entry.children(ATOM, "summary").collect();
    findings.require(contents.len() <= 1 && summaries.len() <= 1, place, "repeats content or summary");
    let linked = entry.children(ATOM, "link").any(|link| link.attr("rel") == Some("alternate"));
    findings.require(linked || !contents.is_empty() || !summaries.is_empty(), place, "says nothing");
    findings.require(linked || !contents.is_empty(), place, "has neither content nor link (RFC 4287 §4.1.2)");
    for text in contents.into_iter().chain(summaries) {
        findings.require(!text.text.trim().is_empty(), place, format!("has an empty {}", text.name));
        match text.attr("type") {
            Some("html") => value::check_html(place, &text.text, findings),
            None | Some("text") => {}
            Some(other) => findings.add(place, format!("has text of type {other}")),
        }
    }
    for media in entry.children(MEDIA, "content") {
        check_media(media, place, findings);
    }
}
