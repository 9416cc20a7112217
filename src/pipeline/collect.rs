//! Gathers all sources that are due, group by group.

use std::collections::{HashMap, HashSet};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::FutureExt as _;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;

use super::location::location_hash;
use super::{Parts, Plan, failure, groups, panic_message, source};
use crate::gather;
use crate::model::{Source, SourceState};
use crate::report::{Outcome, SourceReport};
use crate::schedule;
use crate::store::StoreError;

/// What is to be gathered.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Only these sources; all where empty.
    pub only: HashSet<String>,
    /// Also those whose time has not come.
    pub force: bool,
}

/// A source with what is remembered of it.
#[derive(Debug)]
struct Task {
    /// Its place in the config.
    index: usize,
    state: SourceState,
}

/// Gathers the sources that are due; the reports are in the config's order.
///
/// `tell` hears of each source as it ends, and at once of those that are not due. Whatever a source does is in its report.
///
/// # Errors
/// The store failed before anything was gathered.
pub async fn collect(
    parts: &Parts,
    plan: &Arc<Plan>,
    wanted: &Wanted,
    tell: &mut (dyn FnMut(&SourceReport) + Send),
) -> Result<Vec<SourceReport>, StoreError> {
    let states = states(parts, plan).await?;
    parts.fetch.recall(parts.store.hosts().await?);
    let is_due = |source: &Source, state: &SourceState| {
        let chosen = wanted.only.is_empty() || wanted.only.contains(source.id.as_ref());
        chosen && schedule::is_due(state, parts.now, wanted.force)
    };
    let due: Vec<usize> =
        (0..plan.sources.len()).filter(|&index| is_due(&plan.sources[index], &states[index])).collect();
    let groups = groups::group(&plan.sources, &due);
    let mut states: Vec<Option<SourceState>> = states.into_iter().map(Some).collect();
    let queue: Vec<std::sync::Mutex<Vec<Task>>> = groups
        .into_iter()
        .map(|group| {
            let tasks = group.into_iter().filter_map(|index| Some(Task { index, state: states[index].take()? }));
            std::sync::Mutex::new(tasks.collect())
        })
        .collect();
    drop(states);

    let mut reports: Vec<SourceReport> =
        plan.sources.iter().map(|source| SourceReport::empty(&source.id, Outcome::NotDue)).collect();
    for index in (0..reports.len()).filter(|index| due.binary_search(index).is_err()) {
        tell(&reports[index]);
    }
    let mut ended = spawn(parts, plan, queue);
    while let Some((index, report)) = ended.recv().await {
        tell(&report);
        reports[index] = report;
    }
    Ok(reports)
}

/// Stores what was learnt of hosts, one caller at a time: so no older row follows a newer one.
#[derive(Debug, Default)]
pub struct HostRows(Mutex<()>);

impl HostRows {
    /// Stores what was learnt since the last call.
    ///
    /// Comes before the row of the source that learnt it: who is killed in between asks a held host no more.
    pub async fn store(&self, parts: &Parts) {
        let _turn = self.0.lock().await;
        let learnt = parts.fetch.learnt();
        if learnt.is_empty() {
            return;
        }
        if let Err(error) = parts.store.put_hosts(learnt).await {
            tracing::warn!(%error, "what hosts asked for could not be stored");
        }
    }
}

/// The remembered state of each source, fresh where its location or kind has changed.
async fn states(parts: &Parts, plan: &Plan) -> Result<Vec<SourceState>, StoreError> {
    let mut known: HashMap<String, SourceState> =
        parts.store.sources().await?.into_iter().map(|state| (state.id.clone(), state)).collect();
    let mut state_of = |source: &Source| {
        let location_hash = location_hash(source);
        match known.remove(source.id.as_ref()) {
            Some(state) if state.location_hash == location_hash => state,
            // what the items of the old location said about identity and rhythm still holds
            Some(old) => SourceState {
                location_hash,
                teaching: old.teaching,
                newest: old.newest,
                goes_by_url: old.goes_by_url,
                id: old.id,
                ..SourceState::default()
            },
            None => SourceState { id: source.id.to_string(), location_hash, ..SourceState::default() },
        }
    };
    Ok(plan.sources.iter().map(|source| state_of(source)).collect())
}

/// Starts the workers; each takes one group after the other. The channel closes when all have ended.
fn spawn(
    parts: &Parts,
    plan: &Arc<Plan>,
    queue: Vec<std::sync::Mutex<Vec<Task>>>,
) -> mpsc::Receiver<(usize, SourceReport)> {
    let workers = plan.concurrency.clamp(1, queue.len().max(1));
    let (sender, receiver) = mpsc::channel(workers.max(64));
    let queue = Arc::new(queue);
    let next = Arc::new(AtomicUsize::new(0));
    let hosts = Arc::<HostRows>::default();
    let mut set = JoinSet::new();
    for _ in 0..workers {
        let (parts, plan, queue, next, hosts, sender) = (
            parts.clone(),
            Arc::clone(plan),
            Arc::clone(&queue),
            Arc::clone(&next),
            Arc::clone(&hosts),
            sender.clone(),
        );
        set.spawn(async move {
            while let Some(group) = queue.get(next.fetch_add(1, Ordering::Relaxed)) {
                let tasks = std::mem::take(&mut *group.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
                let mut left = tasks.len();
                for task in tasks {
                    if parts.stop.is_cancelled() {
                        return;
                    }
                    left -= 1;
                    let (index, bounds) = (task.index, Bounds { hosts: &hosts, is_last: left == 0 });
                    let report = guarded(&parts, &plan, (task, bounds)).await;
                    if sender.send((index, report)).await.is_err() {
                        return;
                    }
                }
            }
        });
    }
    set.detach_all();
    receiver
}

/// What one source has to do with the others.
#[derive(Clone, Copy, Debug)]
pub struct Bounds<'a> {
    pub hosts: &'a HostRows,
    /// No other source of its host or outlet waits for it.
    pub is_last: bool,
}

/// One source, so that neither a panic nor a hang leaves it.
async fn guarded(parts: &Parts, plan: &Arc<Plan>, (mut task, bounds): (Task, Bounds<'_>)) -> SourceReport {
    let source = &plan.sources[task.index];
    // here, so that an audit that fails is not repeated at once
    schedule::begin_audit(&mut task.state, parts.now);
    let before = task.state.clone();
    // some kilobytes, most of them for what few sources need
    let work = AssertUnwindSafe(Box::pin(source::gather(parts, plan, source, (task.state, bounds)))).catch_unwind();
    let trouble = match gather::within(plan.source_timeout, work).await {
        Ok(Ok(report)) => return report,
        Ok(Err(panic)) => panic_message(panic.as_ref()),
        Err(error) => error.to_string(),
    };
    bounds.hosts.store(parts).await;
    failure::fail(parts, source, before, failure::Failed::new(schedule::Failure::Soft, trouble)).await
}
