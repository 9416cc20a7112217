//! Who publishes to a bucket: one state, named in an object of the bucket itself.
//!
//! Two states that publish to one place would overwrite each other for ever. So a state leaves its
//! mark at the first run, and looks at it again before it changes anything.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use object_store::{Error, GetOptions, PutMode, PutOptions, UpdateVersion};
use serde::{Deserialize, Serialize};

use super::{Bucket, headers, version};
use crate::publish::PublishError;

/// Where the mark lies; a hidden name, so that it is no published file.
const PLACE: &str = ".feedmill/owner.json";

/// The first run of a state keeps others off so long, should it be killed.
const FIRST_RUN: TimeDelta = TimeDelta::minutes(10);

/// The state that wants to publish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claimant {
    /// The state's own number.
    pub state: u128,
    /// Rises when another run takes the state over from one that seems dead.
    pub fence: u64,
    /// Whether it holds nothing yet: it may go on where a lost one stood.
    pub is_new: bool,
}

/// The mark as it lies in the bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    state: String,
    fence: u64,
    /// Until when the first run of this state may be at work, seconds since 1970; 0 when it is over.
    busy_until: i64,
}

/// What a bucket remembers of its claim during a run.
#[derive(Debug, Default)]
pub(super) struct Claim(Mutex<Held>);

#[derive(Clone, Debug, Default)]
struct Held {
    mark: Option<Mark>,
    /// What the mark must be replaced over, where that is still to be done.
    unsettled: Option<UpdateVersion>,
    lost: bool,
}

impl Claim {
    fn set(&self, change: impl FnOnce(&mut Held)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn get(&self) -> Held {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Bucket {
    /// Marks the bucket as this state's, or finds that it is.
    ///
    /// # Errors
    /// [`PublishError::Taken`] where another state publishes there; [`PublishError::Bucket`].
    pub async fn claim(&self, claimant: Claimant, now: DateTime<Utc>) -> Result<(), PublishError> {
        let found = self.mark().await?;
        let own = format!("{:032x}", claimant.state);
        let (mode, mark) = match found {
            None => (PutMode::Create, Mark { state: own, fence: claimant.fence, busy_until: busy_until(now) }),
            Some((mark, version)) if mark.state == own && mark.fence == claimant.fence => {
                let unsettled = (mark.busy_until != 0).then_some(version);
                self.claim.set(|held| *held = Held { mark: Some(mark), unsettled, lost: false });
                return Ok(());
            }
            Some((mark, version)) if mark.state == own && mark.fence < claimant.fence => {
                (PutMode::Update(version), Mark { fence: claimant.fence, ..mark })
            }
            Some((mark, version)) if claimant.is_new && mark.state != own && mark.busy_until <= now.timestamp() => {
                let mark = Mark { state: own, fence: claimant.fence, busy_until: busy_until(now) };
                (PutMode::Update(version), mark)
            }
            Some(_) => return Err(self.taken()),
        };
        let version = self.put_mark(&mark, mode).await?;
        let unsettled = (mark.busy_until != 0).then_some(version);
        self.claim.set(|held| *held = Held { mark: Some(mark), unsettled, lost: false });
        Ok(())
    }

    /// Says that the first run is over.
    ///
    /// # Errors
    /// [`PublishError::Bucket`]; the mark runs out by itself then.
    pub async fn settle(&self) -> Result<(), PublishError> {
        let Held { mark: Some(mark), unsettled: Some(version), .. } = self.claim.get() else { return Ok(()) };
        let mark = Mark { busy_until: 0, ..mark };
        self.put_mark(&mark, PutMode::Update(version)).await?;
        self.claim.set(|held| *held = Held { mark: Some(mark), ..Held::default() });
        Ok(())
    }

    /// Whether another state, or a later run of this one, took the bucket over.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.claim.get().lost
    }

    /// Looks once more, before anything is changed.
    pub(super) async fn check_claim(&self) -> Result<(), PublishError> {
        let Some(own) = self.claim.get().mark else { return Ok(()) };
        match self.mark().await? {
            Some((mark, _)) if mark.state != own.state || mark.fence != own.fence => {
                self.claim.set(|held| held.lost = true);
                Err(self.taken())
            }
            // one that somebody deleted is made again by the next run
            _ => Ok(()),
        }
    }

    fn taken(&self) -> PublishError {
        PublishError::Taken { target: self.name.clone(), mark: format!("{}/{PLACE}", self.name) }
    }

    async fn mark(&self) -> Result<Option<(Mark, UpdateVersion)>, PublishError> {
        let place = self.place(PLACE)?;
        let failed = |error: Error| self.failed("read", PLACE, &error);
        let found = match self.objects.get_opts(&place, GetOptions::default()).await {
            Ok(found) => found,
            Err(Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let version = version(&found.meta);
        let bytes = found.bytes().await.map_err(failed)?;
        // what is no mark was written by somebody else
        let foreign = Mark { state: String::new(), fence: 0, busy_until: 0 };
        Ok(Some((serde_json::from_slice(&bytes).unwrap_or(foreign), version)))
    }

    async fn put_mark(&self, mark: &Mark, mode: PutMode) -> Result<UpdateVersion, PublishError> {
        let place = self.place(PLACE)?;
        let bytes = serde_json::to_vec(mark).unwrap_or_default();
        let tag = headers::tag(xxhash_rust::xxh3::xxh3_128(&bytes), false);
        let attributes = headers::attributes(PLACE, tag);
        let options = PutOptions { mode, attributes, ..PutOptions::default() };
        match self.put_object(&place, bytes.into(), options).await {
            Ok(result) => Ok(result.into()),
            Err(error) => match self.mark().await? {
                // it did arrive, only the answer was lost
                Some((found, version)) if found == *mark => Ok(version),
                Some(_) if matches!(error, Error::AlreadyExists { .. } | Error::Precondition { .. }) => {
                    Err(self.taken())
                }
                _ => Err(self.failed("write", PLACE, &error)),
            },
        }
    }
}

fn busy_until(now: DateTime<Utc>) -> i64 {
    (now + FIRST_RUN).timestamp()
}
