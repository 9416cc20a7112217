//! What the links of a page are relative to.

use url::Url;

/// A page's address, until its first `base` element names another one (HTML §4.2.3).
#[derive(Clone, Debug)]
pub(super) struct Base {
    pub url: Url,
    is_named: bool,
}

impl Base {
    pub fn new(address: Url) -> Self {
        Self { url: address, is_named: false }
    }

    /// A `base` element says so. Nothing is relative to anything but a web address.
    pub fn name(&mut self, href: &str) {
        if let Some(url) = self.url.join(href.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
            && !self.is_named
        {
            *self = Self { url, is_named: true };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_web_address_counts() {
        let mut base = Base::new("https://a.example/x/y".parse().unwrap());
        for href in ["data:text/html,x", "file:///etc/", "javascript:x", "https://[", " /z/ ", "/later/"] {
            base.name(href);
        }
        assert_eq!(base.url.as_str(), "https://a.example/z/");
    }
}
