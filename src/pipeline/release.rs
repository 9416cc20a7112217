//! Publishes all feeds whose articles or settings changed.

mod archive;
mod changes;
mod feed;
mod history;
mod items;
mod site;
mod staging;

pub(super) use archive::closed as closed_archives;
pub use staging::{KeptBack, stage_documents};
pub(super) use staging::{document_path, history_path};

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

use crate::model::{Health, SourceState};
use crate::report::RunReport;
use crate::store::StoreError;

use super::{Parts, Plan};

/// Rises when a renderer writes other bytes for the same input: all files are written once more.
const RENDERING: u32 = 3;

/// What feeds tell of each source, by id.
type States = HashMap<String, Shown>;

/// What of a source's state feeds tell: there may be thousands of them.
struct Shown {
    title: Option<String>,
    home_page_url: Option<String>,
    language: Option<String>,
    is_page: bool,
    health: Health,
    failures: f64,
    trouble_since: Option<DateTime<Utc>>,
}

impl From<SourceState> for Shown {
    fn from(state: SourceState) -> Self {
        Self {
            title: state.feed_title,
            home_page_url: state.home_page_url,
            language: state.feed_language,
            is_page: state.is_page,
            health: state.health,
            failures: state.failures,
            trouble_since: state.trouble_since,
        }
    }
}

/// Those of the paths in a target that a plan publishes nothing at.
#[must_use]
pub fn orphans(plan: &Plan, paths: Vec<String>) -> Vec<String> {
    let owned: HashSet<String> = plan.feeds.iter().flat_map(feed::paths).chain(site::paths()).collect();
    let is_owned = |path: &String| owned.contains(path) || plan.feeds.iter().any(|feed| archive::owns(feed, path));
    paths.into_iter().filter(|path| !is_owned(path)).collect()
}

/// Releases every feed that is due, then index and lists; fills the report's second half.
///
/// With `dry_run` nothing is written: the report says item by item what would change. A target
/// that fails is in the report of each feed that it kept back.
///
/// # Errors
/// The store failed.
pub async fn release(parts: &Parts, plan: &Plan, dry_run: bool, report: &mut RunReport) -> Result<(), StoreError> {
    let records = parts.store.feeds().await?;
    let states = parts.store.sources().await?;
    let states: States = states.into_iter().map(|mut state| (std::mem::take(&mut state.id), state.into())).collect();
    for feed in &plan.feeds {
        if parts.stop.is_cancelled() {
            return Ok(());
        }
        let Some(record) = records.iter().find(|record| record.number == feed.number) else { continue };
        report.feeds.push(feed::release(parts, (plan, &states), (feed, record), dry_run).await?);
    }
    if !dry_run {
        site::release(parts, (plan, &states), report).await?;
    }
    Ok(())
}
