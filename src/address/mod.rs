//! Addresses: which part of a host name its owner registered.

/// The registrable domain of a host (public suffix list, private section included).
///
/// A host without one is itself: an IP literal, a single label, a public suffix.
#[must_use]
pub fn registrable_domain(host: &str) -> &str {
    if host.starts_with('[') || host.parse::<std::net::IpAddr>().is_ok() {
        return host;
    }
    psl::domain_str(host).unwrap_or(host)
}
