//! Addresses inside of markup.

use url::Url;

use super::characters::{decode_attribute, is_refused, push_attribute_value};
use crate::address;

/// What becomes of addresses that are not absolute.
#[derive(Clone, Copy, Debug)]
pub(super) enum Addresses<'a> {
    /// They are resolved against the base, or fall.
    Absolute(Option<&'a Url>),
    /// They stay as they stand: nothing is known that would resolve them.
    AsWritten,
}

/// Appends an address, escaped for an attribute. `false` where it has no form that may be shown.
pub(super) fn push_address(into: &mut String, written: &str, addresses: Addresses<'_>) -> bool {
    if is_canonical(written) {
        into.push_str(written);
        return true;
    }
    let Some(address) = shown(&decode_attribute(written), addresses) else { return false };
    push_attribute_value(into, &address);
    true
}

/// The form in which an address comes out whose references are decoded.
pub(super) fn shown(decoded: &str, addresses: Addresses<'_>) -> Option<String> {
    let trimmed = decoded.trim();
    if trimmed.is_empty() {
        return None;
    }
    if trimmed.contains(|character: char| is_refused(character) || matches!(character, '\n' | '\t')) {
        let kept: String = trimmed.chars().filter(|c| !is_refused(*c) && !matches!(c, '\n' | '\t')).collect();
        return settled(&kept, addresses);
    }
    settled(trimmed, addresses)
}

fn settled(address: &str, addresses: Addresses<'_>) -> Option<String> {
    match addresses {
        Addresses::Absolute(base) => address::resolve(base, address),
        // read as browsers read it, so that no scheme hides in it
        Addresses::AsWritten => address::resolve(None, address).or_else(|| {
            let is_relative = Url::parse(address) == Err(url::ParseError::RelativeUrlWithoutBase);
            is_relative.then(|| address.to_owned())
        }),
    }
}

/// Whether an attribute's value, as written, is the absolute http or https address that would come out:
/// the common case, told without parsing.
fn is_canonical(written: &str) -> bool {
    let is_escaped = |at: usize| written[at..].starts_with("&amp;");
    address::is_settled(written) && memchr::memchr_iter(b'&', written.as_bytes()).all(is_escaped)
}
