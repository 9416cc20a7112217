//! Atom 1.0 (RFC 4287) and 0.3, also inside RSS.

use crate::markup;
use crate::model::more::{Category, Content, Generator, ItemMore, Link, Origin};
use crate::model::{Attachment, ImageClaim, Text};

use super::channel::Channel;
use super::entry::Entry;
use super::namespace::Ns;
use super::subject::Subject;
use super::tree::{Inside, Tree};
use super::{person, rebase, rss, text};

/// Reads one field of an entry.
pub fn entry_field(tree: &mut Tree<'_>, index: usize, entry: &mut Entry) {
    let node = tree.node(index);
    match (node.ns, &*node.local) {
        (_, "content") => content(tree, index, entry),
        (_, "source") if node.ns == Ns::Atom || node.attribute("url").is_none() => source(tree, index, entry),
        (_, "link") => entry_link(tree, index, entry),
        _ => {
            if !field(tree, index, entry) {
                rss::item_field(tree, index, entry);
            }
        }
    }
}

/// Reads one field of a feed.
pub fn feed_field(tree: &mut Tree<'_>, index: usize, channel: &mut Channel) {
    let node = tree.node(index);
    match &*node.local {
        "generator" => {
            let generator = generator(tree, index);
            channel.generator(generator);
        }
        "icon" => channel.feed.icon = tree.text_address(index),
        "info" => {
            let info = text::atom(tree, index);
            if let Some(more) = &mut channel.more {
                more.info = info.map(|info| rebase::at_home(tree, index, info, true).text);
            }
        }
        "link" => {
            link(tree, index, channel);
        }
        _ => {
            if !field(tree, index, channel) {
                rss::channel_field(tree, index, channel);
            }
        }
    }
}

/// The fields that feeds, entries and sources share; false where the name is none of them.
pub fn field(tree: &mut Tree<'_>, index: usize, subject: &mut impl Subject) -> bool {
    let always = subject.is_feed();
    let construct =
        |tree: &mut Tree<'_>| text::atom(tree, index).map(|text| rebase::at_home(tree, index, text, always));
    match &*tree.node(index).local {
        "id" => {
            if let Some(id) = identity(tree, index) {
                subject.id("feed:id", id);
            }
        }
        "title" => {
            if let Some(text) = construct(tree) {
                subject.title("feed:title", text);
            }
        }
        "subtitle" => {
            if let Some(text) = construct(tree) {
                subject.summary("feed:subtitle", text);
            }
        }
        "tagline" => {
            if let Some(text) = construct(tree) {
                subject.summary("feed:tagline", text);
            }
        }
        "summary" => {
            if let Some(text) = construct(tree) {
                subject.summary("feed:summary", text);
            }
        }
        "rights" => {
            if let Some(text) = construct(tree) {
                subject.rights("feed:rights", text);
            }
        }
        "copyright" => {
            if let Some(text) = construct(tree) {
                subject.rights("feed:copyright", text);
            }
        }
        "published" => {
            if let Some(date) = tree.take(index) {
                subject.published("feed:published", date);
            }
        }
        "issued" => {
            if let Some(date) = tree.take(index) {
                subject.published("feed:issued", date);
            }
        }
        "created" => {
            if let Some(date) = tree.take(index) {
                subject.created("feed:created", date);
            }
        }
        "updated" => {
            if let Some(date) = tree.take(index) {
                subject.modified("feed:updated", date);
            }
        }
        "modified" => {
            if let Some(date) = tree.take(index) {
                subject.modified("feed:modified", date);
            }
        }
        "author" => {
            if let Some(author) = person::construct(tree, index) {
                subject.author("feed:author", author);
            }
        }
        "contributor" => {
            if let Some(person) = person::construct(tree, index) {
                subject.contributor(person);
            }
        }
        "category" => category(tree, index, subject),
        "logo" => {
            if let Some(url) = tree.text_address(index) {
                subject.image(ImageClaim { from: "feed:image", url, ..ImageClaim::default() });
            }
        }
        _ => return false,
    }
    true
}

/// An id is kept as it is; only a relative one is made an address, so that it names one thing.
fn identity(tree: &mut Tree<'_>, index: usize) -> Option<String> {
    let id = tree.text(index)?;
    let is_relative = id.starts_with('/') && !id.starts_with("//");
    if is_relative && let Some(id) = tree.text_address(index) {
        return Some(id);
    }
    tree.take(index)
}

fn category(tree: &mut Tree<'_>, index: usize, subject: &mut impl Subject) {
    let node = tree.node(index);
    let scheme = node.owned("scheme").or_else(|| node.owned("domain"));
    let label = node.owned("label");
    let term = node.owned("term").or_else(|| tree.text(index).map(ToOwned::to_owned));
    if term.is_some() || label.is_some() {
        subject.tag("feed:category", Category { term, scheme, label });
    }
}

/// What wrote the feed (RFC 4287 §4.2.4).
#[must_use]
pub fn generator(tree: &Tree<'_>, index: usize) -> Generator {
    let node = tree.node(index);
    let url = tree.address(index, "uri").or_else(|| tree.address(index, "url"));
    let version = node.owned("version");
    Generator { name: tree.text(index).map(ToOwned::to_owned), url, version }
}

/// Reads a link: keeps it, and takes an alternate as the page's address.
pub fn link(tree: &Tree<'_>, index: usize, subject: &mut impl Subject) -> Option<Link> {
    let node = tree.node(index);
    // Some write the address as RSS does, as the element's text.
    let href = tree.address(index, "href").or_else(|| tree.text_address(index))?;
    let rel = node.owned("rel").unwrap_or_else(|| "alternate".to_owned());
    let rel = rel.strip_prefix("http://www.iana.org/assignments/relation/").map(ToOwned::to_owned).unwrap_or(rel);
    let mime_type = node.owned("type");
    match rel.as_str() {
        "alternate" => {
            let is_page = mime_type.as_deref().is_none_or(|kind| kind.contains("htm"));
            subject.address(if is_page { "feed:link" } else { "feed:link:other" }, href.clone());
        }
        "license" => subject.license(href.clone()),
        _ => {}
    }
    let link = Link {
        href,
        rel,
        mime_type,
        title: node.owned("title"),
        hreflang: node.owned("hreflang"),
        length: node.owned("length"),
    };
    if subject.keeps_links() || matches!(link.rel.as_str(), "self" | "hub" | "next" | "prev-archive") {
        subject.link(link.clone());
    }
    Some(link)
}

/// A link of an entry, whose enclosures are attachments.
pub fn entry_link(tree: &Tree<'_>, index: usize, entry: &mut Entry) {
    let Some(link) = link(tree, index, entry) else { return };
    match link.rel.as_str() {
        "enclosure" => {
            rss::enclosed_picture(&link.href, link.mime_type.as_deref(), entry);
            let size_in_bytes = link.length.as_deref().and_then(rss::number).filter(|&size| size > 0);
            let Link { href: url, mime_type, title, .. } = link;
            entry.attachment(Attachment { url, mime_type, title, size_in_bytes, duration_in_seconds: None });
        }
        "canonical" => entry
            .article
            .canonical_urls
            .push(crate::model::Claim { from: "feed:link:canonical", text: Text::plain(link.href) }),
        "replies" => {
            let count = tree.node(index).attribute("count").as_deref().and_then(rss::number);
            if let Some(more) = &mut entry.more {
                more.comments.get_or_insert(link.href);
                more.comment_count = more.comment_count.or(count);
            }
        }
        _ => {}
    }
}

fn content(tree: &mut Tree<'_>, index: usize, entry: &mut Entry) {
    let src = tree.address(index, "src");
    if entry.more.is_some() {
        describe_content(tree, index, entry, src);
    }
    let found = text::atom(tree, index);
    if let Some(text) = found {
        let text = rebase::at_home(tree, index, text, false);
        entry.body("feed:content", text);
    }
}

fn describe_content(tree: &Tree<'_>, index: usize, entry: &mut Entry, src: Option<String>) {
    let node = tree.node(index);
    let is_markup = node.inside == Inside::Markup;
    let mime_type = match node.attribute("type").as_deref() {
        Some("html") => "text/html".to_owned(),
        Some("xhtml") => "application/xhtml+xml".to_owned(),
        None | Some("text" | "") if !is_markup => "text/plain".to_owned(),
        Some(other) => other.to_owned(),
        None => "application/xhtml+xml".to_owned(),
    };
    let language = tree.language(index).map(ToOwned::to_owned);
    let base = tree.base(index).map(ToString::to_string);
    if let Some(more) = &mut entry.more {
        more.contents.push(Content { mime_type, language, base });
        more.content_src = more.content_src.take().or(src);
    }
}

/// The feed that an entry was taken from (RFC 4287 §4.2.11).
fn source(tree: &mut Tree<'_>, index: usize, entry: &mut Entry) {
    let mut origin = Origin::default();
    let mut next = tree.first_child(index);
    while let Some(child) = next {
        next = tree.after(child, index);
        match &*tree.node(child).local {
            "link" => {
                let found = link(tree, child, &mut origin);
                if let Some(found) = found
                    && found.rel == "self"
                {
                    origin.href.get_or_insert(found.href);
                }
            }
            "generator" => origin.generator = Some(generator(tree, child)),
            "icon" => origin.icon = tree.text_address(child),
            _ => {
                field(tree, child, &mut origin);
            }
        }
    }
    if let Some(title) = origin.title.as_ref().map(|title| markup::to_text(title)).filter(|title| !title.is_empty()) {
        entry.article.site_names.push(crate::model::Claim { from: "feed:source", text: Text::plain(title) });
    }
    if let Some(more) = &mut entry.more {
        set_source(more, origin);
    }
}

fn set_source(more: &mut ItemMore, origin: Origin) {
    if more.source.is_none() {
        more.source = Some(origin);
    }
}
