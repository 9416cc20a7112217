//! Resolves names by the system's resolver and lets only admitted addresses through.

#![expect(
    clippy::disallowed_methods,
    reason = "waits are measured where they happen; the time of day stays an argument"
)]

use std::collections::HashMap;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::guard::Guard;

/// Each look-up takes a thread of its own while it runs.
const MOST_LOOKUPS: usize = 32;
/// Long enough for a source's pages, short enough to follow a move.
const KEPT_FOR: Duration = Duration::from_mins(1);
/// Above so many names, those that are out of date are dropped, or all.
const MOST_KEPT: usize = 1024;

/// The resolver of all clients; clones share their memory.
#[derive(Clone)]
pub(super) struct Resolver(Arc<Inner>);

struct Inner {
    guard: Guard,
    /// The proxy's name, which the operator chose.
    proxy: Option<String>,
    lookups: Semaphore,
    kept: Mutex<HashMap<String, (Instant, Vec<SocketAddr>)>>,
}

/// Why a name led nowhere; found again in the client's chain of errors.
#[derive(Clone, Debug)]
pub(super) enum ResolveError {
    Forbidden(IpAddr),
    Unknown(String),
}

impl fmt::Display for ResolveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Forbidden(address) => write!(f, "{address} is a private or special address"),
            Self::Unknown(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for ResolveError {}

impl Resolver {
    pub fn new(guard: Guard, proxy: Option<String>) -> Self {
        let (lookups, kept) = (Semaphore::new(MOST_LOOKUPS), Mutex::default());
        Self(Arc::new(Inner { guard, proxy, lookups, kept }))
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let inner = Arc::clone(&self.0);
        Box::pin(async move {
            let addresses = inner.resolve(name.as_str()).await?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

impl Inner {
    async fn resolve(&self, name: &str) -> Result<Vec<SocketAddr>, ResolveError> {
        if let Some(found) = self.recall(name) {
            return Ok(found);
        }
        // the semaphore is never closed; were it, the look-up would only be uncounted
        let _turn = self.lookups.acquire().await;
        let found = tokio::net::lookup_host((name, 0)).await;
        let all: Vec<SocketAddr> = found.map_err(|error| ResolveError::Unknown(error.to_string()))?.collect();
        let admitted = self.admitted(name, &all)?;
        self.keep(name, &admitted);
        Ok(admitted)
    }

    fn admitted(&self, name: &str, all: &[SocketAddr]) -> Result<Vec<SocketAddr>, ResolveError> {
        if self.guard.admits_name(name) || self.proxy.as_deref() == Some(name) {
            return Ok(all.to_vec());
        }
        let admitted: Vec<_> = all.iter().copied().filter(|address| self.guard.admits(address.ip())).collect();
        match all.first() {
            None => Err(ResolveError::Unknown("the answer is empty".to_owned())),
            Some(first) if admitted.is_empty() => Err(ResolveError::Forbidden(first.ip())),
            Some(_) => Ok(admitted),
        }
    }

    fn recall(&self, name: &str) -> Option<Vec<SocketAddr>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(name).filter(|(until, _)| *until > Instant::now()).map(|(_, addresses)| addresses.clone())
    }

    fn keep(&self, name: &str, addresses: &[SocketAddr]) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if kept.len() >= MOST_KEPT {
            kept.retain(|_, (until, _)| *until > now);
            if kept.len() >= MOST_KEPT {
                kept.clear();
            }
        }
        kept.insert(name.to_owned(), (now + KEPT_FOR, addresses.to_vec()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
        texts.iter().map(|text| SocketAddr::new(text.parse().unwrap(), 0)).collect()
    }

    #[test]
    fn of_an_answer_only_public_addresses_are_connected_to() {
        // the answer of DNS; what of it may be connected to
        let rows: [(&[&str], &[&str]); 5] = [
            (&["93.184.216.34"], &["93.184.216.34"]),
            (&["127.0.0.1", "93.184.216.34", "10.0.0.1", "::1"], &["93.184.216.34"]),
            (&["::ffff:192.168.1.1", "2606:4700::1111", "64:ff9b::a00:1"], &["2606:4700::1111"]),
            (&["169.254.169.254"], &[]),
            (&[], &[]),
        ];
        let resolver = Resolver::new(Guard::new(&["intranet.example".parse().unwrap()]), Some("proxy.example".into()));
        for (answer, expected) in rows {
            let admitted = resolver.0.admitted("rebinding.example", &addresses(answer));
            assert_eq!(admitted.unwrap_or_default(), addresses(expected), "{answer:?}");
        }
        for opened in ["intranet.example", "proxy.example"] {
            assert_eq!(resolver.0.admitted(opened, &addresses(&["10.0.0.1"])).unwrap(), addresses(&["10.0.0.1"]));
        }
    }

    #[tokio::test]
    async fn a_second_look_within_the_minute_brings_the_answer_that_was_checked() {
        let resolver = Resolver::new(Guard::new(&[]), None);
        resolver.0.keep("rebinding.example", &addresses(&["93.184.216.34"]));
        // nothing asks DNS again, which has no such name
        assert_eq!(resolver.0.resolve("rebinding.example").await.unwrap(), addresses(&["93.184.216.34"]));
    }
}
