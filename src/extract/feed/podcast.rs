//! The podcast namespace and Podlove's chapters.

use crate::model::more::{Chapter, PodcastFile, PodcastPerson};

use super::subject::Subject;
use super::tree::Tree;

/// Reads one field of an item or a channel.
pub fn field(tree: &Tree<'_>, index: usize, subject: &mut impl Subject) {
    let Some(podcast) = subject.podcast() else { return };
    let node = tree.node(index);
    let text = || tree.text(index).map(ToOwned::to_owned);
    let file = || PodcastFile {
        url: tree.address(index, "url"),
        mime_type: node.owned("type"),
        language: node.owned("language"),
    };
    match &*node.local {
        "guid" => podcast.guid = text(),
        "locked" => podcast.locked = text().map(|text| text.eq_ignore_ascii_case("yes")),
        "chapters" => podcast.chapters = Some(file()),
        "transcript" => podcast.transcripts.push(file()),
        "person" => podcast.persons.push(PodcastPerson {
            name: text(),
            role: node.owned("role"),
            href: tree.address(index, "href"),
            img: tree.address(index, "img"),
        }),
        "season" => podcast.season = text(),
        "episode" => podcast.episode = text(),
        "location" => podcast.location = text(),
        _ => {}
    }
}

/// The chapters that stand in an item.
#[must_use]
pub fn chapters(tree: &Tree<'_>, index: usize) -> Vec<Chapter> {
    let chapter = |child: usize| Chapter {
        start: tree.node(child).owned("start"),
        title: tree.node(child).owned("title"),
        href: tree.address(child, "href"),
        image: tree.address(child, "image"),
    };
    tree.children(index).filter(|&child| tree.node(child).local == "chapter").map(chapter).collect()
}
