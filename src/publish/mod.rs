//! Where releases go: staged first, then put in place all at once, only what changed.

mod folder;
mod staged;

use std::error::Error;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;

pub use folder::Folder;
pub use staged::Staged;

/// Why a release could not be put in place. The files that were there before stay.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error("cannot {action} {}: {source}{}", path.display(), advice(source))]
    Disk { action: &'static str, path: PathBuf, source: io::Error },
    #[error("{path:?} is no path inside the published folder; nothing was written")]
    Outside { path: String },
    #[error("{path} could not be made: {source}")]
    Content { path: String, source: Box<dyn Error + Send + Sync> },
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
    Folder(Folder),
}

impl Target {
    /// Writes a file's new bytes beside the old ones.
    ///
    /// # Errors
    ///
    /// [`PublishError`], where `write` or the target fails.
    pub fn stage<E, F>(&self, path: &str, write: F) -> Result<Staged, PublishError>
    where
        E: Error + Send + Sync + 'static,
        F: FnOnce(&mut dyn Write) -> Result<(), E>,
    {
        match self {
            Self::Folder(folder) => folder.stage(path, write),
        }
    }

    /// What it is known by, as configured.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Folder(folder) => folder.name(),
        }
    }

    /// The length of a published file; `None` where there is none.
    ///
    /// # Errors
    ///
    /// [`PublishError`], where the target does not answer.
    pub fn size_of(&self, path: &str) -> Result<Option<u64>, PublishError> {
        match self {
            Self::Folder(folder) => folder.size_of(path),
        }
    }

    /// Whether the target holds the staged bytes already.
    ///
    /// # Errors
    ///
    /// [`PublishError`], where the target does not answer.
    pub fn is_current(&self, staged: &Staged) -> Result<bool, PublishError> {
        match self {
            Self::Folder(folder) => folder.is_current(staged),
        }
    }

    /// Puts staged files in place, in the order given; those that hold the same bytes stay as they are.
    ///
    /// # Errors
    ///
    /// [`PublishError`]; files not yet in place stay as they were.
    pub fn commit(&self, staged: Vec<Staged>) -> Result<Committed, PublishError> {
        match self {
            Self::Folder(folder) => folder.commit(staged),
        }
    }

    /// The bytes of a published file; `None` where there is none.
    ///
    /// # Errors
    ///
    /// [`PublishError`], where the target does not answer.
    pub fn read(&self, path: &str) -> Result<Option<Bytes>, PublishError> {
        match self {
            Self::Folder(folder) => folder.read(path),
        }
    }

    /// All published files, sorted.
    ///
    /// # Errors
    ///
    /// [`PublishError`], where the target does not answer.
    pub fn list(&self) -> Result<Vec<String>, PublishError> {
        match self {
            Self::Folder(folder) => folder.list(),
        }
    }

    /// Deletes a published file; false where there is none.
    ///
    /// # Errors
    ///
    /// [`PublishError`], where the target does not answer.
    pub fn remove(&self, path: &str) -> Result<bool, PublishError> {
        match self {
            Self::Folder(folder) => folder.remove(path),
        }
    }
}

#[cfg(test)]
mod tests;
