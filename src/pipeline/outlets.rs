//! Which registrable domains belong to which outlet.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::address;
use crate::model::{Source, Where};

/// The domains of all configured outlets.
#[derive(Clone, Debug, Default)]
pub struct Outlets {
    of_outlet: HashMap<Arc<str>, Vec<String>>,
    owners: HashMap<String, HashSet<Arc<str>>>,
}

impl Outlets {
    #[must_use]
    pub fn new(sources: &[Arc<Source>]) -> Self {
        let mut outlets = Self::default();
        for source in sources {
            let Where::Web(url) = &source.location else { continue };
            let Some(domain) = url.host_str().map(address::registrable_domain) else { continue };
            let known = outlets.of_outlet.entry(Arc::clone(&source.outlet)).or_default();
            if !known.iter().any(|one| one == domain) {
                known.push(domain.to_owned());
                outlets.owners.entry(domain.to_owned()).or_default().insert(Arc::clone(&source.outlet));
            }
        }
        outlets
    }

    /// The domains of one outlet's sources.
    #[must_use]
    pub fn domains(&self, outlet: &str) -> &[String] {
        self.of_outlet.get(outlet).map_or(&[], Vec::as_slice)
    }

    /// Whether a domain is another outlet's, and not this one's.
    #[must_use]
    pub fn is_foreign(&self, outlet: &str, domain: &str) -> bool {
        self.owners.get(domain).is_some_and(|owners| !owners.contains(outlet))
    }
}
