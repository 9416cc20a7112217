//! Pictures within a text: shown when they come into view, or not at all.

use std::borrow::Cow;

/// Clean HTML whose pictures are loaded late, or left out.
///
/// Tags are told from `<` within the values of attributes: only quotes hide the end of a tag.
pub(super) fn late(html: &str, shown: bool) -> Cow<'_, str> {
    if !html.contains("<img") {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len() + 128);
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let tag = &rest[..end_of_tag(rest)];
        rest = &rest[tag.len()..];
        match tag.strip_prefix("<img").filter(|attributes| attributes.starts_with([' ', '>', '/'])) {
            Some(attributes) if shown => {
                out.push_str("<img loading=\"lazy\" decoding=\"async\"");
                out.push_str(attributes);
            }
            Some(_) => {}
            None => out.push_str(tag),
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The length of the tag that a text begins with.
fn end_of_tag(text: &str) -> usize {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pictures_are_touched() {
        let html = "<p title=\"<img src='x'>\">a &lt;img&gt; <img src=\"https://o.example/a.png\" alt=\"a > b\">b</p>";
        let lazy = "<p title=\"<img src='x'>\">a &lt;img&gt; <img loading=\"lazy\" decoding=\"async\" \
                    src=\"https://o.example/a.png\" alt=\"a > b\">b</p>";
        assert_eq!(late(html, true), lazy);
        assert_eq!(late(html, false), "<p title=\"<img src='x'>\">a &lt;img&gt; b</p>");
        assert_eq!(late("<imgx>", true), "<imgx>");
        assert_eq!(late("<img src=\"", true), "<img loading=\"lazy\" decoding=\"async\" src=\"");
    }
}
