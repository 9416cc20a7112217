//! RSS 2.0.

use std::collections::HashSet;

use super::xml::{Element, parse};
use super::{Findings, check_archive, value};

const ATOM: &str = "http://www.w3.org/2005/Atom";
const CONTENT: &str = "http://purl.org/rss/1.0/modules/content/";
const MEDIA: &str = "http://search.yahoo.com/mrss/";

pub fn check(text: &str, is_archive: bool, findings: &mut Findings) {
    let Some(root) = parse(text, findings) else {
        return;
    };
    findings.require(root.is("", "rss") && root.attr("version") == Some("2.0"), "root", "is not RSS 2.0");
    let channels: Vec<&Element> = root.children("", "channel").collect();
    let [channel] = channels[..] else {
        findings.add("root", "has not exactly one channel");
        return;
    };
    for name in ["title", "description"] {
        channel.one_text(("", name), "channel", findings);
    }
    let link = channel.one_text(("", "link"), "channel", findings);
    findings.require(value::is_web_address(link), "channel", format!("links to {link:?}"));
    let built = channel.one_text(("", "lastBuildDate"), "channel", findings);
    let built = value::rfc822(built);
    findings.require(built.is_some(), "channel", "has no valid lastBuildDate");
    let generator = channel.text_of("", "generator").unwrap_or_default();
    findings.require(!generator.contains(|c: char| c.is_ascii_digit()), "channel", "names a version");
    let own = channel.children(ATOM, "link").filter(|link| link.attr("rel") == Some("self"));
    let own: Vec<&str> = own.filter_map(|link| link.attr("href")).collect();
    findings.require(own.len() == 1 && value::is_web_address(own[0]), "channel", "does not name itself");

    check_archive(channel, is_archive, findings);

    let mut ids = HashSet::new();
    for (number, item) in channel.children("", "item").enumerate() {
        check_item(item, &format!("item {}", number + 1), &mut ids, findings);
    }
    let last = channel.elements.iter().rposition(|element| !element.is("", "item"));
    let first = channel.elements.iter().position(|element| element.is("", "item"));
    findings.require(first.is_none_or(|first| last < Some(first)), "channel", "has facts after its items");
}

fn check_item<'a>(item: &'a Element, place: &str, ids: &mut HashSet<&'a str>, findings: &mut Findings) {
    item.one_text(("", "title"), place, findings);
    let description = item.one_text(("", "description"), place, findings);
    value::check_html(place, description, findings);
    let id = item.one_text(("", "guid"), place, findings);
    findings.require(value::is_uri(id), place, format!("has the id {id:?}"));
    findings.require(ids.insert(id), place, format!("repeats the id {id}"));
    let permanent = item.children("", "guid").all(|guid| guid.attr("isPermaLink") == Some("false"));
    findings.require(permanent, place, "calls its id a link");
    let date = item.one_text(("", "pubDate"), place, findings);
    findings.require(value::rfc822(date).is_some(), place, format!("has the date {date:?}"));

    for name in ["link", "author", "pubDate", "source", "enclosure"] {
        findings.require(item.children("", name).count() <= 1, place, format!("repeats {name}"));
    }
    findings.require(item.text_of("", "author").is_none(), place, "has an author instead of a creator");
    let link = item.text_of("", "link");
    findings.require(link.is_none_or(value::is_web_address), place, format!("links to {link:?}"));
    for content in item.children(CONTENT, "encoded") {
        findings.require(!content.text.trim().is_empty(), place, "has empty content");
        value::check_html(place, &content.text, findings);
    }
    for source in item.children("", "source") {
        findings.require(source.attr("url").is_some_and(value::is_web_address), place, "has a source without address");
    }
    for enclosure in item.children("", "enclosure") {
        let media = enclosure.attr("type").unwrap_or_default();
        findings.require(
            media.starts_with("audio/") || media.starts_with("video/"),
            place,
            format!("encloses {media}"),
        );
        findings.require(enclosure.attr("length").is_some_and(|n| n.parse::<u64>().is_ok()), place, "has no length");
        findings.require(enclosure.attr("url").is_some_and(value::is_web_address), place, "encloses no address");
    }
    for media in item.children(MEDIA, "content") {
        check_media(media, place, findings);
    }
    for element in &item.elements {
        let filled = !element.text.trim().is_empty() || !element.elements.is_empty() || element.attr("url").is_some();
        findings.require(filled, place, format!("has an empty {}", element.name));
    }
}

/// Media RSS content, in RSS and Atom.
pub fn check_media(media: &Element, place: &str, findings: &mut Findings) {
    findings.require(media.attr("url").is_some_and(value::is_web_address), place, "has media without address");
    for name in ["width", "height", "fileSize"] {
        let number = media.attr(name);
        let sound = number.is_none_or(|number| number.parse::<u64>().is_ok_and(|number| number > 0));
        findings.require(sound, place, format!("has media with {name} {number:?}"));
    }
}
