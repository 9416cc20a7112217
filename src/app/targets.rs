//! The places that releases go to: opened, claimed for the state, looked at once a day.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::state::{self, State};
use super::{Ended, objects, setup};
use crate::cli::exit;
use crate::config::{Config, Destination};
use crate::publish::{Bucket, Claimant, Folder, PublishError, Target};
use crate::report::RunReport;
use crate::store::FileRecord;

/// A bucket is asked what it holds when this has passed; in between it is believed to hold what was put.
const LOOKED_AT: TimeDelta = TimeDelta::days(1);

/// A bucket that is silent holds the whole run up at its start, and no longer than this.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where the state keeps its number for a bucket, among the records of the bucket's files.
const CLAIM: &str = "//claim";

/// Where it keeps when the bucket was looked at, and how its objects are packed.
const LOOKED: &str = "//looked";

/// Whether a record stands for no file.
#[must_use]
pub fn is_note(path: &str) -> bool {
    path.starts_with("//")
}

/// Those that are there already, as far as the disk tells.
pub fn present(config: &Config) -> impl Iterator<Item = &Destination> {
    config.publish.to.iter().filter(|destination| match destination {
        Destination::Folder(path) => path.exists(),
        Destination::Bucket(_) => true,
    })
}

/// Opens places to publish to; one that cannot be opened is closed, and keeps back its own releases only.
///
/// # Errors
/// Another state publishes to one of them, or the state cannot be used.
pub async fn open(
    config: &Config,
    destinations: impl Iterator<Item = &Destination>,
    state: &State,
) -> Result<Arc<[Target]>, Ended> {
    let opened = destinations.map(async |destination| {
        let target = reached(config, destination);
        if matches!(target, Target::Closed { .. }) {
            return Ok(target);
        }
        match claimed(config, &target, state).await? {
            Ok(()) => Ok(target),
            Err(taken @ PublishError::Taken { .. }) => Err(Ended { code: exit::LOCKED, message: taken.to_string() }),
            Err(error) => Ok(closed(destination, error.to_string())),
        }
    });
    futures_util::future::join_all(opened).await.into_iter().collect()
}

/// Opens places only to look at what they hold: none is made, none is claimed.
#[must_use]
pub fn open_to_look(config: &Config) -> Arc<[Target]> {
    present(config).map(|destination| reached(config, destination)).collect()
}

fn reached(config: &Config, destination: &Destination) -> Target {
    let opened = match destination {
        Destination::Folder(path) => {
            Folder::open(path).map(|one| Target::Folder(one.into())).map_err(|error| error.to_string())
        }
        Destination::Bucket(_) => bucket(config, destination).map(Target::Bucket).map_err(|error| format!("{error:#}")),
    };
    opened.unwrap_or_else(|trouble| closed(destination, trouble))
}

/// Ends the work with places: claims are settled, and what was looked at is noted.
///
/// # Errors
/// Another state took one of them over in the meantime.
pub async fn finish(
    config: &Config,
    (state, targets): (&State, &[Target]),
    report: &mut RunReport,
) -> Result<(), Ended> {
    for target in targets {
        if let Some(trouble) = target.trouble()
            && !report.troubles().any(|line| line.contains(trouble))
        {
            report.error = Some(trouble.to_owned());
        }
        if target.is_lost() {
            let message = target.trouble().unwrap_or("another state publishes to the target").to_owned();
            return Err(Ended { code: exit::LOCKED, message });
        }
        // where it cannot be settled it runs out by itself
        if let Err(error) = target.settle().await {
            tracing::warn!("{error}");
            continue;
        }
        let Target::Bucket(bucket) = target else { continue };
        if bucket.is_looked_at() && bucket.trouble().is_none() {
            let looked = note(bucket.name(), LOOKED, (seconds(setup::now(config)), packing(config)));
            state.store.put_files(vec![looked]).await?;
        }
    }
    Ok(())
}

fn closed(destination: &Destination, trouble: String) -> Target {
    Target::Closed { name: destination.to_string(), trouble }
}

fn bucket(config: &Config, destination: &Destination) -> anyhow::Result<Bucket> {
    let Destination::Bucket(address) = destination else { anyhow::bail!("{destination} is no bucket") };
    let objects = objects::open(address)?;
    Ok(Bucket::new(destination.to_string(), objects, &address.path)?.packed(config.publish.gzip))
}

/// Claims a target for the state, and has a bucket looked at where that is due.
async fn claimed(config: &Config, target: &Target, state: &State) -> Result<Result<(), PublishError>, Ended> {
    let recorded = state.store.files(target.name()).await?;
    let noted = |path: &str| recorded.iter().find(|record| record.path == path);
    let identity = state.identity();
    let number = match (identity.state, noted(CLAIM)) {
        (Some(number), _) => number,
        (None, Some(record)) => record.hash,
        // kept before it is used: a run that is killed in between finds itself again
        (None, None) => {
            let number = state::random();
            state.store.put_files(vec![note(target.name(), CLAIM, (number, 0))]).await?;
            number
        }
    };
    let is_due = noted(LOOKED).is_none_or(|record| {
        let since = seconds(setup::now(config)).saturating_sub(record.hash);
        record.size != packing(config) || since >= LOOKED_AT.num_seconds().unsigned_abs().into()
    });
    if let Target::Bucket(bucket) = target
        && is_due
    {
        bucket.look();
    }
    let is_new = state.store.is_empty().await?;
    let claimant = Claimant { state: number, fence: identity.fence, is_new };
    let claim = target.claim(claimant, setup::real_now());
    Ok(tokio::time::timeout(PATIENCE, claim).await.unwrap_or_else(|_| {
        let seconds = PATIENCE.as_secs();
        let name = target.name();
        Err(PublishError::GivenUp(format!("{name} did not answer within {seconds} s; the next run tries again")))
    }))
}

fn note(target: &str, path: &str, (hash, size): (u128, u64)) -> FileRecord {
    FileRecord { target: target.to_owned(), path: path.to_owned(), hash, size }
}

/// How objects are packed, as a number: what was packed otherwise is looked at anew.
const fn packing(config: &Config) -> u64 {
    if config.publish.gzip { 2 } else { 1 }
}

fn seconds(at: DateTime<Utc>) -> u128 {
    u64::try_from(at.timestamp()).unwrap_or_default().into()
}
