//! Language tags as declared, and languages as found in a text.

/// A declared language as a BCP 47 tag; `None` where it is none.
///
/// `en_us` is `en-US`; of a list the first counts; three-letter codes that have a short form get it.
#[must_use]
pub fn clean_language(declared: &str) -> Option<String> {
    let first = declared.split([',', ';', ' ', '.', '@', '/', '|']).map(str::trim).find(|part| !part.is_empty())?;
    let mut parts = first.split(['-', '_']);
    let primary = parts.next()?.to_ascii_lowercase();
    if !(2..=3).contains(&primary.len()) || !primary.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    let mut tag = match primary.as_str() {
        "und" | "mul" | "zxx" | "mis" | "xx" | "utf" | "iso" => return None,
        "ua" => "uk".to_owned(),
        "cz" => "cs".to_owned(),
        "jp" => "ja".to_owned(),
        "kz" => "kk".to_owned(),
        three if three.len() == 3 => short_code(three).map_or(primary.clone(), str::to_owned),
        _ => primary,
    };
    for part in parts {
        if part.is_empty() || part.len() > 8 || !part.bytes().all(|b| b.is_ascii_alphanumeric()) {
            break;
        }
        tag.push('-');
        match part.len() {
            2 if part.bytes().all(|b| b.is_ascii_alphabetic()) => tag.push_str(&part.to_ascii_uppercase()),
            4 if part.bytes().all(|b| b.is_ascii_alphabetic()) => {
                tag.push_str(&part[..1].to_ascii_uppercase());
                tag.push_str(&part[1..].to_ascii_lowercase());
            }
            _ => tag.push_str(&part.to_ascii_lowercase()),
        }
    }
    Some(tag)
}

/// ISO 639-3 and 639-2/B codes of languages that have a two-letter code.
const CODES: &str = include_str!("data/languages.txt");

/// The two-letter code of a three-letter one.
fn short_code(three: &str) -> Option<&'static str> {
    CODES.lines().filter_map(|line| line.split_once(' ')).find(|(code, _)| *code == three).map(|(_, short)| short)
}

/// Scripts that tell languages apart at a glance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Script {
    Latin,
    Cyrillic,
    Greek,
    Arabic,
    Hebrew,
    Devanagari,
    /// Han with or without kana.
    EastAsian,
    Hangul,
    Thai,
    Georgian,
    Armenian,
    Other,
}

/// Letters that the look at the script takes into account.
const LETTERS: usize = 200;

/// Fewer letters prove nothing.
const FEWEST_LETTERS: usize = 40;

/// Characters that detection sees.
const DETECTED: usize = 320;

/// The language of a text: the declared one where its script does not contradict, else as detected.
///
/// Detection runs only where nothing is declared or the script is another one, and counts only
/// where it is reliable.
pub(super) fn of_text(declared: Option<&str>, text: &str) -> Option<String> {
    let declared = declared.and_then(clean_language);
    let script = main_script(text);
    match (declared, script) {
        (declared, None) => declared,
        (Some(declared), Some(script)) if is_written_in(&declared, script) => {
            let other = if is_doubtful(&declared, text) { detect(text) } else { None };
            Some(other.filter(|other| !is_english(other)).unwrap_or(declared))
        }
        _ => detect(text),
    }
}

/// Whether a text that is called English has hardly any of its small words: many templates are.
fn is_doubtful(declared: &str, text: &str) -> bool {
    const SMALL: [&str; 12] = ["the", "of", "and", "to", "in", "a", "is", "for", "that", "on", "with", "was"];
    const LONGEST: usize = 4;
    const WORDS: usize = 80;
    if !is_english(declared) {
        return false;
    }
    let (mut all, mut small) = (0, 0);
    for word in text.split_whitespace().take(WORDS) {
        all += 1;
        small += usize::from(word.len() <= LONGEST && SMALL.iter().any(|known| word.eq_ignore_ascii_case(known)));
    }
    all == WORDS && small * 20 < all
}

fn is_english(tag: &str) -> bool {
    tag.split('-').next() == Some("en")
}

fn detect(text: &str) -> Option<String> {
    let end = text.char_indices().nth(DETECTED).map_or(text.len(), |(at, _)| at);
    let info = whatlang::detect(&text[..end]).filter(whatlang::Info::is_reliable)?;
    let code = match info.lang().code() {
        "cmn" => "zh",
        "pes" => "fa",
        "nob" => "nb",
        code => short_code(code).unwrap_or(code),
    };
    Some(code.to_owned())
}

/// The script of most letters at the beginning of a text.
fn main_script(text: &str) -> Option<Script> {
    let mut counts: [(Option<Script>, usize); 12] = [(None, 0); 12];
    let mut letters = 0;
    for script in text.chars().filter(|c| c.is_alphabetic()).take(LETTERS).map(script_of) {
        letters += 1;
        if let Some(slot) = counts.iter_mut().find(|(known, _)| known.is_none_or(|known| known == script)) {
            *slot = (Some(script), slot.1 + 1);
        }
    }
    let (script, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    // East Asian characters say more each
    let enough = letters
        >= if matches!(script, Some(Script::EastAsian | Script::Hangul)) { FEWEST_LETTERS / 4 } else { FEWEST_LETTERS };
    script.filter(|_| enough && count * 3 >= letters * 2)
}

fn script_of(c: char) -> Script {
    match c {
        'A'..='Z' | 'a'..='z' | '\u{AA}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' => Script::Latin,
        '\u{370}'..='\u{3FF}' => Script::Greek,
        '\u{400}'..='\u{52F}' => Script::Cyrillic,
        '\u{530}'..='\u{58F}' => Script::Armenian,
        '\u{590}'..='\u{5FF}' => Script::Hebrew,
        '\u{600}'..='\u{77F}' | '\u{8A0}'..='\u{8FF}' | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' => {
            Script::Arabic
        }
        '\u{900}'..='\u{97F}' => Script::Devanagari,
        '\u{E00}'..='\u{E7F}' => Script::Thai,
        '\u{10A0}'..='\u{10FF}' => Script::Georgian,
        '\u{1100}'..='\u{11FF}' | '\u{AC00}'..='\u{D7AF}' => Script::Hangul,
        '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' => Script::EastAsian,
        _ => Script::Other,
    }
}

/// Whether a language may be written in a script; languages that are not listed in any.
fn is_written_in(tag: &str, script: Script) -> bool {
    let primary = tag.split('-').next().unwrap_or(tag);
    match primary {
        "en" | "de" | "fr" | "es" | "it" | "pt" | "nl" | "pl" | "cs" | "sk" | "hu" | "ro" | "sv" | "da" | "no"
        | "nb" | "nn" | "fi" | "et" | "lv" | "lt" | "sl" | "hr" | "sq" | "tr" | "vi" | "id" | "ms" | "ca" | "eu"
        | "gl" | "ga" | "cy" | "is" | "sw" | "tl" => script == Script::Latin,
        "ru" | "uk" | "be" | "bg" | "mk" | "ky" | "tg" => script == Script::Cyrillic,
        "el" => script == Script::Greek,
        "ar" | "fa" | "ur" | "ps" => script == Script::Arabic,
        "he" | "yi" => script == Script::Hebrew,
        "hi" | "mr" | "ne" => script == Script::Devanagari,
        "zh" | "ja" => script == Script::EastAsian,
        "ko" => matches!(script, Script::Hangul | Script::EastAsian),
        "th" => script == Script::Thai,
        "ka" => script == Script::Georgian,
        "hy" => script == Script::Armenian,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_languages_become_tags_or_nothing() {
        for (declared, expected) in [
            ("en", Some("en")),
            ("en_us", Some("en-US")),
            ("EN-gb", Some("en-GB")),
            ("zh-hant-tw", Some("zh-Hant-TW")),
            ("pt_BR.UTF-8", Some("pt-BR")),
            ("sr_Latn@latin", Some("sr-Latn")),
            ("eng", Some("en")),
            ("rus", Some("ru")),
            ("de, en", Some("de")),
            ("es-419", Some("es-419")),
            ("en-", Some("en")),
            ("fil", Some("fil")),
            ("x-default", None),
            ("und", None),
            ("english", None),
            ("", None),
            ("{{lang}}", None),
            ("12", None),
        ] {
            assert_eq!(clean_language(declared).as_deref(), expected, "{declared:?}");
        }
    }

    #[test]
    fn the_text_is_asked_where_nothing_is_declared_or_the_script_contradicts() {
        let russian =
            "Президент России во вторник подписал указ о назначении нового министра транспорта, сообщает пресс-служба.";
        let english =
            "The president signed a decree on Tuesday that names a new minister of transport, his press office said.";
        let german = "Der Präsident hat am Dienstag ein Dekret unterzeichnet, mit dem ein neuer Verkehrsminister ernannt wird, teilte er mit.";
        let japanese = "大統領は火曜日に新しい運輸大臣を任命する法令に署名したと報道官が発表しました。";
        for (declared, text, expected) in [
            (Some("en"), russian, Some("ru")),
            (Some("kk"), russian, Some("kk")),
            (None, russian, Some("ru")),
            (None, german, Some("de")),
            (Some("en-GB"), english, Some("en-GB")),
            (Some("ru"), english, Some("en")),
            (Some("en"), japanese, Some("ja")),
            (Some("fr"), "Trop court", Some("fr")),
            (None, "Too short", None),
            (Some("junk!!"), "", None),
        ] {
            assert_eq!(of_text(declared, text).as_deref(), expected, "{declared:?} {text}");
        }
    }
}
