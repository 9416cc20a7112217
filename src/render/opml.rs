//! OPML 2.0 subscription lists (<http://opml.org/spec2.opml>): our feeds, and the sources.

use std::borrow::Cow;
use std::io::Write;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::RenderError;
use super::legal::line;
use super::value::language;
use crate::address::publishable;
use crate::model::{FeedInfo, Format, SiteInfo};

/// One subscription.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    pub title: String,
    /// The feed's address; a source that has none is left out.
    pub feed_url: String,
    pub home_page_url: Option<String>,
    pub description: Option<String>,
    pub language: Option<String>,
    /// `rss` for feeds of any format, as readers expect; else the kind of page.
    pub kind: &'static str,
}

/// Writes `feeds.opml`: the published feeds, in the first format that readers subscribe to.
///
/// # Errors
///
/// [`RenderError`], where `out` or a writer fails.
pub fn feeds_opml(site: &SiteInfo, feeds: &[FeedInfo], out: &mut dyn Write) -> Result<(), RenderError> {
    let outlines = feeds.iter().filter_map(|feed| {
        let format = *feed.formats.iter().find(|&&format| format != Format::Html)?;
        let page = feed.formats.contains(&Format::Html).then(|| at(site, feed, Format::Html));
        Some(Outline {
            title: feed.title.clone(),
            feed_url: at(site, feed, format),
            home_page_url: page,
            description: feed.description.clone(),
            language: feed.language.clone(),
            kind: "rss",
        })
    });
    write(site, outlines, out)
}

/// Writes `sources.opml`: what is read.
///
/// # Errors
///
/// [`RenderError`], where `out` or a writer fails.
pub fn sources_opml(site: &SiteInfo, sources: &[Outline], out: &mut dyn Write) -> Result<(), RenderError> {
    write(site, sources.iter().cloned(), out)
}

fn at(site: &SiteInfo, feed: &FeedInfo, format: Format) -> String {
    format!("{}{}.{}", site.base_url, feed.id, format.extension())
}

fn write(site: &SiteInfo, outlines: impl Iterator<Item = Outline>, out: &mut dyn Write) -> Result<(), RenderError> {
    let mut xml = Writer::new_with_indent(&mut *out, b' ', 1);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    xml.write_event(Event::Start(BytesStart::new("opml").with_attributes([("version", "2.0")])))?;
    xml.write_event(Event::Start(BytesStart::new("head")))?;
    text_element(&mut xml, "title", &site.title)?;
    if let Some(author) = &site.author {
        text_element(&mut xml, "ownerName", author)?;
    }
    xml.write_event(Event::End(BytesEnd::new("head")))?;
    xml.write_event(Event::Start(BytesStart::new("body")))?;
    for outline in outlines {
        write_outline(&mut xml, &outline)?;
    }
    xml.write_event(Event::End(BytesEnd::new("body")))?;
    xml.write_event(Event::End(BytesEnd::new("opml")))?;
    out.write_all(b"\n")?;
    Ok(())
}

fn text_element<W: Write>(xml: &mut Writer<W>, name: &str, text: &str) -> Result<(), RenderError> {
    if let Some(text) = line(text) {
        xml.write_event(Event::Start(BytesStart::new(name)))?;
        xml.write_event(Event::Text(BytesText::new(&text)))?;
        xml.write_event(Event::End(BytesEnd::new(name)))?;
    }
    Ok(())
}

fn write_outline<W: Write>(xml: &mut Writer<W>, outline: &Outline) -> Result<(), RenderError> {
    let Some(feed_url) = publishable(&outline.feed_url) else {
        return Ok(());
    };
    let title = line(&outline.title).unwrap_or(Cow::Borrowed(feed_url));
    let mut element = BytesStart::new("outline");
    element.push_attribute(("type", outline.kind));
    element.push_attribute(("text", &*title));
    element.push_attribute(("title", &*title));
    // a page is no feed that readers could subscribe to
    element.push_attribute((if outline.kind == "link" { "url" } else { "xmlUrl" }, feed_url));
    if let Some(home) = outline.home_page_url.as_deref().and_then(publishable) {
        element.push_attribute(("htmlUrl", home));
    }
    if let Some(description) = outline.description.as_deref().and_then(line) {
        element.push_attribute(("description", &*description));
    }
    if let Some(language) = outline.language.as_deref().and_then(language) {
        element.push_attribute(("language", &*language));
    }
    xml.write_event(Event::Empty(element))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::tests::snapshot;
    use super::*;

    #[test]
    fn a_page_is_no_feed_in_the_list_of_sources() {
        let outline = |kind| Outline {
            title: "One".into(),
            feed_url: "https://o.example/one".into(),
            home_page_url: None,
            description: None,
            language: None,
            kind,
        };
        let mut list = Vec::new();
        sources_opml(&snapshot().site, &[outline("link"), outline("rss")], &mut list).expect("memory takes every byte");
        let list = String::from_utf8(list).expect("UTF-8");
        assert!(
            list.contains("<outline type=\"link\" text=\"One\" title=\"One\" url=\"https://o.example/one\"/>"),
            "{list}"
        );
        assert!(list.contains("<outline type=\"rss\" text=\"One\" title=\"One\" xmlUrl="), "{list}");
    }
}
