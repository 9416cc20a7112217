//! The bytes that one fetch brought.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use url::Url;

/// One fetched or local document, before anybody looked inside.
#[derive(Clone, Debug)]
pub struct Document {
    /// Where the bytes came from in the end, after redirects; `file:` for local documents.
    pub url: Url,
    /// The unpacked body.
    pub body: Bytes,
    /// The whole `Content-Type` header, with its parameters.
    pub content_type: Option<String>,
    /// The `Content-Location` header, as sent.
    pub content_location: Option<String>,
    /// When the answer arrived.
    pub fetched_at: DateTime<Utc>,
}

impl Document {
    /// The address that relative ones resolve against (RFC 3986 §5.1): `Content-Location`, itself
    /// relative to the document's address, else that address.
    #[must_use]
    pub fn base(&self) -> Url {
        self.content_location
            .as_deref()
            .and_then(|location| self.url.join(location.trim()).ok())
            // A location of another kind (`javascript:`) is no base for anything.
            .filter(|location| matches!(location.scheme(), "http" | "https") || location.scheme() == self.url.scheme())
            .unwrap_or_else(|| self.url.clone())
    }

    /// The media type without parameters, lower case: `text/html`.
    #[must_use]
    pub fn media_type(&self) -> Option<String> {
        let whole = self.content_type.as_deref()?;
        let essence = whole.split(';').next()?.trim().to_ascii_lowercase();
        (!essence.is_empty()).then_some(essence)
    }

    /// The `charset` parameter of the `Content-Type` header (RFC 9110 §8.3.2), unquoted.
    #[must_use]
    pub fn charset(&self) -> Option<&str> {
        let whole = self.content_type.as_deref()?;
        whole.split(';').skip(1).find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches(['"', '\'']))
        })
    }
}
