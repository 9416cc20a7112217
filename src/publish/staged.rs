//! A file's new bytes, written but not yet in place.

use std::fs::File;
use std::io::{self, Write};

use bytes::Bytes;
use tempfile::TempPath;
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
pub(super) struct HashingWriter<W> {
    inner: W,
    hash: Xxh3,
    size: u64,
    failure: Option<io::Error>,
}

impl<W: Write> HashingWriter<W> {
    pub(super) fn new(inner: W) -> Self {
        Self { inner, hash: Xxh3::new(), size: 0, failure: None }
    }

    /// The hash and the length of what was written.
    pub(super) fn digest(&self) -> (u128, u64) {
        (self.hash.digest128(), self.size)
    }

    /// The first error of the disk.
    pub(super) fn take_failure(&mut self) -> Option<io::Error> {
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
