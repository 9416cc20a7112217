//! Elements of the pass that are more than tags: pictures, players, `noscript`, forms.

use memchr::memmem;

use super::attributes::write_picture;
use super::characters::decode_attribute;
use super::element::Element;
use super::image::{largest_candidate, source_of};
use super::player;
use super::sanitize::{Mode, Pass, Step};
use super::scan::{skip_past_end_tag, value_of};
use super::text::text_len;

/// The longest form that is thrown away with all that it holds: one for a newsletter or a search. Whole
/// pages stand in forms too.
const SMALL_FORM: usize = 4096;

/// The longest `noscript` that is looked into for a picture.
const SMALL_NOSCRIPT: usize = 4096;

impl Pass<'_> {
    pub(super) fn picture(&mut self, end: usize) -> Step {
        self.tag.clear();
        let source = self.source.take();
        let shown = write_picture(&mut self.tag, &self.attributes, source.as_deref(), self.addresses);
        self.lost_picture = !shown && source_of(&self.attributes, source.as_deref()).is_none();
        if shown && self.open(Element::Img)? {
            self.replace_by_tag(end);
        } else {
            self.replace(end, "");
        }
        Some(())
    }

    pub(super) fn remember_source(&mut self) {
        let set = ["srcset", "data-srcset"].iter().find_map(|name| value_of(&self.attributes, name));
        if let Some(set) = set.filter(|_| self.source.is_none()) {
            self.source = largest_candidate(&decode_attribute(set)).map(str::to_owned);
        }
    }

    pub(super) fn player(&mut self, element: Element, end: usize) -> Step {
        let html = self.html;
        let name = match element {
            Element::Iframe => "iframe",
            Element::Video => "video",
            Element::Audio => "audio",
            _ => "",
        };
        // written as XML, a frame holds nothing; one that never ends would hide all the rest
        let is_empty = name.is_empty() || element == Element::Iframe && html.as_bytes()[end - 2] == b'/';
        let content_end = if is_empty { None } else { self.end_of(element, name, end) };
        let (content, after) = match content_end {
            Some(found) => (&html[end..found], skip_past_end_tag(html, found, name)),
            None => ("", end),
        };
        self.tag.clear();
        let is_only_content = player::write_link(&mut self.tag, &self.attributes, content, self.addresses);
        let after = if is_only_content { end } else { after };
        let inside_link = self.mode != Mode::Loose && self.nesting.is_inside(Element::A);
        if self.tag.is_empty() || inside_link || !self.open(Element::A)? {
            self.replace(after, "");
            return Some(());
        }
        if self.mode != Mode::Loose {
            self.nesting.end(Element::A);
        }
        self.replace_by_tag(after);
        Some(())
    }

    /// What browsers without scripts see: wanted only where it brings a picture that was not there.
    pub(super) fn noscript(&mut self, end: usize) {
        let wanted = std::mem::take(&mut self.lost_picture);
        // only near: what is let through is searched again
        let near = &self.html.as_bytes()[end..self.html.len().min(end + SMALL_NOSCRIPT)];
        let content = memmem::find(near, b"</noscript").map_or(&[][..], |close| &near[..close]);
        let content = &self.html[end..end + content.len()];
        // what is said to readers without scripts is no part of a story
        let has_picture = content.contains("<img") && text_len(content) == 0;
        let after = if wanted && has_picture { end } else { self.after_content(Element::Noscript, "noscript", end) };
        self.replace(after, "");
    }

    pub(super) fn form(&mut self, end: usize) {
        let bytes = self.html.as_bytes();
        let window = &bytes[end..bytes.len().min(end + SMALL_FORM)];
        let after =
            memmem::find(window, b"</form").filter(|close| memmem::find(&window[..*close], b"<input").is_some());
        let after = after.map_or(end, |close| skip_past_end_tag(self.html, end + close, "form"));
        self.replace(after, "");
    }
}
