//! Addresses.

use url::Url;

/// The absolute form of an address: http, https or mailto; `None` where there is none.
#[must_use]
pub fn resolve(base: Option<&Url>, text: &str) -> Option<String> {
    let parsed = match base {
        Some(base) => base.join(text.trim()),
        None => Url::parse(text.trim()),
    };
    let url = parsed.ok()?;
    matches!(url.scheme(), "http" | "https" | "mailto").then(|| url.into())
}
