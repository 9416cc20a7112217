//! Pictures: lazy ones repaired, tracking pixels told apart.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::characters::{decode_attribute, fold_white_space};
use super::scan::{Attribute, StartTags, value_of};

/// Attributes that scripts take a picture's real address from, best first.
const LAZY: [&str; 9] = [
    "data-src",
    "data-lazy-src",
    "data-original",
    "data-lazy",
    "data-full-src",
    "data-hi-res-src",
    "data-orig-file",
    "data-img-src",
    "data-url",
];
const LAZY_SETS: [&str; 3] = ["data-srcset", "data-lazy-srcset", "srcset"];

/// Names of files that stand in until the picture is there, or that only make room.
const PLACEHOLDERS: [&str; 10] = [
    "placeholder",
    "blank.gif",
    "blank.png",
    "spacer.gif",
    "spacer.png",
    "transparent.gif",
    "transparent.png",
    "1x1.",
    "lazy-load",
    "loading.gif",
];

/// Hosts and paths whose pictures are there to count readers.
static TRACKERS: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    let lines = include_str!("trackers.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split_at(line.find('/').unwrap_or(line.len()))).collect()
});

/// The first real picture of a text, as written but for entities.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// Perhaps relative.
    pub address: String,
    pub alt: Option<String>,
    /// Pixels, above 0.
    pub width: Option<u32>,
    pub height: Option<u32>,
}

/// The first picture that is no tracking pixel, icon or placeholder.
#[must_use]
pub fn first_image(html: &str) -> Option<Picture> {
    let mut tags = StartTags::new(html);
    let mut picture_source: Option<String> = None;
    while let Some(name) = tags.advance() {
        if tags.left_picture || name.eq_ignore_ascii_case("picture") {
            picture_source = None;
        }
        if name.eq_ignore_ascii_case("source") {
            let set = LAZY_SETS.iter().find_map(|set| value_of(&tags.attributes, set));
            picture_source = picture_source
                .or_else(|| set.and_then(|set| largest_candidate(&decode_attribute(set)).map(str::to_owned)));
        }
        if !name.eq_ignore_ascii_case("img") {
            continue;
        }
        let attributes = &tags.attributes;
        let source = picture_source.take();
        let Some(address) = source_of(attributes, source.as_deref()) else { continue };
        if is_tracking(&address, attributes) || is_emoji(&address, attributes) {
            continue;
        }
        let alt = value_of(attributes, "alt").map(|alt| fold_white_space(&decode_attribute(alt)));
        return Some(Picture {
            address: address.trim().to_owned(),
            alt: alt.filter(|alt| !alt.is_empty()),
            width: pixels(attributes, "width").filter(|pixels| *pixels > 0),
            height: pixels(attributes, "height").filter(|pixels| *pixels > 0),
        });
    }
    None
}

/// The address of the largest candidate of a `srcset` (HTML §4.8.4.2.1).
#[must_use]
pub fn largest_candidate(set: &str) -> Option<&str> {
    let mut best: Option<(&str, f64)> = None;
    let mut rest = set;
    loop {
        rest = rest.trim_start_matches(|character: char| character.is_whitespace() || character == ',');
        if rest.is_empty() {
            return best.map(|(address, _)| address);
        }
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let address = word.trim_end_matches(',');
        let mut size = 1.0;
        rest = after;
        if address.len() == word.len() {
            let (descriptor, after) = after.split_at(after.find(',').unwrap_or(after.len()));
            let number = descriptor.trim().trim_end_matches(['w', 'x', 'h']);
            size = number.parse().unwrap_or(1.0);
            rest = after;
        }
        if !address.is_empty() && !address.starts_with("data:") && best.is_none_or(|(_, largest)| size > largest) {
            best = Some((address, size));
        }
    }
}

/// The address that a picture has once its page's scripts ran; references decoded.
pub(super) fn source_of<'a>(attributes: &[Attribute<'a>], picture: Option<&str>) -> Option<Cow<'a, str>> {
    let written = value_of(attributes, "src").map(decode_attribute).filter(|src| !src.trim().is_empty());
    if let Some(src) = &written
        && !is_placeholder(src)
    {
        return written;
    }
    let largest = LAZY_SETS.iter().find_map(|name| {
        let set = decode_attribute(value_of(attributes, name)?);
        largest_candidate(&set).filter(|address| !is_placeholder(address)).map(str::to_owned)
    });
    if let Some(largest) = largest {
        return Some(Cow::Owned(largest));
    }
    let lazy = LAZY.iter().find_map(|name| value_of(attributes, name)).map(decode_attribute);
    let lazy = lazy.filter(|lazy| !lazy.trim().is_empty() && !is_placeholder(lazy));
    lazy.or_else(|| picture.map(|address| Cow::Owned(address.to_owned())))
}

fn is_placeholder(address: &str) -> bool {
    let address = address.trim_start();
    if address.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:")) || address.starts_with("about:") {
        return true;
    }
    let path = &address[..address.find(['?', '#']).unwrap_or(address.len())];
    let file = path.rsplit('/').next().unwrap_or(path);
    PLACEHOLDERS.iter().any(|name| contains_ignoring_case(file, name))
}

/// Whether a picture is there to count readers: 1x1, not shown, or of a counter's host.
pub(super) fn is_tracking(address: &str, attributes: &[Attribute<'_>]) -> bool {
    let tiny = |name| pixels(attributes, name).map(|pixels| pixels <= 1);
    if matches!((tiny("width"), tiny("height")), (Some(true), None | Some(true)) | (None, Some(true))) {
        return true;
    }
    let hidden = value_of(attributes, "style").is_some_and(|style| {
        contains_ignoring_case(style, "display:none") || contains_ignoring_case(style, "display: none")
    });
    hidden || is_tracker(address)
}

/// Whether an address is one of a service that counts readers.
pub(super) fn is_tracker(address: &str) -> bool {
    let Some((_, rest)) = address.split_once("//") else { return false };
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    TRACKERS.iter().any(|(tracker, prefix)| {
        host.strip_suffix(tracker).is_some_and(|before| before.is_empty() || before.ends_with('.'))
            && path.starts_with(prefix)
    })
}

/// Whether a picture stands for a character.
fn is_emoji(address: &str, attributes: &[Attribute<'_>]) -> bool {
    let class =
        value_of(attributes, "class").is_some_and(|class| class.contains("emoji") || class.contains("wp-smiley"));
    class || address.contains("/emoji/") || pixels(attributes, "width").is_some_and(|width| width <= 24)
}

fn pixels(attributes: &[Attribute<'_>], name: &str) -> Option<u32> {
    value_of(attributes, name)?.trim().trim_end_matches("px").parse().ok()
}

fn contains_ignoring_case(text: &str, part: &str) -> bool {
    text.as_bytes().windows(part.len()).any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
}
