//! A place in a bucket as target: S3, Google Cloud Storage, Azure.
//!
//! Every object carries the hash of its content, so that what is there already is never put again.
//! Writes are conditional: an object that somebody else changed in the meantime is not overwritten.

mod claim;
mod headers;

use std::fmt;
use std::io::Read as _;
use std::path::Component;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use object_store::path::Path;
use object_store::{
    Attribute, Error, GetOptions, ObjectMeta, ObjectStore, ObjectStoreExt as _, PutMode, PutOptions, PutResult,
    UpdateVersion,
};

use super::claim::Claim;
use super::{Committed, Draft, PublishError, Staged};
use crate::model::{bucket_advice, bucket_cause};

/// Objects that are looked at in the same moment.
const LOOKS: usize = 8;

/// A place in a bucket that releases go to; nothing outside it is ever read or written.
pub struct Bucket {
    /// As configured: `s3://bucket/prefix`.
    name: String,
    objects: Arc<dyn ObjectStore>,
    prefix: Path,
    /// Whether objects are packed.
    gzip: bool,
    claim: Claim<UpdateVersion>,
    /// Whether this run asks the bucket what it holds, instead of believing what was recorded.
    looks: AtomicBool,
    /// Why it is given up for this run: a bucket that is down costs its time-outs once.
    trouble: OnceLock<String>,
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bucket").field("name", &self.name).field("gzip", &self.gzip).finish_non_exhaustive()
    }
}

/// An object as it stands in the bucket.
struct Standing {
    version: UpdateVersion,
    /// What its metadata says of its content.
    tag: Option<String>,
}

impl Bucket {
    /// A place in a bucket; `name` is its address, `prefix` its path within.
    ///
    /// # Errors
    /// [`PublishError::Outside`] for a prefix that no object can have.
    pub fn new(name: String, objects: Arc<dyn ObjectStore>, prefix: &str) -> Result<Self, PublishError> {
        let prefix = Path::parse(prefix).map_err(|_| PublishError::Outside { path: prefix.to_owned() })?;
        Ok(Self {
            name,
            objects,
            prefix,
            gzip: false,
            claim: Claim::default(),
            looks: AtomicBool::new(false),
            trouble: OnceLock::new(),
        })
    }

    /// Packs what is put from now on.
    #[must_use]
    pub fn packed(self, gzip: bool) -> Self {
        Self { gzip, ..self }
    }

    /// What it is known by, as configured.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Has this run ask the bucket what it holds.
    pub fn look(&self) {
        self.looks.store(true, Ordering::Relaxed);
    }

    /// Whether this run asked the bucket what it holds.
    #[must_use]
    pub fn is_looked_at(&self) -> bool {
        self.looks.load(Ordering::Relaxed)
    }

    /// Why it was given up in this run.
    #[must_use]
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.get().map(String::as_str)
    }

    /// A file on the local disk, to be put at `path`.
    ///
    /// # Errors
    /// [`PublishError::Disk`] where the disk refuses, [`PublishError::Outside`] for a path that is no object's.
    pub fn draft(&self, path: &str) -> Result<Draft, PublishError> {
        self.is_up()?;
        self.place(path)?;
        let folder = std::env::temp_dir();
        let temp = tempfile::Builder::new()
            .prefix(".feedmill-")
            .tempfile_in(&folder)
            .map_err(|error| PublishError::disk("write in", &folder, error))?;
        Ok(Draft { path: path.to_owned(), temp, shown: folder })
    }

    /// Whether the bucket holds this content; as recorded, unless this run looks.
    ///
    /// # Errors
    /// [`PublishError::Bucket`] where it does not answer.
    pub async fn holds(&self, path: &str, hash: u128) -> Result<bool, PublishError> {
        if !self.looks.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let standing = self.standing(path).await?;
        Ok(standing.and_then(|standing| standing.tag).is_some_and(|tag| tag == headers::tag(hash, self.gzip)))
    }

    /// Puts staged files in place, in the order given; what is there already is not put.
    ///
    /// # Errors
    /// [`PublishError::Bucket`]; files not yet in place stay as they were.
    /// [`PublishError::Taken`] where another state publishes there.
    pub async fn commit(&self, staged: Vec<Staged>) -> Result<Committed, PublishError> {
        self.is_up()?;
        self.check_claim().await?;
        let looks = stream::iter(staged.iter().map(|one| self.standing(&one.path)));
        let standing: Vec<Option<Standing>> = looks.buffered(LOOKS).try_collect().await?;
        let mut committed = Committed::default();
        for (staged, standing) in staged.into_iter().zip(standing) {
            let tag = headers::tag(staged.hash, self.gzip);
            if standing.as_ref().is_some_and(|standing| standing.tag.as_ref() == Some(&tag)) {
                committed.unchanged.push(staged.path);
            } else {
                committed.written.push(self.put(staged, (tag, standing)).await?);
            }
        }
        Ok(committed)
    }

    /// The bytes of a published file; `None` where there is none.
    ///
    /// # Errors
    /// [`PublishError::Bucket`] where it does not answer.
    pub async fn read(&self, path: &str) -> Result<Option<Bytes>, PublishError> {
        self.is_up()?;
        let failed = |error: Error| self.failed("read", path, &error);
        let found = match self.objects.get_opts(&self.place(path)?, GetOptions::default()).await {
            Ok(found) => found,
            Err(Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let is_packed = found.attributes.get(&Attribute::ContentEncoding).is_some_and(|value| value.as_ref() == "gzip");
        let bytes = found.bytes().await.map_err(failed)?;
        // some stores unpack by themselves
        if !is_packed || !bytes.starts_with(&[0x1f, 0x8b]) {
            return Ok(Some(bytes));
        }
        let mut unpacked = Vec::new();
        GzDecoder::new(&bytes[..])
            .read_to_end(&mut unpacked)
            .map_err(|error| PublishError::Content { path: path.to_owned(), source: error.into() })?;
        Ok(Some(unpacked.into()))
    }

    /// All published files, sorted; hidden ones are none of ours.
    ///
    /// # Errors
    /// [`PublishError::Bucket`] where it does not answer.
    pub async fn list(&self) -> Result<Vec<String>, PublishError> {
        self.is_up()?;
        let mut listed = self.objects.list(Some(&self.prefix));
        let mut paths = Vec::new();
        while let Some(found) = listed.next().await {
            let found = found.map_err(|error| self.failed("list", "", &error))?;
            let Some(parts) = found.location.prefix_match(&self.prefix) else { continue };
            let path = parts.map(|part| part.as_ref().to_owned()).collect::<Vec<_>>().join("/");
            if !path.split('/').any(|part| part.starts_with('.')) {
                paths.push(path);
            }
        }
        paths.sort_unstable();
        Ok(paths)
    }

    /// Deletes a published file; false where there is none.
    ///
    /// # Errors
    /// [`PublishError::Bucket`] where it does not answer.
    pub async fn remove(&self, path: &str) -> Result<bool, PublishError> {
        self.is_up()?;
        if self.standing(path).await?.is_none() {
            return Ok(false);
        }
        match self.objects.delete(&self.place(path)?).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(true),
            Err(error) => Err(self.failed("remove", path, &error)),
        }
    }

    /// Puts an object under a condition; without it where the operator has switched conditions off.
    async fn put_object(&self, place: &Path, bytes: Bytes, options: PutOptions) -> object_store::Result<PutResult> {
        match self.objects.put_opts(place, bytes.clone().into(), options.clone()).await {
            Err(Error::NotImplemented { .. }) => {
                let options = PutOptions { mode: PutMode::Overwrite, ..options };
                self.objects.put_opts(place, bytes.into(), options).await
            }
            result => result,
        }
    }

    async fn put(&self, staged: Staged, (tag, standing): (String, Option<Standing>)) -> Result<String, PublishError> {
        let path = staged.path.clone();
        let place = self.place(&path)?;
        let gzip = self.gzip;
        // one file at a time is in memory
        let bytes = super::off_thread(move || if gzip { packed(&staged) } else { staged.bytes() }).await?;
        let mode = match standing {
            Some(standing) => PutMode::Update(standing.version),
            None => PutMode::Create,
        };
        let attributes = headers::attributes(&path, tag.clone());
        let options = PutOptions { mode, attributes, ..PutOptions::default() };
        let result = self.put_object(&place, bytes, options).await;
        let Err(error) = result else { return Ok(path) };
        // maybe only the answer was lost; an object that is there with our content is what was wanted
        match self.standing(&path).await? {
            Some(standing) if standing.tag == Some(tag) => Ok(path),
            _ => Err(self.failed("put", &path, &error)),
        }
    }

    async fn standing(&self, path: &str) -> Result<Option<Standing>, PublishError> {
        self.is_up()?;
        let options = GetOptions { head: true, ..GetOptions::default() };
        match self.objects.get_opts(&self.place(path)?, options).await {
            Ok(found) => {
                let tag = found.attributes.get(&Attribute::Metadata(headers::HASH.into()));
                let tag = tag.map(|tag| tag.as_ref().to_owned());
                Ok(Some(Standing { version: version(&found.meta), tag }))
            }
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.failed("look at", path, &error)),
        }
    }

    /// The place of a relative path, which must not lead out of the prefix.
    fn place(&self, path: &str) -> Result<Path, PublishError> {
        let outside = || PublishError::Outside { path: path.to_owned() };
        let is_plain = std::path::Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        if path.is_empty() || !is_plain || path.contains(['\\', '\0']) {
            return Err(outside());
        }
        let below = Path::parse(path).map_err(|_| outside())?;
        Ok(self.prefix.parts().chain(below.parts()).collect())
    }

    fn is_up(&self) -> Result<(), PublishError> {
        self.trouble().map_or(Ok(()), |trouble| Err(PublishError::GivenUp(trouble.to_owned())))
    }

    /// Gives the bucket up for this run.
    fn failed(&self, action: &'static str, path: &str, error: &Error) -> PublishError {
        let place = if path.is_empty() { self.name.clone() } else { format!("{}/{path}", self.name) };
        let failure = PublishError::Bucket { action, place, cause: bucket_cause(error), advice: bucket_advice(error) };
        let _ = self.trouble.set(failure.to_string());
        failure
    }
}

/// What a later write of the object must replace.
fn version(meta: &ObjectMeta) -> UpdateVersion {
    UpdateVersion { e_tag: meta.e_tag.clone(), version: meta.version.clone() }
}

/// The staged file, packed; the same bytes for the same content.
fn packed(staged: &Staged) -> Result<Bytes, PublishError> {
    let mut file = staged.reader()?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    std::io::copy(&mut file, &mut encoder)
        .and_then(|_| encoder.finish())
        .map(Bytes::from)
        .map_err(|error| PublishError::disk("read back", &staged.temp, error))
}

#[cfg(test)]
mod tests;
