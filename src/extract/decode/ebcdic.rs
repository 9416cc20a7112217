//! EBCDIC, the encoding of mainframes: a feed in it says so, in it.
//!
//! Facts: IBM's code pages 037, 273, 500, 1026, 1140, which differ from 037 in a few characters only.

use memchr::memmem;

use super::Decoded;

/// `<?xml` in every page.
const START: &[u8] = b"\x4C\x6F\xA7\x94\x93";

/// How far into a document its declaration reaches.
const DECLARATION: usize = 256;

/// The characters of 0x40 to 0xFF in page 037.
const LATIN: &str = concat!(
    " \u{A0}âäàáãåçñ¢.<(+|",
    "&éêëèíîïìß!$*);¬",
    "-/ÂÄÀÁÃÅÇÑ¦,%_>?",
    "øÉÊËÈÍÎÏÌ`:#@'=\"",
    "Øabcdefghi«»ðýþ±",
    "°jklmnopqrªºæ¸Æ¤",
    "µ~stuvwxyz¡¿ÐÝÞ®",
    "^£¥·©§¶¼½¾[]¯¨´×",
    "{ABCDEFGHI\u{AD}ôöòóõ",
    "}JKLMNOPQR¹ûüùúÿ",
    "\\÷STUVWXYZ²ÔÖÒÓÕ",
    "0123456789³ÛÜÙÚ\u{9F}",
);

/// Where a page differs from 037.
type Differences = &'static [(u8, char)];

/// Names that a declaration may use, our name, and the differences.
const PAGES: [(&[&str], &str, Differences); 5] = [
    (&["037", "ebcdic-cp-us", "ebcdic-cp-ca", "ebcdic-cp-wt", "ebcdic-cp-nl"], "ibm037", &[]),
    (
        &["500", "ebcdic-cp-be", "ebcdic-cp-ch"],
        "ibm500",
        &[(0x4A, '['), (0x4F, '!'), (0x5A, ']'), (0x5F, '^'), (0xB0, '¢'), (0xBA, '¬'), (0xBB, '|')],
    ),
    (&["1140"], "ibm1140", &[(0x9F, '€')]),
    (&["273", "ebcdic-de"], "ibm273", GERMAN),
    (&["1026"], "ibm1026", TURKISH),
];

#[rustfmt::skip]
const GERMAN: Differences = &[
    (0x43, '{'), (0x4A, 'Ä'), (0x4F, '!'), (0x59, '~'), (0x5A, 'Ü'), (0x5F, '^'), (0x63, '['), (0x6A, 'ö'),
    (0x7C, '§'), (0xA1, 'ß'), (0xB0, '¢'), (0xB5, '@'), (0xBA, '¬'), (0xBB, '|'), (0xBC, '‾'), (0xC0, 'ä'),
    (0xCC, '¦'), (0xD0, 'ü'), (0xDC, '}'), (0xE0, 'Ö'), (0xEC, '\\'), (0xFC, ']'),
];

#[rustfmt::skip]
const TURKISH: Differences = &[
    (0x48, '{'), (0x4A, 'Ç'), (0x4F, '!'), (0x5A, 'Ğ'), (0x5B, 'İ'), (0x5F, '^'), (0x68, '['), (0x6A, 'ş'),
    (0x79, 'ı'), (0x7B, 'Ö'), (0x7C, 'Ş'), (0x7F, 'Ü'), (0x8C, '}'), (0x8D, '`'), (0x8E, '¦'), (0xA1, 'ö'),
    (0xAC, ']'), (0xAD, '$'), (0xAE, '@'), (0xB0, '¢'), (0xBA, '¬'), (0xBB, '|'), (0xC0, 'ç'), (0xCC, '~'),
    (0xD0, 'ğ'), (0xDC, '\\'), (0xE0, 'ü'), (0xEC, '#'), (0xFC, '"'),
];

/// The text of a document that starts as EBCDIC; one that names a page that is not known is read as 037.
pub fn decode(bytes: &[u8]) -> Option<Decoded<'static>> {
    if !bytes.starts_with(START) {
        return None;
    }
    let mut table = page_037();
    let declared = bytes.iter().take(DECLARATION).map(|&byte| table[usize::from(byte)]).collect::<String>();
    let label = label(&declared.to_ascii_lowercase()).unwrap_or_default();
    let bare = ["ibm-", "ibm", "cp"].iter().find_map(|prefix| label.strip_prefix(prefix)).unwrap_or(&label);
    let page = PAGES.iter().find(|(names, ..)| names.iter().any(|name| *name == bare || *name == label));
    let &(_, encoding, differences) = page.unwrap_or(&PAGES[0]);
    for &(byte, char) in differences {
        table[usize::from(byte)] = char;
    }
    let text = bytes.iter().map(|&byte| table[usize::from(byte)]).collect::<String>();
    Some(Decoded { text: text.into(), encoding })
}

fn label(declaration: &str) -> Option<String> {
    let after = memmem::find(declaration.as_bytes(), b"encoding")? + "encoding".len();
    let rest = declaration[after..].trim_start_matches(|char: char| !char.is_ascii_alphanumeric());
    Some(rest.chars().take_while(|char| char.is_ascii_alphanumeric() || *char == '-').collect())
}

/// Control characters but for tab and line ends are spaces.
fn page_037() -> [char; 256] {
    let mut table = [' '; 256];
    for (slot, char) in table[0x40..].iter_mut().zip(LATIN.chars()) {
        *slot = char;
    }
    table[0x05] = '\t';
    table[0x0D] = '\r';
    // next line and line feed
    table[0x15] = '\n';
    table[0x25] = '\n';
    table
}
