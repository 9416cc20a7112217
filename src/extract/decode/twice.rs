//! Text that was encoded to UTF-8 twice: `cafÃ©` for `café`.

use encoding_rs::WINDOWS_1252;

/// So many sequences in a document leave no doubt.
const SURE: usize = 3;

/// What a text was before its UTF-8 was taken for windows-1252 and encoded again.
///
/// All or nothing: `None` unless every character beyond ASCII is part of such a sequence.
pub fn undone(text: &str) -> Option<String> {
    let first = first_beyond_ascii(text.as_bytes())?;
    let mut bytes = text.as_bytes()[..first].to_vec();
    let (mut sequences, mut doubtful) = (0, false);
    let mut chars = text[first..].chars();
    while let Some(char) = chars.next() {
        if char.is_ascii() {
            bytes.push(char as u8);
            continue;
        }
        let lead = meant(char)?;
        if lead == 0xC2 && chars.as_str().starts_with(' ') {
            // A wide space of which somebody has since made a plain one.
            doubtful = true;
            continue;
        }
        let more = match lead {
            0xC2..=0xDF => 1,
            0xE0..=0xEF => 2,
            0xF0..=0xF4 => 3,
            _ => return None,
        };
        bytes.push(lead);
        for _ in 0..more {
            let next = meant(chars.next()?).filter(|byte| (0x80..=0xBF).contains(byte))?;
            // A closing quotation mark or a wide space does stand behind a capital with an accent.
            doubtful |= matches!(next, 0xA0 | 0xBB) && more == 1;
            bytes.push(next);
        }
        sequences += 1;
    }
    if doubtful && sequences < SURE {
        return None;
    }
    String::from_utf8(bytes).ok()
}

fn first_beyond_ascii(bytes: &[u8]) -> Option<usize> {
    let chunk = bytes.chunks(256).position(|chunk| !chunk.is_ascii())? * 256;
    let first = chunk + bytes[chunk..].iter().position(|byte| !byte.is_ascii())?;
    // All lead bytes, U+00C2 to U+00F4, begin with this one: most texts are done with here.
    (bytes[first] == 0xC3).then_some(first)
}

/// The byte that a character was as windows-1252.
fn meant(char: char) -> Option<u8> {
    if let Ok(byte) = u8::try_from(char) {
        return Some(byte);
    }
    let mut buffer = [0; 4];
    let (encoded, _, had_errors) = WINDOWS_1252.encode(char.encode_utf8(&mut buffer));
    encoded.first().copied().filter(|_| !had_errors)
}
