//! One run at a time: a lease in an object beside the state.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use object_store::path::Path;
use object_store::{Error, GetOptions, PutMode, UpdateVersion};
use serde::{Deserialize, Serialize};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::{ATTEMPTS, BucketError, BucketState};
use crate::model::bucket_cause;

/// A lease that is not renewed ends after this.
const LASTS: TimeDelta = TimeDelta::minutes(10);

/// It is renewed as often as this.
const RENEWED: Duration = Duration::from_mins(1);

/// The time of day; leases go by the real one, also in a run with a fixed clock.
pub type Clock = fn() -> DateTime<Utc>;

/// The lease as it lies in the bucket; given up, it stays with nobody as its owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Written {
    /// Who holds it, in words; empty where nobody does.
    owner: String,
    /// Rises each time a run takes it from one that seems dead.
    fence: u64,
    /// Seconds since 1970.
    until: i64,
}

/// A lease that this run holds; renewed until it is given up or dropped.
#[derive(Debug)]
pub struct Lease {
    pub(super) shared: Arc<Shared>,
    fence: u64,
    lost: CancellationToken,
    renewing: DropGuard,
}

#[derive(Debug)]
pub(super) struct Shared {
    state: BucketState,
    place: Path,
    now: Clock,
    current: Mutex<(Written, UpdateVersion)>,
    lost: CancellationToken,
}

impl BucketState {
    /// Takes the lease at once, or says who holds it; then tries whether the store honours conditions.
    ///
    /// `owner` names this run, and no other one.
    ///
    /// # Errors
    /// [`BucketError::Held`], [`BucketError::Unconditional`] and [`BucketError::Store`].
    pub async fn lease(&self, owner: &str, now: Clock) -> Result<Lease, BucketError> {
        let place = Path::from(format!("{}.lease", self.place));
        let (written, version) = self.acquire(&place, owner, now).await?;
        let fence = written.fence;
        let lost = CancellationToken::new();
        let current = Mutex::new((written.clone(), version));
        let shared = Arc::new(Shared { state: self.clone(), place, now, current, lost: lost.clone() });
        if let Err(error) = self.probe(&shared.place, &written).await {
            shared.give_up().await;
            return Err(error);
        }
        let ended = CancellationToken::new();
        tokio::spawn(renew(Arc::clone(&shared), ended.clone()));
        Ok(Lease { shared, fence, lost, renewing: ended.drop_guard() })
    }

    /// Takes the lease, or says who holds it.
    async fn acquire(&self, place: &Path, owner: &str, now: Clock) -> Result<(Written, UpdateVersion), BucketError> {
        let mut attempt = 1;
        loop {
            let (mode, fence) = match self.written(place).await? {
                None => (PutMode::Create, 1),
                Some((found, version)) if found.owner == owner => return Ok((found, version)),
                Some((found, version)) if found.owner.is_empty() => (PutMode::Update(version), found.fence),
                Some((found, version)) if found.until <= now().timestamp() => {
                    (PutMode::Update(version), found.fence + 1)
                }
                Some((found, _)) => return Err(self.held(&found)),
            };
            let written = Written { owner: owner.to_owned(), fence, until: (now() + LASTS).timestamp() };
            match self.write(place, &written, mode).await {
                Ok(version) => return Ok((written, version)),
                // another look tells who has it now: maybe this run, and only the answer was lost
                Err(_) if attempt < ATTEMPTS => attempt += 1,
                Err(error) => return Err(self.refused(&error)),
            }
        }
    }

    /// Writes that must fail, over what holds the same already.
    async fn probe(&self, place: &Path, written: &Written) -> Result<(), BucketError> {
        let unconditional = |what| BucketError::Unconditional { state: self.name.clone(), what };
        match self.write(place, written, PutMode::Create).await {
            Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => {}
            Ok(_) => return Err(unconditional("it made an object anew that was there already")),
            Err(error) => return Err(self.refused(&error)),
        }
        // what no object of this store was ever called
        let (e_tag, version) = (Some("\"00000000000000000000000000000000\"".to_owned()), Some("1".to_owned()));
        match self.write(place, written, PutMode::Update(UpdateVersion { e_tag, version })).await {
            Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => Ok(()),
            Ok(_) => Err(unconditional("it replaced another version than the one that it was told to")),
            Err(error) => Err(self.refused(&error)),
        }
    }

    /// A write that was not carried out: conditions are unknown to the store, or it failed.
    fn refused(&self, error: &Error) -> BucketError {
        if matches!(error, Error::NotImplemented { .. }) || bucket_cause(error).starts_with("501") {
            return BucketError::Unconditional { state: self.name.clone(), what: "it does not know them" };
        }
        self.failed("take the lease of", error)
    }

    fn held(&self, written: &Written) -> BucketError {
        let until = DateTime::from_timestamp(written.until, 0).unwrap_or_default();
        BucketError::Held {
            state: self.name.clone(),
            owner: written.owner.clone(),
            until: until.to_rfc3339_opts(SecondsFormat::Secs, true),
        }
    }

    async fn written(&self, place: &Path) -> Result<Option<(Written, UpdateVersion)>, BucketError> {
        let failed = |error: Error| self.failed("read the lease of", &error);
        let found = match self.objects.get_opts(place, GetOptions::default()).await {
            Ok(found) => found,
            Err(Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let version = super::version(&found.meta);
        let bytes = found.bytes().await.map_err(failed)?;
        // rubbish is nobody's
        let nobody = Written { owner: String::new(), fence: 1, until: 0 };
        Ok(Some((serde_json::from_slice(&bytes).unwrap_or(nobody), version)))
    }

    async fn write(&self, place: &Path, written: &Written, mode: PutMode) -> Result<UpdateVersion, Error> {
        let bytes = serde_json::to_vec(written).unwrap_or_default();
        Ok(self.objects.put_opts(place, bytes.into(), mode.into()).await?.into())
    }
}

impl Lease {
    /// Rises each time a run takes the state from one that seems dead.
    #[must_use]
    pub const fn fence(&self) -> u64 {
        self.fence
    }

    /// Cancelled when the lease is lost: what goes on then must not write.
    #[must_use]
    pub const fn lost(&self) -> &CancellationToken {
        &self.lost
    }

    /// Whether another run may have taken it.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.shared.is_over()
    }

    /// Leaves it to the next run. Where that fails it ends by itself.
    pub async fn give_up(self) {
        drop(self.renewing);
        self.shared.give_up().await;
    }
}

impl Shared {
    fn current(&self) -> (Written, UpdateVersion) {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn is_over(&self) -> bool {
        if self.current().0.until <= (self.now)().timestamp() {
            self.lost.cancel();
        }
        self.lost.is_cancelled()
    }

    async fn give_up(&self) {
        let Self { state, place, .. } = self;
        let (written, version) = self.current();
        let free = Written { owner: String::new(), until: 0, ..written.clone() };
        let Err(error) = state.write(place, &free, PutMode::Update(version)).await else { return };
        // a renewal may have been under way
        if let Ok(Some((found, version))) = state.written(place).await
            && (found.owner.is_empty()
                || (found.owner == written.owner && state.write(place, &free, PutMode::Update(version)).await.is_ok()))
        {
            return;
        }
        tracing::warn!("the lease of {} ends by itself only: {}", state.name, bucket_cause(&error));
    }

    /// Renews it once; a failure counts only when the time is over.
    pub(super) async fn renew(&self) {
        let (written, version) = self.current();
        let renewed = Written { until: ((self.now)() + LASTS).timestamp(), ..written };
        match self.state.write(&self.place, &renewed, PutMode::Update(version)).await {
            Ok(version) => *self.current.lock().unwrap_or_else(PoisonError::into_inner) = (renewed, version),
            Err(error) => match self.state.written(&self.place).await {
                Ok(Some((found, version))) if found.owner == renewed.owner => {
                    *self.current.lock().unwrap_or_else(PoisonError::into_inner) = (found, version);
                }
                Ok(_) => self.lost.cancel(),
                Err(_) => tracing::warn!("the lease of {} was not renewed: {}", self.state.name, bucket_cause(&error)),
            },
        }
    }
}

/// Renews a lease each minute, until it is given up or lost.
async fn renew(shared: Arc<Shared>, ended: CancellationToken) {
    loop {
        tokio::select! {
            () = ended.cancelled() => return,
            () = tokio::time::sleep(RENEWED) => {}
        }
        if shared.is_over() {
            return;
        }
        shared.renew().await;
    }
}
