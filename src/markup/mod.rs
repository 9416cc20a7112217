//! HTML as text: the depth guard, the sanitizer, plain text, and `CleanHtml`.
//!
//! [`clean`] works in one pass over the text where the nesting is plain, which is so for nearly all
//! bodies of feeds. Only where tags are nested wrongly a tree is built (html5ever, by ammonia) to
//! find out what a browser would see. Its result goes through the same pass again, so that there is
//! one canonical form: cleaning twice changes nothing.

mod address;
mod attributes;
mod characters;
mod depth;
mod element;
mod image;
mod nesting;
mod player;
mod sanitize;
mod scan;
mod special;
pub(crate) mod steps;
mod text;

use std::borrow::Cow;

use url::Url;

pub use characters::fold_white_space;
pub use depth::depth_exceeds;
pub use image::{Picture, first_image, largest_candidate};
pub use text::{beginning_of_text, inline_text, text_len, to_text};

use address::Addresses;
use sanitize::{Mode, Outcome};

/// Which rules [`clean`] follows; kept with stored results, so that they can be made anew.
pub const CLEANER_VERSION: u32 = 1;

/// How deep elements may be nested before a document counts as hostile. Browsers draw the line here
/// too; html5ever needs quadratic time in the depth.
pub const DEPTH_LIMIT: usize = 512;

/// HTML that went through the sanitizer: what renderers may put into a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CleanHtml(String);

impl CleanHtml {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

/// Makes a fragment of HTML safe and plain.
///
/// What stays are ammonia's default elements and attributes, less `bdo` and `rtc`. Addresses come out
/// absolute and are http, https or mailto only. Scripts, forms, comments and tracking pixels are gone,
/// lazy pictures repaired, players are links, and no character is left that XML or the W3C's feed
/// validator refuses. Never fails; linear in the length of the text.
#[must_use]
pub fn clean(html: &str, base: Option<&Url>) -> CleanHtml {
    CleanHtml(cleaned(html, Addresses::Absolute(base)))
}

/// As [`clean`], for the eyes of an operator and never for a feed: addresses that need a base stay as they
/// stand, since none is known.
#[must_use]
pub fn clean_as_written(html: &str) -> String {
    cleaned(html, Addresses::AsWritten)
}

fn cleaned(html: &str, addresses: Addresses<'_>) -> String {
    match sanitize::pass(html, addresses, Mode::Strict) {
        Outcome::Done(text) => text.into_owned(),
        Outcome::Misnested => untangle(html, addresses),
    }
}

/// Cleans markup whose nesting only a tree builder understands.
fn untangle(html: &str, addresses: Addresses<'_>) -> String {
    let loose = sanitize::pass(html, addresses, Mode::Loose).text();
    let repaired = if depth_exceeds(loose.as_bytes(), DEPTH_LIMIT) {
        loose
    } else {
        Cow::Owned(sanitize::tree_builder().clean(&loose).to_string())
    };
    sanitize::pass(&repaired, addresses, Mode::Forced).text().into_owned()
}

#[cfg(test)]
mod tests;
