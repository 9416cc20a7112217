//! RSS 2.0 (<https://www.rssboard.org/rss-specification>), with content, dc, media and atom.

use std::collections::BTreeMap;
use std::io::Write;

use memchr::memmem;
use rss::extension::atom::{AtomExtension, Link};
use rss::extension::dublincore::DublinCoreExtension;
use rss::extension::{Extension, ExtensionMap};
use rss::{Category, Channel, Enclosure, Guid, Image, Item, Source};

use super::legal::escape_html;
use super::value::rfc822;
use super::view::{AttachmentView, FeedView, ImageView, ItemView};
use super::{RenderError, in_batches};
use crate::model::{FeedSnapshot, Format};

/// RFC 5005 §4.
pub(super) const ARCHIVES: &str = "http://purl.org/syndication/history/1.0";

/// Declared whether used or not, so that the first picture changes no other line.
const NAMESPACES: [(&str, &str); 4] = [
    ("atom", "http://www.w3.org/2005/Atom"),
    ("content", "http://purl.org/rss/1.0/modules/content/"),
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("media", "http://search.yahoo.com/mrss/"),
];

/// How an item's title begins; the channel's stands less deep.
const TITLE: &[u8] = b"\n   <title>";

const END: &[u8] = b"\n </channel>\n</rss>";

pub(super) fn write(snapshot: &FeedSnapshot, out: &mut dyn Write) -> Result<(), RenderError> {
    let feed = FeedView::new(snapshot);
    let mut channel = channel(&feed, snapshot);
    in_batches(&snapshot.items, out, (b"", END), |batch, buffer| {
        channel.items.clear();
        channel.items.extend(batch.iter().map(|stored| item(ItemView::new(stored), &feed)));
        let bytes = channel.pretty_write_to(buffer, b' ', 1)?;
        let marked = batch.iter().any(|item| item.title.contains(['<', '&']));
        Ok(if marked { with_plain_titles(&bytes) } else { bytes })
    })
}

/// Writes `<` and `&` of headlines as hexadecimal references.
///
/// Readers disagree on whether a title is HTML; the references say that it is plain text (RSS
/// Profile, <https://www.rssboard.org/rss-profile#data-types-characterdata>).
fn with_plain_titles(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len() + 256);
    let mut copied = 0;
    for start in memmem::find_iter(bytes, TITLE) {
        let end = memmem::find(&bytes[start..], b"</title>").map_or(bytes.len(), |length| start + length);
        while let Some(at) = memmem::find(&bytes[copied.max(start)..end], b"&").map(|at| copied.max(start) + at) {
            plain.extend_from_slice(&bytes[copied..at]);
            let (written, length): (&[u8], usize) = match &bytes[at..end] {
                rest if rest.starts_with(b"&lt;") => (b"&#x3C;", 4),
                rest if rest.starts_with(b"&amp;") => (b"&#x26;", 5),
                _ => (b"&", 1),
            };
            plain.extend_from_slice(written);
            copied = at + length;
        }
    }
    plain.extend_from_slice(&bytes[copied..]);
    plain
}

fn channel(feed: &FeedView<'_>, snapshot: &FeedSnapshot) -> Channel {
    let link = |rel: &str, href: String, typed: bool| Link {
        href,
        rel: rel.to_owned(),
        mime_type: typed.then(|| Format::Rss.media_type().to_owned()),
        ..Link::default()
    };
    let mut links = vec![link("self", snapshot.address(Format::Rss), true)];
    if snapshot.archive.is_some() {
        links.push(link("current", snapshot.main_address(Format::Rss), true));
    } else {
        links.extend(feed.hub.map(|hub| link("hub", hub.to_owned(), false)));
    }
    links.extend(snapshot.previous_address(Format::Rss).map(|previous| link("prev-archive", previous, true)));
    let mut extensions = ExtensionMap::new();
    let mut namespaces = BTreeMap::from(NAMESPACES.map(|(prefix, uri)| (prefix.to_owned(), uri.to_owned())));
    if snapshot.archive.is_some() {
        namespaces.insert("fh".to_owned(), ARCHIVES.to_owned());
        let archive = Extension { name: "fh:archive".to_owned(), ..Extension::default() };
        extensions.insert("fh".to_owned(), BTreeMap::from([("archive".to_owned(), vec![archive])]));
    }
    Channel {
        title: feed.title.to_string(),
        link: feed.home.clone(),
        description: feed.description.as_ref().unwrap_or(&feed.title).to_string(),
        language: feed.language.as_deref().map(str::to_owned),
        copyright: feed.rights.as_deref().map(str::to_owned),
        last_build_date: Some(rfc822(feed.updated)),
        generator: Some("Feedmill".to_owned()),
        image: feed.icon.filter(|icon| is_channel_image(icon)).map(|icon| Image {
            url: icon.to_owned(),
            title: feed.title.to_string(),
            link: feed.home.clone(),
            ..Image::default()
        }),
        atom_ext: Some(AtomExtension { links }),
        extensions,
        namespaces,
        ..Channel::default()
    }
}

/// A channel's image is a GIF, JPEG or PNG.
fn is_channel_image(url: &str) -> bool {
    let extension = url.rsplit_once('.').map_or("", |(_, extension)| extension);
    ["gif", "jpg", "jpeg", "png"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

fn item(mut item: ItemView<'_>, feed: &FeedView<'_>) -> Item {
    let content = item.content();
    let description = item.summary_html(content.is_none()).unwrap_or_else(|| escape_html(&item.title));
    let description = description.into_owned();
    let enclosed = item.attachments.iter().position(|attachment| is_audible_or_visible(attachment));
    let language = item.language.as_deref().filter(|language| feed.language.as_deref() != Some(language));
    let dublin_core = DublinCoreExtension {
        creators: item.authors.iter().filter_map(|author| author.name.as_deref().map(str::to_owned)).collect(),
        languages: language.map(str::to_owned).into_iter().collect(),
        rights: item.copyright.as_deref().into_iter().chain(item.license).map(str::to_owned).collect(),
        ..DublinCoreExtension::default()
    };
    Item {
        enclosure: enclosed.map(|at| enclosure(&item.attachments[at])),
        extensions: media(&item, enclosed),
        title: Some(item.title.into_owned()),
        link: item.url.map(str::to_owned),
        description: Some(description),
        categories: item.tags.into_iter().map(|tag| Category { name: tag.into_owned(), domain: None }).collect(),
        guid: Some(Guid { value: item.id.into_owned(), permalink: false }),
        pub_date: Some(rfc822(item.published)),
        source: item.source.url.map(|url| Source { url: url.to_owned(), title: Some(item.source.title.to_string()) }),
        content: content.map(std::borrow::Cow::into_owned),
        dublin_core_ext: (dublin_core != DublinCoreExtension::default()).then_some(dublin_core),
        ..Item::default()
    }
}

fn is_audible_or_visible(attachment: &AttachmentView<'_>) -> bool {
    attachment.media_type.starts_with("audio/") || attachment.media_type.starts_with("video/")
}

fn enclosure(attachment: &AttachmentView<'_>) -> Enclosure {
    Enclosure {
        url: attachment.url.to_owned(),
        // 0 stands for unknown: the attribute is required
        length: attachment.size.unwrap_or(0).to_string(),
        mime_type: attachment.media_type.to_string(),
    }
}

/// Media RSS for the picture, and for attachments beyond the one enclosure that an item may have.
fn media(item: &ItemView<'_>, enclosed: Option<usize>) -> ExtensionMap {
    let picture = item.image.as_ref().map(picture);
    // an enclosure cannot tell how long it plays
    let others =
        item.attachments.iter().enumerate().filter(|(at, one)| Some(*at) != enclosed || one.duration.is_some());
    let contents: Vec<Extension> = picture.into_iter().chain(others.map(|(_, other)| file(other))).collect();
    let mut extensions = ExtensionMap::new();
    if !contents.is_empty() {
        extensions.insert("media".to_owned(), BTreeMap::from([("content".to_owned(), contents)]));
    }
    extensions
}

fn picture(image: &ImageView<'_>) -> Extension {
    let mut attrs =
        BTreeMap::from([("url".to_owned(), image.url.to_owned()), ("medium".to_owned(), "image".to_owned())]);
    attrs.extend(image.width.map(|width| ("width".to_owned(), width.to_string())));
    attrs.extend(image.height.map(|height| ("height".to_owned(), height.to_string())));
    let mut children = BTreeMap::new();
    if let Some(text) = image.caption.as_ref().or(image.alt.as_ref()) {
        children.insert("description".to_owned(), vec![text_element("media:description", text)]);
    }
    if let Some(credit) = &image.credit {
        children.insert("credit".to_owned(), vec![text_element("media:credit", credit)]);
    }
    Extension { name: "media:content".to_owned(), value: None, attrs, children }
}

fn file(attachment: &AttachmentView<'_>) -> Extension {
    let mut attrs = BTreeMap::from([
        ("url".to_owned(), attachment.url.to_owned()),
        ("type".to_owned(), attachment.media_type.to_string()),
    ]);
    attrs.extend(attachment.size.map(|size| ("fileSize".to_owned(), size.to_string())));
    attrs.extend(attachment.duration.map(|duration| ("duration".to_owned(), duration.to_string())));
    let mut children = BTreeMap::new();
    if let Some(title) = &attachment.title {
        children.insert("title".to_owned(), vec![text_element("media:title", title)]);
    }
    Extension { name: "media:content".to_owned(), value: None, attrs, children }
}

fn text_element(name: &str, text: &str) -> Extension {
    Extension { name: name.to_owned(), value: Some(text.to_owned()), ..Extension::default() }
}
