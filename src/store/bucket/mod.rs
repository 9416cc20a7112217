//! State as an object in a bucket: taken at the start of a run, put back at its end.
//!
//! The object is the `SQLite` file as it is. A lease beside it keeps a second run out, and the object
//! is only put back over the version that was taken. Both rest on conditional writes, which not every
//! store honours: that is tried out at every start.

mod lease;

use std::path::{Path as FilePath, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use futures_util::StreamExt as _;
use object_store::path::Path;
use object_store::{
    Error, GetOptions, ObjectMeta, ObjectStore, ObjectStoreExt as _, PutMode, PutPayload, UpdateVersion,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::SqliteStore;
use crate::model::{bucket_advice, bucket_cause};
pub use lease::{Clock, Lease};

/// What is read from the local disk in one piece.
const PIECE: usize = 1 << 20;

/// How often the state is put back, or its lease asked for, before the run gives up.
const ATTEMPTS: u32 = 3;

/// Why the state in a bucket cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BucketError {
    /// Another run holds the lease.
    #[error("another run holds the state {state} ({owner}); its lease ends at {until} unless it is renewed")]
    Held { state: String, owner: String, until: String },
    /// The lease went to another run: this one slept longer than it lasts.
    #[error("another run took the state {state} over, since this one did not renew its lease; nothing was put back")]
    Lost { state: String },
    /// The object is not the one that was taken, though the lease is held.
    #[error("the state {state} was put there by somebody else while it was worked with; nothing was put back over it")]
    Changed { state: String },
    /// The store overwrites where it was told not to.
    #[error(
        "the store behind {state} ignores conditional writes ({what}), so two runs would overwrite each other's state: \
         keep the state in a file, or in a bucket of a store that honours If-None-Match and If-Match (AWS S3, Google \
         Cloud Storage, Azure, Cloudflare R2, MinIO)"
    )]
    Unconditional { state: String, what: &'static str },
    /// The store failed.
    #[error("cannot {action} the state {state}: {cause}{advice}")]
    Store { action: &'static str, state: String, cause: String, advice: &'static str },
    /// The local copy failed.
    #[error("cannot {action} the local copy of the state {}: {error}", path.display())]
    Disk { action: &'static str, path: PathBuf, error: std::io::Error },
}

/// An object that holds a state.
#[derive(Clone, Debug)]
pub struct BucketState {
    /// Its address, as configured.
    name: String,
    objects: Arc<dyn ObjectStore>,
    place: Path,
}

/// The state on the local disk, for one run; gone with the value.
#[derive(Debug)]
pub struct WorkingCopy {
    folder: tempfile::TempDir,
    /// What it was taken from, or last put as; `None` where there was no object.
    version: Mutex<Option<UpdateVersion>>,
}

impl WorkingCopy {
    /// The file; there is none where there was no object.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("feedmill.db")
    }

    fn version(&self) -> MutexGuard<'_, Option<UpdateVersion>> {
        self.version.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl BucketState {
    /// `name` is the object's address, `path` its path within the bucket.
    ///
    /// # Errors
    /// [`BucketError::Store`] for a path that no object can have.
    pub fn new(name: String, objects: Arc<dyn ObjectStore>, path: &str) -> Result<Self, BucketError> {
        match Path::parse(path) {
            Ok(place) => Ok(Self { name, objects, place }),
            Err(error) => Err(BucketError::Store {
                action: "find",
                state: name,
                cause: error.to_string(),
                advice: "; mend its address in the config",
            }),
        }
    }

    /// Copies the state to the temporary folder of the machine.
    ///
    /// # Errors
    /// [`BucketError::Store`] and [`BucketError::Disk`].
    pub async fn take(&self) -> Result<WorkingCopy, BucketError> {
        let temporary = std::env::temp_dir();
        let disk = |action| move |error| BucketError::Disk { action, path: std::env::temp_dir(), error };
        let folder = tempfile::Builder::new().prefix("feedmill-state-").tempdir_in(&temporary).map_err(disk("make"))?;
        let copy = WorkingCopy { folder, version: Mutex::default() };
        let found = match self.objects.get_opts(&self.place, GetOptions::default()).await {
            Ok(found) => found,
            Err(Error::NotFound { .. }) => return Ok(copy),
            Err(error) => return Err(self.failed("read", &error)),
        };
        *copy.version() = Some(version(&found.meta));
        #[expect(clippy::disallowed_methods, reason = "a working copy: half of one is thrown away")]
        let mut file = tokio::fs::File::create(copy.path()).await.map_err(disk("write"))?;
        let mut pieces = found.into_stream();
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(|error| self.failed("read", &error))?;
            file.write_all(&piece).await.map_err(disk("write"))?;
        }
        file.flush().await.map_err(disk("write"))?;
        Ok(copy)
    }

    /// Puts the state, which is open, back as it is now, so that the next run knows it whatever becomes of this one.
    ///
    /// # Errors
    /// As [`put_back`](Self::put_back).
    pub async fn keep(&self, copy: &WorkingCopy, lease: &Lease) -> Result<(), BucketError> {
        let (from, to) = (copy.path(), copy.folder.path().join("kept.db"));
        let place = to.clone();
        let copied = tokio::task::spawn_blocking(move || SqliteStore::copy(&from, &to)).await;
        let copied = copied.map_err(std::io::Error::other).and_then(|copied| copied.map_err(std::io::Error::other));
        let disk = |error| BucketError::Disk { action: "make", path: place.clone(), error };
        copied.map_err(disk)?;
        let outcome = self.put(copy, &place, lease).await;
        // else it is overwritten by the next, and goes with the folder
        let _ = tokio::fs::remove_file(&place).await;
        outcome
    }

    /// Puts the state back over the version that was taken, and gives the lease up.
    ///
    /// The whole file is in memory while it is put.
    ///
    /// # Errors
    /// [`BucketError::Lost`] where another run was faster, [`BucketError::Changed`] where somebody else was:
    /// what stands there stays.
    pub async fn put_back(&self, copy: WorkingCopy, lease: Lease) -> Result<(), BucketError> {
        let outcome = self.put(&copy, &copy.path(), &lease).await;
        lease.give_up().await;
        outcome
    }

    async fn put(&self, copy: &WorkingCopy, file: &FilePath, lease: &Lease) -> Result<(), BucketError> {
        let payload = read(file).await?;
        let taken = copy.version().clone();
        let size = payload.content_length() as u64;
        let mut attempt = 1;
        loop {
            if lease.is_lost() {
                return Err(self.lost());
            }
            let mode = match taken.clone() {
                Some(version) => PutMode::Update(version),
                None => PutMode::Create,
            };
            let error = match self.objects.put_opts(&self.place, payload.clone(), mode.into()).await {
                Ok(put) => {
                    *copy.version() = Some(put.into());
                    return Ok(());
                }
                Err(error) => error,
            };
            let standing = match self.objects.head(&self.place).await {
                Ok(meta) => Some(meta),
                Err(Error::NotFound { .. }) => None,
                Err(error) => return Err(self.failed("put back", &error)),
            };
            let version = standing.as_ref().map(version);
            if version != taken {
                // maybe only the answer was lost
                let is_ours = standing.is_some_and(|meta| meta.size == size) && self.is_ours(&payload).await;
                if is_ours {
                    *copy.version() = version;
                    return Ok(());
                }
                let changed = BucketError::Changed { state: self.name.clone() };
                return Err(if lease.is_lost() { self.lost() } else { changed });
            }
            if attempt == ATTEMPTS {
                return Err(self.failed("put back", &error));
            }
            attempt += 1;
        }
    }

    /// Whether the object holds these bytes.
    async fn is_ours(&self, payload: &PutPayload) -> bool {
        let Ok(found) = self.objects.get(&self.place).await else { return false };
        found.bytes().await.is_ok_and(|bytes| bytes == Bytes::from(payload.clone()))
    }

    fn lost(&self) -> BucketError {
        BucketError::Lost { state: self.name.clone() }
    }

    fn failed(&self, action: &'static str, error: &Error) -> BucketError {
        let (cause, advice) = (bucket_cause(error), bucket_advice(error));
        BucketError::Store { action, state: self.name.clone(), cause, advice }
    }
}

/// What a later write of the object must replace.
fn version(meta: &ObjectMeta) -> UpdateVersion {
    UpdateVersion { e_tag: meta.e_tag.clone(), version: meta.version.clone() }
}

/// A file in pieces, so that it is in memory once.
async fn read(path: &FilePath) -> Result<PutPayload, BucketError> {
    let disk = |error| BucketError::Disk { action: "read", path: path.to_owned(), error };
    let mut file = tokio::fs::File::open(path).await.map_err(disk)?;
    let mut pieces = Vec::new();
    loop {
        let mut piece = Vec::with_capacity(PIECE);
        // a reader that ends after one piece
        let read = (&mut file).take(PIECE as u64).read_to_end(&mut piece).await.map_err(disk)?;
        if read == 0 {
            return Ok(pieces.into_iter().collect());
        }
        pieces.push(Bytes::from(piece));
    }
}

#[cfg(test)]
mod tests;
