//! What an outlet allows others to show of an article.

use super::Content;

/// What usage signals leave of an article.
///
/// The signals are those of robots meta tags and `X-Robots-Tag`: `noarchive`, `nosnippet`,
/// `max-snippet:N`, `noimageindex`, `max-image-preview:none`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Allowed {
    pub content: Content,
    /// At most so many characters of summary.
    pub snippet: Option<usize>,
    pub image: bool,
}

/// Narrows what the config wants to what the outlet allows.
pub(super) fn allowed(wanted: Content, usage: &[String]) -> Allowed {
    let mut allowed = Allowed { content: wanted, snippet: None, image: true };
    for signal in usage {
        let signal = signal.trim().to_ascii_lowercase();
        let (name, value) = signal.split_once(':').map_or((signal.as_str(), ""), |(name, value)| (name, value.trim()));
        match (name, value) {
            ("noarchive" | "nocache", _) => allowed.content = less(allowed.content, Content::Summary),
            ("nosnippet", _) | ("max-snippet", "0") => allowed.content = Content::Link,
            ("max-snippet", number) => {
                if let Ok(number) = number.parse::<usize>() {
                    allowed.content = less(allowed.content, Content::Summary);
                    allowed.snippet = Some(allowed.snippet.map_or(number, |other| other.min(number)));
                }
            }
            ("noimageindex", _) | ("max-image-preview", "none") => allowed.image = false,
            _ => {}
        }
    }
    allowed
}

fn less(wanted: Content, most: Content) -> Content {
    if wanted == Content::Full { most } else { wanted }
}
