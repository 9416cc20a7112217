//! Addresses of places in buckets: `s3://bucket/prefix`, `gs://…`, `az://…`.

use std::fmt;

use super::reader::Refusal;

/// Whose object store a bucket is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cloud {
    /// S3, of Amazon or anybody else.
    S3,
    /// Google Cloud Storage.
    Google,
    /// Azure Blob Storage; a bucket is called container there.
    Azure,
}

impl Cloud {
    const ALL: [Self; 3] = [Self::S3, Self::Google, Self::Azure];

    const fn scheme(self) -> &'static str {
        match self {
            Self::S3 => "s3",
            Self::Google => "gs",
            Self::Azure => "az",
        }
    }
}

/// A place in a bucket. Who may use it says the environment, never the config.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BucketAddress {
    pub cloud: Cloud,
    pub bucket: String,
    /// The path within, without slashes around it; may be empty.
    pub path: String,
}

impl BucketAddress {
    /// Whether `other` lies at this place or below it.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        let is_below = match other.path.strip_prefix(&self.path) {
            Some(rest) => self.path.is_empty() || rest.is_empty() || rest.starts_with('/'),
            None => false,
        };
        self.cloud == other.cloud && self.bucket == other.bucket && is_below
    }
}

impl fmt::Display for BucketAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.cloud.scheme(), self.bucket)?;
        if self.path.is_empty() { Ok(()) } else { write!(f, "/{}", self.path) }
    }
}

/// Whether text is an address rather than a path of the local disk.
pub(super) fn is_address(text: &str) -> bool {
    text.contains("://")
}

/// The place in a bucket that an address names.
pub(super) fn bucket_address(text: &str) -> Result<BucketAddress, Refusal> {
    let example = "write s3://BUCKET/PATH, gs://BUCKET/PATH or az://CONTAINER/PATH, or a path of the local disk";
    let (scheme, rest) = text.split_once("://").unwrap_or_default();
    let Some(cloud) = Cloud::ALL.into_iter().find(|cloud| cloud.scheme() == scheme) else {
        return Err(Refusal::new("is neither a path of the local disk nor a place in a bucket").suggest(example));
    };
    let (bucket, path) = rest.split_once('/').unwrap_or((rest, ""));
    if bucket.contains('@') {
        // said in one breath: a value that may hold a password is shown without suggestions
        return Err(Refusal::new("names a user: credentials come from the environment, such as AWS_ACCESS_KEY_ID"));
    }
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if bucket.is_empty() || !bucket.chars().all(is_name) {
        return Err(Refusal::new("names no bucket").suggest(example));
    }
    let path = path.trim_end_matches('/');
    let is_part = |part: &str| !part.is_empty() && !part.starts_with('.') && part.chars().all(is_plain);
    if !path.is_empty() && !path.split('/').all(is_part) {
        let advice = "use letters, digits, `-`, `_`, `.` and `/`, and begin no part with a dot";
        return Err(Refusal::new("has a path that does not do as part of web addresses").suggest(advice));
    }
    Ok(BucketAddress { cloud, bucket: bucket.to_owned(), path: path.to_owned() })
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~' | '=' | '+')
}
