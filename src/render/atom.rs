//! Atom 1.0 (RFC 4287), with Media RSS for pictures.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write;

use atom_syndication::extension::{Extension, ExtensionMap};
use atom_syndication::{Category, Content, Entry, Feed, Generator, Link, Person, Source, Text, TextType, WriteConfig};
use quick_xml::escape::escape;

use super::legal::escape_html;
use super::rss::ARCHIVES;
use super::view::{FeedView, ImageView, ItemView};
use super::{RenderError, in_batches};
use crate::model::{FeedSnapshot, Format};

const END: &[u8] = b"\n</feed>";

/// The writer would put it behind the entries.
const ARCHIVE: &[u8] = b"\n <fh:archive/>";

pub(super) fn write(snapshot: &FeedSnapshot, out: &mut dyn Write) -> Result<(), RenderError> {
    let view = FeedView::new(snapshot);
    let mut feed = feed(&view, snapshot);
    out.write_all(b"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n")?;
    let facts = if snapshot.archive.is_some() { ARCHIVE } else { b"" };
    in_batches(&snapshot.items, out, (facts, END), |batch, buffer| {
        feed.entries.clear();
        let base_url = &snapshot.site.base_url;
        feed.entries.extend(batch.iter().map(|item| entry(ItemView::new(item), &view, base_url)));
        let config = WriteConfig { write_document_declaration: false, indent_size: Some(1) };
        Ok(feed.write_with_config(buffer, config)?)
    })
}

fn feed(view: &FeedView<'_>, snapshot: &FeedSnapshot) -> Feed {
    let own = Some(Format::Atom.media_type());
    let mut links = vec![link("self", snapshot.address(Format::Atom), own)];
    let is_archive = snapshot.archive.is_some();
    for format in snapshot.feed.formats.iter().filter(|&&format| format != Format::Atom) {
        // an archive has no page, and its other formats are reached through theirs
        if !is_archive || *format == Format::Html {
            links.push(link("alternate", snapshot.main_address(*format), Some(format.media_type())));
        }
    }
    if is_archive {
        links.push(link("current", snapshot.main_address(Format::Atom), own));
    } else {
        links.extend(view.hub.map(|hub| link("hub", hub.to_owned(), None)));
    }
    links.extend(snapshot.previous_address(Format::Atom).map(|previous| link("prev-archive", previous, own)));
    let mut namespaces = BTreeMap::from([("media".to_owned(), "http://search.yahoo.com/mrss/".to_owned())]);
    if is_archive {
        namespaces.insert("fh".to_owned(), ARCHIVES.to_owned());
    }
    Feed {
        title: plain(&view.title, None),
        id: view.urn.to_string(),
        updated: view.updated,
        authors: vec![person(&view.author)],
        generator: Some(Generator { value: "Feedmill".to_owned(), ..Generator::default() }),
        icon: view.icon.map(str::to_owned),
        links,
        rights: view.rights.as_deref().map(|rights| plain(rights, None)),
        subtitle: view.description.as_deref().map(|description| plain(description, None)),
        namespaces,
        lang: view.language.as_deref().map(str::to_owned),
        ..Feed::default()
    }
}

fn entry(mut item: ItemView<'_>, feed: &FeedView<'_>, base_url: &str) -> Entry {
    let updated = item.updated();
    let lang = item.language.as_deref().filter(|lang| feed.language.as_deref() != Some(lang)).map(str::to_owned);
    let lang = lang.as_deref();
    let content = item.content();
    let mut summary = summary(&item, content.is_none(), lang);
    let content = match content {
        Some(html) => Some(("html", html.into_owned())),
        // an entry without a link must have content (RFC 4287 §4.1.2): the summary stands in
        None if item.url.is_none() && summary.is_some() => {
            summary.take().map(|text| (if text.r#type == TextType::Html { "html" } else { "text" }, text.value))
        }
        // as HTML, so that nobody wonders whether signs of it are markup
        None => summary.is_none().then(|| match escape_html(&item.title) {
            Cow::Borrowed(title) => ("text", title.to_owned()),
            Cow::Owned(title) => ("html", title),
        }),
    };
    Entry {
        title: plain(&item.title, lang),
        updated,
        authors: item
            .authors
            .iter()
            .filter_map(|author| {
                let name = author.name.as_ref()?;
                Some(Person { uri: author.url.map(str::to_owned), ..person(name) })
            })
            .collect(),
        links: links(&item),
        published: Some(item.published),
        rights: item.copyright.as_deref().map(|rights| plain(rights, None)),
        source: Some(source(&item, base_url)),
        extensions: media(&item),
        categories: item
            .tags
            .into_iter()
            .map(|tag| Category { term: tag.into_owned(), ..Category::default() })
            .collect(),
        id: item.id.into_owned(),
        summary,
        content: content.map(|(kind, value)| Content {
            value: Some(value),
            content_type: Some(kind.to_owned()),
            lang: lang.map(str::to_owned),
            ..Content::default()
        }),
        ..Entry::default()
    }
}

/// The summary: plain, or HTML where plain text would look like markup or has links to add.
fn summary(item: &ItemView<'_>, no_content: bool, lang: Option<&str>) -> Option<Text> {
    match item.summary_html(no_content)? {
        Cow::Borrowed(text) => Some(plain(text, lang)),
        Cow::Owned(html) => Some(Text { lang: lang.map(str::to_owned), ..Text::html(html) }),
    }
}

fn links(item: &ItemView<'_>) -> Vec<Link> {
    let mut links = Vec::new();
    links.extend(item.url.map(|url| link("alternate", url.to_owned(), None)));
    links.extend(item.external_url.map(|url| link("related", url.to_owned(), None)));
    links.extend(item.license.map(|url| link("license", url.to_owned(), None)));
    links.extend(item.attachments.iter().map(|attachment| Link {
        length: attachment.size.map(|size| size.to_string()),
        title: attachment.title.as_deref().map(str::to_owned),
        ..link("enclosure", attachment.url.to_owned(), Some(&attachment.media_type))
    }));
    links.extend(item.also_at.iter().map(|also| Link {
        title: Some(also.title.as_ref().unwrap_or(&also.outlet).to_string()),
        ..link("related", also.url.to_owned(), None)
    }));
    links
}

/// Where the entry was taken from; it carries the outlet as author where no person is named.
fn source(item: &ItemView<'_>, base_url: &str) -> Source {
    let named = item.authors.iter().any(|author| author.name.is_some());
    let mut links = Vec::new();
    links.extend(item.source.home.map(|home| link("alternate", home.to_owned(), None)));
    links.extend(item.source.url.map(|url| link("self", url.to_owned(), None)));
    Source {
        title: plain(&item.source.title, None),
        id: item.source_urn(base_url),
        updated: item.updated(),
        authors: if named { Vec::new() } else { vec![person(&item.source.title)] },
        links,
        ..Source::default()
    }
}

/// Media RSS for the picture, and for what plays: a link cannot tell how long.
fn media(item: &ItemView<'_>) -> ExtensionMap {
    let played = item.attachments.iter().filter_map(|attachment| {
        let media_type = escape(&*attachment.media_type).into_owned();
        let attrs = [
            ("url".to_owned(), escape(attachment.url).into_owned()),
            ("type".to_owned(), media_type),
            ("duration".to_owned(), attachment.duration?.to_string()),
        ];
        Some(content(BTreeMap::from(attrs), BTreeMap::new()))
    });
    let contents: Vec<Extension> = item.image.as_ref().map(picture).into_iter().chain(played).collect();
    if contents.is_empty() {
        return ExtensionMap::new();
    }
    ExtensionMap::from([("media".to_owned(), BTreeMap::from([("content".to_owned(), contents)]))])
}

fn content(attrs: BTreeMap<String, String>, children: BTreeMap<String, Vec<Extension>>) -> Extension {
    Extension { name: "media:content".to_owned(), value: None, attrs, children }
}

fn picture(image: &ImageView<'_>) -> Extension {
    // the writer escapes texts but not the attributes of extensions
    let mut attrs =
        BTreeMap::from([("url".to_owned(), escape(image.url).into_owned()), ("medium".to_owned(), "image".to_owned())]);
    attrs.extend(image.width.map(|width| ("width".to_owned(), width.to_string())));
    attrs.extend(image.height.map(|height| ("height".to_owned(), height.to_string())));
    let text = |name: &str, value: &str| {
        vec![Extension { name: name.to_owned(), value: Some(value.to_owned()), ..Extension::default() }]
    };
    let mut children = BTreeMap::new();
    if let Some(caption) = image.caption.as_ref().or(image.alt.as_ref()) {
        children.insert("description".to_owned(), text("media:description", caption));
    }
    if let Some(credit) = &image.credit {
        children.insert("credit".to_owned(), text("media:credit", credit));
    }
    content(attrs, children)
}

fn plain(text: &str, lang: Option<&str>) -> Text {
    Text { lang: lang.map(str::to_owned), ..Text::plain(text) }
}

fn person(name: &str) -> Person {
    Person { name: name.to_owned(), ..Person::default() }
}

fn link(rel: &str, href: String, mime_type: Option<&str>) -> Link {
    Link { href, rel: rel.to_owned(), mime_type: mime_type.map(str::to_owned), ..Link::default() }
}
