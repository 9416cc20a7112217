//! Start tags as they come out.

use super::address::{Addresses, push_address, shown};
use super::characters::{SUSPECT, decode_attribute, push_attribute_value};
use super::element::{Element, Holds, allowed};
use super::image::{is_tracking, source_of};
use super::scan::{Attribute, value_of};
use super::steps;

/// Writes the start tag of an allowed element into the empty `tag`: known attributes, once each, quoted.
pub(super) fn write_tag(tag: &mut String, element: Element, attributes: &[Attribute<'_>], addresses: Addresses<'_>) {
    let Some(name) = element.output_name() else { return };
    tag.push('<');
    tag.push_str(name);
    push_attributes(tag, element, attributes, addresses);
    tag.push('>');
}

/// Writes an `img`; `false`, with `tag` unfinished, where there is no picture for readers.
///
/// `source` is the address of a `picture`'s best source.
pub(super) fn write_picture(
    tag: &mut String,
    attributes: &[Attribute<'_>],
    source: Option<&str>,
    addresses: Addresses<'_>,
) -> bool {
    let Some(found) = source_of(attributes, source) else {
        return write_alternative(tag, attributes);
    };
    let Some(address) = shown(&found, addresses) else { return false };
    if is_tracking(&address, attributes) {
        return false;
    }
    tag.push_str("<img src=\"");
    push_attribute_value(tag, &address);
    tag.push('"');
    push_attributes(tag, Element::Img, attributes, addresses);
    tag.push('>');
    true
}

/// Writes an `img` that never had an address: browsers show its alternative text.
fn write_alternative(tag: &mut String, attributes: &[Attribute<'_>]) -> bool {
    let has_only_text = attributes.iter().all(|attribute| attribute.is("alt") || attribute.is("title"));
    let alternative = value_of(attributes, "alt").filter(|alt| has_only_text && !alt.trim().is_empty());
    let Some(alternative) = alternative else { return false };
    tag.push_str("<img alt=\"");
    let start = tag.len();
    push_value(tag, alternative);
    // of what may not come out nothing is left to show
    let is_visible = !tag[start..].trim().is_empty();
    tag.push_str("\">");
    is_visible
}

fn push_attributes(tag: &mut String, element: Element, attributes: &[Attribute<'_>], addresses: Addresses<'_>) {
    for (index, attribute) in attributes.iter().enumerate() {
        let mut lower = [0_u8; 8];
        let Some(name) = lower_name(attribute.name, &mut lower) else { continue };
        let holds = allowed(element, name);
        let is_picture_address = element == Element::Img && holds == Holds::Address;
        let repeats = || {
            steps::take(index);
            attributes[..index].iter().any(|earlier| earlier.is(name))
        };
        if holds == Holds::Nothing || is_picture_address || repeats() {
            continue;
        }
        let before = tag.len();
        tag.push(' ');
        tag.push_str(name);
        tag.push_str("=\"");
        if holds == Holds::Address {
            if !push_address(tag, attribute.value, addresses) {
                tag.truncate(before);
                continue;
            }
        } else {
            push_value(tag, attribute.value);
        }
        tag.push('"');
    }
}

/// A name in lower case; no name that is allowed has more than eight letters.
fn lower_name<'a>(name: &str, into: &'a mut [u8; 8]) -> Option<&'a str> {
    let slot = into.get_mut(..name.len())?;
    for (to, from) in slot.iter_mut().zip(name.bytes()) {
        *to = from.to_ascii_lowercase();
    }
    std::str::from_utf8(slot).ok()
}

fn push_value(tag: &mut String, value: &str) {
    if value.bytes().any(|byte| SUSPECT[usize::from(byte)] || matches!(byte, b'"' | b'>')) {
        push_attribute_value(tag, &decode_attribute(value));
    } else {
        tag.push_str(value);
    }
}
