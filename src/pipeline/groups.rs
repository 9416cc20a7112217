//! Which sources must be gathered one after the other.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use crate::address;
use crate::model::{Source, Where};

/// Groups of sources, as places in `sources`: sources of one outlet, one host or one registrable
/// domain are in one group, in the config's order.
///
/// A group is gathered in order, one source at a time: hosts get one request at once, and which
/// source brings a shared article first does not depend on the speed of the network. The largest
/// group is first, since it takes longest.
#[must_use]
pub fn group(sources: &[Arc<Source>], due: &[usize]) -> Vec<Vec<usize>> {
    let mut sets = Sets::new(due.len());
    let mut by_outlet: HashMap<&str, usize> = HashMap::new();
    let mut by_domain: HashMap<&str, usize> = HashMap::new();
    for (at, &index) in due.iter().enumerate() {
        let source = &sources[index];
        let domain = match &source.location {
            Where::Web(url) => url.host_str().map(address::registrable_domain),
            Where::Folder(_) => None,
        };
        let first = *by_outlet.entry(source.outlet.as_ref()).or_insert(at);
        sets.join(first, at);
        if let Some(domain) = domain {
            let first = *by_domain.entry(domain).or_insert(at);
            sets.join(first, at);
        }
    }
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut place: HashMap<usize, usize> = HashMap::new();
    for (at, &index) in due.iter().enumerate() {
        let root = sets.root(at);
        let group = *place.entry(root).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[group].push(index);
    }
    groups.sort_by_key(|group| Reverse(group.len()));
    groups
}

/// Disjoint sets; the smallest member is the root.
struct Sets {
    parent: Vec<usize>,
}

impl Sets {
    fn new(len: usize) -> Self {
        Self { parent: (0..len).collect() }
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.parent[at] != at {
            self.parent[at] = self.parent[self.parent[at]];
            at = self.parent[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        let (low, high) = (a.min(b), a.max(b));
        self.parent[high] = low;
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn source(outlet: &str, location: &str) -> Arc<Source> {
        let location = match url::Url::parse(location) {
            Ok(url) => Where::Web(url),
            Err(_) => Where::Folder(PathBuf::from(location)),
        };
        Arc::new(Source::new(outlet, outlet, location))
    }

    #[test]
    fn one_outlet_or_one_domain_is_one_group() {
        let sources = [
            source("a", "https://a.example/1"),
            source("b", "https://b.example/1"),
            source("a", "https://cdn.example/2"),
            source("c", "https://www.b.example/3"),
            source("d", "/srv/desk"),
            source("e", "https://img.cdn.example/2"),
        ];
        assert_eq!(group(&sources, &[0, 1, 2, 3, 4, 5]), [vec![0, 2, 5], vec![1, 3], vec![4]]);
        assert_eq!(group(&sources, &[5, 3]), [vec![5], vec![3]]);
        assert_eq!(group(&sources, &[4, 1, 3]), [vec![1, 3], vec![4]]);
        assert!(group(&sources, &[]).is_empty());
    }
}
