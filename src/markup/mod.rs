//! HTML as text: the depth guard, the sanitizer, plain text, and `CleanHtml`.

/// HTML that went through the sanitizer: what renderers may put into a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CleanHtml(String);

impl CleanHtml {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}
