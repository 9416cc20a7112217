//! Bytes to text: which encoding a document is in, and what it says.
//!
//! The order (DESIGN §5.3): a byte order mark; else UTF-8 where the bytes are valid UTF-8, whatever
//! labels say; else the label of HTTP, of the XML declaration or `meta`; else detection.

mod ebcdic;
mod twice;

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use memchr::memmem;

/// A document's text and the encoding that it was read in.
#[derive(Debug)]
pub struct Decoded<'a> {
    pub text: Cow<'a, str>,
    /// Lower case: `utf-8`, `windows-1251`.
    pub encoding: &'static str,
}

/// How far into a document a label is looked for.
const LABEL_WITHIN: usize = 2048;

/// The names that reports use; `encoding_rs` has them in mixed case.
const NAMES: [&str; 40] = [
    "utf-8",
    "ibm866",
    "iso-8859-2",
    "iso-8859-3",
    "iso-8859-4",
    "iso-8859-5",
    "iso-8859-6",
    "iso-8859-7",
    "iso-8859-8",
    "iso-8859-8-i",
    "iso-8859-10",
    "iso-8859-13",
    "iso-8859-14",
    "iso-8859-15",
    "iso-8859-16",
    "koi8-r",
    "koi8-u",
    "macintosh",
    "windows-874",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "windows-1258",
    "x-mac-cyrillic",
    "gbk",
    "gb18030",
    "big5",
    "euc-jp",
    "iso-2022-jp",
    "shift_jis",
    "euc-kr",
    "replacement",
    "utf-16be",
    "utf-16le",
    "x-user-defined",
];

/// Decodes a whole body; `http` is the `charset` parameter of its `Content-Type`.
///
/// Never fails: what no encoding explains is kept as windows-1252. Text that was encoded to UTF-8
/// twice is what it was before. Control characters that XML
/// 1.0 §2.2 forbids are dropped; those from U+0080 to U+009F are windows-1252 that was taken for
/// Latin 1 and are read as what was meant.
#[must_use]
pub fn decode<'a>(bytes: &'a [u8], http: Option<&str>) -> Decoded<'a> {
    let mut decoded = decode_exactly(bytes, http);
    if decoded.encoding == "utf-8"
        && let Some(text) = twice::undone(&decoded.text)
    {
        decoded.text = Cow::Owned(text);
    }
    if has_controls(decoded.text.as_bytes()) {
        decoded.text = Cow::Owned(mended(&decoded.text));
    }
    decoded
}

/// As [`decode`], but mends no characters: for documents that are sound.
fn decode_exactly<'a>(bytes: &'a [u8], http: Option<&str>) -> Decoded<'a> {
    if let Some(decoded) = by_wide_units(bytes).or_else(|| ebcdic::decode(bytes)) {
        return decoded;
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let http = http.and_then(|label| Encoding::for_label(label.as_bytes()));
    let inside = label_inside(bytes).and_then(|label| Encoding::for_label(label.trim_ascii()));
    let labels = by_trust(http, inside);
    if let Some(text) = UTF_8.decode_without_bom_handling_and_without_replacement(bytes) {
        // The one common encoding whose bytes are all ASCII, hence valid UTF-8.
        let is_jis = labels.contains(&Some(ISO_2022_JP)) && memchr::memchr(0x1B, bytes).is_some();
        return if is_jis { with(ISO_2022_JP, bytes) } else { found(text, UTF_8) };
    }
    if mostly_utf8(bytes) {
        return found(Cow::Owned(mended_utf8(bytes)), UTF_8);
    }
    let mut first = None;
    for encoding in labels.into_iter().flatten().filter(|&label| label != UTF_8 && label.is_ascii_compatible()) {
        let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
        if !had_errors {
            return found(text, encoding);
        }
        first.get_or_insert(encoding);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    let (text, had_errors) = guess.decode_without_bom_handling(bytes);
    match first {
        // A guess that explains no more than the label does not beat it.
        Some(labelled) if had_errors => with(labelled, bytes),
        _ => found(text, guess),
    }
}

/// Labels in the order of belief: servers send their default, Latin 1, for documents that know better.
fn by_trust(http: Option<&'static Encoding>, inside: Option<&'static Encoding>) -> [Option<&'static Encoding>; 2] {
    if http == Some(WINDOWS_1252) { [inside, http] } else { [http, inside] }
}

fn with<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Decoded<'a> {
    found(encoding.decode_without_bom_handling(bytes).0, encoding)
}

fn found<'a>(text: Cow<'a, str>, encoding: &'static Encoding) -> Decoded<'a> {
    let name = NAMES.iter().find(|name| name.eq_ignore_ascii_case(encoding.name()));
    Decoded { text, encoding: name.copied().unwrap_or("utf-8") }
}

/// UTF-16 and UTF-32, by byte order mark or by where the NULs beside the first character stand, which
/// is `<`, `{`, `[` or a space.
fn by_wide_units(bytes: &[u8]) -> Option<Decoded<'_>> {
    let utf32 = |bytes: &[u8], read: fn([u8; 4]) -> u32, encoding| {
        let units = bytes.chunks_exact(4).map(|unit| read([unit[0], unit[1], unit[2], unit[3]]));
        let text: String = units.map(|unit| char::from_u32(unit).unwrap_or('\u{FFFD}')).collect();
        Decoded { text: Cow::Owned(text), encoding }
    };
    match bytes {
        [0xFF, 0xFE, 0, 0, rest @ ..] => Some(utf32(rest, u32::from_le_bytes, "utf-32le")),
        [0, 0, 0xFE, 0xFF, rest @ ..] => Some(utf32(rest, u32::from_be_bytes, "utf-32be")),
        [b'<' | b'{' | b'[' | b' ' | b'\n' | b'\r', 0, 0, 0, ..] => Some(utf32(bytes, u32::from_le_bytes, "utf-32le")),
        [0, 0, 0, b'<' | b'{' | b'[' | b' ' | b'\n' | b'\r', ..] => Some(utf32(bytes, u32::from_be_bytes, "utf-32be")),
        [0xFF, 0xFE, rest @ ..] => Some(with(UTF_16LE, rest)),
        [0xFE, 0xFF, rest @ ..] => Some(with(UTF_16BE, rest)),
        [b'<' | b'{' | b'[' | b' ' | b'\n' | b'\r', 0, _, 0, ..] => Some(with(UTF_16LE, bytes)),
        [0, b'<' | b'{' | b'[' | b' ' | b'\n' | b'\r', 0, _, ..] => Some(with(UTF_16BE, bytes)),
        _ => None,
    }
}

/// The label in an XML declaration or an HTML `meta`.
fn label_inside(bytes: &[u8]) -> Option<&[u8]> {
    let head = &bytes[..bytes.len().min(LABEL_WITHIN)];
    let value = |name: &[u8], within: &'_ [u8]| -> Option<(usize, usize)> {
        let after = memmem::find(within, name)? + name.len();
        let rest = &within[after..];
        let start = rest.iter().position(|byte| !byte.is_ascii_whitespace())?;
        if rest[start] != b'=' {
            return None;
        }
        let skipped =
            rest[start + 1..].iter().position(|byte| !byte.is_ascii_whitespace() && !b"\"'".contains(byte))?;
        let begin = after + start + 1 + skipped;
        let length = within[begin..].iter().position(|byte| b"\"'>?;/ \t\r\n".contains(byte))?;
        Some((begin, begin + length))
    };
    if let Some(start) = memmem::find(head, b"<?xml") {
        let declaration = &head[start..];
        let declaration = &declaration[..memmem::find(declaration, b"?>").unwrap_or(declaration.len())];
        if let Some((begin, end)) = value(b"encoding", declaration) {
            return Some(&head[start + begin..start + end]);
        }
    }
    value(b"charset", head).map(|(begin, end)| &head[begin..end])
}

/// Whether bytes are UTF-8 with a few faults: more valid sequences of several bytes than faults.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut valid, mut faults) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().bytes().filter(|&byte| byte >= 0xC0).count();
        faults += usize::from(!chunk.invalid().is_empty());
    }
    valid > faults
}

/// UTF-8 whose faulty bytes are read as windows-1252.
fn mended_utf8(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + 16);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
        }
    }
    text
}

const fn is_forbidden(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')
}

fn has_controls(bytes: &[u8]) -> bool {
    // Whole chunks without a way out are what the compiler can turn into vector instructions.
    let mut chunks = bytes.chunks_exact(64);
    chunks.by_ref().any(|chunk| chunk.iter().fold(false, |seen, &byte| seen | is_forbidden(byte)))
        || chunks.remainder().iter().any(|&byte| is_forbidden(byte))
        || memchr::memchr_iter(0xC2, bytes).any(|at| matches!(bytes.get(at + 1), Some(0x80..=0x9F)))
}

fn mended(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match u8::try_from(char) {
            Ok(byte) if is_forbidden(byte) => {}
            Ok(byte @ 0x80..=0x9F) => out.push_str(&WINDOWS_1252.decode_without_bom_handling(&[byte]).0),
            _ => out.push(char),
        }
    }
    out
}
