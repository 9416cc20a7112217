//! The mark of a state in a bucket, read and replaced under conditions.

use chrono::{DateTime, Utc};
use object_store::{Error, GetOptions, PutMode, PutOptions, UpdateVersion};

use super::{Bucket, headers, version};
use crate::publish::PublishError;
use crate::publish::claim::{Claimant, Held, Mark, PLACE, Verdict, decide};

impl Bucket {
    /// Marks the bucket as this state's, or finds that it is.
    ///
    /// # Errors
    /// [`PublishError::Taken`] where another state publishes there; [`PublishError::Bucket`].
    pub async fn claim(&self, claimant: Claimant, now: DateTime<Utc>) -> Result<(), PublishError> {
        let found = self.mark().await?;
        let (mark, version) = match (decide(found.as_ref().map(|(mark, _)| mark), claimant, now), found) {
            (Verdict::Taken, _) => return Err(self.taken()),
            (Verdict::Stands, Some(found)) => found,
            (Verdict::Stands, None) => return Ok(()),
            (Verdict::Write(mark), found) => {
                let mode = found.map_or(PutMode::Create, |(_, version)| PutMode::Update(version));
                let version = self.put_mark(&mark, mode).await?;
                (mark, version)
            }
        };
        self.claim.set(mark, version);
        Ok(())
    }

    /// Says that the first run is over.
    ///
    /// # Errors
    /// [`PublishError::Bucket`]; the mark runs out by itself then.
    pub async fn settle(&self) -> Result<(), PublishError> {
        let Held { mark: Some(mark), unsettled: Some(version), lost: false } = self.claim.get() else { return Ok(()) };
        // not every store is held to conditions
        self.check_claim().await?;
        let mark = mark.settled();
        let version = self.put_mark(&mark, PutMode::Update(version)).await?;
        self.claim.set(mark, version);
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
            Some((mark, _)) if !mark.is_of(&own) => {
                self.claim.lose();
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
        Ok(Some((Mark::read(&bytes), version)))
    }

    async fn put_mark(&self, mark: &Mark, mode: PutMode) -> Result<UpdateVersion, PublishError> {
        let place = self.place(PLACE)?;
        let bytes = mark.bytes();
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
