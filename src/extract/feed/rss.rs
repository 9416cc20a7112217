//! RSS 0.9x and 2.0, RSS 1.0 and 1.1 (RDF), and CDF: their own elements.

use crate::model::more::{Category, Cloud, Generator, Link, Origin, TextInput};
use crate::model::{Attachment, Claim, Image, ImageClaim, Text};

use super::channel::Channel;
use super::entry::Entry;
use super::namespace::Ns;
use super::scan::Tag;
use super::subject::Subject;
use super::tree::{Tree, attribute};
use super::{atom, extensions, person, rebase, schedule, text};

/// Reads the attributes of an item.
pub fn item_attributes(tree: &Tree<'_>, entry: &mut Entry) {
    let item = tree.node(0);
    if item.tag.attributes.is_empty() {
        return;
    }
    if let Some(language) = tree.language(0) {
        entry.language("feed:xml:lang", language.to_owned());
    }
    if let Some(about) = item.attribute("about").filter(|about| !about.is_empty()) {
        entry.permalink = crate::address::resolve(tree.base(0), &about);
        entry.article.id = Some(about.into_owned());
    }
    // CDF writes its facts as attributes.
    if let Some(url) = tree.address(0, "href") {
        entry.address("feed:link", url);
    }
    if let Some(date) = item.attribute("lastmod") {
        entry.modified("feed:modified", date.into_owned());
    }
}

/// Reads one field of an item.
pub fn item_field(tree: &mut Tree<'_>, index: usize, entry: &mut Entry) {
    let node = tree.node(index);
    match (node.ns, &*node.local) {
        (Ns::Plain | Ns::Atom, "title") => {
            let title = text::guessed(tree, index);
            if let Some(title) = title {
                entry.title("feed:title", title);
            }
        }
        (Ns::Plain | Ns::Atom, "link") => {
            if node.attribute("href").is_some() {
                atom::entry_link(tree, index, entry);
            } else if let Some(url) = tree.text_address(index) {
                entry.address("feed:link", url);
            }
        }
        (Ns::Plain | Ns::Atom, "description" | "abstract") => {
            let found = text::html(tree, index).map(|text| rebase::at_home(tree, index, text, false));
            if let Some(text) = found {
                entry.summary("feed:description", text);
            }
        }
        (Ns::Plain | Ns::Atom, "guid") => guid(tree, index, entry),
        (Ns::Plain | Ns::Atom, "pubdate") => {
            if let Some(date) = tree.take(index) {
                entry.published("feed:pubDate", date);
            }
        }
        (Ns::Plain, "date" | "publicationdate" | "publishdate") => {
            if let Some(date) = tree.take(index) {
                entry.published("feed:date", date);
            }
        }
        (Ns::Plain | Ns::Atom, "lastbuilddate" | "lastmodified") => {
            if let Some(date) = tree.take(index) {
                entry.modified("feed:lastBuildDate", date);
            }
        }
        (Ns::Plain, "author") => {
            if let Some(author) = person::construct(tree, index) {
                entry.author("feed:author", author);
            }
        }
        (Ns::Plain, "category") => category(tree, index, entry),
        (Ns::Plain | Ns::Atom, "enclosure") => enclosure(tree, index, entry),
        (Ns::Plain | Ns::Atom, "comments") => {
            if let Some(more) = &mut entry.more {
                more.comments = more.comments.take().or_else(|| tree.text_address(index));
            }
        }
        (Ns::Plain, "source") => source(tree, index, entry),
        (Ns::Plain, "image") => item_image(tree, index, entry),
        (Ns::Plain, "content" | "body" | "fullitem") | (Ns::Xhtml, "body" | "div") => {
            let found = text::html(tree, index).map(|text| rebase::at_home(tree, index, text, false));
            if let Some(text) = found {
                entry.body("feed:xhtml:body", text);
            }
        }
        (Ns::Plain | Ns::Atom, "expirationdate") => {
            if let Some(date) = tree.take(index) {
                entry.expired(date);
            }
        }
        (Ns::Plain, "tags") => {
            for tag in tree.text(index).unwrap_or_default().split(',').map(str::trim).filter(|tag| !tag.is_empty()) {
                entry.tag("feed:tags", Category { term: Some(tag.to_owned()), ..Category::default() });
            }
        }
        (Ns::Plain, "language") => {
            if let Some(language) = tree.take(index) {
                entry.language("feed:language", language);
            }
        }
        (Ns::Plain, _) => {
            atom::field(tree, index, entry);
        }
        (Ns::Atom, _) => {}
        _ => extensions::item_field(tree, index, entry),
    }
}

fn guid(tree: &mut Tree<'_>, index: usize, entry: &mut Entry) {
    let is_permalink =
        tree.node(index).attribute("ispermalink").is_none_or(|value| !value.eq_ignore_ascii_case("false"));
    if let Some(more) = &mut entry.more {
        more.guid_is_permalink = Some(is_permalink);
    }
    let Some(text) = tree.text(index) else { return };
    if is_permalink && starts_as_address(text) {
        entry.permalink = tree.text_address(index);
    }
    if let Some(id) = tree.take(index) {
        entry.article.id = Some(id);
    }
}

fn starts_as_address(text: &str) -> bool {
    text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("http")) || text.starts_with('/')
}

fn category(tree: &Tree<'_>, index: usize, subject: &mut impl Subject) {
    let node = tree.node(index);
    let term = tree.text(index).map(ToOwned::to_owned).or_else(|| node.owned("term"));
    if term.is_some() {
        subject.tag(
            "feed:category",
            Category {
                term,
                scheme: node.owned("domain").or_else(|| node.owned("scheme")),
                label: node.owned("label"),
            },
        );
    }
}

fn enclosure(tree: &Tree<'_>, index: usize, entry: &mut Entry) {
    let Some(url) = tree.address(index, "url").or_else(|| tree.address(index, "href")) else { return };
    let node = tree.node(index);
    let mime_type = node.owned("type");
    let size_in_bytes = node.attribute("length").as_deref().and_then(number).filter(|&size| size > 0);
    enclosed_picture(&url, mime_type.as_deref(), entry);
    if let Some(more) = &mut entry.more {
        let length = node.owned("length");
        let link = Link {
            href: url.clone(),
            rel: "enclosure".to_owned(),
            mime_type: mime_type.clone(),
            length,
            ..Link::default()
        };
        more.shared.links.push(link);
    }
    entry.attachment(Attachment { url, mime_type, title: None, size_in_bytes, duration_in_seconds: None });
}

/// Takes an enclosure that is a picture as the lead picture too.
pub fn enclosed_picture(url: &str, mime_type: Option<&str>, entry: &mut Entry) {
    if is_picture(url, mime_type) {
        entry.image(ImageClaim { from: "feed:enclosure", url: url.to_owned(), ..ImageClaim::default() });
    }
}

/// Whether an address leads to a picture, by media type or else by its ending.
#[must_use]
pub fn is_picture(url: &str, mime_type: Option<&str>) -> bool {
    if let Some(kind) = mime_type.filter(|kind| kind.contains('/')) {
        return kind.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("image/"));
    }
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let ending = path.rsplit('.').next().unwrap_or_default();
    ["jpg", "jpeg", "png", "gif", "webp", "avif"].iter().any(|known| known.eq_ignore_ascii_case(ending))
}

/// A whole number; anything else in the text makes it none.
#[must_use]
pub fn number(text: &str) -> Option<u64> {
    text.trim().parse().ok()
}

fn source(tree: &mut Tree<'_>, index: usize, entry: &mut Entry) {
    let href = tree.address(index, "url").or_else(|| tree.address(index, "href"));
    let title = tree.take(index);
    if let Some(title) = &title {
        entry.article.site_names.push(Claim { from: "feed:source", text: Text::plain(title.clone()) });
    }
    if let Some(more) = &mut entry.more
        && (href.is_some() || title.is_some())
    {
        more.source.get_or_insert(Origin { title, href, ..Origin::default() });
    }
}

fn item_image(tree: &Tree<'_>, index: usize, entry: &mut Entry) {
    if let Some(image) = picture(tree, index) {
        let Image { url, width, height, alt, .. } = image;
        entry.image(ImageClaim { from: "feed:image", url, width, height, alt, ..ImageClaim::default() });
    }
}

/// An `image` element: with a `url` inside, or one that is its text, its `href` or `rdf:resource`.
fn picture(tree: &Tree<'_>, index: usize) -> Option<Image> {
    let url = tree
        .children(index)
        .filter(|&child| tree.node(child).local == "url")
        .find_map(|child| tree.text_address(child))
        .or_else(|| ["href", "url", "resource"].iter().find_map(|name| tree.address(index, name)))
        .or_else(|| tree.text_address(index))?;
    let size =
        |local: &str| tree.child_text(index, local).and_then(|size| size.parse().ok()).filter(|&size: &u32| size > 0);
    let alt = tree.child_text(index, "title").map(ToOwned::to_owned);
    Some(Image { url, width: size("width"), height: size("height"), alt, ..Image::default() })
}

/// Reads the attributes of a channel or of the root.
pub fn channel_attributes(tag: Tag<'_>, base: Option<&url::Url>, channel: &mut Channel) {
    if let Some(about) = attribute(tag.attributes, "about").filter(|about| !about.is_empty()) {
        channel.feed.id.get_or_insert_with(|| about.into_owned());
    }
    if let Some(href) = attribute(tag.attributes, "href")
        && let Some(url) = crate::address::resolve(base, &href)
    {
        channel.address("feed:link", url);
    }
}

/// Reads one field of a channel.
pub fn channel_field(tree: &mut Tree<'_>, index: usize, channel: &mut Channel) {
    let node = tree.node(index);
    match (node.ns, &*node.local) {
        (Ns::Plain | Ns::Atom, "title") => {
            let title = text::guessed(tree, index).map(|title| rebase::at_home(tree, index, title, true));
            if let Some(title) = title {
                channel.title("feed:title", title);
            }
        }
        (Ns::Plain, "link") => {
            if node.attribute("href").is_some() {
                atom::link(tree, index, channel);
            } else if let Some(url) = tree.text_address(index) {
                channel.address("feed:link", url);
            }
        }
        (Ns::Atom, "link") => {
            atom::link(tree, index, channel);
        }
        (Ns::Plain | Ns::Atom, "description" | "abstract") => {
            let found = text::html(tree, index).map(|text| rebase::at_home(tree, index, text, true));
            if let Some(text) = found {
                channel.summary("feed:description", text);
            }
        }
        (Ns::Plain | Ns::Atom, "language") => {
            if let Some(language) = tree.take(index) {
                channel.language("feed:language", language);
            }
        }
        (Ns::Plain | Ns::Atom, "copyright") => {
            let rights = text::plain(tree, index);
            if let Some(rights) = rights {
                channel.rights("feed:copyright", rights);
            }
        }
        (Ns::Plain | Ns::Atom, "managingeditor") => {
            if let Some(editor) = person::construct(tree, index) {
                channel.author("feed:managingEditor", editor);
            }
        }
        (Ns::Plain | Ns::Atom, "webmaster") => {
            if let Some(person) = person::construct(tree, index) {
                channel.publisher(person);
            }
        }
        (Ns::Plain | Ns::Atom, "pubdate") => {
            if let Some(date) = tree.take(index) {
                channel.published("feed:pubDate", date);
            }
        }
        (Ns::Plain | Ns::Atom, "lastbuilddate" | "date") => {
            if let Some(date) = tree.take(index) {
                channel.modified("feed:lastBuildDate", date);
            }
        }
        (Ns::Plain, "category") => category(tree, index, channel),
        (Ns::Plain, "generator") => {
            let generator = atom::generator(tree, index);
            channel.generator(generator);
        }
        (Ns::Plain, "image") => {
            if let Some(image) = picture(tree, index) {
                channel.feed.image_title = channel.feed.image_title.take().or_else(|| image.alt.clone());
                channel.picture("feed:image", image);
            }
        }
        (Ns::Plain, "ttl" | "skiphours" | "skipdays") => schedule::field(tree, index, channel),
        (Ns::Plain, "docs" | "cloud" | "textinput" | "inputform") => further(tree, index, channel),
        (Ns::Atom, "generator" | "icon") => atom::feed_field(tree, index, channel),
        (Ns::Plain | Ns::Atom, _) => {
            atom::field(tree, index, channel);
        }
        (Ns::Admin, "generatoragent") => {
            if let Some(url) = tree.address(index, "resource") {
                channel.generator(Generator { name: Some(url.clone()), url: Some(url), version: None });
            }
        }
        _ => extensions::channel_field(tree, index, channel),
    }
}

/// Fields of a channel that only `inspect` shows.
fn further(tree: &Tree<'_>, index: usize, channel: &mut Channel) {
    let Some(more) = &mut channel.more else { return };
    let node = tree.node(index);
    let text = |local: &str| tree.child_text(index, local).map(ToOwned::to_owned);
    match &*node.local {
        "docs" => more.docs = tree.text_address(index),
        "cloud" => {
            more.cloud = Some(Cloud {
                domain: node.owned("domain"),
                port: node.owned("port"),
                path: node.owned("path"),
                register_procedure: node.owned("registerprocedure"),
                protocol: node.owned("protocol"),
            });
        }
        _ => {
            let link = tree.child(index, "link").and_then(|link| tree.text_address(link));
            let input = TextInput { title: text("title"), description: text("description"), name: text("name"), link };
            if input != TextInput::default() {
                more.textinput = Some(input);
            }
        }
    }
}
