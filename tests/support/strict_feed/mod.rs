//! Our own checker of what is published: independent of the code that writes it.
//!
//! It knows the musts of RSS 2.0, RFC 4287 and JSON Feed 1.1, and the rules that this project sets
//! itself beyond them. A finding is one line of text; no finding means that a document is sound.

mod atom;
mod json;
mod rss;
mod value;
mod xml;

/// What is wrong with a document; its kind goes by the extension of `name`.
#[must_use]
pub fn check(name: &str, bytes: &[u8]) -> Vec<String> {
    let mut findings = Findings(Vec::new());
    match std::str::from_utf8(bytes) {
        Err(error) => findings.add("document", format!("is not UTF-8: {error}")),
        Ok(text) => {
            if let Some(c) = text.chars().find(|&c| value::is_forbidden(c)) {
                findings.add("document", format!("holds the character {c:?}"));
            }
            match name.rsplit('.').next().unwrap_or_default() {
                "rss" => rss::check(text, name.starts_with("archive/"), &mut findings),
                "atom" => atom::check(text, name.starts_with("archive/"), &mut findings),
                "json" => json::check(text, &mut findings),
                "html" => check_page(text, &mut findings),
                "opml" => check_opml(text, &mut findings),
                other => findings.add("document", format!("is of no known kind: {other}")),
            }
        }
    }
    findings.0.into_iter().map(|finding| format!("{name}: {finding}")).collect()
}

/// The findings so far.
struct Findings(Vec<String>);

impl Findings {
    fn add(&mut self, place: &str, what: impl std::fmt::Display) {
        self.0.push(format!("{place} {what}"));
    }

    fn require(&mut self, sound: bool, place: &str, what: impl std::fmt::Display) {
        if !sound {
            self.add(place, what);
        }
    }
}

/// RFC 5005 §4: what an archive must say of itself, and a main document must not.
fn check_archive(feed: &xml::Element, is_archive: bool, findings: &mut Findings) {
    const HISTORY: &str = "http://purl.org/syndication/history/1.0";
    let links = |rel: &str| {
        let of_rel = feed.children("http://www.w3.org/2005/Atom", "link").filter(|link| link.attr("rel") == Some(rel));
        of_rel.map(|link| link.attr("href").unwrap_or_default()).collect::<Vec<_>>()
    };
    findings.require((feed.children(HISTORY, "archive").count() == 1) == is_archive, "feed", "is an archive or not");
    findings.require((links("current").len() == 1) == is_archive, "feed", "does not name the current document");
    let (own, previous) = (links("self"), links("prev-archive"));
    findings.require(previous.len() <= 1 && previous.iter().all(|one| !own.contains(one)), "feed", "has no sound past");
    findings.require(!is_archive || links("hub").is_empty(), "feed", "never changes and has a hub");
    for href in links("hub").into_iter().chain(previous) {
        findings.require(value::is_web_address(href), "feed", format!("links to {href:?}"));
    }
}

fn check_page(text: &str, findings: &mut Findings) {
    findings.require(text.starts_with("<!DOCTYPE html>\n<html"), "page", "does not begin as a page");
    findings.require(text.ends_with("</html>\n"), "page", "does not end as a page");
    findings.require(text.contains("<meta charset=\"utf-8\">"), "page", "does not declare its encoding");
    findings.require(text.contains("content=\"default-src 'none';"), "page", "has no strict policy");
    findings.require(!text.contains("unsafe-inline"), "page", "allows inline code");
    // the one link to a place on the page itself: for those who go through it by keys
    let skip = text.split_once("class=\"skip\" href=\"#").and_then(|(_, rest)| rest.split_once('"'));
    let target = skip.map_or("", |(target, _)| target);
    findings.require(text.contains(&format!(" id=\"{target}\"")), "page", "skips to nowhere");
    value::check_html("page", &text.replacen(&format!("href=\"#{target}\""), "", 1), findings);
}

fn check_opml(text: &str, findings: &mut Findings) {
    let Some(root) = xml::parse(text, findings) else {
        return;
    };
    findings.require(root.is("", "opml") && root.attr("version") == Some("2.0"), "root", "is not OPML 2.0");
    let outlines: Vec<_> = root.children("", "body").flat_map(|body| body.children("", "outline")).collect();
    for outline in outlines {
        findings.require(outline.attr("text").is_some_and(|text| !text.trim().is_empty()), "outline", "has no text");
        let (address, other) = if outline.attr("type") == Some("link") { ("url", "xmlUrl") } else { ("xmlUrl", "url") };
        findings.require(outline.attr(address).is_some_and(value::is_web_address), "outline", "has no address");
        findings.require(outline.attr(other).is_none(), "outline", "is page and feed at once");
    }
}
