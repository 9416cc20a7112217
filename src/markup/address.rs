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
    let Some(rest) = written.strip_prefix("https://").or_else(|| written.strip_prefix("http://")) else { return false };
    let bytes = rest.as_bytes();
    let host = bytes.iter().position(|byte| !HOST[usize::from(*byte)]).unwrap_or(bytes.len());
    // without a path, and with a port or a user, the address may have another canonical form
    if host == 0 || bytes.get(host) != Some(&b'/') || bytes[host - 1] == b'.' || rest[host..].contains("/.") {
        return false;
    }
    let mut at = host;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'&' if bytes[at..].starts_with(b"&amp;") => {}
            b'%' if bytes.get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)) => {}
            byte if !PATH[usize::from(*byte)] => return false,
            _ => {}
        }
        at += 1;
    }
    true
}

const HOST: [bool; 256] = letters(b"0123456789.-", false);
/// The unreserved and reserved characters of RFC 3986 §2.2, less those that `url` may write otherwise.
const PATH: [bool; 256] = letters(b"0123456789-._~:/?#@!$()*+,;=", true);

const fn letters(others: &[u8], upper: bool) -> [bool; 256] {
    let mut table = [false; 256];
    let mut index = 0;
    while index < 26 {
        table[b'a' as usize + index] = true;
        table[b'A' as usize + index] = upper;
        index += 1;
    }
    let mut index = 0;
    while index < others.len() {
        table[others[index] as usize] = true;
        index += 1;
    }
    table
}
