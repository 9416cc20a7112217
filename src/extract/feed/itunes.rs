//! Apple's podcast vocabulary.

use crate::model::ImageClaim;
use crate::model::more::Category;

use super::entry::Entry;
use super::subject::Subject;
use super::tree::Tree;
use super::{person, rebase, text};

/// What Apple's own categories and keywords are named after.
const SCHEME: &str = "http://www.itunes.com/";

/// Reads one field of an item or a channel.
pub fn field(tree: &mut Tree<'_>, index: usize, subject: &mut impl Subject) {
    let always = subject.is_feed();
    let local = tree.node(index).local.clone();
    match &*local {
        "title" => {
            if let Some(title) = text::guessed(tree, index) {
                subject.title("feed:itunes:title", title);
            }
        }
        "author" => {
            let person = tree.text(index).and_then(person::parse);
            if let Some(person) = person {
                subject.author("feed:itunes:author", person);
            }
        }
        "owner" => {
            if let Some(owner) = person::construct(tree, index) {
                subject.publisher(owner);
            }
        }
        "subtitle" | "summary" | "description" => {
            let from = if local == "subtitle" { "feed:itunes:subtitle" } else { "feed:itunes:summary" };
            let found = text::html(tree, index).map(|text| rebase::at_home(tree, index, text, always));
            if let Some(text) = found {
                subject.summary(from, text);
            }
        }
        "image" | "link" => {
            let url =
                tree.address(index, "href").or_else(|| tree.address(index, "url")).or_else(|| tree.text_address(index));
            if let Some(url) = url {
                subject.image(ImageClaim { from: "feed:itunes:image", url, ..ImageClaim::default() });
            }
        }
        "category" => categories(tree, index, subject),
        "keywords" => keywords(tree, index, subject),
        _ => further(tree, index, subject),
    }
}

fn categories(tree: &Tree<'_>, index: usize, subject: &mut impl Subject) {
    for inner in index..tree.node(index).end {
        let named = tree.node(inner).attribute("text").map(std::borrow::Cow::into_owned);
        let term = named.or_else(|| tree.text(inner).map(ToOwned::to_owned)).filter(|term| !term.is_empty());
        if term.is_some() {
            subject.tag("feed:itunes:category", Category { term, scheme: Some(SCHEME.to_owned()), label: None });
        }
    }
}

fn keywords(tree: &Tree<'_>, index: usize, subject: &mut impl Subject) {
    let Some(text) = tree.text(index) else { return };
    let split: fn(char) -> bool = if text.contains(',') { |char| char == ',' } else { char::is_whitespace };
    for word in text.split(split).map(str::trim).filter(|word| !word.is_empty()) {
        let category = Category { term: Some(word.to_owned()), scheme: Some(SCHEME.to_owned()), label: None };
        subject.tag("feed:itunes:keywords", category);
    }
}

fn further(tree: &Tree<'_>, index: usize, subject: &mut impl Subject) {
    let Some(more) = subject.itunes() else { return };
    let text = tree.text(index).unwrap_or_default();
    let owned = || Some(text.to_owned()).filter(|text| !text.is_empty());
    match &*tree.node(index).local {
        // Apple: any other value than "Yes" has no effect.
        "block" => more.block = Some(matches!(&*tree.node(index).text, "yes" | "Yes")),
        "explicit" => {
            more.explicit = match text.to_ascii_lowercase().as_str() {
                "yes" | "true" | "explicit" => Some(true),
                "no" | "false" | "clean" => Some(false),
                _ => None,
            };
        }
        "episode" => more.episode = owned(),
        "season" => more.season = owned(),
        "episodetype" => more.episode_type = owned(),
        _ => {}
    }
}

/// Reads the duration of an item's recording.
pub fn duration(tree: &Tree<'_>, index: usize, entry: &mut Entry) {
    let Some(text) = tree.text(index) else { return };
    entry.duration = seconds(text);
    if let Some(itunes) = entry.itunes() {
        itunes.duration = Some(text.to_owned());
    }
}

/// Seconds of `3723`, `62:03` or `1:02:03`; `None` for anything else.
#[must_use]
pub fn seconds(text: &str) -> Option<u64> {
    let mut total: u64 = 0;
    let mut parts = 0;
    for part in text.trim().split(':') {
        let part = part.split('.').next().unwrap_or(part);
        if part.is_empty() || part.len() > 9 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        total = total.checked_mul(60)?.checked_add(part.parse().ok()?)?;
        parts += 1;
    }
    (parts <= 3).then_some(total)
}
