//! The guard before private addresses: which URLs and which addresses may be asked.
//!
//! A URL is checked on every hop, since an address written as a number never reaches DNS; a name's
//! addresses are checked where it is resolved, and the connection uses that very answer, so that no
//! second look-up can bring another one.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;
use std::sync::Arc;

use url::{Host, Url};

use super::error::FetchError;

/// Something special that may be asked all the same: a range of addresses, or a host by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllowRange {
    /// The addresses that share their first `bits` bits with `address`.
    Net { address: IpAddr, bits: u8 },
    /// A host name, lower case, whatever its addresses are.
    Host(String),
}

/// Why an entry of `fetch.allow` cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AllowRangeError {
    #[error("{0:?} is no address range: write an address and the bits that count, like \"10.0.0.0/8\"")]
    Range(String),
    #[error("{0:?} has too many bits: at most {1} count")]
    Bits(String, u8),
    #[error("{0:?} is no host name: leave out scheme, port and path, like \"intranet.example\"")]
    Host(String),
}

impl FromStr for AllowRange {
    type Err = AllowRangeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if let Some((address, bits)) = text.split_once('/') {
            let range = || AllowRangeError::Range(text.to_owned());
            let address = parse_address(address).ok_or_else(range)?;
            let is_number = bits.bytes().all(|byte| byte.is_ascii_digit());
            let bits: u8 = if is_number { bits.parse().map_err(|_| range())? } else { return Err(range()) };
            let most = width(address);
            return if bits <= most {
                Ok(Self::Net { address, bits })
            } else {
                Err(AllowRangeError::Bits(text.to_owned(), most))
            };
        }
        if let Some(address) = parse_address(text) {
            return Ok(Self::Net { address, bits: width(address) });
        }
        match Host::parse(text) {
            Ok(Host::Domain(name)) if !text.contains([':', '*', '@']) => Ok(Self::Host(bare_name(&name))),
            _ => Err(AllowRangeError::Host(text.to_owned())),
        }
    }
}

/// What may be asked.
#[derive(Clone, Debug)]
pub(super) struct Guard(Arc<[AllowRange]>);

impl Guard {
    pub fn new(allow: &[AllowRange]) -> Self {
        Self(allow.into())
    }

    /// A guard that lets every address through: for answers that come from no address.
    pub fn any_address() -> Self {
        let (v4, v6) = (Ipv4Addr::UNSPECIFIED.into(), Ipv6Addr::UNSPECIFIED.into());
        Self::new(&[AllowRange::Net { address: v4, bits: 0 }, AllowRange::Net { address: v6, bits: 0 }])
    }

    /// Checks what can be known before DNS: scheme, user information, an address as host.
    pub fn check(&self, url: &Url) -> Result<(), FetchError> {
        let refuse = |reason| Err(FetchError::RefusedUrl { host: host_of(url), reason });
        if !matches!(url.scheme(), "http" | "https") {
            return refuse("only http and https are");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("its URL holds a user name or password; use the source's headers for logging in");
        }
        let address = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            Some(Host::Domain("")) | None => return refuse("its URL has no host"),
            Some(Host::Domain(_)) => return Ok(()),
        };
        if self.admits(address) {
            return Ok(());
        }
        Err(FetchError::ForbiddenAddress { host: host_of(url), address })
    }

    /// Whether an address is public, or opened by the config.
    pub fn admits(&self, address: IpAddr) -> bool {
        !is_special(address) || self.0.iter().any(|range| range.contains(address))
    }

    /// Whether a host is opened by its name.
    pub fn admits_name(&self, name: &str) -> bool {
        let name = bare_name(name);
        self.0.iter().any(|range| matches!(range, AllowRange::Host(host) if *host == name))
    }
}

impl AllowRange {
    fn contains(&self, candidate: IpAddr) -> bool {
        let Self::Net { address, bits } = self else { return false };
        let bits = u32::from(*bits);
        match (*address, candidate) {
            (IpAddr::V4(net), _) => {
                let IpAddr::V4(candidate) = candidate.to_canonical() else { return false };
                let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
                net.to_bits() & mask == candidate.to_bits() & mask
            }
            (IpAddr::V6(net), IpAddr::V6(candidate)) => {
                let mask = u128::MAX.checked_shl(128 - bits).unwrap_or(0);
                net.to_bits() & mask == candidate.to_bits() & mask
            }
            (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

/// The host for messages, or the scheme where there is none. Never user information.
pub(super) fn host_of(url: &Url) -> String {
    url.host_str().filter(|host| !host.is_empty()).map_or_else(|| format!("a {}: URL", url.scheme()), str::to_owned)
}

/// Whether an address is anything but a public host: the registries of special addresses of both
/// families (RFC 6890 and its successors), and every form that carries another address within.
fn is_special(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_special_v4(address),
        IpAddr::V6(address) => is_special_v6(address),
    }
}

#[expect(clippy::match_same_arms, reason = "each arm says why its ranges are special")]
fn is_special_v4(address: Ipv4Addr) -> bool {
    match address.octets() {
        // this network, private, loopback
        [0 | 10 | 127, ..] | [172, 16..=31, ..] | [192, 168, ..] => true,
        // shared by carriers (RFC 6598); link-local, where clouds keep their metadata
        [100, 64..=127, ..] | [169, 254, ..] => true,
        // protocol assignments and documentation, AS112, 6to4 relays and multicast tunnels
        [192, 0, 0 | 2, _] | [192, 31, 196, _] | [192, 52, 193, _] | [192, 88, 99, _] | [192, 175, 48, _] => true,
        // benchmarks, documentation
        [198, 18 | 19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => true,
        // multicast, reserved, broadcast
        [first, ..] => first >= 224,
    }
}

#[expect(clippy::match_same_arms, reason = "each arm says why its ranges are special")]
fn is_special_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // protocol assignments (Teredo, ORCHID, benchmarks), documentation
        [0x2001, 0..=0x1ff | 0x0db8, ..] | [0x3fff, 0..=0x0fff, ..] => true,
        // 6to4, which carries an IPv4 address; AS112
        [0x2002, ..] | [0x2620, 0x4f, 0x8000, ..] => true,
        // hosts live in 2000::/3: what is outside covers ::/128, ::1, ff00::/8, fe80::/10, fec0::/10, fc00::/7,
        // 64:ff9b::/96 and 64:ff9b:1::/48 (NAT64), 100::/64 (discard), 5f00::/16 (segment routing)
        [first, ..] => !(0x2000..=0x3fff).contains(&first),
    }
}

fn parse_address(text: &str) -> Option<IpAddr> {
    text.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

const fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// A name without the dot of the root, lower case.
pub(super) fn bare_name(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}

#[cfg(test)]
mod tests;
