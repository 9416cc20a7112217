//! The mark of a state in a folder, read and replaced under a lock.

#![expect(clippy::disallowed_methods, reason = "a part of the atomic writer that the others are sent to")]

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::PathBuf;

use chrono::{DateTime, Utc};

use super::{Folder, sync_folder};
use crate::publish::PublishError;
use crate::publish::claim::{Claimant, Held, Mark, PLACE, Verdict, decide};

impl Folder {
    /// Marks the folder as this state's, or finds that it is, and removes what a killed run of it left.
    ///
    /// # Errors
    /// [`PublishError::Taken`] where another state publishes there; [`PublishError::Disk`].
    pub fn claim(&self, claimant: Claimant, now: DateTime<Utc>) -> Result<(), PublishError> {
        let _lock = self.lock()?;
        let found = self.mark()?;
        let mark = match (decide(found.as_ref(), claimant, now), found) {
            (Verdict::Taken, _) => return Err(self.taken()),
            (Verdict::Stands, found) => found.unwrap_or_default(),
            (Verdict::Write(mark), _) => {
                self.put_mark(&mark)?;
                mark
            }
        };
        self.claim.set(mark, ());
        self.sweep()
    }

    /// Says that the first run is over.
    ///
    /// # Errors
    /// [`PublishError::Disk`]; the mark runs out by itself then.
    pub fn settle(&self) -> Result<(), PublishError> {
        let Held { mark: Some(mark), unsettled: Some(()), lost: false } = self.claim.get() else { return Ok(()) };
        let _lock = self.lock()?;
        self.check_claim()?;
        let mark = mark.settled();
        self.put_mark(&mark)?;
        self.claim.set(mark, ());
        Ok(())
    }

    /// Whether another state, or a later run of this one, took the folder over.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.claim.get().lost
    }

    /// Looks once more, before anything is changed.
    pub(super) fn check_claim(&self) -> Result<(), PublishError> {
        let Some(own) = self.claim.get().mark else { return Ok(()) };
        // one that somebody deleted is made again by the next run
        if self.mark()?.is_some_and(|mark| !mark.is_of(&own)) {
            self.claim.lose();
            return Err(self.taken());
        }
        Ok(())
    }

    fn taken(&self) -> PublishError {
        PublishError::Taken { target: self.name.clone(), mark: self.mark_place().display().to_string() }
    }

    fn mark_place(&self) -> PathBuf {
        self.root.join(PLACE)
    }

    /// Keeps other claimants off until it is dropped, where the file system has locks.
    fn lock(&self) -> Result<File, PublishError> {
        let place = self.mark_place();
        let parent = place.parent().unwrap_or(&self.root);
        fs::create_dir_all(parent).map_err(|error| PublishError::disk("make the folder", parent, error))?;
        let folder = File::open(parent).map_err(|error| PublishError::disk("open the folder", parent, error))?;
        let _ = folder.lock();
        Ok(folder)
    }

    fn mark(&self) -> Result<Option<Mark>, PublishError> {
        let place = self.mark_place();
        match fs::read(&place) {
            Ok(bytes) => Ok(Some(Mark::read(&bytes))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(PublishError::disk("read", &place, error)),
        }
    }

    /// Replaces the mark whole.
    fn put_mark(&self, mark: &Mark) -> Result<(), PublishError> {
        let place = self.mark_place();
        let next = place.with_extension("new");
        let failed = |error| PublishError::disk("write", &place, error);
        let mut file = File::create(&next).map_err(failed)?;
        file.write_all(&mark.bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
        fs::rename(&next, &place).map_err(failed)?;
        sync_folder(place.parent().unwrap_or(&self.root))
    }
}
