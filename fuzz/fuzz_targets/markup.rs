//! HTML: what was cleaned is clean, and cleaning it again changes nothing.

#![no_main]

use feedmill::markup;
use feedmill::model::Text;
use libfuzzer_sys::fuzz_target;
use url::Url;

/// Elements that no cleaned text may hold.
const ELEMENTS: [&str; 12] =
    ["script", "style", "iframe", "object", "embed", "svg", "math", "form", "input", "base", "meta", "link"];

/// Attributes whose value is an address.
const ADDRESSES: [&str; 3] = ["href", "src", "cite"];

/// Looks at every tag: a text may say `<script` and `href="javascript:` as much as it likes.
///
/// In cleaned text each `<` begins a tag that the next `>` ends, and values stand between double quotes.
fn check(html: &str, keeps_relative: bool) {
    assert!(!html.contains('\0'), "{html:?}");
    for piece in html.split('<').skip(1) {
        let (tag, _) = piece.split_once('>').unwrap_or_else(|| panic!("a tag without end in {html:?}"));
        let mut parts = tag.split('"');
        let mut name = parts.next().unwrap_or_default();
        let element = name.trim_start_matches('/').split(' ').next().unwrap_or_default();
        assert!(!element.is_empty() && element.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{tag:?} in {html:?}");
        assert!(!ELEMENTS.contains(&element), "{tag:?} in {html:?}");
        while let Some(value) = parts.next() {
            let attribute = name.trim_end_matches('=').rsplit(' ').next().unwrap_or_default();
            assert!(!attribute.starts_with("on") && attribute != "style", "{tag:?} in {html:?}");
            if ADDRESSES.contains(&attribute) {
                let is_absolute = ["https://", "http://", "mailto:"].iter().any(|start| value.starts_with(start));
                let is_relative = || {
                    let base = Url::parse("https://outlet.example/dir/page").expect("an address");
                    !base.join(&value.replace("&amp;", "&")).is_ok_and(|url| url.scheme() != "https")
                };
                assert!(is_absolute || keeps_relative && is_relative(), "{tag:?} in {html:?}");
            }
            name = parts.next().unwrap_or_default();
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let html = String::from_utf8_lossy(data);
    let base = Url::parse("https://outlet.example/dir/page").expect("an address");
    let once = markup::clean(&html, Some(&base));
    check(once.as_str(), false);
    let twice = markup::clean(once.as_str(), Some(&base));
    assert_eq!(once, twice);
    assert_eq!(markup::clean(once.as_str(), None), once);
    check(&markup::clean_as_written(&html), true);
    let _ = markup::to_text(&html);
    let _ = markup::text_len(&html);
    let _ = markup::first_image(&html);
    let line = markup::inline_text(&Text::html(html.as_ref()));
    assert!(!line.contains('\n'));
});
