//! `prune`: delete published files that no feed of the config writes any more.

use tokio_util::sync::CancellationToken;

use super::state::State;
use super::{Ended, output, setup, targets};
use crate::cli::exit;
use crate::config::Config;
use crate::pipeline;
use crate::report::count;
use crate::store::Store;

/// Deletes the orphans in every target.
pub async fn prune(config: &Config) -> Result<u8, Ended> {
    let state = State::open(config, &CancellationToken::new()).await?;
    let pruned = prune_all(config, &state).await;
    state.close().await?;
    output::say(&count(pruned?, "file", "deleted"));
    Ok(exit::OK)
}

async fn prune_all(config: &Config, state: &State) -> Result<usize, Ended> {
    let mut deleted = 0;
    for target in targets::open(config, targets::present(config), state).await?.iter() {
        let orphans = orphans(config, state.store.as_ref(), target.name()).await?;
        for path in &orphans {
            // a record may stand for no file, or for one that somebody else deleted
            if target.remove(path).await? {
                output::print(&format!("{}/{path}", output::short_path(target.name())))?;
                deleted += 1;
            }
        }
        state.store.forget_files(target.name(), orphans).await?;
    }
    Ok(deleted)
}

/// Files that were written here and that no feed of the config writes.
pub async fn orphans(config: &Config, store: &dyn Store, target: &str) -> Result<Vec<String>, Ended> {
    let recorded = store.files(target).await?.into_iter().map(|file| file.path);
    let documents = recorded.filter(|path| !targets::is_note(path)).collect();
    Ok(pipeline::orphans(&setup::plan(config)?, documents))
}
