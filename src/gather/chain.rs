//! A chain of redirects: where it stands, and whether it may go on.

use url::Url;

use super::error::FetchError;
use super::guard::host_of;

/// The most redirects that are followed.
const MAX_HOPS: usize = 5;

/// Where one request stands.
pub(super) struct Chain {
    /// What is asked now.
    pub url: Url,
    /// The end of the leading run of permanent redirects.
    pub permanent: Option<Url>,
    /// Whether every hop stayed on the request's own host, so that its headers may be sent.
    pub at_home: bool,
    seen: Vec<Url>,
    only_permanent: bool,
}

impl Chain {
    pub fn new(url: Url) -> Self {
        Self { url, permanent: None, at_home: true, seen: Vec::new(), only_permanent: true }
    }

    /// Moves to where a redirect points.
    ///
    /// # Errors
    ///
    /// Refuses a missing or unreadable target, a sixth hop, a loop, and the way from https to http.
    pub fn follow(&mut self, code: u16, location: Option<&[u8]>) -> Result<(), FetchError> {
        let target =
            self.target(location).map_err(|reason| FetchError::Redirect { host: host_of(&self.url), reason })?;
        self.only_permanent &= matches!(code, 301 | 308);
        if self.only_permanent {
            self.permanent = Some(target.clone());
        }
        self.at_home &= is_same_host(&self.url, &target);
        self.seen.push(std::mem::replace(&mut self.url, target));
        Ok(())
    }

    fn target(&self, location: Option<&[u8]>) -> Result<Url, &'static str> {
        let location = location.ok_or("it names no target")?;
        let text = std::str::from_utf8(location).map_err(|_| "its target is not readable")?;
        let mut target = self.url.join(text.trim()).map_err(|_| "its target is not an address")?;
        target.set_fragment(None);
        if self.seen.len() >= MAX_HOPS {
            return Err("more than 5 hops");
        }
        if self.url.scheme() == "https" && target.scheme() == "http" {
            return Err("it leads from https to http");
        }
        if target == self.url || self.seen.contains(&target) {
            return Err("it leads in a circle");
        }
        Ok(target)
    }
}

/// Whether a status is a redirect with a target to follow (RFC 9110 §15.4).
pub(super) const fn is_redirect(code: u16) -> bool {
    matches!(code, 301 | 302 | 303 | 307 | 308)
}

/// Whether headers meant for one URL may go to the other: the same host, and the same port but for
/// the step from http to https on their usual ports; what was meant for https never goes out in the clear.
#[must_use]
pub fn is_same_host(one: &Url, other: &Url) -> bool {
    let same_port = one.port_or_known_default() == other.port_or_known_default()
        || (one.port().is_none() && other.port().is_none());
    let is_bared = one.scheme() == "https" && other.scheme() == "http";
    one.host() == other.host() && same_port && !is_bared
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_leads_up_to_https_and_never_down() {
        let cases = [
            ("http://a.example/", "https://a.example/", Ok(true)),
            ("http://a.example/", "https://b.example/", Ok(false)),
            ("http://a.example:8080/", "https://a.example/", Ok(false)),
            ("http://a.example/", "http://a.example:8080/", Ok(false)),
            ("https://a.example/", "https://a.example/b", Ok(true)),
            ("https://a.example/", "//a.example/b", Ok(true)),
            ("https://a.example/", "http://a.example/", Err("it leads from https to http")),
            ("https://a.example/", "http://b.example/", Err("it leads from https to http")),
        ];
        for (from, to, expected) in cases {
            let mut chain = Chain::new(from.parse().unwrap());
            let result = chain.follow(301, Some(to.as_bytes()));
            match (result, expected) {
                (Ok(()), Ok(at_home)) => assert_eq!(chain.at_home, at_home, "{from} {to}"),
                (Err(FetchError::Redirect { reason, .. }), Err(expected)) => assert_eq!(reason, expected),
                (result, _) => panic!("{from} {to}: {result:?}"),
            }
        }
    }

    #[test]
    fn what_is_meant_for_one_host_goes_to_no_other_and_never_in_the_clear() {
        for (one, other, expected) in [
            ("https://a.example/x", "https://a.example/y", true),
            ("http://a.example/", "https://a.example/", true),
            ("https://a.example/", "http://a.example/", false),
            ("https://a.example/", "https://a.example:8443/", false),
            ("https://a.example/", "https://b.example/", false),
        ] {
            assert_eq!(is_same_host(&one.parse().unwrap(), &other.parse().unwrap()), expected, "{one} {other}");
        }
    }

    #[test]
    fn a_target_that_is_not_text_is_refused() {
        let mut chain = Chain::new("https://a.example/".parse().unwrap());
        assert!(chain.follow(301, Some(b"/\xff")).is_err());
        assert!(chain.follow(301, Some("/ü".as_bytes())).is_ok());
        assert_eq!(chain.url.as_str(), "https://a.example/%C3%BC");
    }
}
