//! A file's new bytes, written but not yet in place.

use std::error::Error;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use bytes::Bytes;
use tempfile::{NamedTempFile, TempPath};
use xxhash_rust::xxh3::Xxh3;

use super::PublishError;

/// A staged file; dropped before it is committed, it leaves nothing behind.
#[derive(Debug)]
pub struct Staged {
    pub(super) path: String,
    pub(super) temp: TempPath,
    pub(super) hash: u128,
    pub(super) size: u64,
}

impl Staged {
    /// Writes what will stand at `path` into a temporary file; `shown` is what errors of the disk name.
    pub(super) fn write<E, F>(path: &str, (temp, shown): (NamedTempFile, &Path), write: F) -> Result<Self, PublishError>
    where
        E: Error + Send + Sync + 'static,
        F: FnOnce(&mut dyn Write) -> Result<(), E>,
    {
        let (file, temp) = temp.into_parts();
        let mut writer = HashingWriter::new(file);
        let mut buffered = BufWriter::with_capacity(64 * 1024, &mut writer);
        let outcome = write(&mut buffered);
        let flushed = buffered.flush();
        // a failed buffer must not try once more when it is dropped
        drop(buffered.into_parts());
        if let Some(error) = writer.take_failure() {
            return Err(PublishError::disk("write", shown, error));
        }
        outcome.map_err(|error| PublishError::Content { path: path.to_owned(), source: error.into() })?;
        flushed.map_err(|error| PublishError::disk("write", shown, error))?;
        let (hash, size) = writer.digest();
        Ok(Self { path: path.to_owned(), temp, hash, size })
    }

    /// Where it will stand, relative to the target.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// XXH3-128 of its bytes.
    #[must_use]
    pub const fn hash(&self) -> u128 {
        self.hash
    }

    /// Its length in bytes.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Reads it back from the disk, from its beginning.
    ///
    /// # Errors
    ///
    /// [`PublishError::Disk`] where it cannot be read.
    pub fn reader(&self) -> Result<File, PublishError> {
        File::open(&self.temp).map_err(|error| PublishError::disk("read back", &self.temp, error))
    }

    /// Reads it back from the disk.
    ///
    /// # Errors
    ///
    /// [`PublishError::Disk`] where it cannot be read.
    pub fn bytes(&self) -> Result<Bytes, PublishError> {
        let bytes = std::fs::read(&self.temp).map_err(|error| PublishError::disk("read back", &self.temp, error))?;
        Ok(bytes.into())
    }
}

/// Counts and hashes what passes through, and keeps the disk's own error for the report.
struct HashingWriter<W> {
    inner: W,
    hash: Xxh3,
    size: u64,
    failure: Option<io::Error>,
}

impl<W: Write> HashingWriter<W> {
    fn new(inner: W) -> Self {
        Self { inner, hash: Xxh3::new(), size: 0, failure: None }
    }

    /// The hash and the length of what was written.
    fn digest(&self) -> (u128, u64) {
        (self.hash.digest128(), self.size)
    }

    /// The first error of the disk.
    fn take_failure(&mut self) -> Option<io::Error> {
        self.failure.take()
    }
}

impl<W: Write> Write for HashingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.inner.write(bytes) {
            Ok(written) => {
                self.hash.update(&bytes[..written]);
                self.size += written as u64;
                Ok(written)
            }
            Err(error) => {
                if error.kind() != io::ErrorKind::Interrupted && self.failure.is_none() {
                    self.failure = Some(match error.raw_os_error() {
                        Some(code) => io::Error::from_raw_os_error(code),
                        None => error.kind().into(),
                    });
                }
                Err(error)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
