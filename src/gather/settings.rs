//! What an operator may set about fetching.

use std::path::PathBuf;
use std::time::Duration;

use super::guard::AllowRange;

/// The settings of [`super::Network`].
#[derive(Clone, Debug)]
pub struct Settings {
    /// Who runs this; goes into the `User-Agent`.
    pub contact: Option<String>,
    /// Special addresses or hosts that may be asked all the same.
    pub allow: Vec<AllowRange>,
    /// Requests in flight at once, each to another host.
    pub concurrency: usize,
    /// The pause between two requests to one host; five times that before a page.
    pub host_delay: Duration,
    /// One whole request, redirects and body included; waits out of politeness do not count.
    pub timeout: Duration,
    /// All requests of one source together; for whoever runs sources.
    pub source_timeout: Duration,
    /// An `http:`, `https:`, `socks5h:` or `socks5:` proxy for all requests. All but the last resolve names
    /// themselves, so that names are no longer checked after DNS.
    pub proxy: Option<String>,
    /// Further certificate authorities, PEM.
    pub ca_file: Option<PathBuf>,
    /// Feeds obey robots.txt like everything else.
    pub robots_for_feeds: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            contact: None,
            allow: Vec::new(),
            concurrency: 256,
            host_delay: Duration::from_secs(1),
            timeout: Duration::from_secs(30),
            source_timeout: Duration::from_mins(2),
            proxy: None,
            ca_file: None,
            robots_for_feeds: false,
        }
    }
}
