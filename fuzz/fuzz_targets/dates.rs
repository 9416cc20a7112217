//! Dates: no text panics, what is found lies within the text and reads as what was found.

#![no_main]

use chrono::DateTime;
use feedmill::dates::{self, Hints, When};
use libfuzzer_sys::fuzz_target;

const LANGUAGES: [Option<&str>; 12] = [
    None,
    Some("en-US"),
    Some("en-GB"),
    Some("de"),
    Some("fr"),
    Some("ru"),
    Some("kk"),
    Some("ar"),
    Some("fa"),
    Some("zh"),
    Some("ja"),
    Some("ko"),
];

fuzz_target!(|data: &[u8]| {
    let Some((&choice, rest)) = data.split_first() else { return };
    let text = String::from_utf8_lossy(rest);
    let now = DateTime::from_timestamp(1_795_000_000, 0).expect("a time");
    let language = LANGUAGES[usize::from(choice & 0x3F) % LANGUAGES.len()];
    let day_first = [None, Some(true), Some(false), None][usize::from(choice >> 6)];
    let hints = Hints { language, day_first, ..Hints::at(now) };
    if let Some(when) = dates::parse(&text, &hints) {
        let placed = dates::place(when, None);
        let _ = dates::is_dated_believable(&placed, now);
        if let When::Instant(at) = when {
            let again = dates::parse(&at.to_rfc3339(), &hints);
            assert_eq!(again, Some(when), "{text:?}");
        }
    }
    let absolute = dates::parse_absolute(&text, &hints);
    assert!(absolute.is_none() || absolute == dates::parse(&text, &hints), "{text:?}");
    if let Some(found) = dates::find(&text, &hints) {
        assert!(text.get(found.range.clone()).is_some_and(|text| !text.is_empty()), "{text:?}");
    }
});
