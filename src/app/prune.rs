//! `prune`: delete published files that no feed of the config writes any more.

use super::{Ended, output, setup};
use crate::cli::exit;
use crate::config::Config;
use crate::pipeline;
use crate::report::count;
use crate::store::Store;

/// Deletes the orphans in every target.
pub async fn prune(config: &Config) -> Result<u8, Ended> {
    let _lock = setup::lock(config)?;
    let store = setup::store(config, false)?;
    let mut deleted = 0;
    for target in setup::present_targets(config)?.iter() {
        let orphans = orphans(config, store.as_ref(), target.name()).await?;
        for path in &orphans {
            target.remove(path)?;
            output::print(&format!("{}/{path}", output::short_path(target.name())))?;
        }
        deleted += orphans.len();
        store.forget_files(target.name(), orphans).await?;
    }
    store.close().await?;
    output::say(&count(deleted, "file", "deleted"));
    Ok(exit::OK)
}

/// Files that were written here and that no feed of the config writes.
pub async fn orphans(config: &Config, store: &dyn Store, target: &str) -> Result<Vec<String>, Ended> {
    let recorded = store.files(target).await?.into_iter().map(|file| file.path).collect();
    Ok(pipeline::orphans(&setup::plan(config)?, recorded))
}
