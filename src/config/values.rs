//! Values that several sections share: addresses, ids, languages, formats.

use url::Url;

use super::reader::Refusal;
use super::units;
use crate::model::Format;

/// An absolute http or https address with a host.
pub(super) fn web_url(text: &str) -> Result<Url, Refusal> {
    let text = text.trim();
    let bare = || Refusal::new("is no absolute http or https address");
    match Url::parse(text) {
        Ok(url) if !url.username().is_empty() || url.password().is_some() => {
            // said in one breath: a value that may hold a password is shown without suggestions
            Err(Refusal::new("holds a user name or password; a source logs in with its `headers`"))
        }
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(url),
        Ok(_) if text.contains("://") => Err(Refusal::new("is no http or https address")),
        Err(url::ParseError::RelativeUrlWithoutBase) | Ok(_) if looks_like_host(text) => {
            Err(bare().suggest(format!("did you mean `https://{text}`?")))
        }
        Err(error) if error != url::ParseError::RelativeUrlWithoutBase => {
            Err(Refusal::new(format!("is no valid address: {error}")))
        }
        _ => Err(bare().suggest("write it in full, such as \"https://outlet.example/feed\"")),
    }
}

/// The same, as text in its normal form.
pub(super) fn web_address(text: &str) -> Result<String, Refusal> {
    web_url(text).map(String::from)
}

/// Whether text is an address that lacks only its scheme.
fn looks_like_host(text: &str) -> bool {
    let host = text.split(['/', ':', '?']).next().unwrap_or_default();
    let label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    host.contains('.') && host.split('.').all(label)
}

/// An id: 1 to 64 of `a-z`, `0-9` and `-`; it becomes a file name.
pub(super) fn id(text: &str) -> Result<String, Refusal> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if text.len() <= 64 && text.bytes().all(plain) {
        return Ok(text.to_owned());
    }
    let refusal = Refusal::new("is no id: ids are 1 to 64 of a-z, 0-9 and -");
    let mut slug = String::new();
    for c in text.chars().take(64) {
        match c.to_ascii_lowercase() {
            c if c.is_ascii_alphanumeric() => slug.push(c),
            _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    let slug = slug.trim_end_matches('-');
    Err(if slug.is_empty() { refusal } else { refusal.suggest(format!("did you mean `{slug}`?")) })
}

/// A language tag that is well-formed enough to be one (RFC 5646 §2.1).
pub(super) fn language(text: &str) -> Result<String, Refusal> {
    let mut subtags = text.split('-');
    let primary = subtags.next().unwrap_or_default();
    let is_primary = matches!(primary.len(), 2..=3 | 5..=8) && primary.bytes().all(|byte| byte.is_ascii_alphabetic());
    let private = matches!(primary, "x" | "i") && text.len() > 2;
    let is_subtag = |tag: &str| matches!(tag.len(), 1..=8) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if (is_primary || private) && subtags.all(is_subtag) {
        return Ok(text.to_owned());
    }
    let refusal = Refusal::new("is no language tag (BCP 47)");
    let dashed = text.replace('_', "-");
    Err(if dashed != text && language(&dashed).is_ok() {
        refusal.suggest(format!("did you mean `{dashed}`?"))
    } else {
        refusal.suggest("tags look like \"en\", \"ru\", \"pt-BR\", \"zh-Hant\"")
    })
}

/// Text that may stand in a header field (RFC 9110 §5.5), ASCII only.
pub(super) fn header_text(text: &str) -> Result<String, Refusal> {
    // Secrets read from files often end in a newline.
    let text = text.trim();
    if text.bytes().all(|byte| byte == b'\t' || matches!(byte, b' '..=b'~')) {
        return Ok(text.to_owned());
    }
    Err(Refusal::new("holds characters that a header field cannot carry; only printable ASCII can be sent"))
}

/// A duration.
pub(super) fn duration(text: &str) -> Result<std::time::Duration, Refusal> {
    units::duration(text).ok_or_else(|| {
        Refusal::new("is no duration")
            .suggest("write whole numbers with a unit (ms, s, m, h, d, w), such as \"30m\" or \"1d 12h\"")
    })
}

/// A duration above zero.
pub(super) fn time_limit(text: &str) -> Result<std::time::Duration, Refusal> {
    match duration(text)? {
        std::time::Duration::ZERO => Err(Refusal::new("leaves no time at all")),
        limit => Ok(limit),
    }
}

/// The names of the formats, in the order in which they are written.
pub(super) const FORMATS: &[&str] = &["rss", "atom", "json", "html"];

/// A format by its name.
pub(super) fn format(text: &str) -> Result<Format, Refusal> {
    [Format::Rss, Format::Atom, Format::Json, Format::Html]
        .into_iter()
        .find(|format| format.extension() == text)
        .ok_or_else(|| Refusal::new("is no format"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_file_names() {
        let long = "a".repeat(65);
        let cases = [
            ("a", None),
            ("central-asia-24", None),
            ("Central Asia", Some("did you mean `central-asia`?")),
            ("../x", Some("did you mean `x`?")),
            ("a_b", Some("did you mean `a-b`?")),
            ("новости", None),
            (&long, Some("")),
        ];
        for (text, suggestion) in cases {
            match id(text) {
                Ok(taken) => assert!(taken == text && suggestion.is_none(), "{text}"),
                Err(refusal) => {
                    let suggested = refusal.suggestion.unwrap_or_default();
                    assert!(suggested.contains(suggestion.unwrap_or_default()), "{text}: {suggested}");
                }
            }
        }
        assert!(id("новости").is_err() && id(&long).is_err() && id("a").is_ok());
    }

    #[test]
    fn languages_are_well_formed() {
        for good in ["en", "ru", "pt-BR", "zh-Hant-TW", "es-419", "x-klingon", "gsw"] {
            assert!(language(good).is_ok(), "{good}");
        }
        for bad in ["e", "english language", "en_US", "en-", "-en", "123", "en-verylongsubtag"] {
            assert!(language(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_web_addresses_pass() {
        let cases = [
            ("https://outlet.example/feed", true),
            ("http://127.0.0.1:8080/", true),
            ("HTTPS://Outlet.Example", true),
            ("outlet.example/feed", false),
            ("localhost:8080/feed", false),
            ("ftp://outlet.example/", false),
            ("file:///etc/passwd", false),
            ("https://", false),
            ("//outlet.example/", false),
            ("articles/", false),
            ("http://[::1/", false),
        ];
        for (text, good) in cases {
            assert_eq!(web_url(text).is_ok(), good, "{text}");
        }
        let refusal = web_url("outlet.example/feed").expect_err("no scheme");
        assert_eq!(refusal.suggestion.as_deref(), Some("did you mean `https://outlet.example/feed`?"));
    }
}
