//! Where releases go: staged first, then put in place all at once, only what changed.

mod bucket;
mod claim;
mod folder;
mod growing;
mod staged;

use std::error::Error;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};

pub use bucket::Bucket;
pub use claim::Claimant;
pub use folder::Folder;
pub use staged::{Draft, Staged};

/// Why a release could not be put in place. The files that were there before stay.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error("cannot {action} {}: {source}{}", path.display(), advice(source))]
    Disk { action: &'static str, path: PathBuf, source: io::Error },
    #[error("{path:?} is no path inside the published folder; nothing was written")]
    Outside { path: String },
    #[error("{path} could not be made: {source}")]
    Content { path: String, source: Box<dyn Error + Send + Sync> },
    #[error("cannot {action} {place}: {cause}{advice}")]
    Bucket { action: &'static str, place: String, cause: String, advice: &'static str },
    #[error(
        "another state publishes to {target}: give each state its own folder there, or delete {mark} if this one shall \
         go on in its place"
    )]
    Taken { target: String, mark: String },
    /// The target failed before in this run; the words are those of that failure.
    #[error("{0}")]
    GivenUp(String),
}

impl PublishError {
    fn disk(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Disk { action, path: path.to_owned(), source }
    }
}

/// What somebody can do about a failure of the disk.
fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "; give the user that feedmill runs as write access to it",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "; free some space and run again",
        io::ErrorKind::ReadOnlyFilesystem => "; publish to a folder on a writable disk",
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => "; publish.to must name a folder",
        io::ErrorKind::IsADirectory => "; move the folder of that name away",
        _ => "",
    }
}

/// What a release changed, in the order in which it was put in place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Committed {
    pub written: Vec<String>,
    /// Files that held the same bytes already and were not touched.
    pub unchanged: Vec<String>,
}

/// A place that releases go to. Paths are relative to it and use slashes.
#[derive(Debug)]
pub enum Target {
    Folder(Arc<Folder>),
    Bucket(Bucket),
    /// One that could not be opened: it keeps its own releases back and nothing else.
    Closed {
        name: String,
        trouble: String,
    },
}

impl Target {
    /// Writes a file's new bytes to the disk: beside the old ones, or to be put into a bucket.
    ///
    /// # Errors
    ///
    /// [`PublishError`], where `write` or the target fails.
    pub fn stage<E, F>(&self, path: &str, write: F) -> Result<Staged, PublishError>
    where
        E: Error + Send + Sync + 'static,
        F: FnOnce(&mut dyn Write) -> Result<(), E>,
    {
        self.draft(path)?.write(write)
    }

    /// A file that shall stand at `path`, not written yet.
    ///
    /// # Errors
    ///
    /// [`PublishError`], where the disk or the target refuses.
    pub fn draft(&self, path: &str) -> Result<Draft, PublishError> {
        match self {
            Self::Folder(folder) => folder.draft(path),
            Self::Bucket(bucket) => bucket.draft(path),
            Self::Closed { trouble, .. } => Err(given_up(trouble)),
        }
    }

    /// What it is known by, as configured.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Folder(folder) => folder.name(),
            Self::Bucket(bucket) => bucket.name(),
            Self::Closed { name, .. } => name,
        }
    }

    /// Why nothing can be published there in this run, as far as it is known.
    #[must_use]
    pub fn trouble(&self) -> Option<&str> {
        match self {
            Self::Folder(_) => None,
            Self::Bucket(bucket) => bucket.trouble(),
            Self::Closed { trouble, .. } => Some(trouble),
        }
    }

    /// Marks the target as a state's, or finds that it is.
    ///
    /// # Errors
    ///
    /// [`PublishError::Taken`] where another state publishes there; else the target does not answer.
    pub async fn claim(&self, claimant: Claimant, now: DateTime<Utc>) -> Result<(), PublishError> {
        match self {
            Self::Folder(folder) => {
                let folder = Arc::clone(folder);
                off_thread(move || folder.claim(claimant, now)).await
            }
            Self::Bucket(bucket) => bucket.claim(claimant, now).await,
            Self::Closed { trouble, .. } => Err(given_up(trouble)),
        }
    }

    /// Says that the first run of its state is over.
    ///
    /// # Errors
    ///
    /// [`PublishError`], where the target does not answer; the mark runs out by itself then.
    pub async fn settle(&self) -> Result<(), PublishError> {
        match self {
            Self::Folder(folder) => {
                let folder = Arc::clone(folder);
                off_thread(move || folder.settle()).await
            }
            Self::Bucket(bucket) => bucket.settle().await,
            Self::Closed { .. } => Ok(()),
        }
    }

    /// Whether another state, or a later run of this one, took the target over.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        match self {
            Self::Folder(folder) => folder.is_lost(),
            Self::Bucket(bucket) => bucket.is_lost(),
            Self::Closed { .. } => false,
        }
    }

    /// Whether the target holds a file as it was put there.
    ///
    /// A folder tells by the length; a bucket is asked once in a while and believed in between.
    ///
    /// # Errors
    ///
    /// [`PublishError`], where the target does not answer.
    pub async fn holds(&self, path: &str, (hash, size): (u128, u64)) -> Result<bool, PublishError> {
        match self {
            Self::Folder(folder) => folder.holds(path, size),
            Self::Bucket(bucket) => bucket.holds(path, hash).await,
            Self::Closed { trouble, .. } => Err(given_up(trouble)),
        }
    }

    /// Puts staged files in place, in the order given; those that hold the same bytes stay as they are.
    ///
    /// # Errors
    ///
    /// [`PublishError`]; files not yet in place stay as they were.
    pub async fn commit(&self, staged: Vec<Staged>) -> Result<Committed, PublishError> {
        match self {
            Self::Folder(folder) => {
                let folder = Arc::clone(folder);
                off_thread(move || folder.commit(staged)).await
            }
            Self::Bucket(bucket) => bucket.commit(staged).await,
            Self::Closed { trouble, .. } => Err(given_up(trouble)),
        }
    }

    /// The bytes of a published file; `None` where there is none.
    ///
    /// # Errors
    ///
    /// [`PublishError`], where the target does not answer.
    pub async fn read(&self, path: &str) -> Result<Option<Bytes>, PublishError> {
        match self {
            Self::Folder(folder) => {
                let (folder, path) = (Arc::clone(folder), path.to_owned());
                off_thread(move || folder.read(&path)).await
            }
            Self::Bucket(bucket) => bucket.read(path).await,
            Self::Closed { trouble, .. } => Err(given_up(trouble)),
        }
    }

    /// All published files, sorted.
    ///
    /// # Errors
    ///
    /// [`PublishError`], where the target does not answer.
    pub async fn list(&self) -> Result<Vec<String>, PublishError> {
        match self {
            Self::Folder(folder) => {
                let folder = Arc::clone(folder);
                off_thread(move || folder.list()).await
            }
            Self::Bucket(bucket) => bucket.list().await,
            Self::Closed { trouble, .. } => Err(given_up(trouble)),
        }
    }

    /// Deletes a published file; false where there is none.
    ///
    /// # Errors
    ///
    /// [`PublishError`], where the target does not answer.
    pub async fn remove(&self, path: &str) -> Result<bool, PublishError> {
        match self {
            Self::Folder(folder) => {
                let (folder, path) = (Arc::clone(folder), path.to_owned());
                off_thread(move || folder.remove(&path)).await
            }
            Self::Bucket(bucket) => bucket.remove(path).await,
            Self::Closed { trouble, .. } => Err(given_up(trouble)),
        }
    }
}

fn given_up(trouble: &str) -> PublishError {
    PublishError::GivenUp(trouble.to_owned())
}

/// Work on the disk, away from the threads that wait for networks.
async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PublishError> + Send + 'static,
) -> Result<T, PublishError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(PublishError::GivenUp(format!("a fault in the program: {error}"))))
}

#[cfg(test)]
mod tests;
