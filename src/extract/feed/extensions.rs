//! Vocabularies beside RSS and Atom: which file reads which.

use crate::model::Claim;
use crate::model::Text;
use crate::model::more::InReplyTo;

use super::channel::Channel;
use super::entry::Entry;
use super::namespace::Ns;
use super::subject::Subject;
use super::tree::Tree;
use super::{dublin_core, georss, itunes, media, podcast, rebase, schedule, text};

/// Reads a field of an item that stands in no namespace of RSS or Atom.
pub fn item_field(tree: &mut Tree<'_>, index: usize, entry: &mut Entry) {
    let node = tree.node(index);
    match (node.ns, &*node.local) {
        (Ns::Dc | Ns::DcTerms | Ns::Prism, _) => dublin_core::field(tree, index, entry),
        (Ns::Content, "encoded") => {
            let found = text::html(tree, index).map(|text| rebase::at_home(tree, index, text, false));
            if let Some(text) = found {
                entry.body("feed:content:encoded", text);
            }
        }
        (Ns::Media, _) => media::item_field(tree, index, entry),
        (Ns::Itunes, "duration") => itunes::duration(tree, index, entry),
        (Ns::Itunes, _) => itunes::field(tree, index, entry),
        (Ns::FeedBurner, "origlink") => {
            if let Some(url) = tree.text_address(index) {
                let claim = Claim { from: "feed:feedburner:origLink", text: Text::plain(url) };
                entry.article.canonical_urls.push(claim);
            }
        }
        (Ns::License, _) => license(tree, index, entry),
        (Ns::GeoRss | Ns::Gml | Ns::Geo, _) if entry.more.is_some() => georss::field(tree, index, entry),
        (Ns::Podcast, _) if entry.more.is_some() => podcast::field(tree, index, entry),
        (Ns::Chapters | Ns::Slash | Ns::Thread | Ns::CommentApi, _) => discussion(tree, index, entry),
        _ => {}
    }
}

/// Comments, replies and chapters of an item; only `inspect` shows them.
fn discussion(tree: &Tree<'_>, index: usize, entry: &mut Entry) {
    let Some(more) = &mut entry.more else { return };
    let node = tree.node(index);
    match (node.ns, &*node.local) {
        (Ns::Slash, "comments") | (Ns::Thread, "total") => {
            more.comment_count = tree.text(index).and_then(|count| count.parse().ok());
        }
        (Ns::CommentApi, "comment") => more.wfw_comment = tree.text_address(index),
        (Ns::CommentApi, "commentrss") => more.wfw_commentrss = tree.text_address(index),
        (Ns::Thread, "in-reply-to") => more.in_reply_to.push(InReplyTo {
            reference: node.owned("ref"),
            href: tree.address(index, "href"),
            mime_type: node.owned("type"),
            source: tree.address(index, "source"),
        }),
        (Ns::Chapters, "chapters") => more.chapters = podcast::chapters(tree, index),
        _ => {}
    }
}

fn license(tree: &Tree<'_>, index: usize, subject: &mut impl Subject) {
    if tree.node(index).local == "license"
        && let Some(url) = tree.text_address(index).or_else(|| tree.address(index, "resource"))
    {
        subject.license(url);
    }
}

/// Reads a field of a channel that stands in no namespace of RSS or Atom.
pub fn channel_field(tree: &mut Tree<'_>, index: usize, channel: &mut Channel) {
    let node = tree.node(index);
    match (node.ns, &*node.local) {
        (Ns::Dc | Ns::DcTerms | Ns::Prism, _) => dublin_core::field(tree, index, channel),
        (Ns::Media, _) => media::channel_field(tree, index, channel),
        (Ns::Itunes, _) => itunes::field(tree, index, channel),
        (Ns::Syndication, _) => schedule::syndication(tree, index, channel),
        (Ns::License, _) => license(tree, index, channel),
        (Ns::GeoRss | Ns::Gml | Ns::Geo, _) if channel.more.is_some() => georss::field(tree, index, channel),
        (Ns::Podcast, _) if channel.more.is_some() => podcast::field(tree, index, channel),
        (Ns::History, local @ ("complete" | "archive")) => {
            let history = if local == "complete" { "complete" } else { "archive" };
            channel.feed.history = Some(history);
            if let Some(more) = &mut channel.more {
                more.history = Some(history);
            }
        }
        (Ns::Content, "encoded") => {
            let found = text::html(tree, index).map(|text| rebase::at_home(tree, index, text, true));
            if let Some(text) = found {
                channel.body("feed:content:encoded", text);
            }
        }
        _ => {}
    }
}
