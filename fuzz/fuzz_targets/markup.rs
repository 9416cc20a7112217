//! HTML: what was cleaned is clean, and cleaning it again changes nothing.

#![no_main]

use feedmill::markup;
use feedmill::model::Text;
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|data: &[u8]| {
    let html = String::from_utf8_lossy(data);
    let base = Url::parse("https://outlet.example/dir/page").expect("an address");
    let once = markup::clean(&html, Some(&base));
    for bad in ["<script", "<style", "<iframe", "<svg", "<math", " href=\"javascript:", " src=\"javascript:", "\0"] {
        assert!(!once.as_str().contains(bad), "{bad} in {once:?}");
    }
    let twice = markup::clean(once.as_str(), Some(&base));
    assert_eq!(once, twice);
    let _ = markup::to_text(&html);
    let _ = markup::text_len(&html);
    let _ = markup::first_image(&html);
    let line = markup::inline_text(&Text::html(html.as_ref()));
    assert!(!line.contains('\n'));
});
