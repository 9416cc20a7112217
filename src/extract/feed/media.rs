//! Media RSS: pictures, recordings, and what stands beside them.

use crate::model::more::{Category, Media, MediaObject};
use crate::model::{Attachment, Image, ImageClaim, Text, TextKind};

use super::channel::Channel;
use super::entry::Entry;
use super::rss::{is_picture, number};
use super::subject::Subject;
use super::tree::Tree;
use super::{rebase, text};

/// Reads one field of an item.
pub fn item_field(tree: &mut Tree<'_>, index: usize, entry: &mut Entry) {
    match &*tree.node(index).local {
        "content" => content(tree, index, entry),
        "group" => {
            let mut next = tree.first_child(index);
            while let Some(child) = next {
                next = tree.after(child, index);
                item_field(tree, child, entry);
            }
        }
        "thumbnail" => {
            if let Some(image) = picture(tree, index, "feed:media:thumbnail") {
                entry.image(image);
            }
            keep(tree, index, entry);
        }
        "title" => {
            let title = media_text(tree, index);
            if let Some(title) = title {
                entry.title("feed:media:title", title);
            }
        }
        "description" => {
            let found = media_text(tree, index);
            if let Some(text) = found {
                entry.caption.get_or_insert_with(|| text.text.clone());
                let text = rebase::at_home(tree, index, text, false);
                entry.summary("feed:media:description", text);
            }
        }
        "keywords" => keywords(tree, index, entry),
        "category" => category(tree, index, entry),
        "credit" => {
            if let Some(credit) = tree.text(index) {
                entry.credit.get_or_insert_with(|| credit.to_owned());
            }
            keep(tree, index, entry);
        }
        _ => keep(tree, index, entry),
    }
}

/// Reads one field of a channel.
pub fn channel_field(tree: &mut Tree<'_>, index: usize, channel: &mut Channel) {
    match &*tree.node(index).local {
        "thumbnail" => {
            if let Some(ImageClaim { url, width, height, .. }) = picture(tree, index, "feed:media:thumbnail") {
                channel.picture("feed:media:thumbnail", Image { url, width, height, ..Image::default() });
            }
        }
        "keywords" => keywords(tree, index, channel),
        "category" => category(tree, index, channel),
        "copyright" => {
            if let Some(rights) = text::plain(tree, index) {
                channel.rights("feed:media:copyright", rights);
            }
        }
        _ => {}
    }
}

fn content(tree: &mut Tree<'_>, index: usize, entry: &mut Entry) {
    let (mut caption, mut title, mut credit) = (None, None, None);
    let mut next = tree.first_child(index);
    while let Some(child) = next {
        next = tree.after(child, index);
        match &*tree.node(child).local {
            "description" => caption = tree.text(child).map(ToOwned::to_owned),
            "title" => title = tree.text(child).map(ToOwned::to_owned),
            "credit" => credit = tree.text(child).map(ToOwned::to_owned),
            _ => {}
        }
        if !matches!(&*tree.node(child).local, "description" | "title") {
            item_field(tree, child, entry);
        }
    }
    // Text inside a picture is the picture's; beside it, the item's.
    let Some(url) = tree.address(index, "url") else { return };
    let node = tree.node(index);
    let mime_type = node.attribute("type").filter(|kind| kind.contains('/')).map(std::borrow::Cow::into_owned);
    let medium = node.attribute("medium").unwrap_or_default();
    let is_image = medium.eq_ignore_ascii_case("image") || medium.is_empty() && is_picture(&url, mime_type.as_deref());
    if is_image {
        if let Some(mut image) = picture(tree, index, "feed:media:content") {
            image.caption = caption;
            image.alt = title;
            image.credit = credit;
            entry.image(image);
        }
    } else if !medium.eq_ignore_ascii_case("document") || mime_type.is_some() {
        let size_in_bytes = node.attribute("filesize").as_deref().and_then(number).filter(|&size| size > 0);
        let duration_in_seconds = node.attribute("duration").as_deref().and_then(super::itunes::seconds);
        entry.attachment(Attachment { url, mime_type, title, size_in_bytes, duration_in_seconds });
    }
    keep(tree, index, entry);
}

fn picture(tree: &Tree<'_>, index: usize, from: &'static str) -> Option<ImageClaim> {
    let url = tree.address(index, "url").or_else(|| tree.text_address(index))?;
    let node = tree.node(index);
    let size = |name: &str| node.attribute(name)?.trim_end_matches("px").parse().ok().filter(|&size: &u32| size > 0);
    Some(ImageClaim { from, url, width: size("width"), height: size("height"), ..ImageClaim::default() })
}

fn media_text(tree: &mut Tree<'_>, index: usize) -> Option<Text> {
    let is_html = tree.node(index).attribute("type").is_some_and(|kind| kind.contains("htm"));
    let mut text = text::guessed(tree, index)?;
    if is_html {
        text.kind = TextKind::Html;
    }
    Some(text)
}

fn keywords(tree: &Tree<'_>, index: usize, subject: &mut impl Subject) {
    let words = tree.text(index).unwrap_or_default().split(',').map(str::trim).filter(|word| !word.is_empty());
    for word in words {
        subject.tag("feed:media:keywords", Category { term: Some(word.to_owned()), ..Category::default() });
    }
}

fn category(tree: &Tree<'_>, index: usize, subject: &mut impl Subject) {
    let node = tree.node(index);
    let term = tree.text(index).map(ToOwned::to_owned);
    if term.is_some() {
        subject.tag("feed:media:category", Category { term, scheme: node.owned("scheme"), label: node.owned("label") });
    }
}

/// Keeps what only `inspect` shows.
fn keep(tree: &Tree<'_>, index: usize, entry: &mut Entry) {
    let Some(more) = &mut entry.more else { return };
    let node = tree.node(index);
    let object = || MediaObject {
        url: tree.address(index, "url"),
        mime_type: node.owned("type"),
        medium: node.owned("medium"),
        width: node.owned("width"),
        height: node.owned("height"),
        duration: node.owned("duration"),
    };
    let media: &mut Media = more.media.get_or_insert_default();
    match &*node.local {
        "content" => media.contents.push(object()),
        "thumbnail" => media.thumbnails.push(object()),
        "player" => media.player = Some(object()),
        "credit" => media.credits.extend(tree.text(index).map(ToOwned::to_owned)),
        "rating" => media.rating = tree.text(index).map(ToOwned::to_owned),
        "license" => media.license = tree.address(index, "href"),
        _ => {}
    }
}
