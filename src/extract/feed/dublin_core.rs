//! Dublin Core, its terms, and PRISM.

use crate::model::more::{Category, FeedMore};

use super::namespace::Ns;
use super::subject::Subject;
use super::tree::Tree;
use super::{person, rebase, text};

/// Reads one field of an item or a channel.
pub fn field(tree: &mut Tree<'_>, index: usize, subject: &mut impl Subject) {
    let node = tree.node(index);
    let always = subject.is_feed();
    match (node.ns, &*node.local) {
        (Ns::Dc, "creator" | "author") | (Ns::DcTerms, "creator") => {
            let person = tree.text_within(index).and_then(person::parse);
            if let Some(person) = person {
                subject.author("feed:dc:creator", person);
            }
        }
        (Ns::Dc | Ns::DcTerms, "contributor") => {
            let person = tree.text_within(index).and_then(person::parse);
            if let Some(person) = person {
                subject.contributor(person);
            }
        }
        (Ns::Dc | Ns::DcTerms, "publisher") => {
            let person = tree.text_within(index).and_then(person::parse);
            if let Some(person) = person {
                subject.publisher(person);
            }
        }
        (Ns::Dc | Ns::DcTerms, "title") => {
            let title = text::guessed(tree, index).map(|text| rebase::at_home(tree, index, text, always));
            if let Some(title) = title {
                subject.title("feed:dc:title", title);
            }
        }
        (Ns::Dc | Ns::DcTerms, "description" | "abstract") => {
            let found = text::guessed(tree, index).map(|text| rebase::at_home(tree, index, text, always));
            if let Some(text) = found {
                subject.summary("feed:dc:description", text);
            }
        }
        (Ns::Dc | Ns::DcTerms, "subject") => {
            let term = tree.text_within(index).map(ToOwned::to_owned);
            if term.is_some() {
                subject.tag("feed:dc:subject", Category { term, ..Category::default() });
            }
        }
        (Ns::Dc | Ns::DcTerms, "language") => {
            if let Some(language) = tree.take(index) {
                subject.language("feed:dc:language", language);
            }
        }
        (Ns::Dc | Ns::DcTerms, "rights") => {
            if let Some(rights) = text::plain(tree, index) {
                subject.rights("feed:dc:rights", rights);
            }
        }
        (Ns::DcTerms, "license") => {
            if let Some(url) = tree.text_address(index) {
                subject.license(url);
            }
        }
        (Ns::Dc | Ns::DcTerms, "identifier") => {
            if let Some(id) = tree.text(index).filter(|id| id.contains(':')) {
                let id = id.to_owned();
                subject.id("feed:dc:identifier", id);
            }
        }
        _ => date(tree, index, subject),
    }
}

fn date(tree: &mut Tree<'_>, index: usize, subject: &mut impl Subject) {
    let node = tree.node(index);
    let name = match (node.ns, &*node.local) {
        (Ns::Dc | Ns::DcTerms, "date") => "feed:dc:date",
        // Some take both vocabularies for one.
        (Ns::Dc | Ns::DcTerms, "issued" | "available") => "feed:dcterms:issued",
        (Ns::Dc | Ns::DcTerms, "created") => "feed:dcterms:created",
        (Ns::Dc | Ns::DcTerms, "modified") => "feed:dcterms:modified",
        (Ns::Dc | Ns::DcTerms, "valid") => "feed:dcterms:valid",
        (Ns::Prism, "publicationdate" | "coverdate") => "feed:prism:publicationDate",
        (Ns::Prism, "modificationdate") => "feed:prism:modificationDate",
        _ => return,
    };
    let Some(date) = tree.take(index) else { return };
    match name {
        "feed:dcterms:created" => subject.created(name, date),
        "feed:dcterms:modified" | "feed:prism:modificationDate" => subject.modified(name, date),
        "feed:dcterms:valid" => {
            if let Some(end) = period(&date, "end") {
                subject.expired(end.to_owned());
            }
            subject.valid(&date);
        }
        // Of a feed, Dublin Core's one date is when it was last changed.
        "feed:dc:date" if subject.is_feed() => subject.modified(name, date),
        _ => subject.published(name, date),
    }
}

/// A part of a DCMI period: `start=2002-10-13;end=2002-10-17`.
#[must_use]
pub fn period<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.split(';').find_map(|part| part.trim().strip_prefix(name)?.trim_start().strip_prefix('=').map(str::trim))
}

/// Keeps the period in which a feed is valid.
pub fn validity(more: &mut FeedMore, text: &str) {
    more.validity_start = period(text, "start").map(ToOwned::to_owned);
    more.validity_end = period(text, "end").map(ToOwned::to_owned);
}
