//! The way of an article: stages called in order, nothing decided here.
//!
//! Two halves meet only in the store: [`collect`] gathers sources, [`release`] publishes feeds.

mod ask;
mod climb;
mod collect;
mod crew;
mod failure;
mod follow;
mod groups;
mod intake;
mod kept;
mod ladder;
mod lists;
mod location;
mod membership;
mod outlets;
mod quarantine;
mod reading;
mod rebuild;
mod release;
mod settle;
mod source;
mod sources;
mod stories;
mod survey;
mod texts;
mod verdict;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio_util::sync::CancellationToken;

use crate::compose::Selection;
use crate::gather::Fetch;
use crate::model::{FeedInfo, SiteInfo};
use crate::publish::Target;
use crate::store::{Member, Store};

pub use collect::{Wanted, collect};
pub use crew::Crew;
pub use outlets::Outlets;
pub use rebuild::{PrepareError, prepare};
pub use release::{KeptBack, orphans, release, stage_documents};
pub use sources::Sources;
pub use survey::{Offer, survey};

/// One feed that is to be published, as configured.
#[derive(Clone, Debug)]
pub struct FeedPlan {
    /// Its facts; `urn` is filled from the store.
    pub info: FeedInfo,
    /// The store's number of it, once registered.
    pub number: u32,
    pub selection: Selection,
    /// Former ids: their items are kept and their files written too.
    pub was: Vec<String>,
    /// The members until this run, where another selection has just changed them.
    pub members_before: Option<Vec<Member>>,
}

/// What a run is to do, as configured.
#[derive(Clone, Debug)]
pub struct Plan {
    pub site: SiteInfo,
    pub sources: Sources,
    pub outlets: Outlets,
    pub feeds: Vec<FeedPlan>,
    /// Groups of sources that are gathered at once.
    pub concurrency: usize,
    /// The most time that one source may take.
    pub source_timeout: Duration,
}

/// The parts that a run works with; made once, in `app`.
#[derive(Clone)]
pub struct Parts {
    pub fetch: Arc<dyn Fetch>,
    pub store: Arc<dyn Store>,
    pub targets: Arc<[Target]>,
    /// Does what keeps a core busy.
    pub crew: Arc<Crew>,
    /// Cancelled when the run must end: no new work is begun.
    pub stop: CancellationToken,
    /// The time that the whole run takes for now.
    pub now: DateTime<Utc>,
}

/// After the run was told to stop, what is under way may take so long: of the ten seconds until it must have ended, what
/// is left is for putting the state back.
const GRACE: Duration = Duration::from_secs(5);

impl Parts {
    /// Does work that is given up where the run was told to stop and it does not end soon: then `None`.
    async fn while_there_is_time<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let is_over = async {
            self.stop.cancelled().await;
            tokio::time::sleep(GRACE).await;
        };
        tokio::select! {
            biased;
            result = work => Some(result),
            () = is_over => None,
        }
    }
}

/// What a panic said.
fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("a fault in the program: {}", text.unwrap_or("no message"))
}
