//! `hide`: take an article out of all feeds, for ever.

use tokio_util::sync::CancellationToken;

use super::state::State;
use super::{Ended, output};
use crate::cli::exit;
use crate::config::Config;
use crate::dedupe::{self, Identifiers, Scope};
use crate::model::Key;
use crate::pipeline::Outlets;

/// Hides what a uid or an address names; what is not known yet is hidden when it arrives.
pub async fn hide(config: &Config, article: &str) -> Result<u8, Ended> {
    let state = State::open(config, &CancellationToken::new()).await?;
    let hidden = state.store.hide(article, keys(config, article)).await;
    state.close().await?;
    let hidden = hidden?;
    match hidden {
        Some(uid) => output::print(&format!("{uid} is hidden; the next run takes it out of the feeds"))?,
        None => output::print(&format!("{article} is not known; should it arrive, it will be hidden"))?,
    }
    Ok(exit::OK)
}

/// The keys that the address has with each of the config's sources.
fn keys(config: &Config, article: &str) -> Vec<Key> {
    let sources: Vec<_> = config.sources.iter().cloned().map(std::sync::Arc::new).collect();
    let outlets = Outlets::new(&sources);
    let mut keys: Vec<Key> = sources
        .iter()
        .filter_map(|source| {
            let domains = outlets.domains(&source.outlet);
            let scope = Scope { source: &source.id, outlet: &source.outlet, domains };
            dedupe::keys(&scope, &Identifiers { url: Some(article), ..Identifiers::default() }).url
        })
        .collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}
