//! The configured sources, found by id.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;

use crate::model::Source;

/// All configured sources, in the config's order.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    all: Vec<Arc<Source>>,
    places: HashMap<Arc<str>, usize>,
}

impl Sources {
    #[must_use]
    pub fn new(all: Vec<Arc<Source>>) -> Self {
        let places = all.iter().enumerate().map(|(place, source)| (Arc::clone(&source.id), place)).collect();
        Self { all, places }
    }

    /// The source of an id, if it is configured.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Arc<Source>> {
        self.places.get(id).map(|&place| &self.all[place])
    }

    /// Those of some ids that are configured, each once, in the config's order.
    #[must_use]
    pub fn of<'a>(&self, ids: impl Iterator<Item = &'a Arc<str>>) -> Vec<&Source> {
        let mut places: Vec<usize> = ids.filter_map(|id| self.places.get(id).copied()).collect();
        places.sort_unstable();
        places.dedup();
        places.into_iter().map(|place| self.all[place].as_ref()).collect()
    }
}

impl Deref for Sources {
    type Target = [Arc<Source>];

    fn deref(&self) -> &Self::Target {
        &self.all
    }
}
