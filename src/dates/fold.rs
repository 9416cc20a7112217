//! Characters as the date tables compare them: one case, no diacritics, one set of digits.

/// The value of a decimal digit of any script that newsrooms write dates in.
pub(super) fn digit(c: char) -> Option<u8> {
    const ZEROS: [char; 9] =
        ['0', '\u{660}', '\u{6F0}', '\u{966}', '\u{9E6}', '\u{A66}', '\u{AE6}', '\u{E50}', '\u{FF10}'];
    if c.is_ascii() {
        return c.is_ascii_digit().then(|| c as u8 - b'0');
    }
    ZEROS.iter().find_map(|zero| {
        let above = u32::from(c).checked_sub(u32::from(*zero))?;
        u8::try_from(above).ok().filter(|value| *value < 10)
    })
}

/// Whether a character may stand inside a word: letters, and marks that hang on letters.
pub(super) fn is_word(c: char) -> bool {
    c.is_alphabetic() || is_mark(c) || matches!(c, 'º' | 'ª' | '°')
}

/// Marks that are part of a word without being letters: accents, viramas, nuktas, joiners.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{64B}'..='\u{652}' | '\u{E47}'..='\u{E4E}' | '\u{93C}' | '\u{94D}' | '\u{9BC}' | '\u{9CD}' | '\u{200C}' | '\u{200D}')
}

/// Whether a script writes words without spaces between them.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3005}' | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}')
}

/// A word without case, diacritics and vowel points.
pub(super) fn word(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        push(&mut folded, c);
    }
    folded
}

/// Appends the folded form of one character; marks leave nothing.
pub(super) fn push(folded: &mut String, c: char) {
    if c.is_ascii() {
        folded.push(c.to_ascii_lowercase());
        return;
    }
    for lower in c.to_lowercase() {
        if !is_mark(lower) && lower != '\u{640}' {
            folded.push(bare(lower));
        }
    }
}

/// A small letter without its diacritics; Arabic letters in one spelling.
fn bare(c: char) -> char {
    match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' | 'ĉ' => 'c',
        'ď' | 'đ' => 'd',
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' | 'ə' => 'e',
        'ğ' | 'ģ' | 'ĝ' => 'g',
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'į' | 'ı' => 'i',
        'ķ' => 'k',
        'ł' | 'ľ' | 'ļ' | 'ĺ' => 'l',
        'ñ' | 'ń' | 'ň' | 'ņ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ř' | 'ŕ' => 'r',
        'ś' | 'š' | 'ş' | 'ș' | 'ŝ' => 's',
        'ť' | 'ţ' | 'ț' => 't',
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' | 'ų' | 'ŭ' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        'ά' => 'α',
        'έ' => 'ε',
        'ή' => 'η',
        'ί' | 'ϊ' | 'ΐ' => 'ι',
        'ό' => 'ο',
        'ύ' | 'ϋ' | 'ΰ' => 'υ',
        'ώ' => 'ω',
        'ς' => 'σ',
        // U+00B5 looks like the Greek letter and is often typed for it
        'µ' => 'μ',
        'ё' => 'е',
        'й' => 'и',
        'ї' => 'і',
        'أ' | 'إ' | 'آ' => 'ا',
        'ى' | 'ی' => 'ي',
        'ک' => 'ك',
        'ة' => 'ه',
        '\u{958}' => '\u{915}',
        '\u{95E}' => '\u{92B}',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lose_case_and_diacritics_however_they_are_encoded() {
        let cases = [
            ("MÄRZ", "marz"),
            ("Ma\u{308}rz", "marz"),
            ("İyun", "iyun"),
            ("Ιανουάριος", "ιανουαριοσ"),
            ("Май", "маи"),
            ("أغسطس", "اغسطس"),
            ("फ़रवरी", "फरवरी"),
        ];
        for (given, expected) in cases {
            assert_eq!(word(given), expected, "{given}");
        }
    }

    #[test]
    fn digits_of_many_scripts_count() {
        for (c, expected) in [('7', 7), ('٧', 7), ('۷', 7), ('७', 7), ('７', 7)] {
            assert_eq!(digit(c), Some(expected), "{c}");
        }
        assert_eq!(digit('七'), None);
    }
}
