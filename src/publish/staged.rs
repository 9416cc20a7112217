//! A file's new bytes, written but not yet in place.

use std::error::Error;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::PathBuf;
use std::{panic, thread};

use bytes::Bytes;
use tempfile::{NamedTempFile, TempPath};
use xxhash_rust::xxh3::Xxh3;

use super::PublishError;
use super::growing::{Growing, Growth};

/// A staged file; dropped before it is committed, it leaves nothing behind.
#[derive(Debug)]
pub struct Staged {
    pub(super) path: String,
    pub(super) temp: TempPath,
    pub(super) hash: u128,
    pub(super) size: u64,
}

/// A file that is to be written.
#[derive(Debug)]
pub struct Draft {
    pub(super) path: String,
    pub(super) temp: NamedTempFile,
    /// What errors of the disk name.
    pub(super) shown: PathBuf,
}

impl Draft {
    /// Writes the file's bytes.
    ///
    /// # Errors
    ///
    /// [`PublishError::Content`] where `write` fails, [`PublishError::Disk`] where the disk does.
    pub fn write<E>(self, write: impl FnOnce(&mut dyn Write) -> Result<(), E>) -> Result<Staged, PublishError>
    where
        E: Error + Send + Sync + 'static,
    {
        self.write_growing(&Growth::default(), write)
    }

    /// Writes as [`write`](Self::write) does; `read` reads the file back from the disk meanwhile, from its
    /// beginning to its end. What it answers counts only where the file could be written.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write).
    pub fn write_read<E, T: Send>(
        self,
        write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
        read: impl FnOnce(&mut dyn Read) -> T + Send,
    ) -> Result<(Staged, T), PublishError>
    where
        E: Error + Send + Sync + 'static,
    {
        let file = self.temp.reopen().map_err(|error| PublishError::disk("read back", &self.shown, error))?;
        let growth = Growth::default();
        thread::scope(|scope| {
            let reading = thread::Builder::new().spawn_scoped(scope, || read(&mut Growing::new(file, &growth)));
            let reading = reading.map_err(|error| PublishError::disk("read back", &self.shown, error))?;
            let written = self.write_growing(&growth, write);
            let read = reading.join().unwrap_or_else(|fault| panic::resume_unwind(fault));
            Ok((written?, read))
        })
    }

    fn write_growing<E>(
        self,
        growth: &Growth,
        write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
    ) -> Result<Staged, PublishError>
    where
        E: Error + Send + Sync + 'static,
    {
        // whatever comes of it, who reads meanwhile hears of the end
        let _end = growth.ends();
        let Self { path, temp, shown } = self;
        let (file, temp) = temp.into_parts();
        let mut writer = HashingWriter::new(file, growth);
        let mut buffered = BufWriter::with_capacity(64 * 1024, &mut writer);
        let outcome = write(&mut buffered);
        let flushed = buffered.flush();
        // a failed buffer must not try once more when it is dropped
        drop(buffered.into_parts());
        if let Some(error) = writer.take_failure() {
            return Err(PublishError::disk("write", &shown, error));
        }
        if let Err(error) = outcome {
            return Err(PublishError::Content { path, source: error.into() });
        }
        flushed.map_err(|error| PublishError::disk("write", &shown, error))?;
        let (hash, size) = writer.digest();
        Ok(Staged { path, temp, hash, size })
    }
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
struct HashingWriter<'g, W> {
    inner: W,
    growth: &'g Growth,
    hash: Xxh3,
    size: u64,
    failure: Option<io::Error>,
}

impl<'g, W: Write> HashingWriter<'g, W> {
    fn new(inner: W, growth: &'g Growth) -> Self {
        Self { inner, growth, hash: Xxh3::new(), size: 0, failure: None }
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

impl<W: Write> Write for HashingWriter<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.inner.write(bytes) {
            Ok(written) => {
                self.hash.update(&bytes[..written]);
                self.size += written as u64;
                self.growth.reaches(self.size);
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
