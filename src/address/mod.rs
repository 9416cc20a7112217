//! Addresses.

use url::Url;

/// An absolute http or https address.
#[must_use]
pub fn parse(text: &str) -> Option<Url> {
    Url::parse(text.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}

/// The absolute address that a reference stands for.
#[must_use]
pub fn resolve(base: Option<&Url>, text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let url = Url::options().base_url(base).parse(text).ok()?;
    matches!(url.scheme(), "http" | "https" | "mailto").then(|| url.into())
}
